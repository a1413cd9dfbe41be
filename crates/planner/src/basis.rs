//! Everything that every method of planning needs, worked out once: jobs, tariffs, clocks.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::chance::days::DayTables;
use crate::chance::lived::{Luck, Planned};
use crate::cost::joining::Joining;
use crate::cost::pauses::PauseSpace;
use crate::cost::tariff::{Cost, POINT, Tariffs};
use crate::former::kept;
use crate::index::{CandidateIndex, GroupIndex, JobIndex, JobSlice, PerCandidate, PerJob};
use crate::jobs::{Candidate, Job, jobs};
use crate::project::{FleetServer, Project};
use crate::search::room::Room;
use crate::search::schedule::{Booked, Ledger, Schedule};
use brownout_kernel::time::SimTime;
use brownout_kernel::watch::Watch;

/// A project made ready for planning.
#[derive(Clone, Debug)]
pub struct Basis<'a> {
    /// The project.
    pub project: &'a Project,
    /// The jobs of all servers that are not done.
    pub jobs: PerJob<Job>,
    /// What days cost.
    pub tariffs: Arc<Tariffs>,
    /// Clocks and budgets.
    pub space: PauseSpace<'a>,
    /// Tariff group of each job.
    pub groups: PerJob<GroupIndex>,
    /// Thousandths of messages a day of each job's server, times its priority.
    pub volumes: PerJob<Cost>,
    /// Index of each candidate's instant among those of its day, by job.
    pub instants: PerJob<PerCandidate<usize>>,
    /// Candidate of each job that is its date in the former plan, if that is still possible.
    pub kept: PerJob<Option<CandidateIndex>>,
    /// What another date costs such a job.
    pub change: Cost,
    /// Places of the crews that are not there for these jobs, as the work of other tenants takes them.
    pub booked: Booked,
    /// Asked by all that works on it whether to go on.
    pub watch: Watch,
    luck: OnceLock<Luck>,
    day_tables: OnceLock<DayTables>,
}

impl<'a> Basis<'a> {
    /// Works out a project.
    pub fn new(project: &'a Project) -> Self {
        Self::watched(project, Joining::Earlier, Watch::never())
    }

    /// Works out a project whose detections, if they are too many, are joined in a given way. Where the work is stopped on the way,
    /// what comes of it means nothing.
    pub fn watched(project: &'a Project, joining: Joining, watch: Watch) -> Self {
        let jobs = jobs(project);
        let cut_overs = openings(project, &jobs);
        let tariffs = Tariffs::new(project, cut_overs, PauseSpace::days_max(project), joining, &watch);
        let server = |job: &Job| &project.servers[job.server];
        let instant = |candidate: &Candidate| {
            let second = candidate.at.second_of_day();
            tariffs.instants(candidate.day).partition_point(|&other| other < second)
        };
        Basis {
            project,
            groups: jobs.iter().map(|job| tariffs.group_of(server(job).detected)).collect(),
            volumes: jobs.iter().map(|job| weight(project, server(job))).collect(),
            instants: jobs.iter().map(|job| job.candidates.iter().map(instant).collect()).collect(),
            space: PauseSpace::new(project, &tariffs, &watch),
            kept: jobs.iter().map(|job| kept(project, job)).collect(),
            change: libm::round(project.weights.stability * 1e9) as Cost * (POINT / 1_000_000_000),
            jobs,
            tariffs: Arc::new(tariffs),
            booked: Booked::new(),
            watch,
            luck: OnceLock::new(),
            day_tables: OnceLock::new(),
        }
    }

    /// The same project, but for pauses that use no more than so many days of each year.
    pub fn within(&self, most: &[u16]) -> Self {
        let mut basis = self.clone();
        basis.space = basis.space.within(most);
        basis
    }

    /// A ledger with none of the jobs in it.
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger::beside(self.project, &self.jobs, &self.booked)
    }

    /// Where its jobs are put in.
    pub fn room(&self) -> Room<'_> {
        Room { jobs: &self.jobs, empty: self.ledger(), kept: &self.kept, volumes: &self.volumes, watch: &self.watch }
    }

    /// The jobs with their dates.
    pub fn planned<'b>(&'b self, schedule: &'b Schedule) -> Planned<'b> {
        Planned { project: self.project, jobs: &self.jobs, schedule }
    }

    /// What a schedule costs under given pauses, with every detection as it is.
    pub fn true_cost(&self, schedule: &Schedule, pauses: &[bool]) -> Cost {
        let mut paths: BTreeMap<SimTime, Vec<(Cost, Vec<Cost>)>> = BTreeMap::new();
        let mut of_job = |job: JobIndex| {
            let Some(detected) = self.project.servers[self.jobs[job].server].detected else { return 0 };
            let path = paths.entry(detected).or_insert_with(|| self.tariffs.along(self.project, detected, pauses));
            let (day, instant) = (self.jobs[job].candidates[schedule[job]].day, self.instants[job][schedule[job]]);
            let before: Cost = path[..day].iter().map(|day| day.0).sum();
            self.volumes[job] * (before + path[day].1[instant])
        };
        let mail: Cost = self.jobs.keys().map(&mut of_job).sum();
        mail + self.space.pause_cost(pauses) + self.changes_cost(schedule)
    }

    /// How long work takes by chance, drawn when it is first asked for.
    pub fn luck(&self) -> &Luck {
        self.luck.get_or_init(|| self.luck_in(0..self.project.replications))
    }

    /// The same in some replications, which may be further ones.
    pub fn luck_in(&self, numbers: Range<u32>) -> Luck {
        let tables = self.day_tables.get_or_init(|| DayTables::new(self.project, &self.jobs));
        Luck::of(self.project, &self.jobs, tables, numbers, &self.watch)
    }
}

/// What a server counts in the search for dates: nothing if its target breaches a baseline in force, because then no date helps.
fn weight(project: &Project, server: &FleetServer) -> Cost {
    let in_vain = server.again.as_ref().is_some_and(|raise| raise.at <= project.as_of.start());
    if in_vain { 0 } else { Cost::from(server.volume) * Cost::from(server.priority) }
}

/// Whether a server is cut over just when its crew opens.
fn is_usual(server: &FleetServer) -> bool {
    server.windows.is_none() && server.in_hand.is_none() && server.dates.is_free()
}

/// Every instant at which some job could be cut over, also those that come too soon for the work as planned: by chance it can
/// be ready then.
fn openings(project: &Project, jobs: &JobSlice<Job>) -> impl Iterator<Item = SimTime> {
    let (from, to) = (project.as_of.start(), project.horizon.start());
    let mut all: Vec<SimTime> = Vec::new();
    for job in jobs {
        let server = &project.servers[job.server];
        // Servers without openings of their own share those of their crew.
        for &crew in server.crews.iter().filter(|_| !is_usual(server)) {
            all.extend(project.crews[crew].cut_overs(server, from, to));
        }
    }
    for crew in project.crews.keys() {
        let usual =
            |job: &&Job| is_usual(&project.servers[job.server]) && project.servers[job.server].crews.contains(&crew);
        if let Some(job) = jobs.iter().find(usual) {
            all.extend(project.crews[crew].cut_overs(&project.servers[job.server], from, to));
        }
    }
    all.sort_unstable();
    all.dedup();
    all.into_iter()
}
