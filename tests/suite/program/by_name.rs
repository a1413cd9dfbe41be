//! What is shipped, asked for by its name where no file lies: the same bytes as from its file, and results that verify.

use std::path::Path;

use brownout::reading::load::load;
use brownout::reading::recorded::{Names, compose_recorded};
use brownout::reading::shipped::{Shelf, names, path};
use tempfile::TempDir;

use crate::common::brownout;

fn output(directory: &TempDir, args: &[&str]) -> String {
    let output = brownout(directory).args(args).assert().success().get_output().clone();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// Every file below a folder with its bytes.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    found.sort();
    found
}

/// Runs a command by the name of what is shipped and by its file; both must agree, and the first must verify.
fn by_name_and_by_file(command: &str, shelf: Shelf, name: &str, more: &[&str], results: &str) {
    let (named, filed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    output(&named, &[&[command, name, "--no-charts", "--out", results], more].concat());
    let verified = output(&named, &["verify", results]);
    assert!(verified.contains("identical: "), "{command} {name}: {verified}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path(shelf, name).unwrap());
    output(&filed, &[&[command, file.to_str().unwrap(), "--no-charts", "--out", results], more].concat());
    let (named, filed) = (bytes(&named.path().join(results)), bytes(&filed.path().join(results)));
    assert_eq!(named.len(), filed.len(), "{command} {name}");
    for (named, filed) in named.iter().zip(&filed) {
        assert!(named == filed, "{command} {name}: {} differs from {}", named.0, filed.0);
    }
}

#[test]
fn every_shipped_plan_by_its_name_is_that_of_its_file_and_verifies() {
    for name in names(Shelf::Plans) {
        by_name_and_by_file("plan", Shelf::Plans, name, &["--replications", "50", "--time", "1"], "out");
    }
}

#[test]
fn a_shipped_study_and_exploration_by_name_are_those_of_their_files_and_verify() {
    by_name_and_by_file("run", Shelf::Studies, "quickstart", &["--replications", "5"], "out");
    by_name_and_by_file("run", Shelf::Studies, "school-district", &["--replications", "5"], "out");
    by_name_and_by_file("explore", Shelf::Explorations, "quickstart", &[], "out");
}

#[test]
fn every_shipped_study_by_its_name_is_made_again_from_its_recorded_files() {
    let explored = ["explore/../quickstart", "explore/../exchange-2026"];
    for name in names(Shelf::Studies).into_iter().chain(explored) {
        let loaded = load(Path::new(&format!("nowhere/../scenarios/{name}.ron"))).unwrap();
        let recorded = Names::new(&loaded.files, |_| false).files(&loaded.files);
        let (study, _) = compose_recorded(&recorded).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(study.scenarios().len(), loaded.study.scenarios().len(), "{name}");
    }
}
