//! A cost that no plan can beat, for fleets too large to search.
//!
//! On every day and in every state of the clocks the servers still under enforcement cost least if the crews had by then done
//! those that matter most just then. How much can be done by an instant is limited by the crews' places in windows, by their
//! days, and by the tenant's gaps; the best choice within each limit alone, with the last server in parts, is a fractional
//! knapsack (G. B. Dantzig, "Discrete-variable extremum problems", *Operations Research* 5 (1957)). The cheapest pauses
//! for these costs bound every plan, whatever its pauses.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::basis::Basis;
use super::clocks::Rows;
use super::pauses::{DayCosts, Pauses};
use super::tariff::Cost;

/// The pauses that would be best if the crews could always have done what matters most, and the cost no plan can beat.
pub fn bound(basis: &Basis<'_>) -> Pauses {
    basis.space.best(&basis.tariffs, &Relaxed::new(basis))
}

/// A job as the knapsacks see it.
#[derive(Clone, Copy, Debug)]
struct Item {
    group: usize,
    volume: Cost,
    /// Days of crew it takes at least.
    days: u64,
    /// Crews that share this job's capacity.
    pool: usize,
    /// Day and place of the first cut-over.
    first: (usize, usize),
}

/// What can be done by an instant.
#[derive(Clone, Debug, Default)]
struct Capacity {
    /// Places in windows by pool.
    places: Vec<u64>,
    /// Days of crew by pool.
    days: Vec<u64>,
    /// Cut-overs that the gaps allow.
    cut_overs: u64,
}

/// Day, stretch and the price of each group.
type Asked = (usize, usize, Vec<Cost>);

struct Relaxed<'b> {
    basis: &'b Basis<'b>,
    items: Vec<Item>,
    totals: Vec<Cost>,
    /// Capacity before each stretch of a day, the day's first cut-over counted from stretch 1 on.
    capacities: Vec<Vec<Capacity>>,
    /// Savings that were worked out.
    known: RefCell<BTreeMap<Asked, Cost>>,
}

impl<'b> Relaxed<'b> {
    fn new(basis: &'b Basis<'b>) -> Self {
        let pools = pools(basis);
        let item = |job: usize| {
            let candidates = &basis.jobs[job].candidates;
            let first = candidates.first().map_or((usize::MAX, 0), |first| (first.day, basis.instants[job][0]));
            let days = candidates.iter().map(|candidate| candidate.busy.len() as u64).min().unwrap_or(1);
            let pool = candidates.first().map_or(0, |first| pools[first.crew]);
            Item { group: basis.groups[job], volume: basis.volumes[job], days, pool, first }
        };
        let items: Vec<Item> = (0..basis.jobs.len()).map(item).collect();
        let mut totals = vec![0; basis.tariffs.groups.len()];
        items.iter().for_each(|item| totals[item.group] += item.volume);
        Relaxed { basis, totals, items, capacities: capacities(basis, &pools), known: RefCell::default() }
    }

    /// The most that servers done before a stretch of a day can save in it, at these prices by group.
    fn saved(&self, day: usize, stretch: usize, prices: &[Cost]) -> Cost {
        let key = (day, stretch, prices.to_vec());
        if let Some(&saved) = self.known.borrow().get(&key) {
            return saved;
        }
        let capacity = &self.capacities[day][stretch];
        let worth = |item: &Item| item.volume * prices[item.group];
        let done = |item: &&Item| item.first < (day, stretch) && worth(item) > 0;
        let items: Vec<&Item> = self.items.iter().filter(done).collect();
        let by_pool = |pool: usize| {
            let own: Vec<&Item> = items.iter().filter(|item| item.pool == pool).copied().collect();
            let places = knapsack(own.iter().map(|item| (worth(item), 1)), capacity.places[pool]);
            places.min(knapsack(own.iter().map(|item| (worth(item), item.days)), capacity.days[pool]))
        };
        let pooled: Cost = (0..capacity.places.len()).map(by_pool).sum();
        let saved = pooled.min(knapsack(items.iter().map(|item| (worth(item), 1)), capacity.cut_overs));
        self.known.borrow_mut().insert(key, saved);
        saved
    }
}

