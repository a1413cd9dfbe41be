//! Routes to remediation, and their defaults.

use brownout_exchange::builds::Naming;
use std::collections::BTreeMap;

use super::Checker;
use crate::tree::Path;
use crate::wire::{InStageWire, RouteWire, RoutesWire};
use brownout_exchange::ladders::{self, PRESETS};
use brownout_kernel::draws::Spread;
use brownout_kernel::world::{BaseRate, PerRoute, Route, RouteRules};
use brownout_text::names::nearest;

pub(super) fn routes(
    checker: &mut Checker<'_>,
    path: &Path,
    wire: Option<&RoutesWire>,
) -> PerRoute<Option<RouteRules>> {
    let Some(wire) = wire else { return default_routes() };
    PerRoute::new(
        wire.patch.as_ref().and_then(|wire| route(checker, &path.field("patch"), wire, Route::Patch)),
        wire.upgrade.as_ref().and_then(|wire| route(checker, &path.field("upgrade"), wire, Route::Upgrade)),
        wire.leave.as_ref().and_then(|wire| route(checker, &path.field("leave"), wire, Route::Leave)),
    )
}

fn route(checker: &mut Checker<'_>, path: &Path, wire: &RouteWire, route: Route) -> Option<RouteRules> {
    let base = match (wire.per_month, &wire.in_stage) {
        (Some(rate), None) => BaseRate::PerMonth(checker.allowed(&path.field("per_month"), rate, BaseRate::RATE)),
        (None, Some(stages)) => BaseRate::PerDayInStage(in_stage(checker, &path.field("in_stage"), stages)),
        (None, None) => BaseRate::PerMonth(0.0),
        (Some(_), Some(_)) => {
            checker.error(path, "a route has either `per_month` or `in_stage`", "drop one of them");
            BaseRate::PerMonth(0.0)
        }
    };
    let lead = checker.spread(&path.field("lead"), wire.lead, " days");
    let target = wire.to.as_ref().map(|name| checker.product(&path.field("to"), name));
    let mut rules = checker.made(path, RouteRules::new(base, lead))?;
    for (name, own) in &wire.by_product {
        let at = path.field("by_product").field(name);
        let Some(product) = checker.product(&at, name) else { continue };
        if let Some(rate) = own.per_month {
            checker.made(&at.field("per_month"), rules.set_base_of(product, rate));
        }
        if let Some(lead) = own.lead {
            let lead = checker.spread(&at.field("lead"), lead, " days");
            checker.made(&at.field("lead"), rules.set_lead_of(product, lead));
        }
    }
    let known = target.is_none_or(|product| product.is_some());
    if let Some(product) = target.flatten() {
        rules = rules.ending_at(product);
    }
    if let Some(refusal) = rules.check_target(route).err().filter(|_| known) {
        let (at, help) = match route {
            Route::Upgrade => (path, "add `to: \"SE\"`"),
            Route::Patch | Route::Leave => (&path.field("to"), "drop `to`"),
        };
        checker.error(at, refusal.rule().to_string(), help);
        return None;
    }
    Some(rules)
}

fn in_stage(checker: &mut Checker<'_>, path: &Path, wire: &InStageWire) -> BTreeMap<String, f64> {
    let Some(ladder) = ladders::preset(&wire.reference) else {
        let help = nearest(&wire.reference, &PRESETS);
        checker.error(&path.field("reference"), format!("there is no preset \"{}\"", wire.reference), help);
        return BTreeMap::new();
    };
    let open_days = checker.number(&path.field("open_days"), wire.open_days, 0.001..=36_500.0, " days");
    let names: Vec<_> = ladder.stages().iter().map(|stage| stage.name()).collect();
    let mut hazards = BTreeMap::new();
    for (name, &prob) in &wire.probability {
        let at = path.field("probability").field(name);
        match ladder.position(name) {
            None => checker.error(&at, format!("the reference ladder has no stage \"{name}\""), nearest(name, &names)),
            Some(stage) => {
                if !(0.0..1.0).contains(&prob) {
                    checker.error(&at, format!("probability {prob} is not allowed; expected 0 to below 1"), "");
                    continue;
                }
                let days = ladder.stages()[stage].length().map_or(open_days, |length| length.days_f64());
                hazards.insert(name.clone(), BaseRate::hazard_of(prob, days));
            }
        }
    }
    hazards
}

/// Routes of default-parameters.csv: exit rates by product with 35 % of exits leaving, lead times by product.
fn default_routes() -> PerRoute<Option<RouteRules>> {
    let catalog = brownout_exchange::builds::catalog();
    let product = |name: &str| catalog.product(name).ok();
    let exits = [("2019", 0.041), ("2016", 0.047), ("2013", 0.045), ("2010", 0.03), ("2007", 0.02)];
    let leads =
        [("2019", 21.0, 0.8), ("2016", 60.0, 0.7), ("2013", 120.0, 0.7), ("2010", 120.0, 0.7), ("2007", 120.0, 0.7)];
    let lead = |median, sigma| Spread::LogNormal { median, sigma };
    let exit = |share: f64| -> Option<RouteRules> {
        let mut rules = RouteRules::new(BaseRate::PerMonth(0.0), lead(60.0, 0.7)).ok()?;
        for (name, rate) in exits {
            rules.set_base_of(product(name)?, rate * share).ok()?;
        }
        for (name, median, sigma) in leads {
            rules.set_lead_of(product(name)?, lead(median, sigma)).ok()?;
        }
        Some(rules)
    };
    PerRoute::new(
        // Weibull scale of a routine update 3.9 months, taken as a constant rate.
        RouteRules::new(BaseRate::PerMonth(1.0 / 3.9), lead(14.0, 0.8)).ok(),
        exit(0.65).zip(product("SE")).map(|(rules, product)| rules.ending_at(product)),
        exit(0.35),
    )
}
