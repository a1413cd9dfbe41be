//! What an index says in words.

use crate::interval::Interval;

/// Share of the variance above which a factor decides. Assumed: a quarter.
const DECIDES: f64 = 0.25;
/// Share of the variance below which a factor may be held fixed.
///
/// # Source
/// F. Sarrazin, F. Pianosi and T. Wagener, "Global Sensitivity Analysis of environmental models: convergence and validation",
/// *Environmental Modelling and Software* 79 (2016), section 2.3.
const NEGLIGIBLE: f64 = 0.01;

/// What the total index of a factor says. The whole interval must lie beyond a bound for its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexVerdict {
    /// At least a quarter of the variance goes through the factor.
    Decides,
    /// Some of the variance goes through the factor, and it is not sure that less than 1 % does.
    Matters,
    /// Less than 1 % of the variance goes through the factor: it may be held fixed.
    Negligible,
    /// The interval holds 0.
    CannotBeTold,
}

impl IndexVerdict {
    /// The verdict on a total index.
    pub fn of(total: Interval) -> Self {
        match total {
            _ if total.low <= 0.0 => IndexVerdict::CannotBeTold,
            _ if total.low >= DECIDES => IndexVerdict::Decides,
            _ if total.high < NEGLIGIBLE => IndexVerdict::Negligible,
            _ => IndexVerdict::Matters,
        }
    }

    /// The verdict in words.
    pub fn words(self) -> &'static str {
        match self {
            IndexVerdict::Decides => "decides",
            IndexVerdict::Matters => "matters",
            IndexVerdict::Negligible => "hardly matters",
            IndexVerdict::CannotBeTold => "cannot be told from zero",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_interval_must_lie_beyond_a_bound() {
        let of = |low: f64, high: f64| IndexVerdict::of(Interval { value: (low + high) / 2.0, low, high }).words();
        assert_eq!(of(0.25, 0.4), "decides");
        assert_eq!(of(0.24, 0.4), "matters");
        assert_eq!(of(0.005, 0.01), "matters");
        assert_eq!(of(0.001, 0.009), "hardly matters");
        assert_eq!(of(0.0, 0.5), "cannot be told from zero");
    }
}
