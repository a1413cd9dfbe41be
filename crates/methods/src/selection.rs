//! Choosing among a few systems that are heard with noise: how many replications, spent where, and what the winner is worth.

mod curse;
mod kn;
mod ocba;

pub use curse::{Winner, expected_excess, winner};
pub use kn::{Kn, KnError, KnOptions, kn_eta};
pub use ocba::{OcbaError, allocation, shares};
