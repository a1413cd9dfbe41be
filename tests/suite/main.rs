//! Integration tests of brownout: one binary, one folder for each promise.

#![allow(clippy::disallowed_macros, reason = "a test that was skipped says so")]
#![allow(clippy::too_many_lines, reason = "tables of cases are long")]
#![allow(clippy::disallowed_types, reason = "the tests are outside")]

mod common;
mod generated;
mod house;
mod model;
mod planner;
mod program;
mod robustness;
mod sameness;
mod statistics;
