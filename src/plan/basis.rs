//! Everything that every method of planning needs, worked out once: jobs, tariffs, clocks.

use std::sync::OnceLock;

use super::jobs::{Candidate, Job, jobs};
use super::lived::Luck;
use super::pauses::PauseSpace;
use super::project::Project;
use super::tariff::{Cost, Tariffs};
use crate::time::SimTime;

/// A project made ready for planning.
#[derive(Clone, Debug)]
pub struct Basis<'a> {
    /// The project.
    pub project: &'a Project,
    /// The jobs of all servers that are not done.
    pub jobs: Vec<Job>,
    /// What days cost.
    pub tariffs: Tariffs,
    /// Clocks and budgets.
    pub space: PauseSpace<'a>,
    /// Tariff group of each job.
    pub groups: Vec<usize>,
    /// Thousandths of messages a day of each job's server.
    pub volumes: Vec<Cost>,
    /// Place of each candidate's instant among those of its day, by job.
    pub instants: Vec<Vec<usize>>,
    luck: OnceLock<Luck>,
}

impl<'a> Basis<'a> {
    /// Works out a project.
    pub fn new(project: &'a Project) -> Self {
        let jobs = jobs(project);
        let tariffs = Tariffs::new(project, openings(project, &jobs), PauseSpace::days_max(project));
        let server = |job: &Job| &project.servers[job.server];
        let instant = |candidate: &Candidate| {
            let second = candidate.at.second_of_day();
            tariffs.instants(candidate.day).partition_point(|&other| other < second)
        };
        Basis {
            project,
            groups: jobs.iter().map(|job| tariffs.group_of(server(job).detected)).collect(),
            volumes: jobs.iter().map(|job| Cost::from(server(job).volume)).collect(),
            instants: jobs.iter().map(|job| job.candidates.iter().map(instant).collect()).collect(),
            space: PauseSpace::new(project, &tariffs),
            jobs,
            tariffs,
            luck: OnceLock::new(),
        }
    }

    /// How long work takes by chance, drawn when it is first asked for.
    pub fn luck(&self) -> &Luck {
        self.luck.get_or_init(|| Luck::new(self.project, &self.jobs))
    }
}

/// Every instant at which some job could be cut over, also those that come too soon for the work as planned: by chance it can
/// be ready then.
fn openings(project: &Project, jobs: &[Job]) -> impl Iterator<Item = SimTime> {
    let (from, to) = (project.as_of.start(), project.horizon.start());
    let mut all: Vec<SimTime> = Vec::new();
    for job in jobs {
        let server = &project.servers[job.server];
        // Servers without windows of their own share those of their crew.
        for &crew in server.crews.iter().filter(|_| server.windows.is_some()) {
            all.extend(project.crews[crew].cut_overs(server, from, to));
        }
    }
    for crew in 0..project.crews.len() {
        let usual = |job: &&Job| {
            project.servers[job.server].windows.is_none() && project.servers[job.server].crews.contains(&crew)
        };
        if let Some(job) = jobs.iter().find(usual) {
            all.extend(project.crews[crew].cut_overs(&project.servers[job.server], from, to));
        }
    }
    all.sort_unstable();
    all.dedup();
    all.into_iter()
}
