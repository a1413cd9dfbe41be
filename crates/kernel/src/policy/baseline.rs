//! The rollout schedule: which builds comply from which day on.

use crate::catalog::{Build, ProductId, Requirement};
use crate::limits::{Limits, Refusal};
use crate::time::{SimDuration, SimTime};

/// One entry of the rollout schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    pub(crate) name: String,
    pub(crate) effective: SimTime,
    pub(crate) product: ProductId,
    pub(crate) minimum: Option<Requirement>,
    pub(crate) spread: SimDuration,
}

impl Baseline {
    /// Days over which first detections may be spread.
    pub const SPREAD_DAYS: Limits<f64> = Limits::new("spread_days", 0.0, 3_650.0, " days");

    /// An entry that is in force from an instant on; all first detections happen just then.
    ///
    /// - `minimum`: the lowest compliant build; `None` puts the whole product out of bounds.
    pub fn new(name: impl Into<String>, effective: SimTime, product: ProductId, minimum: Option<Requirement>) -> Self {
        Baseline { name: name.into(), effective, product, minimum, spread: SimDuration::ZERO }
    }

    /// Name for people, unique within the schedule.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// From this instant on the entry is in force.
    pub const fn effective(&self) -> SimTime {
        self.effective
    }

    /// The product it speaks of.
    pub const fn product(&self) -> ProductId {
        self.product
    }

    /// The lowest compliant build; `None` puts the whole product out of bounds.
    pub const fn minimum(&self) -> Option<&Requirement> {
        self.minimum.as_ref()
    }

    /// First detections are spread over this time from the effective date on.
    pub const fn spread(&self) -> SimDuration {
        self.spread
    }

    /// Another instant from which it is in force.
    pub const fn set_effective(&mut self, effective: SimTime) {
        self.effective = effective;
    }

    /// Spreads first detections over so many days.
    ///
    /// # Errors
    /// If they lie outside [`SPREAD_DAYS`](Self::SPREAD_DAYS).
    pub fn set_spread_days(&mut self, days: f64) -> Result<(), Refusal> {
        self.spread = SimDuration::from_days_f64(Self::SPREAD_DAYS.check(days)?);
        Ok(())
    }

    /// Whether a server of this product and build complies with this entry once it is in force.
    pub fn met_by(&self, product: ProductId, build: Build) -> bool {
        product != self.product || self.minimum.as_ref().is_some_and(|minimum| minimum.met_by(build))
    }
}

/// Which entry a server breaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Index of the entry in the schedule.
    pub entry: usize,
    /// Its ordinal among the entries of the same product, which addresses the detection delay.
    pub ordinal: u32,
}

/// The rollout schedule in order of time; all entries in force must be met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baselines {
    entries: Vec<Baseline>,
    by_product: Vec<Vec<usize>>,
}

impl Baselines {
    /// A schedule of these entries, sorted by effective date.
    pub fn new(mut entries: Vec<Baseline>) -> Self {
        entries.sort_by_key(|entry| entry.effective);
        let products = entries.iter().map(|entry| entry.product.index() + 1).max().unwrap_or(0);
        let mut by_product = vec![Vec::new(); products];
        for (index, entry) in entries.iter().enumerate() {
            by_product[entry.product.index()].push(index);
        }
        Baselines { entries, by_product }
    }

    /// All entries in order of time.
    pub fn entries(&self) -> &[Baseline] {
        &self.entries
    }

    /// Places of the entries of one product, in order of time.
    pub fn of(&self, product: ProductId) -> &[usize] {
        self.by_product.get(product.index()).map_or(&[], Vec::as_slice)
    }

    /// The earliest entry in force at `at` that a server breaches, or `None` if it complies.
    pub fn breach(&self, product: ProductId, build: Build, at: SimTime) -> Option<Breach> {
        let of_product = self.of(product).iter().enumerate();
        of_product
            .take_while(|&(_, &entry)| self.entries[entry].effective <= at)
            .find(|&(_, &entry)| !self.entries[entry].met_by(product, build))
            .map(|(ordinal, &entry)| Breach { entry, ordinal: ordinal as u32 })
    }

    /// Whether any entry, in force or to come, is one that a server of this product and build does not meet.
    pub fn concern(&self, product: ProductId, build: Build) -> bool {
        self.of(product).iter().any(|&entry| !self.entries[entry].met_by(product, build))
    }

    /// The first instant after `at` at which another entry for the product comes into force; never if there is none.
    pub fn next_change(&self, product: ProductId, at: SimTime) -> SimTime {
        let later = self.of(product).iter().map(|&entry| self.entries[entry].effective).find(|&time| time > at);
        later.unwrap_or(SimTime::NEVER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Comparison;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn entry(name: &str, date: &str, product: &str, minimum: Option<&str>) -> Baseline {
        let catalog = crate::catalog::sample::catalog();
        Baseline {
            name: name.to_owned(),
            effective: at(date),
            product: catalog.named(product).unwrap(),
            minimum: minimum.map(|build| catalog.requirement(build.parse().unwrap(), Comparison::Numeric)),
            spread: SimDuration::ZERO,
        }
    }

    #[test]
    fn later_entries_raise_the_baseline() {
        let catalog = crate::catalog::sample::catalog();
        let schedule = Baselines::new(vec![
            entry("raise", "2027-03-01", "new", Some("2.1.300.5")),
            entry("whole", "2027-06-01", "middle", None),
            entry("first", "2026-09-07", "new", Some("2.1.300.3")),
        ]);
        let (new, middle) = (catalog.named("new").unwrap(), catalog.named("middle").unwrap());
        let build = "2.1.300.3".parse().unwrap();
        assert_eq!(schedule.breach(new, build, at("2027-02-28")), None);
        assert_eq!(schedule.breach(new, build, at("2027-03-01")), Some(Breach { entry: 1, ordinal: 1 }));
        let old = "2.1.300.1".parse().unwrap();
        assert_eq!(schedule.breach(new, old, at("2027-05-01")), Some(Breach { entry: 0, ordinal: 0 }));
        let newest_middle = "2.0.300.11".parse().unwrap();
        assert_eq!(schedule.breach(middle, newest_middle, at("2027-05-31")), None);
        // Third of all entries, but the first of its product: entries for other products move nobody's detection.
        assert_eq!(schedule.breach(middle, newest_middle, at("2027-06-01")), Some(Breach { entry: 2, ordinal: 0 }));
        let meets_all = "2.1.300.5".parse().unwrap();
        assert_eq!([build, old, meets_all].map(|build| schedule.concern(new, build)), [true, true, false]);
        assert_eq!(schedule.next_change(new, at("2026-09-07")), at("2027-03-01"));
        assert_eq!(schedule.next_change(new, at("2027-03-01")), SimTime::NEVER);
    }
}
