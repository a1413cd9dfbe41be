//! The plan: the cheapest cut-overs and pauses together, or good ones with a bound on what is left.

use super::basis::Basis;
use super::bound::bound;
use super::exact::search;
use super::improve::{Draft, draft, improve};
use super::tariff::Cost;

/// Most jobs of a fleet that is searched completely.
const EXACT_JOBS_MAX: usize = 8;

/// A plan and how good it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Cut-overs and pauses.
    pub draft: Draft,
    /// A cost that no plan can beat.
    pub bound: Cost,
}

impl Solution {
    /// Whether no plan is cheaper.
    pub fn is_optimal(&self) -> bool {
        self.bound >= self.draft.cost
    }

    /// How much of the cost could be saved at most, as a share; 0 for an optimal plan.
    pub fn gap(&self) -> f64 {
        let gap = (self.draft.cost - self.bound).max(0);
        if gap == 0 { 0.0 } else { gap as f64 / self.draft.cost as f64 }
    }
}

/// How hard to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// For the plan itself.
    Full,
    /// For the many plans that only a price is read from: a complete search is cut short sooner.
    Brief,
}

/// The best plan that can be found; `None` if no way was found to do all jobs.
pub fn solve(basis: &Basis<'_>) -> Option<Solution> {
    solve_with(basis, Effort::Full)
}

/// As [`solve`], with so much effort.
pub fn solve_with(basis: &Basis<'_>, effort: Effort) -> Option<Solution> {
    let relaxed = bound(basis);
    let none = vec![false; basis.project.days()];
    let drafts = [&relaxed.days, &none].into_iter().filter_map(|pauses| improve(basis, pauses));
    let mut best = drafts.min_by_key(|draft| draft.cost);
    let mut bound = relaxed.cost;
    let open = best.as_ref().is_none_or(|draft| draft.cost > bound);
    if open && basis.jobs.len() <= EXACT_JOBS_MAX {
        let found = search(basis, best.as_ref().map(|draft| draft.cost), effort);
        if let Some((schedule, _)) = found.better {
            best = Some(draft(basis, schedule));
        }
        if let (true, Some(best)) = (found.proven, &best) {
            bound = best.cost;
        }
    }
    best.map(|draft| Solution { bound: bound.min(draft.cost), draft })
}
