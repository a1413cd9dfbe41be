//! Worlds.

use super::Checker;
use super::openings::openings;
use super::routes::routes;
use crate::tree::Path;
use crate::wire::{
    BehaviourWire, BuildShareWire, CalendarWire, GroupWire, ListedServerWire, PausePlanWire, ResponseWire, RetryWire,
    RouteWireName, TableWire, WorldWire,
};
use brownout_exchange::retries;
use brownout_kernel::catalog::{Build, ProductId};
use brownout_kernel::draws::Spread;
use brownout_kernel::limits::{at_most, repeated};
use brownout_kernel::mail::calendar::YearEnd;
use brownout_kernel::mail::{CalendarShape, RetrySchedule};
use brownout_kernel::policy::PauseRequest;
use brownout_kernel::world::response::Combine;
use brownout_kernel::world::{
    Behaviour, BuildShare, Group, ListedServer, PausePlan, PerRoute, Planned, Response, Route, ServerMix, Table, World,
};
use brownout_text::outside::shortened;

/// A world, if nothing is wrong with it.
pub fn world(checker: &mut Checker<'_>, wire: &WorldWire) -> Option<World> {
    let root = Path::default();
    let before = checker.problems.errors();
    let response = response(checker, &root.field("response"), &wire.response);
    let calendar = calendar(checker, &root.field("calendar"), &wire.calendar);
    let at = root.field("groups");
    checker.made(&at, at_most("groups", "groups", wire.groups.len(), World::GROUPS_MAX))?;
    let mut groups: Vec<Group> = Vec::new();
    let twice: Vec<usize> = repeated(wire.groups.iter().map(|group| group.name.as_str())).collect();
    for (i, group_wire) in wire.groups.iter().enumerate() {
        let mut filled = group_wire.clone();
        filled.fill(&wire.common);
        let path = at.index(i);
        checker.name(&path.field("name"), &filled.name, "a group");
        if twice.binary_search(&i).is_ok() {
            let message = format!("group \"{}\" is given twice", shortened(&filled.name, 60));
            checker.error(&path.field("name"), message, "rename one");
        }
        groups.extend(group(checker, &path, &filled));
    }
    if checker.problems.errors() > before {
        return None;
    }
    let catalog = brownout_exchange::builds::catalog().clone();
    checker.made(&at, World::new(&wire.name, groups, response, calendar, catalog))
}

fn response(checker: &mut Checker<'_>, path: &Path, wire: &ResponseWire) -> Response {
    let defaults = Response::default();
    let added = path.field("added");
    let mut added_of = |name: &str, wire: &Option<TableWire>, default: &Table| {
        wire.as_ref().map_or(default.clone(), |wire| table(checker, &added.field(name), wire, 0.0, Combine::Sum))
    };
    let added = PerRoute::new(
        added_of("patch", &wire.added.patch, &defaults.added()[Route::Patch]),
        added_of("upgrade", &wire.added.upgrade, &defaults.added()[Route::Upgrade]),
        added_of("leave", &wire.added.leave, &defaults.added()[Route::Leave]),
    );
    let multiplier = wire.multiplier.as_ref().map_or_else(
        || defaults.multiplier().clone(),
        |wire| table(checker, &path.field("multiplier"), wire, 1.0, Combine::Larger),
    );
    checker.made(path, Response::new(multiplier, added)).unwrap_or_default()
}

fn table(checker: &mut Checker<'_>, path: &Path, wire: &TableWire, usual: f64, combine: Combine) -> Table {
    let mut value = |name: &str, value: f64| checker.allowed(&path.field(name), value, Table::VALUE);
    match wire {
        TableWire::Constant(constant) => Table::constant(checker.allowed(path, *constant, Table::VALUE)),
        TableWire::ByStage { unaware, paused, stages } => {
            let unaware = value("unaware", unaware.unwrap_or(usual));
            let paused = value("paused", *paused);
            let at = path.field("stages");
            let stages =
                stages.iter().map(|(k, &v)| (k.clone(), checker.allowed(&at.field(k), v, Table::VALUE))).collect();
            Table::ByStage { unaware, paused, stages }
        }
        TableWire::ByMinutes { unaware, report, paused, throttle, block } => {
            let unaware = value("unaware", unaware.unwrap_or(usual));
            let (report, paused) = (value("report", *report), value("paused", *paused));
            let throttle = points(checker, &path.field("throttle"), throttle);
            let block = points(checker, &path.field("block"), block);
            Table::ByMinutes { unaware, paused, report, throttle, block, combine }
        }
    }
}

