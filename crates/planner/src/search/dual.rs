//! A cost that no plan can beat, from prices on everything that plans compete for.
//!
//! The rules that tie jobs to one another are given up and their breach is priced: places of crews by day, gaps between cut-overs,
//! and waiting for other servers. Pauses are parted from dates as well: a job pays a price for every stretch in which it is not
//! done, whatever is paused, and the pauses that are best against all these prices are found by the dynamic programme. Whatever the
//! prices are, what both sides come to together bounds every plan (Lagrangian decomposition; M. Guignard and S. Kim,
//! *Mathematical Programming* 39 (1987)). In fixed pauses this is the bound of the time-indexed formulation (J. Sousa and
//! L. Wolsey, *Mathematical Programming* 54 (1992)). Prices are bettered by subgradient steps in floating point; the bound itself is
//! worked out in whole numbers.
//!
//! - [`Prices`]: what is priced, and the steps.
//! - [`OpenCandidates`]: which candidates are still open, as [`branch`](crate::search::branch) narrows them.
//! - [`Pull`]: what each day costs the pauses; [`Path`]: some pauses as they look to jobs.
//! - [`Ascent`]: raises the bound by steps of the prices.

mod ascent;
mod field;
mod paths;
mod prices;
mod program;
mod pull;
mod simplex;

pub use ascent::{Ascent, Climb};
pub use field::{CellFrame, OpenCandidates};
pub use paths::Path;
pub use prices::Prices;
pub use program::{Dated, Program};
pub use pull::Pull;
