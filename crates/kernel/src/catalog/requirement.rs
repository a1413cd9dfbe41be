//! A minimum build and the two ways of holding a server to it.

use std::fmt;

use super::{Build, Catalog, Lane, Numbering};

/// How a build is compared with a minimum of another cumulative update. Which one the service uses is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// All four parts as one number: a newer cumulative update always wins.
    Numeric,
    /// Within each lane against the build of the same update, so that every lane serviced by it can comply.
    PerCu,
}

/// A minimum build, made ready for cheap comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    minimum: Build,
    comparison: Comparison,
    numbering: Numbering,
    /// Rising by lane: the build of the minimum's update in each lane; empty for [`Comparison::Numeric`].
    lanes: Vec<(Lane, Build)>,
}

impl Catalog {
    /// The requirement to have at least `minimum`.
    ///
    /// [`Comparison::PerCu`] compares within each lane against the build of the same update there, which is the release
    /// of the same product on the same day. A lane without that update complies only if it is a higher lane than the
    /// minimum's own. A minimum that is no release has no counterpart elsewhere: its own lane is compared with it,
    /// every other lane by its order, which amounts to the numeric rule.
    pub fn requirement(&self, minimum: Build, comparison: Comparison) -> Requirement {
        let mut lanes = Vec::new();
        if comparison == Comparison::PerCu {
            lanes.push((self.lane(minimum), self.comparable(minimum)));
            if let Some(own) = self.release(minimum) {
                let same = self.releases(own.product).filter(|release| release.date == own.date);
                let others = same.filter(|release| self.lane(release.build) != self.lane(minimum));
                lanes.extend(others.map(|release| (self.lane(release.build), self.comparable(release.build))));
            }
            lanes.sort();
        }
        Requirement { minimum, comparison, numbering: self.numbering, lanes }
    }
}

impl Requirement {
    /// The minimum as it was stated.
    pub const fn minimum(&self) -> Build {
        self.minimum
    }

    /// How builds are compared with it.
    pub const fn comparison(&self) -> Comparison {
        self.comparison
    }

    /// Whether `build` satisfies the requirement, taken at its word; [`Catalog::judge`] also asks whether it is known.
    pub fn met_by(&self, build: Build) -> bool {
        let comparable = self.numbering.comparable(build);
        if self.comparison == Comparison::Numeric {
            return comparable >= self.numbering.comparable(self.minimum);
        }
        let lane = self.numbering.lane(build);
        match self.lanes.binary_search_by_key(&lane, |entry| entry.0) {
            Ok(at) => comparable >= self.lanes[at].1,
            Err(_) => lane > self.numbering.lane(self.minimum),
        }
    }
}

impl fmt::Display for Comparison {
    /// `numeric` or `per-cu`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Comparison::Numeric => "numeric",
            Comparison::PerCu => "per-cu",
        })
    }
}

impl fmt::Display for Requirement {
    /// `at least 15.2.1748.39 (per-cu)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at least {} ({})", self.minimum, self.comparison)
    }
}
