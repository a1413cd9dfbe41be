//! When work may happen: weekly maintenance windows outside change freezes, by UTC or by the clocks of a place.

mod window;

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::limits::{Limits, Refusal, Rule, at_most, date_of_year};
use crate::time::{Clock, DAY_SECONDS, Day, SimDuration, SimTime};

pub use window::Window;

/// A change freeze that a share of the tenants observes.
#[derive(Clone, Debug, PartialEq)]
pub struct Freeze {
    pub(crate) share: f64,
    pub(crate) stretches: Vec<(SimTime, SimTime)>,
}

impl Freeze {
    /// Shares of tenants that observe it.
    pub const SHARE: Limits<f64> = Limits::new("share", 0.0, 1.0, "");

    /// A freeze of one stretch `[from, to)`.
    ///
    /// # Errors
    /// If it does not end after it begins, or the share lies outside [`SHARE`](Self::SHARE).
    pub fn once(share: f64, from: SimTime, to: SimTime) -> Result<Self, Refusal> {
        if to <= from {
            return Err(Refusal::of("to", Rule::Broken("the freeze does not end after it begins")));
        }
        Ok(Freeze { share: Self::SHARE.check(share)?, stretches: vec![(from, to)] })
    }

    /// A freeze that returns every year from one (month, day) to another, for the years around a study.
    ///
    /// A 29 February stands for 1 March in common years.
    ///
    /// # Errors
    /// If there is no such date in any year, both are the same, or the share lies outside [`SHARE`](Self::SHARE).
    pub fn yearly(share: f64, from: (i8, i8), to: (i8, i8), years: RangeInclusive<i16>) -> Result<Self, Refusal> {
        let (from, to) = (date_of_year("from", from)?, date_of_year("to", to)?);
        if from == to {
            return Err(Refusal::of("to", Rule::Broken("the freeze ends on the day it begins")));
        }
        let share = Self::SHARE.check(share)?;
        let date = |year: i16, (month, day): (i8, i8)| {
            SimTime::from_date(year, month, day).or_else(|| SimTime::from_date(year, month + 1, 1))
        };
        let stretch = |year: i16| {
            let end = if from < to { year } else { year + 1 };
            Some((date(year, from)?, date(end, to)?))
        };
        Ok(Freeze { share, stretches: years.filter_map(stretch).collect() })
    }

    /// Share of the tenants that observe it.
    pub const fn share(&self) -> f64 {
        self.share
    }

    /// The frozen stretches `[from, to)`, in order of time.
    pub fn stretches(&self) -> &[(SimTime, SimTime)] {
        &self.stretches
    }

    fn end_of_stretch(&self, at: SimTime) -> Option<SimTime> {
        let next = self.first_ending_after(at);
        self.stretches.get(next).filter(|stretch| stretch.0 <= at).map(|stretch| stretch.1)
    }

    /// The index of the first stretch that ends after `at`. Most freezes return every year, so that it is near the number of years
    /// that have passed since the first of them: nearer than any search gets in its first steps.
    fn first_ending_after(&self, at: SimTime) -> usize {
        const YEAR: u64 = 365 * DAY_SECONDS as u64;
        let Some(first) = self.stretches.first() else { return 0 };
        let years = at.seconds().saturating_sub(first.0.seconds()).max(0) as u64 / YEAR;
        let mut next = self.stretches.len().min(years as usize);
        while self.stretches.get(next).is_some_and(|stretch| stretch.1 <= at) {
            next += 1;
        }
        while next > 0 && at < self.stretches[next - 1].1 {
            next -= 1;
        }
        next
    }
}

/// The openings of a group; no window at all means any time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Openings {
    pub(crate) windows: Vec<Window>,
    pub(crate) freezes: Vec<Freeze>,
    /// The clocks by which the windows open; `None` for UTC, as in every study.
    pub(crate) clock: Option<Arc<Clock>>,
}

impl Openings {
    /// Most windows of a week.
    pub const WINDOWS_MAX: usize = 168;
    /// Most change freezes: which of them a tenant observes is kept in 32 bits.
    pub const FREEZES_MAX: usize = 32;

    /// Weekly windows outside change freezes.
    ///
    /// # Errors
    /// If there are too many of either, or two windows overlap.
    pub fn new(windows: Vec<Window>, freezes: Vec<Freeze>) -> Result<Self, Refusal> {
        at_most("windows", "windows", windows.len(), Self::WINDOWS_MAX)?;
        at_most("freezes", "freezes", freezes.len(), Self::FREEZES_MAX)?;
        for (index, window) in windows.iter().enumerate() {
            if windows[..index].iter().any(|other| other.overlaps(window)) {
                return Err(Refusal::of_entry("windows", index, Rule::Overlaps));
            }
        }
        Ok(Openings { windows, freezes, clock: None })
    }

