//! What a reading finds: failures on their way up, faults where they stand, and the way to them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Expected, Unexpected};

use super::super::{Path, Step};
use brownout_text::names::{nearest, one_of};

/// What kept a value from being read.
#[derive(Debug)]
pub(in crate::tree) enum Failure {
    /// It was noted where it happened.
    Told,
    /// Words for it, not noted yet.
    Words(String, String),
    /// A field that is required.
    Missing(&'static str),
    /// A number that the type cannot hold.
    Range,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Failure {}

impl serde::de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Failure::Words(message.to_string(), String::new())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Failure::Words(format!("{expected} is expected here"), String::new())
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match found {
            Unexpected::Signed(_) | Unexpected::Unsigned(_) => Failure::Range,
            _ => Self::invalid_type(found, expected),
        }
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Failure::Words(format!("{expected} is expected here"), "write as many values".to_owned())
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Self {
        let near = nearest(found, expected);
        let help = format!("expected {}{}", one_of(expected), if near.is_empty() { near } else { format!("; {near}") });
        Failure::Words(format!("unknown value {}", brownout_text::outside::shortened(found, 60)), help)
    }

    fn missing_field(field: &'static str) -> Self {
        Failure::Missing(field)
    }
}

/// One fault, by the path of the file.
pub(in crate::tree) struct ReadFault {
    pub(in crate::tree) path: Path,
    pub(in crate::tree) place: crate::text::Place,
    /// Message and help; `None` for what only follows from a value dropped before.
    pub(in crate::tree) words: Option<(String, String)>,
}

/// What one reading found.
#[derive(Default)]
pub(in crate::tree) struct Notes {
    pub(in crate::tree) told: RefCell<Vec<ReadFault>>,
    /// Fields that should not be there: they are passed over, not dropped.
    pub(in crate::tree) unknown: RefCell<Vec<ReadFault>>,
    /// Such fields beyond those that are listed.
    pub(in crate::tree) more: Cell<usize>,
    /// Structs whose names of fields were looked at, by the address of their fields.
    pub(in crate::tree) examined: RefCell<BTreeSet<usize>>,
    /// Values looked at.
    pub(in crate::tree) work: Cell<usize>,
}

/// The way from the root to a node, kept on the stack.
pub(super) struct Trail<'a> {
    pub(super) above: Option<&'a Trail<'a>>,
    pub(super) step: Crumb<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Crumb<'a> {
    Field(&'a str),
    Index(usize),
}

pub(super) fn path_of(trail: Option<&Trail<'_>>) -> Path {
    let mut steps = Vec::new();
    let mut next = trail;
    while let Some(trail) = next {
        steps.push(match trail.step {
            Crumb::Field(name) => Step::Field(name.to_owned()),
            Crumb::Index(index) => Step::Index(index),
        });
        next = trail.above;
    }
    steps.reverse();
    Path(steps)
}
