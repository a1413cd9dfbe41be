//! Lives the tenants of a replication under every scenario.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::study::Study;
use brownout_kernel::draws::{BATCH, DrawSource, TenantDraws, TenantId};
use brownout_kernel::sim::{Ensemble, EnsembleLife, Known, Rules};
use brownout_kernel::tally::Tally;
use brownout_kernel::world::group::{GroupSampler, make_bystander, prepare_tenants};
use brownout_kernel::world::{Tenant, World, make_tenant};

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

/// A study worked out and ready to run.
#[derive(Debug)]
pub struct Runner<'a> {
    watch: Option<Watch<'a>>,
    study: &'a Study,
    ensemble: Ensemble<'a>,
    worlds: Vec<&'a Arc<World>>,
    /// Place of each scenario's world in `worlds`.
    world_of: Vec<usize>,
    roster: Vec<RosterGroup<'a>>,
}

/// A group by name, with what each world makes of it.
#[derive(Debug)]
struct RosterGroup<'a> {
    key: u32,
    count: u32,
    by_world: Vec<Option<InWorld<'a>>>,
}

/// What a world makes of a group of the roster.
#[derive(Debug)]
struct InWorld<'a> {
    sampler: GroupSampler<'a>,
    count: u32,
    /// Whether nothing can happen to the group's tenants under any scenario of the world.
    stands_by: bool,
}

/// A run of tenants of one group in the roster.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    group: usize,
    from: u32,
    to: u32,
}

/// Tenants in a chunk: enough that a thread is busy for milliseconds, few enough that the last chunks even out.
pub(super) const CHUNK: u32 = 2_048;

impl<'a> Runner<'a> {
    /// Works out all scenarios of a study.
    pub fn new(study: &'a Study) -> Self {
        Self::knowing(&Known::default(), study)
    }

    /// The same, with what other studies worked out before; what this one works out is kept for the next.
    pub fn knowing(known: &Known, study: &'a Study) -> Self {
        let rules: Vec<_> = study
            .scenarios
            .iter()
            .map(|scenario| Rules::knowing(known, &scenario.policy, &scenario.world, study.start(), study.horizon()))
            .collect();
        let mut worlds: Vec<&Arc<World>> = Vec::new();
        let mut world_of = Vec::new();
        for scenario in &study.scenarios {
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
        Runner { watch: None, study, ensemble, worlds, world_of, roster }
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
        let source = DrawSource::new(self.study.seed, replication);
        let (mut tallies, mut worker) = (self.ensemble.tallies_of_totals(), Worker::new(self, &source));
        self.chunks(&(0..self.width())).into_iter().for_each(|chunk| worker.live_chunk(chunk, &mut tallies));
        worker.life.finish(&mut tallies);
        self.ensemble.complete(tallies)
    }

    /// The tallies of some tenants of one replication, by their positions in the roster.
    ///
    /// Threads take chunks of tenants and keep a tally each; tallies are integers, so it does not matter which thread
    /// lived whom.
    pub fn live(&self, replication: u32, tenants: &Range<u64>, progress: Progress<'_>) -> Vec<Tally> {
        let source = DrawSource::new(self.study.seed, replication);
        let chunks = self.chunks(tenants);
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = |_| {
            let mut tallies = self.ensemble.tallies();
            let mut worker = Worker::new(self, &source);
            while let Some(&chunk) = chunks.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                worker.live_chunk(chunk, &mut tallies);
                progress(u64::from(chunk.to - chunk.from));
            }
            worker.life.finish(&mut tallies);
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
/// - `stands_by`: whether nothing can happen to a group of a world, both by their places.
fn roster<'a>(worlds: &[&'a Arc<World>], stands_by: &dyn Fn(usize, usize) -> bool) -> Vec<RosterGroup<'a>> {
    let mut roster: Vec<RosterGroup<'a>> = Vec::new();
    for (w, world) in worlds.iter().enumerate() {
        for (place, group) in world.groups().iter().enumerate() {
            let known = roster.iter().position(|entry| entry.key == group.key()).unwrap_or_else(|| {
                roster.push(RosterGroup {
                    key: group.key(),
                    count: 0,
                    by_world: worlds.iter().map(|_| None).collect(),
                });
                roster.len() - 1
            });
            roster[known].count = roster[known].count.max(group.count());
            let (sampler, count, stands_by) = (GroupSampler::new(group, place), group.count(), stands_by(w, place));
            roster[known].by_world[w] = Some(InWorld { sampler, count, stands_by });
        }
    }
    roster
}

/// One thread's memory, used again from tenant to tenant.
struct Worker<'r, 'a> {
    runner: &'r Runner<'a>,
    draws: TenantDraws,
    /// The tenant at hand as each world makes it; none where it is in another world only.
    tenants: Vec<Tenant>,
    present: Vec<bool>,
    life: EnsembleLife<'r, 'a>,
}

impl<'r, 'a> Worker<'r, 'a> {
    fn new(runner: &'r Runner<'a>, source: &DrawSource) -> Self {
        let tenants = vec![Tenant::default(); runner.worlds.len()];
        let present = vec![false; runner.worlds.len()];
        let draws = source.tenant(TenantId::new(0, 0));
        Worker { runner, draws, tenants, present, life: EnsembleLife::new(&runner.ensemble) }
    }

    fn live_chunk(&mut self, chunk: Chunk, tallies: &mut [Tally]) {
        for first in (chunk.from..chunk.to).step_by(BATCH) {
            let batch = first..chunk.to.min(first + BATCH as u32);
            if let Some(group) = self.runner.roster[chunk.group].by_world.iter().flatten().next() {
                prepare_tenants(&group.sampler, batch.clone(), &mut self.draws);
            }
            for number in batch {
                if self.runner.is_stopped() {
                    return;
                }
                self.live_tenant(chunk.group, number, tallies);
            }
        }
        self.life.settle(tallies);
    }

    /// Makes a tenant once for each distinct world and lives it under every scenario.
    fn live_tenant(&mut self, group: usize, number: u32, tallies: &mut [Tally]) {
        let roster = &self.runner.roster[group];
        self.draws.turn_to(TenantId::new(roster.key, number));
        for (world, entry) in roster.by_world.iter().enumerate() {
            let in_world = entry.as_ref().filter(|group| number < group.count);
            self.present[world] = in_world.is_some();
            if let Some(group) = in_world {
                let make = if group.stands_by { make_bystander } else { make_tenant };
                make(&group.sampler, number, &mut self.draws, &mut self.tenants[world]);
            }
        }
        let (tenants, present, world_of) = (&self.tenants, &self.present, &self.runner.world_of);
        let tenant = |scenario: usize| {
            let world = world_of[scenario];
            present[world].then(|| &tenants[world])
        };
        self.life.live(&tenant, &mut self.draws, tallies);
    }
}
