//! What a policy, a world and the times of a study, each valid, must keep together.

use std::collections::BTreeMap;

use crate::check::Checker;
use crate::tree::Path;
use brownout_experiment::study::Scenario;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::{Route, ServerMix, World};
use brownout_text::outside::shortened;

/// What a policy and a world, each valid, must keep together; and what is doubtful about them.
pub(super) fn check(checker: &mut Checker<'_>, at: &Path, scenario: &Scenario, start: SimTime, horizon: SimTime) {
    let name = shortened(&scenario.name, 60);
    for (table, stage) in unnamed_stages(scenario) {
        let message = format!("in scenario \"{name}\" the {table} table has no value for stage \"{stage}\"");
        checker.error(at, message, "add it, or state the table by minutes");
    }
    check_planned(checker, at, scenario, start);
    warn_of_early_detections(checker, at, scenario);
    let baselines = scenario.policy.baselines().entries();
    let first = baselines.iter().map(|entry| entry.effective().max(start)).min();
    let ladder = scenario.policy.ladder();
    for (k, stage) in ladder.stages().iter().enumerate() {
        if first.is_some_and(|first| first + ladder.start_of(k) >= horizon) {
            let message =
                format!("in scenario \"{name}\" stage \"{}\" is never reached before the horizon", stage.name());
            checker.warn(at, message, "lengthen the horizon or shorten the ladder");
        }
    }
    let catalog = brownout_exchange::builds::catalog();
    let products = products(&scenario.world);
    for entry in baselines {
        // A shipped policy speaks of every product there is; one's own of those that are meant.
        if !products.contains(&entry.product()) && !crate::shipped::is_policy(scenario.policy.name()) {
            let product = catalog.product_name(entry.product());
            let message = format!(
                "in scenario \"{name}\" baseline \"{}\" concerns {product}, but no group has such a server",
                entry.name()
            );
            checker.warn(at, message, "is a group missing?");
        }
        if entry.effective() >= horizon {
            let message =
                format!("in scenario \"{name}\" baseline \"{}\" comes into force after the horizon", entry.name());
            checker.warn(at, message, "lengthen the horizon or drop the baseline");
        }
    }
    if baselines.is_empty() {
        checker.warn(at, format!("scenario \"{name}\" has no baseline, so nothing happens in it"), "add `baselines`");
    }
}

/// A first detection before any baseline of the product is in force is no detection: the clock starts with the baseline.
fn warn_of_early_detections(checker: &mut Checker<'_>, at: &Path, scenario: &Scenario) {
    let mut first: BTreeMap<brownout_kernel::catalog::ProductId, SimTime> = BTreeMap::new();
    for entry in scenario.policy.baselines().entries() {
        let earliest = first.entry(entry.product()).or_insert(entry.effective());
        *earliest = entry.effective().min(*earliest);
    }
    for group in scenario.world.groups() {
        let ServerMix::Listed(servers) = group.servers() else { continue };
        for server in servers {
            let Some((stated, effective)) = server.first_detected().zip(first.get(&server.product()).copied()) else {
                continue;
            };
            if stated < effective {
                let (name, server) = (shortened(&scenario.name, 60), shortened(server.name(), 60));
                let message = format!(
                    "in scenario \"{name}\" the first detection of \"{server}\", {}, lies before the first baseline of its product, {}; \
                     its clock starts with the baseline",
                    stated.day(),
                    effective.day()
                );
                checker.warn(at, message, "correct the date, or add the baseline under which it was detected");
            }
        }
    }
}

/// An upgrade cannot be planned for a day on which its target has no build yet.
fn check_planned(checker: &mut Checker<'_>, at: &Path, scenario: &Scenario, start: SimTime) {
    let catalog = brownout_exchange::builds::catalog();
    for group in scenario.world.groups() {
        let ServerMix::Listed(servers) = group.servers() else { continue };
        let Some(target) = group.routes()[Route::Upgrade].as_ref().and_then(|rules| rules.target()) else {
            continue;
        };
        // Builds for holders of extended security updates only do not count: not every tenant may hold them.
        let first = catalog.patch_track(target, false).first().map_or(SimTime::NEVER, |release| release.0);
        for server in servers {
            let on =
                server.planned().filter(|planned| planned.route == Route::Upgrade).map(|planned| planned.on.max(start));
            if on.is_some_and(|on| on < first) {
                let (name, server) = (shortened(&scenario.name, 60), shortened(server.name(), 60));
                let product = catalog.product_name(target);
                let message = format!(
                    "in scenario \"{name}\" the upgrade of \"{server}\" is planned before there is any build of {product}"
                );
                checker.error(at, message, format!("plan it for {} or later", first.day()));
            }
        }
    }
}

/// Products that a world has, or can come to have by upgrading.
fn products(world: &World) -> Vec<brownout_kernel::catalog::ProductId> {
    let mut products = Vec::new();
    for group in world.groups() {
        match group.servers() {
            ServerMix::Drawn { builds, .. } => products.extend(builds.iter().map(|build| build.product)),
            ServerMix::Listed(servers) => products.extend(servers.iter().map(|server| server.product())),
        }
        products.extend(group.routes().iter().flatten().filter_map(|route| route.target()));
    }
    products
}

/// Stages that a table by stage does not name, with what the table is for.
fn unnamed_stages(scenario: &Scenario) -> Vec<(&'static str, String)> {
    use brownout_kernel::world::Table;
    let response = scenario.world.response();
    let names = ["added patch", "added upgrade", "added leave"];
    let tables =
        std::iter::once(("multiplier", response.multiplier())).chain(names.into_iter().zip(response.added().iter()));
    let mut missing = Vec::new();
    for (what, table) in tables {
        let Table::ByStage { stages, .. } = table else { continue };
        for stage in scenario.policy.ladder().stages().iter().filter(|stage| !stage.is_silent()) {
            if !stages.contains_key(stage.name()) {
                missing.push((what, stage.name().to_owned()));
            }
        }
    }
    missing
}
