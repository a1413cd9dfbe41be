//! What tenants did in studies before, for studies that differ from them in little.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use brownout_kernel::draws::DrawSource;
use brownout_kernel::sim::{Circumstances, Deeds};
use brownout_kernel::tally::Tally;

use super::crowd::Crowd;

/// Tenants whose deeds are kept at most for each thread, some eight megabytes: those of a point or two, or of more points if these have few
/// tenants. Those kept longest ago go first.
const KEPT_BY_THREAD: usize = 4_096;

/// What the tenants of a study did in a replication.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) source: DrawSource,
    pub(super) circumstances: Circumstances,
    /// By scenario: what all did together, without times to remediation.
    pub(super) sums: Vec<Tally>,
    /// In the order of the roster.
    pub(super) chunks: Vec<PastChunk>,
}

/// What some tenants of a group did.
#[derive(Debug)]
pub(super) struct PastChunk {
    pub(super) key: u32,
    pub(super) numbers: Range<u32>,
    /// Who they were.
    pub(super) crowd: Arc<Crowd>,
    pub(super) deeds: Deeds,
}

impl Past {
    /// Whether it is of the same replication and of tenants with the same keys and numbers as another.
    fn is_like(&self, source: &DrawSource, chunks: &[(u32, Range<u32>)]) -> bool {
        let same =
            |(chunk, (key, numbers)): (&PastChunk, &(u32, Range<u32>))| chunk.key == *key && chunk.numbers == *numbers;
        self.source == *source && self.chunks.len() == chunks.len() && self.chunks.iter().zip(chunks).all(same)
    }

    fn tenants(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.numbers.len()).sum()
    }
}

/// What was done before, for threads that live studies side by side.
#[derive(Debug)]
pub(super) struct Pasts {
    kept: Mutex<Kept>,
    /// Tenants kept at most.
    room: usize,
}

#[derive(Debug, Default)]
struct Kept {
    /// The latest stands last.
    pasts: Vec<Arc<Past>>,
    /// Memory of those that had to go.
    spare: Vec<Deeds>,
}

impl Pasts {
    /// Nothing yet, for so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Pasts { kept: Mutex::default(), room: threads.saturating_mul(KEPT_BY_THREAD) }
    }

    /// What the tenants of a replication did when they were last kept.
    ///
    /// - `chunks`: keys and numbers of all, in the order of the roster.
    pub(super) fn find(&self, source: &DrawSource, chunks: &[(u32, Range<u32>)]) -> Option<Arc<Past>> {
        self.lock().pasts.iter().rev().find(|past| past.is_like(source, chunks)).cloned()
    }

    /// Keeps what tenants did, in the place of what they did before.
    pub(super) fn keep(&self, past: Past) {
        let Kept { pasts, spare } = &mut *self.lock();
        let chunks: Vec<_> = past.chunks.iter().map(|chunk| (chunk.key, chunk.numbers.clone())).collect();
        let mut gone: Vec<Arc<Past>> = pasts.extract_if(.., |old| old.is_like(&past.source, &chunks)).collect();
        let mut all: usize = pasts.iter().map(|past| past.tenants()).sum();
        while all + past.tenants() > self.room && !pasts.is_empty() {
            let first = pasts.remove(0);
            all -= first.tenants();
            gone.push(first);
        }
        let chunks = gone.into_iter().filter_map(Arc::into_inner).flat_map(|past| past.chunks);
        spare.extend(chunks.map(|chunk| chunk.deeds));
        pasts.push(Arc::new(past));
    }

    /// Memory for the deeds of tenants, as far as there is any.
    pub(super) fn memory(&self) -> Deeds {
        let mut deeds = self.lock().spare.pop().unwrap_or_default();
        deeds.clear();
        deeds
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // What is kept is whole, so what a thread left that panicked is whole too.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
