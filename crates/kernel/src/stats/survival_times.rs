//! Times read off a survival curve: quantiles such as the median, and the restricted mean.

use super::survival::{SurvivalCurve, SurvivalPoint};

/// As R's `all.equal`: survival closer than this to the share sought counts as equal to it.
const TOLERANCE: f64 = 1.490_116_119_384_765_6e-8; // √2⁻⁵²

/// The time by which a share of those observed had their event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeQuantile {
    /// The share with an event by `time`: 0.5 for the median.
    pub q: f64,
    /// The time, in the table's unit; `None` if the curve does not come down that far.
    pub time: Option<f64>,
    /// Lower confidence limit: where the lower ends of the curve's intervals cross; `None` if they do not.
    pub low: Option<f64>,
    /// Upper confidence limit: where the upper ends cross; `None` if they do not, which means no upper limit.
    pub high: Option<f64>,
}

/// The mean time without event up to a time `tau`: the area under the survival curve from 0 to `tau`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestrictedMean {
    /// The area, in the table's unit.
    pub mean: f64,
    /// Its standard error, by Greenwood's formula, without correction for small samples.
    pub se: f64,
    /// Where the area ends.
    pub tau: f64,
    /// True when `tau` lies after the last time and somebody was left then: the curve was drawn on level, as R does,
    /// and the mean says more than the data do.
    pub extrapolated: bool,
}

impl SurvivalCurve {
    /// The time by which a share `q` had their event, with confidence limits by inverting the pointwise intervals.
    ///
    /// R's rule: the first time at which survival is at most `1 - q`; if it equals `1 - q` there (to within 1.5e-8),
    /// the midpoint between that time and the next lower step, if there is one. The limits follow the same rule.
    ///
    /// - `q`: above 0 and below 1; outside that all three are `None`.
    ///
    /// # Source
    /// Brookmeyer and Crowley (1982); `print.survfit` of R's survival (the function `minmin` in it).
    pub fn quantile(&self, q: f64) -> TimeQuantile {
        if !(q > 0.0 && q < 1.0) {
            return TimeQuantile { q, time: None, low: None, high: None };
        }
        let left = 1.0 - q;
        TimeQuantile {
            q,
            time: crossing(self.points(), left, |point| Some(point.survival)),
            low: crossing(self.points(), left, |point| point.low),
            high: crossing(self.points(), left, |point| point.high),
        }
    }

    /// The median time to event: [`SurvivalCurve::quantile`] of 0.5.
    pub fn median(&self) -> TimeQuantile {
        self.quantile(0.5)
    }

    /// The mean time without event up to `tau`, as `print(survfit, rmean = tau)` gives it in R.
    ///
    /// The variance is `Σ A(t)² d / (n (n - d))` over the event times `t` up to `tau`, with `A(t)` the area from `t` to
    /// `tau`, `n` at risk and `d` events; a last step that leaves nobody adds nothing.
    ///
    /// - `tau`: finite, above 0. `None` otherwise, and for a table of nobody.
    ///
    /// # Source
    /// Klein and Moeschberger, *Survival Analysis* (2nd ed., 2003), formulas 4.5.1 and 4.5.2.
    pub fn restricted_mean(&self, tau: f64) -> Option<RestrictedMean> {
        let last = self.points().last().filter(|_| tau.is_finite() && tau > 0.0)?;
        let (mut area, mut variance, mut end) = (0.0, 0.0, tau);
        for point in self.points().iter().rev().filter(|point| point.time <= tau) {
            area += point.survival * (end - point.time);
            end = point.time;
            let (n, d) = (point.at_risk as f64, point.events as f64);
            if n > d {
                variance += area * area * d / (n * (n - d));
            }
        }
        let extrapolated = tau > last.time && last.survival > 0.0;
        Some(RestrictedMean { mean: area + end, se: variance.sqrt(), tau, extrapolated })
    }
}

