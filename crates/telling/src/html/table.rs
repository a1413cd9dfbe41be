//! Tables: a frame under a caption, in a box of its own to scroll in.

use maud::{Markup, html};

use crate::frame::{Beside, Dress, Frame, Heading, Said, Tone, Value};

/// What stands above a table.
pub(crate) struct Caption<'a> {
    /// Unique in the page.
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// How to read it; may be empty.
    pub(crate) note: &'a str,
}

/// One cell on its way into a [`Sheet`].
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    value: Value,
    said: Said,
    beside: Vec<Beside>,
}

impl Cell {
    /// A value, written as its column writes it.
    pub(crate) fn of(value: impl Into<Value>) -> Self {
        Cell { value: value.into(), said: Said::Value, beside: Vec::new() }
    }

    /// Nothing.
    pub(crate) const fn missing() -> Self {
        Cell { value: Value::Missing, said: Said::Value, beside: Vec::new() }
    }

    /// No value, and why there is none.
    pub(crate) fn none(why: impl Into<String>) -> Self {
        Cell { said: Said::Absent(why.into()), ..Cell::missing() }
    }

    /// Words that are read in place of the value.
    pub(crate) fn said(self, words: impl Into<String>) -> Self {
        Cell { said: Said::Words(words.into()), ..self }
    }

    /// Something beside the value.
    pub(crate) fn with(mut self, beside: impl IntoIterator<Item = Beside>) -> Self {
        self.beside.extend(beside);
        self
    }

    /// The unit of this value alone.
    pub(crate) fn unit(self, unit: impl Into<String>) -> Self {
        self.with([Beside::Unit(unit.into())])
    }

    /// A smaller line below.
    pub(crate) fn below(self, line: impl Into<String>) -> Self {
        self.with([Beside::Below(line.into())])
    }

    /// A word in a box.
    pub(crate) fn tag(self, tone: Tone, word: impl Into<String>) -> Self {
        self.with([Beside::Tag(tone, word.into())])
    }

    /// A word in a box, if it holds.
    pub(crate) fn tag_if(self, holds: bool, tone: Tone, word: &str) -> Self {
        if holds { self.tag(tone, word) } else { self }
    }
}

/// A frame with what a page needs beside its values.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    frame: Frame,
    dress: Dress,
}

impl Sheet {
    /// A sheet without rows; the first column names them.
    pub(crate) fn new(name: &'static str, headings: impl IntoIterator<Item = Heading>) -> Self {
        let headings: Vec<Heading> = headings.into_iter().collect();
        let columns = headings.iter().map(|heading| heading.column().clone()).collect();
        Sheet { frame: Frame::new(name, columns), dress: Dress { headings, ..Dress::default() } }
    }

    /// Begins a part: the rows that follow stand under this name.
    pub(crate) fn part(&mut self, name: impl Into<String>) {
        self.dress.parts.push((self.frame.rows().len(), name.into()));
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let (row, mut values) = (self.frame.rows().len(), Vec::new());
        for (column, cell) in cells.into_iter().enumerate() {
            values.push(cell.value);
            if cell.said != Said::Value || !cell.beside.is_empty() {
                self.dress.cells.insert((row, column), (cell.said, cell.beside));
            }
        }
        self.frame.row(values);
    }

    /// With all these rows.
    pub(crate) fn rows<R: IntoIterator<Item = Cell>>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        rows.into_iter().for_each(|row| self.row(row));
        self
    }
}

/// A table under its caption; its box scrolls where it is too wide, also by keyboard.
pub(crate) fn table(caption: &Caption<'_>, sheet: &Sheet) -> Markup {
    let (head, body) = sheet.frame.html(&sheet.dress);
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby=(caption.id) {
            table {
                caption {
                    span.caption {
                        span.title id=(caption.id) { (caption.title) }
                        @if !caption.note.is_empty() { " " span.how { (caption.note) } }
                    }
                }
                thead { tr { (head) } }
                (body)
            }
        }
    }
}
