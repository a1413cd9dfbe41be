//! Updates by name, so that `CU23 Oct25SU` may stand for 15.1.2507.61.

use brownout_kernel::catalog::{Catalog, ProductId, Release};

/// Why a text names no update of a product.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// No update is called that.
    #[error("\"{text}\" is no update of {product}; nearest: {}", nearest.join(", "))]
    Unknown {
        /// What was read, shortened.
        text: String,
        /// Short name of the product.
        product: String,
        /// The closest names, best first.
        nearest: Vec<String>,
    },
    /// A month without its cumulative update, where several got one.
    #[error("\"{text}\" is ambiguous for {product}; expected one of {}", candidates.join(", "))]
    Ambiguous {
        /// What was read, shortened.
        text: String,
        /// Short name of the product.
        product: String,
        /// The updates it could mean.
        candidates: Vec<String>,
    },
}

/// The release of `product` called `name`; see [`Naming::update`](super::Naming::update).
pub(super) fn update<'c>(catalog: &'c Catalog, product: ProductId, name: &str) -> Result<&'c Release, UpdateError> {
    let wanted = plain(name);
    if let Some(release) = catalog.releases(product).find(|release| names(release).contains(&wanted)) {
        return Ok(release);
    }
    let by_month: Vec<&Release> = catalog.releases(product).filter(|release| month(release) == wanted).collect();
    let (text, product_name) = (shorten(name), catalog.product_name(product).to_owned());
    match by_month.as_slice() {
        [only] => Ok(only),
        [] => Err(UpdateError::Unknown { text, product: product_name, nearest: nearest(catalog, product, &wanted) }),
        several => {
            let candidates = several.iter().map(|release| release.update.clone()).collect();
            Err(UpdateError::Ambiguous { text, product: product_name, candidates })
        }
    }
}

fn nearest(catalog: &Catalog, product: ProductId, wanted: &str) -> Vec<String> {
    let distance = |release: &Release| strsim::osa_distance(wanted, &plain(&release.update));
    let mut near: Vec<(usize, &Release)> =
        catalog.releases(product).map(|release| (distance(release), release)).collect();
    // Among equals the later update is the likelier one.
    near.sort_by_key(|(distance, release)| (*distance, std::cmp::Reverse(release.build)));
    near.into_iter().take(3).map(|(_, release)| release.update.clone()).collect()
}

/// The full name, and the name without the half-year in parentheses.
fn names(release: &Release) -> [String; 2] {
    let stem = release.update.split('(').next().unwrap_or_default();
    [plain(&release.update), plain(stem)]
}

/// The last word, when there is one before it: `oct25su` of `CU23 Oct25SU`.
fn month(release: &Release) -> String {
    release.update.rsplit_once(' ').map_or(String::new(), |(_, last)| plain(last))
}

fn plain(name: &str) -> String {
    name.chars().take(100).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn shorten(name: &str) -> String {
    name.trim().chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builds::Naming;

    fn update(product: &str, name: &str) -> Result<String, UpdateError> {
        let catalog = crate::builds::catalog();
        catalog.update(catalog.product(product).unwrap(), name).map(|release| release.build.to_string())
    }

    #[test]
    fn every_update_is_found_by_its_own_name() {
        let catalog = crate::builds::catalog();
        for release in catalog.all_releases() {
            assert_eq!(catalog.update(release.product, &release.update), Ok(release));
        }
    }

    #[test]
    fn case_blanks_and_the_half_year_may_be_left_out() {
        assert_eq!(update("2016", "cu23oct25su").as_deref(), Ok("15.1.2507.61"));
        assert_eq!(update("2016", "CU23").as_deref(), Ok("15.1.2507.6"));
        assert_eq!(update("2019", " CU15 (2025H1) ").as_deref(), Ok("15.2.1748.10"));
    }

    #[test]
    fn a_month_alone_must_be_unique() {
        assert_eq!(update("SE", "Oct25SU").as_deref(), Ok("15.2.2562.29"));
        let error = update("2019", "Oct25SU").unwrap_err();
        assert!(matches!(&error, UpdateError::Ambiguous { candidates, .. } if candidates.len() == 2), "{error}");
    }

    #[test]
    fn an_unknown_update_is_answered_with_the_nearest() {
        let error = update("2016", "CU23 Okt25SU").unwrap_err();
        assert!(matches!(&error, UpdateError::Unknown { nearest, .. } if nearest[0] == "CU23 Oct25SU"), "{error}");
        assert!(update("2016", "").is_err() && update("2016", "()").is_err());
    }
}
