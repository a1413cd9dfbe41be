//! The plan that is planned again, and work that has begun.
//!
//! Dates that are announced are worth keeping: a server that is given another date or crew than in the former plan costs
//! [`Weights::stability`](crate::project::Weights) points, in the plan, in every bound, and so in what is called optimal. A date that
//! is not possible any more costs nothing to give up. Work in hand is not planned at all: it keeps its date, or goes on now.

use crate::basis::Basis;
use crate::chance::conditional::PausesAsked;
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, CrewIndex, JobIndex};
use crate::jobs::{Candidate, Job};
use crate::project::{FleetServer, Parts, Project, Work};
use crate::search::schedule::Schedule;
use brownout_kernel::policy::PauseRequest;
use brownout_kernel::time::{Day, SimTime};

/// A former plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Former {
    /// The dates it gave, done since or not; of a server planned several times the last one.
    pub dates: Vec<FormerDate>,
    /// Its pauses, in order of time.
    pub pauses: Vec<FormerPause>,
    /// Pause days that were used when it was made, by calendar year, and that the plan file does not tell of.
    pub used: Vec<(i16, u32)>,
}

/// A server's date in a former plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerDate {
    /// The server's name.
    pub server: String,
    /// The crew's name.
    pub crew: String,
    /// First day of work or of waiting.
    pub start: Day,
    /// The cut-over.
    pub at: SimTime,
}

/// A pause of a former plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormerPause {
    /// First instant and days.
    pub request: PauseRequest,
    /// Whether it was to be asked for only if something was late.
    pub is_conditional: bool,
}

/// Work that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InHand {
    /// The day on which it began, not after `as_of`; `None` where that is not known.
    pub since: Option<Day>,
    /// The date that it keeps; `None` where there is none ahead, so that it goes on now.
    pub keeps: Option<KeptDate>,
}

/// A date of the former plan that work in hand keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptDate {
    /// The crew.
    pub crew: CrewIndex,
    /// First day of work as it was planned.
    pub start: Day,
    /// The cut-over.
    pub at: SimTime,
}

/// What has happened if everything went as a former plan says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Servers that are done, with their cut-overs.
    pub done: Vec<(String, SimTime)>,
    /// Servers in hand, with the first day of their work.
    pub in_hand: Vec<(String, Day)>,
    /// Pauses that were asked for.
    pub had: Vec<PauseRequest>,
}

impl Former {
    /// What has happened by a day if the plan was followed: cut-overs up to then are done, work that was to begin is in hand, and pauses
    /// that were to be asked for in any case are had.
    pub fn as_planned(&self, as_of: Day) -> Happened {
        let (done, ahead): (Vec<_>, Vec<_>) = self.dates.iter().partition(|date| date.at < as_of.start());
        let begun = ahead.into_iter().filter(|date| date.start < as_of);
        let had = self.pauses.iter().filter(|pause| !pause.is_conditional && pause.request.at < as_of.start());
        Happened {
            done: done.into_iter().map(|date| (date.server.clone(), date.at)).collect(),
            in_hand: begun.map(|date| (date.server.clone(), date.start)).collect(),
            had: had.map(|pause| pause.request).collect(),
        }
    }

    /// A plan as one to be planned again.
    pub fn of(basis: &Basis<'_>, schedule: &Schedule, asked: &PausesAsked) -> Self {
        let date = |(job, &candidate): (&Job, &CandidateIndex)| {
            let candidate = &job.candidates[candidate];
            FormerDate {
                server: basis.project.servers[job.server].name.clone(),
                crew: basis.project.crews[candidate.crew].name.clone(),
                start: basis.project.day(candidate.start),
                at: candidate.at,
            }
        };
        let pause = |request: PauseRequest, is_conditional: bool| FormerPause { request, is_conditional };
        let always = asked.always.iter().map(|grant| pause(grant.request(), false));
        let conditional = asked.conditional.iter().map(|one| pause(one.grant.request(), true));
        let mut pauses: Vec<FormerPause> = always.chain(conditional).collect();
        pauses.sort();
        Former { dates: basis.jobs.iter().zip(schedule).map(date).collect(), pauses, used: Vec::new() }
    }

