//! Means over replications, and paired differences between two scenarios, with Student t intervals.

pub use brownout_methods::interval::{t_quantile, z_quantile};

/// A mean with the interval in which the true mean lies at the stated confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean of the `n` values, in their unit.
    pub mean: f64,
    /// Lower end of the interval; `None` when one value, or an impossible level, leaves it undefined.
    pub low: Option<f64>,
    /// Upper end of the interval; `None` exactly when `low` is.
    pub high: Option<f64>,
    /// Confidence level, such as 0.95.
    pub level: f64,
    /// How many values the mean divides by.
    pub n: usize,
}

/// The mean difference of two paired samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedDifference {
    /// Mean of `a - b` over the pairs, with its interval; `n` counts pairs.
    pub estimate: Estimate,
    /// How many times as many pairs independent runs would need for the same precision: `(var a + var b) / var(a - b)`,
    /// each variance dividing by `n - 1`. `None` when `var(a - b)` is 0 or there is one pair.
    pub variance_ratio: Option<f64>,
}

/// Mean of `values` with its two-sided Student t interval, `mean ± t(1 - (1 - level) / 2, n - 1) × s / √n`.
///
/// The mean divides by `n`, the variance `s²` by `n - 1`. Equal values give exactly that value and an interval of width
/// 0.
///
/// - `level`: confidence, above 0 and below 1; outside that the interval is `None`, and so it is for one value.
/// - `None` if `values` is empty or holds an infinity or NaN.
///
/// ```
/// use brownout_kernel::stats::mean_interval;
/// let days = mean_interval(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95).unwrap();
/// assert_eq!(days.mean, 3.0);
/// assert!((days.low.unwrap() - 1.0367568).abs() < 1e-6);
/// assert_eq!(mean_interval(&[7.0], 0.95).unwrap().low, None);
/// ```
///
/// # Source
/// Law, *Simulation Modeling and Analysis* (5th ed., 2015), section 4.5.
pub fn mean_interval(values: &[f64], level: f64) -> Option<Estimate> {
    let mean = mean(values)?;
    let n = values.len();
    let half = variance(values, mean).and_then(|variance| {
        let t = t_quantile(0.5 + level / 2.0, (n - 1) as f64).filter(|_| level > 0.0)?;
        Some(t * (variance / n as f64).sqrt())
    });
    Some(Estimate { mean, low: half.map(|h| mean - h), high: half.map(|h| mean + h), level, n })
}

/// Mean of `a[i] - b[i]` with its Student t interval, and what pairing gained.
///
/// Pair `i` holds the same replication under two scenarios. Identical inputs differ by exactly 0, interval `[0, 0]`.
///
/// - `level`: as in [`mean_interval`].
/// - `None` if the lengths differ, there is no pair, or a difference is infinite or NaN.
///
/// # Source
/// Law, *Simulation Modeling and Analysis* (5th ed., 2015), sections 10.2.1 (paired t) and 11.2 (common random
/// numbers).
pub fn paired_interval(a: &[f64], b: &[f64], level: f64) -> Option<PairedDifference> {
    if a.len() != b.len() {
        return None;
    }
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let estimate = mean_interval(&differences, level)?;
    let independent = variance(a, mean(a)?).zip(variance(b, mean(b)?)).map(|(a, b)| a + b);
    let paired = variance(&differences, estimate.mean).filter(|&variance| variance > 0.0);
    let variance_ratio = independent.zip(paired).map(|(independent, paired)| independent / paired);
    Some(PairedDifference { estimate, variance_ratio })
}

/// The mean, dividing by `n`; `None` for no values or a sum that is not finite.
///
/// Summed as differences from the first value, so that equal values have exactly that mean.
fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    let sum: f64 = values.iter().map(|value| value - first).sum();
    Some(first + sum / values.len() as f64).filter(|mean| mean.is_finite())
}

