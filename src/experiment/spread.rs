//! Means over replications and the band between their 5th and 95th percentile, for many numbers at once, without keeping
//! every replication.
//!
//! A percentile over `n` replications needs the smallest or the largest twentieth of them only. What lies between is
//! forgotten as soon as it is known to stay between, so memory is a tenth of all values, and exactly the same numbers come
//! out as from all of them: the mean adds up in the order of replications, as [`crate::stats::mean_interval`] does.

use super::results::{BAND_HIGH, BAND_LOW, Banded};
use crate::stats::{quantile_by_rank, ranks};

/// Many numbers ("cells"), each with its mean and its tails over the replications added so far.
#[derive(Clone, Debug)]
pub struct Spread {
    /// Values kept at each end of a cell.
    keep: usize,
    /// Replications added.
    count: usize,
    /// Places a cell has in `tails`.
    room: usize,
    cells: Vec<Cell>,
    /// Rows of `room` places; the first [`Self::held`] of each are in rising order.
    tails: Vec<f64>,
}

/// A sum as differences from the first value, so that equal values have exactly that mean.
#[derive(Clone, Copy, Debug)]
struct Cell {
    first: f64,
    differences: f64,
}

impl Spread {
    /// Room for `cells` numbers over at most `most` replications.
    pub fn new(cells: usize, most: usize) -> Self {
        let keep = tail(most);
        let room = (2 * keep).min(4);
        let empty = Cell { first: 0.0, differences: 0.0 };
        Spread { keep, count: 0, room, cells: vec![empty; cells], tails: vec![0.0; cells * room] }
    }

    /// Values held of each cell.
    fn held(&self) -> usize {
        self.count.min(2 * self.keep)
    }

    /// Adds a replication: one finite value for each cell, in order.
    pub fn add(&mut self, values: impl IntoIterator<Item = f64>) {
        let held = self.held();
        if held == self.room {
            self.widen();
        }
        let rows = self.tails.chunks_exact_mut(self.room);
        for ((cell, row), value) in self.cells.iter_mut().zip(rows).zip(values) {
            if self.count == 0 {
                cell.first = value;
            }
            cell.differences += value - cell.first;
            if held < 2 * self.keep {
                insert(&mut row[..=held], value);
            } else {
                insert_into_tails(row, self.keep, value);
            }
        }
        self.count += 1;
    }

    /// Doubles the places of every cell, up to those of both tails.
    fn widen(&mut self) {
        let room = (2 * self.room).min(2 * self.keep);
        if room > self.room {
            let mut wide = Vec::with_capacity(self.cells.len() * room);
            for row in self.tails.chunks_exact(self.room) {
                wide.extend_from_slice(row);
                wide.resize(wide.len() + room - self.room, 0.0);
            }
            (self.tails, self.room) = (wide, room);
        }
    }

    /// Mean and band of a cell; zeros before the first replication.
    pub fn banded(&self, cell: usize) -> Banded {
        let row = &self.tails[cell * self.room..(cell + 1) * self.room];
        let held = self.held();
        let at = |rank: usize| if rank < self.keep { row[rank] } else { row[rank + held - self.count] };
        let quantile = |q| quantile_by_rank(self.count, q, at);
        let Cell { first, differences } = self.cells[cell];
        let mean = first + differences / self.count as f64;
        match quantile(BAND_LOW).zip(quantile(BAND_HIGH)) {
            Some(band) if mean.is_finite() => (mean, band),
            _ => (0.0, (0.0, 0.0)),
        }
    }
}

/// How many values at one end of up to `most` decide the band.
fn tail(most: usize) -> usize {
    let most = most.max(1);
    let low = ranks(most, BAND_LOW).map_or(1, |(_, above)| above + 1);
    let high = ranks(most, BAND_HIGH).map_or(1, |(below, _)| most - below);
    low.max(high)
}

/// Puts a value where it belongs in a row whose last place is free and whose others are in rising order.
fn insert(row: &mut [f64], value: f64) {
    let last = row.len() - 1;
    let place = row[..last].partition_point(|other| other.total_cmp(&value).is_le());
    row.copy_within(place..last, place + 1);
    row[place] = value;
}

/// Puts a value into the smaller or the larger `keep` of a full row, or nowhere.
fn insert_into_tails(row: &mut [f64], keep: usize, value: f64) {
    let (low, high) = row.split_at_mut(keep);
    if value.total_cmp(&low[keep - 1]).is_lt() {
        insert(low, value);
    } else if value.total_cmp(&high[0]).is_gt() {
        let place = high.partition_point(|other| other.total_cmp(&value).is_lt());
        high.copy_within(1..place, 0);
        high[place - 1] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{band, mean_interval};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn check(values: &[f64], most: usize) {
        let mut spread = Spread::new(2, most);
        for (n, &value) in (1..).zip(values) {
            spread.add([value, -value]);
            for (cell, sign) in [(0, 1.0), (1, -1.0)] {
                let all: Vec<f64> = values[..n].iter().map(|value| sign * value).collect();
                let (mean, found) = spread.banded(cell);
                assert_eq!(mean.to_bits(), mean_interval(&all, 0.95).unwrap().mean.to_bits());
                assert_eq!(found, band(&all, BAND_LOW, BAND_HIGH).unwrap(), "{n} of {most}: {all:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn tails_give_what_all_values_give(values in prop::collection::vec(-1e3..1e3f64, 1..120), more in 0..200usize) {
            check(&values, values.len() + more);
        }

        #[test]
        fn ties_give_what_all_values_give(values in prop::collection::vec((-3..3i8).prop_map(f64::from), 1..120)) {
            check(&values, values.len());
        }
    }

    #[test]
    fn a_tail_is_a_twentieth() {
        assert_eq!([1, 2, 20, 21, 1_000, 5_000].map(tail), [1, 2, 2, 2, 51, 251]);
    }

    #[test]
    fn nothing_has_no_spread() {
        assert_eq!(Spread::new(1, 20).banded(0), (0.0, (0.0, 0.0)));
    }
}
