//! Good plans for fleets of any size: jobs put in by urgency, pauses fitted to them, in turns.
//!
//! For given pauses every job has a price for each of its candidates, and jobs are put in one after the other, each where it
//! fits first; what is looked for is the [order](crate::search::orders). For a given schedule the pauses are exact. The two are bettered
//! in turns; how far the outcome can be from the optimum is told by [`bound`](crate::search::bound).

use std::cmp::Reverse;

use crate::basis::Basis;
use crate::cost::costs::ScheduleCosts;
use crate::cost::pauses::{Beyond, Pauses};
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, GroupIndex, JobIndex, JobSlice, PerCandidate, PerGroup, PerJob};
use crate::search::orders::{better_order, fit_in, total};
use crate::search::room::Room;
use crate::search::schedule::{Schedule, put_first};

/// A schedule with its pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The order in which jobs were put in.
    pub order: Vec<JobIndex>,
    /// The schedule.
    pub schedule: Schedule,
    /// Paused days.
    pub pauses: Vec<bool>,
    /// What it costs.
    pub cost: Cost,
}

/// The best draft found from these pauses on; `None` if no order fits all jobs in.
///
/// - `hint`: an order of the jobs that may be good, or nothing.
/// - `puts`: how many jobs may be put in on the way.
pub fn improve(basis: &Basis<'_>, pauses: &[bool], hint: &[JobIndex], mut puts: u64) -> Option<Draft> {
    let first = prices(basis, pauses);
    let (mut order, schedule) = better_order(&basis.room(), &first, begin(basis, &first, hint)?, &mut puts)?;
    let mut best = draft(basis, order.clone(), schedule);
    while puts > 0 {
        let prices = prices(basis, &best.pauses);
        let (next, schedule) = better_order(&basis.room(), &prices, order, &mut puts)?;
        let found = draft(basis, next.clone(), schedule);
        if best.cost <= found.cost {
            break;
        }
        (best, order) = (found, next);
    }
    Some(best)
}

/// A schedule with its best pauses.
///
/// - `order`: of the jobs, as it led to the schedule.
pub fn draft(basis: &Basis<'_>, order: Vec<JobIndex>, schedule: Schedule) -> Draft {
    let chosen: PerJob<Option<CandidateIndex>> = schedule.iter().copied().map(Some).collect();
    let pauses = basis.space.best(&basis.tariffs, &ScheduleCosts::new(basis, &chosen));
    let cost = pauses.cost + basis.changes_cost(&schedule);
    Draft { order, schedule, pauses: pauses.days, cost }
}

/// What fitting pauses to a schedule came to.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The schedule with its best pauses, if it costs less than the limit.
    pub draft: Option<Draft>,
    /// States that were looked at.
    pub states: u64,
    /// Whether no pauses are better.
    pub whole: bool,
}

/// A schedule with its best pauses, if it costs less than `limit`; jobs in the order of their cut-overs.
pub fn fitted(basis: &Basis<'_>, schedule: Schedule, limit: Cost) -> Fitted {
    let chosen: PerJob<Option<CandidateIndex>> = schedule.iter().copied().map(Some).collect();
    let costs = ScheduleCosts::new(basis, &chosen);
    let changes = basis.changes_cost(&schedule);
    let found = basis.space.below(&basis.tariffs, &costs, limit - changes, Beyond::Drop);
    let of_pauses = |pauses: Pauses| {
        let mut order: Vec<JobIndex> = schedule.keys().collect();
        order.sort_by_key(|&job| (basis.jobs[job].candidates[schedule[job]].at, job));
        Draft { order, schedule: schedule.clone(), pauses: pauses.days, cost: pauses.cost + changes }
    };
    Fitted { draft: found.pauses.map(of_pauses), states: found.states, whole: found.whole }
}

/// What each candidate of each job costs under given pauses, as a change of the former plan as well. But for the former date these
/// prices rise with the candidates.
pub fn prices(basis: &Basis<'_>, pauses: &[bool]) -> PerJob<PerCandidate<Cost>> {
    let rows = basis.space.rows(&basis.tariffs, pauses);
    let row = |group: GroupIndex, day: usize| basis.space.clocks.row(&rows[day], group);
    let sums: PerGroup<Vec<Cost>> = basis
        .tariffs
        .groups
        .keys()
        .map(|group| {
            let day = |day: usize| basis.tariffs.whole(group, row(group, day), day, pauses[day]).unwrap_or(0);
            let running = (0..pauses.len()).scan(0, |sum, index| {
                let before = *sum;
                *sum += day(index);
                Some(before)
            });
            running.collect()
        })
        .collect();
    let price = |job: JobIndex, candidate: CandidateIndex| {
        let (group, day) = (basis.groups[job], basis.jobs[job].candidates[candidate].day);
        let instant = basis.instants[job][candidate];
        let part = basis.tariffs.part(group, row(group, day), day, instant, pauses[day]).unwrap_or(0);
        basis.volumes[job] * (sums[group][day] + part) + basis.change_cost(job, candidate)
    };
    let of_job = |job: JobIndex| basis.jobs[job].candidates.keys().map(|candidate| price(job, candidate)).collect();
    basis.jobs.keys().map(of_job).collect()
}

