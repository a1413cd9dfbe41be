//! A cost that no plan can beat, for fleets too large to search, and the pauses and the order of jobs that it suggests.
//!
//! For the [relaxed](crate::search::relaxed) costs the best pauses are found exactly, so their cost bounds every plan. What is relaxed is
//! that a job once done stays done, and that a job waits for others; a price on each breach makes the bound rise. Prices are
//! bettered by subgradient steps (B. T. Polyak, *USSR Computational Mathematics* 9 (1969)), first for the pauses known so far,
//! which is quick, then all pauses are searched anew.

use crate::basis::Basis;
use crate::cost::pauses::Pauses;
use crate::cost::tariff::Cost;
use crate::index::{JobIndex, PerGroup, PerJob};
use crate::search::relaxed::Relaxed;

/// Most searches of all pauses.
const ROUNDS_MAX: usize = 4;
/// The search ends where the bound is within this part of the incumbent: nobody needs to know it better.
const ENOUGH: Cost = 50;
/// Links of jobs to what they wait for that are priced, at most: leaving some out only lowers the bound.
const LINKS_MAX: usize = 2_000;
/// Steps between two such searches.
const STEPS: usize = 60;

/// What the relaxed costs tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// A cost that no plan can beat.
    pub cost: Cost,
    /// Pauses that were best at some prices, the first without any.
    pub pauses: Vec<Vec<bool>>,
    /// The jobs in the order in which the relaxed plan does them.
    pub order: Vec<JobIndex>,
}

/// A breach that is priced: the first job is done in its cell although the second is not done in its own.
#[derive(Clone, Copy, Debug)]
struct Rule {
    done: (JobIndex, usize),
    needs: (JobIndex, usize),
}

/// Pauses with what each cell costs under them.
struct Path {
    days: Vec<bool>,
    /// By cell and group.
    prices: Vec<PerGroup<Cost>>,
    pause_cost: Cost,
}

struct Tightening<'b> {
    basis: &'b Basis<'b>,
    relaxed: Relaxed<'b>,
    rules: Vec<Rule>,
    /// Price of each breach.
    multipliers: Vec<Cost>,
    paths: Vec<Path>,
    /// Cell in which each job is first done, in the relaxed plan that was best so far.
    finish: PerJob<usize>,
    best: Cost,
    pace: f64,
}

/// The cost that no plan can beat without any price on breaches, and the best pauses for it.
pub fn quick_bound(basis: &Basis<'_>) -> Pauses {
    basis.space.bound(&basis.tariffs, &Relaxed::new(basis)).0
}

/// A cost that no plan can beat, close to the best one.
///
/// - `first`: what [`quick_bound`] found.
/// - `incumbent`: the cost of some plan; the search stops where the bound comes within a fiftieth of it.
pub fn bound(basis: &Basis<'_>, first: Pauses, incumbent: Cost) -> Bound {
    let relaxed = Relaxed::new(basis);
    let rules = rules(basis, &relaxed);
    let finish = relaxed.items.iter().map(|item| item.first).collect();
    let multipliers = vec![0; rules.len()];
    let best = Cost::MIN;
    let mut search = Tightening { basis, relaxed, rules, multipliers, paths: Vec::new(), finish, best, pace: 1.0 };
    let (mut cost, mut found) = (first.cost, first.days);
    for _ in 0..ROUNDS_MAX {
        if basis.watch.is_stopped()
            || search.paths.iter().any(|path| path.days == found)
            || incumbent - cost <= incumbent / ENOUGH
        {
            break;
        }
        search.add(found);
        search.tighten(incumbent);
        let pauses = basis.space.bound(&basis.tariffs, &search.relaxed).0;
        cost = cost.max(pauses.cost);
        found = pauses.days;
    }
    if search.paths.iter().all(|path| path.days != found) {
        search.add(found);
    }
    let mut order: Vec<JobIndex> = search.finish.keys().collect();
    order.sort_by_key(|&job| (search.finish[job], std::cmp::Reverse(basis.volumes[job]), job));
    Bound { cost, pauses: search.paths.into_iter().map(|path| path.days).collect(), order }
}

