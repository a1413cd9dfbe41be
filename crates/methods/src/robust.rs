//! Which schedule, if the parameters are not known: each schedule is lived in many futures, and compared in each.
//!
//! A *future* is a draw of all that is not known; in each future all schedules live the same replications. Whatever is chosen
//! on noise looks better than it is: the best schedule of a future, the worst future of a schedule. So everything here chooses
//! on one half of the replications, measures on the other, swaps the halves and averages ([`judge`]).

mod criteria;
mod outcomes;
mod ranking;
pub mod table;

pub use criteria::{Criterion, CriterionError, Judged, judge};
pub use outcomes::{Direction, Outcomes, OutcomesError};
pub use ranking::{Pair, ranking_matrix};
