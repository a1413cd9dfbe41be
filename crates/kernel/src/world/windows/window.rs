//! One weekly window: when it is open, by UTC or by the clocks of a place.

use crate::limits::{Limits, Refusal};
use crate::time::{Clock, DAY_SECONDS, SimDuration, SimTime};

const WEEK: i64 = 7 * DAY_SECONDS;

/// A weekly window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub(super) weekday: usize,
    pub(super) opens: i64,
    pub(super) seconds: i64,
}

impl Window {
    /// Days of the week, Monday = 0.
    pub const WEEKDAY: Limits<i64> = Limits::new("weekday", 0, 6, "");
    /// Seconds of a day at which it may open.
    pub const OPENS: Limits<i64> = Limits::new("opens", 0, DAY_SECONDS - 1, " seconds");
    /// Seconds it may stay open.
    pub const SECONDS: Limits<i64> = Limits::new("seconds", 1, WEEK, " seconds");
    /// The same in hours, as files state them.
    pub const HOURS: Limits<f64> = Limits::new("hours", 0.01, 168.0, " hours");

    /// A window that opens on a day of the week (Monday = 0) at a second of that day, for so many seconds.
    ///
    /// # Errors
    /// If one of them lies outside its limits.
    pub fn new(weekday: usize, opens: i64, seconds: i64) -> Result<Self, Refusal> {
        Self::WEEKDAY.check(i64::try_from(weekday).unwrap_or(i64::MAX))?;
        Ok(Window { weekday, opens: Self::OPENS.check(opens)?, seconds: Self::SECONDS.check(seconds)? })
    }

    /// Day of the week on which it opens, Monday = 0.
    pub const fn weekday(&self) -> usize {
        self.weekday
    }

    /// Second of that day at which it opens.
    pub const fn opens(&self) -> i64 {
        self.opens
    }

    /// Seconds it stays open.
    pub const fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Whether both are open at some instant of the week.
    pub fn overlaps(&self, other: &Window) -> bool {
        let start = |window: &Window| window.weekday as i64 * DAY_SECONDS + window.opens;
        let apart = (start(other) - start(self)).rem_euclid(WEEK);
        apart < self.seconds || WEEK - apart < other.seconds || apart == 0
    }

    /// `at` if the window is open then, else its next opening.
    pub(super) fn next(&self, at: SimTime, by: Option<&Clock>) -> SimTime {
        let [latest, next] = self.openings_around(at, by);
        if at.since(latest).seconds() < self.seconds { at } else { next }
    }

    /// The end of the window if it is open at `at`, else `at`.
    pub(super) fn closes(&self, at: SimTime, by: Option<&Clock>) -> SimTime {
        (self.openings_around(at, by)[0] + SimDuration::from_seconds(self.seconds)).max(at)
    }

    /// Its latest end not after `at`.
    pub(super) fn last_closing(&self, at: SimTime, by: Option<&Clock>) -> SimTime {
        let length = SimDuration::from_seconds(self.seconds);
        self.openings_around(at - length, by)[0] + length
    }

    /// The latest opening not after `at`, and the first one after it.
    #[inline(always)]
    fn openings_around(&self, at: SimTime, by: Option<&Clock>) -> [SimTime; 2] {
        match by {
            Some(clock) => self.openings_by(at, clock),
            None => {
                let latest = self.latest_opening(at);
                [latest, latest + SimDuration::from_seconds(WEEK)]
            }
        }
    }

    /// The same by the clocks of a place, as in no study.
    #[cold]
    fn openings_by(&self, at: SimTime, clock: &Clock) -> [SimTime; 2] {
        let week = SimDuration::from_seconds(WEEK);
        let latest = self.latest_opening(clock.shown(at));
        let [before, open, after] = [latest - week, latest, latest + week].map(|shown| clock.instant(shown));
        // Where clocks are put back or forward, what they show is not in the order of time.
        match (open <= at, after <= at) {
            (true, true) => [after, clock.instant(latest + week + week)],
            (true, false) => [open, after],
            (false, _) => [before, open],
        }
    }

    /// The latest opening not after `at`, both by one clock.
    #[inline]
    fn latest_opening(&self, at: SimTime) -> SimTime {
        // 1970-01-01 was a Thursday, so the Monday before it was three days earlier.
        let any = (self.weekday as i64 - 3) * DAY_SECONDS + self.opens;
        at - SimDuration::from_seconds(at.seconds().saturating_sub(any).rem_euclid(WEEK))
    }
}
