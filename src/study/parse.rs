//! Reads RON into wire types and reports every problem, not only the first.
//!
//! serde stops at the first problem. So the offending field is blanked out and the text is read again, until it can be read
//! or nothing more can be learnt. Blanks move nothing, so every further problem is reported where it stands.

use std::ops::Range;

use ron::error::{Error as RonError, SpannedError};
use serde::de::DeserializeOwned;

use super::locate::{Path, Step, doubled_keys, locate, ron_options};
use super::problem::{Problem, Severity, nearest, one_of};
use super::text::{Patchwork, one_line};

/// Most problems reported of one file.
const PROBLEMS_MAX: usize = 100;

/// What could be read of a text.
#[derive(Debug)]
pub struct Parsed<T> {
    /// The value, without the fields that were blanked out; `None` if too little was left.
    pub value: Option<T>,
    /// Every problem of syntax, names and types.
    pub problems: Vec<Problem>,
    /// Fields that were blanked out, as problems name them.
    blanked: Vec<String>,
}

impl<T> Parsed<T> {
    /// Whether a later problem at this field only follows from what was blanked out within it.
    pub fn explains(&self, field: &str) -> bool {
        self.blanked.iter().any(|gone| gone.starts_with(field))
    }
}

/// Reads a text, as much of it as can be read.
pub fn parse<T: DeserializeOwned>(source: &Patchwork, root: &str) -> Parsed<T> {
    let mut problems = Vec::new();
    let mut text = source.clone();
    let mut blanked: Vec<Path> = Vec::new();
    let mut value = None;
    while problems.len() < PROBLEMS_MAX {
        match attempt::<T>(text.text()) {
            Ok(read) => {
                value = Some(read);
                problems.extend(doubled(&text, root));
                break;
            }
            Err((error, path)) => {
                let consequence = matches!(error.code, RonError::MissingStructField { .. })
                    && blanked.iter().any(|gone| gone.0.len() > path.0.len() && gone.0.starts_with(&path.0));
                let (problem, hole) = describe(&text, &error, &path, root);
                if !consequence {
                    problems.push(problem);
                }
                let Some((range, path)) = hole.filter(|(range, _)| !range.is_empty()) else { break };
                text = text.blank(range);
                blanked.push(path);
            }
        }
    }
    let blanked = blanked.iter().map(|path| join(root, path)).collect();
    Parsed { value, problems, blanked }
}

/// One reading: the value, or the first error with the path it happened at.
#[allow(clippy::result_large_err)] // errors are rare and handled at once
fn attempt<T: DeserializeOwned>(text: &str) -> Result<T, (SpannedError, Path)> {
    let mut deserializer =
        ron::Deserializer::from_str_with_options(text, &ron_options()).map_err(|error| (error, Path::default()))?;
    let value = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(value) => value,
        Err(error) => {
            let path = steps(error.path());
            return Err((deserializer.span_error(error.into_inner()), path));
        }
    };
    deserializer.end().map_err(|error| (deserializer.span_error(error), Path::default()))?;
    Ok(value)
}

