//! Replays the fuzzer's corpus: every input that once was interesting, and the shipped files cut and spoilt at fixed places.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../fuzz/entries.rs"]
mod entries;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn no_input_of_the_corpus_panics() {
    for (name, target) in entries::TARGETS {
        let files = files_in(&root().join("tests/fuzz/corpus").join(name));
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            target(&fs::read(&file).unwrap());
        }
    }
}

/// What real files of each kind are: the seeds of the fuzzer, here spoilt in simple ways.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let paths: &[&str] = match target {
        "study" => {
            &["scenarios/quickstart.ron", "scenarios/school-district.ron", "scenarios/policies/microsoft-2023.ron"]
        }
        "report" => &["tests/data/report-format-list.txt", "tests/data/report.csv"],
        "fleet" => &["scenarios/plans/school-district.csv", "scenarios/plans/city.csv"],
        "png" => &["output/exchange-2026/mail-lost.png"],
        _ => &[],
    };
    paths.iter().map(|path| fs::read(root().join(path)).unwrap()).collect()
}

#[test]
fn files_cut_short_or_with_bytes_changed_are_answered() {
    for (name, target) in entries::TARGETS {
        for seed in seeds(name) {
            let step = (seed.len() / 40).max(1);
            for at in (0..seed.len()).step_by(step) {
                target(&seed[..at]);
                let mut spoilt = seed.clone();
                spoilt[at] ^= 0x15;
                target(&spoilt);
                spoilt[at] = b'(';
                target(&spoilt);
            }
        }
    }
}
