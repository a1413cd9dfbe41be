//! Replays the fuzzer's corpus: every input that once was interesting, within bounds on time and memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[path = "../fuzz/entries.rs"]
mod entries;

/// Longest time for one input, as the fuzzer has it (`-timeout=10`); a thousandth is usual.
const INPUT_SECONDS_MAX: u64 = 10;
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
            let bytes = fs::read(&file).unwrap();
            let begun = Instant::now();
            target(&bytes);
            let seconds = begun.elapsed().as_secs();
            assert!(seconds < INPUT_SECONDS_MAX, "{} took {seconds} s", file.display());
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

/// The replay in a process of its own, which can be stopped and has no more memory than it is given.
#[cfg(target_os = "linux")]
mod bounded {
    use std::process::{Child, Command, ExitStatus, Stdio};
    use std::time::{Duration, Instant};

    /// Longest time for the whole corpus.
    const CORPUS_SECONDS_MAX: u64 = 120;
    /// Most memory, as the fuzzer has it (`-rss_limit_mb=512`); here it bounds addresses, which are more.
    const MEMORY_MAX_MB: u64 = 512;

    /// This test binary again, with one test and a bound on its memory.
    fn start(test: &str) -> Child {
        let line = format!("ulimit -v {} && exec \"$0\" --exact {test} --test-threads 1", MEMORY_MAX_MB << 10);
        let program = std::env::current_exe().unwrap();
        Command::new("sh").arg("-c").arg(line).arg(program).stdout(Stdio::null()).spawn().unwrap()
    }

    /// Waits for a process, but not for ever.
    fn wait(mut child: Child, longest: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < longest {
            if let Some(status) = child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        None
    }

    #[test]
    fn the_corpus_is_replayed_within_two_minutes_and_half_a_gigabyte() {
        let replay = start("fuzz::no_input_of_the_corpus_panics");
        let status = wait(replay, Duration::from_secs(CORPUS_SECONDS_MAX));
        let status = status.unwrap_or_else(|| panic!("the corpus takes more than {CORPUS_SECONDS_MAX} s"));
        assert!(status.success(), "with {MEMORY_MAX_MB} MB of memory: {status}");
    }
}
