//! Numbers and names as the report writes them.

use super::table::Cell;
use crate::numbers;
use brownout_chart::{Rounded, value};
use brownout_experiment::Measure;
use brownout_experiment::Run;
use brownout_kernel::stats::Estimate;

/// A name in quotation marks.
pub(super) fn quoted(name: &str) -> String {
    format!("\u{201c}{name}\u{201d}")
}

/// The name of a scenario in quotation marks.
pub(super) fn name(run: Run<'_>, scenario: usize) -> String {
    quoted(&run.study.scenarios()[scenario].name)
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
    let text = brownout_text::words::counted_as(count, one, many);
    text.rsplit_once(' ').map_or(text.clone(), |(number, what)| format!("{} {what}", whole(number.to_owned())))
}

/// A text that does not break over lines.
pub(super) fn whole(text: String) -> String {
    text.replace(' ', "\u{a0}")
}

/// The unit as tables name it.
pub(super) fn unit(measure: Measure) -> &'static str {
    if measure.unit() == "share" { "% of tenants" } else { measure.unit() }
}

/// A value of a measure that has no interval, without its unit.
pub(super) fn number(measure: Measure, number: f64) -> String {
    whole(value(number * numbers::scale(measure), ""))
}

/// `12.3 M ± 0.4 M` in running text.
pub(super) fn with_interval(measure: Measure, estimate: &Estimate) -> String {
    let Rounded { mean, half } = numbers::told(measure, estimate);
    half.map_or(whole(mean.clone()), |half| format!("{} {}", whole(mean), whole(format!("± {half}"))))
}

/// A mean with the half-width of its interval below it.
pub(super) fn estimate(measure: Measure, estimate: &Estimate) -> Cell {
    stacked(measure, estimate, numbers::told(measure, estimate))
}

/// A signed difference with the half-width of its interval below it.
pub(super) fn signed_estimate(measure: Measure, estimate: &Estimate) -> Cell {
    stacked(measure, estimate, numbers::told_signed(measure, estimate))
}

fn stacked(measure: Measure, estimate: &Estimate, Rounded { mean, half }: Rounded) -> Cell {
    let cell = Cell::of(estimate.mean * numbers::scale(measure)).said(whole(mean));
    match half {
        Some(half) => cell.below(whole(format!("± {half}"))),
        None => cell,
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
        assert_eq!(wide, "1,234,600 ±\u{a0}1,200");
        assert_eq!(with_interval(Measure::Lost, &estimate(0.0, 0.0)), "0");
        assert_eq!(with_interval(Measure::TenantsLosingShare, &estimate(0.25, 0.01)), "25.0 ±\u{a0}1.0");
    }
}
