//! Lives the tenants of a replication under every scenario.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use rayon::prelude::*;

use super::crowd::{Crowds, InWorld};
use super::past::Pasts;
use super::recall::Recall;
use super::worker::Worker;
use crate::study::Study;
use brownout_kernel::draws::DrawSource;
use brownout_kernel::sim::{Ensemble, Known, Rules};
use brownout_kernel::tally::Tally;
use brownout_kernel::world::World;
use brownout_kernel::world::group::GroupSampler;

/// Told the number of tenants that have been lived, from any thread.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// Asked before every tenant, from any thread, whether to stop; what it has answered once it must answer ever after.
#[derive(Clone, Copy)]
struct Watch<'a>(&'a (dyn Fn() -> bool + Sync));

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

/// What is complete when the work is stopped stands.
pub use brownout_kernel::watch::Stopped;

/// What studies that differ little have in common, kept from one to the next: nothing that a study comes to depends on it.
#[derive(Debug)]
pub struct Memory {
    known: Known,
    pub(super) crowds: Crowds,
    pub(super) pasts: Pasts,
    /// Tenants that were counted without being lived, as they did what they had done before.
    pub(super) counted_again: AtomicU64,
}

impl Memory {
    /// Nothing yet, for so many threads that work out studies side by side.
    pub fn new(threads: usize) -> Self {
        Memory {
            known: Known::default(),
            crowds: Crowds::new(threads),
            pasts: Pasts::new(threads),
            counted_again: AtomicU64::new(0),
        }
    }
}

impl Memory {
    /// Tenants that were counted from an earlier study so far, without being lived.
    pub fn counted_again(&self) -> u64 {
        self.counted_again.load(Ordering::Relaxed)
    }
}

/// A study worked out and ready to run.
#[derive(Debug)]
pub struct Runner<'a> {
    watch: Option<Watch<'a>>,
    /// What is kept for other studies.
    memory: Option<&'a Memory>,
    /// Whether what tenants do is kept there, too.
    pub(super) keeps_deeds: bool,
    study: &'a Study,
    pub(super) ensemble: Ensemble<'a>,
    /// The number of each scenario's world among the distinct ones.
    pub(super) world_of: Vec<usize>,
    pub(super) roster: Vec<RosterGroup<'a>>,
}

/// A group by name, with what each world makes of it.
#[derive(Debug)]
pub(super) struct RosterGroup<'a> {
    pub(super) key: u32,
    count: u32,
    pub(super) by_world: Vec<Option<InWorld<'a>>>,
}

/// A run of tenants of one group in the roster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) group: usize,
    pub(super) from: u32,
    pub(super) to: u32,
}

/// Tenants in a chunk: enough that a thread is busy for milliseconds, few enough that the last chunks even out.
pub(super) const CHUNK: u32 = 2_048;

impl<'a> Runner<'a> {
    /// Works out all scenarios of a study.
    pub fn new(study: &'a Study) -> Self {
        Self::knowing(&Known::default(), study)
    }

    /// The same, with what other studies worked out and drew before; what this one works out and draws is kept for the next.
    pub fn remembering(memory: &'a Memory, study: &'a Study) -> Self {
        Runner { memory: Some(memory), ..Self::knowing(&memory.known, study) }
    }

    fn knowing(known: &Known, study: &'a Study) -> Self {
        let rules: Vec<_> = study
            .scenarios()
            .iter()
            .map(|scenario| Rules::knowing(known, &scenario.policy, &scenario.world, study.start(), study.horizon()))
            .collect();
        let mut worlds: Vec<&Arc<World>> = Vec::new();
        let mut world_of = Vec::new();
        for scenario in study.scenarios() {
            let known =
                worlds.iter().position(|world| Arc::ptr_eq(world, &scenario.world) || **world == scenario.world);
            world_of.push(known.unwrap_or_else(|| {
                worlds.push(&scenario.world);
                worlds.len() - 1
            }));
        }
        let ensemble = Ensemble::new(rules, &world_of);
        let roster = roster(&worlds, &|world, group| {
            let mut scenarios = (0..world_of.len()).filter(|&s| world_of[s] == world);
            scenarios.all(|scenario| ensemble.passes_by_group(scenario, group))
        });
        Runner { watch: None, memory: None, keeps_deeds: false, study, ensemble, world_of, roster }
    }

    /// The same, and [`totals_here`](Self::totals_here) keeps what every tenant does: for a study of which others are to come that differ
    /// from it in little. Whoever would surely do the same in these is counted without being lived.
    #[must_use]
    pub fn keeping_deeds(self, keeps_deeds: bool) -> Self {
        Runner { keeps_deeds, ..self }
    }

    /// The same, but the work ends as soon as `stop` says so: it is asked before every tenant, from any thread, thousands of
    /// times a second. Once it has said so it must go on to say so.
    #[must_use]
    pub fn watched(mut self, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        self.watch = Some(Watch(stop));
        self
    }

    /// Whether the work is to stop. Tallies that were lived since then are not whole.
    pub fn is_stopped(&self) -> bool {
        self.watch.is_some_and(|Watch(stop)| stop())
    }

