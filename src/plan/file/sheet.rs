//! The fleet as a table: a row for each server, every cell with its place, problems told by row and column.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::csv_text::plain;
use crate::study::problem::{Problem, Severity, nearest, one_of};
use crate::study::text::{Place, SourceFile};

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

/// One server's cells that are not blank.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Number of the row as spreadsheets count: the header is row 1. `None` for a server of a report.
    pub number: Option<usize>,
    /// Where the row stands.
    pub place: Option<Place>,
    cells: BTreeMap<&'static str, String>,
}

impl Row {
    /// A row with some cells, as a report gives them.
    pub fn of(cells: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Row { cells: cells.into_iter().collect(), ..Row::default() }
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
            (self.number, self.place) = (other.number, other.place.clone());
        }
    }

    /// A problem of one of the row's cells.
    pub fn problem(&self, severity: Severity, column: &str, message: String, help: impl Into<String>) -> Problem {
        let row = match self.number {
            Some(number) => format!("row {number} ({})", self.server()),
            None => format!("server {}", self.server()),
        };
        let field = format!("{row}, column {column}");
        Problem { severity, place: self.place.clone(), field, message, help: help.into() }
    }
}

/// The rows of a CSV text, and every problem of its form.
pub fn rows(file: &Arc<SourceFile>) -> (Vec<Row>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut lines = file.text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let delimiter = delimiter(lines.next().unwrap_or_default());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(file.text.as_bytes());
    let mut header: Option<Vec<Option<&'static str>>> = None;
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            problems.push(whole(
                file,
                "the table cannot be read as CSV in UTF-8",
                "save it as CSV (comma delimited, UTF-8)",
            ));
            break;
        };
        let place = place(file, &record);
        if let Some(problem) = swallowed(header.as_deref(), &record, &place, index + 1) {
            problems.push(problem);
            if header.is_none() {
                header = Some(Vec::new());
                break;
            }
            continue;
        }
        match &header {
            None => header = Some(columns(&record, place, &mut problems)),
            Some(columns) => rows.extend(row(columns, &record, index + 1, place, &mut problems)),
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
    (rows, problems)
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
fn place(file: &Arc<SourceFile>, record: &csv::StringRecord) -> Place {
    let from = record.position().map_or(0, |position| position.byte() as usize).min(file.text.len());
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

/// The column that each cell of the header names; `None` for one that is passed over.
fn columns(header: &csv::StringRecord, place: Place, problems: &mut Vec<Problem>) -> Vec<Option<&'static str>> {
    let mut found: Vec<Option<&'static str>> = Vec::new();
    let mut note = |severity, message: String, help: String| {
        let field = "row 1".to_owned();
        problems.push(Problem { severity, place: Some(place.clone()), field, message, help });
    };
    for name in header {
        let wanted = name.to_lowercase().replace([' ', '-'], "_");
        let column = COLUMNS.into_iter().find(|column| *column == wanted);
        if column.is_some() && found.contains(&column) {
            note(Severity::Error, format!("column \"{name}\" is there twice"), "keep one of them".to_owned());
        }
        if column.is_none() && !name.is_empty() {
            let near = nearest(&wanted, &COLUMNS);
            let help = if near.is_empty() { format!("known are {}", COLUMNS.join(", ")) } else { near };
            note(Severity::Warning, format!("column \"{name}\" is not known and passed over"), help);
        }
        found.push(column);
    }
    if !found.contains(&Some("server")) {
        let known: Vec<&str> = header.iter().filter(|name| !name.is_empty()).collect();
        note(Severity::Error, "there is no column \"server\"".to_owned(), format!("the header has {}", one_of(&known)));
    }
    found
}

/// The problem of a cell that a quotation mark too many made run over several lines. What it swallowed is nothing to show.
fn swallowed(
    header: Option<&[Option<&'static str>]>,
    record: &csv::StringRecord,
    place: &Place,
    number: usize,
) -> Option<Problem> {
    let cell = record.iter().position(|cell| cell.contains(['\n', '\r']))?;
    let column = header.and_then(|columns| columns.get(cell).copied().flatten());
    let column = column.map_or(String::new(), |column| format!(", column {column}"));
    Some(Problem {
        severity: Severity::Error,
        place: Some(place.clone()),
        field: format!("row {}{column}", place.line_column().0.max(number)),
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
    let number = place.line_column().0.max(number);
    if record.iter().all(str::is_empty) {
        return None;
    }
    let cells = columns.iter().zip(record).filter_map(|(column, cell)| Some(((*column)?, plain(cell).to_owned())));
    let cells = cells.filter(|(_, cell)| !cell.is_empty()).collect();
    let row = Row { number: Some(number), place: Some(place), cells };
    if record.len() != columns.len() {
        let message = format!("the row has {} cells, the header {}", record.len(), columns.len());
        problems.push(row.problem(
            Severity::Error,
            "server",
            message,
            "is a comma too many, or a quotation mark missing?",
        ));
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
        let (rows, problems) = rows(&file);
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
        assert!(read("name,build\nmail,1\n").1.iter().any(|problem| problem.contains("no column \"server\"")));
    }
}
