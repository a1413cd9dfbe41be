//! `brownout timeline` on inputs from the field, named by case id: what is not known is never shown as known.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases")
}

/// Exit code, standard output and standard error.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("brownout").unwrap();
    let output = command.current_dir(cases()).arg("timeline").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Standard output on one line, so that where lines break does not matter.
fn said(arguments: &[&str]) -> String {
    let (code, out, error) = run(arguments);
    assert_eq!(code, 0, "{error}");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn json(arguments: &[&str]) -> serde_json::Value {
    let (code, out, error) = run(&[arguments, &["--format", "json"]].concat());
    assert_eq!(code, 0, "{error}");
    serde_json::from_str(&out).unwrap()
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "\"{part}\" is missing:\n{text}");
    }
}

#[test]
fn case_07_an_hour_of_summer_time_is_no_misfit() {
    let asked = ["--report", "07-json-ps51-berlin.json", "--at", "2026-11-12"];
    let text = said(&asked);
    has(
        &text,
        &[
            "Mail begins to bounce on Tue 2026-11-17 23:15 UTC, in 6.0 days (inferred)",
            "Now (2026-11-12T00:00:00Z): throttle-20:",
            "throttled 20 minutes of every hour",
            "Pause days left: 80 of 90 in 2026 (inferred",
            "local times",
            "Europe",
        ],
    );
    assert!(!text.contains("not in whole days"), "{text}");
    assert_eq!(run(&asked).2, "", "the hour is told once, and not as a fault of the ladder");
    let zone = said(&[&asked[..], &["--time-zone", "Europe/Berlin"]].concat());
    has(&zone, &["Tue 2026-11-17 23:15 UTC"]);
}

#[test]
fn case_07_local_text_over_the_end_of_summer_time_gives_the_same_days() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.txt");
    // 29.96 days: UTC dates shown by the clocks of Berlin.
    let text = "ServerFQDN : a\nBuild : 15.1.2507.57\nFirstDetectedDate : 2026-09-09 02:15:08\nThrottleEnabledDate : 2026-10-09 02:15:08\n\
                BlockingEnabledDate : 2026-11-08 01:15:08\nNextStageThrottleRate : 30\nNextStageBlockRate : 5\nNextStageStartDate : 2026-11-18 01:15:08\n";
    std::fs::write(&path, text).unwrap();
    let asked = ["--report", path.to_str().unwrap(), "--at", "2026-11-12"];
    has(&said(&asked), &["Pause days left: 80 of 90 in 2026 (inferred", "Wed 2026-11-18 01:15", "local times"]);
    let zone = said(&[&asked[..], &["--time-zone", "Europe/Berlin"]].concat());
    has(&zone, &["Wed 2026-11-18 00:15 UTC", "Pause days left: 80 of 90"]);
    assert!(!zone.contains("local times"), "{zone}");
    let (code, _, error) = run(&[&asked[..], &["--time-zone", "Nowhere/Town"]].concat());
    assert_eq!(code, 2);
    has(&error, &["no time zone", "Europe/Berlin"]);
}

#[test]
fn case_10_lateness_of_one_server_is_not_laid_on_another() {
    let asked = ["--report", "10-one-server-late.txt", "--at", "2026-10-20"];
    has(&said(&asked), &["no single pause explains", "mx2.contoso.example, from Sat 2026-11-14 00:15 UTC"]);
    let found = json(&asked);
    let mx2 = found["servers"].as_array().unwrap().iter().find(|one| one["server"] == "mx2.contoso.example").unwrap();
    assert_eq!(
        (mx2["blocked_from"].as_str(), mx2["certainty"].as_str()),
        (Some("2026-11-14T00:15:08Z"), Some("known"))
    );
    let mx1 = found["servers"].as_array().unwrap().iter().find(|one| one["server"] == "mx1.contoso.example").unwrap();
    assert_eq!(mx1["certainty"], "inferred");
    assert!(mx1["inferred_pause"]["from"].as_str().unwrap() <= "2026-10-20T00:00:00Z", "never in the future: {mx1}");
}

#[test]
fn case_11_a_pause_that_nobody_saw_is_not_claimed() {
    let reports = ["11-queue-says-throttled.txt", "../report-format-list.txt"];
    for (report, at) in reports.into_iter().zip(["2026-10-22", "2024-05-10"]) {
        let text = said(&["--report", report, "--at", at]);
        has(
            &text,
            &["if a pause runs, nothing is held back; if none does, throttled 10 minutes of every hour", "(inferred)"],
        );
        assert!(!text.contains("Pause until") && text.contains("paused?"), "{text}");
        let found = json(&["--report", report, "--at", at]);
        let now = &found["servers"][0]["now"];
        assert_eq!((now["throttle_if_not_paused"].as_u64(), now["certainty"].as_str()), (Some(10), Some("inferred")));
    }
}