    /// The same days and hours by the clocks of a place: windows open at the same local hour all the year, so at another hour of UTC in
    /// summer, and stay open as long as they do; freezes begin and end at local instants.
    pub fn by_clock(mut self, clock: Arc<Clock>) -> Self {
        for stretch in self.freezes.iter_mut().flat_map(|freeze| &mut freeze.stretches) {
            *stretch = (clock.instant(stretch.0), clock.instant(stretch.1));
        }
        self.clock = Some(clock);
        self
    }

    /// The clocks by which the windows open; `None` for UTC.
    pub fn clock(&self) -> Option<&Arc<Clock>> {
        self.clock.as_ref()
    }

    /// Weekly windows, of which no two overlap.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// Change freezes, at most 32.
    pub fn freezes(&self) -> &[Freeze] {
        &self.freezes
    }

    /// The same windows without any freeze.
    pub fn without_freezes(&self) -> Self {
        Openings { freezes: Vec::new(), ..self.clone() }
    }

    /// The same windows outside the freezes of others as well; freezes beyond the 32nd are observed by everybody.
    pub fn outside_freezes_of(&self, others: &Openings) -> Self {
        let freezes = self.freezes.iter().chain(&others.freezes).cloned().collect();
        Openings { freezes, ..self.clone() }
    }

    /// Ends a frozen stretch earlier, in every freeze that has just this one; a stretch of no length is none.
    pub fn shorten_freeze(&mut self, stretch: (SimTime, SimTime), by: SimDuration) {
        for freeze in &mut self.freezes {
            let hit = freeze.stretches.iter_mut().filter(|other| **other == stretch);
            hit.for_each(|other| other.1 = (other.1 - by).max(other.0));
            freeze.stretches.retain(|stretch| stretch.0 < stretch.1);
        }
    }

    /// Another share of the tenants that observe a freeze; nothing if there is no such freeze.
    ///
    /// # Errors
    /// If it lies outside [`Freeze::SHARE`].
    pub fn set_freeze_share(&mut self, freeze: usize, share: f64) -> Result<(), Refusal> {
        let share = Freeze::SHARE.check(share)?;
        self.freezes.get_mut(freeze).into_iter().for_each(|freeze| freeze.share = share);
        Ok(())
    }

    /// The first instant from `at` on that lies in a window and in no freeze of the set `observed` (bit i: freeze i).
    #[inline]
    pub fn next(&self, at: SimTime, observed: u32) -> SimTime {
        if observed == 0 { self.next_window(at) } else { self.next_unfrozen(at, observed) }
    }

