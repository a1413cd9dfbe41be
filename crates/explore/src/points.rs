//! The points table: points in, measures out, in order; shardable, resumable, stoppable.

mod line;
mod live;
#[cfg(test)]
mod tests;

use std::ops::Range;

use brownout_methods::factor::Value;

use brownout_experiment::Measure;
use brownout_experiment::study::Study;

pub use line::LineError;
pub use live::{Ask, Ended, live};

/// A point: values of the factors, and the block of replications that is lived there.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// One value for each factor, in the order of the factors; then which structure, where the file names any.
    pub values: Vec<Value>,
    /// The block; block `b` of `r` replications holds the replications from `b × r`.
    pub block: u64,
}

/// Makes studies at points.
pub trait Template: Sync {
    /// The study at these values, with the scenarios that are compared.
    ///
    /// # Errors
    /// Why there is no study there, in one line: a value that leaves the range of its field, or values that do not go together.
    fn study_at(&self, values: &[Value]) -> Result<Study, String>;
}

impl<F: Fn(&[Value]) -> Result<Study, String> + Sync> Template for F {
    fn study_at(&self, values: &[Value]) -> Result<Study, String> {
        self(values)
    }
}

/// The measures of a point by scenario, replication of the block and measure, `None` where a measure is not defined; or why there
/// is no study at the point.
pub type Outcome = Result<Vec<Vec<Vec<Option<f64>>>>, String>;

/// What one point came to.
#[derive(Clone, Debug, PartialEq)]
pub struct PointRow {
    /// Which point of the list.
    pub point: usize,
    /// What it came to.
    pub outcome: Outcome,
}

/// What is asked of every point.
#[derive(Clone, Debug, PartialEq)]
pub struct PointQuestion {
    /// Replications in a block, at least 1.
    pub replications: u32,
    /// Tenants lived, if not all.
    pub tenants: Option<u64>,
    /// What is read.
    pub measures: Vec<Measure>,
}

/// A list of points with the rows that are known so far.
#[derive(Clone, Debug)]
pub struct PointTable {
    points: Vec<Point>,
    rows: Vec<Option<PointRow>>,
}

impl PointTable {
    /// A table of which no row is known.
    pub fn new(points: Vec<Point>) -> Self {
        let rows = points.iter().map(|_| None).collect();
        PointTable { points, rows }
    }

    /// The points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The rows known so far, in the order of the points.
    pub fn rows(&self) -> impl Iterator<Item = &PointRow> {
        self.rows.iter().flatten()
    }

    /// All rows in order, once none is missing.
    pub fn complete(&self) -> Option<Vec<&PointRow>> {
        self.rows.iter().map(Option::as_ref).collect()
    }

    /// Takes a row that was lived: by a shard, or before an interruption. Of two of one point the first stays; both are equal.
    ///
    /// # Errors
    /// The row itself if the table has no such point.
    pub fn take(&mut self, row: PointRow) -> Result<(), PointRow> {
        match self.rows.get_mut(row.point) {
            Some(place) => {
                place.get_or_insert(row);
                Ok(())
            }
            None => Err(row),
        }
    }

    /// The points of a range of which no row is known, in order. Of points that are equal only the first is named:
    /// [`spread`](Self::spread) gives the others its row.
    pub fn missing(&self, range: Range<usize>) -> Vec<usize> {
        let firsts = self.firsts();
        range.filter(|&point| self.rows[point].is_none() && firsts[point] == point).collect()
    }

    /// Gives every point that equals a known one its row.
    pub fn spread(&mut self) {
        for (point, first) in self.firsts().into_iter().enumerate() {
            if self.rows[point].is_none() {
                self.rows[point] = self.rows[first].clone().map(|row| PointRow { point, ..row });
            }
        }
    }

    /// How many points there are, equal ones counted once.
    pub fn distinct(&self) -> usize {
        self.firsts().into_iter().enumerate().filter(|(at, first)| at == first).count()
    }

    /// For each point the first one that equals it. Points are compared where they stand: a copy of them all would be large.
    fn firsts(&self) -> Vec<usize> {
        let bits = |at: usize| self.points[at].values.iter().map(bits);
        let order = |a: &usize, b: &usize| {
            let blocks = self.points[*a].block.cmp(&self.points[*b].block);
            blocks.then_with(|| bits(*a).cmp(bits(*b)))
        };
        let mut sorted: Vec<usize> = (0..self.points.len()).collect();
        // Equal ones stay in the order of the list.
        sorted.sort_by(order);
        let mut firsts = vec![0; sorted.len()];
        for group in sorted.chunk_by(|a, b| order(a, b).is_eq()) {
            group.iter().for_each(|&at| firsts[at] = group[0]);
        }
        firsts
    }
}

/// What makes two points equal, as bits.
pub(super) fn key(point: &Point) -> (u64, Vec<(u8, u64)>) {
    (point.block, point.values.iter().map(bits).collect())
}

/// A value as bits.
fn bits(value: &Value) -> (u8, u64) {
    match *value {
        Value::Number(number) => (0, number.to_bits()),
        Value::Whole(whole) => (1, whole as u64),
        Value::Choice(index) => (2, index as u64),
        Value::Kept => (3, 0),
    }
}
