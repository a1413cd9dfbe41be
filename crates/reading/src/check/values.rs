//! Small values that several sections share.

use super::Checker;
use crate::tree::Path;
use crate::wire::SpreadWire;
use brownout_exchange::builds::Naming;
use brownout_kernel::catalog::{Build, ProductId};
use brownout_kernel::draws::Spread;
use brownout_kernel::limits::{self, date_of_year};

impl Checker<'_> {
    /// A product by name.
    pub(crate) fn product(&mut self, path: &Path, name: &str) -> Option<ProductId> {
        brownout_exchange::builds::catalog().product(name).map_err(|error| self.error(path, error.to_string(), "")).ok()
    }

    /// A build by number, by its update or by a label, with its product.
    pub(crate) fn build(&mut self, at: &Path, build: &str, product: Option<&str>) -> Option<(ProductId, Build)> {
        let catalog = brownout_exchange::builds::catalog();
        let path = at.field("build");
        let found = catalog.identify(build, product).map_err(|error| {
            let at = if error.concerns_product() { at.field("product") } else { path.clone() };
            self.error(&at, error.to_string(), error.help());
        });
        // A study says what it means: there the first build of a cumulative update is that build.
        let (found, number) = found.ok().map(|found| (found, found.build.lowest()))?;
        if let (Some(message), Some(stated)) = (catalog.contradiction(&found), found.contradicted) {
            self.error(&path, message, "correct the build or the product");
            return Some((stated, number));
        }
        if let Some(message) = catalog.too_new(number) {
            self.warn(&path, message, "it is compared by number and cannot be verified");
        }
        Some((found.product, number))
    }

    /// A distribution of a non-negative quantity.
    pub(crate) fn spread(&mut self, path: &Path, wire: SpreadWire, unit: &'static str) -> Spread {
        match wire {
            SpreadWire::None => Spread::NONE,
            SpreadWire::Fixed(value) => Spread::Fixed(self.allowed(path, value, Spread::VALUE.in_unit(unit))),
            SpreadWire::LogNormal { median, sigma } => Spread::LogNormal {
                median: self.allowed(&path.field("median"), median, Spread::VALUE.in_unit(unit)),
                sigma: self.allowed(&path.field("sigma"), sigma, Spread::SIGMA),
            },
            SpreadWire::Pert { min, mode, max } => {
                let min = self.allowed(&path.field("min"), min, Spread::VALUE.in_unit(unit));
                let max = self.allowed(&path.field("max"), max, Spread::VALUE.in_unit(unit));
                let spread = Spread::Pert { min, mode, max };
                self.made(&path.field("mode"), spread.check()).unwrap_or(Spread::NONE)
            }
        }
    }

    /// A date of the year as `MM-DD`.
    pub(crate) fn month_day(&mut self, path: &Path, text: &str) -> Option<(i8, i8)> {
        let parsed = text.split_once('-').and_then(|(m, d)| Some((m.parse::<i8>().ok()?, d.parse::<i8>().ok()?)));
        let real = parsed.filter(|&date| date_of_year("", date).is_ok());
        if real.is_none() {
            self.error(path, format!("\"{text}\" is not a date of the year"), "write month and day, such as \"12-15\"");
        }
        real
    }

    /// Shares that must be non-negative and sum to something.
    pub(crate) fn shares(&mut self, path: &Path, shares: &[f64], path_of: impl Fn(usize) -> Path) -> bool {
        let mut good = true;
        for (i, &share) in shares.iter().enumerate() {
            good &= self.made(&path_of(i), limits::weight("", i, share)).is_some();
        }
        let sum = limits::weights("", shares.iter().copied());
        if let Some(refusal) = sum.err().filter(|_| good) {
            self.error(path, refusal.rule().to_string(), "give at least one share above 0");
            good = false;
        }
        good
    }
}
