//! How much is searched: counted in units of work, never by a clock, so that every machine finds the same plan.

use brownout_kernel::watch::Watch;

/// Units that a second stands for: about what one core of 2020 does. A unit is one state of pauses, or as much work of another
/// kind.
pub const UNITS_PER_SECOND: u64 = 12_000_000;

/// What is left to be spent on a search.
#[derive(Clone, Debug)]
pub struct Effort {
    left: u64,
    watch: Watch,
}

impl Effort {
    /// So many units.
    pub fn units(units: u64, watch: &Watch) -> Self {
        Effort { left: units, watch: watch.clone() }
    }

    /// So many seconds at the fixed rate.
    pub fn seconds(seconds: u32, watch: &Watch) -> Self {
        Self::units(u64::from(seconds) * UNITS_PER_SECOND, watch)
    }

    /// Units that are left.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Spends units; more than are left spends all.
    pub fn spend(&mut self, units: u64) {
        self.left = self.left.saturating_sub(units);
    }

    /// Whether nothing more may be done.
    pub fn is_spent(&self) -> bool {
        self.left == 0 || self.watch.is_stopped()
    }

    /// Takes a part of what is left, to be spent apart: no more than `most`.
    pub fn share(&mut self, most: u64) -> Effort {
        let units = self.left.min(most);
        self.left -= units;
        Effort { left: units, watch: self.watch.clone() }
    }

    /// Takes back what another did not spend.
    pub fn take_back(&mut self, other: &Effort) {
        self.left += other.left;
    }
}
