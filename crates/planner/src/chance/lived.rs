//! A plan lived by chance: work takes as long as it takes, cut-overs fail and are tried again, crews run late.
//!
//! Jobs are taken up in the order of the plan, none before its planned day. A job whose work is not ready in time, or whose
//! cut-over fails, takes the next opening; whatever waits for that server starts later. Work keeps its crew until it is done,
//! on the days that [`jobs`](crate::jobs) says; what only waits needs a place for its attempts alone. So a plan without any
//! chance is lived exactly as it was made. Every draw has its address (seed, replication, server by name), so plans that are
//! compared meet the same luck. Tenants that share their crews are lived together: who is late for one is late for the next.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use crate::chance::days::DayTables;
use crate::index::{CrewIndex, JobIndex, JobSlice, PerCrew, PerJob, PerTenant, ServerIndex, TenantIndex};
use crate::jobs::{Candidate, Job, is_busy};
use crate::project::{FleetServer, Project, WORKDAY_ENDS, Work};
use crate::search::schedule::{Booked, Schedule};
use brownout_kernel::draws::{DrawSource, Purpose, TenantDraws, TenantId, attempt_index, group_key};
use brownout_kernel::time::{Day, SimDuration, SimTime};
use brownout_kernel::watch::Watch;

/// Days beyond the horizon for which calendars are written out, so that late jobs still find an opening.
const BEYOND_DAYS: i64 = 800;
/// Attempts after which a server is taken never to be done.
const ATTEMPTS_MAX: u32 = 200;

/// How long each job's work takes in each replication, drawn once for all courses that are compared.
#[derive(Clone, Debug)]
pub struct Luck {
    /// Number of the first replication.
    first: u32,
    /// Days that are left by replication and job.
    days: Vec<PerJob<u32>>,
}

impl Luck {
    /// The luck of a project's jobs in some replications; of those that are left when the work is stopped nothing is drawn.
    pub fn of(project: &Project, jobs: &JobSlice<Job>, tables: &DayTables, numbers: Range<u32>, watch: &Watch) -> Self {
        let of_job = |source: &DrawSource, job: JobIndex, overrun: f64| {
            let server = &project.servers[jobs[job].server];
            let u = source.tenant(stream(project, &server.name)).unit(0, Purpose::LeadTime, 0);
            tables.days(project, job, u, overrun)
        };
        let of_replication = |replication: u32| {
            if watch.is_stopped() {
                return PerJob::from(vec![0; jobs.len()]);
            }
            let source = DrawSource::new(project.seed, replication);
            let overrun = overrun(project, &source);
            jobs.keys().map(|job| of_job(&source, job, overrun)).collect()
        };
        Luck { first: numbers.start, days: numbers.into_par_iter().map(of_replication).collect() }
    }
}

/// How many times as long as stated all work takes in a replication, whichever tenant's: one team does it. No server has an empty
/// name.
fn overrun(project: &Project, source: &DrawSource) -> f64 {
    let stream = TenantId::new(group_key("plan"), group_key(""));
    project.risk.overrun.quantile(source.tenant(stream).unit(0, Purpose::LeadTime, 0))
}

/// Where a server's draws stand: by its name, and that of its tenant where there are several, so that other servers leave them alone.
fn stream(project: &Project, server: &str) -> TenantId {
    let name = match &project.tenant {
        Some(tenant) => format!("{tenant}\n{server}"),
        None => server.to_owned(),
    };
    TenantId::new(group_key("plan"), group_key(&name))
}

/// What is planned for a tenant.
#[derive(Clone, Copy, Debug)]
pub struct Planned<'a> {
    /// Its project.
    pub project: &'a Project,
    /// Its jobs.
    pub jobs: &'a JobSlice<Job>,
    /// The candidate of each.
    pub schedule: &'a Schedule,
}

/// Schedules made ready to be lived many times.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    /// The tenants; their crews are the same.
    projects: PerTenant<&'a Project>,
    /// Jobs in the order in which crews take them up.
    steps: Vec<Step>,
    /// How many jobs each tenant has.
    jobs: PerTenant<usize>,
    /// Whether each crew works, by day from the first planned one on; empty for crews without a job.
    works: PerCrew<Vec<bool>>,
    /// Places that are taken before any job is taken up.
    booked: Booked,
    /// Earliest day of any work.
    not_before: Day,
}

