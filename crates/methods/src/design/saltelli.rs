//! Matrices A, B and AB_i over a scrambled Sobol' sequence, with luck as a factor of its own.
//!
//! Rows come in the order of SALib without second order: for each base row `A`, `AB_1` to `AB_k` and `B`. `AB_i` is `A` with
//! factor `i` as in `B`. Where luck is asked about it is the last factor: every row of `A` and of `B` has a block of
//! replications of its own, `AB_i` lives in the block of `A`, and `AB_luck` has the shares of `A` in the block of `B`.
//!
//! # Source
//! A. Saltelli et al., "Variance based sensitivity analysis of model output", *Computer Physics Communications* 181 (2010),
//! section 4 ("radial" in A). Luck as a factor: B. Iooss and M. Ribatet, "Global sensitivity analysis of computer models with
//! functional inputs", *Reliability Engineering and System Safety* 94 (2009), where the seed stands for what is not controlled.

use super::sobol::{DIMENSIONS, Sequence, scramble_key, scrambled};
use super::{DesignError, DesignRow, Matrix, Position};
use crate::words::{Words, unit};

/// The fewest scrambles from which intervals are taken.
pub const LEAST_SCRAMBLES: u64 = 8;

/// A Saltelli design.
#[derive(Clone, Debug)]
pub struct Saltelli {
    factors: usize,
    shape: Shape,
    luck: bool,
    sequence: Sequence,
    /// For each scramble the key of each dimension.
    keys: Vec<Vec<u64>>,
}

/// How the outputs of a Saltelli design are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Factors, luck included.
    pub columns: usize,
    /// Base rows of a scramble, a power of two.
    pub base: u64,
    /// Independent scrambles.
    pub scrambles: u64,
}

impl Shape {
    /// Points of one base row: `A`, one for each column, `B`.
    pub fn points_per_row(&self) -> usize {
        self.columns + 2
    }

    /// Points of one scramble.
    pub fn points_per_scramble(&self) -> usize {
        self.points_per_row() * self.base as usize
    }

    /// Points of all scrambles.
    pub fn points(&self) -> usize {
        self.points_per_scramble() * self.scrambles as usize
    }
}

impl Saltelli {
    /// A design of `factors` factors with `base` rows in each of `scrambles` scrambles. Their keys are drawn here, once.
    ///
    /// - `luck`: whether the block of replications is a factor; if not, every row lives in block 0.
    ///
    /// # Errors
    /// [`DesignError::NoFactor`], [`DesignError::TooManyFactors`]; [`DesignError::Base`] unless `base` is a power of two from
    /// 2 to 2^31; [`DesignError::Repeats`] for fewer than [`LEAST_SCRAMBLES`]; [`DesignError::Rows`] for more than 2^32 points.
    pub fn new(words: &impl Words, factors: usize, base: u64, scrambles: u64, luck: bool) -> Result<Self, DesignError> {
        if factors == 0 {
            return Err(DesignError::NoFactor);
        }
        if !base.is_power_of_two() || !(2..=1 << 31).contains(&base) {
            return Err(DesignError::Base { base });
        }
        if scrambles < LEAST_SCRAMBLES {
            return Err(DesignError::Repeats { repeats: scrambles, least: LEAST_SCRAMBLES });
        }
        if factors > DIMENSIONS / 2 {
            return Err(DesignError::TooManyFactors { factors });
        }
        let sequence = Sequence::new(2 * factors).ok_or(DesignError::TooManyFactors { factors })?;
        let shape = Shape { columns: factors + usize::from(luck), base, scrambles };
        let rows = u128::from(base) * u128::from(scrambles) * shape.points_per_row() as u128;
        if rows > 1 << 32 {
            return Err(DesignError::Rows { rows });
        }
        let keys = |scramble| (0..2 * factors).map(|dimension| scramble_key(words, scramble, dimension)).collect();
        let keys = (0..scrambles).map(keys).collect();
        Ok(Saltelli { factors, shape, luck, sequence, keys })
    }

