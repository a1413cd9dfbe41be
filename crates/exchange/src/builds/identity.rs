//! What a server runs, from the texts people have: a build by number, the name of an update, or a label that names the product
//! as well. This rule stands here once, for reports, fleets, baselines, targets and studies.
//!
//! `AdminDisplayVersion` shows the cumulative update and hides every security update on top of it (`DOMAIN.md` section 3.3), so a
//! text of that form, or the bare first build of a cumulative update, tells a range of builds ([`BuildEvidence::CuOnly`]).

use super::{Naming, ProductError, UpdateError};
use brownout_kernel::catalog::{Build, BuildError, BuildEvidence, Catalog, ProductId, Release, Verified};

/// The longest text in which a label is looked for.
const LABEL_MAX: usize = 200;

/// What to say of a build whose patch level is hidden; `None` for one that is exact.
pub fn doubt(evidence: BuildEvidence) -> Option<String> {
    let BuildEvidence::CuOnly { lowest, highest } = evidence else { return None };
    Some(format!(
        "{lowest} names the {} without its security updates, so the server runs something from {lowest} to {highest}; \
         to know, take the file version of ExSetup.exe, or Health Checker's, on that server",
        if lowest.major >= 15 { "cumulative update" } else { "service pack" }
    ))
}

/// A product and what is known about the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The product; the build decides over what else was said.
    pub product: ProductId,
    /// The build.
    pub build: BuildEvidence,
    /// A product that was stated and is not the one the build belongs to.
    pub contradicted: Option<ProductId>,
}

/// Why texts tell no product and build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The product's own text names none.
    #[error("{0}")]
    Product(ProductError),
    /// The product is known, its update is not.
    #[error("{0}")]
    Update(UpdateError),
    /// Neither a number nor a label, and no product was named that could have such an update.
    #[error("{0}")]
    Build(BuildError),
    /// A number like no product's.
    #[error("no product has builds like {0}")]
    NoProduct(Build),
}

impl IdentityError {
    /// What would mend it, where the message does not say so.
    pub const fn help(&self) -> &'static str {
        match self {
            IdentityError::Product(_) | IdentityError::Update(_) => "",
            IdentityError::Build(_) => {
                "take the file version of ExSetup.exe on that server; to name an update (CU23 Oct25SU), name its product as well"
            }
            IdentityError::NoProduct(_) => "name the product as well",
        }
    }

    /// Whether the text of the product is what is wrong.
    pub const fn concerns_product(&self) -> bool {
        matches!(self, IdentityError::Product(_))
    }
}

impl Naming for Catalog {
    fn product(&self, name: &str) -> Result<ProductId, ProductError> {
        super::product::find(name, self.names())
    }

    fn update(&self, product: ProductId, name: &str) -> Result<&Release, UpdateError> {
        super::update::update(self, product, name)
    }

    fn identify(&self, build: &str, product: Option<&str>) -> Result<Identity, IdentityError> {
        let stated = product.map(|name| self.product_in(name)).transpose().map_err(IdentityError::Product)?;
        self.identify_of(build, stated)
    }

    fn identify_of(&self, build: &str, stated: Option<ProductId>) -> Result<Identity, IdentityError> {
        let (named, update) = label(self, build).unwrap_or((None, build.to_owned()));
        let (number, hidden) = match super::read(build) {
            Ok(number) => (number, is_display_form(build)),
            Err(error) => {
                let product = named.or(stated).ok_or(IdentityError::Build(error))?;
                (self.update(product, &update).map_err(IdentityError::Update)?.build, false)
            }
        };
        let own = self.product_of(number).or(named).or(stated).ok_or(IdentityError::NoProduct(number))?;
        let contradicted = stated.or(named).filter(|stated| *stated != own);
        Ok(Identity { product: own, build: self.evidence(number, hidden), contradicted })
    }

    fn contradiction(&self, found: &Identity) -> Option<String> {
        let (stated, own) = (self.product_name(found.contradicted?), self.product_name(found.product));
        Some(format!("build {} belongs to {own}, not to {stated}", found.build.lowest()))
    }

    fn too_new(&self, build: Build) -> Option<String> {
        let newer = matches!(self.verify(build), Verified::NewerThanCatalogue);
        newer.then(|| format!("build {build} is newer than the catalogue of {}", self.newest_date().day()))
    }

    fn product_in(&self, text: &str) -> Result<ProductId, ProductError> {
        self.product(text).or_else(|error| label(self, text).and_then(|(product, _)| product).ok_or(error))
    }
}

/// The product a label names, if it does, and what is left of it: the update. `None` for what is too long to be a label.
fn label(catalog: &Catalog, text: &str) -> Option<(Option<ProductId>, String)> {
    if text.len() > LABEL_MAX {
        return None;
    }
    let mut product = None;
    let mut rest = Vec::new();
    let text = in_short(text);
    for word in text.split_whitespace() {
        // ExchangeServer2016 and Exchange2016 are one word.
        let core = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let core = core.trim_start_matches("microsoft").trim_start_matches("exchange").trim_start_matches("server");
        match catalog.product(core) {
            _ if core.is_empty() || core == "for" => {}
            Ok(found) if product.is_none() => product = Some(found),
            _ => rest.push(word),
        }
    }
    Some((product, rest.join(" ")))
}

