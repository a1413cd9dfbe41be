//! Same input, same bytes: whatever the threads, whatever else the study holds.

use brownout::experiment::Scope;
use std::collections::BTreeMap;
use std::path::Path;

use brownout::draws::{DrawSource, TenantId};
use brownout::experiment::results::Banded;
use brownout::experiment::{DailyMeasure, Measure, Replicate, Results, Runner, ScenarioResults};
use brownout::study::Study;
use brownout::world::group::GroupSampler;
use brownout::world::{Tenant, make_tenant};
use tempfile::TempDir;

use crate::common::{BASELINE, StudyText, brownout, group, run, write};

const ROUTES: &str = r#"patch: (per_month: 0.2, lead: LogNormal(median: 14, sigma: 0.8)),
    upgrade: (to: "SE", per_month: 0.05, lead: Pert(min: 5, mode: 20, max: 60)), leave: (per_month: 0.02)"#;
const PAUSES: &str = r#"pauses: [(share: 0.4, plan: Never), (share: 0.2, plan: OneLong(days: 40), renew: true),
    (share: 0.2, plan: SeveralShort(days: 7, gap_days: 3), renew: true), (share: 0.2, plan: UntilDone)]"#;

/// A group with every chance there is.
fn wild(name: &str, count: u32) -> String {
    group(name, count, ROUTES, &format!("{PAUSES}, esu_share: 0.3"))
        .replace("servers_per_tenant: [1]", "servers_per_tenant: [4, 2, 1]")
        .replace("sigma: 0, never_share: 0", "sigma: 1.2, never_share: 0.15")
        .replace("windows: []", r#"windows: [(day: "Sat", from: "18:00", hours: 6)]"#)
        .replace("freezes: []", r#"freezes: [(from: "12-15", to: "01-02", share: 0.6)]"#)
        .replace("failure: (prob: 0)", "failure: (prob: 0.1, delay: LogNormal(median: 10, sigma: 0.7))")
        .replace("gap_days: Fixed(0)", "gap_days: LogNormal(median: 7, sigma: 0.7)")
        .replace("messages_per_day: Fixed(100)", "messages_per_day: LogNormal(median: 560, sigma: 1.4)")
}

/// A study of two groups, large enough for several chunks of tenants, and these scenarios.
fn study(groups: &[String], scenarios: &[&str]) -> StudyText {
    StudyText {
        seed: 99,
        horizon: "2027-02-07",
        policy: format!(
            r#"ladder: (preset: "microsoft-2023"), {}"#,
            BASELINE.replace("spread_days: 0", "spread_days: 30")
        ),
        response: String::new(),
        groups: groups.to_vec(),
        scenarios: scenarios.iter().map(|scenario| (*scenario).to_owned()).collect(),
        ..StudyText::default()
    }
}

const FIRST: &str = r#"(name: "first")"#;
const NONE: &str = r#"(name: "none", set: {"policy.ladder": (preset: "none")})"#;
const ADJACENT: &str = r#"(name: "adjacent", set: {"policy.layout": adjacent, "world.groups[*].failure.prob": 0.5})"#;

fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries.map(|e| (e.file_name().into_string().unwrap(), std::fs::read(e.path()).unwrap())).collect()
}

fn run_program(directory: &TempDir, out: &str, arguments: &[&str]) -> (BTreeMap<String, Vec<u8>>, String) {
    let mut command = brownout(directory);
    let output = command.args(["run", "study.ron", "--out", out]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap().replace(&format!("files in {out};"), "files in OUT;");
    (files(&directory.path().join(out)), text)
}

#[test]
fn one_two_and_seven_threads_and_a_second_run_give_equal_bytes() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study(&[wild("a", 5000), wild("b", 300)], &[FIRST, NONE, ADJACENT]).ron());
    let (one, printed) = run_program(&directory, "one", &["--threads", "1"]);
    assert!(one.len() > 6 && one.keys().any(|name| name.ends_with(".png")), "{:?}", one.keys());
    for (out, threads) in [("two", "2"), ("seven", "7"), ("again", "1")] {
        let (files, again) = run_program(&directory, out, &["--threads", threads]);
        let moved: Vec<_> = one.iter().filter(|(name, bytes)| files.get(*name) != Some(bytes)).map(|f| f.0).collect();
        assert!(moved.is_empty() && files.len() == one.len(), "{threads} threads move {moved:?}");
        assert_eq!(again, printed, "{threads} threads");
    }
    let (other, _) = run_program(&directory, "seed", &["--threads", "2", "--seed", "100", "--no-charts"]);
    assert_ne!(other["summary.csv"], one["summary.csv"], "another seed gives other numbers");
}

