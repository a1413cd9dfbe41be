//! Numbers of a run in words: one rule for titles, labels, tables and pages.
//!
//! A mean always travels with the half-width of its 95 % interval, is rounded to two digits of it, and has the same form wherever it
//! is said ([`brownout_chart::rounded`]).

use brownout_chart::{Rounded, rounded, rounded_signed, said, said_signed, times, value};
use brownout_experiment::Run;
use brownout_experiment::Scope;
use brownout_experiment::compare::between;
use brownout_experiment::results::LEVEL;
use brownout_experiment::{Difference, Measure, Verdict};
use brownout_kernel::stats::{Estimate, mean_interval};

/// Half the width of an interval; none where there is no interval or it has no width.
pub fn half_width(estimate: &Estimate) -> Option<f64> {
    estimate.low.zip(estimate.high).filter(|(low, high)| low < high).map(|(low, high)| (high - low) / 2.0)
}

/// What a measure is multiplied by to be shown: shares are shown in per cent.
pub fn scale(measure: Measure) -> f64 {
    if measure.unit() == "share" { 100.0 } else { 1.0 }
}

/// An estimate of a measure, rounded.
pub fn told(measure: Measure, estimate: &Estimate) -> Rounded {
    let times = scale(measure);
    rounded(estimate.mean * times, half_width(estimate).map(|half| half * times), "")
}

/// A difference in a measure, rounded, with its sign.
pub fn told_signed(measure: Measure, estimate: &Estimate) -> Rounded {
    let times = scale(measure);
    rounded_signed(estimate.mean * times, half_width(estimate).map(|half| half * times), "")
}

/// The estimate of a measure under a scenario, all groups together.
pub(super) fn found(run: Run<'_>, scenario: usize, measure: Measure) -> Option<Estimate> {
    run.results.scenarios[scenario].summary(Scope::All, measure).map(|summary| summary.estimate)
}

/// The mean of a measure under a scenario as a sentence says it: `215.1 M`; `not reached` where it is not defined.
pub(super) fn mean(run: Run<'_>, scenario: usize, measure: Measure) -> String {
    let times = scale(measure);
    let said = |found: Estimate| said(found.mean * times, half_width(&found).map(|half| half * times), "");
    found(run, scenario, measure).map_or_else(|| "not reached".to_owned(), said)
}

/// A difference in a measure as a label says it, with its sign.
pub(super) fn label_signed(measure: Measure, estimate: &Estimate) -> String {
    let times = scale(measure);
    said_signed(estimate.mean * times, half_width(estimate).map(|half| half * times), "")
}

/// The mean with its half-width: `215.1 M ± 8.5 M`.
pub(super) fn with_half(run: Run<'_>, scenario: usize, measure: Measure) -> String {
    let Some(found) = found(run, scenario, measure) else { return "not reached".to_owned() };
    let Rounded { mean, half } = told(measure, &found);
    half.map_or(mean.clone(), |half| format!("{mean} ± {half}"))
}

/// How much more a scenario has of a measure than another has, as a share of the other's mean (−0.22 is 22 % less), with the interval of
/// the ratio of the two means.
///
/// The interval is that of paired ratios by the delta method: with R = mean a / mean b, the deviations `a - R b` divided by mean b.
///
/// # Source
/// Cochran, *Sampling Techniques* (3rd ed., 1977), section 6.3.
pub(super) fn relative(run: Run<'_>, scenario: usize, other: usize, measure: Measure) -> Option<Estimate> {
    let values =
        |s: usize| -> Option<Vec<f64>> { run.results.scenarios[s].values(Scope::All, measure).into_iter().collect() };
    relative_of(&values(scenario)?, &values(other)?)
}

fn relative_of(a: &[f64], b: &[f64]) -> Option<Estimate> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    if a.len() != b.len() || !mean_b.is_finite() || mean_b.abs() < 1e-12 {
        return None;
    }
    let ratio = mean_a / mean_b;
    let deviations: Vec<f64> = a.iter().zip(b).map(|(a, b)| (a - ratio * b) / mean_b).collect();
    let spread = mean_interval(&deviations, LEVEL)?;
    let half = half_width(&spread).or(spread.low.map(|_| 0.0));
    let mean = ratio - 1.0;
    Some(Estimate { mean, low: half.map(|h| mean - h), high: half.map(|h| mean + h), ..spread })
}

