//! Ctrl-C, as a terminal sends it: the work asks whether to go on, ends with 130, and says in one line how to go on.
#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::sameness::shards::{directory, done, files, same};

fn begin(directory: &TempDir, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Processor time a process has had; `None` once it has ended, or where there is no /proc.
fn processor_time(child: &Child) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // Behind the name in brackets the 12th and 13th field count hundredths of a second.
    let ticks: Vec<u64> = stat.rsplit(')').next()?.split(' ').skip(12).take(2).filter_map(|n| n.parse().ok()).collect();
    Some(Duration::from_millis(10 * ticks.iter().sum::<u64>()))
}

/// Sends the signal of Ctrl-C and waits for the end; also the processor time until then, which no other work lengthens.
fn stop(mut child: Child) -> (Output, Duration) {
    let before = processor_time(&child);
    assert!(before.is_some() || !cfg!(target_os = "linux"), "its processor time can be read");
    let before = before.unwrap_or_default();
    // Who has ended by itself is not there any more.
    let _ = kill_process(Pid::from_child(&child), Signal::INT);
    let mut last = before;
    while child.try_wait().unwrap().is_none() {
        last = processor_time(&child).unwrap_or(last).max(last);
        std::thread::sleep(Duration::from_millis(1));
    }
    (child.wait_with_output().unwrap(), last - before)
}

/// Waits until something is so, while the program works.
fn wait_until(child: &mut Child, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() && child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What was told: one line and nothing on standard output.
fn told(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert_eq!((output.status.code(), out.as_str()), (Some(130), ""), "{err}");
    let last = err.lines().last().unwrap_or_default().to_owned();
    assert!(last.starts_with("stopped; ") && err.matches("stopped").count() == 1, "{err}");
    last
}

#[test]
fn a_plan_is_stopped_in_its_search_and_in_its_simulation() {
    let directory = directory(1);
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/plans/city.ron");
    let plan = ["plan", plans.to_str().unwrap(), "--replications", "100000", "--out", "out"];
    let mut stopped = 0;
    for wait in [200, 1_000, 4_000, 9_000] {
        let mut child = begin(&directory, &plan);
        let until = Instant::now() + Duration::from_millis(wait);
        wait_until(&mut child, || Instant::now() >= until);
        if child.try_wait().unwrap().is_some() {
            break;
        }
        let (output, took) = stop(child);
        assert_eq!(told(&output), "stopped; nothing was written: repeat the command to begin again");
        // Left alone it goes on for minutes.
        assert!(took < Duration::from_secs(5), "it went on for {took:?} of processor time");
        assert!(!directory.path().join("out").exists(), "nothing is left behind");
        stopped += 1;
    }
    assert!(stopped >= 2, "only {stopped} of the signals came before the end");
}

#[test]
fn charts_are_stopped_between_two_of_them_and_the_run_goes_on_from_there() {
    let directory = directory(40);
    let run = ["run", "study.ron", "--replications", "3", "--threads", "1"];
    done(&directory, &[&run as &[&str], &["--out", "whole"]].concat());
    let arguments = [&run as &[&str], &["--out", "out"]].concat();
    let mut child = begin(&directory, &arguments);
    let staged = directory.path().join("out/.unfinished-run");
    let has_tables = || walk(&staged).iter().any(|name| name == "summary.csv");
    wait_until(&mut child, has_tables);
    let (output, _) = stop(child);
    let told = told(&output);
    assert!(
        told.contains("what was done is kept in out: repeat the command with --resume, and without --force, to go on"),
        "{told}"
    );
    assert!(files(&directory.path().join("out")).keys().all(|name| name.starts_with('.')), "no result is in its place");
    let (_, err) = done(&directory, &[&arguments as &[&str], &["--resume"]].concat());
    assert!(err.contains("3 replications done already"), "{err}");
    same(&directory, "whole", "out");
}

/// Names of all files below a folder.
fn walk(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            names.extend(walk(&entry.path()));
        } else {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names
}
