//! A plan put together: a [`Project`] for each of its tenants, mostly one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Overrides;
use super::cells::{Context, servers};
use super::check::{Had, crews, had, named_windows, pause_terms, policy, spent, times, version, weights};
use super::desk::desk;
use super::fleet::fleet_rows;
use super::happened::{Events, recalled};
use super::risk::risk;
use super::row::FleetRow;
use super::settle::{Settled, settle};
use super::state::PlanState;
use super::tenants::{Tenant, split, stated};
use super::wire::PlanWire;
use super::zone::{clock, told};
use crate::check::{Checker, world};
use crate::compose::Reader;
use crate::problem::{Problem, Severity};
use crate::tree::{Node, Path};
use brownout_kernel::mail::{CalendarShape, RetrySchedule};
use brownout_kernel::policy::Policy;
use brownout_kernel::time::{Clock, Day};
use brownout_kernel::world::Openings;
use brownout_planner::assessment::LeftOut;
use brownout_planner::index::{PerCrew, PerServer, PerTenant, ServerIndex};
use brownout_planner::project::{Crew, FleetServer, Parts, PauseTerms, Project, Risk, SEARCH_SECONDS, Weights};
use brownout_planner::{Desk, waits_for};

/// What all tenants of a plan share.
struct Shared {
    as_of: Day,
    horizon: Day,
    crews: PerCrew<Crew>,
    windows: BTreeMap<String, Openings>,
    pause_terms: PauseTerms,
    desk: Desk,
    clock: Option<Arc<Clock>>,
    weights: Weights,
    risk: Risk,
    calendar: CalendarShape,
    retry: RetrySchedule,
    replications: u32,
    /// Whether every row of the table could be read.
    complete: bool,
}

/// The projects of a plan, as far as they can be made out: that of a plan of one tenant names none.
pub(super) fn projects(
    checker: &mut Checker<'_>,
    tree: &Node,
    name: &str,
    wire: &PlanWire,
    reader: Reader<'_>,
    overrides: &Overrides,
    further: &mut Vec<Problem>,
) -> Option<PerTenant<Project>> {
    let root = Path::default();
    version(checker, wire);
    let of_plan = policy(checker, (&root, tree), reader, further);
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
    let pauses = root.field("pauses");
    let pause_terms = pause_terms(checker, &pauses, &wire.pauses);
    let desk = times.map(|times| desk(checker, &pauses.field("desk"), wire.pauses.desk.as_ref(), times));
    let of_plan = of_whole_plan(checker, wire, overrides, (of_plan, gap_days));
    let as_of = times.map(|times| times.0);
    let tenants = stated(checker, (tree, wire), &of_plan, (reader, overrides.date_order, as_of), further);
    let reported = std::iter::once(&of_plan).chain(&tenants).flat_map(|tenant| tenant.reported.0.clone()).collect();
    let (rows, complete) = fleet_rows(checker, wire, (reader, overrides), reported, further);
    let parts = split(checker, wire, (of_plan, tenants), (rows, complete), overrides, further);
    further.extend(state.as_ref().and_then(|state| other_kind(state, &parts)));
    let (as_of, horizon) = times?;
    let clock = told(clock, &crews, wire.pauses.desk.as_ref());
    let desk = desk.unwrap_or_default();
    #[rustfmt::skip]
    let shared = Shared {
        as_of, horizon, crews, windows, pause_terms, desk, clock, weights, risk, calendar, retry, replications, complete,
    };
    let make = |(tenant, rows): (Tenant, Vec<FleetRow>)| {
        let overrides = tenant.overrides(overrides);
        let state = match (&state, &tenant.name) {
            (Some(state), Some(name)) => state.of(name),
            (state, _) => state.as_ref(),
        };
        let events = Events::new(&overrides, state, as_of);
        let mut made = project(checker, (name, wire, &overrides), &shared, (tenant, &rows, &events), further)?;
        state.into_iter().for_each(|state| made.remember(state.former.clone()));
        Some(made)
    };
    Some(parts.into_iter().filter_map(make).collect())
}

