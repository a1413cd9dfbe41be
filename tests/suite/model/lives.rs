//! Single lives whose every number can be said beforehand.

use brownout::experiment::{DailyMeasure, Measure};
use brownout::world::{PerRoute, Route};

use crate::common::{PLAIN_BUILDS, StudyText, group, total, values};

/// Servers in a class at the last day, by name.
fn on_the_last_day(text: &StudyText, class: &str) -> f64 {
    let results = text.run(1);
    let scenario = &results.scenarios[0];
    let place = scenario.class_names.iter().position(|name| name == class).unwrap();
    scenario.daily(&DailyMeasure::Class(place)).last().unwrap().0
}

/// A group of one tenant with these servers, for whom nothing is decided.
fn listed(servers: &str) -> String {
    let group = group("one", 1, r#"upgrade: (to: "SE", per_month: 0)"#, "");
    let (before, after) = group.split_once("builds: [(build: \"15.2.1544.36\", share: 1)]").unwrap();
    format!("{before}servers: [{servers}]{after}").replace("servers_per_tenant: [1], ", "")
}

/// Model: World.
#[test]
fn a_gap_of_none_is_no_gap() {
    // Three servers decide within hours; without a gap all are done by the second day, with one of 30 days they are not.
    let with = |gap: &str| {
        let routes = r#"upgrade: (to: "SE", per_month: 900)"#;
        let servers = group("g", 50, routes, "").replace("servers_per_tenant: [1]", "servers_per_tenant: [0, 0, 1]");
        StudyText { groups: vec![servers.replace("Fixed(0)", gap)], ..StudyText::default() }
    };
    let days = |gap: &str| total(&with(gap).run(1), 0, Measure::NonCompliantServerDays) / 150.0;
    assert!(days("None") < 0.2, "{} days", days("None"));
    assert_eq!(days("None"), days("Fixed(0)"));
    // The second waits 30 days for the first, the third 60.
    assert!((days("Fixed(30)") - 30.0).abs() < 0.2, "{} days", days("Fixed(30)"));
}

/// Model: World.
#[test]
fn a_lead_of_none_for_one_product_is_no_lead() {
    let with = |lead: &str| {
        let routes =
            format!(r#"upgrade: (to: "SE", per_month: 900, lead: Fixed(50), by_product: {{"2019": (lead: {lead})}})"#);
        StudyText { groups: vec![group("g", 50, &routes, "")], ..StudyText::default() }
    };
    let days = |lead: &str| total(&with(lead).run(1), 0, Measure::NonCompliantServerDays) / 50.0;
    assert!(days("None") < 0.2, "{} days", days("None"));
    assert!((days("Fixed(7)") - 7.0).abs() < 0.2, "{} days", days("Fixed(7)"));
}

/// Model: Policy.
#[test]
fn a_server_detected_before_its_baseline_is_detected_when_it_becomes_non_compliant() {
    // The baseline comes into force on 2026-10-07, 30 days after the start. 151 days later the last stage is long reached.
    let with = |detected: &str| {
        let policy = StudyText::default().policy.replace("2026-09-07", "2026-10-07");
        let server = format!(r#"(name: "s", build: "15.2.1544.36", first_detected: "{detected}")"#);
        StudyText { policy, groups: vec![listed(&server)], ..StudyText::default() }
    };
    for detected in ["2026-08-01", "2026-09-07", "2026-09-20", "2026-10-07", "2026-11-01"] {
        assert_eq!(on_the_last_day(&with(detected), "block-all"), 1.0, "first detected {detected}");
    }
    // What was reported before the baseline does not count: 25 days after it the report stage is not over.
    for detected in ["2026-08-01", "2026-09-20", "2026-10-07"] {
        let text = StudyText { horizon: "2026-11-01", ..with(detected) };
        assert_eq!(on_the_last_day(&text, "report"), 1.0, "first detected {detected}");
    }
    // Under a baseline in force before the start, time before the start counts.
    let server = r#"(name: "s", build: "15.2.1544.36", first_detected: "2026-06-07")"#;
    let policy = StudyText::default().policy.replace("2026-09-07", "2026-06-01");
    let early = StudyText { horizon: "2026-09-08", policy, groups: vec![listed(server)], ..StudyText::default() };
    assert_eq!(on_the_last_day(&early, "block-all"), 1.0);
}

/// Model: World.
#[test]
fn a_server_that_leaves_after_an_earlier_remediation_is_gone_at_the_horizon() {
    // Every server patches within days of the start, long before the second baseline; then it leaves, a day or so later.
    let second = r#", (name: "later", effective: "2027-03-01", product: "2019", whole_product: true, spread_days: 0)]"#;
    let policy = StudyText::default().policy;
    let policy = format!("{}{second}", policy.strip_suffix(']').unwrap());
    let routes = r#"patch: (per_month: 300), leave: (per_month: 10)"#;
    let builds = |group: String| group.replace("15.2.1544.36", "15.2.1748.10");
    let text =
        StudyText { policy, groups: vec![builds(group("g", 200, routes, "esu_share: 1"))], ..StudyText::default() };
    let study = text.study();
    let runner = brownout::experiment::Runner::new(&study);
    let tally = &runner.replicate(0, &|_| {})[0].groups[0];
    let gone = tally.servers - tally.at_horizon.iter().sum::<i64>();
    assert!(tally.remediated[Route::Patch] > 100, "{:?}", tally.remediated);
    assert!(gone > 100 && tally.remediated[Route::Leave] < 50, "{gone} are gone, {:?}", tally.remediated);
    // All were detected at the start, so whoever left in compliance had been remediated before, but not before its detection.
    assert_eq!(tally.remediated_before, PerRoute::default());
}

/// Model: World.
#[test]
fn an_upgrade_waits_for_its_target_and_never_leads_to_the_same_product() {
    let routes = r#"upgrade: (to: "SE", per_month: 1000)"#;
    // Exchange SE was released on 2025-07-01; nobody can upgrade before, everybody does at once afterwards.
    let text = StudyText {
        start: "2025-01-01",
        horizon: "2026-01-01",
        policy: r#"ladder: (preset: "none"), baselines: [
            (name: "b", effective: "2025-01-01", product: "2013", whole_product: true, spread_days: 0)]"#
            .to_owned(),
        groups: vec![
            group("old", 50, routes, "").replace(PLAIN_BUILDS, r#"builds: [(build: "15.0.1497.48", share: 1)]"#),
        ],
        ..StudyText::default()
    };
    let results = text.run(1);
    let days = values(&results, 0, Measure::MedianDays)[0];
    assert!((181.0..=183.0).contains(&days), "the first of July is day 181, found {days}");
    // A target that no build of which complies is no way out, and a server is never upgraded to what it has.
    let shut = text.policy.replace(
        "baselines: [",
        r#"baselines: [
            (name: "se", effective: "2025-01-01", product: "SE", whole_product: true, spread_days: 0), "#,
    );
    let results = StudyText { policy: shut, ..text }.run(1);
    assert_eq!(values(&results, 0, Measure::StillNonCompliant), [50.0]);
}

/// Model: Numbers.
#[test]
fn times_of_servers_detected_before_the_start_count_from_their_detection() {
    let server = r#"servers: [(name: "s", build: "15.2.1544.25", first_detected: "2026-01-01",
        planned: (route: upgrade, on: "2026-06-15"))]"#;
    let text = StudyText {
        start: "2026-06-01",
        horizon: "2026-07-01",
        policy: r#"ladder: (preset: "microsoft-2023"), baselines: [
            (name: "b", effective: "2026-01-01", product: "2019", minimum: "15.2.1748.39", spread_days: 0)]"#
            .to_owned(),
        groups: vec![group("one", 1, r#"upgrade: (to: "SE")"#, "").replace(PLAIN_BUILDS, server)],
        ..StudyText::default()
    };
    assert_eq!(values(&text.run(1), 0, Measure::MedianDays), [165.0]);
}
