//! Products and the many ways their names are written.

use std::fmt;

use brownout_kernel::catalog::ProductId;

/// Why a text names no product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductError {
    /// What was read, shortened.
    pub text: String,
    /// The short names closest to it, best first; empty when nothing is close.
    pub nearest: Vec<String>,
    /// Every valid short name.
    pub valid: Vec<String>,
}

impl fmt::Display for ProductError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is not a known product; ", self.text)?;
        if !self.nearest.is_empty() {
            write!(f, "nearest: {}; ", self.nearest.join(", "))?;
        }
        write!(f, "expected one of {}", self.valid.join(", "))
    }
}

impl std::error::Error for ProductError {}

/// Finds the product called `name` among `names` (short ones, in catalogue order).
pub(super) fn find(name: &str, names: &[String]) -> Result<ProductId, ProductError> {
    let core = core_of(name);
    let hit = names.iter().position(|known| core_of(known) == core);
    hit.map(|index| ProductId::new(index as u8)).ok_or_else(|| ProductError {
        text: name.trim().chars().take(60).collect(),
        nearest: nearest(&core, names),
        valid: names.to_vec(),
    })
}

/// What tells one product from another: lower case, no blanks or punctuation, no maker, no "Exchange Server".
fn core_of(name: &str) -> String {
    let letters = name.chars().take(200).filter(|c| c.is_alphanumeric());
    let mut core: String = letters.flat_map(char::to_lowercase).collect();
    for prefix in ["microsoft", "ms", "exchange", "server"] {
        if let Some(rest) = core.strip_prefix(prefix) {
            core = rest.to_owned();
        }
    }
    if matches!(core.as_str(), "subscriptionedition" | "subscriptioneditionse" | "sesubscriptionedition") {
        core = "se".to_owned();
    }
    core
}

/// Up to three names at most two edits away, closest first.
fn nearest(core: &str, names: &[String]) -> Vec<String> {
    let distance = |name: &String| strsim::osa_distance(core, &core_of(name));
    let mut near: Vec<(usize, &String)> =
        names.iter().map(|name| (distance(name), name)).filter(|(d, name)| *d <= 2 && *d < name.len()).collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().take(3).map(|(_, name)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use crate::builds::{Naming, catalog};

    #[test]
    fn a_product_answers_to_all_its_names() {
        let catalog = catalog();
        let short = |name: &str| catalog.product_name(catalog.product(name).unwrap());
        for name in
            ["2016", "Exchange 2016", "Exchange Server 2016", "ExchangeServer2016", "exchange2016", " EX CHANGE 2016"]
        {
            assert_eq!(short(name), "2016", "{name}");
        }
        for name in [
            "SE",
            "se",
            "Exchange SE",
            "Subscription Edition",
            "ExchangeServerSE",
            "ExchangeServerSubscriptionEdition",
            "Microsoft Exchange Server Subscription Edition",
            "Exchange Server Subscription Edition (SE)",
        ] {
            assert_eq!(short(name), "SE", "{name}");
        }
    }

    #[test]
    fn an_unknown_product_is_answered_with_the_nearest() {
        let error = catalog().product("Exchange 2015").unwrap_err();
        assert!(error.nearest.contains(&"2016".to_owned()) && error.nearest.len() <= 3);
        assert!(error.to_string().contains("expected one of 2007, 2010, 2013, 2016, 2019, SE"));
        let far = catalog().product("Lotus Domino").unwrap_err();
        assert!(far.nearest.is_empty(), "nothing is near");
    }
}
