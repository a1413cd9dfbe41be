//! Lives the tenants of a replication under every scenario.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::draws::{DrawSource, TenantDraws, TenantId};
use crate::mail::MailAmount;
use crate::sim::{Life, Rules, TallyObserver};
use crate::study::Study;
use crate::tally::Tally;
use crate::time::SimTime;
use crate::world::group::GroupSampler;
use crate::world::{Tenant, World, make_tenant};

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

/// The work was stopped before it was done; what is complete stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// A study worked out and ready to run.
#[derive(Debug)]
pub struct Runner<'a> {
    watch: Option<Watch<'a>>,
    study: &'a Study,
    rules: Vec<Rules<'a>>,
    worlds: Vec<&'a Arc<World>>,
    /// Place of each scenario's world in `worlds`.
    world_of: Vec<usize>,
    /// Scenarios whose tenants live the same lives, each set in the order of the study: lived once, counted for all.
    alike: Vec<Vec<usize>>,
    roster: Vec<RosterGroup<'a>>,
}

/// A group by name, with what each world makes of it.
#[derive(Debug)]
struct RosterGroup<'a> {
    key: u32,
    count: u32,
    by_world: Vec<Option<(GroupSampler<'a>, u32)>>,
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
        let mut rules: Vec<_> = study
            .scenarios
            .iter()
            .map(|scenario| Rules::new(&scenario.policy, &scenario.world, study.start, study.horizon))
            .collect();
        let mut worlds: Vec<&Arc<World>> = Vec::new();
        let mut world_of = Vec::new();
        for scenario in &study.scenarios {
            let known = worlds.iter().position(|world| world.as_ref() == scenario.world.as_ref());
            world_of.push(known.unwrap_or_else(|| {
                worlds.push(&scenario.world);
                worlds.len() - 1
            }));
        }
        let roster = roster(&worlds);
        let alike = alike(&rules, &world_of);
        for scenarios in &alike {
            let (to_live, others) = rules.split_at_mut(scenarios[0] + 1);
            let others: Vec<_> = scenarios[1..].iter().map(|&s| &others[s - scenarios[0] - 1]).collect();
            to_live[scenarios[0]].also_lose_under(&others);
        }
        Runner { watch: None, study, rules, worlds, world_of, alike, roster }
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
        &self.rules
    }

    /// Tenants lived in one replication.
    pub fn tenant_count(&self) -> u64 {
        self.roster.iter().map(|group| u64::from(group.count)).sum()
    }

    /// Lives of one replication: its tenants, and one that nobody lives where there are none, so that the replication counts.
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

    fn empty(&self) -> Vec<Tally> {
        self.rules.iter().map(|rules| Tally::new(rules.shape())).collect()
    }

    /// The tallies of one replication, one for each scenario, on the current rayon pool.
    pub fn replicate(&self, replication: u32, progress: Progress<'_>) -> Vec<Tally> {
        self.live(replication, &(0..self.width()), progress)
    }

    /// As [`replicate`](Self::replicate), on this thread alone and without daily series: for many small replications that run
    /// side by side and of which only totals are read.
    pub fn totals_here(&self, replication: u32) -> Vec<Tally> {
        let source = DrawSource::new(self.study.seed, replication);
        let mut tallies: Vec<_> = self.rules.iter().map(|rules| Tally::of_totals(rules.shape())).collect();
        let mut worker = Worker::new(self, &source);
        self.chunks(&(0..self.width())).into_iter().for_each(|chunk| worker.live_chunk(chunk, &mut tallies));
        self.shared(tallies)
    }

    /// The tallies with those that nobody lived, as others share their lives.
    fn shared(&self, mut tallies: Vec<Tally>) -> Vec<Tally> {
        for scenarios in &self.alike {
            for &s in &scenarios[1..] {
                let (lived, rest) = tallies.split_at_mut(s);
                rest[0].share_lives_of(&lived[scenarios[0]]);
            }
        }
        tallies
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
            let mut tallies = self.empty();
            let mut worker = Worker::new(self, &source);
            while let Some(&chunk) = chunks.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                worker.live_chunk(chunk, &mut tallies);
                progress(u64::from(chunk.to - chunk.from));
            }
            tallies
        };
        let threads = rayon::current_num_threads().min(chunks.len()).max(1);
        let parts: Vec<_> = (0..threads).into_par_iter().with_max_len(1).map(work).collect();
        self.shared(parts.into_iter().reduce(merge_all).unwrap_or_else(|| self.empty()))
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

/// The scenarios that share their lives, each set in order; the first of a set is lived.
fn alike(rules: &[Rules<'_>], world_of: &[usize]) -> Vec<Vec<usize>> {
    let mut alike: Vec<Vec<usize>> = Vec::new();
    for s in 0..rules.len() {
        let shares =
            |known: &&mut Vec<usize>| world_of[known[0]] == world_of[s] && rules[known[0]].shares_lives_with(&rules[s]);
        match alike.iter_mut().find(shares) {
            Some(known) => known.push(s),
            None => alike.push(vec![s]),
        }
    }
    alike
}

/// Every group name of any world, with the greatest number of tenants any world gives it.
fn roster<'a>(worlds: &[&'a Arc<World>]) -> Vec<RosterGroup<'a>> {
    let mut roster: Vec<RosterGroup<'a>> = Vec::new();
    for (w, world) in worlds.iter().enumerate() {
        for (place, group) in world.groups.iter().enumerate() {
            let known = roster.iter().position(|entry| entry.key == group.key).unwrap_or_else(|| {
                roster.push(RosterGroup { key: group.key, count: 0, by_world: vec![None; worlds.len()] });
                roster.len() - 1
            });
            roster[known].count = roster[known].count.max(group.count);
            roster[known].by_world[w] = Some((GroupSampler::new(group, place), group.count));
        }
    }
    roster
}

