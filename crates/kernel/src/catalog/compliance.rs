//! What the table can say about a build, and the verdict told to a person.

use super::{Build, Catalog, Release, Requirement};

/// What is known about a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified<'a> {
    /// A release of the table.
    Listed(&'a Release),
    /// Older than the newest build of its lane, yet no release of the table.
    Unlisted {
        /// The highest release of the same product below it.
        nearest_below: Option<&'a Release>,
    },
    /// Newer than anything in its lane, or of a lane newer than the table: the table cannot say what it is.
    NewerThanCatalogue,
}

/// Whether a build satisfies a requirement, as far as the table can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compliance {
    /// It does.
    Compliant,
    /// It does not.
    NonCompliant,
    /// The build is newer than the table; look for a newer table before relying on an answer.
    CannotVerify,
}

impl Catalog {
    /// What the table says about `build`.
    pub fn verify(&self, build: Build) -> Verified<'_> {
        if let Some(release) = self.release(build) {
            return Verified::Listed(release);
        }
        if self.is_newer(build) {
            return Verified::NewerThanCatalogue;
        }
        let product = self.product_of(build);
        let below = &self.releases[..self.releases.partition_point(|release| release.build < build)];
        Verified::Unlisted { nearest_below: below.last().filter(|release| Some(release.product) == product) }
    }

    /// Judges a build for a person: one that is newer than the table is never called compliant, nor the opposite.
    pub fn judge(&self, build: Build, requirement: &Requirement) -> Compliance {
        match self.verify(build) {
            Verified::NewerThanCatalogue => Compliance::CannotVerify,
            _ if requirement.met_by(build) => Compliance::Compliant,
            _ => Compliance::NonCompliant,
        }
    }

    fn is_newer(&self, build: Build) -> bool {
        let Some(product) = self.product_of(build) else {
            return self.releases.last().is_none_or(|newest| build > newest.build);
        };
        let lane = self.lane(build);
        let mut ends = self.lane_ends(product).rev().peekable();
        let beyond_lanes = ends.peek().is_none_or(|newest| lane > newest.0);
        beyond_lanes || ends.any(|end| end.0 == lane && build > end.1)
    }
}
