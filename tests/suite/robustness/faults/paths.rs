//! Links and names.

use super::{directory, names, run, study, write_plan};
use crate::common::write;
use crate::sameness::shards::files;

#[cfg(unix)]
use std::os::unix::fs::symlink;

#[cfg(unix)]
#[test]
fn results_go_where_a_link_points_and_the_link_stays() {
    let directory = directory();
    let path = directory.path();
    std::fs::create_dir(path.join("real")).unwrap();
    symlink("real", path.join("out")).unwrap();
    run(path, &["run", "study.ron", "--no-charts", "--out", "out"]).done();
    assert!(path.join("out").symlink_metadata().unwrap().is_symlink());
    assert!(path.join("real/manifest.json").is_file() && path.join("real/summary.csv").is_file());
    run(path, &["verify", "out"]).done();
    let other = ["run", "study.ron", "--no-charts", "--out", "out", "--seed", "5"];
    run(path, &other).refused(&["out already has results", "--force"]);
    run(path, &["run", "study.ron", "--no-charts", "--out", "out", "--force"]).done();
    assert!(path.join("out").symlink_metadata().unwrap().is_symlink());
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_to_a_file_are_named() {
    let directory = directory();
    let path = directory.path();
    write(path, "mine", "mine");
    symlink("nowhere", path.join("dangling")).unwrap();
    symlink("mine", path.join("file")).unwrap();
    symlink("circle", path.join("circle")).unwrap();
    for out in ["dangling", "file", "circle"] {
        let said = run(path, &["run", "study.ron", "--out", out]);
        said.refused(&[out, "is not a directory", "choose another --out"]);
        assert_eq!(said.out, "");
    }
    assert_eq!(names(path), ["circle", "dangling", "file", "mine", "study.ron"]);
    assert_eq!(std::fs::read_to_string(path.join("mine")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn what_links_inside_the_output_lead_to_is_left_alone() {
    let directory = directory();
    let path = directory.path();
    std::fs::create_dir_all(path.join("mine")).unwrap();
    write(path, "mine/notes.txt", "mine");
    write(path, "mine/summary.csv", "mine too");
    run(path, &["run", "study.ron", "--no-charts", "--out", "out"]).done();
    // A result that is a link is replaced, not written through.
    std::fs::remove_file(path.join("out/summary.csv")).unwrap();
    symlink("../mine/summary.csv", path.join("out/summary.csv")).unwrap();
    run(path, &["run", "study.ron", "--no-charts", "--out", "out", "--force"]).done();
    assert_eq!(std::fs::read_to_string(path.join("mine/summary.csv")).unwrap(), "mine too");
    assert!(path.join("out/summary.csv").symlink_metadata().unwrap().is_file());
    // A staging folder that is a link is not cleared.
    symlink("../mine", path.join("out/.unfinished-run")).unwrap();
    for more in ["--force", "--resume"] {
        let said = run(path, &["run", "study.ron", "--no-charts", "--out", "out", more]);
        said.refused(&["out/.unfinished-run", "is not a directory"]);
    }
    assert_eq!(names(&path.join("mine")), ["notes.txt", "summary.csv"]);
}

#[test]
fn names_with_spaces_and_letters_of_any_language_work_everywhere() {
    let plain = directory();
    write_plan(plain.path());
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("Größe & Maß, 2. Versuch/модель 模型 'x' \"y\"");
    std::fs::create_dir_all(&path).unwrap();
    write(&path, "Ärger im Büro.ron", &study(20));
    write_plan(&path);
    std::fs::rename(path.join("plan.ron"), path.join("plan für März.ron")).unwrap();
    std::fs::rename(path.join("fleet.csv"), path.join("Flotte, neu.csv")).unwrap();
    let plan = std::fs::read_to_string(path.join("plan für März.ron")).unwrap();
    write(&path, "plan für März.ron", &plan.replace("fleet.csv", "Flotte, neu.csv"));

    let study = "Ärger im Büro.ron";
    run(&path, &["check", study]).done();
    let said = run(&path, &["run", study, "--out", "Ergebnis – β"]);
    assert!(said.done().out.contains("files in Ergebnis – β;"), "{said:?}");
    run(&path, &["verify", "Ergebnis – β"]).done();
    run(&path, &["verify", "Ergebnis – β/mail-lost.png"]).done();
    run(&path, &["run", study]).done();
    assert!(path.join("output/Ärger im Büro/manifest.json").is_file());
    for share in ["1/2", "2/2"] {
        run(&path, &["run", study, "--shard", share, "--out", "Teile (alle)"]).done();
    }
    run(&path, &["merge", "Teile (alle)", "--out", "ganz ñ"]).done();
    assert!(files(&path.join("ganz ñ")) == files(&path.join("Ergebnis – β")));
    run(&path, &["trace", study, "--tenant", "0"]).done();
    run(&path, &["describe", study]).done();
    run(&path, &["timeline", "--first-detected", "2026-09-09", "--at", "2026-10-01", "--png", "Daten ü.png"]).done();
    run(&path, &["plan", "plan für März.ron", "--out", "Plan ö"]).done();
    run(&path, &["new", "neue Frage ß"]).done();
    run(&path, &["check", "neue Frage ß.ron"]).done();
    // The numbers are those of a plain name.
    run(plain.path(), &["run", "study.ron", "--out", "out"]).done();
    let summary = |path: &std::path::Path| std::fs::read(path.join("summary.csv")).unwrap();
    assert_eq!(summary(&path.join("Ergebnis – β")), summary(&plain.path().join("out")));
    // What is missing is named as it was written.
    let said = run(&path, &["run", "fehlt – ж.ron"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("fehlt – ж.ron") && said.err.contains("no such file"), "{said:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_used_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let directory = directory();
    let name = OsStr::from_bytes(b"st\xffdy \x80.ron");
    std::fs::copy(directory.path().join("study.ron"), directory.path().join(name)).unwrap();
    let out = OsStr::from_bytes(b"o\xfft");
    let mut command = std::process::Command::new(super::PROGRAM);
    command.current_dir(directory.path()).arg("run").arg(name).arg("--no-charts").arg("--out").arg(out);
    let said = super::Said::from(command.output().unwrap());
    said.done();
    assert!(directory.path().join(out).join("manifest.json").is_file(), "{said:?}");
}
