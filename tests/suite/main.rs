//! Integration tests of brownout: one binary, one module for each thing that is checked.

mod additions;
mod architecture;
mod cli;
mod common;
mod coupling;
mod defence;
mod determinism;
mod evidence;
mod faults;
mod fuzz;
mod generated;
mod golden;
mod html;
mod interruption;
mod lives;
mod plan;
mod plan_outputs;
mod planning;
mod properties;
mod readme;
mod round_trips;
mod scenarios;
mod shards;
mod statistics;
mod sums;
mod timeline;
