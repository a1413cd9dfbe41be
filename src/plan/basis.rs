//! Everything that every method of planning needs, worked out once: jobs, tariffs, clocks.

use super::jobs::{Candidate, Job, jobs};
use super::pauses::PauseSpace;
use super::project::Project;
use super::tariff::{Cost, Tariffs};

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
}

impl<'a> Basis<'a> {
    /// Works out a project.
    pub fn new(project: &'a Project) -> Self {
        let jobs = jobs(project);
        let cut_overs = jobs.iter().flat_map(|job| &job.candidates).map(|candidate| candidate.at);
        let tariffs = Tariffs::new(project, cut_overs, PauseSpace::days_max(project));
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
        }
    }
}
