//! The tests of the tests: each asserts something, none is left out, and those that rest on chance say on which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::rust_files;

/// What fails when something is wrong.
const ASSERTS: [&str; 7] =
    ["assert!(", "assert_eq!(", "assert_ne!(", "panic!(", ".unwrap_err()", ".assert()", "matches!("];
/// What tells that a test compares a sample with a law.
const CHANCE: [&str; 6] = ["z_limit(", "limit_of(", "< limit()", "> limit()", "t_quantile(1.0", "coverage("];

/// A function as it stands in a file.
#[derive(Clone, Debug, PartialEq)]
struct Function {
    name: String,
    /// The attributes and comments above it, its head and its body.
    text: String,
    is_test: bool,
}

/// The functions of a formatted text: each ends with a brace under the first letter of its head.
fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let head = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        let head = head.trim_start_matches("pub ").trim_start_matches("const ");
        let Some(rest) = head.strip_prefix("fn ") else { continue };
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let indent = &line[..line.len() - line.trim_start().len()];
        let above = lines[..at].iter().rev().take_while(|line| {
            let line = line.trim_start();
            line.starts_with("#[") || line.starts_with("//")
        });
        let above: Vec<&str> = above.copied().collect();
        let is_test = above.iter().any(|line| line.trim() == "#[test]");
        let close = format!("{indent}}}");
        let length = lines[at..]
            .iter()
            .position(|line| *line == close || line.ends_with("}") && lines[at] == *line)
            .unwrap_or(0);
        let body = lines[at..=at + length].join("\n");
        found.push(Function { name, text: format!("{}\n{body}", above.join("\n")), is_test });
    }
    found
}

/// Names of functions that can fail, directly or through others.
fn able_to_fail(functions: &[Function]) -> BTreeSet<&str> {
    let mut able: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = able.len();
        for function in functions {
            let calls = |name: &&str| function.text.contains(&format!("{name}(")) && **name != *function.name;
            if ASSERTS.iter().any(|assert| function.text.contains(assert)) || able.iter().any(calls) {
                able.insert(&function.name);
            }
        }
        if able.len() == before {
            return able;
        }
    }
}

/// All functions of the tests, by file.
fn all() -> BTreeMap<String, Vec<Function>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "crates", "tests"].map(|folder| rust_files(&root.join(folder))).concat();
    let functions = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let tests =
            if path.starts_with(root.join("tests")) || path.ends_with("tests.rs") || path.ends_with("testdata.rs") {
                text
            } else {
                text.split_once("#[cfg(test)]\n").map_or(String::new(), |(_, tests)| tests.to_owned())
            };
        (path.strip_prefix(root).unwrap().display().to_string(), functions(&tests))
    };
    files.iter().map(functions).collect()
}

#[test]
fn every_test_asserts_something_and_none_is_ignored() {
    let all = all();
    let flat: Vec<Function> = all.values().flatten().cloned().collect();
    let able = able_to_fail(&flat);
    let mut tests = 0;
    for (file, functions) in &all {
        for function in functions.iter().filter(|function| function.is_test) {
            tests += 1;
            assert!(able.contains(function.name.as_str()), "{file}: {} asserts nothing", function.name);
            let attributes: Vec<&str> =
                function.text.lines().map(str::trim).filter(|line| line.starts_with("#[")).collect();
            let evasive = |line: &&str| line.starts_with("#[ignore") || line.starts_with("#[should_panic");
            assert!(!attributes.iter().any(evasive), "{file}: {} has {attributes:?}", function.name);
        }
    }
    assert!(tests > 500, "only {tests} tests were found");
}

#[test]
fn every_test_that_rests_on_chance_states_seed_n_alpha_and_what_it_would_catch() {
    let mut tests = 0;
    for (file, functions) in all() {
        for function in functions.iter().filter(|function| function.is_test) {
            // In discovery, coverage is the share of cases inside a box: no chance in it.
            let by_chance = |word: &&str| !(file.starts_with("crates/methods") && word.starts_with("coverage"));
            let mut words = CHANCE.iter().filter(|word| by_chance(word));
            if words.any(|word| function.text.contains(word)) && !file.ends_with("evidence.rs") {
                tests += 1;
                let lower = function.text.to_lowercase();
                for (word, what) in
                    [("seed", "its seed"), (" n ", "n"), ("alpha", "alpha"), ("wrong", "what it would catch")]
                {
                    assert!(lower.contains(word), "{file}: {} does not state {what}", function.name);
                }
            }
        }
    }
    assert!(tests > 20, "only {tests} such tests were found");
}

/// Whether the head of a block of generated cases fixes their seed, by our `config` or in full.
fn is_seeded(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("#![proptest_config(config(") || line.contains("rng_seed: RngSeed::Fixed(")
}

#[test]
fn every_generated_case_follows_from_a_seed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["tests", "src", "crates"].map(|folder| rust_files(&root.join(folder))).concat();
    let mut blocks = 0;
    for path in files.iter().filter(|path| !path.ends_with("evidence.rs")) {
        let text = fs::read_to_string(path).unwrap();
        for block in text.split("proptest! {\n").skip(1) {
            assert!(block.lines().next().is_some_and(is_seeded), "{}: a block without a seed", path.display());
            blocks += 1;
        }
    }
    assert!(blocks >= 7, "only {blocks} blocks were found");
}

#[test]
fn tests_without_assertions_are_found() {
    let text = "/// x\n#[test]\nfn good() {\n    helper(1);\n}\n\n#[test]\n// seed 1\nfn bad() {\n    let x = 1;\n}\n\n\
                fn helper(x: i32) {\n    assert!(x > 0);\n}\n\nfn main() {}\n";
    let found = functions(text);
    let names: Vec<(&str, bool)> = found.iter().map(|function| (function.name.as_str(), function.is_test)).collect();
    assert_eq!(names, [("good", true), ("bad", true), ("helper", false), ("main", false)]);
    assert_eq!(able_to_fail(&found), BTreeSet::from(["good", "helper"]));
    assert!(found[1].text.contains("seed 1") && !found[1].text.contains("helper"));
}
