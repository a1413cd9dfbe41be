//! How long work goes on before it asks whether to stop: `cargo bench --bench stops`.
//!
//! Work is done on one thread, and the longest time between two questions is told, the time to the first and from the last one
//! included. The least of several rounds counts, as a busy machine only makes gaps longer.

#![allow(clippy::disallowed_macros, reason = "a benchmark prints what it measured")]

mod support;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use brownout::experiment::{Results, Run, Runner};
use brownout::planner::plan;
use brownout::planner::tenants::plan_together;
use brownout::reading::load::Reading;
use brownout::reading::plan::{Overrides, compose, compose_all};
use brownout::watch::Watch;

const ROUNDS: usize = 3;

/// The longest gap so far and the last question.
struct Gaps(Mutex<(Duration, Instant)>);

impl Gaps {
    fn new() -> Self {
        Gaps(Mutex::new((Duration::ZERO, Instant::now())))
    }

    /// Somebody asks.
    fn ask(&self) -> Duration {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        *state = (state.0.max(now - state.1), now);
        state.0
    }
}

/// Prints the longest gap of the calmest round, in milliseconds.
fn report(name: &str, round: impl Fn(&Arc<Gaps>)) {
    let gap = |_| {
        let gaps = Arc::new(Gaps::new());
        round(&gaps);
        gaps.ask()
    };
    let least = (0..ROUNDS).map(gap).min().unwrap_or_default();
    println!("{name:32} asks at least every {:7.2} ms", least.as_secs_f64() * 1e3);
}

fn plans(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/plans/{name}.ron"));
    let mut reading = Reading::begin(&path).unwrap_or_else(|_| panic!("the plan is shipped"));
    let file = reading.file();
    let (project, _) = compose(name, &file, &mut |relative| reading.read(relative), &Overrides::default());
    let project = project.unwrap_or_else(|| panic!("the plan is shipped"));
    report(&format!("plan {name}"), |gaps| {
        let _ = plan(&project, &asking(gaps));
    });
}

/// A plan of several tenants.
fn plans_together(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/plans/{name}.ron"));
    let mut reading = Reading::begin(&path).unwrap_or_else(|_| panic!("the plan is shipped"));
    let file = reading.file();
    let (projects, _) = compose_all(name, &file, &mut |relative| reading.read(relative), &Overrides::default());
    let projects = projects.unwrap_or_else(|| panic!("the plan is shipped"));
    report(&format!("plan {name}"), |gaps| {
        let _ = plan_together(&projects, &asking(gaps));
    });
}

/// A watch that notes when it is asked, and lets work go on.
fn asking(gaps: &Arc<Gaps>) -> Watch {
    let gaps = Arc::clone(gaps);
    Watch::new(move |_| {
        gaps.ask();
        ControlFlow::Continue(())
    })
}

/// The figures of exchange-2026.
fn figures() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/exchange-2026.ron");
    let study = brownout::reading::load::load(&path).unwrap_or_else(|_| panic!("the study is shipped")).study;
    let results = Results::run(&Runner::new(&study), 2, &|_| {});
    for named in brownout::telling::figures::all(Run { study: &study, results: &results }, "", &Watch::never())
        .unwrap_or_default()
    {
        report(&format!("figure {}", named.name), |gaps| {
            let _ = brownout::chart::png_watched(&named.figure, &[], &asking(gaps));
        });
    }
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|error| panic!("{error}"));
    pool.install(|| {
        for name in ["quickstart", "exchange-2026"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.ron"));
            let loaded = brownout::reading::load::load(&path).unwrap_or_else(|_| panic!("the study is shipped"));
            report(&format!("run {name}, one replication"), |gaps| {
                let ask = || {
                    gaps.ask();
                    false
                };
                Runner::new(&loaded.study).watched(&ask).replicate(0, &|_| {});
            });
        }
        for name in ["school-district", "hospital", "city"] {
            plans(name);
        }
        plans_together("provider");
        figures();
    });
}
