//! The core takes values and gives values: no files, no terminal, no environment, no clock, no order of chance.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::rust_files;

/// Words of the outside world and of unordered containers. `env!` reads at compile time and is fine.
const FORBIDDEN: [&str; 14] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "env::var",
    "println!",
    "print!(",
    "dbg!",
    "Instant::now",
    "SystemTime",
    "HashMap",
    "HashSet",
    "thread_rng",
    "rand::rng(",
];

/// The edge: the only files that may touch the outside world.
fn is_edge(path: &str) -> bool {
    ["files.rs", "study/load.rs", "report/write.rs", "chart/draw.rs", "cli.rs", "main.rs"].contains(&path)
        || path.starts_with("cli/")
        || path.starts_with("report/write/")
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The crates below the program, which know nothing of it.
fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")
}

/// The text without comments and without what is only compiled for tests.
fn shipped(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            skip_item(&mut lines);
        } else if !line.trim_start().starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Skips one item: up to `;` at its end, or up to the bracket that closes it.
fn skip_item<'a>(lines: &mut impl Iterator<Item = &'a str>) {
    let Some(first) = lines.next() else { return };
    if first.trim_end().ends_with(';') {
        return;
    }
    let indent = first.len() - first.trim_start().len();
    let close = format!("{}}}", " ".repeat(indent));
    for line in lines {
        if line == close {
            return;
        }
    }
}

/// Files that are modules of tests only: `#[cfg(test)] mod name;` somewhere.
fn is_test_file(path: &str) -> bool {
    path.ends_with("tests.rs") || path.ends_with("testdata.rs") || path.contains("/tests/")
}

fn offences(path: &str, text: &str) -> Vec<String> {
    let shipped = shipped(text);
    let lines = shipped.lines().map(str::trim);
    lines
        .flat_map(|line| FORBIDDEN.iter().filter(move |word| line.contains(*word)).map(move |word| (word, line)))
        .map(|(word, line)| format!("src/{path} has {word}: {line}"))
        .collect()
}

#[test]
fn the_core_stays_free_of_the_outside_world() {
    let mut found = Vec::new();
    let mut seen = 0;
    for file in rust_files(&source()) {
        let path = file.strip_prefix(source()).unwrap().to_string_lossy().replace('\\', "/");
        if !is_edge(&path) && !is_test_file(&path) {
            seen += 1;
            found.extend(offences(&path, &fs::read_to_string(&file).unwrap()));
        }
    }
    for file in rust_files(&crates()) {
        let path = file.strip_prefix(crates()).unwrap().to_string_lossy().replace('\\', "/");
        if !is_test_file(&path) {
            seen += 1;
            found.extend(offences(&path, &fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(seen > 50, "only {seen} files of the core were found");
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn an_offence_is_found_outside_tests_and_comments_only() {
    let text = "use a;\n// println! here\nfn f() {\n    let t = Instant::now();\n}\n#[cfg(test)]\nmod tests {\n    \
                use std::fs;\n}\nconst X: &str = env!(\"X\");\n#[cfg(test)]\nmod t;\nuse std::collections::HashMap;\n";
    let found = offences("x.rs", text);
    assert_eq!(
        found,
        ["src/x.rs has Instant::now: let t = Instant::now();", "src/x.rs has HashMap: use std::collections::HashMap;"]
    );
}

#[test]
fn the_edge_is_where_it_is_said_to_be() {
    let missing: Vec<_> = ["study/load.rs", "report/write.rs", "chart/draw.rs", "cli.rs", "main.rs"]
        .into_iter()
        .filter(|path| !source().join(path).is_file())
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