#[test]
fn small_and_large_replications_agree_on_any_number_of_threads() {
    // With one thread 12 chunks count as a large replication, with seven as a small one: other paths, same numbers.
    let study = study(&[wild("a", 24_000)], &[FIRST, NONE]).study();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        every_number(&pool.install(|| run(&study, 3)))
    };
    let one = on(1);
    assert_eq!(on(2), one);
    assert_eq!(on(7), one);
}

/// Every number of every scenario by replication.
fn replicates(study: &Study, replications: u32) -> Vec<Vec<Replicate>> {
    let runner = Runner::new(study);
    let tallies: Vec<_> = (0..replications).map(|number| runner.replicate(number, &|_| {})).collect();
    let scenario = |(s, rules)| tallies.iter().map(|tallies| Replicate::read(rules, &tallies[s])).collect();
    runner.rules().iter().enumerate().map(scenario).collect()
}

/// Every number that results give about every scenario.
fn every_number(results: &Results) -> Vec<(Vec<Option<f64>>, Vec<Banded>)> {
    let numbers = |scenario: &ScenarioResults| {
        let scopes = Scope::each(scenario.fate.len());
        let values = scopes.flat_map(|scope| Measure::ALL.map(move |measure| scenario.values(scope, measure)));
        let daily = DailyMeasure::all(scenario.class_names.len());
        let banded = daily.iter().flat_map(|measure| [scenario.daily(measure), scenario.weekly(measure)]);
        (values.flatten().collect(), banded.flatten().chain((2026..=2027).map(|y| scenario.pause_days(y))).collect())
    };
    results.scenarios.iter().map(numbers).collect()
}

#[test]
fn an_added_replication_changes_no_other_number() {
    let study = study(&[wild("a", 400)], &[FIRST, NONE]).study();
    let (three, five) = (replicates(&study, 3), replicates(&study, 5));
    for (three, five) in three.iter().zip(&five) {
        assert_eq!(three[..], five[..3]);
        assert_ne!(five[3], five[4], "replications differ");
    }
}

#[test]
fn an_added_scenario_changes_no_other_number() {
    let groups = [wild("a", 400), wild("b", 200)];
    let two = replicates(&study(&groups, &[FIRST, NONE]).study(), 2);
    let three = replicates(&study(&groups, &[ADJACENT, NONE, FIRST]).study(), 2);
    assert_eq!((&three[2], &three[1]), (&two[0], &two[1]));
    assert_ne!(three[0], three[2]);
}

#[test]
fn an_added_group_changes_no_number_of_the_others() {
    let alone = replicates(&study(&[wild("a", 400), wild("b", 200)], &[FIRST, NONE]).study(), 2);
    let edge = wild("c", 300).replace("esu_share: 0.3", "esu_share: 0.3, retry: Edge");
    let more = replicates(&study(&[edge, wild("b", 200), wild("a", 400)], &[FIRST, NONE]).study(), 2);
    for (alone, more) in alone.iter().zip(&more) {
        for (alone, more) in alone.iter().zip(more) {
            assert_eq!(alone.totals[1], more.totals[3], "group a");
            assert_eq!(alone.totals[2], more.totals[2], "group b");
            assert_ne!(more.totals[1], more.totals[3], "other names draw other numbers");
        }
    }
}

