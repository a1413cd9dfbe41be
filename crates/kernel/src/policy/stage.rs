//! One rung of a ladder, and what it does to every hour.

use crate::limits::{Limits, Refusal, Rule};
use crate::time::SimDuration;

/// Minutes of an hour in which connections are throttled (450) and blocked (550); together at most 60.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes {
    pub(crate) throttle: u8,
    pub(crate) block: u8,
}

impl Minutes {
    /// Minutes of an hour.
    pub const HOUR: u8 = 60;
    /// Throttled minutes of an hour.
    pub const THROTTLE: Limits<i64> = Limits::new("throttle", 0, Self::HOUR as i64, " minutes");
    /// Blocked minutes of an hour.
    pub const BLOCK: Limits<i64> = Limits::new("block", 0, Self::HOUR as i64, " minutes");
    /// No restriction.
    pub const NONE: Minutes = Minutes { throttle: 0, block: 0 };
    /// Nothing is accepted.
    pub const ALL_BLOCKED: Minutes = Minutes { throttle: 0, block: Self::HOUR };

    /// So many throttled and so many blocked minutes.
    ///
    /// # Errors
    /// [`Rule::TooManyMinutes`] if an hour does not hold both.
    pub const fn new(throttle: u8, block: u8) -> Result<Self, Refusal> {
        if throttle as u16 + block as u16 > 60 {
            return Err(Refusal::of("block", Rule::TooManyMinutes { throttle, block }));
        }
        Ok(Minutes { throttle, block })
    }

    /// Throttled minutes per hour, 0 to 60.
    pub const fn throttle(self) -> u8 {
        self.throttle
    }

    /// Blocked minutes per hour, 0 to 60.
    pub const fn block(self) -> u8 {
        self.block
    }

    /// Whether any connection is refused.
    pub const fn restrict(self) -> bool {
        self.throttle > 0 || self.block > 0
    }
}

/// One rung of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub(crate) name: String,
    pub(crate) length: Option<SimDuration>,
    pub(crate) minutes: Minutes,
    pub(crate) silent: bool,
}

impl Stage {
    /// Days of a stage.
    pub const DAYS: Limits<i64> = Limits::new("days", 1, 36_500, " days");

    /// A stage that the tenant hears of.
    ///
    /// - `days`: its length on the clock; `None` for the last, open-ended stage.
    ///
    /// # Errors
    /// [`Rule::Range`] if `days` are less than 1 or more than 36,500.
    pub fn new(name: impl Into<String>, days: Option<i64>, minutes: Minutes) -> Result<Self, Refusal> {
        let days = days.map(|days| Self::DAYS.check(days)).transpose()?;
        Ok(Stage { name: name.into(), length: days.map(SimDuration::from_days), minutes, silent: false })
    }

    /// The stage, but the tenant hears nothing of it.
    ///
    /// # Errors
    /// If it throttles or blocks: then somebody would notice.
    pub fn silent(self) -> Result<Self, Refusal> {
        Self::check_silence(true, self.minutes)?;
        Ok(Stage { silent: true, ..self })
    }

    /// Name, unique within a ladder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Length on the clock; `None` for the last, open-ended stage.
    pub const fn length(&self) -> Option<SimDuration> {
        self.length
    }

    /// What the stage does.
    pub const fn minutes(&self) -> Minutes {
        self.minutes
    }

    /// Whether the tenant hears nothing of it: a silent stage acts like no enforcement at all, and only marks the time from
    /// which remediation is measured. This is how a study asks "and without enforcement?".
    pub const fn is_silent(&self) -> bool {
        self.silent
    }

    /// Another length.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn set_days(&mut self, days: i64) -> Result<(), Refusal> {
        self.length = Some(SimDuration::from_days(Self::DAYS.check(days)?));
        Ok(())
    }

    /// Another number of throttled minutes.
    ///
    /// # Errors
    /// If it is not 0 to 60, an hour does not hold both kinds of minutes, or the stage is silent and would not be any more.
    pub fn set_throttle(&mut self, minutes: i64) -> Result<(), Refusal> {
        let throttle = Minutes::THROTTLE.check(minutes)? as u8;
        self.set_minutes(Minutes::new(throttle, self.minutes.block)?)
    }

    /// Another number of blocked minutes.
    ///
    /// # Errors
    /// As [`set_throttle`](Self::set_throttle).
    pub fn set_block(&mut self, minutes: i64) -> Result<(), Refusal> {
        let block = Minutes::BLOCK.check(minutes)? as u8;
        self.set_minutes(Minutes::new(self.minutes.throttle, block)?)
    }

    fn set_minutes(&mut self, minutes: Minutes) -> Result<(), Refusal> {
        Self::check_silence(self.silent, minutes)?;
        self.minutes = minutes;
        Ok(())
    }

    fn check_silence(silent: bool, minutes: Minutes) -> Result<(), Refusal> {
        const RULE: Rule = Rule::Broken("a silent stage cannot throttle or block: nobody is to notice it");
        if silent && minutes.restrict() { Err(Refusal::of("silent", RULE)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_holds_sixty_minutes_of_both_kinds_and_no_more() {
        for (throttle, block, holds) in
            [(60, 0, true), (0, 60, true), (30, 30, true), (30, 31, false), (255, 255, false)]
        {
            assert_eq!(Minutes::new(throttle, block).is_ok(), holds, "{throttle} and {block}");
        }
    }

    #[test]
    fn a_stage_lasts_a_day_at_least_and_a_hundred_years_at_most() {
        let stage = |days| Stage::new("a", Some(days), Minutes::NONE);
        assert_eq!([1, 36_500].map(|days| stage(days).is_ok()), [true; 2]);
        assert_eq!([0, -3, 36_501, i64::MIN].map(|days| stage(days).is_ok()), [false; 4]);
    }

    #[test]
    fn a_refused_change_leaves_the_stage_as_it_was() {
        let mut stage = Stage::new("a", Some(10), Minutes { throttle: 30, block: 5 }).unwrap();
        let before = stage.clone();
        assert!(stage.set_block(31).is_err() && stage.set_throttle(61).is_err() && stage.set_days(0).is_err());
        assert_eq!(stage, before);
        let mut silent = Stage::new("b", None, Minutes::NONE).unwrap().silent().unwrap();
        assert!(silent.set_block(1).is_err() && before.silent().is_err());
        assert_eq!(silent.minutes(), Minutes::NONE);
    }
}
