//! A better bound, and at last the best plan: branch and bound on when jobs are done.
//!
//! A node is a [field](crate::search::dual::OpenCandidates) of candidates that are still open, in a range of numbers of pause days.
//! Its bounds are those of the range (`dated`) and, unless nothing is paused in it, that of [`dual`](crate::search::dual). Candidates
//! that would raise a bound above the incumbent, the best plan that is known, are closed (reduced costs). The node with the lowest
//! bound is split in two: a job is done by a date, or after it. So the lowest bound of all open nodes bounds every plan, whenever the
//! search ends.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::basis::Basis;
use crate::cost::tariff::Cost;
use crate::index::{JobIndex, PerJob};
use crate::search::dated::DatedRanges;
use crate::search::dual::{Ascent, Climb, OpenCandidates, Prices};
use crate::search::effort::Effort;
use crate::search::improve::{Draft, fitted};
use crate::search::spending::Spending;

/// Rounds and steps of the bound of a node.
const NODE: (usize, usize) = (2, 12);
/// Rounds and steps of the root: first for the known pauses alone, then for all.
const ROOT: [(usize, usize); 2] = [(1, 150), (8, 60)];
/// Bytes of prices that open nodes may hold.
const BYTES_MAX: usize = 80_000_000;

/// An open node.
struct Node {
    bound: Cost,
    /// What its prices alone bound it by: no candidate may be closed by more.
    priced: Cost,
    /// When it was made: of equal bounds the newest goes first.
    number: usize,
    field: OpenCandidates,
    prices: Prices,
    spread: PerJob<(f64, f64)>,
    /// Index of its range of pause days.
    range: usize,
}

/// What a field is a part of.
struct Origin {
    range: usize,
    /// A cost that no plan in the whole can beat.
    bound: Cost,
    /// Rounds and steps of its bound by prices.
    phases: &'static [(usize, usize)],
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        (self.bound, self.number) == (other.bound, other.number)
    }
}

impl Eq for Node {}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    /// The greatest is the one to be looked at next.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (Reverse(self.bound), self.number).cmp(&(Reverse(other.bound), other.number))
    }
}

/// A search that can be gone on with.
pub struct Tree<'b> {
    basis: &'b Basis<'b>,
    ascent: Ascent<'b>,
    dates: DatedRanges<'b>,
    open: BinaryHeap<Node>,
    made: usize,
    /// What nodes were closed at that could not be looked into, if any.
    closed: Option<Cost>,
    paths: Vec<crate::search::dual::Path>,
}

impl<'b> Tree<'b> {
    /// The tree of all plans, with a root for each range of pause days.
    ///
    /// - `incumbent`: the best plan that is known.
    /// - `spent`: the ranges that can hold a better one.
    pub fn new(basis: &'b Basis<'b>, incumbent: &Draft, spent: &Spending, effort: &mut Effort) -> Self {
        let ascent = Ascent::new(basis);
        let dates = DatedRanges::new(basis, &incumbent.schedule, spent, effort);
        let begun = ascent.begin(&incumbent.pauses);
        let mut tree =
            Tree { basis, paths: begun.paths.clone(), ascent, dates, open: BinaryHeap::new(), made: 0, closed: None };
        let count = tree.dates.count();
        let settled = (0..count).all(|range| tree.dates.is_settled(range));
        let root = if settled { Some(begun) } else { tree.root(begun, incumbent.cost, effort) };
        for (range, climb) in root.into_iter().flat_map(|climb| vec![climb; count]).enumerate() {
            let from = Origin { range, bound: climb.bound, phases: &[] };
            tree.grow(OpenCandidates::whole(basis), climb, &from, incumbent.cost, effort);
        }
        tree
    }

    /// The prices for all plans; `None` if no plan is better.
    fn root(&self, mut climb: Climb, incumbent: Cost, effort: &mut Effort) -> Option<Climb> {
        let field = OpenCandidates::whole(self.basis);
        for phase in ROOT {
            climb = self.ascent.climb(&field, climb, phase, incumbent, effort)?;
            if climb.bound >= incumbent {
                return None;
            }
        }
        Some(climb)
    }

    /// A lower bound on the cost of every plan, if `incumbent` is that of the best plan that is known.
    pub fn bound(&self, incumbent: Cost) -> Cost {
        let open = self.open.peek().map_or(incumbent, |node| node.bound);
        open.min(self.closed.unwrap_or(incumbent)).min(incumbent)
    }

    /// Whether nothing is left that could be looked into.
    pub fn is_stuck(&self) -> bool {
        self.open.is_empty() || self.is_full()
    }

    /// Pauses that suggested themselves lately.
    pub fn pauses(&self) -> Vec<Vec<bool>> {
        self.paths.iter().map(|path| path.days.clone()).collect()
    }