fn steps(path: &serde_path_to_error::Path) -> Path {
    use serde_path_to_error::Segment;
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Field(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    Path(path.iter().filter_map(step).collect())
}

fn doubled(source: &Patchwork, root: &str) -> Vec<Problem> {
    doubled_keys(source.text())
        .into_iter()
        .map(|(name, range)| Problem {
            severity: Severity::Error,
            place: source.place(range),
            field: root.to_owned(),
            message: format!("\"{name}\" is given twice"),
            help: "keep one of them".to_owned(),
        })
        .collect()
}

/// The problem behind an error, and what to blank out to go on.
fn describe(
    text: &Patchwork,
    error: &SpannedError,
    path: &Path,
    root: &str,
) -> (Problem, Option<(Range<usize>, Path)>) {
    let start = text.byte_of(error.span.start.line, error.span.start.col);
    let end = text.byte_of(error.span.end.line, error.span.end.col);
    let value = locate(text.text(), path).ok().and_then(|found| found.into_iter().next());
    let (mut message, mut help, wrong_field) = words(&error.code);
    if is_syntax(&error.code) && text.text()[start.min(text.text().len())..].starts_with('.') {
        // A whole number was read up to its point.
        message = "a whole number is expected here".to_owned();
        help = "leave the decimals out".to_owned();
    }
    if let (Some(value), None, false) = (&value, &wrong_field, is_syntax(&error.code)) {
        let found: String = one_line(&text.text()[value.clone()]).chars().take(40).collect();
        let says_enough = matches!(
            error.code,
            RonError::MissingStructField { .. }
                | RonError::NoSuchEnumVariant { .. }
                | RonError::DuplicateStructField { .. }
        );
        if !says_enough && !found.is_empty() {
            message.push_str(&format!(", found {found}"));
        }
    }
    let mut range = value.clone().unwrap_or(start..end.max(start));
    let mut hole = (!path.0.is_empty()).then(|| value.clone()).flatten().map(|value| (value, path.clone()));
    let mut field = path.clone();
    if let Some(name) = wrong_field {
        let last = path.0.last() == Some(&Step::Field(name.clone()));
        field = if last { path.clone() } else { path.field(&name) };
        let found = locate(text.text(), &field).ok().and_then(|found| found.into_iter().next());
        hole = found.clone().map(|value| (value, field.clone()));
        if let Some(value) = found {
            range = key_before(text.text(), value.start, &name);
        }
    } else if matches!(error.code, RonError::MissingStructField { .. }) {
        range = range.start..(range.start + 1).min(range.end);
    } else if value.is_none() || is_syntax(&error.code) || matches!(error.code, RonError::DuplicateStructField { .. }) {
        range = start..end.max(start);
        hole = None;
    }
    let hole = hole.map(|(value, path)| (widen(text.text(), value, &path), path));
    let full = join(root, &field);
    let problem = Problem { severity: Severity::Error, place: text.place(range), field: full, message, help };
    (problem, hole)
}

fn join(root: &str, path: &Path) -> String {
    match path.0.first() {
        None => root.to_owned(),
        Some(Step::Field(_)) if root.is_empty() => path.to_string(),
        Some(Step::Field(_)) => format!("{root}.{path}"),
        Some(_) => format!("{root}{path}"),
    }
}

/// Errors after which the rest of the text cannot be told apart.
fn is_syntax(code: &RonError) -> bool {
    matches!(
        code,
        RonError::Eof
            | RonError::ExpectedArrayEnd
            | RonError::ExpectedComma
            | RonError::ExpectedMapEnd
            | RonError::ExpectedMapColon
            | RonError::ExpectedStructLikeEnd
            | RonError::ExpectedStringEnd
            | RonError::ExpectedIdentifier
            | RonError::InvalidIdentifier(_)
            | RonError::SuggestRawIdentifier(_)
            | RonError::TrailingCharacters
            | RonError::UnclosedBlockComment
            | RonError::UnexpectedChar(_)
            | RonError::Utf8Error(_)
            | RonError::ExceededRecursionLimit
            | RonError::InvalidEscape(_)
    )
}

/// Message and help, and the name of the field that should not be there.
fn words(code: &RonError) -> (String, String, Option<String>) {
    let plain = |message: &str, help: &str| (message.to_owned(), help.to_owned(), None);
    match code {
        RonError::NoSuchStructField { expected, found, .. } => {
            let near = nearest(found, expected);
            let help = if near.is_empty() { format!("expected {}", one_of(expected)) } else { near };
            (format!("unknown field \"{found}\""), help, Some(found.clone()))
        }
        RonError::NoSuchEnumVariant { expected, found, .. } => {
            let near = nearest(found, expected);
            let help =
                format!("expected {}{}", one_of(expected), if near.is_empty() { near } else { format!("; {near}") });
            (format!("unknown value {found}"), help, None)
        }
        RonError::MissingStructField { field, .. } => {
            (format!("the field \"{field}\" is missing"), format!("add `{field}: ...`"), None)
        }
        RonError::DuplicateStructField { field, .. } => {
            (format!("the field \"{field}\" is given twice"), "keep one of them".to_owned(), None)
        }
        RonError::ExpectedIdentifier => plain("the name of a field is expected here", "write name: value"),
        RonError::InvalidIdentifier(found) | RonError::SuggestRawIdentifier(found) => {
            (format!("{found:?} is no name of a field"), "write name: value".to_owned(), None)
        }
        RonError::ExpectedStructLike | RonError::ExpectedNamedStructLike(_) => {
            plain("an opening bracket `(` is expected here", "fields stand in brackets: (name: value, ...)")
        }
        RonError::ExpectedDifferentStructName { found, .. } => (
            format!("\"{found}\" is not expected here"),
            "fields stand in brackets: (name: value, ...)".to_owned(),
            None,
        ),
        RonError::IntegerOutOfBounds => plain("the whole number is out of range here", "negative or too large"),
        RonError::ExpectedComma => plain("a comma is missing before this", "put one behind the value before"),
        RonError::Eof => {
            plain("the text ends in the middle", "a bracket or quote is never closed; is the file complete?")
        }
        RonError::ExpectedString => plain("a text in quotes is expected here", "write \"...\""),
        RonError::ExpectedStructLikeEnd => plain("expected `)` here", "a comma or a closing bracket is missing"),
        RonError::ExpectedArrayEnd => plain("expected `]` here", "a comma or a closing bracket is missing"),
        other => (lower_first(&other.to_string()), String::new(), None),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

/// The key that stands before a value.
fn key_before(text: &str, value: usize, name: &str) -> Range<usize> {
    text[..value].rfind(name).map_or(value..value, |at| at..at + name.len())
}

/// The value with its key and the comma behind it, so that blanking it leaves a well-formed text.
fn widen(text: &str, value: Range<usize>, path: &Path) -> Range<usize> {
    let start = match path.0.last() {
        Some(Step::Field(name)) => {
            let key = key_before(text, value.start, name).start;
            if text[..key].ends_with('"') { key - 1 } else { key }
        }
        _ => value.start,
    };
    let rest = &text[value.end..];
    let mut end = value.end;
    let mut chars = rest.char_indices().peekable();
    // Blanks and comments may stand between the value and its comma.
    while let Some((at, c)) = chars.next() {
        if c == ',' {
            end = value.end + at + 1;
            break;
        } else if c == '/' && rest[at..].starts_with("//") {
            while chars.next_if(|&(_, c)| c != '\n').is_some() {}
        } else if c == '/' && rest[at..].starts_with("/*") {
            let skip = rest[at..].find("*/").map_or(rest.len(), |found| at + found + 2);
            while chars.next_if(|&(at, _)| at < skip).is_some() {}
        } else if !c.is_whitespace() {
            break;
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::study::text::SourceFile;
    use crate::study::wire::PolicyWire;

    fn problems(text: &str) -> Vec<String> {
        let file = Arc::new(SourceFile { path: "p.ron".to_owned(), text: text.to_owned() });
        let parsed = parse::<PolicyWire>(&Patchwork::whole(&file), "policy");
        parsed.problems.iter().map(Problem::line).collect()
    }

    #[test]
    fn every_problem_of_a_file_is_found_at_its_place() {
        let found = problems(
            "(\n  ladder: (presett: \"x\"), // , tricky\n  pauses: (budget_days: \"many\", freezs: true),\n  layout: adjacend,\n  colour: 3,\n)",
        );
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(
            found[0]
                .starts_with("p.ron:2:12: policy.ladder.presett: unknown field \"presett\"; did you mean \"preset\"?")
        );
        assert!(found[1].starts_with("p.ron:3:25: policy.pauses.budget_days: "), "{}", found[1]);
        assert!(found[2].starts_with("p.ron:3:33: policy.pauses.freezs: unknown field"), "{}", found[2]);
        assert!(found[3].starts_with("p.ron:4:11: policy.layout: unknown value adjacend; expected"), "{}", found[3]);
        assert!(found[4].starts_with("p.ron:5:3: policy.colour: unknown field"), "{}", found[4]);
    }

    #[test]
    fn a_truncated_file_says_that_it_ends() {
        let found = problems("(ladder: (preset: \"x\"");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("p.ron:1:"), "{found:?}");
    }

    #[test]
    fn what_is_no_name_of_a_field_is_told_at_its_place_on_one_line() {
        let found = problems("(\n  ladder: (preset: \"none\"),\n  1e9: 3,\n)");
        assert!(found[0].starts_with("p.ron:3:") && found[0].contains("\"1e9\" is no name of a field"), "{found:?}");
        let found = problems("(\n  ladder: (preset: \"none\"),\n  , layout: adjacent)");
        assert!(found[0].starts_with("p.ron:3:3: ") && found[0].contains("name of a field is expected"), "{found:?}");
        let found = problems("// a comment\n\n7");
        assert!(found[0].contains("an opening bracket `(` is expected here, found 7"), "{found:?}");
        let found = problems("ladder: 7");
        assert!(found[0].contains("\"ladder\" is not expected here"), "{found:?}");
        assert!(found[0].ends_with("fields stand in brackets: (name: value, ...)"), "{found:?}");
        let found = problems("(ladder: [\n  1, // one\n  2])");
        assert!(found[0].contains("found [ 1, 2]") && !found[0].contains('\n'), "{found:?}");
    }

    #[test]
    fn missing_fields_and_doubled_keys_are_named() {
        assert!(problems("(layout: adjacent)")[0].contains("the field \"ladder\" is missing"));
        let found = problems("(ladder: (preset: \"a\", preset: \"b\"))");
        assert!(found[0].contains("twice"), "{found:?}");
    }

    #[test]
    fn decimals_and_doubled_fields_are_shown_where_they_stand() {
        let found = problems("(ladder: (stages: [(name: \"a\", throttle: 3.5)]))");
        assert!(found[0].contains("a whole number is expected here"), "{found:?}");
        let found = problems("(\n  ladder: (preset: \"none\"),\n  layout: adjacent,\n  layout: random,\n)");
        assert!(found[0].starts_with("p.ron:4:") && found[0].contains("given twice"), "{found:?}");
    }

    #[test]
    fn a_missing_field_in_a_list_does_not_hide_the_rest() {
        let found = problems(
            "(ladder: (stages: [(days: 3), (name: \"b\", dais: 3), (name: \"c\", days: 1.5)]), layout: adjacent)",
        );
        assert_eq!(found.len(), 3, "{found:#?}");
    }
}
