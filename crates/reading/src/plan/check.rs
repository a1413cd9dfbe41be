//! From a plan's wire types to a [`Project`]: every rule a value must keep, every problem at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Overrides;
use super::cells::{Context, servers, whole_day};
use super::desk::desk;
use super::fleet::fleet_rows;
use super::happened::{Events, recalled};
use super::risk::risk;
use super::row::FleetRow;
use super::settle::{Settled, settle};
use super::state::State;
use super::wire::{CrewWire, DateRangeWire, PlanPausesWire, PlanWire, WeightsWire};
use super::zone::{by_clock, clock, told, whole_days};
use crate::check::{Checker, openings, world};
use crate::compose::{Reader, compose_policy_named, compose_policy_tree};
use crate::named;
use crate::problem::{Problem, Severity};
use crate::tree::{Node, Path};
use crate::wire::FreezeWire;
use brownout_kernel::policy::{PauseRequest, Policy, Spent};
use brownout_kernel::time::{Clock, Day, SimTime};
use brownout_kernel::world::Openings;
use brownout_planner::index::{PerCrew, PerServer, ServerIndex};
use brownout_planner::project::{Crew, FleetServer, PauseTerms, Project, SEARCH_SECONDS, Weights};
use brownout_planner::standing::LeftOut;
use brownout_planner::waits_for;
use brownout_text::names::{nearest, one_of};
use brownout_text::weekdays;

/// Longest plan: three years.
const DAYS_MAX: i64 = 1_096;

/// The project of a plan, as far as it can be made out.
pub(super) fn project(
    checker: &mut Checker<'_>,
    tree: &Node,
    name: &str,
    wire: &PlanWire,
    reader: Reader<'_>,
    overrides: &Overrides,
    further: &mut Vec<Problem>,
) -> Option<Project> {
    let root = Path::default();
    version(checker, wire);
    let policy = policy(checker, tree, reader, further);
    let state = recalled(overrides, name, further);
    let times = times(checker, wire, overrides, state.as_ref());
    let clock = clock(checker, &root.field("zone"), wire.zone.as_ref());
    let crews = crews(checker, wire, clock.as_ref());
    let windows = named_windows(checker, wire, clock.as_ref());
    let gap_days = checker.whole(&root.field("gap_days"), wire.gap_days, 0..=365, " days") as u32;
    let weights = weights(checker, &root.field("minimise"), &wire.minimise);
    let risk = risk(checker, &root.field("risk"), wire);
    let calendar = world::calendar(checker, &root.field("calendar"), &wire.calendar);
    let retry = world::retry(checker, &root.field("retry"), wire.retry);
    let replications = checker.whole(&root.field("replications"), wire.replications, 1..=100_000, "") as u32;
    let events = times.map(|times| Events::new(overrides, state.as_ref(), times.0)).unwrap_or_default();
    let spent = pauses(checker, &root.field("pauses"), &wire.pauses, policy.as_ref(), (overrides, &events));
    let pause_terms = pause_terms(checker, &root.field("pauses"), &wire.pauses);
    let desk = times.map(|times| desk(checker, &root.field("pauses").field("desk"), wire.pauses.desk.as_ref(), times));
    let (rows, complete) = fleet_rows(checker, wire, reader, overrides, further);
    let names: Vec<String> = wire.crews.iter().map(|crew| crew.name.clone()).collect();
    let (as_of, horizon) = times?;
    let context = Context { policy: policy.as_ref(), crews: &names, windows: &windows, complete };
    let servers = marked(&context, &rows, &events, as_of, further);
    let policy = policy?;
    let (servers, left_out) = settled(&policy, (as_of, horizon), servers, further);
    let clock = told(clock, &crews, wire.pauses.desk.as_ref());
    let mut project = Project {
        name: name.to_owned(),
        question: wire.question.clone(),
        as_of,
        horizon,
        policy,
        catalog: brownout_exchange::builds::catalog().clone(),
        servers,
        left_out,
        crews,
        gap_days,
        spent,
        pauses_inferred: overrides.report.as_ref().map(|report| report.1.clone()).unwrap_or_default(),
        may_pause: wire.pauses.allow,
        pause_terms,
        clock,
        desk: desk.unwrap_or_default(),
        weights,
        risk,
        calendar,
        retry,
        seed: overrides.seed.unwrap_or(wire.seed),
        replications: overrides.replications.unwrap_or(replications),
        search_seconds: overrides.time.unwrap_or(SEARCH_SECONDS),
        former: None,
        buffers: Vec::new(),
    };
    state.into_iter().for_each(|state| project.remember(state.former));
    Some(project)
}

