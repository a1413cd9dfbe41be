//! Products, builds and releases: what may be installed, since when, and whether it satisfies a minimum build.
//!
//! The table ([`Catalog::embedded`]) is `src/catalog/exchange-builds.csv`, compiled in; `DOMAIN.md` section 5 tells how it was
//! made. Three rules hold throughout:
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
//! use brownout::catalog::{Build, Catalog, Comparison};
//! let catalog = Catalog::embedded();
//! let minimum: Build = "15.2.1748.39".parse().unwrap();
//! let newest_cu14: Build = "15.2.1544.48".parse().unwrap();
//! assert!(!catalog.requirement(minimum, Comparison::Numeric).met_by(newest_cu14));
//! assert!(catalog.requirement(minimum, Comparison::PerCu).met_by(newest_cu14));
//! ```

mod build;
mod identity;
mod product;
mod requirement;
mod standing;
mod table;
mod track;
mod update;

pub use build::{Build, BuildError, Lane};
pub use identity::{BuildEvidence, Identity, IdentityError};
pub use product::{ProductError, ProductId};
pub use requirement::{Comparison, Requirement};
pub use standing::{Compliance, Verified};
pub use update::UpdateError;

use crate::time::SimTime;

/// Everything known about released builds.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Short names; a [`ProductId`] is a place in this list.
    products: Vec<String>,
    /// Rising by build, hence also by lane and by product.
    releases: Vec<Release>,
    newest: SimTime,
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
    /// The table shipped with brownout, read on first use.
    pub fn embedded() -> &'static Catalog {
        table::embedded()
    }

    /// The product called `name`: `2016`, `Exchange Server 2016`, `ExchangeServer2016`, `SE`, `Subscription Edition`
    /// and the like; case, blanks and punctuation do not matter.
    ///
    /// # Errors
    /// [`ProductError`] with the nearest valid names.
    pub fn product(&self, name: &str) -> Result<ProductId, ProductError> {
        product::find(name, &self.products)
    }

    /// The short name of a product, `2016` or `SE`.
    pub fn product_name(&self, id: ProductId) -> &str {
        &self.products[id.index()]
    }

    /// All products, oldest first.
    pub fn products(&self) -> impl DoubleEndedIterator<Item = ProductId> + use<> {
        (0..self.products.len() as u8).map(ProductId)
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
        let catalog = Catalog::embedded();
        catalog.product_of(build.parse().unwrap()).map(|id| catalog.product_name(id))
    }

    #[test]
    fn the_build_tells_the_product() {
        for release in &Catalog::embedded().releases {
            assert_eq!(Catalog::embedded().product_of(release.build), Some(release.product), "{}", release.build);
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
        let catalog = Catalog::embedded();
        let release = catalog.release(Build::new(15, 1, 2507, 61)).unwrap();
        assert_eq!((release.update.as_str(), release.kb, release.esu_only), ("CU23 Oct25SU", Some(5_066_369), false));
        assert!(catalog.release(Build::new(15, 1, 2507, 36)).is_none());
    }

    #[test]
    fn exchange_2007_is_found_by_the_third_part() {
        let catalog = Catalog::embedded();
        for (stamped, listed) in [("8.3.83.0", "8.3.83.6"), ("8.3.298.1", "8.3.298.3"), ("8.3.279.5", "8.3.279.5")] {
            let release = catalog.release(stamped.parse().unwrap()).unwrap();
            assert_eq!(release.build.to_string(), listed, "{stamped}");
        }
        assert!(catalog.release(Build::new(14, 3, 513, 9)).is_none(), "later products match exactly");
    }
}
