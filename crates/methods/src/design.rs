//! Designs: which points of the unit cube are lived. Any row follows from its number alone, so any shard makes any row.

pub mod morris;
pub mod saltelli;
mod simple;
pub mod sobol;

pub use morris::Morris;
pub use saltelli::Saltelli;
pub use simple::{Given, Grid, LatinHypercube, OneAtATime};

use crate::words::Words;

/// A row of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignRow {
    /// Where the row stands in its design.
    pub position: Position,
    /// Which block of replications is lived: the same block means the same luck. Counts from 0.
    pub block: u64,
    /// One share of the unit interval for each factor.
    pub units: Vec<f64>,
}

/// Where a row stands in its design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Independent repetition: scramble of a Sobol' design, trajectory of a Morris design, else 0.
    pub repeat: u64,
    /// Row within the repetition.
    pub row: u64,
    /// Which matrix of the row.
    pub matrix: Matrix,
}

/// The matrices of designs that move one factor at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matrix {
    /// The first sample, and every row of a design without matrices.
    A,
    /// The second, independent sample.
    B,
    /// As `A`, with this factor (from 0; luck is the last) as in `B`; in a Morris trajectory, the factor that has just moved.
    Moved(usize),
}

/// Why there is no such design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    /// No factor at all.
    #[error("a design needs at least one factor")]
    NoFactor,
    /// More dimensions than there are direction numbers.
    #[error("{factors} factors are too many; direction numbers are known for {}", sobol::DIMENSIONS / 2)]
    TooManyFactors {
        /// How many were asked for.
        factors: usize,
    },
    /// The rows of a net must be a power of two.
    #[error("base {base} is no power of two; the balance of the sample holds for 2, 4, 8 and so on up to 2^31")]
    Base {
        /// How many rows were asked for.
        base: u64,
    },
    /// Intervals need independent repetitions.
    #[error("{repeats} is too few; intervals need at least {least} independent repetitions")]
    Repeats {
        /// How many were asked for.
        repeats: u64,
        /// The fewest that serve.
        least: u64,
    },
    /// Levels of a Morris design.
    #[error("{levels} levels are not allowed; the number of levels must be even and at least 2")]
    Levels {
        /// How many were asked for.
        levels: u64,
    },
    /// A design without rows, or with more than can be counted.
    #[error("{rows} rows are not allowed; a design has at least 1 and at most 2^32 rows")]
    Rows {
        /// How many were asked for.
        rows: u128,
    },
    /// A row with too few or too many shares, or with a share outside 0 to 1.
    #[error("row {row} is not allowed; each row has one share from 0 to 1 for each factor")]
    Share {
        /// The row, from 0.
        row: usize,
    },
}

/// The designs there are.
#[derive(Clone, Debug)]
pub enum Design {
    /// Saltelli's matrices over a scrambled Sobol' sequence: for indices.
    Saltelli(Saltelli),
    /// Latin hypercube.
    Latin(LatinHypercube),
    /// Morris trajectories: for screening.
    Morris(Morris),
    /// One factor at a time around a base point.
    OneAtATime(OneAtATime),
    /// Every combination of levels.
    Grid(Grid),
    /// Rows given by the user.
    Given(Given),
}

impl Design {
    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        match self {
            Design::Saltelli(design) => design.rows(),
            Design::Latin(design) => design.rows(),
            Design::Morris(design) => design.rows(),
            Design::OneAtATime(design) => design.rows(),
            Design::Grid(design) => design.rows(),
            Design::Given(design) => design.rows(),
        }
    }

    /// A row by its number, below [`rows`](Self::rows).
    pub fn row(&self, words: &impl Words, number: u64) -> DesignRow {
        match self {
            Design::Saltelli(design) => design.row(number),
            Design::Latin(design) => design.row(words, number),
            Design::Morris(design) => design.row(words, number),
            Design::OneAtATime(design) => design.row(number),
            Design::Grid(design) => design.row(number),
            Design::Given(design) => design.row(number),
        }
    }
}