/// Where a falling step curve first comes down to `left`: see [`SurvivalCurve::quantile`].
fn crossing(points: &[SurvivalPoint], left: f64, value: impl Fn(&SurvivalPoint) -> Option<f64>) -> Option<f64> {
    let steps = || points.iter().filter_map(|point| Some((point.time, value(point)?)));
    let (time, reached) = steps().find(|step| step.1 < left + TOLERANCE)?;
    let next_lower =
        steps().find(|step| step.0 > time && step.1 < reached).filter(|_| (reached - left).abs() < TOLERANCE);
    Some(next_lower.map_or(time, |next| (time + next.0) / 2.0))
}

#[cfg(test)]
mod tests {
    use super::super::survival::IntervalType::{self, Log, LogLog, Plain};
    use super::*;
    use crate::stats::testdata::{
        AML_CONTROL, AML_MAINTAINED, FREIREICH_6MP, FREIREICH_CONTROL, LUNG, LUNG_WOMEN, VETERAN_STANDARD,
        VETERAN_TEST, assert_near, lung_men, table,
    };

    fn curve(data: &[i32], kind: IntervalType) -> SurvivalCurve {
        SurvivalCurve::new(&table(data), 0.95, kind)
    }

    fn median(data: &[i32], kind: IntervalType) -> (Option<f64>, Option<f64>, Option<f64>) {
        let median = curve(data, kind).median();
        (median.time, median.low, median.high)
    }

    #[test]
    fn medians_and_their_limits_are_those_r_prints() {
        assert_eq!(median(AML_MAINTAINED, Log), (Some(31.0), Some(18.0), None));
        assert_eq!(median(AML_CONTROL, Log), (Some(23.0), Some(8.0), None));
        assert_eq!(median(FREIREICH_CONTROL, Log), (Some(8.0), Some(4.0), Some(12.0)));
        assert_eq!(median(FREIREICH_6MP, Log), (Some(23.0), Some(16.0), None));
        assert_eq!(median(LUNG, Log), (Some(310.0), Some(285.0), Some(363.0)));
        assert_eq!(median(LUNG, LogLog), (Some(310.0), Some(284.0), Some(361.0)));
        // R 4.2.2, survival 3.5-3
        assert_eq!(median(&lung_men(), Log), (Some(270.0), Some(212.0), Some(310.0)));
        assert_eq!(median(LUNG_WOMEN, Log), (Some(426.0), Some(348.0), Some(550.0)));
        assert_eq!(median(LUNG_WOMEN, LogLog), (Some(426.0), Some(345.0), Some(524.0)));
        assert_eq!(median(FREIREICH_CONTROL, LogLog), (Some(8.0), Some(4.0), Some(11.0)));
        assert_eq!(median(FREIREICH_6MP, LogLog), (Some(23.0), Some(13.0), None));
        assert_eq!(median(AML_MAINTAINED, LogLog), (Some(31.0), Some(13.0), None));
        assert_eq!(median(AML_CONTROL, LogLog), (Some(23.0), Some(5.0), Some(33.0)));
        assert_eq!(median(AML_MAINTAINED, Plain), (Some(31.0), Some(18.0), Some(48.0)));
        assert_eq!(median(VETERAN_STANDARD, Plain), (Some(103.0), Some(56.0), Some(126.0)));
    }

    #[test]
    fn veteran_medians_are_those_r_and_lifelines_print() {
        let all = [VETERAN_STANDARD, VETERAN_TEST].concat();
        assert_eq!(median(&all, Log), (Some(80.0), Some(52.0), Some(105.0)));
        assert_eq!(median(VETERAN_STANDARD, Log), (Some(103.0), Some(59.0), Some(132.0)));
        assert_eq!(median(VETERAN_TEST, Log), (Some(52.5), Some(44.0), Some(95.0)));
        // The log-log limits are those of lifelines 0.30.3, median_survival_times of the confidence interval.
        assert_eq!(median(&all, LogLog), (Some(80.0), Some(52.0), Some(100.0)));
        assert_eq!(median(VETERAN_STANDARD, LogLog), (Some(103.0), Some(54.0), Some(126.0)));
        assert_eq!(median(VETERAN_TEST, LogLog), (Some(52.5), Some(43.0), Some(90.0)));
    }

