//! What lets a reader check a result: verify, trace, precision, paired comparison.

use brownout::experiment::Scope;
use std::process::Output;

use brownout::experiment::{Measure, difference};
use brownout::stats::mean_interval;
use tempfile::TempDir;

use crate::common::{StudyText, brownout, group, values, write};

fn study() -> StudyText {
    StudyText {
        horizon: "2027-06-07",
        groups: vec![group(
            "plain",
            60,
            r#"upgrade: (to: "SE", per_month: 0.2, lead: LogNormal(median: 30, sigma: 0.5))"#,
            "",
        )],
        scenarios: vec![
            r#"(name: "announced")"#.to_owned(),
            r#"(name: "slower", set: {"policy.ladder.slower": 2})"#.to_owned(),
        ],
        ..StudyText::default()
    }
}

fn run(directory: &TempDir, arguments: &[&str]) -> (Output, String, String) {
    let output = brownout(directory).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

/// A directory with a study and its results in `out`.
fn finished() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study().ron());
    let (output, _, err) = run(&directory, &["run", "study.ron", "--out", "out"]);
    assert!(output.status.success(), "{err}");
    directory
}

#[test]
fn results_verify_as_identical_even_without_their_study() {
    let directory = finished();
    std::fs::remove_file(directory.path().join("study.ron")).unwrap();
    let (output, out, _) = run(&directory, &["verify", "out"]);
    assert!(output.status.success() && out.starts_with("identical: "), "{out}");
    std::fs::copy(directory.path().join("out/mail-lost.png"), directory.path().join("mail-lost.png")).unwrap();
    let (output, out, _) = run(&directory, &["verify", "mail-lost.png"]);
    assert!(output.status.success() && out.starts_with("identical: "), "a picture alone is enough: {out}");
}

