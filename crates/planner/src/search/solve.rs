//! The plan: the cheapest cut-overs and pauses together, or good ones with a bound on what is left.

use crate::basis::Basis;
use crate::cost::joining::Joining;
use crate::cost::pauses::Pauses;
use crate::cost::tariff::Cost;
use crate::search::bound::{bound, quick_bound};
use crate::search::branch::Tree;
use crate::search::effort::Effort;
use crate::search::exact::search;
use crate::search::improve::{Draft, draft, former_draft, improve};
use crate::search::neighbourhood::Lots;
use crate::search::polish::polished;
use crate::search::spending::{Spending, spending};

/// Most jobs of a fleet that is searched completely at first.
const EXACT_JOBS_MAX: usize = 8;
/// Part of the effort that this search may take, and most states where only a price is read from the plan.
const EXACT_SHARE: u64 = 5;
const STATES_BRIEF: u64 = 3_000_000;
/// Jobs that may be put in from one beginning, and from the best draft of all; a million take a quarter of a second.
const PUTS_EACH: u64 = 400_000;
/// The same where only a price is read from the plan, and the units that bettering the former plan may then take.
const PUTS_BRIEF: u64 = 200_000;
const UNITS_NEAR: u64 = 2_000_000;
const PUTS_LAST: u64 = 1_000_000;
/// Units of one put.
const UNITS_PER_PUT: u64 = 4;
/// Part of the effort that the bound by pause days may take.
const SPENDING_SHARE: u64 = 4;
/// Most jobs whose dates are branched on; with more the bound of `refine` is the better one.
const TREE_JOBS_MAX: usize = 20;
/// Parts of the effort that are spent in turns on better plans and on a better bound.
const TURNS: u64 = 12;
/// Beginnings in turn that bring nothing, after which a turn ends.
const IDLE_MAX: usize = 60;

/// A plan and how good it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Cut-overs and pauses.
    pub draft: Draft,
    /// A lower bound: no plan costs less.
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

/// The best plan that can be found; `None` if no way was found to do all jobs.
///
/// Cost and bound are those of the true detections, also where the search [joined](crate::cost::joining) some.
pub fn solve(basis: &Basis<'_>) -> Option<Solution> {
    let mut effort = Effort::seconds(basis.project.search_seconds, &basis.watch);
    if !basis.tariffs.joined {
        return solve_apart(basis, basis, &mut effort);
    }
    let later = Basis::watched(basis.project, Joining::Later, basis.watch.clone());
    let found = solve_apart(basis, &later, &mut effort)?;
    let draft = with_true_cost(basis, found.draft);
    // Only where stages never become milder does a later detection never cost more.
    let bound = if later.tariffs.rises { found.bound } else { 0 };
    Some(Solution { bound: bound.min(draft.cost), draft })
}

/// A draft at what it costs with every detection as it is.
pub(crate) fn with_true_cost(basis: &Basis<'_>, draft: Draft) -> Draft {
    let cost = basis.true_cost(&draft.schedule, &draft.pauses);
    Draft { cost, ..draft }
}

/// - `under`: the basis that bounds are found on: the same, but where detections are joined.
fn solve_apart(basis: &Basis<'_>, under: &Basis<'_>, effort: &mut Effort) -> Option<Solution> {
    let quick = quick_bound(under);
    let begun = former_draft(basis).into_iter().chain(quick_plan(basis, &quick));
    let mut best = begun.min_by_key(|draft| draft.cost);
    effort.spend(2 * PUTS_EACH * UNITS_PER_PUT / 4);
    let (few, alike) = (basis.jobs.len() <= EXACT_JOBS_MAX, !basis.tariffs.joined);
    let mut spent = Spending::unknown(under, quick.cost);
    if few {
        let open = best.as_ref().filter(|best| best.cost > quick.cost);
        spent = open.map_or(spent, |best| by_pause_days(under, best, quick.cost, effort));
        if best.as_ref().is_none_or(|draft| draft.cost > spent.bound) {
            let incumbent = best.as_ref().map(|draft| draft.cost);
            let found = search(&basis.within(&spent.most), incumbent, effort.left() / EXACT_SHARE);
            effort.spend(found.states);
            best = found.better.map(|(schedule, _)| draft(basis, Vec::new(), schedule)).or(best);
            if found.proven && alike {
                return best.map(|draft| Solution { bound: draft.cost, draft });
            }
        }
    }
    let best = match best {
        None if !few => any(basis, effort)?,
        best => best?,
    };
    if best.cost <= spent.bound {
        return Some(Solution { bound: best.cost, draft: best });
    }
    if few {
        return Some(deepen(basis, under, best, spent, effort));
    }
    let (best, spent) = refine(basis, under, quick, best, effort);
    Some(deepen(basis, under, best, spent, effort))
}

