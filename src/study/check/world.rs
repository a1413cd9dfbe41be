//! Worlds.

use std::collections::BTreeMap;

use super::Checker;
use crate::catalog::{Catalog, ProductId};
use crate::draws::{Spread, group_key};
use crate::mail::calendar::YearEnd;
use crate::mail::{CalendarShape, RetrySchedule};
use crate::policy::Ladder;
use crate::policy::history::PauseRequest;
use crate::policy::ladder::PRESETS;
use crate::study::locate::Path;
use crate::study::problem::nearest;
use crate::study::wire::{
    BehaviourWire, BuildShareWire, CalendarWire, FreezeWire, GroupWire, InStageWire, ListedServerWire, PausePlanWire,
    ResponseWire, RetryWire, RouteWire, RouteWireName, RoutesWire, TableWire, WindowWire, WorldWire,
};
use crate::time::DAY_SECONDS;
use crate::world::response::Combine;
use crate::world::{
    BaseRate, Behaviour, BuildShare, Diligence, Failure, Freeze, Group, ListedServer, Openings, PausePlan, Planned,
    Response, Route, RouteRules, ServerMix, Table, Window, World,
};

/// Most tenants of one group.
const COUNT_MAX: i64 = 100_000_000;
/// Years for which yearly freezes are written out; studies lie within them.
const FREEZE_YEARS: std::ops::RangeInclusive<i16> = 1970..=2100;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A world, if nothing is wrong with it.
pub fn world(checker: &mut Checker<'_>, wire: &WorldWire) -> Option<World> {
    let root = Path::default();
    let before = checker.errors();
    let response = response(checker, &root.field("response"), &wire.response);
    let calendar = calendar(checker, &root.field("calendar"), &wire.calendar);
    let at = root.field("groups");
    if wire.groups.is_empty() {
        checker.error(&at, "a world needs at least one group", "");
    }
    let mut groups: Vec<Group> = Vec::new();
    for (i, group_wire) in wire.groups.iter().enumerate() {
        let mut filled = group_wire.clone();
        filled.fill(&wire.common);
        let path = at.index(i);
        if let Some(group) = group(checker, &path, &filled) {
            if groups.iter().any(|earlier| earlier.key == group.key) {
                checker.error(&path.field("name"), format!("group \"{}\" is given twice", group.name), "rename one");
            }
            groups.push(group);
        }
    }
    (checker.errors() == before).then(|| World { name: wire.name.clone(), groups, response, calendar })
}

impl Checker<'_> {
    fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == crate::study::problem::Severity::Error).count()
    }
}

fn response(checker: &mut Checker<'_>, path: &Path, wire: &ResponseWire) -> Response {
    let defaults = Response::default();
    let added = path.field("added");
    let mut added_of = |name: &str, wire: &Option<TableWire>, default: &Table| {
        wire.as_ref().map_or(default.clone(), |wire| table(checker, &added.field(name), wire, 0.0, Combine::Sum))
    };
    let added = [
        added_of("patch", &wire.added.patch, &defaults.added[0]),
        added_of("upgrade", &wire.added.upgrade, &defaults.added[1]),
        added_of("leave", &wire.added.leave, &defaults.added[2]),
    ];
    let multiplier = wire
        .multiplier
        .as_ref()
        .map_or(defaults.multiplier, |wire| table(checker, &path.field("multiplier"), wire, 1.0, Combine::Larger));
    Response { multiplier, added }
}

