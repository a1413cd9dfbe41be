//! What is installed on a server, as far as it is known.

use brownout_kernel::catalog::{Build, ProductId, Verified};

/// A product and the bounds of its build; equal bounds are a known build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The product; `None` where neither build nor label tell it.
    pub product: Option<ProductId>,
    /// Lowest build that may be installed.
    pub lowest: Build,
    /// Highest build that is known and may be installed.
    pub highest: Build,
}

impl Installed {
    /// A server whose build is known. Its product is that of the build; the label counts only where the build tells none.
    pub fn exact(label: Option<ProductId>, build: Build) -> Self {
        Self::between(label, build, build)
    }

    /// A server whose build lies between two, both possible.
    pub fn between(label: Option<ProductId>, lowest: Build, highest: Build) -> Self {
        Installed { product: crate::builds::catalog().product_of(lowest).or(label), lowest, highest }
    }

    /// A server of which `Get-ExchangeServer` tells the version: that hides security updates (DOMAIN 3.3), so the server is between
    /// the build told and the newest known build of the same cumulative update.
    ///
    /// ```
    /// use brownout_exchange::compliance::Installed;
    /// let server = Installed::cumulative_update(None, "15.1.2507.6".parse().unwrap());
    /// assert_eq!(server.highest.to_string(), "15.1.2507.75");
    /// ```
    pub fn cumulative_update(label: Option<ProductId>, told: Build) -> Self {
        let catalog = crate::builds::catalog();
        let same =
            |product| catalog.releases(product).filter(|release| catalog.lane(release.build) == catalog.lane(told));
        let newest = catalog.product_of(told).and_then(|product| same(product).next_back());
        Self::between(label, told, newest.map_or(told, |release| release.build.max(told)))
    }

    /// A server of which only the product is known; `None` for a product without releases.
    pub fn product(product: ProductId) -> Option<Self> {
        let mut releases = crate::builds::catalog().releases(product).map(|release| release.build);
        let lowest = releases.next()?;
        Some(Installed { product: Some(product), lowest, highest: releases.next_back().unwrap_or(lowest) })
    }

    /// What a report or a fleet tells: a build, or else a product. `None` if neither is told.
    pub fn told(label: Option<ProductId>, build: Option<Build>) -> Option<Self> {
        match build {
            Some(build) => Some(Self::exact(label, build)),
            None => Self::product(label?),
        }
    }

    /// Whether the build is known.
    pub fn is_exact(&self) -> bool {
        self.lowest == self.highest
    }

    /// Whether the build is one that `Get-ExchangeServer` shows for every patch level of a cumulative update: its first build.
    pub fn may_hide_updates(build: Build) -> bool {
        let catalog = crate::builds::catalog();
        let Verified::Listed(release) = catalog.verify(build) else { return false };
        let mut lane =
            catalog.releases(release.product).filter(|other| catalog.lane(other.build) == catalog.lane(build));
        lane.next().is_some_and(|first| first.build == build) && lane.next().is_some()
    }
}
