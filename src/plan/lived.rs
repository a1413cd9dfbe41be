//! A plan lived by chance: work takes as long as it takes, cut-overs fail and are tried again, crews run late.
//!
//! Jobs are done in the order of the plan, none before its planned day. A job whose work is not ready in time, or whose
//! cut-over fails, takes the next opening, and keeps its crew until it is done; whatever waits for that crew or that server
//! starts later. Every draw has its address (seed, replication, server by name), so plans that are compared meet the same luck.

use rayon::prelude::*;

use super::jobs::{Candidate, Job};
use super::project::{Project, Work};
use super::schedule::Schedule;
use crate::draws::{DrawSource, Purpose, TenantDraws, TenantId, attempt_index, group_key};
use crate::time::{Day, SimDuration, SimTime};

/// Days beyond the horizon for which calendars are written out, so that late jobs still find an opening.
const BEYOND_DAYS: i64 = 800;
/// Attempts after which a server is taken never to be done.
const ATTEMPTS_MAX: u32 = 200;

/// How long each job's work takes in each replication, drawn once for all courses that are compared.
#[derive(Clone, Debug)]
pub struct Luck {
    /// Days by replication and job.
    days: Vec<Vec<u32>>,
}

impl Luck {
    /// The luck of a project's jobs.
    pub fn new(project: &Project, jobs: &[Job]) -> Self {
        let of_job = |source: &DrawSource, job: &Job| {
            let server = &project.servers[job.server];
            let u = source.tenant(stream(&server.name)).unit(0, Purpose::LeadTime, 0);
            server.work.days(u)
        };
        let of_replication = |replication: u32| {
            let source = DrawSource::new(project.seed, replication);
            jobs.iter().map(|job| of_job(&source, job)).collect()
        };
        Luck { days: (0..project.replications).into_par_iter().map(of_replication).collect() }
    }
}

/// Where a server's draws stand: by its name, so that other servers leave them alone.
fn stream(server: &str) -> TenantId {
    TenantId::new(group_key("plan"), group_key(server))
}

/// A schedule made ready to be lived many times.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    project: &'a Project,
    /// Jobs in the order in which crews take them up.
    steps: Vec<Step>,
    jobs: usize,
    /// Working days of each crew, rising.
    work_days: Vec<Vec<i32>>,
    /// Earliest day of any work.
    not_before: Day,
}

#[derive(Clone, Debug)]
struct Step {
    job: usize,
    server: usize,
    crew: usize,
    /// First day of work as planned.
    start: Day,
    /// Cut-over as planned; the first planned instant where the plan's dates do not bind.
    at: SimTime,
    after: Vec<usize>,
    stream: TenantId,
    openings: Vec<SimTime>,
}

impl<'a> Course<'a> {
    /// A schedule with its dates.
    pub fn planned(project: &'a Project, jobs: &[Job], schedule: &Schedule) -> Self {
        Self::new(project, jobs, schedule, project.as_of, true)
    }

    /// A schedule's order alone: every job as soon as its crew can, none before a day.
    pub fn from_day(project: &'a Project, jobs: &[Job], schedule: &Schedule, day: Day) -> Self {
        Self::new(project, jobs, schedule, day, false)
    }

