//! `Export-Csv`: a header and a row per server, with or without the `#TYPE` line, parted by comma, semicolon or tab.

use super::draft;
use super::form::{RawField, RawRecord};
use super::problem::{IntakeProblem, ProblemKind, shown};
use super::table::{CellLines, Flaw, TableReader, TableRow};

/// The records of a text. A row of another width than the header is a problem, since its cells may have shifted.
pub(super) fn records(text: &str, problems: &mut Vec<IntakeProblem>) -> Vec<RawRecord> {
    // Lists of builds and what other tools add may be wrapped.
    let mut table = TableReader::new(text, |_| CellLines::Any);
    let Some((header, _)) = table.next() else { return Vec::new() };
    let columns: Vec<Column> = header.cells.iter().map(Column::new).collect();
    let mut records = Vec::new();
    for (row, flaw) in table {
        match flaw {
            None | Some(Flaw::Swallowed(_)) => records.push(record(&columns, &row)),
            Some(Flaw::Width(width)) => problems.push(broken(&row, width)),
        }
    }
    if records.is_empty() && problems.is_empty() {
        // Nothing but a header still tells which fields there would have been.
        let field = |column: Column| RawField { name: column.name, value: String::new(), line: header.line };
        records.push(RawRecord { line: header.line, fields: columns.into_iter().map(field).collect() });
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

/// Empty cells of columns nobody asks for are left out, so that a wide table stays small.
fn record(columns: &[Column], row: &TableRow) -> RawRecord {
    let line = row.line;
    let wanted = columns.iter().zip(&row.cells).filter(|(column, value)| column.known || !value.is_empty());
    let field =
        |(column, value): (&Column, &str)| RawField { name: column.name.clone(), value: value.to_owned(), line };
    RawRecord { line, fields: wanted.map(field).collect() }
}

fn broken(row: &TableRow, width: usize) -> IntakeProblem {
    IntakeProblem {
        kind: ProblemKind::Syntax,
        line: row.line,
        field: "the row".to_owned(),
        value: shown(&row.cells.iter().collect::<Vec<_>>().join(" ")),
        rule: format!("the row has {} cells, the header {width}", row.cells.len()),
        remedy: "export again with Export-Csv -NoTypeInformation".to_owned(),
    }
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
