//! The same number twice: how far luck alone leaves it open, and how far what is not known does.

use brownout_methods::interval::mean_interval;

use super::{LEVEL, Values};
use crate::file::Explore;
use brownout_experiment::Measure;

/// A measure of a schedule over the futures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutcomeRange {
    /// The schedule, from 0.
    pub schedule: usize,
    /// The outcome.
    pub measure: Measure,
    /// The median over futures of the means over replications.
    pub median: f64,
    /// The 5th and the 95th percentile over futures of these means.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// Half-width of the interval of the mean that the replications of one future give; the median over futures.
    pub luck: f64,
}

/// The spans of all outcomes that are defined in every future, by outcome and schedule.
pub(super) fn spans(explore: &Explore, values: &Values) -> Vec<OutcomeRange> {
    let mut spans = Vec::new();
    for (index, outcome) in explore.outcomes.iter().enumerate() {
        for (schedule, futures) in values.iter().enumerate() {
            let found = futures.iter().map(|replications| {
                let values: Option<Vec<f64>> = replications.iter().map(|values| values[index]).collect();
                mean_interval(&values?, LEVEL)
            });
            let Some(found) = found.collect::<Option<Vec<_>>>() else { continue };
            let sorted = |of: &dyn Fn(usize) -> f64| {
                let mut values: Vec<f64> = (0..found.len()).map(of).collect();
                values.sort_by(f64::total_cmp);
                values
            };
            let (means, halves) = (sorted(&|at| found[at].value), sorted(&|at| found[at].half_width()));
            let spanned = |share| quantile(&means, share);
            if let (Some(low), Some(median), Some(high), Some(luck)) =
                (spanned(0.05), spanned(0.5), spanned(0.95), quantile(&halves, 0.5))
            {
                spans.push(OutcomeRange { schedule, measure: outcome.measure, median, low, high, luck });
            }
        }
    }
    spans
}

/// The quantile of sorted values, linear between neighbours (type 7).
///
/// # Source
/// R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", *The American Statistician* 50 (1996).
pub(super) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let position = share * (sorted.len().checked_sub(1)? as f64);
    let (below, above) = (libm::floor(position) as usize, libm::ceil(position) as usize);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
