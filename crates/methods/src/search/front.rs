//! Domination: which candidates are on the front, and how sure that is. Less is better in every outcome.
//!
//! # Source
//! K. Deb, A. Pratap, S. Agarwal and T. Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", *IEEE
//! Transactions on Evolutionary Computation* 6 (2002), sections III-A and III-B.

use crate::words::{Purpose, Words, below};

/// Whether `a` is at least as good as `b` everywhere and better somewhere.
pub fn dominates(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b) && a.iter().zip(b).any(|(a, b)| a < b)
}

/// The fronts: first those that nobody dominates, then those that only the first dominate, and so on; each in order of indices.
pub fn fronts(outcomes: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let mut above = vec![0usize; outcomes.len()];
    let mut beneath: Vec<Vec<usize>> = vec![Vec::new(); outcomes.len()];
    for a in 0..outcomes.len() {
        for b in 0..outcomes.len() {
            if dominates(&outcomes[a], &outcomes[b]) {
                beneath[a].push(b);
                above[b] += 1;
            }
        }
    }
    let mut front: Vec<usize> = (0..outcomes.len()).filter(|&at| above[at] == 0).collect();
    let mut fronts = Vec::new();
    while !front.is_empty() {
        let mut next = Vec::new();
        for &below in front.iter().flat_map(|&at| &beneath[at]) {
            above[below] -= 1;
            if above[below] == 0 {
                next.push(below);
            }
        }
        next.sort_unstable();
        fronts.push(std::mem::replace(&mut front, next));
    }
    fronts
}

/// How far each member of a front is from its neighbours, over all outcomes in shares of their range; ends are infinitely far.
pub fn crowding(outcomes: &[Vec<f64>], front: &[usize]) -> Vec<f64> {
    let mut distances = vec![0.0; front.len()];
    let width = front.first().map_or(0, |&at| outcomes[at].len());
    (0..width).for_each(|outcome| {
        let values: Vec<f64> = front.iter().map(|&at| outcomes[at][outcome]).collect();
        add_distances(&values, &mut distances);
    });
    distances
}

/// Adds the distance between the neighbours of each value, in shares of the range.
fn add_distances(values: &[f64], distances: &mut [f64]) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let (first, last) = (order[0], order[order.len() - 1]);
    let range = values[last] - values[first];
    distances[first] = f64::INFINITY;
    distances[last] = f64::INFINITY;
    for three in order.windows(3).filter(|_| range > 0.0) {
        distances[three[1]] += (values[three[2]] - values[three[0]]) / range;
    }
}

/// For each candidate the chance that no other one dominates its mean outcomes, given the noise of the replications.
///
/// The share of resamples of the replications in which it is so. A resample takes the same replications of all candidates, so
/// common random numbers count.
///
/// - `outcomes`: candidate, replication, outcome; replication `r` is the same luck for all.
/// - `None` unless all candidates have as many replications, at least 2, each with as many outcomes, at least one, and there is a
///   resample.
pub fn chance_not_dominated(words: &impl Words, outcomes: &[Vec<Vec<f64>>], resamples: u64) -> Option<Vec<f64>> {
    let replications = outcomes.first()?.len();
    let width = outcomes[0].first()?.len();
    let whole = |rows: &Vec<Vec<f64>>| rows.len() == replications && rows.iter().all(|row| row.len() == width);
    if replications < 2 || width == 0 || resamples == 0 || !outcomes.iter().all(whole) {
        return None;
    }
    let mut counts = vec![0u64; outcomes.len()];
    for resample in 0..resamples {
        let drawn: Vec<usize> = (0..replications as u64)
            .map(|index| below(words.word(Purpose::Resample, [resample, index, 2]), replications as u64) as usize)
            .collect();
        let sums: Vec<Vec<f64>> = outcomes.iter().map(|rows| summed(rows, &drawn, width)).collect();
        for (at, count) in counts.iter_mut().enumerate() {
            *count += u64::from(!sums.iter().any(|other| dominates(other, &sums[at])));
        }
    }
    Some(counts.into_iter().map(|count| count as f64 / resamples as f64).collect())
}

fn summed(rows: &[Vec<f64>], drawn: &[usize], width: usize) -> Vec<f64> {
    let mut sums = vec![0.0; width];
    for &replication in drawn {
        sums.iter_mut().zip(&rows[replication]).for_each(|(sum, value)| *sum += value);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    #[test]
    fn fronts_lie_one_behind_the_other() {
        let outcomes = [[1.0, 4.0], [2.0, 2.0], [2.0, 5.0], [4.0, 1.0], [3.0, 3.0], [5.0, 5.0]].map(|row| row.to_vec());
        assert_eq!(fronts(&outcomes), [vec![0, 1, 3], vec![2, 4], vec![5]]);
        assert_eq!(fronts(&[]), Vec::<Vec<usize>>::new());
        assert!(!dominates(&[1.0, 1.0], &[1.0, 1.0]));
    }

    #[test]
    fn ends_are_far_and_the_rest_by_their_neighbours() {
        let outcomes = [[0.0, 4.0], [1.0, 2.0], [4.0, 0.0]].map(|row| row.to_vec());
        assert_eq!(crowding(&outcomes, &[0, 1, 2]), [f64::INFINITY, 2.0, f64::INFINITY]);
        assert_eq!(crowding(&outcomes, &[]), Vec::<f64>::new());
    }

    #[test]
    fn a_paired_difference_is_sure_however_noisy_the_values_are() {
        let noise = |k: usize| ((k * 7919) % 101) as f64;
        let rows = |shift: f64| (0..20).map(|k| vec![noise(k) + shift, noise(k + 50) + shift]).collect::<Vec<_>>();
        let chances = chance_not_dominated(&Mixed(3), &[rows(0.0), rows(0.1)], 200).unwrap();
        assert_eq!(chances, [1.0, 0.0]);
    }

    #[test]
    fn what_is_not_whole_has_no_chance() {
        assert_eq!(chance_not_dominated(&Mixed(1), &[], 10), None);
        assert_eq!(chance_not_dominated(&Mixed(1), &[vec![vec![1.0]]], 10), None);
        assert_eq!(chance_not_dominated(&Mixed(1), &[vec![vec![1.0]; 2], vec![vec![1.0]; 3]], 10), None);
    }
}
