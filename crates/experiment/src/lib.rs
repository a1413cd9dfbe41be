//! Replications: a study's tenants live under every scenario, in parallel, to the same bits on any number of threads.
//!
//! - `batches`: bands of survival curves from the differences between replications;
//! - [`runner`]: lives the tenants of a replication and adds up their tallies, and `worker`, one of its threads;
//! - [`part`]: parts of the work, and their tallies;
//! - [`work`]: lives a stretch of all lives, part by part;
//! - [`canonical`]: a scenario as text in a promised form, for hashes;
//! - [`compare`]: paired differences to the baseline scenario;
//! - `crowd`: tenants that were drawn once, for studies that differ in nothing that makes them, and `past`: what they did;
//! - [`footprint`]: the memory that a study's numbers take;
//! - [`lifetimes`]: times to remediation, read from their counts;
//! - [`measure`]: what a tally says, in the units people read;
//! - [`precision`]: replications added until a difference is known well enough;
//! - [`results`]: all replications together;
//! - [`study`]: a question, a world, and the scenarios compared in it;
//! - [`twin`]: exact curves where a scenario can be solved;
//! - [`mean_bands`]: means and bands over replications without keeping them all.

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

mod batches;
pub mod canonical;
pub mod compare;
mod crowd;
pub mod footprint;
pub mod lifetimes;
pub mod mean_bands;
pub mod measure;
pub mod part;
mod past;
pub mod precision;
mod recall;
pub mod results;
pub mod runner;
pub mod study;
pub mod target;
pub mod twin;
pub mod work;
mod worker;

pub use compare::{Difference, Verdict, difference};
pub use measure::{DailyMeasure, Measure, Replicate, totals, totals_of};
pub use part::{Part, Shard};
pub use precision::Precision;
pub use results::{GroupId, Results, Run, ScenarioResults, Scope};
pub use runner::{Memory, Progress, Runner, Stopped};
