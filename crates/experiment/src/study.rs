//! Studies: one question, a world, and the scenarios compared in it.
//!
//! A [`Study`] that exists is valid: its parts keep their rules, and so do its times and its replications.

use std::sync::Arc;

use crate::Precision;
use brownout_kernel::limits::{Limits, Refusal, Rule, repeated};
use brownout_kernel::policy::Policy;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::World;

/// One policy in one world.
///
/// Any policy can be lived in any world, so nothing has to be checked here: a stage that a table by name does not know counts as
/// unaware, and a baseline of a product that no group has demands nothing. The reader of files warns of both.
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
    ///
    /// # Errors
    /// [`Rule::NameTwice`] if two have the same name.
    pub fn new(baseline: Scenario, others: impl IntoIterator<Item = Scenario>) -> Result<Self, Refusal> {
        Self::of(std::iter::once(baseline).chain(others).collect())
    }

    /// The first of a list as the baseline scenario.
    ///
    /// # Errors
    /// If the list is empty, or two have the same name.
    pub fn of(listed: Vec<Scenario>) -> Result<Self, Refusal> {
        if listed.is_empty() {
            return Err(Refusal::of("scenarios", Rule::Broken("a study needs at least one scenario")));
        }
        let twice = repeated(listed.iter().map(|scenario| scenario.name.as_str())).next();
        twice.map_or(Ok(()), |index| Err(Refusal::of_entry("scenarios", index, Rule::NameTwice)))?;
        Ok(Scenarios(listed))
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
    ///
    /// # Errors
    /// [`Rule::NameTwice`] if one has its name.
    pub fn add(&mut self, scenario: Scenario) -> Result<(), Refusal> {
        if self.0.iter().any(|other| other.name == scenario.name) {
            return Err(Refusal::of_entry("scenarios", self.0.len(), Rule::NameTwice));
        }
        self.0.push(scenario);
        Ok(())
    }

    /// Another policy for the scenario at an index; nothing where there is none.
    pub fn set_policy(&mut self, index: usize, policy: Arc<Policy>) {
        self.0.get_mut(index).into_iter().for_each(|scenario| scenario.policy = Arc::clone(&policy));
    }

    /// Another world for the scenario at an index; nothing where there is none.
    pub fn set_world(&mut self, index: usize, world: Arc<World>) {
        self.0.get_mut(index).into_iter().for_each(|scenario| scenario.world = Arc::clone(&world));
    }

    /// The policy of each scenario, to be changed or replaced.
    pub fn policies_mut(&mut self) -> impl Iterator<Item = &mut Arc<Policy>> {
        self.0.iter_mut().map(|scenario| &mut scenario.policy)
    }

    /// The world of each scenario, to be changed or replaced.
    pub fn worlds_mut(&mut self) -> impl Iterator<Item = &mut Arc<World>> {
        self.0.iter_mut().map(|scenario| &mut scenario.world)
    }
}

impl std::ops::Deref for Scenarios {
    type Target = [Scenario];

    fn deref(&self) -> &[Scenario] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Scenarios {
    type Item = &'a Scenario;
    type IntoIter = std::slice::Iter<'a, Scenario>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A question and the scenarios that answer it.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    name: String,
    question: String,
    seed: u64,
    precision: Option<Precision>,
    scenarios: Scenarios,
    replications: u32,
    replications_max: Option<u32>,
    start: SimTime,
    horizon: SimTime,
}

/// Why instants are no times of a study.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum TimesError {
    #[error("the horizon {horizon} does not lie after the start {start}")]
    NotAfter { start: SimTime, horizon: SimTime },
    #[error("the study covers {days:.0} days up to {horizon}; expected at most 20 years, ending by {LAST_YEAR}")]
    TooLong { days: f64, horizon: SimTime },
}

/// Last year a study may reach: yearly freezes are written out up to there.
pub const LAST_YEAR: i16 = 2100;
/// Longest study: every day has its own cells.
const DAYS_MAX: f64 = 20.0 * 365.25;

impl Study {
    /// Replications of a study.
    pub const REPLICATIONS: Limits<i64> = Limits::new("replications", 1, 100_000, "");

