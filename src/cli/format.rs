//! How an answer is printed: for people, as CSV, as JSON; the same for every command that has tables.

use brownout::frame::{Frame, document};
use brownout::outside::printable_json;
use clap::ValueEnum;
use serde_json::{Map, Value};

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// The main table as CSV
    Csv,
    /// All tables as JSON, columns with their units
    Json,
}

impl Format {
    /// What is printed for programs; `None` where people are to read it.
    ///
    /// - `about`: what is true of the answer as a whole. `frames`: the main table first.
    pub(crate) fn written<'a>(
        self,
        about: impl FnOnce() -> Map<String, Value>,
        frames: impl IntoIterator<Item = &'a Frame>,
    ) -> Option<Vec<u8>> {
        match self {
            Format::Table => None,
            Format::Csv => Some(frames.into_iter().next().map(Frame::csv).unwrap_or_default()),
            Format::Json => Some(printable_json(&document(about(), frames)).into_owned().into_bytes()),
        }
    }
}

/// Fields of an answer as a whole.
pub(crate) fn about<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
