//! The shipped studies: each loads, runs small and is listed; the README's field tables name what there is, and no more.

use brownout::experiment::Scope;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use brownout::experiment::Measure;
use brownout::ladders::{self, PRESETS};
use brownout::reading::load::load;

use crate::common::run;

/// Tenants of a group at most, when a shipped study is tried.
const SMALL: u32 = 40;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The study files, sorted: every `.ron` file that is not only a part of one.
fn studies() -> Vec<PathBuf> {
    let entries = fs::read_dir(scenarios()).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "ron")).collect();
    found.sort();
    found
}

fn readme() -> String {
    fs::read_to_string(scenarios().join("README.md")).expect("scenarios/README.md is the reference of studies")
}

#[test]
fn every_shipped_study_loads_without_errors_and_runs_small() {
    assert!(!studies().is_empty());
    for path in studies() {
        let loaded = load(&path).unwrap_or_else(|error| {
            panic!("{:#?}", error.problems.iter().map(|problem| problem.line()).collect::<Vec<_>>())
        });
        let mut study = loaded.study;
        for world in study.scenarios_mut().worlds_mut() {
            let own = Arc::make_mut(world);
            crate::common::keep_tenants(own, SMALL);
        }
        let results = run(&study, 2);
        let shown = path.display();
        assert_eq!(results.scenarios.len(), study.scenarios().len(), "{shown}");
        for (scenario, found) in study.scenarios().iter().zip(&results.scenarios) {
            assert_eq!(found.tenants, scenario.world.tenant_count() as i64, "{shown}: {}", scenario.name);
            assert!(found.servers_per_replication >= found.tenants, "{shown}: {}", scenario.name);
            let sent = found.summary(Scope::All, Measure::Sent).unwrap().estimate.mean;
            assert!(sent.is_finite() && sent > 0.0, "{shown}: {}", scenario.name);
        }
    }
}

#[test]
fn every_shipped_study_says_what_it_asks() {
    for path in studies() {
        let loaded = load(&path).unwrap();
        let question = loaded.study.question();
        assert!(question.trim_end().ends_with('?'), "{}: {question}", path.display());
    }
}

#[test]
fn the_readme_lists_every_shipped_study_and_no_other() {
    let text = readme();
    let names: BTreeSet<String> =
        studies().iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let missing: Vec<_> = names.iter().filter(|name| !text.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "scenarios/README.md does not list {missing:?}");
    let named = rows(&text).flat_map(quoted).filter(|cell| cell.ends_with(".ron"));
    let gone: Vec<_> = named.filter(|name| !scenarios().join(name).is_file()).collect();
    assert!(gone.is_empty(), "scenarios/README.md lists {gone:?}, which is not there");
}

/// The files of a folder beside the studies, sorted.
fn parts(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(scenarios().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    found.sort();
    found
}

#[test]
fn every_policy_and_world_makes_a_study_that_runs_and_is_listed() {
    let text = readme();
    let directory = tempfile::tempdir().unwrap();
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let plain = crate::common::StudyText::default().ron();
    let (head, rest) = plain.split_once("    policy: (").unwrap();
    let (policy, rest) = rest.split_once("),\n    world: (").unwrap();
    let (world, tail) = rest.split_once("),\n    scenarios:").unwrap();
    let own = |text: &str| format!("({text})");
    let (policies, worlds) = (parts("policies", "ron"), parts("worlds", "ron"));
    assert!(policies.len() >= 6 && worlds.len() >= 3);
    // The exact curves are those of the presets: every policy has the ladder of one.
    for path in &policies {
        let file = brownout::reading::text::SourceFile { path: path.display().to_string(), text: read(path) };
        let policy = brownout::reading::compose::compose_policy(&Arc::new(file)).0.unwrap();
        let same = PRESETS.into_iter().any(|name| ladders::preset(name).unwrap().stages() == policy.ladder().stages());
        assert!(same, "{} has a ladder of its own, which no exact curve checks", path.display());
    }
    let studies = policies.iter().map(|path| (path, read(path), own(world)));
    let studies = studies.chain(worlds.iter().map(|path| (path, own(policy), read(path))));
    for (path, policy, world) in studies {
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy();
        let listed = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
        assert!(text.contains(&format!("`{listed}`")), "scenarios/README.md does not list {listed}");
        crate::common::write(directory.path(), "policy.ron", &policy);
        crate::common::write(directory.path(), "world.ron", &world);
        let study = format!("{head}    policy: \"policy.ron\",\n    world: \"world.ron\",\n    scenarios:{tail}");
        let path = crate::common::write(directory.path(), "study.ron", &study);
        let mut study = load(&path).unwrap_or_else(|error| panic!("{listed}: {:?}", error.problems)).study;
        let mut world = study.scenarios()[0].world.as_ref().clone();
        crate::common::keep_tenants(&mut world, SMALL);
        study.scenarios_mut().set_world(0, Arc::new(world));
        let sent = run(&study, 2).scenarios[0].summary(Scope::All, Measure::Sent).unwrap().estimate.mean;
        assert!(sent.is_finite() && sent > 0.0, "{listed}");
    }
}

#[test]
fn every_table_of_numbers_is_whole_and_listed() {
    let listed = fs::read_to_string(scenarios().join("data/README.md")).unwrap();
    let tables = parts("data", "csv");
    assert!(tables.len() >= 5);
    for path in tables {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(listed.contains(&format!("`{name}`")), "scenarios/data/README.md does not list {name}");
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path).unwrap();
        let columns = reader.headers().unwrap().len();
        let rows: Vec<csv::StringRecord> =
            reader.records().map(|row| row.unwrap_or_else(|e| panic!("{name}: {e}"))).collect();
        assert!(columns > 1 && !rows.is_empty() && rows.iter().all(|row| row.len() == columns), "{name}");
    }
}

