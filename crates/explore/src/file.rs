//! The exploration file: what is not known, what may be chosen, what is wished, and what is asked. Text in, an [`Explore`] or every
//! problem out.
//!
//! It is RON in which the first values of some words may stand without their names, as in `Date("2026-12-07", "2027-09-06",
//! step_days: 7)`. It is parsed once, into the same tree as a study. What only the study can tell, such as whether a path leads
//! anywhere, is checked where the study is at hand, and told at its place in this file.

mod check;
pub mod places;
mod steps;
#[cfg(test)]
mod tests;
pub mod wire;

use std::sync::Arc;

use brownout_methods::factor::Factor;
use brownout_methods::robust::Direction;

use brownout_experiment::Measure;
pub use brownout_reading::document::Document;
use brownout_reading::lever::How;
use brownout_reading::problem::{Problem, Severity};
use brownout_reading::text::SourceFile;
use brownout_reading::tree::{ValueNames, read_file_naming};
use places::Places;
pub use steps::{Criterion, Limit, Of, Screening, Search, Selection, Spending, Step};
use wire::ExploreWire;
pub use wire::OptionWire;

/// An exploration that was checked, as far as it can be without its study.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explore {
    /// The question; may be empty.
    pub question: String,
    /// The study's file, relative to this one.
    pub study: String,
    /// Tenants lived at a point, if not all.
    pub tenants: Option<u64>,
    /// Replications of a block.
    pub replications: u32,
    /// Futures in which the schedules are compared, and replications lived in each of them.
    pub futures: (u64, u32),
    /// Seed of designs and searches; the lives have the study's own.
    pub seed: u64,
    /// Names of the scenarios that are crossed with every point; all if empty.
    pub schedules: Vec<String>,
    /// What may be chosen.
    pub levers: Vec<Moved>,
    /// What is not known.
    pub unknowns: Vec<Moved>,
    /// Names of the alternatives that no range can express; what each sets is read where the study is at hand.
    pub structures: Vec<String>,
    /// What each structure sets, as it is written.
    pub sets: Vec<String>,
    /// What is wished.
    pub outcomes: Vec<Wished>,
    /// What is asked, in order.
    pub steps: Vec<Step>,
}

/// A factor with what it does to the study.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Name and distribution. A date is the number of days since 1970-01-01.
    pub factor: Factor,
    /// Where it goes: one path, or several that take the same value.
    pub paths: Vec<String>,
    /// What it does there.
    pub how: How,
    /// Whether its whole numbers are days since 1970-01-01.
    pub is_date: bool,
    /// The options of a choice, in order.
    pub options: Vec<OptionWire>,
    /// Where the range comes from; may be empty.
    pub source: String,
}

/// What is wished of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wished {
    /// The measure.
    pub measure: Measure,
    /// Less or more.
    pub wish: Direction,
    /// The limit that satisfies: at most where less is wished, at least where more is.
    pub limit: Option<f64>,
}

/// Whether a text is meant as an exploration and not as a study.
pub fn is_exploration(text: &str) -> bool {
    Document::of(text) == Some(Document::Exploration)
}

/// Words whose first values may stand without names.
const NAMING: &ValueNames =
    &[("Date", &["first", "last"]), ("Sensitivity", &["design"]), ("Search", &["method"]), ("Select", &["by"])];

/// The exploration in a file with the places of its fields, or every problem in it, each at its place.
///
/// # Errors
/// Everything that is wrong, each with its field, value, rule and remedy.
pub fn read(file: &Arc<SourceFile>) -> Result<(Explore, Places), Vec<Problem>> {
    let read = read_file_naming::<ExploreWire>(file, "", NAMING);
    let places = Places::new(file, read.tree);
    let mut problems = read.problems;
    // What could not be read is missed by every other rule, and shifts what stands behind it.
    if let Some(wire) = read.value.filter(|_| read.dropped.is_empty()) {
        match check::checked(wire, &places) {
            Ok(explore) if problems.errors() == 0 => return Ok((explore, places)),
            Ok(_) => {}
            Err(found) => problems.extend(found.into_iter().map(|problem| places.placed(problem))),
        }
    }
    Err(problems.into_list())
}

/// The exploration in a text that is no file; see [`read`].
///
/// # Errors
/// As for [`read`].
pub fn read_text(text: &str) -> Result<Explore, Vec<Problem>> {
    let file = SourceFile { path: "exploration".to_owned(), text: text.to_owned() };
    read(&Arc::new(file)).map(|(explore, _)| explore)
}

fn problem(field: &str, message: String, help: &str) -> Problem {
    Problem { severity: Severity::Error, place: None, field: field.to_owned(), message, help: help.to_owned() }
}
