//! Distributions by inversion: one share in, one value out.

/// A value of a factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A real number.
    Number(f64),
    /// A whole number, also the day number of a date.
    Whole(i64),
    /// Which of the options, from 0.
    Choice(usize),
    /// The factor is not moved at this point: what stands in its place stays.
    Kept,
}

impl Value {
    /// The value as a number; of a choice, its index; not a number where the factor is not moved.
    pub fn number(self) -> f64 {
        match self {
            Value::Number(number) => number,
            Value::Whole(whole) => whole as f64,
            Value::Choice(index) => index as f64,
            Value::Kept => f64::NAN,
        }
    }
}

/// How the values of a factor are spread. What exists is valid: the constructors check.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(Shape);

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Uniform { low: f64, high: f64 },
    LogUniform { low: f64, high: f64 },
    Triangular { low: f64, mode: f64, high: f64 },
    Steps { first: i64, step: i64, count: u64 },
    Choice { options: usize },
}

/// Why there is no such distribution.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// The ends are not finite, or not in order.
    #[error("{low} to {high} is no range; both ends must be finite and the first less than the second")]
    Range {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// A logarithm of 0 or less.
    #[error("{low} is no lower end of a range of logarithms; it must be above 0")]
    NotPositive {
        /// Lower end.
        low: f64,
    },
    /// The most likely value lies outside the range.
    #[error("{mode} is no most likely value; it must lie between the ends")]
    Mode {
        /// Most likely value.
        mode: f64,
    },
    /// The first whole number is greater than the last.
    #[error("{first} to {last} is no range; the first must not be greater than the last")]
    WholeRange {
        /// First whole number.
        first: i64,
        /// Last whole number.
        last: i64,
    },
    /// A step of 0 or less.
    #[error("{step} is no step; it must be at least 1")]
    Step {
        /// The step.
        step: i64,
    },
    /// A choice among nothing.
    #[error("a choice needs at least one option")]
    NoOption,
}

impl Distribution {
    /// Uniform between two numbers.
    ///
    /// # Errors
    /// [`DistributionError::Range`] unless both are finite and `low < high`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        ordered(low, high)?;
        Ok(Distribution(Shape::Uniform { low, high }))
    }

    /// Uniform in the logarithm: half and double are equally likely.
    ///
    /// # Errors
    /// As [`uniform`](Self::uniform), and [`DistributionError::NotPositive`] unless `low` is above 0.
    pub fn log_uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        ordered(low, high)?;
        if low <= 0.0 {
            return Err(DistributionError::NotPositive { low });
        }
        Ok(Distribution(Shape::LogUniform { low, high }))
    }

    /// Triangular between two numbers with the most likely one.
    ///
    /// # Errors
    /// As [`uniform`](Self::uniform), and [`DistributionError::Mode`] unless `low <= mode <= high`.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, DistributionError> {
        ordered(low, high)?;
        if !(low <= mode && mode <= high) {
            return Err(DistributionError::Mode { mode });
        }
        Ok(Distribution(Shape::Triangular { low, mode, high }))
    }

    /// The whole numbers from `first` to `last`, equally likely.
    ///
    /// # Errors
    /// As [`steps`](Self::steps).
    pub fn integer(first: i64, last: i64) -> Result<Self, DistributionError> {
        Self::steps(first, last, 1)
    }

    /// `first`, `first + step` and so on up to `last`, equally likely: dates, counted in days.
    ///
    /// # Errors
    /// [`DistributionError::WholeRange`] if `first > last`, [`DistributionError::Step`] if `step < 1`.
    pub fn steps(first: i64, last: i64, step: i64) -> Result<Self, DistributionError> {
        if first > last {
            return Err(DistributionError::WholeRange { first, last });
        }
        if step < 1 {
            return Err(DistributionError::Step { step });
        }
        // All i64 but the full range in steps of 1 fit; that one keeps its count one short.
        let count = (last.abs_diff(first) / step.unsigned_abs()).saturating_add(1);
        Ok(Distribution(Shape::Steps { first, step, count }))
    }

    /// One of `options`, equally likely.
    ///
    /// # Errors
    /// [`DistributionError::NoOption`] if there is none.
    pub fn choice(options: usize) -> Result<Self, DistributionError> {
        if options == 0 {
            return Err(DistributionError::NoOption);
        }
        Ok(Distribution(Shape::Choice { options }))
    }

    /// The value at a share, the quantile. Shares outside 0 to 1 are taken as the nearer end.
    pub fn value(&self, u: f64) -> Value {
        let u = u.clamp(0.0, 1.0);
        match self.0 {
            Shape::Uniform { low, high } => Value::Number(between(low, high, u)),
            Shape::LogUniform { low, high } => {
                let value = libm::exp(between(libm::log(low), libm::log(high), u));
                Value::Number(value.clamp(low, high))
            }
            Shape::Triangular { low, mode, high } => Value::Number(triangular(low, mode, high, u)),
            Shape::Steps { first, step, count } => {
                Value::Whole(first.wrapping_add_unsigned(cell(u, count).wrapping_mul(step.unsigned_abs())))
            }
            Shape::Choice { options } => Value::Choice(cell(u, options as u64) as usize),
        }
    }

    /// How many values there are; `None` for a continuum.
    pub fn count(&self) -> Option<u64> {
        match self.0 {
            Shape::Steps { count, .. } => Some(count),
            Shape::Choice { options } => Some(options as u64),
            _ => None,
        }
    }

    /// Whether the values have no order.
    pub fn is_choice(&self) -> bool {
        matches!(self.0, Shape::Choice { .. })
    }
}

