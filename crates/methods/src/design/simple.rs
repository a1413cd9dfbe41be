//! Designs without matrices: Latin hypercube, one at a time, full grid, rows that were given.

use super::{DesignError, DesignRow, Matrix, Position};
use crate::words::{Purpose, Words, shuffled, unit};

/// A Latin hypercube: each factor takes each of `rows` equal cells once, in a random order.
///
/// # Source
/// M. D. McKay, R. J. Beckman and W. J. Conover, "A comparison of three methods for selecting values of input variables in the
/// analysis of output from a computer code", *Technometrics* 21 (1979).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatinHypercube {
    rows: u64,
    /// For each factor, the cell of each row.
    cells: Vec<Vec<usize>>,
}

impl LatinHypercube {
    /// A design of `rows` rows. The orders of the cells are drawn here, once.
    ///
    /// # Errors
    /// [`DesignError::NoFactor`]; [`DesignError::Rows`] for no row or more than 2^32.
    pub fn new(words: &impl Words, factors: usize, rows: u64) -> Result<Self, DesignError> {
        let rows = counted(factors, u128::from(rows))?;
        let order = |factor: usize| shuffled(words, Purpose::CellOrder, [factor as u64, 0], rows as usize);
        Ok(LatinHypercube { rows, cells: (0..factors).map(order).collect() })
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// A row by its number, below [`rows`](Self::rows). Each row lives in a block of its own.
    pub fn row(&self, words: &impl Words, number: u64) -> DesignRow {
        let share = |(factor, cells): (usize, &Vec<usize>)| {
            let within = unit(words.word(Purpose::CellPlace, [factor as u64, number, 0]));
            // The last cell ends below 1, but its upper end may round to it.
            ((cells[number as usize] as f64 + within) / self.rows as f64).min(1.0 - f64::EPSILON / 2.0)
        };
        plain(number, number, self.cells.iter().enumerate().map(share).collect())
    }
}

/// One factor at a time: the base point, then each factor at each of the positions while the others stay.
///
/// All rows live in the same block, so that a difference to the base is not luck.
#[derive(Clone, Debug, PartialEq)]
pub struct OneAtATime {
    base: Vec<f64>,
    positions: Vec<f64>,
}

impl OneAtATime {
    /// A design around `base` (one share a factor), each factor going to each of `positions` (shares).
    ///
    /// # Errors
    /// [`DesignError::NoFactor`]; [`DesignError::Share`] with row 0 for the base, row 1 for the positions;
    /// [`DesignError::Rows`] for more than 2^32 rows.
    pub fn new(base: Vec<f64>, positions: Vec<f64>) -> Result<Self, DesignError> {
        counted(base.len(), 1 + base.len() as u128 * positions.len() as u128)?;
        for (row, shares) in [&base, &positions].into_iter().enumerate() {
            checked(row, shares)?;
        }
        Ok(OneAtATime { base, positions })
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        1 + (self.base.len() * self.positions.len()) as u64
    }

    /// A row by its number, below [`rows`](Self::rows).
    pub fn row(&self, number: u64) -> DesignRow {
        let mut row = plain(number, 0, self.base.clone());
        if let Some(step) = number.checked_sub(1) {
            let (factor, position) = (step as usize / self.positions.len(), step as usize % self.positions.len());
            row.units[factor] = self.positions[position];
            row.position.matrix = Matrix::Moved(factor);
        }
        row
    }
}

/// Every combination of levels; the last factor changes fastest. All rows live in the same block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    levels: Vec<u64>,
    rows: u64,
}

impl Grid {
    /// A grid with this many levels of each factor. A level is the middle of its cell, so that of a factor with as many values
    /// every value is met once.
    ///
    /// # Errors
    /// [`DesignError::NoFactor`]; [`DesignError::Rows`] for a factor without levels or more than 2^32 rows.
    pub fn new(levels: Vec<u64>) -> Result<Self, DesignError> {
        let all = levels.iter().fold(1u128, |all, &levels| all.saturating_mul(u128::from(levels)));
        Ok(Grid { rows: counted(levels.len(), all)?, levels })
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// A row by its number, below [`rows`](Self::rows).
    pub fn row(&self, number: u64) -> DesignRow {
        let mut rest = number;
        let mut units = vec![0.0; self.levels.len()];
        for (share, &levels) in units.iter_mut().zip(&self.levels).rev() {
            *share = ((rest % levels) as f64 + 0.5) / levels as f64;
            rest /= levels;
        }
        plain(number, 0, units)
    }
}

/// Rows that were given, all in the same block.
#[derive(Clone, Debug, PartialEq)]
pub struct Given(Vec<Vec<f64>>);

impl Given {
    /// These rows of shares.
    ///
    /// # Errors
    /// [`DesignError::NoFactor`], [`DesignError::Rows`]; [`DesignError::Share`] for a row of another length than the first or
    /// with a share outside 0 to 1.
    pub fn new(rows: Vec<Vec<f64>>) -> Result<Self, DesignError> {
        let factors = rows.first().map_or(1, Vec::len);
        counted(factors, rows.len() as u128)?;
        for (number, row) in rows.iter().enumerate() {
            checked(number, row)?;
            if row.len() != factors {
                return Err(DesignError::Share { row: number });
            }
        }
        Ok(Given(rows))
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.0.len() as u64
    }

