//! Times to remediation, counted by whole days.

use crate::time::{SimDuration, SimTime};
use crate::world::Route;

/// Remediations by route and day, and servers censored at the horizon by day. Times are rounded up to whole days, so the
/// survival curve is exact at the end of every day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveCounts {
    /// `remediated[route][day]`: remediations in `(day - 1, day]` days after first detection.
    pub remediated: [Vec<i64>; 3],
    /// `censored[day]`: servers observed without remediation up to `(day - 1, day]` days.
    pub censored: Vec<i64>,
}

impl CurveCounts {
    /// No server yet; times beyond `days` are counted at `days`.
    pub fn new(days: usize) -> Self {
        CurveCounts { remediated: std::array::from_fn(|_| vec![0; days + 1]), censored: vec![0; days + 1] }
    }

    fn place(&self, length: SimDuration) -> usize {
        (length.days_ceil().max(0) as usize).min(self.censored.len() - 1)
    }

    /// Enters a remediation.
    pub fn remediate(&mut self, route: Route, detected: SimTime, at: SimTime) {
        let place = self.place(at.since(detected));
        self.remediated[route as usize][place] += 1;
    }

    /// Enters a server not remediated at the horizon.
    pub fn censor(&mut self, detected: SimTime, horizon: SimTime) {
        let place = self.place(horizon.since(detected));
        self.censored[place] += 1;
    }

    /// Adds other counts of the same length.
    pub fn merge(&mut self, other: &CurveCounts) {
        for (a, b) in self.remediated.iter_mut().zip(&other.remediated) {
            super::add(a, b);
        }
        super::add(&mut self.censored, &other.censored);
    }

    /// Servers ever detected.
    pub fn total(&self) -> i64 {
        self.remediated.iter().flatten().sum::<i64>() + self.censored.iter().sum::<i64>()
    }
}
