//! Intervals: Student's t for means, Wilson's for shares.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// A value with the interval in which the true one lies at the stated confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Interval {
    /// Half of the interval's width.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Whether the interval holds a value.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Mean of independent values with its Student t interval, `mean ± t(1 - (1 - level) / 2, n - 1) × s / √n`.
///
/// The variance `s²` divides by `n - 1`. Equal values give exactly that value and an interval of width 0.
///
/// - `level`: confidence, above 0 and below 1.
/// - `None` for fewer than two values, for a value that is not finite, and for an impossible level.
///
/// # Source
/// Law, *Simulation Modeling and Analysis* (5th ed., 2015), section 4.5.
pub fn mean_interval(values: &[f64], level: f64) -> Option<Interval> {
    let (mean, variance) = (mean(values)?, sample_variance(values)?);
    let half = t_quantile(0.5 + level / 2.0, values.len() as f64 - 1.0).filter(|_| level > 0.0)?
        * libm::sqrt(variance / values.len() as f64);
    half.is_finite().then_some(Interval { value: mean, low: mean - half, high: mean + half })
}

/// The share `count / total` with its Wilson score interval.
///
/// - `level`: confidence, above 0 and below 1.
/// - `None` if `total` is 0, `count` is greater than `total`, or the level is impossible.
///
/// # Source
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", *Journal of the American Statistical
/// Association* 22 (1927); Agresti and Coull, *The American Statistician* 52 (1998), equation 2.
pub fn share_interval(count: usize, total: usize, level: f64) -> Option<Interval> {
    if total == 0 || count > total || level <= 0.0 {
        return None;
    }
    let (z, n, value) = (z_quantile(0.5 + level / 2.0)?, total as f64, count as f64 / total as f64);
    let middle = (value + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * libm::sqrt(value * (1.0 - value) / n + z * z / (4.0 * n * n));
    // Exact ends where rounding would leave a shadow of 1e-17.
    let low = if count == 0 { 0.0 } else { middle - half };
    let high = if count == total { 1.0 } else { middle + half };
    Some(Interval { value, low, high })
}

/// The `t` below which a share `p` of Student's t distribution with `df` degrees of freedom lies.
///
/// - `None` unless `p` lies above 0 and below 1 and `df` is finite and at least 1.
///
/// # Source
/// Above 1000 degrees of freedom Abramowitz and Stegun (1964), 26.7.5; below, the inverse of statrs.
pub fn t_quantile(p: f64, df: f64) -> Option<f64> {
    let z = z_quantile(p)?;
    if !(df >= 1.0 && df.is_finite()) {
        return None;
    }
    if df > 1000.0 {
        // Inverting the beta function loses digits as `df` grows; three corrections to the normal quantile keep ten.
        let square = z * z;
        let first = z * (square + 1.0) / 4.0;
        let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
        let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
        return Some(z + (first + (second + third / df) / df) / df);
    }
    StudentsT::new(0.0, 1.0, df).ok().map(|t| t.inverse_cdf(p))
}

/// The `z` below which a share `p` of the standard normal distribution lies; `None` unless `p` lies above 0 and below 1.
pub fn z_quantile(p: f64) -> Option<f64> {
    (p > 0.0 && p < 1.0).then(|| Normal::standard().inverse_cdf(p))
}

/// The mean; `None` for no values or a sum that is not finite.
///
/// Summed as differences from the first value, in the order of indices, so that equal values have exactly that mean.
pub fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    let sum = values.iter().fold(0.0, |sum, value| sum + (value - first));
    Some(first + sum / values.len() as f64).filter(|mean| mean.is_finite())
}

/// The variance, dividing by `n - 1`; `None` for fewer than two values.
pub fn sample_variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares = values.iter().fold(0.0, |sum, value| sum + (value - mean) * (value - mean));
    (values.len() > 1).then(|| squares / (values.len() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, within: f64) -> bool {
        (a - b).abs() <= within
    }

    #[test]
    fn the_mean_of_one_to_five_has_the_textbook_interval() {
        let days = mean_interval(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95).unwrap();
        assert_eq!(days.value, 3.0);
        assert!(near(days.low, 1.036_756_8, 1e-6) && near(days.high, 4.963_243_2, 1e-6), "{days:?}");
        assert!(days.holds(1.1) && !days.holds(1.0) && near(days.half_width(), 1.963_243_2, 1e-6));
    }

    #[test]
    fn equal_values_have_an_interval_of_width_zero() {
        assert_eq!(mean_interval(&[0.1; 3], 0.95), Some(Interval { value: 0.1, low: 0.1, high: 0.1 }));
    }

    #[test]
    fn what_has_no_interval_has_none() {
        assert_eq!(mean_interval(&[1.0], 0.95), None);
        assert_eq!(mean_interval(&[1.0, f64::NAN], 0.95), None);
        assert_eq!(mean_interval(&[1.0, 2.0], 1.0), None);
        assert_eq!(mean_interval(&[1.0, 2.0], -0.5), None);
        assert_eq!(share_interval(0, 0, 0.95), None);
        assert_eq!(share_interval(3, 2, 0.95), None);
        assert_eq!(t_quantile(0.975, 0.0), None);
    }

    #[test]
    fn shares_have_the_interval_of_agresti_and_coull() {
        // 9 of 10: Wilson's interval is 0.596 to 0.982 (table of the paper, three digits).
        let share = share_interval(9, 10, 0.95).unwrap();
        assert!(near(share.low, 0.595_850, 1e-6) && near(share.high, 0.982_124, 1e-6), "{share:?}");
        let none = share_interval(0, 100, 0.95).unwrap();
        assert!(none.low == 0.0 && near(none.high, 0.036_993_5, 1e-6), "{none:?}");
        assert_eq!(share_interval(100, 100, 0.95).unwrap().high, 1.0);
    }

    #[test]
    fn quantiles_meet_at_a_thousand_degrees_of_freedom() {
        let (below, above) = (t_quantile(0.975, 1000.0).unwrap(), t_quantile(0.975, 1000.5).unwrap());
        assert!(near(below, above, 3e-6), "{below} {above}");
        assert!(near(t_quantile(0.975, 7.0).unwrap(), 2.364_624_251_592_785, 1e-9));
    }
}
