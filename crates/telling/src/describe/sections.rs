//! The sections of the document: ODD headings with the STRESS-DES items they answer.

use super::facts;
use super::markdown::{by_scenario, instant, list, number, plain, table};
use super::{population, rules};
use brownout_experiment::Measure;
use brownout_experiment::results::{BAND_HIGH, BAND_LOW, LEVEL};
use brownout_experiment::study::{Scenario, Study};
use brownout_kernel::mail::retry::EXPIRY_SECONDS;
use brownout_kernel::sim::EventClass;
use brownout_kernel::time::DAY_SECONDS;
use brownout_kernel::world::Route;
use brownout_kernel::world::route::MONTH_DAYS;
use brownout_text::words::counted;

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn head(study: &Study) -> String {
    format!(
        "# Model of the study \"{}\"\n\n> {}\n\n\
         Written by brownout {VERSION} from the study itself. The headings follow the ODD protocol (Grimm et al. 2020); the \
         items of STRESS-DES (Monks et al. 2019) are named where they are answered. Throttle, block and pause behaviour \
         numbers are assumptions, not data; the comments in the study's files give the source of each number or say \
         *assumed*.",
        plain(study.name()),
        plain(study.question())
    )
}

pub(super) fn purpose(study: &Study) -> String {
    let about = |scenario: &Scenario| [scenario.name.clone(), scenario.about.clone()];
    let first = plain(&study.scenarios().baseline().name);
    let differences = study.scenarios()[1..].iter().map(|scenario| {
        format!("\n\"{}\" against \"{first}\":\n\n{}", plain(&scenario.name), facts::differences(study, scenario))
    });
    let outputs = Measure::ALL.iter().map(|measure| {
        let (key, unit, meaning) = measure.about();
        [format!("`{key}`"), unit.to_owned(), meaning.to_owned()]
    });
    let twin = |scenario: &Scenario| match brownout_experiment::twin::exact(scenario, study.start(), study.horizon()) {
        Ok(exact) => format!("- solvable; compared on days 0 to {}", exact.days.len() - 1),
        Err(error) => format!("No closed form:\n\n{}", list(error.reasons.iter().map(|reason| plain(reason)))),
    };
    format!(
        "## 1. Purpose and patterns\n\n*STRESS-DES 1: objectives (purpose, model outputs, aims of experimentation)*\n\n\
         The purpose is to answer: {}\n\n### Scenarios\n\nThe first is the baseline scenario of all comparisons.\n\n{}{}\n\
         ### Outputs\n\n{}\n### Patterns\n\n\
         The model is held to patterns that do not depend on its assumptions: dates of stages follow from first detection \
         by the clock alone; survival follows the exact curve where a scenario has one (the analytic twin, compared at \
         every run); messages accepted, delayed and lost add up to those sent. Whether there is an exact solution:\n\n{}",
        plain(study.question()),
        table(["scenario", "about"], study.scenarios().iter().map(about)),
        differences.collect::<String>(),
        table(["measure", "unit", "meaning"], outputs),
        by_scenario(study, twin)
    )
}

pub(super) fn entities(study: &Study) -> String {
    let count = |scenario: &Scenario| {
        let tenants = counted(scenario.world.tenant_count(), "tenant");
        format!("{tenants} in {}.", counted(scenario.world.groups().len() as u64, "group"))
    };
    let rows = [
        [
            "tenant",
            "group, diligence, extended security updates, pause behaviour, gap, freezes observed",
            "fixed at the start",
        ],
        ["tenant", "pause in force; pause days used by calendar year", "changes"],
        ["server", "messages a day", "fixed at the start"],
        ["server", "product, build; the baseline it breaches", "changes"],
        ["server", "first detection, seconds on the clock, stage, paused or not", "changes"],
        ["server", "what is left of each route's threshold; route decided on; next attempt", "changes"],
        ["policy", "ladder, rollout schedule, rules of pauses, layout of the hour", "fixed by the scenario"],
    ];
    format!(
        "## 2. Entities, state variables, and scales\n\n*STRESS-DES 2: logic (components)*\n\n\
         Tenants own servers; tenants do not influence one another.\n\n{}\n{}\n\
         Time counts whole seconds in UTC and is observed over {}. A month of rates has {} days. Mail counts as expected \
         messages in billionths of a message. There is no space.",
        by_scenario(study, count),
        table(["entity", "state variables", "kind"], rows.map(|row| row.map(str::to_owned))),
        facts::period(study),
        number(MONTH_DAYS)
    )
}

