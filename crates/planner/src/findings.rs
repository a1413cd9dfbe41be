//! A project planned: everything that is told about it.

use super::basis::Basis;
use super::conditional::{Asked, conditions};
use super::hedge::hedged;
use super::jobs::Candidate;
use super::joining::Joining;
use super::latest::{LatestStart, latest_starts};
use super::mail::Fate;
use super::obstacles::{Obstacle, obstacles};
use super::outcome::{Fleet, Lived, courses, live};
use super::prices::{Prices, prices};
use super::project::{FleetServer, Project};
use super::solve::{Solution, solve};
use super::strategies::{Strategy, strategies};
use brownout_kernel::policy::{Granted, PauseRequest};
use brownout_kernel::time::SimTime;
use brownout_kernel::watch::{Stopped, Watch};

/// A plan with everything that is told about it.
#[derive(Clone, Debug)]
pub struct Findings<'a> {
    /// The project, ready for planning.
    pub basis: Basis<'a>,
    /// Cut-overs, the pauses that would do if everything went as planned, and how good they are.
    pub solution: Solution,
    /// The pauses to be asked for: fitted to the simulated courses, so that they are enough when work is late.
    pub asked: Asked,
    /// The mail if everything goes as planned.
    pub planned: Fate,
    /// How it ends by chance.
    pub lived: Lived,
    /// The last days on which work can safely begin.
    pub latest: Vec<LatestStart>,
    /// The plan and the plain strategies.
    pub strategies: Vec<Strategy>,
    /// What more room would be worth.
    pub prices: Prices,
    /// What changed against the plan without what has happened since; `None` where nothing was said to have happened.
    pub changes: Option<Vec<Change>>,
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
    pub fn candidate(&self, job: usize) -> &Candidate {
        &self.basis.jobs[job].candidates[self.solution.draft.schedule[job]]
    }

    /// The server of a job.
    pub fn server(&self, job: usize) -> &'a FleetServer {
        &self.basis.project.servers[self.basis.jobs[job].server]
    }

    /// Places of the jobs in the order of their cut-overs.
    pub fn by_date(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.basis.jobs.len()).collect();
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
pub const STEPS: u64 = 5;

/// Plans a project.
///
/// - `former`: the same project before something happened, to list what changed.
/// - `watch`: told each of [`STEPS`] steps, and asked at least every 20 ms whether to go on.
///
/// # Errors
/// [`NoPlan`]: it was stopped, or what stands in the way if no plan was found.
pub fn plan<'a>(project: &'a Project, former: Option<&Project>, watch: &Watch) -> Result<Findings<'a>, NoPlan> {
    let basis = Basis::watched(project, Joining::Earlier, watch.clone());
    let decision = decide(&basis);
    watch.check()?;
    let Some(Decision { solution, courses, asked }) = decision else {
        let found = obstacles(project, watch);
        watch.check()?;
        return Err(NoPlan::Obstacles(found));
    };
    watch.step()?;
    let schedule = &solution.draft.schedule;
    let lived = live(&basis, schedule, &courses, &asked);
    watch.step()?;
    let latest = latest_starts(&basis, schedule, &asked);
    watch.step()?;
    let strategies = strategies(&basis, schedule, &asked, &lived);
    watch.step()?;
    let prices = prices(&basis, &solution);
    let planned = strategies[0].planned;
    let changes = former.map(|former| changes(former, &basis, &solution, &asked));
    watch.step()?;
    Ok(Findings { solution, asked, planned, lived, latest, strategies, prices, changes, basis })
}

/// What is decided, and how it ends by chance.
struct Decision {
    solution: Solution,
    courses: Vec<Vec<SimTime>>,
    asked: Asked,
}

fn decide(basis: &Basis<'_>) -> Option<Decision> {
    let solution = solve(basis)?;
    let courses = courses(basis, &solution.draft.schedule);
    let grants = basis.space.commands(&hedged(basis, &courses));
    let asked = conditions(basis, &solution.draft.schedule, &courses, &grants);
    Some(Decision { solution, courses, asked })
}

fn changes(former: &Project, basis: &Basis<'_>, solution: &Solution, asked: &Asked) -> Vec<Change> {
    let before = Basis::watched(former, Joining::Earlier, basis.watch.clone());
    let old = decide(&before);
    let planned = |name: &str| {
        let job = before.jobs.iter().position(|job| former.servers[job.server].name == name)?;
        Some(&before.jobs[job].candidates[old.as_ref()?.solution.draft.schedule[job]])
    };
    let mut found = Vec::new();
    for server in &basis.project.servers {
        if let Some(at) = server.done {
            found.push(Change::Done { server: server.name.clone(), at, planned: planned(&server.name).map(|c| c.at) });
        }
    }
    for (job, work) in basis.jobs.iter().enumerate() {
        let server = &basis.project.servers[work.server].name;
        let new = &work.candidates[solution.draft.schedule[job]];
        let from = planned(server);
        let crew = |project: &Project, crew: usize| project.crews[crew].name.clone();
        let crews = from.map(|old| (crew(former, old.crew), crew(basis.project, new.crew))).filter(|c| c.0 != c.1);
        if from.map(|old| old.at) != Some(new.at) || crews.is_some() {
            found.push(Change::Moved { server: server.clone(), from: from.map(|old| old.at), to: new.at, crews });
        }
    }
    let old_asked = old.map(|old| old.asked).unwrap_or_default();
    let (old_pauses, pauses) = (old_asked.grants(u64::MAX), asked.grants(u64::MAX));
    for &pause in old_pauses.iter().filter(|pause| !pauses.contains(pause)) {
        if pause.at() >= basis.project.as_of.start() {
            found.push(Change::PauseDropped(pause.request()));
        } else if old_asked.always.contains(&pause)
            && !basis.project.spent.grants().iter().any(|had| had.at() == pause.at())
        {
            found.push(Change::PauseUnsaid(pause.request()));
        }
    }
    found.extend(
        pauses.iter().filter(|pause| !old_pauses.contains(pause)).map(|pause| Change::PauseAdded(pause.request())),
    );
    found
}
