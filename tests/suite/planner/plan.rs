//! The planner against everything that could be planned: an oracle that shares no rule with it.
//!
//! - [`fleets`]: projects from a size and a number;
//! - [`rules`], [`brute`]: the rules of schedules a second time, and the best plan by trying everything;
//! - [`sharp`]: figures of chance and their intervals;
//! - [`small`]: what the planner finds is what trying everything finds;
//! - [`again`]: what is planned again when everything went as planned;
//! - [`edges`]: cases with a known answer;
//! - [`cp_sat`]: projects of up to twelve servers, written as files, against an independent solver.

mod again;
mod brute;
mod certain;
mod cp_sat;
mod crews;
mod dice;
mod edges;
mod fleets;
mod rules;
mod sharp;
mod small;
