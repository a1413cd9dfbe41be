//! Random projects for the tests of the planner: policies, budgets, calendars and fleets of every kind, small and large.
//!
//! A project follows from its size and a number, so a failing case is named by both and comes back at any time.

use brownout::builds::Naming;
use brownout::catalog::BuildEvidence;
use brownout::draws::Spread;
use brownout::ladders;
use brownout::mail::{CalendarShape, RetrySchedule};
use brownout::planner::assessment::Assessment;
use brownout::planner::index::{CrewIndex, PerCrew, PerServer, ServerIndex};
use brownout::planner::{Desk, FleetServer, Parts, PauseTerms, Project, Risk, StatedDates, Weights, Work};
use brownout::policy::{
    Charge, Ladder, Minutes, PauseBook, PauseRequest, PauseRules, Policy, Spent, Stage, WindowLayout,
};
use brownout::retries;
use brownout::time::{Day, SimDuration, SimTime};
use brownout::world::Route;

use super::crews::{crew, openings, shuffle_keys};
use super::dice::Dice;

/// How large a generated project may become.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    /// Planned days.
    pub(crate) days: (i64, i64),
    /// Servers, those already done included.
    pub(crate) servers: (i64, i64),
    /// Crews.
    pub(crate) crews: (i64, i64),
    /// Pause days left of each year's budget.
    pub(crate) left: (i64, i64),
    /// Least days between two windows of a crew; 1 allows any calendar, 7 gives one window a week.
    pub(crate) window_days: i64,
}

/// The project of this size and number.
pub(crate) fn project(size: &Size, number: u64) -> Project {
    let mut dice = Dice::new(number);
    let days = dice.between(size.days.0..=size.days.1);
    let as_of = first_day(&mut dice, days);
    let pauses_had = pauses_had(&mut dice, as_of);
    let (rules, used) = budgets(&mut dice, size, as_of, days, &pauses_had);
    let policy = policy(&mut dice, rules);
    let crews: PerCrew<_> =
        (0..dice.between(size.crews.0..=size.crews.1)).map(|n| crew(&mut dice, size, as_of, days, n)).collect();
    let servers = servers(&mut dice, size, as_of, days, crews.len());
    let weights = weights(&mut dice);
    let parts = Parts {
        name: format!("case {number}"),
        question: String::new(),
        tenant: None,
        as_of,
        horizon: later(as_of, days),
        policy,
        catalog: brownout::builds::catalog().clone(),
        servers,
        left_out: Vec::new(),
        crews,
        gap_days: gap_days(&mut dice, days / size.servers.0),
        spent: Spent::new(&rules, &used, &pauses_had).unwrap(),
        pauses_inferred: Vec::new(),
        may_pause: dice.percent(92),
        pause_terms: pause_terms(&mut dice),
        desk: Desk::default(),
        clock: None,
        weights,
        risk: Risk::default(),
        calendar: if dice.percent(70) { CalendarShape::default() } else { CalendarShape::even() },
        retry: dice.pick(&[retries::MAILBOX, retries::EDGE, RetrySchedule::Fixed { minutes: 15 }]),
        seed: number,
        replications: 1,
        search_seconds: 10,
        former: None,
    };
    Project::new(parts).unwrap()
}

/// None, one that leaves room for all, or any.
fn gap_days(dice: &mut Dice, room: i64) -> u32 {
    let most = dice.pick(&[0, 0, room.min(7), room.min(7), 7]);
    dice.between(0..=most) as u32
}

pub(super) fn later(day: Day, days: i64) -> Day {
    Day::from_number(day.number() + days as i32)
}

/// Autumn, or a day whose plan runs over New Year or over a leap day.
fn first_day(dice: &mut Dice, days: i64) -> Day {
    let day = |text: &str| text.parse::<SimTime>().unwrap().day();
    match dice.between(0..=3) {
        0 => later(day("2026-09-14"), dice.between(0..=60)),
        1 => later(day("2028-02-29"), -dice.between(0..=days)),
        _ => later(day(dice.pick(&["2027-01-01", "2028-01-01"])), -dice.between(1..=days)),
    }
}

