//! Products, builds and releases: what may be installed, since when, and whether it satisfies a minimum build.
//!
//! A catalogue is a value: it comes with the world, and nothing here knows whose builds it lists. Three rules hold throughout:
//!
//! - A build newer than the table is reported as such ([`Verified::NewerThanCatalogue`]) and judged
//!   [`Compliance::CannotVerify`], never compliant by accident: the table ages, servers do not wait for it.
//! - Builds rise with time only inside one [`Lane`]. Across lanes a minimum can mean two things, so every comparison is named: [`Comparison`].
//! - How builds are numbered is a value too ([`Numbering`]): which parts name a lane, and whether the last one is evidence.
//!
//! Left out: which products are in scope of enforcement and when support ends; those belong to a policy.
//!
//! ```
//! use brownout_kernel::catalog::{Build, Catalog, Comparison, Numbering, ProductId, Release};
//! let release = |build: &str| Release {
//!     product: ProductId::new(0),
//!     update: build.to_owned(),
//!     date: "2026-01-01".parse().unwrap(),
//!     build: build.parse().unwrap(),
//!     kb: None,
//!     esu_only: false,
//!     date_inferred: false,
//!     source: "an example".to_owned(),
//! };
//! let builds = ["15.2.1544.36", "15.2.1544.48", "15.2.1748.39"];
//! let catalog = Catalog::new(vec!["2019".to_owned()], builds.map(release).into(), Numbering::default());
//! let minimum: Build = "15.2.1748.39".parse().unwrap();
//! let newest_cu14: Build = "15.2.1544.48".parse().unwrap();
//! assert!(!catalog.requirement(minimum, Comparison::Numeric).met_by(newest_cu14));
//! assert!(catalog.requirement(minimum, Comparison::PerCu).met_by(newest_cu14));
//! ```

mod build;
mod compliance;
mod evidence;
mod numbering;
mod product;
mod requirement;
mod track;

#[cfg(test)]
pub(crate) mod sample;

pub use build::{Build, BuildError};
pub use compliance::{Compliance, Verified};
pub use evidence::BuildEvidence;
pub use numbering::{Lane, Numbering};
pub use product::ProductId;
pub use requirement::{Comparison, Requirement};
pub(crate) use track::Tracks;

use crate::time::SimTime;

/// Everything known about released builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Short names; a [`ProductId`] is an index into this list.
    products: Vec<String>,
    /// Rising by build, hence also by lane and by product.
    releases: Vec<Release>,
    numbering: Numbering,
    newest: SimTime,
    tracks: Tracks,
}

/// One released build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// What it is a release of.
    pub product: ProductId,
    /// Its name within the product, such as `CU23 Oct25SU`.
    pub update: String,
    /// Midnight UTC of the day it was released.
    pub date: SimTime,
    /// Its build.
    pub build: Build,
    /// Number of its knowledge base article; `None` where none was sourced, which does not mean that none exists.
    pub kb: Option<u32>,
    /// Sold only to holders of extended security updates.
    pub esu_only: bool,
    /// The source gives no exact day; the date follows from a convention and is no evidence.
    pub date_inferred: bool,
    /// Where the row comes from.
    pub source: String,
}

impl Catalog {
    /// A catalogue of these products, oldest first, and their releases in any order.
    ///
    /// A release of a product that is not among them is left out, as nothing can be asked about it.
    pub fn new(products: Vec<String>, mut releases: Vec<Release>, numbering: Numbering) -> Self {
        releases.retain(|release| release.product.index() < products.len());
        releases.sort_by_key(|release| release.build);
        let newest = releases.iter().map(|release| release.date).max().unwrap_or_default();
        let mut catalog = Catalog { products, releases, numbering, newest, tracks: Tracks::default() };
        catalog.tracks = Tracks::new(&catalog);
        catalog
    }

    /// The product with this short name, to the letter.
    pub fn named(&self, name: &str) -> Option<ProductId> {
        self.products.iter().position(|known| known == name).map(|index| ProductId(index as u8))
    }

    /// How its builds are numbered.
    pub const fn numbering(&self) -> Numbering {
        self.numbering
    }

    /// The lane a build is serviced in.
    pub const fn lane(&self, build: Build) -> Lane {
        self.numbering.lane(build)
    }

    /// A build as it takes part in comparisons: without a fourth part that does not count.
    pub const fn comparable(&self, build: Build) -> Build {
        self.numbering.comparable(build)
    }

    /// Short names of all products, oldest first.
    pub fn names(&self) -> &[String] {
        &self.products
    }

    /// The short name of a product, `2016` or `SE`.
    pub fn product_name(&self, id: ProductId) -> &str {
        &self.products[id.index()]
    }

    /// All products, oldest first.
    pub fn products(&self) -> impl DoubleEndedIterator<Item = ProductId> + use<> {
        (0..self.products.len() as u8).map(ProductId)
    }

    /// All releases, rising by build.
    pub fn all_releases(&self) -> &[Release] {
        &self.releases
    }

    /// The releases of a product, rising by build (not by date: lanes are serviced side by side).
    pub fn releases(&self, product: ProductId) -> impl DoubleEndedIterator<Item = &Release> {
        self.releases.iter().filter(move |release| release.product == product)
    }

    /// The release with this build; where the fourth part does not count, the first one that shares the other three.
    pub fn release(&self, build: Build) -> Option<&Release> {
        let at = |wanted: Build| self.releases.partition_point(|release| release.build < wanted);
        let exact = self.releases.get(at(build)).filter(|release| release.build == build);
        exact.or_else(|| {
            let key = self.comparable(build);
            self.releases.get(at(key)).filter(|release| self.comparable(release.build) == key)
        })
    }

    /// The product a build belongs to, listed or not: that of the nearest lane below with the same first two parts.
    ///
    /// `None` for a version line the table does not know, such as 15.3 or 6.5.
    pub fn product_of(&self, build: Build) -> Option<ProductId> {
        let above = self.releases.partition_point(|release| self.lane(release.build) <= self.lane(build));
        let below = self.releases[..above].last();
        let candidates = [below, self.releases.get(above)];
        let like = |release: &&Release| (release.build.major, release.build.minor) == (build.major, build.minor);
        // Where two parts name a lane, the first alone names the product.
        let kin = |release: &&Release| self.lane(build).build.is_none() && release.build.major == build.major;
        let found = candidates.iter().flatten().find(|release| like(release));
        found.or_else(|| candidates.iter().flatten().find(|release| kin(release))).map(|release| release.product)
    }

    /// The day of the newest release in the table: how old the table is.
    pub fn newest_date(&self) -> SimTime {
        self.newest
    }

    /// The lanes of a product that have a release, rising, each with its newest build.
    fn lane_ends(&self, product: ProductId) -> impl DoubleEndedIterator<Item = (Lane, Build)> {
        let releases: Vec<&Release> = self.releases(product).collect();
        let mut ends: Vec<(Lane, Build)> = Vec::new();
        for release in releases {
            let lane = self.lane(release.build);
            match ends.last_mut() {
                Some(end) if end.0 == lane => end.1 = release.build,
                _ => ends.push((lane, release.build)),
            }
        }
        ends.into_iter()
    }
}
