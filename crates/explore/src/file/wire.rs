//! The exploration file as it is written.

use serde::de::{IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

use brownout_reading::lever::How;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExploreWire {
    /// Version of the format: 1.
    pub version: u32,
    /// The question.
    #[serde(default)]
    pub question: String,
    /// The study's file, relative to this one.
    pub study: String,
    /// Tenants lived at a point.
    #[serde(default)]
    pub tenants: Option<u64>,
    /// Replications of a block; 1 if left out.
    #[serde(default)]
    pub replications: Option<u32>,
    /// Futures in which schedules are compared.
    #[serde(default)]
    pub futures: Option<FuturesWire>,
    /// Seed of designs and searches; 1 if left out.
    #[serde(default)]
    pub seed: Option<u64>,
    /// Scenarios that are crossed with every point.
    #[serde(default)]
    pub schedules: Vec<String>,
    /// What may be chosen.
    #[serde(default)]
    pub levers: Vec<LeverWire>,
    /// What is not known.
    #[serde(default)]
    pub unknowns: Vec<UnknownWire>,
    /// Named alternatives.
    #[serde(default)]
    pub structures: Vec<StructureWire>,
    /// What is wished.
    #[serde(default)]
    pub outcomes: Vec<OutcomeWire>,
    /// What is asked.
    #[serde(default)]
    pub steps: Vec<StepWire>,
}

/// How many futures are lived for the questions which schedule and where it fails, and how often each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FuturesWire {
    /// Futures.
    pub points: u64,
    /// Replications in each.
    pub replications: u32,
}

impl Default for FuturesWire {
    fn default() -> Self {
        FuturesWire { points: 200, replications: 6 }
    }
}

/// A lever.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeverWire {
    /// Name.
    pub name: String,
    /// Where it goes.
    pub path: String,
    /// Other places that take the same value.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it may be.
    pub range: DistWire,
}

/// An unknown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnknownWire {
    /// Name.
    pub name: String,
    /// Where it goes.
    pub path: String,
    /// Other places that take the same value.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it does there; `Set` if left out.
    #[serde(default)]
    pub how: How,
    /// What it may be.
    pub dist: DistWire,
    /// Where the range comes from.
    #[serde(default)]
    pub source: String,
}

/// What a factor may be.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)] // named as in brownout_methods::factor::Distribution
pub enum DistWire {
    Real(f64, f64),
    Uniform(f64, f64),
    LogUniform(f64, f64),
    Triangular(f64, f64, f64),
    Integer(i64, i64),
    Date {
        first: String,
        last: String,
        #[serde(default)]
        step_days: Option<i64>,
    },
    Choice(Vec<OptionWire>),
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionWire {
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text in quotes.
    Text(String),
}

impl<'de> Deserialize<'de> for OptionWire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = OptionWire;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a number, a text in quotes, true or false")
            }

            fn visit_bool<E>(self, flag: bool) -> Result<OptionWire, E> {
                Ok(OptionWire::Flag(flag))
            }

            fn visit_i64<E>(self, whole: i64) -> Result<OptionWire, E> {
                Ok(OptionWire::Number(whole as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<OptionWire, E> {
                Ok(OptionWire::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<OptionWire, E> {
                Ok(OptionWire::Text(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A named alternative.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StructureWire {
    /// Name.
    pub name: String,
    /// Values by path, as the study writes them; they are read where the study is at hand.
    #[serde(default)]
    pub set: BTreeMap<String, IgnoredAny>,
}

/// What is wished of a measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeWire {
    /// Key of the measure.
    pub measure: String,
    /// Less or more.
    pub wish: WishWire,
    /// What satisfies where less is wished.
    #[serde(default)]
    pub at_most: Option<f64>,
    /// What satisfies where more is wished.
    #[serde(default)]
    pub at_least: Option<f64>,
}

/// Less or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub enum WishWire {
    Less,
    More,
}

/// A question.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)] // as in the file; the checked `Step` says what they mean
pub enum StepWire {
    Screen(ScreenWire),
    Sensitivity {
        design: SobolWire,
        #[serde(default)]
        of: Vec<OfWire>,
    },
    Discover {
        bad: String,
        by: PrimWire,
        hold_out: f64,
    },
    Robust {
        by: Vec<CriterionWire>,
    },
    Search {
        method: SearchWire,
        confirm: ConfirmWire,
        #[serde(default)]
        futures: Option<u32>,
        #[serde(default)]
        against: OneOrMore,
    },
    Select {
        by: SelectWire,
        #[serde(default)]
        certainty: Option<f64>,
    },
}

/// A name, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a name in quotes, or a list of names, is expected here")]
#[allow(missing_docs)]
pub enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        OneOrMore::More(Vec::new())
    }
}

/// How replications are spent on finding the best of a few schedules.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)] // as in the file; the checked `Selection` says what they mean
pub enum SelectWire {
    Kn { measure: String, delta: f64, first: u64, most: u64 },
    Ocba { measure: String, first: u64, batch: u64, most: u64 },
}

/// A screening design.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub enum ScreenWire {
    Morris { trajectories: u64, levels: u64 },
}

/// A design for indices.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub enum SobolWire {
    Sobol { base: u64, scrambles: u64 },
}

/// Of what indices are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub enum OfWire {
    Level,
    Difference,
}

/// How boxes are searched.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub enum PrimWire {
    Prim { peel: f64, mass: f64 },
}

/// A criterion of robustness.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[allow(missing_docs)]
pub enum CriterionWire {
    Mean,
    Regret,
    Worst(f64),
    Satisfice,
    ChanceBest,
}

/// A search over levers.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub enum SearchWire {
    Nsga2 { population: usize, generations: u64 },
}

/// How what a search found is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmWire {
    /// Replications that the search never saw.
    pub replications: u32,
    /// Certainty.
    pub certainty: f64,
}
