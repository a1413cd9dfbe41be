//! Replications in batches, from whose differences the bands of survival curves follow.
//!
//! Servers of a tenant belong together: they share its diligence, its pauses, its windows. Replications do not: they are
//! independent, so whatever servers of one have in common, the differences between batches of them show what the pooled curve
//! owes to luck. Replication `r` belongs to batch `r` modulo [`BATCHES`]: with fewer replications each is a batch of its own.
//! Memory is days x batches, whatever the number of replications, and two bytes for most numbers.

use brownout_kernel::stats::clustered::{ClusterCounts, ClusteredErrors};
use brownout_kernel::stats::{IntervalType, LifeTable, SurvivalCurve};
use brownout_kernel::tally::CurveCounts;

use super::results::LEVEL;

/// Most batches. With 32 the interval is 4 % wider than with any number (Student's t against the normal distribution).
const BATCHES: usize = 32;

/// The events and censorings of one curve by batch and day.
#[derive(Clone, Debug, Default)]
pub(super) struct Batches(Vec<Batch>);

/// Those of one batch.
#[derive(Clone, Debug)]
struct Batch {
    events: Counts,
    censored: Counts,
}

/// Counts by day, in two bytes each until one of them needs more.
#[derive(Clone, Debug)]
enum Counts {
    Short(Vec<u16>),
    Long(Vec<u64>),
}

impl Counts {
    fn new(days: usize) -> Self {
        Counts::Short(vec![0; days])
    }

    fn add(&mut self, day: usize, more: u64) {
        if let Counts::Short(counts) = self {
            match u16::try_from(u64::from(counts[day]).saturating_add(more)) {
                Ok(sum) => counts[day] = sum,
                Err(_) => *self = Counts::Long(self.all()),
            }
        }
        if let Counts::Long(counts) = self {
            counts[day] += more;
        }
    }

    fn all(&self) -> Vec<u64> {
        match self {
            Counts::Short(counts) => counts.iter().copied().map(u64::from).collect(),
            Counts::Long(counts) => counts.clone(),
        }
    }
}

impl Batches {
    /// Adds the counts of a replication.
    pub(super) fn add(&mut self, replication: usize, counts: &CurveCounts) {
        let index = replication % BATCHES;
        if self.0.len() <= index {
            let empty = Batch { events: Counts::new(counts.days()), censored: Counts::new(counts.days()) };
            self.0.resize(index + 1, empty);
        }
        let batch = &mut self.0[index];
        for day in 0..counts.days() {
            batch.events.add(day, counts.events(day) as u64);
            batch.censored.add(day, counts.censored[day] as u64);
        }
    }

    /// The survival curve of all replications together, whose life table is `table`, with its 95 % band; no band for a single
    /// replication. The error at a time is that of the end of its day.
    pub(super) fn survival(&self, table: &LifeTable) -> SurvivalCurve {
        let curve = SurvivalCurve::new(table, LEVEL, IntervalType::LogLog);
        let whole = |batch: &Batch| ClusterCounts { events: batch.events.all(), censored: batch.censored.all() };
        let clusters: Vec<ClusterCounts> = self.0.iter().map(whole).collect();
        ClusteredErrors::new(&clusters).band(curve, |days| days.ceil() as usize)
    }

    /// Bytes taken for so many days at most.
    pub(super) fn bytes(days: usize) -> usize {
        BATCHES * days * 2 * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_beyond_two_bytes_are_as_exact_as_those_within() {
        let mut counts = Counts::new(3);
        for (day, more) in [(1, u64::from(u16::MAX)), (2, 7), (1, 1), (2, 1 << 40), (0, 0), (2, 2)] {
            counts.add(day, more);
        }
        assert_eq!(counts.all(), [0, 1 << 16, (1 << 40) + 9]);
    }
}
