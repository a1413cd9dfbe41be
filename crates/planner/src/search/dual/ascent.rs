//! Raises the lower bound by subgradient steps of the prices.
//!
//! Between two searches over all pauses only the pauses found so far are looked at, which is quick; steps are Polyak's along the breaches,
//! scaled by what a job has to lose in each cell.

use super::field::{CellFrame, OpenCandidates};
use super::paths::Path;
use super::prices::{DaySums, Link, Prices, Side, links};
use super::pull::Pull;
use crate::basis::Basis;
use crate::cost::pauses::LOWEST;
use crate::cost::tariff::Cost;
use crate::index::{JobIndex, PerCandidate, PerCrew, PerJob};
use crate::search::effort::Effort;

/// Paths that stand for all pauses.
const PATHS_MAX: usize = 8;
/// Steps without progress after which they become half as long.
const IDLE_MAX: usize = 6;

/// What stays the same in all ascents of a project.
pub struct Ascent<'b> {
    basis: &'b Basis<'b>,
    /// Cells and ends.
    pub frame: CellFrame,
    links: Vec<Link>,
    /// What a job has to lose in each cell, by job and cell: the scale of its price.
    scales: PerJob<Vec<f64>>,
    /// The scale of a place of a crew.
    place_scale: f64,
}

/// Where an ascent has come to.
#[derive(Clone, Debug)]
pub struct Climb {
    /// A cost that no plan in the field can beat.
    pub bound: Cost,
    /// The prices that give it.
    pub prices: Prices,
    /// Pauses that were best on the way, the latest last.
    pub paths: Vec<Path>,
    /// What jobs chose at the prices on average: mean cell of the end, and how far from it, by job.
    pub spread: PerJob<(f64, f64)>,
}

impl<'b> Ascent<'b> {
    /// Makes ready.
    pub fn new(basis: &'b Basis<'b>) -> Self {
        let frame = CellFrame::new(basis);
        let none = Path::new(basis, &frame, &vec![false; basis.project.days()]);
        let scale = |job: JobIndex| {
            let units = &none.units[basis.groups[job]];
            units.iter().map(|&unit| (basis.volumes[job] * unit) as f64).collect::<Vec<f64>>()
        };
        let scales: PerJob<Vec<f64>> = basis.jobs.keys().map(scale).collect();
        let whole: f64 = scales.iter().flatten().sum();
        let place_scale = whole / (scales.len().max(1) * basis.project.days().max(1)) as f64;
        Ascent { links: links(basis), frame, scales, place_scale, basis }
    }

    /// Prices under which jobs pay what cells cost under some pauses.
    pub fn begin(&self, pauses: &[bool]) -> Climb {
        let path = Path::new(self.basis, &self.frame, pauses);
        let of_job = |job: JobIndex| {
            path.units[self.basis.groups[job]].iter().map(|unit| unit * self.basis.volumes[job]).collect()
        };
        let waits = self.basis.jobs.keys().map(of_job).collect();
        let prices = Prices::free(self.basis, waits);
        Climb { bound: LOWEST, prices, paths: vec![path], spread: PerJob::new() }
    }

    /// The bound at some prices, exact, and the pauses that are best at them; `None` if nothing is in the field.
    pub fn value(&self, field: &OpenCandidates, prices: &Prices, effort: &mut Effort) -> Option<(Cost, Vec<bool>)> {
        let basis = self.basis;
        let side = prices.choose(basis, &self.frame, &self.links, field)?;
        let pull = Pull::new(basis, &self.frame, field, prices)?;
        let (pauses, states) = basis.space.bound(&basis.tariffs, &pull);
        effort.spend(states);
        let jobs: Cost = side.costs.iter().sum();
        Some((jobs + prices.constant(basis) + pauses.cost - pull.given_back(), pauses.days))
    }

