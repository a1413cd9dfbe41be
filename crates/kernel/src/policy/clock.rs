//! The enforcement clock: seconds of a cycle that count.

use crate::time::{SimDuration, SimTime};

/// Counts seconds while it runs. The reading at any instant follows from one mark, so nothing is ever scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    mark: SimTime,
    served_at_mark: SimDuration,
    running: bool,
}

impl Clock {
    /// A clock that reads `served` at `at`.
    pub const fn new(at: SimTime, served: SimDuration, running: bool) -> Self {
        Clock { mark: at, served_at_mark: served, running }
    }

    /// The reading at `at`, which must not lie before the last change.
    #[inline]
    pub fn served(&self, at: SimTime) -> SimDuration {
        if self.running { self.served_at_mark + at.since(self.mark) } else { self.served_at_mark }
    }

    /// Starts or stops the clock at `at`.
    #[inline]
    pub fn set_running(&mut self, at: SimTime, running: bool) {
        *self = Clock { mark: at, served_at_mark: self.served(at), running };
    }

    /// The instant at which a clock that runs would have read 0, had it always run.
    #[inline]
    pub fn zero(&self) -> SimTime {
        self.mark - self.served_at_mark
    }

    /// The instant since which the clock runs or stands, and the seconds that counted by then.
    pub const fn since(&self) -> (SimTime, SimDuration) {
        (self.mark, self.served_at_mark)
    }

    /// Whether seconds count.
    pub const fn is_running(&self) -> bool {
        self.running
    }

    /// The instant at which the reading reaches `served`: the last change if it already has, never if the clock stands.
    #[inline]
    pub fn reaches(&self, served: SimDuration) -> SimTime {
        if served <= self.served_at_mark {
            self.mark
        } else if self.running {
            self.mark.saturating_add(served - self.served_at_mark)
        } else {
            SimTime::NEVER
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_running_seconds_count() {
        let day = |n| SimTime::from_seconds(0) + SimDuration::from_days(n);
        let mut clock = Clock::new(day(0), SimDuration::ZERO, true);
        clock.set_running(day(10), false);
        assert_eq!(clock.served(day(25)), SimDuration::from_days(10));
        assert_eq!(clock.reaches(SimDuration::from_days(30)), SimTime::NEVER);
        clock.set_running(day(25), true);
        assert_eq!(clock.served(day(26)), SimDuration::from_days(11));
        assert_eq!(clock.reaches(SimDuration::from_days(30)), day(45));
        assert_eq!(clock.reaches(SimDuration::from_days(10)), day(25));
        assert_eq!(clock.zero(), day(15));
    }
}
