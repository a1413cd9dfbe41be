//! The fleet as a table: a row for each server, every cell with its place, problems told by row and column.

mod typed;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::header;
use super::row::FleetRow;
use crate::problem::{Problem, Severity};
use crate::text::{Place, SourceFile};
use brownout_exchange::intake::{CellLines, DateOrder, DateText, Flaw, NumberHabits, TableReader, TableRow, read_date};
use brownout_text::csv_text::plain;
use brownout_text::outside::shortened;
pub(super) use typed::{days_between, defaults, stated};

/// The columns of a fleet.
pub const COLUMNS: [&str; 24] = [
    "tenant",
    "server",
    "product",
    "build",
    "first_detected",
    "messages_per_day",
    "route",
    "target",
    "work_min",
    "work_likely",
    "work_max",
    "lead_days",
    "crew",
    "earliest",
    "window",
    "depends_on",
    "group",
    "not_before",
    "not_after",
    "on",
    "forbid",
    "wave",
    "priority",
    "in_hand",
];

/// Most servers of a fleet.
pub const SERVERS_MAX: usize = 2_000;
/// Longest cell in bytes.
const CELL_MAX: usize = 4_096;
/// Most problems of form that are told.
const PROBLEMS_MAX: usize = 100;

/// Columns of numbers, and of dates.
const NUMBERS: [&str; 5] = ["messages_per_day", "work_min", "work_likely", "work_max", "lead_days"];
const DATES: [&str; 6] = ["first_detected", "earliest", "not_before", "not_after", "on", "in_hand"];
/// Columns of lists and words, whose cells may have several lines.
const MULTILINE: [&str; 4] = ["crew", "depends_on", "group", "forbid"];

/// Looks a row up by tenant (empty for none) and server.
pub(super) type Known<'a> = &'a dyn Fn(&str, &str) -> Option<FleetRow>;

/// What the cells of a table show together about how it writes numbers and dates.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Habits {
    /// How numbers are written.
    pub(super) numbers: NumberHabits,
    /// Order of day and month, where it is stated or some date has only one reading.
    pub(super) order: Option<DateOrder>,
}

/// A row's cells that are not blank, before anything is made of them.
struct RawRow {
    number: usize,
    place: Place,
    /// With the bytes of the file on which each stands; none where that cannot be told.
    cells: BTreeMap<&'static str, (String, Option<Range<usize>>)>,
    /// Whether its cells may have shifted, so that only its name is kept.
    broken: bool,
}

impl RawRow {
    fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(|cell| cell.0.as_str())
    }

    /// Where a cell stands; the row, if it is blank.
    fn place_of(&self, column: &str) -> Place {
        let range = self.cells.get(column).and_then(|cell| cell.1.clone());
        range.map_or_else(|| self.place.clone(), |range| Place { file: Arc::clone(&self.place.file), range })
    }

    fn problem(&self, column: &str, message: String, help: &str) -> Problem {
        let name = shortened(self.get("server").unwrap_or_default(), 80);
        let field = format!("row {} ({name}), column {column}", self.number);
        Problem { severity: Severity::Error, place: Some(self.place.clone()), field, message, help: help.to_owned() }
    }
}

/// What a table says.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// A row for each server.
    pub(super) rows: Vec<FleetRow>,
    /// Every problem of form and cells.
    pub(super) problems: Vec<Problem>,
    /// Whether every row could be told apart, so that a server that is not there is not in the table.
    pub(super) complete: bool,
}

/// The rows of a CSV text, and every problem of its form and its cells.
///
/// - `order`: the order of day and month, where it was stated.
/// - `known`: the row of a report, by tenant (empty for none) and server; a product told there goes with an update named in the table.
pub(super) fn rows(file: &Arc<SourceFile>, order: Option<DateOrder>, known: Known<'_>) -> Sheet {
    if let Some((message, help)) = header::other_form(&file.text) {
        return Sheet { problems: vec![whole(file, message, help)], ..Sheet::default() };
    }
    let mut problems = Vec::new();
    let reader = TableReader::new(&file.text, span);
    let delimiter = reader.delimiter();
    let (raw, complete) = raw_rows(file, reader, &mut problems);
    let habits = habits(&raw, delimiter, order);
    let rows = typed::rows(&raw, habits, known, &mut problems);
    Sheet { rows, problems, complete }
}

/// How many lines a cell may take, by the name its column has in the file.
fn span(name: &str) -> CellLines {
    match header::column(name) {
        Some(column) if !MULTILINE.contains(&column) => CellLines::Line,
        _ => CellLines::Words,
    }
}

