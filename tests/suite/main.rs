//! Integration tests of brownout: one binary, one module for each thing that is checked.

#![allow(clippy::disallowed_macros, reason = "a test that was skipped says so")]
#![allow(clippy::disallowed_types, reason = "the tests are outside")]

mod additions;
mod cli;
mod cluster;
mod common;
mod compliance;
mod corners;
mod coupling;
mod defence;
mod determinism;
mod edges;
mod evidence;
mod explore;
mod explore_again;
mod explore_machines;
mod explore_resumed;
mod explore_search;
mod fast_path;
mod faults;
mod fuzz;
mod generated;
mod golden;
mod html;
mod intake_cases;
mod interruption;
mod jobs;
mod levers;
mod lives;
mod loose_ends;
mod merging;
mod mutants;
mod neighbours;
mod plan;
mod plan_cases;
mod plan_outputs;
mod planning;
mod properties;
mod reading;
mod readme;
mod round_trips;
mod runner;
mod scenarios;
mod screens;
mod shards;
mod spoilt;
mod statistics;
mod stopping;
mod sums;
mod telling;
mod timeline;
mod timeline_cases;
mod twin;
mod what_if;
