//! What does not happen must be counted as not happening.

use brownout::experiment::Scope;
use brownout::experiment::{DailyMeasure, Measure};

use crate::common::{StudyText, group, total};

#[test]
fn without_hazard_every_server_is_censored_at_the_horizon() {
    let routes = r#"patch: (per_month: 0), upgrade: (to: "SE", per_month: 0), leave: (per_month: 0)"#;
    let text = StudyText { groups: vec![group("plain", 500, routes, "")], ..StudyText::default() };
    let results = text.run(3);
    let curve = &results.scenarios[0].curves[0];
    assert_eq!(curve.remediated.iter().flatten().sum::<i64>(), 0);
    // From 2026-09-07 to 2027-03-07 there are 181 days.
    assert_eq!(curve.censored[181], 1500);
    assert_eq!(curve.total(), 1500);
    assert_eq!(total(&results, 0, Measure::StillNonCompliant), 1500.0);
    assert_eq!(total(&results, 0, Measure::StillFullyBlocked), 1500.0);
    assert_eq!(total(&results, 0, Measure::NonCompliantServerDays), 1500.0 * 181.0);
    let median: Vec<_> = results.scenarios[0].values(Scope::All, Measure::MedianDays);
    assert_eq!(median, [None; 3], "a median that is never reached is not a number");
}

#[test]
fn without_budget_nothing_is_paused() {
    let pauses = r#"pauses: [(share: 0.25, plan: OneLong(days: 30)), (share: 0.25, plan: UntilDone, renew: true),
        (share: 0.25, plan: SeveralShort(days: 5, gap_days: 2), renew: true),
        (share: 0.25, plan: Fixed([(at: "2026-10-01", days: 10)]))]"#;
    let routes = r#"upgrade: (to: "SE", per_month: 0.1, lead: Fixed(20))"#;
    let text = StudyText {
        groups: vec![group("plain", 400, routes, pauses)],
        scenarios: vec![
            r#"(name: "no budget", set: {"policy.pauses.budget_days": 0})"#.to_owned(),
            r#"(name: "usual budget")"#.to_owned(),
        ],
        ..StudyText::default()
    };
    let results = text.run(2);
    let paused_days = |scenario: usize| {
        let scenario = &results.scenarios[scenario];
        let paused = DailyMeasure::Class(scenario.class_names.len() - 1);
        scenario.daily(&paused).iter().map(|day| day.0).sum::<f64>()
    };
    assert_eq!((total(&results, 0, Measure::PauseDays), paused_days(0)), (0.0, 0.0));
    // The same tenants with a budget do pause, so the zero is no accident.
    assert!(total(&results, 1, Measure::PauseDays) > 1000.0);
    assert!(paused_days(1) > 1000.0);
}

#[test]
fn servers_that_no_baseline_concerns_never_enter_the_curve() {
    let text = StudyText {
        groups: vec![
            group("new", 300, r#"upgrade: (to: "SE", per_month: 5)"#, "").replace("15.2.1544.36", "15.2.1748.39"),
        ],
        ..StudyText::default()
    };
    let results = text.run(2);
    assert_eq!(results.scenarios[0].curves[0].total(), 0);
    assert_eq!(total(&results, 0, Measure::NonCompliantServerDays), 0.0);
    assert_eq!(total(&results, 0, Measure::RemediatedBefore), 0.0);
}
