//! Cases from the field (`tests/data/cases`, `tests/data/plan-cases`): what a plan says of each.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::teams::{self, Answer, all_in};
use crate::common::brownout;

/// Plans a case in a folder of its own, so that nothing is written beside the inputs.
fn plan(folder: &str, plan: &str, more: &[&str]) -> (TempDir, Answer) {
    let directory = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    for entry in fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, directory.path().join(path.file_name().unwrap())).unwrap();
    }
    let answer = again(&directory, plan, more);
    (directory, answer)
}

fn again(directory: &TempDir, plan: &str, more: &[&str]) -> Answer {
    teams::plan(directory, &[&[plan, "--replications", "100"], more].concat())
}

fn case(name: &str, more: &[&str]) -> Answer {
    let (_, answer) = plan("cases", name, more);
    assert_eq!(answer.code, 0, "{name}: {}", answer.err);
    answer
}

#[test]
fn case_12_an_updated_server_is_done_and_nothing_is_planned_for_it() {
    let answer = case("12.ron", &["--report", "12-already-updated.txt", "--no-files"]);
    all_in(&answer.err, &["done: build 15.1.2507.75", "no work and no pause is planned", "Received headers"]);
    all_in(&answer.out, &["Every server is done", "Pauses: none"]);
}

#[test]
fn case_14_what_no_baseline_speaks_of_is_left_out_of_every_sum() {
    let (directory, answer) = plan("cases", "14.ron", &["--out", "a", "--no-charts"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let why = "cannot say: no baseline of policy microsoft-2023 speaks of Exchange 2007";
    all_in(&answer.err, &[why]);
    all_in(&answer.out, &["Not in the plan and in no sum are MBX-A and HUB-A", why]);
    let table = fs::read_to_string(directory.path().join("a/plan.csv")).unwrap();
    assert_eq!(table.lines().filter(|line| line.contains(",left out,")).count(), 4, "{table}");
    assert!(fs::read_to_string(directory.path().join("a/report.html")).unwrap().contains(why));
}

#[test]
fn case_15_an_unknown_detection_is_planned_for_the_worst_and_marked() {
    let (directory, answer) = plan("cases", "15.ron", &["--out", "a", "--no-charts"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let words = "somewhere from 2026-09-07 to 2026-10-07, so day 50 to 80 of the clock";
    all_in(&answer.err, &[words, "Get-OnPremServerReportInfo"]);
    all_in(&answer.out, &["range"]);
    let table = fs::read_to_string(directory.path().join("a/plan.csv")).unwrap();
    all_in(&table, &["2026-09-07T00:00:00Z,range,2026-10-07T00:00:00Z", words]);
    assert!(fs::read_to_string(directory.path().join("a/report.html")).unwrap().contains(words));
}

#[test]
fn case_19c_what_fell_out_of_the_former_plan_is_cancelled() {
    let (directory, first) = plan("cases", "19.ron", &["--out", "a", "--no-charts"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let calendar = || fs::read_to_string(directory.path().join("a/plan.ics")).unwrap().replace("\r\n ", "");
    let uids = |text: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.strip_prefix("UID:")).map(str::to_owned).collect()
    };
    let number = |text: &str, key: &str| -> String {
        let found = text.lines().filter_map(|line| line.strip_prefix(key)).max();
        found.map(str::to_owned).unwrap_or_default()
    };
    let before = calendar();
    assert!(!before.contains("STATUS:CANCELLED"));
    let more = ["--as-of", "2026-12-07", "--done", "mail-1=2026-11-28", "--pause", "2026-11-26:31", "--out", "a"];
    let second = again(&directory, "19.ron", &[&more[..], &["--force", "--no-charts"]].concat());
    assert_eq!(second.code, 0, "{}", second.err);
    let after = calendar();
    let ahead = |event: &&str| event.contains("CATEGORIES:pause") && !event.contains("DTSTART:202611");
    let pauses: Vec<&str> = before.split("BEGIN:VEVENT").filter(ahead).collect();
    for event in pauses {
        let uid = uids(event).remove(0);
        assert!(after.contains(&uid), "an event that people have is neither kept nor cancelled: {event}");
    }
    assert!(number(&after, "SEQUENCE:") > number(&before, "SEQUENCE:"));
    assert!(number(&after, "DTSTAMP:") > number(&before, "DTSTAMP:"));
    let third = again(&directory, "19.ron", &[&more[..], &["--force", "--no-charts"]].concat());
    assert_eq!(third.code, 0, "{}", third.err);
    assert!(number(&calendar(), "SEQUENCE:") > number(&after, "SEQUENCE:"), "the same plan again is newer");
    assert!(number(&calendar(), "DTSTAMP:") > number(&after, "DTSTAMP:"));
}

#[test]
fn case_25_a_target_below_the_next_raise_does_not_count_as_done() {
    let answer = case("25.ron", &["--no-files"]);
    all_in(
        &answer.out,
        &["No server is done for good", "hub-2 does not count as done", "of 8 Mar 2027", "changes nothing"],
    );
    assert!(!answer.out.contains("All 2 servers") && !answer.out.contains("Mail lost: 0 "), "{}", answer.out);
}

#[test]
fn case_28_pauses_after_the_last_cut_over_are_asked_for_only_if_it_failed() {
    let (directory, answer) = plan("cases", "28.ron", &["--out", "a", "--no-charts"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(&answer.out, &["mail-1 is done by 28 Nov 2026 (9", "the first mail is lost from Tue 1 Dec 2026"]);
    let mut reader = csv::Reader::from_path(directory.path().join("a/pauses.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let mut late = 0;
    for row in reader.records().map(Result::unwrap) {
        let (at, days) = (&row[column("at")], row[column("days")].parse::<u32>().unwrap());
        assert!(days >= 3, "{row:?}");
        if at > "2026-11-28T18:00:00Z" {
            assert_eq!((&row[column("kind")], &row[column("only_if_not_done")]), ("only if late", "mail-1"), "{row:?}");
            late += 1;
        }
    }
    let script = fs::read_to_string(directory.path().join("a/pauses.ps1")).unwrap();
    assert_eq!(script.matches("Read-Host 'Are all of these done: mail-1?").count(), late);
    assert!(late == 0 || script.contains("NOTHING WAS RUN: today is"));
}

#[test]
fn case_latest_every_day_left_is_spent_as_well_as_can_be() {
    let (_, answer) = plan("plan-cases", "latest.ron", &["--no-files"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let row = answer.out.lines().find(|line| line.contains("full block") && line.contains("every day left")).unwrap();
    assert!(row.contains("2027-05-18 00:15"), "{row}");
}

#[test]
fn case_slip_a_plan_without_chance_is_on_time() {
    let (_, answer) = plan("plan-cases", "slip.ron", &["--no-files"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(&answer.out, &["All 2 servers are done by 25 Nov 2026 (100 %)"]);
}

#[test]
fn case_joined_eight_detections_ahead_are_told_apart() {
    let (_, answer) = plan("plan-cases", "joined.ron", &["--no-files"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(&answer.out, &["no plan that keeps every rule is better"]);
    assert!(!answer.out.contains("joined"), "{}", answer.out);
}

#[test]
fn more_detections_than_can_be_told_apart_are_not_called_optimal() {
    let (directory, _) = plan("plan-cases", "joined.ron", &["--no-files"]);
    let mut fleet = "server,product,build,first_detected,messages_per_day,target,work_likely\n".to_owned();
    for number in 0..20 {
        fleet +=
            &format!("s{number},2016,15.1.2507.57,2026-12-{:02}T07:00:00Z,{},SE,1\n", 8 + number, 900 - 7 * number);
    }
    fs::write(directory.path().join("joined.csv"), fleet).unwrap();
    let answer = again(&directory, "joined.ron", &["--no-files", "--time", "1"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(&answer.out, &["were joined in the search"]);
    assert!(!answer.out.contains("no plan that keeps every rule is better"), "{}", answer.out);
}

#[test]
fn case_25_there_is_no_safe_start_for_what_does_not_stay_done() {
    let answer = case("25.ron", &["--no-files"]);
    all_in(&answer.out, &["There is no safe start for hub-2 and hub-3", "is left aside in this"]);
    assert!(!answer.out.contains("any time"), "{}", answer.out);
}

#[test]
fn case_02_a_build_without_its_patches_is_planned_as_the_lowest_and_says_so() {
    let answer = case("02.ron", &["--no-files"]);
    all_in(&answer.err, &["hub-1: cannot say: the patch level is unknown", "planned as if it ran the lowest of these"]);
    let row = answer.out.lines().find(|line| line.starts_with(" hub-1")).unwrap();
    assert!(row.contains("range"), "{row}");
}

#[test]
fn case_02b_a_label_with_its_product_is_a_build() {
    let answer = case("02b.ron", &["--no-files"]);
    let row = answer.out.lines().find(|line| line.starts_with(" hub-1")).unwrap();
    assert!(row.contains("known"), "{row}");
}

#[test]
fn case_23_nobody_works_for_nineteen_days() {
    let answer = case("23.ron", &["--no-files"]);
    let rows: Vec<&str> = answer.out.lines().filter(|line| line.starts_with(" mail-")).collect();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.contains("2027-01-")), "{rows:?}");
}

#[test]
fn case_worse_is_solved_and_a_bound_that_is_not_reached_is_told_as_it_is() {
    let (directory, answer) = plan("plan-cases", "worse.ron", &["--no-files", "--time", "1"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(&answer.out, &["no plan that keeps every rule is better"]);
    let answer = again(&directory, "city", &["--no-files", "--time", "1"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(&answer.out, &["no plan can be better than this one by more than"]);
}

#[test]
fn shorter_pauses_and_free_commands_have_their_price() {
    let (directory, answer) = plan("plan-cases", "slip.ron", &["--out", "a", "--no-charts"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let table = fs::read_to_string(directory.path().join("a/prices.csv")).unwrap();
    all_in(&table, &["pauses of single days (", "pause commands that cost nothing (", "instead of 1)"]);
}

#[test]
fn of_two_thousand_crews_a_few_are_tried_and_that_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let crew = |number: usize| format!("(name: \"c{number}\", windows: [(day: \"Sat\", from: \"06:00\", hours: 2)]),");
    let crews: String = (0..2_000).map(crew).collect();
    let text = format!(
        "(version: 1, question: \"\", as_of: \"2026-11-21\", horizon: \"2027-02-01\", policy: \"microsoft-2023\", fleet: \"f.csv\", \
         crews: [{crews}], gap_days: 0)"
    );
    let header = "server,product,build,first_detected,messages_per_day,route,target,work_likely\n";
    let row = |number: usize| format!("s{number},2016,15.1.2507.57,2026-10-09T00:15:08Z,1000,upgrade,SE,1\n");
    let fleet: String = (0..12).map(row).collect();
    fs::write(directory.path().join("many.ron"), text).unwrap();
    fs::write(directory.path().join("f.csv"), format!("{header}{fleet}")).unwrap();
    let answer = again(&directory, "many.ron", &["--no-files"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    all_in(
        &answer.out,
        &["not all: one more crew and one more weekend were tried for the 8 crews", "not for the other 4"],
    );
}

#[test]
fn case_16c_rules_without_a_source_are_marked_where_a_plan_rests_on_them() {
    let (directory, answer) = plan("plan-cases", "assumed-rules.ron", &["--out", "a"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let marks = ["Assumed: a pause in the report stage (2026-09-15)", "Assumed: the grant of 2026-09-20"];
    let same = "timeline --first-detected 2026-09-09 --pause 2026-09-15:14 --pause 2026-09-20:5 --at 2026-10-01";
    let timeline = brownout(&directory).args(same.split(' ')).output().unwrap();
    let timeline = String::from_utf8(timeline.stdout).unwrap() + &String::from_utf8(timeline.stderr).unwrap();
    all_in(&timeline, &["throttle-5", "2026-10-28"]);
    all_in(&answer.out, &["from Wed 28 Oct 2026"]);
    let read = |file: &str| fs::read_to_string(directory.path().join("a").join(file)).unwrap();
    let unfolded = read("plan.ics").replace("\r\n ", "").replace('\\', "");
    for text in [&answer.out, &read("report.html"), &read("pauses.ps1"), &unfolded] {
        all_in(text, &marks);
    }
    all_in(&read("gantt.svg"), &["Assumed, no source says"]);
    all_in(
        &read("stages.csv"),
        &["T00:00:00Z,0,0,known\n", "true,2026-09-15T00:00:00Z,2026-10-04T00:00:00Z,0,0,assumed"],
    );
    assert!(read("pauses.csv").lines().skip(1).all(|line| line.ends_with(",assumed")), "{}", read("pauses.csv"));
}
