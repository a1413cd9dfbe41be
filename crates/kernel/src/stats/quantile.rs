//! Quantiles: the spread of replications, and histograms over tenants.

/// Quantile of values in rising order, by linear interpolation between the two nearest (R's type 7, its default).
///
/// With `h = (n - 1) q`, between the values at the whole numbers below and above `h`, counted from 0.
///
/// - `sorted`: rising order, as by `f64::total_cmp`; the caller's duty, not checked.
/// - `q`: from 0 (the smallest) to 1 (the largest). `None` outside that, or without values.
///
/// # Source
/// Hyndman and Fan, "Sample quantiles in statistical packages", *The American Statistician* 50 (1996), definition 7.
pub fn quantile_of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    quantile_by_rank(sorted.len(), q, |rank| sorted[rank])
}

/// As [`quantile_of_sorted`], of `count` values of which only those near the quantile need to be known.
///
/// - `at`: the value of a rank from 0 (the smallest) on; asked for the ranks of [`ranks`] alone.
pub fn quantile_by_rank(count: usize, q: f64, at: impl Fn(usize) -> f64) -> Option<f64> {
    let (below, above) = ranks(count, q)?;
    let position = (count - 1) as f64 * q;
    let share = position - position.floor();
    let (below, above) = (at(below), at(above));
    Some(if below == above { below } else { (1.0 - share) * below + share * above })
}

/// The ranks, from 0 on, between which the `q` quantile of `count` values lies; `None` without values or for `q` out of range.
pub fn ranks(count: usize, q: f64) -> Option<(usize, usize)> {
    if count == 0 || !(0.0..=1.0).contains(&q) {
        return None;
    }
    let position = (count - 1) as f64 * q;
    Some((position.floor() as usize, position.ceil() as usize))
}

/// The band of `values` between two quantiles, in any order: `band(&values, 0.05, 0.95)` is where the middle 90 % lie.
///
/// A band shows how replications differ; it does not narrow with more of them, as the interval of their mean does.
///
/// - `low`, `high`: shares from 0 to 1, `low <= high`. Quantiles as in [`quantile_of_sorted`].
/// - `None` without values, with a NaN among them, or for shares out of range or order.
pub fn band(values: &[f64], low: f64, high: f64) -> Option<(f64, f64)> {
    if low > high || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some((quantile_of_sorted(&sorted, low)?, quantile_of_sorted(&sorted, high)?))
}

/// Quantile of a histogram: the smallest value whose cumulative share of the counts is at least `q`.
///
/// Always a value that occurred (R's type 1), as befits whole counts such as mails lost by a tenant.
///
/// - `counts`: pairs (value, how often it occurred), in any order; a value may occur in several pairs.
/// - `q`: from 0 (the smallest value) to 1 (the largest). `None` outside that, or when all counts are 0.
///
/// ```
/// use brownout_kernel::stats::quantile_of_counts;
/// let mails_lost = [(0, 90), (3, 8), (250, 2)]; // 90 tenants lost nothing, 8 lost three mails, 2 lost 250
/// assert_eq!(quantile_of_counts(&mails_lost, 0.90), Some(0));
/// assert_eq!(quantile_of_counts(&mails_lost, 0.98), Some(3));
/// assert_eq!(quantile_of_counts(&mails_lost, 0.99), Some(250));
/// ```
pub fn quantile_of_counts(counts: &[(u64, u64)], q: f64) -> Option<u64> {
    let mut sorted: Vec<(u64, u64)> = counts.iter().copied().filter(|&(_, count)| count > 0).collect();
    sorted.sort_unstable();
    let total: u128 = sorted.iter().map(|&(_, count)| u128::from(count)).sum();
    if total == 0 || !(0.0..=1.0).contains(&q) {
        return None;
    }
    // 0.07 × 100 is a hair above 7 in binary; as in R, four roundings are forgiven before the next rank is taken.
    let rank = q * total as f64;
    let rank = (rank - 4.0 * f64::EPSILON * rank).ceil() as u128;
    let mut cumulative = 0;
    let found = sorted.iter().find(|&&(_, count)| {
        cumulative += u128::from(count);
        cumulative >= rank
    });
    found.or(sorted.last()).map(|&(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::assert_near;

    #[test]
    fn type_seven_interpolates_between_neighbours() {
        // By hand: positions 0.15, 0.75, 1.5 and 2.7 among four values.
        for (q, value) in [(0.0, 1.0), (0.05, 1.15), (0.25, 1.75), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
            assert_near(quantile_of_sorted(&[1.0, 2.0, 4.0, 8.0], q).unwrap(), value, 1e-12);
        }
    }

    #[test]
    fn a_band_does_not_care_for_order() {
        let (low, high) = band(&[8.0, 1.0, 4.0, 2.0], 0.05, 0.95).unwrap();
        assert_near(low, 1.15, 1e-12);
        assert_near(high, 7.4, 1e-12);
        assert_eq!(band(&[3.5], 0.05, 0.95), Some((3.5, 3.5)));
        assert_eq!(band(&[f64::INFINITY; 3], 0.05, 0.95), Some((f64::INFINITY, f64::INFINITY)));
    }

    #[test]
    fn a_band_of_nothing_or_out_of_range_is_none() {
        assert_eq!(band(&[], 0.05, 0.95), None);
        assert_eq!(band(&[1.0, f64::NAN], 0.05, 0.95), None);
        assert_eq!(band(&[1.0], 0.95, 0.05), None);
        assert_eq!(band(&[1.0], -0.1, 0.5), None);
        assert_eq!(band(&[1.0], 0.1, f64::NAN), None);
    }

    #[test]
    fn a_histogram_quantile_is_the_first_value_with_enough_share() {
        let counts: Vec<(u64, u64)> = (1..=100).map(|value| (value, 1)).collect();
        for percent in 1..=100 {
            assert_eq!(quantile_of_counts(&counts, percent as f64 / 100.0), Some(percent), "{percent} %");
        }
        assert_eq!(quantile_of_counts(&counts, 0.0), Some(1));
        assert_eq!(quantile_of_counts(&counts, 0.5000001), Some(51));
    }

    #[test]
    fn a_histogram_may_be_unordered_and_hold_empty_values() {
        assert_eq!(quantile_of_counts(&[(9, 1), (0, 0), (2, 1), (9, 1)], 0.5), Some(9));
        assert_eq!(quantile_of_counts(&[(9, 1), (0, 0), (2, 1)], 0.0), Some(2));
        assert_eq!(quantile_of_counts(&[(0, 0)], 0.5), None);
        assert_eq!(quantile_of_counts(&[(1, 4)], 1.5), None);
        assert_eq!(quantile_of_counts(&[(1, u64::MAX), (2, u64::MAX)], 1.0), Some(2));
    }
}
