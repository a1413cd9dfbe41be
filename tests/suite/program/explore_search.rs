//! Searches over levers and selections among schedules: known answers, bytes, and what stands beside a front.

use std::path::Path;

use tempfile::TempDir;

use crate::common::{StudyText, brownout, group, write};

/// Two schedules in a small world whose tenants pause once, for 40 days, as far as their budget goes.
pub(crate) fn study() -> StudyText {
    StudyText {
        groups: vec![group(
            "plain",
            40,
            "upgrade: (to: \"SE\", per_month: 0.3)",
            "pauses: [(share: 1, plan: OneLong(days: 40))]",
        )],
        response: "multiplier: Constant(1), added: (upgrade: Constant(0))".to_owned(),
        scenarios: vec![
            "(name: \"ladder\")".to_owned(),
            "(name: \"none\", set: { \"policy.ladder\": (preset: \"none\") })".to_owned(),
            "(name: \"at once\", set: { \"policy.ladder.preset\": \"all-at-once\" })".to_owned(),
        ],
        ..StudyText::default()
    }
}

/// Less lost and fewer pause days: without a budget nobody pauses, and a pause only puts losses off.
pub(crate) const FILE: &str = r#"(
    version: 1, study: "study.ron", tenants: 20, futures: (points: 20, replications: 2),
    schedules: ["ladder", "at once"],
    levers: [(name: "budget", path: "policy.pauses.budget_days", range: Integer(0, 90))],
    unknowns: [(name: "rate", path: "world.**.routes.upgrade.per_month", how: Times, dist: LogUniform(0.5, 2))],
    structures: [
        (name: "nobody waits", set: { "world.response.multiplier": Constant(50) }),
        (name: "as it is", set: {}),
    ],
    outcomes: [(measure: "lost", wish: Less), (measure: "pause_days", wish: Less)],
    steps: [
        Search(Nsga2(population: 8, generations: 4), confirm: (replications: 12, certainty: 0.9), futures: 3,
            against: "nobody waits"),
        Select(Kn(measure: "lost", delta: 1e3, first: 4, most: 300)),
        Select(Ocba(measure: "lost", first: 4, batch: 10, most: 60), certainty: 0.9),
    ],
)"#;

fn explored(file: &str, threads: &str) -> (TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study().ron());
    write(directory.path(), "ask.ron", file);
    let assert =
        brownout(&directory).args(["explore", "ask.ron", "--out", "out", "--threads", threads]).assert().success();
    let words = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    (directory, words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The columns of a table by name: one value for each row.
fn column(folder: &Path, table: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(folder.join("out").join(table)).unwrap();
    let at = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
}

fn numbers(folder: &Path, table: &str, name: &str) -> Vec<f64> {
    column(folder, table, name).iter().map(|cell| cell.parse().unwrap()).collect()
}

#[test]
fn a_search_finds_the_budget_without_pauses_and_its_bytes_do_not_hang_on_threads() {
    let (one, _) = explored(FILE, "1");
    let (two, _) = explored(FILE, "2");
    for name in ["front.csv", "search.csv", "selection.csv", "report.html", "front.png", "manifest.json"] {
        let bytes = |folder: &TempDir| std::fs::read(folder.path().join("out").join(name)).unwrap();
        assert_eq!(bytes(&one), bytes(&two), "{name}");
    }
    let folder = one.path();
    let structures = column(folder, "front.csv", "structure");
    let (budgets, days) = (numbers(folder, "front.csv", "budget"), numbers(folder, "front.csv", "pause_days"));
    let own: Vec<usize> = (0..structures.len()).filter(|&at| structures[at].is_empty()).collect();
    let none = own.iter().find(|&&at| budgets[at] == 0.0).expect("the budget of 0 days is undominated in pause days");
    assert_eq!(days[*none], 0.0);
    // A budget spends no more than it has: 20 tenants stand for 40, and all seven months lie in two calendar years.
    for &at in &own {
        assert!(days[at] <= 2.0 * 40.0 * budgets[at], "{} pause days of a budget of {}", days[at], budgets[at]);
    }
    let evaluations = numbers(folder, "search.csv", "evaluations");
    assert!(evaluations.len() == 4 && evaluations[3] <= 32.0 && evaluations.is_sorted(), "{evaluations:?}");
}

#[test]
fn a_front_is_never_told_without_what_carries_it() {
    let (folder, words) = explored(FILE, "2");
    assert!(words.contains("Asked against “nobody waits”"), "{words}");
    let page = std::fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    assert!(page.contains("Asked against “nobody waits”"));
    // Only what was asked for: the other structure is compared as the schedules are, and not lived by the search.
    let structures = column(folder.path(), "front.csv", "structure");
    assert!(structures.iter().any(|name| name == "nobody waits") && structures.iter().all(|name| name != "as it is"));
    // Without structures the page says that nobody asked.
    let alone = FILE.replace(", futures: 3,\n            against: \"nobody waits\"", "");
    let start = alone.find("    structures:").unwrap();
    let alone = format!("{}{}", &alone[..start], &alone[alone.find("    outcomes:").unwrap()..]);
    let (_, words) = explored(&alone, "2");
    assert!(words.contains("asked against no other structure"), "{words}");
}

#[test]
fn a_selection_takes_the_schedule_that_loses_nothing() {
    let file = FILE.replace("schedules: [\"ladder\", \"at once\"]", "schedules: [\"ladder\", \"none\", \"at once\"]");
    let (folder, words) = explored(&file, "2");
    let (by, schedule) =
        (column(folder.path(), "selection.csv", "by"), column(folder.path(), "selection.csv", "schedule"));
    let chosen = column(folder.path(), "selection.csv", "chosen");
    let found: Vec<(&str, &str)> =
        (0..by.len()).filter(|&at| chosen[at] == "true").map(|at| (by[at].as_str(), schedule[at].as_str())).collect();
    assert_eq!(found, [("KN", "none"), ("OCBA", "none")], "{words}");
    let lived = numbers(folder.path(), "selection.csv", "replications");
    let of = |method: &str| (0..by.len()).filter(|&at| by[at] == method).map(|at| lived[at]).collect::<Vec<_>>();
    // KN asks each schedule left alike. OCBA spends all it has: 60, unless a schedule has no spread to weigh by.
    assert!(of("KN").iter().all(|&count| (4.0..=300.0).contains(&count)), "{:?}", of("KN"));
    assert!(of("OCBA").iter().sum::<f64>() <= 60.0);
    assert!(of("OCBA").iter().sum::<f64>() == 60.0 || words.contains("the rest was not spent"), "{words}");
}

#[test]
fn a_run_says_what_is_not_known_beside_what_luck_leaves_open() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study().ron());
    let run = |more: &[&str]| {
        let assert = brownout(&directory)
            .args(["run", "study.ron", "--no-charts", "--force", "--out", "run"])
            .args(more)
            .assert()
            .success();
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    let plain = run(&[]);
    let told = run(&["--explore", "20"]);
    // The run itself is the same to the letter; the second interval stands below it.
    assert!(told.starts_with(&plain), "{told}");
    let second: Vec<&str> = told.lines().filter(|line| line.contains("with what is not known")).collect();
    assert_eq!(second.len(), 3, "{told}");
    assert!(told.contains("ladder: luck only") && told.contains("20 futures, each a draw of"), "{told}");
    // A finished exploration gives its own spans; one of another study is refused.
    let explored = ["explore", "study.ron", "--no-charts", "--out", "explored"];
    brownout(&directory).args(explored).assert().success();
    let beside = run(&["--explore", "explored"]);
    assert!(beside.contains("the futures of explored"), "{beside}");
    write(directory.path(), "study.ron", &study().ron().replace("seed: 1", "seed: 2"));
    let refused =
        brownout(&directory).args(["run", "study.ron", "--explore", "explored", "--out", "no"]).assert().code(2);
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(told.contains("is an exploration of another study"), "{told}");
    assert!(!directory.path().join("no").exists());
}

