//! Morris trajectories: each moves every factor once, one after the other, on a grid of levels.
//!
//! # Source
//! M. D. Morris, "Factorial sampling plans for preliminary computational experiments", *Technometrics* 33 (1991), with an even
//! number of levels `p` and the step `p / (2 (p - 1))`, which makes all levels equally likely.

use super::{DesignError, DesignRow, Matrix, Position};
use crate::words::{Purpose, Words, below, shuffled};

/// A Morris design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Morris {
    factors: usize,
    trajectories: u64,
    levels: u64,
}

/// One trajectory: where each factor starts, and in which order they move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trajectory {
    /// The level at which each factor starts, from 0. A factor in the lower half moves up by half of the levels, one in the
    /// upper half moves down.
    pub start: Vec<u64>,
    /// The factors in the order in which they move.
    pub order: Vec<usize>,
}

impl Morris {
    /// A design with this many trajectories over an even number of levels.
    ///
    /// # Errors
    /// [`DesignError::NoFactor`]; [`DesignError::Repeats`] for fewer than two trajectories; [`DesignError::Levels`] unless
    /// `levels` is even, at least 2 and at most 2^32; [`DesignError::Rows`] for more than 2^32 rows.
    pub fn new(factors: usize, trajectories: u64, levels: u64) -> Result<Self, DesignError> {
        if factors == 0 {
            return Err(DesignError::NoFactor);
        }
        if trajectories < 2 {
            return Err(DesignError::Repeats { repeats: trajectories, least: 2 });
        }
        if levels < 2 || levels % 2 == 1 || levels > 1 << 32 {
            return Err(DesignError::Levels { levels });
        }
        let rows = u128::from(trajectories) * (factors as u128 + 1);
        if rows > 1 << 32 {
            return Err(DesignError::Rows { rows });
        }
        Ok(Morris { factors, trajectories, levels })
    }

    /// How many factors move.
    pub fn factors(&self) -> usize {
        self.factors
    }

    /// How many levels the grid has.
    pub fn levels(&self) -> u64 {
        self.levels
    }

    /// How many rows there are: one more than factors for each trajectory.
    pub fn rows(&self) -> u64 {
        self.trajectories * (self.factors as u64 + 1)
    }

    /// The trajectory of a number, below the number of trajectories.
    pub fn trajectory(&self, words: &impl Words, number: u64) -> Trajectory {
        let level = |factor: usize| below(words.word(Purpose::Start, [number, factor as u64, 0]), self.levels);
        Trajectory {
            start: (0..self.factors).map(level).collect(),
            order: shuffled(words, Purpose::MoveOrder, [number, 0], self.factors),
        }
    }

    /// A row by its number, below [`rows`](Self::rows). Each trajectory lives in a block of its own.
    pub fn row(&self, words: &impl Words, number: u64) -> DesignRow {
        let points = self.factors as u64 + 1;
        let (repeat, row) = (number / points, number % points);
        let trajectory = self.trajectory(words, repeat);
        let moved = row.checked_sub(1).map(|step| trajectory.order[step as usize]);
        let matrix = moved.map_or(Matrix::A, Matrix::Moved);
        let units = trajectory.point(self.levels, row as usize);
        DesignRow { position: Position { repeat, row, matrix }, block: repeat, units }
    }
}

impl Trajectory {
    /// The point after the first `moves` factors have moved.
    pub fn point(&self, levels: u64, moves: usize) -> Vec<f64> {
        let mut at = self.start.clone();
        for &factor in &self.order[..moves] {
            at[factor] = self.other_end(levels, factor);
        }
        at.into_iter().map(|level| level as f64 / (levels - 1) as f64).collect()
    }

    /// The step of a factor, with its sign, in shares of its range.
    pub fn step(&self, levels: u64, factor: usize) -> f64 {
        let size = levels as f64 / (2.0 * (levels - 1) as f64);
        if self.start[factor] < levels / 2 { size } else { -size }
    }

    fn other_end(&self, levels: u64, factor: usize) -> u64 {
        (self.start[factor] + levels / 2) % levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    #[test]
    fn each_step_moves_one_factor_by_half_of_the_levels() {
        let (design, words) = (Morris::new(5, 20, 8).unwrap(), Mixed(2));
        for repeat in 0..20 {
            let trajectory = design.trajectory(&words, repeat);
            let rows: Vec<DesignRow> = (0..6).map(|step| design.row(&words, repeat * 6 + step)).collect();
            let mut moved: Vec<usize> = Vec::new();
            for pair in rows.windows(2) {
                let Matrix::Moved(factor) = pair[1].position.matrix else { panic!("no factor moved") };
                for other in 0..5 {
                    let step = pair[1].units[other] - pair[0].units[other];
                    let expected = if other == factor { trajectory.step(8, factor) } else { 0.0 };
                    assert!((step - expected).abs() < 1e-15);
                }
                moved.push(factor);
            }
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3, 4]);
            assert!(rows.iter().all(|row| row.block == repeat && row.units.iter().all(|u| (0.0..=1.0).contains(u))));
        }
    }

    #[test]
    fn an_odd_number_of_levels_is_refused() {
        assert_eq!(Morris::new(3, 4, 5).unwrap_err(), DesignError::Levels { levels: 5 });
        assert_eq!(Morris::new(3, 4, 0).unwrap_err(), DesignError::Levels { levels: 0 });
        assert_eq!(Morris::new(3, 1, 4).unwrap_err(), DesignError::Repeats { repeats: 1, least: 2 });
        assert_eq!(Morris::new(0, 4, 4).unwrap_err(), DesignError::NoFactor);
        assert_eq!(Morris::new(3, 4, 6).unwrap().rows(), 16);
    }
}
