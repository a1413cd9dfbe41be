//! Lives a stretch of all lives, part by part, in order.

use std::ops::Range;

use rayon::prelude::*;

use super::part::Part;
use super::runner::{CHUNK, Progress, Runner, Stopped};

/// Chunks of tenants a thread lives in one part: with the parts of large replications, work can be kept every second or so.
const CHUNKS_IN_PART: u64 = 64;
/// Most memory for the tallies of replications that are lived side by side, in bytes; every thread has one whatever it takes.
const SIDE_BY_SIDE_MAX: usize = 16 << 20;

/// Lives the indexes of a stretch on the current rayon pool and hands over their parts in order.
///
/// Large replications are cut into parts that fill the pool one by one; small ones run side by side. How the work is cut
/// depends on the number of threads, what the parts add up to does not.
///
/// # Errors
/// The first error of `keep` ends the work, and [`Stopped`] if the runner's watch ended it.
pub fn work<E: From<Stopped>>(
    runner: &Runner<'_>,
    indexes: Range<u64>,
    progress: Progress<'_>,
    keep: &mut dyn FnMut(Part) -> Result<(), E>,
) -> Result<(), E> {
    let width = runner.width();
    let side_by_side = side_by_side(runner);
    let mut index = indexes.start;
    while index < indexes.end {
        let replication = (index / width) as u32;
        let whole = ((indexes.end - index) / width).min(side_by_side);
        if index.is_multiple_of(width) && whole > 0 && !runner.is_large() {
            let numbers = replication..replication + whole as u32;
            let part =
                |number| Part { replication: number, tenants: 0..width, tallies: runner.replicate(number, progress) };
            let parts: Vec<Part> = numbers.into_par_iter().with_max_len(1).map(part).collect();
            go_on(runner)?;
            parts.into_iter().try_for_each(&mut *keep)?;
            index += whole * width;
        } else {
            let start = index % width;
            let end = width.min(start + indexes.end - index).min(start + part_size());
            let tallies = runner.live(replication, &(start..end), progress);
            go_on(runner)?;
            keep(Part { replication, tenants: start..end, tallies })?;
            index += end - start;
        }
    }
    Ok(())
}

/// Tallies that were lived while the work was stopped are not whole.
fn go_on<E: From<Stopped>>(runner: &Runner<'_>) -> Result<(), E> {
    if runner.is_stopped() { Err(Stopped.into()) } else { Ok(()) }
}

/// As [`work`], where nothing can fail. Work that is stopped ends early: there are fewer parts then.
pub fn work_surely(runner: &Runner<'_>, indexes: Range<u64>, progress: Progress<'_>, keep: &mut dyn FnMut(Part)) {
    let ended: Result<(), Stopped> = work(runner, indexes, progress, &mut |part| {
        keep(part);
        Ok(())
    });
    debug_assert!(ended.is_ok() || runner.is_stopped());
}

/// Tenants in a part of a large replication.
fn part_size() -> u64 {
    CHUNKS_IN_PART * u64::from(CHUNK) * rayon::current_num_threads() as u64
}

/// Replications lived side by side: a few for each thread, so that the last ones even out, as far as memory allows.
fn side_by_side(runner: &Runner<'_>) -> u64 {
    let threads = rayon::current_num_threads();
    let bytes: usize = runner.rules().iter().map(|rules| rules.shape().bytes()).sum();
    (4 * threads).min(SIDE_BY_SIDE_MAX / bytes.max(1)).max(threads) as u64
}