    /// A row by its number, below [`rows`](Self::rows).
    pub fn row(&self, number: u64) -> DesignRow {
        plain(number, 0, self.0[number as usize].clone())
    }
}

fn plain(row: u64, block: u64, units: Vec<f64>) -> DesignRow {
    DesignRow { position: Position { repeat: 0, row, matrix: Matrix::A }, block, units }
}

fn counted(factors: usize, rows: u128) -> Result<u64, DesignError> {
    match rows {
        _ if factors == 0 => Err(DesignError::NoFactor),
        1..=0x1_0000_0000 => Ok(rows as u64),
        _ => Err(DesignError::Rows { rows }),
    }
}

fn checked(row: usize, shares: &[f64]) -> Result<(), DesignError> {
    let fine = shares.iter().all(|share| (0.0..=1.0).contains(share));
    if fine { Ok(()) } else { Err(DesignError::Share { row }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    #[test]
    fn a_latin_hypercube_meets_each_cell_once_in_orders_of_their_own() {
        let design = LatinHypercube::new(&Mixed(9), 3, 50).unwrap();
        let cells = |factor: usize| -> Vec<u64> {
            (0..50).map(|row| (design.row(&Mixed(9), row).units[factor] * 50.0) as u64).collect()
        };
        assert_ne!(cells(0), cells(1));
        for factor in 0..3 {
            let mut cells = cells(factor);
            cells.sort_unstable();
            assert_eq!(cells, (0..50).collect::<Vec<_>>());
        }
    }

    #[test]
    fn one_at_a_time_moves_one_factor_from_the_base() {
        let design = OneAtATime::new(vec![0.5, 0.25], vec![0.0, 1.0]).unwrap();
        let rows: Vec<Vec<f64>> = (0..design.rows()).map(|row| design.row(row).units).collect();
        assert_eq!(rows, [[0.5, 0.25], [0.0, 0.25], [1.0, 0.25], [0.5, 0.0], [0.5, 1.0]]);
        assert_eq!(design.row(3).position.matrix, Matrix::Moved(1));
        assert_eq!(OneAtATime::new(vec![0.5], vec![2.0]).unwrap_err(), DesignError::Share { row: 1 });
        assert_eq!(OneAtATime::new(vec![0.5], vec![]).unwrap().rows(), 1);
    }

    #[test]
    fn a_grid_has_every_combination_once() {
        let grid = Grid::new(vec![2, 3]).unwrap();
        let rows: Vec<Vec<f64>> = (0..grid.rows()).map(|row| grid.row(row).units).collect();
        assert_eq!(rows.len(), 6);
        assert_eq!((rows[0][0], rows[5][0]), (0.25, 0.75));
        assert_eq!([rows[0][1], rows[1][1], rows[2][1]], [1.0 / 6.0, 0.5, 2.5 / 3.0]);
        assert_eq!(Grid::new(vec![2, 0]).unwrap_err(), DesignError::Rows { rows: 0 });
        assert!(matches!(Grid::new(vec![u64::MAX, u64::MAX, u64::MAX]).unwrap_err(), DesignError::Rows { .. }));
        assert_eq!(Grid::new(vec![]).unwrap_err(), DesignError::NoFactor);
    }

    #[test]
    fn rows_that_were_given_are_checked() {
        assert_eq!(Given::new(vec![vec![0.5], vec![1.0]]).unwrap().row(1).units, [1.0]);
        assert_eq!(Given::new(vec![vec![0.5], vec![f64::NAN]]).unwrap_err(), DesignError::Share { row: 1 });
        assert_eq!(Given::new(vec![vec![0.5], vec![0.5, 0.5]]).unwrap_err(), DesignError::Share { row: 1 });
        assert_eq!(Given::new(vec![]).unwrap_err(), DesignError::Rows { rows: 0 });
    }
}