/// The rows, and whether all of them could be told apart.
fn raw_rows(file: &Arc<SourceFile>, mut reader: TableReader<'_>, problems: &mut Vec<Problem>) -> (Vec<RawRow>, bool) {
    let mut complete = true;
    let delimiter = reader.delimiter();
    let place = |row: &TableRow| Place { file: Arc::clone(file), range: row.range.clone() };
    let Some((header, flaw)) = reader.next() else {
        problems.push(whole(file, "the table has no header", &format!("its columns are {}", COLUMNS.join(", "))));
        return (Vec::new(), false);
    };
    if let Some(Flaw::Swallowed(_)) = flaw {
        problems.push(swallowed(&header, None, place(&header)));
        return (Vec::new(), false);
    }
    let Some(columns) = header::columns(&header.cells, &place(&header), problems) else { return (Vec::new(), false) };
    let mut rows: Vec<RawRow> = Vec::new();
    for (row, flaw) in reader {
        match flaw {
            Some(Flaw::Swallowed(cell)) => {
                complete = false;
                problems.push(swallowed(&row, columns.get(cell).copied().flatten(), place(&row)));
            }
            other => rows.push(raw_row((&columns, delimiter), &row, other, place(&row), problems)),
        }
        if problems.len() > PROBLEMS_MAX {
            problems.push(whole(file, "the table has more problems than these", "mend them, then try again"));
            complete = false;
            break;
        }
        if rows.len() > SERVERS_MAX {
            problems.push(whole(file, &format!("the fleet has more than {SERVERS_MAX} servers"), "plan a part of it"));
            break;
        }
    }
    if rows.is_empty() && problems.iter().all(|problem| problem.severity == Severity::Warning) {
        problems.push(whole(file, "the table has no server", "add a row for each server"));
    }
    (rows, complete)
}

/// What all rows show together.
fn habits(rows: &[RawRow], delimiter: u8, stated: Option<DateOrder>) -> Habits {
    let cells = |columns: &'static [&'static str]| {
        rows.iter().flat_map(move |row| columns.iter().filter_map(move |column| row.get(column)))
    };
    let dates: Vec<DateText> =
        cells(&DATES).filter_map(|text| read_date(text).ok().flatten()).map(|(date, _)| date).collect();
    let only = |order: DateOrder| dates.iter().any(|date| date.at(order).is_some() && date.at(order.other()).is_none());
    let shown = match (only(DateOrder::DayFirst), only(DateOrder::MonthFirst)) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    };
    let numbers = NumberHabits::of(cells(&NUMBERS).flat_map(|text| text.split('/')), delimiter);
    Habits { numbers, order: stated.or(shown) }
}

fn whole(file: &Arc<SourceFile>, message: &str, help: &str) -> Problem {
    let field = file.path.clone();
    Problem { severity: Severity::Error, place: None, field, message: message.to_owned(), help: help.to_owned() }
}

/// The problem of a cell that a quotation mark too many made run over several lines. What it swallowed is nothing to show.
fn swallowed(row: &TableRow, column: Option<&str>, place: Place) -> Problem {
    let column = column.map_or(String::new(), |column| format!(", column {column}"));
    Problem {
        severity: Severity::Error,
        place: Some(place),
        field: format!("row {}{column}", row.line),
        message: "the cell runs over several lines".to_owned(),
        help: "a quotation mark is missing, or one is too many".to_owned(),
    }
}

