//! What baselines make of a world's servers, kept for the next study that asks the same.
//!
//! An exploration works out hundreds of thousands of studies that differ in rates and shares but rarely in builds or baselines. A memo
//! hands the tables of one to the others; what a study comes to does not depend on whether they were kept.

use std::sync::{Arc, Mutex, PoisonError};

use super::prospect::{Possible, Prospects};
use crate::catalog::Catalog;
use crate::policy::Baselines;
use crate::time::SimTime;
use crate::world::World;

/// Tables kept at most; the oldest goes first.
const KEPT_MAX: usize = 32;

/// Tables that were worked out before, for threads that work out studies side by side.
#[derive(Debug, Default)]
pub struct Known(Mutex<Vec<Entry>>);

/// The tables of all groups of a world.
pub(super) type Tables = Arc<[Arc<Prospects>]>;

/// All that the tables depend on, and the tables.
#[derive(Debug)]
struct Entry {
    between: (SimTime, SimTime),
    catalog: Arc<Catalog>,
    baselines: Baselines,
    groups: Vec<Possible>,
    tables: Tables,
}

impl Known {
    /// The tables of a world's groups under baselines, kept or worked out now.
    pub(super) fn tables(&self, world: &World, baselines: &Baselines, between: (SimTime, SimTime)) -> Tables {
        let groups: Vec<Possible> = world.groups.iter().map(Possible::of).collect();
        let fits = |entry: &&Entry| {
            entry.between == between
                && entry.catalog == world.catalog
                && entry.groups == groups
                && entry.baselines == *baselines
        };
        if let Some(entry) = self.lock().iter().find(fits) {
            return entry.tables.clone();
        }
        let tracks = world.catalog.tracks();
        // Worked out without the lock: two threads may do the same work once, none waits for another's.
        let table = |group: &Possible| Arc::new(Prospects::new(group, baselines, tracks, between.0, between.1));
        let tables: Tables = groups.iter().map(table).collect();
        let mut kept = self.lock();
        if kept.len() == KEPT_MAX {
            kept.remove(0);
        }
        let (catalog, baselines) = (world.catalog.clone(), baselines.clone());
        kept.push(Entry { between, catalog, baselines, groups, tables: tables.clone() });
        tables
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        // Entries are pushed whole, so what a thread left that panicked is whole too.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
