//! Every test of the model names the section of docs/MODEL.md that it holds the program to.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::common::rust_files;

#[test]
fn every_test_of_the_model_names_its_section_and_every_section_has_tests() {
    let page = include_str!("../../../docs/MODEL.md");
    let sections: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("**")?.split_once(".** ")).map(|(name, _)| name).collect();
    assert!(sections.len() >= 5, "{sections:?}");
    let mut held = BTreeSet::new();
    let mut tests = 0;
    for file in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/model")) {
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for at in (0..lines.len()).filter(|&at| lines[at] == "#[test]") {
            let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///"));
            let named = above.filter_map(|line| line.strip_prefix("/// Model: ")?.strip_suffix('.')).next();
            let name = lines[at..].iter().find(|line| line.starts_with("fn ")).unwrap_or(&"");
            assert!(named.is_some_and(|name| sections.contains(name)), "{}: {name} names no section", file.display());
            held.extend(named.map(str::to_owned));
            tests += 1;
        }
    }
    assert!(tests > 50, "only {tests} tests of the model were found");
    assert_eq!(held, sections.iter().copied().map(str::to_owned).collect::<BTreeSet<String>>());
}