/// The sample variance about `mean`, dividing by `n - 1`; `None` for fewer than two values.
fn variance(values: &[f64], mean: f64) -> Option<f64> {
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (values.len() > 1).then(|| squares / (values.len() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::{assert_near, uniforms};

    #[test]
    fn t_quantiles_are_those_of_r() {
        let known = [
            (1.0, 12.7062047),
            (4.0, 2.7764451),
            (9.0, 2.2621572),
            (19.0, 2.0930241),
            (29.0, 2.0452296),
            (99.0, 1.9842170),
        ];
        for (df, t) in known {
            assert_near(t_quantile(0.975, df).unwrap(), t, 6e-8);
            assert_near(t_quantile(0.025, df).unwrap(), -t, 6e-8);
        }
    }

    #[test]
    fn t_quantiles_have_their_closed_forms() {
        for p in [0.001, 0.2, 0.5, 0.8, 0.9, 0.999] {
            let cauchy = (std::f64::consts::PI * (p - 0.5)).tan();
            assert_near(t_quantile(p, 1.0).unwrap(), cauchy, 1e-9 * (1.0 + cauchy.abs()));
            let two = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
            assert_near(t_quantile(p, 2.0).unwrap(), two, 1e-9 * (1.0 + two.abs()));
        }
    }

    #[test]
    fn z_quantiles_are_those_of_r() {
        assert_near(z_quantile(0.95).unwrap(), 1.6448536270, 6e-11);
        assert_near(z_quantile(0.975).unwrap(), 1.9599639845, 6e-11);
    }

    #[test]
    fn t_quantiles_pass_into_normal_ones_without_a_jump() {
        // scipy 1.17.1, stats.t.ppf
        assert_near(t_quantile(0.975, 1000.0).unwrap(), 1.9623390808264083, 1e-10);
        assert_near(t_quantile(0.975, 99_999.0).unwrap(), 1.9599877077718442, 1e-12);
        assert_near(t_quantile(0.995, 99_999.0).unwrap(), 2.575878470400052, 1e-12);
        let (below, above) = (t_quantile(0.975, 1000.0).unwrap(), t_quantile(0.975, 1000.0 + 1e-9).unwrap());
        assert_near(below, above, 1e-10);
        assert_near(t_quantile(0.975, 1e12).unwrap(), 1.9599639845, 1e-10);
    }

    #[test]
    fn quantiles_outside_their_range_are_none() {
        for p in [0.0, 1.0, -0.1, f64::NAN] {
            assert_eq!((z_quantile(p), t_quantile(p, 3.0)), (None, None));
        }
        for df in [0.0, 0.99, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(t_quantile(0.9, df), None);
        }
    }

    #[test]
    fn one_value_or_an_impossible_level_has_no_interval() {
        let one = mean_interval(&[4.5], 0.95).unwrap();
        assert_eq!(one, Estimate { mean: 4.5, low: None, high: None, level: 0.95, n: 1 });
        for level in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(mean_interval(&[1.0, 2.0], level).unwrap().low, None, "{level}");
        }
    }

    #[test]
    fn no_values_or_values_that_are_no_numbers_have_no_mean() {
        assert_eq!(mean_interval(&[], 0.95), None);
        assert_eq!(mean_interval(&[1.0, f64::NAN], 0.95), None);
        assert_eq!(mean_interval(&[1.0, f64::INFINITY], 0.95), None);
        assert_eq!(paired_interval(&[1.0, 2.0], &[1.0], 0.95), None);
    }

    #[test]
    fn equal_values_have_exactly_that_mean_and_no_width() {
        let same = mean_interval(&[0.1; 10], 0.95).unwrap();
        assert_eq!((same.mean, same.low, same.high), (0.1, Some(0.1), Some(0.1)));
    }

    #[test]
    fn identical_scenarios_differ_by_exactly_zero() {
        let values: Vec<f64> = uniforms(1).take(30).collect();
        let pair = paired_interval(&values, &values, 0.95).unwrap();
        assert_eq!((pair.estimate.mean, pair.estimate.low, pair.estimate.high), (0.0, Some(0.0), Some(0.0)));
        assert_eq!(pair.variance_ratio, None);
    }

    #[test]
    fn the_variance_ratio_says_what_pairing_gained() {
        // a = 1..4, b = 1, 3, 3, 5: variances 5/3 and 8/3, differences 0, -1, 0, -1 with variance 1/3.
        let pair = paired_interval(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 3.0, 5.0], 0.95).unwrap();
        assert_near(pair.variance_ratio.unwrap(), 13.0, 1e-12);
        assert_eq!((pair.estimate.mean, pair.estimate.n), (-0.5, 4));
        assert_eq!(paired_interval(&[1.0], &[3.0], 0.95).unwrap().variance_ratio, None);
    }

    /// Share of 2000 samples of five standard normals (seed 7) whose mean lies within `half_width` of the true mean, 0.
    fn coverage(half_width: impl Fn(&[f64]) -> f64) -> f64 {
        let mut draws = uniforms(7).map(|u| z_quantile(u).unwrap());
        let sample = |_| draws.by_ref().take(5).collect::<Vec<f64>>();
        let covered = (0..2000).map(sample).filter(|values| mean(values).unwrap().abs() <= half_width(values)).count();
        covered as f64 / 2000.0
    }

    /// seed 7, n 2000, alpha 4e-5: a true 95 % interval covers outside 93-97 % with this probability (binomial, sd 0.49 %).
    #[test]
    fn the_t_interval_covers_at_its_level_and_a_normal_one_would_not() {
        let t_half = |values: &[f64]| {
            let estimate = mean_interval(values, 0.95).unwrap();
            estimate.high.unwrap() - estimate.mean
        };
        let z_half = |values: &[f64]| 1.9599639845 * (variance(values, mean(values).unwrap()).unwrap() / 5.0).sqrt();
        let (right, wrong) = (coverage(t_half), coverage(z_half));
        assert!((0.93..=0.97).contains(&right), "{right}");
        assert!(wrong < 0.93, "{wrong}");
    }
}
