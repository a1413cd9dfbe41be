//! Why there is no plan, in the team's words: which servers, which rule, and what would make it possible.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::dates::StatedDates;
use crate::former::planned_days;
use crate::index::{CrewIndex, JobIndex, JobSlice, PerCrew, ServerIndex};
use crate::jobs::{Job, jobs};
use crate::project::{FleetServer, Project, Work};
use crate::search::schedule::{Ledger, first_fit};
use brownout_kernel::limits::Refusal;
use brownout_kernel::time::Day;
use brownout_kernel::watch::Watch;

/// Weeks by which a horizon is moved at most to see whether that would do.
const WEEKS_MAX: u32 = 104;
/// Jobs at a time that are tried at most for a crew.
const MORE_JOBS_MAX: u32 = 20;
/// Crews for which more jobs at a time are tried: those with the most places.
const CREWS_MAX: usize = 8;
/// Servers, and crews, that are named.
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
///
/// - `watch`: what it would take is not looked for any more once it stops the work.
pub fn obstacles(project: &Project, watch: &Watch) -> Vec<Obstacle> {
    let jobs = jobs(project);
    let alone: Vec<Obstacle> = jobs
        .iter()
        .filter(|job| job.candidates.is_empty())
        .map(|job| no_candidate(project, job.server, watch))
        .collect();
    if alone.is_empty() { vec![together(project, &jobs, watch)] } else { alone }
}

/// A server that no cut-over suits, even if it were the only one.
fn no_candidate(project: &Project, server: ServerIndex, watch: &Watch) -> Obstacle {
    let fleet = &project.servers[server];
    let (from, to) = (project.as_of.start(), project.horizon.start());
    let crews: Vec<&str> = fleet.crews.iter().map(|&crew| project.crews[crew].name.as_str()).collect();
    let openings = |project: &Project| -> Vec<Day> {
        let of = |&crew: &CrewIndex| project.crews[crew].cut_overs(&project.servers[server], from, to);
        let mut all: Vec<Day> = fleet.crews.iter().flat_map(of).map(|at| at.day()).collect();
        all.sort_unstable();
        all
    };
    let open = openings(project);
    let free = free_dates(project, server);
    let thawed = without_freezes(project).map_or_else(|_| Vec::new(), |thawed| openings(&thawed));
    let rule = match (open.last(), thawed.last()) {
        _ if crews.is_empty() => "no crew can do it".to_owned(),
        _ if free.is_some() => format!("no cut-over that it could have keeps its dates ({})", fleet.dates),
        (None, Some(_)) => format!("every maintenance window before {} lies in a change freeze", project.horizon),
        (None, None) => format!("there is no maintenance window from {} to {}", project.as_of, project.horizon),
        (Some(last), _) => {
            let days = planned_days(project, fleet);
            let kind = if matches!(fleet.work, Work::Lead(_)) { "days of waiting" } else { "working days" };
            let earliest = fleet.earliest.map_or(String::new(), |day| format!(" and not before {day}"));
            format!("it takes {days} {kind} of {}{earliest}, and the last window is on {last}", crews.join(" or "))
        }
    };
    let mut remedies = Vec::new();
    let possible = |changed: &Project| {
        !watch.is_stopped() && jobs(changed).iter().any(|job| job.server == server && !job.candidates.is_empty())
    };
    if let Some(horizon) = first_horizon(project, possible) {
        remedies.push(format!("a horizon of {horizon}"));
    }
    if without_freezes(project).is_ok_and(|changed| possible(&changed)) {
        remedies.push("a window inside the freeze".to_owned());
    }
    remedies.extend(free.iter().map(|days| format!("another date: {days} would do")));
    Obstacle { servers: vec![fleet.name.clone()], rule, remedies }
}

