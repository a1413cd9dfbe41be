//! What many courses come to in a few figures: quantiles, shares, means with their intervals.

use crate::chance::growth::LEVEL;
use crate::cost::mail::MailFate;
use crate::cost::tariff::Cost;
use brownout_kernel::time::{Day, SimTime};
use brownout_methods::interval::{Interval, mean_interval};

/// Quantiles that are told.
pub const QUANTILES: [f64; 3] = [0.5, 0.8, 0.95];

/// Mean, 95th percentile and mean of the worst twentieth over replications, in messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossSummary {
    /// Mean.
    pub mean: f64,
    /// 95th percentile.
    pub p95: f64,
    /// Mean of the worst twentieth of the replications, rounded up to whole ones; never below the mean.
    pub worst: f64,
    /// The interval of the mean (Student's t, never below 0); `None` where it has none.
    pub interval: Option<Interval>,
    /// The fewest replications that make up half of all that is counted; 0 if nothing is.
    pub half: usize,
}

impl LossSummary {
    /// What chance has no part in.
    pub fn certain(value: f64) -> Self {
        LossSummary { mean: value, p95: value, worst: value, interval: None, half: 0 }
    }
}

/// The worst courses of which the mean is the tail: one of so many.
const TAIL: usize = 20;

/// Mean and tail of what a plan costs over courses, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanAndTail {
    /// The mean over all courses.
    pub mean: f64,
    /// Mean of the worst twentieth of the courses, rounded up to whole ones.
    pub tail: f64,
}

impl MeanAndTail {
    /// Those of some costs.
    pub fn of(points: &[f64]) -> Self {
        let mean = |points: &[f64]| points.iter().sum::<f64>() / points.len().max(1) as f64;
        let mut falling = points.to_vec();
        falling.sort_by(|a, b| b.total_cmp(a));
        falling.truncate(points.len().div_ceil(TAIL));
        MeanAndTail { mean: mean(points), tail: mean(&falling) }
    }

    /// What is least for the better of two plans. Half and half is assumed.
    pub fn criterion(self) -> f64 {
        (self.mean + self.tail) / 2.0
    }
}

/// How many of some rising instants fall on each day, in order of time; [`SimTime::NEVER`] falls on none.
pub(super) fn finish_days(rising: &[SimTime]) -> Vec<(Day, u32)> {
    let days: Vec<Day> = rising.iter().filter(|at| **at != SimTime::NEVER).map(|at| at.day()).collect();
    days.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}

pub(super) fn share(values: &[SimTime], hit: impl Fn(SimTime) -> bool) -> f64 {
    values.iter().filter(|value| hit(**value)).count() as f64 / values.len().max(1) as f64
}

/// The quantiles that are told, of rising values.
pub(super) fn quantiles(rising: &[SimTime]) -> [SimTime; 3] {
    QUANTILES.map(|q| quantile(rising, q))
}

/// A quantile of rising values.
pub(super) fn quantile(rising: &[SimTime], q: f64) -> SimTime {
    least_reaching(rising, q).unwrap_or(SimTime::NEVER)
}

/// The least of some rising values that a share `q` of them does not exceed.
fn least_reaching<T: Copy>(rising: &[T], q: f64) -> Option<T> {
    let index = (q * rising.len() as f64 - 1e-9).ceil().max(1.0) as usize - 1;
    rising.get(index).copied()
}

pub(super) fn spread(fates: &[MailFate], of: impl Fn(&MailFate) -> Cost) -> LossSummary {
    let mut values: Vec<Cost> = fates.iter().map(of).collect();
    values.sort_unstable();
    let messages = |cost: Cost| crate::cost::tariff::points(cost);
    let mean = |values: &[Cost]| messages(values.iter().sum()) / values.len().max(1) as f64;
    let worst = &values[values.len() - values.len().div_ceil(20)..];
    LossSummary {
        mean: mean(&values),
        p95: least_reaching(&values, 0.95).map_or(0.0, messages),
        worst: mean(worst),
        interval: mean_of(&values.iter().map(|&value| messages(value)).collect::<Vec<f64>>()),
        half: half(&values),
    }
}

/// The interval of the mean of what is never below 0.
pub(super) fn mean_of(values: &[f64]) -> Option<Interval> {
    mean_interval(values, LEVEL).map(|found| Interval { low: found.low.max(0.0), ..found })
}

/// The fewest of some rising values that make up half of their sum.
fn half(rising: &[Cost]) -> usize {
    let sum: Cost = rising.iter().sum();
    let mut left = sum;
    rising
        .iter()
        .rev()
        .take_while(|&&value| {
            let more = 2 * left > sum;
            left -= value;
            more
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_least_value_that_is_enough() {
        let values: Vec<u32> = (1..=20).collect();
        assert_eq!([0.5, 0.8, 0.95].map(|q| least_reaching(&values, q)), [Some(10), Some(16), Some(19)]);
        assert_eq!(least_reaching(&[7], 0.95), Some(7));
        assert_eq!(least_reaching::<u32>(&[], 0.5), None);
    }

    #[test]
    fn the_tail_is_the_mean_of_the_worst_twentieth() {
        let points: Vec<f64> = (1..=40).map(f64::from).collect();
        let tail = |points: &[f64]| MeanAndTail::of(points).tail;
        assert_eq!((tail(&points), tail(&[3.0]), tail(&[])), (39.5, 3.0, 0.0));
        assert_eq!(MeanAndTail::of(&points).criterion(), (20.5 + 39.5) / 2.0);
    }

    #[test]
    fn half_of_a_sum_is_made_up_by_its_largest_values() {
        assert_eq!(half(&[1, 1, 1, 1]), 2);
        assert_eq!(half(&[0, 1, 2, 10]), 1);
        assert_eq!(half(&[3, 3, 3]), 2);
        assert_eq!((half(&[0, 0]), half(&[])), (0, 0));
    }

    #[test]
    fn ends_are_counted_by_day_and_never_is_on_none() {
        let at = |hour: i64| SimTime::from_seconds(hour * 3600);
        let day = Day::from_number;
        let found = finish_days(&[at(1), at(23), at(50), SimTime::NEVER]);
        assert_eq!(found, [(day(0), 2), (day(2), 1)]);
        assert!(finish_days(&[]).is_empty());
    }
}
