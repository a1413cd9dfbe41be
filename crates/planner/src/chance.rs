//! A plan lived many times: dates with their chances, mail at risk, pauses fitted to chance, and what a little more room is worth.

pub mod buffers;
pub mod conditional;
pub mod days;
pub mod growth;
pub mod hedge;
pub mod latest;
pub mod lived;
pub mod moved;
pub mod outcome;
pub mod prices;
pub mod strategies;
pub mod summary;
pub(crate) mod totals;
