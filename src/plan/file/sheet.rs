//! The fleet as a table: a row for each server, every cell with its place, problems told by row and column.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::header;
use crate::catalog::{Build, BuildEvidence, ProductId};
use crate::csv_text::plain;
use crate::intake::{DateOrder, DateText, NumberHabits, read_date, skip_preamble};
use crate::outside::shortened;
use crate::study::problem::{Problem, Severity};
use crate::study::text::{Place, SourceFile};
use crate::time::SimTime;

/// The columns of a fleet.
pub const COLUMNS: [&str; 16] = [
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
];

/// Most servers of a fleet.
pub const SERVERS_MAX: usize = 2_000;
/// Longest cell in bytes.
const CELL_MAX: usize = 4_096;
/// Most problems of form that are told.
const PROBLEMS_MAX: usize = 100;

/// Columns of numbers, and of dates.
const NUMBERS: [&str; 5] = ["messages_per_day", "work_min", "work_likely", "work_max", "lead_days"];
const DATES: [&str; 2] = ["first_detected", "earliest"];

/// What the cells of a table show together about how it writes numbers and dates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Habits {
    /// How numbers are written.
    pub numbers: NumberHabits,
    /// Order of day and month, where it is stated or some date has only one reading.
    pub order: Option<DateOrder>,
}

/// What a report tells of a server.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Product.
    pub product: Option<ProductId>,
    /// Build.
    pub build: Option<BuildEvidence>,
    /// First detection.
    pub detected: Option<SimTime>,
    /// Builds that its own report recommends.
    pub recommended: Vec<Build>,
}

/// One server's cells that are not blank.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Number of the row as spreadsheets count: the header is row 1. `None` for a server of a report.
    pub number: Option<usize>,
    /// Where the row stands.
    pub place: Option<Place>,
    /// How its table writes numbers and dates.
    pub habits: Habits,
    /// What a report tells of the server; it goes before the cells.
    pub told: Told,
    cells: BTreeMap<&'static str, String>,
}

impl Row {
    /// A server of a report.
    pub fn reported(name: &str, told: Told) -> Self {
        Row { cells: BTreeMap::from([("server", name.to_owned())]), told, ..Row::default() }
    }

    /// A cell; `None` if it is blank or its column is missing.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    /// Name of the server; empty if its cell is blank.
    pub fn server(&self) -> &str {
        self.get("server").unwrap_or_default()
    }

    /// Takes over from another row what this one leaves out.
    pub fn fill(&mut self, other: &Row) {
        for (column, value) in &other.cells {
            self.cells.entry(column).or_insert_with(|| value.clone());
        }
        if self.number.is_none() {
            (self.number, self.place, self.habits) = (other.number, other.place.clone(), other.habits);
        }
    }

    /// A problem of one of the row's cells.
    pub fn problem(&self, severity: Severity, column: &str, message: String, help: impl Into<String>) -> Problem {
        let name = shortened(self.server(), 80);
        let row = match self.number {
            Some(number) => format!("row {number} ({name})"),
            None => format!("server {name}"),
        };
        let field = format!("{row}, column {column}");
        Problem { severity, place: self.place.clone(), field, message, help: help.into() }
    }
}

/// The rows of a CSV text, and every problem of its form.
///
/// - `order`: the order of day and month, where it was stated.
pub fn rows(file: &Arc<SourceFile>, order: Option<DateOrder>) -> (Vec<Row>, Vec<Problem>) {
    let mut problems = Vec::new();
    let (_, body, stated) = skip_preamble(&file.text);
    let base = file.text.len() - body.len();
    let mut lines = body.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    if let Some((message, help)) = header::other_form(&file.text) {
        return (Vec::new(), vec![whole(file, message, help)]);
    }
    let delimiter = stated.unwrap_or_else(|| delimiter(lines.next().unwrap_or_default()));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(body.as_bytes());
    let mut header: Option<Vec<Option<&'static str>>> = None;
    let mut rows: Vec<Row> = Vec::new();
    let mut counted = Line { at: 0, number: 1 };
    for (index, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            problems.push(whole(
                file,
                "the table cannot be read as CSV in UTF-8",
                "save it as CSV (comma delimited, UTF-8)",
            ));
            break;
        };
        // A spreadsheet's blank rows consist of separators.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let place = place(file, base, &record);
        counted.advance(&file.text, place.range.start);
        let number = counted.number.max(index + 1);
        if let Some(problem) = swallowed(header.as_deref(), &record, &place, number) {
            problems.push(problem);
            if header.is_none() {
                header = Some(Vec::new());
                break;
            }
            continue;
        }
        match &header {
            None => match header::columns(&record, &place, &mut problems) {
                Some(columns) => header = Some(columns),
                None => return (Vec::new(), problems),
            },
            Some(columns) => rows.extend(row(columns, &record, number, place, &mut problems)),
        }
        if problems.len() > PROBLEMS_MAX {
            problems.push(whole(file, "the table has more problems than these", "mend them, then try again"));
            break;
        }
        if rows.len() > SERVERS_MAX {
            problems.push(whole(file, &format!("the fleet has more than {SERVERS_MAX} servers"), "plan a part of it"));
            break;
        }
    }
    if header.is_none() {
        problems.push(whole(file, "the table has no header", &format!("its columns are {}", COLUMNS.join(", "))));
    } else if rows.is_empty() && problems.iter().all(|problem| problem.severity == Severity::Warning) {
        problems.push(whole(file, "the table has no server", "add a row for each server"));
    }
    let habits = habits(&rows, delimiter, order);
    rows.iter_mut().for_each(|row| row.habits = habits);
    (rows, problems)
}