pub(super) fn process() -> String {
    let classes = EventClass::ALL.iter().zip(1..).map(|(class, number)| format!("{number}. {}\n", class.name()));
    let routes = Route::ALL.map(Route::name).join(", ");
    format!(
        "## 3. Process overview and scheduling\n\n*STRESS-DES 2: logic (base model, scenario logic, algorithms)*\n\n\
         Each tenant lives alone from the start to the horizon, from event to event. A server that breaches a baseline in \
         force is detected, then climbs the ladder by its clock. All the while decisions to remediate compete by route \
         ({routes}); the first one stops the others, its attempt follows after a lead time at the next opening, and success \
         ends the enforcement of that server at once. Pauses belong to the tenant and stop the clocks of its servers as the \
         pause rules say.\n\nEvents at one instant run in the order of their class, then in the order in which they were \
         scheduled:\n\n{}",
        classes.collect::<String>()
    )
}

pub(super) fn concepts(study: &Study) -> String {
    let items = [
        "**Basic principles.** Competing risks with piecewise constant hazards; an enforcement clock per server.".to_owned(),
        "**Emergence.** Times to remediation, mail lost and delayed, and pause days follow from hazards, ladder and \
         calendar; none is imposed."
            .to_owned(),
        "**Adaptation, objectives, learning, prediction.** None: tenants respond by the hazards of section 7, they do not \
         optimise."
            .to_owned(),
        "**Sensing.** A tenant knows the stage of its own servers once they are detected; silent stages are not felt."
            .to_owned(),
        "**Interaction.** Servers of one tenant share its diligence, its pauses and the gap between attempts; tenants do \
         not interact."
            .to_owned(),
        format!(
            "**Stochasticity.** Seed {}. Every random number is addressed by (seed, replication, tenant, server, purpose, \
             index) and read from a ChaCha8 key stream, never drawn in turn. All scenarios read the same addresses, so the \
             same tenants live under each (common random numbers). Random are: builds, mail volumes and the number of servers; \
             diligence, extended security updates, pause behaviour, gap and freezes of a tenant; detection delays; thresholds \
             of decisions; lead times, failures of attempts and the delays after them.",
            study.seed()
        ),
        "**Collectives.** Groups are populations to draw from, not agents.".to_owned(),
        format!(
            "**Observation.** Everything is tallied in whole numbers by day, class and group. Means over replications carry \
             {} % intervals (Student t) and the {} to {} % band over replications.",
            number(LEVEL * 100.0),
            number(BAND_LOW * 100.0),
            number(BAND_HIGH * 100.0)
        ),
    ];
    format!("## 4. Design concepts\n\n*STRESS-DES 2: logic; 5: implementation (random sampling)*\n\n{}", list(items))
}

pub(super) fn initialization(study: &Study) -> String {
    format!(
        "## 5. Initialization\n\n*STRESS-DES 4: experimentation (initialization)*\n\n\
         Observation begins on {}, without a warm-up: the world starts in the state the groups describe, and baselines \
         already in force hold from the first instant. A server whose first detection lies before the start stands where \
         its clock has brought it by then.\n\n{}",
        instant(study.start()),
        by_scenario(study, population::overview)
    )
}

pub(super) fn input(study: &Study) -> String {
    let catalog = study.scenarios().baseline().world.catalog();
    let releases: usize = catalog.products().map(|product| catalog.releases(product).count()).sum();
    format!(
        "## 6. Input data\n\n*STRESS-DES 3: data (sources, input parameters, pre-processing, assumptions)*\n\n\
         The table of builds compiled into the program: {releases} releases of {} products, the newest of {}. It says \
         which builds a server can patch to on a given day, with and without extended security updates; after its newest \
         date no further release is known. There are no other time series; the rollout schedule and the calendar of mail \
         are parameters (section 7).",
        catalog.products().count(),
        catalog.newest_date().day()
    )
}

