//! What-ifs from the command line, shipped files by name, and files given to the wrong command.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::common::brownout;

const SMALL: [&str; 3] = ["--replications", "2", "--no-charts"];

fn run(directory: &TempDir, arguments: &[&str]) -> Output {
    brownout(directory).args(arguments).output().unwrap()
}

fn done(directory: &TempDir, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(directory: &TempDir, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

/// Runs with `--json` and returns the document.
fn json(directory: &TempDir, arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&done(directory, &[arguments, &SMALL, &["--json"]].concat())).unwrap()
}

fn names(document: &serde_json::Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for row in document["tables"]["summary"]["rows"].as_array().unwrap() {
        let name = row["scenario"].as_str().unwrap().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn mean(document: &serde_json::Value, scenario: &str, measure: &str) -> f64 {
    let rows = document["tables"]["summary"]["rows"].as_array().unwrap();
    let is =
        |row: &&serde_json::Value| row["scenario"] == scenario && row["group"] == "all" && row["measure"] == measure;
    rows.iter().find(is).unwrap()["mean"].as_f64().unwrap()
}

#[test]
fn a_study_by_its_name_gives_the_bytes_of_its_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/exchange-2023.ron");
    done(&directory, &[&["run", "exchange-2023", "--out", "named"], &SMALL[..]].concat());
    done(&directory, &[&["run", path.to_str().unwrap(), "--out", "file"], &SMALL[..]].concat());
    assert_eq!(files(&directory.path().join("named")), files(&directory.path().join("file")));
}

#[test]
fn what_ifs_change_all_scenarios_or_stand_beside_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let whole = json(&directory, &["run", "quickstart", "--out", "a"]);
    let every = json(&directory, &["run", "quickstart", "--out", "b", "--set", "policy.pauses.budget_days=0"]);
    assert_eq!(names(&every), names(&whole));
    assert_eq!(
        mean(&every, "announced ladder", "lost"),
        mean(&whole, "no pause", "lost"),
        "the same change by another door"
    );
    let beside = ["run", "quickstart", "--out", "c", "--set", "policy.pauses.budget_days=0", "--vs"];
    let beside = json(&directory, &beside);
    assert_eq!(names(&beside), ["announced ladder", "pauses.budget_days = 0"]);
    assert_eq!(mean(&beside, "pauses.budget_days = 0", "lost"), mean(&whole, "no pause", "lost"));
    let scan = json(&directory, &["run", "quickstart", "--out", "d", "--scan", "policy.pauses.budget_days*=0,0.5,1"]);
    let scanned = names(&scan);
    assert_eq!(scanned.len(), 4);
    let lost: Vec<f64> = scanned.iter().map(|name| mean(&scan, name, "lost")).collect();
    assert_eq!((lost[1], lost[3]), (mean(&whole, "no pause", "lost"), lost[0]), "{scanned:?}");
    let told = done(&directory, &["verify", "c"]);
    assert!(told.contains("identical"), "{told}");
}

#[test]
fn a_change_that_is_wrong_is_told_with_its_remedy() {
    let directory = tempfile::tempdir().unwrap();
    let told = refused(&directory, &["run", "quickstart", "--set", "policy.pauses.budget_dayz=0"]);
    assert!(told.contains("what-if options:2:") && told.contains("did you mean \"budget_days\"?"), "{told}");
    let told = refused(&directory, &["run", "quickstart", "--set", "policy.pauses.budget_days"]);
    assert!(told.contains("PATH*=0.5 to multiply"), "{told}");
    let told = refused(&directory, &["run", "quickstart", "--target", "lots < 3"]);
    assert!(told.contains("did you mean \"lost\"?"), "{told}");
    assert!(!directory.path().join("output").exists(), "nothing half-written");
}

#[test]
fn targets_say_in_how_many_replications_they_are_met() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["run", "quickstart", "--target", "lost < 1e300", "--target", "lost > 1e300", "--out", "a"];
    let document = json(&directory, &arguments);
    let rows = document["tables"]["targets"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    assert!(rows[..4].iter().all(|row| row["replications_that_meet_it"] == 2 && row["prob"] == 1.0));
    assert!(rows[4..].iter().all(|row| row["prob"] == 0.0 && row["prob_high"].as_f64().unwrap() > 0.5));
}

#[test]
fn values_of_every_replication_have_the_means_of_the_summary() {
    let directory = tempfile::tempdir().unwrap();
    let document = json(&directory, &["run", "quickstart", "--out", "a"]);
    let text = fs::read_to_string(directory.path().join("a/values.csv")).unwrap();
    let mut lines = text.lines();
    let column = lines.next().unwrap().split(',').position(|name| name == "lost").unwrap();
    let lost: Vec<f64> = lines
        .filter(|line| line.starts_with("announced ladder,"))
        .map(|line| line.split(',').nth(column).unwrap().parse().unwrap())
        .collect();
    let expected = mean(&document, "announced ladder", "lost");
    assert!(lost.len() == 2 && ((lost[0] + lost[1]) / 2.0 / expected - 1.0).abs() < 1e-12);
}

#[test]
fn an_identical_run_is_replaced_and_another_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = [&["run", "quickstart"], &SMALL[..]].concat();
    done(&directory, &arguments);
    let before = files(&directory.path().join("output/quickstart"));
    done(&directory, &arguments);
    assert_eq!(files(&directory.path().join("output/quickstart")), before);
    let output = run(&directory, &[&arguments[..], &["--seed", "7"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--force"));
}

#[test]
fn a_study_comes_from_standard_input_and_quiet_says_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let text = include_str!("../../../scenarios/quickstart.ron");
    let output = brownout(&directory).args(["run", "-", "-q"]).args(SMALL).write_stdin(text).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(directory.path().join("output/stdin/summary.csv").exists());
    let both = brownout(&directory).args(["run", "quickstart", "-q", "--json"]).args(SMALL).output().unwrap();
    let err = String::from_utf8_lossy(&both.stderr);
    assert!(both.status.success() && err.lines().all(|line| line.starts_with("warning: ")), "{err}");
    assert!(both.stdout.starts_with(b"{"));
}

#[test]
fn charts_are_not_taken_away_without_a_word() {
    let directory = tempfile::tempdir().unwrap();
    let run = ["run", "quickstart", "--replications", "1", "--out", "a"];
    assert!(brownout(&directory).args(run).output().unwrap().status.success());
    assert!(brownout(&directory).args(run).output().unwrap().status.success(), "the same again is no loss");
    let bare = brownout(&directory).args(run).arg("--no-charts").output().unwrap();
    assert!(String::from_utf8_lossy(&bare.stderr).contains("already has results; say --force"));
    assert!(directory.path().join("a/overview.png").exists());
}

#[test]
fn a_file_given_to_the_wrong_command_is_sent_to_the_right_one() {
    let directory = tempfile::tempdir().unwrap();
    done(&directory, &["new", "--example", "city"]);
    done(&directory, &["new", "--example", "quickstart"]);
    for (arguments, words) in [
        (&["run", "plans/city.ron"][..], "is a plan, not a study"),
        (&["run", "plans/city.ron"], "type: brownout plan plans/city.ron"),
        (&["plan", "plans/city.csv"], "--fleet plans/city.csv"),
        (&["plan", "quickstart.ron"], "type: brownout run quickstart.ron"),
        (&["run", "explore/quickstart.ron"], "type: brownout explore explore/quickstart.ron"),
        (&["run", "quikstart"], "did you mean \"quickstart\"?"),
        (&["plan", "citty"], "did you mean \"city\"?"),
        (&["run", "city"], "city is a plan: brownout plan city"),
        (&["plan", "quickstart"], "quickstart is a study: brownout run quickstart"),
    ] {
        let told = refused(&directory, arguments);
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
}

#[test]
fn an_example_comes_with_all_it_names() {
    let directory = tempfile::tempdir().unwrap();
    let told = done(&directory, &["new", "mine", "--example", "exchange-2026"]);
    assert!(told.contains("brownout run mine/exchange-2026.ron"), "{told}");
    done(&directory, &["check", "mine/exchange-2026.ron"]);
    let told = refused(&directory, &["new", "mine", "--example", "exchange-2026"]);
    assert!(told.contains("already there"), "{told}");
    let told = refused(&directory, &["new", "--example", "nothing"]);
    assert!(told.contains("quickstart") && told.contains("city"), "{told}");
    assert!(done(&directory, &["help", "format"]).contains("scenarios[].set"));
    assert!(done(&directory, &["help", "format", "plan"]).contains("first_detected"));
}

#[test]
fn every_command_with_tables_prints_them_alike() {
    let directory = tempfile::tempdir().unwrap();
    let plan = ["plan", "school-district", "--no-files", "--replications", "20"];
    let timeline = ["timeline", "--first-detected", "2026-09-09", "--at", "2026-10-12"];
    let trace = ["trace", "quickstart", "--tenant", "3"];
    let run = ["run", "quickstart", "--out", "a", "--force", "--replications", "2", "--no-charts"];
    let commands: [(&[&str], &str); 4] = [(&plan, "plan"), (&timeline, "dates"), (&trace, "events"), (&run, "summary")];
    for (arguments, main) in commands {
        let document = done(&directory, &[arguments, &["--format", "json"]].concat());
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(document["command"], arguments[0]);
        let table = &document["tables"][main];
        let csv = done(&directory, &[arguments, &["--format", "csv"]].concat());
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let columns: Vec<&str> =
            table["columns"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap()).collect();
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), columns, "{arguments:?}");
        assert_eq!(reader.records().count(), table["rows"].as_array().unwrap().len(), "{arguments:?}");
    }
}

/// Every column of `docs/DATA.md` is one that is written, with its type and unit, and the other way round.
/// Columns of each table on the page of columns: name, type, unit. Tables of explorations have columns by outcome and factor: the test of
/// explorations compares them.
fn columns_on_the_page() -> BTreeMap<String, Vec<String>> {
    let mut listed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut table, mut part) = (String::new(), "");
    for line in include_str!("../../../docs/DATA.md").lines() {
        part = line.strip_prefix("## ").unwrap_or(part);
        if part == "Explorations" {
            continue;
        }
        if let Some(title) = line.strip_prefix("### `") {
            table = title.trim_end_matches('`').trim_end_matches(".csv").to_owned();
        } else if let Some(row) = line.strip_prefix("| `") {
            let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
            listed.entry(table.clone()).or_default().push(format!("{} {} {}", cells[0], cells[1], cells[2]));
        }
    }
    listed
}

