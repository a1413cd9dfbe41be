//! The exploration of a study for which nobody has written one: every parameter of it that the shipped table of assumptions
//! gives a range for.

use std::sync::Arc;

use brownout_methods::factor::{Distribution, Factor};

use super::file::{Explore, Moved, places::Places};
use super::template::StudyTemplate;
use brownout_reading::compose::Reader;
use brownout_reading::lever::How;
use brownout_reading::text::SourceFile;

/// The shipped table of assumptions.
const TABLE: &str = brownout_scenarios::DEFAULT_PARAMETERS;

/// What a row of the table does to a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// Its range is that of the field.
    Range,
    /// What stands there is multiplied by low / point to high / point.
    Scale,
    /// It is a time and the field a rate: what stands there is multiplied by point / high to point / low.
    Inverse,
}

/// Parameter of the table (its beginning), name, path, and what it does there.
const ROWS: [(&str, &str, &str, Does); 20] = [
    ("monthly exit hazard 2019,", "exit rate 2019", "world.**.by_product.2019.per_month", Does::Scale),
    ("monthly exit hazard 2016,", "exit rate 2016", "world.**.by_product.2016.per_month", Does::Scale),
    ("Weibull scale, routine security update", "patch rate", "world.**.routes.patch.per_month", Does::Inverse),
    ("spread of admin diligence", "spread of diligence", "world.**.diligence.sigma", Does::Range),
    ("share that never acts", "never act", "world.**.diligence.never_share", Does::Range),
    ("notice or report stage", "effect of a report", "world.response.multiplier.report", Does::Range),
    ("throttle 20 min/hr", "effect of throttling", "world.response.multiplier.throttle", Does::Scale),
    ("block 60 min/hr", "effect of a block", "world.response.multiplier.block", Does::Scale),
    ("block: added decision hazard", "forced decisions", "world.response.added.*.block", Does::Scale),
    ("hazard while paused", "effect while paused", "world.response.multiplier.paused", Does::Scale),
    ("messages per server per workday", "mail a server", "world.**.messages_per_day", Does::Scale),
    ("extra machine-generated", "machine-made mail", "world.calendar.flat_share", Does::Range),
    ("year-end level", "year-end mail", "world.calendar.year_end.level", Does::Range),
    ("lead time, security update", "lead time patch", "world.**.routes.patch.lead.median", Does::Scale),
    ("lead time, 2019 to SE", "lead time 2019", "world.**.by_product.2019.lead.median", Does::Scale),
    ("lead time, 2016 to SE", "lead time 2016", "world.**.by_product.2016.lead.median", Does::Scale),
    ("days between servers", "gap between servers", "world.**.gap_days.median", Does::Scale),
    ("share of tenants with a year-end freeze", "freeze share", "world.**.freezes[*].share", Does::Range),
    ("failed upgrade attempt", "failed upgrades", "world.**.failure.prob", Does::Range),
    ("delay after a failure", "delay after a failure", "world.**.failure.delay.median", Does::Scale),
];

/// The text of an exploration that needs no file, and the parameters of the table with a range that it does not move.
///
/// - `written`: how the study is called in it.
///
/// `None` if no parameter of the table is in the study.
pub fn usual(written: &str, name: &str, study: &Arc<SourceFile>, reader: Reader<'_>) -> Option<(String, Vec<String>)> {
    let (mut unknowns, mut left) = (String::new(), Vec::new());
    for (parameter, numbers, source) in table() {
        let row = ROWS.iter().find(|(begins, ..)| parameter.starts_with(begins));
        let unknown = row.map(|row| Unknown::new(row, &parameter, numbers, &source));
        match unknown.filter(|unknown| serves(unknown, name, study, reader)) {
            Some(unknown) => unknowns.push_str(&unknown.line()),
            None => left.push(parameter),
        }
    }
    (!unknowns.is_empty()).then(|| (text(written, &unknowns), left))
}

/// How a text begins that [`usual`] has written.
const BEGINS: &str = "// What `brownout explore` asks of a study when nobody says otherwise: ";

/// Whether a text may be one that [`usual`] has written.
pub fn is_usual(text: &str) -> bool {
    text.starts_with(BEGINS)
}

