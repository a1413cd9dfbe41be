//! Replications in batches, from whose differences the bands of survival curves follow.
//!
//! Servers of a tenant belong together: they share its diligence, its pauses, its windows. Replications do not: they are
//! independent, so whatever servers of one have in common, the differences between batches of them show what the pooled curve
//! owes to luck. Replication `r` belongs to batch `r` modulo [`BATCHES`]: with fewer replications each is a batch of its own.
//! Memory is days x batches, whatever the number of replications.

use brownout_kernel::stats::clustered::{ClusterCounts, ClusteredErrors};
use brownout_kernel::stats::{IntervalType, SurvivalCurve};
use brownout_kernel::tally::CurveCounts;

use super::lifetimes::life_table;
use super::results::LEVEL;

/// Most batches. With 32 the interval is 4 % wider than with any number (Student's t against the normal distribution).
const BATCHES: usize = 32;

/// The events and censorings of one curve by batch and day.
#[derive(Clone, Debug, Default)]
pub(super) struct Batches(Vec<ClusterCounts>);

impl Batches {
    /// Adds the counts of a replication.
    pub(super) fn add(&mut self, replication: usize, counts: &CurveCounts) {
        let index = replication % BATCHES;
        if self.0.len() <= index {
            let empty = ClusterCounts { events: vec![0; counts.days()], censored: vec![0; counts.days()] };
            self.0.resize(index + 1, empty);
        }
        let batch = &mut self.0[index];
        for day in 0..counts.days() {
            batch.events[day] += counts.events(day) as u64;
            batch.censored[day] += counts.censored[day] as u64;
        }
    }

    /// The survival curve of all replications together, which `counts` adds up to, with its 95 % band; no band for a single
    /// replication. The error at a time is that of the end of its day.
    pub(super) fn survival(&self, counts: &CurveCounts) -> Option<SurvivalCurve> {
        let curve = SurvivalCurve::new(&life_table(counts)?, LEVEL, IntervalType::LogLog);
        Some(ClusteredErrors::new(&self.0).band(&curve, |days| days.ceil() as usize))
    }

    /// Bytes taken for so many days.
    pub(super) fn bytes(days: usize) -> usize {
        BATCHES * days * 2 * size_of::<u64>()
    }
}
