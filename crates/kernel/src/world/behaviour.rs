//! How tenants use pauses.

use crate::limits::{Limits, Refusal, WEIGHT};
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
    pub(crate) share: f64,
    pub(crate) plan: PausePlan,
    pub(crate) renew: bool,
}

impl PausePlan {
    /// Days of one pause.
    pub const DAYS: Limits<i64> = Limits::new("days", 1, 3_660, " days");
    /// Days between two pauses.
    pub const GAP_DAYS: Limits<i64> = Limits::new("gap_days", 0, 3_660, " days");

    fn check(&self) -> Result<(), Refusal> {
        let days = |days: u32| Self::DAYS.check(days.into()).map(|_| ());
        match self {
            PausePlan::Never | PausePlan::UntilDone => Ok(()),
            PausePlan::OneLong { days: asked } | PausePlan::WhenBlocked { days: asked } => days(*asked),
            PausePlan::SeveralShort { days: asked, gap_days } => {
                days(*asked)?;
                Self::GAP_DAYS.check((*gap_days).into()).map(|_| ())
            }
            PausePlan::Fixed(requests) => requests.iter().try_for_each(|request| days(request.days)),
        }
    }
}

impl Behaviour {
    /// What a share of the tenants does; pauses on given dates are put in order.
    ///
    /// # Errors
    /// If the share is less than 0, or days of the plan lie outside their limits.
    pub fn new(share: f64, mut plan: PausePlan, renew: bool) -> Result<Self, Refusal> {
        plan.check()?;
        if let PausePlan::Fixed(requests) = &mut plan {
            requests.sort();
        }
        Ok(Behaviour { share: WEIGHT.check(share)?, plan, renew })
    }

    /// Share of the tenants that behave so.
    pub const fn share(&self) -> f64 {
        self.share
    }

    /// What they do.
    pub const fn plan(&self) -> &PausePlan {
        &self.plan
    }

    /// Whether it starts again with each new year's budget.
    pub const fn renew(&self) -> bool {
        self.renew
    }

    /// Everybody never pauses.
    pub fn never() -> Self {
        Behaviour { share: 1.0, plan: PausePlan::Never, renew: false }
    }
}
