//! Files that were made to harm: control characters, formulas, pipes, devices, endless and bloated files.

use super::{directory, done, run, study};
use crate::common::write;

/// What a terminal obeys, in every kind: C0, DEL, C1, operating system commands, bidirectional marks.
const EVIL: &str = "\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\r\u{8}";

/// Fails if text has anything in it that a terminal obeys but line ends.
#[track_caller]
fn harmless(what: &str, text: &str) {
    let found = text.chars().find(|&c| c != '\n' && !brownout::outside::is_printable(c));
    assert_eq!(found, None, "{what}: {text:?}");
}

#[test]
fn no_command_shows_a_terminal_anything_it_obeys() {
    let directory = directory();
    let path = directory.path();
    let ron = EVIL.chars().map(|c| c.escape_unicode().to_string()).collect::<String>();
    // In names of a study, as escapes and as they are; in a fleet, in a report, in arguments, in the names of files.
    write(path, "escaped.ron", &study(5, &format!("g{ron}")).replace("A test?", &format!("Why {ron}?")));
    write(path, "raw.ron", &study(5, &format!("g{EVIL}")).replace("A test?", &format!("Why {EVIL}?")));
    write(path, &format!("odd{EVIL}.ron"), &study(5, "plain"));
    write(path, "broken.ron", &format!("(version: 1, {EVIL}: \"x\"\n"));
    let report = format!(
        "ServerFQDN : mx{EVIL}\nBuild : 15.1.2507.16\nFirstDetectedTime : 2026-09-09T00:15:08Z\n\
         NextStageStartDate : x{EVIL}\n"
    );
    write(path, "report.txt", &report);
    write(path, "fleet.csv", &format!("server,build{EVIL},first_detected\nmx{EVIL},15.1.2507.57,2026-10-01{EVIL}\n"));
    let plan = r#"(version: 1, as_of: "2026-11-21", horizon: "2027-03-01", policy: "microsoft-2023", fleet: "fleet.csv",
        crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)])])"#;
    write(path, "plan.ron", plan);
    let odd = format!("odd{EVIL}.ron");
    let wrong = format!("--{EVIL}");
    let nowhere = format!("no{EVIL}where");
    let commands: Vec<Vec<&str>> = vec![
        vec!["run", "escaped.ron", "--no-charts", "--force", "--out", "o1"],
        vec!["run", "raw.ron", "--no-charts", "--force", "--out", "o2"],
        vec!["run", &odd, "--no-charts", "--force"],
        vec!["run", &odd, "--shard", "1/1", "--force"],
        vec!["run", "study.ron", "--no-charts", "--out", &nowhere],
        vec!["run", "study.ron", "--no-charts", "--out", &nowhere],
        vec!["run", "study.ron", "--precision", &nowhere],
        vec!["merge", &nowhere],
        vec!["check", "escaped.ron", "raw.ron", "broken.ron", &odd, &nowhere],
        vec!["check", "--lines", "escaped.ron", "raw.ron", "broken.ron", &odd, &nowhere],
        vec!["describe", "escaped.ron"],
        vec!["describe", &odd],
        vec!["trace", "escaped.ron", "--tenant", "0"],
        vec!["trace", "escaped.ron", "--tenant", "0", "--format", "json"],
        vec!["trace", "study.ron", "--tenant", "0", "--scenario", &nowhere],
        vec!["timeline", "--report", "report.txt", "--at", "2026-10-12"],
        vec!["timeline", "--report", "report.txt", "--at", "2026-10-12", "--format", "csv"],
        vec!["timeline", "--report", "report.txt", "--at", "2026-10-12", "--format", "json"],
        vec!["timeline", "--report", &nowhere],
        vec!["timeline", "--first-detected", &nowhere],
        vec!["plan", "plan.ron", "--no-files"],
        vec!["plan", &nowhere],
        vec!["verify", "o1"],
        vec!["verify", &nowhere],
        vec!["new", &nowhere],
        vec!["new", &nowhere],
        vec![wrong.as_str()],
        vec![nowhere.as_str()],
    ];
    for command in commands {
        let (_, out, err) = run(path, &command);
        harmless(&format!("{command:?} on standard output"), &out);
        harmless(&format!("{command:?} on standard error"), &err);
        if command.contains(&"json") && !out.is_empty() {
            assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
        }
    }
}

