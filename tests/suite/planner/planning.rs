//! The program plans: shipped plans, refusals in the team's words, planning again, reports, the same bytes on any thread count.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::teams::{self, Answer, all_in, team};
use crate::common::{brownout, write};

const CREWS: &str = r#"crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)])]"#;
const HEADER: &str = "server,build,first_detected,messages_per_day,work_likely,depends_on,crew,window,earliest";

/// A plan with some further fields, and its fleet.
fn project(fields: &str, rows: &str) -> TempDir {
    let crews = if fields.contains("crews:") { "" } else { CREWS };
    team(&format!("{fields} {crews}"), &format!("{HEADER}\n{rows}\n"))
}

fn plan(directory: &TempDir, more: &[&str]) -> Answer {
    teams::plan(directory, &[&["plan.ron"], more].concat())
}

#[test]
fn the_shipped_plans_are_planned_and_their_bounds_are_near() {
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/plans");
    let mut planned = 0;
    for entry in fs::read_dir(&plans).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "ron") {
            continue;
        }
        let out = tempfile::tempdir().unwrap();
        let shown = path.to_str().unwrap();
        let output = brownout(&out).args(["plan", shown, "--no-files", "--replications", "100"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{shown}: {}", String::from_utf8_lossy(&output.stderr));
        let gap = text
            .lines()
            .find_map(|line| line.split("better than this one by more than ").nth(1))
            .map(|rest| rest.split(' ').next().unwrap());
        let gap: f64 = gap.map_or(0.0, |gap| gap.trim_end_matches(['%', '\u{a0}']).parse().unwrap());
        let most = if path.file_stem().is_some_and(|stem| stem == "provider") { 10.0 } else { 3.0 };
        assert!(gap <= most, "{shown}: {gap} %");
        planned += 1;
    }
    assert_eq!(planned, 4);
}

#[test]
fn upgrading_everything_before_detection_costs_nothing() {
    let directory = project("", "a,15.1.2507.57,2027-02-01,5000,2,,,,\nb,15.1.2507.57,2027-02-01,9000,2,,,,");
    let Answer { code, out, .. } = plan(&directory, &["--no-files"]);
    assert_eq!(code, 0);
    all_in(&out, &["Mail lost: 0 as planned", "Pauses: none", "no plan that keeps every rule is better"]);
}

#[test]
fn every_bad_cell_is_told_by_row_and_column_at_once() {
    let rows = "a,15.1.2507.x,2026-10-01,10,1,,,,\n\
                b,15.1.2507.57,soon,-5,1,,,,\n\
                c,15.1.2507.57,2026-10-01,10,9999,zzz,tean,night,2026-13-01\n\
                a,15.1.2507.57,2026-10-01,10,1,,,,,extra\n\
                ,15.1.2507.57,2026-10-01,10,1,,,,";
    let Answer { code, err, out } = plan(&project("", rows), &["--no-files"]);
    assert_eq!((code, out.as_str()), (2, ""));
    all_in(
        &err,
        &[
            "row 2 (a), column build",
            "row 3 (b), column first_detected",
            "row 3 (b), column messages_per_day",
            "row 4 (c), column work_likely",
            "row 4 (c), column depends_on: no server is called \"zzz\"",
            "row 4 (c), column crew: no crew is called \"tean\"",
            "did you mean \"team\"?",
            "row 4 (c), column window: no window is called \"night\"",
            "row 4 (c), column earliest",
            "row 5 (a), column server: the row has 10 cells, the header 9",
            "row 5 (a), column server: there is another server of this name",
            "row 6 (), column server: every server needs a name",
        ],
    );
}

#[test]
fn plans_that_cannot_be_are_explained_with_a_remedy() {
    let one = "a,15.1.2507.57,2026-10-01,10,1,,,,";
    let closed = r#"crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)], freezes: [(from: "2026-11-01", to: "2027-04-01")])]"#;
    let answer = plan(&project(closed, one), &["--no-files"]);
    assert_eq!(answer.code, 2);
    all_in(
        &answer.err,
        &["a: every maintenance window before 2027-03-01 lies in a change freeze", "a horizon of 2027-04-0"],
    );

    let late = "a,15.1.2507.57,2026-10-01,10,30,,,,2027-02-10";
    let answer = plan(&project("", late), &["--no-files"]);
    all_in(
        &answer.err,
        &[
            "it takes 30 working days of team and not before 2027-02-10",
            "the last window is on 2027-02-27",
            "a horizon of",
        ],
    );

    let many: Vec<String> = (0..20).map(|i| format!("s{i},15.1.2507.57,2026-10-01,10,1,,,,")).collect();
    let answer = plan(&project("", &many.join("\n")), &["--no-files"]);
    assert_eq!(answer.code, 2);
    all_in(
        &answer.err,
        &[
            "20 servers must be done before 2027-03-01",
            "team has 14 places",
            "a horizon of 2027-04-",
            "2 jobs at a time for team",
        ],
    );

    let circle =
        "a,15.1.2507.57,2026-10-01,10,1,b,,,\nb,15.1.2507.57,2026-10-01,10,1,c,,,\nc,15.1.2507.57,2026-10-01,10,1,a,,,";
    let answer = plan(&project("", circle), &["--no-files"]);
    all_in(&answer.err, &["servers wait for each other in a circle: a -> b -> c -> a", "depends_on"]);

    let answer = plan(&project("crews: []", one), &["--no-files"]);
    all_in(&answer.err, &["a plan needs at least one crew"]);
}

