//! How exactly a build is known.

use super::{Build, Catalog, Lane};

/// What a text tells about a server's build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuildEvidence {
    /// The build itself.
    Exact(Build),
    /// Only the cumulative update or service pack: the patch level is not known.
    CuOnly {
        /// The build as written, which is what the server runs if nothing was installed on top.
        lowest: Build,
        /// The newest build known of that cumulative update; never below `lowest`.
        highest: Build,
    },
}

impl BuildEvidence {
    /// The lowest build the server may run: the one as written.
    pub const fn lowest(self) -> Build {
        match self {
            BuildEvidence::Exact(build) | BuildEvidence::CuOnly { lowest: build, .. } => build,
        }
    }

    /// The highest build the server may run, as far as the catalogue knows.
    pub const fn highest(self) -> Build {
        match self {
            BuildEvidence::Exact(build) | BuildEvidence::CuOnly { highest: build, .. } => build,
        }
    }

    /// The build, where it is known exactly.
    pub const fn exact(self) -> Option<Build> {
        match self {
            BuildEvidence::Exact(build) => Some(build),
            BuildEvidence::CuOnly { .. } => None,
        }
    }
}

impl Catalog {
    /// What a build tells: a range where its form hides the patch level (`hidden`), or where it is the first of a lane that was
    /// patched later, which is what such forms show.
    pub fn evidence(&self, build: Build, hidden: bool) -> BuildEvidence {
        let (first, last) = self.lane_range(self.lane(build)).unwrap_or((build, build));
        if hidden || (build == first && first != last) {
            return BuildEvidence::CuOnly { lowest: build, highest: last.max(build) };
        }
        BuildEvidence::Exact(build)
    }

    /// The first and the newest release of a lane.
    fn lane_range(&self, lane: Lane) -> Option<(Build, Build)> {
        let from = self.releases.partition_point(|release| self.lane(release.build) < lane);
        let to = self.releases.partition_point(|release| self.lane(release.build) <= lane);
        let lane = &self.releases[from..to];
        Some((lane.first()?.build, lane.last()?.build))
    }
}
