//! The best plan of all, where the fleet is small enough: branch and bound over the cut-overs, with exact pauses.
//!
//! Jobs are fixed one after the other. Whatever is not fixed yet is given the first candidate that still fits beside what
//! is; no completion of the branch can cost less under any pauses, so the best pauses for it give a bound, and where these
//! first candidates fit together as well, the bound is a plan.

use super::basis::Basis;
use super::costs::ScheduleCosts;
use super::pauses::Beyond;
use super::schedule::{Ledger, Schedule};
use super::tariff::Cost;

/// The outcome of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// A plan cheaper than the one that was known, if there is one.
    pub better: Option<(Schedule, Cost)>,
    /// Whether the search was completed, so that nothing is cheaper than what is known now.
    pub proven: bool,
    /// States that were looked at.
    pub states: u64,
}

struct Search<'b> {
    basis: &'b Basis<'b>,
    ledger: Ledger<'b>,
    costs: ScheduleCosts<'b>,
    /// Jobs in the order in which they are fixed: the heaviest first.
    order: Vec<usize>,
    known: Option<Cost>,
    better: Option<Schedule>,
    states_left: u64,
    /// Whether the best pauses of some branch may have been missed.
    unsure: bool,
}

/// Looks for a plan cheaper than `known` (any plan, if that is `None`).
///
/// - `states`: most states of pauses that are looked at; one takes about a fifteenth of a microsecond.
pub fn search(basis: &Basis<'_>, known: Option<Cost>, states: u64) -> Found {
    let mut order: Vec<usize> = (0..basis.jobs.len()).collect();
    order.sort_by_key(|&job| (std::cmp::Reverse(basis.volumes[job]), job));
    let mut search = Search {
        basis,
        ledger: Ledger::new(basis.project, &basis.jobs),
        costs: ScheduleCosts::untouched(basis),
        order,
        known,
        better: None,
        states_left: states,
        unsure: false,
    };
    let proven = search.branch(0).is_some() && !search.unsure;
    Found { better: search.better.zip(search.known), proven, states: states - search.states_left }
}

impl<'b> Search<'b> {
    /// Searches everything below the jobs fixed so far; `None` when no more states may be looked at.
    fn branch(&mut self, depth: usize) -> Option<()> {
        let Some(open) = self.first_candidates(depth) else { return Some(()) };
        let Some(bound) = self.bound(&open)? else { return Some(()) };
        if self.accept(&open, bound) {
            return Some(());
        }
        let (job, rest) = (open[0].0, &open[1..]);
        for candidate in 0..self.basis.jobs[job].candidates.len() {
            if !self.ledger.fits(job, candidate) {
                continue;
            }
            // With the others where they could be at best, this bound only rises with the candidate's date.
            self.costs.put(job, candidate);
            if self.bound(rest)?.is_none() {
                self.costs.take(job, candidate);
                break;
            }
            self.ledger.put(job, candidate);
            self.branch(depth + 1)?;
            self.ledger.take(job);
            self.costs.take(job, candidate);
        }
        Some(())
    }

    /// The first candidate of each job not fixed yet; `None` if one has none.
    fn first_candidates(&self, depth: usize) -> Option<Vec<(usize, usize)>> {
        let first = |&job: &usize| Some((job, self.ledger.first_fit(job)?));
        self.order[depth..].iter().map(first).collect()
    }

    /// The best cost if these jobs take these candidates, if that is cheaper than what is known; the outer `None` when no more
    /// states may be looked at.
    fn bound(&mut self, open: &[(usize, usize)]) -> Option<Option<Cost>> {
        if self.basis.watch.is_stopped() {
            return None;
        }
        open.iter().for_each(|&(job, candidate)| self.costs.put(job, candidate));
        let limit = self.known.unwrap_or(Cost::MAX);
        let found = self.basis.space.below(&self.basis.tariffs, &self.costs, limit, Beyond::Drop);
        self.unsure |= !found.whole;
        open.iter().rev().for_each(|&(job, candidate)| self.costs.take(job, candidate));
        self.states_left = self.states_left.checked_sub(found.states)?;
        Some(found.pauses.map(|pauses| pauses.cost))
    }

    /// Takes the bound as a plan if these candidates fit together.
    fn accept(&mut self, open: &[(usize, usize)], cost: Cost) -> bool {
        let mut put = 0;
        for &(job, candidate) in open {
            if !self.ledger.fits(job, candidate) {
                break;
            }
            self.ledger.put(job, candidate);
            put += 1;
        }
        let whole = put == open.len();
        if whole {
            (self.better, self.known) = (self.ledger.schedule(), Some(cost));
        }
        open[..put].iter().for_each(|&(job, _)| self.ledger.take(job));
        whole
    }
}
