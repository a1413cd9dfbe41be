//! The shape of study files. Values are as people write them; `check` turns them into the domain or says what is wrong.
//!
//! `scenarios/README.md` is the reference of these fields, kept true by a test.

#![allow(missing_docs)] // the fields are described once, in scenarios/README.md

mod many;
mod policy;
mod world;

use std::collections::BTreeMap;

use serde::Deserialize;

use many::Many;
pub use policy::{
    BaselineWire, ChargeWire, ComparisonWire, LadderWire, LayoutWire, PausesWire, PolicyWire, RelapseWire, StageWire,
};
pub use world::{
    AddedWire, BehaviourWire, BuildShareWire, CalendarWire, CommonWire, DiligenceWire, FailureWire, FixedPauseWire,
    FreezeWire, GroupWire, InStageWire, ListedServerWire, PausePlanWire, PlannedWire, ProductRouteWire, ResponseWire,
    RetryWire, RouteWire, RouteWireName, RoutesWire, SpreadWire, TableWire, WindowWire, WorldWire, YearEndWire,
};

/// A study file. `policy` and `world` are read apart, as they may be paths or written out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyWire {
    /// Version of the format; 1.
    pub version: u32,
    /// The question.
    pub question: String,
    /// Master seed.
    pub seed: u64,
    /// Replications.
    #[serde(default = "default_replications")]
    pub replications: i64,
    /// Precision to run for, such as `lost:2%`.
    pub precision: Option<String>,
    /// Most replications that the precision may need.
    pub replications_max: Option<i64>,
    /// Start of observation.
    pub start: String,
    /// End of observation, exclusive.
    pub horizon: String,
    /// The policy of all scenarios that do not name their own.
    pub policy: SectionWire,
    /// The world of all scenarios that do not name their own.
    pub world: SectionWire,
    /// What is compared; the first is the baseline scenario.
    pub scenarios: Many<ScenarioWire>,
}

fn default_replications() -> i64 {
    20
}

/// A policy or world: a path or a struct, read later from its own tree.
#[derive(Clone, Copy, Debug)]
pub struct SectionWire;

impl<'de> Deserialize<'de> for SectionWire {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| SectionWire)
    }
}

/// One scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioWire {
    /// Name, unique in the study.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub about: String,
    /// Its own policy.
    pub policy: Option<SectionWire>,
    /// Its own world.
    pub world: Option<SectionWire>,
    /// Single fields to change: path to value.
    #[serde(default)]
    pub set: BTreeMap<String, SectionWire>,
}
