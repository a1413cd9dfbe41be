//! What is told fits a screen, says what matters first and in plain words, and may be asked for again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use brownout::experiment::Run;
use brownout::reading::load::load;
use brownout::telling::terminal;
use tempfile::TempDir;

use crate::common::{brownout, run, write};

fn done(directory: &TempDir, arguments: &[&str]) -> String {
    let output = asked(directory, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn asked(directory: &TempDir, arguments: &[&str]) -> Output {
    brownout(directory).args(arguments).output().unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn seven_scenarios_fit_a_screen_of_60_and_of_80_columns() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/exchange-2026.ron");
    let study = load(&path).unwrap().study;
    assert_eq!(study.scenarios().len(), 7);
    let results = run(&study, 2);
    let of = Run { study: &study, results: &results };
    let numbers = |text: &str| text.split_whitespace().filter(|word| word.starts_with('±')).count();
    let wide = terminal::summary(of, None);
    for width in [60, 80, 120, 200] {
        let text = terminal::summary(of, Some(width));
        assert!(text.lines().count() <= 24, "{width} columns: {} lines\n{text}", text.lines().count());
        assert!(text.lines().all(|line| line.chars().count() <= usize::from(width)), "{width}\n{text}");
        assert_eq!(numbers(&text), numbers(&wide), "{width}: every number keeps its interval\n{text}");
        // One line for each scenario in each table, so that rows are compared by eye.
        let tables = text.matches("lost").count() + text.matches("median to").count();
        for scenario in study.scenarios() {
            let rows = text.lines().filter(|line| line.trim_start().starts_with(&scenario.name)).count();
            assert!((1..=tables).contains(&rows), "{width}: {} in {rows} lines\n{text}", scenario.name);
        }
    }
    let differences = terminal::differences(of, Some(80)).unwrap();
    assert!(differences.lines().count() <= 34, "{differences}");
    assert!(differences.lines().all(|line| line.chars().count() <= 80), "{differences}");
}

/// A plan of two servers, each of whose cut-overs fails with a chance.
fn plan(failure: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/plan-cases");
    let text = fs::read_to_string(from.join("slip.ron")).unwrap();
    let risky =
        text.replace("failure:(prob: 0, delay: Fixed(1))", &format!("failure:(prob: {failure}, delay: Fixed(20))"));
    assert_ne!(risky, text);
    write(directory.path(), "slip.ron", &risky);
    fs::copy(from.join("slip.csv"), directory.path().join("slip.csv")).unwrap();
    directory
}

#[test]
fn the_same_plan_is_replaced_and_another_is_not() {
    let directory = plan("0");
    let plan = ["plan", "slip.ron", "--time", "0", "--replications", "20", "--out", "a"];
    done(&directory, &plan);
    let before = files(&directory.path().join("a"));
    done(&directory, &plan);
    let numbers = "also the calendar, whose numbers grow when something changes";
    assert_eq!(files(&directory.path().join("a")), before, "{numbers}");
    for more in [&["--seed", "7"] as &[&str], &["--as-of", "2026-11-24"], &["--no-charts"]] {
        let other = asked(&directory, &[&plan[..], more].concat());
        assert_eq!(other.status.code(), Some(1), "{more:?}");
        assert!(String::from_utf8_lossy(&other.stderr).contains("--force"), "{more:?}");
    }
    fs::write(directory.path().join("a/plan.csv"), "mine").unwrap();
    assert_eq!(asked(&directory, &plan).status.code(), Some(1), "a file that was changed is not replaced unasked");
    assert_eq!(fs::read(directory.path().join("a/plan.csv")).unwrap(), b"mine");
}

#[test]
fn the_same_exploration_is_replaced_and_quiet_says_nothing() {
    let directory = crate::program::explore::folder(crate::program::explore::FILE);
    let explore = ["explore", "ask.ron", "--out", "a", "--no-charts", "-q"];
    assert_eq!(done(&directory, &explore), "");
    let before = files(&directory.path().join("a"));
    assert!(before.contains_key("report.html"));
    let told = done(&directory, &explore[..5]);
    assert!(told.contains("files in a; begin with report.html"), "{told}");
    assert_eq!(files(&directory.path().join("a")), before);
    let other = crate::program::explore::FILE.replace("points: 20", "points: 21");
    fs::write(directory.path().join("ask.ron"), other).unwrap();
    let refused = asked(&directory, &explore);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--force"));
    assert_eq!(files(&directory.path().join("a")), before);
}

#[test]
fn a_plan_says_its_danger_first_and_explains_its_points() {
    for (failure, says) in [("0", "In none of "), ("0.6", "The chance that mail of at least one server")] {
        let directory = plan(failure);
        let more = ["--time", "0", "--replications", "50", "--out", "a", "--no-charts"];
        let told = done(&directory, &[&["plan", "slip.ron"], &more[..]].concat());
        let page = fs::read_to_string(directory.path().join("a/report.html")).unwrap();
        // Question, finding, danger.
        let danger = told.lines().filter(|line| !line.is_empty()).nth(2).unwrap();
        assert!(danger.starts_with(says), "{told}");
        let answer = page.split("id=\"answer\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(answer.contains(danger), "{answer}");
        // The same number as in the table of strategies, whose last column is the chance that none bounces, with its interval.
        let row = told.lines().find(|line| line.trim_start().starts_with("the plan")).unwrap();
        let clear: u32 = row.split(" %").next().unwrap().split_whitespace().last().unwrap().parse().unwrap();
        let chance = danger.split(" is ").last().unwrap().split(' ').next().unwrap();
        assert_eq!(chance.parse().unwrap_or(0), 100 - clear, "{danger}\n{row}");
        assert!((clear == 100) == (failure == "0"), "{row}");
        // The font in the page's style is no text.
        let read = page.rsplit("</style>").next().unwrap();
        for text in [told.as_str(), read] {
            for jargon in ["P50", "P95", "no bound", "incumbent", "Minimised"] {
                assert!(!text.contains(jargon), "{jargon}");
            }
        }
        assert!(page.contains("for a message lost"), "points are explained");
    }
}

#[test]
fn minutes_have_heads_in_words() {
    let directory = tempfile::tempdir().unwrap();
    for more in [&["--first-detected", "2026-09-09"] as &[&str], &["--product", "2016", "--build", "15.1.2507.57"]] {
        let told = done(&directory, &[&["timeline", "--at", "2026-11-21"], more].concat());
        let at = told.lines().position(|line| line.contains(" back  ") && line.contains(" lost")).expect(&told);
        let below: Vec<&str> = told.lines().skip(at + 1).take(2).collect();
        assert!(below[0].contains(" 450") && below[0].contains(" 550"), "{told}");
        assert!(below[1].matches("min").count() == 2, "{told}");
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let meaning = "Held back, min: minutes of every hour in which mail is told to try again later (reply 450).";
        assert!(words.contains(meaning), "{told}");
        assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    }
}
