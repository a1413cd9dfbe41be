//! `Export-Csv`: a header and a row per server, with or without the `#TYPE` line, parted by comma, semicolon or tab.

use super::draft;
use super::form::{RawField, RawRecord};
use super::problem::{Problem, ProblemKind, shown};

/// The records of a text. A row of another width than the header is a problem, since its cells may have shifted.
pub(super) fn records(text: &str, problems: &mut Vec<Problem>) -> Vec<RawRecord> {
    let (skipped, body, stated) = skip_preamble(text);
    let delimiter = stated.unwrap_or_else(|| delimiter(body.lines().next().unwrap_or_default()));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(body.as_bytes());
    let mut header: Option<Vec<Column>> = None;
    let mut records = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                problems.push(broken(skipped + 1, error.to_string(), "CSV as Export-Csv writes it"));
                break;
            }
        };
        let line = skipped + row.position().map_or(1, |position| position.line() as usize);
        // A spreadsheet's blank rows consist of separators, not always those of the header.
        if row.iter().all(|cell| cell.trim_matches([',', ';', '\t', ' ']).is_empty()) {
            continue;
        }
        match &header {
            None => header = Some(row.iter().map(Column::new).collect()),
            Some(columns) if !fits(columns, &row) => {
                let rule = format!("the row has {} cells, the header {}", row.len(), columns.len());
                problems.push(broken(line, row.iter().collect::<Vec<_>>().join(" "), &rule));
            }
            // A file that grew by `>>` has its header again.
            Some(columns) if row.iter().zip(columns).all(|(cell, column)| shown(cell) == column.name) => {}
            Some(columns) => records.push(record(columns, &row, line)),
        }
    }
    if let (Some(columns), true) = (header, records.is_empty() && problems.is_empty()) {
        // Nothing but a header still tells which fields there would have been.
        let field = |column: Column| RawField { name: column.name, value: String::new(), line: skipped + 1 };
        records.push(RawRecord { line: skipped + 1, fields: columns.into_iter().map(field).collect() });
    }
    records
}

/// A name of the header.
struct Column {
    name: String,
    known: bool,
}

impl Column {
    fn new(name: &str) -> Self {
        Column { name: shown(name), known: draft::is_known(name) }
    }
}

/// Whether a row is as wide as the header, but for separators at their ends, with which some programs are generous.
fn fits(columns: &[Column], row: &csv::StringRecord) -> bool {
    let named = columns.iter().rposition(|column| !column.name.is_empty()).map_or(0, |last| last + 1);
    row.len() >= named && row.iter().skip(columns.len()).all(str::is_empty)
}

/// Empty cells of columns nobody asks for are left out, so that a wide table stays small.
fn record(columns: &[Column], row: &csv::StringRecord, line: usize) -> RawRecord {
    let wanted = columns.iter().zip(row).filter(|(column, value)| column.known || !value.is_empty());
    let field =
        |(column, value): (&Column, &str)| RawField { name: column.name.clone(), value: value.to_owned(), line };
    RawRecord { line, fields: wanted.map(field).collect() }
}

fn broken(line: usize, value: String, rule: &str) -> Problem {
    Problem {
        kind: ProblemKind::Syntax,
        line,
        field: "the row".to_owned(),
        value: if value.trim().is_empty() { "empty".to_owned() } else { shown(&value) },
        rule: rule.to_owned(),
        remedy: "export again with Export-Csv -NoTypeInformation".to_owned(),
    }
}

/// Leaves out blank lines, `#TYPE …` and Excel's `sep=;` before the header; also says how many lines that were, and the separator
/// that such a line states.
pub(crate) fn skip_preamble(text: &str) -> (usize, &str, Option<u8>) {
    let (mut skipped, mut rest, mut stated) = (0, text, None);
    while let Some((line, tail)) = rest.split_once('\n') {
        let line = line.trim_matches([' ', '\r', '"', '\u{feff}']);
        match line.strip_prefix("sep=").or(line.strip_prefix("SEP=")).map(str::as_bytes) {
            Some([mark, ..]) => stated = Some(*mark).filter(u8::is_ascii_punctuation).or(Some(b'\t')),
            Some([]) => {}
            None if line.trim_matches([',', ';', '\t']).is_empty() || line.starts_with("#TYPE") => {}
            None => break,
        }
        (skipped, rest) = (skipped + 1, tail);
    }
    (skipped, rest, stated)
}

/// The most frequent candidate in the header; names of fields contain none of them.
fn delimiter(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    [b';', b'\t'].into_iter().fold(b',', |best, mark| if count(mark) > count(best) { mark } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_the_type_line_make_no_difference() {
        let expected = vec![("A".to_owned(), "1,5".to_owned()), ("B".to_owned(), "x;y".to_owned())];
        for text in [
            "\"A\",\"B\"\n\"1,5\",\"x;y\"\n",
            "#TYPE Deserialized.Report\n\"A\",\"B\"\n\"1,5\",\"x;y\"\n",
            "sep=;\n\"A\";\"B\"\n\"1,5\";\"x;y\"",
            "\nA\tB\n1,5\tx;y\n",
        ] {
            let mut problems = Vec::new();
            let fields = records(text, &mut problems).remove(0).fields;
            assert_eq!(fields.into_iter().map(|f| (f.name, f.value)).collect::<Vec<_>>(), expected, "{text:?}");
            assert_eq!(problems, []);
        }
    }

    #[test]
    fn a_row_of_another_width_is_a_problem_with_its_line() {
        let mut problems = Vec::new();
        let good = records("#TYPE x\nA,B\n1,2\n3,4,5\n6\n7,8\n", &mut problems);
        assert_eq!(good.iter().map(|record| record.line).collect::<Vec<_>>(), [3, 6]);
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4, 5]);
    }
}
