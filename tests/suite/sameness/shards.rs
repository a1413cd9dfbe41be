//! Growing past one machine without changing a digit: shards and their merge.

use std::collections::BTreeMap;
use std::path::Path;

use brownout::experiment::{Part, Runner, Shard};
use brownout::reading::text::SourceFile;
use brownout::store::manifest::InputFile;
use brownout::store::shard::{PartReader, PartWriter, ShardBody, ShardError, ShardHeader};
use tempfile::TempDir;

use crate::common::{BASELINE, StudyText, brownout, group, write};

/// A small world with relapses, pauses and two scenarios; 700 tenants in two groups, so that shards cut through groups.
fn study(count: u32) -> String {
    let routes =
        r#"patch: (per_month: 0.2, lead: LogNormal(median: 14, sigma: 0.8)), upgrade: (to: "SE", per_month: 0.05)"#;
    let pauses = "pauses: [(share: 0.5, plan: OneLong(days: 20), renew: true), (share: 0.5, plan: Never)]";
    let text = StudyText {
        policy: format!(r#"ladder: (preset: "microsoft-2023"), {BASELINE}"#),
        response: String::new(),
        groups: vec![group("a", count, routes, pauses), group("b", 200, routes, pauses)],
        scenarios: vec![
            r#"(name: "first")"#.to_owned(),
            r#"(name: "none", set: {"policy.ladder": (preset: "none")})"#.to_owned(),
        ],
        ..StudyText::default()
    };
    text.ron().replace("replications: 2", "replications: 7")
}

pub(crate) fn directory(count: u32) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study(count));
    directory
}

/// Runs the program and returns its exit code, standard output and standard error.
fn program(directory: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = brownout(directory).args(arguments).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    (output.status.code().unwrap(), out, err)
}

pub(crate) fn done(directory: &TempDir, arguments: &[&str]) -> (String, String) {
    let (code, out, err) = program(directory, arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    (out, err)
}

/// Runs the program, which must refuse, and returns what it says.
pub(crate) fn refused(directory: &TempDir, arguments: &[&str], code: i32) -> String {
    let (found, out, err) = program(directory, arguments);
    assert_eq!((found, out.as_str()), (code, ""), "{arguments:?}: {err}");
    assert_eq!(err.lines().filter(|line| line.starts_with("error")).count(), 1, "{err}");
    err
}

fn shard(directory: &TempDir, share: &str, out: &str) {
    done(directory, &["run", "study.ron", "--shard", share, "--out", out]);
}

/// Every file of a directory by name, hidden ones too.
pub(crate) fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(path).unwrap().map(Result::unwrap);
    entries.map(|e| (e.file_name().into_string().unwrap(), std::fs::read(e.path()).unwrap_or_default())).collect()
}

pub(crate) fn same(directory: &TempDir, a: &str, b: &str) {
    let (a, b) = (files(&directory.path().join(a)), files(&directory.path().join(b)));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    let differing: Vec<_> = a.iter().filter(|(name, bytes)| b[*name] != **bytes).map(|file| file.0).collect();
    assert!(differing.is_empty(), "{differing:?} differ");
}

#[test]
fn any_number_of_shards_gives_the_bytes_of_the_undivided_run() {
    let directory = directory(500);
    for count in [1, 2, 5, 16] {
        // Once with charts; they take a while.
        let charts: &[&str] = if count == 2 { &[] } else { &["--no-charts"] };
        let whole = format!("whole-{count}");
        let (printed, _) = done(&directory, &[&["run", "study.ron", "--out", &whole], charts].concat());
        let (shards, merged) = (format!("shards-{count}"), format!("merged-{count}"));
        for index in (1..=count).rev() {
            let threads = if index % 2 == 0 { "1" } else { "2" };
            let share = format!("{index}/{count}");
            done(&directory, &["run", "study.ron", "--shard", &share, "--out", &shards, "--threads", threads]);
        }
        // The study is in the shards; it need not be there any more.
        std::fs::rename(directory.path().join("study.ron"), directory.path().join("away")).unwrap();
        let (again, _) = done(&directory, &[&["merge", &shards, "--out", &merged], charts].concat());
        std::fs::rename(directory.path().join("away"), directory.path().join("study.ron")).unwrap();
        same(&directory, &whole, &merged);
        assert_eq!(again.replace(&merged, &whole), printed, "{count} shards");
    }
}

