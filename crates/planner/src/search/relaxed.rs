//! The cost of a plan if on every day and in every state of the clocks the crews could by then have done what matters most.
//!
//! What is done by then is limited by the crews' places in windows, by their days, and by the tenant's gaps; the best choice
//! within each limit alone, with the last server in parts, is a fractional knapsack (G. B. Dantzig, "Discrete-variable extremum
//! problems", *Operations Research* 5 (1957)). The choices of two cells need not agree: a server done in one may be undone in
//! the next. Prices on such disagreement (Lagrangian multipliers; A. M. Geoffrion, *Mathematical Programming Study* 2 (1974))
//! make it expensive, and whatever these prices are, no plan costs less.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::basis::Basis;
use crate::cost::clocks::Rows;
use crate::cost::pauses::DayCosts;
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, CrewIndex, GroupIndex, JobIndex, PerCrew, PerGroup, PerJob};
use crate::search::capacity::Capacities;
use crate::search::ready::first_days;

/// A job as the knapsacks see it.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    group: GroupIndex,
    volume: Cost,
    /// Days of crew it takes at least.
    pub days: u64,
    /// Crews that share this job's capacity.
    pool: CrewIndex,
    /// The crew, if only one can do it.
    only: Option<CrewIndex>,
    /// First cell in which it can have been done; the number of cells if it never can.
    pub first: usize,
}

/// Cell and the price of each group.
type Asked = (usize, PerGroup<Cost>);

/// The relaxed costs.
pub struct Relaxed<'b> {
    basis: &'b Basis<'b>,
    /// The jobs.
    pub items: PerJob<Item>,
    totals: PerGroup<Cost>,
    pools: PerCrew<CrewIndex>,
    /// The cells and what can be done before them.
    pub capacities: Capacities,
    /// What is added to the worth of a job that is done in a cell, by job and cell.
    shifts: PerJob<Vec<Cost>>,
    /// Savings that are known.
    known: RefCell<BTreeMap<Asked, Cost>>,
}

impl<'b> Relaxed<'b> {
    /// The relaxed costs without prices on disagreement.
    pub fn new(basis: &'b Basis<'b>) -> Self {
        let (pools, capacities) = (pools(basis), Capacities::new(basis));
        let items: PerJob<Item> = items(basis, &pools, &capacities);
        let mut totals = PerGroup::from(vec![0; basis.tariffs.groups.len()]);
        items.iter().for_each(|item| totals[item.group] += item.volume);
        let shifts = PerJob::from(vec![vec![0; capacities.cells.len()]; items.len()]);
        Relaxed { basis, items, totals, pools, capacities, shifts, known: RefCell::default() }
    }

    /// Takes other amounts to be added to the worth of jobs, by job and cell.
    pub fn set_shifts(&mut self, shifts: PerJob<Vec<Cost>>) {
        self.shifts = shifts;
        self.known.borrow_mut().clear();
    }

    /// What a server of one thousandth of a message a day costs in each cell of a day, by cell and group.
    pub fn prices(&self, day: usize, rows: &Rows, paused: bool) -> Vec<PerGroup<Cost>> {
        let tariffs = &self.basis.tariffs;
        let instants = tariffs.instants(day).len();
        let up_to = |group: GroupIndex, stretch: usize| {
            let row = self.basis.space.clocks.row(rows, group);
            match stretch {
                0 => 0,
                _ if stretch > instants => tariffs.whole(group, row, day, paused).unwrap_or(0),
                _ => tariffs.part(group, row, day, stretch - 1, paused).unwrap_or(0),
            }
        };
        let price = |stretch: usize, group: GroupIndex| up_to(group, stretch + 1) - up_to(group, stretch);
        (0..=instants).map(|stretch| self.totals.keys().map(|group| price(stretch, group)).collect()).collect()
    }

    /// Cost of a cell at these prices; `shares` is filled with how much of each job is done.
    pub fn cell(&self, cell: usize, prices: &PerGroup<Cost>, shares: &mut PerJob<f64>) -> Cost {
        self.all(prices) - self.saved(cell, prices, shares)
    }

    fn all(&self, prices: &PerGroup<Cost>) -> Cost {
        prices.iter().zip(&self.totals).map(|(price, total)| price * total).sum()
    }

    /// The most that jobs done before a cell can save in it.
    fn saved(&self, cell: usize, prices: &PerGroup<Cost>, shares: &mut PerJob<f64>) -> Cost {
        let capacity = &self.capacities.before[cell];
        let worth = |job: JobIndex| {
            let item = &self.items[job];
            item.volume * prices[item.group] + self.shifts[job][cell]
        };
        let open = self.items.keys().filter(|&job| self.items[job].first <= cell);
        let mut jobs: Vec<(JobIndex, Cost)> = open.map(|job| (job, worth(job))).filter(|job| job.1 > 0).collect();
        // The heaviest first, then the heaviest by days: a/b > c/d as a*d > c*b.
        jobs.sort_by_key(|job| std::cmp::Reverse(job.1));
        let places = self.fill(&jobs, &capacity.places, |_| 1);
        let cut_overs = jobs.len().min(usize::try_from(capacity.cut_overs).unwrap_or(usize::MAX));
        let gapped: Cost = jobs[..cut_overs].iter().map(|job| job.1).sum();
        let few = jobs[..cut_overs].to_vec();
        let days = |job: JobIndex| Cost::from(self.items[job].days);
        jobs.sort_by(|a, b| (b.1 * days(a.0)).cmp(&(a.1 * days(b.0))));
        let worked = self.fill(&jobs, &capacity.days, |job| self.items[job].days);
        self.least(places, worked, (gapped, few), shares)
    }