/// One thread's memory, used again from tenant to tenant.
struct Worker<'r, 'a> {
    runner: &'r Runner<'a>,
    draws: TenantDraws,
    tenants: Vec<Tenant>,
    life: Life,
    baseline: Vec<SimTime>,
}

impl<'r, 'a> Worker<'r, 'a> {
    fn new(runner: &'r Runner<'a>, source: &DrawSource) -> Self {
        let tenants = vec![Tenant::default(); runner.worlds.len()];
        let draws = source.tenant(TenantId::new(0, 0));
        Worker { runner, draws, tenants, life: Life::default(), baseline: Vec::new() }
    }

    fn live_chunk(&mut self, chunk: Chunk, tallies: &mut [Tally]) {
        for number in chunk.from..chunk.to {
            if self.runner.is_stopped() {
                return;
            }
            self.live_tenant(chunk.group, number, tallies);
        }
    }

    /// Makes a tenant once for each distinct world and lives it under every scenario.
    fn live_tenant(&mut self, group: usize, number: u32, tallies: &mut [Tally]) {
        let roster = &self.runner.roster[group];
        self.draws.turn_to(TenantId::new(roster.key, number));
        for (tenant, entry) in self.tenants.iter_mut().zip(&roster.by_world) {
            if let Some((sampler, _)) = entry.as_ref().filter(|(_, count)| number < *count) {
                make_tenant(sampler, number, &mut self.draws, tenant);
            }
        }
        let mut baseline_lost: Option<MailAmount> = None;
        for scenarios in &self.runner.alike {
            let lived = scenarios[0];
            let world = self.runner.world_of[lived];
            if roster.by_world[world].as_ref().is_none_or(|(_, count)| number >= *count) {
                continue;
            }
            let rules = &self.runner.rules[lived];
            let (tenant, life) = (&self.tenants[world], &mut self.life);
            let mut observer = TallyObserver::new(&mut tallies[lived], rules, tenant.group);
            life.live(rules, tenant, &mut self.draws, &mut observer);
            for (&s, &lost) in scenarios.iter().zip(life.lost_under_all()) {
                let entry = &mut tallies[s].groups[tenant.group];
                entry.count_tenant(lost, tenant.servers.len());
                if s == 0 {
                    baseline_lost = Some(lost);
                    self.baseline.clear();
                    self.baseline.extend(life.remediations());
                } else if let Some(baseline) = baseline_lost.filter(|_| self.baseline.len() == tenant.servers.len()) {
                    entry.fate.compare_tenant(lost, baseline);
                    for (here, &there) in life.remediations().zip(&self.baseline) {
                        entry.fate.compare_server(here, there, rules.horizon);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::study::load::load;

    fn exchange() -> Study {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/exchange-2026.ron");
        let mut study = load(&path).unwrap_or_else(|error| panic!("{:?}", error.problems)).study;
        for scenario in &mut study.scenarios {
            for group in &mut Arc::make_mut(&mut scenario.world).groups {
                group.count = group.count.min(400);
            }
        }
        study
    }

    #[test]
    fn scenarios_that_nobody_in_the_world_can_tell_apart_share_their_lives() {
        // "announced", "throttle kept" and "adjacent": throttling beside a block and the layout move no decision.
        assert_eq!(Runner::new(&exchange()).alike, [vec![0, 5, 6], vec![1], vec![2], vec![3], vec![4]]);
    }

    #[test]
    fn totals_lived_on_one_thread_are_those_of_the_whole_tally() {
        let study = exchange();
        let runner = Runner::new(&study);
        let (whole, totals) = (runner.replicate(3, &|_| {}), runner.totals_here(3));
        for (mut whole, totals) in whole.into_iter().zip(totals) {
            whole.series.clear();
            assert_eq!(whole, totals);
        }
    }

    #[test]
    fn scenarios_that_share_lives_count_what_they_count_alone() {
        let study = exchange();
        let together = Runner::new(&study).replicate(3, &|_| {});
        for (s, tally) in together.iter().enumerate() {
            let alone = Study { scenarios: vec![study.scenarios[s].clone()], ..study.clone() };
            let mut expected = Runner::new(&alone).replicate(3, &|_| {}).remove(0);
            // What compares with the baseline scenario is missing where that is not lived.
            for (alone, together) in expected.groups.iter_mut().zip(&tally.groups) {
                alone.fate = together.fate.clone();
            }
            assert_eq!(*tally, expected, "{}", study.scenarios[s].name);
        }
        assert_ne!(together[0].groups, together[6].groups, "the layout moves what is lost");
        let same = |tally: &Tally| tally.groups.iter().map(|group| group.fate.servers[1]).sum::<i64>();
        let servers: i64 = together[0].groups.iter().map(|group| group.servers).sum();
        assert_eq!([5, 6].map(|s: usize| same(&together[s])), [servers; 2]);
    }
}
