//! Where each server's work can go: every cut-over a crew's calendar offers, with the days it keeps the crew busy.
//!
//! A crew works on a server on the last working days before the cut-over, as many as are planned; the cut-over itself
//! happens in a maintenance window, on the last of these days or later. On every one of those days, and on the day of the
//! cut-over, the job takes one of the crew's places.

use super::project::{Crew, FleetServer, Project, Work};
use crate::time::{Day, SimTime};

/// One way to do a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Place of the crew.
    pub crew: usize,
    /// The instant of the cut-over: from here on the server complies.
    pub at: SimTime,
    /// Place of the day of the cut-over, counted from the first planned day.
    pub day: usize,
    /// Place of the first day of work (or of the waiting).
    pub start: usize,
    /// Places of the days on which the crew is busy, rising; the last is `day`.
    pub busy: Vec<usize>,
}

/// A server's candidates in order of time, earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Place of the server in the fleet.
    pub server: usize,
    /// The ways to do it.
    pub candidates: Vec<Candidate>,
    /// Places (among the jobs) of the jobs that must be done before this one starts.
    pub after: Vec<usize>,
}

/// The jobs of all servers that are not done yet, in the order of the fleet.
pub fn jobs(project: &Project) -> Vec<Job> {
    let open: Vec<usize> = (0..project.servers.len()).filter(|&s| project.servers[s].done.is_none()).collect();
    let place = |server: &usize| open.iter().position(|other| other == server);
    let job = |&server: &usize| Job {
        server,
        candidates: candidates(project, &project.servers[server]),
        after: project.servers[server].depends_on.iter().filter_map(place).collect(),
    };
    open.iter().map(job).collect()
}

fn candidates(project: &Project, server: &FleetServer) -> Vec<Candidate> {
    let on_crew = |&crew: &usize| on_crew(project, server, crew);
    let mut all: Vec<Candidate> = server.crews.iter().flat_map(on_crew).collect();
    all.sort_by_key(|candidate| (candidate.at, candidate.busy.len(), candidate.crew));
    all
}

/// Place of the first day on which the crew may be busy with a server, which may lie before the plan.
///
/// Waiting counts from the server's `earliest` day on, also if that lies in the past; work cannot.
fn first_place(project: &Project, server: &FleetServer) -> i64 {
    let place = |day: Day| i64::from(day.number()) - i64::from(project.as_of.number());
    let stated = server.earliest.map_or(0, place);
    let ready = match server.work {
        Work::Lead(_) => stated + i64::from(server.work.days(project.risk.plan_quantile)),
        Work::Days(_) => stated,
    };
    let done = server.depends_on.iter().filter_map(|&other| project.servers[other].done);
    done.map(|done| place(done.day()) + 1).max().map_or(ready, |after| ready.max(after))
}

fn on_crew(project: &Project, server: &FleetServer, crew: usize) -> Vec<Candidate> {
    let calendar = &project.crews[crew];
    let first = first_place(project, server);
    let days = server.work.days(project.risk.plan_quantile) as usize;
    let waits = matches!(server.work, Work::Lead(_));
    let fit = |at: SimTime| {
        let day = project.place_of(at.day())?;
        let busy = if waits { vec![day] } else { busy_days(project, calendar, day, days)? };
        let start = if waits { day.saturating_sub(days) } else { *busy.first()? };
        (*busy.first()? as i64 >= first).then_some(Candidate { crew, at, day, start, busy })
    };
    let (from, to) = (project.as_of.start(), project.horizon.start());
    calendar.cut_overs(server, from, to).into_iter().filter_map(fit).collect()
}

/// The last `days` working days up to `day`, and `day` itself; `None` if there are not so many in the plan.
fn busy_days(project: &Project, crew: &Crew, day: usize, days: usize) -> Option<Vec<usize>> {
    let mut busy: Vec<usize> = (0..=day).rev().filter(|&place| crew.works_on(project.day(place))).take(days).collect();
    if busy.len() < days {
        return None;
    }
    busy.reverse();
    if busy.last() != Some(&day) {
        busy.push(day);
    }
    Some(busy)
}
