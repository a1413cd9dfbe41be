//! The classes a server can be in: compliant, unaware, each stage of the ladder, paused.

use crate::policy::{Ladder, Minutes};

/// A class as a small number, the same in every tally of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class(pub(crate) u8);

impl Class {
    /// The server complies with every baseline in force.
    pub const COMPLIANT: Class = Class(0);
    /// The server breaches a baseline and was not detected yet.
    pub const UNAWARE: Class = Class(1);

    /// The server stands in this stage and is not paused.
    pub const fn stage(stage: usize) -> Class {
        Class(2 + stage as u8)
    }

    /// Index in arrays indexed by class.
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The classes of one ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassSet {
    names: Vec<String>,
    minutes: Vec<Minutes>,
}

impl ClassSet {
    /// The classes of a ladder.
    pub fn new(ladder: &Ladder) -> Self {
        let stages = ladder.stages();
        let mut names = vec!["compliant".to_owned(), "unaware".to_owned()];
        names.extend(stages.iter().map(|stage| stage.name.clone()));
        names.push("paused".to_owned());
        let mut minutes = vec![Minutes::NONE; 2];
        minutes.extend(stages.iter().map(|stage| stage.minutes));
        minutes.push(Minutes::NONE);
        ClassSet { names, minutes }
    }

    /// The class of paused servers.
    #[inline]
    pub fn paused(&self) -> Class {
        Class(self.names.len() as u8 - 1)
    }

    /// Number of classes.
    #[allow(clippy::len_without_is_empty)] // there are always at least four
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Names in order: `compliant`, `unaware`, the stages, `paused`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The minutes in force in a class.
    pub fn minutes(&self, class: usize) -> Minutes {
        self.minutes[class]
    }

    /// Whether servers of a class breach a baseline.
    pub fn is_non_compliant(&self, class: usize) -> bool {
        class != Class::COMPLIANT.index()
    }
}
