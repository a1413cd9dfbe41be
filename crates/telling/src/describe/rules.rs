//! Ladders, schedules, hazards and mail outcomes as tables.

use super::markdown::{by_scenario, instant, number, table, wide_table, yes};
use brownout_experiment::study::{Scenario, Study};
use brownout_kernel::catalog::{Catalog, ProductId};
use brownout_kernel::mail::{CalendarShape, MailOutcome};
use brownout_kernel::policy::{Baseline, Stage};
use brownout_kernel::sim::Rules;
use brownout_kernel::sim::rules::mail_kinds;
use brownout_kernel::tally::ClassSet;
use brownout_kernel::world::response::Combine;
use brownout_kernel::world::{Group, Route, ServerMix, Table};

/// Length, minutes and silence of a stage.
pub(super) fn stage_cells(stage: &Stage) -> [String; 4] {
    let days = stage.length().map_or("open-ended".to_owned(), |length| number(length.days_f64()));
    [days, stage.minutes().throttle().to_string(), stage.minutes().block().to_string(), yes(stage.is_silent())]
}

/// The ladder of a scenario.
pub(super) fn ladder(scenario: &Scenario) -> String {
    let ladder = scenario.policy.ladder();
    let rows = ladder.stages().iter().enumerate().map(|(k, stage)| {
        let [days, throttle, block, silent] = stage_cells(stage);
        let start = number(ladder.start_of(k).days_f64());
        [(k + 1).to_string(), stage.name().to_owned(), start, days, throttle, block, silent]
    });
    let header = ["stage", "name", "from day", "days", "throttled (min/h)", "blocked (min/h)", "silent"];
    format!("Ladder \"{}\", days on the clock:\n\n{}", ladder.name(), table(header, rows))
}

/// Name, date, product, minimum and spread of a baseline.
pub(super) fn baseline_cells(entry: &Baseline, catalog: &Catalog) -> [String; 5] {
    let minimum = entry.minimum().map_or("the whole product is out of bounds".to_owned(), ToString::to_string);
    let product = catalog.product_name(entry.product()).to_owned();
    [entry.name().to_owned(), instant(entry.effective()), product, minimum, number(entry.spread().days_f64())]
}

/// The rollout schedule of a scenario.
pub(super) fn baselines(scenario: &Scenario) -> String {
    let catalog = scenario.world.catalog();
    let rows = scenario.policy.baselines().entries().iter().map(|entry| baseline_cells(entry, catalog));
    table(["baseline", "in force from", "product", "minimum build", "detections spread over (days)"], rows)
}

/// A response table in one line.
pub(super) fn response_table(values: &Table) -> String {
    match values {
        Table::ByStage { unaware, paused, stages } => {
            let stages = stages.iter().map(|(name, value)| format!(", {name} {}", number(*value))).collect::<String>();
            format!("unaware {}, paused {}{stages}", number(*unaware), number(*paused))
        }
        Table::ByMinutes { unaware, paused, report, throttle, block, combine } => {
            let points = |points: &[(f64, f64)]| {
                let point = |(minutes, value): &(f64, f64)| format!("{} min {}", number(*minutes), number(*value));
                let all = points.iter().map(point).collect::<Vec<_>>().join(", ");
                if all.is_empty() { "as in report".to_owned() } else { all }
            };
            let combine = match combine {
                Combine::Larger => "with both, the larger",
                Combine::Sum => "with both, the sum",
            };
            format!(
                "unaware {}, paused {}, report {}; throttled: {}; blocked: {}; {combine}",
                number(*unaware),
                number(*paused),
                number(*report),
                points(throttle),
                points(block)
            )
        }
    }
}

/// The response tables of a scenario.
pub(super) fn response(scenario: &Scenario) -> String {
    let response = scenario.world.response();
    let mut rows = vec![["multiplier m of base rates".to_owned(), response_table(response.multiplier())]];
    rows.extend(
        Route::ALL.map(|route| [format!("added per day, {}", route.name()), response_table(&response.added()[route])]),
    );
    table(["table", "by state; linear between points, level beyond"], rows)
}

/// The products a group's servers have at the start.
fn products(group: &Group) -> Vec<ProductId> {
    let mut products: Vec<ProductId> = match group.servers() {
        ServerMix::Drawn { builds, .. } => builds.iter().map(|build| build.product).collect(),
        ServerMix::Listed(servers) => servers.iter().map(|server| server.product()).collect(),
    };
    products.sort();
    products.dedup();
    products
}

/// The decision hazards in force, by state and route, for a tenant of diligence 1.
pub(super) fn hazards(study: &Study) -> String {
    by_scenario(study, |scenario| {
        let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
        let classes = ClassSet::new(scenario.policy.ladder());
        let mut text = String::new();
        for (index, group) in scenario.world.groups().iter().enumerate() {
            for product in products(group) {
                let name = scenario.world.catalog().product_name(product);
                text += &format!("Group \"{}\", {name}:\n\n", group.name());
                let mut rows = vec![vec!["route".to_owned()]];
                rows[0].extend(classes.names()[1..].iter().cloned());
                for route in Route::ALL {
                    let by_class = rules.hazard_per_day(index, product, route, 1.0);
                    let cells = by_class[1..].iter().map(|hazard| number((hazard * 1e8).round() / 1e8));
                    rows.push(std::iter::once(route.name().to_owned()).chain(cells).collect());
                }
                text += &(wide_table(&rows) + "\n");
            }
        }
        text
    })
}

/// The calendar of mail in one line.
pub(super) fn calendar(shape: &CalendarShape) -> String {
    let total: f64 = shape.weekday_shares().iter().sum();
    let shares = shape.weekday_shares().map(|share| number(share / total)).join(", ");
    let quiet = shape.year_end().map_or("no quiet weeks".to_owned(), |quiet| {
        let date = |(month, day): (i8, i8)| format!("{month:02}-{day:02}");
        format!("level {} from {} to {}", number(quiet.level()), date(quiet.from()), date(quiet.to()))
    });
    format!("Monday to Sunday {shares}; flat share {}; {quiet}", number(shape.flat_share()))
}

/// What each stage does to a message: exact shares, as parts of a whole.
pub(super) fn mail(scenario: &Scenario) -> String {
    let mut rows = Vec::new();
    for stage in scenario.policy.ladder().stages() {
        for retry in mail_kinds(&scenario.world) {
            let outcome = MailOutcome::compute(stage.minutes(), scenario.policy.layout(), retry);
            let share = |parts: u64| match (parts, outcome.parts) {
                (0, _) => "0".to_owned(),
                (parts, whole) if parts == whole => "1".to_owned(),
                (parts, whole) if whole <= 3600 => format!("{parts}/{whole}"),
                (parts, _) => number(outcome.share(parts)),
            };
            let parts = [outcome.at_once, outcome.delayed, outcome.lost_blocked, outcome.lost_expired].map(share);
            let [at_once, delayed, blocked, expired] = parts;
            let delay = outcome.mean_delay_seconds().map_or(String::new(), |seconds| number(seconds.round() / 60.0));
            rows.push([stage.name().to_owned(), retry.to_string(), at_once, delayed, blocked, expired, delay]);
        }
    }
    let header = ["stage", "retry", "at once", "delayed", "lost, blocked", "lost, expired", "mean delay (min)"];
    format!("Layout `{}`:\n\n{}", scenario.policy.layout().name(), table(header, rows))
}
