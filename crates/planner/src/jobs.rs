//! Where each server's work can go: every cut-over a crew's calendar offers, with the days it keeps the crew busy.
//!
//! A crew works on a server on the last working days before the cut-over, as many as are planned. The day of the cut-over is one
//! of them only if its working hours are over by then ([`WORKDAY_ENDS`]). A job takes one of its crew's places on every working
//! day from its first to its cut-over, and on the day of the cut-over; on days off in between the crew is free (`is_busy`). A
//! job that only waits, or needs no work, takes a place on the day of its cut-over alone. Planning and
//! [living](crate::chance::lived) a plan go by these same rules.

use std::collections::BTreeMap;

use crate::dates::waits_for;
use crate::former::planned_days;
use crate::index::{CrewIndex, JobIndex, PerCandidate, PerCrew, PerJob, ServerIndex};
use crate::project::{Crew, FleetServer, Project, WORKDAY_ENDS, Work};
use brownout_kernel::time::{Day, SimTime};

/// One way to do a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The crew.
    pub crew: CrewIndex,
    /// The instant of the cut-over: from here on the server complies.
    pub at: SimTime,
    /// Index of the day of the cut-over, counted from the first planned day.
    pub day: usize,
    /// Index of the first day of work (or of the waiting).
    pub start: usize,
    /// Indices of the days on which the crew is busy, rising; the last is `day`.
    pub busy: Vec<usize>,
}

/// A server's candidates in order of time, earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The server.
    pub server: ServerIndex,
    /// The ways to do it.
    pub candidates: PerCandidate<Candidate>,
    /// The jobs that must be done before this one starts.
    pub after: Vec<JobIndex>,
}

/// The jobs of all servers that are not done yet, in the order of the fleet.
pub fn jobs(project: &Project) -> PerJob<Job> {
    let open: Vec<ServerIndex> = project.servers.keys().filter(|&s| project.servers[s].done.is_none()).collect();
    let job_of = |server: ServerIndex| open.binary_search(&server).ok().map(JobIndex::from);
    let kinds = kinds(&project.crews);
    let job = |&server: &ServerIndex| Job {
        server,
        candidates: candidates(project, server, &kinds, open.len()),
        after: match project.servers[server].in_hand {
            // It has begun, whatever it was to wait for.
            Some(_) => Vec::new(),
            None => waits_for(&project.servers, server).into_iter().filter_map(job_of).collect(),
        },
    };
    open.iter().map(job).collect()
}

/// Crews that differ in their names only are of one kind: a number for each crew.
fn kinds(crews: &PerCrew<Crew>) -> PerCrew<usize> {
    let same = |a: &Crew, b: &Crew| {
        (a.works, a.jobs, &a.holidays, &a.extra, &a.openings) == (b.works, b.jobs, &b.holidays, &b.extra, &b.openings)
    };
    let mut first: Vec<&Crew> = Vec::new();
    let kind = |crew| {
        first.iter().position(|&known| same(known, crew)).unwrap_or_else(|| {
            first.push(crew);
            first.len() - 1
        })
    };
    crews.iter().map(kind).collect()
}

/// The ways to do the work of one server.
pub(crate) fn candidates_of(project: &Project, server: ServerIndex) -> PerCandidate<Candidate> {
    candidates(project, server, &kinds(&project.crews), project.servers.len())
}

/// The ways to do a server's work.
///
/// - `most`: crews of one kind that are looked at. With one for every job there is always one that is free of all other jobs,
///   so more of them allow nothing more.
fn candidates(project: &Project, index: ServerIndex, kinds: &PerCrew<usize>, most: usize) -> PerCandidate<Candidate> {
    let server = &project.servers[index];
    if let Some(kept) = kept_date(project, server) {
        return vec![kept].into();
    }
    let mut looked_at = BTreeMap::new();
    let former = project.former_crew(&server.name);
    let needed = |crew: &&CrewIndex| {
        let count = looked_at.entry(kinds[**crew]).or_insert(0);
        *count += 1;
        *count <= most || former == Some(**crew)
    };
    let first = first_index(project, index);
    let on_crew = |&crew: &CrewIndex| on_crew(project, server, crew, first);
    let mut all: Vec<Candidate> = server.crews.iter().filter(needed).flat_map(on_crew).collect();
    all.sort_by_key(|candidate| (candidate.at, candidate.busy.len(), candidate.crew));
    if server.in_hand.is_some() {
        keep_soonest(project, &mut all);
    }
    all.into()
}

