//! Explorations past one machine and past interruptions: shards, merging, kills, Ctrl-C; never another byte.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::write;
use crate::program::explore::{FILE, folder};
use crate::sameness::shards::{done, files, refused, same};

/// An exploration that takes long enough to be hit while it is under way.
fn long() -> TempDir {
    folder(&FILE.replace("tenants: 20, futures: (points: 20,", "tenants: 40, futures: (points: 300,"))
}

#[test]
fn any_number_of_shards_gives_the_bytes_of_the_undivided_exploration() {
    let directory = folder(FILE);
    let (printed, _) = done(&directory, &["explore", "ask.ron", "--no-charts", "--out", "whole"]);
    for count in [1, 5, 16] {
        let (shards, merged) = (format!("shards-{count}"), format!("merged-{count}"));
        for index in (1..=count).rev() {
            let (threads, share) = (if index % 2 == 0 { "1" } else { "7" }, format!("{index}/{count}"));
            done(
                &directory,
                &["explore", "ask.ron", "--no-charts", "--shard", &share, "--out", &shards, "--threads", threads],
            );
        }
        // The exploration and its study are in the shards; they need not be there any more.
        std::fs::rename(directory.path().join("study.ron"), directory.path().join("away")).unwrap();
        let (again, _) = done(&directory, &["merge", &shards, "--no-charts", "--out", &merged]);
        std::fs::rename(directory.path().join("away"), directory.path().join("study.ron")).unwrap();
        same(&directory, "whole", &merged);
        assert_eq!(again.replace(&merged, "whole"), printed, "{count} shards");
    }
}

#[test]
fn a_study_alone_gives_the_same_bytes_in_shards() {
    let directory = folder(FILE);
    done(&directory, &["explore", "study.ron", "--no-charts", "--out", "whole"]);
    for share in ["1/2", "2/2"] {
        done(&directory, &["explore", "study.ron", "--no-charts", "--shard", share, "--out", "shards"]);
    }
    done(&directory, &["merge", "shards", "--no-charts", "--out", "merged"]);
    same(&directory, "whole", "merged");
}

#[test]
fn a_shard_that_is_there_is_not_lived_again_and_a_spoilt_one_is_named() {
    let directory = folder(FILE);
    let shard = |share: &str, more: &[&str]| {
        done(&directory, &[&["explore", "ask.ron", "--no-charts", "--shard", share, "--out", "shards"], more].concat())
            .0
    };
    shard("1/2", &[]);
    let before = files(&directory.path().join("shards"));
    assert!(shard("1/2", &["--resume"]).contains("was already there"));
    assert_eq!(files(&directory.path().join("shards")), before);
    let refused_merge = |word: &str| {
        let told = refused(&directory, &["merge", "shards", "--no-charts", "--out", "merged"], 2);
        assert!(told.contains(word) && !directory.path().join("merged").exists(), "{told}");
    };
    refused_merge("shard 2 of 2 is missing; run it\n");
    let told = refused(&directory, &["merge", "shards", "--partial"], 2);
    assert!(told.contains("an exploration needs every point"), "{told}");
    shard("2/2", &[]);
    let path = directory.path().join("shards/ask-2-of-2.shard");
    let good = std::fs::read(&path).unwrap();
    std::fs::write(&path, &good[..good.len() - 60]).unwrap();
    refused_merge("ask-2-of-2.shard: cut short");
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    std::fs::write(&path, &bad).unwrap();
    refused_merge("ask-2-of-2.shard: damaged from byte");
    write(directory.path(), "ask.ron", &FILE.replace("version: 1,", "version: 1, seed: 9,"));
    std::fs::remove_file(&path).unwrap();
    shard("2/2", &[]);
    refused_merge("the content of ask.ron differs");
    done(&directory, &["run", "study.ron", "--shard", "1/1", "--out", "shards"]);
    refused_merge("merge shards of one kind at a time");
}

/// Starts the program and kills it after a while; whether it was hit before it ended.
pub(crate) fn killed(directory: &TempDir, arguments: &[&str], wait: Duration) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    while begun.elapsed() < wait {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    child.wait().unwrap().code().is_none()
}

