//! brownout: a deterministic simulator and planner for staged mail enforcement.

pub mod catalog;
pub mod intake;
pub mod time;
