//! Clocks that go back. Results know no clock; what does look at one must not stumble over it.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{PROGRAM, Said, directory, names, run, study};
use crate::common::write;
use crate::shards::files;

/// A library that puts itself before the system's clock: from 2040 on, every look at the wall clock finds it a month earlier, down to
/// years before 1970.
const BACKWARDS: &str = r#"
#include <time.h>
#include <sys/time.h>
#include <unistd.h>
#include <sys/syscall.h>
static long looks;
static long now(void) { return 2208988800L - 2629800L * __atomic_fetch_add(&looks, 1, __ATOMIC_SEQ_CST); }
int clock_gettime(clockid_t clock, struct timespec *out) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return (int)syscall(SYS_clock_gettime, clock, out);
    out->tv_sec = now(); out->tv_nsec = 0; return 0;
}
int gettimeofday(struct timeval *out, void *zone) { (void)zone; out->tv_sec = now(); out->tv_usec = 0; return 0; }
time_t time(time_t *out) { time_t found = now(); if (out) *out = found; return found; }
"#;

/// Builds the library; `None` where there is no C compiler to build it.
fn backwards(directory: &Path) -> Option<std::path::PathBuf> {
    write(directory, "backwards.c", BACKWARDS);
    let arguments = ["-shared", "-fPIC", "-O1", "-o", "backwards.so", "backwards.c"];
    let built = Command::new("cc").current_dir(directory).args(arguments).stderr(Stdio::piped()).output();
    if !built.as_ref().is_ok_and(|output| output.status.success()) {
        eprintln!("skipped, no C compiler: {built:?}");
        return None;
    }
    Some(directory.join("backwards.so"))
}

/// Runs the program under a clock that goes back.
fn run_backwards(directory: &Path, library: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(PROGRAM);
    command.current_dir(directory).args(arguments).env("LD_PRELOAD", library).stdin(Stdio::null());
    command.output().unwrap().into()
}

#[cfg(target_os = "linux")]
#[test]
fn a_clock_that_goes_back_changes_no_byte_of_any_result() {
    let directory = directory();
    let path = directory.path();
    let Some(library) = backwards(path) else { return };
    // That the library works: the default of `timeline --at` is the clock.
    let shown = run_backwards(path, &library, &["timeline", "--first-detected", "2026-09-09"]);
    let year: i32 = shown.done().out.split("Now (").nth(1).unwrap()[..4].parse().unwrap();
    assert!((1970..=2040).contains(&year) && !shown.out.contains("Now (202"), "{shown:?}");

    write(path, "study.ron", &study(500));
    let plain = ["run", "study.ron", "--checkpoint", "0", "--out"];
    run(path, &[&plain as &[&str], &["usual"]].concat()).done();
    run_backwards(path, &library, &[&plain as &[&str], &["back"]].concat()).done();
    assert!(files(&path.join("usual")) == files(&path.join("back")));
    run_backwards(path, &library, &["verify", "usual"]).done();
    for share in ["1/2", "2/2"] {
        run_backwards(path, &library, &["run", "study.ron", "--shard", share, "--out", "shards"]).done();
    }
    run_backwards(path, &library, &["merge", "shards", "--out", "merged"]).done();
    assert!(files(&path.join("usual")) == files(&path.join("merged")));
}

#[test]
fn files_from_the_future_are_resumed_replaced_and_verified_like_any_other() {
    // The clock was set back after they were written: everything there is dated far ahead of it.
    let directory = directory();
    let path = directory.path();
    run(path, &["run", "study.ron", "--no-charts", "--out", "out"]).done();
    run(path, &["run", "study.ron", "--shard", "1/2", "--out", "shards"]).done();
    run(path, &["run", "study.ron", "--shard", "2/2", "--out", "shards"]).done();
    let whole = files(&path.join("out"));
    let future = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(7_226_582_400);
    let dated = |folder: &Path| {
        for name in names(folder) {
            let file = std::fs::OpenOptions::new().append(true).open(folder.join(name)).unwrap();
            file.set_modified(future).unwrap();
        }
    };
    [path.join("out"), path.join("shards")].iter().for_each(|folder| dated(folder));
    let study = std::fs::OpenOptions::new().append(true).open(path.join("study.ron")).unwrap();
    study.set_modified(future).unwrap();
    run(path, &["verify", "out"]).done();
    run(path, &["run", "study.ron", "--no-charts", "--out", "out", "--seed", "5"])
        .refused(&["out already has results"]);
    run(path, &["run", "study.ron", "--no-charts", "--out", "out", "--force"]).done();
    run(path, &["run", "study.ron", "--shard", "1/2", "--out", "shards", "--resume"]).done();
    run(path, &["merge", "shards", "--no-charts", "--out", "merged"]).done();
    assert!(files(&path.join("out")) == whole && files(&path.join("merged")) == whole);
}