fn points(checker: &mut Checker<'_>, path: &Path, wires: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if checker.made(path, at_most("points", "points", wires.len(), Table::POINTS_MAX)).is_none() {
        return Vec::new();
    }
    let before = checker.problems.errors();
    for (i, &(minutes, value)) in wires.iter().enumerate() {
        let at = path.index(i);
        checker.allowed(&at, minutes, Table::MINUTES);
        checker.allowed(&at, value, Table::VALUE);
        let rises = if i > 0 { Table::rises("points", i, wires[i - 1].0, minutes) } else { Ok(()) };
        if let Err(refusal) = rises {
            checker.error(&at, refusal.rule().to_string(), "order the points");
        }
    }
    if checker.problems.errors() > before { Vec::new() } else { wires.to_vec() }
}

/// The shape of mail over the calendar.
pub(crate) fn calendar(checker: &mut Checker<'_>, path: &Path, wire: &CalendarWire) -> CalendarShape {
    let mut shape = CalendarShape::default();
    if let Some(shares) = &wire.weekday_shares {
        let at = path.field("weekday_shares");
        match <[f64; 7]>::try_from(shares.as_slice()) {
            Ok(week) => {
                if checker.shares(&at, shares, |i| at.index(i)) {
                    checker.made(&at, shape.set_weekday_shares(week));
                }
            }
            Err(_) => {
                checker.error(&at, format!("{} shares are given; a week has 7 days, Monday first", shares.len()), "")
            }
        }
    }
    if let Some(flat) = wire.flat_share {
        checker.made(&path.field("flat_share"), shape.set_flat_share(flat));
    }
    if let Some(year_end) = &wire.year_end {
        let at = path.field("year_end");
        let from = checker.month_day(&at.field("from"), &year_end.from);
        let to = checker.month_day(&at.field("to"), &year_end.to);
        let level = checker.allowed(&at.field("level"), year_end.level, YearEnd::LEVEL);
        let dates = from.zip(to);
        shape.set_year_end(dates.and_then(|(from, to)| checker.made(&at, YearEnd::new(from, to, level))));
    }
    if wire.no_year_end {
        shape.set_year_end(None);
    }
    shape
}

