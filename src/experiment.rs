//! Replications: a study's tenants live under every scenario, in parallel, to the same bits on any number of threads.
//!
//! - [`runner`]: lives the tenants of a replication and adds up their tallies;
//! - [`compare`]: paired differences to the baseline scenario;
//! - [`measure`]: what a tally says, in the units people read;
//! - [`precision`]: replications added until a difference is known well enough;
//! - [`results`]: all replications together;
//! - [`spread`]: means and bands over replications without keeping them all.

pub mod compare;
pub mod measure;
pub mod precision;
pub mod results;
pub mod runner;
pub mod spread;

pub use compare::{Difference, Verdict, difference};
pub use measure::{DailyMeasure, Measure, Replicate};
pub use precision::Precision;
pub use results::{Results, ScenarioResults};
pub use runner::{Progress, Runner};
