//! Kills in the middle of writing, and directories that vanish.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{PROGRAM, directory, names, run, shell, study, write_plan};
use crate::common::write;
use crate::sameness::shards::files;

/// What is checked of a directory in which a run was killed: it is whole and verifies, or nobody takes it for results; the next
/// run says what is there and both ways out work.
fn recovers(directory: &Path, out: &str, arguments: &[&str]) {
    let path = directory.join(out);
    let whole = path.join("manifest.json").is_file();
    let verified = run(directory, &["verify", out]);
    assert_eq!(verified.code, Some(if whole { 0 } else { 2 }), "{:?}: {verified:?}", names(&path));
    let again = run(directory, arguments);
    if !path.exists() || names(&path).iter().all(|name| name.starts_with('.')) || again.code == Some(0) {
        assert_eq!(again.code, Some(0), "{again:?}");
        return;
    }
    again.refused(&[out, "--force"]);
    assert!(whole || path.join("manifest.json").is_file(), "what was interrupted was put in its places: {again:?}");
}

#[test]
fn a_run_killed_between_any_two_of_its_files_is_noticed_and_mended() {
    // strace kills the program at its k-th rename, before the file is moved: for every k there is.
    let directory = directory();
    let plain = ["run", "study.ron", "--no-charts", "--out", "out"];
    run(directory.path(), &["run", "study.ron", "--no-charts", "--out", "whole"]).done();
    let whole = files(&directory.path().join("whole"));
    let mut kills = 0;
    for place in 1..=whole.len() {
        let script = format!(
            "command -v strace >/dev/null || {{ echo no strace >&2; exit 77; }}
             strace -f -qq -o trace -e trace=rename,renameat,renameat2 \
               -e inject=rename,renameat,renameat2:signal=SIGKILL:when={place} $PROGRAM {} >/dev/null",
            plain.join(" ")
        );
        let Some(said) = shell(directory.path(), &["env"], &script) else { return };
        assert!(said.code != Some(0), "{said:?}");
        kills += 1;
        let out = directory.path().join("out");
        let placed: Vec<String> = names(&out).into_iter().filter(|name| !name.starts_with('.')).collect();
        assert_eq!(placed.len(), place - 1, "killed at rename {place}: {placed:?}");
        assert!(placed.iter().all(|name| std::fs::read(out.join(name)).unwrap() == whole[name]), "half a file");
        recovers(directory.path(), "out", &plain);
        assert!(files(&out) == whole, "after rename {place}: {:?}", names(&out));
        std::fs::remove_dir_all(&out).unwrap();
    }
    assert_eq!(kills, whole.len());
}

#[test]
fn a_run_over_older_results_killed_between_two_files_is_never_taken_for_either() {
    let directory = directory();
    run(directory.path(), &["run", "study.ron", "--no-charts", "--seed", "5", "--out", "out"]).done();
    let script = "command -v strace >/dev/null || { echo no strace >&2; exit 77; }
        strace -f -qq -o trace -e trace=rename,renameat,renameat2 \
          -e inject=rename,renameat,renameat2:signal=SIGKILL:when=3 $PROGRAM run study.ron --no-charts --force --out out";
    let Some(said) = shell(directory.path(), &["env"], script) else { return };
    assert!(said.code != Some(0), "{said:?}");
    assert!(!directory.path().join("out/manifest.json").exists(), "files of two runs under one manifest");
    let plain = ["run", "study.ron", "--no-charts", "--out", "out"];
    recovers(directory.path(), "out", &plain);
    run(directory.path(), &["verify", "out"]).done();
}

/// Starts the program in the background.
fn start(directory: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(PROGRAM);
    command.current_dir(directory).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Waits until `seen`, at most a minute or until the program ends; says whether it was seen.
fn wait_until(child: &mut Child, seen: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if seen() {
            return true;
        }
        if child.try_wait().unwrap().is_some() {
            return seen();
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    false
}

#[test]
fn runs_and_plans_killed_when_their_first_file_appears_are_noticed_and_mended() {
    // As above without strace: the kill falls wherever it falls, and whatever is found must be sound.
    let directory = directory();
    write_plan(directory.path());
    for (count, arguments) in [
        &["run", "study.ron", "--no-charts", "--out", "out"] as &[&str],
        &["plan", "plan.ron", "--no-charts", "--out", "out"],
    ]
    .into_iter()
    .enumerate()
    {
        let out = directory.path().join("out");
        for file in ["summary.csv", "plan.csv", "manifest.json", "report.html"] {
            let mut child = start(directory.path(), arguments);
            wait_until(&mut child, || out.join(file).exists() || out.join(".unfinished-run").join(file).exists());
            child.kill().unwrap();
            child.wait().unwrap();
            let found = if out.exists() { names(&out) } else { Vec::new() };
            let placed = found.iter().any(|name| !name.starts_with('.'));
            if count == 0 {
                recovers(directory.path(), "out", arguments);
            } else if placed {
                // The same plan, whole, is replaced; anything else is asked about.
                let said = run(directory.path(), arguments);
                if said.code == Some(0) {
                    run(directory.path(), &["verify", "out"]).done();
                } else {
                    said.refused(&["out", "--force"]);
                }
            }
            run(directory.path(), &[arguments, &["--force"]].concat()).done();
            assert!(names(&out).iter().all(|name| !name.starts_with('.')), "{found:?} then {:?}", names(&out));
            std::fs::remove_dir_all(&out).unwrap();
        }
    }
}

#[test]
fn an_output_directory_that_is_removed_during_the_run_is_a_failure_in_words() {
    let directory = directory();
    write(directory.path(), "study.ron", &study(3_000));
    for more in [&["--checkpoint", "0"] as &[&str], &["--checkpoint", "60"], &["--shard", "1/2"]] {
        let arguments = [&["run", "study.ron", "--replications", "60", "--no-charts", "--out", "out"], more].concat();
        let arguments: Vec<&str> =
            arguments.into_iter().filter(|word| !more.contains(&"--shard") || *word != "--no-charts").collect();
        let mut child = start(directory.path(), &arguments);
        let out = directory.path().join("out");
        // The lock is written once the run has begun.
        let begun = || {
            let folders = std::fs::read_dir(&out).into_iter().flatten().flatten();
            folders.into_iter().any(|entry| std::fs::read(entry.path().join("lock")).is_ok_and(|text| !text.is_empty()))
        };
        assert!(wait_until(&mut child, begun), "{more:?} never began");
        // Files may come up while we remove.
        while out.exists() {
            let _ = std::fs::remove_dir_all(&out);
        }
        let said = super::Said::from(child.wait_with_output().unwrap());
        said.refused(&["out/", "cannot write"]);
        assert_eq!(said.out, "", "{more:?}");
        assert!(!out.exists(), "a part of the results is left: {:?}", names(&out));
    }
}
