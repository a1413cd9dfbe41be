//! How tenants use pauses.

use crate::policy::PauseRequest;

/// What a tenant does with its pause budget. Every plan takes what is left, never more.
#[derive(Clone, Debug, PartialEq)]
pub enum PausePlan {
    /// Never pauses.
    Never,
    /// Once, when its first server is restricted.
    OneLong {
        /// Days asked for.
        days: u32,
    },
    /// Again each time restrictions return, while budget lasts.
    SeveralShort {
        /// Days of one pause.
        days: u32,
        /// Days lived with restrictions before the next.
        gap_days: u32,
    },
    /// Once, at the first blocking stage.
    WhenBlocked {
        /// Days asked for.
        days: u32,
    },
    /// From the moment a date is set and restrictions bite, until the work completes.
    UntilDone,
    /// On given dates.
    Fixed(Vec<PauseRequest>),
}

/// One behaviour of a group's mix.
#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour {
    /// Share of the tenants that behave so.
    pub share: f64,
    /// What they do.
    pub plan: PausePlan,
    /// Whether it starts again with each new year's budget.
    pub renew: bool,
}

impl Behaviour {
    /// Everybody never pauses.
    pub fn never() -> Self {
        Behaviour { share: 1.0, plan: PausePlan::Never, renew: false }
    }
}
