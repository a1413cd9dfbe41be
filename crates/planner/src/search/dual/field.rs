//! Which candidates of each job are still open.

use crate::basis::Basis;
use crate::index::{CandidateIndex, JobIndex, PerCandidate, PerJob};
use crate::search::capacity::Capacities;

/// What stays the same in a whole search: cells, and which cell each candidate ends.
#[derive(Clone, Debug)]
pub struct CellFrame {
    /// The cells.
    pub capacities: Capacities,
    /// First cell in which a job is done by a candidate, by job and candidate.
    pub ends: PerJob<PerCandidate<usize>>,
}

impl CellFrame {
    /// The frame of a project.
    pub fn new(basis: &Basis<'_>) -> Self {
        let capacities = Capacities::new(basis);
        let end = |job: JobIndex, candidate: CandidateIndex| {
            let day = basis.jobs[job].candidates[candidate].day;
            capacities.of_day[day] + basis.instants[job][candidate] + 1
        };
        let ends = basis
            .jobs
            .keys()
            .map(|job| basis.jobs[job].candidates.keys().map(|candidate| end(job, candidate)).collect())
            .collect();
        CellFrame { ends, capacities }
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.capacities.cells.len()
    }
}

/// The candidates that are still open.
#[derive(Clone, Debug)]
pub struct OpenCandidates {
    open: PerJob<PerCandidate<bool>>,
}

impl OpenCandidates {
    /// All candidates.
    pub fn whole(basis: &Basis<'_>) -> Self {
        OpenCandidates { open: basis.jobs.iter().map(|job| vec![true; job.candidates.len()].into()).collect() }
    }

    /// Whether a candidate is open.
    pub fn is_open(&self, job: JobIndex, candidate: CandidateIndex) -> bool {
        self.open[job][candidate]
    }

    /// The open candidates of a job, rising.
    pub fn of(&self, job: JobIndex) -> impl DoubleEndedIterator<Item = CandidateIndex> + '_ {
        self.open[job].iter_enumerated().filter(|(_, open)| **open).map(|(candidate, _)| candidate)
    }

    /// Number of open candidates of a job.
    pub fn count(&self, job: JobIndex) -> usize {
        self.open[job].iter().filter(|open| **open).count()
    }

    /// Closes a candidate.
    pub fn close(&mut self, job: JobIndex, candidate: CandidateIndex) {
        self.open[job][candidate] = false;
    }

    /// Closes the candidates of a job that do not pass.
    pub fn keep(&mut self, job: JobIndex, passes: impl Fn(CandidateIndex) -> bool) {
        self.open[job].iter_mut_enumerated().for_each(|(candidate, open)| *open = *open && passes(candidate));
    }

    /// The first cell that a job may find itself done in, and the first in which it is done for certain; `None` if nothing is open.
    pub fn span(&self, frame: &CellFrame, job: JobIndex) -> Option<(usize, usize)> {
        let mut ends = self.of(job).map(|candidate| frame.ends[job][candidate]);
        let first = ends.next()?;
        Some(ends.fold((first, first), |(low, high), end| (low.min(end), high.max(end))))
    }
}
