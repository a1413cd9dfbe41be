//! The tenants of a replication, lived on one thread, reusing what was kept of earlier studies.
//!
//! Tenants are not drawn again where nothing changed that makes them, and a life that is certain to be the same is not lived again.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::crowd::{Batch, Crowd, CrowdKey, batches_of};
use super::past::{Past, PastChunk};
use super::runner::{Chunk, Memory, RosterGroup, Runner};
use brownout_kernel::draws::{DrawSource, Prepared, TenantDraws, TenantId};
use brownout_kernel::sim::{Again, Circumstances, Deeds, EnsembleLife};
use brownout_kernel::tally::Tally;
use brownout_kernel::world::Tenant;

/// One thread's memory, used again from tenant to tenant.
pub(super) struct Recall<'r, 'a> {
    runner: &'r Runner<'a>,
    memory: &'r Memory,
    source: DrawSource,
    draws: TenantDraws,
    life: EnsembleLife<'r, 'a>,
    past: Option<(Arc<Past>, Again<'r, 'a>)>,
    /// What this study's tenants do, if it is kept.
    kept: Option<(Circumstances, Vec<PastChunk>)>,
    /// How many were not lived.
    counted: u64,
}

/// Some tenants of a chunk.
struct Numbered<'b> {
    key: u32,
    numbers: Range<u32>,
    batch: &'b Batch,
    /// What was drawn of them before.
    prepared: Option<&'b Prepared>,
    /// The index of the chunk, and that of the first of them in it.
    chunk: usize,
    first: usize,
    /// Whether they are who they were, all of them.
    are_same: bool,
}

impl<'r, 'a> Recall<'r, 'a> {
    /// For the tenants of some chunks.
    pub(super) fn new(runner: &'r Runner<'a>, memory: &'r Memory, source: &DrawSource, chunks: &[Chunk]) -> Self {
        let keys: Vec<_> = chunks.iter().map(|chunk| (runner.roster[chunk.group].key, chunk.from..chunk.to)).collect();
        let past = memory.pasts.find(source, &keys).and_then(|past| {
            let again = Again::new(&runner.ensemble, runner.ensemble.changes_since(&past.circumstances)?);
            // What is kept of a tenant is what it did and what it sent.
            (!runner.keeps_deeds || !again.has_other_mail()).then_some((past, again))
        });
        let circumstances = if runner.keeps_deeds { runner.ensemble.circumstances() } else { None };
        let kept = circumstances.map(|circumstances| (circumstances, Vec::new()));
        let (draws, life) = (source.tenant(TenantId::new(0, 0)), EnsembleLife::new(&runner.ensemble));
        Recall { runner, memory, source: source.clone(), draws, life, past, kept, counted: 0 }
    }

    /// Lives the tenants of the chunks, in order, and keeps what they do for the next study.
    pub(super) fn live(mut self, chunks: &[Chunk], tallies: &mut [Tally]) {
        for (index, &chunk) in chunks.iter().enumerate() {
            self.live_chunk(index, chunk, tallies);
            if self.runner.is_stopped() {
                return;
            }
        }
        let Recall { memory, source, life, past, kept, counted, .. } = self;
        life.finish(tallies);
        if let Some((past, again)) = past {
            again.finish(&past.sums, tallies);
        }
        memory.counted_again.fetch_add(counted, Ordering::Relaxed);
        if let Some((circumstances, chunks)) = kept {
            let sums = tallies.iter().map(Tally::sums).collect();
            memory.pasts.keep(Past { source, circumstances, sums, chunks });
        }
    }

    fn live_chunk(&mut self, index: usize, Chunk { group, from, to }: Chunk, tallies: &mut [Tally]) {
        let RosterGroup { key, by_world, .. } = &self.runner.roster[group];
        let (crowds, key) = (&self.memory.crowds, *key);
        let wanted = CrowdKey::new(&self.source, key, from..to, by_world);
        let mut deeds = self.kept.is_some().then(|| self.memory.pasts.memory());
        let crowd = if let Some(crowd) = crowds.find(&wanted) {
            let are_same = self.past.as_ref().is_some_and(|(past, _)| Arc::ptr_eq(&past.chunks[index].crowd, &crowd));
            for (numbers, (prepared, batch)) in crowd.numbers().zip(&crowd.batches) {
                let (first, prepared) = ((numbers.start - from) as usize, Some(prepared));
                let tenants = Numbered { key, numbers, batch, prepared, chunk: index, first, are_same };
                self.live_batch(tenants, &mut deeds, tallies);
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
                batch.draw(by_world, numbers.clone(), &mut self.draws);
                let (first, batch_ref) = ((numbers.start - from) as usize, &batch);
                let tenants =
                    Numbered { key, numbers, batch: batch_ref, prepared: None, chunk: index, first, are_same: false };
                self.live_batch(tenants, &mut deeds, tallies);
                batches.push((self.draws.prepared(), batch));
            }
            crowds.keep(Crowd::new(wanted, batches))
        };
        self.life.settle(tallies);
        if let Some((_, again)) = &mut self.past {
            again.settle();
        }
        if let (Some(deeds), Some((_, chunks))) = (deeds, &mut self.kept) {
            chunks.push(PastChunk { key, numbers: from..to, crowd, deeds });
        }
    }

    /// Lives a batch of tenants under every scenario, without those that are known to act as before.
    fn live_batch(&mut self, tenants: Numbered<'_>, deeds: &mut Option<Deeds>, tallies: &mut [Tally]) {
        let Numbered { key, numbers, batch, mut prepared, chunk, first, are_same } = tenants;
        let world_of = &self.runner.world_of;
        for (index, number) in numbers.enumerate() {
            if self.runner.is_stopped() {
                return;
            }
            if self.is_counted((chunk, first + index), batch.tenants(0).get(index), are_same, deeds, tallies) {
                continue;
            }
            // Only those who are lived need their draws.
            prepared.take().into_iter().for_each(|prepared| self.draws.take_up(prepared));
            self.draws.turn_to(TenantId::new(key, number));
            let tenant = |scenario: usize| batch.tenants(world_of[scenario]).get(index);
            match deeds {
                Some(deeds) => self.life.live_and_keep(&tenant, &mut self.draws, tallies, deeds),
                None => self.life.live(&tenant, &mut self.draws, tallies),
            }
        }
    }

    /// Whether a tenant surely does what it did: then that is counted. Otherwise what it did is taken away.
    ///
    /// - its chunk and its index in that; `are_same`: whether it is known to be who it was.
    #[inline]
    fn is_counted(
        &mut self,
        (chunk, index): (usize, usize),
        tenant: Option<&Tenant>,
        are_same: bool,
        deeds: &mut Option<Deeds>,
        tallies: &mut [Tally],
    ) -> bool {
        let Some((past, again)) = &mut self.past else { return false };
        let before = &past.chunks[chunk];
        let did = (&before.deeds, index);
        let Some(was) = before.crowd.tenant(0, index) else { return false };
        let is_who_it_was = |tenant: &&Tenant| are_same || was.is_like(tenant, again.has_other_mail());
        let same = tenant.filter(is_who_it_was).filter(|tenant| again.is_same(tenant, did, was.diligence));
        if let Some(tenant) = same {
            again.count(tenant, did, tallies);
            deeds.iter_mut().for_each(|deeds| deeds.copy_from(did));
            self.counted += 1;
        } else {
            again.take_away(was, did);
        }
        same.is_some()
    }
}
