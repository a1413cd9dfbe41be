//! Hard edges: hostile files, odd targets, control characters, formulas, pictures that were touched, interruptions.

mod hostile;
mod sameness;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::{StudyText, group, write};

const PROGRAM: &str = env!("CARGO_BIN_EXE_brownout");

/// A small study in `study.ron`.
fn directory() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study(20, "plain"));
    directory
}

fn study(tenants: u32, name: &str) -> String {
    let text = StudyText {
        horizon: "2026-12-07",
        groups: vec![group(name, tenants, r#"upgrade: (to: "SE", per_month: 0.3)"#, "")],
        scenarios: vec![
            r#"(name: "first")"#.to_owned(),
            r#"(name: "second", set: {"policy.layout": adjacent})"#.to_owned(),
        ],
        ..StudyText::default()
    };
    text.ron()
}

/// Exit code, standard output and standard error; fails if it takes longer than a minute, as what hangs would.
fn run(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new("timeout");
    command.args(["60", PROGRAM]).args(arguments).current_dir(directory).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (code, out, err) = (output.status.code(), text(&output.stdout), text(&output.stderr));
    assert!(code != Some(124), "{arguments:?} hangs");
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    (code, out, err)
}

#[track_caller]
fn done(directory: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(directory, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {out}{err}");
    out
}

#[cfg(unix)]
#[test]
fn a_link_in_a_staging_folder_truncates_nothing() {
    let directory = directory();
    let path = directory.path();
    write(path, "mine", "mine");
    for (name, hard) in
        [("lock", false), ("lock", true), ("journal", false), ("summary.csv", false), ("placing", false)]
    {
        let folder = path.join("out/.unfinished-run");
        std::fs::create_dir_all(&folder).unwrap();
        if hard {
            std::fs::hard_link(path.join("mine"), folder.join(name)).unwrap();
        } else {
            std::os::unix::fs::symlink(path.join("mine"), folder.join(name)).unwrap();
        }
        for more in [&[] as &[&str], &["--force"], &["--resume"]] {
            let (code, _, err) = run(path, &[&["run", "study.ron", "--no-charts", "--out", "out"], more].concat());
            assert_eq!(std::fs::read_to_string(path.join("mine")).unwrap(), "mine", "{name} {more:?}");
            assert!(name != "lock" || code == Some(1) && err.contains("lock"), "{name} {more:?}: {err}");
        }
        std::fs::remove_dir_all(path.join("out")).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn odd_targets_are_refused_before_any_work() {
    let directory = directory();
    let path = directory.path();
    std::fs::create_dir_all(path.join("out/summary.csv")).unwrap();
    let made = Command::new("mkfifo").arg(path.join("out/series.csv")).status().unwrap();
    assert!(made.success());
    let (code, _, err) = run(path, &["run", "study.ron", "--out", "out", "--force", "--replications", "100000"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("is in the way"), "{err}");
    std::fs::remove_dir_all(path.join("out")).unwrap();
    // One that cannot be read is not taken for empty; a superuser reads all.
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir(path.join("out")).unwrap();
    write(path, "out/notes.txt", "mine");
    std::fs::set_permissions(path.join("out"), std::fs::Permissions::from_mode(0o333)).unwrap();
    let (code, _, err) = run(path, &["run", "study.ron", "--no-charts", "--out", "out"]);
    std::fs::set_permissions(path.join("out"), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("cannot read what is in out") || err.contains("already has results"), "{err}");
    assert_eq!(std::fs::read_dir(path.join("out")).unwrap().count(), 1);
}

#[test]
fn threads_and_files_that_run_out_end_in_words() {
    let directory = directory();
    let shell = |script: &str| {
        let mut command = Command::new("timeout");
        command.args(["60", "sh", "-c", script]).current_dir(directory.path()).env("PROGRAM", PROGRAM);
        let output = command.stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for files in 4..9 {
        let (code, err) = shell(&format!("ulimit -n {files}; $PROGRAM run study.ron --no-charts --out out-{files}"));
        assert!(matches!(code, Some(0..=2)), "{files}: {code:?} {err}");
        assert!(code == Some(0) || err.contains("error: "), "{files}: {err}");
    }
    for command in ["run study.ron --no-charts --out many", "verify many", "trace study.ron --worst lost"] {
        let (code, err) = shell(&format!("RAYON_NUM_THREADS=100000 $PROGRAM {command}"));
        assert_eq!(code, Some(0), "{command}: {err}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_its_work_and_says_how_to_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    write(path, "study.ron", &study(3_000, "plain"));
    for (more, staging) in
        [("--no-charts", "out-0/.unfinished-run"), ("--shard=1/1", "out-1/.unfinished-study-1-of-1.shard")]
    {
        let out = &staging[..5];
        let mut command = Command::new(PROGRAM);
        let arguments =
            ["run", "study.ron", "--threads=1", "--replications=4000", "--checkpoint=0", more, "--out", out];
        let child = command.args(arguments).current_dir(path).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = child.spawn().unwrap();
        let journal = path.join(staging).join("journal");
        let begun = Instant::now();
        while !journal.is_file() && begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let begun = Instant::now();
        let signalled = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(signalled.success() && begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{err}");
        assert!(err.lines().count() == 1 && err.contains("--resume"), "{err}");
        assert!(journal.is_file(), "the work is kept");
    }
    let (code, _, err) =
        run(path, &["run", "study.ron", "--no-charts", "--out", "out-0", "--replications=3", "--resume"]);
    assert!(code == Some(1) && err.contains("replications is 4000 here and 3 there"), "{err}");
}

#[test]
fn a_name_that_leads_out_of_the_output_folder_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    write(path, "...ron", &study(5, "plain"));
    for more in ["--no-charts", "--force"] {
        let (code, _, err) = run(path, &["run", "...ron", more]);
        assert_eq!(code, Some(2), "{err}");
    }
    // Not even by parts: no shard has such a name to lead its merge astray.
    let (code, _, err) = run(path, &["run", "...ron", "--shard", "1/1", "--out", "shards"]);
    assert!(code == Some(2) && err.contains("names its results"), "{err}");
    assert!(!path.join("shards").exists());
    assert!(!path.join("manifest.json").exists() && !path.join("output").exists());
}

#[test]
fn new_advises_nothing_that_is_not_there() {
    let directory = directory();
    let (code, _, err) = run(directory.path(), &["new", "no/such/folder/study"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("cannot write") && !err.contains("--out"), "{err}");
}
