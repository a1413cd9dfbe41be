//! A frame as CSV: a header, floats in shortest round-trip form, missing values as empty cells, nothing a spreadsheet would run.

use super::Frame;
use brownout_text::csv_text::Table;

impl Frame {
    /// The file.
    pub fn csv(&self) -> Vec<u8> {
        let header: Vec<&str> = self.columns().iter().map(|column| column.name.as_str()).collect();
        let mut table = Table::new(&header);
        self.rows().iter().for_each(|row| table.row(row.iter().map(ToString::to_string)));
        table.bytes()
    }
}
