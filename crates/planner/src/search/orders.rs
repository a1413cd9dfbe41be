//! Local search over the order in which jobs are put in, at given prices.
//!
//! Two jobs of the order are exchanged, or one is moved before another, as long as that is cheaper (H. H. Hoos and T. Stützle,
//! *Stochastic Local Search*, 2005, section 9.1). What stands before the two stays in, and as soon as the jobs after them find
//! the room they had, nothing more needs to be put in again.

use crate::cost::tariff::Cost;
use crate::index::{JobIndex, JobSlice, PerCandidate, PerJob};
use crate::search::room::Room;
use crate::search::schedule::{Ledger, Schedule, first_fit, put_first};

/// How far apart two jobs of the order are in the first sweeps, where most is gained.
const NEAR: usize = 8;

/// Most orders that are tried until all jobs fit in.
const ORDERS_MAX: usize = 400;

/// Inserts all jobs in an order. A job that fits nowhere is moved to the front of the order, and the insertion starts again; `None` if
/// that does not succeed.
pub fn fit_in(room: &Room<'_>, mut order: Vec<JobIndex>) -> Option<(Vec<JobIndex>, Schedule)> {
    for _ in 0..ORDERS_MAX {
        let stuck = match first_fit(room.empty.clone(), room.jobs, &order) {
            Ok(schedule) => return Some((order, schedule)),
            Err(job) => order.iter().position(|&other| other == job).filter(|&index| index > 0)?,
        };
        order[..=stuck].rotate_right(1);
    }
    None
}

struct Orders<'b> {
    room: &'b Room<'b>,
    prices: &'b JobSlice<PerCandidate<Cost>>,
    order: Vec<JobIndex>,
    cost: Cost,
    /// After each position of the order: the ledger's print, and what the jobs in it cost more than at least.
    marks: Vec<(u64, Cost)>,
    /// What each job costs at least.
    lows: PerJob<Cost>,
    /// Holds the jobs before the position that is looked at.
    ledger: Ledger<'b>,
    spent: Cost,
    puts_left: u64,
}

/// An order that is cheaper, if one is found, and its schedule.
///
/// - `order`: all jobs; put in one after the other, they all find a place.
/// - `puts_left`: how many jobs may be put in during the search, counted down; one takes about a quarter of a microsecond.
pub fn better_order(
    room: &Room<'_>,
    prices: &JobSlice<PerCandidate<Cost>>,
    order: Vec<JobIndex>,
    puts_left: &mut u64,
) -> Option<(Vec<JobIndex>, Schedule)> {
    let ledger = room.empty.clone();
    let marks = Vec::new();
    let lows = prices.iter().map(|prices| prices.iter().copied().min().unwrap_or(0)).collect();
    let mut search = Orders { room, prices, order, cost: 0, marks, lows, ledger, spent: 0, puts_left: *puts_left };
    search.mark(0);
    let mut before = None;
    while before != Some(search.cost) && search.puts_left > 0 {
        before = Some(search.cost);
        while search.sweep(1, NEAR) {}
        search.sweep(NEAR + 1, search.order.len());
    }
    *puts_left = search.puts_left;
    let schedule = first_fit(room.empty.clone(), room.jobs, &search.order).ok()?;
    Some((search.order, schedule))
}

/// What a schedule costs at these prices.
pub fn total(prices: &JobSlice<PerCandidate<Cost>>, schedule: &Schedule) -> Cost {
    schedule.iter().zip(prices).map(|(&candidate, prices)| prices[candidate]).sum()
}

impl Orders<'_> {
    /// Tries all pairs at these distances; whether anything became cheaper.
    fn sweep(&mut self, nearest: usize, farthest: usize) -> bool {
        let before = self.cost;
        self.ledger = self.room.empty.clone();
        self.spent = 0;
        for index in 0..self.order.len() {
            let last = (index + farthest).min(self.order.len() - 1);
            for from in index + nearest..=last {
                self.attempt(index, from, true);
                if from > index + 1 {
                    self.attempt(index, from, false);
                }
            }
            if self.puts_left == 0 || self.put(self.order[index], &mut Vec::new()).is_none() {
                break;
            }
        }
        self.cost < before
    }

    /// Exchanges two jobs, or moves the later one before the other, and keeps that if it is cheaper.
    fn attempt(&mut self, index: usize, from: usize, exchange: bool) {
        if self.puts_left == 0 || self.idle(index, from, exchange) {
            return;
        }
        if self.room.watch.is_stopped() {
            self.puts_left = 0;
            return;
        }
        let before = self.order.clone();
        if exchange {
            self.order.swap(index, from);
        } else {
            self.order[index..=from].rotate_right(1);
        }
        let (spent, mut put) = (self.spent, Vec::new());
        let found = self.complete(index, from, &mut put).filter(|&cost| cost < self.cost);
        put.into_iter().for_each(|job| self.ledger.take(job));
        self.spent = spent;
        match found {
            Some(_) => self.mark(index),
            None => self.order = before,
        }
    }

    /// What the order costs in which the jobs from `index` to `from` have changed, if it becomes cheaper.
    fn complete(&mut self, index: usize, from: usize, put: &mut Vec<JobIndex>) -> Option<Cost> {
        for next in index..self.order.len() {
            self.put(self.order[next], put)?;
            let (print, spent) = self.marks[next];
            if next >= from && print == self.ledger.print() {
                return Some(self.cost - spent + self.spent);
            }
            if self.spent >= self.cost {
                return None;
            }
        }
        Some(self.spent)
    }

    /// Notes prints and costs from an index of the order on.
    fn mark(&mut self, index: usize) {
        self.marks.truncate(index);
        let (spent, mut put) = (self.spent, Vec::new());
        for next in index..self.order.len() {
            if self.put(self.order[next], &mut put).is_none() {
                break;
            }
            self.marks.push((self.ledger.print(), self.spent));
        }
        self.cost = self.spent;
        put.into_iter().for_each(|job| self.ledger.take(job));
        self.spent = spent;
    }

    /// Whether a change cannot matter: the job that would come earlier is in already, as others waited for it.
    fn idle(&self, index: usize, from: usize, exchange: bool) -> bool {
        self.ledger.chosen(self.order[from]).is_some() && (!exchange || self.ledger.chosen(self.order[index]).is_some())
    }

    fn put(&mut self, job: JobIndex, put: &mut Vec<JobIndex>) -> Option<()> {
        self.puts_left = self.puts_left.saturating_sub(1);
        let before = put.len();
        put_first(&mut self.ledger, self.room.jobs, job, put).ok()?;
        for &job in &put[before..] {
            let prices = &self.prices[job];
            self.spent += self.ledger.candidate_of(job).map_or(0, |candidate| prices[candidate] - self.lows[job]);
        }
        Some(())
    }
}