#[test]
fn a_report_is_a_fleet_and_what_it_cannot_know_is_asked_for_by_name() {
    let directory = project("", "Exch1.bear.local,,,,,,,,");
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/report-format-list.txt");
    let report = report.to_str().unwrap();
    let answer = plan(&directory, &["--no-files", "--report", report]);
    assert_eq!(answer.code, 2);
    all_in(&answer.err, &["the plan needs the column messages_per_day for Exch1.bear.local", "the column work_likely"]);

    write(directory.path(), "fleet.csv", &format!("{HEADER}\nexch1,,,4000,2,,,,\n"));
    let answer = plan(&directory, &["--no-files", "--report", report, "--as-of", "2024-05-10"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(&answer.err, &["note: Exch1.bear.local"]);
    all_in(&answer.out, &["Exch1.bear.local", "Exch1.bear.local is done by"]);
}

#[test]
fn planning_again_tells_what_changed() {
    let rows = "a,15.1.2507.57,2026-10-01,1000,1,,,,\nb,15.1.2507.57,2026-10-01,900,1,,,,\nc,15.1.2507.57,2026-10-01,800,1,,,,";
    let directory = project("", rows);
    let first = plan(&directory, &["--no-files"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let again = plan(&directory, &["--no-files", "--as-of", "2026-12-01", "--done", "b=2026-11-28"]);
    assert_eq!(again.code, 0, "{}", again.err);
    all_in(
        &again.out,
        &[
            "Changed against the former plan",
            "b: done 2026-11-28, planned",
            "a: planned 2026-11-28, nothing said of it (--done, --in-hand, --as-planned); now 2026-12-05",
            "that could keep their former date",
            "say --pause 2026-11-21:",
        ],
    );
    all_in(&plan(&directory, &["--no-files", "--done", "x=2026-11-20"]).err, &["no server is called \"x\""]);
    all_in(&plan(&directory, &["--no-files", "--done", "a=2026-12-24"]).err, &["cannot be done on 2026-12-24 already"]);
}

#[test]
fn threads_make_no_difference_to_any_file() {
    let rows = "a,15.1.2507.57,2026-10-01,1000,1,,,,\nb,15.1.2507.57,2026-10-12,900,2,a,,,\nc,15.2.1748.36,2026-12-01,800,1,,,,";
    let directory = project("", rows);
    let mut runs = Vec::new();
    for threads in ["1", "2", "7"] {
        let answer = plan(&directory, &["--threads", threads, "--out", threads, "--no-charts"]);
        assert_eq!(answer.code, 0, "{}", answer.err);
        let mut files: Vec<_> =
            fs::read_dir(directory.path().join(threads)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= 5);
        runs.push(
            files
                .iter()
                .map(|file| (file.file_name().unwrap().to_owned(), fs::read(file).unwrap()))
                .collect::<Vec<_>>(),
        );
    }
    assert!(runs.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_new_plan_can_be_planned_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    brownout(&directory).args(["plan", "--new", "ours"]).assert().success();
    brownout(&directory).args(["plan", "ours.ron", "--no-files", "--replications", "20"]).assert().success();
    brownout(&directory).args(["plan", "--new", "ours"]).assert().code(1);
}

/// Fields of plan files as the reference names them, and as the reader knows them.
#[test]
fn the_reference_describes_every_field_of_a_plan() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let reference = fs::read_to_string(root.join("scenarios/plans/README.md")).unwrap();
    let wire = fs::read_to_string(root.join("crates/reading/src/plan/wire.rs")).unwrap();
    let fields =
        wire.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(':')).map(|(name, _)| name);
    for field in fields.filter(|name| !name.contains(' ')) {
        assert!(reference.contains(field), "scenarios/plans/README.md does not describe {field}");
    }
    for column in brownout::reading::plan::sheet::COLUMNS {
        assert!(reference.contains(&format!("`{column}`")), "scenarios/plans/README.md does not describe {column}");
    }
}
