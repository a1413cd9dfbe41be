//! `manifest.json` of a plan: what was planned, from what, and what came out.

use serde::{Deserialize, Serialize};

use super::{Story, words};
use crate::report::manifest::{FileHash, InputFile};

/// The manifest of a plan. It carries no date but the plan's own: the same plan gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanManifest {
    /// `brownout`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// Name of the plan.
    pub plan: String,
    /// The question.
    pub question: String,
    /// The finding.
    pub finding: String,
    /// Master seed.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
    /// First day that could still be planned.
    pub as_of: String,
    /// First day after the plan.
    pub horizon: String,
    /// Servers that were done.
    pub done: Vec<Done>,
    /// Whether no plan is better by the weights given.
    pub optimal: bool,
    /// How much of the cost could be saved at most, as a share.
    pub gap: f64,
    /// Every input file with its hash and content, the plan first.
    pub inputs: Vec<InputFile>,
    /// Valid but doubtful things.
    pub warnings: Vec<String>,
    /// BLAKE3 hashes of every output file but this one.
    pub outputs: Vec<FileHash>,
}

/// A server that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Its name.
    pub server: String,
    /// When.
    pub at: String,
}

impl PlanManifest {
    /// The manifest of a plan, without its outputs.
    pub fn new(story: &Story<'_>, inputs: Vec<InputFile>, warnings: Vec<String>) -> Self {
        let project = story.project();
        let done = story.rows.iter().filter(|row| row.done);
        PlanManifest {
            program: "brownout".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            plan: project.name.clone(),
            question: project.question.clone(),
            finding: words::finding(story),
            seed: project.seed,
            replications: project.replications,
            as_of: project.as_of.to_string(),
            horizon: project.horizon.to_string(),
            done: done.map(|row| Done { server: row.server.name.clone(), at: row.at.to_string() }).collect(),
            optimal: story.findings.solution.is_optimal(),
            gap: story.findings.solution.gap(),
            inputs,
            warnings,
            outputs: Vec::new(),
        }
    }

    /// The file, ending in a line end.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