/// The former plan with its best pauses. `None` as of [`former_schedule`].
pub fn former_draft(basis: &Basis<'_>) -> Option<Draft> {
    let (order, schedule) = former_schedule(&basis.room())?;
    Some(draft(basis, order, schedule))
}

/// Every date of the former plan that is still possible, and the other jobs after them in the order of the fleet. `None` if there is no
/// former plan, or no place beside it for a job that has to move.
pub fn former_schedule(room: &Room<'_>) -> Option<(Vec<JobIndex>, Schedule)> {
    let mut order: Vec<JobIndex> = room.jobs.keys().filter(|&job| room.kept[job].is_some()).collect();
    if order.is_empty() {
        return None;
    }
    let date = |job: JobIndex| room.kept[job].map(|kept| room.jobs[job].candidates[kept].at);
    order.sort_by_key(|&job| (date(job), job));
    let mut ledger = room.empty.clone();
    for &job in &order {
        let kept = room.kept[job].filter(|&kept| ledger.fits(job, kept));
        kept.into_iter().for_each(|kept| ledger.put(job, kept));
    }
    let mut rest = Vec::new();
    for job in room.jobs.keys() {
        put_first(&mut ledger, room.jobs, job, &mut rest).ok()?;
    }
    order.retain(|job| !rest.contains(job));
    order.extend(rest);
    Some((order, ledger.schedule()?))
}

/// The best of a few orders to begin with.
fn begin(basis: &Basis<'_>, prices: &JobSlice<PerCandidate<Cost>>, hint: &[JobIndex]) -> Option<Vec<JobIndex>> {
    let rules: [&dyn Fn(JobIndex) -> Cost; 4] = [
        &|job| basis.volumes[job] / shortest(basis, job),
        &|job| basis.volumes[job],
        // What waiting to the end would cost, by the crew's time.
        &|job| prices[job].last().copied().unwrap_or(0) / shortest(basis, job),
        // The fewest ways first: where room is short, these must not come last.
        &|job| -(basis.jobs[job].candidates.len() as Cost),
    ];
    let sorted = rules.iter().map(|rule| {
        let mut order: Vec<JobIndex> = basis.jobs.keys().collect();
        order.sort_by_key(|&job| (Reverse(rule(job)), job));
        order
    });
    let hint = (hint.len() == basis.jobs.len()).then(|| hint.to_vec());
    let fitted = sorted.chain(hint).filter_map(|order| fit_in(&basis.room(), order));
    let best = fitted.min_by_key(|(_, schedule)| total(prices, schedule)).map(|(order, _)| order);
    best.or_else(|| pressed_first(basis))
}

/// Where no other order fits all jobs in: those first that must be done first, themselves or whoever waits for them.
fn pressed_first(basis: &Basis<'_>) -> Option<Vec<JobIndex>> {
    let jobs = &basis.jobs;
    let mut last: PerJob<usize> = jobs.iter().map(|job| job.candidates.last().map_or(0, |last| last.day)).collect();
    // A chain of waiting has at most as many links as there are jobs.
    for _ in 0..jobs.len() {
        let before = last.clone();
        for (job, work) in jobs.iter_enumerated() {
            let begins = work.candidates.iter().rfind(|candidate| candidate.day <= last[job]);
            let begins = begins.map_or(0, |candidate| candidate.busy[0]);
            work.after.iter().for_each(|&other| last[other] = last[other].min(begins.saturating_sub(1)));
        }
        if last == before {
            break;
        }
    }
    let mut order: Vec<JobIndex> = jobs.keys().collect();
    order.sort_by_key(|&job| (last[job], jobs[job].candidates.len(), job));
    fit_in(&basis.room(), order).map(|found| found.0)
}

fn shortest(basis: &Basis<'_>, job: JobIndex) -> Cost {
    basis.jobs[job].candidates.iter().map(|candidate| candidate.busy.len()).min().unwrap_or(1).max(1) as Cost
}
