//! Which candidates of each job are still open.

use super::super::basis::Basis;
use super::super::capacity::Capacities;

/// What stays the same in a whole search: cells, and which cell each candidate ends.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The cells.
    pub capacities: Capacities,
    /// First cell in which a job is done by a candidate, by job and candidate.
    pub ends: Vec<Vec<usize>>,
}

impl Frame {
    /// The frame of a project.
    pub fn new(basis: &Basis<'_>) -> Self {
        let capacities = Capacities::new(basis);
        let end = |job: usize, candidate: usize| {
            let day = basis.jobs[job].candidates[candidate].day;
            capacities.of_day[day] + basis.instants[job][candidate] + 1
        };
        let ends = (0..basis.jobs.len())
            .map(|job| (0..basis.jobs[job].candidates.len()).map(|candidate| end(job, candidate)).collect())
            .collect();
        Frame { ends, capacities }
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.capacities.cells.len()
    }
}

/// The candidates that are still open.
#[derive(Clone, Debug)]
pub struct Field {
    open: Vec<Vec<bool>>,
}

impl Field {
    /// All candidates.
    pub fn whole(basis: &Basis<'_>) -> Self {
        Field { open: basis.jobs.iter().map(|job| vec![true; job.candidates.len()]).collect() }
    }

    /// Whether a candidate is open.
    pub fn is_open(&self, job: usize, candidate: usize) -> bool {
        self.open[job][candidate]
    }

    /// The open candidates of a job, rising.
    pub fn of(&self, job: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.open[job].iter().enumerate().filter(|(_, open)| **open).map(|(candidate, _)| candidate)
    }

    /// Number of open candidates of a job.
    pub fn count(&self, job: usize) -> usize {
        self.open[job].iter().filter(|open| **open).count()
    }

    /// Closes a candidate.
    pub fn close(&mut self, job: usize, candidate: usize) {
        self.open[job][candidate] = false;
    }

    /// Closes the candidates of a job that do not pass.
    pub fn keep(&mut self, job: usize, passes: impl Fn(usize) -> bool) {
        self.open[job].iter_mut().enumerate().for_each(|(candidate, open)| *open = *open && passes(candidate));
    }

    /// The first cell that a job may find itself done in, and the first in which it is done for certain; `None` if nothing is open.
    pub fn span(&self, frame: &Frame, job: usize) -> Option<(usize, usize)> {
        let mut ends = self.of(job).map(|candidate| frame.ends[job][candidate]);
        let first = ends.next()?;
        Some(ends.fold((first, first), |(low, high), end| (low.min(end), high.max(end))))
    }
}
