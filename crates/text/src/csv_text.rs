//! CSV as it is written: one writer for every table, and cells that no spreadsheet takes for a formula.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end, whoever named the server so. Such a cell
//! gets an apostrophe in front, which spreadsheets hide; numbers, negative ones too, stay as they are. A cell that already looks
//! so protected gets one more, so [`plain`] gives back exactly what was there.

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula, also in its wide form.
const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Whether a cell begins a formula once its leading apostrophes are gone.
fn starts_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(STARTS)
}

/// A number as programs write it; what reads as one runs nothing.
fn is_number(cell: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    cell.chars().all(digits) && cell.parse::<f64>().is_ok()
}

/// A cell as it is written: with an apostrophe in front if a spreadsheet would take it for a formula.
///
/// ```
/// use brownout_text::csv_text::{harmless, plain};
/// assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
/// assert_eq!(harmless("-12.5"), "-12.5");
/// assert_eq!(plain(&harmless("'=x")), "'=x");
/// ```
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if starts_formula(cell) && !is_number(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A cell as it was before [`harmless`].
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| starts_formula(rest)).unwrap_or(cell)
}

/// A CSV file in memory; writing to memory cannot fail.
#[derive(Debug)]
pub struct CsvTable(csv::Writer<Vec<u8>>);

impl CsvTable {
    /// A table that begins with its header, and memory for so many bytes.
    pub fn new(header: &[&str], room: usize) -> Self {
        let mut table = CsvTable(csv::Writer::from_writer(Vec::with_capacity(room)));
        table.row(header.iter().map(|name| (*name).to_owned()));
        table
    }

    /// Adds a row, as long as the header.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().collect();
        let written = self.0.write_record(cells.iter().map(|cell| harmless(cell).into_owned()));
        debug_assert!(written.is_ok(), "rows have the length of the header");
    }

    /// The file.
    pub fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_protected_and_come_back_as_they_were() {
        for cell in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=x", "\u{ff1d}1", "'=1", "''-x", "--5"]
        {
            let written = harmless(cell);
            assert_eq!(*written, format!("'{cell}"), "{cell:?}");
            assert_eq!(plain(&written), cell);
        }
    }

    #[test]
    fn numbers_and_other_text_stay_as_they_are() {
        for cell in ["", "-5", "-0.25", "-1.5e-7", "+3", "mail-1", "'quoted'", "'", "2026-12-07", "a=b"] {
            assert_eq!(harmless(cell), cell);
            assert_eq!(plain(cell), cell);
        }
    }

    #[test]
    fn a_table_protects_every_cell() {
        let mut table = CsvTable::new(&["name", "number"], 0);
        table.row(["=x,y".to_owned(), "-3".to_owned()]);
        assert_eq!(table.bytes(), b"name,number\n\"'=x,y\",-3\n");
    }
}
