//! What is wrong with a file: place, value, rule and, if there is one, the remedy.

use super::text::Place;

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
    /// One line: `file:line:column: field: message; help`.
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
        line
    }
}

/// The nearest of some names, as help text; empty if none is near.
pub fn nearest(found: &str, names: &[impl AsRef<str>]) -> String {
    let scored = names.iter().map(|name| (strsim::jaro_winkler(found, name.as_ref()), name.as_ref()));
    match scored.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((score, name)) if score > 0.75 => format!("did you mean \"{name}\"?"),
        _ => String::new(),
    }
}

/// Names as a list for people: `a`, `b` or `c`.
pub fn one_of(names: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.as_ref())).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "nothing".to_owned(),
    }
}
