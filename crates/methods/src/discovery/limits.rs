//! Limits of a box, factor by factor.

use std::fmt::Write;

/// What a box asks of one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The value is at least this; minus infinity where there is no lower limit.
    pub low: f64,
    /// The value is at most this; infinity where there is no upper limit.
    pub high: f64,
    /// The value is none of these, in the order in which they were taken away.
    pub without: Vec<f64>,
}

impl Limit {
    /// No limit at all.
    pub const NONE: Limit = Limit { low: f64::NEG_INFINITY, high: f64::INFINITY, without: Vec::new() };

    /// Whether the value may be in the box.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high && !self.without.contains(&value)
    }

    /// Whether anything is asked of the factor.
    pub fn is_restricted(&self) -> bool {
        *self != Limit::NONE
    }
}

/// A box: one limit for each factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits(pub Vec<Limit>);

impl Limits {
    /// The box that holds everything.
    pub fn none(factors: usize) -> Self {
        Limits(vec![Limit::NONE; factors])
    }

    /// The same box with another lower limit of a factor.
    pub fn with_low(mut self, factor: usize, low: f64) -> Self {
        self.0[factor].low = low;
        self
    }

    /// The same box with another upper limit of a factor.
    pub fn with_high(mut self, factor: usize, high: f64) -> Self {
        self.0[factor].high = high;
        self
    }

    /// The same box without one value of a factor.
    pub fn without(mut self, factor: usize, value: f64) -> Self {
        self.0[factor].without.push(value);
        self
    }

    /// The same box without any limit of a factor.
    pub fn freed(mut self, factor: usize) -> Self {
        self.0[factor] = Limit::NONE;
        self
    }

    /// The factors that are restricted.
    pub fn restricted(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|&factor| self.0[factor].is_restricted()).collect()
    }

    /// Whether a point lies in the box; `value` gives its value of each factor.
    pub fn hold(&self, value: impl Fn(usize) -> f64) -> bool {
        self.0.iter().enumerate().all(|(factor, limit)| limit.holds(value(factor)))
    }

    /// The box as a rule with the names of the factors: `a >= 0.61 and b <= 0.48`; `everywhere` without limits.
    ///
    /// A limit with more digits than 4 is rounded to them: it lies between two points, so the digits below mean nothing.
    pub fn rule(&self, names: &[&str]) -> String {
        let mut rule = String::new();
        let mut add = |words: String| {
            let joint = if rule.is_empty() { "" } else { " and " };
            // Writing into a String cannot fail.
            let _ = write!(rule, "{joint}{words}");
        };
        for (limit, name) in self.0.iter().zip(names) {
            if limit.low.is_finite() {
                add(format!("{name} >= {}", rounded(limit.low)));
            }
            if limit.high.is_finite() {
                add(format!("{name} <= {}", rounded(limit.high)));
            }
            for value in &limit.without {
                add(format!("{name} is not {}", rounded(*value)));
            }
        }
        if rule.is_empty() { "everywhere".into() } else { rule }
    }
}

/// Four significant digits, more before the point where there are more.
fn rounded(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let places = 3 - libm::floor(libm::log10(value.abs())) as i32;
    if places <= 0 {
        return libm::round(value);
    }
    let text = format!("{value:.*}", places.min(300) as usize);
    text.parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_reads_as_a_rule() {
        let limits = Limits::none(3).with_low(0, 0.610_843_2).with_high(1, 12_345.6).without(2, 1.0);
        assert_eq!(limits.rule(&["a", "b", "c"]), "a >= 0.6108 and b <= 12346 and c is not 1");
        assert_eq!(limits.restricted(), [0, 1, 2]);
        assert_eq!(limits.freed(0).freed(1).freed(2).rule(&["a", "b", "c"]), "everywhere");
        assert_eq!([rounded(0.0), rounded(-0.000_123_456), rounded(9.99995)], [0.0, -0.000_123_5, 10.0]);
    }

    #[test]
    fn limits_hold_their_ends() {
        let limit = Limit { low: 1.0, high: 2.0, without: vec![1.5] };
        assert_eq!([0.9, 1.0, 1.5, 2.0, 2.1].map(|value| limit.holds(value)), [false, true, false, true, false]);
        assert!(!Limit::NONE.is_restricted());
    }
}
