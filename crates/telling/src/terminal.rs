//! Tables for the terminal: a row for each scenario, numbers of one column in one size, as few lines as the width allows.
//!
//! Where the columns do not fit side by side, they stand in two or more tables below each other: first what happens to mail, then
//! how long old servers stay.

use brownout_experiment::Scope;
use std::ops::Range;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};

use super::narrow;
use super::numbers::{half_width, verdict_words};
use brownout_chart::{Rounded, Size, value, with_sign};
use brownout_experiment::Run;
use brownout_experiment::{Measure, difference};
use brownout_explore::findings::OutcomeRange;
use brownout_kernel::stats::Estimate;

/// The measures of the tables: heading, and what is counted.
const SHOWN: [(Measure, &str, &str); 6] = [
    (Measure::Lost, "lost", "messages"),
    (Measure::Delayed, "delayed", "messages"),
    (Measure::DelayHours, "delay", "message-h"),
    (Measure::Exposure, "exposure", "messages"),
    (Measure::MedianDays, "median to\nremediate", "days"),
    (Measure::StillNonCompliant, "still non-\ncompliant", "servers"),
];

/// A number, what belongs to it, and a verdict; all but the number may be empty.
struct JudgedNumber {
    number: Rounded,
    verdict: String,
}

impl JudgedNumber {
    fn words(words: &str) -> JudgedNumber {
        JudgedNumber { number: Rounded { mean: words.to_owned(), half: None }, verdict: String::new() }
    }

    /// On one line, on two (number, verdict), or with the half-width on a line of its own.
    fn text(&self, form: Form) -> String {
        let half = self.number.half.as_ref().map(|half| whole(&format!("± {half}")));
        let verdict = Some(self.verdict.clone()).filter(|verdict| !verdict.is_empty());
        let parts = [Some(whole(&self.number.mean)), half, verdict].into_iter().flatten();
        match form {
            Form::OneLine => whole(&parts.collect::<Vec<_>>().join("  ").replacen("  ±", " ±", 1)),
            Form::Numbers => parts.collect::<Vec<_>>().join("\n").replacen("\n±", "\u{a0}±", 1),
            Form::Stacked => parts.collect::<Vec<_>>().join("\n"),
        }
    }
}

/// How the parts of a cell stand, the shortest form first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    OneLine,
    Numbers,
    Stacked,
}

