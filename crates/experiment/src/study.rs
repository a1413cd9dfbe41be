//! Studies: one question, a world, and the scenarios compared in it.
//!
//! A [`Study`] that exists is valid: files are read and checked as a whole, and only then become one.

use std::sync::Arc;

use crate::Precision;
use brownout_kernel::policy::Policy;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::World;

/// One policy in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Name, unique in the study.
    pub name: String,
    /// What it is about, in a sentence; may be empty.
    pub about: String,
    /// The policy; scenarios that do not change it share one.
    pub policy: Arc<Policy>,
    /// The world; scenarios that do not change it share one.
    pub world: Arc<World>,
    /// What sets it apart from the study's own policy and world, as written: path of the field, or `policy` and `world` for
    /// a section of its own, and the value.
    pub changes: Vec<(String, String)>,
}

/// A question and the scenarios that answer it. The first scenario is the baseline scenario of all comparisons.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Name: the file's stem.
    pub name: String,
    /// The question.
    pub question: String,
    /// Master seed.
    pub seed: u64,
    /// Replications, at least 1.
    pub replications: u32,
    /// How well a difference is to be known, if more replications may be added for it.
    pub precision: Option<Precision>,
    /// Most replications that may be run for it.
    pub replications_max: Option<u32>,
    /// Start of observation.
    pub start: SimTime,
    /// End of observation, exclusive.
    pub horizon: SimTime,
    /// The scenarios, at least one.
    pub scenarios: Vec<Scenario>,
}
