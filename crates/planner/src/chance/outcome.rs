//! What a plan comes to when it is lived many times: dates, chances, mail.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::basis::Basis;
use crate::chance::conditional::PausesAsked;
use crate::chance::lived::Course;
pub use crate::chance::summary::{LossSummary, QUANTILES};
use crate::chance::summary::{mean_of, quantile, quantiles, share};
use crate::chance::totals::Totals;
use crate::cost::mail::{Fortune, MailFate, first_hit};
use crate::cost::tariff::Cost;
use crate::index::{JobIndex, PerJob, ServerIndex};
use crate::project::{FleetServer, Project};
use crate::search::schedule::Schedule;
use brownout_kernel::policy::{Granted, Minutes, Period};
use brownout_kernel::time::{Day, SimTime};
use brownout_methods::interval::Interval;

/// Servers with their fortunes under one set of pauses.
#[derive(Clone, Debug)]
pub struct Fleet<'a> {
    project: &'a Project,
    /// One fortune for each first detection, those after a raise included; rising.
    fortunes: Vec<(SimTime, Fortune)>,
}

/// When a server does not stay done: its target breaches a baseline within the plan.
pub fn falls_back(project: &Project, server: &FleetServer) -> Option<SimTime> {
    server.again.as_ref().map(|raise| raise.at).filter(|&at| at < project.horizon.start())
}

impl<'a> Fleet<'a> {
    /// The fleet if the tenant also pauses as planned.
    pub fn new(project: &'a Project, planned: &[Granted]) -> Self {
        let known = project.servers.iter().filter_map(|server| server.detected);
        let raised = project.servers.iter().filter_map(|server| falls_back(project, server));
        let mut detections: Vec<SimTime> = known.chain(raised).collect();
        detections.sort_unstable();
        detections.dedup();
        let fortunes = detections.into_iter().map(|at| (at, Fortune::new(project, at, planned))).collect();
        Fleet { project, fortunes }
    }

    /// The fortune of a server; `None` if the policy never reaches it.
    pub fn fortune(&self, server: ServerIndex) -> Option<&Fortune> {
        self.of(self.project.servers[server].detected?)
    }

    /// The fortune of a first detection that some server has.
    pub fn of(&self, detected: SimTime) -> Option<&Fortune> {
        let index = self.fortunes.binary_search_by_key(&detected, |known| known.0).ok()?;
        Some(&self.fortunes[index].1)
    }

    /// The fate of a server's mail from the first planned day to the horizon, if it is cut over at `done`: until then, and again
    /// after a raise that its target does not meet. A cut-over to what breaches a baseline in force changes nothing.
    pub fn fate(&self, server: ServerIndex, done: SimTime) -> MailFate {
        let whole = &self.project.servers[server];
        let horizon = self.project.horizon.start();
        let raised = falls_back(self.project, whole);
        let before = |until: SimTime| self.fortune(server).map_or(MailFate::default(), |fortune| fortune.until(until));
        let fate = match raised {
            None => before(done.min(horizon)),
            Some(raised) if raised <= done => before(horizon),
            Some(raised) => {
                before(done).plus(self.of(raised).map_or(MailFate::default(), |again| again.until(horizon)))
            }
        };
        fate.times(Cost::from(whole.volume))
    }

    /// When a server that is cut over at `done` meets a danger all the same; `None` if it stays clear of it. What it is under
    /// at that very instant does not count.
    pub fn harmed(&self, server: ServerIndex, done: SimTime, danger: Danger) -> Option<SimTime> {
        let whole = &self.project.servers[server];
        let raised = falls_back(self.project, whole);
        let complies = raised.is_none_or(|raised| done < raised);
        let first = self.fortune(server).and_then(|fortune| danger.from(fortune, self.project.as_of.start()));
        let before = first.filter(|&at| at < done || !complies);
        let after = || danger.from(self.of(raised?)?, raised?).filter(|&at| at < self.project.horizon.start());
        before.or_else(|| if complies { after() } else { None })
    }
}

/// How a plan ends by chance. Quantiles are the least value that so many of the replications do not exceed.
#[derive(Clone, Debug, PartialEq)]
pub struct Lived {
    /// Replications.
    pub replications: u32,
    /// By index of the job.
    pub servers: PerJob<ServerChance>,
    /// When the last server is done: P50, P80, P95; [`SimTime::NEVER`] if that is not in years. Servers that do not stay done are
    /// left out.
    pub fleet_done: [SimTime; 3],
    /// When the last server is done as surely as the plan asks ([`Risk::level`](crate::project::Risk)).
    pub fleet_sure: SimTime,
    /// Probability that the last server is done on its planned day or before.
    pub fleet_on_time: f64,
    /// The days on which the last server is done, rising, with the number of replications; those that do not end in years are
    /// left out.
    pub finish_days: Vec<(Day, u32)>,
    /// Probability that every server is done before it meets a danger (again, if it has), by [`Danger`].
    pub fleet_clear: [f64; 3],
    /// Mean, P95 and worst twentieth of messages lost.
    pub lost: LossSummary,
    /// Mean and P95 of messages delayed.
    pub delayed: LossSummary,
    /// Mean and P95 of messages accepted under enforcement.
    pub exposed: LossSummary,
    /// Probability that everything is done before the horizon.
    pub all_done: f64,
}