/// A job done in a cell is done in the next, and what a job waits for was done by the evening before its work began.
fn rules(basis: &Basis<'_>, relaxed: &Relaxed<'_>) -> Vec<Rule> {
    let cells = &relaxed.capacities.cells;
    let mut rules = Vec::new();
    let links = (LINKS_MAX / relaxed.items.len().max(1)).max(4);
    for (job, item) in relaxed.items.iter_enumerated() {
        rules.extend((item.first + 1..cells.len()).map(|cell| Rule { done: (job, cell - 1), needs: (job, cell) }));
        for &other in basis.jobs[job].after.iter().take(links) {
            let before = |cell: usize| {
                let work_begins = cells[cell].day.checked_sub(item.days as usize - 1)?;
                relaxed.capacities.of_day[work_begins].checked_sub(1)
            };
            let rule = |cell: usize| Some(Rule { done: (job, cell), needs: (other, before(cell)?) });
            rules.extend((item.first..cells.len()).filter_map(rule));
        }
    }
    rules
}

impl Tightening<'_> {
    fn add(&mut self, days: Vec<bool>) {
        let rows = self.basis.space.rows(&self.basis.tariffs, &days);
        let prices = (0..days.len()).flat_map(|day| self.relaxed.prices(day, &rows[day], days[day])).collect();
        let pause_cost = self.basis.space.pause_cost(&days);
        self.paths.push(Path { days, prices, pause_cost });
        self.best = Cost::MIN;
    }

    /// Improves the multipliers for the pauses known so far.
    fn tighten(&mut self, incumbent: Cost) {
        let mut kept = self.multipliers.clone();
        let mut idle = 0;
        for _ in 0..STEPS {
            if self.basis.watch.is_stopped() {
                return;
            }
            let Some((cost, shares)) = self.cheapest() else { return };
            if cost > self.best {
                (self.best, idle) = (cost, 0);
                kept.clone_from(&self.multipliers);
                self.note_finish(&shares);
            } else {
                idle += 1;
            }
            if idle == 5 {
                (self.pace, idle) = (self.pace / 2.0, 0);
            }
            self.step(&shares, (incumbent - cost).max(0));
        }
        self.multipliers = kept;
        self.shift();
    }

    /// The cheapest of the known pauses at these prices, and how much of each job is done, by cell.
    fn cheapest(&self) -> Option<(Cost, Vec<PerJob<f64>>)> {
        let of_path = |path: &Path| {
            let mut shares = vec![PerJob::new(); path.prices.len()];
            let cells = path.prices.iter().zip(&mut shares).enumerate();
            let cost: Cost = cells.map(|(cell, (prices, shares))| self.relaxed.cell(cell, prices, shares)).sum();
            (cost + path.pause_cost, shares)
        };
        self.paths.iter().map(of_path).min_by_key(|found| found.0)
    }

    fn note_finish(&mut self, shares: &[PerJob<f64>]) {
        for (job, finish) in self.finish.iter_mut_enumerated() {
            *finish = shares.iter().position(|cell| cell[job] > 0.5).unwrap_or(shares.len());
        }
    }

    /// A step along the breaches, as long as would close the distance if costs rose in proportion.
    fn step(&mut self, shares: &[PerJob<f64>], distance: Cost) {
        let share = |(job, cell): (JobIndex, usize)| shares[cell][job];
        let breaches: Vec<f64> = self.rules.iter().map(|rule| share(rule.done) - share(rule.needs)).collect();
        // A price of 0 on what is kept cannot fall any further and does not count.
        let moves = |(breach, price): (&f64, &Cost)| if *breach < 0.0 && *price == 0 { 0.0 } else { breach * breach };
        let length: f64 = breaches.iter().zip(&self.multipliers).map(moves).sum();
        if length == 0.0 {
            return;
        }
        let by = self.pace * distance as f64 / length;
        for (price, breach) in self.multipliers.iter_mut().zip(&breaches) {
            *price = (*price + libm::round(by * breach) as Cost).max(0);
        }
        self.shift();
    }

    /// Hands the prices on to the relaxed costs.
    fn shift(&mut self) {
        let mut shifts = PerJob::from(vec![vec![0; self.relaxed.capacities.cells.len()]; self.relaxed.items.len()]);
        for (rule, price) in self.rules.iter().zip(&self.multipliers) {
            shifts[rule.done.0][rule.done.1] -= price;
            shifts[rule.needs.0][rule.needs.1] += price;
        }
        self.relaxed.set_shifts(shifts);
    }
}
