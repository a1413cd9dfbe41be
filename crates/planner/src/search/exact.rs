//! The best plan of all, where the fleet is small enough: branch and bound over the cut-overs, with exact pauses.
//!
//! Jobs are fixed one after the other. Whatever is not fixed yet is given the first candidate that still fits beside what
//! is; no completion of the branch can cost less under any pauses, so the best pauses for it give a bound, and where these
//! first candidates fit together as well, the bound is a plan. A job that is not fixed yet is taken to keep its former date for
//! as long as that fits, and pays for a change only then.

use crate::basis::Basis;
use crate::cost::costs::ScheduleCosts;
use crate::cost::pauses::Beyond;
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, JobIndex};
use crate::search::schedule::{Ledger, Schedule};

/// The outcome of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOutcome {
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
    /// What the fixed jobs pay for changes of the former plan.
    changed: Cost,
    /// Jobs in the order in which they are fixed: the heaviest first.
    order: Vec<JobIndex>,
    incumbent: Option<Cost>,
    better: Option<Schedule>,
    states_left: u64,
    /// Whether the best pauses of some branch may have been missed.
    unsure: bool,
}

/// Looks for a plan cheaper than `incumbent` (any plan, if that is `None`).
///
/// - `states`: most states of pauses that are looked at; one takes about a fifteenth of a microsecond.
pub fn search(basis: &Basis<'_>, incumbent: Option<Cost>, states: u64) -> SearchOutcome {
    let mut order: Vec<JobIndex> = basis.jobs.keys().collect();
    order.sort_by_key(|&job| (std::cmp::Reverse(basis.volumes[job]), job));
    let mut search = Search {
        basis,
        ledger: basis.ledger(),
        costs: ScheduleCosts::untouched(basis),
        changed: 0,
        order,
        incumbent,
        better: None,
        states_left: states,
        unsure: false,
    };
    let proven = search.branch(0).is_some() && !search.unsure;
    SearchOutcome { better: search.better.zip(search.incumbent), proven, states: states - search.states_left }
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
        for candidate in self.basis.jobs[job].candidates.keys() {
            if !self.ledger.fits(job, candidate) {
                continue;
            }
            // With the others where they could be at best, and without its own change, this bound only rises with the candidate's date.
            self.costs.put(job, candidate);
            let Some(least) = self.bound(rest)? else {
                self.costs.take(job, candidate);
                break;
            };
            let change = self.basis.change_cost(job, candidate);
            if self.incumbent.is_none_or(|incumbent| least + change < incumbent) {
                self.ledger.put(job, candidate);
                self.changed += change;
                self.branch(depth + 1)?;
                self.changed -= change;
                self.ledger.take(job);
            }
            self.costs.take(job, candidate);
        }
        Some(())
    }

    /// The first candidate of each job not fixed yet; `None` if one has none.
    fn first_candidates(&self, depth: usize) -> Option<Vec<(JobIndex, CandidateIndex)>> {
        let first = |&job: &JobIndex| Some((job, self.ledger.first_fit(job)?));
        self.order[depth..].iter().map(first).collect()
    }

    /// The best cost if these jobs take these candidates, if that is cheaper than what is known; the outer `None` when no more
    /// states may be looked at.
    fn bound(&mut self, open: &[(JobIndex, CandidateIndex)]) -> Option<Option<Cost>> {
        if self.basis.watch.is_stopped() {
            return None;
        }
        open.iter().for_each(|&(job, candidate)| self.costs.put(job, candidate));
        let changes = self.changed + self.least_changes(open);
        let limit = self.incumbent.map_or(Cost::MAX, |incumbent| incumbent - changes);
        let found = self.basis.space.below(&self.basis.tariffs, &self.costs, limit, Beyond::Drop);
        self.unsure |= !found.whole;
        open.iter().rev().for_each(|&(job, candidate)| self.costs.take(job, candidate));
        self.states_left = self.states_left.checked_sub(found.states)?;
        Some(found.pauses.map(|pauses| pauses.cost + changes))
    }

    /// What jobs pay at least for changes: those whose former date fits no more.
    fn least_changes(&self, open: &[(JobIndex, CandidateIndex)]) -> Cost {
        let lost = |job: JobIndex| self.basis.kept[job].is_some_and(|kept| !self.ledger.fits(job, kept));
        open.iter().filter(|&&(job, _)| lost(job)).count() as Cost * self.basis.change
    }

    /// Takes these candidates as a plan if they fit together and that is cheaper; whether nothing in the branch is cheaper still.
    ///
    /// - `bound`: of the branch.
    fn accept(&mut self, open: &[(JobIndex, CandidateIndex)], bound: Cost) -> bool {
        let changes: Cost = open.iter().map(|&(job, candidate)| self.basis.change_cost(job, candidate)).sum();
        let cost = bound - self.least_changes(open) + changes;
        let mut put = 0;
        for &(job, candidate) in open {
            if !self.ledger.fits(job, candidate) {
                break;
            }
            self.ledger.put(job, candidate);
            put += 1;
        }
        let whole = put == open.len();
        if whole && self.incumbent.is_none_or(|incumbent| cost < incumbent) {
            (self.better, self.incumbent) = (self.ledger.schedule(), Some(cost));
        }
        open[..put].iter().for_each(|&(job, _)| self.ledger.take(job));
        whole && cost == bound
    }
}