/// One server's chances.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerChance {
    /// When it is done: P50, P80, P95.
    pub done: [SimTime; 3],
    /// When it is done as surely as the plan asks.
    pub sure: SimTime,
    /// The date that can be promised for it, as surely as [`Risk::commit`](crate::project::Risk) asks; `None` where none is asked for.
    pub commit: Option<SimTime>,
    /// Probability that it is done before it meets each [`Danger`] (again, if it has); `None` for what it never meets.
    pub clear: [Option<f64>; 3],
    /// Probability that it is done on the planned day or before.
    pub on_time: f64,
    /// Mean of its lost messages.
    pub lost_mean: f64,
    /// The interval of that mean.
    pub lost_interval: Option<Interval>,
}

/// What a team wants to stay clear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Mail is delayed.
    Throttling,
    /// Mail is lost.
    Blocking,
    /// All mail is lost.
    FullBlock,
}

impl Danger {
    /// All dangers, the mildest first.
    pub const ALL: [Danger; 3] = [Danger::Throttling, Danger::Blocking, Danger::FullBlock];

    /// In words.
    pub fn name(self) -> &'static str {
        ["throttling", "blocking", "full block"][self as usize]
    }

    /// Whether these minutes are it.
    pub fn hits(self, minutes: Minutes) -> bool {
        match self {
            Danger::Throttling => minutes.restrict(),
            Danger::Blocking => minutes.block() > 0,
            Danger::FullBlock => minutes.block() >= 60,
        }
    }

    /// When a server meets it from `at` on; `None` if never.
    pub fn from(self, fortune: &Fortune, at: SimTime) -> Option<SimTime> {
        self.within(&fortune.periods, at)
    }

    /// The same, in stages and pauses with their dates.
    pub(super) fn within(self, periods: &[Period], at: SimTime) -> Option<SimTime> {
        first_hit(periods, at, |minutes| self.hits(minutes))
    }
}

/// When each job is done in each replication; the result does not depend on the number of threads.
pub fn courses(basis: &Basis<'_>, schedule: &Schedule) -> Vec<PerJob<SimTime>> {
    runs(basis, &Course::planned(&[basis.planned(schedule)], &basis.booked))
}

/// What the courses of a schedule come to under pauses.
pub fn live(basis: &Basis<'_>, schedule: &Schedule, runs: &[PerJob<SimTime>], asked: &PausesAsked) -> Lived {
    summed_up(basis, schedule, runs, &outcomes(basis, runs, asked), asked)
}

/// The same, where it is known how the courses end.
pub(super) fn summed_up(
    basis: &Basis<'_>,
    schedule: &Schedule,
    runs: &[PerJob<SimTime>],
    outcomes: &[Outcome],
    asked: &PausesAsked,
) -> Lived {
    let plain = Fleet::new(basis.project, &asked.always);
    // There are many courses: it is asked before each server whether to go on. Where the work was stopped, nobody reads what is missing.
    let going_on = basis.jobs.keys().take_while(|_| !basis.watch.is_stopped());
    let servers = going_on.map(|job| chance(basis, schedule, &plain, runs, outcomes, job)).collect();
    Totals::of(basis, schedule, runs, outcomes).lived(basis.project, servers)
}

/// Whether each job's server stays done once it is.
pub(super) fn stays_done(basis: &Basis<'_>) -> PerJob<bool> {
    basis.jobs.iter().map(|job| falls_back(basis.project, &basis.project.servers[job.server]).is_none()).collect()
}

/// How one course ends.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// The mail of all servers.
    pub(super) fate: MailFate,
    /// Whether all servers stay clear of each danger.
    pub(super) clear: [bool; 3],
    /// How each server fares under the pauses of this course. Shared by all courses with the same pauses: by course and server these
    /// would take a hundred times the memory.
    ends: Arc<PerJob<Ends>>,
}