fn text(written: &str, unknowns: &str) -> String {
    let study = quoted(written);
    format!(
        "{BEGINS}each parameter of default-parameters.csv that the\n\
         // study has, at its range. Times multiplies what stands in the study. Every field: scenarios/README.md.\n\
         (\n    version: 1,\n    question: \"Which schedule, when nobody knows the parameters?\",\n    study: {study},\n    \
         tenants: 500,\n    futures: (points: 200, replications: 6),\n    unknowns: [\n{unknowns}    ],\n    outcomes: [\n        \
         (measure: \"lost\", wish: Less),\n        (measure: \"exposure\", wish: Less),\n    ],\n    steps: [\n        \
         Screen(Morris(trajectories: 20, levels: 4)),\n        Sensitivity(Sobol(base: 32, scrambles: 8), of: [Level, \
         Difference]),\n        Robust(by: [Mean, Regret, Worst(0.05)]),\n    ],\n)\n"
    )
}

/// Rows of the table with a point and a range, and their sources.
fn table() -> Vec<(String, [f64; 3], String)> {
    let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
    let row = |record: csv::StringRecord| {
        let number = |at: usize| record.get(at)?.parse::<f64>().ok();
        let numbers = [number(2)?, number(3)?, number(4)?];
        let source = format!("{}, {}", record.get(7)?, record.get(8)?);
        (numbers[1] < numbers[2]).then(|| (record.get(1).unwrap_or("").to_owned(), numbers, source))
    };
    reader.records().flatten().filter_map(row).collect()
}

/// A row of the table as an unknown of the study.
struct Unknown {
    name: &'static str,
    path: &'static str,
    how: How,
    /// Half and double of a scale are equally likely; a scale that may be 0 has no logarithm.
    by_logarithm: bool,
    ends: [f64; 2],
    source: String,
}

impl Unknown {
    fn new(row: &(&str, &'static str, &'static str, Does), parameter: &str, numbers: [f64; 3], source: &str) -> Self {
        let (_, name, path, does) = *row;
        let [point, low, high] = numbers;
        let (how, ends) = match does {
            Does::Range => (How::Set, [low, high]),
            Does::Scale => (How::Times, [low / point, high / point]),
            Does::Inverse => (How::Times, [point / high, point / low]),
        };
        let source = format!("default-parameters: {parameter}, {point}, {low} to {high}; {source}");
        let by_logarithm = how == How::Times && ends[0] > 0.0;
        Unknown { name, path, how, by_logarithm, ends: ends.map(rounded), source }
    }

    /// As the exploration has it.
    fn moved(&self) -> Option<Moved> {
        let [from, to] = self.ends;
        let made =
            if self.by_logarithm { Distribution::log_uniform(from, to) } else { Distribution::uniform(from, to) };
        let factor = Factor { name: self.name.to_owned(), distribution: made.ok()? };
        let (paths, source) = (vec![self.path.to_owned()], self.source.clone());
        Some(Moved { factor, paths, how: self.how, is_date: false, options: Vec::new(), source })
    }

    /// As the file has it.
    fn line(&self) -> String {
        let Unknown { how, ends: [from, to], .. } = self;
        let (name, path, source) = (quoted(self.name), quoted(self.path), quoted(&self.source));
        let dist = if self.by_logarithm { "LogUniform" } else { "Uniform" };
        format!("        (name: {name}, path: {path}, how: {how:?}, dist: {dist}({from}, {to}), source: {source}),\n")
    }
}

/// A text as RON has it.
fn quoted(text: &str) -> String {
    ron::to_string(text).unwrap_or_else(|_| format!("{text:?}"))
}

/// A ratio in four digits behind the point: the table has two.
fn rounded(ratio: f64) -> f64 {
    libm::round(ratio * 1e4) / 1e4
}

/// Whether the study has the parameter, and can be made at both ends of its range.
fn serves(unknown: &Unknown, name: &str, study: &Arc<SourceFile>, reader: Reader<'_>) -> bool {
    let explore = unknown.moved().map(|moved| Explore { unknowns: vec![moved], ..Explore::default() });
    explore.is_some_and(|explore| StudyTemplate::new(&explore, &Places::none(), name, study, reader).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_speaks_of_one_parameter_of_the_table() {
        let table = table();
        for (begins, ..) in ROWS {
            assert_eq!(table.iter().filter(|(parameter, ..)| parameter.starts_with(begins)).count(), 1, "{begins}");
        }
    }
}
