//! The groups of tenants, value by value.

use super::facts::Fact;
use super::markdown::{instant, number, plain, plan, spread, table, yes};
use brownout_experiment::study::{Scenario, Study};
use brownout_kernel::catalog::Catalog;
use brownout_kernel::world::{BaseRate, Group, ListedServer, PausePlan, Route, RouteRules, ServerMix, Window};
use brownout_text::weekdays;

/// Every parameter of a group with its value and unit.
///
/// - `catalog`: of the world, which names the products.
pub(super) fn group(group: &Group, study: &Study, catalog: &Catalog) -> Vec<Fact> {
    let mut facts = vec![("tenants".to_owned(), group.count().to_string())];
    facts.extend(servers(group, catalog));
    facts.push(("share holding extended security updates".to_owned(), number(group.esu_share())));
    facts.push(("diligence, sigma of the logarithm (mean 1)".to_owned(), number(group.diligence().sigma())));
    facts.push(("diligence, share that never acts by itself".to_owned(), number(group.diligence().never_share())));
    for route in Route::ALL {
        match &group.routes()[route] {
            Some(rules) => facts.extend(self::route(route, rules, catalog)),
            None => facts.push((format!("route {}", route.name()), "closed".to_owned())),
        }
    }
    facts.push(("maintenance windows".to_owned(), windows(group.openings().windows())));
    facts.extend(freezes(group, study));
    facts.push(("attempts fail with probability".to_owned(), number(group.failure().prob())));
    facts.push(("from a failed attempt to the next".to_owned(), spread(group.failure().delay(), "days")));
    facts.push(("least time between two servers of a tenant".to_owned(), spread(group.gap(), "days")));
    for behaviour in group.behaviours() {
        let renew =
            if behaviour.renew() && *behaviour.plan() != PausePlan::Never { ", again each calendar year" } else { "" };
        let name = format!("pauses: {}{renew}", plan(behaviour.plan()));
        facts.push((name, format!("share {} of the tenants", number(behaviour.share()))));
    }
    facts.push(("mail of a server".to_owned(), spread(group.volume(), "messages a day")));
    facts.push(("retry schedule of senders".to_owned(), group.retry().to_string()));
    facts
}

fn servers(group: &Group, catalog: &Catalog) -> Vec<Fact> {
    match group.servers() {
        ServerMix::Drawn { per_tenant, builds } => {
            let total: f64 = per_tenant.iter().sum();
            let count = |(i, share): (usize, &f64)| format!("{}: {}", i + 1, number(share / total));
            let counts = per_tenant.iter().enumerate().map(count).collect::<Vec<_>>().join(", ");
            let all: f64 = builds.iter().map(|build| build.share).sum();
            let mut facts = vec![("servers per tenant, with shares".to_owned(), counts)];
            facts.extend(builds.iter().map(|build| {
                let name = format!("servers with {} {}", catalog.product_name(build.product), build.build);
                (name, format!("share {}", number(build.share / all)))
            }));
            facts
        }
        ServerMix::Listed(servers) => servers.iter().map(|server| listed(server, catalog)).collect(),
    }
}

fn listed(server: &ListedServer, catalog: &Catalog) -> Fact {
    let mut words = format!("{} {}", catalog.product_name(server.product()), server.build());
    if let Some(messages) = server.messages_per_day() {
        words += &format!(", {} messages a day", number(messages));
    }
    if let Some(detected) = server.first_detected() {
        words += &format!(", first detected {}", instant(detected));
    }
    if let Some(planned) = server.planned() {
        words += &format!(", planned: {} on {}", planned.route.name(), instant(planned.on));
    }
    (format!("server \"{}\"", server.name()), words)
}

fn route(route: Route, rules: &RouteRules, catalog: &Catalog) -> Vec<Fact> {
    let name = route.name();
    let product = |id| catalog.product_name(id);
    let mut facts = Vec::new();
    if let Some(target) = rules.target() {
        facts.push((format!("route {name}, ends at"), format!("the newest build of {}", product(target))));
    }
    match rules.base() {
        BaseRate::PerMonth(rate) => {
            facts.push((format!("route {name}, base rate"), format!("{} per server and month", number(*rate))));
        }
        BaseRate::PerDayInStage(stages) => facts.extend(stages.iter().map(|(stage, hazard)| {
            (format!("route {name}, base rate in stage \"{stage}\""), format!("{} per day", number(*hazard)))
        })),
    }
    facts.extend(rules.base_by_product().iter().map(|(id, rate)| {
        (format!("route {name}, base rate of {}", product(*id)), format!("{} per server and month", number(*rate)))
    }));
    facts.push((format!("route {name}, lead time"), spread(rules.lead(), "days")));
    facts.extend(
        rules
            .lead_by_product()
            .iter()
            .map(|(id, lead)| (format!("route {name}, lead time of {}", product(*id)), spread(*lead, "days"))),
    );
    facts
}

fn windows(windows: &[Window]) -> String {
    if windows.is_empty() {
        return "any time".to_owned();
    }
    let window = |window: &Window| {
        let (h, m) = (window.opens() / 3600, window.opens() / 60 % 60);
        let hours = number(window.seconds() as f64 / 3600.0);
        format!("{} {h:02}:{m:02} UTC for {hours} h", weekdays::LONG[window.weekday() % 7])
    };
    windows.iter().map(window).collect::<Vec<_>>().join("; ")
}

/// Change freezes as far as they touch the study.
fn freezes(group: &Group, study: &Study) -> Vec<Fact> {
    let freezes = group.openings().freezes().iter().filter(|freeze| freeze.share() > 0.0);
    let facts = freezes.map(|freeze| {
        let inside =
            freeze.stretches().iter().filter(|stretch| stretch.1 > study.start() && stretch.0 < study.horizon());
        let stretches: Vec<_> = inside.map(|(from, to)| format!("{} to {}", instant(*from), instant(*to))).collect();
        let when = if stretches.is_empty() { "none in this study".to_owned() } else { stretches.join(", ") };
        (format!("change freeze: {when}"), format!("share {} of the tenants", number(freeze.share())))
    });
    facts.collect()
}

/// The groups of a scenario, each as a table.
pub(super) fn groups(scenario: &Scenario, study: &Study) -> String {
    let one = |shown: &Group| {
        let facts = group(shown, study, scenario.world.catalog()).into_iter().map(|(name, value)| [name, value]);
        format!("#### Group \"{}\"\n\n{}", plain(shown.name()), table(["parameter", "value"], facts))
    };
    scenario.world.groups().iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Who there is at the start: one line a group.
pub(super) fn overview(scenario: &Scenario) -> String {
    let row = |group: &Group| {
        let kinds = match group.servers() {
            ServerMix::Drawn { .. } => "drawn from the mix of builds",
            ServerMix::Listed(_) => "named one by one",
        };
        let known = match group.servers() {
            ServerMix::Listed(servers) => servers.iter().any(|server| server.first_detected().is_some()),
            ServerMix::Drawn { .. } => false,
        };
        [group.name().to_owned(), group.count().to_string(), kinds.to_owned(), yes(known)]
    };
    table(["group", "tenants", "servers", "first detection known"], scenario.world.groups().iter().map(row))
}
