//! brownout: a deterministic discrete-event simulator and what-if planner for staged mail enforcement.

pub mod catalog;
pub mod chart;
pub mod draws;
pub mod experiment;
pub mod intake;
pub mod mail;
pub mod policy;
pub mod report;
pub mod sim;
pub mod stats;
pub mod study;
pub mod tally;
pub mod time;
pub mod timeline;
pub mod trace;
pub mod twin;
pub mod world;