/// The days nearest to its stated dates on which a server could be cut over without them; `None` if these are not what is in its way.
fn free_dates(project: &Project, server: ServerIndex) -> Option<String> {
    let dates = &project.servers[server].dates;
    if dates.is_free() {
        return None;
    }
    let changed = project.with(|parts| parts.servers[server].dates = StatedDates::default()).ok()?;
    let found = jobs(&changed).into_iter().find(|job| job.server == server)?;
    let days: Vec<Day> = found.candidates.iter().map(|candidate| project.day(candidate.day)).collect();
    let wanted = dates.last().or(dates.first()).unwrap_or(project.horizon);
    let before = days.iter().rfind(|day| **day <= wanted);
    let after = days.iter().find(|day| **day > wanted);
    let near: Vec<String> = before.into_iter().chain(after).map(Day::to_string).collect();
    (!near.is_empty()).then(|| near.join(" or "))
}

/// Servers of which each could be done, but not all.
fn together(project: &Project, jobs: &JobSlice<Job>, watch: &Watch) -> Obstacle {
    let fit = |changed: &Project| !watch.is_stopped() && fits(changed);
    let fits = |changed: Result<Project, Refusal>| changed.is_ok_and(|changed| fit(&changed));
    let mut remedies = Vec::new();
    if let Some(horizon) = first_horizon(project, fit) {
        remedies.push(format!("a horizon of {horizon}"));
    }
    let tried = most_places(jobs, project.crews.len());
    for &crew in tried.iter().take(CREWS_MAX) {
        let with = |more: u32| project.with(|parts| parts.crews[crew].jobs += more);
        if let Some(more) = least(MORE_JOBS_MAX, |more| fits(with(more))) {
            let (name, jobs) = (&project.crews[crew].name, project.crews[crew].jobs);
            remedies.push(format!("{} jobs at a time for {name} instead of {jobs}", jobs + more));
        }
    }
    let gap = project.gap_days;
    if let Some(less) = least(gap, |less| fits(project.with(|parts| parts.gap_days = gap - less))) {
        remedies.push(format!("a gap of {} days instead of {gap}", gap - less));
    }
    if fits(without_freezes(project)) {
        remedies.push("work inside the freezes".to_owned());
    }
    if fits(without_dependencies(project)) {
        remedies.push("fewer dependencies".to_owned());
    }
    let open = || jobs.iter().map(|job| &project.servers[job.server]);
    if open().any(|server| server.wave.is_some()) && fits(changed(project, |server| server.wave = None)) {
        remedies.push("no waves".to_owned());
    }
    let dated =
        open().filter(|server| !server.dates.is_free()).map(|server| format!("{} ({})", server.name, server.dates));
    let dated: Vec<String> = dated.collect();
    if !dated.is_empty() && fits(changed(project, |server| server.dates = StatedDates::default())) {
        let more = dated.len().saturating_sub(NAMED_MAX);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        remedies.push(format!("other dates for {}{more}", dated[..dated.len().min(NAMED_MAX)].join(", ")));
    }
    let mut rule = shortage(project, jobs);
    if tried.len() > CREWS_MAX {
        rule.push_str(&format!(" (more jobs at a time were tried for {CREWS_MAX} of {} crews)", tried.len()));
    }
    Obstacle { servers: left_over(project, jobs), rule, remedies }
}

/// Days on which each crew can cut over, by crew.
fn open_days(jobs: &JobSlice<Job>, crews: usize) -> PerCrew<BTreeSet<usize>> {
    let mut days = PerCrew::from(vec![BTreeSet::new(); crews]);
    jobs.iter().flat_map(|job| &job.candidates).for_each(|candidate| {
        days[candidate.crew].insert(candidate.day);
    });
    days
}

/// The crews that can cut over at all, those that can most often first.
fn most_places(jobs: &JobSlice<Job>, crews: usize) -> Vec<CrewIndex> {
    let days = open_days(jobs, crews);
    let mut order: Vec<CrewIndex> = days.keys().filter(|&crew| !days[crew].is_empty()).collect();
    order.sort_by_key(|&crew| (Reverse(days[crew].len()), crew));
    order
}

