//! Tables for the terminal.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::{Run, narrow};
use crate::chart::{signed, value};
use crate::experiment::results::Summary;
use crate::experiment::{Measure, Verdict, difference};

/// The measures of the summary table: heading, and the words for less and more of it.
const SHOWN: [(Measure, &str, [&str; 2]); 6] = [
    (Measure::Lost, "lost\n(messages)", ["fewer", "more"]),
    (Measure::Delayed, "delayed\n(messages)", ["fewer", "more"]),
    (Measure::DelayHours, "delay\n(message-h)", ["fewer", "more"]),
    (Measure::Exposure, "exposure\n(messages)", ["fewer", "more"]),
    (Measure::MedianDays, "median to\nremediate (d)", ["sooner", "later"]),
    (Measure::StillNonCompliant, "still non-\ncompliant", ["fewer", "more"]),
];

/// A number that does not break over lines.
fn whole(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

fn empty(header: Vec<String>) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    table
}

fn finish(mut table: Table, width: Option<u16>) -> String {
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_cell_alignment(if i == 0 { CellAlignment::Left } else { CellAlignment::Right });
    }
    narrow::fit(&mut table, width)
}

fn estimate(found: Option<Summary>) -> String {
    let Some(Summary { estimate, .. }) = found else { return "not reached".to_owned() };
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) if low < high => {
            format!("{}\n{}", whole(&value(estimate.mean, "")), half_width(low, high))
        }
        _ => whole(&value(estimate.mean, "")),
    }
}

/// Half the width of an interval, which is the same on both sides of a mean.
fn half_width(low: f64, high: f64) -> String {
    whole(&format!("± {}", value((high - low) / 2.0, "")))
}

/// One row for each scenario, every number with its 95 % interval below it.
///
/// - `width`: columns of the terminal, if known.
pub fn summary(run: Run<'_>, width: Option<u16>) -> String {
    let header = std::iter::once("scenario".to_owned()).chain(SHOWN.iter().map(|shown| shown.1.to_owned()));
    let mut table = empty(header.collect());
    for (scenario, results) in run.study.scenarios.iter().zip(&run.results.scenarios) {
        let cells = SHOWN.iter().map(|shown| estimate(results.summary(0, shown.0)));
        table.add_row(std::iter::once(scenario.name.clone()).chain(cells));
    }
    finish(table, width)
}

/// Paired differences to the baseline scenario in the measures of the summary, in words; `None` for a single scenario.
pub fn differences(run: Run<'_>, width: Option<u16>) -> Option<String> {
    if run.study.scenarios.len() < 2 {
        return None;
    }
    let header =
        std::iter::once("against the\nfirst scenario".to_owned()).chain(SHOWN.iter().map(|shown| shown.1.to_owned()));
    let mut table = empty(header.collect());
    for s in 1..run.study.scenarios.len() {
        let cells = SHOWN.iter().map(|shown| match difference(run.results, s, 0, shown.0) {
            None => "not defined".to_owned(),
            Some(found) => {
                let e = found.estimate;
                let range = e.low.zip(e.high).filter(|(low, high)| low < high);
                let range = range.map_or(String::new(), |(low, high)| format!("\n{}", half_width(low, high)));
                let word = match found.verdict {
                    Verdict::Fewer => shown.2[0],
                    Verdict::More => shown.2[1],
                    other => other.words(),
                };
                format!("{}{range}\n{word}", whole(&signed(e.mean, "")))
            }
        });
        table.add_row(std::iter::once(run.study.scenarios[s].name.clone()).chain(cells));
    }
    Some(finish(table, width))
}