fn version(checker: &mut Checker<'_>, wire: &PlanWire) {
    if wire.version != 1 {
        let message = format!("version {} is not known", wire.version);
        checker.error(&Path::default().field("version"), message, "this program reads version 1");
    }
}

/// The crews, at least one.
fn crews(checker: &mut Checker<'_>, wire: &PlanWire, of_plan: Option<&Arc<Clock>>) -> PerCrew<Crew> {
    if wire.crews.is_empty() {
        let help = "add `(name: \"...\", windows: [...])`";
        checker.error(&Path::default().field("crews"), "a plan needs at least one crew", help);
    }
    wire.crews.iter().enumerate().filter_map(|(i, crew)| one_crew(checker, wire, i, crew, of_plan)).collect()
}

/// The servers of the rows with what happened to them; nothing is said of dependencies where a row makes no server.
fn marked(
    context: &Context<'_>,
    rows: &[FleetRow],
    events: &Events,
    as_of: Day,
    further: &mut Vec<Problem>,
) -> PerServer<FleetServer> {
    let mut servers = servers(context, rows, further);
    if servers.len() == rows.len() {
        events.mark(&mut servers, as_of, further);
        further.extend(cycle(&servers));
    }
    servers
}

/// The servers that are planned, and those that are left out because nothing can be said of them.
fn settled(
    policy: &Policy,
    (as_of, horizon): (Day, Day),
    servers: PerServer<FleetServer>,
    further: &mut Vec<Problem>,
) -> (PerServer<FleetServer>, Vec<LeftOut>) {
    let Settled { servers, left_out, notes } = settle(policy, as_of, horizon, servers);
    further.extend(notes.into_iter().map(|note| about_fleet(Severity::Warning, note)));
    if servers.is_empty() && !left_out.is_empty() {
        further.push(about_fleet(Severity::Error, "nothing can be planned: no server is left".to_owned()));
    }
    (servers, left_out)
}

fn about_fleet(severity: Severity, message: String) -> Problem {
    let help = match severity {
        Severity::Error => "name a policy whose baselines speak of these products, or state first_detected".to_owned(),
        _ => String::new(),
    };
    Problem { severity, place: None, field: String::new(), message, help }
}

/// The policy: one known by name, a file, or written out.
pub(super) fn policy(
    checker: &mut Checker<'_>,
    tree: &Node,
    reader: Reader<'_>,
    further: &mut Vec<Problem>,
) -> Option<Policy> {
    let at = Path::default().field("policy");
    let node = tree.field("policy")?;
    let (policy, problems) = match node.text() {
        Some(name) => match named::source(name).map_or_else(|| reader(name), Ok) {
            Ok(file) => compose_policy_named(&file),
            Err(message) => {
                let near = nearest(name, &named::NAMES);
                let help = if near.is_empty() {
                    format!("name a file beside the plan, or {}", one_of(&named::NAMES))
                } else {
                    near
                };
                checker.error(&at, message, help);
                return None;
            }
        },
        None => {
            let (policy, problems) = compose_policy_tree(node);
            (policy, problems.into_list())
        }
    };
    further.extend(problems);
    policy
}

