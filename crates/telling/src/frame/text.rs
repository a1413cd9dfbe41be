//! Frames for the terminal: the only place that knows how a table is drawn there.
//!
//! A frame alone is written with its names in words ([`Frame::text`]). An answer that people read says besides how each column is
//! [`Shown`]: its heading, the words for its values, its side. [`TextTable`] then sets it by the room there is.

mod forms;
mod narrow;

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, TableComponent, Width};

use super::{Column, Frame, Value};
use brownout_kernel::time::SimTime;
use brownout_text::outside::printable;
use brownout_text::wrap::columns;
use forms::Form;

impl Frame {
    /// The table, its names in words.
    ///
    /// - `width`: columns of the terminal, if known.
    pub fn text(&self, width: Option<u16>) -> String {
        let mut table = TextTable::of(self).table(Form::Stacked);
        without_rules(&mut table);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        trimmed(&table.to_string())
    }
}

/// What a value is called.
type Words<'a> = Box<dyn Fn(&Value) -> String + 'a>;

/// How a column is shown to people.
pub struct Shown<'a> {
    heading: String,
    words: Option<Words<'a>>,
    missing: &'static str,
    is_right: bool,
    in_lines: bool,
    least: Option<u16>,
}

impl<'a> Shown<'a> {
    /// A column under a heading, which may have several lines: its values as they are, numbers set to the right.
    pub fn new(heading: impl Into<String>) -> Self {
        Shown { heading: heading.into(), words: None, missing: "", is_right: false, in_lines: false, least: None }
    }

    /// As files name a column: its unit below its name.
    fn named(column: &Column) -> Self {
        let name = column.name.replace('_', " ");
        Shown::new(if column.unit.is_empty() { name } else { format!("{name}\n({})", column.unit) })
    }

    /// Words for what is missing.
    #[must_use]
    pub const fn missing(mut self, words: &'static str) -> Self {
        self.missing = words;
        self
    }

    /// Words for each value that is not missing.
    #[must_use]
    pub fn words(mut self, words: impl Fn(&Value) -> String + 'a) -> Self {
        self.words = Some(Box::new(words));
        self
    }

    /// Words for each number.
    #[must_use]
    pub fn number(self, words: impl Fn(f64) -> String + 'a) -> Self {
        self.words(move |value| match value {
            Value::Number(number) => words(*number),
            Value::Integer(number) => words(*number as f64),
            other => cell(other),
        })
    }

    /// Words for each instant.
    #[must_use]
    pub fn instant(self, words: impl Fn(SimTime) -> String + 'a) -> Self {
        self.words(move |value| if let Value::Instant(at) = value { words(*at) } else { cell(value) })
    }

    /// Set to the right, although it holds no numbers.
    #[must_use]
    pub const fn right(mut self) -> Self {
        self.is_right = true;
        self
    }

    /// Its texts have several lines, or parts that may stand on lines of their own. Otherwise a line end is a character like others
    /// that no terminal obeys.
    #[must_use]
    pub const fn in_lines(mut self) -> Self {
        self.in_lines = true;
        self
    }

    /// Not narrower than so many columns of the terminal.
    #[must_use]
    pub const fn at_least(mut self, width: u16) -> Self {
        self.least = Some(width);
        self
    }

    fn cell(&self, value: &Value) -> String {
        match (value, &self.words) {
            (Value::Missing, _) => self.missing.to_owned(),
            (value, Some(words)) => words(value),
            (Value::Text(text), None) if self.in_lines => {
                text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
            }
            (value, None) => cell(value),
        }
    }
}

/// A frame and how its columns are shown.
pub struct TextTable<'a> {
    frame: &'a Frame,
    shown: Vec<Shown<'a>>,
}

impl<'a> TextTable<'a> {
    /// A frame as it is.
    pub fn of(frame: &'a Frame) -> Self {
        TextTable { frame, shown: frame.columns().iter().map(Shown::named).collect() }
    }

    /// A frame for people.
    ///
    /// - `shown`: its first columns, in their order; further ones are left out.
    pub fn shown(frame: &'a Frame, shown: impl IntoIterator<Item = Shown<'a>>) -> Self {
        let shown: Vec<Shown<'a>> = shown.into_iter().collect();
        debug_assert!(shown.len() <= frame.columns().len(), "{}: more columns are shown than there are", frame.name());
        TextTable { frame, shown }
    }

