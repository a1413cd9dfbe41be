//! The values that the numbers of a model may have, and why others are refused.
//!
//! A type of the model that exists keeps its rules: it is made by a checked constructor and changed by checked setters. What a
//! number may be stands as [`Limits`] at its type; whoever reads files asks the same limits, and puts the [`Refusal`] beside the
//! place in the file. A refusal holds no text until it is printed, so that values can be tried many thousand times a second.

use std::collections::BTreeSet;
use std::fmt;

use crate::time::SimTime;

/// A number, whole or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Decimal(f64),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Whole(whole) => whole.fmt(f),
            Number::Decimal(decimal) => decimal.fmt(f),
        }
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Number::Whole(whole)
    }
}

impl From<f64> for Number {
    fn from(decimal: f64) -> Self {
        Number::Decimal(decimal)
    }
}

/// The least and the greatest value that a field may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits<T> {
    field: &'static str,
    least: T,
    most: T,
    unit: &'static str,
}

impl<T: Copy + PartialOrd + Into<Number>> Limits<T> {
    /// The limits of a field, both of them allowed.
    ///
    /// - `unit`: what stands behind numbers, with the space before it; may be empty.
    pub const fn new(field: &'static str, least: T, most: T, unit: &'static str) -> Self {
        Limits { field, least, most, unit }
    }

    /// The same limits in a unit.
    pub const fn in_unit(self, unit: &'static str) -> Self {
        Limits { unit, ..self }
    }

    /// The least value.
    pub const fn least(self) -> T {
        self.least
    }

    /// The greatest value.
    pub const fn most(self) -> T {
        self.most
    }

    /// The value, if it is allowed.
    ///
    /// # Errors
    /// [`Rule::Range`] if it lies outside the limits, or is not a number.
    pub fn check(self, value: T) -> Result<T, Refusal> {
        if self.least <= value && value <= self.most {
            return Ok(value);
        }
        let Limits { field, least, most, unit } = self;
        let rule = Rule::Range { value: value.into(), least: least.into(), most: most.into(), unit };
        Err(Refusal::of(field, rule))
    }
}

/// A share among others, of which only the proportions count.
pub const WEIGHT: Limits<f64> = Limits::new("share", 0.0, 1e9, "");

/// Why a value is refused: its field, and the rule that it breaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refusal {
    field: &'static str,
    index: Option<usize>,
    rule: Rule,
}

impl Refusal {
    /// The refusal of a field.
    pub const fn of(field: &'static str, rule: Rule) -> Self {
        Refusal { field, index: None, rule }
    }

    /// The refusal of an entry of a list.
    pub const fn of_entry(field: &'static str, index: usize, rule: Rule) -> Self {
        Refusal { field, index: Some(index), rule }
    }

    /// Name of the field.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// Index of the entry at fault, if the field is a list.
    pub const fn index(&self) -> Option<usize> {
        self.index
    }

    /// What is broken, with the value.
    pub const fn rule(&self) -> Rule {
        self.rule
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}[{index}]: {}", self.field, self.rule),
            None => write!(f, "{}: {}", self.field, self.rule),
        }
    }
}

impl std::error::Error for Refusal {}

/// A rule that a value breaks, with the value.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum Rule {
    #[error("{value} is not allowed; expected {least} to {most}{unit}")]
    Range { value: Number, least: Number, most: Number, unit: &'static str },
    #[error("{count} {what} are given; expected at most {most}")]
    TooMany { count: usize, most: usize, what: &'static str },
    #[error("{0}")]
    Broken(&'static str),
    #[error("throttled and blocked minutes are {throttle} and {block}; together they must not exceed 60")]
    TooManyMinutes { throttle: u8, block: u8 },
    #[error("mode {mode} does not lie between min {min} and max {max}")]
    Unordered { min: f64, mode: f64, max: f64 },
    #[error("minutes {minutes} do not rise after {before}")]
    Falls { before: f64, minutes: f64 },
    #[error("share {0} is not allowed; expected 0 or more")]
    Share(f64),
    #[error("the shares sum to 0")]
    NoShares,
    #[error("the shares of pause behaviours sum to {0}; expected 1")]
    NotWhole(f64),
    #[error("the same name is given before")]
    NameTwice,
    #[error("it overlaps another")]
    Overlaps,
}

/// Checks the number of entries of a list.
///
/// # Errors
/// [`Rule::TooMany`].
pub const fn at_most(field: &'static str, what: &'static str, count: usize, most: usize) -> Result<(), Refusal> {
    if count <= most { Ok(()) } else { Err(Refusal::of(field, Rule::TooMany { count, most, what })) }
}

/// Checks one share of a list.
///
/// # Errors
/// [`Rule::Share`] if it is less than 0, or no finite number.
pub fn weight(field: &'static str, index: usize, share: f64) -> Result<(), Refusal> {
    WEIGHT.check(share).map(|_| ()).map_err(|_| Refusal::of_entry(field, index, Rule::Share(share)))
}

/// Checks shares of which only the proportions count.
///
/// # Errors
/// [`Rule::Share`] for the first one that is less than 0, [`Rule::NoShares`] if all are 0.
pub fn weights(field: &'static str, shares: impl Iterator<Item = f64>) -> Result<(), Refusal> {
    let mut sum = 0.0;
    for (index, share) in shares.enumerate() {
        weight(field, index, share)?;
        sum += share;
    }
    if sum > 0.0 { Ok(()) } else { Err(Refusal::of(field, Rule::NoShares)) }
}

/// The indices of names that stand earlier in the list as well.
pub fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = usize> {
    let mut seen = BTreeSet::new();
    names.enumerate().filter_map(move |(index, name)| (!seen.insert(name)).then_some(index))
}

/// Checks that a date, as (month, day), exists in some year.
///
/// # Errors
/// If it does not.
pub fn date_of_year(field: &'static str, (month, day): (i8, i8)) -> Result<(i8, i8), Refusal> {
    // 2024 has every date there is.
    let exists = SimTime::from_date(2024, month, day).is_some();
    exists.then_some((month, day)).ok_or(Refusal::of(field, Rule::Broken("it is not a date of the year")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_allowed_and_what_lies_beyond_or_is_no_number_is_not() {
        const SIGMA: Limits<f64> = Limits::new("sigma", 0.0, 5.0, "");
        assert_eq!([0.0, 5.0].map(|value| SIGMA.check(value)), [Ok(0.0), Ok(5.0)]);
        for value in [-f64::MIN_POSITIVE, 5.000_001, f64::NAN, f64::INFINITY] {
            assert_eq!(SIGMA.check(value).unwrap_err().field(), "sigma", "{value}");
        }
    }

    #[test]
    fn a_refusal_names_field_value_and_range() {
        let refused = Limits::new("days", 1, 36_500, " days").check(0).unwrap_err();
        assert_eq!(refused.to_string(), "days: 0 is not allowed; expected 1 to 36500 days");
    }

    #[test]
    fn shares_need_something_above_0() {
        assert_eq!(weights("builds", [0.0, 2.0].into_iter()), Ok(()));
        assert_eq!(weights("builds", [0.0, 0.0].into_iter()).unwrap_err().rule(), Rule::NoShares);
        let refused = weights("builds", [1.0, -0.5].into_iter()).unwrap_err();
        assert_eq!((refused.index(), refused.rule()), (Some(1), Rule::Share(-0.5)));
    }
}
