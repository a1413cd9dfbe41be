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
        let lane = build.lane();
        let mut ends = self.lane_ends(product).rev().peekable();
        let beyond_lanes = ends.peek().is_none_or(|newest| lane > newest.0);
        beyond_lanes || ends.any(|end| end.0 == lane && build > end.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Comparison;

    fn build(text: &str) -> Build {
        text.parse().unwrap()
    }

    #[test]
    fn a_build_beyond_its_lane_or_of_a_newer_lane_cannot_be_verified() {
        let catalog = crate::catalog::sample::catalog();
        for text in [
            "15.1.2507.76",
            "15.1.2600.1",
            "15.1.2375.38",
            "15.2.1800.1",
            "15.2.2562.54",
            "15.2.3000.1",
            "15.3.1.1",
            "16.0.0.0",
            "14.4.1.1",
            "8.3.600.0",
        ] {
            assert_eq!(catalog.verify(build(text)), Verified::NewerThanCatalogue, "{text}");
        }
    }

    #[test]
    fn a_newer_build_is_never_called_compliant() {
        let catalog = crate::catalog::sample::catalog();
        for release in &catalog.releases {
            for comparison in [Comparison::Numeric, Comparison::PerCu] {
                let requirement = catalog.requirement(release.build, comparison);
                for text in ["15.2.2562.54", "15.2.1748.999", "15.1.2507.76", "15.1.60000.1", "17.0.0.0"] {
                    assert_eq!(catalog.judge(build(text), &requirement), Compliance::CannotVerify, "{text}");
                }
            }
        }
    }

    #[test]
    fn a_gap_in_a_lane_is_unlisted_with_the_release_below() {
        let catalog = crate::catalog::sample::catalog();
        let below = |text: &str| match catalog.verify(build(text)) {
            Verified::Unlisted { nearest_below } => nearest_below.map(|release| release.build.to_string()),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(below("15.1.2507.36").as_deref(), Some("15.1.2507.35"));
        assert_eq!(below("15.2.1600.1").as_deref(), Some("15.2.1544.48"));
        assert_eq!(below("15.2.2562.1"), None, "the release below is another product's");
        for older in ["15.1.100.1", "6.5.7638.1", "13.0.0.0"] {
            assert_eq!(below(older), None, "{older}");
        }
    }

    #[test]
    fn listed_and_unlisted_builds_are_judged_by_the_requirement() {
        let catalog = crate::catalog::sample::catalog();
        let requirement = catalog.requirement(build("15.1.2507.37"), Comparison::Numeric);
        assert_eq!(catalog.judge(build("15.1.2507.36"), &requirement), Compliance::NonCompliant);
        assert_eq!(catalog.judge(build("15.1.2507.38"), &requirement), Compliance::Compliant);
        assert_eq!(catalog.judge(build("15.1.2507.75"), &requirement), Compliance::Compliant);
    }
}
