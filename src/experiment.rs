//! Replications: a study's tenants live under every scenario, in parallel, to the same bits on any number of threads.
//!
//! - [`runner`]: lives the tenants of a replication and adds up their tallies;
//! - [`measure`]: what a tally says, in the units people read;
//! - [`results`]: all replications together.

pub mod measure;
pub mod results;
pub mod runner;

pub use measure::{DailyMeasure, Measure, Replicate};
pub use results::{Results, ScenarioResults};
pub use runner::{Progress, Runner};