    /// The smaller of what places and days allow in each pool, and of that and what the gaps allow.
    fn least(
        &self,
        places: Filled,
        worked: Filled,
        gapped: (Cost, Vec<(JobIndex, Cost)>),
        shares: &mut PerJob<f64>,
    ) -> Cost {
        shares.clear();
        shares.resize(self.items.len(), 0.0);
        let tighter = |pool: CrewIndex| places.worth[pool] <= worked.worth[pool];
        let saved: Cost = places.worth.iter().zip(&worked.worth).map(|(a, b)| a.min(b)).sum();
        if gapped.0 < saved {
            gapped.1.iter().for_each(|job| shares[job.0] = 1.0);
            return gapped.0;
        }
        for (filled, wanted) in [(&places, true), (&worked, false)] {
            let own = filled.shares.iter().filter(|share| tighter(self.items[share.0].pool) == wanted);
            own.for_each(|&(job, share)| shares[job] = share);
        }
        saved
    }

    /// Fills the crews' room with jobs in this order, the last ones in parts. Rooms of jobs that only one crew can do lie within
    /// the room of its pool, so taking the best first is best (J. Edmonds, *Mathematical Programming* 1 (1971)).
    fn fill(&self, jobs: &[(JobIndex, Cost)], room: &PerCrew<u64>, size: impl Fn(JobIndex) -> u64) -> Filled {
        let mut own = room.to_vec();
        let mut pooled = PerCrew::from(vec![0; room.len()]);
        room.iter().zip(&self.pools).for_each(|(room, &pool)| pooled[pool] += room);
        let mut filled = Filled { worth: vec![0; room.len()].into(), shares: Vec::new() };
        for &(job, worth) in jobs {
            let (item, size) = (&self.items[job], size(job));
            let taken = size.min(pooled[item.pool]).min(item.only.map_or(u64::MAX, |crew| own[crew]));
            if taken == 0 {
                continue;
            }
            pooled[item.pool] -= taken;
            item.only.into_iter().for_each(|crew| own[crew] -= taken);
            let (taken, size) = (Cost::from(taken), Cost::from(size));
            // Rounded up: nothing may be saved too little.
            filled.worth[item.pool] += if taken == size { worth } else { (worth * taken + size - 1) / size };
            filled.shares.push((job, taken as f64 / size as f64));
        }
        filled
    }
}

/// Jobs that fill a room: their worth by pool, and how much of each is in.
struct Filled {
    worth: PerCrew<Cost>,
    shares: Vec<(JobIndex, f64)>,
}

impl DayCosts for Relaxed<'_> {
    fn day(&self, day: usize, rows: &Rows, paused: bool) -> Cost {
        let first = self.capacities.of_day[day];
        let cost = |(stretch, prices): (usize, PerGroup<Cost>)| {
            let all = self.all(&prices);
            let key = (first + stretch, prices);
            if let Some(&saved) = self.known.borrow().get(&key) {
                return all - saved;
            }
            let saved = self.saved(key.0, &key.1, &mut PerJob::new());
            self.known.borrow_mut().insert(key, saved);
            all - saved
        };
        self.prices(day, rows, paused).into_iter().enumerate().map(cost).sum()
    }
}

fn items(basis: &Basis<'_>, pools: &PerCrew<CrewIndex>, capacities: &Capacities) -> PerJob<Item> {
    let firsts = firsts(basis, &first_days(basis, pools, capacities));
    let item = |job: JobIndex| {
        let candidates = &basis.jobs[job].candidates;
        let crew = candidates.first().map_or(CrewIndex::from(0), |first| first.crew);
        let first = firsts[job].map_or(capacities.cells.len(), |first| {
            capacities.of_day[candidates[first].day] + basis.instants[job][first] + 1
        });
        Item {
            group: basis.groups[job],
            volume: basis.volumes[job],
            days: candidates.iter().map(|candidate| candidate.busy.len() as u64).min().unwrap_or(1),
            pool: pools[crew],
            only: candidates.iter().all(|candidate| candidate.crew == crew).then_some(crew),
            first,
        }
    };
    basis.jobs.keys().map(item).collect()
}

/// The first candidate of each job after the first ones of all it waits for.
///
/// - `first_days`: on which it can begin at the earliest.
fn firsts(basis: &Basis<'_>, first_days: &PerJob<usize>) -> PerJob<Option<CandidateIndex>> {
    let mut firsts: PerJob<Option<CandidateIndex>> = basis.jobs.iter().map(|job| job.candidates.first_key()).collect();
    // A chain of waiting has at most as many links as there are jobs.
    for _ in 0..basis.jobs.len() {
        let before = firsts.clone();
        for (index, job) in basis.jobs.iter_enumerated() {
            let day = |&other: &JobIndex| before[other].map(|first| basis.jobs[other].candidates[first].day);
            let ready = job.after.iter().filter_map(day).max();
            let later = |candidate: &crate::jobs::Candidate| {
                candidate.busy[0] >= first_days[index] && ready.is_none_or(|ready| candidate.busy[0] > ready)
            };
            firsts[index] = job.candidates.position(later);
        }
        if firsts == before {
            break;
        }
    }
    firsts
}

/// Crews that can stand in for one another in any job share a pool.
fn pools(basis: &Basis<'_>) -> PerCrew<CrewIndex> {
    let mut pools: PerCrew<CrewIndex> = basis.project.crews.keys().collect();
    for job in &basis.jobs {
        let crews = &basis.project.servers[job.server].crews;
        let joined = crews.iter().map(|&crew| pools[crew]).min();
        let old: Vec<CrewIndex> = crews.iter().map(|&crew| pools[crew]).collect();
        pools.iter_mut().filter(|pool| old.contains(pool)).for_each(|pool| *pool = joined.unwrap_or(*pool));
    }
    pools
}