fn group(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Option<Group> {
    let before = checker.problems.errors();
    let servers = servers(checker, path, wire);
    let routes = routes(checker, &path.field("routes"), wire.routes.as_ref());
    let found = checker.problems.errors() > before;
    // What is wrong with servers and routes alone is told; only then is asked whether they go together.
    let made =
        servers.filter(|_| !found).and_then(|servers| checker.made(path, Group::new(&wire.name, servers, routes)));
    // Of a group that cannot be made the other values are looked at all the same.
    let mut group = made.clone().or_else(|| placeholder(&wire.name))?;
    fill(checker, path, wire, &mut group);
    made.map(|_| group)
}

/// Sets everything but servers and routes.
fn fill(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire, group: &mut Group) {
    let mut edit = group.edit();
    checker.made(&path.field("count"), edit.set_count(wire.count));
    checker.made(&path.field("esu_share"), edit.set_esu_share(wire.esu_share.unwrap_or(0.0)));
    let at = path.field("diligence");
    let (sigma, never_share) = wire.diligence.map_or((1.2, 0.15), |given| (given.sigma, given.never_share));
    checker.made(&at.field("sigma"), edit.diligence_mut().set_sigma(sigma));
    checker.made(&at.field("never_share"), edit.diligence_mut().set_never_share(never_share));
    *edit.openings_mut() = openings(checker, path, wire);
    let at = path.field("failure");
    let usual = Spread::LogNormal { median: 14.0, sigma: 0.7 };
    let delay = wire.failure.map_or(usual, |given| checker.spread(&at.field("delay"), given.delay, " days"));
    checker.made(&at.field("prob"), edit.failure_mut().set_prob(wire.failure.map_or(0.05, |given| given.prob)));
    checker.made(&at.field("delay"), edit.failure_mut().set_delay(delay));
    let spread = |checker: &mut Checker<'_>, name: &str, wire, default, unit: &'static str| match wire {
        None => default,
        Some(wire) => checker.spread(&path.field(name), wire, unit),
    };
    let gap = spread(checker, "gap_days", wire.gap_days, Spread::LogNormal { median: 7.0, sigma: 0.7 }, " days");
    checker.made(&path.field("gap_days"), edit.set_gap(gap));
    let usual = Spread::LogNormal { median: 560.0, sigma: 1.4 };
    let volume = spread(checker, "messages_per_day", wire.messages_per_day, usual, " messages");
    checker.made(&path.field("messages_per_day"), edit.set_volume(volume));
    let at = path.field("pauses");
    let mix = behaviours(checker, &at, wire.pauses.as_deref());
    mix.and_then(|mix| checker.made(&at, edit.set_behaviours(mix)));
    let retry = retry(checker, &path.field("retry"), wire.retry);
    checker.made(&path.field("retry"), edit.set_retry(retry));
}

/// A group that stands for one that cannot be made.
fn placeholder(name: &str) -> Option<Group> {
    let server = ListedServer::new("none", ProductId::new(0), Build::new(0, 0, 0, 0));
    Group::new(name, ServerMix::Listed(vec![server]), PerRoute::default()).ok()
}

/// A retry schedule; the Mailbox role's if none is stated.
pub(crate) fn retry(checker: &mut Checker<'_>, path: &Path, wire: Option<RetryWire>) -> RetrySchedule {
    match wire {
        None | Some(RetryWire::Mailbox) => retries::MAILBOX,
        Some(RetryWire::Edge) => retries::EDGE,
        Some(RetryWire::Fixed { minutes }) => RetrySchedule::Fixed {
            minutes: checker.allowed(&path.field("minutes"), minutes, RetrySchedule::MINUTES) as u32,
        },
    }
}

fn servers(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Option<ServerMix> {
    match (&wire.servers, &wire.builds) {
        (Some(listed), None) if !listed.is_empty() => {
            let at = path.field("servers");
            if let Err(refusal) = at_most("servers", "servers", listed.len(), ServerMix::LISTED_MAX) {
                checker.error(&at, refusal.rule().to_string(), "state a mix of `builds`");
                return None;
            }
            let twice: Vec<usize> = repeated(listed.iter().map(|server| server.name.as_str())).collect();
            for (i, server) in listed.iter().enumerate() {
                let at = at.index(i).field("name");
                checker.name(&at, &server.name, "a server");
                if twice.binary_search(&i).is_ok() {
                    let message = format!("server \"{}\" is given twice", shortened(&server.name, 60));
                    checker.error(&at, message, "rename one");
                }
            }
            let upgrades = wire.routes.as_ref().is_none_or(|routes| routes.upgrade.is_some());
            let each = listed.iter().enumerate();
            let all: Vec<_> = each.map(|(i, server)| listed_server(checker, &at.index(i), server, upgrades)).collect();
            all.into_iter().collect::<Option<Vec<_>>>().map(ServerMix::Listed)
        }
        (None, Some(builds)) if !builds.is_empty() => drawn_servers(checker, path, wire, builds),
        _ => {
            checker.error(path, "a group needs either a mix of `builds` or a list of `servers`", "give one of them");
            None
        }
    }
}

fn drawn_servers(
    checker: &mut Checker<'_>,
    path: &Path,
    wire: &GroupWire,
    builds: &[BuildShareWire],
) -> Option<ServerMix> {
    let at = path.field("builds");
    let shares: Vec<f64> = builds.iter().map(|build| build.share).collect();
    let good = checker.shares(&at, &shares, |i| at.index(i).field("share"));
    let mix: Vec<_> = builds
        .iter()
        .enumerate()
        .map(|(i, wire)| {
            let (product, build) = checker.build(&at.index(i), &wire.build, wire.product.as_deref())?;
            Some(BuildShare { product, build, share: wire.share })
        })
        .collect();
    // Servers per tenant in Switzerland: over 2,800 servers, over 2,000 letters (default-parameters.csv, group `tenants`).
    let per_tenant = wire.servers_per_tenant.clone().unwrap_or_else(|| vec![0.71, 0.20, 0.06, 0.03]);
    let at = path.field("servers_per_tenant");
    if per_tenant.len() > ServerMix::PER_TENANT_MAX {
        let most = ServerMix::PER_TENANT_MAX;
        let message = format!("{} shares are given; expected at most {most} servers a tenant", per_tenant.len());
        checker.error(&at, message, "");
    }
    let good = checker.shares(&at, &per_tenant, |i| at.index(i)) && good;
    let builds = mix.into_iter().collect::<Option<Vec<_>>>()?;
    good.then_some(ServerMix::Drawn { per_tenant, builds })
}

fn listed_server(
    checker: &mut Checker<'_>,
    path: &Path,
    wire: &ListedServerWire,
    upgrades: bool,
) -> Option<ListedServer> {
    let built = checker.build(path, &wire.build, wire.product.as_deref());
    let first_detected = match &wire.first_detected {
        Some(text) => Some(checker.time(&path.field("first_detected"), text)?),
        None => None,
    };
    let planned = match &wire.planned {
        Some(planned) => {
            let at = path.field("planned");
            let route = match planned.route {
                RouteWireName::Patch => Route::Patch,
                RouteWireName::Upgrade => Route::Upgrade,
                RouteWireName::Leave => Route::Leave,
            };
            if route == Route::Upgrade && !upgrades {
                let help = "add `upgrade: (to: \"SE\")` to its routes";
                checker.error(&at.field("route"), ListedServer::NO_UPGRADE, help);
            }
            Some(Planned { route, on: checker.time(&at.field("on"), &planned.on)? })
        }
        None => None,
    };
    let (product, build) = built.unwrap_or((ProductId::new(0), Build::new(0, 0, 0, 0)));
    let mut server = ListedServer::new(&wire.name, product, build);
    if let Some(messages) = wire.messages_per_day {
        checker.made(&path.field("messages_per_day"), server.set_messages_per_day(messages));
    }
    first_detected.into_iter().for_each(|at| server.set_first_detected(at));
    planned.into_iter().for_each(|planned| server.set_planned(planned));
    built.map(|_| server)
}

fn behaviours(checker: &mut Checker<'_>, path: &Path, wires: Option<&[BehaviourWire]>) -> Option<Vec<Behaviour>> {
    let Some(wires) = wires else { return default_behaviours() };
    if wires.is_empty() {
        return Some(vec![Behaviour::never()]);
    }
    let shares: Vec<f64> = wires.iter().map(|wire| wire.share).collect();
    let good = checker.shares(path, &shares, |i| path.index(i).field("share"));
    let all: Vec<_> =
        wires.iter().enumerate().map(|(i, wire)| behaviour(checker, &path.index(i), wire, good)).collect();
    all.into_iter().collect()
}

/// A behaviour; of one whose share is refused only the plan is looked at.
fn behaviour(checker: &mut Checker<'_>, path: &Path, wire: &BehaviourWire, good: bool) -> Option<Behaviour> {
    let at = path.field("plan");
    let days = |checker: &mut Checker<'_>, days| checker.allowed(&at.field("days"), days, PausePlan::DAYS) as u32;
    let plan = match &wire.plan {
        PausePlanWire::Never => PausePlan::Never,
        PausePlanWire::UntilDone => PausePlan::UntilDone,
        PausePlanWire::OneLong { days: wish } => PausePlan::OneLong { days: days(checker, *wish) },
        PausePlanWire::WhenBlocked { days: wish } => PausePlan::WhenBlocked { days: days(checker, *wish) },
        PausePlanWire::SeveralShort { days: wish, gap_days } => PausePlan::SeveralShort {
            days: days(checker, *wish),
            gap_days: checker.allowed(&at.field("gap_days"), *gap_days, PausePlan::GAP_DAYS) as u32,
        },
        PausePlanWire::Fixed(wishes) => {
            let each = wishes.iter().enumerate().filter_map(|(i, wish)| {
                let at = at.index(i);
                let days = checker.allowed(&at.field("days"), wish.days, PausePlan::DAYS) as u32;
                Some(PauseRequest { at: checker.time(&at.field("at"), &wish.at)?, days })
            });
            PausePlan::Fixed(each.collect())
        }
    };
    if good { checker.made(&path.field("share"), Behaviour::new(wire.share, plan, wire.renew)) } else { None }
}

/// Half of the tenants never pause; of the others half take one long pause, three tenths several short ones, two tenths wait
/// until blocking starts (default-parameters.csv, group `pause`; assumed).
fn default_behaviours() -> Option<Vec<Behaviour>> {
    let mix = [
        (0.5, PausePlan::Never),
        (0.25, PausePlan::OneLong { days: 75 }),
        (0.15, PausePlan::SeveralShort { days: 14, gap_days: 7 }),
        (0.10, PausePlan::WhenBlocked { days: 90 }),
    ];
    mix.into_iter().map(|(share, plan)| Behaviour::new(share, plan, true).ok()).collect()
}