/// What a number of pause days bounds, with a part of the effort.
fn by_pause_days(under: &Basis<'_>, best: &Draft, lower: Cost, effort: &mut Effort) -> Spending {
    let mut apart = effort.share(effort.left() / SPENDING_SHARE);
    let spent = spending(under, &best.schedule, (best.cost, lower), &mut apart);
    effort.take_back(&apart);
    spent
}

/// A plan where no order was found that fits all jobs in: the first that a complete search meets, as far as it gets.
fn any(basis: &Basis<'_>, effort: &mut Effort) -> Option<Draft> {
    let found = search(basis, None, effort.left() / EXACT_SHARE);
    effort.spend(found.states);
    found.better.map(|(schedule, _)| draft(basis, Vec::new(), schedule))
}

/// Better plans and a better bound, in turns, until the effort is spent or nothing can be better.
///
/// - `spent`: in which ranges of pause days a better plan can be.
fn deepen(basis: &Basis<'_>, under: &Basis<'_>, best: Draft, spent: Spending, effort: &mut Effort) -> Solution {
    let lower = spent.bound;
    let turn = effort.left() / TURNS;
    let mut lots = Lots::new(basis.project.seed);
    let mut first = effort.share(2 * turn);
    let mut best = polished(basis, best, &[], &mut lots, (IDLE_MAX, &mut first));
    effort.take_back(&first);
    if basis.jobs.len() > TREE_JOBS_MAX {
        return Solution { bound: lower.min(best.cost), draft: best };
    }
    let under = under.within(&spent.most);
    let mut tree = Tree::new(&under, &best, &spent, effort);
    while !effort.is_spent() && tree.bound(best.cost) < best.cost {
        let before = best.cost;
        let mut apart = effort.share(turn);
        best = polished(basis, best, &tree.pauses(), &mut lots, (IDLE_MAX, &mut apart));
        effort.take_back(&apart);
        let mut apart = effort.share(turn);
        let found = tree.search(best.cost, &mut apart);
        effort.take_back(&apart);
        // What a joined basis found costs something else here.
        let found = found.map(|found| draft(basis, found.order, found.schedule));
        best = found.filter(|found| found.cost < best.cost).unwrap_or(best);
        if tree.is_stuck() && best.cost == before {
            break;
        }
    }
    Solution { bound: tree.bound(best.cost).max(lower).min(best.cost), draft: best }
}

/// A good plan, found from the pauses of a plan that was best before the project changed a little; without a bound.
pub fn solve_near(basis: &Basis<'_>, pauses: &[bool]) -> Option<Draft> {
    let kept = former_draft(basis).map(|draft| {
        let mut effort = Effort::units(UNITS_NEAR, &basis.watch);
        polished(basis, draft, &[], &mut Lots::new(basis.project.seed), (1, &mut effort))
    });
    let best = kept.into_iter().chain(improve(basis, pauses, &[], PUTS_BRIEF)).min_by_key(|draft| draft.cost);
    let better = (basis.jobs.len() <= EXACT_JOBS_MAX)
        .then(|| search(basis, best.as_ref().map(|draft| draft.cost), STATES_BRIEF).better)
        .flatten();
    let best = better.map(|(schedule, _)| draft(basis, Vec::new(), schedule)).or(best);
    best.map(|draft| if basis.tariffs.joined { with_true_cost(basis, draft) } else { draft })
}

/// The plan found without a complete search and without any price on breaches.
///
/// - `quick`: what [`quick_bound`] found.
pub fn quick_plan(basis: &Basis<'_>, quick: &Pauses) -> Option<Draft> {
    let none = vec![false; basis.project.days()];
    let drafts = [&quick.days, &none].into_iter().filter_map(|pauses| improve(basis, pauses, &[], PUTS_EACH));
    drafts.min_by_key(|draft| draft.cost)
}

/// The best plan from the pauses and the order that a bound suggests, and the better one of two kinds of bounds.
fn refine(basis: &Basis<'_>, under: &Basis<'_>, quick: Pauses, best: Draft, effort: &mut Effort) -> (Draft, Spending) {
    let tight = bound(under, quick, best.cost);
    let more = tight.pauses.iter().skip(1).filter_map(|pauses| improve(basis, pauses, &tight.order, PUTS_EACH));
    let best = more.fold(best, |best, draft| if draft.cost < best.cost { draft } else { best });
    let last = improve(basis, &best.pauses, &best.order, PUTS_LAST);
    effort.spend((4 * PUTS_EACH + PUTS_LAST) * UNITS_PER_PUT / 2);
    let best = last.filter(|last| last.cost < best.cost).unwrap_or(best);
    let spent = by_pause_days(under, &best, tight.cost, effort);
    (best, spent)
}
