//! Sobol' indices: which share of the variance of an output each factor brings, alone (first) and with all it acts through
//! (total).
//!
//! - First index `S_i = mean(B (AB_i - A)) / V`: Saltelli et al. (2010), table 2 (b), outputs taken about their mean.
//! - Total index `ST_i = mean((A - AB_i)²) / 2V`: Jansen (1999), table 2 (f) there.
//! - `V` is the variance of `A` and `B` together, dividing by their number. All as in SALib's `sobol.analyze`.
//!
//! Each scramble gives one estimate; the indices are their mean with a Student t interval over scrambles. The rows of one
//! scramble lean on one another, so they are never resampled.
//! Where scrambles err about normally, 95 of 100 such intervals hold the true index; where a few scrambles are far off (small
//! indices of a smooth function), up to 98: then the interval is wider than need be, never narrower.
//!
//! # Sources
//! A. Saltelli et al., *Computer Physics Communications* 181 (2010), 259-270; M. J. W. Jansen, "Analysis of variance designs for
//! model output", the same journal 117 (1999), 35-43.

mod scale;
mod verdict;

pub use scale::Scale;
pub use verdict::IndexVerdict;

use crate::design::saltelli::Shape;
use crate::interval::{Interval, mean, mean_interval};

/// The indices of one factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// Share of the variance that the factor brings alone.
    pub first: Interval,
    /// Share of the variance that would be left if all others were known.
    pub total: Interval,
    /// What the total index says.
    pub verdict: IndexVerdict,
}

/// What one scramble says.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// First index of each factor.
    pub first: Vec<f64>,
    /// Total index of each factor.
    pub total: Vec<f64>,
    /// Variance of the output.
    pub variance: f64,
}

/// The indices of an output.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// One for each factor, luck last where it is one.
    pub factors: Vec<Index>,
    /// What each scramble said.
    pub scrambles: Vec<Estimates>,
    /// Mean over scrambles of the variance of the output, in the square of the unit of the scale.
    pub variance: f64,
}

/// The indices of `outputs`, one for each row of the design, in the order of the rows.
///
/// - `scale`: whether values, ranks or logarithms are explained.
/// - `level`: confidence of the intervals, such as 0.95.
/// - `None` if the outputs are not one for each row, one is not finite, or in some scramble all are equal: what does not vary
///   has nothing to explain.
pub fn indices(shape: Shape, outputs: &[f64], scale: Scale, level: f64) -> Option<Indices> {
    if outputs.len() != shape.points() || shape.scrambles < 2 {
        return None;
    }
    let scrambles = outputs.chunks(shape.points_per_scramble());
    let scrambles: Vec<Estimates> =
        scrambles.map(|outputs| estimates(shape.columns, &scale.applied(outputs))).collect::<Option<_>>()?;
    let factors = (0..shape.columns).map(|factor| index(&scrambles, factor, level)).collect::<Option<_>>()?;
    let variances: Vec<f64> = scrambles.iter().map(|scramble| scramble.variance).collect();
    Some(Indices { factors, variance: mean(&variances)?, scrambles })
}

fn index(scrambles: &[Estimates], factor: usize, level: f64) -> Option<Index> {
    let over = |of: fn(&Estimates) -> &[f64]| {
        let values: Vec<f64> = scrambles.iter().map(|scramble| of(scramble)[factor]).collect();
        mean_interval(&values, level)
    };
    let (first, total) = (over(|scramble| &scramble.first)?, over(|scramble| &scramble.total)?);
    Some(Index { first, total, verdict: IndexVerdict::of(total) })
}

/// What one scramble says: `outputs` are `A`, `AB_1` to `AB_k`, `B` of each base row.
///
/// `None` if an output is not finite, the rows are not whole, or all outputs of `A` and `B` are equal.
pub fn estimates(columns: usize, outputs: &[f64]) -> Option<Estimates> {
    let points = columns + 2;
    if outputs.is_empty() || !outputs.len().is_multiple_of(points) || outputs.iter().any(|y| !y.is_finite()) {
        return None;
    }
    let rows = (outputs.len() / points) as f64;
    // Taken about the mean of all outputs, or B's mean would multiply the noise of AB_i - A.
    let centre = mean(outputs)?;
    let (mut sums, mut first, mut total) = ([0.0; 2], vec![0.0; columns], vec![0.0; columns]);
    for row in outputs.chunks(points) {
        let (a, b) = (row[0] - centre, row[points - 1] - centre);
        sums = [sums[0] + (a + b), sums[1] + (a * a + b * b)];
        for (factor, mixed) in row[1..points - 1].iter().enumerate() {
            let moved = (mixed - centre) - a;
            first[factor] += b * moved;
            total[factor] += moved * moved;
        }
    }
    let offset = sums[0] / (2.0 * rows);
    let variance = sums[1] / (2.0 * rows) - offset * offset;
    let negligible = f64::EPSILON * sums[1] / rows;
    (variance > negligible).then(|| Estimates {
        first: first.iter().map(|sum| sum / rows / variance).collect(),
        total: total.iter().map(|sum| sum / (2.0 * rows) / variance).collect(),
        variance,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_scramble_of_two_rows_is_what_the_formulas_give() {
        // A = 1, 3; AB_1 = 2, 3; B = 5, 7: mean 3.5, V = 5 (about 4), first = (1.5 + 0) / 2 / V, total = (1 + 0) / 4 / V.
        let found = estimates(1, &[1.0, 2.0, 5.0, 3.0, 3.0, 7.0]).unwrap();
        assert_eq!(found, Estimates { first: vec![0.15], total: vec![0.05], variance: 5.0 });
    }

    #[test]
    fn what_does_not_vary_or_is_not_whole_has_no_indices() {
        assert_eq!(estimates(1, &[0.1; 6]), None);
        assert_eq!(estimates(1, &[1.0, 2.0]), None);
        assert_eq!(estimates(1, &[]), None);
        assert_eq!(estimates(1, &[1.0, f64::NAN, 2.0]), None);
        let shape = Shape { columns: 1, base: 2, scrambles: 8 };
        assert_eq!(indices(shape, &[1.0; 47], Scale::Value, 0.95), None);
        assert_eq!(indices(shape, &[1.0; 48], Scale::Value, 0.95), None);
    }

    #[test]
    fn a_factor_that_does_nothing_has_a_total_index_of_exactly_zero() {
        let row = |a: f64, b: f64| [a, b, a, b];
        let outputs: Vec<f64> = (0..16).flat_map(|k| row(f64::from(k), f64::from((k * 7 + 3) % 16))).collect();
        let shape = Shape { columns: 2, base: 2, scrambles: 8 };
        let found = indices(shape, &outputs, Scale::Value, 0.95).unwrap();
        assert_eq!(found.factors[1].total, Interval { value: 0.0, low: 0.0, high: 0.0 });
        assert_eq!(found.factors[1].verdict, IndexVerdict::CannotBeTold);
    }
}