    #[test]
    fn restricted_means_are_those_of_r() {
        let cases = [
            (AML_MAINTAINED, 48.0, 31.8431818, 4.5278847, 6e-8),
            (AML_CONTROL, 48.0, 22.7083333, 4.1809420, 6e-8),
            (LUNG, 365.0, 263.2218665, 7.7988591, 6e-8),
            // R 4.2.2, survival 3.5-3: summary(survfit(...), rmean = tau)$table
            (&lung_men(), 365.0, 241.495085192, 10.3582264911, 6e-10),
            (LUNG_WOMEN, 365.0, 297.465409532, 10.7913239788, 6e-10),
            (FREIREICH_CONTROL, 23.0, 8.66666666667, 1.37739004126, 6e-12),
            (FREIREICH_6MP, 23.0, 17.90924369748, 1.55318997825, 6e-12),
            (FREIREICH_6MP, 35.0, 23.28739495798, 2.82746762337, 6e-12),
            (VETERAN_STANDARD, 500.0, 122.989948342, 14.4128305710, 6e-10),
            (VETERAN_TEST, 500.0, 122.356933193, 17.8880891977, 6e-10),
        ];
        for (data, tau, mean, se, within) in cases {
            let restricted = curve(data, Log).restricted_mean(tau).unwrap();
            assert_near(restricted.mean, mean, within);
            assert_near(restricted.se, se, within);
            assert!(!restricted.extrapolated);
        }
    }

    #[test]
    fn a_stretch_at_exactly_the_share_gives_its_midpoint() {
        assert_eq!(curve(&[1, 2, 3, 4], Log).median().time, Some(2.5));
        assert_eq!(curve(&[1, 2, -3, 7], Log).median().time, Some(4.5), "censorings do not end the stretch");
        assert_eq!(curve(&[1, 2, -3, -4], Log).median().time, Some(2.0), "a stretch without end counts from its start");
        assert_eq!(curve(&[1, 2, 3, 4], Log).quantile(0.25).time, Some(1.5));
        let hundred: Vec<i32> = (1..=100).collect();
        assert_eq!(curve(&hundred, Log).median().time, Some(50.5), "rounding does not hide the stretch");
    }

    #[test]
    fn quantiles_the_curve_does_not_reach_are_none() {
        let short = curve(&[1, -2, -2, -2], Log);
        assert_eq!(short.quantile(0.25).time, Some(1.0));
        assert_eq!(short.quantile(0.26).time, None);
        for q in [0.0, 1.0, -1.0, f64::NAN] {
            assert_eq!(short.quantile(q).time, None);
        }
    }

    #[test]
    fn without_censoring_the_restricted_mean_is_the_mean_of_cut_times() {
        let cut = FREIREICH_CONTROL.iter().map(|&time| f64::from(time).min(10.0)).sum::<f64>() / 21.0;
        assert_near(curve(FREIREICH_CONTROL, Log).restricted_mean(10.0).unwrap().mean, cut, 1e-12);
    }

    #[test]
    fn beyond_the_data_the_restricted_mean_says_so() {
        let open = curve(&[2, -4], Log).restricted_mean(10.0).unwrap();
        assert_eq!((open.mean, open.extrapolated), (6.0, true));
        let closed = curve(&[2, 4], Log).restricted_mean(10.0).unwrap();
        assert_eq!((closed.mean, closed.extrapolated), (3.0, false));
        let early = curve(&[2, 4], Log).restricted_mean(1.0).unwrap();
        assert_eq!((early.mean, early.se), (1.0, 0.0));
        assert_eq!(curve(&[2, 4], Log).restricted_mean(0.0), None);
        assert_eq!(curve(&[], Log).restricted_mean(1.0), None);
    }
}