    fn new(project: &'a Project, jobs: &[Job], schedule: &Schedule, not_before: Day, dated: bool) -> Self {
        let (from, beyond) = (project.as_of.start(), project.horizon.start() + SimDuration::from_days(BEYOND_DAYS));
        let chosen = |job: usize| -> &Candidate { &jobs[job].candidates[schedule[job]] };
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|&job| (chosen(job).busy[0], chosen(job).at, job));
        let step = |&job: &usize| {
            let (candidate, server) = (chosen(job), jobs[job].server);
            let fleet = &project.servers[server];
            Step {
                job,
                server,
                crew: candidate.crew,
                start: if dated { project.day(candidate.busy[0]) } else { not_before },
                at: if dated { candidate.at } else { not_before.start() },
                after: jobs[job].after.clone(),
                stream: stream(&fleet.name),
                openings: project.crews[candidate.crew].cut_overs(fleet, from, beyond),
            }
        };
        let days = project.as_of.number()..beyond.day().number();
        let work_days =
            project.crews.iter().map(|crew| days.clone().filter(|&day| crew.works_on(Day::from_number(day))).collect());
        let mut steps: Vec<Step> = order.iter().map(step).collect();
        put_after_dependencies(&mut steps);
        Course { project, steps, jobs: jobs.len(), work_days: work_days.collect(), not_before }
    }

    /// When each job is done in one replication, by place of the job; [`SimTime::NEVER`] for what is not done in years.
    pub fn live(&self, luck: &Luck, replication: u32) -> Vec<SimTime> {
        let source = DrawSource::new(self.project.seed, replication);
        let mut done = vec![SimTime::NEVER; self.jobs];
        let mut free: Vec<Vec<i32>> =
            self.project.crews.iter().map(|crew| vec![self.not_before.number(); crew.jobs as usize]).collect();
        let mut cut_overs: Vec<i32> = Vec::new();
        for step in &self.steps {
            let waits_for = step.after.iter().map(|&other| done[other]).max();
            if waits_for == Some(SimTime::NEVER) {
                continue;
            }
            let hands = &mut free[step.crew];
            let hand = (0..hands.len()).min_by_key(|&hand| hands[hand]).unwrap_or(0);
            let after = waits_for.map_or(i32::MIN, |done| done.day().number() + 1);
            let begin = step.start.number().max(after).max(self.not_before.number());
            let mut draws = source.tenant(step.stream);
            let days = luck.days[replication as usize][step.job] as i32;
            let ready = self.ready(step, begin, hands[hand], days);
            let at = self.cut_over(step, ready, &cut_overs, &mut draws);
            done[step.job] = at;
            if at == SimTime::NEVER {
                continue;
            }
            hands[hand] = at.day().number() + 1;
            cut_overs.push(at.day().number());
        }
        done
    }

    /// The first day on which a server can be cut over: its work of so many days done, its crew free.
    fn ready(&self, step: &Step, begin: i32, free: i32, days: i32) -> i32 {
        let work = &self.project.servers[step.server].work;
        if matches!(work, Work::Lead(_)) {
            let ordered = self.project.servers[step.server].earliest.unwrap_or(self.not_before).number();
            return begin.max(free).max(ordered + days);
        }
        let calendar = &self.work_days[step.crew];
        let first = calendar.partition_point(|&day| day < begin.max(free));
        calendar.get(first + days as usize - 1).copied().unwrap_or(i32::MAX)
    }

    /// The instant of the first cut-over that succeeds.
    fn cut_over(&self, step: &Step, ready: i32, cut_overs: &[i32], draws: &mut TenantDraws) -> SimTime {
        if ready == i32::MAX {
            return SimTime::NEVER;
        }
        let risk = &self.project.risk;
        let gap = self.project.gap_days as i32;
        let mut from = step.at.max(Day::from_number(ready).start());
        for attempt in 0..ATTEMPTS_MAX {
            let first = step.openings.partition_point(|&opening| opening < from);
            let apart = |opening: &&SimTime| cut_overs.iter().all(|day| (opening.day().number() - day).abs() >= gap);
            let Some(&at) = step.openings[first..].iter().find(apart) else { return SimTime::NEVER };
            let place = attempt_index(0, attempt);
            if draws.unit(0, Purpose::AttemptFails, place) >= risk.failure_prob {
                return at;
            }
            let delay = risk.retry_delay.quantile(draws.unit(0, Purpose::RetryDelay, place));
            from = at + SimDuration::from_seconds(SimDuration::from_days_f64(delay).seconds().max(1));
        }
        SimTime::NEVER
    }
}

/// A schedule keeps dependencies by its dates; equal ones must not turn them round.
fn put_after_dependencies(steps: &mut [Step]) {
    for place in 0..steps.len() {
        let ready = |steps: &[Step], step: &Step| {
            step.after.iter().all(|other| steps[..place].iter().any(|before| before.job == *other))
        };
        if let Some(next) = (place..steps.len()).find(|&next| ready(steps, &steps[next])) {
            steps[place..=next].rotate_right(1);
        }
    }
}
