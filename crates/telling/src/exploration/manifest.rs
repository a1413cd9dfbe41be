//! What the manifest of an exploration says of its own.

use serde::{Deserialize, Serialize};

use brownout_store::manifest::{Body, Manifest, Nothing, PackageKind};

/// The manifest of an exploration.
pub type ExplorationManifest = Manifest<ExplorationBody>;

/// What was explored. The inputs are the exploration, then the study and its files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplorationBody {
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
}

impl Body for ExplorationBody {
    const KIND: Option<PackageKind> = Some(PackageKind::Exploration);
    type Results = Nothing;
}