/// A former plan of one tenant cannot be gone on with for several, nor the other way round.
fn other_kind(state: &PlanState, parts: &[(Tenant, Vec<FleetRow>)]) -> Option<Problem> {
    let is_several = parts.iter().any(|(tenant, _)| tenant.name.is_some());
    (is_several == state.tenants.is_empty()).then(|| {
        let (was, is) = if is_several { ("one tenant", "several") } else { ("several tenants", "one") };
        Problem {
            severity: Severity::Error,
            place: None,
            field: "--former".to_owned(),
            message: format!("the former plan is of {was}, this one of {is}"),
            help: "plan without --former, and say what happened with --done and in the plan's `pauses`".to_owned(),
        }
    })
}

/// The project of one tenant.
fn project(
    checker: &mut Checker<'_>,
    (name, wire, overrides): (&str, &PlanWire, &Overrides),
    shared: &Shared,
    (tenant, rows, events): (Tenant, &[FleetRow], &Events),
    further: &mut Vec<Problem>,
) -> Option<Project> {
    let &Shared { as_of, horizon, weights, pause_terms, replications, .. } = shared;
    let had = Had {
        pauses: tenant.had.pauses.iter().chain(&tenant.reported.1).chain(events.had()).copied().collect(),
        used: tenant.had.used.iter().chain(events.used()).copied().collect(),
    };
    let policy = tenant.policy;
    let spent = policy.as_ref().map(|policy| spent(checker, &tenant.at.field("pauses"), had, policy));
    let names: Vec<String> = wire.crews.iter().map(|crew| crew.name.clone()).collect();
    let context =
        Context { policy: policy.as_ref(), crews: &names, windows: &shared.windows, complete: shared.complete };
    let before = further.len();
    let servers = marked(&context, rows, events, as_of, further);
    let (policy, spent) = (policy?, spent?);
    let (servers, left_out) = settled(&policy, (as_of, horizon), servers, further);
    if let Some(tenant) = &tenant.name {
        further[before..].iter_mut().for_each(|problem| problem.message = format!("{tenant}: {}", problem.message));
    }
    let parts = Parts {
        name: tenant.name.as_ref().map_or_else(|| name.to_owned(), |tenant| format!("{name}: {tenant}")),
        question: wire.question.clone(),
        tenant: tenant.name,
        as_of,
        horizon,
        policy,
        catalog: brownout_exchange::builds::catalog().clone(),
        servers,
        left_out,
        crews: shared.crews.clone(),
        gap_days: tenant.gap_days,
        spent,
        pauses_inferred: tenant.reported.1,
        may_pause: tenant.may_pause,
        pause_terms,
        clock: shared.clock.clone(),
        desk: shared.desk.clone(),
        weights,
        risk: shared.risk.clone(),
        calendar: shared.calendar.clone(),
        retry: shared.retry,
        seed: overrides.seed.unwrap_or(wire.seed),
        replications: overrides.replications.unwrap_or(replications),
        search_seconds: overrides.time.unwrap_or(SEARCH_SECONDS),
        former: None,
    };
    made(checker, parts, further)
}

/// The project of these parts. A rule that is broken because something else could not be read is told there.
fn made(checker: &mut Checker<'_>, parts: Parts, further: &[Problem]) -> Option<Project> {
    let is_told = checker.problems.errors() > 0 || further.iter().any(|problem| problem.severity == Severity::Error);
    let nobody = parts.servers.is_empty();
    match Project::new(parts) {
        Err(_) if nobody && !is_told => {
            let help = "add servers to the fleet, or take a report that names some";
            checker.error(&Path::default(), "there is no server to plan: neither fleet nor report names one", help);
            None
        }
        made if is_told => made.ok(),
        made => made.map_err(|refusal| checker.error(&Path::default(), refusal.to_string(), "")).ok(),
    }
}

/// What the plan says for all its servers where it names no tenant.
fn of_whole_plan(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    overrides: &Overrides,
    (policy, gap_days): (Option<Policy>, u32),
) -> Tenant {
    let at = Path::default();
    let had = had(checker, &at.field("pauses"), &wire.pauses.had, &wire.pauses.used);
    let reported = overrides.report.clone().unwrap_or_default();
    Tenant { at, name: None, policy, gap_days, may_pause: wire.pauses.allow, had, reported, notes: Vec::new() }
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

pub(super) fn about_fleet(severity: Severity, message: String) -> Problem {
    let help = match severity {
        Severity::Error => "name a policy whose baselines speak of these products, or state first_detected".to_owned(),
        _ => String::new(),
    };
    Problem { severity, place: None, field: String::new(), message, help }
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
