//! One thread that lives the tenants of a replication, chunk by chunk.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::crowd::{Batch, Crowd, CrowdKey, batches_of};
use super::past::Past;
use super::runner::{Chunk, Memory, RosterGroup, Runner};
use brownout_kernel::draws::{DrawSource, Prepared, TenantDraws, TenantId};
use brownout_kernel::sim::{Changes, Circumstances, Deeds, EnsembleLife};
use brownout_kernel::tally::Tally;
use brownout_kernel::world::Tenant;

/// One thread's memory, used again from tenant to tenant.
pub(super) struct Worker<'r, 'a> {
    runner: &'r Runner<'a>,
    source: DrawSource,
    draws: TenantDraws,
    batch: Batch,
    life: EnsembleLife<'r, 'a>,
    /// Those of this study, if its deeds are kept.
    circumstances: Option<Arc<Circumstances>>,
    /// What this study changed since a study whose deeds were asked for: nothing may be known of them.
    changes: Option<(Arc<Circumstances>, Option<Arc<Changes>>)>,
}

/// What is known of the tenants of a chunk from a study before, and what is kept of them for the next.
struct Again {
    past: Option<(Arc<Past>, Arc<Changes>)>,
    /// Whether they are the same in every respect, all of them.
    are_same: bool,
    /// The number of the first.
    from: u32,
    deeds: Option<Deeds>,
    /// How many were only counted.
    counted: u64,
}

/// Some tenants of a chunk.
struct Numbered<'b> {
    key: u32,
    numbers: Range<u32>,
    batch: &'b Batch,
    /// What was drawn of them before.
    prepared: Option<&'b Prepared>,
}

impl Again {
    /// The tenant of this number in the past and its index there, if it was the same but for its diligence.
    fn known(&self, number: u32, tenant: &Tenant) -> Option<(&Past, &Changes, usize, f64)> {
        let (past, changes) = self.past.as_ref()?;
        let index = (number - self.from) as usize;
        let before = past.crowd.tenant(0, index)?;
        let is_same = self.are_same || before.differs_in_diligence_alone(tenant);
        is_same.then_some((past, changes, index, before.diligence))
    }
}

impl<'r, 'a> Worker<'r, 'a> {
    pub(super) fn new(runner: &'r Runner<'a>, source: &DrawSource) -> Self {
        let draws = source.tenant(TenantId::new(0, 0));
        let (source, life) = (source.clone(), EnsembleLife::new(&runner.ensemble));
        let circumstances = if runner.keeps_deeds { runner.ensemble.circumstances().map(Arc::new) } else { None };
        Worker { runner, source, draws, batch: Batch::default(), life, circumstances, changes: None }
    }

    /// Counts what scenarios did together, when all chunks are through.
    pub(super) fn finish(self, tallies: &mut [Tally]) {
        self.life.finish(tallies);
    }

    /// Draws the tenants of a chunk and lives them.
    pub(super) fn live_chunk(&mut self, Chunk { group, from, to }: Chunk, tallies: &mut [Tally]) {
        let RosterGroup { key, by_world, .. } = &self.runner.roster[group];
        for numbers in batches_of(from..to) {
            if self.runner.is_stopped() {
                return;
            }
            let mut batch = std::mem::take(&mut self.batch);
            batch.draw(*key, by_world, numbers.clone(), &mut self.draws);
            self.live_batch(*key, numbers, &batch, tallies);
            self.batch = batch;
        }
        self.life.settle(tallies);
    }

    /// Lives the tenants of a batch, each under every scenario.
    fn live_batch(&mut self, key: u32, numbers: Range<u32>, batch: &Batch, tallies: &mut [Tally]) {
        let world_of = &self.runner.world_of;
        for (index, number) in numbers.enumerate() {
            if self.runner.is_stopped() {
                return;
            }
            self.draws.turn_to(TenantId::new(key, number));
            let tenant = |scenario: usize| batch.tenant(world_of[scenario], index);
            self.life.live(&tenant, &mut self.draws, tallies);
        }
    }

