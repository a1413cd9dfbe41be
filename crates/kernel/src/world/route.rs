//! The competing ways in which a server comes to be remediated.

use std::collections::BTreeMap;

use crate::catalog::ProductId;
use crate::draws::{Purpose, Spread};
use crate::limits::{Limits, Refusal, Rule};
use crate::time::SimTime;

/// Days in a month of rates: a twelfth of 365.25.
pub const MONTH_DAYS: f64 = 30.4375;

/// A way to remediation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// To the newest build available to the server.
    Patch,
    /// To another product.
    Upgrade,
    /// Away: the server is removed and its mail no longer crosses.
    Leave,
}

impl Route {
    /// All routes, in the order of arrays indexed by route.
    pub const ALL: [Route; 3] = [Route::Patch, Route::Upgrade, Route::Leave];

    /// Name as studies write it.
    pub fn name(self) -> &'static str {
        ["patch", "upgrade", "leave"][self as usize]
    }

    /// The address of the route's threshold.
    pub(crate) fn threshold(self) -> Purpose {
        [Purpose::PatchThreshold, Purpose::UpgradeThreshold, Purpose::LeaveThreshold][self as usize]
    }
}

/// One thing for each route, found by the route and by nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerRoute<T>([T; 3]);

impl<T> PerRoute<T> {
    /// What belongs to each route.
    pub const fn new(patch: T, upgrade: T, leave: T) -> Self {
        PerRoute([patch, upgrade, leave])
    }

    /// What belongs to each route, made in the order of [`Route::ALL`].
    pub fn from_fn(make: impl FnMut(Route) -> T) -> Self {
        PerRoute(Route::ALL.map(make))
    }

    /// Something else for each route, made of what it has.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> PerRoute<U> {
        PerRoute(self.0.map(make))
    }

    /// All of them, in the order of [`Route::ALL`].
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }
}

impl<T> std::ops::Index<Route> for PerRoute<T> {
    type Output = T;

    #[inline]
    fn index(&self, route: Route) -> &T {
        &self.0[route as usize]
    }
}

impl<T> std::ops::IndexMut<Route> for PerRoute<T> {
    fn index_mut(&mut self, route: Route) -> &mut T {
        &mut self.0[route as usize]
    }
}

/// How often servers take a route when nothing presses them.
#[derive(Clone, Debug, PartialEq)]
pub enum BaseRate {
    /// Decisions per server and month.
    PerMonth(f64),
    /// Decisions per day in each stage, already turned from the probability of deciding within a stage of the reference
    /// ladder; stages not named have none. The response multipliers do not apply, diligence does.
    PerDayInStage(BTreeMap<String, f64>),
}

impl BaseRate {
    /// Decisions per server and month.
    pub const RATE: Limits<f64> = Limits::new("per_month", 0.0, 1000.0, " per month");
    /// Decisions per day in a stage; with the probability of one they grow without bound.
    pub const HAZARD: Limits<f64> = Limits::new("in_stage", 0.0, f64::MAX, " per day");

    fn check(self) -> Result<Self, Refusal> {
        match &self {
            BaseRate::PerMonth(rate) => Self::RATE.check(*rate).map(|_| ())?,
            BaseRate::PerDayInStage(hazards) => {
                hazards.values().try_for_each(|&hazard| Self::HAZARD.check(hazard).map(|_| ()))?;
            }
        }
        Ok(self)
    }

    /// The hazard per day that gives probability `prob` of at least one decision within `days`.
    ///
    /// - `prob`: 0 to below 1; `days`: more than 0.
    pub fn hazard_of(prob: f64, days: f64) -> f64 {
        -libm::log1p(-prob) / days
    }
}

/// One route as a group takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteRules {
    pub(crate) base: BaseRate,
    pub(crate) base_by_product: BTreeMap<ProductId, f64>,
    pub(crate) lead: Spread,
    pub(crate) lead_by_product: BTreeMap<ProductId, Spread>,
    pub(crate) target: Option<ProductId>,
}

impl RouteRules {
    /// What is wrong with an upgrade to nowhere.
    pub const NO_TARGET: &'static str = "an upgrade needs a product to end at";
    /// What is wrong with another route that has a target.
    pub const TARGET: &'static str = "only an upgrade has a target";

    /// A route with one rate and one lead time for all products.
    ///
    /// # Errors
    /// As [`set_base`](Self::set_base) and [`set_lead`](Self::set_lead).
    pub fn new(base: BaseRate, lead: Spread) -> Result<Self, Refusal> {
        let (base_by_product, lead_by_product) = (BTreeMap::new(), BTreeMap::new());
        Ok(RouteRules { base: base.check()?, base_by_product, lead: lead.check()?, lead_by_product, target: None })
    }

    /// The route as an upgrade to a product.
    pub fn ending_at(self, product: ProductId) -> Self {
        RouteRules { target: Some(product), ..self }
    }

