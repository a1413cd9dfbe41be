//! A real cluster on loopback: a scheduler and three workers, one of which is killed while it holds a shard and one added late.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::write;
use crate::program::jobs::python;
use crate::sameness::shards::{done, same};

/// A process that ends with the test, however that ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is there.
fn until<T>(what: &str, seconds: u64, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(seconds), "no {what} within {seconds} s");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A scheduler, and what workers need to find it.
struct Cluster {
    python: String,
    folder: PathBuf,
    _scheduler: Process,
}

impl Cluster {
    fn begin(python: &str, folder: &Path) -> Self {
        let file = folder.join("scheduler.json");
        let arguments = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"];
        let scheduler = dask(python, folder, &arguments, &file);
        // The file is written in one piece, but not moved into its place.
        let address = || std::fs::read_to_string(&file).ok().filter(|text| text.trim_end().ends_with('}'));
        until("scheduler", 60, address);
        Cluster { python: python.to_owned(), folder: folder.to_path_buf(), _scheduler: scheduler }
    }

    fn worker(&self) -> Process {
        let arguments = ["worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"];
        let arguments = [&arguments[..], &["--scheduler-file"]].concat();
        dask(&self.python, &self.folder, &arguments, &self.folder.join("scheduler.json"))
    }

    fn address(&self) -> String {
        let text = std::fs::read_to_string(self.folder.join("scheduler.json")).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value["address"].as_str().unwrap().to_owned()
    }
}

