//! Worlds.

use std::collections::BTreeSet;

use super::Checker;
use super::openings::openings;
use super::routes::routes;
use crate::tree::Path;
use crate::wire::{
    BehaviourWire, BuildShareWire, CalendarWire, GroupWire, ListedServerWire, PausePlanWire, ResponseWire, RetryWire,
    RouteWireName, TableWire, WorldWire,
};
use brownout_kernel::draws::{Spread, group_key};
use brownout_kernel::mail::calendar::YearEnd;
use brownout_kernel::mail::{CalendarShape, RetrySchedule};
use brownout_kernel::policy::PauseRequest;
use brownout_kernel::world::response::Combine;
use brownout_kernel::world::{
    Behaviour, BuildShare, Diligence, Failure, Group, ListedServer, PausePlan, PerRoute, Planned, Response, Route,
    ServerMix, Table, World,
};
use brownout_text::outside::shortened;

/// Most groups of a world.
const GROUPS_MAX: usize = 10_000;
/// Most servers named one by one in a group.
const SERVERS_MAX: usize = 10_000;
/// Most points of a table.
const POINTS_MAX: usize = 1_000;

/// A world, if nothing is wrong with it.
pub fn world(checker: &mut Checker<'_>, wire: &WorldWire) -> Option<World> {
    let root = Path::default();
    let before = checker.problems.errors();
    let response = response(checker, &root.field("response"), &wire.response);
    let calendar = calendar(checker, &root.field("calendar"), &wire.calendar);
    let at = root.field("groups");
    if wire.groups.is_empty() {
        checker.error(&at, "a world needs at least one group", "");
    }
    if wire.groups.len() > GROUPS_MAX {
        checker.error(&at, format!("{} groups are given; expected at most {GROUPS_MAX}", wire.groups.len()), "");
        return None;
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut names = BTreeSet::new();
    for (i, group_wire) in wire.groups.iter().enumerate() {
        let mut filled = group_wire.clone();
        filled.fill(&wire.common);
        let path = at.index(i);
        checker.name(&path.field("name"), &filled.name, "a group");
        if !names.insert(group_wire.name.as_str()) {
            let message = format!("group \"{}\" is given twice", shortened(&filled.name, 60));
            checker.error(&path.field("name"), message, "rename one");
        }
        groups.extend(group(checker, &path, &filled));
    }
    part_keys(&mut groups);
    (checker.problems.errors() == before).then(|| {
        let catalog = brownout_exchange::builds::catalog().clone();
        World { name: wire.name.clone(), groups, response, calendar, catalog }
    })
}

/// Gives groups whose names have the same [`group_key`] different ones, so that each has draws of its own.
///
/// The name that comes first in order of bytes keeps its key, and with it its draws; another takes the key of its name with
/// as many `#` behind it as it takes to find a free one. Groups without such a namesake are not touched.
fn part_keys(groups: &mut [Group]) {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|&a, &b| groups[a].name.cmp(&groups[b].name));
    let mut taken: BTreeSet<u32> = groups.iter().map(|group| group.key).collect();
    let mut seen = BTreeSet::new();
    for index in order {
        let mut name = groups[index].name.clone();
        if !seen.insert(groups[index].key) {
            while !taken.insert(groups[index].key) {
                name.push('#');
                groups[index].key = group_key(&name);
            }
        }
    }
}

fn response(checker: &mut Checker<'_>, path: &Path, wire: &ResponseWire) -> Response {
    let defaults = Response::default();
    let added = path.field("added");
    let mut added_of = |name: &str, wire: &Option<TableWire>, default: &Table| {
        wire.as_ref().map_or(default.clone(), |wire| table(checker, &added.field(name), wire, 0.0, Combine::Sum))
    };
    let added = PerRoute::new(
        added_of("patch", &wire.added.patch, &defaults.added[Route::Patch]),
        added_of("upgrade", &wire.added.upgrade, &defaults.added[Route::Upgrade]),
        added_of("leave", &wire.added.leave, &defaults.added[Route::Leave]),
    );
    let multiplier = wire
        .multiplier
        .as_ref()
        .map_or(defaults.multiplier, |wire| table(checker, &path.field("multiplier"), wire, 1.0, Combine::Larger));
    Response { multiplier, added }
}

