//! Bounds on the nodes of the branching search, each of one range of pause days.
//!
//! Two are worked out: that of [`spending`](crate::search::spending) for the candidates that are open, and the best pauses of the range
//! if every job is done by the first of these. The second is close where few candidates are left.

use crate::basis::Basis;
use crate::cost::costs::ScheduleCosts;
use crate::cost::pauses::{Beyond, PauseSpace};
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, JobIndex, PerCandidate, PerJob};
use crate::search::dual::{OpenCandidates, Program};
use crate::search::effort::Effort;
use crate::search::schedule::Schedule;
use crate::search::spending::{Range, Spending, least_costs};

/// Most pivots for a node.
const PIVOTS: usize = 400;

/// A range that nodes can be of.
struct Dates<'b> {
    range: Range,
    /// What its pauses cost at least in themselves.
    apart: Cost,
    /// What each candidate costs at least, by job and candidate.
    costs: PerJob<PerCandidate<Cost>>,
    space: PauseSpace<'b>,
}

/// The ranges, and what bounds dates in them.
pub(super) struct DatedRanges<'b> {
    basis: &'b Basis<'b>,
    program: Option<Program<'b>>,
    ranges: Vec<Dates<'b>>,
}

/// What became of a node.
pub(super) struct Bounded {
    pub(super) bound: Cost,
    /// Mean cell of the end, and how far from it, by job; empty if that is not known.
    pub(super) spread: PerJob<(f64, f64)>,
}

impl<'b> DatedRanges<'b> {
    /// The ranges that can hold a better plan than one that is known.
    pub(super) fn new(basis: &'b Basis<'b>, plan: &Schedule, spent: &Spending, effort: &mut Effort) -> Self {
        let mut program = Program::new(basis, plan);
        let mut of_range = |range: &Range| {
            let costs = program.as_mut().map(|program| program.costs_at(&least_costs(basis, &range.most, effort)));
            Dates {
                apart: basis.space.least_cost(&range.least),
                costs: costs.unwrap_or_default(),
                space: basis.space.within(&range.most),
                range: range.clone(),
            }
        };
        let ranges = spent.ranges.iter().map(&mut of_range).collect();
        DatedRanges { basis, program, ranges }
    }

    /// Number of ranges.
    pub(super) fn count(&self) -> usize {
        self.ranges.len()
    }

    /// Whether nothing is paused in a range and its dates are bounded, so that no other bound is better.
    pub(super) fn is_settled(&self, range: usize) -> bool {
        self.program.is_some() && self.ranges[range].range.most.iter().all(|&days| days == 0)
    }

    /// Bounds a field in a range and closes candidates that no better plan can have; `None` if it holds none.
    pub(super) fn bound(
        &mut self,
        field: &mut OpenCandidates,
        range: usize,
        incumbent: Cost,
        effort: &mut Effort,
    ) -> Option<Bounded> {
        let dates = &self.ranges[range];
        let mut bounded = Bounded { bound: dates.range.bound, spread: PerJob::new() };
        if let Some(program) = &mut self.program {
            program.set_costs(&dates.costs);
            let dated = program.bound(field, PIVOTS, incumbent - dates.apart, effort)?;
            let room = incumbent - dates.apart - dated.bound;
            if room <= 0 {
                return None;
            }
            self.basis.jobs.keys().for_each(|job| field.keep(job, |one| dated.extras[job][one] < room));
            bounded = Bounded { bound: bounded.bound.max(dated.bound + dates.apart), spread: dated.spread };
        }
        let first = self.first(field, range, incumbent, effort)?;
        bounded.bound = bounded.bound.max(first);
        (bounded.bound < incumbent).then_some(bounded)
    }

    /// What the first open candidates cost under the best pauses of a range; `None` if no less than `incumbent`.
    fn first(&self, field: &OpenCandidates, range: usize, incumbent: Cost, effort: &mut Effort) -> Option<Cost> {
        let first = |job: JobIndex| {
            let candidates = &self.basis.jobs[job].candidates;
            field.of(job).min_by_key(|&one| (candidates[one].at, one))
        };
        let chosen: PerJob<Option<CandidateIndex>> = self.basis.jobs.keys().map(first).collect();
        let costs = ScheduleCosts::new(self.basis, &chosen);
        let change = |job: JobIndex| field.of(job).map(|one| self.basis.change_cost(job, one)).min().unwrap_or(0);
        let changes: Cost = self.basis.jobs.keys().map(change).sum();
        let tariffs = &self.basis.tariffs;
        let found =
            self.ranges[range].space.below(tariffs, &costs, incumbent - changes, Beyond::bounded(tariffs.rises));
        effort.spend(found.states);
        match found.pauses {
            Some(pauses) if found.whole || tariffs.rises => Some(pauses.cost + changes),
            Some(_) => Some(0),
            None if found.whole || tariffs.rises => None,
            None => Some(0),
        }
    }
}
