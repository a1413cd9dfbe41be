//! The clocks of a place: how far they are ahead of UTC, and when that changes.

use super::{SimDuration, SimTime};

/// The clocks of a place with all their changes.
///
/// What they show is a [`SimTime`] as well, that of a place whose clocks are at UTC: its day and its second of the day are the local
/// ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    name: String,
    /// Seconds ahead of UTC before the first change.
    first: i64,
    /// When clocks change, rising, and by how many seconds they are ahead of UTC from then on.
    changes: Vec<(SimTime, i64)>,
}

impl Clock {
    /// The clocks of a place.
    ///
    /// - `first`: seconds ahead of UTC (negative: behind) before the first change.
    /// - `changes`: instants of changes, brought into order, and the seconds ahead of UTC from each on.
    pub fn new(name: &str, first: i64, mut changes: Vec<(SimTime, i64)>) -> Self {
        changes.sort_unstable();
        Clock { name: name.to_owned(), first, changes }
    }

    /// What people call the place.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the clocks show at an instant; [`SimTime::NEVER`] stays.
    ///
    /// ```
    /// # use brownout_kernel::time::{Clock, SimTime};
    /// let at = |text: &str| text.parse::<SimTime>().unwrap();
    /// let berlin = Clock::new("Berlin", 3600, vec![(at("2027-03-28T01:00:00Z"), 7200)]);
    /// assert_eq!(berlin.shown(at("2027-03-28T00:59:00Z")), at("2027-03-28T01:59:00Z"));
    /// assert_eq!(berlin.shown(at("2027-03-28T01:00:00Z")), at("2027-03-28T03:00:00Z"));
    /// ```
    pub fn shown(&self, at: SimTime) -> SimTime {
        if at == SimTime::NEVER { at } else { at + SimDuration::from_seconds(self.ahead(at)) }
    }

    /// The first instant at which the clocks show something. A local time that is skipped when they are put forward is read with the
    /// offset from before the change; [`SimTime::NEVER`] stays.
    pub fn instant(&self, shown: SimTime) -> SimTime {
        if shown == SimTime::NEVER {
            return shown;
        }
        let at = |ahead: i64| shown - SimDuration::from_seconds(ahead);
        // No clock is a day ahead, and none changes twice within two days.
        let before = at(self.ahead(shown - SimDuration::DAY));
        let after = at(self.ahead(shown + SimDuration::DAY));
        if self.shown(before) != shown && self.shown(after) == shown { after } else { before }
    }

    /// Seconds ahead of UTC at an instant.
    fn ahead(&self, at: SimTime) -> i64 {
        match self.changes.partition_point(|change| change.0 <= at) {
            0 => self.first,
            passed => self.changes[passed - 1].1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn berlin() -> Clock {
        let summer = (at("2027-03-28T01:00:00Z"), 7200);
        Clock::new("Berlin", 3600, vec![(at("2027-10-31T01:00:00Z"), 3600), summer])
    }

    #[test]
    fn what_is_shown_leads_back_to_its_first_instant() {
        for (shown, instant) in [
            ("2027-03-27T22:00:00Z", "2027-03-27T21:00:00Z"),
            ("2027-03-28T22:00:00Z", "2027-03-28T20:00:00Z"),
            ("2027-03-28T03:00:00Z", "2027-03-28T01:00:00Z"),
            // The hour that comes twice.
            ("2027-10-31T02:30:00Z", "2027-10-31T00:30:00Z"),
            ("2027-10-31T03:00:00Z", "2027-10-31T02:00:00Z"),
        ] {
            assert_eq!(berlin().instant(at(shown)), at(instant), "{shown}");
            assert_eq!(berlin().shown(at(instant)), at(shown), "{instant}");
        }
        assert_eq!(berlin().shown(at("2027-10-31T01:30:00Z")), at("2027-10-31T02:30:00Z"), "the hour once more");
        // The hour that is left out: half past two is half an hour after the change.
        assert_eq!(berlin().instant(at("2027-03-28T02:30:00Z")), at("2027-03-28T01:30:00Z"));
    }

    #[test]
    fn a_place_without_changes_is_always_as_far_ahead_and_never_is_never() {
        let kolkata = Clock::new("Kolkata", 19_800, Vec::new());
        assert_eq!(kolkata.shown(at("2026-12-31T20:00:00Z")), at("2027-01-01T01:30:00Z"));
        assert_eq!(kolkata.instant(at("2027-01-01T01:30:00Z")), at("2026-12-31T20:00:00Z"));
        assert_eq!([kolkata.shown(SimTime::NEVER), berlin().instant(SimTime::NEVER)], [SimTime::NEVER; 2]);
        assert_eq!(kolkata.name(), "Kolkata");
    }
}