/// Rows of tables.
fn rows(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.lines().map(str::trim).filter(|line| line.starts_with('|'))
}

/// What stands in backticks in the first cell of a row.
fn quoted(row: &str) -> impl Iterator<Item = &str> {
    let cell = row.trim_matches('|').split('|').next().unwrap_or("");
    cell.split('`').skip(1).step_by(2)
}

/// The field a path ends in: `policy.ladder.stages[].days` gives `days`.
fn field(path: &str) -> &str {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.split(['[', '(', ':', ' ']).next().unwrap_or(last)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Fields of the tables whose first column is headed `field`.
fn documented(markdown: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut of_fields = false;
    let mut before = "";
    for line in markdown.lines().map(str::trim) {
        if line.starts_with('|') && !before.starts_with('|') {
            of_fields = line.trim_matches('|').split('|').next().is_some_and(|cell| cell.trim() == "field");
        } else if line.starts_with('|') && of_fields {
            found.extend(quoted(line).map(|path| field(path).to_owned()));
        }
        before = line;
    }
    found
}

/// Fields of the wire types: `pub name:` lines, the fields inside variants, and those of `group_fields!`.
fn declared(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut in_macro = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("group_fields! {") {
            in_macro = true;
        } else if line == "}" {
            in_macro = false;
        }
        let stated = line.strip_prefix("pub ").or(in_macro.then_some(line));
        let name = stated.and_then(|rest| rest.split_once(':')).map(|(name, _)| name);
        found.extend(name.filter(|name| is_name(name)).map(str::to_owned));
    }
    found
}

/// Names that stand inside braces of variants, such as `median` in `LogNormal { median: f64 }`.
fn inside_variants(source: &str) -> BTreeSet<String> {
    let enums = source.split("pub enum ").skip(1).map(|text| text.split("\n}").next().unwrap_or(text));
    let names = enums.flat_map(|text| text.split([',', '{', '\n'])).filter_map(|part| part.trim().split_once(':'));
    let names = names.map(|(name, _)| name.trim());
    names.filter(|name| is_name(name)).map(str::to_owned).collect()
}

fn wire() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/reading/src");
    let files =
        ["wire.rs", "wire/policy.rs", "wire/world.rs"].map(|file| fs::read_to_string(folder.join(file)).unwrap());
    files.concat()
}

#[test]
fn the_readme_describes_every_field_of_a_study() {
    let (documented, declared) = (documented(&readme()), declared(&wire()));
    let missing: Vec<_> = declared.difference(&documented).collect();
    assert!(missing.is_empty(), "scenarios/README.md does not describe {missing:?}");
}

#[test]
fn the_readme_describes_no_field_that_does_not_exist() {
    let source = wire();
    let known: BTreeSet<_> = declared(&source).union(&inside_variants(&source)).cloned().collect();
    let documented = documented(&readme());
    let invented: Vec<_> = documented.difference(&known).collect();
    assert!(invented.is_empty(), "scenarios/README.md describes {invented:?}, which no study can have");
}

#[test]
fn fields_are_read_off_sources_and_tables_alike() {
    let source = "pub struct A {\n    pub name: String,\n}\ngroup_fields! {\n    esu_share: f64,\n}\n\
                  pub enum B {\n    None,\n    LogNormal {\n        median: f64,\n    },\n    Long { days: i64 },\n}\n";
    assert_eq!(declared(source), ["esu_share", "name"].map(str::to_owned).into());
    assert_eq!(inside_variants(source), ["days", "median"].map(str::to_owned).into());
    let other = "| path | leads to |\n|---|---|\n| `no.such` | x |\n\n";
    let table = "| field | meaning |\n|---|---|\n| `world.groups[].esu_share` | share |\n| `name`, `median` | x |\n";
    assert_eq!(documented(&format!("{other}{table}")), ["esu_share", "median", "name"].map(str::to_owned).into());
}
