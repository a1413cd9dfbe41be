//! A project planned: everything that is told about it.

use crate::basis::Basis;
use crate::chance::buffers::{Buffer, with_best_buffer};
use crate::chance::conditional::{PausesAsked, conditions};
use crate::chance::growth::lived_sharply;
use crate::chance::hedge::hedged;
use crate::chance::latest::{LatestStart, latest_starts};
use crate::chance::moved::{Moved, with_moved_dates};
use crate::chance::outcome::{Fleet, Lived, courses};
use crate::chance::prices::{Prices, prices};
use crate::chance::strategies::{Strategy, strategies};
use crate::cost::joining::Joining;
use crate::cost::mail::MailFate;
use crate::former::{Former, FormerPause};
use crate::index::{JobIndex, PerJob};
use crate::jobs::Candidate;
use crate::project::{DatesBy, FleetServer, Project};
use crate::search::obstacles::{Obstacle, obstacles};
use crate::search::solve::{Solution, solve};
use crate::search::why::{Why, reasons};
use brownout_kernel::policy::{Granted, PauseRequest};
use brownout_kernel::time::{Day, SimTime};
use brownout_kernel::watch::{Stopped, Watch};

/// A plan with everything that is told about it.
#[derive(Clone, Debug)]
pub struct Findings<'a> {
    /// The project, ready for planning.
    pub basis: Basis<'a>,
    /// Cut-overs, the pauses that would do if everything went as planned, and how good they are.
    pub solution: Solution,
    /// The pauses to be asked for: fitted to the simulated courses, so that they are enough when work is late.
    pub asked: PausesAsked,
    /// The mail if everything goes as planned.
    pub planned: MailFate,
    /// How it ends by chance.
    pub lived: Lived,
    /// The last days on which work can safely begin.
    pub latest: Vec<LatestStart>,
    /// The plan and the plain strategies.
    pub strategies: Vec<Strategy>,
    /// What more room would be worth; nothing is told where crews are those of several tenants.
    pub prices: Prices,
    /// What moving dates by chance came to; `None` where the plan does not ask for it.
    pub moved: Option<Moved>,
    /// Why each server has its date, by index of the job.
    pub why: PerJob<Why>,
    /// What changed against the former plan; `None` where there is none.
    pub changes: Option<Vec<Change>>,
    /// The times for jobs that were tried, if the project was made [with the best of them](with_best_buffer); else empty.
    pub buffers: Vec<Buffer>,
}

/// What differs from the former plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A server is done.
    Done {
        /// Its name.
        server: String,
        /// When.
        at: SimTime,
        /// When it was planned; `None` if it was not.
        planned: Option<SimTime>,
    },
    /// A server is worked on.
    InHand {
        /// Its name.
        server: String,
        /// Since when; `None` where that is not known.
        since: Option<Day>,
        /// Its cut-over.
        at: SimTime,
        /// Whether it keeps the date of the former plan.
        keeps: bool,
    },
    /// A server was planned before the new first day, and nothing was said of it: it is taken not to have been begun.
    Unsaid {
        /// Its name.
        server: String,
        /// When it was planned.
        planned: SimTime,
        /// Its new cut-over.
        to: SimTime,
    },
    /// A cut-over moved.
    Moved {
        /// The server's name.
        server: String,
        /// Former instant; `None` if there was none.
        from: Option<SimTime>,
        /// New instant.
        to: SimTime,
        /// Former and new crew, if that changed.
        crews: Option<(String, String)>,
    },
    /// A pause was planned before the new first day, and nothing was said of it: it is taken not to have been asked for.
    PauseUnsaid(PauseRequest),
    /// A pause is no longer planned.
    PauseDropped(PauseRequest),
    /// A pause is planned that was not.
    PauseAdded(PauseRequest),
}

impl<'a> Findings<'a> {
    /// The candidate a job takes.
    pub fn candidate(&self, job: JobIndex) -> &Candidate {
        &self.basis.jobs[job].candidates[self.solution.draft.schedule[job]]
    }

    /// The server of a job.
    pub fn server(&self, job: JobIndex) -> &'a FleetServer {
        &self.basis.project.servers[self.basis.jobs[job].server]
    }

    /// The jobs in the order of their cut-overs.
    pub fn by_date(&self) -> Vec<JobIndex> {
        let mut order: Vec<JobIndex> = self.basis.jobs.keys().collect();
        order.sort_by_key(|&job| (self.candidate(job).at, self.candidate(job).start, job));
        order
    }

    /// Every pause had and asked for in any case, in order of time.
    pub fn grants(&self) -> Vec<Granted> {
        let had = self.basis.project.spent.grants().iter();
        let mut all: Vec<Granted> = had.chain(&self.asked.always).copied().collect();
        all.sort();
        all
    }

    /// The fleet's fortunes under the pauses that are asked for in any case.
    pub fn fleet(&self) -> Fleet<'a> {
        Fleet::new(self.basis.project, &self.asked.always)
    }
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlan {
    /// The work was stopped.
    Stopped,
    /// No plan keeps every rule: what stands in the way.
    Obstacles(Vec<Obstacle>),
}

impl From<Stopped> for NoPlan {
    fn from(_: Stopped) -> Self {
        NoPlan::Stopped
    }
}

/// Steps of planning, for whoever shows progress.
pub const STEPS: u64 = 3;

