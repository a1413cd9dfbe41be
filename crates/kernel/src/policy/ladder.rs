//! The ladder: ordered stages, each with a length and minutes per hour of throttling and blocking.

use super::stage::{Minutes, Stage};
use crate::limits::Limits;
use crate::time::SimDuration;

/// Why stages do not make a ladder. Stages are counted from 0, as in files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum LadderError {
    #[error("a ladder needs at least one stage")]
    Empty,
    #[error("only the last stage is open-ended; give stage \"{name}\" a length in days")]
    OpenBeforeLast { stage: usize, name: String },
    #[error("the last stage must be open-ended; leave its days out")]
    LastNotOpen { stage: usize },
    #[error("a ladder has at most {STAGES_MAX} stages")]
    TooMany { stage: usize },
    #[error("stage name \"{name}\" is used twice")]
    NameTwice { stage: usize, name: String },
}

impl LadderError {
    /// The stage at fault, counted from 0.
    pub fn stage(&self) -> Option<usize> {
        match *self {
            LadderError::Empty => None,
            LadderError::OpenBeforeLast { stage, .. }
            | LadderError::LastNotOpen { stage }
            | LadderError::TooMany { stage }
            | LadderError::NameTwice { stage, .. } => Some(stage),
        }
    }
}

/// Ordered stages. Stage k starts when the clock reaches the sum of the lengths before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    name: String,
    stages: Vec<Stage>,
    starts: Vec<SimDuration>,
}

/// Most stages of a ladder.
pub const STAGES_MAX: usize = 200;

impl Ladder {
    /// Factors by which a ladder may be made slower.
    pub const SLOWER: Limits<f64> = Limits::new("slower", 0.01, 100.0, " times");

    /// A ladder of these stages.
    ///
    /// # Errors
    /// Everything a [`LadderError`] names; the first one found.
    pub fn new(name: &str, stages: Vec<Stage>) -> Result<Self, LadderError> {
        if let Some(error) = problems(&stages).into_iter().next() {
            return Err(error);
        }
        Ok(Self::assume_valid(name, stages))
    }

    fn assume_valid(name: &str, stages: Vec<Stage>) -> Self {
        let starts = stages
            .iter()
            .scan(SimDuration::ZERO, |start, stage| {
                let this = *start;
                *start = this + stage.length.unwrap_or(SimDuration::ZERO);
                Some(this)
            })
            .collect();
        Ladder { name: name.to_owned(), stages, starts }
    }

    /// Everything is blocked from first detection on.
    pub fn all_at_once() -> Self {
        let minutes = Minutes::ALL_BLOCKED;
        let stage = Stage { name: "block-all".to_owned(), length: None, minutes, silent: false };
        Self::assume_valid("all-at-once", vec![stage])
    }

    /// No enforcement: one silent, open-ended stage.
    pub fn none() -> Self {
        let stage = Stage { name: "unenforced".to_owned(), length: None, minutes: Minutes::NONE, silent: true };
        Self::assume_valid("none", vec![stage])
    }

    /// The ladder with every length multiplied by `factor` and rounded to whole days, at least one.
    ///
    /// Of files and levers the factor keeps to [`SLOWER`](Self::SLOWER); lengths may come out longer than a stage is ever stated.
    pub fn slower(&self, factor: f64) -> Self {
        let stretch =
            |length: SimDuration| SimDuration::from_days(libm::round(length.days_f64() * factor).max(1.0) as i64);
        let stages =
            self.stages.iter().map(|stage| Stage { length: stage.length.map(stretch), ..stage.clone() }).collect();
        Self::assume_valid(&self.name, stages)
    }

    /// Name of the ladder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The stages in order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The clock reading at which a stage starts.
    ///
    /// # Panics
    /// If there is no such stage.
    pub fn start_of(&self, stage: usize) -> SimDuration {
        self.starts[stage]
    }

    /// The stage with this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name == name)
    }

    /// The stage at a clock reading.
    #[inline]
    pub fn stage_at(&self, served: SimDuration) -> usize {
        self.starts.partition_point(|&start| start <= served).saturating_sub(1)
    }

    /// The clock reading at which the stage after `stage` starts, if there is one.
    #[inline]
    pub fn next_start(&self, stage: usize) -> Option<SimDuration> {
        self.starts.get(stage + 1).copied()
    }

    /// Throttled and blocked minutes of one unpaused cycle before the clock reaches `served`, hour by hour.
    pub fn minutes_before(&self, served: SimDuration) -> (i64, i64) {
        let hours = |k: usize| {
            let end = self.next_start(k).unwrap_or(served).min(served);
            (end - self.starts[k].min(served)).seconds() / 3600
        };
        let total = |minutes: fn(&Minutes) -> u8| {
            self.stages.iter().enumerate().map(|(k, stage)| hours(k) * i64::from(minutes(&stage.minutes))).sum()
        };
        (total(|m| m.throttle), total(|m| m.block))
    }
}