    /// A study of one replication, observed from `start` up to `horizon`, without a target of precision.
    ///
    /// # Errors
    /// As [`check_times`](Self::check_times).
    pub fn new(
        name: impl Into<String>,
        question: impl Into<String>,
        (start, horizon): (SimTime, SimTime),
        scenarios: Scenarios,
    ) -> Result<Self, TimesError> {
        Self::check_times(start, horizon)?;
        let (name, question) = (name.into(), question.into());
        let (replications, replications_max, precision) = (1, None, None);
        Ok(Study { name, question, seed: 0, precision, scenarios, replications, replications_max, start, horizon })
    }

    /// Checks that a study can be observed between two instants.
    ///
    /// # Errors
    /// If the horizon does not lie after the start, more than 20 years after it, or beyond [`LAST_YEAR`].
    pub fn check_times(start: SimTime, horizon: SimTime) -> Result<(), TimesError> {
        let days = horizon.since(start).days_f64();
        if days <= 0.0 {
            return Err(TimesError::NotAfter { start, horizon });
        }
        let long = days > DAYS_MAX || horizon.year() > LAST_YEAR;
        if long { Err(TimesError::TooLong { days, horizon }) } else { Ok(()) }
    }

    /// The limits of the most replications there may be, given those that there are at least.
    pub const fn replications_max_limits(replications: i64) -> Limits<i64> {
        Limits::new("replications_max", replications, Self::REPLICATIONS.most(), "")
    }

    /// Name: the file's stem.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The question.
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Master seed.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How well a difference is to be known, if more replications may be added for it.
    pub const fn precision(&self) -> Option<Precision> {
        self.precision
    }

    /// The baseline scenario and the others.
    pub const fn scenarios(&self) -> &Scenarios {
        &self.scenarios
    }

    /// The scenarios, to be given other policies and worlds, or more of them.
    pub const fn scenarios_mut(&mut self) -> &mut Scenarios {
        &mut self.scenarios
    }

    /// Replications, at least 1.
    pub const fn replications(&self) -> u32 {
        self.replications
    }

    /// Most replications that may be run for the target of precision; at least [`replications`](Self::replications).
    pub const fn replications_max(&self) -> Option<u32> {
        self.replications_max
    }

    /// Start of observation.
    pub const fn start(&self) -> SimTime {
        self.start
    }

    /// End of observation, exclusive.
    pub const fn horizon(&self) -> SimTime {
        self.horizon
    }

    /// Other scenarios.
    pub fn set_scenarios(&mut self, scenarios: Scenarios) {
        self.scenarios = scenarios;
    }

    /// Another master seed.
    pub const fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// Another target of precision, or none.
    pub const fn set_precision(&mut self, precision: Option<Precision>) {
        self.precision = precision;
    }

    /// Another number of replications; a lower limit of them is raised to it.
    ///
    /// # Errors
    /// If it lies outside [`REPLICATIONS`](Self::REPLICATIONS).
    pub fn set_replications(&mut self, replications: i64) -> Result<(), Refusal> {
        self.replications = Self::REPLICATIONS.check(replications)? as u32;
        self.replications_max = self.replications_max.map(|most| most.max(self.replications));
        Ok(())
    }

    /// Another limit of replications, or none.
    ///
    /// # Errors
    /// If it lies below the replications that there are, or outside [`REPLICATIONS`](Self::REPLICATIONS).
    pub fn set_replications_max(&mut self, most: Option<i64>) -> Result<(), Refusal> {
        let limits = Self::replications_max_limits(self.replications.into());
        self.replications_max = most.map(|most| limits.check(most)).transpose()?.map(|most| most as u32);
        Ok(())
    }

    /// Other times of observation.
    ///
    /// # Errors
    /// As [`check_times`](Self::check_times).
    pub fn set_times(&mut self, start: SimTime, horizon: SimTime) -> Result<(), TimesError> {
        Self::check_times(start, horizon)?;
        (self.start, self.horizon) = (start, horizon);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_kernel::time::SimDuration;

    #[test]
    fn a_study_ends_after_it_starts_and_within_twenty_years() {
        let start: SimTime = "2026-09-07".parse().unwrap();
        let after = |days| Study::check_times(start, start + SimDuration::from_days(days));
        assert_eq!([1, 7305].map(after), [Ok(()); 2]);
        assert!(matches!(after(0), Err(TimesError::NotAfter { .. })));
        assert!(matches!(after(7306), Err(TimesError::TooLong { .. })));
        let late: SimTime = "2100-12-31".parse().unwrap();
        assert_eq!(Study::check_times(late - SimDuration::DAY, late), Ok(()));
        assert!(Study::check_times(late, late + SimDuration::from_days(1)).is_err());
    }
}