fn ordered(low: f64, high: f64) -> Result<(), DistributionError> {
    let fine = low.is_finite() && high.is_finite() && low < high;
    if fine { Ok(()) } else { Err(DistributionError::Range { low, high }) }
}

/// The point at a share of the way, never outside the ends.
fn between(low: f64, high: f64, u: f64) -> f64 {
    (low * (1.0 - u) + high * u).clamp(low, high)
}

/// Which of `count` equal cells a share lies in.
fn cell(u: f64, count: u64) -> u64 {
    ((u * count as f64) as u64).min(count - 1)
}

/// Source: Law, *Simulation Modeling and Analysis* (5th ed., 2015), section 8.3.15.
fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let (range, left) = (high - low, mode - low);
    let value = if u * range <= left {
        low + libm::sqrt(u * range * left)
    } else {
        high - libm::sqrt((1.0 - u) * range * (high - mode))
    };
    value.clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(distribution: &Distribution, u: f64) -> f64 {
        distribution.value(u).number()
    }

    #[test]
    fn ends_and_middle_are_where_they_should_be() {
        let uniform = Distribution::uniform(0.05, 0.3).unwrap();
        assert_eq!([0.0, 1.0].map(|u| number(&uniform, u)), [0.05, 0.3]);
        let log = Distribution::log_uniform(0.25, 4.0).unwrap();
        assert_eq!([0.0, 1.0].map(|u| number(&log, u)), [0.25, 4.0]);
        assert!((number(&log, 0.5) - 1.0).abs() < 1e-15);
        let triangular = Distribution::triangular(0.0, 1.0, 3.0).unwrap();
        assert_eq!([0.0, 1.0 / 3.0, 1.0].map(|u| number(&triangular, u)), [0.0, 1.0, 3.0]);
        assert!((number(&triangular, 5.0 / 6.0) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn a_triangle_may_have_its_mode_at_an_end() {
        let falling = Distribution::triangular(1.0, 1.0, 3.0).unwrap();
        assert_eq!([number(&falling, 0.0), number(&falling, 0.75), number(&falling, 1.0)], [1.0, 2.0, 3.0]);
    }

    #[test]
    fn whole_numbers_have_equal_shares_and_both_ends() {
        let days = Distribution::integer(0, 3).unwrap();
        assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(|u| days.value(u)), [0, 1, 2, 3, 3].map(Value::Whole));
        assert_eq!(days.count(), Some(4));
        assert_eq!(Distribution::integer(i64::MIN, i64::MAX).unwrap().value(0.0), Value::Whole(i64::MIN));
    }

    #[test]
    fn dates_stay_on_their_steps_and_within_their_last_day() {
        let weekly = Distribution::steps(100, 120, 7).unwrap();
        assert_eq!(weekly.count(), Some(3));
        assert_eq!([0.0, 0.5, 0.99].map(|u| weekly.value(u)), [100, 107, 114].map(Value::Whole));
    }

    #[test]
    fn choices_have_no_order_and_one_option_is_always_taken() {
        let layout = Distribution::choice(1).unwrap();
        assert_eq!(layout.value(0.7), Value::Choice(0));
        assert!(layout.is_choice() && !Distribution::integer(0, 1).unwrap().is_choice());
        assert_eq!(Distribution::uniform(0.0, 1.0).unwrap().count(), None);
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        let refused = |result: Result<Distribution, DistributionError>| result.unwrap_err();
        assert_eq!(refused(Distribution::uniform(1.0, 1.0)), DistributionError::Range { low: 1.0, high: 1.0 });
        assert!(matches!(refused(Distribution::uniform(f64::NAN, 1.0)), DistributionError::Range { .. }));
        assert!(matches!(refused(Distribution::uniform(0.0, f64::INFINITY)), DistributionError::Range { .. }));
        assert_eq!(refused(Distribution::log_uniform(0.0, 1.0)), DistributionError::NotPositive { low: 0.0 });
        assert_eq!(refused(Distribution::triangular(0.0, 2.0, 1.0)), DistributionError::Mode { mode: 2.0 });
        assert_eq!(refused(Distribution::integer(2, 1)), DistributionError::WholeRange { first: 2, last: 1 });
        assert_eq!(refused(Distribution::steps(0, 1, 0)), DistributionError::Step { step: 0 });
        assert_eq!(refused(Distribution::choice(0)), DistributionError::NoOption);
        let said = refused(Distribution::integer(2, 1)).to_string();
        assert_eq!(said, "2 to 1 is no range; the first must not be greater than the last");
    }
}