/// Everything that keeps stages from being a ladder, in order.
pub fn problems(stages: &[Stage]) -> Vec<LadderError> {
    if stages.is_empty() {
        return vec![LadderError::Empty];
    }
    let last = stages.len() - 1;
    let mut found = Vec::new();
    for (k, stage) in stages.iter().enumerate() {
        match stage.length {
            None if k < last => found.push(LadderError::OpenBeforeLast { stage: k, name: stage.name.clone() }),
            Some(_) if k == last => found.push(LadderError::LastNotOpen { stage: k }),
            _ => {}
        }
        if k == STAGES_MAX {
            found.push(LadderError::TooMany { stage: k });
        }
        if stages[..k].iter().any(|earlier| earlier.name == stage.name) {
            found.push(LadderError::NameTwice { stage: k, name: stage.name.clone() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::sample;

    #[test]
    fn a_stage_starts_when_the_clock_reaches_the_lengths_before_it() {
        let ladder = sample::ladder();
        let second = SimDuration::from_seconds(1);
        assert_eq!(ladder.stage_at(SimDuration::ZERO), 0);
        assert_eq!(ladder.stage_at(SimDuration::from_days(30) - second), 0);
        assert_eq!(ladder.stage_at(SimDuration::from_days(30)), 1);
        assert_eq!(ladder.stage_at(SimDuration::from_days(9_000)), 7);
        assert_eq!(ladder.next_start(7), None);
    }

    #[test]
    fn every_fault_of_the_stages_is_found() {
        let stage = |name: &str, days: Option<i64>, throttle, block| Stage {
            name: name.to_owned(),
            length: days.map(SimDuration::from_days),
            minutes: Minutes { throttle, block },
            silent: false,
        };
        let bad = [stage("a", None, 0, 0), stage("a", Some(3), 40, 20), stage("b", Some(5), 0, 60)];
        let found: Vec<_> = problems(&bad).iter().map(LadderError::stage).collect();
        assert_eq!(found, [Some(0), Some(1), Some(2)]);
        assert_eq!(problems(&[]), [LadderError::Empty]);
    }

    #[test]
    fn stages_of_one_day_are_enough_and_200_of_them_are_the_most() {
        let rungs = |count: usize| -> Vec<Stage> {
            let length = |k| (k + 1 < count).then_some(SimDuration::DAY);
            let stage =
                |k| Stage { name: format!("{k}"), length: length(k), minutes: Minutes::default(), silent: false };
            (0..count).map(stage).collect()
        };
        assert_eq!(problems(&rungs(200)), []);
        assert_eq!(problems(&rungs(201)), [LadderError::TooMany { stage: 200 }]);
    }

    #[test]
    fn minutes_are_counted_up_to_the_reading_and_no_further() {
        let ladder = sample::ladder();
        for (days, minutes) in
            [(0, (0, 0)), (30, (0, 0)), (35, (5 * 24 * 5, 0)), (65, (8_400 + 5 * 24 * 30, 5 * 24 * 5))]
        {
            assert_eq!(ladder.minutes_before(SimDuration::from_days(days)), minutes, "{days} days");
        }
    }

    #[test]
    fn a_slower_ladder_keeps_its_open_end() {
        let slow = sample::ladder().slower(2.0);
        assert_eq!(slow.start_of(7), SimDuration::from_days(180));
        assert_eq!(slow.next_start(7), None);
    }

    #[test]
    fn stretched_lengths_are_rounded_to_whole_days_and_never_vanish() {
        let starts = |factor| [1, 2].map(|stage| sample::ladder().slower(factor).start_of(stage));
        // 30 and 10 days become 38 (37.5) and 13 (12.5), then 11 (11.1) and 4 (3.7), then one each.
        for (factor, days) in [(1.25, [38, 51]), (0.37, [11, 15]), (0.001, [1, 2])] {
            assert_eq!(starts(factor), days.map(SimDuration::from_days), "{factor}");
        }
    }
}
