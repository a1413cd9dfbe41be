//! Replays the fuzzer's corpus: every input that once was interesting.

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
