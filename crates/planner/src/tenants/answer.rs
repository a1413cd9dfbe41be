//! What one tenant does beside the places that others take: dates for given pauses and pauses for given dates, in turns.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::basis::Basis;
use crate::cost::tariff::Cost;
use crate::index::{JobIndex, JobSlice, PerCandidate};
use crate::search::effort::Effort;
use crate::search::improve::{Draft, fitted, former_schedule, improve, prices};
use crate::search::orders::total;
use crate::search::schedule::{Schedule, first_fit};

/// Most jobs of which every order is tried.
const ORDERS_OF_MAX: usize = 4;
/// Jobs that may be put in for a tenant with more, from one beginning, and the units of one put.
const PUTS: u64 = 20_000;
const UNITS_PER_PUT: u64 = 4;
/// Turns from one beginning.
const TURNS_MAX: usize = 6;
/// Pauses to begin from, at most.
const STARTS_MAX: usize = 3;

/// A tenant's answers to the places that are left, with what they taught: for given dates the best pauses are always the same.
#[derive(Debug)]
pub(super) struct Answers {
    /// Pauses to begin from.
    starts: Vec<Vec<bool>>,
    /// The best pauses of schedules that were looked at.
    known: Mutex<BTreeMap<Schedule, Known>>,
    /// The orders in which jobs are put in; none where there are too many.
    orders: Vec<Vec<JobIndex>>,
}

/// A schedule with its best pauses, the states that were looked at for them, and in which round of questions.
#[derive(Clone, Debug)]
struct Known {
    draft: Draft,
    states: u64,
    round: u64,
}

impl Answers {
    /// - `starts`: pauses to begin from.
    pub(super) fn new(basis: &Basis<'_>, starts: Vec<Vec<bool>>) -> Self {
        let jobs: Vec<JobIndex> = basis.jobs.keys().collect();
        let orders = if jobs.len() <= ORDERS_OF_MAX { orders(&jobs) } else { Vec::new() };
        let mut answers = Answers { starts: Vec::new(), known: Mutex::default(), orders };
        starts.into_iter().for_each(|start| answers.begin_from(start));
        answers
    }

    /// Takes up pauses to begin from; of those the first and the latest are kept.
    pub(super) fn begin_from(&mut self, pauses: Vec<bool>) {
        if !self.starts.contains(&pauses) {
            if self.starts.len() == STARTS_MAX {
                self.starts.remove(1);
            }
            self.starts.push(pauses);
        }
    }

    /// A good plan beside what is booked; `None` if none is found.
    ///
    /// - `round`: questions that are asked at the same time are of one round, so that what they cost does not hang on which is first.
    pub(super) fn beside(&self, basis: &Basis<'_>, round: u64, effort: &mut Effort) -> Option<Draft> {
        let former = former_schedule(&basis.room());
        let mut best = former.and_then(|(_, schedule)| self.with_pauses(basis, schedule, round, effort));
        for start in &self.starts {
            let found = if self.orders.is_empty() {
                effort.spend(PUTS * UNITS_PER_PUT);
                improve(basis, start, &[], PUTS)
            } else {
                self.in_turns(basis, start, round, effort)
            };
            best = best.into_iter().chain(found).min_by_key(|draft| draft.cost);
        }
        best
    }

    fn in_turns(&self, basis: &Basis<'_>, start: &[bool], round: u64, effort: &mut Effort) -> Option<Draft> {
        let (mut pauses, mut best): (Vec<bool>, Option<Draft>) = (start.to_vec(), None);
        for _ in 0..TURNS_MAX {
            let prices = prices(basis, &pauses);
            effort.spend(prices.iter().map(|job| job.len() as u64).sum());
            let Some(schedule) = self.cheapest(basis, &prices) else { break };
            let found = self.with_pauses(basis, schedule, round, effort)?;
            if best.as_ref().is_some_and(|best| best.cost <= found.cost) {
                break;
            }
            pauses.clone_from(&found.pauses);
            best = Some(found);
        }
        best
    }

    /// The cheapest schedule at these prices, of those in which jobs are put in one after the other.
    fn cheapest(&self, basis: &Basis<'_>, prices: &JobSlice<PerCandidate<Cost>>) -> Option<Schedule> {
        let put_in = |order: &Vec<JobIndex>| first_fit(basis.ledger(), &basis.jobs, order).ok();
        self.orders.iter().filter_map(put_in).min_by_key(|schedule| total(prices, schedule))
    }

    /// A schedule with its best pauses. What an earlier round knows costs nothing; what this one does costs as if it were new.
    fn with_pauses(&self, basis: &Basis<'_>, schedule: Schedule, round: u64, effort: &mut Effort) -> Option<Draft> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(&schedule).cloned();
        if let Some(found) = found {
            effort.spend(if found.round == round { found.states } else { 0 });
            return Some(found.draft);
        }
        let found = fitted(basis, schedule.clone(), Cost::MAX);
        effort.spend(found.states);
        let draft = found.draft?;
        known().entry(schedule).or_insert_with(|| Known { draft: draft.clone(), states: found.states, round });
        Some(draft)
    }
}

/// All orders of some jobs.
fn orders(jobs: &[JobIndex]) -> Vec<Vec<JobIndex>> {
    let Some((&first, rest)) = jobs.split_first() else { return vec![Vec::new()] };
    let with_first = |order: Vec<JobIndex>| {
        (0..=order.len()).map(move |index| {
            let mut order = order.clone();
            order.insert(index, first);
            order
        })
    };
    orders(rest).into_iter().flat_map(with_first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_there_once() {
        let jobs: Vec<JobIndex> = (0..4).map(JobIndex::from).collect();
        let mut all = orders(&jobs);
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!((count, all.len()), (24, 24));
        assert_eq!(orders(&[]), vec![Vec::new()]);
    }
}
