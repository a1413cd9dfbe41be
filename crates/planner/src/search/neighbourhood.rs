//! Improves a schedule at given prices: again and again, a few jobs are taken out and put back in the best way.
//!
//! Large-neighbourhood search (P. Shaw, CP 1998): which jobs go out is drawn (jobs near one another in time, or any), and the best
//! way to put them back is found by a complete search, or as complete as its share of nodes allows.

use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, JobIndex, JobSlice, PerCandidate};
use crate::search::effort::Effort;
use crate::search::room::Room;
use crate::search::schedule::{Ledger, Schedule};

/// Nodes of one complete search.
const NODES_MAX: u32 = 3_000;
/// Units that a node takes for each job that is out.
const UNITS_PER_LOOK: u64 = 4;

/// Numbers for the search alone, from SplitMix64 (G. L. Steele and others, OOPSLA 2014).
#[derive(Clone, Debug)]
pub struct Lots(u64);

impl Lots {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Lots(seed)
    }

    /// A number below `most`, which is at least 1.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ word >> 31) % most as u64) as usize
    }
}

/// A schedule that is bettered at given prices.
pub struct Neighbourhood<'b> {
    room: &'b Room<'b>,
    prices: &'b JobSlice<PerCandidate<Cost>>,
    ledger: Ledger<'b>,
}

/// A complete search over the jobs that are out.
struct Refill<'n, 'b> {
    around: &'n mut Neighbourhood<'b>,
    best: Cost,
    found: Option<Vec<(JobIndex, CandidateIndex)>>,
    nodes: u32,
    looks: u64,
}

impl<'b> Neighbourhood<'b> {
    /// Begins with a schedule that keeps every rule.
    pub fn new(room: &'b Room<'b>, prices: &'b JobSlice<PerCandidate<Cost>>, schedule: &Schedule) -> Self {
        let mut ledger = room.empty.clone();
        schedule.iter_enumerated().for_each(|(job, &candidate)| ledger.put(job, candidate));
        Neighbourhood { room, prices, ledger }
    }

    /// The schedule as it stands.
    pub fn schedule(&self) -> Schedule {
        self.ledger.schedule().unwrap_or_default()
    }

    /// Tries neighbourhoods; `true` if the schedule became cheaper. Of equal ones the last is kept.
    ///
    /// - `tries`: neighbourhoods without progress after which it ends.
    pub fn better(&mut self, lots: &mut Lots, tries: usize, effort: &mut Effort) -> bool {
        let (mut better, mut idle) = (false, 0);
        while idle < tries && !effort.is_spent() {
            let out = self.draw(lots);
            idle += 1;
            if self.refill(out, effort) {
                (better, idle) = (true, 0);
            }
        }
        better
    }

    /// Jobs to be taken out: some near one in time, of one crew, or any.
    fn draw(&self, lots: &mut Lots) -> Vec<JobIndex> {
        let jobs = self.room.jobs.len();
        let size = (3 + lots.below(5)).min(jobs);
        let first = JobIndex::from(lots.below(jobs));
        let mut out = vec![first];
        let day = |job: JobIndex| self.ledger.chosen(job).map_or(0, |candidate| candidate.day);
        let crew = |job: JobIndex| self.ledger.chosen(job).map(|candidate| candidate.crew);
        let kind = lots.below(3);
        let mut others: Vec<(usize, JobIndex)> =
            self.room.jobs.keys().filter(|&job| job != first).map(|job| (0, job)).collect();
        for (key, job) in &mut others {
            let far = day(*job).abs_diff(day(first));
            *key = match kind {
                0 => far * 4 + lots.below(40),
                1 => far * 4 + lots.below(20) + if crew(*job) == crew(first) { 0 } else { 200 },
                _ => lots.below(1000),
            };
        }
        others.sort_unstable();
        out.extend(others.iter().take(size - 1).map(|other| other.1));
        out.sort_by_key(|&job| (std::cmp::Reverse(self.room.volumes[job]), job));
        out
    }

    /// Puts these jobs back as well as can be; whether that is cheaper than before.
    fn refill(&mut self, out: Vec<JobIndex>, effort: &mut Effort) -> bool {
        let before: Vec<(JobIndex, CandidateIndex)> =
            out.iter().filter_map(|&job| Some((job, self.ledger.candidate_of(job)?))).collect();
        out.iter().for_each(|&job| self.ledger.take(job));
        let cost = before.iter().map(|&(job, candidate)| self.prices[job][candidate]).sum();
        let mut refill = Refill { around: self, best: cost, found: None, nodes: NODES_MAX, looks: 0 };
        refill.search(&out, &mut Vec::new(), 0);
        let (found, looks, best) = (refill.found, refill.looks, refill.best);
        effort.spend(looks * UNITS_PER_LOOK);
        let put = found.unwrap_or(before);
        put.into_iter().for_each(|(job, candidate)| self.ledger.put(job, candidate));
        best < cost
    }
}

impl Refill<'_, '_> {
    /// Puts back the jobs that are left; what is found costs less than the best, or as much at the first.
    fn search(&mut self, left: &[JobIndex], put: &mut Vec<(JobIndex, CandidateIndex)>, spent: Cost) {
        self.nodes = self.nodes.saturating_sub(1);
        self.looks += left.len() as u64 + 1;
        let Some(lowest) = self.lowest(left) else { return };
        if self.beaten(spent + lowest) {
            return;
        }
        let Some((&job, rest)) = left.split_first() else {
            (self.best, self.found) = (spent, Some(put.clone()));
            return;
        };
        let others = match self.lowest(rest) {
            Some(others) => spent + others,
            None => return,
        };
        // The former date first: all other prices rise.
        let kept = self.around.room.kept[job];
        let rising = self.around.prices[job].keys().filter(|&candidate| Some(candidate) != kept);
        for candidate in kept.into_iter().chain(rising) {
            let price = self.around.prices[job][candidate];
            if self.nodes == 0 || Some(candidate) != kept && self.beaten(others + price) {
                return;
            }
            self.looks += 1;
            if self.around.ledger.fits(job, candidate) {
                self.around.ledger.put(job, candidate);
                put.push((job, candidate));
                self.search(rest, put, spent + price);
                put.pop();
                self.around.ledger.take(job);
            }
        }
    }

    fn beaten(&self, cost: Cost) -> bool {
        cost > self.best || cost == self.best && self.found.is_some()
    }

    /// What these jobs cost at least: each at the first candidate that fits, or at its former date.
    fn lowest(&self, jobs: &[JobIndex]) -> Option<Cost> {
        let price = |&job: &JobIndex| {
            let (prices, ledger) = (&self.around.prices[job], &self.around.ledger);
            let first = prices[ledger.first_fit(job)?];
            let kept = self.around.room.kept[job].filter(|&kept| prices[kept] < first && ledger.fits(job, kept));
            Some(kept.map_or(first, |kept| prices[kept]))
        };
        jobs.iter().map(price).sum()
    }
}
