//! Where the model leaves a choice or two rules meet: what brownout does, each by a number that follows by hand.

use brownout::experiment::Run;
use brownout::experiment::{DailyMeasure, Measure, Results};
use brownout::mail::calendar::YearEnd;
use brownout::mail::{Calendar, CalendarShape};
use brownout::telling::{tables, warnings};
use brownout::time::{DAY_SECONDS, SimTime};

use crate::common::{BASELINE, PLAIN_BUILDS, StudyText, brownout, group, total, values, write};

/// Upgrades that are only made where they are planned.
const UPGRADE: &str = r#"upgrade: (to: "SE", per_month: 0)"#;
/// A build that meets [`BASELINE`].
const COMPLIANT: &str = r#"builds: [(build: "15.2.1748.39", share: 1)]"#;

/// One tenant with servers of an old build, each with these fields.
fn servers(fields: &[&str], routes: &str, more: &str) -> StudyText {
    let server = |(i, more): (usize, &&str)| format!(r#"(name: "s{i}", build: "15.2.1544.36", {more})"#);
    let servers: Vec<_> = fields.iter().enumerate().map(server).collect();
    let group = group("g", 1, routes, more).replace("servers_per_tenant: [1], ", "");
    StudyText {
        groups: vec![group.replace(PLAIN_BUILDS, &format!("servers: [{}]", servers.join(", ")))],
        ..StudyText::default()
    }
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

/// The default study with a second baseline that nothing of 2019 meets, from 1 December on.
fn raised(text: StudyText) -> StudyText {
    let second = r#", (name: "raise", effective: "2026-12-01", product: "2019", whole_product: true, spread_days: 0)]"#;
    StudyText { policy: format!("{}{second}", text.policy.strip_suffix(']').unwrap()), ..text }
}

/// Model: World.
#[test]
fn servers_that_meet_every_baseline_do_nothing() {
    let routes = r#"patch: (per_month: 900), upgrade: (to: "SE", per_month: 900), leave: (per_month: 900)"#;
    for effective in ["2026-01-01", "2026-09-07", "2026-11-01", "2027-02-01"] {
        let group = group("fine", 50, routes, "").replace(PLAIN_BUILDS, COMPLIANT);
        let policy =
            StudyText::default().policy.replace("effective: \"2026-09-07\"", &format!("effective: \"{effective}\""));
        let text = StudyText { policy, groups: vec![group], ..StudyText::default() };
        assert_eq!(sum(&text, Measure::RemediatedBefore), 0.0, "{effective}");
        // Nobody left: all send to the end.
        let sent = sum(&text, Measure::Sent);
        let idle = StudyText { groups: vec![text.groups[0].replace("900", "0")], ..text };
        assert_eq!(sent, sum(&idle, Measure::Sent), "{effective}");
    }
}

/// Model: World.
#[test]
fn without_any_baseline_nothing_is_remediated() {
    let text = StudyText {
        policy: r#"ladder: (preset: "microsoft-2023"), baselines: []"#.to_owned(),
        ..servers(
            &[r#"planned: (route: upgrade, on: "2026-10-01")"#],
            r#"upgrade: (to: "SE", per_month: 900), leave: (per_month: 900)"#,
            "",
        )
    };
    assert_eq!(sum(&text, Measure::RemediatedBefore), 0.0);
}

/// Model: World.
#[test]
fn a_server_is_remediated_before_its_detection_once() {
    // Everyone patches within hours of the start and again with every release, and leaves at last: one server, one count.
    let routes = "patch: (per_month: 900), leave: (per_month: 2)";
    let policy = r#"ladder: (preset: "microsoft-2023"), baselines: [
        (name: "b", effective: "2027-01-07", product: "2019", whole_product: true, spread_days: 0)]"#;
    let group = group("g", 60, routes, "esu_share: 1");
    let text = StudyText {
        start: "2025-01-01",
        horizon: "2027-01-07",
        policy: policy.to_owned(),
        groups: vec![group],
        ..StudyText::default()
    };
    assert_eq!(sum(&text, Measure::RemediatedBefore), 60.0);
}

/// Model: World.
#[test]
fn a_server_remediated_before_its_detection_has_no_first_cycle() {
    // Upgraded a week before the only baseline of 2019; then one for SE reaches it, which is no first cycle of its.
    let policy = r#"ladder: (preset: "microsoft-2023"), baselines: [
        (name: "old", effective: "2026-09-20", product: "2019", whole_product: true, spread_days: 0),
        (name: "se", effective: "2026-11-01", product: "SE", whole_product: true, spread_days: 0)]"#;
    let text = servers(&[r#"planned: (route: upgrade, on: "2026-09-13")"#, ""], UPGRADE, "");
    let results = StudyText { policy: policy.to_owned(), ..text }.run(1);
    let totals: Vec<i64> = results.scenarios[0].curves.iter().map(|curve| curve.total()).collect();
    assert_eq!(totals, [1, 1, 1], "first cycles: the other server alone; then one for each entry");
    assert_eq!(total(&results, 0, Measure::RemediatedBefore), 1.0);
}

/// Model: Policy.
#[test]
fn a_known_detection_counts_from_its_baseline_whether_that_lies_before_or_behind_the_start() {
    // A second decides nothing: the baseline a second before the start, at it, and a second behind.
    let days = |effective: &str| {
        let policy =
            StudyText::default().policy.replace("effective: \"2026-09-07\"", &format!("effective: \"{effective}\""));
        let text = servers(&[r#"first_detected: "2026-06-01""#], UPGRADE, "");
        days_in(&StudyText { policy, horizon: "2026-12-07", ..text }, "report")
    };
    for effective in ["2026-09-06T23:59:59Z", "2026-09-07T00:00:00Z", "2026-09-07T00:00:01Z"] {
        assert!((days(effective) - 30.0).abs() < 2.0 / 86_400.0, "{effective}: {} days of report", days(effective));
    }
}

/// Model: Policy.
#[test]
fn without_a_budget_every_tenant_is_out_of_it() {
    let policy = format!(r#"pauses: (budget_days: 0), ladder: (preset: "microsoft-2023"), {BASELINE}"#);
    for plan in ["", "pauses: [(plan: UntilDone)]", r#"pauses: [(plan: Fixed([(at: "2026-08-01", days: 9)]))]"#] {
        let text = StudyText {
            policy: policy.clone(),
            horizon: "2027-03-07",
            groups: vec![group("g", 7, UPGRADE, plan)],
            ..StudyText::default()
        };
        let results = text.run(1);
        assert_eq!(total(&results, 0, Measure::OutOfBudgetDays), 7.0 * 181.0, "{plan}");
        assert_eq!(total(&results, 0, Measure::PauseDays), 0.0, "{plan}");
        let daily = results.scenarios[0].daily(&DailyMeasure::OutOfBudget);
        assert!(daily.iter().all(|day| day.0 == 7.0), "{plan}");
    }
}

/// Model: World.
#[test]
fn gaps_are_kept_from_appointments_ahead_and_past() {
    // Servers are 3 days apart. Both want day 10: the second gets day 13. Or it wants day 11, when the first is done: day 13 as well.
    for second in ["2026-09-17", "2026-09-18"] {
        let plans = ["2026-09-17", second].map(|on| format!(r#"planned: (route: upgrade, on: "{on}")"#));
        let text = servers(&[plans[0].as_str(), plans[1].as_str()], UPGRADE, "");
        let apart = text.groups[0].replace("gap_days: Fixed(0)", "gap_days: Fixed(3)");
        let text = StudyText { groups: vec![apart], ..text };
        assert_eq!(sum(&text, Measure::NonCompliantServerDays), 10.0 + 13.0, "{second}");
    }
}

/// Model: Policy.
#[test]
fn the_gap_between_short_pauses_runs_from_the_end_of_what_was_granted() {
    // Restricted from 7 October on. Of a budget of 12 days the second pause gets 3 of 9; the third waits for the new year. Without a
    // year to renew the behaviour ends when it finds nothing left.
    let plan = "pauses: [(plan: SeveralShort(days: 9, gap_days: 4))]";
    let text = servers(&[""], UPGRADE, plan);
    let policy = format!("pauses: (budget_days: 12), {}", text.policy);
    let text = StudyText { policy, horizon: "2026-12-31", ..text };
    assert_eq!(sum(&text, Measure::PauseDays), 12.0);
    assert_eq!(days_in(&text, "paused"), 12.0);
}

/// Model: Policy.
#[test]
fn a_pause_until_the_work_is_done_is_capped_by_horizon_and_budget() {
    // Restricted from day 30 on, work due on day 110: 80 days wanted.
    let due = |horizon, budget: u32| {
        let text = servers(&[r#"planned: (route: upgrade, on: "2026-12-26")"#], UPGRADE, "pauses: [(plan: UntilDone)]");
        let policy = format!("pauses: (budget_days: {budget}), {}", text.policy);
        sum(&StudyText { policy, horizon, ..text }, Measure::PauseDays)
    };
    assert_eq!(due("2027-03-07", 90), 80.0);
    assert_eq!(due("2027-03-07", 50), 50.0);
    // The horizon lies 20 and a half days behind the beginning: rounded up.
    assert_eq!(due("2026-10-27T12:00:00Z", 90), 21.0);
}

/// Model: Policy.
#[test]
fn pause_days_before_the_start_are_counted_in_the_year_of_the_start() {
    // Ten days in 2025, twelve in 2026 before the start, five behind it.
    let plan = r#"pauses: [(plan: Fixed([(at: "2025-12-22", days: 10), (at: "2026-08-01", days: 12), (at: "2026-10-20", days: 5)]))]"#;
    let results = servers(&[""], UPGRADE, plan).run(2);
    assert_eq!(values(&results, 0, Measure::PauseDays), [17.0, 17.0]);
    assert_eq!(results.scenarios[0].pause_years().collect::<Vec<_>>(), [2026]);
}

/// Model: Policy.
#[test]
fn a_server_never_detected_begins_at_the_first_stage_under_every_rule_of_relapse() {
    // Patched before the first baseline, detected under the second: nothing was served that could be resumed or entered behind.
    for relapse in ["restart", "resume", r#"enter_at("throttle-20")"#] {
        let text = servers(&[r#"planned: (route: patch, on: "2026-09-08")"#], "patch: (per_month: 0)", "esu_share: 1");
        let text = raised(StudyText { policy: text.policy.replace("2026-09-07", "2026-09-15"), ..text });
        let policy = format!("relapse: {relapse}, {}", text.policy);
        let text = StudyText { policy, horizon: "2026-12-20", ..text };
        assert_eq!(days_in(&text, "report"), 19.0, "{relapse}");
    }
}

/// Model: Mail.
#[test]
fn calendar_levels_are_parts_per_million_and_a_week_is_a_week() {
    let at = |text: &str| text.parse::<SimTime>().unwrap();
    let mut shape = CalendarShape::even();
    shape.set_weekday_shares([1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
    shape.set_year_end(YearEnd::new((12, 23), (1, 3), 1.0 / 3.0).ok());
    // A week from Monday: 7/3 of a day on three days, 2333333 parts per million and the week's rest of 1 on the busiest.
    let calendar = Calendar::new(&shape, at("2026-09-07"), at("2027-01-04"));
    let seconds = |from: usize, to: usize| calendar.level_seconds_before(to) - calendar.level_seconds_before(from);
    let day = |day: usize| seconds(day, day + 1) / DAY_SECONDS;
    let mut week: Vec<i64> = (0..7).map(day).collect();
    week.sort_unstable();
    assert_eq!(week, [0, 0, 0, 0, 2_333_333, 2_333_333, 2_333_334]);
    assert_eq!(seconds(0, 7), 7_000_000 * DAY_SECONDS);
    // 28 December, a Monday of the quiet weeks: 7/9 of a day, rounded to the nearest.
    assert_eq!(day(112), 777_778);
}

/// A table of a run as rows of named cells.
fn rows(bytes: &[u8]) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().unwrap().clone();
    let row =
        |record: csv::StringRecord| names.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn mixed() -> StudyText {
    let routes = r#"patch: (per_month: 0.3), upgrade: (to: "SE", per_month: 0.4), leave: (per_month: 0.1)"#;
    let group = group(
        "g",
        60,
        routes,
        "pauses: [(share: 0.5, plan: OneLong(days: 80), renew: true), (share: 0.5, plan: Never)]",
    );
    StudyText {
        groups: vec![group],
        scenarios: [r#"(name: "first")"#, r#"(name: "none", set: {"policy.ladder": (preset: "none")})"#]
            .map(str::to_owned)
            .to_vec(),
        ..StudyText::default()
    }
}

fn with_run<T>(text: &StudyText, replications: u32, read: impl Fn(Run<'_>) -> T) -> T {
    let study = text.study();
    let results: Results = crate::common::run(&study, replications);
    read(Run { study: &study, results: &results })
}

/// Model: Numbers.
#[test]
fn pause_days_by_calendar_year_are_a_table() {
    let (years, all) =
        with_run(&mixed(), 6, |run| (rows(&tables::pause_years(run).csv()), rows(&tables::summary(run).csv())));
    let number = |row: &std::collections::BTreeMap<String, String>, key: &str| row[key].parse::<f64>().unwrap();
    let names: Vec<_> = years.iter().map(|row| (row["scenario"].as_str(), row["year"].as_str())).collect();
    assert_eq!(names, [("first", "2026"), ("first", "2027"), ("none", "2026"), ("none", "2027")]);
    let pauses = all
        .iter()
        .find(|row| row["scenario"] == "first" && row["measure"] == "pause_days" && row["group"] == "all")
        .unwrap();
    let sum: f64 = years[..2].iter().map(|row| number(row, "mean")).sum();
    assert!((sum * 60.0 - number(pauses, "mean")).abs() < 1e-9);
    assert!(
        number(&years[0], "mean_low") < number(&years[0], "mean")
            && number(&years[0], "p05") <= number(&years[0], "p95")
    );
    assert_eq!((years[2]["mean"].as_str(), years[2]["n"].as_str()), ("0", "6"));
}

/// Model: Numbers.
#[test]
fn every_table_says_which_interval_it_gives() {
    let headers = with_run(&mixed(), 3, |run| {
        [
            tables::summary(run).csv(),
            tables::series(run).bytes(),
            tables::survival(run).bytes(),
            tables::differences(run).csv(),
            tables::pause_years(run).csv(),
        ]
        .map(|csv| String::from_utf8(csv).unwrap().lines().next().unwrap().to_owned())
    });
    for header in &headers {
        let columns: Vec<&str> = header.split(',').collect();
        assert!(!columns.contains(&"low") && !columns.contains(&"high"), "{header}");
        let has = |name: &str| columns.contains(&name);
        assert!(has("mean_low") || has("survival_low") || has("p05"), "{header}");
    }
}

/// Model: Numbers.
#[test]
fn curves_in_the_table_never_turn_back_and_add_up() {
    let found = with_run(&mixed(), 4, |run| rows(&tables::survival(run).bytes()));
    let number = |row: &std::collections::BTreeMap<String, String>, key: &str| row[key].parse::<f64>().unwrap();
    assert!(found.len() > 200);
    for pair in found
        .windows(2)
        .filter(|pair| pair[0]["scenario"] == pair[1]["scenario"] && pair[0]["curve"] == pair[1]["curve"])
    {
        for key in ["incidence_patch", "incidence_upgrade", "incidence_leave"] {
            assert!(number(&pair[0], key) <= number(&pair[1], key), "{key} falls: {pair:?}");
        }
        assert!(number(&pair[0], "survival") >= number(&pair[1], "survival"));
        let left = ["patched", "upgraded", "left", "censored"].iter().map(|key| number(&pair[0], key)).sum::<f64>();
        assert_eq!(number(&pair[0], "at_risk") - left, number(&pair[1], "at_risk"));
    }
    for row in &found {
        let sum: f64 = ["survival", "incidence_patch", "incidence_upgrade", "incidence_leave"]
            .iter()
            .map(|key| number(row, key))
            .sum();
        assert!((sum - 1.0).abs() < 1e-12, "{row:?}");
    }
}

/// Model: Numbers.
#[test]
fn intervals_of_few_replications_or_rare_counts_are_warned_of() {
    let words = |text: &StudyText, replications: u32| with_run(text, replications, warnings::of).join("\n");
    let plenty = StudyText {
        groups: vec![group("g", 300, r#"upgrade: (to: "SE", per_month: 0.2)"#, "")],
        ..StudyText::default()
    };
    assert_eq!(words(&plenty, 5), "");
    assert!(words(&plenty, 1).contains("one replication gives no interval"));
    assert!(words(&plenty, 4).contains("every interval rests on 4 replications"), "{}", words(&plenty, 4));
    // One server in all replications leaves nearly surely, and hardly a second; all servers of the others upgrade.
    let rare = StudyText {
        groups: vec![group("g", 40, r#"upgrade: (to: "SE", per_month: 0.2), leave: (per_month: 0.003)"#, "")],
        ..plenty.clone()
    };
    let found = words(&rare, 5);
    assert!(found.contains("fewer than 10 servers or tenants") && found.contains("remediated_leave ("), "{found}");
}

/// Model: Numbers.
#[test]
fn a_study_whose_numbers_would_not_fit_is_refused_in_words() {
    let stages: Vec<_> = (0..199).map(|i| format!(r#"(name: "s{i}", days: 30, throttle: {})"#, i % 60)).collect();
    let policy = format!(r#"ladder: (stages: [{}, (name: "end", block: 60)]), {BASELINE}"#, stages.join(", "));
    let text = StudyText { horizon: "2046-09-01", policy, ..StudyText::default() };
    let directory = tempfile::tempdir().unwrap();
    let large = text.ron().replace("replications: 2,", "replications: 4000,");
    write(directory.path(), "large.ron", &large);
    for arguments in [["check", "large.ron"], ["run", "large.ron"]] {
        let refused = brownout(&directory).args(arguments).assert().code(2);
        let told = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
        assert!(told.contains("200 stages") && told.contains("at most 2048 MiB"), "{told}");
    }
    write(directory.path(), "small.ron", &text.ron());
    brownout(&directory).args(["check", "small.ron"]).assert().code(0);
    let refused = brownout(&directory).args(["run", "small.ron", "--replications", "4000"]).assert().code(2);
    assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains("at most 2048 MiB"));
}