/// Perhaps a pause that is over, perhaps one that still runs, perhaps extended, at odd times of day.
fn pauses_had(dice: &mut Dice, as_of: Day) -> Vec<PauseRequest> {
    let mut had = Vec::new();
    if dice.percent(20) {
        had.push(PauseRequest { at: later(as_of, -dice.between(20..=30)).start(), days: dice.between(1..=9) as u32 });
    }
    if dice.percent(35) {
        let odd = SimDuration::from_seconds(dice.pick(&[0, 1, 43_200, 55_123, 86_399]));
        let begun = dice.between(1..=5);
        let days = (begun + dice.between(-1..=4)).max(1) as u32;
        had.push(PauseRequest { at: later(as_of, -begun).start() + odd, days });
        if begun > 1 && dice.percent(30) {
            had.push(PauseRequest { at: later(as_of, -1).start(), days: 1 });
        }
    }
    had
}

/// Rules of pauses, and days used, such that so many days are left of each year as the size says.
fn budgets(dice: &mut Dice, size: &Size, as_of: Day, days: i64, had: &[PauseRequest]) -> (PauseRules, Vec<(i16, u32)>) {
    let charge = if dice.percent(60) { Charge::YearOfDay } else { Charge::YearOfGrant };
    let (freezes, freezes_report) = (dice.percent(75), dice.percent(60));
    let rules = PauseRules::default().with_freezes(freezes).with_freezes_report(freezes_report).with_charge(charge);
    let rules = |budget_days: u32| rules.with_budget_days(budget_days.into()).unwrap();
    let mut book = PauseBook::new();
    for pause in had {
        book.grant(&rules(366), pause.at, pause.days).unwrap();
    }
    let years = later(as_of, -40).civil().year()..=later(as_of, days).civil().year();
    let wanted: Vec<(i16, u32)> = years.map(|year| (year, dice.between(size.left.0..=size.left.1) as u32)).collect();
    let most = wanted.iter().map(|&(year, left)| book.used(year) + left).max().unwrap_or(0);
    let budget_days = most + dice.pick(&[0, 3, 60]);
    let used = wanted.iter().map(|&(year, left)| (year, budget_days - book.used(year) - left));
    (rules(budget_days), used.filter(|used| used.1 > 0).collect())
}

/// Short ladders, on which something happens within weeks, and the presets.
fn policy(dice: &mut Dice, rules: PauseRules) -> Policy {
    let ladder = match dice.between(0..=19) {
        0..=1 => ladders::microsoft_2023(),
        2..=3 => ladders::microsoft_2023_throttle_kept(),
        4..=6 => Ladder::all_at_once(),
        7 => Ladder::none(),
        _ => short_ladder(dice),
    };
    let layout = dice.pick(&[WindowLayout::Separate, WindowLayout::Adjacent, WindowLayout::Random]);
    let mut policy = Policy::with_defaults(ladder);
    policy.set_pauses(rules);
    policy.set_layout(layout);
    policy
}

fn short_ladder(dice: &mut Dice) -> Ladder {
    let count = dice.between(2..=5);
    let stage = |place: i64| {
        let throttle = dice.pick(&[0, 5, 20, 30]);
        let block = dice.pick(&[0, 5, 20, 30]);
        let report = place == 0 && dice.percent(60) || dice.percent(10);
        let minutes = if report { Minutes::NONE } else { Minutes::new(throttle, block).unwrap() };
        let days = dice.between(1..=if place == 0 { 4 } else { 3 });
        let last = place + 1 == count;
        let minutes = if last && dice.percent(70) { Minutes::ALL_BLOCKED } else { minutes };
        Stage::new(format!("s{place}"), (!last).then_some(days), minutes).unwrap()
    };
    Ladder::new("short", (0..count).map(stage).collect()).unwrap()
}

fn pause_terms(dice: &mut Dice) -> PauseTerms {
    PauseTerms { least_days: dice.pick(&[1, 1, 1, 1, 2, 3]), command: dice.pick(&[0.0, 0.0, 0.0, 0.0, 20.0]) }
}

fn weights(dice: &mut Dice) -> Weights {
    Weights {
        lost: dice.pick(&[1.0, 1.0, 1.0, 1.0, 3.25, 0.0]),
        delayed: dice.pick(&[0.01, 0.01, 0.5, 0.0]),
        exposure: dice.pick(&[0.0, 0.0, 0.001, 0.2]),
        pause_day: dice.pick(&[0.0, 1.0, 1.0, 40.0, 700.0, 9_000.0]),
        stability: 10.0,
    }
}

