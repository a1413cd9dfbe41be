//! A frame on a page: the head and the rows of a table, numbers to the right, everything escaped.
//!
//! What a page needs beside the values is a closed set, a [`Dress`]: headings in words, parts, and what stands beside a value. No
//! markup comes in, so that every table of every page looks the same.

use std::collections::BTreeMap;

use brownout_text::numbers::value as rounded;
use brownout_text::words::percent;
use maud::{Markup, html};

use super::{Column, ColumnKind, Frame, Value};

/// The unit of numbers from 0 to 1. It is not written in the head: each value is written as per cent.
const SHARE: &str = "share";

/// How the cells of a column are set. Columns of numbers stand to the right of themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Setting {
    /// As the column's type asks for.
    #[default]
    Plain,
    /// To the right: texts made of numbers, such as ranges.
    Right,
    /// Sentences, with room to read them.
    Words,
    /// Kept on one line: dates.
    Line,
    /// A few short lines below each other.
    Lines,
}

impl Setting {
    const fn class(self) -> Option<&'static str> {
        match self {
            Setting::Plain => None,
            Setting::Right => Some("num"),
            Setting::Words => Some("words"),
            Setting::Line => Some("date"),
            Setting::Lines => Some("late"),
        }
    }
}

/// A column as a page shows it.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    column: Column,
    words: String,
    notes: Vec<String>,
    setting: Setting,
    missing: &'static str,
}

impl Heading {
    fn of(words: impl Into<String>, unit: &'static str, kind: ColumnKind) -> Self {
        let words = words.into();
        let column = Column::new(key(&words), unit, kind);
        Heading { column, words, notes: Vec::new(), setting: Setting::Plain, missing: "–" }
    }

    /// A column of words.
    pub(crate) fn text(words: impl Into<String>) -> Self {
        Heading::of(words, "", ColumnKind::Text)
    }

    /// A column of days.
    pub(crate) fn date(words: impl Into<String>) -> Self {
        Heading::of(words, "", ColumnKind::Date)
    }

    /// A column of instants.
    pub(crate) fn instant(words: impl Into<String>) -> Self {
        Heading::of(words, "", ColumnKind::Instant)
    }

    /// A column of whole numbers, written in full.
    pub(crate) fn integer(words: impl Into<String>, unit: &'static str) -> Self {
        Heading::of(words, unit, ColumnKind::Integer)
    }

    /// A column of numbers, rounded as everywhere.
    pub(crate) fn number(words: impl Into<String>, unit: &'static str) -> Self {
        Heading::of(words, unit, ColumnKind::Number)
    }

    /// A column of shares, written as per cent.
    pub(crate) fn share(words: impl Into<String>) -> Self {
        Heading::of(words, SHARE, ColumnKind::Number)
    }

    /// A further line below the heading.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// How the cells are set.
    pub(crate) const fn set(mut self, setting: Setting) -> Self {
        self.setting = setting;
        self
    }

    /// Nothing stands where a value is missing, instead of a dash.
    pub(crate) const fn blank(mut self) -> Self {
        self.missing = "";
        self
    }

    /// The column of a frame.
    pub(crate) const fn column(&self) -> &Column {
        &self.column
    }

    /// Whether the head cell stands to the right.
    fn is_right(&self) -> bool {
        self.column.kind.is_numeric() || self.setting == Setting::Right
    }

    fn class(&self) -> Option<&'static str> {
        if self.column.kind.is_numeric() { Setting::Right.class() } else { self.setting.class() }
    }

    /// A value as it is written where nothing else is said.
    fn shown(&self, value: &Value) -> String {
        match value {
            Value::Missing => self.missing.to_owned(),
            Value::Number(share) if self.column.unit == SHARE => percent(*share).replace(' ', "\u{a0}"),
            Value::Number(number) => rounded(*number, ""),
            other => other.to_string(),
        }
    }
}

/// A heading as the name of a column in files.
fn key(words: &str) -> String {
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_").to_lowercase()
}

/// What a tag says of its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing good or bad.
    Plain,
    /// The best of its kind.
    Best,
    /// Fewer of what nobody wants.
    Less,
    /// More of what nobody wants.
    More,
    /// Not known, or not sure.
    Unsure,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Plain => "tag plain",
            Tone::Best => "tag best",
            Tone::Less => "tag less",
            Tone::More => "tag more",
            Tone::Unsure => "tag unsure",
        }
    }
}

/// What stands beside a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// The unit, where it differs from row to row.
    Unit(String),
    /// A smaller line below.
    Below(String),
    /// A word in a box.
    Tag(Tone, String),
    /// A command to be copied.
    Command(String),
    /// What is changed, and to what.
    Changes(Vec<(String, String)>),
}

impl Beside {
    fn html(&self) -> Markup {
        html! {
            @match self {
                Beside::Unit(unit) => { " " span.unit { (unit) } }
                Beside::Below(line) => { span.pm { (line) } }
                Beside::Tag(tone, word) => { span class=(tone.class()) { (word) } }
                Beside::Command(command) => { pre tabindex="0" { code { (command) } } }
                Beside::Changes(changes) => {
                    ul.changes { @for (path, value) in changes { li { code { (path) } " = " code { (value) } } } }
                }
            }
        }
    }
}

/// What is read in place of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Said {
    /// The value as its column writes it.
    #[default]
    Value,
    /// Words for it: a number rounded by its interval, a day with its weekday.
    Words(String),
    /// Why there is none.
    Absent(String),
}

