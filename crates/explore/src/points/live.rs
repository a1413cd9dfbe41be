//! Lives points, side by side on the current rayon pool; rows are handed over in order.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{Outcome, Point, PointRow, Question, Table, Template};
use crate::thin::{scaled, thinned};
use brownout_experiment::study::Study;
use brownout_experiment::{Memory, Runner};

/// Told the lives that have just been lived, from any thread; answers whether to go on.
///
/// It is told after every replication of a point; with no new lives it is asked before every tenant, so that a point of any size
/// ends within a fraction of a millisecond.
pub type Ask<'a> = &'a (dyn Fn(u64) -> ControlFlow<()> + Sync);

/// How living ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All rows that were asked for are known.
    Complete,
    /// It was stopped; what is known stays, and the rest can be lived later.
    Stopped,
}

/// Tenants above which a point is lived by all threads, so that a few large points keep them busy too.
const LARGE: u64 = 20_000;

/// Points that are lived side by side before their rows are handed over, for each thread.
const SIDE_BY_SIDE: usize = 64;

/// Lives the points that are `wanted`, in batches, and hands their rows over in order.
///
/// How the work is cut depends on the number of threads, what a row holds does not. A row is handed over once, whole.
///
/// # Errors
/// The first error of `keep` ends the work.
pub fn live<E>(
    table: &mut Table,
    template: &(impl Template + ?Sized),
    question: &Question,
    wanted: &[usize],
    ask: Ask<'_>,
    keep: &mut dyn FnMut(&PointRow) -> Result<(), E>,
) -> Result<Ended, E> {
    let (stopped, memory) = (AtomicBool::new(false), Memory::new(rayon::current_num_threads()));
    for batch in wanted.chunks(SIDE_BY_SIDE * rayon::current_num_threads()) {
        let points = &table.points;
        let row = |&point: &usize| -> Option<PointRow> {
            let outcome = measured(template, &points[point], question, (ask, &stopped), &memory)?;
            Some(PointRow { point, outcome })
        };
        let rows: Vec<Option<PointRow>> = batch.par_iter().with_max_len(1).map(row).collect();
        // Nothing is handed over behind a gap: the next who goes on tells by the number of rows where that is.
        for row in rows.into_iter().map_while(|row| row) {
            keep(&row)?;
            let index = row.point;
            table.rows[index] = Some(row);
        }
        if stopped.load(Ordering::Relaxed) {
            return Ok(Ended::Stopped);
        }
    }
    Ok(Ended::Complete)
}

/// What a point comes to; `None` if it was stopped before it was whole.
fn measured(
    template: &(impl Template + ?Sized),
    point: &Point,
    question: &Question,
    (ask, stopped): (Ask<'_>, &AtomicBool),
    memory: &Memory,
) -> Option<Outcome> {
    let going = |lives: u64| {
        if ask(lives).is_break() {
            stopped.store(true, Ordering::Relaxed);
        }
        !stopped.load(Ordering::Relaxed)
    };
    let stop = || !going(0);
    if stop() {
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
    let runner = Runner::remembering(memory, &study).watched(&stop);
    let mut outcome: Vec<Vec<Vec<Option<f64>>>> = vec![Vec::new(); study.scenarios.len()];
    for replication in replications {
        // Points run side by side; only one that is large has its tenants lived by all threads.
        let tallies = match runner.tenant_count() > LARGE {
            true => runner.replicate(replication, &|_| {}),
            false => runner.totals_here(replication),
        };
        if runner.is_stopped() {
            return None;
        }
        for (scenario, (rules, tally)) in runner.rules().iter().zip(&tallies).enumerate() {
            outcome[scenario].push(scaled(rules, tally, &weights[scenario], &question.measures));
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
    let mut done: Vec<(Arc<brownout_kernel::world::World>, Arc<brownout_kernel::world::World>, Vec<f64>)> = Vec::new();
    for scenario in &mut study.scenarios {
        let known = done.iter().position(|(whole, ..)| Arc::ptr_eq(whole, &scenario.world));
        let index = known.unwrap_or_else(|| {
            let (world, weights) = thinned(&scenario.world, tenants);
            done.push((scenario.world.clone(), Arc::new(world), weights));
            done.len() - 1
        });
        scenario.world = done[index].1.clone();
        weights.push(done[index].2.clone());
    }
    (study, weights)
}