fn servers(dice: &mut Dice, size: &Size, as_of: Day, days: i64, crews: usize) -> PerServer<FleetServer> {
    let count = dice.between(size.servers.0..=size.servers.1) as usize;
    let mut servers: PerServer<FleetServer> = PerServer::new();
    for place in 0..count {
        let shared = servers.last().filter(|_| dice.percent(40)).map(|last| last.detected);
        let detected = shared.unwrap_or_else(|| detection(dice, as_of, days));
        servers.push(server(dice, size, as_of, days, detected, crews, place));
    }
    depend(dice, &mut servers);
    servers
}

/// Known for long, at the first midnight, during the plan at midnight or at an odd second, after it, or never.
fn detection(dice: &mut Dice, as_of: Day, days: i64) -> Option<SimTime> {
    let odd = SimDuration::from_seconds(dice.between(0..=86_399));
    match dice.between(0..=19) {
        0 => None,
        1..=2 => Some(as_of.start()),
        3..=8 => Some(later(as_of, -dice.between(1..=8)).start() + odd),
        9..=11 => Some(later(as_of, -dice.between(9..=100)).start()),
        12..=14 => Some(later(as_of, dice.between(0..=days / 2)).start()),
        15 => Some(later(as_of, dice.between(0..=days + 5)).start()),
        _ => Some(later(as_of, dice.between(0..=days / 2)).start() + odd),
    }
}

fn server(
    dice: &mut Dice,
    size: &Size,
    as_of: Day,
    days: i64,
    detected: Option<SimTime>,
    crews: usize,
    place: usize,
) -> FleetServer {
    let able: Vec<CrewIndex> = (0..crews).map(CrewIndex::from).filter(|_| dice.percent(60)).collect();
    let done = dice.percent(6).then(|| as_of.start() - SimDuration::from_seconds(dice.between(1..=900_000)));
    FleetServer {
        name: format!("server {place}"),
        product: brownout::builds::catalog().product("2019").unwrap(),
        build: "15.2.1544.36".parse().unwrap(),
        evidence: BuildEvidence::Exact("15.2.1544.36".parse().unwrap()),
        detected,
        volume: dice.pick(&[0, 1, 50_000, 400_000, 1_234_567, 7_000_001, 7_000_002, 90_000_000, 91_000_000]),
        route: Route::Upgrade,
        target: String::new(),
        work: work(dice),
        crews: if able.is_empty() { vec![CrewIndex::from(dice.between(0..=crews as i64 - 1) as usize)] } else { able },
        earliest: dice.percent(50).then(|| later(as_of, dice.between(-4..=days * 2 / 3))),
        windows: dice.percent(12).then(|| openings(dice, size, as_of, days)),
        depends_on: Vec::new(),
        dates: StatedDates::default(),
        wave: None,
        priority: 1,
        group: String::new(),
        done,
        in_hand: None,
        again: None,
        assessment: Assessment::default(),
        recommended: Vec::new(),
    }
}

fn work(dice: &mut Dice) -> Work {
    match dice.between(0..=5) {
        0 => Work::Lead(Spread::Fixed(dice.between(0..=9) as f64)),
        1 => Work::Lead(Spread::LogNormal { median: 2.5, sigma: 0.4 }),
        2 => Work::Days(Spread::Pert { min: 0.5, mode: 1.0, max: 3.0 }),
        _ => Work::Days(Spread::Fixed(dice.pick(&[0.0, 1.0, 1.0, 1.5, 2.0, 3.0]))),
    }
}

/// Lets some servers wait for others, in an order of its own, so that there is no ring.
fn depend(dice: &mut Dice, servers: &mut PerServer<FleetServer>) {
    let keys = PerServer::from(shuffle_keys(dice, servers.len()));
    for place in servers.keys() {
        let before: Vec<ServerIndex> =
            servers.keys().filter(|&other| (keys[other], other) < (keys[place], place)).collect();
        if !before.is_empty() && dice.percent(18) {
            servers[place].depends_on = vec![dice.pick(&before)];
        }
    }
}