#[test]
fn case_12_a_build_that_the_report_recommends_is_done() {
    for policy in ["microsoft", "policy-microsoft-2023.ron"] {
        let text = said(&["--report", "12-already-updated.txt", "--at", "2026-10-12", "--policy", policy]);
        has(
            &text,
            &[
                "Done: build 15.1.2507.75",
                "RecommendedBuildVersions",
                "lingers",
                "not known",
                "Pickup",
                "another server",
            ],
        );
        assert!(!text.contains("bounce"), "{text}");
    }
    let found = json(&["--report", "12-already-updated.txt", "--at", "2026-10-12"]);
    assert_eq!(
        (found["servers"][0]["answer"].as_str(), found["servers"][0]["blocked_from"].as_str()),
        (Some("complies"), None)
    );
}

#[test]
fn case_14_no_baseline_is_no_answer() {
    let text = said(&["--product", "2007", "--policy", "microsoft-2023", "--at", "2026-11-26"]);
    has(&text, &["Cannot say: no baseline of policy microsoft-2023 speaks of Exchange 2007"]);
    assert!(!text.contains("never"), "{text}");
    let text = said(&["--product", "2007", "--at", "2026-11-26"]);
    has(&text, &["All mail has bounced since Thu 2023-09-21 to Sat 2023-10-21 (range)", "2007-whole"]);
}

#[test]
fn case_14_a_name_and_the_file_of_that_name_are_the_same() {
    for name in ["microsoft-2023", "microsoft", "rollout-2026"] {
        let file = format!("../../../scenarios/policies/{name}.ron");
        let asked = |policy: &str| said(&["--build", "15.1.2507.57", "--at", "2026-11-26", "--policy", policy]);
        assert_eq!(asked(name), asked(&file), "{name}");
    }
}

#[test]
fn case_15_an_unknown_detection_is_a_range() {
    let asked = ["--product", "2016", "--build", "15.1.2507.57", "--at", "2026-11-26"];
    let (_, _, error) = run(&asked);
    has(&error, &["warning: first detection is not known", "FirstDetectedDate", "Get-OnPremServerReportInfo"]);
    has(
        &said(&asked),
        &[
            "Mail begins to bounce Fri 2026-11-06 to Sun 2026-12-06 (range)",
            "from throttle-20, day 50 on the clock to block-20, day 80 on the clock (range)",
        ],
    );
    let found = json(&asked);
    let server = &found["servers"][0];
    assert_eq!(server["certainty"], "range");
    assert_eq!(server["first_detected"], "2026-09-07T00:00:00Z");
    assert_eq!(server["first_detected_latest"], "2026-10-07T00:00:00Z");
    let (_, csv, _) = run(&[&asked[..], &["--format", "csv"]].concat());
    has(&csv, &[",block-5,2026-11-06T00:00:00Z,", ",range,2026-12-06T00:00:00Z,"]);
    let known = json(&[&asked[..], &["--first-detected", "2026-09-20"]].concat());
    assert_eq!(known["servers"][0]["certainty"], "known");
}

#[test]
fn case_02_the_first_build_of_a_cumulative_update_may_hide_updates() {
    let text = said(&["--build", "15.1.2507.6", "--at", "2026-11-26"]);
    has(&text, &["the patch level is unknown, somewhere from 15.1.2507.6 to 15.1.2507.75", "worst case", "(range)"]);
}

#[test]
fn case_16c_rules_without_a_source_are_marked_where_they_decide() {
    let text = said(&["--first-detected", "2026-09-09", "--pause", "2026-09-15:14", "--at", "2026-09-20"]);
    has(
        &text,
        &["(assumed)", "assumed: a pause in the report stage (2026-09-15) stops the clock", "up to 14 days earlier"],
    );
    let text = said(&["--first-detected", "2026-09-09", "--pause", "2026-12-20:20", "--at", "2026-12-01"]);
    has(&text, &["assumed: of the pause over New Year (2026-12-20) each day is charged to the year it begins in"]);
    let two = ["--pause", "2026-10-20:10", "--pause", "2026-10-25:5"];
    let text = said(&[&["--first-detected", "2026-09-09", "--at", "2026-10-26"], &two[..]].concat());
    has(
        &text,
        &["assumed: the grant of 2026-10-25 falls into a running pause and extends it", "Pause until Wed 2026-11-04"],
    );
    let text = said(&["--first-detected", "2026-09-09", "--pause", "2026-10-20:10", "--at", "2026-10-21"]);
    assert!(!text.contains("- assumed: "), "{text}");
}