/// The directory's manifest, as another version would have written it.
fn made_by(directory: &TempDir, version: &str) {
    let path = directory.path().join("out/manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let own = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(text.matches(&own).count(), 1, "the version of the program stands in its manifest");
    std::fs::write(&path, text.replace(&own, &format!("\"version\": \"{version}\""))).unwrap();
}

#[test]
fn numbers_of_another_version_are_told_with_both_versions() {
    let directory = finished();
    made_by(&directory, "0.1.0");
    let path = directory.path().join("out/summary.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let last = text.rfind(|c: char| c.is_ascii_digit() && c != '9').unwrap();
    std::fs::write(&path, format!("{}9{}", &text[..last], &text[last + 1..])).unwrap();
    let versions = format!("made by brownout 0.1.0, read by brownout {}", env!("CARGO_PKG_VERSION"));
    let (output, out, err) = run(&directory, &["verify", "out"]);
    assert_eq!((output.status.code(), err.contains(&versions)), (Some(1), true), "{out}{err}");
    let [table, manifest, end] = out.lines().collect::<Vec<_>>()[..] else { panic!("{out}") };
    assert!(table.starts_with("different: summary.csv: ") && table.contains(", recomputed "), "{out}");
    assert!(manifest.starts_with("different: manifest.json: "), "{out}");
    assert_eq!(end, format!("{versions}: what changes results from version to version stands in CHANGELOG.md"));
}

#[test]
fn results_of_this_version_are_told_without_one() {
    let directory = finished();
    let (_, out, err) = run(&directory, &["verify", "out"]);
    assert!(!format!("{out}{err}").contains("made by"), "{out}{err}");
}

#[test]
fn an_edited_table_is_found_and_its_first_differing_number_named() {
    let directory = finished();
    let path = directory.path().join("out/summary.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text.lines().position(|line| line.starts_with("announced,all,lost,")).unwrap();
    let number = text.lines().nth(line).unwrap().split(',').nth(4).unwrap().to_owned();
    std::fs::write(&path, text.replacen(&format!(",lost,messages,{number},"), ",lost,messages,12345,", 1)).unwrap();
    let (output, out, _) = run(&directory, &["verify", "out"]);
    assert_eq!(output.status.code(), Some(1));
    let wanted = format!(
        "summary.csv: line {}, column \"mean\" (announced, all, lost, messages): recorded 12345, recomputed {number}",
        line + 1
    );
    assert!(out.contains(&wanted), "{out}");
}

#[test]
fn damaged_missing_and_foreign_results_are_told_apart() {
    let directory = finished();
    let picture = directory.path().join("out/overview.png");
    let mut bytes = std::fs::read(&picture).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::write(&picture, bytes).unwrap();
    let (output, _, err) = run(&directory, &["verify", "out/overview.png"]);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("undamaged"), "{err}");
    std::fs::remove_file(directory.path().join("out/mail.csv")).unwrap();
    let (output, out, _) = run(&directory, &["verify", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out.contains("overview.png") && out.contains("mail.csv: the file: recorded missing"), "{out}");
    let foreign = write(directory.path(), "foreign.png", "not a picture");
    for path in [foreign.to_str().unwrap(), ".", "nowhere"] {
        let (output, _, err) = run(&directory, &["verify", path]);
        assert_eq!(output.status.code(), Some(2), "{path}: {err}");
    }
}

#[test]
fn an_edited_input_in_the_manifest_is_found() {
    let directory = finished();
    let path = directory.path().join("out/manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("per_month: 0.2", "per_month: 0.3", 1)).unwrap();
    let (output, out, _) = run(&directory, &["verify", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out.contains("does not have its recorded hash"), "{out}");
}

#[test]
fn a_trace_tells_the_life_that_the_run_counted() {
    let directory = finished();
    let lost = |tenant: &str| {
        let arguments = ["trace", "study.ron", "--scenario", "announced", "--tenant", tenant, "--format", "json"];
        let (output, out, err) = run(&directory, &arguments);
        assert!(output.status.success(), "{err}");
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        value["trace"]["lost_messages"].as_f64().unwrap()
    };
    let all: Vec<f64> = (0..60).map(|tenant| lost(&tenant.to_string())).collect();
    let results = study().run(1);
    let total = values(&results, 0, Measure::Lost)[0];
    assert!((all.iter().sum::<f64>() - total).abs() < 1e-6 * total, "traced lives add up to the run");
    // Several tenants may lose equally much; the first of them is found.
    let most = all.iter().copied().fold(0.0, f64::max);
    let worst = all.iter().position(|&lost| lost == most).unwrap();
    let (_, out, _) = run(&directory, &["trace", "study.ron", "--worst", "lost"]);
    assert!(out.starts_with(&format!("Tenant {worst} ")), "{out}");
}

#[test]
fn a_trace_against_another_scenario_shows_where_they_part() {
    let directory = finished();
    let arguments = ["trace", "study.ron", "--worst", "lost", "--against", "slower"];
    let (output, out, _) = run(&directory, &arguments);
    assert!(output.status.success());
    assert!(out.contains("then they part") && out.contains("Under \"slower\""), "{out}");
    let table = [&arguments[..], &["--format", "csv"]].concat();
    let (_, out, _) = run(&directory, &table);
    let scenarios: std::collections::BTreeSet<_> = out.lines().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(scenarios, ["announced", "scenario", "slower"].into(), "both lives are in the table");
    let (_, out, _) = run(&directory, &["trace", "study.ron", "--tenant", "0", "--against", "announced"]);
    assert!(out.contains("is the same, event by event"), "{out}");
    let (output, _, err) = run(&directory, &["trace", "study.ron", "--tenant", "60"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("tenants 0 to 59"), "{err}");
    let (_, _, err) = run(&directory, &["trace", "study.ron", "--tenant", "0", "--scenario", "anounced"]);
    assert!(err.contains("did you mean \"announced\"?"), "{err}");
}

#[test]
fn a_run_for_precision_is_the_run_of_as_many_replications_or_says_that_it_failed() {
    let directory = finished();
    let (output, out, _) =
        run(&directory, &["run", "study.ron", "--out", "p", "--precision", "lost:4%", "--no-charts"]);
    assert!(output.status.success());
    let reached = out.lines().find(|line| line.starts_with("Precision reached")).unwrap_or_else(|| panic!("{out}"));
    let number = reached.split("after ").nth(1).unwrap().split(' ').next().unwrap();
    assert!(number.parse::<u32>().unwrap() > 2, "more than the study's own replications were needed: {reached}");
    run(&directory, &["run", "study.ron", "--out", "q", "--replications", number, "--no-charts"]);
    let text = |folder: &str, name: &str| std::fs::read_to_string(directory.path().join(folder).join(name)).unwrap();
    for name in ["summary.csv", "differences.csv"] {
        assert_eq!(text("p", name), text("q", name), "{name}");
    }
    // Its manifest tells what was asked for, so that it can be resumed once more without doing anything.
    let asked = "  \"precision\": \"lost:4%\",\n";
    let without_hash = |text: String| text.split("\"outputs\"").next().unwrap().to_owned();
    let (p, q) = (without_hash(text("p", "manifest.json")), without_hash(text("q", "manifest.json")));
    assert_eq!(p.replacen(asked, "", 1), q);
    let (output, out, _) =
        run(&directory, &["run", "study.ron", "--out", "p", "--precision", "lost:4%", "--no-charts", "--resume"]);
    assert!(output.status.success() && out.contains("nothing was left to do"), "{out}");
    let (output, out, _) = run(&directory, &["verify", "p"]);
    assert!(output.status.success() && out.starts_with("identical"), "{out}");
    let arguments =
        ["run", "study.ron", "--out", "r", "--precision", "lost:0.001%", "--max-replications", "12", "--no-charts"];
    let (_, out, _) = run(&directory, &arguments);
    assert!(out.contains("Precision NOT reached") && out.contains("after 12 replications"), "{out}");
}

/// Seed 1, 40 replications of 400 tenants. The bound of 10 is the one promised; ratios found are in the hundreds.
#[test]
fn pairing_shrinks_the_variance_of_lost_mail_at_least_tenfold() {
    let kept = r#"(name: "kept", set: {"policy.ladder.preset": "microsoft-2023-throttle-kept"})"#;
    let mut text = StudyText {
        groups: vec![group(
            "plain",
            400,
            r#"upgrade: (to: "SE", per_month: 0.1, lead: LogNormal(median: 30, sigma: 0.5))"#,
            "",
        )],
        scenarios: vec![r#"(name: "announced")"#.to_owned(), kept.to_owned()],
        ..StudyText::default()
    };
    // Under the defaults the twin changes no decision: lost mail is the same to the last digit.
    let results = text.run(40);
    let same = difference(&results, 1, Scope::All, Measure::Lost).unwrap();
    assert_eq!((same.estimate.mean, same.estimate.low, same.estimate.high), (0.0, Some(0.0), Some(0.0)));
    let spread = mean_interval(&values(&results, 0, Measure::Lost), 0.95).unwrap();
    assert!(spread.low < spread.high, "unpaired runs do vary");
    // When throttled minutes press as well, decisions differ and so does lost mail.
    text.response =
        "multiplier: Constant(1), added: (upgrade: ByMinutes(report: 0, paused: 0, throttle: [(60, 0.01)], block: [(60, 0.05)]))"
            .to_owned();
    let found = difference(&text.run(40), 1, Scope::All, Measure::Lost).unwrap();
    assert!(found.estimate.mean < 0.0);
    assert!(found.variance_ratio.unwrap() >= 10.0, "{found:?}");
}
