//! What each day costs the pauses: the jobs that cannot be done yet, and what more is worth not paying.
//!
//! A job that may or may not be done in a cell pays its price for not being done to the jobs' side. Here it gives that price back
//! and pays what the cell costs at the clocks' state, where that is less. A job that cannot be done before the cell does so in any
//! case; one that is done for certain does neither.

use std::cell::RefCell;

use super::field::{CellFrame, OpenCandidates};
use super::prices::Prices;
use crate::basis::Basis;
use crate::cost::clocks::Rows;
use crate::cost::pauses::DayCosts;
use crate::cost::tariff::Cost;

/// A job in a cell: volume, and the price of not being done.
type Free = (Cost, Cost);

/// The costs of days at prices on waiting.
pub struct Pull<'b> {
    basis: &'b Basis<'b>,
    of_day: Vec<usize>,
    groups: usize,
    /// Volume that is certainly there, by cell and group.
    held: Vec<Cost>,
    /// Jobs that may be done, by cell and group.
    free: Vec<Vec<Free>>,
    /// What held jobs give back in all.
    given_back: Cost,
    /// Costs of cells that are known, by cell and group: unit price, cost.
    known: RefCell<Vec<Vec<(Cost, Cost)>>>,
}

impl<'b> Pull<'b> {
    /// The costs in a field; `None` if a job has no candidate.
    pub fn new(basis: &'b Basis<'b>, frame: &CellFrame, field: &OpenCandidates, prices: &Prices) -> Option<Self> {
        let groups = basis.tariffs.groups.len();
        let slots = frame.cells() * groups;
        let (mut held, mut free, mut given_back) = (vec![0; slots], vec![Vec::new(); slots], 0);
        for job in basis.jobs.keys() {
            let (first, last) = field.span(frame, job)?;
            let group = usize::from(basis.groups[job]);
            for cell in 0..first {
                held[cell * groups + group] += basis.volumes[job];
                given_back += prices.waits[job][cell];
            }
            for cell in first..last {
                free[cell * groups + group].push((basis.volumes[job], prices.waits[job][cell]));
            }
        }
        let of_day = frame.capacities.of_day.clone();
        let known = RefCell::new(vec![Vec::new(); slots]);
        Some(Pull { basis, of_day, groups, held, free, given_back, known })
    }

    /// What held jobs give back whatever is paused: to be taken from the cost.
    pub fn given_back(&self) -> Cost {
        self.given_back
    }

    fn cell(&self, slot: usize, price: Cost) -> Cost {
        let mut known = self.known.borrow_mut();
        if let Some(&(_, cost)) = known[slot].iter().find(|known| known.0 == price) {
            return cost;
        }
        let least = |&(volume, wait): &Free| (volume * price - wait).min(0);
        let cost = self.held[slot] * price + self.free[slot].iter().map(least).sum::<Cost>();
        known[slot].push((price, cost));
        cost
    }
}

impl DayCosts for Pull<'_> {
    fn day(&self, day: usize, rows: &Rows, paused: bool) -> Cost {
        let (tariffs, clocks) = (&self.basis.tariffs, &self.basis.space.clocks);
        let instants = tariffs.instants(day).len();
        let mut sum = 0;
        for group in tariffs.groups.keys() {
            let row = clocks.row(rows, group);
            let mut before = 0;
            for stretch in 0..=instants {
                let up_to = if stretch == instants {
                    tariffs.whole(group, row, day, paused)
                } else {
                    tariffs.part(group, row, day, stretch, paused)
                };
                let up_to = up_to.unwrap_or(0);
                sum += self.cell((self.of_day[day] + stretch) * self.groups + usize::from(group), up_to - before);
                before = up_to;
            }
        }
        sum
    }
}
