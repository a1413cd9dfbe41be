//! Lives points, side by side on the current rayon pool; rows are handed over in order.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{Point, Question, Row, Table, Template};
use crate::experiment::{Measure, Runner};
use crate::explore::thin::{scaled, thinned};
use crate::study::Study;

/// Told the lives that have just been lived, from any thread; answers whether to go on.
///
/// It is asked after every replication of a point, and once a point is made.
pub type Ask<'a> = &'a (dyn Fn(u64) -> ControlFlow<()> + Sync);

/// How living ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All rows that were asked for are known.
    Complete,
    /// It was stopped; what is known stays, and the rest can be lived later.
    Stopped,
}

/// Points that are lived side by side before their rows are handed over, for each thread.
const SIDE_BY_SIDE: usize = 16;

/// Lives the points that are `wanted`, in batches, and hands their rows over in order.
///
/// How the work is cut depends on the number of threads, what a row holds does not. A row is handed over once, whole.
///
/// # Errors
/// The first error of `keep` ends the work.
pub fn live<E>(
    table: &mut Table,
    template: &impl Template,
    question: &Question,
    wanted: &[usize],
    ask: Ask<'_>,
    keep: &mut dyn FnMut(&Row) -> Result<(), E>,
) -> Result<Ended, E> {
    let stopped = AtomicBool::new(false);
    for batch in wanted.chunks(SIDE_BY_SIDE * rayon::current_num_threads()) {
        let points = &table.points;
        let row = |&point: &usize| -> Option<Row> {
            let outcome = measured(template, &points[point], question, ask, &stopped)?;
            Some(Row { point, outcome })
        };
        let rows: Vec<Option<Row>> = batch.par_iter().with_max_len(1).map(row).collect();
        for row in rows.into_iter().flatten() {
            keep(&row)?;
            let place = row.point;
            table.rows[place] = Some(row);
        }
        if stopped.load(Ordering::Relaxed) {
            return Ok(Ended::Stopped);
        }
    }
    Ok(Ended::Complete)
}

type Outcome = Result<Vec<Vec<Vec<Option<f64>>>>, String>;

/// What a point comes to; `None` if it was stopped before it was whole.
fn measured(
    template: &impl Template,
    point: &Point,
    question: &Question,
    ask: Ask<'_>,
    stopped: &AtomicBool,
) -> Option<Outcome> {
    let going = |lives: u64| {
        if ask(lives).is_break() {
            stopped.store(true, Ordering::Relaxed);
        }
        !stopped.load(Ordering::Relaxed)
    };
    if !going(0) {
        return None;
    }
    let replications = match block(point.block, question.replications) {
        Ok(replications) => replications,
        Err(why) => return Some(Err(why)),
    };
    let (study, weights) = match template.study_at(&point.values) {
        Ok(study) => few(study, question.tenants),
        Err(why) => return Some(Err(why)),
    };
    let runner = Runner::new(&study);
    let mut outcome: Vec<Vec<Vec<Option<f64>>>> = vec![Vec::new(); study.scenarios.len()];
    for replication in replications {
        let tallies = runner.replicate(replication, &|_| {});
        for (scenario, (rules, tally)) in runner.rules().iter().zip(&tallies).enumerate() {
            let all = scaled(rules, tally, &weights[scenario]);
            outcome[scenario].push(question.measures.iter().map(|&measure| all[place(measure)]).collect());
        }
        if !going(runner.tenant_count() * study.scenarios.len() as u64) {
            return None;
        }
    }
    Some(Ok(outcome))
}

/// The replications of a block.
fn block(block: u64, replications: u32) -> Result<std::ops::Range<u32>, String> {
    let first = block.checked_mul(u64::from(replications)).and_then(|first| u32::try_from(first).ok());
    let range = first.and_then(|first| Some(first..first.checked_add(replications)?));
    range.ok_or_else(|| {
        format!("block {block} of {replications} replications lies beyond the last replication, 2^32 - 1")
    })
}

/// The study with fewer tenants, and the weights of the groups of each scenario.
fn few(mut study: Study, tenants: Option<u64>) -> (Study, Vec<Vec<f64>>) {
    let tenants = tenants.unwrap_or(u64::MAX);
    let mut weights = Vec::new();
    // Scenarios that share a world go on sharing it.
    let mut done: Vec<(Arc<crate::world::World>, Arc<crate::world::World>, Vec<f64>)> = Vec::new();
    for scenario in &mut study.scenarios {
        let known = done.iter().position(|(whole, ..)| Arc::ptr_eq(whole, &scenario.world));
        let place = known.unwrap_or_else(|| {
            let (world, weights) = thinned(&scenario.world, tenants);
            done.push((scenario.world.clone(), Arc::new(world), weights));
            done.len() - 1
        });
        scenario.world = done[place].1.clone();
        weights.push(done[place].2.clone());
    }
    (study, weights)
}

/// Where a measure stands among all.
fn place(measure: Measure) -> usize {
    Measure::ALL.iter().position(|&other| other == measure).unwrap_or_else(|| unreachable!("all measures are listed"))
}