/// Long names of updates made short: `Cumulative Update 23` is `CU23`, `RU32` is `UR32`. Other texts stay as they are.
fn in_short(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut short = lower.clone();
    for (long, abbreviation) in [
        ("subscription edition", "se"),
        ("cumulative update ", "cu"),
        ("service pack ", "sp"),
        ("update rollup ", "ur"),
        ("rollup ", "ur"),
        (" ru", " ur"),
    ] {
        short = short.replace(long, abbreviation);
    }
    if short == lower { text.to_owned() } else { short }
}

/// Whether a text has the form of AdminDisplayVersion, `Version 15.1 (Build 2507.6)`.
fn is_display_form(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("build")
        && !text.split(|c: char| !c.is_ascii_digit() && c != '.').any(|run| run.matches('.').count() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(build: &str, product: Option<&str>) -> (String, BuildEvidence) {
        let catalog = crate::builds::catalog();
        let found = catalog.identify(build, product).unwrap_or_else(|error| panic!("{build}: {error}"));
        assert_eq!(found.contradicted, None, "{build}");
        (catalog.product_name(found.product).to_owned(), found.build)
    }

    fn cu_only(lowest: &str, highest: &str) -> BuildEvidence {
        BuildEvidence::CuOnly { lowest: lowest.parse().unwrap(), highest: highest.parse().unwrap() }
    }

    #[test]
    fn the_display_form_and_the_first_build_of_a_lane_hide_the_patch_level() {
        let cu23 = cu_only("15.1.2507.6", "15.1.2507.75");
        for text in ["Version 15.1 (Build 2507.6)", "15.1.2507.6", "15.01.2507.006", "Version 15.1 (Build 32507.6)"] {
            assert_eq!(found(text, None), ("2016".to_owned(), cu23), "{text}");
        }
        assert_eq!(found("CU23", Some("2016")).1, cu23);
        assert_eq!(found("Version 14.3 (Build 123.4)", None).1.lowest(), Build::new(14, 3, 123, 4));
        assert!(found("Version 14.3 (Build 123.4)", None).1.exact().is_none(), "rollups are hidden as well");
        let patched = BuildEvidence::Exact(Build::new(15, 1, 2507, 34));
        assert_eq!(found("15.01.2507.034", None).1, patched);
        assert!(doubt(patched).is_none() && doubt(cu23).unwrap().contains("15.1.2507.75"));
    }

    #[test]
    fn an_unlisted_build_of_the_display_form_is_not_exact_either() {
        assert_eq!(found("Version 15.1 (Build 2507.90)", None).1, cu_only("15.1.2507.90", "15.1.2507.90"));
        assert_eq!(found("15.1.2507.90", None).1, BuildEvidence::Exact(Build::new(15, 1, 2507, 90)));
    }

    #[test]
    fn labels_name_product_and_update() {
        let oct23 = ("2016".to_owned(), BuildEvidence::Exact(Build::new(15, 1, 2507, 34)));
        for text in [
            "Exchange 2016 CU23 Oct23SU",
            "Exchange Server 2016 CU23 Oct23SU",
            "Microsoft Exchange Server 2016 Cumulative Update 23 Oct23SU",
            "ExchangeServer2016 CU23 Oct23SU",
            "2016 cu23 oct23su",
            "CU23 Oct23SU for Exchange 2016",
        ] {
            assert_eq!(found(text, None), oct23, "{text}");
            assert_eq!(found(text, Some("Exchange 2016")), oct23, "{text}");
        }
        assert_eq!(found("CU23 Oct23SU", Some("Exchange 2016 CU23 Oct23SU")), oct23);
        assert_eq!(found("Exchange 2019 CU15 Aug25SU", None).0, "2019");
        assert_eq!(found("Exchange SE RTM Oct25SU", None).1.lowest(), Build::new(15, 2, 2562, 29));
        assert_eq!(found("Exchange Server Subscription Edition RTM Oct25SU", None).0, "SE");
    }

    #[test]
    fn every_release_is_found_by_its_label() {
        let catalog = crate::builds::catalog();
        for release in catalog.all_releases() {
            let label = format!("Exchange {} {}", catalog.product_name(release.product), release.update);
            let (product, build) = found(&label, None);
            assert_eq!(
                (product.as_str(), build.lowest()),
                (catalog.product_name(release.product), release.build),
                "{label}"
            );
        }
    }

    #[test]
    fn the_build_decides_over_the_label() {
        let catalog = crate::builds::catalog();
        let found = catalog.identify("15.2.2562.29", Some("Exchange 2019")).unwrap();
        assert_eq!(catalog.product_name(found.product), "SE");
        assert_eq!(found.contradicted.map(|id| catalog.product_name(id)), Some("2019"));
    }

    #[test]
    fn refusals_say_which_text_is_wrong() {
        let catalog = crate::builds::catalog();
        let refused = |build, product| catalog.identify(build, product).unwrap_err();
        assert!(matches!(refused("CU23", None), IdentityError::Build(_)));
        assert!(matches!(refused("CU99", Some("2016")), IdentityError::Update(_)));
        assert!(matches!(refused("Exchange 2016 CU99", None), IdentityError::Update(_)));
        assert!(refused("15.1.2507.6", Some("Lotus")).concerns_product());
        assert!(matches!(refused("16.0.0.0", None), IdentityError::NoProduct(_)));
        assert!(matches!(refused(&"x".repeat(100_000), None), IdentityError::Build(_)));
    }
}
