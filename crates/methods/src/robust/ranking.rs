//! The ranking matrix: in how many futures one schedule is better than another, worse, or cannot be told apart.

use super::Outcomes;
use crate::interval::{Interval, mean_interval, share_interval};

/// How two schedules compare over all futures.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The first schedule.
    pub first: usize,
    /// The second schedule.
    pub second: usize,
    /// Share of futures in which the first is better: the paired interval of the difference lies on its side of 0.
    pub better: Interval,
    /// Share of futures in which the first is worse.
    pub worse: Interval,
    /// Share of futures in which the replications do not tell.
    pub cannot_be_told: Interval,
}

/// All pairs of schedules, each once, the lower number first.
///
/// In each future the difference is judged by its paired Student t interval; equal outcomes in all replications cannot be told
/// apart. Shares carry Wilson intervals over futures.
///
/// - `level`: confidence of both intervals; `None` if it does not lie between 0 and 1.
pub fn ranking_matrix(outcomes: &Outcomes, level: f64) -> Option<Vec<Pair>> {
    let pairs = (0..outcomes.schedules()).flat_map(|first| (first + 1..outcomes.schedules()).map(move |b| (first, b)));
    pairs.map(|(first, second)| pair(outcomes, first, second, level)).collect()
}

fn pair(outcomes: &Outcomes, first: usize, second: usize, level: f64) -> Option<Pair> {
    let (mut better, mut worse) = (0, 0);
    for (a, b) in outcomes.losses[first].iter().zip(&outcomes.losses[second]) {
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let difference = mean_interval(&differences, level)?;
        better += usize::from(difference.high < 0.0);
        worse += usize::from(difference.low > 0.0);
    }
    let futures = outcomes.futures();
    let share = |count| share_interval(count, futures, level);
    let cannot_be_told = share(futures - better - worse)?;
    Some(Pair { first, second, better: share(better)?, worse: share(worse)?, cannot_be_told })
}

#[cfg(test)]
mod tests {
    use super::super::Direction;
    use super::*;

    #[test]
    fn each_future_is_better_worse_or_cannot_be_told() {
        let a = vec![vec![1.0, 1.1, 1.0], vec![5.0, 5.1, 5.0], vec![1.0, 9.0, 4.0], vec![2.0, 2.0, 2.0]];
        let b = vec![vec![2.0, 2.1, 2.0], vec![4.0, 4.1, 4.1], vec![2.0, 3.0, 9.0], vec![2.0, 2.0, 2.0]];
        let outcomes = Outcomes::new(vec![a.clone(), b.clone()], Direction::Less).unwrap();
        let pairs = ranking_matrix(&outcomes, 0.95).unwrap();
        assert_eq!(pairs.len(), 1);
        let shares = |pair: &Pair| [pair.better.value, pair.worse.value, pair.cannot_be_told.value];
        assert_eq!(shares(&pairs[0]), [0.25, 0.25, 0.5]);
        let more = ranking_matrix(
            &Outcomes::new(vec![vec![a[0].clone()], vec![b[0].clone()]], Direction::More).unwrap(),
            0.95,
        );
        assert_eq!(shares(&more.unwrap()[0]), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn all_pairs_are_met_once() {
        let schedule = vec![vec![1.0, 1.0]];
        let outcomes = Outcomes::new(vec![schedule.clone(), schedule.clone(), schedule], Direction::Less).unwrap();
        let pairs = ranking_matrix(&outcomes, 0.95).unwrap();
        assert_eq!(pairs.iter().map(|pair| (pair.first, pair.second)).collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(ranking_matrix(&outcomes, 1.0), None);
    }
}
