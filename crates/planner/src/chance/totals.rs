//! What courses come to as a whole: of the servers of one tenant, or of several tenants that are lived together.

use crate::basis::Basis;
use crate::chance::outcome::{Danger, Lived, Outcome, ServerChance, stays_done};
use crate::chance::summary::{finish_days, quantile, quantiles, share, spread};
use crate::cost::mail::MailFate;
use crate::index::PerJob;
use crate::project::Project;
use crate::search::schedule::Schedule;
use brownout_kernel::time::SimTime;

/// What each course comes to, all servers of a tenant or of several together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    /// When the last server is done as planned.
    planned: SimTime,
    /// When the last is done, by course.
    finished: Vec<SimTime>,
    /// The mail, by course.
    fates: Vec<MailFate>,
    /// Whether all stay clear of each danger, by course.
    clear: Vec<[bool; 3]>,
}

impl Totals {
    /// The totals of a tenant.
    pub(super) fn of(basis: &Basis<'_>, schedule: &Schedule, runs: &[PerJob<SimTime>], outcomes: &[Outcome]) -> Self {
        let last = LastDone::new(basis);
        let planned = schedule.iter().zip(&basis.jobs).map(|(&index, job)| job.candidates[index].at).collect();
        Totals {
            planned: last.of(&planned),
            finished: runs.iter().map(|done| last.of(done)).collect(),
            fates: outcomes.iter().map(|end| end.fate).collect(),
            clear: outcomes.iter().map(|end| end.clear).collect(),
        }
    }

    /// Adds another tenant in the same courses.
    pub(super) fn join(&mut self, other: &Totals) {
        if self.finished.is_empty() {
            self.clone_from(other);
            return;
        }
        self.planned = self.planned.max(other.planned);
        self.finished.iter_mut().zip(&other.finished).for_each(|(here, there)| *here = (*here).max(*there));
        self.fates.iter_mut().zip(&other.fates).for_each(|(here, there)| *here = here.plus(*there));
        for (here, there) in self.clear.iter_mut().zip(&other.clear) {
            here.iter_mut().zip(there).for_each(|(here, there)| *here &= there);
        }
    }

    /// What they come to.
    ///
    /// - `project`: that of a tenant: all have the same horizon and ask for the same level.
    pub(super) fn lived(&self, project: &Project, servers: PerJob<ServerChance>) -> Lived {
        let Totals { planned, finished, fates, clear } = self;
        let mut rising = finished.clone();
        rising.sort_unstable();
        Lived {
            replications: finished.len() as u32,
            servers,
            fleet_done: quantiles(&rising),
            fleet_sure: quantile(&rising, project.risk.level),
            fleet_on_time: share(finished, |at| at != SimTime::NEVER && at.day() <= planned.day()),
            finish_days: finish_days(&rising),
            fleet_clear: Danger::ALL.map(|danger| {
                clear.iter().filter(|clear| clear[danger as usize]).count() as f64 / clear.len().max(1) as f64
            }),
            lost: spread(fates, |fate| fate.lost),
            delayed: spread(fates, |fate| fate.delayed),
            exposed: spread(fates, |fate| fate.exposed),
            all_done: share(finished, |at| at < project.horizon.start()),
        }
    }
}

/// When the last server of a tenant is done: of those that stay done once they are.
pub(super) struct LastDone {
    stays: PerJob<bool>,
    /// Where there is no server to be done.
    as_of: SimTime,
}

impl LastDone {
    pub(super) fn new(basis: &Basis<'_>) -> Self {
        LastDone { stays: stays_done(basis), as_of: basis.project.as_of.start() }
    }

    /// [`SimTime::NEVER`] where no server stays done.
    pub(super) fn of(&self, done: &PerJob<SimTime>) -> SimTime {
        let stays = done.iter().zip(&self.stays).filter(|pair| *pair.1).map(|pair| *pair.0);
        stays.max().unwrap_or(if done.is_empty() { self.as_of } else { SimTime::NEVER })
    }
}