    /// Improves the prices of a climb; the field must not be empty of any job.
    ///
    /// - `rounds`: searches of all pauses.
    /// - `steps`: steps between two of them.
    /// - `incumbent`: the cost of some plan: nothing needs to be better.
    pub fn climb(
        &self,
        field: &OpenCandidates,
        mut climb: Climb,
        (rounds, steps): (usize, usize),
        incumbent: Cost,
        effort: &mut Effort,
    ) -> Option<Climb> {
        let mut prices = climb.prices.clone();
        for round in 0..rounds {
            if climb.bound >= incumbent || effort.is_spent() && round > 0 {
                break;
            }
            climb.spread = self.steps(field, &mut prices, &climb.paths, steps, incumbent, effort)?;
            let (bound, days) = self.value(field, &prices, effort)?;
            if bound > climb.bound {
                (climb.bound, climb.prices) = (bound, prices.clone());
            }
            let is_known = climb.paths.iter().any(|path| path.days == days);
            if !is_known {
                climb.paths.push(Path::new(self.basis, &self.frame, &days));
                if climb.paths.len() > PATHS_MAX {
                    climb.paths.remove(0);
                }
            }
        }
        Some(climb)
    }

    /// What a job has to lose on average in a cell of a span.
    pub fn weight(&self, job: JobIndex, first: usize, last: usize) -> f64 {
        let scales = &self.scales[job][first..last.max(first + 1).min(self.scales[job].len())];
        scales.iter().sum::<f64>() / scales.len().max(1) as f64
    }

    /// What each open candidate adds to the bound, by job and candidate.
    pub fn extras(&self, field: &OpenCandidates, prices: &Prices) -> PerJob<PerCandidate<Cost>> {
        let sums = DaySums::new(self.basis, prices, &self.links);
        let of_job = |job: JobIndex| {
            let costs = prices.of_job(self.basis, &self.frame, &sums, job);
            let least = field.of(job).map(|candidate| costs[candidate]).min().unwrap_or(0);
            costs.into_iter().map(|cost| cost - least).collect()
        };
        self.basis.jobs.keys().map(of_job).collect()
    }

    /// Steps along the breaches for a few paths; the best prices on the way are kept.
    fn steps(
        &self,
        field: &OpenCandidates,
        prices: &mut Prices,
        paths: &[Path],
        steps: usize,
        incumbent: Cost,
        effort: &mut Effort,
    ) -> Option<PerJob<(f64, f64)>> {
        let spans: Option<PerJob<(usize, usize)>> =
            self.basis.jobs.keys().map(|job| field.span(&self.frame, job)).collect();
        let spans = spans?;
        let (mut best, mut kept, mut idle, mut pace) = (Cost::MIN, prices.clone(), 0, 1.0);
        let mut sums = PerJob::from(vec![(0.0, 0.0); spans.len()]);
        let mut count = 0.0;
        let work = spans.len() * self.frame.cells() * (2 + paths.len()) / 16;
        for _ in 0..steps {
            if effort.is_spent() {
                break;
            }
            effort.spend(work as u64);
            let side = prices.choose(self.basis, &self.frame, &self.links, field)?;
            let (path, pulled) = self.cheapest(prices, paths, &spans);
            let cost = side.costs.iter().sum::<Cost>() + prices.constant(self.basis) + pulled;
            for (job, sum) in sums.iter_mut_enumerated() {
                let end = self.frame.ends[job][side.chosen[job]] as f64;
                *sum = (sum.0 + end, sum.1 + end * end);
            }
            count += 1.0;
            if cost > best {
                (best, idle) = (cost, 0);
                kept.clone_from(prices);
            } else {
                idle += 1;
            }
            if best >= incumbent {
                break;
            }
            if idle >= IDLE_MAX {
                (pace, idle) = (pace * 0.6, 0);
                prices.clone_from(&kept);
                continue;
            }
            if !self.step(prices, &paths[path], &side, &spans, pace * (incumbent - cost) as f64) {
                break;
            }
        }
        *prices = kept;
        let of_job = |sum: (f64, f64)| {
            let mean = sum.0 / f64::max(count, 1.0);
            (mean, (sum.1 / f64::max(count, 1.0) - mean * mean).max(0.0))
        };
        Some(sums.into_iter().map(of_job).collect())
    }

