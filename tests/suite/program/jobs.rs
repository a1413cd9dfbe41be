//! `brownout jobs`: the files are whole, are what their engines read, and give the bytes of the undivided work.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::common::{brownout, write};
use crate::program::explore::{FILE, folder};
use crate::sameness::shards::{done, refused, same};

const ENGINES: [(&str, &str); 6] = [
    ("dask", "shards.py"),
    ("slurm", "shards.sbatch"),
    ("kubernetes", "shards.yaml"),
    ("hyperqueue", "shards.sh"),
    ("parallel", "shards.sh"),
    ("snakemake", "Snakefile"),
];

/// A study with a file of its own and an exploration in a folder below, as the shipped ones lie.
fn nested() -> TempDir {
    let directory = folder(FILE);
    let study = std::fs::read_to_string(directory.path().join("study.ron")).unwrap();
    let (policy, rest) = study.split_once("policy: (").unwrap().1.split_once("),\n    world:").unwrap();
    write(directory.path(), "rules.ron", &format!("({policy})"));
    let begins = study.split_once("policy: (").unwrap().0;
    write(directory.path(), "study.ron", &format!("{begins}policy: \"rules.ron\",\n    world:{rest}"));
    std::fs::create_dir(directory.path().join("asks")).unwrap();
    write(directory.path(), "asks/study.ron", &FILE.replace("study: \"study.ron\"", "study: \"../study.ron\""));
    directory
}

fn made(directory: &TempDir, file: &str, engine: &str, out: &str) {
    let (told, _) = done(directory, &["jobs", file, "--shards", "4", "--engine", engine, "--out", out]);
    assert!(told.contains("4 shards of study for") && told.contains("to start: cd "), "{told}");
}

/// A program that may not be there; `None` if it is not.
fn tried(program: &str, arguments: &[&str], folder: &Path) -> Option<Output> {
    let mut command = Command::new(program);
    let binary = Path::new(env!("CARGO_BIN_EXE_brownout")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    command.current_dir(folder).args(arguments).env("PATH", format!("{}:{path}", binary.display()));
    let output = command.output().ok();
    if output.is_none() {
        eprintln!("skipped: {program} is not installed");
    }
    output
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Python, if it has the package.
pub(crate) fn python(package: &str) -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    let has = has.is_ok_and(|output| output.status.success());
    if !has {
        eprintln!("skipped: {python} has no {package}");
    }
    has.then_some(python)
}

#[test]
fn the_files_of_every_engine_are_whole_and_inputs_keep_their_places() {
    let directory = nested();
    for (engine, name) in ENGINES {
        made(&directory, "asks/study.ron", engine, engine);
        let folder = directory.path().join(engine);
        for (copy, from) in
            [("asks/study.ron", "asks/study.ron"), ("study.ron", "study.ron"), ("rules.ron", "rules.ron")]
        {
            let read = |path: &Path| std::fs::read(path).unwrap();
            assert_eq!(read(&folder.join("inputs").join(copy)), read(&directory.path().join(from)), "{engine}");
        }
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.contains("explore") && text.contains("asks/study.ron"), "{engine}: {text}");
        assert!(text.contains("merge"), "{engine} says how it ends");
        let told = refused(&directory, &["jobs", "study.ron", "--shards", "4", "--engine", engine, "--out", engine], 1);
        assert!(told.contains("is there already"), "{told}");
    }
    // The copies can be lived where nothing else is.
    let away = tempfile::tempdir().unwrap();
    std::fs::rename(directory.path().join("slurm/inputs"), away.path().join("inputs")).unwrap();
    done(&away, &["explore", "inputs/asks/study.ron", "--shard", "1/4", "--out", "shards"]);
}