    /// Splits nodes until the effort is spent; a plan cheaper than `incumbent`, if one was met.
    pub fn search(&mut self, mut incumbent: Cost, effort: &mut Effort) -> Option<Draft> {
        let mut better = None;
        while let Some(node) = self.open.pop() {
            if node.bound >= incumbent {
                self.open.clear();
                break;
            }
            if effort.is_spent() || self.is_full() {
                self.open.push(node);
                break;
            }
            match self.split(&node) {
                Some(halves) => {
                    let from = Origin { range: node.range, bound: node.bound, phases: &[NODE] };
                    for half in halves {
                        let climb = Climb {
                            bound: node.priced,
                            prices: node.prices.clone(),
                            paths: self.paths.clone(),
                            spread: node.spread.clone(),
                        };
                        self.grow(half, climb, &from, incumbent, effort);
                    }
                }
                None => {
                    if let Some(draft) = self.leaf(&node, incumbent, effort) {
                        incumbent = draft.cost;
                        better = Some(draft);
                    }
                }
            }
        }
        better
    }

    fn is_full(&self) -> bool {
        let jobs = self.basis.jobs.len();
        let bytes = jobs * self.ascent.frame.cells() * size_of::<Cost>() + 1;
        self.open.len() > BYTES_MAX / bytes
    }

    /// Bounds a field and opens a node for it if it can hold a better plan.
    fn grow(&mut self, mut field: OpenCandidates, climb: Climb, from: &Origin, incumbent: Cost, effort: &mut Effort) {
        if self.narrow_links(&mut field).is_none() {
            return;
        }
        let Some(bounded) = self.dates.bound(&mut field, from.range, incumbent, effort) else { return };
        if self.narrow_links(&mut field).is_none() {
            return;
        }
        let mut climb = climb;
        let phases = if self.dates.is_settled(from.range) { &[] } else { from.phases };
        for &phase in phases {
            let Some(next) = self.ascent.climb(&field, climb, phase, incumbent, effort) else { return };
            climb = next;
            if climb.bound >= incumbent {
                return;
            }
            let extras = self.ascent.extras(&field, &climb.prices);
            let room = incumbent - climb.bound;
            self.basis.jobs.keys().for_each(|job| field.keep(job, |candidate| extras[job][candidate] < room));
            if self.narrow_links(&mut field).is_none() {
                return;
            }
        }
        self.made += 1;
        self.paths = climb.paths;
        let spread = if bounded.spread.is_empty() { climb.spread } else { bounded.spread };
        let (bound, number) = (climb.bound.max(bounded.bound).max(from.bound), self.made);
        let (priced, range) = (climb.bound, from.range);
        self.open.push(Node { bound, priced, number, field, prices: climb.prices, spread, range });
    }

    /// Closes candidates that cannot be for what jobs wait for; `None` if a job has none left.
    fn narrow_links(&self, field: &mut OpenCandidates) -> Option<()> {
        let jobs = &self.basis.jobs;
        for _ in 0..3 {
            for (job, work) in jobs.iter_enumerated() {
                for &other in &work.after {
                    let ready = field.of(other).map(|c| jobs[other].candidates[c].day).min()?;
                    field.keep(job, |c| work.candidates[c].busy[0] > ready);
                    let latest = field.of(job).map(|c| work.candidates[c].busy[0]).max()?;
                    field.keep(other, |c| jobs[other].candidates[c].day < latest);
                }
            }
        }
        jobs.keys().all(|job| field.count(job) > 0).then_some(())
    }

    /// The two halves of a node; `None` if no job has more than one candidate.
    fn split(&self, node: &Node) -> Option<[OpenCandidates; 2]> {
        let unsure = |job: JobIndex| {
            let (first, last) = node.field.span(&self.ascent.frame, job)?;
            let lost = node.spread.get(job).map_or(0.0, |spread| spread.1.sqrt());
            let weight = self.ascent.weight(job, first, last);
            (node.field.count(job) > 1).then_some((job, weight * (lost + 0.05 * (last - first) as f64 + 0.01)))
        };
        let (job, _) =
            self.basis.jobs.keys().filter_map(unsure).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let ends = &self.ascent.frame.ends[job];
        let (first, last) = node.field.span(&self.ascent.frame, job)?;
        let (mut early, mut late) = (node.field.clone(), node.field.clone());
        if first == last {
            // All end in one cell: one crew or the others.
            let one = node.field.of(job).next()?;
            early.keep(job, |candidate| candidate == one);
            late.keep(job, |candidate| candidate != one);
            return Some([late, early]);
        }
        let mean = node.spread.get(job).map_or(first as f64, |spread| spread.0);
        let at = (mean as usize).clamp(first, last - 1);
        early.keep(job, |candidate| ends[candidate] <= at);
        late.keep(job, |candidate| ends[candidate] > at);
        Some([late, early])
    }

    /// The plan of a node in which every job has one candidate, if it keeps every rule and costs less than `incumbent`.
    fn leaf(&mut self, node: &Node, incumbent: Cost, effort: &mut Effort) -> Option<Draft> {
        let mut ledger = self.basis.ledger();
        for job in self.basis.jobs.keys() {
            let candidate = node.field.of(job).next()?;
            if !ledger.fits(job, candidate) {
                return None;
            }
            ledger.put(job, candidate);
        }
        let found = fitted(self.basis, ledger.schedule()?, incumbent);
        effort.spend(found.states);
        if !found.whole {
            self.closed = Some(self.closed.map_or(node.bound, |closed| closed.min(node.bound)));
        }
        found.draft
    }
}
