//! Improves a plan: dates for given pauses and pauses for given dates, in turns, from many starts.
//!
//! A start is a set of pauses: one given from outside, or that of the best plan with a pause moved, lengthened, shortened, left out
//! or added.

use crate::basis::Basis;
use crate::cost::tariff::Cost;
use crate::search::effort::Effort;
use crate::search::improve::{Draft, fitted, prices};
use crate::search::neighbourhood::{Lots, Neighbourhood};

/// Neighbourhoods without progress after which other pauses are tried.
const TRIES: usize = 40;
/// The same for the pauses of the best plan itself.
const TRIES_BEST: usize = 400;
/// Most days by which a pause is moved or cut.
const DAYS_MAX: usize = 10;

/// Improves a plan until the effort is spent, or so many starts in a row have brought nothing.
///
/// - `starts`: pauses to begin with besides those of the plan.
pub fn polished(
    basis: &Basis<'_>,
    best: Draft,
    starts: &[Vec<bool>],
    lots: &mut Lots,
    (idle_max, effort): (usize, &mut Effort),
) -> Draft {
    let own = best.pauses.clone();
    let mut best = descend(basis, best, &own, TRIES_BEST, lots, effort);
    for pauses in starts {
        best = descend(basis, best, pauses, TRIES, lots, effort);
    }
    let mut idle = 0;
    while idle < idle_max && !effort.is_spent() {
        let before = best.cost;
        let pauses = shaken(&best.pauses, lots);
        best = descend(basis, best, &pauses, TRIES, lots, effort);
        if best.cost < before {
            idle = 0;
            let own = best.pauses.clone();
            best = descend(basis, best, &own, TRIES_BEST, lots, effort);
        } else {
            idle += 1;
        }
    }
    best
}

/// The better of a plan and what comes of its dates under other pauses.
fn descend(
    basis: &Basis<'_>,
    best: Draft,
    pauses: &[bool],
    tries: usize,
    lots: &mut Lots,
    effort: &mut Effort,
) -> Draft {
    let (mut schedule, mut pauses) = (best.schedule.clone(), pauses.to_vec());
    let mut cost = Cost::MAX;
    let mut best = best;
    while !effort.is_spent() {
        let prices = prices(basis, &pauses);
        effort.spend(prices.iter().map(|job| job.len() as u64).sum());
        let room = basis.room();
        let mut neighbourhood = Neighbourhood::new(&room, &prices, &schedule);
        neighbourhood.better(lots, tries, effort);
        schedule = neighbourhood.schedule();
        let found = fitted(basis, schedule.clone(), cost);
        effort.spend(found.states);
        let Some(draft) = found.draft else { break };
        (cost, pauses) = (draft.cost, draft.pauses.clone());
        if draft.cost < best.cost {
            best = draft;
        }
    }
    best
}

/// Pauses of which one is moved, longer, shorter, gone or new. They need not be within the budgets: dates are fitted to them, then
/// pauses to the dates.
fn shaken(pauses: &[bool], lots: &mut Lots) -> Vec<bool> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in (0..pauses.len()).filter(|&day| pauses[day]) {
        match runs.last_mut().filter(|run| run.1 == day) {
            Some(run) => run.1 += 1,
            None => runs.push((day, day + 1)),
        }
    }
    let days = 1 + lots.below(DAYS_MAX);
    if runs.is_empty() || lots.below(6) == 0 {
        let from = lots.below(pauses.len().max(1));
        runs.push((from, from + 2 * days));
    } else {
        let index = lots.below(runs.len());
        let (from, to) = runs[index];
        runs[index] = match lots.below(7) {
            0 => (from.saturating_sub(days), to.saturating_sub(days)),
            1 => (from + days, to + days),
            2 => (from.saturating_sub(days), to),
            3 => (from, to + days),
            4 => (from + days, to),
            5 => (from, to.saturating_sub(days)),
            _ => (0, 0),
        };
    }
    (0..pauses.len()).map(|day| runs.iter().any(|run| (run.0..run.1).contains(&day))).collect()
}