/// Columns of each table of a document: name, type, unit.
fn columns_of(document: &str) -> BTreeMap<String, Vec<String>> {
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    let text = |column: &serde_json::Value, field: &str| column[field].as_str().unwrap().to_owned();
    let column = |one: &serde_json::Value| format!("{} {} {}", text(one, "name"), text(one, "type"), text(one, "unit"));
    let tables = document["tables"].as_object().unwrap().iter();
    let columns = |table: &serde_json::Value| table["columns"].as_array().unwrap().iter().map(column).collect();
    tables.map(|(name, table)| (name.clone(), columns(table))).collect()
}

/// Writes a plan that tries several times for its jobs and chooses dates by courses, with tables that no other has.
fn trying(directory: &Path) {
    let trying = include_str!("../../../scenarios/plans/school-district.ron")
        .replace("../policies/rollout-2026.ron", "rollout-2026")
        .replace("risk: (", "risk: (try_quantiles: [0.6], dates: ByCourses, ");
    fs::write(directory.join("trying.ron"), trying).unwrap();
    let fleet = include_str!("../../../scenarios/plans/school-district.csv");
    fs::write(directory.join("school-district.csv"), fleet).unwrap();
}

#[test]
fn the_page_of_columns_lists_every_column_and_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let listed = columns_on_the_page();
    trying(directory.path());
    let columns = |command: &str| columns_of(&done(&directory, &command.split(' ').collect::<Vec<_>>()));
    let run = ["run", "quickstart", "--out", "a", "--replications", "2", "--no-charts", "--json"];
    let run = [&run[..], &["--target", "lost < 1", "--explore", "20"]].concat();
    let mut written = columns_of(&done(&directory, &run));
    for command in [
        "plan school-district --replications 20 --as-of 2026-11-23 --no-files --format json",
        "plan trying.ron --replications 20 --as-of 2026-11-23 --no-files --format json",
        "timeline --first-detected 2026-09-09 --at 2026-10-12 --format json",
        "trace quickstart --tenant 3 --format json",
    ] {
        written.append(&mut columns(command));
    }
    let written: BTreeMap<String, Vec<String>> =
        written.into_iter().map(|(name, columns)| (name.replace('_', "-"), columns)).collect();
    for (name, columns) in &written {
        assert_eq!(listed.get(name), Some(columns), "{name}");
    }
    // Of several tenants the tables have the tenant in front, and one of their own.
    for (name, mut columns) in columns("plan provider --replications 20 --time 0 --no-files --format json") {
        if columns[0] == "tenant text " && name != "tenants" {
            columns.remove(0);
        }
        assert_eq!(listed.get(&name), Some(&columns), "{name}");
    }
    let header = |file: &str| {
        let text = fs::read_to_string(directory.path().join("a").join(file)).unwrap();
        text.lines().next().unwrap().split(',').map(str::to_owned).collect::<Vec<_>>()
    };
    for name in ["series", "survival"] {
        let names: Vec<&str> = listed[name].iter().map(|column| column.split(' ').next().unwrap()).collect();
        assert_eq!(names, header(&format!("{name}.csv")));
    }
    let others: Vec<&String> = listed.keys().filter(|name| !written.contains_key(*name)).collect();
    assert_eq!(others, ["series", "survival", "tenants", "twin", "values"]);
}
