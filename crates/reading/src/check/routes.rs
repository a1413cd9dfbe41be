//! Routes to remediation, and their defaults.

use brownout_exchange::builds::Naming;
use std::collections::BTreeMap;

use super::Checker;
use crate::tree::Path;
use crate::wire::{InStageWire, RouteWire, RoutesWire};
use brownout_kernel::catalog::ProductId;
use brownout_kernel::draws::Spread;
use brownout_kernel::policy::Ladder;
use brownout_kernel::policy::ladder::PRESETS;
use brownout_kernel::world::{BaseRate, PerRoute, Route, RouteRules};
use brownout_text::names::nearest;

pub(super) fn routes(
    checker: &mut Checker<'_>,
    path: &Path,
    wire: Option<&RoutesWire>,
) -> PerRoute<Option<RouteRules>> {
    let Some(wire) = wire else { return default_routes() };
    PerRoute::new(
        wire.patch.as_ref().map(|wire| route(checker, &path.field("patch"), wire, Route::Patch)),
        wire.upgrade.as_ref().map(|wire| route(checker, &path.field("upgrade"), wire, Route::Upgrade)),
        wire.leave.as_ref().map(|wire| route(checker, &path.field("leave"), wire, Route::Leave)),
    )
}

fn route(checker: &mut Checker<'_>, path: &Path, wire: &RouteWire, route: Route) -> RouteRules {
    let base = match (wire.per_month, &wire.in_stage) {
        (Some(rate), None) => {
            BaseRate::PerMonth(checker.number(&path.field("per_month"), rate, BaseRate::PER_MONTH, " per month"))
        }
        (None, Some(stages)) => BaseRate::PerDayInStage(in_stage(checker, &path.field("in_stage"), stages)),
        (None, None) => BaseRate::PerMonth(0.0),
        (Some(_), Some(_)) => {
            checker.error(path, "a route has either `per_month` or `in_stage`", "drop one of them");
            BaseRate::PerMonth(0.0)
        }
    };
    let mut rules = RouteRules {
        base,
        base_by_product: BTreeMap::new(),
        lead: checker.spread(&path.field("lead"), wire.lead, " days"),
        lead_by_product: BTreeMap::new(),
        target: wire.to.as_ref().and_then(|name| checker.product(&path.field("to"), name)),
    };
    for (name, own) in &wire.by_product {
        let at = path.field("by_product").field(name);
        let Some(product) = checker.product(&at, name) else { continue };
        if let Some(rate) = own.per_month {
            rules
                .base_by_product
                .insert(product, checker.number(&at.field("per_month"), rate, BaseRate::PER_MONTH, " per month"));
        }
        if let Some(lead) = own.lead {
            rules.lead_by_product.insert(product, checker.spread(&at.field("lead"), lead, " days"));
        }
    }
    match (route, &wire.to) {
        (Route::Upgrade, None) => checker.error(path, "an upgrade needs a product to end at", "add `to: \"SE\"`"),
        (Route::Patch | Route::Leave, Some(_)) => {
            checker.error(&path.field("to"), "only an upgrade has a target", "drop `to`")
        }
        _ => {}
    }
    rules
}

fn in_stage(checker: &mut Checker<'_>, path: &Path, wire: &InStageWire) -> BTreeMap<String, f64> {
    let Some(ladder) = Ladder::preset(&wire.reference) else {
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
    let by_product = |share: f64| -> BTreeMap<ProductId, f64> {
        exits.iter().filter_map(|&(name, rate)| Some((product(name)?, rate * share))).collect()
    };
    let lead_by_product: BTreeMap<_, _> =
        leads.iter().filter_map(|&(name, median, sigma)| Some((product(name)?, lead(median, sigma)))).collect();
    let rules = |base, base_by_product, lead, lead_by_product, target| {
        Some(RouteRules { base: BaseRate::PerMonth(base), base_by_product, lead, lead_by_product, target })
    };
    PerRoute::new(
        // Weibull scale of a routine update 3.9 months, taken as a constant rate.
        rules(1.0 / 3.9, BTreeMap::new(), lead(14.0, 0.8), BTreeMap::new(), None),
        rules(0.0, by_product(0.65), lead(60.0, 0.7), lead_by_product.clone(), product("SE")),
        rules(0.0, by_product(0.35), lead(60.0, 0.7), lead_by_product, None),
    )
}
