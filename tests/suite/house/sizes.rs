//! No file and no function has more lines than can be kept in mind.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::rust_files;

/// Most lines of a file.
const LINES_MAX: usize = 400;
/// Most lines of a function, from `fn` to its last brace.
const FUNCTION_MAX: usize = 60;

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files =
        ["src", "crates", "tests", "benches", "scenarios"].map(|folder| rust_files(&root.join(folder))).concat();
    assert!(files.len() > 500, "only {} files were found", files.len());
    files
}

#[test]
fn no_file_has_more_than_four_hundred_lines() {
    let files = files();
    let lines = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    let long: Vec<_> = files.iter().map(|path| (path, lines(path))).filter(|(_, lines)| *lines > LINES_MAX).collect();
    assert!(long.is_empty(), "more than {LINES_MAX} lines: {long:?}");
}

/// Names and lengths of the functions of a text, as rustfmt lays them out: the last brace stands below the first letter of the line.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| {
        let code = line.trim_start();
        let words = code.split("fn ").next().unwrap_or_default();
        code.contains("fn ")
            && words.split(' ').all(|word| ["", "const", "async"].contains(&word) || word.starts_with("pub"))
    };
    let length = |&at: &usize| {
        let blank = &lines[at][..lines[at].len() - lines[at].trim_start().len()];
        let ends = |line: &&str| {
            let rest = line.strip_prefix(blank).filter(|rest| !rest.starts_with(' '));
            rest.is_some_and(|rest| rest.starts_with('}') || rest.ends_with(';'))
        };
        let last = lines[at..].iter().position(ends).unwrap_or(0);
        (lines[at].trim(), last + 1)
    };
    (0..lines.len()).filter(|&at| begins(lines[at])).map(|at| length(&at)).collect()
}

/// Names and lengths of the functions of a text of Python: all lines after `def` that stand further in.
fn python_functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let length = |at: usize| {
        let inside = |line: &&&str| {
            line.trim().is_empty() || depth(line) > depth(lines[at]) || line.trim_start().starts_with(')')
        };
        let body = lines[at + 1..].iter().take_while(inside).count();
        let blank = lines[at + 1..at + 1 + body].iter().rev().take_while(|line| line.trim().is_empty()).count();
        (lines[at].trim(), 1 + body - blank)
    };
    (0..lines.len()).filter(|&at| lines[at].trim_start().starts_with("def ")).map(length).collect()
}

#[test]
fn no_function_of_python_has_more_than_sixty_lines() {
    let mut long = Vec::new();
    let mut counted = 0;
    for path in python_files(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        let text = fs::read_to_string(&path).unwrap();
        let all = python_functions(&text);
        counted += all.len();
        long.extend(all.iter().filter(|one| one.1 > FUNCTION_MAX).map(|one| format!("{}: {one:?}", path.display())));
        assert!(text.lines().count() <= LINES_MAX, "{}", path.display());
    }
    assert!(counted > 20, "only {counted} functions were found");
    assert!(long.is_empty(), "more than {FUNCTION_MAX} lines: {long:#?}");
    assert_eq!(python_functions("def a():\n    x\n\n    y\n\nz\n"), [("def a():", 4)]);
}

/// All files of Python under the folders of the project.
fn python_files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["benches", "crates", "docs", "scenarios", "tests"].map(|name| root.join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "py") {
                found.push(entry);
            }
        }
    }
    found
}

#[test]
fn no_function_has_more_than_sixty_lines() {
    let mut counted = 0;
    let mut long = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).unwrap();
        let all = functions(&text);
        counted += all.len();
        long.extend(all.iter().filter(|one| one.1 > FUNCTION_MAX).map(|one| format!("{}: {one:?}", path.display())));
    }
    assert!(counted > 5_000, "only {counted} functions were found");
    assert!(long.is_empty(), "more than {FUNCTION_MAX} lines: {long:#?}");
    let sample = format!("fn long() {{\n{}}}\n", "    x();\n".repeat(60));
    assert_eq!(functions(&sample), [("fn long() {", 62)]);
}
