//! The prices, and what jobs choose at them.

use super::field::{CellFrame, OpenCandidates};
use crate::basis::Basis;
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, JobIndex, PerCandidate, PerCrew, PerJob};
use crate::jobs::{Candidate, Job};

/// Prices, as whole numbers.
#[derive(Clone, Debug)]
pub struct Prices {
    /// What a job pays for not being done, by job and cell.
    pub waits: PerJob<Vec<Cost>>,
    /// A place of a crew, by crew and day; never below 0.
    pub places: PerCrew<Vec<Cost>>,
    /// A cut-over on one of the days of a gap, by the gap's first day; never below 0.
    pub gaps: Vec<Cost>,
    /// Having begun by a day although what is waited for was not done before it, by link and day; never below 0.
    pub links: Vec<Vec<Cost>>,
}

/// A job that waits for another: the later one, then the earlier.
pub(super) type Link = (JobIndex, JobIndex);

/// What the jobs choose.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// The cheapest open candidate of each job.
    pub chosen: PerJob<CandidateIndex>,
    /// What it costs.
    pub costs: PerJob<Cost>,
}

/// All links of a project.
pub(super) fn links(basis: &Basis<'_>) -> Vec<Link> {
    let of_job = |job: JobIndex| basis.jobs[job].after.iter().map(move |&other| (job, other));
    basis.jobs.keys().flat_map(of_job).collect()
}

impl Prices {
    /// No price on anything but waiting.
    pub fn free(basis: &Basis<'_>, waits: PerJob<Vec<Cost>>) -> Self {
        let days = basis.project.days();
        Prices {
            waits,
            places: vec![vec![0; days]; basis.project.crews.len()].into(),
            gaps: vec![0; if basis.project.gap_days > 0 { days } else { 0 }],
            links: vec![vec![0; days]; links(basis).len()],
        }
    }

    /// What does not hang on what jobs choose: the places and gaps there are, with a minus.
    pub fn constant(&self, basis: &Basis<'_>) -> Cost {
        let crews = self.places.iter().zip(&basis.project.crews);
        let places: Cost = crews.map(|(days, crew)| days.iter().sum::<Cost>() * Cost::from(crew.jobs)).sum();
        -places - self.gaps.iter().sum::<Cost>()
    }

    /// What each candidate of a job costs at the prices and as a change of the former plan, closed ones as well.
    pub fn of_job(&self, basis: &Basis<'_>, frame: &CellFrame, sums: &DaySums, job: JobIndex) -> PerCandidate<Cost> {
        let waits = &self.waits[job];
        let mut waited = Vec::with_capacity(waits.len() + 1);
        let mut sum = 0;
        waited.push(0);
        for price in waits {
            sum += price;
            waited.push(sum);
        }
        let candidates = basis.jobs[job].candidates.iter_enumerated().zip(&frame.ends[job]);
        let price = |((index, candidate), &end): ((CandidateIndex, &Candidate), &usize)| {
            waited[end] + self.taken(candidate) + sums.of(job, candidate) + basis.change_cost(job, index)
        };
        candidates.map(price).collect()
    }

    /// What each candidate of all jobs costs at the prices on rules alone, beside costs of its own.
    pub(super) fn of_rules(
        &self,
        basis: &Basis<'_>,
        links: &[Link],
        costs: &PerJob<PerCandidate<Cost>>,
    ) -> PerJob<PerCandidate<Cost>> {
        let sums = DaySums::new(basis, self, links);
        let of_job = |(job, work): (JobIndex, &Job)| {
            let candidates = work.candidates.iter().zip(&costs[job]);
            candidates.map(|(one, cost)| cost + self.taken(one) + sums.of(job, one)).collect()
        };
        basis.jobs.iter_enumerated().map(of_job).collect()
    }

    fn taken(&self, candidate: &Candidate) -> Cost {
        let places = &self.places[candidate.crew];
        candidate.busy.iter().map(|&day| places[day]).sum()
    }

    /// The cheapest open candidates; `None` if a job has none.
    pub fn choose(&self, basis: &Basis<'_>, frame: &CellFrame, links: &[Link], field: &OpenCandidates) -> Option<Side> {
        let sums = DaySums::new(basis, self, links);
        let mut side = Side::default();
        for job in basis.jobs.keys() {
            let costs = self.of_job(basis, frame, &sums, job);
            let best = field.of(job).min_by_key(|&candidate| costs[candidate])?;
            side.chosen.push(best);
            side.costs.push(costs[best]);
        }
        Some(side)
    }
}

/// Prices of gaps and links summed up by day, so that a candidate is priced at once.
pub struct DaySums {
    /// What a cut-over on a day pays for gaps.
    gaps: Vec<Cost>,
    /// What a job pays for beginning on a day, and what it gains by its cut-over on a day.
    begins: PerJob<Vec<Cost>>,
    gains: PerJob<Vec<Cost>>,
}

impl DaySums {
    /// Sums up.
    pub fn new(basis: &Basis<'_>, prices: &Prices, links: &[Link]) -> Self {
        let days = basis.project.days();
        let reach = basis.project.gap_days as usize;
        let of_day = |day: usize| prices.gaps[day.saturating_sub(reach.saturating_sub(1))..=day].iter().sum();
        let gaps = if reach > 0 { (0..days).map(of_day).collect() } else { vec![0; days] };
        let of_jobs: PerJob<Vec<Cost>> = basis.jobs.iter().map(|_| Vec::new()).collect();
        let (mut begins, mut gains) = (of_jobs.clone(), of_jobs);
        for (&(job, other), by_day) in links.iter().zip(&prices.links) {
            begins[job].resize(days, 0);
            let mut sum = 0;
            for day in (0..days).rev() {
                sum += by_day[day];
                begins[job][day] += sum;
            }
            gains[other].resize(days, 0);
            let mut sum = 0;
            for day in (0..days).rev() {
                gains[other][day] += sum;
                sum += by_day[day];
            }
        }
        DaySums { gaps, begins, gains }
    }

    fn of(&self, job: JobIndex, candidate: &Candidate) -> Cost {
        let begin = self.begins[job].get(candidate.busy[0]).copied().unwrap_or(0);
        let gain = self.gains[job].get(candidate.day).copied().unwrap_or(0);
        self.gaps[candidate.day] + begin - gain
    }
}