impl DayCosts for Relaxed<'_> {
    fn day(&self, day: usize, rows: &Rows, paused: bool) -> Cost {
        let tariffs = &self.basis.tariffs;
        let groups = 0..self.totals.len();
        let row = |group| self.basis.space.clocks.row(rows, group);
        let instants = tariffs.instants(day).len();
        let up_to = |group: usize, stretch: usize| match stretch {
            0 => 0,
            _ if stretch > instants => tariffs.whole(group, row(group), day, paused).unwrap_or(0),
            _ => tariffs.part(group, row(group), day, stretch - 1, paused).unwrap_or(0),
        };
        let stretch_cost = |stretch: usize| {
            let prices: Vec<Cost> =
                groups.clone().map(|group| up_to(group, stretch + 1) - up_to(group, stretch)).collect();
            let all: Cost = prices.iter().zip(&self.totals).map(|(price, total)| price * total).sum();
            if all == 0 { 0 } else { all - self.saved(day, stretch, &prices) }
        };
        (0..=instants).map(stretch_cost).sum()
    }
}

/// The most worth that fits, the last item in parts, rounded up.
fn knapsack(items: impl Iterator<Item = (Cost, u64)>, mut room: u64) -> Cost {
    let mut items: Vec<(Cost, u64)> = items.collect();
    // Worth by size, falling: a/b > c/d as a*d > c*b.
    items.sort_by(|a, b| (b.0 * Cost::from(a.1)).cmp(&(a.0 * Cost::from(b.1))));
    let mut worth = 0;
    for (value, size) in items {
        if size > room {
            return worth + (value * Cost::from(room) + Cost::from(size) - 1) / Cost::from(size.max(1));
        }
        room -= size;
        worth += value;
    }
    worth
}

/// Crews that can stand in for one another in any job share a pool.
fn pools(basis: &Basis<'_>) -> Vec<usize> {
    let mut pools: Vec<usize> = (0..basis.project.crews.len()).collect();
    for job in &basis.jobs {
        let crews = &basis.project.servers[job.server].crews;
        let joined = crews.iter().map(|&crew| pools[crew]).min().unwrap_or(0);
        let old: Vec<usize> = crews.iter().map(|&crew| pools[crew]).collect();
        pools.iter_mut().filter(|pool| old.contains(pool)).for_each(|pool| *pool = joined);
    }
    pools
}

fn capacities(basis: &Basis<'_>, pools: &[usize]) -> Vec<Vec<Capacity>> {
    let project = basis.project;
    let candidates = || {
        basis.jobs.iter().enumerate().flat_map(|(job, work)| {
            work.candidates.iter().enumerate().map(move |(place, candidate)| (candidate, basis.instants[job][place]))
        })
    };
    // First place of the day on which a crew has a cut-over, and whether it can be busy on a day at all.
    let mut opens = vec![vec![None; project.days()]; pools.len()];
    let mut works = vec![vec![false; project.days()]; pools.len()];
    for (candidate, instant) in candidates() {
        let open = &mut opens[candidate.crew][candidate.day];
        *open = Some(open.map_or(instant, |other: usize| other.min(instant)));
        candidate.busy.iter().for_each(|&day| works[candidate.crew][day] = true);
    }
    let (mut sum, mut all) =
        (Capacity { places: vec![0; pools.len()], days: vec![0; pools.len()], cut_overs: 0 }, Vec::new());
    let mut last_cut_over: Option<usize> = None;
    for day in 0..project.days() {
        let before = sum.clone();
        for (crew, &pool) in pools.iter().enumerate() {
            sum.days[pool] += u64::from(project.crews[crew].jobs) * u64::from(works[crew][day]);
        }
        let stretches = (0..=basis.tariffs.instants(day).len()).map(|stretch| {
            let mut here =
                Capacity { days: if stretch == 0 { before.days.clone() } else { sum.days.clone() }, ..sum.clone() };
            for (crew, &pool) in pools.iter().enumerate() {
                let open = opens[crew][day].is_some_and(|instant| instant < stretch);
                here.places[pool] += u64::from(project.crews[crew].jobs) * u64::from(open);
            }
            let any = opens.iter().any(|crew| crew[day].is_some_and(|instant| instant < stretch));
            here.cut_overs = cut_overs(project.gap_days, before.cut_overs, any, day, last_cut_over);
            here
        });
        let stretches: Vec<Capacity> = stretches.collect();
        let end = &stretches[stretches.len() - 1];
        (sum.places, sum.days) = (end.places.clone(), sum.days.clone());
        if end.cut_overs > before.cut_overs {
            last_cut_over = Some(day);
        }
        sum.cut_overs = end.cut_overs;
        all.push(stretches);
    }
    all
}

/// Cut-overs that the gaps allow up to a day: with a gap, as early as each can be, one after the other.
fn cut_overs(gap_days: u32, before: u64, any: bool, day: usize, last: Option<usize>) -> u64 {
    if gap_days == 0 {
        return u64::MAX;
    }
    let free = last.is_none_or(|last| day - last >= gap_days as usize);
    before + u64::from(any && free)
}
