//! One outcome of all schedules in all futures.

/// Which way an outcome is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Less is better.
    Less,
    /// More is better.
    More,
}

/// The outcome of each schedule in each future in each replication, as losses: less is better.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcomes {
    /// Schedule, future, replication.
    pub(super) losses: Vec<Vec<Vec<f64>>>,
    pub(super) wish: Direction,
}

/// Why outcomes cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutcomesError {
    /// No schedule or no future.
    #[error("there is no schedule or no future to judge")]
    Empty,
    /// One replication has no halves.
    #[error(
        "{replications} replications in each future are too few; 2 are needed to choose on one half and measure on the other"
    )]
    Replications {
        /// How many there are.
        replications: usize,
    },
    /// Something is missing, too much or not finite.
    #[error("schedule {schedule}, future {future} has not one finite value for each replication")]
    Future {
        /// The schedule, from 0.
        schedule: usize,
        /// The future, from 0.
        future: usize,
    },
}

impl Outcomes {
    /// Values by schedule, future and replication; replication `r` of a future is the same luck for all schedules.
    ///
    /// # Errors
    /// [`OutcomesError`] unless there are as many futures for each schedule, as many replications in each future, at least 2 of
    /// them, and all values are finite.
    pub fn new(values: Vec<Vec<Vec<f64>>>, wish: Direction) -> Result<Self, OutcomesError> {
        let futures = values.first().map_or(0, Vec::len);
        let Some(first) = values.first().and_then(|schedule| schedule.first()) else {
            return Err(OutcomesError::Empty);
        };
        let replications = first.len();
        if replications < 2 {
            return Err(OutcomesError::Replications { replications });
        }
        for (schedule, row) in values.iter().enumerate() {
            let odd = |values: &Vec<f64>| values.len() != replications || values.iter().any(|value| !value.is_finite());
            let missing = (row.len() != futures).then_some(row.len().min(futures));
            if let Some(future) = row.iter().position(odd).or(missing) {
                return Err(OutcomesError::Future { schedule, future });
            }
        }
        let sign = if wish == Direction::Less { 1.0 } else { -1.0 };
        let mut losses = values;
        losses.iter_mut().flatten().flatten().for_each(|value| *value *= sign);
        Ok(Outcomes { losses, wish })
    }

    /// How many schedules there are.
    pub fn schedules(&self) -> usize {
        self.losses.len()
    }

    /// How many futures there are.
    pub fn futures(&self) -> usize {
        self.losses[0].len()
    }

    /// Mean losses by schedule and future over one half of the replications; the first half is the smaller one.
    pub(super) fn half(&self, second: bool) -> Vec<Vec<f64>> {
        let middle = self.losses[0][0].len() / 2;
        let half = |values: &[f64]| if second { mean(&values[middle..]) } else { mean(&values[..middle]) };
        self.means(half)
    }

    /// Mean losses by schedule and future over all replications.
    pub(super) fn whole(&self) -> Vec<Vec<f64>> {
        self.means(mean)
    }

    fn means(&self, of: impl Fn(&[f64]) -> f64) -> Vec<Vec<f64>> {
        self.losses.iter().map(|futures| futures.iter().map(|values| of(values)).collect()).collect()
    }
}

/// The mean of finite values; of none, which cannot be, infinity.
fn mean(values: &[f64]) -> f64 {
    crate::interval::mean(values).unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_and_the_whole_are_means_of_losses() {
        let outcomes = Outcomes::new(vec![vec![vec![1.0, 2.0, 4.0, 9.0]]], Direction::More).unwrap();
        assert_eq!(outcomes.half(false), [[-1.5]]);
        assert_eq!(outcomes.half(true), [[-6.5]]);
        assert_eq!(outcomes.whole(), [[-4.0]]);
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let refused = |values| Outcomes::new(values, Direction::Less).unwrap_err();
        assert_eq!(refused(vec![]), OutcomesError::Empty);
        assert_eq!(refused(vec![vec![]]), OutcomesError::Empty);
        assert_eq!(refused(vec![vec![vec![1.0]]]), OutcomesError::Replications { replications: 1 });
        let pair = || vec![1.0, 2.0];
        assert_eq!(refused(vec![vec![pair()], vec![]]), OutcomesError::Future { schedule: 1, future: 0 });
        assert_eq!(refused(vec![vec![pair(), vec![1.0]]]), OutcomesError::Future { schedule: 0, future: 1 });
        let odd = vec![vec![pair()], vec![vec![1.0, f64::NAN]]];
        assert_eq!(refused(odd), OutcomesError::Future { schedule: 1, future: 0 });
    }
}
