//! What is known of a server's place under the policy before anything is planned.
//!
//! A plan is made for the worst that is possible: the earliest detection, the lowest build. Who reads the fleet settles that;
//! here are the values.

use brownout_kernel::certainty::Certainty;
use brownout_kernel::time::SimTime;

/// What is known of a server's place under the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// How sure the first detection is that is planned with.
    pub certainty: Certainty,
    /// The latest it can be, where only a range is known.
    pub latest: Option<SimTime>,
    /// Whether the server complied before any work.
    pub complies: bool,
    /// Why, or what is in doubt; may be empty.
    pub words: String,
}

/// A server that is not planned, because nothing can be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Messages sent on an average day, in thousandths.
    pub volume: u64,
    /// Why.
    pub why: String,
}