/// A number that does not break over lines.
fn whole(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// Rows of cells with the name of their scenario, and the headings.
struct Grid {
    headings: Vec<String>,
    rows: Vec<(String, Vec<JudgedNumber>)>,
}

impl Grid {
    /// A table of some of the columns, beside the names.
    fn table(&self, form: Form, columns: Range<usize>) -> Table {
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(self.headings[..1].iter().chain(&self.headings[1..][columns.clone()]));
        if form != Form::Stacked {
            for part in [TableComponent::HorizontalLines, TableComponent::MiddleIntersections] {
                table.remove_style(part);
            }
        }
        for (name, cells) in &self.rows {
            table.add_row(
                std::iter::once(name.clone()).chain(cells[columns.clone()].iter().map(|cell| cell.text(form))),
            );
        }
        for (i, column) in table.column_iter_mut().enumerate() {
            column.set_cell_alignment(if i == 0 { CellAlignment::Left } else { CellAlignment::Right });
        }
        table
    }

    /// The columns in so many tables below each other, each as wide as the next; `None` where words would have to be broken.
    fn stacked(&self, form: Form, tables: usize, width: Option<u16>) -> Option<String> {
        let columns = self.headings.len() - 1;
        let each = columns.div_ceil(tables).max(1);
        let of = |from: usize| narrow::within(&mut self.table(form, from..(from + each).min(columns)), width);
        let tables = (0..columns).step_by(each).map(of).collect::<Option<Vec<_>>>()?;
        // The rule under a table parts it from the next one, which needs none of its own above.
        let below = tables[1..].iter().map(|table| table.split_once('\n').map_or("", |(_, rest)| rest));
        Some(tables.iter().take(1).map(String::as_str).chain(below).collect::<Vec<_>>().join("\n"))
    }

    /// The form of fewest lines within the width, a single table before several.
    fn fit(&self, width: Option<u16>) -> String {
        let columns = self.headings.len() - 1;
        let forms = [Form::OneLine, Form::Numbers, Form::Stacked];
        let all = (1..=columns).flat_map(|tables| forms.map(|form| (form, tables)));
        let fits = all.filter_map(|(form, tables)| self.stacked(form, tables, width));
        let text = fits.min_by_key(|text| text.lines().count());
        let text = text.unwrap_or_else(|| narrow::fit(&mut self.table(Form::Stacked, 0..columns), width));
        // Blanks that hold words together have done their work: a reader searches for plain ones.
        text.replace('\u{a0}', " ")
    }
}

/// A column of estimates in one size, and the heading that names it.
fn column(shown: &(Measure, &str, &str), found: &[Option<Estimate>]) -> (String, Vec<Option<Rounded>>) {
    let pairs: Vec<_> = found.iter().flatten().map(|estimate| (estimate.mean, half_width(estimate))).collect();
    let size = Size::of_column(&pairs);
    let unit = if size.word.is_empty() { shown.2.to_owned() } else { format!("{} {}", size.word, shown.2) };
    let cells = found.iter().map(|e| e.map(|e| size.rounded(e.mean, half_width(&e)))).collect();
    (format!("{}\n({})", shown.1, whole(&unit)), cells)
}

/// Two rows for each scenario: what luck alone leaves open, and what is not known besides.
///
/// The first is the 95 % interval of the mean over the run's replications, the second the 5th to the 95th percentile over futures.
/// Measures that no span speaks of are left out; `None` if none is left.
pub fn with_unknown(run: Run<'_>, spans: &[OutcomeRange], width: Option<u16>) -> Option<String> {
    let of = |scenario: usize, measure: Measure| {
        spans.iter().find(|span| span.schedule == scenario && span.measure == measure)
    };
    let shown = SHOWN.iter().filter(|(measure, ..)| spans.iter().any(|span| span.measure == *measure));
    let shown: Vec<&(Measure, &str, &str)> = shown.collect();
    let mut grid = Grid { headings: vec!["scenario".to_owned()], rows: Vec::new() };
    // The two rows may lie orders of magnitude apart, so each number has a size of its own.
    grid.headings.extend(shown.iter().map(|(_, heading, unit)| format!("{heading}\n({})", whole(unit))));
    let ends = |low: f64, high: f64| JudgedNumber::words(&format!("{} to {}", value(low, ""), value(high, "")));
    for (at, scenario) in run.study.scenarios().iter().enumerate() {
        let luck = shown.iter().map(|(measure, ..)| {
            let estimate = run.results.scenarios[at].summary(Scope::All, *measure).map(|summary| summary.estimate);
            match estimate.and_then(|estimate| Some((estimate.mean, half_width(&estimate)?))) {
                Some((mean, half)) => ends(mean - half, mean + half),
                None => JudgedNumber::words("none"),
            }
        });
        let unknown = shown.iter().map(|(measure, ..)| match of(at, *measure) {
            Some(span) => ends(span.low, span.high),
            None => JudgedNumber::words(""),
        });
        grid.rows.push((format!("{}: luck only", scenario.name), luck.collect()));
        grid.rows.push(("  with what is not known".to_owned(), unknown.collect()));
    }
    (!shown.is_empty()).then(|| grid.fit(width))
}

/// One row for each scenario, every number with its 95 % interval.
///
/// - `width`: columns of the terminal, if known.
pub fn summary(run: Run<'_>, width: Option<u16>) -> String {
    let mut grid = Grid { headings: vec!["scenario".to_owned()], rows: names(run, 0) };
    for shown in &SHOWN {
        let found: Vec<_> =
            run.results.scenarios.iter().map(|results| Some(results.summary(Scope::All, shown.0)?.estimate)).collect();
        let (heading, cells) = column(shown, &found);
        grid.headings.push(heading);
        for (row, cell) in grid.rows.iter_mut().zip(cells) {
            row.1.push(cell.map_or_else(
                || JudgedNumber::words("not reached"),
                |number| JudgedNumber { number, verdict: String::new() },
            ));
        }
    }
    grid.fit(width)
}

fn names(run: Run<'_>, from: usize) -> Vec<(String, Vec<JudgedNumber>)> {
    run.study.scenarios()[from..]
        .iter()
        .map(|s| (brownout_text::outside::printable(&s.name).into_owned(), Vec::new()))
        .collect()
}

/// Paired differences to the first scenario in the measures of the summary, in words; `None` for a single scenario.
pub fn differences(run: Run<'_>, width: Option<u16>) -> Option<String> {
    if run.study.scenarios().len() < 2 {
        return None;
    }
    let mut grid = Grid { headings: vec!["against the\nfirst scenario".to_owned()], rows: names(run, 1) };
    for shown in &SHOWN {
        let found: Vec<_> =
            (1..run.study.scenarios().len()).map(|s| difference(run.results, s, Scope::All, shown.0)).collect();
        let estimates: Vec<_> = found.iter().map(|found| found.map(|found| found.estimate)).collect();
        let (heading, cells) = column(shown, &estimates);
        grid.headings.push(heading);
        for (((row, cell), found), s) in grid.rows.iter_mut().zip(cells).zip(&found).zip(1..) {
            row.1.push(match (cell, found) {
                (Some(Rounded { mean, half }), Some(found)) => JudgedNumber {
                    number: Rounded { mean: with_sign(found.estimate.mean, mean), half },
                    verdict: whole(&verdict_words(run, s, 0, shown.0, found)).replace("tell\u{a0}", "tell "),
                },
                _ => JudgedNumber::words("not defined"),
            });
        }
    }
    Some(grid.fit(width))
}
