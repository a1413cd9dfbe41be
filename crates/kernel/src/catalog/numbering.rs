//! How the builds of a catalogue are numbered.

use std::fmt;

use super::Build;

/// Which parts of a build name its lane, and which part is no evidence. Vendors differ, so it is a value of the catalogue.
///
/// ```
/// use brownout_kernel::catalog::{Build, Numbering};
/// let numbering = Numbering { three_part_lanes_from: 15, revision_ignored_in: Some(8) };
/// assert_eq!(numbering.lane(Build::new(15, 2, 1748, 39)).to_string(), "15.2.1748");
/// assert_eq!(numbering.lane(Build::new(14, 3, 513, 0)).to_string(), "14.3");
/// assert_eq!(numbering.comparable(Build::new(8, 3, 298, 1)), Build::new(8, 3, 298, 0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Numbering {
    /// The first major version whose builds are serviced by their first three parts; those of older ones by two.
    pub three_part_lanes_from: u16,
    /// The major version whose builds show a fourth part that no release has: there it does not count.
    pub revision_ignored_in: Option<u16>,
}

/// The builds that are serviced together and may be compared with one another: a cumulative update, or a service pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// First part of its builds.
    pub major: u16,
    /// Second part of its builds.
    pub minor: u16,
    /// Third part of its builds; `None` where two parts name the lane.
    pub build: Option<u16>,
}

impl Numbering {
    /// The lane a build is serviced in.
    pub const fn lane(self, build: Build) -> Lane {
        let third = if build.major >= self.three_part_lanes_from { Some(build.build) } else { None };
        Lane { major: build.major, minor: build.minor, build: third }
    }

    /// A build as it takes part in comparisons: without a fourth part that does not count.
    pub const fn comparable(self, build: Build) -> Build {
        match self.revision_ignored_in {
            Some(major) if major == build.major => Build { revision: 0, ..build },
            _ => build,
        }
    }
}

impl fmt::Display for Lane {
    /// `15.2.1748`, or `14.3` for a lane of two parts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        self.build.map_or(Ok(()), |build| write!(f, ".{build}"))
    }
}
