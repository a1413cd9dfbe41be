//! Fate: how the same servers and tenants fared under a scenario and under the baseline scenario.

use std::cmp::Ordering;

use super::LogHistogram;
use crate::mail::NanoMessages;
use crate::time::{DAY_SECONDS, SimTime};

/// Counts of a scenario against the baseline scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FateCounts {
    /// Servers whose first remediation comes earlier, at the same second, later (never counts as the horizon).
    pub servers: [i64; 3],
    /// By how many whole days earlier.
    pub days_earlier: LogHistogram,
    /// By how many whole days later.
    pub days_later: LogHistogram,
    /// Tenants that lose less mail, the same, more.
    pub tenants: [i64; 3],
}

impl FateCounts {
    /// Compares a server's first remediation with that under the baseline scenario; never is [`SimTime::NEVER`].
    #[inline]
    pub fn compare_server(&mut self, here: SimTime, baseline: SimTime, horizon: SimTime) {
        if here == baseline {
            self.servers[1] += 1;
        } else {
            self.compare_differing(here, baseline, horizon);
        }
    }

    /// Counts tenants with servers that fare as under the baseline scenario.
    pub fn count_same(&mut self, tenants: i64, servers: i64) {
        self.tenants[1] += tenants;
        self.servers[1] += servers;
    }

    fn compare_differing(&mut self, here: SimTime, baseline: SimTime, horizon: SimTime) {
        let (here, baseline) = (here.min(horizon), baseline.min(horizon));
        let days = here.seconds().abs_diff(baseline.seconds()) / DAY_SECONDS as u64;
        let order = here.cmp(&baseline);
        self.servers[(order as i8 + 1) as usize] += 1;
        match order {
            Ordering::Less => self.days_earlier.add(days),
            Ordering::Equal => {}
            Ordering::Greater => self.days_later.add(days),
        }
    }

    /// Compares a tenant's lost mail with that under the baseline scenario.
    #[inline]
    pub fn compare_tenant(&mut self, here: NanoMessages, baseline: NanoMessages) {
        self.tenants[(here.cmp(&baseline) as i8 + 1) as usize] += 1;
    }

    /// Adds other counts.
    pub fn merge(&mut self, other: &FateCounts) {
        super::add(&mut self.servers, &other.servers);
        super::add(&mut self.tenants, &other.tenants);
        self.days_earlier.merge(&other.days_earlier);
        self.days_later.merge(&other.days_later);
    }

    /// Takes other counts away that were merged into these.
    pub(crate) fn take_away(&mut self, other: &FateCounts) {
        super::take_away(&mut self.servers, &other.servers);
        super::take_away(&mut self.tenants, &other.tenants);
        self.days_earlier.take_away(&other.days_earlier);
        self.days_later.take_away(&other.days_later);
    }
}
