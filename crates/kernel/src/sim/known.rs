//! What baselines make of a world's servers, what becomes of mail, and calendars, kept for the next study that asks the same.
//!
//! An exploration works out hundreds of thousands of studies that differ in rates and shares but rarely in builds or baselines. A memo
//! hands the tables of one to the others; what a study comes to does not depend on whether they were kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::prospect::{Possible, Prospects};
use crate::catalog::Catalog;
use crate::mail::{Calendar, CalendarShape, MailOutcome, RetrySchedule};
use crate::policy::{Baselines, Minutes, WindowLayout};
use crate::tally::ClassSet;
use crate::time::SimTime;
use crate::world::World;

/// Tables, calendars and outcomes kept at most, of each; the oldest goes first.
const KEPT_MAX: usize = 32;

/// What was worked out before, for threads that work out studies side by side.
#[derive(Debug, Default)]
pub struct Known {
    tables: Mutex<Vec<Entry>>,
    calendars: Mutex<Vec<Dated>>,
    outcomes: Mutex<Vec<Fates>>,
}

/// Mail outcomes by kind of mail and class.
pub(super) type Outcomes = Arc<[Vec<MailOutcome>]>;

/// Mail outcomes, and all that they depend on.
#[derive(Debug)]
struct Fates {
    /// By class.
    minutes: Vec<Minutes>,
    layout: WindowLayout,
    kinds: Vec<RetrySchedule>,
    outcomes: Outcomes,
}

/// A calendar, and all that it depends on.
#[derive(Debug)]
struct Dated {
    shape: CalendarShape,
    between: (SimTime, SimTime),
    calendar: Calendar,
}

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
                // Points of an exploration share one catalogue, which is large.
                && (Arc::ptr_eq(&entry.catalog, &world.catalog) || entry.catalog == world.catalog)
                && entry.groups == groups
                && entry.baselines == *baselines
        };
        if let Some(entry) = lock(&self.tables).iter().find(fits) {
            return entry.tables.clone();
        }
        let tracks = world.catalog.tracks();
        // Worked out without the lock: two threads may do the same work once, none waits for another's.
        let table = |group: &Possible| Arc::new(Prospects::new(group, baselines, tracks, between.0, between.1));
        let tables: Tables = groups.iter().map(table).collect();
        let (catalog, baselines) = (world.catalog.clone(), baselines.clone());
        keep(&self.tables, Entry { between, catalog, baselines, groups, tables: tables.clone() });
        tables
    }

    /// The calendar of a world between two instants, kept or worked out now.
    pub(super) fn calendar(&self, shape: &CalendarShape, between: (SimTime, SimTime)) -> Calendar {
        let fits = |dated: &&Dated| dated.between == between && dated.shape == *shape;
        if let Some(dated) = lock(&self.calendars).iter().find(fits) {
            return dated.calendar.clone();
        }
        let calendar = Calendar::new(shape, between.0, between.1);
        keep(&self.calendars, Dated { shape: shape.clone(), between, calendar: calendar.clone() });
        calendar
    }

    /// What becomes of each kind of mail in each class, kept or worked out now.
    pub(super) fn outcomes(&self, classes: &ClassSet, layout: WindowLayout, kinds: &[RetrySchedule]) -> Outcomes {
        let minutes = (0..classes.len()).map(|class| classes.minutes(class));
        let fits = |fates: &&Fates| {
            fates.layout == layout && fates.kinds == kinds && fates.minutes.iter().copied().eq(minutes.clone())
        };
        if let Some(fates) = lock(&self.outcomes).iter().find(fits) {
            return fates.outcomes.clone();
        }
        let of_kind =
            |&kind: &RetrySchedule| minutes.clone().map(|of| MailOutcome::compute(of, layout, kind)).collect();
        let outcomes: Outcomes = kinds.iter().map(of_kind).collect();
        let (minutes, kinds) = (minutes.collect(), kinds.to_vec());
        keep(&self.outcomes, Fates { minutes, layout, kinds, outcomes: outcomes.clone() });
        outcomes
    }
}

fn keep<T>(kept: &Mutex<Vec<T>>, entry: T) {
    let mut kept = lock(kept);
    if kept.len() == KEPT_MAX {
        kept.remove(0);
    }
    kept.push(entry);
}

fn lock<T>(kept: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    // Entries are pushed whole, so what a thread left that panicked is whole too.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
