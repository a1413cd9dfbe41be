//! Numbers of many tenants together: made ready for a batch of them, and read side by side.

use std::ops::Range;

use super::chacha::BLOCK_WORDS;
use super::{Prepared, Purpose, TenantDraws, TenantId, unit};

/// Tenants in a row, to which draws turn one after the other: where they stand is looked up once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    first: TenantId,
    /// The place of the first among those prepared, if all of them were.
    place: Option<usize>,
}

impl TenantDraws {
    /// A row of so many tenants; until others are prepared.
    pub(crate) fn row(&self, first: TenantId, count: usize) -> Row {
        Row { first, place: self.blocks.place_of_all(first, count) }
    }

    /// Turns to a tenant of a row, by its index in it.
    #[inline(always)]
    pub(crate) fn turn_along(&mut self, row: Row, index: usize) {
        let tenant = row.first.later(index);
        match row.place {
            Some(place) => self.blocks.turn_to_place(tenant, place + index),
            None => self.blocks.turn_to(tenant),
        }
    }

    /// Makes ready what tenants `numbers` of a group usually read; [`turn_to`](Self::turn_to) them afterwards.
    ///
    /// - `numbers`: at most [`BATCH`](super::BATCH) of them.
    pub fn prepare(&mut self, group_key: u32, numbers: Range<u32>) {
        self.blocks.prepare(group_key, numbers);
    }

    /// Makes ready what the further servers of prepared tenants read first.
    ///
    /// - `servers`: of each prepared tenant, in order.
    pub fn prepare_servers(&mut self, servers: impl Iterator<Item = u32>) {
        self.blocks.prepare_servers(servers);
    }

    /// Makes ready the [unit-exponential](Self::exponential) numbers of a purpose for all prepared servers, where it is a threshold, or
    /// the [normal](Self::normal) ones of lead times.
    ///
    /// It pays where most of them are asked for.
    pub fn prepare_deviates(&mut self, purpose: Purpose) {
        self.blocks.prepare_deviates(purpose as usize);
    }

    /// What is ready now, to be [taken up](Self::take_up) again.
    pub fn prepared(&self) -> Prepared {
        self.blocks.prepared()
    }

    /// Makes ready again what was prepared before, at no cost.
    ///
    /// # Panics
    /// If it was prepared of another replication's draws.
    pub fn take_up(&mut self, prepared: &Prepared) {
        self.blocks.take_up(prepared);
    }

    /// The uniform numbers of a first server at an address: of tenant `first`, and of as many after it as there is room for.
    ///
    /// One of these tenants is at hand afterwards, if another one was at hand before.
    pub(crate) fn units(&mut self, first: TenantId, purpose: Purpose, index: u32, units: &mut [f64]) {
        let (block, word) = (purpose as usize / BLOCK_WORDS, purpose as usize % BLOCK_WORDS);
        if index == 0
            && let Some((wide, place)) = self.blocks.side_by_side(first, units.len(), block)
        {
            wide.units(place, word, units);
            self.reads[purpose as usize] += units.len() as u64;
            return;
        }
        for (later, made) in units.iter_mut().enumerate() {
            self.turn_to(first.later(later));
            *made = self.unit(0, purpose, index);
        }
    }

    /// The uniform numbers of one server at the first index: of those tenants that stand so many places after `first`.
    ///
    /// One of these tenants is at hand afterwards, if another one was at hand before.
    pub(crate) fn units_of(
        &mut self,
        first: TenantId,
        places: &[usize],
        server: u32,
        purpose: Purpose,
        units: &mut [f64],
    ) {
        let (block, word) = (purpose as usize / BLOCK_WORDS, purpose as usize % BLOCK_WORDS);
        for (&place, made) in places.iter().zip(units) {
            let tenant = first.later(place);
            *made = if let Some((wide, lane)) = self.blocks.find(tenant, server, block) {
                self.reads[purpose as usize] += 1;
                unit(wide.word(lane, word))
            } else {
                self.turn_to(tenant);
                self.unit(server, purpose, 0)
            };
        }
    }

    /// Takes back that words of a purpose were read, where they were read side by side and decide nothing.
    pub(crate) fn forget_reads(&mut self, purpose: Purpose, words: u64) {
        self.reads[purpose as usize] -= words;
    }
}
