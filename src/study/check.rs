//! From wire types to the domain: every rule that a value must keep, every problem at once.

pub(crate) mod openings;
mod policy;
mod routes;
mod values;
pub(crate) mod world;

use std::ops::RangeInclusive;

pub use policy::policy;
pub use world::world;

use super::locate::{Path, Step, locate};
use super::problem::{Problem, Severity};
use super::text::Patchwork;
use crate::time::SimTime;

/// Collects the problems of one section (a study, a policy, a world).
pub struct Checker<'a> {
    text: &'a Patchwork,
    root: &'a str,
    /// What was found so far.
    pub problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    /// A checker of a section called `root` in messages.
    pub fn new(text: &'a Patchwork, root: &'a str) -> Self {
        Checker { text, root, problems: Vec::new() }
    }

    /// Notes an error at a field.
    pub fn error(&mut self, path: &Path, message: impl Into<String>, help: impl Into<String>) {
        self.note(Severity::Error, path, message.into(), help.into());
    }

    /// Notes a warning at a field.
    pub fn warn(&mut self, path: &Path, message: impl Into<String>, help: impl Into<String>) {
        self.note(Severity::Warning, path, message.into(), help.into());
    }

    fn note(&mut self, severity: Severity, path: &Path, message: String, help: String) {
        let mut steps = path.clone();
        // A field that is left out is shown at what should hold it.
        let range = loop {
            match locate(self.text.text(), &steps) {
                Ok(found) => break found.into_iter().next(),
                Err(_) if steps.0.is_empty() => break None,
                Err(_) => drop(steps.0.pop()),
            }
        };
        let range =
            range.map(|range| if steps == *path { range } else { range.start..(range.start + 1).min(range.end) });
        let place = range.and_then(|range| self.text.place(range));
        let field = match path.0.first() {
            None => self.root.to_owned(),
            Some(Step::Field(_)) if !self.root.is_empty() => format!("{}.{path}", self.root),
            _ => format!("{}{path}", self.root),
        };
        self.problems.push(Problem { severity, place, field, message, help });
    }

    /// A number within a range, or an error and the nearest allowed number.
    pub fn number(&mut self, path: &Path, value: f64, range: RangeInclusive<f64>, unit: &str) -> f64 {
        if range.contains(&value) {
            return value;
        }
        self.error(path, format!("{value} is not allowed; expected {} to {}{unit}", range.start(), range.end()), "");
        *range.start()
    }

    /// A whole number within a range, or an error and the least allowed number.
    pub fn whole(&mut self, path: &Path, value: i64, range: RangeInclusive<i64>, unit: &str) -> i64 {
        if range.contains(&value) {
            return value;
        }
        self.error(path, format!("{value} is not allowed; expected {} to {}{unit}", range.start(), range.end()), "");
        *range.start()
    }

    /// An instant.
    pub fn time(&mut self, path: &Path, text: &str) -> Option<SimTime> {
        text.parse().map_err(|error: crate::time::TimeError| self.error(path, error.to_string(), "")).ok()
    }
}