#[test]
fn added_servers_and_added_fields_leave_the_first_servers_alone() {
    // What is drawn for tenant k and its server 0 depends neither on the number of its servers nor on freezes or routes.
    let first_servers = |text: &StudyText| -> Vec<(u64, String, u64, usize)> {
        let study = text.study();
        let world = &study.scenarios()[0].world;
        let sampler = GroupSampler::new(&world.groups()[0], 0);
        let source = DrawSource::new(study.seed(), 0);
        let mut tenant = Tenant::default();
        let each = |number| {
            let mut draws = source.tenant(TenantId::new(world.groups()[0].key(), number));
            make_tenant(&sampler, number, &mut draws, &mut tenant);
            let server = tenant.servers[0];
            (server.volume, server.build.to_string(), tenant.diligence.to_bits(), tenant.behaviour)
        };
        (0..200).map(each).collect()
    };
    let mixed = wild("a", 200).replace(
        r#"[(build: "15.2.1544.36", share: 1)]"#,
        r#"[(build: "15.2.1544.36", share: 1), (build: "15.2.1748.10", share: 2)]"#,
    );
    let one = first_servers(&study(&[mixed.replace("[4, 2, 1]", "[1]")], &[FIRST]));
    let more =
        mixed.replace("[4, 2, 1]", "[0, 1, 5]").replace("freezes: [", r#"freezes: [(from: "07-01", to: "08-01"), "#);
    assert_eq!(first_servers(&study(&[more], &[FIRST])), one);
    assert!(one.iter().any(|server| server.1 != one[0].1) && one.iter().any(|server| server.3 != one[0].3));
    assert_ne!(
        first_servers(&study(&[mixed.replace("\"a\"", "\"b\"")], &[FIRST])),
        one,
        "the name of the group counts"
    );
}

#[test]
fn a_change_of_one_kind_of_chance_leaves_the_others_alone() {
    // Failing attempts change neither who decides when nor what is drawn for the mail: decisions before the first attempt
    // are the same, so with a lead beyond the horizon every number is.
    let lead = |prob: &str| {
        let group = wild("a", 300)
            .replace("LogNormal(median: 14, sigma: 0.8)", "Fixed(4000)")
            .replace("Pert(min: 5, mode: 20, max: 60)", "Fixed(4000)")
            .replace("leave: (per_month: 0.02)", "leave: (per_month: 0.02, lead: Fixed(4000))")
            .replace("prob: 0.1", prob);
        replicates(&study(&[group], &[FIRST, NONE]).study(), 2)
    };
    assert_eq!(lead("prob: 0.1"), lead("prob: 0.9"));
}

#[test]
fn identical_scenarios_differ_by_exactly_nothing() {
    // The second writes the preset out stage by stage; it means the same.
    let written = r#"(name: "written out", set: {"policy.ladder": (stages: [(name: "report", days: 30),
        (name: "throttle-5", days: 10, throttle: 5), (name: "throttle-10", days: 10, throttle: 10),
        (name: "throttle-20", days: 10, throttle: 20), (name: "block-5", days: 10, throttle: 30, block: 5),
        (name: "block-10", days: 10, block: 10), (name: "block-20", days: 10, block: 20), (name: "block-all", block: 60)]),
        "world.groups[0].count": 300})"#;
    let directory = tempfile::tempdir().unwrap();
    let text = study(&[wild("a", 300), wild("b", 100)], &[FIRST, r#"(name: "twin")"#, written, NONE]);
    write(directory.path(), "study.ron", &text.ron());
    let (files, _) = run_program(&directory, "out", &["--no-charts", "--replications", "4"]);
    let rows = |name: &str| -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(files[name].as_slice()).deserialize().map(Result::unwrap).collect()
    };
    let differences = rows("differences.csv");
    let (same, other): (Vec<_>, Vec<_>) = differences.iter().partition(|row| row["scenario"] != "none");
    assert!(same.len() > 2 * 3 * 10 && !other.is_empty());
    for row in same {
        assert_eq!([&row["mean"], &row["mean_low"], &row["mean_high"]], ["0", "0", "0"], "{row:?}");
        assert_eq!((row["verdict"].as_str(), row["variance_ratio"].as_str()), ("the same", ""), "{row:?}");
    }
    assert!(other.iter().any(|row| row["mean"] != "0" && row["verdict"] != "the same"), "a real difference shows");
    for row in rows("fate.csv") {
        let moved =
            ["servers_earlier", "servers_later", "tenants_lose_less", "tenants_lose_more"].map(|k| row[k] != "0");
        assert_eq!(moved.contains(&true), row["scenario"] == "none", "{row:?}");
        assert!(row["servers_same"].parse::<u64>().unwrap() > 0, "{row:?}");
    }
}

#[test]
fn every_daily_number_is_finite() {
    let results = study(&[wild("a", 200)], &[FIRST, ADJACENT]).run(2);
    for scenario in &results.scenarios {
        for measure in DailyMeasure::all(scenario.class_names.len()) {
            let days = scenario.daily(&measure);
            assert_eq!(days.len(), scenario.days);
            assert!(
                days.iter().all(|(mean, band)| mean.is_finite() && *mean >= 0.0 && band.0 <= band.1),
                "{measure:?}"
            );
        }
    }
}