fn times(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    overrides: &Overrides,
    state: Option<&State>,
) -> Option<(Day, Day)> {
    let root = Path::default();
    let mut day = |field: &str, text: &str| {
        let at = checker.time(&root.field(field), text)?;
        let day = whole_day(at);
        if day.is_none() {
            checker.error(
                &root.field(field),
                format!("\"{text}\" is not a whole day"),
                "write a date such as \"2026-11-21\"",
            );
        }
        day
    };
    let (as_of, horizon) = (day("as_of", &wire.as_of), day("horizon", &wire.horizon));
    // A plan that is planned again does not go back behind the former one.
    let as_of = as_of.max(state.map(|state| state.as_of).filter(|_| as_of.is_some()));
    let as_of = overrides.as_of.map(SimTime::day).or(as_of)?;
    let horizon = horizon?;
    let days = i64::from(horizon.number()) - i64::from(as_of.number());
    if !(1..=DAYS_MAX).contains(&days) {
        let message = format!("the plan covers {days} days from {as_of} to {horizon}; expected 1 to {DAYS_MAX}");
        checker.error(&root.field("horizon"), message, "move the horizon, or --as-of");
        return None;
    }
    Some((as_of, horizon))
}

fn one_crew(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    index: usize,
    crew: &CrewWire,
    of_plan: Option<&Arc<Clock>>,
) -> Option<Crew> {
    let at = Path::default().field("crews").index(index);
    if crew.name.trim().is_empty() || crew.name.contains('|') {
        checker.error(&at.field("name"), "a crew needs a name without \"|\"", "");
    }
    if wire.crews[..index].iter().any(|other| other.name.eq_ignore_ascii_case(&crew.name)) {
        checker.error(&at.field("name"), format!("crew \"{}\" is given twice", crew.name), "rename one");
    }
    let mut works = [false; 7];
    for (i, text) in crew.works.iter().enumerate() {
        match weekdays::index_of(text) {
            Some(day) => works[day] = true,
            None => checker.error(
                &at.field("works").index(i),
                format!("\"{text}\" is not a day of the week"),
                "expected Mon to Sun",
            ),
        }
    }
    let mut holidays: Vec<Day> = Vec::new();
    for (i, text) in crew.holidays.iter().enumerate() {
        holidays.extend(checker.time(&at.field("holidays").index(i), text).map(SimTime::day));
    }
    holidays.sort_unstable();
    let jobs = checker.whole(&at.field("jobs"), crew.jobs, 1..=1000, " jobs") as u32;
    let windows = openings::windows(checker, &at.field("windows"), &crew.windows);
    let freezes: Vec<FreezeWire> = crew.freezes.iter().map(everybody).collect();
    let freezes = openings::freezes(checker, &at.field("freezes"), &freezes);
    let mut extra: Vec<SimTime> = Vec::new();
    for (i, text) in crew.extra.iter().enumerate() {
        extra.extend(checker.time(&at.field("extra").index(i), text));
    }
    extra.sort_unstable();
    let own = clock(checker, &at.field("zone"), crew.zone.as_ref());
    let by = if crew.zone.is_some() { own.as_ref() } else { of_plan };
    if by.is_some() {
        whole_days(checker, &at.field("freezes"), &crew.freezes);
    }
    let openings = by_clock(checker.made(&at.field("windows"), Openings::new(windows, freezes))?, by);
    Some(Crew { name: crew.name.clone(), works, holidays, jobs, openings, extra })
}

/// A freeze of a crew holds for all its servers.
fn everybody(dates: &DateRangeWire) -> FreezeWire {
    FreezeWire { from: dates.from.clone(), to: dates.to.clone(), share: 1.0 }
}

fn named_windows(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    of_plan: Option<&Arc<Clock>>,
) -> BTreeMap<String, Openings> {
    let at = Path::default().field("windows");
    let read = |(name, windows): (&String, &Vec<_>)| {
        let windows = openings::windows(checker, &at.field(name), windows);
        let made = checker.made(&at.field(name), Openings::new(windows, Vec::new())).unwrap_or_default();
        (name.clone(), by_clock(made, of_plan))
    };
    wire.windows.iter().map(read).collect()
}