#[test]
fn more_shards_than_tenants_and_empty_worlds_add_up() {
    let directory = tempfile::tempdir().unwrap();
    for (name, count) in [("few", 2), ("nobody", 0)] {
        let text = StudyText { groups: vec![group("plain", count, "", "")], ..StudyText::default() };
        write(directory.path(), "study.ron", &text.ron());
        let [whole, shards, merged] = ["whole", "shards", "merged"].map(|kind| format!("{kind}-{name}"));
        done(&directory, &["run", "study.ron", "--out", &whole, "--no-charts"]);
        for index in 1..=6 {
            shard(&directory, &format!("{index}/6"), &shards);
        }
        done(&directory, &["merge", &shards, "--out", &merged, "--no-charts"]);
        same(&directory, &whole, &merged);
    }
}

#[test]
fn a_shard_that_is_run_twice_is_the_same_file_and_is_not_run_again_when_it_is_there() {
    let directory = directory(100);
    shard(&directory, "2/3", "once");
    shard(&directory, "2/3", "twice");
    same(&directory, "once", "twice");
    let err = refused(&directory, &["run", "study.ron", "--shard", "2/3", "--out", "once"], 1);
    assert!(err.contains("--force"), "{err}");
    let (out, _) = done(&directory, &["run", "study.ron", "--shard", "2/3", "--out", "once", "--resume"]);
    assert!(out.contains("was already there") && out.contains("brownout merge once"), "{out}");
    // Another seed is another shard: it does not pass for this one.
    let other = ["run", "study.ron", "--shard", "2/3", "--out", "once", "--resume", "--seed", "5"];
    assert!(refused(&directory, &other, 1).contains("already has results"));
}

#[test]
fn shards_that_do_not_make_one_whole_are_refused_by_name() {
    let directory = directory(60);
    for share in ["1/3", "2/3", "3/3"] {
        shard(&directory, share, "good");
    }
    let [one, two, three] = [1, 2, 3].map(|index| format!("good/study-{index}-of-3.shard"));
    let merge = |files: &[&str]| {
        let arguments: Vec<&str> = ["merge"].iter().chain(files).chain(&["--out", "out"]).copied().collect();
        refused(&directory, &arguments, 2)
    };
    let missing = merge(&[&one, &three]);
    assert!(missing.contains("shard 2 of 3 is missing") && missing.contains("--partial"), "{missing}");

    std::fs::copy(directory.path().join(&two), directory.path().join("copy.shard")).unwrap();
    let doubled = merge(&["good", "copy.shard"]);
    assert!(doubled.contains("2/3 is there twice") && doubled.contains("copy.shard") && doubled.contains(&two));

    done(&directory, &["run", "study.ron", "--shard", "2/3", "--out", "seed", "--seed", "5"]);
    let seed = merge(&[&one, "seed", &three]);
    assert!(seed.contains("seed/study-2-of-3.shard") && seed.contains("seed is 5 here and 1 there"), "{seed}");

    done(&directory, &["run", "study.ron", "--shard", "2/3", "--out", "more", "--replications", "8"]);
    assert!(merge(&[&one, "more", &three]).contains("replications is 8 here and 7 there"));

    shard(&directory, "4/4", "other");
    assert!(merge(&["good", "other"]).contains("one of 4 shards"));

    write(directory.path(), "study.ron", &study(61));
    shard(&directory, "2/3", "edited");
    let edited = merge(&[&one, "edited", &three]);
    assert!(edited.contains("content of study.ron differs") && edited.contains("edited/"), "{edited}");

    assert!(
        merge(&["study.ron"]).contains("not a file that `brownout run --shard` or `brownout explore --shard` wrote")
    );
    assert!(merge(&["nowhere.shard"]).contains("nowhere.shard"));
    std::fs::create_dir(directory.path().join("empty")).unwrap();
    assert!(merge(&["empty"]).contains("empty holds no .shard file"));
    assert!(!directory.path().join("out").exists(), "a refused merge writes nothing");
}

