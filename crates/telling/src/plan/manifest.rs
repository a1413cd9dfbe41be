//! `manifest.json` of a plan: what was planned, from what, and what came out.

use serde::{Deserialize, Serialize};

use super::{Story, words};
use brownout_store::manifest::{FileHash, InputFile, Kind};

/// The manifest of a plan. It carries no date but the plan's own: the same plan gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanManifest {
    /// `brownout`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// What it is of.
    #[serde(default)]
    pub kind: Kind,
    /// Name of the plan.
    pub plan: String,
    /// Names of the tenants, rising, where the plan is of several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenants: Vec<String>,
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
    /// What was said beside the plan file.
    #[serde(default, skip_serializing_if = "PlanOptions::is_empty")]
    pub options: PlanOptions,
    /// Every input file with its hash and content, the plan first.
    pub inputs: Vec<InputFile>,
    /// Valid but doubtful things.
    pub warnings: Vec<String>,
    /// BLAKE3 hashes of every output file but this one.
    pub outputs: Vec<FileHash>,
}

/// What was said beside the plan file, so that the plan can be made again from what is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanOptions {
    /// First day that can still be planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Servers that were said to be done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<Done>,
    /// Servers that were said to be in hand, and since when if that was said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_hand: Vec<(String, Option<String>)>,
    /// Whether everything else was taken to have gone as the former plan says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub as_planned: bool,
    /// The input that was the state of the former plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Pauses had: start and days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<(String, u32)>,
    /// Pause days used: calendar year and days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<(i16, u32)>,
    /// Master seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Replications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replications: Option<u32>,
    /// Seconds of search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<u32>,
    /// The input that was the fleet table instead of the plan's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet: Option<String>,
    /// The input that was the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Order of day and month in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
    /// The calendar of the former plan, whose place the new one takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// Paths of options, as they were given.
    #[serde(skip_serializing_if = "Given::is_empty")]
    pub given: Given,
}

/// Paths that options named, as they were given: they say how the command was, and decide nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    /// The directory of the former plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// The fleet table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet: Option<String>,
    /// The report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

impl Given {
    /// Whether no path was given.
    pub fn is_empty(&self) -> bool {
        *self == Given::default()
    }
}

impl PlanOptions {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == PlanOptions::default()
    }
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
            kind: Kind::Plan,
            plan: project.name.clone(),
            tenants: Vec::new(),
            question: project.question.clone(),
            finding: words::finding(story),
            seed: project.seed,
            replications: project.replications,
            as_of: project.as_of.to_string(),
            horizon: project.horizon.to_string(),
            done: done.map(|row| Done { server: row.server.name.clone(), at: row.at.to_string() }).collect(),
            optimal: story.findings.solution.is_optimal() && !story.findings.basis.tariffs.joined,
            gap: story.findings.solution.gap(),
            options: PlanOptions::default(),
            inputs,
            warnings,
            outputs: Vec::new(),
        }
    }

    /// Whether this is of a plan made by this program from these inputs and options.
    pub fn is_plan_of(&self, inputs: &[InputFile], options: &PlanOptions) -> bool {
        let same_program = self.kind == Kind::Plan && self.version == env!("CARGO_PKG_VERSION");
        same_program && self.inputs == inputs && self.options == *options
    }

    /// The file, ending in a line end.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
