//! Worlds as people write them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::many::Many;

/// A world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldWire {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub response: ResponseWire,
    #[serde(default)]
    pub calendar: CalendarWire,
    #[serde(default)]
    pub common: CommonWire,
    pub groups: Many<GroupWire>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResponseWire {
    pub multiplier: Option<TableWire>,
    pub added: AddedWire,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AddedWire {
    pub patch: Option<TableWire>,
    pub upgrade: Option<TableWire>,
    pub leave: Option<TableWire>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum TableWire {
    Constant(f64),
    ByStage { unaware: Option<f64>, paused: f64, stages: BTreeMap<String, f64> },
    ByMinutes { unaware: Option<f64>, report: f64, paused: f64, throttle: Many<(f64, f64)>, block: Many<(f64, f64)> },
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarWire {
    pub weekday_shares: Option<Vec<f64>>,
    pub flat_share: Option<f64>,
    pub year_end: Option<YearEndWire>,
    pub no_year_end: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearEndWire {
    pub from: String,
    pub to: String,
    pub level: f64,
}

/// A field that is there has a value: `None` is the spread of that name, not a field left out.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Declares the fields that every group can state and `common` can state for all groups.
macro_rules! group_fields {
    ($($field:ident: $kind:ty,)*) => {
        /// What all groups share unless they say otherwise.
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct CommonWire { $(#[serde(deserialize_with = "given")] pub $field: Option<$kind>,)* }

        /// A group of tenants.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct GroupWire {
            pub name: String,
            pub count: i64,
            pub builds: Option<Many<BuildShareWire>>,
            pub servers: Option<Many<ListedServerWire>>,
            $(#[serde(default, deserialize_with = "given")] pub $field: Option<$kind>,)*
        }

        impl GroupWire {
            /// Names of the fields that `common` can state.
            pub const COMMON: &'static [&'static str] = &[$(stringify!($field)),*];

            /// Fills what the group leaves out from `common`.
            pub fn fill(&mut self, common: &CommonWire) {
                $(if self.$field.is_none() { self.$field = common.$field.clone(); })*
            }
        }
    };
}

group_fields! {
    servers_per_tenant: Vec<f64>,
    esu_share: f64,
    diligence: DiligenceWire,
    routes: RoutesWire,
    windows: Many<WindowWire>,
    freezes: Many<FreezeWire>,
    failure: FailureWire,
    gap_days: SpreadWire,
    pauses: Many<BehaviourWire>,
    messages_per_day: SpreadWire,
    retry: RetryWire,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildShareWire {
    pub build: String,
    pub product: Option<String>,
    pub share: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedServerWire {
    pub name: String,
    pub build: String,
    pub product: Option<String>,
    pub messages_per_day: Option<f64>,
    pub first_detected: Option<String>,
    pub planned: Option<PlannedWire>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedWire {
    pub route: RouteWireName,
    pub on: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub enum RouteWireName {
    #[serde(rename = "patch")]
    Patch,
    #[serde(rename = "upgrade")]
    Upgrade,
    #[serde(rename = "leave")]
    Leave,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiligenceWire {
    pub sigma: f64,
    pub never_share: f64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoutesWire {
    pub patch: Option<RouteWire>,
    pub upgrade: Option<RouteWire>,
    pub leave: Option<RouteWire>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteWire {
    pub per_month: Option<f64>,
    pub in_stage: Option<InStageWire>,
    #[serde(default)]
    pub by_product: BTreeMap<String, ProductRouteWire>,
    pub to: Option<String>,
    #[serde(default)]
    pub lead: SpreadWire,
}

/// Probabilities of deciding within each stage of a reference ladder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InStageWire {
    #[serde(default = "default_reference")]
    pub reference: String,
    pub probability: BTreeMap<String, f64>,
    /// Days over which the probability of the last, open-ended stage holds.
    #[serde(default = "default_open_days")]
    pub open_days: f64,
}

fn default_reference() -> String {
    "microsoft-2023".to_owned()
}

fn default_open_days() -> f64 {
    30.0
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRouteWire {
    pub per_month: Option<f64>,
    #[serde(default, deserialize_with = "given")]
    pub lead: Option<SpreadWire>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum SpreadWire {
    #[default]
    None,
    Fixed(f64),
    LogNormal {
        median: f64,
        sigma: f64,
    },
    Pert {
        min: f64,
        mode: f64,
        max: f64,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowWire {
    pub day: String,
    pub from: String,
    pub hours: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreezeWire {
    pub from: String,
    pub to: String,
    #[serde(default = "one")]
    pub share: f64,
}

fn one() -> f64 {
    1.0
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureWire {
    pub prob: f64,
    #[serde(default)]
    pub delay: SpreadWire,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BehaviourWire {
    #[serde(default = "one")]
    pub share: f64,
    pub plan: PausePlanWire,
    #[serde(default)]
    pub renew: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum PausePlanWire {
    Never,
    OneLong { days: i64 },
    SeveralShort { days: i64, gap_days: i64 },
    WhenBlocked { days: i64 },
    UntilDone,
    Fixed(Vec<FixedPauseWire>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedPauseWire {
    pub at: String,
    pub days: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum RetryWire {
    Mailbox,
    Edge,
    Fixed { minutes: i64 },
}