    /// The same where freezes are observed.
    fn next_unfrozen(&self, mut at: SimTime, observed: u32) -> SimTime {
        // Each turn leaves a freeze behind; there are finitely many, but a bound keeps a mistake from hanging.
        for _ in 0..10_000 {
            at = self.next_window(at);
            let mut frozen =
                self.freezes.iter().enumerate().filter(|&(i, _)| i >= Self::FREEZES_MAX || observed >> i & 1 == 1);
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
        let ends = self.windows.iter().map(|window| window.closes(at, self.by())).max();
        ends.unwrap_or_else(|| Day::from_number(at.day().number() + 1).start())
    }

    /// The latest end of a window not after `at`; none without windows.
    pub(crate) fn last_closing(&self, at: SimTime) -> Option<SimTime> {
        self.windows.iter().map(|window| window.last_closing(at, self.by())).max()
    }

    /// The first instant from `at` on that lies in a window.
    fn next_window(&self, at: SimTime) -> SimTime {
        self.windows.iter().map(|window| window.next(at, self.by())).min().unwrap_or(at)
    }

    fn by(&self) -> Option<&Clock> {
        self.clock.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY_SECONDS;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn friday_night() -> Openings {
        // Friday 22:00 for 6 hours, into Saturday.
        let windows = vec![Window { weekday: 4, opens: 22 * 3600, seconds: 6 * 3600 }];
        Openings { windows, freezes: vec![Freeze::yearly(1.0, (12, 15), (1, 2), 2025..=2028).unwrap()], clock: None }
    }

    #[test]
    fn the_freeze_at_hand_is_found_wherever_it_stands_in_its_list() {
        let day = |n: i64| SimTime::from_seconds(n * DAY_SECONDS);
        let (mut yearly, many) = (Freeze::yearly(1.0, (12, 15), (1, 2), 1990..=2100).unwrap(), 40_000);
        // As they return, then so close and so far apart that counting years points far too early or too late.
        let dense = (0..300).map(|n| (day(8_000 + 9 * n), day(8_004 + 9 * n))).collect();
        let sparse = vec![(day(8_000), day(8_001)), (day(30_000), day(30_400)), (day(30_401), day(30_402))];
        for stretches in [std::mem::take(&mut yearly.stretches), dense, sparse, Vec::new()] {
            let freeze = Freeze { share: 1.0, stretches };
            for at in (0..many).flat_map(|n| [-1, 0, 1].map(|off| SimTime::from_seconds(n * DAY_SECONDS + off))) {
                let searched = freeze.stretches.partition_point(|stretch| stretch.1 <= at);
                assert_eq!(freeze.first_ending_after(at), searched, "{at}");
            }
            for at in [SimTime::from_seconds(i64::MIN), SimTime::NEVER] {
                let searched = freeze.stretches.partition_point(|stretch| stretch.1 <= at);
                assert_eq!(freeze.first_ending_after(at), searched);
            }
        }
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
        let freezes = [((12, 15), (1, 2)), ((3, 1), (3, 8))]
            .map(|(from, to)| Freeze::yearly(0.5, from, to, 2026..=2027).unwrap());
        let openings = Openings { windows: Vec::new(), freezes: freezes.into(), clock: None };
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

    /// Berlin from 2026 to 2027.
    fn berlin() -> Arc<Clock> {
        let changes = ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"].into_iter().enumerate();
        let change =
            |(index, day): (usize, &str)| (at(&format!("{day}T01:00:00Z")), if index % 2 == 0 { 7200 } else { 3600 });
        Arc::new(Clock::new("Berlin", 3600, changes.map(change).collect()))
    }

    #[test]
    fn the_local_hour_stays_and_the_hour_of_utc_moves() {
        let local = friday_night().by_clock(berlin());
        let from = |text: &str, count: usize| -> Vec<String> {
            let found = local.occurrences(at(text), at("2029-01-01"), 0).take(count);
            found.map(|at| at.to_string()).collect()
        };
        assert_eq!(from("2027-03-16", 3), ["2027-03-19T21:00:00Z", "2027-03-26T21:00:00Z", "2027-04-02T20:00:00Z"]);
        assert_eq!(from("2026-10-20", 2), ["2026-10-23T20:00:00Z", "2026-10-30T21:00:00Z"]);
        // The freeze ends with the first of January in Berlin, inside the window that opened on it.
        assert_eq!(local.next(at("2026-12-16"), 1), at("2027-01-01T23:00:00Z"));
        assert_eq!(local.closes(at("2027-03-26T22:00:00Z")), at("2027-03-27T03:00:00Z"));
        assert_eq!(local.last_closing(at("2027-04-03T02:00:00Z")), Some(at("2027-04-03T02:00:00Z")));
    }

    #[test]
    fn a_window_in_the_hour_of_the_change_opens_once() {
        // Sundays 02:30 for two hours: left out on 28 March 2027, and there twice on 31 October.
        let windows = vec![Window { weekday: 6, opens: 2 * 3600 + 1800, seconds: 7200 }];
        let local = Openings { windows, freezes: Vec::new(), clock: None }.by_clock(berlin());
        let from = |text: &str, count: usize| -> Vec<String> {
            let found = local.occurrences(at(text), at("2029-01-01"), 0).take(count);
            found.map(|at| at.to_string()).collect()
        };
        assert_eq!(from("2027-03-20", 3), ["2027-03-21T01:30:00Z", "2027-03-28T01:30:00Z", "2027-04-04T00:30:00Z"]);
        assert_eq!(from("2027-10-23", 3), ["2027-10-24T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-07T01:30:00Z"]);
        // Within the hour that comes twice the window is open, and just before the change it is not open yet.
        let stays = at("2027-10-31T01:10:00Z");
        assert_eq!([local.next(stays, 0), local.closes(stays)], [stays, at("2027-10-31T02:30:00Z")]);
        assert_eq!(local.next(at("2027-03-28T01:10:00Z"), 0), at("2027-03-28T01:30:00Z"));
    }

    #[test]
    fn windows_that_overlap_even_over_the_end_of_the_week_are_refused() {
        let hours = |weekday, opens: i64, hours: i64| Window::new(weekday, opens * 3600, hours * 3600).unwrap();
        let sunday_night = hours(6, 22, 6);
        for (other, refused) in [
            (hours(0, 3, 1), true),
            (hours(0, 4, 1), false),
            (hours(6, 22, 1), true),
            (hours(6, 16, 6), false),
            (hours(2, 0, 168), true),
        ] {
            let made = Openings::new(vec![sunday_night, other], Vec::new());
            let index = made.err().and_then(|refusal| refusal.index());
            assert_eq!(index, refused.then_some(1), "{other:?}");
        }
        assert!(
            Window::new(7, 0, 1).is_err() && Window::new(0, DAY_SECONDS, 1).is_err() && Window::new(0, 0, 0).is_err()
        );
    }

    #[test]
    fn a_freeze_ends_after_it_begins() {
        assert!(Freeze::once(1.0, at("2026-12-15"), at("2026-12-15")).is_err());
        assert!(Freeze::yearly(1.0, (12, 15), (12, 15), 2026..=2027).is_err());
        assert!(Freeze::yearly(1.0, (2, 30), (3, 1), 2026..=2027).is_err());
        assert!(Freeze::once(1.1, at("2026-12-15"), at("2026-12-16")).is_err());
    }

    #[test]
    fn without_windows_any_time_will_do() {
        assert_eq!(Openings::default().next(at("2026-09-07T12:34:56Z"), 0), at("2026-09-07T12:34:56Z"));
    }
}
