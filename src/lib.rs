//! brownout: a deterministic simulator and planner for staged mail enforcement.

pub mod chart;
pub mod time;
