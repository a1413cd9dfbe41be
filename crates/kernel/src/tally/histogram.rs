//! A histogram of non-negative whole numbers over many orders of magnitude, with a relative error of at most 1/64.

/// Sub-buckets of each power of two.
const PER_OCTAVE: u32 = 32;

/// Counts in buckets whose width grows with the value. Counts merge by addition, so grouping never matters.
///
/// Values are whole messages; below 64 every value has its own bucket, above it a bucket spans 1/32 of an octave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogHistogram {
    pub(super) counts: Vec<u64>,
}

impl LogHistogram {
    #[inline]
    fn bucket(value: u64) -> usize {
        if value < u64::from(2 * PER_OCTAVE) {
            return value as usize;
        }
        let octave = value.ilog2();
        let shift = octave - PER_OCTAVE.ilog2();
        ((shift * PER_OCTAVE) as u64 + (value >> shift)) as usize
    }

    /// The middle of a bucket.
    fn value(bucket: usize) -> u64 {
        let bucket = bucket as u64;
        let per = u64::from(PER_OCTAVE);
        if bucket < 2 * per {
            return bucket;
        }
        let shift = bucket / per - 1;
        let low = (bucket - shift * per) << shift;
        low + (1 << shift) / 2
    }

    /// Counts one value.
    #[inline]
    pub fn add(&mut self, value: u64) {
        self.add_many(value, 1);
    }

    /// Counts one value several times.
    #[inline]
    pub fn add_many(&mut self, value: u64, times: u64) {
        let bucket = Self::bucket(value);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += times;
    }

    /// Adds another histogram.
    pub fn merge(&mut self, other: &LogHistogram) {
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (a, b) in self.counts.iter_mut().zip(&other.counts) {
            *a += b;
        }
    }

    /// Takes another histogram away that was counted in this one.
    pub(crate) fn take_away(&mut self, other: &LogHistogram) {
        for (a, b) in self.counts.iter_mut().zip(&other.counts) {
            *a -= b;
        }
        // There are buckets up to the greatest value.
        let used = self.counts.iter().rposition(|&count| count > 0).map_or(0, |last| last + 1);
        self.counts.truncate(used);
    }

    /// Buckets in use as (middle value, count), rising.
    pub fn counts(&self) -> Vec<(u64, u64)> {
        let used = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        used.map(|(bucket, &count)| (Self::value(bucket), count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_within_one_in_64() {
        let mut value = 1u64;
        while value < 1 << 60 {
            let back = LogHistogram::value(LogHistogram::bucket(value));
            assert!(back.abs_diff(value) * 64 <= value, "{value} came back as {back}");
            value = value * 9 / 8 + 1;
        }
        for value in 0..64 {
            assert_eq!(LogHistogram::value(LogHistogram::bucket(value)), value);
        }
    }

    #[test]
    fn buckets_rise_with_the_value() {
        let buckets: Vec<_> = (0..5000).map(LogHistogram::bucket).collect();
        assert!(buckets.is_sorted());
        assert_eq!(buckets[64], 64);
    }

    #[test]
    fn merging_is_counting_everything_in_one() {
        let (mut a, mut b, mut both) = (LogHistogram::default(), LogHistogram::default(), LogHistogram::default());
        for value in [0, 3, 3, 900] {
            a.add(value);
            both.add(value);
        }
        for value in [12_345, 3] {
            b.add(value);
            both.add(value);
        }
        let before = a.clone();
        a.merge(&b);
        assert_eq!(a, both);
        both.take_away(&b);
        assert_eq!(both, before, "what is taken away was never there");
        assert_eq!(a.counts().iter().map(|c| c.1).sum::<u64>(), 6);
    }
}
