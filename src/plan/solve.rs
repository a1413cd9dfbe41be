//! The plan: the cheapest cut-overs and pauses together, or good ones with a bound on what is left.

use super::basis::Basis;
use super::bound::{bound, quick_bound};
use super::exact::search;
use super::improve::{Draft, draft, improve};
use super::joining::Joining;
use super::pauses::Pauses;
use super::tariff::Cost;

/// Most jobs of a fleet that is searched completely.
const EXACT_JOBS_MAX: usize = 8;
/// Jobs that may be put in from one beginning, and from the best draft of all; a million take a quarter of a second.
const PUTS_EACH: u64 = 400_000;
/// The same where only a price is read from the plan.
const PUTS_BRIEF: u64 = 200_000;
const PUTS_LAST: u64 = 4_000_000;

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
    /// For the many plans that only a price is read from.
    Brief,
}

/// The best plan that can be found; `None` if no way was found to do all jobs.
///
/// Cost and bound are those of the true detections, also where the search [joined](super::joining) some.
pub fn solve(basis: &Basis<'_>) -> Option<Solution> {
    let found = solve_as_joined(basis)?;
    if !basis.tariffs.joined {
        return Some(found);
    }
    let draft = with_true_cost(basis, found.draft);
    let later = Basis::watched(basis.project, Joining::Later, basis.watch.clone());
    // Only where stages never become milder does a later detection never cost more.
    let bound = if later.tariffs.rises { bound(&later, quick_bound(&later), draft.cost).cost } else { 0 };
    Some(Solution { bound: bound.min(draft.cost), draft })
}

fn with_true_cost(basis: &Basis<'_>, draft: Draft) -> Draft {
    let cost = basis.true_cost(&draft.schedule, &draft.pauses);
    Draft { cost, ..draft }
}

fn solve_as_joined(basis: &Basis<'_>) -> Option<Solution> {
    let quick = quick_bound(basis);
    let lower = quick.cost;
    let best = quick_plan(basis, &quick);
    let open = best.as_ref().is_none_or(|draft| draft.cost > lower);
    if open && basis.jobs.len() <= EXACT_JOBS_MAX {
        let (best, proven) = searched(basis, best, Effort::Full);
        return best.map(|draft| Solution { bound: if proven { draft.cost } else { lower }, draft });
    }
    if !open {
        return best.map(|draft| Solution { bound: lower.min(draft.cost), draft });
    }
    Some(refine(basis, quick, best?))
}

/// A good plan, found from the pauses of a plan that was best before the project changed a little; without a bound.
pub fn solve_near(basis: &Basis<'_>, pauses: &[bool]) -> Option<Draft> {
    let best = improve(basis, pauses, &[], PUTS_BRIEF);
    let best = if basis.jobs.len() <= EXACT_JOBS_MAX { searched(basis, best, Effort::Brief).0 } else { best };
    best.map(|draft| if basis.tariffs.joined { with_true_cost(basis, draft) } else { draft })
}

/// The best plan, if a complete search finds one that is cheaper, and whether the search was completed.
fn searched(basis: &Basis<'_>, best: Option<Draft>, effort: Effort) -> (Option<Draft>, bool) {
    let found = search(basis, best.as_ref().map(|draft| draft.cost), effort);
    (found.better.map(|(schedule, _)| draft(basis, Vec::new(), schedule)).or(best), found.proven)
}

/// The plan found without a complete search and without any price on breaches.
///
/// - `quick`: what [`quick_bound`] found.
pub fn quick_plan(basis: &Basis<'_>, quick: &Pauses) -> Option<Draft> {
    let none = vec![false; basis.project.days()];
    let drafts = [&quick.days, &none].into_iter().filter_map(|pauses| improve(basis, pauses, &[], PUTS_EACH));
    drafts.min_by_key(|draft| draft.cost)
}

/// A bound close to the best, and the best plan from the pauses and the order that it suggests.
fn refine(basis: &Basis<'_>, quick: Pauses, best: Draft) -> Solution {
    let tight = bound(basis, quick, best.cost);
    let more = tight.pauses.iter().skip(1).filter_map(|pauses| improve(basis, pauses, &tight.order, PUTS_EACH));
    let best = more.fold(best, |best, draft| if draft.cost < best.cost { draft } else { best });
    let last = improve(basis, &best.pauses, &best.order, PUTS_LAST);
    let draft = last.filter(|last| last.cost < best.cost).unwrap_or(best);
    Solution { bound: tight.cost.min(draft.cost), draft }
}
