//! The simplex method in its primal form (G. B. Dantzig, 1947), with an explicit inverse, from a basis that is given.
//!
//! It works in floating point, stops at any time and can go on when costs change. Whoever uses its duals must not trust them: see
//! [`Program`](super::Program).

/// Reduced costs, and entries of a column, that count as 0.
const ZERO: f64 = 1e-9;
/// Least entry that a pivot may divide by.
const PIVOT_MIN: f64 = 1e-7;

/// A variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variable {
    /// What a row leaves unused.
    Slack(usize),
    Column(usize),
}

/// Minimises the cost of columns, none of them below 0, under rows: the first ones are kept exactly, of the others no more is used
/// than there is.
pub(super) struct Simplex {
    /// Rows that are kept exactly.
    exact: usize,
    /// Rows with their entries, of each column.
    columns: Vec<Vec<(usize, f64)>>,
    costs: Vec<f64>,
    /// What is basic, by row.
    basic: Vec<Variable>,
    /// Inverse of the basic columns, row by row.
    inverse: Vec<f64>,
    /// Value of what is basic, by row.
    values: Vec<f64>,
    duals: Vec<f64>,
    /// Entries of columns in all.
    size: usize,
    /// Operations so far.
    work: u64,
}

impl Simplex {
    /// The programme at a solution in which each exact row is met by a column of its own.
    ///
    /// - `columns`: rows with their entries; the first is 1, in an exact row.
    /// - `room`: of each row.
    /// - `first`: the column of each exact row.
    pub(super) fn new(columns: Vec<Vec<(usize, f64)>>, room: Vec<f64>, first: &[usize]) -> Self {
        let rows = room.len();
        let mut inverse = vec![0.0; rows * rows];
        (0..rows).for_each(|row| inverse[row * rows + row] = 1.0);
        let (mut basic, mut values) = ((0..rows).map(Variable::Slack).collect::<Vec<_>>(), room);
        for (own, &column) in first.iter().enumerate() {
            basic[own] = Variable::Column(column);
            for &(row, entry) in &columns[column][1..] {
                inverse[row * rows + own] = -entry;
                values[row] -= entry;
            }
        }
        let (costs, duals) = (vec![0.0; columns.len()], vec![0.0; rows]);
        let size = columns.iter().map(Vec::len).sum();
        Simplex { exact: first.len(), columns, costs, basic, inverse, values, duals, size, work: 0 }
    }

    /// The dual of each row.
    pub(super) fn duals(&self) -> &[f64] {
        &self.duals
    }

    /// How much of each column is taken.
    pub(super) fn taken(&self) -> Vec<f64> {
        let mut taken = vec![0.0; self.columns.len()];
        for (variable, value) in self.basic.iter().zip(&self.values) {
            if let Variable::Column(column) = *variable {
                taken[column] = value.clamp(0.0, 1.0);
            }
        }
        taken
    }

    /// About how many operations all pivots took.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// Goes on at other costs.
    pub(super) fn set_costs(&mut self, costs: Vec<f64>) {
        self.costs = costs;
        let mut duals = vec![0.0; self.basic.len()];
        for (row, variable) in self.basic.iter().enumerate() {
            if let Variable::Column(column) = *variable {
                let cost = self.costs[column];
                duals.iter_mut().zip(self.row(row)).for_each(|(dual, entry)| *dual += cost * entry);
            }
        }
        self.duals = duals;
    }

    /// Moves to a basis that is no worse; whether there was one.
    pub(super) fn pivot(&mut self) -> bool {
        let Some((entering, reduced)) = self.entering() else { return false };
        let along = match entering {
            Variable::Column(column) => self.along(&self.columns[column]),
            Variable::Slack(row) => self.along(&[(row, 1.0)]),
        };
        let Some(leaving) = self.leaving(&along) else { return false };
        self.exchange(leaving, &along, reduced);
        self.basic[leaving] = entering;
        true
    }

