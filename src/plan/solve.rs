//! The plan: the cheapest cut-overs and pauses together, or good ones with a bound on what is left.

use super::basis::Basis;
use super::bound::{bound, quick_bound};
use super::exact::search;
use super::improve::{Draft, draft, improve};
use super::pauses::Pauses;
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
    /// For the many plans that only a price is read from: a complete search is cut short sooner, and no bound is looked for.
    Brief,
}

/// The best plan that can be found; `None` if no way was found to do all jobs.
pub fn solve(basis: &Basis<'_>) -> Option<Solution> {
    solve_with(basis, Effort::Full)
}

/// As [`solve`], with so much effort.
pub fn solve_with(basis: &Basis<'_>, effort: Effort) -> Option<Solution> {
    let quick = quick_bound(basis);
    let lower = quick.cost;
    let best = quick_plan(basis, &quick);
    let open = best.as_ref().is_none_or(|draft| draft.cost > lower);
    if open && basis.jobs.len() <= EXACT_JOBS_MAX {
        let found = search(basis, best.as_ref().map(|draft| draft.cost), effort);
        let best = found.better.map(|(schedule, _)| draft(basis, schedule)).or(best);
        return best.map(|draft| Solution { bound: if found.proven { draft.cost } else { lower }, draft });
    }
    if !open || effort == Effort::Brief {
        return best.map(|draft| Solution { bound: lower.min(draft.cost), draft });
    }
    Some(refine(basis, quick, best?))
}

/// The plan found without a complete search and without any price on breaches.
///
/// - `quick`: what [`quick_bound`] found.
pub fn quick_plan(basis: &Basis<'_>, quick: &Pauses) -> Option<Draft> {
    let none = vec![false; basis.project.days()];
    let drafts = [&quick.days, &none].into_iter().filter_map(|pauses| improve(basis, pauses, &[]));
    drafts.min_by_key(|draft| draft.cost)
}

/// A bound close to the best, and the best plan from the pauses and the order that it suggests.
fn refine(basis: &Basis<'_>, quick: Pauses, best: Draft) -> Solution {
    let tight = bound(basis, quick, best.cost);
    let more = tight.pauses.iter().skip(1).filter_map(|pauses| improve(basis, pauses, &tight.order));
    let draft = more.chain([best.clone()]).min_by_key(|draft| draft.cost).unwrap_or(best);
    Solution { bound: tight.cost.min(draft.cost), draft }
}
