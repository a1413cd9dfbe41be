//! Good plans for fleets of any size: jobs put in by urgency, pauses fitted to them, orders bettered step by step.
//!
//! For given pauses every job has a price for each of its candidates, and jobs are put in one after the other, each where it
//! fits first; what is looked for is the order. For a given schedule the pauses are exact. The two are bettered in turns, from
//! several beginnings; how far the outcome can be from the optimum is told by [`bound`](super::bound).

use std::cmp::Reverse;

use super::basis::Basis;
use super::costs::ScheduleCosts;
use super::schedule::{Schedule, first_fit};
use super::tariff::Cost;

/// Most orders that are tried for one set of pauses.
const ORDERS_MAX: usize = 6_000;
/// Most turns of schedule and pauses; each turn is cheaper than the one before, so there are few.
const TURNS_MAX: usize = 12;

/// A schedule with its pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The schedule.
    pub schedule: Schedule,
    /// Paused days.
    pub pauses: Vec<bool>,
    /// What it costs.
    pub cost: Cost,
}

/// The best draft found from these pauses on; `None` if no order fits all jobs in.
pub fn improve(basis: &Basis<'_>, pauses: &[bool]) -> Option<Draft> {
    let mut pauses = pauses.to_vec();
    let mut best: Option<(Vec<usize>, Draft)> = None;
    for _ in 0..TURNS_MAX {
        let prices = prices(basis, &pauses);
        let (order, schedule) = match &best {
            None => begin(basis, &prices)?,
            Some((order, draft)) => (order.clone(), draft.schedule.clone()),
        };
        let (order, schedule) = better_order(basis, &prices, order, schedule);
        let found = draft(basis, schedule);
        if best.as_ref().is_some_and(|(_, known)| known.cost <= found.cost) {
            break;
        }
        pauses.clone_from(&found.pauses);
        best = Some((order, found));
    }
    best.map(|(_, draft)| draft)
}

/// A schedule with its best pauses.
pub fn draft(basis: &Basis<'_>, schedule: Schedule) -> Draft {
    let chosen: Vec<Option<usize>> = schedule.iter().copied().map(Some).collect();
    let pauses = basis.space.best(&basis.tariffs, &ScheduleCosts::new(basis, &chosen));
    Draft { schedule, pauses: pauses.days, cost: pauses.cost }
}

/// What each candidate of each job costs under given pauses.
pub fn prices(basis: &Basis<'_>, pauses: &[bool]) -> Vec<Vec<Cost>> {
    let rows = basis.space.rows(&basis.tariffs, pauses);
    let row = |group: usize, day: usize| basis.space.clocks.row(&rows[day], group);
    let sums: Vec<Vec<Cost>> = (0..basis.tariffs.groups.len())
        .map(|group| {
            let day = |day: usize| basis.tariffs.whole(group, row(group, day), day, pauses[day]).unwrap_or(0);
            let running = (0..pauses.len()).scan(0, |sum, place| {
                let before = *sum;
                *sum += day(place);
                Some(before)
            });
            running.collect()
        })
        .collect();
    let price = |job: usize, candidate: usize| {
        let (group, day) = (basis.groups[job], basis.jobs[job].candidates[candidate].day);
        let instant = basis.instants[job][candidate];
        let part = basis.tariffs.part(group, row(group, day), day, instant, pauses[day]).unwrap_or(0);
        basis.volumes[job] * (sums[group][day] + part)
    };
    let of_job = |job: usize| (0..basis.jobs[job].candidates.len()).map(|candidate| price(job, candidate)).collect();
    (0..basis.jobs.len()).map(of_job).collect()
}

fn total(prices: &[Vec<Cost>], schedule: &Schedule) -> Cost {
    schedule.iter().zip(prices).map(|(&candidate, prices)| prices[candidate]).sum()
}

/// The best of a few orders to begin with.
fn begin(basis: &Basis<'_>, prices: &[Vec<Cost>]) -> Option<(Vec<usize>, Schedule)> {
    let rules: [&dyn Fn(usize) -> Reverse<Cost>; 4] = [
        &|job| Reverse(basis.volumes[job] / shortest(basis, job)),
        &|job| Reverse(basis.volumes[job]),
        // What waiting to the end would cost, by the crew's time.
        &|job| Reverse(prices[job].last().copied().unwrap_or(0) / shortest(basis, job)),
        // The fewest ways first: where room is short, these must not come last.
        &|job| Reverse(-(basis.jobs[job].candidates.len() as Cost)),
    ];
    let sorted = rules.iter().map(|rule| {
        let mut order: Vec<usize> = (0..basis.jobs.len()).collect();
        order.sort_by_key(|&job| (rule(job), job));
        order
    });
    let fitted =
        sorted.filter_map(|order| first_fit(basis.project, &basis.jobs, &order).map(|schedule| (order, schedule)));
    fitted.min_by_key(|(_, schedule)| total(prices, schedule))
}

fn shortest(basis: &Basis<'_>, job: usize) -> Cost {
    basis.jobs[job].candidates.iter().map(|candidate| candidate.busy.len()).min().unwrap_or(1).max(1) as Cost
}

/// Exchanges two jobs of the order, or moves one to the front of another, as long as that is cheaper.
fn better_order(
    basis: &Basis<'_>,
    prices: &[Vec<Cost>],
    mut order: Vec<usize>,
    mut schedule: Schedule,
) -> (Vec<usize>, Schedule) {
    let mut cost = total(prices, &schedule);
    let mut tried = 0;
    loop {
        let before = cost;
        for distance in 1..order.len() {
            for place in 0..order.len() - distance {
                for exchange in [true, false] {
                    let trial = moved(&order, place, place + distance, exchange);
                    tried += 1;
                    if let Some(found) =
                        first_fit(basis.project, &basis.jobs, &trial).filter(|found| total(prices, found) < cost)
                    {
                        cost = total(prices, &found);
                        (order, schedule) = (trial, found);
                    }
                    if tried >= ORDERS_MAX {
                        return (order, schedule);
                    }
                }
            }
        }
        if cost == before {
            return (order, schedule);
        }
    }
}

fn moved(order: &[usize], to: usize, from: usize, exchange: bool) -> Vec<usize> {
    let mut order = order.to_vec();
    if exchange {
        order.swap(to, from);
    } else {
        order[to..=from].rotate_right(1);
    }
    order
}