/// What a page needs of a frame beside its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dress {
    /// One for each column; the first column names the rows.
    pub(crate) headings: Vec<Heading>,
    /// Parts of the table: the row each begins with, and its name.
    pub(crate) parts: Vec<(usize, String)>,
    /// What stands in for and beside values, by row and column.
    pub(crate) cells: BTreeMap<(usize, usize), (Said, Vec<Beside>)>,
}

impl Frame {
    /// Head cells and body of a table.
    pub(crate) fn html(&self, dress: &Dress) -> (Markup, Markup) {
        debug_assert_eq!(dress.headings.len(), self.columns().len(), "{}: a heading for each column", self.name());
        let head = html! { @for (at, heading) in dress.headings.iter().enumerate() { (head_cell(heading, at > 0)) } };
        let starts = dress.parts.iter().map(|part| part.0).chain([self.rows().len()]);
        let body = html! {
            @if dress.parts.is_empty() { tbody { @for at in 0..self.rows().len() { (self.row_html(dress, at)) } } }
            @for ((from, name), to) in dress.parts.iter().zip(starts.skip(1)) {
                tbody {
                    tr.part { th scope="rowgroup" colspan=(self.columns().len()) { span { (name) } } }
                    @for at in *from..to { (self.row_html(dress, at)) }
                }
            }
        };
        (head, body)
    }

    fn row_html(&self, dress: &Dress, row: usize) -> Markup {
        let cells = || self.rows()[row].iter().zip(&dress.headings).enumerate();
        html! {
            tr {
                @for (at, (value, heading)) in cells() {
                    @let inside = cell(value, heading, dress.cells.get(&(row, at)));
                    @if at == 0 { th class=[heading.setting.class()] scope="row" { (inside) } } @else { td class=[heading.class()] { (inside) } }
                }
            }
        }
    }
}

/// - `may_be_right`: not for the names of rows, which stand to the left whatever they are.
fn head_cell(heading: &Heading, may_be_right: bool) -> Markup {
    let unit = Some(heading.column.unit).filter(|unit| !unit.is_empty() && *unit != SHARE);
    html! {
        th class=[(may_be_right && heading.is_right()).then_some("num")] scope="col" {
            (heading.words)
            @for note in unit.into_iter().chain(heading.notes.iter().map(String::as_str)) { " " span.unit { (note) } }
        }
    }
}

fn cell(value: &Value, heading: &Heading, beside: Option<&(Said, Vec<Beside>)>) -> Markup {
    let (said, beside) = beside.map_or((&Said::Value, &[][..]), |(said, beside)| (said, beside.as_slice()));
    html! {
        @match said {
            Said::Value => (heading.shown(value)),
            Said::Words(words) => (words),
            Said::Absent(why) => span.none { (why) },
        }
        @for one in beside { (one.html()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(headings: Vec<Heading>, rows: Vec<Vec<Value>>) -> (Frame, Dress) {
        let mut frame = Frame::new("x", headings.iter().map(|heading| heading.column().clone()).collect());
        rows.into_iter().for_each(|row| frame.row(row));
        (frame, Dress { headings, ..Dress::default() })
    }

    #[test]
    fn names_are_escaped_and_missing_values_are_dashes() {
        let headings = vec![Heading::text("Server"), Heading::number("Lost", "messages"), Heading::share("Sure")];
        let rows = vec![vec!["<b>".into(), None::<f64>.into(), 0.25.into()]];
        let (frame, dress) = frame(headings, rows);
        let (head, body) = frame.html(&dress);
        assert_eq!(
            head.into_string(),
            "<th scope=\"col\">Server</th><th class=\"num\" scope=\"col\">Lost <span class=\"unit\">messages</span></th>\
             <th class=\"num\" scope=\"col\">Sure</th>"
        );
        assert_eq!(
            body.into_string(),
            "<tbody><tr><th scope=\"row\">&lt;b&gt;</th><td class=\"num\">–</td><td class=\"num\">25\u{a0}%</td></tr></tbody>"
        );
    }

    #[test]
    fn parts_have_bodies_of_their_own_and_what_stands_beside_a_value_is_escaped_too() {
        let headings = vec![Heading::text("Who"), Heading::text("When").set(Setting::Line)];
        let rows = vec![vec!["a".into(), "now".into()], vec!["b".into(), Value::Missing]];
        let (frame, mut dress) = frame(headings, rows);
        dress.parts = vec![(0, "early".to_owned()), (1, "late".to_owned())];
        dress.cells.insert((0, 1), (Said::Value, vec![Beside::Below("<i>".to_owned())]));
        dress.cells.insert((1, 1), (Said::Absent("never".to_owned()), vec![Beside::Tag(Tone::More, "!".to_owned())]));
        let body = frame.html(&dress).1.into_string();
        let part = "<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"2\">";
        assert_eq!(
            body,
            format!(
                "<tbody>{part}<span>early</span></th></tr><tr><th scope=\"row\">a</th><td class=\"date\">now<span class=\"pm\">&lt;i&gt;</span></td></tr></tbody>\
                 <tbody>{part}<span>late</span></th></tr><tr><th scope=\"row\">b</th><td class=\"date\"><span class=\"none\">never</span>\
                 <span class=\"tag more\">!</span></td></tr></tbody>"
            )
        );
    }

    #[test]
    fn headings_have_names_for_files() {
        assert_eq!(Heading::text("Wrong, 95 % interval").column().name, "wrong_95_interval");
    }
}
