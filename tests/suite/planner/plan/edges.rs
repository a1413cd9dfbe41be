//! Cases with a known answer.

use brownout::builds::Naming;
use brownout::catalog::BuildEvidence;
use brownout::draws::Spread;
use brownout::ladders;
use brownout::mail::CalendarShape;
use brownout::planner::assessment::Assessment;
use brownout::planner::cost::tariff::points;
use brownout::planner::{
    Basis, Crew, Desk, FleetServer, Parts, PauseTerms, Project, Risk, Solution, StatedDates, Weights, Work, solve,
};
use brownout::policy::history;
use brownout::policy::{Granted, PauseBook, PauseRequest, Policy, Spent};
use brownout::retries;
use brownout::time::{Day, SimTime};
use brownout::world::{Openings, Route};

use super::small::keeps_every_rule;

pub(super) fn at(text: &str) -> SimTime {
    text.parse().unwrap()
}

/// A server of 1,000 messages a day that is cut over without any work before.
pub(super) fn server(detected: Option<&str>) -> FleetServer {
    FleetServer {
        name: "mail01".to_owned(),
        product: brownout::builds::catalog().product("2019").unwrap(),
        build: "15.2.1544.36".parse().unwrap(),
        evidence: BuildEvidence::Exact("15.2.1544.36".parse().unwrap()),
        detected: detected.map(at),
        volume: 1_000_000,
        route: Route::Upgrade,
        target: String::new(),
        work: Work::Days(Spread::Fixed(0.0)),
        crews: vec![0.into()],
        earliest: None,
        windows: None,
        depends_on: Vec::new(),
        dates: StatedDates::default(),
        wave: None,
        priority: 1,
        group: String::new(),
        done: None,
        in_hand: None,
        again: None,
        assessment: Assessment::default(),
        recommended: Vec::new(),
    }
}

/// A crew that works every day and at any time, and full pause budgets.
pub(super) fn project(as_of: &str, horizon: &str, servers: Vec<FleetServer>) -> Project {
    let crew = Crew {
        name: "north".to_owned(),
        works: [true; 7],
        holidays: Vec::new(),
        jobs: 1,
        openings: Openings::default(),
        extra: Vec::new(),
    };
    // Those that were given no name of their own are counted.
    let named = |(server, number): (FleetServer, u32)| match server.name.as_str() {
        "mail01" => FleetServer { name: format!("mail{number:02}"), ..server },
        _ => server,
    };
    let parts = Parts {
        name: "edge".to_owned(),
        question: String::new(),
        tenant: None,
        as_of: at(as_of).day(),
        horizon: at(horizon).day(),
        policy: Policy::with_defaults(ladders::microsoft_2023()),
        catalog: brownout::builds::catalog().clone(),
        servers: servers.into_iter().zip(1..).map(named).collect(),
        left_out: Vec::new(),
        crews: vec![crew].into(),
        gap_days: 0,
        spent: Spent::default(),
        pauses_inferred: Vec::new(),
        may_pause: true,
        pause_terms: PauseTerms::FREE,
        desk: Desk::default(),
        clock: None,
        weights: Weights::default(),
        risk: Risk::default(),
        calendar: CalendarShape::default(),
        retry: retries::MAILBOX,
        seed: 1,
        replications: 1,
        search_seconds: 10,
        former: None,
    };
    Project::new(parts).unwrap()
}

/// The plan, after all checks that hold for any.
fn plan(project: &Project) -> Solution {
    let basis = Basis::new(project);
    let found = solve(&basis).expect("a plan");
    keeps_every_rule(project, &basis, &found);
    assert!(found.is_optimal());
    found
}

fn paused(found: &Solution) -> usize {
    found.draft.pauses.iter().filter(|&&day| day).count()
}

