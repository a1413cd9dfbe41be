//! What a run says: the answer first, one number for one thing, no verdict where nothing is known, names that can be read.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use brownout::chart::read_png_text;
use tempfile::TempDir;

/// What a command of the program printed and the folder of its files.
fn told(arguments: &[&str]) -> (TempDir, PathBuf, String) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut command = Command::cargo_bin("brownout").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).arg("--out").arg(&out);
    let done = command.assert().success();
    let text = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    (place, out, text)
}

fn text(out: &Path, file: &str) -> String {
    std::fs::read_to_string(out.join(file)).unwrap()
}

/// The text of a page without its markup, blanks alike.
fn words(page: &str) -> String {
    let mut shown = String::new();
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                shown.push(' ');
            }
            _ if !inside => shown.push(if c == '\u{a0}' || c == '\n' { ' ' } else { c }),
            _ => {}
        }
    }
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_answer_stands_first_on_terminal_page_and_overview() {
    let (_place, out, text_) = told(&["run", "scenarios/quickstart.ron", "--replications", "3"]);
    let answer = text_.split("\n\n").next().unwrap().replace('\n', " ");
    assert!(answer.contains("less mail than") && answer.contains("(95 %: "), "{answer}");
    assert!(answer.ends_with("fewest losses and least exposure are different goals."), "{answer}");
    let page = text(&out, "report.html");
    let lead = page.split("<p class=\"lead\">").nth(1).unwrap().split("</p>").next().unwrap();
    assert_eq!(lead, answer);
    let overview = page.split("id=\"overview-title\">").nth(1).unwrap().split("</title>").next().unwrap();
    assert_eq!(overview, answer);
    let (first_figure, first_fold) = (page.find("<figure").unwrap(), page.find("<details").unwrap());
    assert!(first_figure < first_fold, "the first figure is folded");
}

#[test]
fn one_thing_has_one_number() {
    let (_place, out, text_) = told(&["run", "scenarios/quickstart.ron", "--replications", "3"]);
    let row = text_.lines().find(|line| line.trim_start().starts_with("announced ladder")).unwrap();
    let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let (lost, half) = cells[1].split_once('\u{a0}').unwrap_or_else(|| cells[1].split_once(' ').unwrap());
    let half = half.trim_start_matches(['±', ' ', '\u{a0}']);
    let page = words(&text(&out, "report.html"));
    // Tile, table, title of the panel and label of the line.
    assert!(page.contains(&format!("{lost} M ± {half} M messages lost")), "{lost} ± {half}");
    assert!(page.contains(&format!("{lost} M messages are lost under “announced ladder”")), "{lost}");
    assert!(page.contains(&format!("{lost} M in all")), "{lost}");
}

#[test]
fn rows_of_one_line_have_no_rule_between_them() {
    let (_place, _out, text) = told(&["run", "scenarios/quickstart.ron", "--replications", "2", "--no-charts"]);
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.trim_start().starts_with("announced ladder")).unwrap();
    assert!(lines[at + 1].trim_start().starts_with("no enforcement"), "{}", lines[at + 1]);
    assert!(lines.iter().all(|line| line.chars().count() <= 120));
}

#[test]
fn case_24_one_replication_gives_no_verdict_anywhere() {
    let (_place, out, text_) = told(&["run", "tests/data/cases/24-nobody-acts.ron"]);
    assert!(text_.starts_with("One replication cannot tell these scenarios apart"), "{text_}");
    assert!(text_.contains("not reached"));
    let page = words(&text(&out, "report.html"));
    for claim in [
        " more ",
        " fewer ",
        "with 95 % interval",
        "No scenario with restrictions",
        "1 in 100",
        "1 servers",
        "1 tenants",
        "1 replications",
    ] {
        let figures = page.split("All figures").nth(1).unwrap().split("The scenarios and what differs").next().unwrap();
        assert!(!figures.contains(claim), "a picture says {claim:?}");
    }
    assert!(page.contains("cannot tell apart yet") && page.contains("not reached"));
}

#[test]
fn case_22_names_in_other_scripts_are_numbers_with_a_key_in_pictures() {
    let (_place, out, _) = told(&["plan", "tests/data/cases/22.ron"]);
    let metadata = read_png_text(&std::fs::read(out.join("gantt.png")).unwrap()).unwrap();
    let key = &metadata.iter().find(|(key, _)| key == "brownout names").expect("a key of names").1;
    let svg = text(&out, "gantt.svg");
    for line in key.lines() {
        let (short, name) = line.split_once(" = ").unwrap();
        assert!(short.starts_with("server ") && svg.contains(name), "{line}");
    }
    assert_eq!(key.lines().count(), 2);
    assert!(svg.contains("mail-süd") && !svg.contains("server 1"));
}
