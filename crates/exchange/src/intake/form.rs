//! Which of PowerShell's forms a text is in, and its fields before anything is made of them.

use std::fmt;

use super::problem::{Problem, ProblemKind, shown};
use super::{csv_form, draft, json_form, list_form, table};

/// The longest value that is read; the longest list of builds there is takes about 4,000 bytes.
const VALUE_MAX: usize = 64 << 10;

/// A form in which PowerShell writes objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `Format-List`.
    List,
    /// `Export-Csv` or `ConvertTo-Csv`.
    Csv,
    /// `ConvertTo-Json`.
    Json,
}

/// One field as it stands in the file. A value that was wrapped keeps its line ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawField {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) line: usize,
}

/// The fields of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawRecord {
    pub(super) line: usize,
    pub(super) fields: Vec<RawField>,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Form::List => "Format-List text",
            Form::Csv => "CSV",
            Form::Json => "JSON",
        })
    }
}

/// Splits a text into records; huge values become problems and are emptied.
pub(super) fn parse(text: &str, warnings: &mut Vec<String>, problems: &mut Vec<Problem>) -> (Form, Vec<RawRecord>) {
    let form = detect(text);
    let mut records = match form {
        Form::List => list_form::records(text, warnings),
        Form::Csv => csv_form::records(text, problems),
        Form::Json => json_form::records(text, problems),
    };
    for field in records.iter_mut().flat_map(|record| &mut record.fields) {
        if field.value.len() > VALUE_MAX {
            problems.push(Problem {
                kind: ProblemKind::Size,
                line: field.line,
                field: shown(&field.name),
                value: shown(&field.value),
                rule: format!("it has {} bytes, expected at most {VALUE_MAX}", field.value.len()),
                remedy: "check for a missing quote or line end".to_owned(),
            });
            field.value = field.value.chars().take(100).collect();
        }
    }
    (form, records)
}

/// The form of a text, by its first line that says something.
fn detect(text: &str) -> Form {
    let (skipped, body, stated) = table::skip_preamble(text);
    if stated.is_some() || (skipped > 0 && text.trim_start_matches(['\u{feff}', '"']).trim_start().starts_with("#TYPE"))
    {
        return Form::Csv;
    }
    let mut lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return Form::List };
    if first.starts_with(['{', '[']) && !first.starts_with("[PS]") {
        return Form::Json;
    }
    let is_header =
        |line: &str| line.split([',', ';', '\t']).any(|name| draft::is_known(name.trim_matches([' ', '"'])));
    let delimited = first.contains([',', ';', '\t']) && (first.starts_with('"') || is_header(first));
    if first.starts_with("#TYPE") || (delimited && list_form::split_field(first).is_none()) {
        return Form::Csv;
    }
    Form::List
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_the_form() {
        for (text, form) in [
            ("\n\nServerFQDN : a\n", Form::List),
            ("[PS] C:\\>Get-OnPremServerReportInfo | fl\n\nServerFQDN : a\n", Form::List),
            ("RecommendedBuildVersions : 1,2\n", Form::List),
            ("[\n  {}]", Form::Json),
            ("{\"a\": 1}", Form::Json),
            ("#TYPE Whatever\r\n\"a\"", Form::Csv),
            ("\"ServerFQDN\";\"Build\"\n", Form::Csv),
            ("Build,ServerFQDN\n", Form::Csv),
            ("\"Name\",\"Edition\"\n", Form::Csv),
        ] {
            assert_eq!(detect(text), form, "{text:?}");
        }
    }

    #[test]
    fn a_huge_value_is_a_problem_and_not_kept() {
        let mut problems = Vec::new();
        let text = format!("ServerFQDN : {}\n", "x".repeat(VALUE_MAX + 1));
        let (_, records) = parse(&text, &mut Vec::new(), &mut problems);
        assert_eq!((problems[0].kind, problems[0].line), (ProblemKind::Size, 1));
        assert!(records[0].fields[0].value.len() <= 100);
    }
}
