//! brownout: a deterministic simulator and planner for staged mail enforcement.

pub mod stats;
pub mod time;
