//! The exploration file: what is not known, what may be chosen, what is wished, and what is asked. Text in, an [`Explore`] or every
//! problem out.
//!
//! It is RON in which the arguments of some words may stand without their names, as in `Date("2026-12-07", "2027-09-06",
//! step_days: 7)`: `labels` gives them their names before the text is read. What only the study can tell, such as whether a
//! path leads anywhere, is checked where the study is at hand.

mod check;
mod labels;
pub mod places;
mod steps;
#[cfg(test)]
mod tests;
pub mod wire;

use brownout_methods::factor::Factor;
use brownout_methods::robust::Wish;

use brownout_experiment::Measure;
pub use brownout_reading::document::Document;
use brownout_reading::lever::How;
use brownout_reading::problem::{Problem, Severity};
pub use steps::{Criterion, Limit, Of, Screening, Search, Selection, Spending, Step};
use wire::ExploreWire;

/// An exploration that was checked, as far as it can be without its study.
#[derive(Clone, Debug, PartialEq)]
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
    pub options: Vec<ron::Value>,
    /// Where the range comes from; may be empty.
    pub source: String,
}

/// What is wished of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wished {
    /// The measure.
    pub measure: Measure,
    /// Less or more.
    pub wish: Wish,
    /// The limit that satisfies: at most where less is wished, at least where more is.
    pub limit: Option<f64>,
}

/// Whether a text is meant as an exploration and not as a study.
pub fn is_exploration(text: &str) -> bool {
    Document::of(text) == Some(Document::Exploration)
}

/// The exploration in a text, or every problem in it.
///
/// # Errors
/// Everything that is wrong, each with its field, value, rule and remedy. If the text is no exploration at all, that alone.
pub fn read(text: &str) -> Result<Explore, Vec<Problem>> {
    let labelled = labels::labelled(text);
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let wire: ExploreWire = options.from_str(&labelled.text).map_err(|error| {
        let (line, column) = labelled.original(error.span.start.line, error.span.start.col);
        vec![problem(&format!("line {line}, column {column}"), error.code.to_string(), "")]
    })?;
    check::checked(wire)
}

fn problem(field: &str, message: String, help: &str) -> Problem {
    Problem { severity: Severity::Error, place: None, field: field.to_owned(), message, help: help.to_owned() }
}
