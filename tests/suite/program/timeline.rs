//! `brownout timeline` as a user meets it.

use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

const RECORD: &str = "tests/data/report-format-list.txt";
const THREE: &str = "tests/data/report.csv";
const NOW: [&str; 2] = ["--at", "2024-05-20T10:30:00Z"];

fn timeline(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("brownout").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("timeline").args(arguments);
    command
}

fn printed(arguments: &[&str]) -> String {
    let output = timeline(arguments).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

#[test]
fn what_happens_comes_first_then_every_stage() {
    let text = printed(&["--first-detected", "2024-03-28T00:15:08Z", "--at", "2024-05-10"]);
    assert!(text.starts_with("Mail begins to bounce on     Mon 2024-05-27 00:15 UTC, in 17.0 days\n"), "{text}");
    assert!(text.contains("Mail has been delayed since  Sat 2024-04-27 00:15 UTC, 13.0 days ago\n"), "{text}");
    assert!(text.contains("\n>  throttle-10  Tue 2024-05-07 00:15  2024-05-17 00:15   40    10     -\n"), "{text}");
    assert!(text.contains("block-all    Wed 2024-06-26 00:15  open end           90     -    60\n"), "{text}");
    assert!(text.contains("450 4.7.230 Connecting Exchange server version is out-of-date; connection to"), "{text}");
}

#[test]
fn it_fits_80_plain_columns() {
    for arguments in [&["--report", RECORD][..], &["--report", THREE], &["--first-detected", "2024-03-28"]] {
        let text = printed(&[arguments, &NOW, &["--pause", "2024-06-03:20"]].concat());
        assert!(text.is_ascii(), "{text}");
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
    }
}

#[test]
fn the_real_record_betrays_its_paused_days() {
    let text = printed(&["--report", RECORD, "--at", "2024-05-20T10:30:00Z"]);
    assert!(text.starts_with("Exch1.bear.local: Exchange 2016 15.1.2507.16 (CU23 Nov22SU)\n"), "{text}");
    assert!(text.contains("throttle-20   2024-05-23 00:15"), "{text}");
    assert!(text.contains("6 days\n    later than without pauses; 6 paused days are inferred"), "{text}");
    assert!(text.contains("Pause days left: 84 of 90 in 2024 (inferred: 6 days paused;"), "{text}");
}

#[test]
fn the_three_forms_and_standard_input_give_the_same_rows() {
    let csv = |path: &str| printed(&["--report", path, "--server", "exch1", "--format", "csv", NOW[0], NOW[1]]);
    let list = csv(RECORD);
    let first = "server,stage,from,to,throttle,block,paused,smtp,certainty,from_latest,note\n\
                 Exch1.bear.local,report,2024-03-28T00:15:08Z,2024-04-27T00:15:08Z,0,0,false,,known,,\n";
    assert!(list.starts_with(first), "{list}");
    assert!(
        list.contains("Exch1.bear.local,throttle-10,2024-05-07T00:15:08Z,2024-05-13T00:15:08Z,0,0,true,,inferred,,\n"),
        "{list}"
    );
    assert_eq!(csv("tests/data/report.json"), list);
    let piped = timeline(&["--report", "-", "--format", "csv", NOW[0], NOW[1]])
        .write_stdin(std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(RECORD)).unwrap())
        .assert()
        .success();
    assert_eq!(String::from_utf8_lossy(&piped.get_output().stdout), list);
}

#[test]
fn several_servers_give_an_overview_and_one_its_stages() {
    let text = printed(&["--report", THREE, NOW[0], NOW[1]]);
    assert!(text.starts_with("The first server to bounce mail is Exch1.bear.local, from Sun 2024-06-02"), "{text}");
    assert!(text.contains("cannot verify: newer than"), "{text}");
    assert!(!text.contains("block-20"), "{text}");
    let text = printed(&["--report", THREE, "--server", "EDGE", NOW[0], NOW[1]]);
    assert!(text.starts_with("edge.bear.local: Exchange 2019") && text.contains("block-20"), "{text}");
}