    /// The path that is cheapest at the prices, and its cost.
    fn cheapest(&self, prices: &Prices, paths: &[Path], spans: &PerJob<(usize, usize)>) -> (usize, Cost) {
        let of_path = |path: &Path| {
            let mut sum = path.pause_cost;
            for (job, &(first, last)) in spans.iter_enumerated() {
                let (units, waits) = (&path.units[self.basis.groups[job]], &prices.waits[job]);
                let volume = self.basis.volumes[job];
                sum += (0..first).map(|cell| volume * units[cell] - waits[cell]).sum::<Cost>();
                sum += (first..last).map(|cell| (volume * units[cell] - waits[cell]).min(0)).sum::<Cost>();
            }
            sum
        };
        let costs = paths.iter().map(of_path).enumerate();
        costs.min_by_key(|cost| cost.1).unwrap_or((0, 0))
    }

    /// One step; whether anything was breached.
    fn step(
        &self,
        prices: &mut Prices,
        path: &Path,
        side: &Side,
        spans: &PerJob<(usize, usize)>,
        distance: f64,
    ) -> bool {
        let mut moves: Vec<(f64, &mut Cost, f64, bool)> = Vec::new();
        let basis = self.basis;
        for (job, waits) in prices.waits.iter_mut_enumerated() {
            let end = self.frame.ends[job][side.chosen[job]];
            let (units, volume) = (&path.units[basis.groups[job]], basis.volumes[job]);
            let (first, last) = spans[job];
            for (cell, wait) in waits[first..last].iter_mut().enumerate() {
                let cell = first + cell;
                let breach = f64::from(u8::from(cell < end)) - f64::from(u8::from(volume * units[cell] < *wait));
                if breach != 0.0 {
                    moves.push((breach, wait, self.scales[job][cell], false));
                }
            }
        }
        let (used, cut_overs, begun, done) = taken(basis, side);
        for (crew, days) in prices.places.iter_mut_enumerated() {
            for (day, price) in days.iter_mut().enumerate() {
                let breach = used[crew][day] - f64::from(basis.project.crews[crew].jobs);
                moves.push((breach, price, self.place_scale, true));
            }
        }
        for (day, price) in prices.gaps.iter_mut().enumerate() {
            let last = (day + basis.project.gap_days as usize).min(cut_overs.len());
            moves.push((cut_overs[day..last].iter().sum::<f64>() - 1.0, price, self.place_scale, true));
        }
        for (&(job, other), days) in self.links.iter().zip(&mut prices.links) {
            for (day, price) in days.iter_mut().enumerate() {
                let breach = f64::from(u8::from(begun[job] <= day)) - f64::from(u8::from(done[other] < day));
                moves.push((breach, price, self.place_scale, true));
            }
        }
        // A price of 0 on what is kept cannot fall any further and does not count.
        moves.retain(|(breach, price, _, floor)| *breach != 0.0 && !(*floor && *breach < 0.0 && **price == 0));
        let length: f64 = moves.iter().map(|(breach, _, scale, _)| (breach * scale).powi(2)).sum();
        if length <= 0.0 {
            return false;
        }
        for (breach, price, scale, floor) in moves {
            *price += libm::round(distance / length * breach * scale * scale) as Cost;
            if floor {
                *price = (*price).max(0);
            }
        }
        true
    }
}

/// What the chosen candidates take: crews by day, cut-overs by day, and when each job begins and is cut over.
type Taken = (PerCrew<Vec<f64>>, Vec<f64>, PerJob<usize>, PerJob<usize>);

fn taken(basis: &Basis<'_>, side: &Side) -> Taken {
    let days = basis.project.days();
    let (mut used, mut cut_overs) = (PerCrew::from(vec![vec![0.0; days]; basis.project.crews.len()]), vec![0.0; days]);
    let (mut begun, mut done) = (PerJob::new(), PerJob::new());
    for (job, &chosen) in basis.jobs.iter().zip(&side.chosen) {
        let candidate = &job.candidates[chosen];
        candidate.busy.iter().for_each(|&day| used[candidate.crew][day] += 1.0);
        cut_overs[candidate.day] += 1.0;
        begun.push(candidate.busy[0]);
        done.push(candidate.day);
    }
    (used, cut_overs, begun, done)
}
