//! Simulation against theory (MODEL 10). Every test names its seed, n and the probability alpha of a false alarm; limits
//! come from the normal distribution (n is large throughout) or from Massart's bound, never from what was observed.

mod censoring;
mod clusters;
mod durations;
mod intervals;
mod mail;
mod pauses;
mod samplers;
mod survival;
mod tenants;

use brownout::stats::z_quantile;
use brownout::tally::CurveCounts;

use crate::common::remediated_by;

/// Probability that a right program fails one test, shared out over its comparisons (Bonferroni).
const ALPHA: f64 = 1e-6;

/// The two-sided normal limit for one of `comparisons` comparisons.
fn z_limit(comparisons: usize) -> f64 {
    z_quantile(1.0 - ALPHA / 2.0 / comparisons as f64).unwrap()
}

/// How many standard errors a count of `n` lies from probability `p`.
fn deviation(count: i64, n: i64, p: f64) -> f64 {
    let n = n as f64;
    (count as f64 - n * p).abs() / (n * p * (1.0 - p)).sqrt()
}

/// The largest deviation of a curve from a survival function over some days.
fn worst(curve: &CurveCounts, days: &[usize], survival: impl Fn(f64) -> f64) -> f64 {
    let deviations = days.iter().map(|&day| {
        let (remediated, total) = remediated_by(curve, day);
        deviation(total - remediated, total, survival(day as f64))
    });
    deviations.fold(0.0, f64::max)
}
