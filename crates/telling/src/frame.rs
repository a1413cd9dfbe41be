//! Tables with typed columns: the currency between an answer and everything that writes it.
//!
//! An answer is worked out once into frames; CSV, JSON, HTML and the terminal are writers of frames, and a new format is one
//! more file here. Numbers stay numbers until they are written, and what is missing is missing, never 0 or "".
//!
//! ```
//! use brownout_telling::frame::{Column, Frame, ColumnKind};
//! let mut frame = Frame::new("servers", vec![Column::new("server", "", ColumnKind::Text), Column::new("lost", "messages", ColumnKind::Number)]);
//! frame.row(["mail-1".into(), 12.5.into()]);
//! frame.row(["mail-2".into(), None::<f64>.into()]);
//! assert_eq!(String::from_utf8(frame.csv()).unwrap(), "server,lost\nmail-1,12.5\nmail-2,\n");
//! ```

mod csv;
mod html;
mod json;
mod markdown;
mod text;
mod tree;

use std::fmt;

use brownout_kernel::time::{Day, SimTime};

pub use csv::CsvRows;
pub(crate) use html::{Beside, Dress, Heading, Said, Setting, Tone};
pub use json::{document, fields};
pub(crate) use markdown::plain;
pub(crate) use text::whole;
pub use text::{Shown, TextTable};
pub use tree::Tree;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whole numbers.
    Integer,
    /// Floating-point numbers.
    Number,
    /// Calendar days, `2026-11-28`.
    Date,
    /// Instants in UTC, `2026-11-28T00:15:00Z`; "never" for what does not come.
    Instant,
    /// Words.
    Text,
    /// Yes or no.
    Truth,
}

impl ColumnKind {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            ColumnKind::Integer => "integer",
            ColumnKind::Number => "number",
            ColumnKind::Date => "date",
            ColumnKind::Instant => "instant",
            ColumnKind::Text => "text",
            ColumnKind::Truth => "truth",
        }
    }

    /// Whether its values are set to the right.
    const fn is_numeric(self) -> bool {
        matches!(self, ColumnKind::Integer | ColumnKind::Number)
    }
}

/// A column of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in files: lower case, words joined by `_`.
    pub name: String,
    /// Unit of its numbers; empty where there is none, or where another column tells it.
    pub unit: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

impl Column {
    /// A column.
    pub fn new(name: impl Into<String>, unit: &'static str, kind: ColumnKind) -> Self {
        Column { name: name.into(), unit, kind }
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known, or nothing applies.
    Missing,
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Number(f64),
    /// A calendar day.
    Date(Day),
    /// An instant.
    Instant(SimTime),
    /// Words.
    Text(String),
    /// Yes or no.
    Truth(bool),
}

impl Value {
    /// Whether a column of a kind may hold it. Every column may miss values; whole numbers may stand among floating-point ones.
    pub const fn fits(&self, kind: ColumnKind) -> bool {
        matches!(
            (self, kind),
            (Value::Missing, _)
                | (Value::Integer(_), ColumnKind::Integer | ColumnKind::Number)
                | (Value::Number(_), ColumnKind::Number)
                | (Value::Date(_), ColumnKind::Date)
                | (Value::Instant(_), ColumnKind::Instant)
                | (Value::Text(_), ColumnKind::Text)
                | (Value::Truth(_), ColumnKind::Truth)
        )
    }
}

/// As files have it: numbers in shortest round-trip form, what is missing empty.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Missing => Ok(()),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Date(day) => write!(f, "{day}"),
            Value::Instant(at) => write!(f, "{at}"),
            Value::Text(text) => f.write_str(text),
            Value::Truth(truth) => write!(f, "{truth}"),
        }
    }
}

macro_rules! value_from {
    ($($from:ty => |$value:ident| $into:expr),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $into
            }
        }
    )+};
}

value_from! {
    i16 => |value| Value::Integer(value.into()),
    i64 => |value| Value::Integer(value),
    u8 => |value| Value::Integer(value.into()),
    u32 => |value| Value::Integer(value.into()),
    u64 => |value| Value::Integer(value as i64),
    usize => |value| Value::Integer(value as i64),
    f64 => |value| Value::Number(value),
    bool => |value| Value::Truth(value),
    Day => |value| Value::Date(value),
    SimTime => |value| Value::Instant(value),
    String => |value| Value::Text(value),
    &String => |value| Value::Text(value.clone()),
    &str => |value| Value::Text(value.to_owned()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Missing, Into::into)
    }
}

/// A table with typed columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    name: &'static str,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

impl Frame {
    /// A frame without rows.
    ///
    /// - `name`: as in file names, without an ending.
    pub fn new(name: &'static str, columns: Vec<Column>) -> Self {
        Frame { name, columns, rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// In builds with assertions, if it does not fit the columns: a fault of whoever made the frame.
    pub fn row(&mut self, values: impl IntoIterator<Item = Value>) {
        let row: Vec<Value> = values.into_iter().collect();
        debug_assert_eq!(row.len(), self.columns.len(), "{}: a row as long as the header", self.name);
        for (value, column) in row.iter().zip(&self.columns) {
            debug_assert!(value.fits(column.kind), "{}.{}: {value:?} is no {:?}", self.name, column.name, column.kind);
        }
        self.rows.push(row);
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Its rows, each as long as the columns.
    pub fn rows(&self) -> &[Vec<Value>] {
        &self.rows
    }
}

/// Columns from a short table: `columns![Text scenario, Number mean, Integer n, Number days "days"]`.
#[macro_export]
macro_rules! columns {
    ($($kind:ident $name:ident $($unit:literal)?),+ $(,)?) => {
        vec![$($crate::frame::Column::new(stringify!($name), $crate::columns!(@unit $($unit)?), $crate::frame::ColumnKind::$kind)),+]
    };
    (@unit) => { "" };
    (@unit $unit:literal) => { $unit };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_type_and_know_their_columns() {
        for (value, kind, text) in [
            (Value::from(3u32), ColumnKind::Integer, "3"),
            (Value::from(0.1 + 0.2), ColumnKind::Number, "0.30000000000000004"),
            (Value::from(7i64), ColumnKind::Number, "7"),
            (Value::from("2026-11-28".parse::<SimTime>().unwrap()), ColumnKind::Instant, "2026-11-28T00:00:00Z"),
            (Value::from("2026-11-28".parse::<SimTime>().unwrap().day()), ColumnKind::Date, "2026-11-28"),
            (Value::from(SimTime::NEVER), ColumnKind::Instant, "never"),
            (Value::from(true), ColumnKind::Truth, "true"),
            (Value::from(None::<f64>), ColumnKind::Number, ""),
        ] {
            assert!(value.fits(kind), "{value:?}");
            assert_eq!(value.to_string(), text);
        }
        assert!(!Value::from("3").fits(ColumnKind::Integer) && !Value::from(0.5).fits(ColumnKind::Integer));
    }
}