/// What is taken of the crews' time in one replication.
struct Taken {
    /// Places by crew and day, from the first planned day on.
    places: PerCrew<Vec<u32>>,
    /// The day after the last job of each hand, by crew.
    free: PerCrew<Vec<i32>>,
    /// Days of cut-overs, by tenant.
    cut_overs: PerTenant<Vec<i32>>,
}

#[derive(Clone, Debug)]
struct Step {
    tenant: TenantIndex,
    job: JobIndex,
    server: ServerIndex,
    crew: CrewIndex,
    /// First day of work as planned.
    start: Day,
    /// Cut-over as planned; the first planned instant where the plan's dates do not bind.
    at: SimTime,
    after: Vec<JobIndex>,
    stream: TenantId,
    openings: Vec<SimTime>,
}

impl<'a> Course<'a> {
    /// The schedules of one tenant or several with their dates.
    ///
    /// - `booked`: places that others have taken.
    pub fn planned(planned: &[Planned<'a>], booked: &Booked) -> Self {
        Self::new(planned, booked, None)
    }

    /// A schedule's order alone: every job as soon as its crew can, none before a day.
    pub fn from_day(planned: Planned<'a>, booked: &Booked, day: Day) -> Self {
        Self::new(&[planned], booked, Some(day))
    }

    /// - `from_day`: where the schedules' dates do not bind, the first day of any work.
    fn new(planned: &[Planned<'a>], booked: &Booked, from_day: Option<Day>) -> Self {
        let projects: PerTenant<&Project> = planned.iter().map(|one| one.project).collect();
        let first = planned[0].project;
        let beyond = first.horizon.start() + SimDuration::from_days(BEYOND_DAYS);
        let chosen = |tenant: usize, job: JobIndex| -> &Candidate {
            let Planned { jobs, schedule, .. } = planned[tenant];
            &jobs[job].candidates[schedule[job]]
        };
        let all = (0..planned.len()).flat_map(|tenant| planned[tenant].jobs.keys().map(move |job| (tenant, job)));
        let mut order: Vec<(usize, JobIndex)> = all.collect();
        order.sort_by_key(|&(tenant, job)| {
            let candidate = chosen(tenant, job);
            (candidate.busy[0], candidate.at, tenant, job)
        });
        let step = |&(tenant, job): &(usize, JobIndex)| {
            Step::new(planned[tenant], tenant.into(), job, chosen(tenant, job), (from_day, beyond))
        };
        let mut steps: Vec<Step> = order.iter().map(step).collect();
        put_after_dependencies(&mut steps);
        let days = first.as_of.number()..beyond.day().number();
        let works = |crew: CrewIndex| match steps.iter().any(|step| step.crew == crew) {
            true => days.clone().map(|day| first.crews[crew].works_on(Day::from_number(day))).collect(),
            false => Vec::new(),
        };
        let works = first.crews.keys().map(works).collect();
        let jobs = planned.iter().map(|one| one.jobs.len()).collect();
        let not_before = from_day.unwrap_or(first.as_of);
        Course { projects, works, steps, jobs, booked: booked.clone(), not_before }
    }

    /// When each job of each tenant is done in some replications, which the luck of each must hold; where the work is stopped, those
    /// that are left mean nothing. The result does not depend on the number of threads.
    pub fn lives(&self, luck: &[&Luck], numbers: Range<u32>, watch: &Watch) -> PerTenant<Vec<PerJob<SimTime>>> {
        let run = |replication| match watch.is_stopped() {
            true => self.never(),
            false => self.live(luck, replication),
        };
        let runs: Vec<PerTenant<PerJob<SimTime>>> = numbers.into_par_iter().map(run).collect();
        let mut all = PerTenant::from(vec![Vec::with_capacity(runs.len()); self.jobs.len()]);
        for run in runs {
            all.iter_mut().zip(run).for_each(|(of_tenant, done)| of_tenant.push(done));
        }
        all
    }

    /// Nothing is ever done.
    fn never(&self) -> PerTenant<PerJob<SimTime>> {
        self.jobs.iter().map(|&jobs| vec![SimTime::NEVER; jobs].into()).collect()
    }

    fn untaken(&self) -> Taken {
        let first = self.projects[TenantIndex::from(0)];
        let jobs: usize = self.jobs.iter().sum();
        let hands = |crew: CrewIndex| match self.works[crew].len() {
            0 => Vec::new(),
            _ => vec![self.not_before.number(); first.crews[crew].jobs.min(jobs as u32) as usize],
        };
        let mut places: PerCrew<Vec<u32>> = self.works.iter().map(|days| vec![0; days.len()]).collect();
        for (places, booked) in places.iter_mut().zip(self.booked.iter()) {
            places.iter_mut().zip(booked).for_each(|(place, booked)| *place = *booked);
        }
        let cut_overs = self.projects.iter().map(|project| project.cut_over_before().map(Day::number).collect());
        Taken { places, free: self.works.keys().map(hands).collect(), cut_overs: cut_overs.collect() }
    }

    fn project(&self, step: &Step) -> &'a Project {
        self.projects[step.tenant]
    }

    fn server(&self, step: &Step) -> &'a FleetServer {
        &self.project(step).servers[step.server]
    }

