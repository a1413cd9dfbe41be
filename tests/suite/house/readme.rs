//! What the README shows is what the program prints: every command in it is run, every output in it is compared.
//!
//! `cargo run --release -- X` is run as the built program with X; `cargo test --release` is what runs this. Shell lines go to a
//! shell with the built program first in its path; a line that begins with a tool this machine lacks is skipped, and says so.

mod inline;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::common::{StudyText, group, write};

const README: &str = include_str!("../../../README.md");

/// Every text that tells users what to type, by its path.
const TEXTS: [(&str, &str); 12] = [
    ("README.md", README),
    ("docs/ASSUMPTIONS.md", include_str!("../../../docs/ASSUMPTIONS.md")),
    ("docs/DATA.md", include_str!("../../../docs/DATA.md")),
    ("docs/EMA-SALIB.md", include_str!("../../../docs/EMA-SALIB.md")),
    ("docs/FORMAT.md", include_str!("../../../docs/FORMAT.md")),
    ("docs/GUIDE.md", include_str!("../../../docs/GUIDE.md")),
    ("docs/LARGE-RUNS.md", include_str!("../../../docs/LARGE-RUNS.md")),
    ("docs/MODEL.md", include_str!("../../../docs/MODEL.md")),
    ("docs/SPEED.md", include_str!("../../../docs/SPEED.md")),
    ("docs/TESTING.md", include_str!("../../../docs/TESTING.md")),
    ("scenarios/README.md", include_str!("../../../scenarios/README.md")),
    ("scenarios/plans/README.md", include_str!("../../../scenarios/plans/README.md")),
];
const PROGRAM: &str = env!("CARGO_BIN_EXE_brownout");

/// A fenced block: its kind and its lines.
type Block = (&'static str, Vec<&'static str>);

/// The fenced blocks of a text, in order.
fn blocks(text: &'static str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(kind) => {
                open = true;
                found.push((kind, Vec::new()));
            }
            None if open => found.last_mut().unwrap().1.push(line),
            None => {}
        }
    }
    found
}

