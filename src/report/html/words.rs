//! Numbers and names as the report writes them.

use maud::{Markup, html};

use crate::chart::{signed, value};
use crate::experiment::{Measure, Verdict};
use crate::report::Run;
use crate::stats::Estimate;

/// A name in quotation marks.
pub(super) fn quoted(name: &str) -> String {
    format!("\u{201c}{name}\u{201d}")
}

/// The name of a scenario in quotation marks.
pub(super) fn name(run: Run<'_>, scenario: usize) -> String {
    quoted(&run.study.scenarios[scenario].name)
}

/// Names of scenarios: `“a”, “b” and “c”`.
pub(super) fn names(run: Run<'_>, scenarios: &[usize]) -> String {
    let names: Vec<_> = scenarios.iter().map(|&s| name(run, s)).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// `1 tenant`, `3,000 tenants`.
pub(super) fn counted(count: f64, one: &str, many: &str) -> String {
    if count == 1.0 { format!("1 {one}") } else { format!("{} {many}", whole(value(count, ""))) }
}

/// A text that does not break over lines.
pub(super) fn whole(text: String) -> String {
    text.replace(' ', "\u{a0}")
}

/// Shares are shown in percent.
fn scale(measure: Measure) -> f64 {
    if measure.unit() == "share" { 100.0 } else { 1.0 }
}

/// The unit as tables name it.
pub(super) fn unit(measure: Measure) -> &'static str {
    if measure.unit() == "share" { "% of tenants" } else { measure.unit() }
}

/// A value of a measure, without its unit.
pub(super) fn number(measure: Measure, number: f64) -> String {
    whole(value(number * scale(measure), ""))
}

/// Half the width of an interval as `± 12`; `None` where there is none or it has no width.
fn half(measure: Measure, estimate: &Estimate) -> Option<String> {
    let (low, high) = estimate.low.zip(estimate.high).filter(|(low, high)| low < high)?;
    Some(whole(format!("± {}", value(two_digits((high - low) / 2.0 * scale(measure)), ""))))
}

/// Rounded to two significant digits: more would be false precision in an interval.
fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// `12.3 M ± 0.4 M` in running text.
pub(super) fn with_interval(measure: Measure, estimate: &Estimate) -> String {
    let mean = number(measure, estimate.mean);
    half(measure, estimate).map_or(mean.clone(), |half| format!("{mean} {half}"))
}

/// A mean with the half-width of its interval below it.
pub(super) fn estimate(measure: Measure, estimate: &Estimate) -> Markup {
    html! { (number(measure, estimate.mean)) @if let Some(half) = half(measure, estimate) { span.pm { (half) } } }
}

/// A signed difference with the half-width of its interval below it.
pub(super) fn signed_estimate(measure: Measure, estimate: &Estimate) -> Markup {
    let mean = whole(signed(estimate.mean * scale(measure), ""));
    html! { (mean) @if let Some(half) = half(measure, estimate) { span.pm { (half) } } }
}

/// A share as per cent.
pub(super) fn percent(share: f64) -> String {
    whole(value(100.0 * share, "%"))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(mean: f64, half: f64) -> Estimate {
        Estimate { mean, low: Some(mean - half), high: Some(mean + half), level: 0.95, n: 20 }
    }

    #[test]
    fn numbers_carry_their_interval_unless_it_has_no_width() {
        let wide = with_interval(Measure::Lost, &estimate(1_234_567.0, 1234.0));
        assert_eq!(wide, "1.23\u{a0}M ±\u{a0}1,200");
        assert_eq!(with_interval(Measure::Lost, &estimate(0.0, 0.0)), "0");
        assert_eq!(with_interval(Measure::TenantsLosingShare, &estimate(0.25, 0.01)), "25 ±\u{a0}1");
    }
}
