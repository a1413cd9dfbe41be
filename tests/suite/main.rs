//! Integration tests of brownout: one binary, one module for each thing that is checked.

mod architecture;
mod cli;
mod common;
mod corners;
mod coupling;
mod defence;
mod determinism;
mod fuzz;
mod golden;
mod html;
mod interruption;
mod lives;
mod merging;
mod mutants;
mod plan;
mod plan_outputs;
mod planning;
mod properties;
mod readme;
mod scenarios;
mod shards;
mod statistics;
mod timeline;
