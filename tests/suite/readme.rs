//! What the README shows is what the program prints.

use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;

const README: &str = include_str!("../../README.md");

fn program() -> Command {
    let mut command = Command::cargo_bin("brownout").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn printed(arguments: &[&str]) -> String {
    let output = program().args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The fenced text blocks, without the fences.
fn text_blocks() -> Vec<&'static str> {
    README.split("```text\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

fn trimmed(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn the_table_in_the_readme_is_what_the_first_command_prints() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("quickstart");
    let found = printed(&["run", "scenarios/quickstart.ron", "--no-charts", "--out", out.to_str().unwrap()]);
    // The last line names the directory and the number of files.
    let without_last = |text: &str| {
        let mut lines = trimmed(text);
        lines.pop();
        lines
    };
    assert_eq!(without_last(text_blocks()[0]), without_last(&found));
}

#[test]
fn the_dates_in_the_readme_are_what_timeline_prints() {
    let block = trimmed(text_blocks()[1]);
    let command: Vec<&str> = block[0].strip_prefix("$ brownout ").unwrap().split(' ').collect();
    let found = trimmed(&printed(&command));
    let shown = &block[1..block.len() - 1];
    assert_eq!(block.last().unwrap(), "...", "the end of the output is left out");
    assert_eq!(shown, &found[..shown.len()]);
}

#[test]
fn the_plan_in_the_readme_is_what_plan_prints() {
    let block = trimmed(text_blocks()[2]);
    let command: Vec<&str> = block[0].strip_prefix("$ brownout ").unwrap().split(' ').collect();
    let found = trimmed(&printed(&command));
    let mut parts = block[1..].split(|line| line == "...");
    let (head, tail) = (parts.next().unwrap(), parts.next().unwrap());
    assert_eq!(head, &found[..head.len()]);
    assert_eq!(tail, &found[found.len() - tail.len()..]);
}

#[test]
fn the_readme_lists_every_command_and_no_other() {
    let help = printed(&["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = commands.lines().filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    let commands: BTreeSet<&str> =
        commands.map(|line| line.split(' ').next().unwrap()).filter(|name| *name != "help").collect();
    let rows = README.lines().filter_map(|line| line.strip_prefix("| `brownout "));
    let listed: BTreeSet<&str> = rows.map(|row| row.split([' ', '`']).next().unwrap()).collect();
    assert_eq!(listed, commands);
}

#[test]
fn the_readme_lists_every_study_and_plan_and_no_other() {
    for (folder, row) in [("scenarios", "| `scenarios/"), ("scenarios/plans", "| `scenarios/plans/")] {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files =
            std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<String> = files.filter(|name| name.ends_with(".ron")).collect();
        let rows = README.lines().filter_map(|line| line.strip_prefix(row));
        let listed = rows.map(|row| row.split('`').next().unwrap().to_owned()).filter(|name| !name.contains('/'));
        assert_eq!(listed.collect::<BTreeSet<_>>(), files, "{folder}");
    }
}

#[test]
fn every_file_the_readme_links_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let links = README.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    let files: Vec<&str> = links.filter(|link| !link.starts_with("http") && !link.starts_with('#')).collect();
    assert!(!files.is_empty());
    for file in files {
        assert!(root.join(file).exists(), "{file} is linked but not there");
    }
}