    /// As [`live_chunk`](Self::live_chunk), with tenants that may have been drawn before and of whom may be known what they do; both
    /// are kept for the next study.
    pub(super) fn live_kept_chunk(&mut self, memory: &Memory, chunk: Chunk, tallies: &mut [Tally]) {
        let Chunk { group, from, to } = chunk;
        let RosterGroup { key, by_world, .. } = &self.runner.roster[group];
        let (crowds, key) = (&memory.crowds, *key);
        let wanted = CrowdKey::new(&self.source, key, from..to, by_world);
        let mut again = self.again(memory, key, from..to);
        let crowd = if let Some(crowd) = crowds.find(&wanted) {
            again.are_same = again.past.as_ref().is_some_and(|(past, _)| Arc::ptr_eq(&past.crowd, &crowd));
            for (numbers, (prepared, batch)) in crowd.numbers().zip(&crowd.batches) {
                self.live_again(Numbered { key, numbers, batch, prepared: Some(prepared) }, &mut again, tallies);
            }
            crowd
        } else {
            let mut memory = crowds.make_room((to - from) as usize).into_iter();
            let mut batches = Vec::new();
            for numbers in batches_of(from..to) {
                if self.runner.is_stopped() {
                    return;
                }
                let mut batch = memory.next().unwrap_or_default();
                batch.draw(key, by_world, numbers.clone(), &mut self.draws);
                self.draws.keep_deviates();
                self.live_again(Numbered { key, numbers, batch: &batch, prepared: None }, &mut again, tallies);
                batches.push((self.draws.prepared(), batch));
            }
            crowds.keep(Crowd::new(wanted, batches))
        };
        self.life.settle(tallies);
        memory.counted_again.fetch_add(again.counted, Ordering::Relaxed);
        if let (Some(deeds), Some(circumstances), false) = (again.deeds, &self.circumstances, self.runner.is_stopped())
        {
            let (source, circumstances) = (self.source.clone(), circumstances.clone());
            memory.pasts.keep(Past { source, key, numbers: from..to, circumstances, crowd, deeds });
        }
    }

    /// What is known of the tenants of a chunk.
    fn again(&mut self, memory: &Memory, key: u32, numbers: Range<u32>) -> Again {
        let past = memory.pasts.find(&self.source, key, &numbers);
        let past = past.and_then(|past| Some((past.clone(), self.changes_since(&past.circumstances)?)));
        let deeds = self.circumstances.is_some().then(|| memory.pasts.memory());
        Again { past, are_same: false, from: numbers.start, deeds, counted: 0 }
    }

    fn changes_since(&mut self, past: &Arc<Circumstances>) -> Option<Arc<Changes>> {
        match &self.changes {
            Some((known, changes)) if Arc::ptr_eq(known, past) => changes.clone(),
            _ => {
                let changes = self.runner.ensemble.changes_since(past).map(Arc::new);
                self.changes = Some((past.clone(), changes.clone()));
                changes
            }
        }
    }

    /// As [`live_batch`](Self::live_batch), but whoever surely does again what it did is only counted.
    fn live_again(&mut self, tenants: Numbered<'_>, again: &mut Again, tallies: &mut [Tally]) {
        let Numbered { key, numbers, batch, mut prepared } = tenants;
        let world_of = &self.runner.world_of;
        for (index, number) in numbers.enumerate() {
            if self.runner.is_stopped() {
                return;
            }
            let mut deeds = again.deeds.take();
            let known = batch.tenant(0, index).and_then(|tenant| Some((tenant, again.known(number, tenant)?)));
            let counted = known.is_some_and(|(tenant, (past, changes, index, diligence))| {
                self.life.count_again(tenant, (&past.deeds, index, diligence), changes, tallies, deeds.as_mut())
            });
            again.counted += u64::from(counted);
            if !counted {
                // Only those who are lived need their draws.
                prepared.take().into_iter().for_each(|prepared| self.draws.take_up(prepared));
                self.draws.turn_to(TenantId::new(key, number));
                let tenant = |scenario: usize| batch.tenant(world_of[scenario], index);
                match &mut deeds {
                    Some(deeds) => self.life.live_and_keep(&tenant, &mut self.draws, tallies, deeds),
                    None => self.life.live(&tenant, &mut self.draws, tallies),
                }
            }
            again.deeds = deeds;
        }
    }
}
