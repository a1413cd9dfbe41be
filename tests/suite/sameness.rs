//! The same bytes: whatever the threads, shards, interruptions and machines, and whatever makes it faster.

mod additions;
mod batches;
mod canonical;
mod cluster;
mod counted_again;
mod determinism;
mod explore_again;
pub(crate) mod explore_machines;
mod explore_resumed;
pub(crate) mod fast_path;
mod golden;
mod interruption;
mod levers;
mod merging;
mod round_trips;
mod runner;
pub(crate) mod shards;
mod shards_verified;