pub(super) fn submodels(study: &Study) -> String {
    let policy =
        |scenario: &Scenario| table(["rule", "value"], facts::policy(scenario).into_iter().map(|(n, v)| [n, v]));
    let parts = [
        ("7.1 Ladder", "Stage k starts when the clock reaches the days before it. Minutes are those of every hour.".to_owned(),
         by_scenario(study, rules::ladder)),
        ("7.2 Rollout schedule",
         "From its date on, a server of the product below the minimum is non-compliant. Its first detection is that date plus a \
          uniform delay.".to_owned(),
         by_scenario(study, rules::baselines)),
        ("7.3 Rules of pauses, relapse and the hour",
         "While paused a server is in effect report-only. No behaviour ever spends more than the budget.".to_owned(),
         by_scenario(study, policy)),
        ("7.4 Groups", "Shares are of the group's tenants or servers; what is drawn is drawn once per tenant or server.".to_owned(),
         by_scenario(study, |scenario| population::groups(scenario, study))),
        ("7.5 Response to enforcement",
         format!("Decision hazard per day of route r: h_r = diligence × base_r / {} × m(state) + added_r(state). Base rates given \
                  by stage stand for base_r × m(state). A decision falls when the integral of its hazard reaches a \
                  unit-exponential threshold, which each server owns per cycle and route.", number(MONTH_DAYS)),
         by_scenario(study, rules::response)),
        ("7.6 Hazards in force", "Decisions per server and day at diligence 1, where the route is open.".to_owned(),
         rules::hazards(study)),
        ("7.7 Mail",
         format!("A server's daily volume is spread over the calendar. A throttled message is tried again by the sender's \
                  schedule until it is accepted, blocked, or expires after {} days. Shares of messages by stage, exact:",
                 number(f64::from(EXPIRY_SECONDS) / DAY_SECONDS as f64)),
         by_scenario(study, |scenario| format!("Calendar: {}.\n\n{}", rules::calendar(scenario.world.calendar()), rules::mail(scenario)))),
    ];
    let part = |(title, text, body): (&str, String, String)| format!("### {title}\n\n{text}\n\n{}", body.trim());
    format!(
        "## 7. Submodels\n\n*STRESS-DES 2: logic (algorithms, components); 3: data (input parameters)*\n\n{}",
        parts.map(part).join("\n\n")
    )
}

pub(super) fn experimentation(study: &Study) -> String {
    format!(
        "## 8. Experimentation, implementation, code access\n\n*STRESS-DES 4, 5 and 6*\n\n{}",
        list([
            format!("Run length: {}; no warm-up.", facts::period(study)),
            format!("Replications: {} of each scenario; master seed {}.", study.replications(), study.seed()),
            format!(
                "Estimates: means with {} % intervals; differences to \"{}\" are paired by replication.",
                number(LEVEL * 100.0),
                plain(&study.scenarios().baseline().name)
            ),
            format!("Software: brownout {VERSION}, a Rust program; event order and draws as in sections 3 and 4."),
            "Results have the same bytes on any number of threads; the manifest of a run carries the hashes of its inputs \
             and outputs."
                .to_owned(),
            format!("To reproduce: `brownout run {}.ron` with this version and the study's own files.", plain(study.name())),
        ])
    )
}

pub(super) fn assumptions(study: &Study) -> String {
    let silent = |scenario: &Scenario| scenario.policy.ladder().stages().iter().any(|stage| stage.is_silent());
    let mut items = vec![
        "How tenants respond to throttling, blocking and pauses is assumed, not measured.",
        "Tenants do not influence one another, and no shared capacity limits their work.",
        "Mail is not rerouted around the block; vulnerable servers are not compromised; the policy does not change its mind.",
        "A stage is taken to last while a message is retried; only messages at a stage's edge are touched.",
        "Messages are expectations given a server's volume, not Poisson draws.",
        "Builds released after the newest date of the table of builds are unknown to the model.",
    ];
    if study.scenarios().iter().any(silent) {
        items.push(
            "A silent stage acts like no enforcement; it only marks the time from which remediation is measured.",
        );
    }
    format!("## 9. Assumptions\n\n*STRESS-DES 3: data (assumptions)*\n\n{}", list(items.into_iter().map(str::to_owned)))
}
