//! What is wrong with a file: place, value, rule and, if there is one, the remedy.

use std::collections::BTreeSet;

use super::text::Place;
use brownout_text::outside::printable;

/// Most errors, and most warnings, that are listed; the others are counted.
pub const LISTED_MAX: usize = 100;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The study cannot be run.
    Error,
    /// Valid, but doubtful.
    Warning,
}

/// One finding in a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands; `None` if it concerns a file as a whole.
    pub place: Option<Place>,
    /// The field, as a path.
    pub field: String,
    /// What is wrong, with the value and the rule.
    pub message: String,
    /// What would mend it; may be empty.
    pub help: String,
}

impl Problem {
    /// One line, fit to print: `file:line:column: field: message; help`.
    pub fn line(&self) -> String {
        let mut line = String::new();
        if let Some(place) = &self.place {
            let (row, column) = place.line_column();
            line.push_str(&format!("{}:{row}:{column}: ", place.file.path));
        }
        if !self.field.is_empty() {
            line.push_str(&format!("{}: ", self.field));
        }
        line.push_str(&self.message);
        if !self.help.is_empty() {
            line.push_str("; ");
            line.push_str(&self.help);
        }
        printable(&line).into_owned()
    }
}

/// Findings: each told once, at most [`LISTED_MAX`] errors and as many warnings listed, all of them counted.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    seen: BTreeSet<(usize, usize, usize, String)>,
    errors: usize,
    warnings: usize,
}

impl Problems {
    /// Adds a finding, unless the same was said of the same place.
    pub fn push(&mut self, problem: Problem) {
        let count = match problem.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if *count >= LISTED_MAX {
            // That it was said before is not looked for any more.
            *count += 1;
            return;
        }
        let file = |place: &Place| std::sync::Arc::as_ptr(&place.file) as usize;
        let key = match &problem.place {
            Some(place) => (file(place), place.range.start, place.range.end, problem.message.clone()),
            None => (0, 0, 0, format!("{}: {}", problem.field, problem.message)),
        };
        if self.seen.insert(key) {
            *count += 1;
            self.list.push(problem);
        }
    }

    /// Adds findings.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// Adds what another collection lists and counts.
    pub fn join(&mut self, other: Problems) {
        let listed = |severity| other.list.iter().filter(|problem| problem.severity == severity).count();
        let errors = other.errors - listed(Severity::Error);
        let warnings = other.warnings - listed(Severity::Warning);
        self.extend(other.list);
        self.errors += errors;
        self.warnings += warnings;
    }

    /// Takes listed findings out again.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Problem) -> bool) {
        let (errors, warnings) = (&mut self.errors, &mut self.warnings);
        self.list.retain(|problem| {
            let kept = keep(problem);
            match problem.severity {
                _ if kept => {}
                Severity::Error => *errors -= 1,
                Severity::Warning => *warnings -= 1,
            }
            kept
        });
    }

    /// Counts errors that are not listed.
    pub(crate) fn count_errors(&mut self, errors: usize) {
        self.errors += errors;
    }

    /// Whether further findings of a kind are only counted.
    pub(crate) fn is_full(&self, severity: Severity) -> bool {
        let count = if severity == Severity::Error { self.errors } else { self.warnings };
        count >= LISTED_MAX
    }

    /// Errors found so far, listed or not.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Errors and warnings found so far, listed or not.
    pub fn count(&self) -> usize {
        self.errors + self.warnings
    }

    /// What is listed.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// What is listed, and a last line for each kind that is longer than its list.
    pub fn into_list(mut self) -> Vec<Problem> {
        for (severity, count, kind) in
            [(Severity::Error, self.errors, "errors"), (Severity::Warning, self.warnings, "warnings")]
        {
            let listed = self.list.iter().filter(|problem| problem.severity == severity).count();
            if count > listed {
                let message = format!("{} more {kind} are not listed", count - listed);
                let help = "mend these first".to_owned();
                self.list.push(Problem { severity, place: None, field: String::new(), message, help });
            }
        }
        self.list
    }
}