    /// When each job of each tenant is done in one replication; [`SimTime::NEVER`] for what is not done in years.
    pub fn live(&self, luck: &[&Luck], replication: u32) -> PerTenant<PerJob<SimTime>> {
        let mut done = self.never();
        let mut taken = self.untaken();
        for step in &self.steps {
            let waits_for = step.after.iter().map(|&other| done[step.tenant][other]).max();
            if waits_for == Some(SimTime::NEVER) {
                continue;
            }
            let after = waits_for.map_or(i32::MIN, |done| done.day().number() + 1);
            let begin = step.start.number().max(after).max(self.not_before.number());
            let luck = luck[usize::from(step.tenant)];
            let days = luck.days[(replication - luck.first) as usize][step.job] as i32;
            let source = DrawSource::new(self.project(step).seed, replication);
            let mut draws = source.tenant(step.stream);
            done[step.tenant][step.job] = match self.server(step).work {
                Work::Days(_) if days > 0 => self.work(step, begin, days, &mut taken, &mut draws),
                Work::Days(_) => self.attempt(step, Day::from_number(begin).start(), None, &mut taken, &mut draws),
                Work::Lead(_) => {
                    let ordered = self.server(step).begins().unwrap_or(self.not_before).number();
                    let ready = Day::from_number(begin.max(ordered + days)).start();
                    self.attempt(step, ready, None, &mut taken, &mut draws)
                }
            };
        }
        done
    }

    /// Does a job that needs so many working days: one hand of the crew keeps to it until it is done.
    fn work(&self, step: &Step, begin: i32, days: i32, taken: &mut Taken, draws: &mut TenantDraws) -> SimTime {
        let hands = &taken.free[step.crew];
        let hand = (0..hands.len()).min_by_key(|&hand| hands[hand]).unwrap_or(0);
        let first = begin.max(hands[hand]);
        let Some((first, last)) = self.worked(step, first, days, taken) else { return SimTime::NEVER };
        let ready = Day::from_number(last).start() + SimDuration::from_seconds(WORKDAY_ENDS);
        let at = self.attempt(step, ready, Some((first, last)), taken, draws);
        taken.free[step.crew][hand] = if at == SimTime::NEVER { i32::MAX } else { at.day().number() + 1 };
        at
    }

    /// The first and the last of so many working days on which the crew has a place, from a day on.
    fn worked(&self, step: &Step, from: i32, days: i32, taken: &Taken) -> Option<(i32, i32)> {
        let project = self.project(step);
        let (origin, most) = (project.as_of.number(), project.crews[step.crew].jobs);
        let (works, places) = (&self.works[step.crew], &taken.places[step.crew]);
        let from = usize::try_from(from.checked_sub(origin)?).unwrap_or(0);
        let mut free = (from..works.len()).filter(|&day| works[day] && places[day] < most);
        let first = free.next()?;
        let last = if days == 1 { first } else { free.nth(days as usize - 2)? };
        Some((first as i32 + origin, last as i32 + origin))
    }

