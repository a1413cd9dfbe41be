//! The stage engine: what an enforcement policy does to one server, at any instant.
//!
//! A policy is data ([`Policy`]); the rules that read it stand here and nowhere else, and serve one server (`timeline`), a
//! plan and ten million servers (`run`) alike. There is no randomness here, no population and no input or output.
//!
//! - [`stage`]: one rung: its length and its minutes per hour;
//! - [`ladder`]: the stages in order;
//! - [`baseline`]: which builds comply from which day on;
//! - [`clock`]: the seconds a server has served, which decide its stage;
//! - [`granted`]: pauses asked for and pauses granted;
//! - [`pause`]: a tenant's pause days, charged to calendar years;
//! - [`enforcement`]: one server under enforcement: stage, effective minutes, next transition in O(1);
//! - [`answer`]: what a connection hears at a given second;
//! - [`mod@history`]: a server's stages and pauses written out with their dates.
//!
//! ```
//! use brownout_kernel::policy::{Enforcement, Ladder, Minutes, PauseRules, Stage};
//! use brownout_kernel::time::SimTime;
//!
//! let report = Stage::new("report", Some(30), Minutes::NONE)?;
//! let ladder = Ladder::new("a month's notice", vec![report, Stage::new("block", None, Minutes::ALL_BLOCKED)?])?;
//! let detected: SimTime = "2024-03-28T00:15:08Z".parse()?;
//! let server = Enforcement::begin(&ladder, &PauseRules::default(), detected, false, Default::default());
//! assert_eq!(server.next_transition(&ladder).to_string(), "2024-04-27T00:15:08Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod answer;
pub mod baseline;
pub mod clock;
pub mod enforcement;
pub mod granted;
pub mod history;
pub mod ladder;
pub mod pause;
pub mod stage;

#[cfg(test)]
pub(crate) mod sample;

use crate::limits::{Refusal, Rule};

pub use answer::{Answer, Replies, WindowLayout};
pub use baseline::{Baseline, Baselines, Breach};
pub use clock::Clock;
pub use enforcement::Enforcement;
pub use granted::{Granted, Pause, PauseRequest, Spent, paused};
pub use history::{Period, Standing, history, standing};
pub use ladder::{Ladder, LadderError};
pub use pause::{Charge, PauseBook, PauseError, PauseRules};
pub use stage::{Minutes, Stage};

/// What happens to a server that becomes non-compliant again after remediation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relapse {
    /// A new cycle starts at stage 1.
    #[default]
    Restart,
    /// The clock goes on where it stood.
    Resume,
    /// A new cycle starts at this stage (counted from 0).
    EnterAt(usize),
}

impl Relapse {
    /// Itself, if a ladder has the stage at which a new cycle starts.
    ///
    /// # Errors
    /// If it does not.
    pub fn check(self, ladder: &Ladder) -> Result<Self, Refusal> {
        match self {
            Relapse::EnterAt(stage) if stage >= ladder.stages().len() => {
                Err(Refusal::of("relapse", Rule::Broken("the ladder has no such stage")))
            }
            _ => Ok(self),
        }
    }
}

/// A complete policy: what is enforced, how, and what a tenant may do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub(crate) name: String,
    pub(crate) ladder: Ladder,
    pub(crate) baselines: Baselines,
    pub(crate) pauses: PauseRules,
    pub(crate) relapse: Relapse,
    pub(crate) layout: WindowLayout,
    pub(crate) replies: Replies,
}

impl Policy {
    /// A ladder with the default rules around it: no rollout schedule, 90 pause days a year, a new cycle at stage 1.
    pub fn with_defaults(ladder: Ladder) -> Self {
        Policy {
            name: ladder.name().to_owned(),
            ladder,
            baselines: Baselines::default(),
            pauses: PauseRules::default(),
            relapse: Relapse::default(),
            layout: WindowLayout::default(),
            replies: Replies::default(),
        }
    }

    /// Name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ladder of stages.
    pub const fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// The rollout schedule.
    pub const fn baselines(&self) -> &Baselines {
        &self.baselines
    }

    /// The rules of pauses.
    pub const fn pauses(&self) -> &PauseRules {
        &self.pauses
    }

    /// What a new cycle starts with.
    pub const fn relapse(&self) -> Relapse {
        self.relapse
    }

    /// Where inside the hour the minutes lie.
    pub const fn layout(&self) -> WindowLayout {
        self.layout
    }

    /// The words of its answers.
    pub const fn replies(&self) -> &Replies {
        &self.replies
    }

    /// Another name.
    pub fn set_name(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }

    /// Another ladder.
    ///
    /// # Errors
    /// If a new cycle would start at a stage that it does not have.
    pub fn set_ladder(&mut self, ladder: Ladder) -> Result<(), Refusal> {
        self.relapse.check(&ladder)?;
        self.ladder = ladder;
        Ok(())
    }

    /// Another rollout schedule.
    pub fn set_baselines(&mut self, baselines: Baselines) {
        self.baselines = baselines;
    }

    /// Other rules of pauses.
    pub const fn set_pauses(&mut self, pauses: PauseRules) {
        self.pauses = pauses;
    }

    /// Another start of new cycles.
    ///
    /// # Errors
    /// If the ladder does not have the stage.
    pub fn set_relapse(&mut self, relapse: Relapse) -> Result<(), Refusal> {
        self.relapse = relapse.check(&self.ladder)?;
        Ok(())
    }

    /// Another place of the minutes within the hour.
    pub const fn set_layout(&mut self, layout: WindowLayout) {
        self.layout = layout;
    }

    /// Other words.
    pub fn set_replies(&mut self, replies: Replies) {
        self.replies = replies;
    }

    /// The clock reading with which a new cycle starts, given what the last cycle of the same server had served.
    pub fn entry_reading(&self, served_before: Option<crate::time::SimDuration>) -> crate::time::SimDuration {
        match (self.relapse, served_before) {
            (Relapse::Resume, Some(served)) => served,
            (Relapse::EnterAt(stage), Some(_)) => self.ladder.start_of(stage),
            _ => crate::time::SimDuration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::sample;
    use crate::time::SimDuration;

    #[test]
    fn a_cycle_starts_at_a_stage_that_there_is() {
        let mut policy = Policy::with_defaults(sample::ladder());
        assert!(policy.set_relapse(Relapse::EnterAt(8)).is_err());
        assert_eq!(policy.set_relapse(Relapse::EnterAt(7)), Ok(()));
        assert!(policy.set_ladder(Ladder::all_at_once()).is_err(), "a ladder of one stage");
        assert_eq!(policy.ladder(), &sample::ladder(), "what is refused changes nothing");
    }

    #[test]
    fn only_a_relapse_begins_beyond_stage_1() {
        let (days, stage_3) = (SimDuration::from_days, sample::ladder().start_of(3));
        for (relapse, again) in
            [(Relapse::Restart, SimDuration::ZERO), (Relapse::Resume, days(17)), (Relapse::EnterAt(3), stage_3)]
        {
            let policy = Policy { relapse, ..Policy::with_defaults(sample::ladder()) };
            assert_eq!(policy.entry_reading(None), SimDuration::ZERO, "first cycle, {relapse:?}");
            assert_eq!(policy.entry_reading(Some(days(17))), again, "{relapse:?}");
        }
    }
}
