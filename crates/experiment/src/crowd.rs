//! Tenants that were drawn once, for studies that differ in nothing that makes them.
//!
//! An exploration lives the same replication at many points. Most of its unknowns say how people act, few who they are; so most
//! points have the tenants of the point before, to the last bit, and these need not be drawn again.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use brownout_kernel::draws::{BATCH, DrawSource, Prepared, TenantDraws};
use brownout_kernel::world::group::{GroupSampler, make_bystanders, make_tenants, prepare_decisions, prepare_tenants};
use brownout_kernel::world::{Composition, Tenant};

/// Tenants kept at most for each thread, some four megabytes: those of a point, and of the points that differ from it in who its tenants
/// are. Those asked for longest ago go first.
const KEPT_BY_THREAD: usize = 6_400;

/// What a world makes of a group of the roster.
#[derive(Debug)]
pub(super) struct InWorld<'a> {
    pub(super) sampler: GroupSampler<'a>,
    pub(super) count: u32,
    /// Whether nothing can happen to the group's tenants under any scenario of the world.
    pub(super) stands_by: bool,
}

/// Up to [`BATCH`] tenants of a group, as each world makes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    /// By world.
    worlds: Vec<InBatch>,
}

/// The tenants of a batch as one world makes them, which may hold fewer of them: the first ones.
#[derive(Clone, Debug, Default)]
struct InBatch {
    present: usize,
    /// Memory is used again from batch to batch, so there may be more of them.
    tenants: Vec<Tenant>,
}

impl Batch {
    /// Draws tenants `numbers` of a group.
    pub(super) fn draw(&mut self, by_world: &[Option<InWorld<'_>>], numbers: Range<u32>, draws: &mut TenantDraws) {
        if let Some(group) = by_world.iter().flatten().next() {
            prepare_tenants(&group.sampler, numbers.clone(), draws);
        }
        for group in by_world.iter().flatten().filter(|group| !group.stands_by) {
            prepare_decisions(group.sampler.group(), draws);
        }
        self.worlds.resize_with(by_world.len(), InBatch::default);
        for (InBatch { present, tenants }, group) in self.worlds.iter_mut().zip(by_world) {
            let Some(group) = group else {
                *present = 0;
                continue;
            };
            *present = group.count.saturating_sub(numbers.start).min(numbers.len() as u32) as usize;
            tenants.resize_with(tenants.len().max(*present), Tenant::default);
            let make = if group.stands_by { make_bystanders } else { make_tenants };
            make(&group.sampler, numbers.start, draws, &mut tenants[..*present]);
        }
    }

    /// The tenants of the batch as a world makes them, as many as are in that world.
    #[inline]
    pub(super) fn tenants(&self, world: usize) -> &[Tenant] {
        let InBatch { present, tenants } = &self.worlds[world];
        &tenants[..*present]
    }
}

/// All that decides who some tenants of a replication are.
#[derive(Debug, PartialEq)]
pub(super) struct CrowdKey {
    source: DrawSource,
    key: u32,
    numbers: Range<u32>,
    /// By world.
    worlds: Vec<Option<GroupKey>>,
}

/// All of a group that decides how a world makes its tenants.
#[derive(Debug, PartialEq)]
struct GroupKey {
    composition: Composition,
    /// Where it stands in the world.
    index: usize,
    count: u32,
    stands_by: bool,
}

impl CrowdKey {
    /// Tenants `numbers` of a group in a replication.
    pub(super) fn new(source: &DrawSource, key: u32, numbers: Range<u32>, by_world: &[Option<InWorld<'_>>]) -> Self {
        let in_world = |InWorld { sampler, count, stands_by }: &InWorld<'_>| GroupKey {
            composition: Composition::of(sampler.group()),
            index: sampler.index(),
            count: *count,
            stands_by: *stands_by,
        };
        let worlds = by_world.iter().map(|group| group.as_ref().map(in_world)).collect();
        CrowdKey { source: source.clone(), key, numbers, worlds }
    }
}

/// Tenants drawn once, with what else was drawn of them.
#[derive(Debug)]
pub(super) struct Crowd {
    key: CrowdKey,
    pub(super) batches: Vec<(Prepared, Batch)>,
}

impl Crowd {
    /// The tenants that this key stands for.
    pub(super) fn new(key: CrowdKey, batches: Vec<(Prepared, Batch)>) -> Self {
        Crowd { key, batches }
    }