#[test]
fn json_holds_where_the_server_stands() {
    let text = printed(&["--report", RECORD, "--format", "json", "--at", "2024-06-03T10:57:00Z"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let server = &value["servers"][0];
    assert_eq!(server["blocked_from"], "2024-06-02T00:15:08Z");
    assert_eq!((server["now"]["stage"].as_str(), server["now"]["answer"].as_str()), (Some("block-5"), Some("blocked")));
    assert!(server["now"]["smtp"].as_str().unwrap().starts_with("550 5.7.230"));
    assert_eq!(server["pause_days"][0]["left"], 84);
    assert_eq!(server["periods"].as_array().unwrap().last().unwrap()["to"], serde_json::Value::Null);
    assert!(server["notes"][0].as_str().unwrap().contains("6 days later"));
}

#[test]
fn a_pause_over_new_year_is_charged_to_both_years() {
    let arguments = ["--first-detected", "2026-09-09", "--pause", "2026-10-03:180", "--at", "2026-12-24"];
    let text = printed(&arguments);
    assert!(text.contains("Pause until Thu 2027-04-01 00:00 UTC"), "{text}");
    assert!(text.contains("Pause days left: 0 of 90 in 2026, 0 of 90 in 2027"), "{text}");
}

#[test]
fn before_first_detection_nothing_stands() {
    let text = printed(&["--first-detected", "2026-12-25", "--at", "2026-11-22"]);
    assert!(
        text.contains("Now (2026-11-22T00:00:00Z): before first detection\nNext: report from Fri 2026-12-25"),
        "{text}"
    );
}

#[test]
fn bad_arguments_name_value_rule_and_remedy() {
    let detected = ["--first-detected", "2026-10-05"];
    let cases: [(&[&str], &str); 9] = [
        (&["--pause", "2026-12-01:95", "--used", "2026:80"], "of 2026, of which 10 are left; ask for at most 10 days"),
        (&["--used", "2026:91"], "91 pause days used in 2026 are more than the 90 a year allows"),
        (&["--used", "2026"], "expected YEAR:DAYS"),
        (&["--pause", "2026-12-01"], "expected START:DAYS"),
        (&["--pause", "soon:3"], "\"soon\" is not a date"),
        (&["--policy", "microsft-2023"], "did you mean \"microsoft-2023\"?"),
        (&["--policy", "nowhere.ron"], "cannot read nowhere.ron: no such file"),
        (&["--at", "2026-13-01"], "is not a date"),
        (&["--server", "mail"], "cannot be used with"),
    ];
    for (extra, words) in cases {
        timeline(&[&detected[..], extra].concat()).assert().code(2).stdout("").stderr(contains(words));
    }
    timeline(&[]).assert().code(2).stderr(contains("--first-detected <TIMESTAMP>|--report <FILE>"));
    let near = contains("no server \"exch9\"").and(contains("Exch1.bear.local"));
    timeline(&["--report", THREE, "--server", "exch9"]).assert().code(2).stderr(near);
}

#[test]
fn bad_reports_are_refused_with_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let open = b"ServerFQDN : a\nBuild : 15.1.2507.16\nFirstDetectedDate : 01/02/2024\n";
    let cases = [
        (file("workbook", b"PK\x03\x04\x00\x00abc"), 2, "save it as CSV"),
        (file("binary", b"AB\x03\x04\x00\x00abc"), 2, "the report is binary"),
        (file("other", b"Name : x\nColour : red\n"), 2, "none of the fields"),
        (file("open", open), 2, "--date-order"),
        (folder.path().join("none").display().to_string(), 2, "no such file"),
        (folder.path().display().to_string(), 2, "it is a directory"),
    ];
    for (path, code, words) in cases {
        timeline(&["--report", &path])
            .assert()
            .code(code)
            .stdout("")
            .stderr(contains(words).and(contains(path.as_str())));
    }
    let path = folder.path().join("open").display().to_string();
    timeline(&["--report", &path, "--date-order", "day-first"]).assert().success().stdout(contains("first"));
}

#[test]
fn a_policy_file_counts_with_all_its_problems() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.ron");
    let shown = path.display().to_string();
    let good = "(ladder: (stages: [(name: \"quiet\", days: 3), (name: \"shut\", block: 60)]), layout: adjacent)";
    std::fs::write(&path, good).unwrap();
    let text = printed(&["--first-detected", "2026-10-05", "--at", "2026-10-06", "--policy", &shown]);
    assert!(text.starts_with("All mail bounces from  Thu 2026-10-08 00:00 UTC, in 2.0 days"), "{text}");
    std::fs::write(&path, "(ladder: (preset: \"microsft\"), layuot: random, pauses: (budget_days: -3))").unwrap();
    let all = contains("no preset").and(contains("layuot")).and(contains("budget_days"));
    timeline(&["--first-detected", "2026-10-05", "--policy", &shown]).assert().code(2).stderr(all);
}

#[test]
fn pictures_are_written_one_for_each_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dates.png").display().to_string();
    timeline(&["--report", RECORD, "--png", &path, NOW[0], NOW[1]]).assert().success();
    assert!(std::fs::read(&path).unwrap().starts_with(b"\x89PNG"));
    timeline(&["--report", THREE, "--png", &path, NOW[0], NOW[1]]).assert().success();
    assert!(folder.path().join("dates-edge.bear.local.png").exists());
    let nowhere = folder.path().join("no/dates.png").display().to_string();
    timeline(&["--report", RECORD, "--png", &nowhere])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("choose another --png"));
}

#[test]
fn help_shows_examples() {
    timeline(&["--help"]).assert().success().stdout(contains("brownout timeline --report report.txt --png dates.png"));
}