fn weights(checker: &mut Checker<'_>, at: &Path, wire: &WeightsWire) -> Weights {
    let mut weight = |name: &str, value: f64| checker.number(&at.field(name), value, 0.0..=100.0, " points");
    let weights = Weights {
        lost: weight("lost", wire.lost),
        delayed: weight("delayed", wire.delayed),
        exposure: weight("exposure", wire.exposure),
        pause_day: checker.number(&at.field("pause_day"), wire.pause_day, 0.0..=1e6, " points"),
        stability: checker.number(&at.field("stability"), wire.stability, 0.0..=1e6, " points"),
    };
    if weights.lost + weights.delayed + weights.exposure == 0.0 {
        checker.error(at, "nothing is minimised", "give at least one of lost, delayed and exposure a weight above 0");
    }
    weights
}

fn pause_terms(checker: &mut Checker<'_>, at: &Path, wire: &PlanPausesWire) -> PauseTerms {
    PauseTerms {
        least_days: checker.whole(&at.field("least_days"), wire.least_days, 1..=90, " days") as u32,
        command: checker.number(&at.field("command"), wire.command, 0.0..=1e6, " messages"),
    }
}

/// Pauses had and days used; together they must be within the budgets.
fn pauses(
    checker: &mut Checker<'_>,
    at: &Path,
    wire: &PlanPausesWire,
    policy: Option<&Policy>,
    (overrides, events): (&Overrides, &Events),
) -> Spent {
    let mut had: Vec<PauseRequest> = Vec::new();
    for (i, pause) in wire.had.iter().enumerate() {
        let within = at.field("had").index(i);
        let days = checker.whole(&within.field("days"), pause.days, 1..=3_660, " days") as u32;
        had.extend(checker.time(&within.field("at"), &pause.at).map(|at| PauseRequest { at, days }));
    }
    had.extend(overrides.report.iter().flat_map(|report| &report.1).chain(events.had()));
    had.sort();
    had.dedup();
    let mut used = Vec::new();
    for (&year, &days) in &wire.used {
        let field = at.field("used").field(&year.to_string());
        used.push((year, checker.whole(&field, days, 0..=366, " days") as u32));
    }
    used.extend(events.used());
    let Some(policy) = policy else { return Spent::default() };
    for &(year, days) in &used {
        let budget = policy.pauses.budget_days;
        if days > budget {
            checker.error(
                &at.field("used"),
                format!("{days} pause days used in {year} are more than the {budget} a year allows"),
                "",
            );
        }
    }
    let spent = Spent::new(&policy.pauses, &used, &had);
    spent.unwrap_or_else(|error| {
        checker.error(&at.field("had"), error.to_string(), "");
        Spent::default()
    })
}

/// A circle of dependencies, in the order in which each waits for the next.
fn cycle(servers: &PerServer<FleetServer>) -> Option<Problem> {
    let waits: PerServer<Vec<ServerIndex>> = servers.keys().map(|server| waits_for(servers, server)).collect();
    let mut done = PerServer::from(vec![false; servers.len()]);
    // Whoever waits for nobody that is open is done; what is left over waits in circles.
    while let Some(free) = servers.keys().find(|&s| !done[s] && waits[s].iter().all(|&other| done[other])) {
        done[free] = true;
    }
    let mut waiting = done.position(|done| !done)?;
    let mut path = vec![waiting];
    loop {
        waiting = *waits[waiting].iter().find(|&&other| !done[other])?;
        if let Some(first) = path.iter().position(|&seen| seen == waiting) {
            let names: Vec<&str> = path[first..].iter().chain([&waiting]).map(|&s| servers[s].name.as_str()).collect();
            let message = format!("servers wait for each other in a circle: {}", names.join(" -> "));
            let in_waves = path[first..].iter().any(|&s| servers[s].wave.is_some());
            let or = if in_waves { ", or put one into another wave" } else { "" };
            let help = format!("take one of these out of depends_on{or}");
            return Some(Problem {
                severity: Severity::Error,
                place: None,
                field: "depends_on".to_owned(),
                message,
                help,
            });
        }
        path.push(waiting);
    }
}