/// How courses end under the pauses that are asked for in each of them.
pub(super) fn outcomes(basis: &Basis<'_>, runs: &[PerJob<SimTime>], asked: &PausesAsked) -> Vec<Outcome> {
    let mut by_pauses: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (run, done) in runs.iter().enumerate() {
        by_pauses.entry(asked.carried_out(done)).or_default().push(run);
    }
    let ended = |(carried_out, runs_of): (u64, Vec<usize>)| {
        let fleet = Fleet::new(basis.project, &asked.grants(carried_out));
        let ends =
            (0..basis.jobs.len()).into_par_iter().map(|job| Ends::new(basis, &fleet, runs, &runs_of, job.into()));
        let ends = Arc::new(PerJob::from(ends.collect::<Vec<Ends>>()));
        let end = |run: usize| (run, Outcome::new(basis, &ends, &runs[run]));
        runs_of.into_par_iter().map(end).collect::<Vec<_>>()
    };
    let mut all: Vec<(usize, Outcome)> = by_pauses.into_iter().flat_map(ended).collect();
    all.sort_by_key(|one| one.0);
    all.into_iter().map(|one| one.1).collect()
}

/// How a job's server fares for each instant at which it is done in some course; many courses share a few.
#[derive(Debug)]
struct Ends {
    /// Rising.
    known: Vec<(SimTime, MailFate, [bool; 3])>,
}

impl Ends {
    fn new(basis: &Basis<'_>, fleet: &Fleet<'_>, runs: &[PerJob<SimTime>], runs_of: &[usize], job: JobIndex) -> Self {
        let server = basis.jobs[job].server;
        let mut instants: Vec<SimTime> = runs_of.iter().map(|&run| runs[run][job]).collect();
        instants.sort_unstable();
        instants.dedup();
        let end = |done: SimTime| {
            if basis.watch.is_stopped() {
                return (done, MailFate::default(), [false; 3]);
            }
            let clear = Danger::ALL.map(|danger| fleet.harmed(server, done, danger).is_none());
            (done, fleet.fate(server, done), clear)
        };
        Ends { known: instants.into_iter().map(end).collect() }
    }

    fn at(&self, done: SimTime) -> (MailFate, [bool; 3]) {
        let index = self.known.partition_point(|known| known.0 < done);
        self.known.get(index).map_or_else(Default::default, |known| (known.1, known.2))
    }
}

impl Outcome {
    fn new(basis: &Basis<'_>, ends: &Arc<PerJob<Ends>>, done: &PerJob<SimTime>) -> Self {
        let mut together = Outcome { fate: MailFate::default(), clear: [true; 3], ends: Arc::clone(ends) };
        if basis.watch.is_stopped() {
            return together;
        }
        for (job, &done) in done.iter_enumerated() {
            let (fate, clear) = together.of(job, done);
            together.fate = together.fate.plus(fate);
            together.clear.iter_mut().zip(clear).for_each(|(all, clear)| *all &= clear);
        }
        together
    }

    /// The mail of a server that is done at an instant of this course, and whether it stays clear of each danger.
    pub(super) fn of(&self, job: JobIndex, done: SimTime) -> (MailFate, [bool; 3]) {
        self.ends[job].at(done)
    }
}

/// The fate of the fleet's mail if nothing ever gets done.
pub fn untouched(basis: &Basis<'_>, planned: &[Granted]) -> MailFate {
    let fleet = Fleet::new(basis.project, planned);
    let fates = basis.jobs.iter().map(|job| fleet.fate(job.server, SimTime::NEVER));
    fates.fold(MailFate::default(), MailFate::plus)
}

pub(super) fn runs(basis: &Basis<'_>, course: &Course<'_>) -> Vec<PerJob<SimTime>> {
    course.lives(&[basis.luck()], 0..basis.project.replications, &basis.watch).raw.swap_remove(0)
}

fn chance(
    basis: &Basis<'_>,
    schedule: &Schedule,
    fleet: &Fleet<'_>,
    runs: &[PerJob<SimTime>],
    outcomes: &[Outcome],
    job: JobIndex,
) -> ServerChance {
    let project = basis.project;
    let ends: Vec<(MailFate, [bool; 3])> = outcomes.iter().zip(runs).map(|(end, run)| end.of(job, run[job])).collect();
    let mut done: Vec<SimTime> = runs.iter().map(|run| run[job]).collect();
    done.sort_unstable();
    let planned = basis.jobs[job].candidates[schedule[job]].day;
    let lost: Cost = ends.iter().map(|end| end.0.lost).sum();
    let count = ends.len().max(1) as f64;
    ServerChance {
        clear: Danger::ALL.map(|danger| {
            // Done or not, some never meet it.
            fleet.harmed(basis.jobs[job].server, SimTime::NEVER, danger)?;
            Some(ends.iter().filter(|end| end.1[danger as usize]).count() as f64 / count)
        }),
        on_time: share(&done, |done| project.index_of(done.day()).is_some_and(|index| index <= planned)),
        sure: quantile(&done, project.risk.level),
        commit: project.risk.commit.map(|commit| quantile(&done, commit)),
        done: quantiles(&done),
        lost_mean: MailFate { lost, ..MailFate::default() }.lost_messages() / count,
        lost_interval: mean_of(&ends.iter().map(|end| end.0.lost_messages()).collect::<Vec<f64>>()),
    }
}