    fn row(&self, row: usize) -> &[f64] {
        let rows = self.basic.len();
        &self.inverse[row * rows..(row + 1) * rows]
    }

    /// The variable with the lowest reduced cost, and that cost.
    fn entering(&self) -> Option<(Variable, f64)> {
        let of_column = |(column, cost): (usize, &f64)| {
            let paid: f64 = self.columns[column].iter().map(|&(row, entry)| self.duals[row] * entry).sum();
            (Variable::Column(column), cost - paid)
        };
        let columns = self.costs.iter().enumerate().map(of_column);
        let slacks = (self.exact..self.duals.len()).map(|row| (Variable::Slack(row), -self.duals[row]));
        columns.chain(slacks).filter(|found| found.1 < -ZERO).min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// What a column takes of each basic variable.
    fn along(&self, column: &[(usize, f64)]) -> Vec<f64> {
        let rows = self.basic.len();
        let mut along = vec![0.0; rows];
        for &(row, entry) in column {
            let entries = self.inverse[row..].iter().step_by(rows);
            along.iter_mut().zip(entries).for_each(|(along, value)| *along += entry * value);
        }
        along
    }

    /// The row whose variable is used up first; of those used up together the one with the largest entry.
    fn leaving(&self, along: &[f64]) -> Option<usize> {
        let rows = along.iter().zip(&self.values).enumerate().filter(|(_, (along, _))| **along > PIVOT_MIN);
        let lengths = rows.map(|(row, (along, value))| (row, value.max(0.0) / along, *along));
        let first = lengths.min_by(|a, b| a.1.total_cmp(&b.1).then(b.2.total_cmp(&a.2)));
        first.map(|first| first.0)
    }

    /// Lets the variable of a row leave for one that takes so much of each.
    fn exchange(&mut self, leaving: usize, along: &[f64], reduced: f64) {
        let rows = self.basic.len();
        let pivot = along[leaving];
        let own: Vec<f64> = self.row(leaving).iter().map(|entry| entry / pivot).collect();
        let length = self.values[leaving].max(0.0) / pivot;
        // Most entries are 0.
        let used: Vec<(usize, f64)> = own.iter().copied().enumerate().filter(|(_, entry)| *entry != 0.0).collect();
        self.work += (self.size + rows) as u64;
        for (row, &along) in along.iter().enumerate().filter(|(row, along)| *row != leaving && **along != 0.0) {
            self.work += used.len() as u64;
            let entries = &mut self.inverse[row * rows..(row + 1) * rows];
            used.iter().for_each(|&(at, entry)| entries[at] -= along * entry);
            self.values[row] -= along * length;
        }
        used.iter().for_each(|&(at, entry)| self.duals[at] += reduced * entry);
        self.inverse[leaving * rows..(leaving + 1) * rows].copy_from_slice(&own);
        self.values[leaving] = length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two jobs on two places of one day each, at costs of 0 and 1, and of 0 and 5: the second has the better place.
    #[test]
    fn of_two_jobs_the_one_that_loses_more_has_the_better_place() {
        let columns = [(0, 2), (0, 3), (1, 2), (1, 3)].map(|(job, place)| vec![(job, 1.0), (place, 1.0)]);
        let mut simplex = Simplex::new(columns.to_vec(), vec![1.0; 4], &[0, 3]);
        simplex.set_costs(vec![0.0, 1.0, 0.0, 5.0]);
        while simplex.pivot() {}
        assert_eq!(simplex.taken(), [0.0, 1.0, 1.0, 0.0]);
        let worth: f64 = simplex.duals().iter().sum();
        assert!((worth - 1.0).abs() < 1e-12, "{:?}", simplex.duals());
        // At other costs it goes on from there.
        simplex.set_costs(vec![0.0, 7.0, 0.0, 5.0]);
        while simplex.pivot() {}
        assert!((simplex.duals().iter().sum::<f64>() - 5.0).abs() < 1e-12, "{:?}", simplex.duals());
    }
}