/// From this on a share more is said as a multiple.
const TIMES_MIN: f64 = 0.95;

/// A relative difference without its direction: `22 %`, `4.2 times`; empty where nothing differs or the other has none.
pub(super) fn share_words(relative: f64) -> String {
    match relative {
        more if more >= TIMES_MIN => format!("{} times", times(1.0 + more)),
        other if other == 0.0 || !other.is_finite() => String::new(),
        other => value(other.abs() * 100.0, "%"),
    }
}

/// What a paired difference says, in the words of the measure: `22 % fewer`, `4.2 times more`, `cannot tell apart yet`.
pub(super) fn verdict_words(
    run: Run<'_>,
    scenario: usize,
    other: usize,
    measure: Measure,
    difference: &Difference,
) -> String {
    let word = verdict(measure, difference.verdict);
    if !matches!(difference.verdict, Verdict::Fewer | Verdict::More) {
        return word.to_owned();
    }
    if found(run, scenario, measure).is_some_and(|found| found.mean == 0.0) {
        return "none".to_owned();
    }
    let share = relative(run, scenario, other, measure).map_or_else(String::new, |found| share_words(found.mean));
    match share.as_str() {
        "" => word.to_owned(),
        times if times.ends_with("times") => format!("{times} {}", as_much(measure)),
        share => format!("{share} {word}"),
    }
}

fn as_much(measure: Measure) -> &'static str {
    match verdict(measure, Verdict::More) {
        "later" => "as long",
        "more" if verdict(measure, Verdict::Fewer) == "less" => "as much",
        _ => "as many",
    }
}

/// The verdict in the words of the measure.
pub(super) fn verdict(measure: Measure, verdict: Verdict) -> &'static str {
    let [less, more] = match measure {
        Measure::DelayHours | Measure::TenantsLosingShare => ["less", "more"],
        Measure::FirstQuartileDays | Measure::MedianDays | Measure::ThirdQuartileDays | Measure::RestrictedMeanDays => {
            ["sooner", "later"]
        }
        _ => ["fewer", "more"],
    };
    match verdict {
        Verdict::Fewer => less,
        Verdict::More => more,
        other => other.words(),
    }
}

/// What the paired difference of two scenarios says; with one replication nothing but that they are equal.
pub(super) fn verdict_between(run: Run<'_>, scenario: usize, other: usize, measure: Measure) -> Option<Verdict> {
    between(run.results, scenario, other, Scope::All, measure).map(|found| found.verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_difference_has_the_interval_of_the_ratio() {
        let b = [100.0, 120.0, 80.0, 100.0];
        let a = b.map(|value| value * 0.78);
        let found = relative_of(&a, &b).unwrap();
        assert!((found.mean + 0.22).abs() < 1e-12 && half_width(&found).unwrap_or(0.0) < 1e-12, "{found:?}");
        // By hand: R = 1.05, deviations (5, -11, 9, -3)/100 with s = 0.0886, t(3) = 3.182, so half = 0.141.
        let found = relative_of(&[110.0, 115.0, 93.0, 102.0], &b).unwrap();
        assert!((found.mean - 0.05).abs() < 1e-12 && (half_width(&found).unwrap() - 0.1414).abs() < 5e-3, "{found:?}");
        assert_eq!(relative_of(&a, &[0.0; 4]), None);
        assert_eq!(relative_of(&[1.0], &[2.0]).unwrap().low, None);
    }

    #[test]
    fn a_share_is_said_as_a_share_or_as_a_multiple() {
        assert_eq!(
            (share_words(-0.22), share_words(0.288), share_words(3.2), share_words(0.0)),
            ("22 %".into(), "29 %".into(), "4.2 times".into(), String::new())
        );
    }
}
