//! Replications: a study's tenants live under every scenario, in parallel, to the same bits on any number of threads.
//!
//! - `batches`: bands of survival curves from the differences between replications;
//! - [`runner`]: lives the tenants of a replication and adds up their tallies;
//! - [`part`]: parts of the work, and their tallies;
//! - [`work`]: lives a stretch of all lives, part by part;
//! - [`compare`]: paired differences to the baseline scenario;
//! - [`footprint`]: the memory that a study's numbers take;
//! - [`lifetimes`]: times to remediation, read from their counts;
//! - [`measure`]: what a tally says, in the units people read;
//! - [`precision`]: replications added until a difference is known well enough;
//! - [`results`]: all replications together;
//! - [`spread`]: means and bands over replications without keeping them all.

mod batches;
pub mod compare;
pub mod footprint;
pub mod lifetimes;
pub mod measure;
pub mod part;
pub mod precision;
pub mod results;
pub mod runner;
pub mod spread;
pub mod target;
pub mod work;

pub use compare::{Difference, Verdict, difference};
pub use measure::{DailyMeasure, Measure, Replicate, totals};
pub use part::{Part, Share};
pub use precision::Precision;
pub use results::{Results, ScenarioResults};
pub use runner::{Progress, Runner, Stopped};
