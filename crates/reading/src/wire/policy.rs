//! Policies as people write them.

use serde::Deserialize;

use super::many::Many;

/// A policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyWire {
    #[serde(default)]
    pub name: String,
    pub ladder: LadderWire,
    #[serde(default)]
    pub baselines: Many<BaselineWire>,
    #[serde(default)]
    pub comparison: ComparisonWire,
    #[serde(default)]
    pub pauses: PausesWire,
    #[serde(default)]
    pub relapse: RelapseWire,
    #[serde(default)]
    pub layout: LayoutWire,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderWire {
    pub preset: Option<String>,
    pub stages: Option<Many<StageWire>>,
    pub slower: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageWire {
    pub name: String,
    pub days: Option<i64>,
    #[serde(default)]
    pub throttle: i64,
    #[serde(default)]
    pub block: i64,
    #[serde(default)]
    pub silent: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineWire {
    pub name: String,
    pub effective: String,
    pub product: String,
    pub minimum: Option<String>,
    #[serde(default)]
    pub whole_product: bool,
    #[serde(default = "default_spread")]
    pub spread_days: f64,
}

fn default_spread() -> f64 {
    30.0
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub enum ComparisonWire {
    #[default]
    #[serde(rename = "numeric")]
    Numeric,
    #[serde(rename = "per_cu", alias = "per-cu")]
    PerCu,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub enum LayoutWire {
    #[default]
    #[serde(rename = "separate")]
    Separate,
    #[serde(rename = "adjacent")]
    Adjacent,
    #[serde(rename = "random")]
    Random,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub enum RelapseWire {
    #[default]
    #[serde(rename = "restart")]
    Restart,
    #[serde(rename = "resume")]
    Resume,
    #[serde(rename = "enter_at")]
    EnterAt(String),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PausesWire {
    pub budget_days: i64,
    pub freezes: bool,
    pub freezes_report: bool,
    pub charge: ChargeWire,
}

impl Default for PausesWire {
    fn default() -> Self {
        PausesWire { budget_days: 90, freezes: true, freezes_report: true, charge: ChargeWire::YearOfDay }
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub enum ChargeWire {
    #[default]
    #[serde(rename = "year_of_day")]
    YearOfDay,
    #[serde(rename = "year_of_grant")]
    YearOfGrant,
}
