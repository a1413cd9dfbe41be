//! Where it fails: boxes of factors in which the cases of interest are dense.
//!
//! [`prim`] peels one box as its reader would; [`cart`] splits the whole space and gives a second opinion. PRIM is greedy and its
//! reader picks cherries, so a half of the points is held out and both densities are given with the base rate.

pub mod cart;
mod limits;
pub mod prim;
pub mod trust;

pub use limits::{Limit, Limits};

use crate::words::{Purpose, Words, shuffled};

/// Points with the word whether each is a case of interest.
#[derive(Clone, Debug, PartialEq)]
pub struct Cases {
    columns: Vec<Vec<f64>>,
    kinds: Vec<FactorKind>,
    of_interest: Vec<bool>,
}

/// How the values of a factor may be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// Values have an order: a cut takes what lies on one side.
    Ordered,
    /// Values have no order: a cut takes one of them away.
    Choice,
}

/// Why points cannot be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CasesError {
    /// Columns of different lengths, or as many kinds as there are no columns.
    #[error("factor {factor} has not one finite value for each point")]
    Column {
        /// The factor, from 0.
        factor: usize,
    },
    /// No point or no factor.
    #[error("there are no points to search")]
    Empty,
}

impl Cases {
    /// Points: for each factor its kind and its value at each point; for each point whether it is of interest.
    ///
    /// # Errors
    /// [`CasesError::Empty`] without points or factors; [`CasesError::Column`] for a column of another length or with a value
    /// that is not finite.
    pub fn new(factors: Vec<(FactorKind, Vec<f64>)>, of_interest: Vec<bool>) -> Result<Self, CasesError> {
        if of_interest.is_empty() || factors.is_empty() {
            return Err(CasesError::Empty);
        }
        let odd = |(_, column): &(FactorKind, Vec<f64>)| {
            column.len() != of_interest.len() || column.iter().any(|value| !value.is_finite())
        };
        if let Some(factor) = factors.iter().position(odd) {
            return Err(CasesError::Column { factor });
        }
        let (kinds, columns) = factors.into_iter().unzip();
        Ok(Cases { columns, kinds, of_interest })
    }

    /// How many points there are.
    pub fn points(&self) -> usize {
        self.of_interest.len()
    }

    /// How many factors there are.
    pub fn factors(&self) -> usize {
        self.columns.len()
    }

    /// How many points are of interest.
    pub fn of_interest(&self) -> usize {
        self.of_interest.iter().filter(|&&is| is).count()
    }

    /// Share of the points that are of interest: what a box must beat.
    pub fn base_rate(&self) -> f64 {
        self.of_interest() as f64 / self.points() as f64
    }

    /// The same points in a chosen order, some of them perhaps left out.
    pub fn chosen(&self, points: &[usize]) -> Self {
        let take = |column: &Vec<f64>| points.iter().map(|&point| column[point]).collect();
        Cases {
            columns: self.columns.iter().map(take).collect(),
            kinds: self.kinds.clone(),
            of_interest: points.iter().map(|&point| self.of_interest[point]).collect(),
        }
    }

    /// Two parts drawn without putting back: what is searched, and what is held out.
    ///
    /// - `held_out`: share that is held out, rounded down to points; `None` unless both parts have a point.
    pub fn split(&self, words: &impl Words, held_out: f64) -> Option<(Self, Self)> {
        // A share below 0 or none at all becomes 0 points.
        let count = (self.points() as f64 * held_out) as usize;
        if count == 0 || count >= self.points() {
            return None;
        }
        let mut order = shuffled(words, Purpose::HoldOut, [0, 0], self.points());
        let mut searched = order.split_off(count);
        order.sort_unstable();
        searched.sort_unstable();
        Some((self.chosen(&searched), self.chosen(&order)))
    }

    /// Points and points of interest within limits.
    pub fn within(&self, limits: &Limits) -> Counts {
        let inside = (0..self.points()).filter(|&point| limits.hold(|factor| self.columns[factor][point]));
        inside.fold(Counts { n: 0, k: 0 }, |counts, point| Counts {
            n: counts.n + 1,
            k: counts.k + usize::from(self.of_interest[point]),
        })
    }
}

/// Points in a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Points.
    pub n: usize,
    /// Points of interest among them.
    pub k: usize,
}

impl Counts {
    /// Share of the points in the box that are of interest; `None` for an empty box.
    pub fn density(&self) -> Option<f64> {
        (self.n > 0).then(|| self.k as f64 / self.n as f64)
    }

    /// Share of all points of interest that the box holds; `None` if there are none.
    pub fn coverage(&self, of_interest: usize) -> Option<f64> {
        (of_interest > 0).then(|| self.k as f64 / of_interest as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    fn cases() -> Cases {
        let column = (0..10).map(f64::from).collect();
        Cases::new(vec![(FactorKind::Ordered, column)], (0..10).map(|point| point >= 7).collect()).unwrap()
    }

    #[test]
    fn a_split_uses_every_point_once() {
        let (searched, held) = cases().split(&Mixed(4), 0.5).unwrap();
        assert_eq!((searched.points(), held.points()), (5, 5));
        let mut all = [searched.columns[0].clone(), held.columns[0].clone()].concat();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, (0..10).map(f64::from).collect::<Vec<_>>());
        assert_eq!(searched.of_interest() + held.of_interest(), 3);
        assert_eq!(cases().split(&Mixed(4), 0.0), None);
        assert_eq!(cases().split(&Mixed(4), 1.0), None);
    }

    #[test]
    fn counts_follow_the_limits() {
        let counts = cases().within(&Limits::none(1).with_low(0, 5.5));
        assert_eq!(counts, Counts { n: 4, k: 3 });
        assert_eq!((counts.density(), counts.coverage(3)), (Some(0.75), Some(1.0)));
        assert_eq!((Counts { n: 0, k: 0 }).density(), None);
        assert!((cases().base_rate() - 0.3).abs() < 1e-15);
    }

    #[test]
    fn points_that_are_not_whole_are_refused() {
        let refused =
            |column: Vec<f64>| Cases::new(vec![(FactorKind::Ordered, column)], vec![true, false]).unwrap_err();
        assert_eq!(refused(vec![1.0]), CasesError::Column { factor: 0 });
        assert_eq!(refused(vec![1.0, f64::NAN]), CasesError::Column { factor: 0 });
        assert_eq!(Cases::new(vec![], vec![true]).unwrap_err(), CasesError::Empty);
    }
}