    /// The tenant at an index as a world makes it, if it is in that world.
    pub(super) fn tenant(&self, world: usize, index: usize) -> Option<&Tenant> {
        self.batches.get(index / BATCH)?.1.tenants(world).get(index % BATCH)
    }

    /// The numbers of the tenants, batch by batch.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Range<u32>> {
        batches_of(self.key.numbers.clone())
    }
}

/// Tenants in batches.
pub(super) fn batches_of(numbers: Range<u32>) -> impl Iterator<Item = Range<u32>> {
    let end = numbers.end;
    numbers.step_by(BATCH).map(move |first| first..end.min(first.saturating_add(BATCH as u32)))
}

/// Tenants that were drawn before, for threads that live studies side by side.
#[derive(Debug)]
pub(super) struct Crowds {
    kept: Mutex<Kept>,
    /// Tenants kept at most.
    room: usize,
}

#[derive(Debug, Default)]
struct Kept {
    /// The latest asked for stands last.
    crowds: Vec<Arc<Crowd>>,
    /// Memory of those that had to go.
    spare: Vec<Batch>,
}

impl Crowds {
    /// Nobody yet, for so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Crowds { kept: Mutex::default(), room: threads.saturating_mul(KEPT_BY_THREAD) }
    }

    /// Whether so many tenants can be kept.
    pub(super) fn holds(&self, tenants: u64) -> bool {
        tenants <= self.room as u64
    }

    /// The tenants that a key stands for, if they are kept.
    pub(super) fn find(&self, key: &CrowdKey) -> Option<Arc<Crowd>> {
        let crowds = &mut self.lock().crowds;
        let index = crowds.iter().rposition(|crowd| crowd.key == *key)?;
        let found = crowds.remove(index);
        crowds.push(found.clone());
        Some(found)
    }

    /// Makes room for so many tenants; returns memory for their batches, as far as there is any.
    pub(super) fn make_room(&self, tenants: usize) -> Vec<Batch> {
        let Kept { crowds, spare } = &mut *self.lock();
        let mut all: usize = crowds.iter().map(|crowd| crowd.key.numbers.len()).sum();
        while all + tenants > self.room && !crowds.is_empty() {
            let gone = crowds.remove(0);
            all -= gone.key.numbers.len();
            spare.extend(Arc::into_inner(gone).into_iter().flat_map(|crowd| crowd.batches).map(|(_, batch)| batch));
        }
        let memory = spare.split_off(spare.len().saturating_sub(tenants.div_ceil(BATCH)));
        spare.truncate(self.room / BATCH);
        memory
    }

    /// Keeps tenants for the next who asks.
    pub(super) fn keep(&self, crowd: Crowd) -> Arc<Crowd> {
        let crowd = Arc::new(crowd);
        self.lock().crowds.push(crowd.clone());
        crowd
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Crowds are kept whole, so what a thread left that panicked is whole too.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_kernel::draws::TenantId;

    fn key(group: u32) -> CrowdKey {
        CrowdKey { source: DrawSource::new(1, 0), key: group, numbers: 0..2_000, worlds: Vec::new() }
    }

    #[test]
    fn those_asked_for_longest_ago_make_room() {
        let crowds = Crowds::new(1);
        assert!(crowds.holds(KEPT_BY_THREAD as u64) && !crowds.holds(KEPT_BY_THREAD as u64 + 1));
        let draws = DrawSource::new(1, 0).tenant(TenantId::new(7, 0));
        for group in 0..3 {
            assert!(crowds.make_room(2_000).is_empty());
            crowds.keep(Crowd::new(key(group), vec![(draws.prepared(), Batch::default())]));
        }
        assert!(crowds.find(&key(0)).is_some());
        assert_eq!(crowds.make_room(2_000).len(), 1, "whose memory is used again");
        assert!(crowds.make_room(2_000).is_empty(), "and only once");
        let kept: Vec<bool> = (0..4).map(|group| crowds.find(&key(group)).is_some()).collect();
        assert_eq!(kept, [true, false, true, false]);
        // What somebody still lives is let go, and its memory stays with him.
        let lived = crowds.find(&key(2)).unwrap();
        assert_eq!(crowds.make_room(6_000).len(), 1);
        assert_eq!(lived.batches.len(), 1);
    }
}