    /// The instant of the first cut-over that succeeds, from `ready` on, and the crew's days that go into it.
    ///
    /// - `worked`: first and last day of work of a job that keeps its crew; the day of the last is its own already.
    fn attempt(
        &self,
        step: &Step,
        ready: SimTime,
        worked: Option<(i32, i32)>,
        taken: &mut Taken,
        draws: &mut TenantDraws,
    ) -> SimTime {
        let risk = &self.project(step).risk;
        let mut from = step.at.max(ready);
        let mut tried = Vec::new();
        for attempt in 0..ATTEMPTS_MAX {
            let Some(at) = self.opening(step, from, worked, taken) else { return SimTime::NEVER };
            tried.push(at.day());
            let index = attempt_index(0, attempt);
            if draws.unit(0, Purpose::AttemptFails, index) >= risk.failure_prob {
                self.take(step, worked, &tried, taken);
                return at;
            }
            let delay = risk.retry_delay.quantile(draws.unit(0, Purpose::RetryDelay, index));
            from = at + SimDuration::from_seconds(SimDuration::from_days_f64(delay).seconds().max(1));
        }
        SimTime::NEVER
    }

    /// The first opening from an instant on that keeps the tenant's gap and finds a place on its crew.
    fn opening(&self, step: &Step, from: SimTime, worked: Option<(i32, i32)>, taken: &Taken) -> Option<SimTime> {
        let project = self.project(step);
        let (gap, most) = (project.gap_days as i32, project.crews[step.crew].jobs);
        let apart = |day: i32| taken.cut_overs[step.tenant].iter().all(|other| (day - other).abs() >= gap);
        let has_place = |day: i32| {
            let index = usize::try_from(day - project.as_of.number()).ok();
            let own = worked.is_some_and(|(first, last)| (first..=last).contains(&day));
            own || index.and_then(|index| taken.places[step.crew].get(index)).is_none_or(|&count| count < most)
        };
        let first = step.openings.partition_point(|&opening| opening < from);
        let fits = |at: &&SimTime| apart(at.day().number()) && has_place(at.day().number());
        step.openings[first..].iter().find(fits).copied()
    }

    /// Enters what a job took of its crew: its days of work up to the cut-over, or the days of its attempts alone.
    fn take(&self, step: &Step, worked: Option<(i32, i32)>, tried: &[Day], taken: &mut Taken) {
        let Some(&done) = tried.last() else { return };
        taken.cut_overs[step.tenant].push(done.number());
        let project = self.project(step);
        let (crew, origin) = (&project.crews[step.crew], project.as_of.number());
        let first = worked.map_or(tried[0].number(), |worked| worked.0);
        for day in first..=done.number() {
            let here = Day::from_number(day);
            let busy = tried.contains(&here) || worked.is_some() && is_busy(crew, here, done);
            let index = usize::try_from(day - origin).ok().and_then(|index| taken.places[step.crew].get_mut(index));
            if let Some(count) = index.filter(|_| busy) {
                *count += 1;
            }
        }
    }
}

impl Step {
    /// - `from_day`: where the schedule's dates do not bind, the first day of any work.
    /// - `beyond`: up to when openings are written out.
    fn new(
        Planned { project, jobs, .. }: Planned<'_>,
        tenant: TenantIndex,
        job: JobIndex,
        candidate: &Candidate,
        (from_day, beyond): (Option<Day>, SimTime),
    ) -> Self {
        let server = jobs[job].server;
        let fleet = &project.servers[server];
        let (start, at) = match from_day {
            None => (project.day(candidate.busy[0]), candidate.at),
            Some(first) => (fleet.begins().map_or(first, |day| day.max(first)), first.start()),
        };
        Step {
            tenant,
            job,
            server,
            crew: candidate.crew,
            start,
            at,
            after: jobs[job].after.clone(),
            stream: stream(project, &fleet.name),
            openings: project.crews[candidate.crew].cut_overs(fleet, project.as_of.start(), beyond),
        }
    }
}

/// A schedule keeps dependencies by its dates; equal ones must not turn them round.
fn put_after_dependencies(steps: &mut [Step]) {
    let mut before = BTreeSet::new();
    for index in 0..steps.len() {
        let ready = |step: &Step| step.after.iter().all(|&other| before.contains(&(step.tenant, other)));
        if let Some(next) = (index..steps.len()).find(|&next| ready(&steps[next])) {
            steps[index..=next].rotate_right(1);
        }
        before.insert((steps[index].tenant, steps[index].job));
    }
}