    /// The study.
    pub fn study(&self) -> &'a Study {
        self.study
    }

    /// The scenarios worked out, in the order of the study.
    pub fn rules(&self) -> &[Rules<'a>] {
        self.ensemble.rules()
    }

    /// Scenarios that nobody in the world can tell apart and that therefore share their lives, each set in order.
    pub fn alike(&self) -> &[Vec<usize>] {
        self.ensemble.alike()
    }

    /// Tenants lived in one replication.
    pub fn tenant_count(&self) -> u64 {
        self.roster.iter().map(|group| u64::from(group.count)).sum()
    }

    /// Lives of one replication: its tenants. A replication without tenants is an empty replication; it counts as one life, so that
    /// shards and journals have a part for it.
    pub fn width(&self) -> u64 {
        self.tenant_count().max(1)
    }

    /// The chunks of a stretch of the roster.
    fn chunks(&self, tenants: &Range<u64>) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let mut before = 0;
        for (group, roster) in self.roster.iter().enumerate() {
            // Positions of the stretch within the group; both are at most its count.
            let within = |position: u64| (position.clamp(before, before + u64::from(roster.count)) - before) as u32;
            let (from, to) = (within(tenants.start), within(tenants.end));
            let begins = (from..to).step_by(CHUNK as usize);
            chunks.extend(begins.map(|from| Chunk { group, from, to: to.min(from.saturating_add(CHUNK)) }));
            before += u64::from(roster.count);
        }
        chunks
    }

    /// The tallies of one replication, one for each scenario, on the current rayon pool.
    pub fn replicate(&self, replication: u32, progress: Progress<'_>) -> Vec<Tally> {
        self.live(replication, &(0..self.width()), progress)
    }

    /// As [`replicate`](Self::replicate), on this thread alone and without daily series: for many small replications that run
    /// side by side and of which only totals are read.
    pub fn totals_here(&self, replication: u32) -> Vec<Tally> {
        let source = DrawSource::new(self.study.seed(), replication);
        let (mut tallies, chunks) = (self.ensemble.tallies_of_totals(), self.chunks(&(0..self.width())));
        match self.memory {
            Some(memory) if memory.crowds.holds(self.tenant_count()) => {
                Recall::new(self, memory, &source, &chunks).live(&chunks, &mut tallies);
            }
            _ => {
                let mut worker = Worker::new(self, &source);
                chunks.into_iter().for_each(|chunk| worker.live_chunk(chunk, &mut tallies));
                worker.finish(&mut tallies);
            }
        }
        self.ensemble.complete(tallies)
    }

    /// The tallies of some tenants of one replication, by their positions in the roster.
    ///
    /// Threads take chunks of tenants and keep a tally each; tallies are integers, so it does not matter which thread
    /// lived whom.
    pub fn live(&self, replication: u32, tenants: &Range<u64>, progress: Progress<'_>) -> Vec<Tally> {
        let source = DrawSource::new(self.study.seed(), replication);
        let chunks = self.chunks(tenants);
        let next = AtomicUsize::new(0);
        let work = |_| {
            let mut tallies = self.ensemble.tallies();
            let mut worker = Worker::new(self, &source);
            while let Some(&chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
                worker.live_chunk(chunk, &mut tallies);
                progress(u64::from(chunk.to - chunk.from));
            }
            worker.finish(&mut tallies);
            tallies
        };
        let threads = rayon::current_num_threads().min(chunks.len()).max(1);
        let parts: Vec<_> = (0..threads).into_par_iter().with_max_len(1).map(work).collect();
        let tallies = parts.into_iter().reduce(merge_all).unwrap_or_else(|| self.ensemble.tallies());
        self.ensemble.complete(tallies)
    }

    /// Whether a replication is large enough to keep all threads busy by itself.
    pub fn is_large(&self) -> bool {
        self.chunks(&(0..self.width())).len() >= 4 * rayon::current_num_threads()
    }
}

fn merge_all(mut into: Vec<Tally>, from: Vec<Tally>) -> Vec<Tally> {
    for (a, b) in into.iter_mut().zip(&from) {
        a.merge(b);
    }
    into
}

/// Every group name of any world, with the greatest number of tenants any world gives it.
///
/// - `stands_by`: whether nothing can happen to a group of a world, both by their indices.
fn roster<'a>(worlds: &[&'a Arc<World>], stands_by: &dyn Fn(usize, usize) -> bool) -> Vec<RosterGroup<'a>> {
    let mut roster: Vec<RosterGroup<'a>> = Vec::new();
    for (w, world) in worlds.iter().enumerate() {
        for (index, group) in world.groups().iter().enumerate() {
            let known = roster.iter().position(|entry| entry.key == group.key()).unwrap_or_else(|| {
                roster.push(RosterGroup {
                    key: group.key(),
                    count: 0,
                    by_world: worlds.iter().map(|_| None).collect(),
                });
                roster.len() - 1
            });
            roster[known].count = roster[known].count.max(group.count());
            let (sampler, count, stands_by) = (GroupSampler::new(group, index), group.count(), stands_by(w, index));
            roster[known].by_world[w] = Some(InWorld { sampler, count, stands_by });
        }
    }
    roster
}