/// MODEL 10: a tenant with all of both budgets pausing from 3 October is paused for 180 days. Work is possible at the very end
/// only and every message would be lost until then, so that this is the best plan, and the only one that loses nothing.
#[test]
fn both_budgets_carry_a_blocked_server_over_new_year() {
    for (from, resumes, horizon) in
        [("2026-10-03", "2027-04-01", "2027-04-20"), ("2027-10-03", "2028-03-31", "2028-04-20")]
    {
        let earliest = Day::from_number(at(resumes).day().number());
        let blocked = FleetServer { earliest: Some(earliest), ..server(Some("2026-01-01")) };
        let project = project(from, horizon, vec![blocked]);
        let found = plan(&project);
        assert_eq!((paused(&found), points(found.draft.cost)), (180, 180.0), "a pause day weighs one message");

        let basis = Basis::new(&project);
        let grants = basis.space.grants_of(&found.draft.pauses);
        let requests: Vec<PauseRequest> = grants.iter().map(Granted::request).collect();
        let years = [at(from).year(), at(resumes).year()];
        let new_year = PauseRequest { at: SimTime::year_start(years[1]), days: 90 };
        assert_eq!(requests, [PauseRequest { at: at(from), days: 90 }, new_year]);

        let (policy, mut book) = (&project.policy, PauseBook::new());
        let grants = book.grant_all(policy.pauses(), &requests).unwrap();
        let periods = history(policy, at("2026-01-01"), &grants);
        let pause = periods.iter().find(|period| period.paused).unwrap();
        let after = periods.last().unwrap();
        assert_eq!((pause.from, pause.to, after.from), (at(from), at(resumes), at(resumes)));
        assert_eq!((after.stage, after.served), (pause.stage, pause.served), "it resumes where it stood");
        assert_eq!(years.map(|year| book.left(policy.pauses(), year)), [0, 0]);

        // One more day of waiting cannot be paid: a day's mail is lost.
        let next = Day::from_number(earliest.number() + 1);
        let late = plan(&project.with(|parts| parts.servers.raw[0].earliest = Some(next)).unwrap());
        assert_eq!(paused(&late), 180);
        assert!(late.draft.cost > found.draft.cost);
    }
}

#[test]
fn upgrading_everything_before_detection_costs_nothing() {
    let servers = (0..4).map(|_| server(Some("2026-11-01T06:00:00Z"))).collect();
    let found = plan(&project("2026-10-01", "2026-12-01", servers));
    assert_eq!((found.draft.cost, paused(&found)), (0, 0));
}

/// The report stage restricts nothing, so nothing is lost or delayed in it either.
#[test]
fn upgrading_everything_before_the_first_restriction_costs_nothing() {
    let servers = (0..4).map(|_| server(Some("2026-09-20"))).collect();
    let found = plan(&project("2026-10-01", "2026-12-01", servers));
    assert_eq!((found.draft.cost, paused(&found)), (0, 0));
}

#[test]
fn servers_that_are_never_detected_cost_nothing() {
    let found = plan(&project("2026-10-01", "2026-10-08", vec![server(None), server(None)]));
    assert_eq!((found.draft.cost, paused(&found)), (0, 0));
}

#[test]
fn a_fleet_that_is_done_needs_no_plan() {
    let done = FleetServer { done: Some(at("2026-09-30T22:00:00Z")), ..server(Some("2026-01-01")) };
    let found = plan(&project("2026-10-01", "2026-12-01", vec![done]));
    assert_eq!((found.draft.cost, found.draft.schedule.len(), paused(&found)), (0, 0, 0));
}

#[test]
fn a_zero_budget_pauses_nothing() {
    let mut project = project("2026-10-01", "2026-12-01", vec![server(Some("2026-01-01"))]);
    project.change(|parts| parts.servers.raw[0].earliest = Some(at("2026-10-11").day())).unwrap();
    assert_eq!(paused(&plan(&project)), 10);
    let rules = project.policy.pauses().with_budget_days(0).unwrap();
    project.change(|parts| parts.policy.set_pauses(rules)).unwrap();
    let found = plan(&project);
    assert_eq!(paused(&found), 0);
    let even = project.with(|parts| parts.calendar = CalendarShape::even()).unwrap();
    assert_eq!(points(plan(&even).draft.cost), 10_000.0, "ten days of 1,000 messages");
}

#[test]
fn a_plan_of_one_day_takes_what_the_day_offers() {
    let one = |detected| vec![server(Some(detected))];
    let found = plan(&project("2026-10-01", "2026-10-02", one("2026-01-01")));
    assert_eq!((found.draft.cost, found.draft.schedule.raw[0]), (0, 0.into()), "at midnight, before any mail is lost");
    let two = vec![server(Some("2026-01-01")), server(Some("2026-01-01"))];
    let project = project("2026-10-01", "2026-10-02", two);
    assert_eq!(solve(&Basis::new(&project)), None, "one crew does one job a day");
}

#[test]
fn a_plan_of_no_day_has_room_for_no_job() {
    let project = project("2026-10-01", "2026-10-01", vec![server(Some("2026-01-01"))]);
    assert_eq!(solve(&Basis::new(&project)), None);
}
