//! A minimum build and the two ways of holding a server to it.

use std::fmt;

use super::{Build, Catalog, Lane};

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
    ///
    /// Exchange 2007 builds compare without their fourth part, because mail from that product carries another one.
    pub fn requirement(&self, minimum: Build, comparison: Comparison) -> Requirement {
        let mut lanes = Vec::new();
        if comparison == Comparison::PerCu {
            lanes.push((minimum.lane(), minimum.comparable()));
            if let Some(own) = self.release(minimum) {
                let same = self.releases(own.product).filter(|release| release.date == own.date);
                let others = same.filter(|release| release.build.lane() != minimum.lane());
                lanes.extend(others.map(|release| (release.build.lane(), release.build.comparable())));
            }
            lanes.sort();
        }
        Requirement { minimum, comparison, lanes }
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
        if self.comparison == Comparison::Numeric {
            return build.comparable() >= self.minimum.comparable();
        }
        let lane = build.lane();
        match self.lanes.binary_search_by_key(&lane, |entry| entry.0) {
            Ok(at) => build.comparable() >= self.lanes[at].1,
            Err(_) => lane > self.minimum.lane(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn met(minimum: &str, comparison: Comparison, build: &str) -> bool {
        let requirement = crate::catalog::sample::catalog().requirement(minimum.parse().unwrap(), comparison);
        requirement.met_by(build.parse().unwrap())
    }

    #[test]
    fn numeric_refuses_every_cu14_build_below_a_cu15_minimum() {
        for build in ["15.2.1544.4", "15.2.1544.36", "15.2.1544.48"] {
            assert!(!met("15.2.1748.39", Comparison::Numeric, build), "{build}");
        }
        assert!(met("15.2.1748.39", Comparison::Numeric, "15.2.1748.39"));
        assert!(met("15.2.1748.39", Comparison::Numeric, "15.2.2562.17"), "a later product is a higher number");
    }

    #[test]
    fn per_cu_lets_the_same_update_of_cu14_pass() {
        for (build, passes) in [
            ("15.2.1544.34", false),
            ("15.2.1544.36", true),
            ("15.2.1544.48", true),
            ("15.2.1748.37", false),
            ("15.2.1748.39", true),
            ("15.2.1258.39", false),
            ("15.2.1258.9999", false),
            ("15.2.2562.17", true),
        ] {
            assert_eq!(met("15.2.1748.39", Comparison::PerCu, build), passes, "{build}");
        }
    }

    #[test]
    fn per_cu_also_holds_a_higher_lane_to_the_same_update() {
        assert!(met("15.2.1544.36", Comparison::Numeric, "15.2.1748.10"));
        assert!(!met("15.2.1544.36", Comparison::PerCu, "15.2.1748.10"), "CU15 needs its own October 2025 update");
    }

    #[test]
    fn an_unlisted_minimum_compares_numerically_under_both_rules() {
        for build in ["15.1.2507.35", "15.1.2507.36", "15.1.2507.37", "15.1.2375.37", "15.1.2600.1", "15.2.221.12"] {
            let numeric = met("15.1.2507.36", Comparison::Numeric, build);
            assert_eq!(met("15.1.2507.36", Comparison::PerCu, build), numeric, "{build}");
        }
    }

    #[test]
    fn exchange_2007_compares_by_the_third_part() {
        for comparison in [Comparison::Numeric, Comparison::PerCu] {
            assert!(met("8.3.298.3", comparison, "8.3.298.1"));
            assert!(!met("8.3.298.3", comparison, "8.3.297.9"));
            assert!(met("8.3.298.3", comparison, "8.3.517.0"));
            assert!(!met("8.3.298.3", comparison, "8.2.305.3"));
        }
    }

    #[test]
    fn every_release_meets_itself_and_no_older_one_of_its_lane_does() {
        let catalog = crate::catalog::sample::catalog();
        for pair in catalog.releases.windows(2) {
            let (older, newer) = (pair[0].build, pair[1].build);
            for comparison in [Comparison::Numeric, Comparison::PerCu] {
                let requirement = catalog.requirement(newer, comparison);
                assert!(requirement.met_by(newer));
                let distinct = older.lane() == newer.lane() && older.comparable() != newer.comparable();
                assert!(!distinct || !requirement.met_by(older), "{older} against {requirement}");
            }
        }
    }
}
