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
    /// What is printed.
    ///
    /// - `about`: what is true of the answer as a whole. `frames`: the main table first. `people`: the answer for people.
    pub(crate) fn written<'a, F: IntoIterator<Item = &'a Frame>>(
        self,
        about: impl FnOnce() -> Map<String, Value>,
        frames: F,
        people: impl FnOnce() -> String,
    ) -> Vec<u8> {
        match self {
            Format::Table => people().into_bytes(),
            Format::Csv => frames.into_iter().next().map(Frame::csv).unwrap_or_default(),
            Format::Json => printable_json(&document(about(), frames)).into_owned().into_bytes(),
        }
    }
}
