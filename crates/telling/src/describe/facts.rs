//! Every value of a scenario as a named fact, so that two scenarios can be compared value by value.

use super::markdown::{instant, list, number, plain, yes};
use super::{population, rules};
use brownout_experiment::study::{Scenario, Study};
use brownout_kernel::policy::Relapse;
use brownout_kernel::world::Route;
use brownout_text::words::counted;

/// A named value.
pub(super) type Fact = (String, String);

/// All facts of a scenario: policy first, then world, in the order in which a file would state them.
fn all(scenario: &Scenario, study: &Study) -> Vec<Fact> {
    let mut facts = Vec::new();
    let ladder = scenario.policy.ladder();
    facts.push(("ladder".to_owned(), format!("\"{}\"", ladder.name())));
    for (k, stage) in ladder.stages().iter().enumerate() {
        let [days, throttle, block, silent] = rules::stage_cells(stage);
        let start = number(ladder.start_of(k).days_f64());
        let value = format!(
            "from day {start}, days {days}, throttled {throttle} min/h, blocked {block} min/h, silent {silent}"
        );
        facts.push((format!("ladder, stage \"{}\"", stage.name()), value));
    }
    for entry in scenario.policy.baselines().entries() {
        let [_, effective, product, minimum, spread] = rules::baseline_cells(entry, scenario.world.catalog());
        let value = format!("{effective}, {product}, {minimum}, detections spread over {spread} days");
        facts.push((format!("baseline \"{}\"", entry.name()), value));
    }
    facts.extend(policy(scenario));
    facts.extend(world(scenario, study));
    facts
}

/// The rules of pauses, of relapse and of the hour.
pub(super) fn policy(scenario: &Scenario) -> Vec<Fact> {
    let policy = &scenario.policy;
    let relapse = match policy.relapse() {
        Relapse::Restart => "a new cycle at the first stage".to_owned(),
        Relapse::Resume => "the clock goes on where it stood".to_owned(),
        Relapse::EnterAt(stage) => format!("a new cycle at stage \"{}\"", policy.ladder().stages()[stage].name()),
    };
    let charge = match policy.pauses().charge() {
        brownout_kernel::policy::Charge::YearOfDay => "each day to the year it begins in",
        brownout_kernel::policy::Charge::YearOfGrant => "all days to the year of the grant",
    };
    [
        (
            "pause budget",
            format!("{} per tenant and calendar year", counted(u64::from(policy.pauses().budget_days()), "day")),
        ),
        ("a pause stops the clock", yes(policy.pauses().freezes())),
        ("so does a pause in the report stage", yes(policy.pauses().freezes_report())),
        ("pause days are charged", charge.to_owned()),
        ("non-compliant again after remediation", relapse),
        ("layout of the minutes in the hour", policy.layout().name().to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn world(scenario: &Scenario, study: &Study) -> Vec<Fact> {
    let world = &scenario.world;
    let mut facts = vec![("response, multiplier".to_owned(), rules::response_table(world.response().multiplier()))];
    for route in Route::ALL {
        let table = rules::response_table(&world.response().added()[route]);
        facts.push((format!("response, added to {}", route.name()), table));
    }
    facts.push(("mail calendar".to_owned(), rules::calendar(world.calendar())));
    for group in world.groups() {
        let named = |(name, value): Fact| (format!("group \"{}\", {name}", group.name()), value);
        facts.extend(population::group(group, study, world.catalog()).into_iter().map(named));
    }
    facts
}

/// What a scenario changes against the first one, in words; each line is one value.
pub(super) fn differences(study: &Study, scenario: &Scenario) -> String {
    let (before, after) = (all(study.scenarios().baseline(), study), all(scenario, study));
    // Ladders of different names are shown side by side in section 7; a line for each of their stages would say no more.
    let other_ladder = study.scenarios().baseline().policy.ladder().name() != scenario.policy.ladder().name();
    let shown = |fact: &&Fact| !(other_ladder && fact.0.starts_with("ladder, stage"));
    let find = |facts: &[Fact], name: &str| facts.iter().find(|fact| fact.0 == name).map(|fact| fact.1.clone());
    let changed = after.iter().filter(shown).filter_map(|(name, value)| match find(&before, name) {
        None => Some(format!("{}: {} (new)", plain(name), plain(value))),
        Some(old) if old != *value => Some(format!("{}: {} instead of {}", plain(name), plain(value), plain(&old))),
        Some(_) => None,
    });
    let dropped = before.iter().filter(shown).filter(|(name, _)| find(&after, name).is_none());
    let lines: Vec<String> = changed.chain(dropped.map(|(name, _)| format!("{}: dropped", plain(name)))).collect();
    if lines.is_empty() { "- nothing\n".to_owned() } else { list(lines) }
}

/// Start and end of observation with the days between.
pub(super) fn period(study: &Study) -> String {
    let days = study.horizon().since(study.start()).days_f64();
    format!("{} to {} (exclusive), {} days", instant(study.start()), instant(study.horizon()), number(days))
}