/// A directory as the README's reader has it: the shipped scenarios, a study and a report of one's own.
fn reader() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("scenarios"), &directory.path().join("scenarios"));
    let study = StudyText {
        groups: vec![group("g", 20, r#"upgrade: (to: "SE", per_month: 0.3)"#, "")],
        ..StudyText::default()
    };
    write(directory.path(), "study.ron", &study.ron());
    std::fs::copy(root.join("tests/data/report-format-list.txt"), directory.path().join("report.txt")).unwrap();
    directory
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a line of a shell prints, the program being the first `brownout` in its path.
fn in_a_shell(directory: &TempDir, line: &str) -> String {
    let program = Path::new(PROGRAM).parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(program).chain(std::env::split_paths(&path))).unwrap();
    let output =
        Command::new("sh").args(["-ec", line]).current_dir(directory.path()).env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Whether the tool that a line begins with is there.
fn is_installed(line: &str) -> bool {
    let tool = line.split(' ').next().unwrap();
    let known = Command::new("sh").args(["-c", "command -v \"$1\" >/dev/null", "sh", tool]).status();
    tool == "brownout" || known.unwrap().success()
}

/// Runs a line of a shell block; `None` if it cannot be run here, or need not be.
fn run_line(directory: &TempDir, line: &str) -> Option<String> {
    if line == "cargo test --release" {
        return None;
    }
    if let Some(arguments) = line.strip_prefix("cargo run --release -- ") {
        return Some(in_a_shell(directory, &format!("brownout {arguments}")));
    }
    if !is_installed(line) {
        eprintln!("skipped, not installed here: {line}");
        return None;
    }
    Some(in_a_shell(directory, line))
}

fn trimmed<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    lines.into_iter().map(str::trim_end).collect()
}

/// Whether an output is what a block shows; a line `...` stands for any number of lines.
fn shows(block: &[&str], output: &str) -> Result<(), String> {
    let mut rest = &trimmed(output.trim_end().lines())[..];
    let parts: Vec<&[&str]> = block.split(|line| *line == "...").collect();
    for (place, part) in parts.iter().enumerate() {
        let part = trimmed(part.iter().copied());
        let (first, last) = (place == 0, place + 1 == parts.len());
        let at = match (first, last) {
            (true, _) => Some(0),
            (false, true) => rest.len().checked_sub(part.len()),
            (false, false) => rest.windows(part.len().max(1)).position(|lines| lines == part),
        };
        let at = at.filter(|&at| rest[at..].starts_with(&part));
        let at = at.ok_or_else(|| format!("not printed:\n{}\nbut:\n{}", part.join("\n"), rest.join("\n")))?;
        rest = &rest[at + part.len()..];
    }
    if rest.is_empty() || block.last() == Some(&"...") {
        Ok(())
    } else {
        Err(format!("not shown:\n{}", rest.join("\n")))
    }
}

#[test]
fn every_command_in_a_block_runs_and_every_output_is_what_it_prints() {
    let directory = reader();
    // Outputs that no block has shown yet, with their commands.
    let mut printed: Vec<(String, String)> = Vec::new();
    let (mut lines_run, mut outputs_compared) = (0, 0);
    let shown = TEXTS.into_iter().filter(|(path, _)| !path.starts_with("scenarios"));
    for (kind, lines) in shown.flat_map(|(_, text)| blocks(text)) {
        match (kind, lines.first().and_then(|line| line.strip_prefix("$ "))) {
            ("sh", _) => {
                for line in lines {
                    let output = run_line(&directory, line);
                    lines_run += 1;
                    printed.extend(output.map(|output| (line.to_owned(), output)));
                }
            }
            ("text", Some(command)) => {
                let output = in_a_shell(&directory, command);
                shows(&lines[1..], &output).unwrap_or_else(|error| panic!("{command}: {error}"));
                outputs_compared += 1;
            }
            ("text", None) => {
                let found: Vec<_> = printed.iter().map(|(command, output)| (command, shows(&lines, output))).collect();
                assert!(found.iter().any(|(_, found)| found.is_ok()), "no command above prints this block: {found:#?}");
                outputs_compared += 1;
            }
            // Run where the packages are: `neighbours`.
            ("python", _) => {}
            (other, _) => panic!("a block of the kind \"{other}\" is not checked; teach this test how"),
        }
    }
    assert!(lines_run >= 6 && outputs_compared >= 3, "{lines_run} lines, {outputs_compared} outputs");
    assert!(directory.path().join("results/manifest.json").is_file(), "the shards were merged");
}

#[test]
fn a_block_that_shows_something_else_is_caught() {
    let output = "one\ntwo\nthree\nfour\n";
    for good in [
        &["one", "two", "three", "four"] as &[&str],
        &["one", "..."],
        &["one", "...", "four"],
        &["one", "...", "three", "four"],
    ] {
        assert_eq!(shows(good, output), Ok(()), "{good:?}");
    }
    for bad in [
        &["one", "two", "three"] as &[&str],
        &["two", "..."],
        &["one", "...", "three"],
        &["one", "...", "five"],
        &["one", "..", "four"],
    ] {
        assert!(shows(bad, output).is_err(), "{bad:?}");
    }
}

#[test]
fn the_guide_lists_every_command_and_no_other() {
    let help = in_a_shell(&reader(), "brownout --help");
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = commands.lines().filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    let commands: BTreeSet<&str> =
        commands.map(|line| line.split(' ').next().unwrap()).filter(|name| *name != "help").collect();
    let guide = include_str!("../../../docs/GUIDE.md");
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `brownout "));
    let listed: BTreeSet<&str> = rows.map(|row| row.split([' ', '`']).next().unwrap()).collect();
    assert_eq!(listed, commands);
}

#[test]
fn the_references_list_every_study_and_plan_and_no_other() {
    let studies = include_str!("../../../scenarios/README.md");
    let plans = include_str!("../../../scenarios/plans/README.md");
    for (folder, reference, row) in [("scenarios", studies, "- `"), ("scenarios/plans", plans, "| [")] {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files =
            std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<String> = files.filter(|name| name.ends_with(".ron")).collect();
        let rows = reference.lines().filter_map(|line| line.strip_prefix(row)?.split(['`', ']']).next());
        let listed = rows.filter(|name| name.ends_with(".ron") && !name.contains('/')).map(str::to_owned);
        assert_eq!(listed.collect::<BTreeSet<_>>(), files, "{folder}");
    }
}

#[test]
fn every_file_that_readme_and_docs_link_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = Vec::new();
    for (path, text) in TEXTS {
        let folder = root.join(path).parent().unwrap().to_path_buf();
        let links = text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap());
        files.extend(links.filter(|link| !link.starts_with("http") && !link.is_empty()).map(|link| folder.join(link)));
    }
    assert!(files.len() > 20);
    let gone: Vec<&PathBuf> = files.iter().filter(|path| !path.exists()).collect();
    assert!(gone.is_empty(), "linked but not there: {gone:?}");
}
