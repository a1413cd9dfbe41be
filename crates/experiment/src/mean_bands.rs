//! Means over replications and the band between their 5th and 95th percentile, for many numbers at once, without keeping
//! every replication.
//!
//! A percentile over `n` replications needs the smallest or the largest twentieth of them only. What lies between is
//! forgotten as soon as it is known to stay between, so memory is a little more than a tenth of all values, and exactly the
//! same numbers come out as from all of them: the mean adds up in the order of replications, as
//! [`brownout_kernel::stats::mean_interval`] does. Values wait in no order until a cell is full, and are then parted by selection: work
//! is proportional to the number of values. Many numbers are the same in every replication, such as servers in a stage that nobody has
//! reached yet: of these one value is kept.

use super::results::{BAND_HIGH, BAND_LOW, Banded};
use brownout_kernel::stats::{quantile_by_rank, ranks};

/// Many numbers ("cells"), each with its mean and its tails over the replications added so far.
#[derive(Clone, Debug)]
pub struct MeanBands {
    /// Values of each end that decide the band.
    keep: usize,
    /// Values a cell holds at most before it is parted.
    most: usize,
    /// Replications added.
    count: usize,
    cells: Vec<RunningMean>,
    rows: Rows,
}

/// A sum as differences from the first value, so that equal values have exactly that mean; and the state of a row.
#[derive(Clone, Copy, Debug)]
struct RunningMean {
    first: f64,
    differences: f64,
    /// The index of the row; [`NO_ROW`] as long as all values are the same.
    row: u32,
    /// Values held in the row. If they are fewer than there were, the row begins with `keep` small values, the greatest of them last,
    /// and `keep` large ones, the least of them first.
    held: u32,
}

const NO_ROW: u32 = u32::MAX;

/// Rows of values, all with the same room.
#[derive(Clone, Debug)]
struct Rows {
    room: usize,
    values: Vec<f64>,
}

impl MeanBands {
    /// Room for `cells` numbers over at most `most` replications.
    pub fn new(cells: usize, most: usize) -> Self {
        let keep = tail(most);
        // An eighth more than both tails: parting looks at each value nine times on average, whatever their number.
        let row = (2 * keep + (keep / 4).max(2)).min(most.max(1));
        let empty = RunningMean { first: 0.0, differences: 0.0, row: NO_ROW, held: 0 };
        let rows = Rows { room: row.min(4), values: Vec::new() };
        MeanBands { keep, most: row, count: 0, cells: vec![empty; cells], rows }
    }

    /// Bytes taken by so many cells over so many replications, at most.
    pub fn bytes(cells: usize, most: usize) -> usize {
        let one = MeanBands::new(1, most);
        cells.saturating_mul(size_of::<RunningMean>() + one.most * size_of::<f64>())
    }

    /// Adds a replication: one finite value for each cell, in order.
    pub fn add(&mut self, values: impl IntoIterator<Item = f64>) {
        let MeanBands { keep, most, count, ref mut cells, ref mut rows } = *self;
        if rows.room < most && count >= rows.room {
            rows.widen((2 * rows.room).min(most));
        }
        for (cell, value) in cells.iter_mut().zip(values) {
            if count == 0 {
                cell.first = value;
            }
            if cell.row == NO_ROW {
                if value.to_bits() == cell.first.to_bits() {
                    continue;
                }
                (cell.row, cell.held) = (rows.begin(cell.first), alike_held(keep, count) as u32);
            }
            cell.differences += value - cell.first;
            cell.put(rows.row_mut(cell.row), keep, count, value);
        }
        self.count += 1;
    }

    /// Mean and band of a cell; zeros before the first replication.
    pub fn banded(&self, cell: usize) -> Banded {
        let RunningMean { first, differences, row, held } = self.cells[cell];
        let mut row = match row {
            NO_ROW => vec![first; alike_held(self.keep, self.count)],
            row => self.rows.row(row)[..held as usize].to_vec(),
        };
        row.sort_unstable_by(f64::total_cmp);
        // What was forgotten lay between the tails.
        let forgotten = self.count - row.len();
        let at = |rank: usize| if rank < self.keep { row[rank] } else { row[rank - forgotten] };
        let quantile = |q| quantile_by_rank(self.count, q, at);
        let mean = first + differences / self.count as f64;
        match quantile(BAND_LOW).zip(quantile(BAND_HIGH)) {
            Some(band) if mean.is_finite() => (mean, band),
            _ => (0.0, (0.0, 0.0)),
        }
    }
}

/// How many of `count` equal values a row holds that was begun late.
fn alike_held(keep: usize, count: usize) -> usize {
    count.min(2 * keep)
}