/// Plans a project.
///
/// - `watch`: told each of [`STEPS`] steps, and asked at least every 20 ms whether to go on.
///
/// # Errors
/// [`NoPlan`]: it was stopped, or what stands in the way if no plan was found.
pub fn plan<'a>(project: &'a Project, watch: &Watch) -> Result<Findings<'a>, NoPlan> {
    let basis = Basis::watched(project, Joining::Earlier, watch.clone());
    let decision = decide(&basis);
    watch.check()?;
    let Some(Decision { solution, courses, asked, moved }) = decision else {
        let found = obstacles(project, watch);
        watch.check()?;
        return Err(NoPlan::Obstacles(found));
    };
    watch.step()?;
    let lived = lived_sharply(&basis, &solution.draft.schedule, &courses, &asked);
    watch.step()?;
    let prices = prices(&basis, moved.as_ref().map_or(&solution, |moved| &moved.as_planned));
    let findings = Findings { prices, moved, ..told(basis, solution, asked, lived) };
    watch.step()?;
    Ok(findings)
}

/// Everything that is told about what is decided, but for prices. Where the work was stopped it means nothing.
pub(crate) fn told(basis: Basis<'_>, solution: Solution, asked: PausesAsked, lived: Lived) -> Findings<'_> {
    let schedule = &solution.draft.schedule;
    let latest = latest_starts(&basis, schedule, &asked);
    let strategies = strategies(&basis, schedule, &asked, &lived);
    let why = reasons(&basis, schedule, &solution.draft.pauses);
    let planned = strategies[0].planned;
    let changes = basis.project.former.as_ref().map(|former| changes(former, &basis, &solution, &asked));
    let prices = Prices::default();
    Findings {
        solution,
        asked,
        planned,
        lived,
        latest,
        strategies,
        prices,
        moved: None,
        why,
        changes,
        buffers: Vec::new(),
        basis,
    }
}

/// What is decided, and how it ends by chance.
pub(crate) struct Decision {
    pub(crate) solution: Solution,
    pub(crate) courses: Vec<PerJob<SimTime>>,
    pub(crate) asked: PausesAsked,
    /// What moving dates came to, if that is asked for.
    pub(crate) moved: Option<Moved>,
}

/// Dates, courses and pauses of a project; `None` if no plan was found.
pub(crate) fn decide(basis: &Basis<'_>) -> Option<Decision> {
    let solution = solve(basis)?;
    let courses = courses(basis, &solution.draft.schedule);
    let asked = asked_for(basis, &solution, &courses);
    let decision = Decision { solution, courses, asked, moved: None };
    Some(match basis.project.risk.dates {
        DatesBy::Plan => decision,
        DatesBy::Courses => with_moved_dates(basis, decision),
    })
}

/// The pauses to be asked for, fitted to the courses of a plan.
pub(crate) fn asked_for(basis: &Basis<'_>, solution: &Solution, courses: &[PerJob<SimTime>]) -> PausesAsked {
    let grants = basis.space.commands(&hedged(basis, courses));
    conditions(basis, &solution.draft.schedule, courses, &grants)
}

/// The plan of a project as one to be planned again; `None` if it has none, or the work was stopped.
pub fn recalled(project: &Project, watch: &Watch) -> Option<Former> {
    let project = with_best_buffer(project.clone(), watch).project;
    let basis = Basis::watched(&project, Joining::Earlier, watch.clone());
    let found = decide(&basis).filter(|_| !watch.is_stopped())?;
    Some(Former::of(&basis, &found.solution.draft.schedule, &found.asked))
}

fn changes(former: &Former, basis: &Basis<'_>, solution: &Solution, asked: &PausesAsked) -> Vec<Change> {
    let done = basis.project.servers.iter().filter_map(|server| {
        let planned = former.date(&server.name).map(|date| date.at);
        Some(Change::Done { server: server.name.clone(), at: server.done?, planned })
    });
    let mut found: Vec<Change> = done.collect();
    found.extend(basis.jobs.keys().filter_map(|job| changed(former, basis, solution, job)));
    found.extend(changed_pauses(former, basis, asked));
    found
}

/// What changed for a server that is not done.
fn changed(former: &Former, basis: &Basis<'_>, solution: &Solution, job: JobIndex) -> Option<Change> {
    let project = basis.project;
    let server = &project.servers[basis.jobs[job].server];
    let new = &basis.jobs[job].candidates[solution.draft.schedule[job]];
    let (name, to) = (server.name.clone(), new.at);
    if let Some(in_hand) = server.in_hand {
        return Some(Change::InHand { server: name, since: in_hand.since, at: to, keeps: in_hand.keeps.is_some() });
    }
    let old = former.date(&server.name);
    if let Some(old) = old.filter(|old| old.at < project.as_of.start()) {
        return Some(Change::Unsaid { server: name, planned: old.at, to });
    }
    let crew = &project.crews[new.crew].name;
    let crews = old.filter(|old| old.crew != *crew).map(|old| (old.crew.clone(), crew.clone()));
    let from = old.map(|old| old.at);
    (from != Some(to) || crews.is_some()).then_some(Change::Moved { server: name, from, to, crews })
}

fn changed_pauses(former: &Former, basis: &Basis<'_>, asked: &PausesAsked) -> Vec<Change> {
    let had = |at: SimTime| basis.project.spent.grants().iter().any(|had| had.at() == at);
    let new: Vec<PauseRequest> = asked.grants(u64::MAX).iter().map(Granted::request).collect();
    let gone = |old: &&FormerPause| !new.contains(&old.request);
    let gone = former.pauses.iter().filter(gone).filter_map(|old| {
        let request = old.request;
        if request.at >= basis.project.as_of.start() {
            return Some(Change::PauseDropped(request));
        }
        (!old.is_conditional && !had(request.at)).then_some(Change::PauseUnsaid(request))
    });
    let is_new = |request: &&PauseRequest| former.pauses.iter().all(|old| old.request != **request);
    gone.chain(new.iter().filter(is_new).map(|request| Change::PauseAdded(*request))).collect()
}
