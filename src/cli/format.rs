//! How an answer is printed: for people, as CSV, as JSON; the same for `run`, `merge`, `plan`, `timeline` and `trace`.

use brownout::frame::{Frame, document};
use brownout::outside::printable_json;
use clap::{Args, ValueEnum};
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

/// How `run`, `merge`, `plan`, `timeline` and `trace` are told to print.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct FormatArguments {
    /// How to print; files are written all the same
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl FormatArguments {
    /// The format that was asked for.
    pub(crate) const fn chosen(self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
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
