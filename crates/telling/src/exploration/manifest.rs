//! The manifest of an exploration.

use serde::Serialize;

use brownout_store::manifest::{FileHash, InputFile, Kind};

/// What was explored, from what, and what came out. It carries no date: the same exploration gives the same bytes.
#[derive(Clone, Debug, Serialize)]
pub struct ExplorationManifest {
    /// `brownout`.
    pub program: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// `exploration`.
    pub kind: Kind,
    /// Name of the study.
    pub study: String,
    /// The question.
    pub question: String,
    /// The answer in one sentence.
    pub answer: String,
    /// Seed of the designs.
    pub seed: u64,
    /// Tenants lived at a point, if not all.
    pub tenants: Option<u64>,
    /// Points, counted once where they are equal.
    pub points: u64,
    /// The schedules that were compared.
    pub schedules: Vec<String>,
    /// The exploration first, then the study and its files.
    pub inputs: Vec<InputFile>,
    /// Valid but doubtful things, and what could not be told.
    pub warnings: Vec<String>,
    /// Hashes of every output file but this one.
    pub outputs: Vec<FileHash>,
}

impl ExplorationManifest {
    /// The file, ending in a line end.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
