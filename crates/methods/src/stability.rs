//! How sure a ranking of factors is: the share of resamples in which the same factors are on top.
//!
//! What is resampled must be independent: scrambles of a Sobol' design, trajectories of a Morris design, never the rows of a
//! low-discrepancy sample.
//!
//! # Source
//! B. Efron and R. J. Tibshirani, *An Introduction to the Bootstrap* (1993), chapter 6, for resampling of independent values.

use crate::words::{Purpose, Words, below};

/// How sure a ranking is.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// The factors on top, greatest score first.
    pub top: Vec<usize>,
    /// Share of resamples with the same factors on top, in any order.
    pub same_set: f64,
    /// Share of resamples with the same factors on top in the same order.
    pub same_order: f64,
    /// For each factor, the share of resamples in which it is on top.
    pub on_top: Vec<f64>,
}

/// Ranks factors by the mean of their scores over independent repetitions, and says how sure the first `top` are.
///
/// - `scores`: for each repetition the score of each factor: a total index, the size of an elementary effect.
/// - Equal scores are ranked by their index, so that a tie is not a matter of chance.
/// - `None` for fewer than two repetitions, no resample, rows of different lengths, or `top` greater than the factors.
pub fn stability(words: &impl Words, scores: &[Vec<f64>], top: usize, resamples: u64) -> Option<Stability> {
    let factors = scores.first()?.len();
    if scores.len() < 2 || resamples == 0 || top > factors || scores.iter().any(|row| row.len() != factors) {
        return None;
    }
    let first = ranking(scores.iter(), factors, top);
    let (mut sets, mut orders, mut on_top) = (0u64, 0u64, vec![0u64; factors]);
    for resample in 0..resamples {
        let drawn = (0..scores.len() as u64).map(|index| {
            let word = words.word(Purpose::Resample, [resample, index, 0]);
            &scores[below(word, scores.len() as u64) as usize]
        });
        let found = ranking(drawn, factors, top);
        orders += u64::from(found == first);
        sets += u64::from(found.iter().all(|factor| first.contains(factor)));
        found.iter().for_each(|&factor| on_top[factor] += 1);
    }
    let share = |count: u64| count as f64 / resamples as f64;
    let on_top = on_top.into_iter().map(share).collect();
    Some(Stability { top: first, same_set: share(sets), same_order: share(orders), on_top })
}

fn ranking<'a>(rows: impl Iterator<Item = &'a Vec<f64>>, factors: usize, top: usize) -> Vec<usize> {
    let mut sums = vec![0.0; factors];
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, score)| *sum += score);
    }
    let mut order: Vec<usize> = (0..factors).collect();
    order.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]).then(a.cmp(&b)));
    order.truncate(top);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    #[test]
    fn scores_far_apart_are_always_ranked_alike() {
        let scores: Vec<Vec<f64>> = (0..8).map(|k| vec![1.0, 9.0 + 0.1 * f64::from(k), 5.0, 0.0]).collect();
        let found = stability(&Mixed(1), &scores, 3, 200).unwrap();
        assert_eq!(
            found,
            Stability { top: vec![1, 2, 0], same_set: 1.0, same_order: 1.0, on_top: vec![1.0, 1.0, 1.0, 0.0] }
        );
    }

    /// Seed 2; n 20000 resamples of 8 exchangeable scores; alpha 1e-6 (normal limit 4.9 of a share of a half: 0.017).
    /// Wrong would be resampling that leans to one repetition, or ties that are won by index.
    #[test]
    fn two_factors_alike_win_half_of_the_time_each() {
        let scores: Vec<Vec<f64>> = (0..8).map(|k| if k % 2 == 0 { vec![2.0, 1.0] } else { vec![1.0, 2.0] }).collect();
        let found = stability(&Mixed(2), &scores, 1, 20_000).unwrap();
        // Ties, C(8,4) / 2^8 of the resamples, go to the first.
        let ties = 70.0 / 256.0;
        assert!((found.on_top[0] - (0.5 + ties / 2.0)).abs() < 0.017, "{found:?}");
    }

    #[test]
    fn what_cannot_be_ranked_is_not() {
        assert_eq!(stability(&Mixed(1), &[vec![1.0]], 1, 10), None);
        assert_eq!(stability(&Mixed(1), &[vec![1.0], vec![1.0]], 2, 10), None);
        assert_eq!(stability(&Mixed(1), &[vec![1.0], vec![]], 0, 10), None);
        assert_eq!(stability(&Mixed(1), &[], 0, 10), None);
    }
}