/// What all rows show together.
fn habits(rows: &[Row], delimiter: u8, stated: Option<DateOrder>) -> Habits {
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

/// The number of the line at an offset, counted on as the offset grows.
struct Line {
    at: usize,
    number: usize,
}

impl Line {
    fn advance(&mut self, text: &str, to: usize) {
        let passed = text.as_bytes().get(self.at..to).unwrap_or_default();
        self.number += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = to.max(self.at);
    }
}

fn delimiter(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    [b';', b'\t'].into_iter().fold(b',', |best, mark| if count(mark) > count(best) { mark } else { best })
}

fn whole(file: &Arc<SourceFile>, message: &str, help: &str) -> Problem {
    let field = file.path.clone();
    Problem { severity: Severity::Error, place: None, field, message: message.to_owned(), help: help.to_owned() }
}

/// The line of a record, without its end.
fn place(file: &Arc<SourceFile>, base: usize, record: &csv::StringRecord) -> Place {
    let from = record.position().map_or(0, |position| base + position.byte() as usize).min(file.text.len());
    // The reader's position can stand before blank lines and comments that it skipped.
    let mut at = from;
    for line in file.text[from..].split_inclusive('\n') {
        if !line.trim().is_empty() && !line.starts_with('#') {
            return Place { file: file.clone(), range: at..at + line.trim_end().len() };
        }
        at += line.len();
    }
    Place { file: file.clone(), range: from..file.text.len() }
}

/// Columns of lists and words, whose cells may have several lines.
const MULTILINE: [&str; 3] = ["crew", "depends_on", "group"];

/// The problem of a cell that a quotation mark too many made run over several lines. What it swallowed is nothing to show.
fn swallowed(
    header: Option<&[Option<&'static str>]>,
    record: &csv::StringRecord,
    place: &Place,
    number: usize,
) -> Option<Problem> {
    let width = header.map_or(0, <[_]>::len);
    let rows_inside =
        |cell: &str| cell.lines().filter(|line| line.matches([',', ';', '\t']).count() + 1 >= width.max(2)).count();
    let named = |cell: usize| header.and_then(|columns| columns.get(cell).copied().flatten());
    let may = |cell: usize, text: &str| {
        header.is_some() && named(cell).is_none_or(|column| MULTILINE.contains(&column)) && rows_inside(text) == 0
    };
    let cell = record.iter().enumerate().position(|(at, cell)| cell.contains(['\n', '\r']) && !may(at, cell))?;
    let column = named(cell);
    let column = column.map_or(String::new(), |column| format!(", column {column}"));
    Some(Problem {
        severity: Severity::Error,
        place: Some(place.clone()),
        field: format!("row {number}{column}"),
        message: "the cell runs over several lines".to_owned(),
        help: "a quotation mark is missing, or one is too many".to_owned(),
    })
}

fn row(
    columns: &[Option<&'static str>],
    record: &csv::StringRecord,
    number: usize,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<Row> {
    let cells = columns.iter().zip(record).filter_map(|(column, cell)| Some(((*column)?, plain(cell))));
    let cells = cells.filter(|(_, cell)| !cell.is_empty());
    let (cells, long): (Vec<_>, Vec<_>) = cells.partition(|(_, cell)| cell.len() <= CELL_MAX);
    let cells = cells.into_iter().map(|(column, cell)| (column, cell.to_owned())).collect();
    let row = Row { number: Some(number), place: Some(place), cells, ..Row::default() };
    // Separators at the ends of rows and of the header mean nothing.
    let named = columns.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    if record.len() < named || record.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
        let message = format!("the row has {} cells, the header {}", record.len(), columns.len());
        problems.push(row.problem(
            Severity::Error,
            "server",
            message,
            "is a comma too many, or a quotation mark missing?",
        ));
    }
    for (column, cell) in long {
        let message = format!("the cell has {} bytes; expected at most {CELL_MAX}", cell.len());
        problems.push(row.problem(Severity::Error, column, message, "is a quotation mark missing?"));
    }
    if row.get("server").is_none() {
        problems.push(row.problem(Severity::Error, "server", "every server needs a name".to_owned(), ""));
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Row>, Vec<String>) {
        let file = Arc::new(SourceFile { path: "fleet.csv".to_owned(), text: text.to_owned() });
        let (rows, problems) = rows(&file, None);
        (rows, problems.iter().map(Problem::line).collect())
    }

    #[test]
    fn headers_and_delimiters_of_spreadsheets_make_no_difference() {
        for text in [
            "server,messages_per_day\nmail,500\n",
            "Server;Messages per day\nmail;500\n",
            "# a comment\n\nSERVER\tmessages-per-day\n\nmail\t500",
        ] {
            let (rows, problems) = read(text);
            assert_eq!(problems, Vec::<String>::new(), "{text:?}");
            assert_eq!((rows[0].server(), rows[0].get("messages_per_day")), ("mail", Some("500")), "{text:?}");
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
