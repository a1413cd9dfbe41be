//! Where results go: places that cannot be written, results that are there, disks that fill up.

use super::*;

#[test]
fn a_place_that_cannot_be_written_is_named_before_any_work_is_done() {
    let directory = directory(&small());
    write(directory.path(), "file", "mine");
    for (out, wanted) in [("file", "not a directory"), ("file/deeper", "not a directory"), ("/proc/brownout/x", "")] {
        let (output, printed, err) = run(&directory, &["run", "study.ron", "--out", out]);
        assert_eq!((output.status.code(), printed.as_str()), (Some(1), ""), "{out}: {err}");
        assert_eq!(errors(&err), 1, "{out}: {err}");
        assert!(err.contains(out) && err.contains(wanted) && err.contains("choose another --out"), "{out}: {err}");
    }
    assert_eq!(std::fs::read_to_string(directory.path().join("file")).unwrap(), "mine");
    assert_eq!(names(directory.path()), ["file", "study.ron"].map(str::to_owned).into());
}

#[test]
fn results_that_are_there_are_not_touched_without_force() {
    let directory = directory(&small());
    let out = directory.path().join("out");
    std::fs::create_dir(&out).unwrap();
    write(&out, "summary.csv", "precious");
    let (output, printed, err) = run(&directory, &["run", "study.ron", "--out", "out"]);
    assert_eq!((output.status.code(), printed.as_str()), (Some(1), ""), "{err}");
    assert!(errors(&err) == 1 && err.contains("out already has results") && err.contains("--force"), "{err}");
    assert_eq!(std::fs::read_to_string(out.join("summary.csv")).unwrap(), "precious");
    assert_eq!(names(&out), ["summary.csv".to_owned()].into());
}

#[test]
fn force_removes_its_own_stale_files_and_nothing_of_the_user() {
    let directory = directory(&small());
    let out = directory.path().join("out");
    run(&directory, &["run", "study.ron", "--out", "out"]);
    let first = names(&out);
    let charts: Vec<_> = first.iter().filter(|name| name.ends_with(".png")).collect();
    assert!(charts.len() > 3, "{first:?}");
    write(&out, "notes.txt", "mine");
    write(&out, "mine.png", "mine too");
    // A manifest that was tampered with leads nowhere outside the directory.
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    let tampered = manifest.replacen("\"file\": \"summary.csv\"", "\"file\": \"../study.ron\"", 1);
    assert_ne!(tampered, manifest);
    write(&out, "manifest.json", &tampered);
    let (output, _, err) = run(&directory, &["run", "study.ron", "--out", "out", "--force", "--no-charts"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    let second = names(&out);
    assert!(charts.iter().all(|chart| !second.contains(*chart)), "stale charts are removed: {second:?}");
    assert!(directory.path().join("study.ron").is_file(), "a path in a manifest removes nothing");
    for (name, text) in [("notes.txt", "mine"), ("mine.png", "mine too")] {
        assert_eq!(std::fs::read_to_string(out.join(name)).unwrap(), text);
    }
    assert!(second.contains("manifest.json") && second.contains("summary.csv"));
    assert!(second.iter().all(|name| !name.starts_with('.')), "no leftovers: {second:?}");
}

#[test]
fn a_disk_that_fills_up_is_named_and_leaves_nothing_half_written() {
    // A limit on the size of files stands for the full disk: every write beyond 4 KiB fails, whoever runs the test.
    let directory = directory(&small());
    let program = env!("CARGO_BIN_EXE_brownout");
    let script = format!("trap '' XFSZ; ulimit -f 8; exec {program} run study.ron --out out");
    let mut command = assert_cmd::Command::new("sh");
    let output = command.current_dir(directory.path()).args(["-c", &script]).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(errors(&err) == 1 && err.contains("cannot write out/") && !err.contains("panicked"), "{err}");
    assert!(output.stdout.is_empty());
    let left = names(directory.path());
    assert_eq!(left, ["study.ron".to_owned()].into(), "nothing is half-written");
}

#[test]
fn a_full_disk_on_a_mounted_file_system_leaves_nothing_half_written() {
    // A file system of 64 KiB in a mount namespace of its own. Where namespaces are forbidden the size limit of the test
    // above is all there is; this test then checks that the reason was the namespace.
    let directory = directory(&small());
    std::fs::create_dir(directory.path().join("tiny")).unwrap();
    let program = env!("CARGO_BIN_EXE_brownout");
    let script = format!(
        "mount -t tmpfs -o size=64k none tiny || exit 77; {program} run study.ron --out tiny/out; code=$?; \
         find tiny -mindepth 1; exit $code"
    );
    let mut command = assert_cmd::Command::new("unshare");
    let output = command.current_dir(directory.path()).args(["-rm", "sh", "-c", &script]).output();
    let Ok(output) = output else { return assert!(!Path::new("/usr/bin/unshare").exists()) };
    let err = String::from_utf8(output.stderr).unwrap();
    if err.contains("unshare:") || output.status.code() == Some(77) {
        eprintln!("skipped: no mount namespace here: {err}");
        return assert!(err.contains("ermi") || err.contains("mount") || err.contains("unshare"), "{err}");
    }
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("tiny/out") && err.contains("disk is full") && !err.contains("panicked"), "{err}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "nothing is left on it");
}