/// The one way to go on with work in hand that keeps its date: its crew is busy with it from now on, or from the day on which that
/// was planned to begin.
fn kept_date(project: &Project, server: &FleetServer) -> Option<Candidate> {
    let kept = server.in_hand?.keeps?;
    let day = project.index_of(kept.at.day())?;
    let start = project.index_of(kept.start).unwrap_or(0).min(day);
    let works = matches!(server.work, Work::Days(_)) && server.work.days(project.risk.plan_quantile, 1.0) > 0;
    let crew = &project.crews[kept.crew];
    let is_busy =
        |day_index: &usize| *day_index == day || works && is_busy(crew, project.day(*day_index), kept.at.day());
    Some(Candidate { crew: kept.crew, at: kept.at, day, start, busy: (start..=day).filter(is_busy).collect() })
}

/// Work in hand without a date goes on now: only the first of its ways are left, as far as one after the other all servers in hand
/// find a place.
fn keep_soonest(project: &Project, rising: &mut Vec<Candidate>) {
    let in_hand: Vec<&FleetServer> =
        project.servers.iter().filter(|server| server.in_hand.is_some() && server.done.is_none()).collect();
    let longest = in_hand.iter().map(|server| planned_days(project, server)).max();
    // Of seven days five are worked on, or fewer.
    let apart = (2 * longest.unwrap_or(0)).max(project.gap_days).max(1) as usize;
    let last = rising.first().map_or(0, |first| first.day + (in_hand.len() - 1) * apart);
    rising.retain(|candidate| candidate.day <= last);
}

/// Index of the first day on which the crew may be busy with a server, which may lie before the plan.
///
/// Waiting counts from the server's `earliest` day on, also if that lies in the past; work cannot.
fn first_index(project: &Project, index: ServerIndex) -> i64 {
    let server = &project.servers[index];
    let day_index = |day: Day| i64::from(day.number()) - i64::from(project.as_of.number());
    let stated = server.begins().map_or(0, day_index);
    let ready = match server.work {
        Work::Lead(_) => stated + i64::from(planned_days(project, server)),
        Work::Days(_) => stated,
    };
    let waits_for = if server.in_hand.is_some() { Vec::new() } else { waits_for(&project.servers, index) };
    let done = waits_for.iter().filter_map(|&other| project.servers[other].done);
    done.map(|done| day_index(done.day()) + 1).max().map_or(ready, |after| ready.max(after))
}

fn on_crew(project: &Project, server: &FleetServer, crew: CrewIndex, first: i64) -> Vec<Candidate> {
    let calendar = &project.crews[crew];
    let days = planned_days(project, server) as usize;
    let waits = matches!(server.work, Work::Lead(_));
    let fit = |at: SimTime| {
        let may_be = server.may_be_planned_for(at.day()) && keeps_gap_to_done(project, at.day());
        let day = project.index_of(at.day()).filter(|_| may_be)?;
        let busy = if waits { vec![day] } else { busy_days(project, calendar, at, days)? };
        let start = if waits { day.saturating_sub(days) } else { *busy.first()? };
        (*busy.first()? as i64 >= first).then_some(Candidate { crew, at, day, start, busy })
    };
    let (from, to) = (project.as_of.start(), project.horizon.start());
    calendar.cut_overs(server, from, to).into_iter().filter_map(fit).collect()
}

/// Whether a cut-over on a day keeps the tenant's gap to those that were done before the plan.
fn keeps_gap_to_done(project: &Project, day: Day) -> bool {
    let close = |done: &Day| day.number().abs_diff(done.number()) < project.gap_days;
    !project.cut_over_before().any(|done| close(&done))
}

/// Whether a day's work is done by an instant of that day.
pub(super) fn day_is_over(at: SimTime) -> bool {
    at.second_of_day() >= WORKDAY_ENDS
}

/// Whether a job that has begun and is cut over on `cut_over` keeps its crew busy on a day up to then.
pub(super) fn is_busy(crew: &Crew, day: Day, cut_over: Day) -> bool {
    day == cut_over || crew.works_on(day)
}

/// The days on which a crew is busy with a job of so many working days that ends with a cut-over; `None` if there are not so many
/// in the plan.
fn busy_days(project: &Project, crew: &Crew, at: SimTime, days: usize) -> Option<Vec<usize>> {
    let day = project.index_of(at.day())?;
    let mut left = days;
    let mut first = day;
    let last_of_work = if day_is_over(at) { Some(day) } else { day.checked_sub(1) };
    let mut places = last_of_work.map_or(0..0, |last| 0..last + 1).rev();
    while left > 0 {
        first = places.next()?;
        left -= usize::from(crew.works_on(project.day(first)));
    }
    Some((first..=day).filter(|&day_index| is_busy(crew, project.day(day_index), at.day())).collect())
}
