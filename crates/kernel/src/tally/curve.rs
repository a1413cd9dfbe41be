//! Times to remediation, counted by day, and where in their day they lie.

use crate::time::{DAY_SECONDS, SimDuration, SimTime};
use crate::world::{PerRoute, Route};

/// Remediations by route and day, and servers censored at the horizon by day. Times are counted in whole days, rounded up, so
/// the counts are exact at the end of every day; [`Within`] says where in the day they lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveCounts {
    /// `remediated[route][day]`: remediations in `(day - 1, day]` days after first detection.
    pub remediated: PerRoute<Vec<i64>>,
    /// `censored[day]`: servers observed without remediation up to `(day - 1, day]` days.
    pub censored: Vec<i64>,
    /// Where in their days the times of the remediations lie.
    pub within: PerRoute<Vec<Within>>,
    /// Where in their days the times of the censorings lie.
    pub censored_within: Vec<Within>,
}

/// Where in a day some times lie, in seconds from the end of the day before: more than 0, at most a day. Sums and extremes, so
/// any grouping gives the same; with up to three times they give back each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// Sum over all times.
    pub sum: i64,
    /// From the earliest time to the end of the day.
    pub lead: u32,
    /// The latest time.
    pub latest: u32,
}

impl Within {
    fn enter(&mut self, seconds: i64) {
        self.merge(&Within { sum: seconds, lead: (DAY_SECONDS - seconds) as u32, latest: seconds as u32 });
    }

    fn merge(&mut self, other: &Within) {
        self.sum += other.sum;
        self.lead = self.lead.max(other.lead);
        self.latest = self.latest.max(other.latest);
    }
}

impl CurveCounts {
    /// No server yet; times beyond `days` are counted at the end of `days`.
    pub fn new(days: usize) -> Self {
        CurveCounts {
            remediated: PerRoute::from_fn(|_| vec![0; days + 1]),
            censored: vec![0; days + 1],
            within: PerRoute::from_fn(|_| vec![Within::default(); days + 1]),
            censored_within: vec![Within::default(); days + 1],
        }
    }

    /// The day of a time, and the seconds from the end of the day before: the same in all curves of a tally.
    #[inline]
    pub(crate) fn day_of(&self, length: SimDuration) -> (usize, i64) {
        let seconds = length.seconds().clamp(0, (self.censored.len() as i64 - 1) * DAY_SECONDS);
        let day = (seconds + DAY_SECONDS - 1) / DAY_SECONDS;
        (day as usize, seconds - (day - 1) * DAY_SECONDS)
    }

    /// Enters a remediation.
    pub fn remediate(&mut self, route: Route, detected: SimTime, at: SimTime) {
        self.enter(Some(route), at.since(detected));
    }

    /// Enters a server not remediated at the horizon.
    pub fn censor(&mut self, detected: SimTime, horizon: SimTime) {
        self.enter(None, horizon.since(detected));
    }

    /// Enters a time from first detection to remediation by a route or, without one, to the horizon.
    pub(crate) fn enter(&mut self, by: Option<Route>, length: SimDuration) {
        self.enter_in_day(by, self.day_of(length));
    }

    /// The same, in a day and at a second of it that are [known](Self::day_of).
    pub(crate) fn enter_in_day(&mut self, by: Option<Route>, (day, seconds): (usize, i64)) {
        let (counts, within) = match by {
            Some(route) => (&mut self.remediated[route], &mut self.within[route]),
            None => (&mut self.censored, &mut self.censored_within),
        };
        counts[day] += 1;
        within[day].enter(seconds);
    }

    /// Where in their days all times lie: remediations by route, then censorings.
    pub(crate) fn withins(&self) -> impl Iterator<Item = &Vec<Within>> {
        self.within.iter().chain([&self.censored_within])
    }

    /// The same, to be changed.
    pub(crate) fn withins_mut(&mut self) -> impl Iterator<Item = &mut Vec<Within>> {
        self.within.iter_mut().chain([&mut self.censored_within])
    }

    /// Adds other counts of the same length.
    pub fn merge(&mut self, other: &CurveCounts) {
        for (a, b) in self.remediated.iter_mut().zip(other.remediated.iter()) {
            super::add(a, b);
        }
        super::add(&mut self.censored, &other.censored);
        self.withins_mut().flatten().zip(other.withins().flatten()).for_each(|(a, b)| a.merge(b));
    }

    /// Days that are counted, the one of times of 0 included.
    pub fn days(&self) -> usize {
        self.censored.len()
    }

    /// Remediations of a day by all routes.
    pub fn events(&self, day: usize) -> i64 {
        self.remediated.iter().map(|route| route[day]).sum()
    }

    /// The days on which anything happened, each with its remediations by route and its censorings.
    pub fn happenings(&self) -> impl Iterator<Item = (usize, PerRoute<i64>, i64)> {
        let of = |day: usize| (day, PerRoute::from_fn(|route| self.remediated[route][day]), self.censored[day]);
        (0..self.days())
            .map(of)
            .filter(|(_, routes, censored)| routes.iter().chain([censored]).any(|&count| count != 0))
    }

    /// Servers ever detected.
    pub fn total(&self) -> i64 {
        self.remediated.iter().flatten().sum::<i64>() + self.censored.iter().sum::<i64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_in_the_day_that_they_end_in() {
        let (detected, mut counts) = (SimTime::from_seconds(500), CurveCounts::new(3));
        let at = |seconds: i64| SimTime::from_seconds(500 + seconds);
        for seconds in [0, 1, 3_600, DAY_SECONDS, DAY_SECONDS + 1, 9 * DAY_SECONDS] {
            counts.remediate(Route::Patch, detected, at(seconds));
        }
        counts.censor(detected, at(2 * DAY_SECONDS));
        assert_eq!(counts.remediated[Route::Patch], [1, 3, 1, 1]);
        assert_eq!(counts.censored, [0, 0, 1, 0]);
        let day = DAY_SECONDS as u32;
        assert_eq!(counts.within[Route::Patch][0], Within { sum: DAY_SECONDS, lead: 0, latest: day });
        assert_eq!(counts.within[Route::Patch][1], Within { sum: 1 + 3_600 + DAY_SECONDS, lead: day - 1, latest: day });
        assert_eq!(counts.within[Route::Patch][2], Within { sum: 1, lead: day - 1, latest: 1 });
        assert_eq!(counts.censored_within[2], Within { sum: DAY_SECONDS, lead: 0, latest: day });
        assert_eq!(([0, 1, 2].map(|day| counts.events(day)), counts.total()), ([1, 3, 1], 7));
    }

    #[test]
    fn counts_merge_to_the_same_in_any_order() {
        let counts = |seconds: i64| {
            let mut counts = CurveCounts::new(2);
            counts.remediate(Route::Leave, SimTime::from_seconds(0), SimTime::from_seconds(seconds));
            counts
        };
        let merged = |order: [i64; 3]| {
            let mut all = CurveCounts::new(2);
            order.iter().for_each(|&seconds| all.merge(&counts(seconds)));
            all
        };
        assert_eq!(merged([7, 5_000, 80_000]), merged([80_000, 7, 5_000]));
    }
}
