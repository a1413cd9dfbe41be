//! The planner against everything that could be planned: an oracle that shares no rule with it.
//!
//! - [`fleets`]: projects from a size and a number;
//! - [`rules`], [`brute`]: the rules of schedules a second time, and the best plan by trying everything;
//! - [`sharp`]: figures of chance and their intervals;
//! - [`small`]: what the planner finds is what trying everything finds;
//! - [`stated`]: the same under stated dates and waves;
//! - [`desk`]: the same where pauses begin only while somebody is at the desk;
//! - [`why`]: the rule that keeps a server from an earlier date, and what other dates cost;
//! - [`again`]: what is planned again when everything went as planned;
//! - [`buffers`]: plans for several times that jobs are given;
//! - [`overrun`]: work that takes longer than stated, all of it together;
//! - [`tenants`]: several tenants whose crews are the same;
//! - [`edges`]: cases with a known answer;
//! - [`cp_sat`]: projects of up to twelve servers, written as files, against an independent solver.

mod again;
mod brute;
mod buffers;
mod certain;
mod cp_sat;
mod crews;
mod desk;
mod dice;
mod edges;
mod fleets;
mod moved;
mod overrun;
mod priority;
mod rules;
mod sharp;
mod small;
mod stated;
mod tenants;
mod why;
