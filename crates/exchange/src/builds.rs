//! Builds of Exchange: the catalogue compiled in, and the names that people give to products, updates and builds.
//!
//! The table is `exchange-builds.csv`; the README beside it tells how it was made. The kernel knows no table: a world carries the
//! catalogue it was made with.
//!
//! ```
//! use brownout_exchange::builds::{Naming, catalog};
//! use brownout_kernel::catalog::{Build, BuildEvidence};
//! let found = catalog().identify("Version 15.1 (Build 2507.6)", None).unwrap();
//! assert_eq!(found.build.lowest(), Build::new(15, 1, 2507, 6));
//! assert!(found.build.exact().is_none(), "security updates may be installed");
//! let found = catalog().identify("Exchange 2016 CU23 Oct23SU", None).unwrap();
//! assert_eq!(found.build, BuildEvidence::Exact(Build::new(15, 1, 2507, 34)));
//! ```

mod form;
mod identity;
mod product;
mod table;
mod update;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use form::read;
pub use identity::{Identity, IdentityError, doubt};
pub use product::ProductError;
pub use update::UpdateError;

use brownout_kernel::catalog::{Build, Catalog, ProductId, Release};

/// The table shipped with brownout, read on first use; worlds share it.
pub fn catalog() -> &'static Arc<Catalog> {
    table::embedded()
}

/// What people call products, updates and builds. Implemented for [`Catalog`].
pub trait Naming {
    /// The product called `name`: `2016`, `Exchange Server 2016`, `ExchangeServer2016`, `SE`, `Subscription Edition`
    /// and the like; case, blanks and punctuation do not matter.
    ///
    /// # Errors
    /// [`ProductError`] with the nearest valid names.
    fn product(&self, name: &str) -> Result<ProductId, ProductError>;

    /// The release of `product` called `name`, regardless of case and blanks.
    ///
    /// `CU23` means the cumulative update itself, `CU23 (2022H1)` in the table. A month alone, `Oct25SU`, is enough
    /// where only one cumulative update got it.
    ///
    /// # Errors
    /// [`UpdateError`], with the nearest names or with the updates it could mean.
    fn update(&self, product: ProductId, name: &str) -> Result<&Release, UpdateError>;

    /// Product and build of a server.
    ///
    /// - `build`: `15.1.2507.61`, `15.01.2507.061`, `Version 15.1 (Build 2507.6)`, `CU23 Oct25SU` where the product is known, or a
    ///   label with its product, `Exchange 2016 CU23 Oct25SU`.
    /// - `product`: what else was said of the product: a name, or such a label.
    ///
    /// # Errors
    /// [`IdentityError`]: which of the two is wrong, and why.
    fn identify(&self, build: &str, product: Option<&str>) -> Result<Identity, IdentityError>;

    /// As [`identify`](Self::identify), where the product is known.
    ///
    /// # Errors
    /// [`IdentityError`]
    fn identify_of(&self, build: &str, product: Option<ProductId>) -> Result<Identity, IdentityError>;

    /// What to say where a stated product is not the one the build belongs to: the build decides.
    fn contradiction(&self, found: &Identity) -> Option<String>;

    /// What to say of a build that is newer than everything the catalogue knows: it can be compared, but not verified.
    fn too_new(&self, build: Build) -> Option<String>;

    /// The product a text names, alone or as part of a label.
    ///
    /// # Errors
    /// [`ProductError`] with the nearest names.
    fn product_in(&self, text: &str) -> Result<ProductId, ProductError>;
}
