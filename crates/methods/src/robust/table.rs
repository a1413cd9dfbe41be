//! Criteria on a decision table without noise: one loss for each schedule (row) in each future (column), less is better.
//!
//! # Sources
//! L. J. Savage, "The theory of statistical decision", *Journal of the American Statistical Association* 46 (1951), for regret;
//! R. T. Rockafellar and S. Uryasev, "Optimization of conditional value-at-risk", *Journal of Risk* 2 (2000), for the worst
//! share.

/// The regret of each schedule in each future: its loss above the least loss of that future.
pub fn regret(losses: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let least = |future: usize| losses.iter().map(|row| row[future]).fold(f64::INFINITY, f64::min);
    let regret = |row: &Vec<f64>| row.iter().enumerate().map(|(future, loss)| loss - least(future)).collect();
    losses.iter().map(regret).collect()
}

/// The greatest value of a row; minus infinity for an empty one.
pub fn greatest(row: &[f64]) -> f64 {
    row.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// The futures with the greatest losses, greatest first: a share of all, at least one. Of equals the first.
pub fn worst_futures(row: &[f64], share: f64) -> Vec<usize> {
    let count = (libm::round(row.len() as f64 * share) as usize).clamp(1, row.len().max(1));
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|&a, &b| row[b].total_cmp(&row[a]).then(a.cmp(&b)));
    order.truncate(count);
    order
}

/// The mean loss over the worst share of the futures.
pub fn worst(row: &[f64], share: f64) -> f64 {
    let futures = worst_futures(row, share);
    futures.iter().fold(0.0, |sum, &future| sum + row[future]) / futures.len() as f64
}

/// Which schedule has the least loss in a future; of equals the first.
pub fn best(losses: &[Vec<f64>], future: usize) -> usize {
    (0..losses.len()).min_by(|&a, &b| losses[a][future].total_cmp(&losses[b][future])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_share_is_at_least_one_future() {
        let row = [1.0, 5.0, 5.0, 2.0];
        assert_eq!(worst_futures(&row, 0.01), [1]);
        assert_eq!(worst_futures(&row, 0.75), [1, 2, 3]);
        assert_eq!([worst(&row, 0.5), worst(&row, 1.0)], [5.0, 3.25]);
    }

    #[test]
    fn of_equal_schedules_the_first_is_best_and_none_is_regretted() {
        let losses = [vec![2.0, 1.0], vec![2.0, 3.0]];
        assert_eq!([best(&losses, 0), best(&losses, 1)], [0, 0]);
        assert_eq!(regret(&losses), [[0.0, 0.0], [0.0, 2.0]]);
        assert_eq!(greatest(&[1.0, -2.0]), 1.0);
    }
}
