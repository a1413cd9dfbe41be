//! How much time jobs are given: what is said of each plan is what making and living it gives, and the least is taken.

use brownout::draws::Spread;
use brownout::planner::chance::conditional::PausesAsked;
use brownout::planner::chance::outcome::{courses, live};
use brownout::planner::findings::plan;
use brownout::planner::{Basis, Project, Work, with_best_buffer};
use brownout::watch::Watch;
use rayon::prelude::*;

use super::fleets::{Size, project};

const SIZE: Size = Size { days: (30, 60), servers: (3, 6), crews: (1, 2), left: (0, 10), window_days: 2 };
const TRIED: [f64; 3] = [0.5, 0.7, 0.95];

/// A project whose work takes some days by chance, in few futures.
fn uncertain(number: u64) -> Project {
    let mut project = project(&SIZE, number);
    project
        .change(|project| {
            for server in &mut project.servers {
                server.work = Work::Days(Spread::LogNormal { median: 2.0, sigma: 0.6 });
            }
            project.risk.try_quantiles = TRIED.to_vec();
            project.risk.failure_prob = 0.1;
            (project.replications, project.search_seconds) = (60, 4);
        })
        .unwrap();
    project
}

/// The mean cost of a plan in points, from its mail and its commands as told.
fn mean(project: &Project) -> Option<f64> {
    let found = plan(project, &Watch::never()).ok()?;
    let basis = Basis::new(project);
    let schedule = &found.solution.draft.schedule;
    let runs = courses(&basis, schedule);
    let lived = live(&basis, schedule, &runs, &found.asked);
    let weights = &project.weights;
    let mail =
        weights.lost * lived.lost.mean + weights.delayed * lived.delayed.mean + weights.exposure * lived.exposed.mean;
    let pauses = |asked: &PausesAsked, done: &_| {
        let grants = asked.grants(asked.carried_out(done));
        let days: u32 = grants.iter().map(|grant| grant.days()).sum();
        weights.pause_day * f64::from(days) + project.pause_terms.command * grants.len() as f64
    };
    Some(mail + runs.iter().map(|done| pauses(&found.asked, done)).sum::<f64>() / runs.len() as f64)
}

/// Numbers 0..24. Exact but for rounding: each plan is made a second time from its project, and priced from what is told of it.
#[test]
fn what_is_said_of_each_time_is_what_its_plan_comes_to_and_the_least_is_taken() {
    let of = |number: u64| {
        let project = uncertain(number);
        let found = with_best_buffer(project.clone(), &Watch::never());
        for buffer in &found.buffers {
            let alone = project.with(|parts| {
                parts.search_seconds = 1;
                (parts.risk.plan_quantile, parts.risk.try_quantiles) = (buffer.quantile, Vec::new());
            });
            let mean = mean(&alone.unwrap()).expect("a plan that was found before");
            assert!((mean - buffer.cost.mean).abs() <= 1e-6 * mean.max(1.0), "{number}: {mean} {buffer:?}");
            assert!(buffer.cost.tail >= buffer.cost.mean - 1e-9, "{number}: {buffer:?}");
        }
        let chosen = found.buffers.iter().find(|buffer| buffer.is_chosen)?;
        assert_eq!(chosen.quantile, found.project.risk.plan_quantile, "{number}");
        assert!(found.buffers.iter().all(|other| other.cost.criterion() >= chosen.cost.criterion()), "{number}");
        let more = |buffer: &brownout::planner::chance::buffers::Buffer| buffer.cost.mean - chosen.cost.mean;
        assert!(found.buffers.iter().all(|b| (b.more.0 - more(b)).abs() <= 1e-6 * b.cost.mean.max(1.0)), "{number}");
        Some(chosen.quantile)
    };
    let chosen: Vec<f64> = (0..24).into_par_iter().filter_map(of).collect();
    assert!(chosen.len() >= 12, "only {} have a plan", chosen.len());
    let first = chosen[0];
    assert!(chosen.iter().any(|&quantile| quantile != first), "one time is the best for all: {chosen:?}");
}

#[test]
fn a_project_that_tries_nothing_stays_as_it_is() {
    let mut project = uncertain(1);
    project.change(|parts| parts.risk.try_quantiles.clear()).unwrap();
    let found = with_best_buffer(project.clone(), &Watch::never());
    assert_eq!((found.project, found.buffers), (project, Vec::new()));
}