#[test]
fn what_cannot_be_shared_out_is_told_before_anything_is_written() {
    let directory = nested();
    let told = |file: &str, more: &[&str]| {
        let told = refused(&directory, &[&["jobs", file, "--shards", "4", "--out", "out"], more].concat(), 2);
        assert!(!directory.path().join("out").exists());
        told
    };
    assert!(told("study.ron", &["--engine", "cron"]).contains("expected one of dask, slurm"));
    let whole = directory.path().join("rules.ron").display().to_string();
    let text = std::fs::read_to_string(directory.path().join("study.ron")).unwrap();
    write(directory.path(), "study.ron", &text.replace("rules.ron", &whole));
    assert!(told("study.ron", &["--engine", "slurm"]).contains("is named by its whole path"));
    write(directory.path(), "study.ron", &text.replace("seed: 1", "seed: -1"));
    assert!(told("study.ron", &["--engine", "slurm"]).contains("study.ron"));
}

#[test]
fn scripts_are_what_their_shells_read() {
    let directory = nested();
    for (engine, name) in ENGINES.into_iter().filter(|(_, name)| name.ends_with("sh") || name.ends_with("sbatch")) {
        made(&directory, "asks/study.ron", engine, engine);
        if let Some(output) = tried("bash", &["-n", name], &directory.path().join(engine)) {
            succeeded(&output);
        }
    }
}

#[test]
fn slurms_script_lives_the_shard_of_its_number() {
    let directory = nested();
    made(&directory, "asks/study.ron", "slurm", "jobs");
    done(&directory, &["explore", "asks/study.ron", "--out", "whole"]);
    let folder = directory.path().join("jobs");
    for number in 1..=4 {
        let script = format!("SLURM_ARRAY_TASK_ID={number} bash shards.sbatch");
        let Some(output) = tried("bash", &["-c", &script], &folder) else { return };
        succeeded(&output);
    }
    done(&directory, &["merge", "jobs/shards", "--out", "merged"]);
    same(&directory, "whole", "merged");
}

#[test]
fn kubernetes_reads_an_indexed_job_that_counts_from_1() {
    let directory = nested();
    made(&directory, "asks/study.ron", "kubernetes", "jobs");
    let Some(python) = python("yaml") else { return };
    let script = r#"
import sys, yaml
inputs, job = yaml.safe_load_all(open("shards.yaml"))
assert inputs["data"]["input-1"] == open("../study.ron").read()
spec = job["spec"]
assert (spec["completionMode"], spec["completions"]) == ("Indexed", 4)
assert spec["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"] == [2]
pod = spec["template"]["spec"]
assert [item["path"] for item in pod["volumes"][0]["configMap"]["items"]] == ["asks/study.ron", "study.ron", "rules.ron"]
assert pod["containers"][0]["env"][0]["value"] == "/inputs/asks/study.ron"
assert "JOB_COMPLETION_INDEX + 1" in pod["containers"][0]["command"][2]
"#;
    succeeded(&tried(&python, &["-c", script], &directory.path().join("jobs")).unwrap());
}

#[test]
fn gnu_parallel_gives_the_bytes_of_the_undivided_work() {
    let directory = nested();
    if tried("parallel", &["--version"], directory.path()).is_none() {
        return;
    }
    for (file, command) in [("asks/study.ron", "explore"), ("study.ron", "run")] {
        let [jobs, whole, merged] = ["jobs", "whole", "merged"].map(|kind| format!("{command}-{kind}"));
        made(&directory, file, "parallel", &jobs);
        done(&directory, &[command, file, "--out", &whole]);
        succeeded(&tried("sh", &["shards.sh"], &directory.path().join(&jobs)).unwrap());
        done(&directory, &["merge", &format!("{jobs}/shards"), "--out", &merged]);
        same(&directory, &whole, &merged);
    }
}

#[test]
fn snakemake_plans_every_shard_and_the_merge() {
    let directory = nested();
    made(&directory, "asks/study.ron", "snakemake", "jobs");
    let Some(python) = python("snakemake") else { return };
    let arguments = ["-m", "snakemake", "--cores", "2"];
    let folder = directory.path().join("jobs");
    let output = tried(&python, &[&arguments[..], &["--dry-run"]].concat(), &folder).unwrap();
    succeeded(&output);
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!((1..=4).all(|number| told.contains(&format!("shard_{number}"))) && told.contains("merge"), "{told}");
    succeeded(&tried(&python, &arguments, &folder).unwrap());
    brownout(&directory).args(["explore", "asks/study.ron", "--out", "whole"]).assert().success();
    same(&directory, "whole", "jobs/results");
}
