//! A frame as CSV: a header, floats in shortest round-trip form, missing values as empty cells, nothing a spreadsheet would run.

use super::{Column, ColumnKind, Frame, Value};
use brownout_text::csv_text::CsvTable;

impl Frame {
    /// The file.
    pub fn csv(&self) -> Vec<u8> {
        let mut table = CsvRows::new(self.columns().to_vec(), self.rows().len());
        self.rows().iter().for_each(|row| table.row(row.iter().cloned()));
        table.bytes()
    }
}

/// Rows of typed columns that are written as they come, for tables too long to be held as a [`Frame`].
pub struct CsvRows {
    columns: Vec<Column>,
    table: CsvTable,
}

impl CsvRows {
    /// A table without rows, and memory for so many as are expected: a long one would otherwise be copied from memory to twice as much
    /// again and again, and the system gives no page of it before there is something on it.
    pub fn new(columns: Vec<Column>, rows: usize) -> Self {
        let header: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let row: usize = columns.iter().map(|column| usual_length(column.kind)).sum();
        let table = CsvTable::new(&header, rows.saturating_mul(row));
        CsvRows { columns, table }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// In builds with assertions, if it does not fit the columns: a fault of whoever made the table.
    pub fn row(&mut self, values: impl IntoIterator<Item = Value>) {
        let mut columns = self.columns.iter();
        self.table.row(values.into_iter().map(|value| {
            let column = columns.next();
            debug_assert!(column.is_some_and(|column| value.fits(column.kind)), "{column:?}: {value:?}");
            value.to_string()
        }));
        debug_assert!(columns.next().is_none(), "a row as long as the header");
    }

    /// The file.
    pub fn bytes(self) -> Vec<u8> {
        self.table.bytes()
    }
}

/// Bytes that a cell hardly exceeds, with the comma behind it.
const fn usual_length(kind: ColumnKind) -> usize {
    match kind {
        ColumnKind::Integer => 8,
        ColumnKind::Number => 20,
        ColumnKind::Date => 11,
        ColumnKind::Instant => 21,
        ColumnKind::Text => 16,
        ColumnKind::Truth => 6,
    }
}
