//! One thread that lives the tenants of a replication, chunk by chunk.

use std::ops::Range;

use super::crowd::{Batch, batches_of};
use super::runner::{Chunk, RosterGroup, Runner};
use brownout_kernel::draws::{DrawSource, TenantDraws, TenantId};
use brownout_kernel::sim::EnsembleLife;
use brownout_kernel::tally::Tally;

/// One thread's memory, used again from tenant to tenant.
pub(super) struct Worker<'r, 'a> {
    runner: &'r Runner<'a>,
    draws: TenantDraws,
    batch: Batch,
    life: EnsembleLife<'r, 'a>,
}

impl<'r, 'a> Worker<'r, 'a> {
    pub(super) fn new(runner: &'r Runner<'a>, source: &DrawSource) -> Self {
        let draws = source.tenant(TenantId::new(0, 0));
        Worker { runner, draws, batch: Batch::default(), life: EnsembleLife::new(&runner.ensemble) }
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
            batch.draw(by_world, numbers.clone(), &mut self.draws);
            self.live_batch(*key, numbers, &batch, tallies);
            self.batch = batch;
        }
        self.life.settle(tallies);
    }

    /// Lives the tenants of a batch, each under every scenario.
    fn live_batch(&mut self, key: u32, numbers: Range<u32>, batch: &Batch, tallies: &mut [Tally]) {
        let Worker { runner, draws, life, .. } = self;
        let tenants = |scenario: usize| batch.tenants(runner.world_of[scenario]);
        let first = TenantId::new(key, numbers.start);
        life.live_batch(first, (&tenants, numbers.len()), draws, tallies, &|| runner.is_stopped());
    }
}