#[test]
fn damaged_shards_are_refused_by_name_wherever_the_damage_is() {
    let directory = directory(40);
    shard(&directory, "1/2", "good");
    shard(&directory, "2/2", "good");
    let path = directory.path().join("good/study-1-of-2.shard");
    let sound = std::fs::read(&path).unwrap();
    let mut cases: Vec<(String, Vec<u8>)> = Vec::new();
    for step in 0..12 {
        let place = step * (sound.len() - 1) / 11;
        let mut changed = sound.clone();
        changed[place] ^= 4;
        cases.push((format!("byte {place} changed"), changed));
        cases.push((format!("cut to {place} bytes"), sound[..place].to_vec()));
    }
    cases.push(("lengthened".to_owned(), [sound.as_slice(), b"more"].concat()));
    cases.push(("doubled".to_owned(), [sound.as_slice(), &sound].concat()));
    for (what, bytes) in cases {
        std::fs::write(&path, bytes).unwrap();
        let err = refused(&directory, &["merge", "good", "--out", "out"], 2);
        assert!(err.contains("study-1-of-2.shard: "), "{what}: {err}");
    }
    assert!(!directory.path().join("out").exists());
}

#[test]
fn partial_results_are_given_on_request_and_say_so_everywhere() {
    let directory = directory(60);
    for share in ["1/4", "2/4", "4/4"] {
        shard(&directory, share, "shards");
    }
    let (out, err) = done(&directory, &["merge", "shards", "--partial", "--out", "out"]);
    let words = "shard 3 of 4 is missing, and the 4 of 7 replications that are complete are used";
    assert!(err.contains(&format!("warning: PARTIAL RESULT: {words}")), "{err}");
    assert!(out.contains("Means of 4 replications"), "{out}");
    let files = files(&directory.path().join("out"));
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["partial"]["missing_shards"][0], 3);
    assert_eq!((&manifest["replications"], &manifest["partial"]["replications_asked"]), (&4.into(), &7.into()));
    assert!(manifest["warnings"][0].as_str().unwrap().contains(words));
    let page = String::from_utf8(files["report.html"].clone()).unwrap();
    assert!(page.contains(&format!("Partial result: </strong>{words}")));
    let summary: Vec<BTreeMap<String, String>> =
        csv::Reader::from_reader(files["summary.csv"].as_slice()).deserialize().map(Result::unwrap).collect();
    assert!(summary.iter().all(|row| row["n"] == "4" || row["n"].is_empty()) && summary.len() > 20);
    for results in ["out", "out/mail-lost.png"] {
        let err = refused(&directory, &["verify", results], 2);
        assert!(err.contains("partial"), "{err}");
    }
    // The whole says nothing of shards.
    shard(&directory, "3/4", "shards");
    let (_, err) = done(&directory, &["merge", "shards", "--partial", "--out", "out", "--force", "--no-charts"]);
    assert!(!err.contains("PARTIAL"), "{err}");
    done(&directory, &["verify", "out"]);
}

