//! Lives points, side by side on the current rayon pool; rows are handed over in order.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{Outcome, Point, PointQuestion, PointRow, PointTable, Template, bits};
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

/// Points after which rows are handed over, for each thread.
const SIDE_BY_SIDE: usize = 192;

/// Points that follow each other on one thread, at most: enough for all of a base row that differ in one value from the first.
const IN_A_ROW: usize = 32;

/// Lives the points that are `wanted`, in batches, and hands their rows over in order.
///
/// How the work is cut depends on the number of threads, what a row holds does not. A row is handed over once, whole.
///
/// # Errors
/// The first error of `keep` ends the work.
pub fn live<E>(
    table: &mut PointTable,
    template: &(impl Template + ?Sized),
    question: &PointQuestion,
    wanted: &[usize],
    ask: Ask<'_>,
    keep: &mut dyn FnMut(&PointRow) -> Result<(), E>,
) -> Result<Ended, E> {
    let threads = rayon::current_num_threads();
    let (stopped, memory) = (AtomicBool::new(false), Memory::new(threads));
    let stretches = stretches(&table.points, wanted, threads);
    let mut ahead = stretches.as_slice();
    while !ahead.is_empty() {
        let (batch, rest) = ahead.split_at(first_of(ahead, SIDE_BY_SIDE * threads));
        ahead = rest;
        let points = &table.points;
        let rows =
            |stretch: &&[usize]| one_after_the_other(template, points, stretch, question, (ask, &stopped), &memory);
        let rows: Vec<Vec<Option<PointRow>>> = batch.par_iter().with_max_len(1).map(rows).collect();
        // Nothing is handed over behind a gap: the next who goes on tells by the number of rows where that is.
        for row in rows.into_iter().flatten().map_while(|row| row) {
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

/// The points that are `wanted`, in stretches of one block that are lived in order by one thread each: tenants have the same draws at all
/// of them, so that much of what they do is known from the point before. There are some for every thread.
fn stretches<'w>(points: &[Point], wanted: &'w [usize], threads: usize) -> Vec<&'w [usize]> {
    let most = wanted.len().div_ceil(4 * threads).clamp(1, IN_A_ROW);
    let blocks = wanted.chunk_by(|&a, &b| points[a].block == points[b].block);
    blocks.flat_map(|block| block.chunks(most)).collect()
}

/// How many of the stretches there are before so many points are passed.
fn first_of(stretches: &[&[usize]], points: usize) -> usize {
    let begins = stretches.iter().scan(0, |all, stretch| {
        let begin = *all;
        *all += stretch.len();
        Some(begin)
    });
    begins.take_while(|&begin| begin < points).count()
}

/// The rows of some points; `None` from where it was stopped.
fn one_after_the_other(
    template: &(impl Template + ?Sized),
    points: &[Point],
    stretch: &[usize],
    question: &PointQuestion,
    asked: (Ask<'_>, &AtomicBool),
    memory: &Memory,
) -> Vec<Option<PointRow>> {
    let mut known = None;
    let row = |(at, &point): (usize, &usize)| -> Option<PointRow> {
        let next = stretch.get(at + 1).map(|&next| &points[next]);
        let keeps_deeds = next.is_some_and(|next| is_nearer(&points[point], next, known));
        if keeps_deeds {
            known = Some(&points[point]);
        }
        let outcome = measured(template, &points[point], question, asked, (memory, keeps_deeds))?;
        Some(PointRow { point, outcome })
    };
    stretch.iter().enumerate().map(row).collect()
}

/// Whether the `next` point is nearer to this one than to the one of which it is known what tenants do: in most values it equals this
/// one, and in more of them.
fn is_nearer(point: &Point, next: &Point, known: Option<&Point>) -> bool {
    let differing = |a: &Point| a.values.iter().zip(&next.values).filter(|(a, b)| bits(a) != bits(b)).count();
    let here = differing(point);
    2 * here <= next.values.len() && known.is_none_or(|known| here < differing(known))
}

/// What a point comes to; `None` if it was stopped before it was whole.
fn measured(
    template: &(impl Template + ?Sized),
    point: &Point,
    question: &PointQuestion,
    (ask, stopped): (Ask<'_>, &AtomicBool),
    (memory, keeps_deeds): (&Memory, bool),
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
    let runner = Runner::remembering(memory, &study).keeping_deeds(keeps_deeds).watched(&stop);
    let mut outcome: Vec<Vec<Vec<Option<f64>>>> = vec![Vec::new(); study.scenarios().len()];
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
        if !going(runner.tenant_count() * study.scenarios().len() as u64) {
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
    for world in study.scenarios_mut().worlds_mut() {
        let known = done.iter().position(|(whole, ..)| Arc::ptr_eq(whole, world));
        let index = known.unwrap_or_else(|| {
            let (few, weights) = thinned(world, tenants);
            done.push((world.clone(), Arc::new(few), weights));
            done.len() - 1
        });
        *world = done[index].1.clone();
        weights.push(done[index].2.clone());
    }
    (study, weights)
}
