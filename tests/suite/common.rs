//! Small studies for tests, written as RON and read the way the program reads them.

use brownout::experiment::Scope;
use std::path::{Path, PathBuf};

use brownout::experiment::{Measure, Results, Runner};
use brownout::reading::load::load;
use brownout::study::Study;
use brownout::tally::CurveCounts;
use brownout::telling::html::Look;
use tempfile::TempDir;

/// How the program's pages look.
pub(crate) const LOOK: Look<'static> =
    Look { style: include_str!("../../src/look/style.css"), script: include_str!("../../src/look/page.js") };

/// A policy in which one entry concerns all 2019 servers of [`PLAIN_BUILDS`] from the start on, without any spread.
pub(crate) const BASELINE: &str =
    r#"baselines: [(name: "b", effective: "2026-09-07", product: "2019", minimum: "15.2.1748.39", spread_days: 0)]"#;

/// Servers that the baseline concerns.
pub(crate) const PLAIN_BUILDS: &str = r#"builds: [(build: "15.2.1544.36", share: 1)]"#;

/// Fields that take every chance but the thresholds out of a group.
pub(crate) const PLAIN: &str = r#"
    servers_per_tenant: [1], diligence: (sigma: 0, never_share: 0), windows: [], freezes: [], failure: (prob: 0),
    gap_days: Fixed(0), messages_per_day: Fixed(100)"#;

/// The parts of a study file, each as RON.
#[derive(Clone, Debug)]
pub(crate) struct StudyText {
    pub(crate) seed: u64,
    pub(crate) start: &'static str,
    pub(crate) horizon: &'static str,
    pub(crate) policy: String,
    pub(crate) response: String,
    pub(crate) groups: Vec<String>,
    pub(crate) scenarios: Vec<String>,
}

impl Default for StudyText {
    fn default() -> Self {
        StudyText {
            seed: 1,
            start: "2026-09-07",
            horizon: "2027-03-07",
            policy: format!(r#"ladder: (preset: "microsoft-2023"), {BASELINE}"#),
            response: "multiplier: Constant(1)".to_owned(),
            groups: vec![group("plain", 1000, "", "")],
            scenarios: vec![r#"(name: "first")"#.to_owned()],
        }
    }
}

impl StudyText {
    /// The study file.
    pub(crate) fn ron(&self) -> String {
        let StudyText { seed, start, horizon, policy, response, groups, scenarios } = self;
        let (groups, scenarios) = (groups.join(", "), scenarios.join(", "));
        format!(
            r#"(version: 1, question: "A test?", seed: {seed}, replications: 2, start: "{start}", horizon: "{horizon}",
    policy: ({policy}),
    world: (response: ({response}), groups: [{groups}]),
    scenarios: [{scenarios}])
"#
        )
    }

    /// The study that the file means.
    pub(crate) fn study(&self) -> Study {
        let directory = tempfile::tempdir().unwrap();
        let path = write(directory.path(), "study.ron", &self.ron());
        match load(&path) {
            Ok(loaded) => loaded.study,
            Err(error) => panic!("{:#?}\n{}", error.problems.iter().map(|p| p.line()).collect::<Vec<_>>(), self.ron()),
        }
    }

    /// What the study comes to.
    pub(crate) fn run(&self, replications: u32) -> Results {
        run(&self.study(), replications)
    }
}

/// A group without any chance but the thresholds; `routes` and `more` as RON.
pub(crate) fn group(name: &str, count: u32, routes: &str, more: &str) -> String {
    let pauses = if more.contains("pauses:") { "" } else { ", pauses: []" };
    let more = if more.is_empty() { String::new() } else { format!(", {more}") };
    format!(r#"(name: "{name}", count: {count}, {PLAIN_BUILDS}, {PLAIN}, routes: ({routes}){pauses}{more})"#)
}

/// Runs replications `0..replications`.
pub(crate) fn run(study: &Study, replications: u32) -> Results {
    Results::run(&Runner::new(study), replications, &|_| {})
}

/// Cuts every group to at most so many tenants.
pub(crate) fn keep_tenants(world: &mut brownout::world::World, most: u32) {
    for mut group in world.edit_groups() {
        let count = group.count().min(most);
        group.set_count(count.into()).unwrap();
    }
}

/// Writes a file and returns its path.
pub(crate) fn write(directory: &Path, name: &str, text: &str) -> PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// The built program, run in `directory`.
pub(crate) fn brownout(directory: &TempDir) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_brownout"));
    command.current_dir(directory.path());
    command
}

/// Values of a measure over all groups by replication.
pub(crate) fn values(results: &Results, scenario: usize, measure: Measure) -> Vec<f64> {
    results.scenarios[scenario].values(Scope::All, measure).into_iter().map(Option::unwrap).collect()
}

/// Sum of a measure over replications.
pub(crate) fn total(results: &Results, scenario: usize, measure: Measure) -> f64 {
    values(results, scenario, measure).iter().sum()
}

/// Servers of a curve, remediated by all routes up to the end of `day`, and all servers ever in it.
pub(crate) fn remediated_by(curve: &CurveCounts, day: usize) -> (i64, i64) {
    (curve.remediated.iter().map(|route| route[..=day].iter().sum::<i64>()).sum(), curve.total())
}

/// Every Rust file below a folder, in order.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
