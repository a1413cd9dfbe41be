//! What the manifest of a plan says of its own.

use serde::{Deserialize, Serialize};

use super::{Story, words};
use brownout_store::manifest::{Body, Manifest, Nothing, PackageKind};

/// The manifest of a plan.
pub type PlanManifest = Manifest<PlanBody>;

/// What was planned. It carries no date but the plan's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanBody {
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
}

impl Body for PlanBody {
    const KIND: Option<PackageKind> = Some(PackageKind::Plan);
    type Results = Nothing;
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
    /// Paths of options as they were typed, which earlier versions recorded.
    #[serde(skip_serializing, deserialize_with = "left_out")]
    pub given: (),
}

/// What is read over: it decides nothing.
fn left_out<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(drop)
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

impl PlanBody {
    /// Of a plan.
    pub fn new(story: &Story<'_>, options: &PlanOptions) -> Self {
        let project = story.project();
        let done = story.rows.iter().filter(|row| row.done);
        PlanBody {
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
            options: options.clone(),
        }
    }
}
