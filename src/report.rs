//! Results to bytes: tables, CSV, figures, manifest; and bytes to disk.

pub mod answer;
pub mod assumptions;
pub mod bundle;
pub mod describe;
pub mod differ;
pub mod exploration;
pub mod figures;
pub mod html;
pub mod manifest;
pub mod narrow;
pub mod numbers;
pub mod plan;
pub mod tables;
pub mod terminal;
pub mod twin;
pub mod warnings;
pub mod write;

use crate::experiment::Results;
use crate::study::Study;

/// A finished run, as everything in here reads it.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was asked.
    pub study: &'a Study,
    /// What it came to.
    pub results: &'a Results,
}
