//! The built program: help, exit codes, wording on standard error, nothing stray on standard output, nothing half-written.

mod results;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::common::{BASELINE, StudyText, brownout, group, write};

/// A study that runs in milliseconds.
fn small() -> String {
    let text = StudyText {
        horizon: "2026-12-07",
        groups: vec![group("plain", 20, r#"upgrade: (to: "SE", per_month: 0.3)"#, "")],
        scenarios: vec![
            r#"(name: "first")"#.to_owned(),
            r#"(name: "second", set: {"policy.layout": adjacent})"#.to_owned(),
        ],
        ..StudyText::default()
    };
    text.ron()
}

/// A directory with `study.ron`.
fn directory(study: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", study);
    directory
}

fn run(directory: &TempDir, arguments: &[&str]) -> (Output, String, String) {
    let output = brownout(directory).args(arguments).output().unwrap();
    let (out, err) =
        (String::from_utf8(output.stdout.clone()).unwrap(), String::from_utf8(output.stderr.clone()).unwrap());
    assert!(!err.contains("panicked"), "{arguments:?} panics: {err}");
    (output, out, err)
}

/// Names in a directory.
fn names(path: &Path) -> BTreeSet<String> {
    std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Errors that standard error reports, one line each.
fn errors(stderr: &str) -> usize {
    stderr.lines().filter(|line| line.starts_with("error")).count()
}

#[test]
fn every_subcommand_has_help_with_an_example_or_an_argument() {
    let directory = directory(&small());
    let (output, help, err) = run(&directory, &["--help"]);
    assert!(output.status.success() && err.is_empty());
    let commands = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    // Descriptions that run over several lines are indented further.
    let commands = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let commands: Vec<&str> = commands.filter(|name| !name.is_empty()).collect();
    for known in ["run", "check", "new", "completions"] {
        assert!(commands.contains(&known), "{known} is missing in {commands:?}");
    }
    for command in commands.into_iter().filter(|command| *command != "help") {
        let (output, out, err) = run(&directory, &[command, "--help"]);
        assert!(output.status.success() && err.is_empty(), "{command}: {err}");
        assert!(out.contains(&format!("Usage: brownout {command}")), "{out}");
        let about = out.lines().next().unwrap();
        assert!(about.len() > 10 && !about.starts_with("Usage"), "{command} says what it does first: {about}");
    }
}

#[test]
fn every_command_in_the_examples_of_the_help_exists() {
    let directory = directory(&small());
    let (_, help, _) = run(&directory, &["--help"]);
    let commands: BTreeSet<&str> =
        help.lines().filter_map(|line| line.trim().strip_prefix("brownout ")?.split_whitespace().next()).collect();
    // `help` takes a topic.
    for command in commands.into_iter().filter(|command| *command != "help") {
        let (output, _, _) = run(&directory, &[command, "--help"]);
        assert!(output.status.success(), "help shows `brownout {command}`, which does not exist");
    }
}

#[test]
fn version_and_exit_codes_are_as_promised() {
    let directory = directory(&small());
    let (output, out, _) = run(&directory, &["--version"]);
    assert_eq!((output.status.code(), out.trim()), (Some(0), concat!("brownout ", env!("CARGO_PKG_VERSION"))));
    let too_many = ["run", "study.ron", "--replications", "99999999999999999999"];
    for arguments in [
        &[] as &[&str],
        &["no-such-command"],
        &["run"],
        &["run", "study.ron", "--no-such-flag"],
        &["run", "study.ron", "--replications", "0"],
        &["run", "study.ron", "--replications", "-3"],
        &too_many,
        &["run", "study.ron", "--threads", "0"],
        &["run", "study.ron", "--seed", "-1"],
        &["run", "study.ron", "--seed", "x"],
        &["check"],
        &["completions", "tcsh?"],
    ] {
        let (output, out, err) = run(&directory, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(out.is_empty() && !err.is_empty(), "{arguments:?} writes its complaint to standard error");
    }
    let (_, _, err) = run(&directory, &too_many);
    assert!(err.contains("99999999999999999999") && err.contains("--replications"), "{err}");
    assert_eq!(names(directory.path()), ["study.ron".to_owned()].into(), "bad arguments write nothing");
}

#[test]
fn a_run_prints_its_table_and_names_where_the_files_are() {
    let directory = directory(&small());
    let (output, out, err) = run(&directory, &["run", "study.ron", "--no-charts"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    let (answer, tables) = out.split_once("\n\n").unwrap();
    assert!(answer.starts_with("\u{201c}first\u{201d}") && tables.starts_with("A test?\n"), "{out}");
    assert!(tables.contains("first") && tables.contains("second"), "{out}");
    assert!(out.trim_end().lines().last().unwrap().contains("output/study"), "{out}");
    assert!(!out.contains('\u{1b}'), "no colour in a pipe");
    assert!(errors(&err) == 0, "{err}");
    let files = names(&directory.path().join("output/study"));
    for name in ["manifest.json", "summary.csv", "series.csv", "survival.csv", "differences.csv", "fate.csv"] {
        assert!(files.contains(name), "{name} is missing in {files:?}");
    }
    let manifest = std::fs::read(directory.path().join("output/study/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let listed: BTreeSet<String> =
        manifest["outputs"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap().to_owned()).collect();
    let written: BTreeSet<String> = files.into_iter().filter(|name| name != "manifest.json").collect();
    assert_eq!(listed, written, "the manifest lists every file, and nothing else is there");
}

#[test]
fn quiet_checks_of_good_studies_print_nothing_and_bad_ones_count_their_problems() {
    let directory = directory(&small());
    write(directory.path(), "bad.ron", &small().replace("count: 20", "count: -20").replace("(prob: 0)", "(prob: 2)"));
    let (output, out, err) = run(&directory, &["check", "study.ron"]);
    assert_eq!((output.status.code(), out.contains("study.ron: fine"), err.as_str()), (Some(0), true, ""), "{out}");
    let (output, out, err) = run(&directory, &["check", "--quiet", "study.ron"]);
    assert_eq!((output.status.code(), out.as_str(), err.as_str()), (Some(0), "", ""));
    let (output, out, err) = run(&directory, &["check", "--lines", "bad.ron", "study.ron"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(out.contains("bad.ron: 2 problems") && out.contains("study.ron: fine"), "{out}");
    assert_eq!(err.lines().count(), 2, "{err}");
    assert!(err.lines().all(|line| line.starts_with("bad.ron:")), "{err}");
}

/// What is done to the small study, and what the one message must hold: the offending value among it.
const BAD_STUDIES: [(&str, &str, &str, &[&str]); 30] = [
    (
        "negative days",
        r#"(preset: "microsoft-2023")"#,
        r#"(stages: [(name: "a", days: -4), (name: "b", block: 60)])"#,
        &["-4", "days"],
    ),
    (
        "zero days",
        r#"(preset: "microsoft-2023")"#,
        r#"(stages: [(name: "a", days: 0), (name: "b", block: 60)])"#,
        &["0", "days"],
    ),
    (
        "T+B over 60",
        r#"(preset: "microsoft-2023")"#,
        r#"(stages: [(name: "a", throttle: 40, block: 21)])"#,
        &["40", "21", "60"],
    ),
    ("61 minutes", r#"(preset: "microsoft-2023")"#, r#"(stages: [(name: "a", block: 61)])"#, &["61", "block"]),
    ("unknown preset", "microsoft-2023", "microsoft-2032", &["microsoft-2032", "microsoft-2023"]),
    ("probability over 1", "failure: (prob: 0)", "failure: (prob: 1.5)", &["1.5", "prob"]),
    ("share over 1", "never_share: 0", "never_share: 1.01", &["1.01", "never_share"]),
    (
        "stage probability over 1",
        "per_month: 0.3",
        r#"in_stage: (probability: {"report": 1.2})"#,
        &["1.2", "probability"],
    ),
    ("not a number", "per_month: 0.3", "per_month: NaN", &["NaN", "per_month"]),
    ("infinite", "per_month: 0.3", "per_month: inf", &["inf", "per_month"]),
    (
        "negative infinity",
        "messages_per_day: Fixed(100)",
        "messages_per_day: Fixed(-inf)",
        &["-inf", "messages_per_day"],
    ),
    ("sigma not a number", "sigma: 0", "sigma: NaN", &["NaN", "sigma"]),
    ("PERT out of order", "gap_days: Fixed(0)", "gap_days: Pert(min: 5, mode: 2, max: 9)", &["2", "5", "9", "mode"]),
    (
        "overlapping windows",
        "windows: []",
        r#"windows: [(day: "Sat", from: "22:00", hours: 4), (day: "Sun", from: "01:00", hours: 2)]"#,
        &["Sun", "01:00", "overlaps"],
    ),
    ("a day that is none", "windows: []", r#"windows: [(day: "Caturday", from: "22:00", hours: 4)]"#, &["Caturday"]),
    ("hour 25", "windows: []", r#"windows: [(day: "Sat", from: "25:00", hours: 4)]"#, &["25:00"]),
    ("date in year 0", r#"effective: "2026-09-07""#, r#"effective: "0000-01-01""#, &["0000-01-01", "1970"]),
    ("date in year 99999", r#"effective: "2026-09-07""#, r#"effective: "99999-01-01""#, &["99999-01-01", "2999"]),
    ("30 February", r#"effective: "2026-09-07""#, r#"effective: "2027-02-30""#, &["2027-02-30"]),
    ("freeze on no date", "freezes: []", r#"freezes: [(from: "13-45", to: "01-02")]"#, &["13-45"]),
    ("unknown product", r#"product: "2019""#, r#"product: "2020""#, &["2020"]),
    ("unknown build", "15.2.1544.36", "15.2.banana", &["15.2.banana"]),
    ("build of no product", "15.2.1544.36", "99.1.2.3", &["99.1.2.3"]),
    (
        "horizon before start",
        r#"horizon: "2026-12-07""#,
        r#"horizon: "2026-01-01""#,
        &["2026-01-01", "2026-09-07", "horizon"],
    ),
    ("huge count", "count: 20", "count: 99999999999999999999", &["99999999999999999999", "count"]),
    ("too many tenants", "count: 20", "count: 9000000000", &["9000000000", "count"]),
    ("no replications", "replications: 2", "replications: 0", &["0", "replications"]),
    ("unknown field", "never_share: 0", "never_share: 0, sigmma: 3", &["sigmma", "sigma"]),
    ("set that leads nowhere", "policy.layout", "policy.layoot", &["policy.layoot", "layout"]),
    ("unknown version", "version: 1", "version: 7", &["7", "version"]),
];

#[test]
fn every_bad_value_gives_one_message_that_names_it_and_writes_nothing() {
    for (what, good, bad, wanted) in BAD_STUDIES {
        let text = small().replace(good, bad);
        assert_ne!(text, small(), "{what}: nothing was replaced");
        let directory = directory(&text);
        let (output, out, err) = run(&directory, &["run", "study.ron"]);
        assert_eq!(output.status.code(), Some(2), "{what}: {err}");
        assert_eq!(out, "", "{what}");
        assert_eq!(errors(&err), 1, "{what} has one cause and should have one message: {err}");
        for word in wanted {
            assert!(err.contains(word), "{what}: \"{word}\" is missing in {err}");
        }
        assert!(err.contains("study.ron:"), "{what}: no place in {err}");
        assert_eq!(names(directory.path()), ["study.ron".to_owned()].into(), "{what} leaves something behind");
    }
}

#[test]
fn several_problems_are_reported_at_once() {
    let text = small().replace("count: 20", "count: -20").replace("(prob: 0)", "(prob: 2)").replace("2019", "2020");
    let directory = directory(&text);
    let (output, _, err) = run(&directory, &["run", "study.ron"]);
    assert_eq!((output.status.code(), errors(&err)), (Some(2), 3), "{err}");
    // A field without which the study cannot be read does not hide what is wrong elsewhere.
    std::fs::write(directory.path().join("study.ron"), text.replacen("seed: ", "seed: -", 1)).unwrap();
    let (output, _, err) = run(&directory, &["run", "study.ron"]);
    assert_eq!((output.status.code(), errors(&err)), (Some(2), 4), "{err}");
}

#[test]
fn files_that_are_no_studies_are_refused_by_name() {
    let directory = directory(&small());
    let whole = small();
    std::fs::create_dir(directory.path().join("folder.ron")).unwrap();
    write(directory.path(), "empty.ron", "");
    write(directory.path(), "blank.ron", " \n\n");
    std::fs::write(directory.path().join("binary.ron"), [0u8, 159, 146, 150, 255, 0]).unwrap();
    write(directory.path(), "cut.ron", &whole[..whole.len() / 2]);
    write(directory.path(), "open.ron", r#"(version: 1, question: "never closed"#);
    write(directory.path(), "tail.ron", &format!("{whole} and more"));
    let cut = |message: &'static str| ("cut.ron", message);
    for (name, wanted) in [
        ("missing.ron", "no such file"),
        ("folder.ron", "directory"),
        ("empty.ron", "is empty"),
        ("blank.ron", "is empty"),
        ("binary.ron", "not a text file"),
        cut("end"),
        ("open.ron", "end"),
        ("tail.ron", "tail.ron:"),
        ("study.ron/inside.ron", "not a directory"),
    ] {
        for command in ["run", "check"] {
            let (output, out, err) = run(&directory, &[command, name]);
            assert_eq!(output.status.code(), Some(2), "{command} {name}: {err}");
            assert_eq!(errors(&err), 1, "{command} {name}: {err}");
            assert!(err.contains(name) && err.contains(wanted), "{command} {name}: \"{wanted}\" is missing in {err}");
            assert!(command == "check" || out.is_empty(), "{command} {name}: {out}");
        }
    }
    assert!(!directory.path().join("output").exists(), "nothing is written");
}

#[test]
fn a_missing_part_of_a_study_is_named_with_its_place() {
    let text = small().replace("policy: (ladder", "policy: \"policies/none.ron\", other: (ladder");
    let directory = directory(&text);
    let (output, _, err) = run(&directory, &["check", "study.ron"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("policies/none.ron") && err.contains("study.ron:"), "{err}");
}

/// Runs the program with one of its outputs going to a pipe that nobody reads.
fn into_closed_pipe(directory: &TempDir, arguments: &[&str], close_stderr: bool) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).stdin(Stdio::null());
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    if close_stderr {
        command.stderr(writer).stdout(Stdio::piped());
    } else {
        command.stdout(writer).stderr(Stdio::piped());
    }
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn output_into_a_closed_pipe_is_no_failure() {
    let directory = directory(&small());
    for arguments in [
        &["completions", "bash"] as &[&str],
        &["run", "study.ron", "--no-charts"],
        &["check", "study.ron"],
        &["--help"],
        &["--version"],
        &["new", "fresh"],
    ] {
        let (code, err) = into_closed_pipe(&directory, arguments, false);
        assert_eq!((code, err.contains("panicked")), (Some(0), false), "{arguments:?}: {err}");
    }
    assert!(directory.path().join("output/study/manifest.json").is_file(), "the work is done all the same");
}

#[test]
fn complaints_into_a_closed_pipe_keep_the_exit_code() {
    let directory = directory(&small());
    write(directory.path(), "bad.ron", "(version: 9)");
    for (arguments, code) in [
        (&["check", "bad.ron"] as &[&str], 2),
        (&["check", "--lines", "bad.ron"], 2),
        (&["run", "bad.ron"], 2),
        (&["run"], 2),
        (&["run", "study.ron", "--out", "study.ron"], 1),
    ] {
        assert_eq!(into_closed_pipe(&directory, arguments, true).0, Some(code), "{arguments:?}");
    }
}

#[test]
fn output_that_cannot_be_written_is_a_failure_in_words() {
    let directory = directory(&small());
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(["check", "study.ron"]).stdout(full).stderr(Stdio::piped());
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(errors(&err) == 1 && !err.contains("panicked"), "{err}");
}

#[test]
fn a_new_study_is_valid_and_never_replaces_another() {
    let directory = directory(&small());
    let (output, out, err) = run(&directory, &["new", "fresh"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(out.contains("fresh.ron"));
    let (output, out, err) = run(&directory, &["check", "fresh.ron"]);
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    write(directory.path(), "fresh.ron", "mine");
    let (output, out, err) = run(&directory, &["new", "fresh"]);
    assert_eq!((output.status.code(), out.as_str(), errors(&err)), (Some(2), "", 1), "{err}");
    assert_eq!(std::fs::read_to_string(directory.path().join("fresh.ron")).unwrap(), "mine");
    let (output, _, err) = run(&directory, &["new", "no/such/folder/study"]);
    assert_eq!((output.status.code(), errors(&err)), (Some(1), 1), "{err}");
}

#[test]
fn the_smallest_and_the_emptiest_studies_run() {
    let nobody = small().replace("count: 20", "count: 0");
    let one_day = small().replace("2026-12-07", "2026-09-08");
    let no_baseline = small().replace(&format!(", {BASELINE}"), "");
    let one_second = small().replace(r#"horizon: "2026-12-07""#, r#"horizon: "2026-09-07T00:00:01Z""#);
    for (what, text) in
        [("nobody", nobody), ("one day", one_day), ("no baseline", no_baseline), ("one second", one_second)]
    {
        let directory = directory(&text);
        let (output, _, err) = run(&directory, &["run", "study.ron", "--replications", "1", "--out", "out"]);
        assert_eq!(output.status.code(), Some(0), "{what}: {err}");
        assert!(directory.path().join("out/manifest.json").is_file(), "{what}");
        for name in names(&directory.path().join("out")).iter().filter(|name| name.ends_with(".csv")) {
            let text = std::fs::read_to_string(directory.path().join("out").join(name)).unwrap();
            assert!(!text.contains("NaN") && !text.contains("inf,"), "{what}: {name} has a number that is none");
        }
    }
}