fn dask(python: &str, folder: &Path, arguments: &[&str], file: &Path) -> Process {
    let mut command = Command::new(python);
    command.args(["-m", "dask"]).args(arguments).arg(file).current_dir(folder);
    command.env("DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE", "false").env("TMPDIR", folder);
    Process(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// The words of a process; none if there is no such process, or it has ended.
fn words(process: u32) -> Vec<String> {
    let text = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    text.split(|&byte| byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// The shard that a worker holds at this moment, and the process that lives it.
fn held(worker: u32) -> Option<(u32, String)> {
    let threads = std::fs::read_dir(format!("/proc/{worker}/task")).ok()?.flatten();
    let children = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let children: Vec<u32> = children.flat_map(|text| parsed(&text)).collect();
    children.into_iter().find_map(|child| {
        let words = words(child);
        let at = words.iter().position(|word| word == "--shard")?;
        Some((child, words.get(at + 1)?.clone()))
    })
}

fn parsed(text: &str) -> Vec<u32> {
    text.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Processes that live a shard of a file.
fn living(file: &str) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok());
    let of_file = |process: &u32| {
        let words = words(*process);
        words.iter().any(|word| word == "--stdin-life") && words.iter().any(|word| word == file)
    };
    numbers.filter(of_file).collect()
}

/// The program with a log of the shards it was asked for.
fn logged(directory: &TempDir) -> PathBuf {
    let (program, log) = (env!("CARGO_BIN_EXE_brownout"), directory.path().join("asked.log"));
    let script = format!("#!/bin/sh\necho \"$4\" >> '{}'\nexec '{program}' \"$@\"\n", log.display());
    let path = write(directory.path(), "logged.sh", &script);
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn driver(cluster: &Cluster, directory: &TempDir, jobs: &str) -> Child {
    let mut command = Command::new(&cluster.python);
    command.arg(directory.path().join(jobs).join("shards.py")).args(["--scheduler", &cluster.address(), "--program"]);
    command.arg(logged(directory)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// A study and an exploration under names that no other test has.
fn directory() -> TempDir {
    let directory = crate::program::explore::folder(crate::program::explore::FILE);
    sized(&directory, 1);
    directory
}

/// Writes both so large.
fn sized(directory: &TempDir, times: u32) {
    let futures = format!("tenants: 40, futures: (points: {},", 100 * times);
    let file = crate::program::explore::FILE.replace("study.ron", "cluster-run.ron");
    write(directory.path(), "cluster-ask.ron", &file.replace("tenants: 20, futures: (points: 20,", &futures));
    let text = std::fs::read_to_string(directory.path().join("study.ron")).unwrap();
    let replications = format!("replications: {}", 40 * times);
    let text = text.replace("count: 40", "count: 4000").replace("replications: 2", &replications);
    write(directory.path(), "cluster-run.ron", &text);
}

/// Does the undivided work, made larger until it takes long enough for a worker to be killed and another to be added meanwhile.
fn whole(directory: &TempDir, command: &str, file: &str, out: &str) {
    for times in (0..10).map(|power| 1 << power) {
        sized(directory, times);
        let begun = Instant::now();
        done(directory, &[command, file, "--out", out, "--force"]);
        if begun.elapsed() > Duration::from_secs(10) {
            return;
        }
    }
}

#[test]
fn a_cluster_that_loses_a_worker_and_gains_one_gives_the_bytes_of_the_undivided_work() {
    let Some(python) = python("distributed") else { return };
    let directory = directory();
    let cluster = Cluster::begin(&python, directory.path());
    for (file, name, command) in
        [("cluster-run.ron", "cluster-run", "run"), ("cluster-ask.ron", "cluster-ask", "explore")]
    {
        let [jobs, whole, merged] = ["jobs", "whole", "merged"].map(|kind| format!("{name}-{kind}"));
        self::whole(&directory, command, file, &whole);
        done(&directory, &["jobs", file, "--shards", "16", "--engine", "dask", "--out", &jobs]);
        let _ = std::fs::remove_file(directory.path().join("asked.log"));
        let mut workers: Vec<Process> = (0..3).map(|_| cluster.worker()).collect();
        let mut driver = driver(&cluster, &directory, &jobs);
        // One is killed while it holds a shard, which ends with it: its standard input closes.
        let (at, (child, share)) = until("worker that holds a shard", 120, || {
            workers.iter().enumerate().find_map(|(at, worker)| Some((at, held(worker.0.id())?)))
        });
        let mut killed = workers.remove(at);
        killed.0.kill().unwrap();
        assert!(words(child).contains(&share), "{name}: the shard {share} was not done when its worker was killed");
        killed.0.wait().unwrap();
        until("end of the shard of the killed worker", 20, || (!words(child).contains(&share)).then_some(()));
        let late = cluster.worker();
        let late_one = until("shard on the late worker", 120, || held(late.0.id()));
        let output = {
            let status = until("end of the driver", 300, || driver.try_wait().unwrap());
            let told = std::io::read_to_string(driver.stderr.take().unwrap()).unwrap();
            assert!(status.success(), "{name}: {told}");
            told
        };
        assert!(output.contains("16 of 16 shards"), "{output}");
        let asked = std::fs::read_to_string(directory.path().join("asked.log")).unwrap();
        let times = |share: &str| asked.lines().filter(|line| *line == share).count();
        assert_eq!(times(&share), 2, "{name}: what the killed worker held was lived once more: {asked}");
        assert!(times(&late_one.1) >= 1, "{asked}");
        assert_eq!(living(file), Vec::<u32>::new(), "{name}: a process is left");
        done(&directory, &["merge", &format!("{jobs}/shards"), "--out", &merged]);
        same(&directory, &whole, &merged);
    }
}

#[test]
fn a_wrong_file_is_told_and_no_shard_of_it_is_tried_again() {
    let Some(python) = python("distributed") else { return };
    let directory = directory();
    done(&directory, &["jobs", "cluster-run.ron", "--shards", "3", "--engine", "dask", "--out", "jobs"]);
    write(directory.path(), "jobs/inputs/cluster-run.ron", "(version: 1, question: 7)");
    let cluster = Cluster::begin(&python, directory.path());
    let _worker = cluster.worker();
    let driver = driver(&cluster, &directory, "jobs");
    let output = driver.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("cluster-run.ron") && told.contains("question"), "{told}");
    let asked = std::fs::read_to_string(directory.path().join("asked.log")).unwrap();
    let mut shares: Vec<&str> = asked.lines().collect();
    let all = shares.len();
    shares.sort_unstable();
    shares.dedup();
    assert_eq!(shares.len(), all, "{asked}");
    assert_eq!(std::fs::read_dir(directory.path().join("jobs/shards")).unwrap().count(), 0);
}
