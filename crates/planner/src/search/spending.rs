//! A lower bound on the cost of every plan, found apart for plans that use more pause days of a year and for those that use fewer.
//!
//! What pauses do to one server depends on the days they use, hardly on which: those who may use up to so many days of each year
//! pay at least what the best of such pauses for their own clock leaves. The jobs' dates at these costs are bounded by
//! [prices](crate::search::dual) on what they compete for, and the pauses themselves cost at least their least number. So ranges of
//! numbers of days bound all plans in them; the range with the lowest bound is parted in two until it is close to the incumbent, the
//! best plan that is known (branch and bound; A. H. Land and A. G. Doig, *Econometrica* 28 (1960)).

use std::collections::BTreeMap;

use crate::basis::Basis;
use crate::cost::tariff::Cost;
use crate::index::PerGroup;
use crate::search::dual::{OpenCandidates, Program};
use crate::search::effort::Effort;
use crate::search::schedule::Schedule;

/// Most pivots for one range.
const PIVOTS: usize = 2_000;
/// Ranges are parted until the lowest bound is within this part of the incumbent.
const ENOUGH: Cost = 1_000;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// A cost that no plan can beat.
    pub bound: Cost,
    /// Most pause days of each year in a plan that costs less than what is known.
    pub most: Vec<u16>,
    /// The ranges that can hold such a plan.
    pub ranges: Vec<Range>,
}

/// Plans that use at least and at most so many pause days of each year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Least days of each year.
    pub least: Vec<u16>,
    /// Most days of each year.
    pub most: Vec<u16>,
    /// A cost that no plan of the range can beat.
    pub bound: Cost,
    /// Of the dates alone.
    dates: Cost,
}

impl Spending {
    /// What is known of all plans without a look at their pauses.
    pub fn unknown(basis: &Basis<'_>, bound: Cost) -> Self {
        let most = basis.space.left();
        let whole = Range { least: vec![0; most.len()], most: most.clone(), bound, dates: 0 };
        Spending { bound, most, ranges: vec![whole] }
    }
}

struct Search<'b> {
    basis: &'b Basis<'b>,
    program: Program<'b>,
    field: OpenCandidates,
    incumbent: Cost,
}

/// Bounds all plans by ranges of pause days.
///
/// - `plan`: some plan.
/// - `incumbent`: its cost.
/// - `lower`: a cost that is known to be no more than that of any plan.
pub fn spending(basis: &Basis<'_>, plan: &Schedule, (incumbent, lower): (Cost, Cost), effort: &mut Effort) -> Spending {
    let nothing = Spending::unknown(basis, lower);
    let Some(program) = Program::new(basis, plan) else { return nothing };
    let mut search = Search { basis, program, field: OpenCandidates::whole(basis), incumbent };
    let Some(mut ranges) = search.ranges(effort) else { return nothing };
    ranges.retain(|range| range.bound < incumbent);
    let bound = ranges.iter().map(|range| range.bound).min().map_or(incumbent, |least| least.max(lower).min(incumbent));
    let mut most = vec![0; nothing.most.len()];
    for range in &ranges {
        most.iter_mut().zip(&range.most).for_each(|(most, days)| *most = (*most).max(*days));
    }
    Spending { bound, most, ranges }
}

/// What a server of one thousandth of a message a day pays at least before each cell, and in all, by group, under pauses that use no
/// more than so many days of each year.
pub fn least_costs(basis: &Basis<'_>, most: &[u16], effort: &mut Effort) -> PerGroup<Vec<Cost>> {
    let space = basis.space.within(most);
    let of_group = |group| {
        let (costs, states) = space.least_of(&basis.tariffs, group);
        effort.spend(states);
        costs
    };
    basis.tariffs.groups.keys().map(of_group).collect()
}

impl Search<'_> {
    /// Ranges that together hold all plans; `None` if a job has no candidate.
    fn ranges(&mut self, effort: &mut Effort) -> Option<Vec<Range>> {
        let left = self.basis.space.left();
        let whole = self.range(vec![0; left.len()], left, effort)?;
        let mut open = BTreeMap::from([((whole.bound, 0), whole)]);
        let mut made = 0;
        while let Some(lowest) = open.first_entry() {
            let range = lowest.get();
            let is_close = self.incumbent - range.bound <= self.incumbent / ENOUGH;
            if is_close || range.least == range.most || effort.is_spent() {
                break;
            }
            let range = lowest.remove();
            for half in self.parted(range, effort)? {
                made += 1;
                open.insert((half.bound, made), half);
            }
        }
        Some(open.into_values().collect())
    }

    /// Bounds a range; `None` if a job has no candidate.
    fn range(&mut self, least: Vec<u16>, most: Vec<u16>, effort: &mut Effort) -> Option<Range> {
        let costs = self.program.costs_at(&least_costs(self.basis, &most, effort));
        self.program.set_costs(&costs);
        let apart = self.basis.space.least_cost(&least);
        let dates = self.program.bound(&self.field, PIVOTS, self.incumbent - apart, effort)?.bound;
        Some(Range { bound: dates + apart, least, most, dates })
    }

    /// The halves of a range: of the year with the most numbers of days, the fewer and the more.
    fn parted(&mut self, range: Range, effort: &mut Effort) -> Option<[Range; 2]> {
        let wide = |year: &usize| range.most[*year] - range.least[*year];
        let year = (0..range.most.len()).max_by_key(|year| (wide(year), *year))?;
        let middle = range.least[year] + wide(&year) / 2;
        let (mut fewer, mut more) = (range.most.clone(), range.least.clone());
        fewer[year] = middle;
        more[year] = middle + 1;
        let fewer = self.range(range.least, fewer, effort)?;
        // Those who use more can use the most, so their dates cost what they cost in the whole range.
        let bound = range.dates + self.basis.space.least_cost(&more);
        Some([fewer, Range { least: more, most: range.most, bound, dates: range.dates }])
    }
}
