//! Why there is no plan, in the team's words: which servers, which rule, and what would make it possible.

use super::jobs::{Job, jobs};
use super::project::{Project, Work};
use super::schedule::first_fit;
use crate::time::Day;

/// Weeks by which a horizon is moved at most to see whether that would do.
const WEEKS_MAX: i32 = 104;
/// Jobs at a time that are tried at most for a crew.
const MORE_JOBS_MAX: u32 = 20;
/// Servers that are named.
const NAMED_MAX: usize = 6;

/// One thing that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The servers it concerns.
    pub servers: Vec<String>,
    /// The rule that cannot be kept.
    pub rule: String,
    /// What would make it possible; may be empty.
    pub remedies: Vec<String>,
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = self.servers.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
        let more = self.servers.len().saturating_sub(NAMED_MAX);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        write!(f, "{shown}{more}: {}", self.rule)?;
        if self.remedies.is_empty() { Ok(()) } else { write!(f, "; what would help: {}", self.remedies.join("; or ")) }
    }
}

/// What stands in the way of a project for which no plan was found.
pub fn obstacles(project: &Project) -> Vec<Obstacle> {
    let jobs = jobs(project);
    let alone: Vec<Obstacle> =
        jobs.iter().filter(|job| job.candidates.is_empty()).map(|job| no_candidate(project, job.server)).collect();
    if alone.is_empty() { vec![together(project, &jobs)] } else { alone }
}

/// A server that no cut-over suits, even if it were the only one.
fn no_candidate(project: &Project, server: usize) -> Obstacle {
    let fleet = &project.servers[server];
    let (from, to) = (project.as_of.start(), project.horizon.start());
    let crews: Vec<&str> = fleet.crews.iter().map(|&crew| project.crews[crew].name.as_str()).collect();
    let openings = |project: &Project| -> Vec<Day> {
        let of = |&crew: &usize| project.crews[crew].cut_overs(&project.servers[server], from, to);
        let mut all: Vec<Day> = fleet.crews.iter().flat_map(of).map(|at| at.day()).collect();
        all.sort_unstable();
        all
    };
    let open = openings(project);
    let rule = match (open.last(), openings(&without_freezes(project)).last()) {
        _ if crews.is_empty() => "no crew can do it".to_owned(),
        (None, Some(_)) => format!("every maintenance window before {} lies in a change freeze", project.horizon),
        (None, None) => format!("there is no maintenance window from {} to {}", project.as_of, project.horizon),
        (Some(last), _) => {
            let days = fleet.work.days(project.risk.plan_quantile);
            let kind = if matches!(fleet.work, Work::Lead(_)) { "days of waiting" } else { "working days" };
            let earliest = fleet.earliest.map_or(String::new(), |day| format!(" and not before {day}"));
            format!("it takes {days} {kind} of {}{earliest}, and the last window is on {last}", crews.join(" or "))
        }
    };
    let mut remedies = Vec::new();
    let possible =
        |changed: &Project| jobs(changed).iter().any(|job| job.server == server && !job.candidates.is_empty());
    if let Some(horizon) = first_horizon(project, possible) {
        remedies.push(format!("a horizon of {horizon}"));
    }
    if possible(&without_freezes(project)) {
        remedies.push("a window inside the freeze".to_owned());
    }
    Obstacle { servers: vec![fleet.name.clone()], rule, remedies }
}

/// Servers of which each could be done, but not all.
fn together(project: &Project, jobs: &[Job]) -> Obstacle {
    let mut remedies = Vec::new();
    if let Some(horizon) = first_horizon(project, fits) {
        remedies.push(format!("a horizon of {horizon}"));
    }
    for crew in 0..project.crews.len() {
        let with = |more: u32| {
            let mut changed = project.clone();
            changed.crews[crew].jobs += more;
            changed
        };
        if let Some(more) = (1..=MORE_JOBS_MAX).find(|&more| fits(&with(more))) {
            remedies.push(format!(
                "{} jobs at a time for {} instead of {}",
                project.crews[crew].jobs + more,
                project.crews[crew].name,
                project.crews[crew].jobs
            ));
        }
    }
    if let Some(gap) = (0..project.gap_days).rev().find(|&gap| fits(&Project { gap_days: gap, ..project.clone() })) {
        remedies.push(format!("a gap of {gap} days instead of {}", project.gap_days));
    }
    if fits(&without_freezes(project)) {
        remedies.push("work inside the freezes".to_owned());
    }
    if fits(&without_dependencies(project)) {
        remedies.push("fewer dependencies".to_owned());
    }
    let left = left_over(project, jobs);
    Obstacle { servers: left, rule: shortage(project, jobs), remedies }
}

/// What there is too little of.
fn shortage(project: &Project, jobs: &[Job]) -> String {
    let places = |crew: usize| {
        let mut days: Vec<usize> =
            jobs.iter().flat_map(|job| &job.candidates).filter(|c| c.crew == crew).map(|c| c.day).collect();
        days.sort_unstable();
        days.dedup();
        days.len() * project.crews[crew].jobs as usize
    };
    let crews: Vec<String> = (0..project.crews.len())
        .map(|crew| format!("{} has {} places in windows", project.crews[crew].name, places(crew)))
        .collect();
    let mut rule = format!(
        "{} servers must be done before {}, and no order fits them all in: {}",
        jobs.len(),
        project.horizon,
        crews.join(", ")
    );
    if project.gap_days > 1 {
        let cut_overs = project.days().div_ceil(project.gap_days as usize);
        rule.push_str(&format!("; a gap of {} days allows {cut_overs} cut-overs at most", project.gap_days));
    }
    rule
}

/// The servers that find no place when the others are put in first.
fn left_over(project: &Project, jobs: &[Job]) -> Vec<String> {
    let mut order = orders(jobs).swap_remove(0);
    let mut left = Vec::new();
    while first_fit(project, jobs, &order).is_err() {
        // Taking the last ones away, one by one, leaves those that fit.
        let Some(last) = order.pop() else { break };
        left.push(last);
    }
    left.reverse();
    left.iter().map(|&job| project.servers[jobs[job].server].name.clone()).collect()
}

/// Whether some order fits all jobs in.
fn fits(project: &Project) -> bool {
    let jobs = jobs(project);
    jobs.iter().all(|job| !job.candidates.is_empty())
        && orders(&jobs).iter().any(|order| first_fit(project, &jobs, order).is_ok())
}

/// Orders in which room is used well: the most pressed first, the least free first, as listed.
fn orders(jobs: &[Job]) -> Vec<Vec<usize>> {
    let sorted = |key: &dyn Fn(&Job) -> usize| {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|&job| (key(&jobs[job]), job));
        order
    };
    let last = |job: &Job| job.candidates.last().map_or(0, |candidate| candidate.day);
    vec![sorted(&last), sorted(&|job| job.candidates.len()), sorted(&|_| 0)]
}

fn first_horizon(project: &Project, possible: impl Fn(&Project) -> bool) -> Option<Day> {
    let moved =
        |weeks: i32| Project { horizon: Day::from_number(project.horizon.number() + 7 * weeks), ..project.clone() };
    (1..=WEEKS_MAX).map(moved).find(|changed| possible(changed)).map(|changed| changed.horizon)
}

fn without_freezes(project: &Project) -> Project {
    let mut changed = project.clone();
    changed.crews.iter_mut().for_each(|crew| crew.openings.freezes.clear());
    changed
}

fn without_dependencies(project: &Project) -> Project {
    let mut changed = project.clone();
    changed.servers.iter_mut().for_each(|server| server.depends_on.clear());
    changed
}
