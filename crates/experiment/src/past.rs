//! What tenants did in studies before, for studies that differ from them in little.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use brownout_kernel::draws::DrawSource;
use brownout_kernel::sim::{Circumstances, Deeds};

use super::crowd::Crowd;

/// Tenants whose deeds are kept at most for each thread, some eight megabytes: those of a point or two, or of more points if these have few
/// tenants. Those kept longest ago go first.
const KEPT_BY_THREAD: usize = 4_096;

/// What some tenants of a group did in a replication of a study.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) source: DrawSource,
    pub(super) key: u32,
    pub(super) numbers: Range<u32>,
    pub(super) circumstances: Arc<Circumstances>,
    /// Who they were.
    pub(super) crowd: Arc<Crowd>,
    pub(super) deeds: Deeds,
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

    /// What these tenants did when they were last kept.
    pub(super) fn find(&self, source: &DrawSource, key: u32, numbers: &Range<u32>) -> Option<Arc<Past>> {
        let is_theirs = |past: &&Arc<Past>| past.key == key && past.numbers == *numbers && past.source == *source;
        self.lock().pasts.iter().rev().find(is_theirs).cloned()
    }

    /// Keeps what tenants did, in the place of what they did before.
    pub(super) fn keep(&self, past: Past) {
        let Kept { pasts, spare } = &mut *self.lock();
        let is_theirs =
            |old: &mut Arc<Past>| old.key == past.key && old.numbers == past.numbers && old.source == past.source;
        let mut gone: Vec<Arc<Past>> = pasts.extract_if(.., is_theirs).collect();
        let mut all: usize = pasts.iter().map(|past| past.numbers.len()).sum();
        while all + past.numbers.len() > self.room && !pasts.is_empty() {
            all -= pasts[0].numbers.len();
            gone.push(pasts.remove(0));
        }
        spare.extend(gone.into_iter().filter_map(Arc::into_inner).map(|past| past.deeds));
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