#[test]
fn what_a_run_says_of_futures_is_a_frame_for_programs() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study().ron());
    let run = |study: &str, more: &[&str]| {
        let arguments = ["run", study, "--no-charts", "--force", "--replications", "3", "--out", "run"];
        let output = brownout(&directory).args(arguments).args(more).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let json = |study: &str, more: &[&str]| -> serde_json::Value {
        serde_json::from_str(&run(study, &[more, &["--json"]].concat()).1).unwrap()
    };
    // The frames of the run are those without futures, and there is one more.
    let (plain, mut told) = (json("study.ron", &[]), json("study.ron", &["--explore", "20"]));
    let frame = told["tables"].as_object_mut().unwrap().remove("unknown").unwrap();
    let words = told.as_object_mut().unwrap().remove("unknown").unwrap();
    assert!(words.as_str().unwrap().contains("20 futures, each a draw of"), "{words}");
    assert_eq!(told, plain);
    let rows = frame["rows"].as_array().unwrap();
    for row in rows {
        let is_same = |one: &&serde_json::Value| {
            one["group"] == "all" && ["scenario", "measure"].iter().all(|name| one[name] == row[name])
        };
        let summary = plain["tables"]["summary"]["rows"].as_array().unwrap().iter().find(is_same).unwrap();
        for name in ["unit", "mean", "mean_low", "mean_high", "level", "n"] {
            assert_eq!(row[name], summary[name], "{name} of {row}");
        }
        assert!(row["p5"].as_f64() <= row["median"].as_f64() && row["median"].as_f64() <= row["p95"].as_f64(), "{row}");
    }
    // As CSV it is the table that is printed; quiet, only that.
    let (code, csv, error) = run("study.ron", &["--explore", "20", "--format", "csv", "-q"]);
    assert_eq!((code, csv.lines().count()), (Some(0), rows.len() + 1), "{error}");
    assert!(csv.starts_with("scenario,measure,unit,mean,") && !error.contains("note:"), "{csv}{error}");
    let (code, _, error) = run("study.ron", &["--explore", "20", "-q"]);
    assert!(code == Some(2) && error.contains("--json or --format csv"), "{error}");
    // The futures of a study by name have its scenarios, also where an exploration of that name has others.
    let shipped = json("quickstart", &["--explore", "20"]);
    let rows = shipped["tables"]["unknown"]["rows"].as_array().unwrap();
    let lost = |name: &str| rows.iter().find(|row| row["scenario"] == name && row["measure"] == "lost").unwrap();
    assert_eq!(lost("no enforcement")["p95"], 0.0);
    assert!(lost("no pause")["p5"].as_f64() > Some(0.0));
}
