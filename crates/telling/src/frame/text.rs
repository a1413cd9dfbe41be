//! A frame for the terminal: one line a row, numbers to the right, no wider than asked for.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};

use super::{Frame, Value};
use brownout_text::outside::printable;

impl Frame {
    /// The table, its names in words.
    ///
    /// - `width`: columns of the terminal, if known.
    pub fn text(&self, width: Option<u16>) -> String {
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY).remove_style(TableComponent::HorizontalLines);
        table.remove_style(TableComponent::MiddleIntersections);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        table.set_header(self.columns().iter().map(|column| match column.unit {
            "" => column.name.replace('_', " "),
            unit => format!("{}\n({unit})", column.name.replace('_', " ")),
        }));
        for row in self.rows() {
            table.add_row(row.iter().map(cell));
        }
        for (column, of) in table.column_iter_mut().zip(self.columns()) {
            column.set_cell_alignment(if of.kind.is_numeric() { CellAlignment::Right } else { CellAlignment::Left });
        }
        table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Number(number) => short(*number),
        Value::Instant(at) => at.to_string().replace('T', " ").trim_end_matches('Z').to_owned(),
        Value::Text(text) => printable(text).into_owned(),
        other => other.to_string(),
    }
}

/// Few digits, more of them the smaller the number is.
fn short(number: f64) -> String {
    let text = match number.abs() {
        size if size >= 100.0 => format!("{number:.1}"),
        size if size >= 1.0 => format!("{number:.2}"),
        _ => format!("{number:.5}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use crate::columns;
    use crate::frame::Frame;

    #[test]
    fn rows_are_lines_and_numbers_stand_under_each_other() {
        let mut frame = Frame::new("x", columns![Text server, Number lost "messages"]);
        frame.row(["mail-1".into(), 12.5.into()]);
        frame.row(["m\u{1b}[2J".into(), 1000.0.into()]);
        let text = frame.text(Some(60));
        assert!(text.contains("12.5 \n") || text.contains("12.5\n"), "{text}");
        assert!(!text.contains('\u{1b}') && text.contains("(messages)"), "{text}");
    }
}