    /// How outputs in the order of the rows are laid out.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.shape.points() as u64
    }

    /// A row by its number, below [`rows`](Self::rows).
    pub fn row(&self, number: u64) -> DesignRow {
        let position = self.position(number);
        let share = |factor: usize| {
            let from_b = position.matrix == Matrix::B || position.matrix == Matrix::Moved(factor);
            let dimension = if from_b { self.factors + factor } else { factor };
            let key = self.keys[position.repeat as usize][dimension];
            unit(scrambled(key, self.sequence.digits(dimension, position.row)))
        };
        DesignRow { position, block: self.block(position), units: (0..self.factors).map(share).collect() }
    }

    fn position(&self, number: u64) -> Position {
        let points = self.shape.points_per_row() as u64;
        let (base_row, point) = (number / points, (number % points) as usize);
        let matrix = match point {
            0 => Matrix::A,
            _ if point > self.shape.columns => Matrix::B,
            _ => Matrix::Moved(point - 1),
        };
        Position { repeat: base_row / self.shape.base, row: base_row % self.shape.base, matrix }
    }

    /// Blocks are counted, not drawn, so that no two rows share their luck by accident.
    fn block(&self, position: Position) -> u64 {
        let of_a = 2 * (position.repeat * self.shape.base + position.row);
        match position.matrix {
            _ if !self.luck => 0,
            Matrix::B => of_a + 1,
            Matrix::Moved(factor) if factor == self.factors => of_a + 1,
            _ => of_a,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    fn design() -> Saltelli {
        Saltelli::new(&Mixed(5), 3, 16, 8, true).unwrap()
    }

    #[test]
    fn each_matrix_differs_from_a_in_its_own_factor_only() {
        let design = design();
        for base_row in 0..128u64 {
            let rows: Vec<DesignRow> = (0..6).map(|point| design.row(base_row * 6 + point)).collect();
            let (a, b) = (&rows[0], &rows[5]);
            assert_eq!((a.position.matrix, b.position.matrix), (Matrix::A, Matrix::B));
            for (factor, mixed) in rows[1..5].iter().enumerate() {
                assert_eq!(mixed.position.matrix, Matrix::Moved(factor));
                for other in 0..3 {
                    let expected = if other == factor { b.units[other] } else { a.units[other] };
                    assert_eq!(mixed.units[other], expected);
                }
                assert_eq!(mixed.block, if factor == 3 { b.block } else { a.block });
            }
            assert_eq!((a.block, b.block), (2 * base_row, 2 * base_row + 1));
        }
    }

    #[test]
    fn without_luck_every_row_lives_in_the_first_block() {
        let design = Saltelli::new(&Mixed(1), 2, 4, 8, false).unwrap();
        assert_eq!(design.rows(), 4 * 4 * 8);
        assert!((0..design.rows()).all(|number| design.row(number).block == 0));
    }

    #[test]
    fn scrambles_differ_and_each_is_balanced() {
        let design = design();
        let column = |scramble: u64, factor: usize| -> Vec<f64> {
            (0..16).map(|row| design.row((scramble * 16 + row) * 6).units[factor]).collect()
        };
        for factor in 0..3 {
            assert_ne!(column(0, factor), column(1, factor));
            for scramble in 0..8 {
                let mut cells: Vec<u64> = column(scramble, factor).iter().map(|u| (u * 16.0) as u64).collect();
                cells.sort_unstable();
                assert_eq!(cells, (0..16).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_is_no_design_is_refused() {
        let refused = |factors, base, scrambles| Saltelli::new(&Mixed(1), factors, base, scrambles, true).unwrap_err();
        assert_eq!(refused(0, 16, 8), DesignError::NoFactor);
        assert_eq!(refused(3, 1000, 8), DesignError::Base { base: 1000 });
        assert_eq!(refused(3, 1, 8), DesignError::Base { base: 1 });
        assert_eq!(refused(3, 16, 7), DesignError::Repeats { repeats: 7, least: 8 });
        assert_eq!(refused(129, 16, 8), DesignError::TooManyFactors { factors: 129 });
        assert!(matches!(refused(3, 1 << 31, 8), DesignError::Rows { .. }));
    }
}
