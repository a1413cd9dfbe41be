//! Growing past an interruption without changing a digit: kill and resume, leftovers, locks.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::sameness::shards::{directory, done, files, refused, same};

/// Starts the program, kills it after a while and says whether it had ended by itself.
fn kill_after(directory: &TempDir, arguments: &[&str], wait: Duration) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    while begun.elapsed() < wait {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    // One that has just ended is not hit any more.
    let _ = child.kill();
    child.wait().unwrap().code().is_some()
}

/// Kills a run again and again after a fraction of the time it takes, resuming in between; says how often.
fn killed_and_resumed(directory: &TempDir, arguments: &[&str], out: &str, takes: Duration, mut wait: f64) -> u32 {
    let arguments: Vec<&str> = [arguments, &["--checkpoint", "0", "--resume", "--out", out]].concat();
    let mut kills = 0;
    // The third time it is let through.
    while kills < 2 {
        if !kill_after(directory, &arguments, takes.mul_f64(wait)) {
            kills += 1;
        } else if kills == 0 {
            // It was quicker than the run that was measured and was never hit: once more, and sooner.
            std::fs::remove_dir_all(directory.path().join(out)).unwrap();
            wait *= 0.6;
        } else {
            return kills;
        }
    }
    // A kill that came when all files were in their places leaves nothing to resume.
    let path = directory.path().join(out);
    if path.join(".unfinished-run").exists() || !path.join("manifest.json").exists() {
        done(directory, &arguments);
    }
    kills
}

#[test]
fn a_run_killed_at_any_moment_and_resumed_gives_the_same_bytes_twenty_times_of_twenty() {
    let directory = directory(3_000);
    let whole = ["run", "study.ron", "--no-charts", "--replications", "12", "--threads", "1"];
    let begun = Instant::now();
    done(&directory, &[&whole as &[&str], &["--out", "whole"]].concat());
    let takes = begun.elapsed();
    let mut kills = 0;
    for time in 0..20 {
        let out = format!("out-{time}");
        // Spread over the run by the golden ratio: 0.05 to 0.95 of the time it takes.
        let wait = 0.05 + 0.9 * (f64::from(time) * 0.618_033_988_75).fract();
        kills += killed_and_resumed(&directory, &whole, &out, takes, wait);
        same(&directory, "whole", &out);
    }
    assert!(kills >= 20, "only {kills} kills hit a run of {takes:?}");
}

#[test]
fn killed_shards_and_runs_for_precision_resume_to_the_same_bytes() {
    let directory = directory(2_000);
    let share: [&str; 5] = ["run", "study.ron", "--shard", "2/3", "--threads=1"];
    let precise: [&str; 8] =
        ["run", "study.ron", "--no-charts", "--precision", "lost:0.6%", "--max-replications", "28", "--threads=1"];
    for (name, arguments) in [("shard", &share as &[&str]), ("precise", &precise)] {
        let begun = Instant::now();
        done(&directory, &[arguments, &["--out", name]].concat());
        let takes = begun.elapsed();
        for (time, wait) in [0.2, 0.4, 0.6, 0.8].into_iter().enumerate() {
            let out = format!("{name}-{time}");
            killed_and_resumed(&directory, arguments, &out, takes, wait);
            same(&directory, name, &out);
        }
    }
}

/// Runs until there is work to leave behind, and kills the run then.
fn interrupt(directory: &TempDir, arguments: &[&str], out: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).args(["--checkpoint", "0", "--out", out]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let journal = directory.path().join(out).join(".unfinished-run/journal");
    let begun = Instant::now();
    while !journal.is_file() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(journal.is_file(), "the run left its work behind");
}

#[test]
fn a_run_that_is_done_has_nothing_left_to_resume() {
    let directory = directory(50);
    let run = ["run", "study.ron", "--no-charts", "--replications", "2", "--resume", "--out", "out"];
    done(&directory, &run);
    let before = files(&directory.path().join("out"));
    assert!(done(&directory, &run).0.contains("nothing was left to do"));
    assert_eq!(files(&directory.path().join("out")), before);
    // A run killed after its last file leaves its folder behind, which goes then.
    let left = directory.path().join("out/.unfinished-run");
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("lock"), "1").unwrap();
    done(&directory, &run);
    assert_eq!(files(&directory.path().join("out")), before);
    let other = ["run", "study.ron", "--no-charts", "--replications", "3", "--resume", "--out", "out"];
    assert!(refused(&directory, &other, 1).contains("already has results"));
}

const LONG: [&str; 7] = ["run", "study.ron", "--no-charts", "--replications", "40", "--threads", "1"];

#[test]
fn what_an_interrupted_run_left_is_reported_with_the_two_ways_out() {
    let directory = directory(3_000);
    interrupt(&directory, &LONG, "out");
    let again = ["run", "study.ron", "--no-charts", "--out", "out", "--replications", "3"];
    let err = refused(&directory, &again, 1);
    assert!(
        err.contains("out holds the work of an interrupted run") && err.contains("--resume") && err.contains("--force")
    );
    let err = refused(&directory, &[&again as &[&str], &["--resume"]].concat(), 1);
    assert!(err.contains("cannot be continued: replications is 40 here and 3 there"), "{err}");
    assert!(directory.path().join("out/.unfinished-run/journal").is_file(), "a refusal keeps the work");
    done(&directory, &[&again as &[&str], &["--force"]].concat());
    assert!(
        files(&directory.path().join("out")).keys().all(|name| !name.starts_with('.')),
        "the staging folder is gone"
    );
}

#[test]
fn a_torn_end_of_the_journal_is_lived_again() {
    let directory = directory(3_000);
    interrupt(&directory, &LONG, "out");
    let journal = directory.path().join("out/.unfinished-run/journal");
    let mut bytes = std::fs::read(&journal).unwrap();
    // The last bytes never reached the disk, others did in their place.
    bytes.truncate(bytes.len() - 5);
    bytes.extend([7; 300]);
    std::fs::write(&journal, bytes).unwrap();
    let (_, err) = done(&directory, &[&LONG as &[&str], &["--out", "out", "--resume"]].concat());
    assert!(err.contains("continuing an interrupted run"), "{err}");
    done(&directory, &[&LONG as &[&str], &["--out", "whole"]].concat());
    same(&directory, "whole", "out");
}

#[test]
fn two_runs_into_one_directory_do_not_meet() {
    let directory = directory(3_000);
    let arguments = ["run", "study.ron", "--replications", "400", "--no-charts", "--out", "out"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let mut first = command.spawn().unwrap();
    let lock = directory.path().join("out/.unfinished-run/lock");
    let begun = Instant::now();
    while std::fs::read(&lock).map_or(0, |text| text.len()) == 0 && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(2));
    }
    for more in ["--force", "--resume"] {
        let err = refused(&directory, &[&arguments as &[&str], &[more]].concat(), 1);
        let process = format!("another run (process {}) is writing to out", first.id());
        assert!(err.contains(&process), "{more}: {err}");
    }
    first.kill().unwrap();
    first.wait().unwrap();
    done(&directory, &["run", "study.ron", "--replications", "2", "--no-charts", "--out", "out", "--force"]);
}
