//! What a plan costs: mail lost and delayed by day and by the readings of the clocks, and the best pauses for given dates, exactly.
//!
//! The [`tariff`] of a server comes from the stage engine and the mail table of `run`; nothing about enforcement is written here twice.

pub mod clocks;
pub mod costs;
pub mod joining;
pub mod mail;
pub mod pauses;
pub mod tariff;