#[test]
fn an_exploration_killed_at_any_moment_and_resumed_gives_the_same_bytes_twenty_times_of_twenty() {
    let directory = long();
    let whole = ["explore", "ask.ron", "--no-charts", "--threads", "1"];
    let begun = Instant::now();
    done(&directory, &[&whole as &[&str], &["--out", "whole"]].concat());
    let takes = begun.elapsed();
    let (mut kills, mut time) = (0, 0);
    // Spread over the work by the golden ratio: 0.05 to 0.95 of the time it takes. One that was missed is not counted.
    while kills < 20 {
        assert!(time < 60, "only {kills} of {time} kills hit an exploration of {takes:?}");
        let out = format!("out-{time}");
        let arguments = [&whole as &[&str], &["--checkpoint", "0", "--resume", "--out", &out]].concat();
        let wait = 0.05 + 0.9 * (f64::from(time) * 0.618_033_988_75).fract();
        if killed(&directory, &arguments, takes.mul_f64(wait)) {
            kills += 1;
            done(&directory, &arguments);
            same(&directory, "whole", &out);
        }
        let _ = std::fs::remove_dir_all(directory.path().join(&out));
        time += 1;
    }
}

#[test]
fn a_share_killed_and_resumed_is_the_same_file() {
    let directory = long();
    let share = ["explore", "ask.ron", "--no-charts", "--shard", "2/3", "--threads", "1"];
    let begun = Instant::now();
    done(&directory, &[&share as &[&str], &["--out", "whole"]].concat());
    let takes = begun.elapsed();
    let mut hit = 0;
    for (time, wait) in [0.3, 0.5, 0.7].into_iter().enumerate() {
        let out = format!("out-{time}");
        let arguments = [&share as &[&str], &["--checkpoint", "0", "--resume", "--out", &out]].concat();
        hit += u32::from(killed(&directory, &arguments, takes.mul_f64(wait)));
        done(&directory, &arguments);
        same(&directory, "whole", &out);
    }
    assert!(hit > 0, "no kill hit a share of {takes:?}");
}

#[test]
fn what_is_done_has_nothing_left_to_resume_and_other_work_is_not_continued() {
    let directory = long();
    done(&directory, &["explore", "ask.ron", "--no-charts", "--out", "out"]);
    let before = files(&directory.path().join("out"));
    let (told, _) = done(&directory, &["explore", "ask.ron", "--no-charts", "--out", "out", "--resume"]);
    assert!(told.contains("nothing was left to do"), "{told}");
    assert_eq!(files(&directory.path().join("out")), before);
    let arguments = ["explore", "ask.ron", "--no-charts", "--checkpoint", "0", "--threads", "1", "--out", "cut"];
    let journal = directory.path().join("cut/.unfinished-run/journal");
    let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    while !journal.is_file() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let told = refused(&directory, &["explore", "ask.ron", "--no-charts", "--out", "cut"], 1);
    assert!(told.contains("holds the work of an interrupted run") && told.contains("--resume"), "{told}");
    let text = std::fs::read_to_string(directory.path().join("ask.ron")).unwrap();
    write(directory.path(), "ask.ron", &text.replace("version: 1,", "version: 1, seed: 5,"));
    let told = refused(&directory, &["explore", "ask.ron", "--no-charts", "--out", "cut", "--resume"], 1);
    assert!(told.contains("cannot be continued: the content of ask.ron differs"), "{told}");
    assert!(journal.is_file(), "a refusal keeps the work");
}

/// Sends a signal to a child and waits for it.
#[cfg(unix)]
fn interrupted(directory: &TempDir, arguments: &[&str], journal: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path()).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let begun = Instant::now();
    while !directory.path().join(journal).is_file() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[cfg(unix)]