#[test]
fn what_shards_cannot_do_is_said_before_any_work() {
    let directory = directory(60);
    for (share, word) in [("0/4", "first shard is 1"), ("5/4", "no shard 5 among 4"), ("x", "no slash")] {
        let err = refused(&directory, &["run", "study.ron", "--shard", share], 2);
        assert!(err.contains(word) && err.contains("3/16"), "{err}");
    }
    let err = refused(&directory, &["run", "study.ron", "--shard", "1/2", "--precision", "lost:1%"], 2);
    assert!(err.contains("--precision"), "{err}");
    write(
        directory.path(),
        "study.ron",
        &study(60).replace("replications: 7", r#"replications: 7, precision: "lost:1%""#),
    );
    let err = refused(&directory, &["run", "study.ron", "--shard", "1/2"], 2);
    assert!(err.contains("study.ron asks for the precision lost:1%"), "{err}");
    assert_eq!(files(directory.path()).len(), 1, "nothing was written");
}

/// Reads a file of parts to its end.
pub(crate) fn read(bytes: &[u8], runner: &Runner<'_>) -> Result<Vec<Part>, ShardError> {
    let mut reader = PartReader::new(bytes, bytes.len() as u64)?;
    let mut parts = Vec::new();
    while let Some(part) = reader.next(runner)? {
        parts.push(part);
    }
    reader.check_end().map(|()| parts)
}

#[test]
fn parts_come_back_and_those_out_of_order_are_refused_however_right_their_checksums() {
    let study = StudyText { groups: vec![group("plain", 30, "", "")], ..StudyText::default() }.study();
    let runner = Runner::new(&study);
    let inputs = vec![InputFile::new(&SourceFile { path: "study.ron".to_owned(), text: "a study".to_owned() })];
    let header = ShardHeader::new(ShardBody::new(&runner, Shard::ALL, None), inputs);
    let part = |replication, tenants: std::ops::Range<u64>| {
        let tallies = runner.live(replication, &tenants, &|_| {});
        Part { replication, tenants, tallies }
    };
    let file = |parts: &[Part], end: bool| {
        let (mut writer, mut bytes) = PartWriter::begin(&header);
        parts.iter().for_each(|part| bytes.extend(writer.part(part)));
        if end {
            bytes.extend(writer.end());
        }
        bytes
    };
    let all = [part(0, 0..10), part(0, 10..30), part(1, 0..30)];
    assert_eq!(read(&file(&all, true), &runner).unwrap(), all);
    assert!(matches!(read(&file(&all, false), &runner), Err(ShardError::CutShort)), "no end mark");
    assert!(matches!(read(&file(&all[..2], true), &runner), Err(ShardError::CutShort)), "a replication too few");
    let mut beyond = all[0].clone();
    beyond.tenants = 0..31;
    let mut empty = all[0].clone();
    empty.tenants = 0..0;
    for wrong in [&all[1..], &[all[0].clone(), all[0].clone()], &[all[0].clone(), all[2].clone()], &[beyond], &[empty]]
    {
        assert!(matches!(read(&file(wrong, true), &runner), Err(ShardError::Order)), "{:?}", wrong[0].tenants);
    }
    // Tallies of another study do not fit.
    let other = StudyText { horizon: "2027-05-01", ..StudyText::default() }.study();
    assert!(matches!(read(&file(&all, true), &Runner::new(&other)), Err(ShardError::Tally(_) | ShardError::Order)));
}

#[test]
fn the_parts_of_a_replication_add_up_to_all_of_it_wherever_it_is_cut() {
    let groups = ["a", "b", "c"].map(|name| group(name, 40, r#"upgrade: (to: "SE", per_month: 0.2)"#, "")).to_vec();
    let study = StudyText { groups, ..StudyText::default() }.study();
    let runner = Runner::new(&study);
    let whole = runner.replicate(1, &|_| {});
    for cuts in [[0, 120], [40, 80], [1, 119], [39, 41], [60, 60]] {
        let bounds = [0, cuts[0], cuts[1], 120];
        let mut sum = runner.live(1, &(0..0), &|_| {});
        for pair in bounds.windows(2) {
            for (sum, part) in sum.iter_mut().zip(runner.live(1, &(pair[0]..pair[1]), &|_| {})) {
                sum.merge(&part);
            }
        }
        assert_eq!(sum, whole, "cut at {cuts:?}");
    }
}