#[test]
fn case_16_stages_resume_where_they_stood() {
    let pauses = ["--pause", "2026-02-10:5", "--pause", "2026-02-25:15", "--pause", "2026-05-01:15"];
    let text = said(&[&["--first-detected", "2026-01-05", "--at", "2026-03-20"], &pauses[..]].concat());
    has(&text, &["Pause days left: 55 of 90 in 2026"]);
}

#[test]
fn case_26_a_reply_gives_the_days_on_the_clock() {
    let asked = ["--reply-file", "26-queue-lasterror.txt", "--at", "2026-10-19"];
    has(
        &said(&asked),
        &[
            "The reply says throttled 10 minutes of every hour: day 40 to 50 on the clock (range). That is stage throttle-10.",
            "Mail begins to bounce Thu 2026-10-29 to Sun 2026-11-08 (range)",
            "All mail bounces from Sat 2026-11-28 to Tue 2026-12-08 (range)",
            "Now (2026-10-19T00:00:00Z): throttle-10, day 40 to 50 on the clock (range)",
        ],
    );
    let text = std::fs::read_to_string(cases().join("26-queue-lasterror.txt")).unwrap();
    assert_eq!(said(&["--reply", &text, "--at", "2026-10-19"]), said(&asked));
    let (code, _, error) = run(&["--report", "26-queue-lasterror.txt"]);
    assert_eq!(code, 2);
    has(&error, &["--reply-file 26-queue-lasterror.txt"]);
    let (code, _, error) = run(&["--reply", "450 4.4.2 connection dropped"]);
    assert_eq!(code, 2);
    has(&error, &["throttled for 10 mins/hr"]);
}

#[test]
fn case_26_readings_of_the_ladder_that_differ_are_told() {
    let text = said(&["--reply", "450 4.7.230 throttled for 30 mins/hr", "--at", "2026-10-10"]);
    has(&text, &["day 60 to 90", "sources disagree", "microsoft-2023-throttle-kept"]);
    let text = said(&["--reply", "550 5.7.230 … blocked for 60 mins/hr", "--at", "2026-10-10"]);
    has(&text, &["day 90 or later", "since 2026-10-10 or an earlier day"]);
}

#[test]
fn case_26b_throttling_of_february_2024() {
    let text = said(&["--first-detected", "2024-01-02", "--at", "2024-02-06"]);
    has(&text, &["throttle-5, day 35 on the clock", "Next: throttle-10 from Sun 2024-02-11"]);
}

#[test]
fn case_27_every_stage_tells_how_much_mail_waits_and_how_long() {
    let asked = ["--first-detected", "2026-09-09", "--at", "2026-10-12"];
    has(&said(&asked), &["throttle-5 8.3 % 228 s 9 min -", "block-5 50 % 1038 s 29 min 8.3 %"]);
    let found = json(&asked);
    let mail = &found["servers"][0]["periods"][1]["mail"];
    assert_eq!((mail["mean_delay_seconds"].as_f64(), mail["p90_delay_seconds"].as_u64()), (Some(228.0), Some(540)));
}

#[test]
fn a_picture_never_replaces_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.txt");
    std::fs::copy(cases().join("11-queue-says-throttled.txt"), &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let name = path.to_str().unwrap();
    let (code, out, error) = run(&["--report", name, "--png", name, "--at", "2026-10-22"]);
    assert_eq!((code, out.as_str()), (2, ""));
    has(&error, &["would replace", "choose another name"]);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_report_that_is_not_there_is_a_bad_argument() {
    let (code, out, error) = run(&["--report", "nowhere.txt"]);
    assert_eq!((code, out.as_str()), (2, ""));
    has(&error, &["cannot read nowhere.txt: no such file"]);
}

#[test]
fn ranges_and_replies_fit_80_plain_columns() {
    for arguments in [
        &["--build", "15.1.2507.57", "--at", "2026-11-26"][..],
        &["--reply-file", "26-queue-lasterror.txt", "--at", "2026-10-19"],
        &["--report", "07-json-ps51-berlin.json", "--at", "2026-11-12"],
        &["--report", "12-already-updated.txt", "--at", "2026-11-12"],
        &["--report", "10-one-server-late.txt", "--at", "2026-10-20"],
    ] {
        let (_, text, _) = run(arguments);
        assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 80), "{text}");
    }
}

