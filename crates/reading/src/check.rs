//! From wire types to the domain: every rule that a value must keep, every problem at once.

pub(crate) mod openings;
mod policy;
mod routes;
mod values;
pub(crate) mod world;

use std::ops::RangeInclusive;

pub use policy::policy;
pub use world::world;

use super::problem::{Problem, Problems, Severity};
use super::tree::{Node, Path};
use brownout_kernel::limits::{Limits, Number, Refusal};
use brownout_kernel::time::SimTime;
use brownout_text::outside::shortened;

/// Most characters of a message or remedy: names of a megabyte are not echoed whole.
const WORDS_MAX: usize = 600;
/// Most characters of a name that people read in tables and pictures.
const NAME_MAX: usize = 200;

/// Collects the problems of one section (a study, a policy, a world).
pub struct Checker<'a> {
    tree: &'a Node,
    root: &'a str,
    /// Values that could not be read; what follows from their absence is no further problem.
    dropped: &'a [Path],
    /// What was found so far.
    pub problems: Problems,
}

impl<'a> Checker<'a> {
    /// A checker of a section called `root` in messages.
    pub fn new(tree: &'a Node, root: &'a str, dropped: &'a [Path]) -> Self {
        Checker { tree, root, dropped, problems: Problems::default() }
    }

    /// Where a field is written; `None` where it is left out.
    pub(crate) fn place(&self, path: &Path) -> Option<super::text::Place> {
        let (node, _, whole) = self.tree.follow(path);
        whole.then(|| node.place())
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
        if self.dropped.is_empty() && self.problems.is_full(severity) {
            // Where it stands is not looked for any more.
            let field = String::new();
            return self.problems.push(Problem { severity, place: None, field, message: String::new(), help });
        }
        let (node, written, whole) = self.tree.follow(path);
        if self.dropped.iter().any(|gone| gone.starts_with(&written)) {
            return;
        }
        // A field that is left out is shown at what should hold it.
        let place = if whole { node.place() } else { node.beginning() };
        self.note_at(severity, place, &written, message, help);
    }

    /// Notes a problem of a field at a place of its own.
    pub(crate) fn note_at(
        &mut self,
        severity: Severity,
        place: super::text::Place,
        path: &Path,
        message: String,
        help: String,
    ) {
        let words = |text: String| if text.len() > WORDS_MAX { shortened(&text, WORDS_MAX) } else { text };
        let field = shortened(&path.under(self.root), 200);
        self.problems.push(Problem { severity, place: Some(place), field, message: words(message), help: words(help) });
    }

    /// A name for people: not blank, at most 200 characters, on one line.
    pub fn name(&mut self, path: &Path, name: &str, what: &str) {
        if name.trim().is_empty() {
            self.error(path, format!("{what} needs a name"), "");
        } else if name.chars().any(char::is_control) {
            self.error(path, "a name cannot have control characters", "write it on one line");
        } else if name.chars().nth(NAME_MAX).is_some() {
            let message = format!("a name of {} characters; expected at most {NAME_MAX}", name.chars().count());
            self.error(path, message, "say the rest elsewhere");
        }
    }

    /// A value within its limits, or an error and the least allowed value.
    pub fn allowed<T: Copy + PartialOrd + Into<Number>>(&mut self, path: &Path, value: T, limits: Limits<T>) -> T {
        self.made(path, limits.check(value)).unwrap_or(limits.least())
    }

    /// What was made, or an error that says why it could not be.
    pub fn made<T>(&mut self, path: &Path, made: Result<T, Refusal>) -> Option<T> {
        made.map_err(|refusal| self.error(path, refusal.rule().to_string(), "")).ok()
    }

    /// A number within a range, or an error and the nearest allowed number.
    pub fn number(&mut self, path: &Path, value: f64, range: RangeInclusive<f64>, unit: &'static str) -> f64 {
        self.allowed(path, value, Limits::new("", *range.start(), *range.end(), unit))
    }

    /// A whole number within a range, or an error and the least allowed number.
    pub fn whole(&mut self, path: &Path, value: i64, range: RangeInclusive<i64>, unit: &'static str) -> i64 {
        self.allowed(path, value, Limits::new("", *range.start(), *range.end(), unit))
    }

    /// An instant.
    pub fn time(&mut self, path: &Path, text: &str) -> Option<SimTime> {
        text.parse().map_err(|error: brownout_kernel::time::TimeError| self.error(path, error.to_string(), "")).ok()
    }
}