fn table(checker: &mut Checker<'_>, path: &Path, wire: &TableWire, usual: f64, combine: Combine) -> Table {
    let mut value = |name: &str, value: f64| checker.number(&path.field(name), value, Response::VALUES, "");
    match wire {
        TableWire::Constant(constant) => Table::constant(checker.number(path, *constant, Response::VALUES, "")),
        TableWire::ByStage { unaware, paused, stages } => {
            let unaware = value("unaware", unaware.unwrap_or(usual));
            let paused = value("paused", *paused);
            let at = path.field("stages");
            let stages = stages
                .iter()
                .map(|(k, &v)| (k.clone(), checker.number(&at.field(k), v, Response::VALUES, "")))
                .collect();
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
    if wires.len() > POINTS_MAX {
        checker.error(path, format!("{} points are given; expected at most {POINTS_MAX}", wires.len()), "");
        return Vec::new();
    }
    for (i, &(minutes, value)) in wires.iter().enumerate() {
        let at = path.index(i);
        checker.number(&at, minutes, 0.0..=60.0, " minutes");
        checker.number(&at, value, Response::VALUES, "");
        if i > 0 && minutes <= wires[i - 1].0 {
            checker.error(&at, format!("minutes {minutes} do not rise after {}", wires[i - 1].0), "order the points");
        }
    }
    wires.to_vec()
}

/// The shape of mail over the calendar.
pub(crate) fn calendar(checker: &mut Checker<'_>, path: &Path, wire: &CalendarWire) -> CalendarShape {
    let mut shape = CalendarShape::default();
    if let Some(shares) = &wire.weekday_shares {
        let at = path.field("weekday_shares");
        match <[f64; 7]>::try_from(shares.as_slice()) {
            Ok(week) if checker.shares(&at, shares, |i| at.index(i)) => shape.weekday_shares = week,
            Ok(_) => {}
            Err(_) => {
                checker.error(&at, format!("{} shares are given; a week has 7 days, Monday first", shares.len()), "")
            }
        }
    }
    if let Some(flat) = wire.flat_share {
        shape.flat_share = checker.number(&path.field("flat_share"), flat, CalendarShape::FLAT_SHARES, "");
    }
    if let Some(year_end) = &wire.year_end {
        let at = path.field("year_end");
        let from = checker.month_day(&at.field("from"), &year_end.from);
        let to = checker.month_day(&at.field("to"), &year_end.to);
        let level = checker.number(&at.field("level"), year_end.level, YearEnd::LEVELS, "");
        shape.year_end = from.zip(to).map(|(from, to)| YearEnd { from, to, level });
    }
    if wire.no_year_end {
        shape.year_end = None;
    }
    shape
}

fn group(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Option<Group> {
    let count = checker.whole(&path.field("count"), wire.count, 0..=Group::COUNT_MAX, " tenants");
    let servers = servers(checker, path, wire);
    let esu_share = checker.number(&path.field("esu_share"), wire.esu_share.unwrap_or(0.0), Group::SHARES, "");
    let diligence = match wire.diligence {
        None => Diligence { sigma: 1.2, never_share: 0.15 },
        Some(d) => Diligence {
            sigma: checker.number(&path.field("diligence").field("sigma"), d.sigma, Diligence::SIGMAS, ""),
            never_share: checker.number(
                &path.field("diligence").field("never_share"),
                d.never_share,
                Diligence::SHARES,
                "",
            ),
        },
    };
    let routes = routes(checker, &path.field("routes"), wire.routes.as_ref());
    let openings = openings(checker, path, wire);
    let failure = match wire.failure {
        None => Failure { prob: 0.05, delay: Spread::LogNormal { median: 14.0, sigma: 0.7 } },
        Some(f) => {
            let at = path.field("failure");
            let prob = checker.number(&at.field("prob"), f.prob, Failure::PROBS, "");
            Failure { prob, delay: checker.spread(&at.field("delay"), f.delay, " days") }
        }
    };
    let spread = |checker: &mut Checker<'_>, name: &str, wire, default, unit: &'static str| match wire {
        None => default,
        Some(wire) => checker.spread(&path.field(name), wire, unit),
    };
    let gap = spread(checker, "gap_days", wire.gap_days, Spread::LogNormal { median: 7.0, sigma: 0.7 }, " days");
    let usual_volume = Spread::LogNormal { median: 560.0, sigma: 1.4 };
    let volume = spread(checker, "messages_per_day", wire.messages_per_day, usual_volume, " messages");
    let behaviours = behaviours(checker, &path.field("pauses"), wire.pauses.as_deref());
    let retry = retry(checker, &path.field("retry"), wire.retry);
    Some(Group {
        key: group_key(&wire.name),
        name: wire.name.clone(),
        count: count as u32,
        servers: servers?,
        esu_share,
        diligence,
        routes,
        openings,
        failure,
        gap,
        behaviours,
        volume,
        retry,
    })
}

/// A retry schedule; the Mailbox role's if none is stated.
pub(crate) fn retry(checker: &mut Checker<'_>, path: &Path, wire: Option<RetryWire>) -> RetrySchedule {
    match wire {
        None | Some(RetryWire::Mailbox) => RetrySchedule::Mailbox,
        Some(RetryWire::Edge) => RetrySchedule::Edge,
        Some(RetryWire::Fixed { minutes }) => RetrySchedule::Fixed {
            minutes: checker.whole(&path.field("minutes"), minutes, 1..=1440, " minutes") as u32,
        },
    }
}

fn servers(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Option<ServerMix> {
    match (&wire.servers, &wire.builds) {
        (Some(listed), None) if !listed.is_empty() => {
            let at = path.field("servers");
            if listed.len() > SERVERS_MAX {
                let message = format!("{} servers are given; expected at most {SERVERS_MAX}", listed.len());
                checker.error(&at, message, "state a mix of `builds`");
                return None;
            }
            let mut names = BTreeSet::new();
            for (i, server) in listed.iter().enumerate() {
                let at = at.index(i).field("name");
                checker.name(&at, &server.name, "a server");
                if !names.insert(server.name.as_str()) {
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
    if per_tenant.len() > 1000 {
        checker.error(
            &at,
            format!("{} shares are given; expected at most 1000 servers a tenant", per_tenant.len()),
            "",
        );
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
    let messages_per_day = wire.messages_per_day.map(|value| {
        checker.number(&path.field("messages_per_day"), value, ListedServer::MESSAGES_PER_DAY, " messages")
    });
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
                checker.error(
                    &at.field("route"),
                    "an upgrade is planned but the group has no upgrade route",
                    "add `upgrade: (to: \"SE\")` to its routes",
                );
            }
            Some(Planned { route, on: checker.time(&at.field("on"), &planned.on)? })
        }
        None => None,
    };
    let (product, build) = built?;
    Some(ListedServer { name: wire.name.clone(), product, build, messages_per_day, first_detected, planned })
}

fn behaviours(checker: &mut Checker<'_>, path: &Path, wires: Option<&[BehaviourWire]>) -> Vec<Behaviour> {
    let Some(wires) = wires else { return default_behaviours() };
    if wires.is_empty() {
        return vec![Behaviour::never()];
    }
    let shares: Vec<f64> = wires.iter().map(|wire| wire.share).collect();
    checker.shares(path, &shares, |i| path.index(i).field("share"));
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > 1e-6 {
        checker.error(path, format!("the shares of pause behaviours sum to {sum}; expected 1"), "");
    }
    wires.iter().enumerate().map(|(i, wire)| behaviour(checker, &path.index(i), wire)).collect()
}

fn behaviour(checker: &mut Checker<'_>, path: &Path, wire: &BehaviourWire) -> Behaviour {
    let at = path.field("plan");
    let days = |checker: &mut Checker<'_>, days: i64| checker.whole(&at.field("days"), days, 1..=3660, " days") as u32;
    let plan = match &wire.plan {
        PausePlanWire::Never => PausePlan::Never,
        PausePlanWire::UntilDone => PausePlan::UntilDone,
        PausePlanWire::OneLong { days: wish } => PausePlan::OneLong { days: days(checker, *wish) },
        PausePlanWire::WhenBlocked { days: wish } => PausePlan::WhenBlocked { days: days(checker, *wish) },
        PausePlanWire::SeveralShort { days: wish, gap_days } => PausePlan::SeveralShort {
            days: days(checker, *wish),
            gap_days: checker.whole(&at.field("gap_days"), *gap_days, 0..=3660, " days") as u32,
        },
        PausePlanWire::Fixed(wishes) => {
            let each = wishes.iter().enumerate().filter_map(|(i, wish)| {
                let at = at.index(i);
                let days = checker.whole(&at.field("days"), wish.days, 1..=3660, " days") as u32;
                Some(PauseRequest { at: checker.time(&at.field("at"), &wish.at)?, days })
            });
            let mut requests: Vec<_> = each.collect();
            requests.sort();
            PausePlan::Fixed(requests)
        }
    };
    Behaviour { share: wire.share, plan, renew: wire.renew }
}

/// Half of the tenants never pause; of the others half take one long pause, three tenths several short ones, two tenths wait
/// until blocking starts (default-parameters.csv, group `pause`; assumed).
fn default_behaviours() -> Vec<Behaviour> {
    let behaviour = |share, plan| Behaviour { share, plan, renew: true };
    vec![
        behaviour(0.5, PausePlan::Never),
        behaviour(0.25, PausePlan::OneLong { days: 75 }),
        behaviour(0.15, PausePlan::SeveralShort { days: 14, gap_days: 7 }),
        behaviour(0.10, PausePlan::WhenBlocked { days: 90 }),
    ]
}