impl RunningMean {
    /// Keeps a value that comes after `count` others, unless it is known to lie between the tails.
    fn put(&mut self, row: &mut [f64], keep: usize, count: usize, value: f64) {
        let is_parted = (self.held as usize) < count;
        if is_parted && value.total_cmp(&row[keep - 1]).is_ge() && value.total_cmp(&row[keep]).is_le() {
            return;
        }
        if self.held as usize == row.len() {
            part(row, keep);
            self.held = 2 * keep as u32;
            return self.put(row, keep, count, value);
        }
        row[self.held as usize] = value;
        self.held += 1;
    }
}

impl Rows {
    /// The index of a new row that is filled with a value.
    fn begin(&mut self, value: f64) -> u32 {
        let length = self.values.len();
        if self.values.capacity() < length + self.room {
            // An eighth more at a time, as most rows begin with the second replication and few thereafter.
            self.values.reserve_exact(self.room * (1 + length / self.room / 8));
        }
        self.values.resize(length + self.room, value);
        (length / self.room) as u32
    }

    /// Makes all rows wider.
    fn widen(&mut self, room: usize) {
        let mut wide = Vec::with_capacity(self.values.len() / self.room * room);
        for row in self.values.chunks_exact(self.room) {
            wide.extend_from_slice(row);
            wide.resize(wide.len() + room - self.room, 0.0);
        }
        (self.values, self.room) = (wide, room);
    }

    fn row(&self, index: u32) -> &[f64] {
        &self.values[index as usize * self.room..][..self.room]
    }

    fn row_mut(&mut self, index: u32) -> &mut [f64] {
        &mut self.values[index as usize * self.room..][..self.room]
    }
}

/// Moves the `keep` smallest values of a row to its beginning, the greatest of them last, and the `keep` largest behind them, the
/// least of them first.
fn part(row: &mut [f64], keep: usize) {
    let large = row.len() - keep;
    row.select_nth_unstable_by(keep - 1, f64::total_cmp);
    row[keep..].select_nth_unstable_by(large - keep, f64::total_cmp);
    row.copy_within(large.., keep);
}

/// How many values at one end of up to `most` decide the band.
fn tail(most: usize) -> usize {
    let most = most.max(1);
    let low = ranks(most, BAND_LOW).map_or(1, |(_, above)| above + 1);
    let high = ranks(most, BAND_HIGH).map_or(1, |(below, _)| most - below);
    low.max(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_kernel::stats::{band, mean_interval};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn check(values: &[f64], most: usize) {
        let mut bands = MeanBands::new(2, most);
        for (n, &value) in (1..).zip(values) {
            bands.add([value, -value]);
            for (cell, sign) in [(0, 1.0), (1, -1.0)] {
                let all: Vec<f64> = values[..n].iter().map(|value| sign * value).collect();
                let (mean, found) = bands.banded(cell);
                assert_eq!(mean.to_bits(), mean_interval(&all, 0.95).unwrap().mean.to_bits());
                assert_eq!(found, band(&all, BAND_LOW, BAND_HIGH).unwrap(), "{n} of {most}: {all:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn tails_give_what_all_values_give(values in prop::collection::vec(-1e3..1e3f64, 1..160), more in 0..200usize) {
            check(&values, values.len() + more);
        }

        #[test]
        fn ties_give_what_all_values_give(values in prop::collection::vec((-3..3i8).prop_map(f64::from), 1..160)) {
            check(&values, values.len());
        }
    }

    #[test]
    fn values_that_differ_late_give_what_all_values_give() {
        for alike in 1..70 {
            let later = [0.5, -0.0, 0.0, 2.0, -7.0, 0.25].into_iter().cycle().take(60);
            let values: Vec<f64> = std::iter::repeat_n(0.25, alike).chain(later).collect();
            check(&values, values.len());
            check(&values, 1_000);
        }
    }

    #[test]
    fn what_is_always_the_same_has_no_row() {
        let mut bands = MeanBands::new(3, 100);
        (0..100).for_each(|n| bands.add([0.0, 7.5, f64::from(n)]));
        assert_eq!(bands.rows.values.len(), bands.rows.room);
        assert_eq!([0, 1].map(|cell| bands.banded(cell)), [(0.0, (0.0, 0.0)), (7.5, (7.5, 7.5))]);
    }

    #[test]
    fn a_tail_is_a_twentieth() {
        assert_eq!([1, 2, 20, 21, 1_000, 5_000].map(tail), [1, 2, 2, 2, 51, 251]);
    }

    #[test]
    fn rising_and_falling_values_give_what_all_values_give() {
        // Every value is a new extreme: nothing can be forgotten early.
        let rising: Vec<f64> = (0..600).map(f64::from).collect();
        check(&rising, rising.len());
    }

    #[test]
    fn a_cell_holds_little_more_than_a_tenth_of_its_values() {
        for most in [1_000, 10_000, 100_000] {
            let values = MeanBands::bytes(1, most) / size_of::<f64>();
            assert!(values < most / 10 + most / 70 + 10, "{values} of {most}");
        }
    }

    #[test]
    fn nothing_has_no_band() {
        assert_eq!(MeanBands::new(1, 20).banded(0), (0.0, (0.0, 0.0)));
    }
}
