//! Lives at the corners of the rules, where two dates meet or a rule just begins to hold: every number follows by hand.

use brownout::experiment::{DailyMeasure, Measure};
use brownout::sim::EventClass;
use brownout::sim::agenda::Agenda;
use brownout::sim::slots::Slots;
use brownout::time::SimTime;

use crate::common::{BASELINE, PLAIN_BUILDS, StudyText, group, total};

/// Upgrades that are only made where they are planned.
const UPGRADE: &str = r#"upgrade: (to: "SE", per_month: 0)"#;

/// A study of `count` tenants with these servers, each a build and more fields.
fn listed(count: u32, servers: &[(&str, &str)], routes: &str, more: &str) -> StudyText {
    let server = |(i, (build, more)): (usize, &(&str, &str))| format!(r#"(name: "s{i}", build: "{build}", {more})"#);
    let servers: Vec<_> = servers.iter().enumerate().map(server).collect();
    let group = group("g", count, routes, more).replace("servers_per_tenant: [1], ", "");
    let group = group.replace(PLAIN_BUILDS, &format!("servers: [{}]", servers.join(", ")));
    StudyText { groups: vec![group], ..StudyText::default() }
}

/// Old servers, each with the date of its upgrade.
fn planned(count: u32, dates: &[&str], more: &str) -> StudyText {
    let plans: Vec<_> = dates.iter().map(|date| format!(r#"planned: (route: upgrade, on: "{date}")"#)).collect();
    let servers: Vec<_> = plans.iter().map(|plan| ("15.2.1544.36", plan.as_str())).collect();
    listed(count, &servers, UPGRADE, more)
}

/// A study with one text of its groups replaced, which must be there.
fn with(text: StudyText, from: &str, to: &str) -> StudyText {
    assert!(text.groups[0].contains(from), "{from}");
    StudyText { groups: vec![text.groups[0].replace(from, to)], ..text }
}

fn sum(text: &StudyText, measure: Measure) -> f64 {
    total(&text.run(1), 0, measure)
}

/// Server-days in a class of the first scenario.
fn days_in(text: &StudyText, class: &str) -> f64 {
    let results = text.run(1);
    let place = results.scenarios[0].class_names.iter().position(|name| name == class).unwrap();
    results.scenarios[0].daily(&DailyMeasure::Class(place)).iter().map(|day| day.0).sum()
}

/// Model: Policy.
#[test]
fn events_of_one_instant_run_in_the_promised_order() {
    use EventClass::{BaselineChange, Decision, Detection, PauseEnd, PauseStart, Remediation, StageChange};
    let order = [BaselineChange, PauseEnd, PauseStart, Remediation, StageChange, Detection, Decision];
    let (mut agenda, mut slots) = (Agenda::default(), [Slots::EMPTY; 2]);
    agenda.reset(1);
    for &class in order.iter().rev() {
        // Pauses are the tenant's, the other events a server's.
        let owner = usize::from(![PauseEnd, PauseStart].contains(&class));
        agenda.set(&mut slots[owner], class, SimTime::from_seconds(7));
        agenda.enter(owner, &slots[owner]);
    }
    let mut found = Vec::new();
    while let Some((_, class, owner)) = agenda.next(SimTime::from_seconds(8)) {
        found.push(class);
        slots[owner].clear(class);
        agenda.enter(owner, &slots[owner]);
    }
    assert_eq!(found, order);
}

/// Model: Policy.
#[test]
fn time_served_is_resumed_after_a_patch_made_in_compliance() {
    // Detected on 1 May and patched on the 11th, so 10 days are served. Every later update is decided on at once and done 30
    // days later: that of 29 May in compliance, that of 12 August 22 days after the baseline of 20 August.
    let policy = r#"relapse: resume, ladder: (stages: [(name: "report", days: 15), (name: "throttle-5", throttle: 5, block: 0)]),
        baselines: [(name: "a", effective: "2025-05-01", product: "2019", minimum: "15.2.1748.24", spread_days: 0),
                    (name: "b", effective: "2025-08-20", product: "2019", minimum: "15.2.1748.36", spread_days: 0)]"#;
    let server = ("15.2.1748.10", r#"planned: (route: patch, on: "2025-05-11")"#);
    let text = StudyText {
        start: "2025-03-01",
        horizon: "2025-12-01",
        policy: policy.to_owned(),
        ..listed(1, &[server], "patch: (per_month: 1000, lead: Fixed(30))", "")
    };
    // 5 days of the report stage are left, 17 of the 22 are throttled; decisions take an hour or so at 33 a day.
    assert!((days_in(&text, "throttle-5") - 17.0).abs() < 0.3, "{} days", days_in(&text, "throttle-5"));
}

/// Model: World.
#[test]
fn work_fits_between_two_appointments_that_lie_just_twice_the_gap_apart() {
    // Days 10 and 70 are taken; the third server wants day 12, has to wait until day 40, and is then 30 days from both.
    let text =
        with(planned(1, &["2026-09-17", "2026-11-16", "2026-09-19"], ""), "gap_days: Fixed(0)", "gap_days: Fixed(30)");
    assert_eq!(sum(&text, Measure::NonCompliantServerDays), 10.0 + 70.0 + 40.0);
}

/// Model: World.
#[test]
fn a_failed_attempt_is_made_again_and_does_not_stand_in_its_own_way() {
    // Half of the attempts fail and are made again a day later, although servers are to be 30 days apart.
    // seed 1, n 200: one failure on average, standard deviation sqrt(2); six standard errors are 0.6 days.
    let text = with(planned(200, &["2026-09-17"], ""), "gap_days: Fixed(0)", "gap_days: Fixed(30)");
    let text = with(text, "failure: (prob: 0)", "failure: (prob: 0.5, delay: Fixed(1))");
    let days = sum(&text, Measure::NonCompliantServerDays) / 200.0;
    assert!((days - 11.0).abs() < 0.6, "{days} days");
    assert_eq!(sum(&text, Measure::RemediatedUpgrade), 200.0);
}

/// Model: World.
#[test]
fn a_patch_never_takes_a_build_back() {
    // The server has a build for holders of extended security updates, which its tenant is not any more.
    let plan = [("15.2.1748.49", r#"planned: (route: patch, on: "2026-09-17")"#)];
    let text = listed(1, &plan, "patch: (per_month: 0)", "esu_share: 0");
    let policy = text.policy.replace("15.2.1748.39", "15.2.1748.42");
    assert_eq!(sum(&StudyText { policy, ..text }, Measure::NonCompliantServerDays), 0.0);
}

/// Model: Policy.
#[test]
fn the_known_detection_is_that_of_the_first_cycle_alone() {
    // Remediated by a patch, then non-compliant again: the second detection is spread over 30 days from 1 December on.
    let server = r#"first_detected: "2026-09-09", planned: (route: patch, on: "2026-09-17")"#;
    let text = listed(100, &[("15.2.1748.10", server)], "patch: (per_month: 0)", "esu_share: 1");
    let second =
        r#", (name: "later", effective: "2026-12-01", product: "2019", whole_product: true, spread_days: 30)]"#;
    let policy = format!("{}{second}", text.policy.strip_suffix(']').unwrap());
    // Two days to the first detection; of the two days behind the second baseline nearly all (29/30 on average).
    let unaware = days_in(&StudyText { policy, horizon: "2026-12-03", ..text }, "unaware") / 100.0;
    assert!((2.0 + 1.8..2.0 + 2.0).contains(&unaware), "{unaware} days");
}

/// Model: Mail.
#[test]
fn mail_that_expires_reaches_nobody() {
    let policy = format!(r#"ladder: (stages: [(name: "all", throttle: 60)]), {BASELINE}"#);
    let text = StudyText { policy, ..listed(10, &[("15.2.1544.36", "")], UPGRADE, "") };
    let sent = sum(&text, Measure::Sent);
    assert!(sent > 1_000.0);
    assert_eq!([Measure::Lost, Measure::LostExpired].map(|measure| sum(&text, measure)), [sent, sent]);
    assert_eq!(sum(&text, Measure::Exposure), 0.0);
}

/// Model: Policy.
#[test]
fn servers_are_fully_blocked_in_the_last_stage_alone_and_non_compliant_from_the_baseline_on() {
    let server = [("15.2.1544.36", r#"first_detected: "2026-09-17""#)];
    for (horizon, non_compliant_days, fully_blocked) in
        [("2026-09-12", 5.0, 0.0), ("2026-12-04", 88.0, 0.0), ("2026-12-17", 101.0, 1.0)]
    {
        let text = StudyText { horizon, ..listed(1, &server, UPGRADE, "") };
        assert_eq!(sum(&text, Measure::NonCompliantServerDays), non_compliant_days, "{horizon}");
        assert_eq!(sum(&text, Measure::StillNonCompliant), 1.0, "{horizon}");
        assert_eq!(sum(&text, Measure::StillFullyBlocked), fully_blocked, "{horizon}");
    }
}

/// Model: Policy.
#[test]
fn a_pause_until_the_work_is_done_covers_its_last_hours() {
    // Throttling begins on 7 October; the work is done on the first Saturday of December at 18:00, 59.75 days later.
    let text = with(
        planned(1, &["2026-12-01"], "pauses: [(plan: UntilDone)]"),
        "windows: []",
        r#"windows: [(day: "Sat", from: "18:00", hours: 6)]"#,
    );
    assert_eq!(sum(&text, Measure::PauseDays), 60.0);
    assert_eq!([Measure::Delayed, Measure::Lost].map(|measure| sum(&text, measure)), [0.0, 0.0]);
}

/// Model: Policy.
#[test]
fn short_pauses_return_after_their_gap() {
    // Throttled from day 30 on; paused on days 30-38, 43-51, 56-64 and from 69 on; the study ends with day 74.
    let text = listed(1, &[("15.2.1544.36", "")], UPGRADE, "pauses: [(plan: SeveralShort(days: 9, gap_days: 4))]");
    let text = StudyText { horizon: "2026-11-21", ..text };
    assert_eq!(days_in(&text, "paused"), 3.0 * 9.0 + 6.0);
    assert_eq!(sum(&text, Measure::PauseDays), 4.0 * 9.0);
}

/// Model: Policy.
#[test]
fn tenants_that_wait_for_the_block_pause_at_the_first_stage_that_blocks() {
    // Stage 5, the first to block, begins on day 60. A stage that blocks and does not throttle restricts as well.
    for (plan, ladder, before) in [
        ("WhenBlocked(days: 20)", r#"ladder: (preset: "microsoft-2023")"#, 60.0),
        ("OneLong(days: 20)", r#"ladder: (preset: "microsoft-2023")"#, 30.0),
        ("OneLong(days: 20)", r#"ladder: (stages: [(name: "r", days: 12), (name: "b", block: 10)])"#, 12.0),
    ] {
        let text = listed(1, &[("15.2.1544.36", "")], UPGRADE, &format!("pauses: [(plan: {plan})]"));
        let text = StudyText { policy: format!("{ladder}, {BASELINE}"), horizon: "2026-11-16", ..text };
        assert_eq!(days_in(&text, "paused"), 20f64.min(70.0 - before), "{plan}, {ladder}");
    }
}

/// Model: Mail.
#[test]
fn a_tenant_has_lost_what_its_server_lost_in_all_stages() {
    let text = listed(1, &[("15.2.1544.36", "")], UPGRADE, "");
    let (lost, of_tenant) = (sum(&text, Measure::Lost), sum(&text, Measure::LostByTenantP50));
    assert!(lost > 8_000.0 && (of_tenant / lost - 1.0).abs() <= 1.0 / 64.0, "{of_tenant} of {lost}");
}

/// Model: Mail.
#[test]
fn less_than_a_message_is_a_loss_and_rounds_to_the_nearest() {
    // 0.01 messages a day for 60 days, all blocked.
    let text = with(listed(1, &[("15.2.1544.36", "")], UPGRADE, ""), "Fixed(100)", "Fixed(0.01)");
    let policy = format!(r#"ladder: (preset: "all-at-once"), {BASELINE}"#);
    let text = StudyText { policy, horizon: "2026-11-06", ..text };
    assert!((0.5..0.7).contains(&sum(&text, Measure::Lost)));
    assert_eq!([Measure::TenantsLosingShare, Measure::LostByTenantP50].map(|m| sum(&text, m)), [1.0, 1.0]);
}

/// Model: Numbers.
#[test]
fn a_server_that_is_never_remediated_is_censored_at_the_horizon() {
    let results = listed(1, &[("15.2.1544.36", "")], UPGRADE, "").run(1);
    for curve in &results.scenarios[0].curves {
        assert_eq!((curve.total(), curve.censored[181]), (1, 1), "the first cycle, and the baseline's");
    }
}

/// Model: Policy.
#[test]
fn pauses_before_the_start_concern_their_own_tenant_alone() {
    // Detected 37 days before the start. Whoever paused 10 days has served 27 of the 30 days of the report stage.
    let more = r#"pauses: [(share: 0.5, plan: Never), (share: 0.5, plan: Fixed([(at: "2026-08-10", days: 10)]))]"#;
    let text = listed(100, &[("15.2.1544.36", r#"first_detected: "2026-08-01""#)], UPGRADE, more);
    let text = StudyText { policy: text.policy.replace("2026-09-07", "2026-08-01"), horizon: "2026-09-08", ..text };
    let paused = sum(&text, Measure::PauseDays) / 10.0;
    assert!((20.0..80.0).contains(&paused));
    assert_eq!([days_in(&text, "report"), days_in(&text, "throttle-5")], [paused, 100.0 - paused]);
}

/// Model: Policy.
#[test]
fn a_tenant_is_out_of_budget_from_the_grant_of_the_last_day_and_from_new_year_on() {
    // All days of both years are spent from 3 October on; the study ends on 7 March.
    let more = r#"pauses: [(plan: Fixed([(at: "2026-10-03", days: 180)]))]"#;
    let text = listed(1, &[("15.2.1544.36", "")], UPGRADE, more);
    assert_eq!([Measure::PauseDays, Measure::OutOfBudgetDays].map(|m| sum(&text, m)), [180.0, 155.0]);
    // Nobody notices a pause where nothing is enforced.
    let silent = StudyText { policy: format!(r#"ladder: (preset: "none"), {BASELINE}"#), ..text.clone() };
    assert_eq!([days_in(&text, "paused"), days_in(&silent, "paused")], [155.0, 0.0]);
}

/// Model: World.
#[test]
fn a_build_can_be_installed_on_the_day_of_its_release() {
    // 15.2.1748.53 was released on 2 October 2026, for holders of extended security updates.
    let plan = [("15.2.1748.39", r#"planned: (route: patch, on: "2026-10-02")"#)];
    let text = listed(1, &plan, "patch: (per_month: 0)", "esu_share: 1");
    let policy = text.policy.replace("15.2.1748.39", "15.2.1748.53");
    assert_eq!(sum(&StudyText { policy, ..text }, Measure::NonCompliantServerDays), 25.0);
}

/// Model: World.
#[test]
fn a_server_with_its_newest_build_is_not_patched() {
    // What the second baseline asks for is for holders of extended security updates alone.
    let second =
        r#", (name: "later", effective: "2027-01-01", product: "2019", minimum: "15.2.1748.42", spread_days: 0)]"#;
    let text = listed(20, &[("15.2.1748.39", "")], "patch: (per_month: 900)", "esu_share: 0");
    let policy = format!("{}{second}", text.policy.strip_suffix(']').unwrap());
    let text = StudyText { policy, ..text };
    assert_eq!([Measure::RemediatedBefore, Measure::StillNonCompliant].map(|m| sum(&text, m)), [0.0, 20.0]);
}

/// Model: World.
#[test]
fn the_first_of_the_competing_routes_is_taken() {
    let text =
        listed(200, &[("15.2.1544.36", "")], r#"upgrade: (to: "SE", per_month: 900), leave: (per_month: 0.01)"#, "");
    assert_eq!([Measure::RemediatedUpgrade, Measure::RemediatedLeave].map(|m| sum(&text, m)), [200.0, 0.0]);
}

/// Model: World.
#[test]
fn added_hazards_move_those_who_never_act_by_themselves() {
    let text = with(listed(50, &[("15.2.1544.36", "")], UPGRADE, ""), "never_share: 0", "never_share: 1");
    let response = "multiplier: Constant(1), added: (upgrade: Constant(5))".to_owned();
    assert_eq!(sum(&StudyText { response, ..text }, Measure::RemediatedUpgrade), 50.0);
}

/// Model: Numbers.
#[test]
fn fate_goes_by_the_first_remediation_and_never_is_the_horizon() {
    // Patched on 17 September in all scenarios; in the second, upgraded as well when the product goes out of bounds.
    let second = r#"(name: "later", effective: "2026-12-01", product: "2019", whole_product: true, spread_days: 0)]"#;
    let patched = r#"planned: (route: patch, on: "2026-09-17")"#;
    let routes = r#"patch: (per_month: 0), upgrade: (to: "SE", per_month: 900)"#;
    let text = listed(10, &[("15.2.1748.10", patched), ("15.2.1544.36", "")], routes, "esu_share: 1");
    let baselines = text.policy.split_once("baselines: ").unwrap().1.replace(']', &format!(", {second}"));
    let text = StudyText {
        scenarios: vec![
            r#"(name: "first")"#.into(),
            format!(r#"(name: "again", set: {{"policy.baselines": {baselines}}})"#),
            r#"(name: "idle", set: {"world.groups[*].routes.upgrade.per_month": 0})"#.into(),
        ],
        ..text
    };
    let results = text.run(1);
    let [again, idle] = [1, 2].map(|scenario| &results.scenarios[scenario].fate[0]);
    assert_eq!([again.servers, idle.servers], [[0, 20, 0], [0, 10, 10]]);
    assert_eq!([again.tenants, idle.tenants], [[0, 10, 0], [0, 0, 10]], "who never upgrades loses more");
    // From the first hours to the horizon there are 180 whole days.
    assert!(
        idle.days_later.counts().iter().all(|(days, _)| days.abs_diff(180) * 64 <= 180 * 2),
        "{:?}",
        idle.days_later
    );
}
