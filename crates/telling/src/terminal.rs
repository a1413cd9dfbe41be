//! Tables for the terminal: a row for each scenario, numbers of one column in one size, as few lines as the width allows.
//!
//! Where the columns do not fit side by side, they stand in two or more tables below each other: first what happens to mail, then
//! how long old servers stay.

mod told;

use super::numbers::{half_width, verdict_words};
use crate::frame::{Column, ColumnKind, Frame, Shown, TextTable, Value, whole};
use brownout_chart::{Rounded, Size, value, with_sign};
use brownout_experiment::{Difference, Measure, Run, Scope, difference};
use brownout_explore::findings::OutcomeRange;
use brownout_kernel::stats::Estimate;
use brownout_text::outside::printable;

pub use told::{Beside, told};

/// A measure, its heading, and what is counted.
type ShownMeasure = (Measure, &'static str, &'static str);

/// The measures of the tables.
const SHOWN: [ShownMeasure; 6] = [
    (Measure::Lost, "lost", "messages"),
    (Measure::Delayed, "delayed", "messages"),
    (Measure::DelayHours, "delay", "message-h"),
    (Measure::Exposure, "exposure", "messages"),
    (Measure::MedianDays, "median to\nremediate", "days"),
    (Measure::StillNonCompliant, "still non-\ncompliant", "servers"),
];

/// A number, what belongs to it, and a verdict, each on a line of its own; all but the number may be empty.
fn parts(number: &Rounded, verdict: &str) -> Value {
    let half = number.half.as_ref().map(|half| whole(&format!("± {half}")));
    let verdict = Some(verdict.to_owned()).filter(|verdict| !verdict.is_empty());
    let parts = [Some(whole(&number.mean)), half, verdict].into_iter().flatten();
    parts.collect::<Vec<_>>().join("\n").into()
}

/// An answer as it is shown: a row for each scenario, rounded numbers beside its name.
struct ShownAnswer {
    frame: Frame,
    headings: Vec<String>,
}

impl ShownAnswer {
    /// - `names`: of the rows, under their heading. `columns`: of each measure, the heading and the cells.
    fn new(
        name: &'static str,
        (heading, names): (&str, Vec<String>),
        columns: Vec<(&ShownMeasure, String, Vec<Value>)>,
    ) -> Self {
        let column = |shown: &ShownMeasure| Column::new(shown.0.key(), shown.2, ColumnKind::Text);
        let first = Column::new("scenario", "", ColumnKind::Text);
        let kinds = std::iter::once(first).chain(columns.iter().map(|(shown, ..)| column(shown)));
        let mut frame = Frame::new(name, kinds.collect());
        for (at, name) in names.into_iter().enumerate() {
            let cells = columns.iter().map(|(.., cells)| cells.get(at).cloned().unwrap_or(Value::Missing));
            frame.row(std::iter::once(name.into()).chain(cells));
        }
        let headings = columns.into_iter().map(|(_, heading, _)| heading);
        ShownAnswer { frame, headings: std::iter::once(heading.to_owned()).chain(headings).collect() }
    }

    fn text(&self, width: Option<u16>) -> String {
        let number = |(at, heading): (usize, &String)| {
            let shown = Shown::new(heading);
            if at == 0 { shown } else { shown.right().in_lines() }
        };
        TextTable::shown(&self.frame, self.headings.iter().enumerate().map(number)).fewest_lines(width)
    }
}

/// A column of estimates in one size, and the heading that names it.
fn column(shown: &ShownMeasure, found: &[Option<Estimate>]) -> (String, Vec<Option<Rounded>>) {
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
    // The two rows may lie orders of magnitude apart, so each number has a size of its own.
    let ends = |low: f64, high: f64| whole(&format!("{} to {}", value(low, ""), value(high, "")));
    let cells = |measure: Measure, at: usize| -> [Value; 2] {
        let summary = run.results.scenarios[at].summary(Scope::All, measure);
        let luck = summary.and_then(|found| Some((found.estimate.mean, half_width(&found.estimate)?)));
        let luck = luck.map_or_else(|| "none".to_owned(), |(mean, half)| ends(mean - half, mean + half));
        [luck.into(), of(at, measure).map(|span| ends(span.low, span.high)).into()]
    };
    let scenarios = run.study.scenarios();
    let shown = SHOWN.iter().filter(|(measure, ..)| spans.iter().any(|span| span.measure == *measure));
    let of_measure = |shown: &'static ShownMeasure| {
        let heading = format!("{}\n({})", shown.1, whole(shown.2));
        (shown, heading, (0..scenarios.len()).flat_map(|at| cells(shown.0, at)).collect())
    };
    let columns: Vec<_> = shown.map(of_measure).collect();
    let rows = |name: &str| [format!("{name}: luck only"), "  with what is not known".to_owned()];
    let names = scenarios.iter().flat_map(|scenario| rows(&scenario.name)).collect();
    (!columns.is_empty()).then(|| ShownAnswer::new("with-unknown", ("scenario", names), columns).text(width))
}

/// One row for each scenario, every number with its 95 % interval.
///
/// - `width`: columns of the terminal, if known.
pub fn summary(run: Run<'_>, width: Option<u16>) -> String {
    let of_measure = |shown: &'static ShownMeasure| {
        let scenarios = run.results.scenarios.iter();
        let found: Vec<_> = scenarios.map(|results| Some(results.summary(Scope::All, shown.0)?.estimate)).collect();
        let (heading, cells) = column(shown, &found);
        let cell =
            |cell: Option<Rounded>| cell.map_or_else(|| whole("not reached").into(), |number| parts(&number, ""));
        (shown, heading, cells.into_iter().map(cell).collect())
    };
    let columns = SHOWN.iter().map(of_measure).collect();
    ShownAnswer::new("summary", ("scenario", names(run, 0)), columns).text(width)
}

fn names(run: Run<'_>, from: usize) -> Vec<String> {
    run.study.scenarios()[from..].iter().map(|scenario| printable(&scenario.name).into_owned()).collect()
}

/// Paired differences to the first scenario in the measures of the summary, in words; `None` for a single scenario.
pub fn differences(run: Run<'_>, width: Option<u16>) -> Option<String> {
    if run.study.scenarios().len() < 2 {
        return None;
    }
    let of_measure = |shown: &'static ShownMeasure| {
        let found: Vec<_> =
            (1..run.study.scenarios().len()).map(|s| difference(run.results, s, Scope::All, shown.0)).collect();
        let estimates: Vec<_> = found.iter().map(|found| found.map(|found| found.estimate)).collect();
        let (heading, cells) = column(shown, &estimates);
        let cell = |((cell, found), s): ((Option<Rounded>, &Option<Difference>), usize)| match (cell, found) {
            (Some(Rounded { mean, half }), Some(found)) => {
                let verdict = whole(&verdict_words(run, s, 0, shown.0, found)).replace("tell\u{a0}", "tell ");
                parts(&Rounded { mean: with_sign(found.estimate.mean, mean), half }, &verdict)
            }
            _ => whole("not defined").into(),
        };
        (shown, heading, cells.into_iter().zip(&found).zip(1..).map(cell).collect())
    };
    let columns = SHOWN.iter().map(of_measure).collect();
    let names = ("against the\nfirst scenario", names(run, 1));
    Some(ShownAnswer::new("differences", names, columns).text(width))
}