/// What there is too little of.
fn shortage(project: &Project, jobs: &JobSlice<Job>) -> String {
    let days = open_days(jobs, project.crews.len());
    let places = |crew: CrewIndex| days[crew].len() * project.crews[crew].jobs as usize;
    let crews: Vec<String> = project
        .crews
        .keys()
        .take(NAMED_MAX)
        .map(|crew| format!("{} has {} places in windows", project.crews[crew].name, places(crew)))
        .collect();
    let more = project.crews.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 {
        let rest: usize = project.crews.keys().skip(NAMED_MAX).map(places).sum();
        format!(" and {more} more crews have {rest}")
    } else {
        String::new()
    };
    let mut rule = format!(
        "{} servers must be done before {}, and no order fits them all in: {}{more}",
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
fn left_over(project: &Project, jobs: &JobSlice<Job>) -> Vec<String> {
    let order = orders(jobs).swap_remove(0);
    // All before the first that finds no place fit.
    let stuck = first_fit(Ledger::new(project, jobs), jobs, &order).err();
    let fit = stuck.and_then(|stuck| order.iter().position(|&job| job == stuck)).unwrap_or(order.len());
    order[fit..].iter().map(|&job| project.servers[jobs[job].server].name.clone()).collect()
}

/// Whether some order fits all jobs in.
fn fits(project: &Project) -> bool {
    let jobs = jobs(project);
    jobs.iter().all(|job| !job.candidates.is_empty())
        && orders(&jobs).iter().any(|order| first_fit(Ledger::new(project, &jobs), &jobs, order).is_ok())
}

/// Orders in which room is used well: the most pressed first, the least free first, as listed.
fn orders(jobs: &JobSlice<Job>) -> Vec<Vec<JobIndex>> {
    let sorted = |key: &dyn Fn(&Job) -> usize| {
        let mut order: Vec<JobIndex> = jobs.keys().collect();
        order.sort_by_key(|&job| (key(&jobs[job]), job));
        order
    };
    let last = |job: &Job| job.candidates.last().map_or(0, |candidate| candidate.day);
    vec![sorted(&last), sorted(&|job| job.candidates.len()), sorted(&|_| 0)]
}

fn first_horizon(project: &Project, possible: impl Fn(&Project) -> bool) -> Option<Day> {
    let horizon = |weeks: u32| Day::from_number(project.horizon.number() + 7 * weeks as i32);
    let moved = |weeks: u32| project.with(|parts| parts.horizon = horizon(weeks));
    least(WEEKS_MAX, |weeks| moved(weeks).is_ok_and(|moved| possible(&moved))).map(horizon)
}

/// The least number from 1 to `most` that is enough, where more of it never spoils anything: by doubling, then by halves.
fn least(most: u32, enough: impl Fn(u32) -> bool) -> Option<u32> {
    let (mut low, mut high) = (0, 1.min(most));
    while high > low && !enough(high) {
        (low, high) = (high, (2 * high).min(most));
    }
    if high == low {
        return None;
    }
    while low + 1 < high {
        let middle = low.midpoint(high);
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

fn without_freezes(project: &Project) -> Result<Project, Refusal> {
    project.with(|parts| parts.crews.iter_mut().for_each(|crew| crew.openings = crew.openings.without_freezes()))
}

fn without_dependencies(project: &Project) -> Result<Project, Refusal> {
    changed(project, |server| server.depends_on.clear())
}

fn changed(project: &Project, change: impl Fn(&mut FleetServer)) -> Result<Project, Refusal> {
    project.with(|parts| parts.servers.iter_mut().for_each(change))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_that_is_enough_is_found() {
        for most in 0..40 {
            for needed in 1..45 {
                let found = least(most, |number| number >= needed);
                assert_eq!(found, (needed <= most).then_some(needed), "{needed} of {most}");
            }
        }
    }
}