    /// Checks that an upgrade has a target, and no other route.
    ///
    /// # Errors
    /// If it is the other way round.
    pub fn check_target(&self, route: Route) -> Result<(), Refusal> {
        match (route, self.target) {
            (Route::Upgrade, None) => Err(Refusal::of("upgrade", Rule::Broken(Self::NO_TARGET))),
            (Route::Patch | Route::Leave, Some(_)) => Err(Refusal::of("to", Rule::Broken(Self::TARGET))),
            _ => Ok(()),
        }
    }

    /// Base rate, unless the product has its own.
    pub const fn base(&self) -> &BaseRate {
        &self.base
    }

    /// Decisions per server and month of single products.
    pub const fn base_by_product(&self) -> &BTreeMap<ProductId, f64> {
        &self.base_by_product
    }

    /// Days from decision to the first attempt.
    pub const fn lead(&self) -> Spread {
        self.lead
    }

    /// Lead times of single products.
    pub const fn lead_by_product(&self) -> &BTreeMap<ProductId, Spread> {
        &self.lead_by_product
    }

    /// The product an upgrade ends at; `None` for the other routes.
    pub const fn target(&self) -> Option<ProductId> {
        self.target
    }

    /// Another base rate.
    ///
    /// # Errors
    /// If it lies outside [`BaseRate::RATE`] or [`BaseRate::HAZARD`].
    pub fn set_base(&mut self, base: BaseRate) -> Result<(), Refusal> {
        self.base = base.check()?;
        Ok(())
    }

    /// The base rate of a product, per server and month.
    ///
    /// # Errors
    /// If it lies outside [`BaseRate::RATE`].
    pub fn set_base_of(&mut self, product: ProductId, per_month: f64) -> Result<(), Refusal> {
        self.base_by_product.insert(product, BaseRate::RATE.check(per_month)?);
        Ok(())
    }

    /// Another lead time.
    ///
    /// # Errors
    /// As [`Spread::check`].
    pub fn set_lead(&mut self, lead: Spread) -> Result<(), Refusal> {
        self.lead = lead.check()?;
        Ok(())
    }

    /// The lead time of a product.
    ///
    /// # Errors
    /// As [`Spread::check`].
    pub fn set_lead_of(&mut self, product: ProductId, lead: Spread) -> Result<(), Refusal> {
        self.lead_by_product.insert(product, lead.check()?);
        Ok(())
    }

    /// All lead times there are.
    pub(crate) fn leads(&self) -> impl Iterator<Item = Spread> {
        self.lead_by_product.values().copied().chain([self.lead])
    }

    /// Lead time of a product.
    pub fn lead_of(&self, product: ProductId) -> Spread {
        self.lead_by_product.get(&product).copied().unwrap_or(self.lead)
    }
}

/// Attempts can fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    pub(crate) prob: f64,
    pub(crate) delay: Spread,
}

impl Failure {
    /// Probabilities that an attempt fails: below 1, so that attempts end.
    pub const PROB: Limits<f64> = Limits::new("prob", 0.0, 0.9, "");
    /// Every attempt succeeds.
    pub const NEVER: Failure = Failure { prob: 0.0, delay: Spread::NONE };

    /// How often attempts fail, and the days to the next one.
    ///
    /// # Errors
    /// If the probability lies outside [`PROB`](Self::PROB); as [`Spread::check`].
    pub fn new(prob: f64, delay: Spread) -> Result<Self, Refusal> {
        Ok(Failure { prob: Self::PROB.check(prob)?, delay: delay.check()? })
    }

    /// Probability that an attempt fails, 0 to 0.9.
    pub const fn prob(&self) -> f64 {
        self.prob
    }

    /// Days from a failed attempt to the next.
    pub const fn delay(&self) -> Spread {
        self.delay
    }

    /// Another probability.
    ///
    /// # Errors
    /// If it lies outside [`PROB`](Self::PROB).
    pub fn set_prob(&mut self, prob: f64) -> Result<(), Refusal> {
        self.prob = Self::PROB.check(prob)?;
        Ok(())
    }

    /// Another delay.
    ///
    /// # Errors
    /// As [`Spread::check`].
    pub fn set_delay(&mut self, delay: Spread) -> Result<(), Refusal> {
        self.delay = delay.check()?;
        Ok(())
    }
}

/// A remediation whose date is set from the beginning: any route on any day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    /// The way.
    pub route: Route,
    /// The day of the attempt; it moves to the next opening like every other.
    pub on: SimTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_over_days_becomes_the_hazard_that_gives_it_back() {
        let hazard = BaseRate::hazard_of(0.25, 30.0);
        assert!((1.0 - (-hazard * 30.0).exp() - 0.25).abs() < 1e-15);
        assert_eq!(BaseRate::hazard_of(0.0, 10.0), 0.0);
    }
}
