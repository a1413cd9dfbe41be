//! Betters the order in which jobs are put in, at given prices, job by job.
//!
//! Two jobs of the order are exchanged, or one is moved to the front of another, as long as that is cheaper (insertion and
//! exchange neighbourhoods; C. N. Potts and S. L. van de Velde, "Dynasearch", 1995, discuss them for such problems). What stands
//! before the two stays in, so only the rest is put in again, and only as long as it can still become cheaper.

use super::basis::Basis;
use super::schedule::{Ledger, Schedule, put_first};
use super::tariff::Cost;

/// Most jobs that are put in during one search; one takes about a fifth of a microsecond.
const PUTS_MAX: u64 = 2_000_000;
/// How far apart two jobs of the order are in the first sweeps, where most is gained.
const NEAR: usize = 8;

struct Orders<'b> {
    basis: &'b Basis<'b>,
    prices: &'b [Vec<Cost>],
    order: Vec<usize>,
    schedule: Schedule,
    cost: Cost,
    /// Holds the jobs before the place that is looked at.
    ledger: Ledger<'b>,
    /// What the jobs in the ledger cost, and at least the others.
    floor: Cost,
    puts_left: u64,
}

/// An order that is cheaper, if one is found, and its schedule.
pub fn better_order(
    basis: &Basis<'_>,
    prices: &[Vec<Cost>],
    order: Vec<usize>,
    schedule: Schedule,
) -> (Vec<usize>, Schedule) {
    let cost = total(prices, &schedule);
    let ledger = Ledger::new(basis.project, &basis.jobs);
    let mut search = Orders { basis, prices, order, schedule, cost, ledger, floor: 0, puts_left: PUTS_MAX };
    let mut before = None;
    while before != Some(search.cost) && search.puts_left > 0 {
        before = Some(search.cost);
        while search.sweep(1, NEAR) {}
        search.sweep(NEAR + 1, search.order.len());
    }
    (search.order, search.schedule)
}

/// What a schedule costs at these prices.
pub fn total(prices: &[Vec<Cost>], schedule: &Schedule) -> Cost {
    schedule.iter().zip(prices).map(|(&candidate, prices)| prices[candidate]).sum()
}

impl Orders<'_> {
    /// Tries all pairs at these distances; whether anything became cheaper.
    fn sweep(&mut self, nearest: usize, farthest: usize) -> bool {
        let before = self.cost;
        let cheapest = |prices: &Vec<Cost>| prices.first().copied().unwrap_or(0);
        self.ledger = Ledger::new(self.basis.project, &self.basis.jobs);
        self.floor = self.prices.iter().map(cheapest).sum();
        for place in 0..self.order.len() {
            let last = (place + farthest).min(self.order.len() - 1);
            for from in place + nearest..=last {
                self.attempt(place, from, true);
                if from > place + 1 {
                    self.attempt(place, from, false);
                }
            }
            if self.put(self.order[place], &mut Vec::new()).is_none() || self.puts_left == 0 {
                break;
            }
        }
        self.cost < before
    }

    /// Exchanges two jobs, or moves the later one before the other, and keeps that if it is cheaper.
    fn attempt(&mut self, place: usize, from: usize, exchange: bool) {
        if self.puts_left == 0 || self.idle(place, from, exchange) {
            return;
        }
        let turn = |order: &mut [usize], back: bool| match (exchange, back) {
            (true, _) => order.swap(place, from),
            (false, false) => order[place..=from].rotate_right(1),
            (false, true) => order[place..=from].rotate_left(1),
        };
        turn(&mut self.order, false);
        let (floor, mut put) = (self.floor, Vec::new());
        let whole = (place..self.order.len()).all(|next| {
            self.puts_left = self.puts_left.saturating_sub(1);
            self.put(self.order[next], &mut put).is_some() && self.floor < self.cost
        });
        if let (true, Some(schedule)) = (whole, self.ledger.schedule()) {
            (self.schedule, self.cost) = (schedule, self.floor);
        } else {
            turn(&mut self.order, true);
        }
        put.into_iter().for_each(|job| self.ledger.take(job));
        self.floor = floor;
    }

    /// Whether a change cannot matter: the job that would come earlier is in already, as others waited for it.
    fn idle(&self, place: usize, from: usize, exchange: bool) -> bool {
        self.ledger.chosen(self.order[from]).is_some() && (!exchange || self.ledger.chosen(self.order[place]).is_some())
    }

    fn put(&mut self, job: usize, put: &mut Vec<usize>) -> Option<()> {
        let before = put.len();
        put_first(&mut self.ledger, &self.basis.jobs, job, put).ok()?;
        for &job in &put[before..] {
            let prices = &self.prices[job];
            self.floor += self.ledger.place(job).map_or(0, |place| prices[place] - prices[0]);
        }
        Some(())
    }
}
