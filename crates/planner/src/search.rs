//! Cheap dates: complete search for small fleets, local search with bounds for large ones, and why there is no plan at all.
//!
//! How much is searched is counted in units of [`effort`], never by a clock, so every machine finds the same plan.

pub mod bound;
pub mod branch;
pub mod capacity;
mod dated;
pub mod dual;
pub mod effort;
pub mod exact;
pub mod improve;
pub mod neighbourhood;
pub mod obstacles;
pub mod orders;
pub mod polish;
mod ready;
pub mod relaxed;
pub mod room;
pub mod schedule;
pub mod solve;
pub mod spending;
pub mod why;
