//! System calls that fail: whichever of them it is, the former results stand or the new ones are whole, what went wrong is told in
//! words, and the next run works.

use std::path::Path;

use super::{Said, directory, names, run, shell};
use crate::sameness::shards::files;

/// Runs a study over older results while strace lets a system call fail; `None` where there is no strace.
fn injected(directory: &Path, calls: &str, fault: &str) -> Option<Said> {
    let script = format!(
        "command -v strace >/dev/null || {{ echo no strace >&2; exit 77; }}
         strace -f -qq -o trace -e trace={calls} -e inject={calls}:{fault} \
           $PROGRAM run study.ron --no-charts --threads 1 --force --out out"
    );
    shell(directory, &["env"], &script)
}

/// What must hold after any fault: whole results, the former or the new ones, and a next run that works.
fn stands(directory: &Path, said: &Said, former: &[u8], new: &[u8], what: &str) {
    let out = directory.join("out");
    assert!(!said.err.contains("panicked") && !said.err.contains("os error"), "{what}: {said:?}");
    if said.code != Some(0) {
        assert_eq!(said.code, Some(1), "{what}: {said:?}");
        let told = ["error: cannot write out", "error: cannot print"].iter().any(|words| said.err.contains(words));
        // The write that fails may be that of the message itself: every thread counts its own.
        assert!(told || what.starts_with("write") && !said.err.contains("error:"), "{what}: {said:?}");
    }
    let summary = std::fs::read(out.join("summary.csv")).unwrap_or_default();
    let is = if summary == former { "former" } else { "new" };
    if out.join("manifest.json").exists() {
        assert!(summary == former || summary == new, "{what}: {:?}", names(&out));
        run(directory, &["verify", "out"]).done();
    } else {
        assert!(said.err.contains("a part of the results"), "{what}: no manifest and no word of it: {said:?}");
    }
    assert!(said.code != Some(0) || is == "new", "{what}: done, and yet the former results are there");
    let next = run(directory, &["run", "study.ron", "--no-charts", "--out", "out", "--force"]);
    next.done();
    assert_eq!(std::fs::read(out.join("summary.csv")).unwrap(), new, "{what}");
    assert!(names(&out).iter().all(|name| !name.starts_with('.')), "{what}: {:?}", names(&out));
    run(directory, &["verify", "out"]).done();
}

/// Results of another seed in `out`, and what the study's own would be.
fn prepared(directory: &Path) -> (Vec<u8>, Vec<u8>) {
    let old = ["run", "study.ron", "--no-charts", "--seed", "5", "--force", "--out", "out"];
    run(directory, &old).done();
    let new = ["run", "study.ron", "--no-charts", "--force", "--out", "whole"];
    run(directory, &new).done();
    let summary = |folder: &str| std::fs::read(directory.join(folder).join("summary.csv")).unwrap();
    (summary("out"), summary("whole"))
}

const RENAMES: &str = "rename,renameat,renameat2";

#[test]
fn any_rename_that_fails_leaves_the_former_results_and_the_next_run_goes_on() {
    let directory = directory();
    let path = directory.path();
    let (former, new) = prepared(path);
    let moves = 2 * files(&path.join("out")).len();
    for place in 1..=moves {
        run(path, &["run", "study.ron", "--no-charts", "--seed", "5", "--force", "--out", "out"]).done();
        let Some(said) = injected(path, RENAMES, &format!("error=EIO:when={place}")) else { return };
        assert_eq!(said.code, Some(1), "rename {place} of {moves}: {said:?}");
        let words = ["what was there before stands as it was", ".unfinished-run", "puts them in their places"];
        assert!(words.iter().all(|word| said.err.contains(word)), "{said:?}");
        assert_eq!(std::fs::read(path.join("out/summary.csv")).unwrap(), former, "rename {place}");
        run(path, &["verify", "out"]).done();
        // The same command without leave to replace puts the waiting results in their places: they are of this run.
        let next = run(path, &["run", "study.ron", "--no-charts", "--out", "out"]);
        assert!(next.done().out.contains("nothing was left to do"), "{next:?}");
        assert_eq!(std::fs::read(path.join("out/summary.csv")).unwrap(), new, "rename {place}");
        run(path, &["verify", "out"]).done();
    }
}

#[test]
fn renames_that_fail_from_some_point_on_lose_nothing() {
    let directory = directory();
    let path = directory.path();
    let (former, new) = prepared(path);
    for place in [1, 2, 4, 7, 11] {
        run(path, &["run", "study.ron", "--no-charts", "--seed", "5", "--force", "--out", "out"]).done();
        let Some(said) = injected(path, RENAMES, &format!("error=EIO:when={place}+")) else { return };
        stands(path, &said, &former, &new, &format!("renames from {place} on"));
    }
}

#[test]
fn writes_and_flushes_that_fail_leave_whole_results() {
    let directory = directory();
    let path = directory.path();
    let (former, new) = prepared(path);
    let mut failed = 0;
    for (calls, fault) in [("fsync,fdatasync", "EIO"), ("write", "ENOSPC"), ("mkdir,mkdirat", "ENOSPC")] {
        for place in [1, 2, 3, 5, 8, 9, 10] {
            run(path, &["run", "study.ron", "--no-charts", "--seed", "5", "--force", "--out", "out"]).done();
            let Some(said) = injected(path, calls, &format!("error={fault}:when={place}")) else { return };
            failed += u32::from(said.code != Some(0));
            stands(path, &said, &former, &new, &format!("{calls} number {place} fails with {fault}"));
        }
    }
    assert!(failed >= 5, "only {failed} faults were met");
}
