//! The winner's curse: the best of several noisy means looks better than it is.
//!
//! # Source
//! J. E. Smith and R. L. Winkler, "The optimizer's curse", *Management Science* 52 (2006).

use crate::interval::mean;

/// How much better than its true mean the best of `systems` equal systems looks on average, in standard errors of a mean.
///
/// The mean of the greatest of so many standard normal values, by the trapezoidal rule with step 1/256 from -12 to 12; its error
/// is below 1e-12. 0 for one system or none.
pub fn expected_excess(systems: u64) -> f64 {
    if systems < 2 {
        return 0.0;
    }
    let (step, count) = (1.0 / 256.0, systems as f64);
    let density = |x: f64| libm::exp(-x * x / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
    let below = |x: f64| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
    let term = |index: i32| {
        let x = f64::from(index) * step;
        x * count * density(x) * libm::pow(below(x), count - 1.0)
    };
    (-12 * 256..=12 * 256).fold(0.0, |sum, index| sum + term(index)) * step
}

/// The winner among systems that were heard with noise; less is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Winner {
    /// The system with the least mean over all replications; of equals the first.
    pub system: usize,
    /// That mean: what must not be printed as its worth.
    pub shown: f64,
    /// The mean of the winner of one half of the replications, measured on the other half, averaged over both ways.
    ///
    /// It says what choosing like this is worth; if both halves choose alike, that is the worth of the winner.
    pub fresh: f64,
}

/// The winner, with its shown and its cross-fitted mean.
///
/// - `values`: for each system one value for each replication.
/// - `None` unless all systems have as many replications, at least 2, with finite values.
pub fn winner(values: &[Vec<f64>]) -> Option<Winner> {
    let replications = values.first()?.len();
    if replications < 2 || values.iter().any(|row| row.len() != replications) {
        return None;
    }
    let middle = replications / 2;
    let means = |from: usize, to: usize| values.iter().map(|row| mean(&row[from..to])).collect::<Option<Vec<f64>>>();
    let (whole, first, second) = (means(0, replications)?, means(0, middle)?, means(middle, replications)?);
    let system = least(&whole);
    let fresh = (second[least(&first)] + first[least(&second)]) / 2.0;
    Some(Winner { system, shown: whole[system], fresh })
}

fn least(means: &[f64]) -> usize {
    (0..means.len()).min_by(|&a, &b| means[a].total_cmp(&means[b])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_and_three_the_excess_is_a_closed_form() {
        let pi = std::f64::consts::PI;
        assert!((expected_excess(2) - 1.0 / pi.sqrt()).abs() < 1e-12);
        assert!((expected_excess(3) - 1.5 / pi.sqrt()).abs() < 1e-12);
        assert_eq!([expected_excess(0), expected_excess(1)], [0.0, 0.0]);
    }

    #[test]
    fn a_winner_of_one_half_is_measured_on_the_other() {
        let found = winner(&[vec![0.0, 10.0], vec![4.0, 5.0]]).unwrap();
        assert_eq!(found, Winner { system: 1, shown: 4.5, fresh: 7.0 });
        assert_eq!(winner(&[vec![1.0]]), None);
        assert_eq!(winner(&[vec![1.0, 2.0], vec![1.0]]), None);
        assert_eq!(winner(&[vec![1.0, f64::NAN]]), None);
    }
}
