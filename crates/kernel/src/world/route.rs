//! The competing ways in which a server comes to be remediated.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::catalog::ProductId;
use crate::draws::{Purpose, Spread};
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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerRoute<T>([T; 3]);

impl<T> PerRoute<T> {
    /// What belongs to each route.
    pub const fn new(patch: T, upgrade: T, leave: T) -> Self {
        PerRoute([patch, upgrade, leave])
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
    pub const PER_MONTH: RangeInclusive<f64> = 0.0..=1000.0;

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
    /// Base rate, unless the product has its own.
    pub base: BaseRate,
    /// Base rates of single products.
    pub base_by_product: BTreeMap<ProductId, f64>,
    /// Days from decision to the first attempt.
    pub lead: Spread,
    /// Lead times of single products.
    pub lead_by_product: BTreeMap<ProductId, Spread>,
    /// The product an upgrade ends at; `None` for the other routes.
    pub target: Option<ProductId>,
}

impl RouteRules {
    /// Lead time of a product.
    pub fn lead_of(&self, product: ProductId) -> Spread {
        self.lead_by_product.get(&product).copied().unwrap_or(self.lead)
    }
}

/// Attempts can fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// Probability that an attempt fails, 0 to below 1.
    pub prob: f64,
    /// Days from a failed attempt to the next.
    pub delay: Spread,
}

impl Failure {
    /// Probabilities that an attempt fails: below 1, so that attempts end.
    pub const PROBS: RangeInclusive<f64> = 0.0..=0.9;
}

/// A remediation whose date is set from the beginning.
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
