//! Lists that go on behind a bad element.

use std::ops::Deref;

use serde::Deserialize;

use crate::tree::Tried;

/// A list whose bad elements do not keep the others from being read.
#[derive(Clone, Debug)]
pub struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many(Vec::new())
    }
}

impl<T> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all: Vec<Tried<T>> = Deserialize::deserialize(deserializer)?;
        Ok(Many(all.into_iter().filter_map(|tried| tried.0).collect()))
    }
}
