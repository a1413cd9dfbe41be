//! Pauses as they look to jobs: what every cell costs under them.

use super::field::CellFrame;
use crate::basis::Basis;
use crate::cost::tariff::Cost;
use crate::index::PerGroup;

/// Pauses with what each cell costs under them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Paused days.
    pub days: Vec<bool>,
    /// What a cell costs a server of one thousandth of a message a day, by group and cell.
    pub units: PerGroup<Vec<Cost>>,
    /// What the pauses cost in themselves.
    pub pause_cost: Cost,
}

impl Path {
    /// The path of some pauses.
    pub fn new(basis: &Basis<'_>, frame: &CellFrame, days: &[bool]) -> Self {
        let rows = basis.space.rows(&basis.tariffs, days);
        let mut units: PerGroup<Vec<Cost>> =
            basis.tariffs.groups.iter().map(|_| Vec::with_capacity(frame.cells())).collect();
        for (group, units) in units.iter_mut_enumerated() {
            for (day, &paused) in days.iter().enumerate() {
                let row = basis.space.clocks.row(&rows[day], group);
                let mut before = 0;
                for instant in 0..basis.tariffs.instants(day).len() {
                    let part = basis.tariffs.part(group, row, day, instant, paused).unwrap_or(before);
                    units.push(part - before);
                    before = part;
                }
                units.push(basis.tariffs.whole(group, row, day, paused).unwrap_or(before) - before);
            }
        }
        Path { days: days.to_vec(), units, pause_cost: basis.space.pause_cost(days) }
    }
}