#[test]
fn control_c_ends_with_130_and_one_line_that_says_how_to_go_on() {
    let directory = long();
    done(&directory, &["explore", "ask.ron", "--no-charts", "--out", "whole"]);
    let arguments = ["explore", "ask.ron", "--no-charts", "--checkpoint", "0", "--threads", "1", "--out", "cut"];
    let (code, told) = interrupted(&directory, &arguments, "cut/.unfinished-run/journal");
    assert_eq!(code, Some(130), "{told}");
    assert_eq!(
        told,
        "stopped; what was done is kept in cut: repeat the command with --resume, and without --force, to go on\n"
    );
    done(&directory, &["explore", "ask.ron", "--no-charts", "--out", "cut", "--resume"]);
    same(&directory, "whole", "cut");
}

#[test]
fn missing_shards_are_printed_as_job_arrays_take_them() {
    let directory = folder(FILE);
    for share in ["1/9", "2/9", "4/9", "5/9", "6/9"] {
        done(&directory, &["explore", "ask.ron", "--no-charts", "--shard", share, "--out", "shards"]);
    }
    let missing = || done(&directory, &["merge", "shards", "--missing"]);
    assert_eq!(missing(), ("3,7-9\n".to_owned(), String::new()));
    // One that is not whole is missing too.
    let path = directory.path().join("shards/ask-5-of-9.shard");
    let good = std::fs::read(&path).unwrap();
    std::fs::write(&path, &good[..good.len() - 1]).unwrap();
    let (printed, told) = missing();
    assert_eq!(printed, "3,5,7-9\n");
    assert!(told.contains("ask-5-of-9.shard: cut short") && told.contains("counts as missing"), "{told}");
    std::fs::write(&path, good).unwrap();
    for share in ["3/9", "7/9", "8/9", "9/9"] {
        done(&directory, &["explore", "ask.ron", "--no-charts", "--shard", share, "--out", "shards"]);
    }
    assert_eq!(missing(), (String::new(), "no shard is missing\n".to_owned()));
    done(&directory, &["run", "study.ron", "--shard", "2/2", "--out", "run"]);
    assert_eq!(done(&directory, &["merge", "run", "--missing"]).0, "1\n");
    let told = refused(&directory, &["merge", "study.ron", "--missing"], 2);
    assert!(told.contains("no shard can be read"), "{told}");
}

#[test]
fn a_shard_ends_in_order_when_its_standard_input_closes() {
    let directory = long();
    for (command, whole) in [
        (&["explore", "ask.ron", "--no-charts"][..], "whole-explore"),
        (&["run", "study.ron", "--replications", "3000"][..], "whole-run"),
    ] {
        let share = [command, &["--shard", "1/2", "--threads", "1", "--checkpoint", "0", "--out"]].concat();
        done(&directory, &[&share[..], &[whole]].concat());
        let cut = format!("{whole}-cut");
        let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
        command.current_dir(directory.path()).args(&share).args([&cut, "--stdin-life"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let begun = Instant::now();
        let has_journal = || {
            let entries = std::fs::read_dir(directory.path().join(&cut)).into_iter().flatten().flatten();
            entries.into_iter().any(|entry| entry.path().join("journal").is_file())
        };
        while !has_journal() && begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(child.try_wait().unwrap().is_none(), "it lives while its input is open");
        drop(input);
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), told.contains("--resume")), (Some(130), true), "{told}");
        done(&directory, &[&share[..], &[&cut, "--resume"]].concat());
        same(&directory, whole, &cut);
    }
}

#[test]
fn verify_lives_an_exploration_again_and_names_the_first_number_that_differs() {
    let directory = folder(FILE);
    done(&directory, &["explore", "ask.ron", "--no-charts", "--out", "out"]);
    // It needs nothing but the folder.
    std::fs::remove_file(directory.path().join("study.ron")).unwrap();
    let (told, _) = done(&directory, &["verify", "out"]);
    assert!(told.contains("identical: "), "{told}");
    let path = directory.path().join("out/outcomes.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text.lines().nth(40).unwrap();
    let (row, number) = line.rsplit_once(',').unwrap();
    write(directory.path(), "out/outcomes.csv", &text.replacen(line, &format!("{row},1{number}"), 1));
    let output = crate::common::brownout(&directory).args(["verify", "out"]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.contains("outcomes.csv: ") && told.contains(&format!("recorded 1{number}, recomputed {number}")),
        "{told}"
    );
}
