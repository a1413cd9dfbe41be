//! Replays the fuzzer's corpus: every input that once was interesting, within bounds on time and memory.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/entries.rs"]
mod entries;

/// Most that all inputs together may take of the repository.
const CORPUS_BYTES_MAX: u64 = 300_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn corpus_of(target: &str) -> Vec<PathBuf> {
    let directory = root().join("tests/fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn no_input_of_the_corpus_panics() {
    for (name, target) in entries::TARGETS {
        let files = corpus_of(name);
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            target(&fs::read(&file).unwrap());
        }
    }
}

#[test]
fn the_corpus_is_small() {
    let sizes =
        entries::TARGETS.iter().flat_map(|(name, _)| corpus_of(name)).map(|file| file.metadata().unwrap().len());
    let bytes: u64 = sizes.sum();
    assert!(bytes <= CORPUS_BYTES_MAX, "the corpus has {bytes} bytes; merge it (tests/fuzz/README.md)");
}

/// The replay in a process of its own that has no more processor time and memory than it is given.
#[cfg(target_os = "linux")]
mod bounded {
    use std::process::{Command, ExitStatus, Stdio};

    /// Most processor time for the whole corpus, in seconds; unlike time on the clock it is the same on a busy machine.
    const PROCESSOR_SECONDS_MAX: u64 = 60;
    /// Most memory, as the fuzzer has it (`-rss_limit_mb=512`); here it bounds addresses, which are more.
    const MEMORY_MAX_MB: u64 = 512;

    /// Runs this test binary again, with one test and both bounds.
    fn run(test: &str) -> ExitStatus {
        let bounds = format!("ulimit -t {PROCESSOR_SECONDS_MAX} && ulimit -v {}", MEMORY_MAX_MB << 10);
        let line = format!("{bounds} && exec \"$0\" --exact {test} --test-threads 1");
        let program = std::env::current_exe().unwrap();
        Command::new("sh").arg("-c").arg(line).arg(program).stdout(Stdio::null()).status().unwrap()
    }

    #[test]
    fn the_corpus_is_replayed_within_a_minute_and_half_a_gigabyte() {
        let status = run("fuzz::no_input_of_the_corpus_panics");
        assert!(status.success(), "within {PROCESSOR_SECONDS_MAX} s and {MEMORY_MAX_MB} MB: {status}");
    }
}
