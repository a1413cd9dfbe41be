//! Search over levers: NSGA-II on addressed draws, hypervolume, and how sure a front is.
//!
//! A search never prints what it found as its worth: what is on the front was chosen on noise. Confirm it on replications that
//! the search never saw, and give the chance of not being dominated ([`chance_not_dominated`]) instead of a set.

mod front;
mod hypervolume;
mod nsga2;
mod variation;

pub use front::{chance_not_dominated, crowding, dominates, fronts};
pub use hypervolume::hypervolume;
pub use nsga2::{Candidate, Nsga2, Options, SearchError};
