//! The shape of plan files. `scenarios/plans/README.md` is the reference of these fields, kept true by a test.

#![allow(missing_docs)] // the fields are described once, in scenarios/plans/README.md

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::wire::{CalendarWire, FailureWire, RetryWire, SectionWire, SpreadWire, WindowWire};

/// A plan file. `policy` is read apart: it may be the name of a preset, a path, or written out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanWire {
    pub version: u32,
    #[serde(default)]
    pub question: String,
    pub as_of: String,
    pub horizon: String,
    pub policy: SectionWire,
    pub fleet: Option<String>,
    pub zone: Option<String>,
    #[serde(default)]
    pub defaults: DefaultsWire,
    #[serde(default)]
    pub servers: BTreeMap<String, ServerWire>,
    #[serde(default)]
    pub tenants: BTreeMap<String, TenantWire>,
    pub crews: Vec<CrewWire>,
    #[serde(default)]
    pub windows: BTreeMap<String, Vec<WindowWire>>,
    #[serde(default)]
    pub gap_days: i64,
    #[serde(default)]
    pub pauses: PlanPausesWire,
    #[serde(default)]
    pub minimise: WeightsWire,
    #[serde(default)]
    pub risk: RiskWire,
    #[serde(default)]
    pub calendar: CalendarWire,
    pub retry: Option<RetryWire>,
    #[serde(default = "one")]
    pub seed: u64,
    #[serde(default = "thousand")]
    pub replications: i64,
}

fn one() -> u64 {
    1
}

fn thousand() -> i64 {
    1000
}

/// What holds for every server whose row leaves it out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DefaultsWire {
    pub messages_per_day: Option<f64>,
    pub route: Option<String>,
    pub target: Option<String>,
    pub work_min: Option<f64>,
    pub work_likely: Option<f64>,
    pub work_max: Option<f64>,
    pub lead_days: Option<String>,
    pub crew: Option<String>,
    pub window: Option<String>,
    pub earliest: Option<String>,
    pub not_before: Option<String>,
    pub not_after: Option<String>,
    pub forbid: Option<String>,
}

/// What the plan says of one server.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerWire {
    pub not_before: Option<String>,
    pub not_after: Option<String>,
    pub on: Option<String>,
    pub forbid: Option<String>,
    pub wave: Option<u32>,
    pub priority: Option<u32>,
}

/// What is a tenant's own. `policy` is read apart, as that of the plan.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TenantWire {
    pub policy: Option<SectionWire>,
    pub report: Option<String>,
    pub gap_days: Option<i64>,
    pub pauses: TenantPausesWire,
    pub servers: BTreeMap<String, ServerWire>,
}

/// Pauses of one tenant; what a pause must be like is said for all of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TenantPausesWire {
    pub allow: Option<bool>,
    pub had: Vec<crate::wire::FixedPauseWire>,
    pub used: BTreeMap<i16, i64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrewWire {
    pub name: String,
    pub zone: Option<String>,
    #[serde(default = "monday_to_friday")]
    pub works: Vec<String>,
    #[serde(default)]
    pub holidays: Vec<String>,
    #[serde(default = "one_job")]
    pub jobs: i64,
    #[serde(default)]
    pub windows: Vec<WindowWire>,
    #[serde(default)]
    pub freezes: Vec<DateRangeWire>,
    #[serde(default)]
    pub extra: Vec<String>,
}

fn monday_to_friday() -> Vec<String> {
    brownout_text::weekdays::NAMES[..5].iter().map(|name| (*name).to_owned()).collect()
}

fn one_job() -> i64 {
    1
}

/// A stretch of dates, `[from, to)`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateRangeWire {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlanPausesWire {
    pub allow: bool,
    pub had: Vec<crate::wire::FixedPauseWire>,
    pub used: BTreeMap<i16, i64>,
    pub least_days: i64,
    pub command: f64,
    pub desk: Option<DeskWire>,
}

/// When somebody is there to run the command of a pause.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskWire {
    #[serde(default = "monday_to_friday")]
    pub days: Vec<String>,
    pub hours: String,
    #[serde(default)]
    pub holidays: Vec<String>,
    pub zone: String,
}

impl Default for PlanPausesWire {
    fn default() -> Self {
        let terms = brownout_planner::PauseTerms::default();
        PlanPausesWire {
            allow: true,
            had: Vec::new(),
            used: BTreeMap::new(),
            least_days: i64::from(terms.least_days),
            command: terms.command,
            desk: None,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WeightsWire {
    pub lost: f64,
    pub delayed: f64,
    pub exposure: f64,
    pub pause_day: f64,
    pub stability: f64,
}

impl Default for WeightsWire {
    fn default() -> Self {
        let weights = brownout_planner::Weights::default();
        WeightsWire {
            lost: weights.lost,
            delayed: weights.delayed,
            exposure: weights.exposure,
            pause_day: weights.pause_day,
            stability: weights.stability,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub enum DatesWire {
    #[default]
    AsPlanned,
    ByCourses,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskWire {
    pub level: Option<f64>,
    pub commit: Option<f64>,
    pub plan_quantile: Option<f64>,
    pub try_quantiles: Vec<f64>,
    pub dates: DatesWire,
    pub overrun: Option<SpreadWire>,
    pub failure: Option<FailureWire>,
}
