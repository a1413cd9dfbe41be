//! The world that is measured.

#![allow(dead_code)] // every benchmark uses a part of it

use std::path::{Path, PathBuf};
use std::sync::Arc;

use brownout::reading::load::{Loaded, load};
use brownout::study::{Scenarios, Study};

/// The study whose world is measured.
pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/exchange-2026.ron")
}

/// The job that other tools are measured with.
pub(crate) fn job() -> Study {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/job.ron");
    load(&path).unwrap_or_else(|error| panic!("{:?}", error.problems)).study
}

/// The study as shipped, with its files.
pub(crate) fn loaded() -> Loaded {
    load(&path()).unwrap_or_else(|error| panic!("{:?}", error.problems))
}

/// The study with its first scenarios alone and `factor` times the tenants.
pub(crate) fn study(scenarios: usize, factor: u32) -> Study {
    let mut study = loaded().study;
    let first = study.scenarios().iter().take(scenarios).cloned().collect();
    study.set_scenarios(Scenarios::of(first).expect("at least one"));
    for world in study.scenarios_mut().worlds_mut() {
        let world = Arc::make_mut(world);
        for index in 0..world.groups().len() {
            let count = i64::from(world.groups()[index].count()) * i64::from(factor);
            world.edit_group(index).map(|mut group| group.set_count(count)).expect("a group").expect("a count");
        }
    }
    study
}