    /// Between rules. No word is broken: where the terminal is too narrow for that, a list, row by row.
    pub fn ruled(&self, width: Option<u16>) -> String {
        let mut table = self.table(Form::Stacked);
        without_rules(&mut table);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        trimmed(&narrow::fit(&mut table, width))
    }

    /// Parted by blanks alone, so that any terminal and any locale can show it.
    pub fn plain(&self, width: u16) -> String {
        let mut table = self.table(Form::Stacked);
        // The padding of the last column is cut.
        table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width + PLAIN_GAP);
        table.column_iter_mut().for_each(|column| {
            column.set_padding((0, PLAIN_GAP));
        });
        trimmed(&table.to_string())
    }

    /// Its first two columns as a heading and what it says on each line, without a header.
    ///
    /// - `least`: columns that headings have at least. `wrap`: puts a line that is too long on several.
    pub fn pairs(&self, least: usize, wrap: impl Fn(&str) -> String) -> String {
        let cell = |row: &[Value], at: usize| self.shown.get(at).map_or(String::new(), |shown| shown.cell(&row[at]));
        let width = self.frame.rows().iter().map(|row| columns(&cell(row, 0))).fold(least, usize::max);
        let line = |row: &Vec<Value>| {
            let (heading, says) = (cell(row, 0), cell(row, 1));
            let blanks = " ".repeat(width - columns(&heading) + usize::from(PLAIN_GAP));
            wrap(&format!("{heading}{blanks}{says}"))
        };
        self.frame.rows().iter().map(line).collect()
    }

    /// In as few lines as the width allows, without the last line's end: cells of several parts on one line, on two, or each part
    /// on a line; the columns side by side, or in several tables below each other, each with the first column.
    pub fn fewest_lines(&self, width: Option<u16>) -> String {
        forms::fewest_lines(self, width)
    }

    fn table(&self, form: Form) -> Table {
        let all: Vec<usize> = (0..self.shown.len()).collect();
        self.table_of(form, &all)
    }

    /// The table of some columns, between rules and with a rule between its rows.
    fn table_of(&self, form: Form, columns: &[usize]) -> Table {
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY);
        table.set_header(columns.iter().map(|&at| &self.shown[at].heading));
        for row in self.frame.rows() {
            table.add_row(columns.iter().map(|&at| {
                let (shown, cell) = (&self.shown[at], self.shown[at].cell(&row[at]));
                if shown.in_lines { form.of(cell) } else { cell }
            }));
        }
        for (column, &at) in table.column_iter_mut().zip(columns) {
            let shown = &self.shown[at];
            let is_right = shown.is_right || self.frame.columns()[at].kind.is_numeric();
            column.set_cell_alignment(if is_right { CellAlignment::Right } else { CellAlignment::Left });
            if let Some(least) = shown.least {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
            }
        }
        table
    }
}

/// Blanks between the columns of a table without rules.
const PLAIN_GAP: u16 = 2;

/// Takes the rules between the rows away.
fn without_rules(table: &mut Table) {
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
}

fn trimmed(lines: &str) -> String {
    lines.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Text that does not break over lines.
pub(crate) fn whole(text: &str) -> String {
    text.replace(' ', "\u{a0}")
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
    use super::*;
    use crate::columns;

    #[test]
    fn rows_are_lines_and_numbers_stand_under_each_other() {
        let mut frame = Frame::new("x", columns![Text server, Number lost "messages"]);
        frame.row(["mail-1".into(), 12.5.into()]);
        frame.row(["m\u{1b}[2J".into(), 1000.0.into()]);
        let text = frame.text(Some(60));
        assert!(text.contains("12.5 \n") || text.contains("12.5\n"), "{text}");
        assert!(!text.contains('\u{1b}') && text.contains("(messages)"), "{text}");
    }

    #[test]
    fn values_stay_typed_and_are_shown_in_words() {
        let mut frame = Frame::new("x", columns![Text server, Number on_time, Instant done, Text hidden]);
        frame.row(["a\nb\u{1b}".into(), 0.5.into(), SimTime::NEVER.into(), "z".into()]);
        frame.row(["c".into(), Value::Missing, Value::Missing, "z".into()]);
        let shown = [
            Shown::new("server").in_lines(),
            Shown::new("on time").number(|share| format!("{} %", 100.0 * share)).missing("-"),
            Shown::new("done").instant(|_| "open end".to_owned()).missing("?").right(),
        ];
        let text = TextTable::shown(&frame, shown).plain(40);
        assert_eq!(
            text,
            "server   on time      done\na           50 %  open end\nb\\u{1b}\nc              -         ?\n"
        );
    }
}