/// A report of one server in a folder of its own.
fn report(lines: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    let head = [("ServerFQDN", "ex01.contoso.example"), ("Build", "15.1.2507.57")];
    let text: String = head.iter().chain(lines).map(|(name, value)| format!("{name} : {value}\n")).collect();
    std::fs::write(&path, text).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn an_hour_of_summer_time_in_the_south_is_recognised() {
    // New Zealand: clocks go forward on 27 September 2026.
    let (_folder, path) = report(&[
        ("FirstDetectedDate", "09/09/2026 12:15:08"),
        ("ThrottleEnabledDate", "09/10/2026 13:15:08"),
        ("BlockingEnabledDate", "08/11/2026 13:15:08"),
        ("NextStageThrottleRate", "10"),
        ("NextStageBlockRate", "0"),
        ("NextStageStartDate", "19/10/2026 13:15:08"),
    ]);
    let asked = ["--report", &path, "--at", "2026-10-12"];
    let text = said(&asked);
    has(&text, &["Australia on 2026-10-03", "New Zealand on 2026-09-26", "which is meant is not known"]);
    assert_eq!(run(&asked).2, "");
    let zone = said(&[&asked[..], &["--time-zone", "Pacific/Auckland"]].concat());
    has(&zone, &["Mail begins to bounce on Sun 2026-11-08 00:15 UTC", "throttle-10 from Mon 2026-10-19 00:15 UTC"]);
    assert!(!zone.contains("local times"), "{zone}");
}

#[test]
fn a_change_of_clocks_that_several_places_explain_names_them_all() {
    let (_folder, path) = report(&[
        ("FirstDetectedDate", "9/8/2026 8:15:08 PM"),
        ("ThrottleEnabledDate", "10/8/2026 8:15:08 PM"),
        ("BlockingEnabledDate", "11/7/2026 7:15:08 PM"),
    ]);
    let text = said(&["--report", &path, "--at", "2026-10-12"]);
    has(&text, &["in Europe on 2026-10-25, in North America on 2026-11-01", "may be an hour off"]);
}

#[test]
fn the_end_of_a_pause_that_nobody_saw_is_not_told() {
    let asked = ["--report", "11-queue-says-throttled.txt", "--at", "2026-10-22"];
    let now = &json(&asked)["servers"][0]["now"];
    assert_eq!(now["paused_until"], serde_json::Value::Null);
    assert_eq!((&now["next"]["stage"], &now["next"]["from"]), (&"throttle-20".into(), &"2026-11-04T00:15:08Z".into()));
    assert_eq!(now["next"]["certainty"], "inferred");
}

#[test]
fn a_range_tells_both_ends_of_now() {
    let server = &json(&["--product", "2016", "--build", "15.1.2507.57", "--at", "2026-11-26"])["servers"][0];
    assert_eq!((&server["now"]["stage"], &server["now"]["clock_days"]), (&"block-20".into(), &80.0.into()));
    assert_eq!(
        (&server["now_latest"]["stage"], &server["now_latest"]["clock_days"]),
        (&"throttle-20".into(), &50.0.into())
    );
    assert_eq!((&server["now"]["certainty"], &server["now_latest"]["certainty"]), (&"range".into(), &"range".into()));
    let known = &json(&["--first-detected", "2026-09-09", "--at", "2026-10-12"])["servers"][0];
    assert_eq!(known["now_latest"], serde_json::Value::Null);
}

#[test]
fn dates_of_a_breach_that_is_not_certain_are_marked() {
    let found = json(&["--report", "30-odd-builds.txt", "--at", "2026-10-12"]);
    let servers = found["servers"].as_array().unwrap();
    let newer = servers.iter().find(|server| server["server"] == "e-newer.contoso.example").unwrap();
    assert_eq!((&newer["certainty"], &newer["answer"]), (&"assumed".into(), &"cannot say".into()));
    assert!(
        servers.iter().filter(|server| server["answer"] == "breaches").all(|server| server["certainty"] == "known")
    );
}

#[test]
fn every_problem_of_a_report_has_a_line_of_its_own() {
    let (_folder, path) = report(&[("FirstDetectedDate", "13/13/2026"), ("ThrottleEnabledDate", "soon")]);
    let (code, out, err) = run(&["--report", &path]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err.lines().count(), 2, "{err}");
    assert!(err.lines().all(|line| line.starts_with("error: ")) && !err.contains("\\u{a}"), "{err}");
}
