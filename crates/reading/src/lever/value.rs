//! Values of levers, as they stand in a tree and as they stand in a study.

use super::{How, Lever};
use crate::set::Arithmetic;
use crate::tree::{Node, NodeKind};
use brownout_kernel::time::{Day, SimTime};

/// A value for a lever.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// A date, in days since 1970-01-01.
    Date(i64),
    /// An option of the lever, by its index.
    Option(usize),
}

impl Input {
    /// The number that it is; 0 for an option.
    fn number(self) -> f64 {
        match self {
            Input::Number(number) => number,
            Input::Whole(whole) | Input::Date(whole) => whole as f64,
            Input::Option(_) => 0.0,
        }
    }

    pub(super) fn option(&self) -> Option<usize> {
        match self {
            Input::Option(index) => Some(*index),
            _ => None,
        }
    }

    /// Another value of the same kind; an option stays itself.
    pub(super) fn altered(self) -> Self {
        match self {
            Input::Number(number) => Input::Number(if number == 0.0 { 1.0 } else { number * 1.5 }),
            Input::Whole(whole) => Input::Whole(whole.wrapping_add(1)),
            Input::Date(day) => Input::Date(day.wrapping_add(1)),
            option => option,
        }
    }
}

/// A value as a number of a study takes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Made {
    /// A number that is whole as it is written.
    Whole(i128),
    /// Any other number.
    Decimal(f64),
    /// An instant.
    Instant(SimTime),
}

impl Made {
    /// The number that it is; `None` for an instant.
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Made::Whole(whole) => Some(whole as f64),
            Made::Decimal(decimal) => Some(decimal),
            Made::Instant(_) => None,
        }
    }

    /// The whole number that it is; `None` if it is none.
    pub(super) fn whole(self) -> Option<i64> {
        let Made::Whole(whole) = self else { return None };
        i64::try_from(whole).ok()
    }

    pub(super) fn instant(self) -> Option<SimTime> {
        match self {
            Made::Instant(instant) => Some(instant),
            _ => None,
        }
    }
}

impl Lever {
    /// What is calculated with a value, if it does not simply take a place.
    fn arithmetic(&self, input: Input) -> Option<Arithmetic> {
        match self.how {
            How::Set => None,
            How::Times => Some(Arithmetic::Times(input.number())),
            How::Plus => Some(Arithmetic::Plus(input.number())),
        }
    }

    /// What is written into a tree, or calculated there.
    pub(super) fn value(&self, input: Input) -> (Node, Option<Arithmetic>) {
        let node = match input {
            Input::Number(number) => self.node.with_kind(NodeKind::Decimal(number)),
            Input::Whole(whole) => self.node.with_kind(NodeKind::Whole(whole.into())),
            Input::Date(day) => self.node.with_kind(NodeKind::Text(date(day).into())),
            Input::Option(at) => self.options.get(at).cloned().unwrap_or_else(|| self.node.clone()),
        };
        (node, self.arithmetic(input))
    }

    /// What becomes of what stands somewhere.
    pub(super) fn made(&self, input: Input, standing: &NodeKind) -> Option<Made> {
        if let Some(by) = self.arithmetic(input) {
            return match by.number_of(standing)? {
                NodeKind::Whole(whole) => Some(Made::Whole(whole)),
                NodeKind::Decimal(decimal) => Some(Made::Decimal(decimal)),
                _ => None,
            };
        }
        match input {
            Input::Number(number) => Some(Made::Decimal(number)),
            Input::Whole(whole) => Some(Made::Whole(whole.into())),
            Input::Date(day) => {
                let start = Day::from_number(i32::try_from(day).ok()?).start();
                civil(day).map(|_| Made::Instant(start))
            }
            Input::Option(_) => None,
        }
    }

    /// A value that leaves what it calculates with as it is; the value itself where nothing is calculated.
    pub(super) fn neutral(&self, input: Input) -> Input {
        match self.how {
            How::Set => input,
            How::Times => Input::Number(1.0),
            How::Plus => Input::Number(0.0),
        }
    }
}

/// The date of a day since 1970-01-01; of a day that no calendar has, its number.
pub fn date(day: i64) -> String {
    civil(day).map_or_else(|| day.to_string(), |date| date.to_string())
}

fn civil(day: i64) -> Option<jiff::civil::Date> {
    let span = jiff::Span::new().try_days(day).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok()
}