#[test]
fn a_forged_manifest_displays_no_verdict() {
    let directory = directory();
    let path = directory.path();
    done(path, &["run", "study.ron", "--no-charts", "--out", "out"]);
    let manifest = path.join("out/manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let forged = "\"version\": \"9\\u001b[2J\\nidentical: 7 of 7 files\"";
    std::fs::write(&manifest, text.replacen(&version, forged, 1)).unwrap();
    let (code, out, err) = run(path, &["verify", "out"]);
    assert_eq!(code, Some(1), "{out}{err}");
    harmless("verify", &format!("{out}{err}"));
    assert!(!out.lines().chain(err.lines()).any(|line| line.starts_with("identical")), "{out}{err}");
}

#[test]
fn cells_that_begin_formulas_are_harmless_in_every_table_and_read_back() {
    let directory = directory();
    let path = directory.path();
    write(path, "formula.ron", &study(5, "=1+1").replace("\"second\"", "\"@SUM(A1)\""));
    done(path, &["run", "formula.ron", "--no-charts", "--out", "out"]);
    let plan = r#"(version: 1, as_of: "2026-11-21", horizon: "2027-03-01", policy: "microsoft-2023", fleet: "fleet.csv",
        replications: 20, crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)])])"#;
    write(path, "plan.ron", plan);
    write(
        path,
        "fleet.csv",
        "server,build,first_detected,messages_per_day,work_likely\n'=mx1,15.1.2507.57,2026-10-01,1000,1\n",
    );
    done(path, &["plan", "plan.ron", "--no-charts", "--out", "plan"]);
    let mut cells = 0;
    for folder in ["out", "plan"] {
        for (name, bytes) in crate::shards::files(&path.join(folder)) {
            if !name.ends_with(".csv") {
                continue;
            }
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
            for record in reader.records() {
                for cell in &record.unwrap() {
                    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
                    assert!(!formula, "{folder}/{name}: {cell}");
                    cells += usize::from(cell.starts_with("'="));
                }
            }
        }
    }
    assert!(cells > 5, "only {cells} cells were made harmless");
    let calendar = std::fs::read_to_string(path.join("plan/plan.ics")).unwrap();
    assert!(calendar.contains("=mx1") && !calendar.contains("'=mx1"), "the server is called what it was: {calendar}");
}

#[cfg(target_os = "linux")]
#[test]
fn pipes_devices_and_bloated_files_are_named_at_once_by_every_reader() {
    let directory = directory();
    let path = directory.path();
    assert!(std::process::Command::new("mkfifo").arg(path.join("pipe")).status().unwrap().success());
    let bloated = std::fs::File::create(path.join("bloated")).unwrap();
    bloated.set_len(100 << 30).unwrap();
    std::fs::create_dir(path.join("out")).unwrap();
    for target in ["pipe", "/dev/zero", "bloated"] {
        for command in [
            vec!["run", target],
            vec!["check", target],
            vec!["describe", target],
            vec!["trace", target, "--tenant", "0"],
            vec!["merge", target],
            vec!["verify", target],
            vec!["plan", target],
            vec!["timeline", "--report", target],
            vec!["timeline", "--first-detected", "2026-09-09", "--policy", &format!("./{target}")],
        ] {
            // A device has no path of ours in front.
            let command: Vec<&str> = command.iter().map(|word| word.strip_prefix("./").unwrap_or(word)).collect();
            let (code, out, err) = run(path, &command);
            assert!(
                matches!(code, Some(1 | 2)) && !err.is_empty() || out.starts_with("different"),
                "{command:?}: {out}{err}"
            );
        }
        let link = path.join("out/manifest.json");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(
            if target.starts_with('/') { target.to_owned() } else { format!("../{target}") },
            &link,
        )
        .unwrap();
        let (code, _, err) = run(path, &["verify", "out"]);
        assert_eq!(code, Some(2), "{target}: {err}");
        let (code, _, err) = run(path, &["run", "study.ron", "--no-charts", "--out", "out", "--resume"]);
        assert!(code == Some(1) && err.contains("already has results"), "{target}: {err}");
    }
    // Outputs that a manifest lists.
    done(path, &["run", "study.ron", "--no-charts", "--out", "whole"]);
    for (name, target) in [("summary.csv", "pipe"), ("series.csv", "/dev/zero"), ("mail.csv", "bloated")] {
        let link = path.join("whole").join(name);
        std::fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(
            if target.starts_with('/') { target.to_owned() } else { format!("../{target}") },
            &link,
        )
        .unwrap();
    }
    let (code, out, _) = run(path, &["verify", "whole"]);
    assert_eq!(code, Some(1), "{out}");
    for words in ["summary.csv: the file: recorded nothing that can be read: it is a pipe", "series.csv", "mail.csv"] {
        assert!(out.contains(words), "{out}");
    }
}

#[test]
fn a_manifest_that_lists_a_file_many_times_or_leads_elsewhere_is_refused() {
    let directory = directory();
    let path = directory.path();
    done(path, &["run", "study.ron", "--no-charts", "--out", "out"]);
    let manifest = path.join("out/manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    for (name, word) in
        [("series.csv", "twice"), ("../study.ron", "no name of a result file"), ("/etc/passwd", "no name")]
    {
        std::fs::write(&manifest, text.replacen("\"summary.csv\"", &format!("\"{name}\""), 1)).unwrap();
        let (code, _, err) = run(path, &["verify", "out"]);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains(word), "{err}");
    }
}