fn table(checker: &mut Checker<'_>, path: &Path, wire: &TableWire, usual: f64, combine: Combine) -> Table {
    let mut value = |name: &str, value: f64| checker.number(&path.field(name), value, 0.0..=1e6, "");
    match wire {
        TableWire::Constant(constant) => Table::constant(checker.number(path, *constant, 0.0..=1e6, "")),
        TableWire::ByStage { unaware, paused, stages } => {
            let unaware = value("unaware", unaware.unwrap_or(usual));
            let paused = value("paused", *paused);
            let at = path.field("stages");
            let stages =
                stages.iter().map(|(k, &v)| (k.clone(), checker.number(&at.field(k), v, 0.0..=1e6, ""))).collect();
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
    for (i, &(minutes, value)) in wires.iter().enumerate() {
        let at = path.index(i);
        checker.number(&at, minutes, 0.0..=60.0, " minutes");
        checker.number(&at, value, 0.0..=1e6, "");
        if i > 0 && minutes <= wires[i - 1].0 {
            checker.error(&at, format!("minutes {minutes} do not rise after {}", wires[i - 1].0), "order the points");
        }
    }
    wires.to_vec()
}

fn calendar(checker: &mut Checker<'_>, path: &Path, wire: &CalendarWire) -> CalendarShape {
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
        shape.flat_share = checker.number(&path.field("flat_share"), flat, 0.0..=1.0, "");
    }
    if let Some(year_end) = &wire.year_end {
        let at = path.field("year_end");
        let from = checker.month_day(&at.field("from"), &year_end.from);
        let to = checker.month_day(&at.field("to"), &year_end.to);
        let level = checker.number(&at.field("level"), year_end.level, 0.0..=10.0, "");
        shape.year_end = from.zip(to).map(|(from, to)| YearEnd { from, to, level });
    }
    if wire.no_year_end {
        shape.year_end = None;
    }
    shape
}

fn group(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Option<Group> {
    let count = checker.whole(&path.field("count"), wire.count, 0..=COUNT_MAX, " tenants");
    let servers = servers(checker, path, wire);
    let probability =
        |checker: &mut Checker<'_>, name: &str, value: f64| checker.number(&path.field(name), value, 0.0..=1.0, "");
    let esu_share = probability(checker, "esu_share", wire.esu_share.unwrap_or(0.0));
    let diligence = match wire.diligence {
        None => Diligence { sigma: 1.2, never_share: 0.15 },
        Some(d) => Diligence {
            sigma: checker.number(&path.field("diligence").field("sigma"), d.sigma, 0.0..=5.0, ""),
            never_share: checker.number(&path.field("diligence").field("never_share"), d.never_share, 0.0..=1.0, ""),
        },
    };
    let routes = routes(checker, &path.field("routes"), wire.routes.as_ref());
    let openings = openings(checker, path, wire);
    let failure = match wire.failure {
        None => Failure { prob: 0.05, delay: Spread::LogNormal { median: 14.0, sigma: 0.7 } },
        Some(f) => {
            let at = path.field("failure");
            let prob = checker.number(&at.field("prob"), f.prob, 0.0..=0.99, "");
            Failure { prob, delay: checker.spread(&at.field("delay"), f.delay, " days") }
        }
    };
    let spread = |checker: &mut Checker<'_>, name: &str, wire, default, unit: &str| match wire {
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

fn retry(checker: &mut Checker<'_>, path: &Path, wire: Option<RetryWire>) -> RetrySchedule {
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
            for (i, server) in listed.iter().enumerate() {
                if listed[..i].iter().any(|earlier| earlier.name == server.name) {
                    checker.error(
                        &at.index(i).field("name"),
                        format!("server \"{}\" is given twice", server.name),
                        "rename one",
                    );
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
    let messages_per_day = wire
        .messages_per_day
        .map(|value| checker.number(&path.field("messages_per_day"), value, 0.0..=1e12, " messages"));
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

fn routes(checker: &mut Checker<'_>, path: &Path, wire: Option<&RoutesWire>) -> [Option<RouteRules>; 3] {
    let Some(wire) = wire else { return default_routes() };
    [
        wire.patch.as_ref().map(|wire| route(checker, &path.field("patch"), wire, Route::Patch)),
        wire.upgrade.as_ref().map(|wire| route(checker, &path.field("upgrade"), wire, Route::Upgrade)),
        wire.leave.as_ref().map(|wire| route(checker, &path.field("leave"), wire, Route::Leave)),
    ]
}

fn route(checker: &mut Checker<'_>, path: &Path, wire: &RouteWire, route: Route) -> RouteRules {
    let base = match (wire.per_month, &wire.in_stage) {
        (Some(rate), None) => {
            BaseRate::PerMonth(checker.number(&path.field("per_month"), rate, 0.0..=1000.0, " per month"))
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
                .insert(product, checker.number(&at.field("per_month"), rate, 0.0..=1000.0, " per month"));
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
    let names: Vec<_> = ladder.stages().iter().map(|stage| stage.name.as_str()).collect();
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
                let days = ladder.stages()[stage].length.map_or(open_days, |length| length.days_f64());
                hazards.insert(name.clone(), BaseRate::hazard_of(prob, days));
            }
        }
    }
    hazards
}

/// Routes of default-parameters.csv: exit rates by product with 35 % of exits leaving, lead times by product.
fn default_routes() -> [Option<RouteRules>; 3] {
    let catalog = Catalog::embedded();
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
    [
        // Weibull scale of a routine update 3.9 months, taken as a constant rate.
        rules(1.0 / 3.9, BTreeMap::new(), lead(14.0, 0.8), BTreeMap::new(), None),
        rules(0.0, by_product(0.65), lead(60.0, 0.7), lead_by_product.clone(), product("SE")),
        rules(0.0, by_product(0.35), lead(60.0, 0.7), lead_by_product, None),
    ]
}

fn openings(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Openings {
    let windows = match &wire.windows {
        // One a week, Friday evening to Sunday, 4 to 8 hours (assumed).
        None => vec![Window { weekday: 5, opens: 18 * 3600, seconds: 6 * 3600 }],
        Some(wires) => windows(checker, &path.field("windows"), wires),
    };
    let freezes = match &wire.freezes {
        None => vec![Freeze::yearly(0.6, (12, 15), (1, 2), FREEZE_YEARS)],
        Some(wires) => freezes(checker, &path.field("freezes"), wires),
    };
    Openings { windows, freezes }
}

fn windows(checker: &mut Checker<'_>, path: &Path, wires: &[WindowWire]) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for (i, wire) in wires.iter().enumerate() {
        let at = path.index(i);
        let weekday = WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(&wire.day));
        if weekday.is_none() {
            let message = format!("\"{}\" is not a day of the week", wire.day);
            checker.error(&at.field("day"), message, "expected Mon, Tue, Wed, Thu, Fri, Sat or Sun");
        }
        let opens = time_of_day(&wire.from);
        if opens.is_none() {
            checker.error(&at.field("from"), format!("\"{}\" is not a time of day", wire.from), "write \"22:00\"");
        }
        let hours = checker.number(&at.field("hours"), wire.hours, 0.01..=168.0, " hours");
        let (Some(weekday), Some(opens)) = (weekday, opens) else { continue };
        let window = Window { weekday, opens, seconds: (hours * 3600.0) as i64 };
        if windows.iter().any(|other| overlap(other, &window)) {
            checker.error(
                &at,
                format!("the window on {} at {} overlaps another", wire.day, wire.from),
                "join or move them",
            );
        }
        windows.push(window);
    }
    windows
}

fn time_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 3600 + minutes * 60)
}

fn overlap(a: &Window, b: &Window) -> bool {
    const WEEK: i64 = 7 * DAY_SECONDS;
    let start = |window: &Window| window.weekday as i64 * DAY_SECONDS + window.opens;
    let apart = (start(b) - start(a)).rem_euclid(WEEK);
    apart < a.seconds || WEEK - apart < b.seconds || (apart == 0)
}

fn freezes(checker: &mut Checker<'_>, path: &Path, wires: &[FreezeWire]) -> Vec<Freeze> {
    if wires.len() > 32 {
        checker.error(path, format!("{} freezes are given; expected at most 32", wires.len()), "");
    }
    wires.iter().enumerate().filter_map(|(i, wire)| freeze(checker, &path.index(i), wire)).collect()
}

/// Yearly from `MM-DD` to `MM-DD`, or once between two full dates.
fn freeze(checker: &mut Checker<'_>, path: &Path, wire: &FreezeWire) -> Option<Freeze> {
    let share = checker.number(&path.field("share"), wire.share, 0.0..=1.0, "");
    if wire.from.len() > 5 {
        let from = checker.time(&path.field("from"), &wire.from)?;
        let to = checker.time(&path.field("to"), &wire.to)?;
        if to <= from {
            checker.error(&path.field("to"), format!("the freeze ends on {} before it begins", wire.to), "");
        }
        return Some(Freeze { share, stretches: vec![(from, to)] });
    }
    let from = checker.month_day(&path.field("from"), &wire.from)?;
    let to = checker.month_day(&path.field("to"), &wire.to)?;
    if from == to {
        checker.error(&path.field("to"), "the freeze ends on the day it begins", "a freeze shorter than a year");
        return None;
    }
    Some(Freeze::yearly(share, from, to, FREEZE_YEARS))
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