    /// The date of a server.
    pub fn date(&self, server: &str) -> Option<&FormerDate> {
        self.dates.iter().find(|date| date.server == server)
    }
}

impl Project {
    /// Takes over the plan that is planned again: its dates are worth keeping, and work in hand keeps them in any case. Work of which
    /// nobody says when it began is taken to have begun as planned.
    pub fn remember(&mut self, former: Former) {
        let Parts { as_of, horizon, ref crews, .. } = **self;
        let (ahead, crews) = (as_of.start()..horizon.start(), crews.clone());
        let taken = self.with(|parts| {
            for server in parts.servers.iter_mut() {
                let Some(in_hand) = &mut server.in_hand else { continue };
                // Work that began before it was planned does not wait for its date.
                let begun = former.date(&server.name).filter(|date| date.start <= as_of);
                in_hand.since = in_hand.since.or(begun.map(|date| date.start));
                in_hand.keeps = begun.filter(|date| ahead.contains(&date.at)).and_then(|date| {
                    let crew = server.crews.iter().copied().find(|&crew| crews[crew].name == date.crew)?;
                    Some(KeptDate { crew, start: date.start, at: date.at })
                });
            }
            parts.former = Some(former);
        });
        // A crew that keeps a date is one of the server's own, so no rule is broken.
        taken.into_iter().for_each(|taken| *self = taken);
    }

    /// The crew that had a server in the former plan.
    pub(crate) fn former_crew(&self, server: &str) -> Option<CrewIndex> {
        let date = self.former.as_ref()?.date(server)?;
        self.crews.position(|crew| crew.name == date.crew)
    }
}

/// Index of the candidate of a job that is its date in the former plan; `None` if that is not possible any more.
pub(crate) fn kept(project: &Project, job: &Job) -> Option<CandidateIndex> {
    let date = project.former.as_ref()?.date(&project.servers[job.server].name)?;
    let same = |candidate: &Candidate| candidate.at == date.at && project.crews[candidate.crew].name == date.crew;
    job.candidates.position(same)
}

impl Basis<'_> {
    /// What it costs that a job takes a candidate that is not its former date.
    #[inline]
    pub fn change_cost(&self, job: JobIndex, candidate: CandidateIndex) -> Cost {
        if self.kept[job].is_some_and(|kept| kept != candidate) { self.change } else { 0 }
    }

    /// What the changes of a schedule against the former plan cost.
    pub fn changes_cost(&self, schedule: &Schedule) -> Cost {
        schedule.iter_enumerated().map(|(job, &candidate)| self.change_cost(job, candidate)).sum()
    }

    /// The jobs that take another date or crew than the former one although that is still possible.
    pub fn moved(&self, schedule: &Schedule) -> usize {
        schedule.iter().zip(&self.kept).filter(|(candidate, kept)| kept.is_some_and(|kept| kept != **candidate)).count()
    }
}

/// Days of work or of waiting that are planned for what is left of a server's work.
pub(crate) fn planned_days(project: &Project, server: &FleetServer) -> u32 {
    days_left(project, server, project.risk.plan_quantile, project.risk.overrun.quantile(0.5))
}

/// Days of work or of waiting that are left of a server's work, if it takes as long as at quantile `q`, and `overrun` times that:
/// working days since it began are done. Nothing is left of work that took longer.
pub(crate) fn days_left(project: &Project, server: &FleetServer, q: f64, overrun: f64) -> u32 {
    let days = server.work.days(q, overrun);
    let (Some(in_hand), Work::Days(_)) = (&server.in_hand, server.work) else { return days };
    let crew = in_hand.keeps.map(|kept| kept.crew).or(server.crews.first().copied());
    let Some(crew) = crew.map(|crew| &project.crews[crew]) else { return days };
    let since = in_hand.since.unwrap_or(project.as_of);
    let worked = (since.number()..project.as_of.number()).filter(|&day| crew.works_on(Day::from_number(day)));
    days.saturating_sub(worked.take(days as usize).count() as u32)
}