fn raw_row(
    (columns, delimiter): (&[Option<&'static str>], u8),
    row: &TableRow,
    flaw: Option<Flaw>,
    place: Place,
    problems: &mut Vec<Problem>,
) -> RawRow {
    let ranges = row.cell_ranges(&place.file.text, delimiter);
    let cells = columns.iter().zip(&row.cells).enumerate();
    let cells = cells.filter_map(|(index, (column, cell))| Some((index, (*column)?, plain(cell))));
    let cells = cells.filter(|(.., cell)| !cell.is_empty());
    let (cells, long): (Vec<_>, Vec<_>) = cells.partition(|(.., cell)| cell.len() <= CELL_MAX);
    let placed =
        |(index, column, cell): (usize, &'static str, &str)| (column, (cell.to_owned(), ranges.get(index).cloned()));
    let cells = cells.into_iter().map(placed).collect();
    let mut raw = RawRow { number: row.line, place, cells, broken: false };
    if let Some(Flaw::Width(width)) = flaw {
        let message = format!("the row has {} cells, the header {width}", row.cells.len());
        problems.push(raw.problem("server", message, "is a comma too many, or a quotation mark missing?"));
        raw.cells.retain(|column, _| *column == "server");
        raw.broken = true;
    }
    for (_, column, cell) in long {
        let message = format!("the cell has {} bytes; expected at most {CELL_MAX}", cell.len());
        problems.push(raw.problem(column, message, "is a quotation mark missing?"));
    }
    if raw.get("server").is_none() {
        problems.push(raw.problem("server", "every server needs a name".to_owned(), ""));
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<FleetRow>, Vec<String>) {
        let file = Arc::new(SourceFile { path: "fleet.csv".to_owned(), text: text.to_owned() });
        let Sheet { rows, problems, .. } = rows(&file, None, &|_, _| None);
        (rows, problems.iter().map(Problem::line).collect())
    }

    #[test]
    fn headers_and_delimiters_of_spreadsheets_make_no_difference() {
        for text in [
            "server,messages_per_day\nmail,500\n",
            "Server;Messages per day\nmail;500\n",
            "# a comment\n\nSERVER\tmessages-per-day\n\nmail\t500",
            "sep=;\n#TYPE x\n;;\nserver;messages_per_day;\nmail;500;\nserver;messages_per_day;\n",
        ] {
            let (rows, problems) = read(text);
            assert_eq!(problems, Vec::<String>::new(), "{text:?}");
            let messages = rows[0].messages_per_day.as_ref().map(|cell| cell.value);
            assert_eq!((rows.len(), rows[0].name(), messages), (1, "mail", Some(500.0)), "{text:?}");
        }
    }

    #[test]
    fn problems_of_form_name_row_and_column_and_come_together() {
        let (_, problems) = read("server,bild\nmail,15.1.2507.57\n,15.1.2507.57\nedge,1,2\n");
        assert_eq!(problems.len(), 3, "{problems:#?}");
        assert!(
            problems[0].contains("column \"bild\" is not known") && problems[0].contains("\"build\"?"),
            "{problems:?}"
        );
        assert!(problems[1].starts_with("fleet.csv:3:1: row 3 (), column server: every server needs a name"));
        assert!(
            problems[2].starts_with("fleet.csv:4:1: row 4 (edge), column server: the row has 3 cells, the header 2")
        );
    }

    #[test]
    fn every_cell_has_a_place_of_its_own() {
        let cells = |column: &&str| match *column {
            "build" => "15.1.2507.57",
            "product" => "2016",
            "route" => "upgrade",
            column if DATES.contains(&column) || column == "forbid" => "2026-12-01",
            column if NUMBERS.contains(&column) || ["wave", "priority"].contains(&column) => "3",
            _ => "some words",
        };
        let values: Vec<&str> = COLUMNS.iter().map(cells).collect();
        let (rows, problems) = read(&format!("{}\n{}\n", COLUMNS.join(","), values.join(",")));
        assert_eq!(problems, Vec::<String>::new());
        for (column, value) in COLUMNS.iter().zip(values) {
            let place = rows[0].place_of(column).unwrap_or_else(|| panic!("{column} has no place"));
            assert_eq!((place.excerpt(), place.line_column().0), (value, 2), "{column}");
        }
    }

    #[test]
    fn a_quotation_mark_that_swallows_lines_is_told_in_one() {
        let (rows, problems) = read("server,build\nmail,\"15.1\nedge,15.2\nhub,15.1\n");
        assert_eq!((rows.len(), problems.len()), (0, 1), "{problems:?}");
        let words = "fleet.csv:2:1: row 2, column build: the cell runs over several lines; a quotation mark is missing";
        assert!(problems[0].starts_with(words), "{}", problems[0]);
        let (rows, problems) = read("server,\"build\nmail,15.1\nedge,15.2\n");
        assert_eq!((rows.len(), problems.len()), (0, 1), "{problems:?}");
        assert!(problems[0].starts_with("fleet.csv:1:1: row 1: the cell runs over several lines"), "{}", problems[0]);
    }

    #[test]
    fn tables_without_servers_are_refused() {
        assert!(read("").1[0].contains("no header"));
        assert!(read("server,build\n").1[0].contains("no server"));
        assert!(
            read("server,colour\n").1.iter().any(|problem| problem.contains("no server")),
            "a doubt hides no error"
        );
        assert!(read("colour,build\nmail,1\n").1.iter().any(|problem| problem.contains("no column \"server\"")));
    }
}
