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

/// The scenarios of a study: a baseline scenario, with which all comparisons are made, and any number of others.
///
/// By index, the baseline scenario is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenarios(Vec<Scenario>);

impl Scenarios {
    /// A baseline scenario and others.
    pub fn new(baseline: Scenario, others: impl IntoIterator<Item = Scenario>) -> Self {
        Scenarios(std::iter::once(baseline).chain(others).collect())
    }

    /// The first of a list as the baseline scenario; `None` if the list is empty.
    pub fn of(listed: Vec<Scenario>) -> Option<Self> {
        (!listed.is_empty()).then_some(Scenarios(listed))
    }

    /// The scenario with which all others are compared.
    pub fn baseline(&self) -> &Scenario {
        &self.0[0]
    }

    /// The scenarios that are compared with the baseline scenario, each with its index.
    pub fn others(&self) -> impl Iterator<Item = (usize, &Scenario)> {
        self.0.iter().enumerate().skip(1)
    }

    /// One more scenario, compared with the baseline scenario.
    pub fn add(&mut self, scenario: Scenario) {
        self.0.push(scenario);
    }
}

impl std::ops::Deref for Scenarios {
    type Target = [Scenario];

    fn deref(&self) -> &[Scenario] {
        &self.0
    }
}

impl std::ops::DerefMut for Scenarios {
    fn deref_mut(&mut self) -> &mut [Scenario] {
        &mut self.0
    }
}

impl<'a> IntoIterator for &'a Scenarios {
    type Item = &'a Scenario;
    type IntoIter = std::slice::Iter<'a, Scenario>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a mut Scenarios {
    type Item = &'a mut Scenario;
    type IntoIter = std::slice::IterMut<'a, Scenario>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

/// A question and the scenarios that answer it.
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
    /// The baseline scenario and the others.
    pub scenarios: Scenarios,
}
