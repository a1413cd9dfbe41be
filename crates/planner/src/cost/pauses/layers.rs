//! The states of a day, the trails that lead back from them, and what becomes of states that are too many.

use crate::cost::clocks::Rows;
use crate::cost::tariff::Cost;

/// Most states of a day that are kept.
const LAYER_MAX: usize = 12_000;

/// Mark of a pause whose days paid ahead are at their end.
pub(super) const PAID: u16 = 1 << 15;

/// What becomes of the states of a day that are more than are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// They are left out: what is found is a plan, perhaps not the best.
    Drop,
    /// They are merged into states that are better than each of them, so that the cost found is one that no plan can beat (a relaxed
    /// decision diagram; D. Bergman and others, *Decision Diagrams for Optimization*, 2016). Only where being further behind never
    /// costs.
    Merge,
}

impl Beyond {
    /// What keeps a bound a bound, as far as that can be.
    ///
    /// - `rises`: whether being further behind never costs.
    pub fn bounded(rises: bool) -> Self {
        if rises { Beyond::Merge } else { Beyond::Drop }
    }
}

/// A state at a midnight and the cheapest way to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) key: Key,
    pub(super) cost: Cost,
    pub(super) from: u32,
    pub(super) paused: bool,
    /// Whether the day needed a command.
    pub(super) begins: bool,
}

impl State {
    /// The state before the first planned day.
    pub(super) fn first(used: u16) -> Self {
        let key = Key { rows: Rows::default(), ahead: 0, run: 0, level: 0, used };
        State { key, cost: 0, from: 0, paused: false, begins: false }
    }

    pub(super) fn trail(&self) -> Trail {
        Trail(self.from << 2 | u32::from(self.paused) << 1 | u32::from(self.begins))
    }
}

/// The way back from a state: all that is kept of past days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trail(u32);

impl Trail {
    /// Index in the layer of the day before.
    pub(super) fn from(self) -> usize {
        (self.0 >> 2) as usize
    }

    pub(super) fn is_paused(self) -> bool {
        self.0 & 2 != 0
    }

    /// Whether the day needed a command.
    pub(super) fn begins(self) -> bool {
        self.0 & 1 != 0
    }
}

/// What matters of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) rows: Rows,
    /// Days to come that a grant has already paid.
    pub(super) ahead: u16,
    /// Days that the pause has lasted so far, counted up to the least, and [`PAID`] if the next needs a command of its own; 0
    /// without a pause, and where lengths and commands do not matter.
    pub(super) run: u16,
    /// Level of the command whose days these are; 0 without a pause.
    pub(super) level: u8,
    /// Days used of this year's budget.
    pub(super) used: u16,
}

impl Key {
    fn same_but_for_used(&self, other: &Key) -> bool {
        Key { used: other.used, ..*self } == *other
    }

    /// What states must share to be merged. With the same days used, no clock of the two can be pushed back further than the other
    /// by what is left.
    fn kind(&self) -> (u16, u16, u16, u8) {
        (self.used, self.ahead, self.run, self.level)
    }
}

/// Removes dominated states from sorted ones: a state is dominated if another with the same clocks, the same days paid ahead and the
/// same pause so far costs no more and has used no more of the budget.
pub(super) fn keep_useful(states: &mut Vec<State>) {
    let mut last: Option<State> = None;
    states.retain(|state| {
        let rival = last.filter(|last| last.key.same_but_for_used(&state.key));
        let useful = rival.is_none_or(|rival| state.cost < rival.cost);
        if useful {
            last = Some(*state);
        }
        useful
    });
}

/// No more states than are kept, sorted by their keys, and whether these are all. Each kind keeps its cheapest.
///
/// - `both`: the rows in which every clock stands as far behind as in the one of two in which it stands farther.
pub(super) fn narrow(
    mut states: Vec<State>,
    beyond: Beyond,
    both: impl Fn(&Rows, &Rows) -> Rows,
) -> (Vec<State>, bool) {
    if states.len() <= LAYER_MAX {
        return (states, true);
    }
    states.sort_by_key(|state| (state.key.kind(), state.cost, state.key.rows));
    let kinds = states.chunk_by(|a, b| a.key.kind() == b.key.kind()).count();
    let each = (LAYER_MAX / kinds).max(1);
    let mut kept: Vec<State> = Vec::with_capacity(LAYER_MAX);
    for kind in states.chunk_by(|a, b| a.key.kind() == b.key.kind()) {
        let (cheap, rest) = kind.split_at(each.min(kind.len()));
        kept.extend(cheap);
        if let (Beyond::Merge, Some(last)) = (beyond, kept.last_mut()) {
            // The last one kept is the cheapest of those it stands for.
            last.key.rows = rest.iter().fold(last.key.rows, |rows, state| both(&rows, &state.key.rows));
        }
    }
    kept.sort_by_key(|state| (state.key, state.cost));
    (kept, false)
}
