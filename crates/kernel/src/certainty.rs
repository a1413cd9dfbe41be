//! How sure a statement is: the word that stands beside every date, figure and order that is not simply known.

use std::fmt;

/// How a value came to be. Ordered from sure to unsure, so that the [`max`](Ord::max) of two is the certainty of what rests on both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It stands in the input, or follows from it by rules that have a source.
    #[default]
    Known,
    /// It is worked out from something else in the input, which it explains but does not prove.
    Inferred,
    /// It rests on a rule or a value that no source gives.
    Assumed,
    /// Only its bounds are known.
    Range,
}

impl Certainty {
    /// Every word there is, in order.
    pub const ALL: [Certainty; 4] = [Certainty::Known, Certainty::Inferred, Certainty::Assumed, Certainty::Range];

    /// The word in columns, JSON and texts.
    pub const fn word(self) -> &'static str {
        match self {
            Certainty::Known => "known",
            Certainty::Inferred => "inferred",
            Certainty::Assumed => "assumed",
            Certainty::Range => "range",
        }
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rests_on_two_things_is_as_sure_as_the_less_sure_one() {
        assert_eq!(Certainty::Known.max(Certainty::Assumed), Certainty::Assumed);
        assert_eq!(Certainty::Range.max(Certainty::Inferred), Certainty::Range);
        assert_eq!(Certainty::ALL.map(Certainty::word), ["known", "inferred", "assumed", "range"]);
        assert!(Certainty::ALL.is_sorted());
    }
}
