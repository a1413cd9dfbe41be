//! Products, builds and releases: what may be installed, since when, and whether it satisfies a minimum build.
//!
//! A catalogue is a value: it comes with the world, and nothing here knows whose builds it lists. Three rules hold throughout:
//!
//! - A build newer than the table is reported as such ([`Verified::NewerThanCatalogue`]) and judged
//!   [`Compliance::CannotVerify`], never compliant by accident: the table ages, servers do not wait for it.
//! - Builds rise with time only inside one [`Lane`] (a cumulative update, or a service pack before Exchange 2013).
//!   Across lanes a minimum can mean two things, so every comparison is named: [`Comparison`].
//! - Exchange 2007 stamps mail with a fourth part that no release has, so its builds are matched by the third part.
//!
//! Left out: which products are in scope of enforcement and when support ends; those belong to a policy.
//!
//! ```
//! use brownout_kernel::catalog::{Build, Catalog, Comparison, ProductId, Release};
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
//! let catalog = Catalog::new(vec!["2019".to_owned()], builds.map(release).into());
//! let minimum: Build = "15.2.1748.39".parse().unwrap();
//! let newest_cu14: Build = "15.2.1544.48".parse().unwrap();
//! assert!(!catalog.requirement(minimum, Comparison::Numeric).met_by(newest_cu14));
//! assert!(catalog.requirement(minimum, Comparison::PerCu).met_by(newest_cu14));
//! ```

mod build;
mod compliance;
mod evidence;
mod product;
mod requirement;
mod track;

#[cfg(test)]
pub(crate) mod sample;

pub use build::{Build, BuildError, Lane};
pub use compliance::{Compliance, Verified};
pub use evidence::BuildEvidence;
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
    pub fn new(products: Vec<String>, mut releases: Vec<Release>) -> Self {
        releases.retain(|release| release.product.index() < products.len());
        releases.sort_by_key(|release| release.build);
        let newest = releases.iter().map(|release| release.date).max().unwrap_or_default();
        let mut catalog = Catalog { products, releases, newest, tracks: Tracks::default() };
        catalog.tracks = Tracks::new(&catalog);
        catalog
    }

    /// The product with this short name, to the letter.
    pub fn named(&self, name: &str) -> Option<ProductId> {
        self.products.iter().position(|known| known == name).map(|index| ProductId(index as u8))
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

    /// The release with this build. Exchange 2007 falls back to the first release that shares the third part.
    pub fn release(&self, build: Build) -> Option<&Release> {
        let at = |wanted: Build| self.releases.partition_point(|release| release.build < wanted);
        let exact = self.releases.get(at(build)).filter(|release| release.build == build);
        exact.or_else(|| {
            let key = build.comparable();
            self.releases.get(at(key)).filter(|release| release.build.comparable() == key)
        })
    }

    /// The product a build belongs to, listed or not: that of the nearest lane below with the same first two parts.
    ///
    /// `None` for a version line the table does not know, such as 15.3 or 6.5.
    pub fn product_of(&self, build: Build) -> Option<ProductId> {
        let above = self.releases.partition_point(|release| release.build.lane() <= build.lane());
        let below = self.releases[..above].last();
        let candidates = [below, self.releases.get(above)];
        let like = |release: &&Release| (release.build.major, release.build.minor) == (build.major, build.minor);
        // Before Exchange 2013 the first part alone names the product, and a new second part is a service pack.
        let kin = |release: &&Release| build.lane().build.is_none() && release.build.major == build.major;
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
            let lane = release.build.lane();
            match ends.last_mut() {
                Some(end) if end.0 == lane => end.1 = release.build,
                _ => ends.push((lane, release.build)),
            }
        }
        ends.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product_name_of(build: &str) -> Option<&'static str> {
        let catalog = crate::catalog::sample::catalog();
        catalog.product_of(build.parse().unwrap()).map(|id| catalog.product_name(id))
    }

    #[test]
    fn the_build_tells_the_product() {
        for release in &crate::catalog::sample::catalog().releases {
            assert_eq!(
                crate::catalog::sample::catalog().product_of(release.build),
                Some(release.product),
                "{}",
                release.build
            );
        }
        assert_eq!(product_name_of("15.2.2561.99"), Some("2019"));
        assert_eq!(product_name_of("15.2.2562.0"), Some("SE"));
        assert_eq!(product_name_of("15.2.4000.1"), Some("SE"));
        assert_eq!(product_name_of("15.1.0.0"), Some("2016"));
        assert_eq!(product_name_of("14.4.1.1"), Some("2010"));
        assert_eq!(product_name_of("8.9.1.1"), Some("2007"));
        for unknown in ["6.5.7638.1", "12.0.0.0", "15.3.0.0", "16.0.0.0"] {
            assert_eq!(product_name_of(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_release_is_found_by_its_build() {
        let catalog = crate::catalog::sample::catalog();
        let release = catalog.release(Build::new(15, 1, 2507, 61)).unwrap();
        assert_eq!((release.update.as_str(), release.kb, release.esu_only), ("CU23 Oct25SU", Some(5_066_369), false));
        assert!(catalog.release(Build::new(15, 1, 2507, 36)).is_none());
    }

    #[test]
    fn exchange_2007_is_found_by_the_third_part() {
        let catalog = crate::catalog::sample::catalog();
        for (stamped, listed) in [("8.3.83.0", "8.3.83.6"), ("8.3.298.1", "8.3.298.3"), ("8.3.279.5", "8.3.279.5")] {
            let release = catalog.release(stamped.parse().unwrap()).unwrap();
            assert_eq!(release.build.to_string(), listed, "{stamped}");
        }
        assert!(catalog.release(Build::new(14, 3, 513, 9)).is_none(), "later products match exactly");
    }
}
