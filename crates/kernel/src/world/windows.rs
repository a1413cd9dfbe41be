//! When work may happen: weekly maintenance windows outside change freezes.

use std::ops::RangeInclusive;

use super::UNIT;
use crate::time::{DAY_SECONDS, Day, SimDuration, SimTime};

const WEEK: i64 = 7 * DAY_SECONDS;

/// A weekly window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Day of the week on which it opens, Monday = 0.
    pub weekday: usize,
    /// Second of that day at which it opens.
    pub opens: i64,
    /// Seconds it stays open, more than 0, at most a week.
    pub seconds: i64,
}

/// A change freeze that a share of the tenants observes.
#[derive(Clone, Debug, PartialEq)]
pub struct Freeze {
    /// Share of the tenants that observe it.
    pub share: f64,
    /// The frozen stretches `[from, to)`, in order of time.
    pub stretches: Vec<(SimTime, SimTime)>,
}

impl Freeze {
    /// Shares of tenants that observe it.
    pub const SHARES: RangeInclusive<f64> = UNIT;

    /// A freeze that returns every year from one (month, day) to another, for the years around a study.
    ///
    /// The dates must exist in every year; a 29 February stands for 1 March in common years.
    pub fn yearly(share: f64, from: (i8, i8), to: (i8, i8), years: std::ops::RangeInclusive<i16>) -> Self {
        let date = |year: i16, (month, day): (i8, i8)| {
            SimTime::from_date(year, month, day).or_else(|| SimTime::from_date(year, month + 1, 1))
        };
        let stretch = |year: i16| {
            let end = if from < to { year } else { year + 1 };
            Some((date(year, from)?, date(end, to)?))
        };
        Freeze { share, stretches: years.filter_map(stretch).collect() }
    }

    fn end_of_stretch(&self, at: SimTime) -> Option<SimTime> {
        let next = self.stretches.partition_point(|stretch| stretch.1 <= at);
        self.stretches.get(next).filter(|stretch| stretch.0 <= at).map(|stretch| stretch.1)
    }
}

/// The openings of a group; no window at all means any time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Openings {
    /// Weekly windows.
    pub windows: Vec<Window>,
    /// Change freezes, at most 32.
    pub freezes: Vec<Freeze>,
}

impl Openings {
    /// The first instant from `at` on that lies in a window and in no freeze of the set `observed` (bit i: freeze i).
    pub fn next(&self, at: SimTime, observed: u32) -> SimTime {
        if observed == 0 {
            return self.next_window(at);
        }
        let mut at = at;
        // Each turn leaves a freeze behind; there are finitely many, but a bound keeps a mistake from hanging.
        for _ in 0..10_000 {
            at = self.next_window(at);
            let mut frozen = self.freezes.iter().enumerate().filter(|(i, _)| observed >> i & 1 == 1);
            match frozen.find_map(|(_, freeze)| freeze.end_of_stretch(at)) {
                Some(end) => at = end,
                None => return at,
            }
        }
        SimTime::NEVER
    }

    /// Every opening in `[from, to)`, each at its first instant outside the freezes of the set `observed`; without windows
    /// every midnight is one. A window in which a freeze begins and ends opens once.
    pub fn occurrences(&self, from: SimTime, to: SimTime, observed: u32) -> impl Iterator<Item = SimTime> {
        let mut at = from;
        std::iter::from_fn(move || {
            let opening = self.next(at, observed);
            at = self.closes(opening);
            (opening < to).then_some(opening)
        })
    }

    /// The end of the window that is open at `at`, or `at` if none is; the next midnight where there are no windows.
    pub fn closes(&self, at: SimTime) -> SimTime {
        if at == SimTime::NEVER {
            return at;
        }
        let ends = self.windows.iter().map(|window| window.closes(at)).max();
        ends.unwrap_or_else(|| Day::from_number(at.day().number() + 1).start())
    }

    fn next_window(&self, at: SimTime) -> SimTime {
        self.windows.iter().map(|window| window.next(at)).min().unwrap_or(at)
    }
}

impl Window {
    /// `at` if the window is open then, else its next opening.
    fn next(&self, at: SimTime) -> SimTime {
        let latest = self.latest_opening(at);
        if at.since(latest).seconds() < self.seconds { at } else { latest + SimDuration::from_seconds(WEEK) }
    }

    /// The end of the window if it is open at `at`, else `at`.
    fn closes(&self, at: SimTime) -> SimTime {
        (self.latest_opening(at) + SimDuration::from_seconds(self.seconds)).max(at)
    }

    /// The latest opening not after `at`.
    #[inline]
    fn latest_opening(&self, at: SimTime) -> SimTime {
        // 1970-01-01 was a Thursday, so the Monday before it was three days earlier.
        let any = (self.weekday as i64 - 3) * DAY_SECONDS + self.opens;
        at - SimDuration::from_seconds(at.seconds().saturating_sub(any).rem_euclid(WEEK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn friday_night() -> Openings {
        // Friday 22:00 for 6 hours, into Saturday.
        let windows = vec![Window { weekday: 4, opens: 22 * 3600, seconds: 6 * 3600 }];
        Openings { windows, freezes: vec![Freeze::yearly(1.0, (12, 15), (1, 2), 2025..=2028)] }
    }

    #[test]
    fn an_attempt_moves_to_the_next_opening() {
        let openings = friday_night();
        for (from, to) in [
            ("2026-09-07", "2026-09-11T22:00:00Z"),
            ("2026-09-11T23:00:00Z", "2026-09-11T23:00:00Z"),
            ("2026-09-12T03:59:59Z", "2026-09-12T03:59:59Z"),
            ("2026-09-12T04:00:00Z", "2026-09-18T22:00:00Z"),
        ] {
            assert_eq!(openings.next(at(from), 0), at(to), "{from}");
        }
    }

    #[test]
    fn only_observed_freezes_count_and_they_cross_new_year() {
        let openings = friday_night();
        assert_eq!(openings.next(at("2026-12-16"), 0), at("2026-12-18T22:00:00Z"));
        // The freeze ends inside the window of Friday 1 January, which is open until 04:00 on Saturday.
        assert_eq!(openings.next(at("2026-12-16"), 1), at("2027-01-02T00:00:00Z"));
        assert_eq!(openings.next(at("2025-12-16"), 1), at("2026-01-02T22:00:00Z"));
    }

    #[test]
    fn a_freeze_holds_from_its_first_instant_to_its_last() {
        let freezes =
            [((12, 15), (1, 2)), ((3, 1), (3, 8))].map(|(from, to)| Freeze::yearly(0.5, from, to, 2026..=2027));
        let openings = Openings { windows: Vec::new(), freezes: freezes.into() };
        let next = |text: &str, observed| openings.next(at(text), observed).to_string();
        for (text, observed, opening) in [
            ("2026-12-14T23:59:59Z", 0b01, "2026-12-14T23:59:59Z"),
            ("2026-12-15T00:00:00Z", 0b01, "2027-01-02T00:00:00Z"),
            ("2027-01-02T00:00:00Z", 0b01, "2027-01-02T00:00:00Z"),
            ("2026-12-15T00:00:00Z", 0b10, "2026-12-15T00:00:00Z"),
            ("2027-03-01T00:00:00Z", 0b10, "2027-03-08T00:00:00Z"),
        ] {
            assert_eq!(next(text, observed), opening, "{text}, observing {observed:02b}");
        }
    }

    #[test]
    fn without_windows_any_time_will_do() {
        assert_eq!(Openings::default().next(at("2026-09-07T12:34:56Z"), 0), at("2026-09-07T12:34:56Z"));
    }
}
