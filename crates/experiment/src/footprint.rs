//! How much memory the numbers of a study take, known before it runs.
//!
//! Memory grows with days x stages x scenarios, and a tenth of that again for every replication; servers and tenants cost nothing.
//! A ladder of 200 stages over 20 years is a million and a half numbers, each with its tails. What would not fit is refused in
//! words before the work, instead of by the system in the middle of it.

use super::batches::Batches;
use super::mean_bands::MeanBands;
use super::measure::DailyMeasure;
use crate::study::Study;
use brownout_kernel::sim::rules::shape_of;
use brownout_kernel::tally::Shape;

/// Most bytes the numbers of a study may take: 2 GiB, what a small machine has to spare.
pub const BYTES_MAX: usize = 2 << 30;

/// Tallies of a scenario that are in memory at the same time: of the threads of a usual machine, and those being added up.
const TALLIES: usize = 4;

/// A study whose numbers would take too much memory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the numbers of {days} days x {stages} stages in all scenarios, over {replications} replications, take about {mib} MiB; at most \
     {} MiB are allowed", BYTES_MAX >> 20
)]
pub struct Excess {
    /// Days of the study.
    pub days: usize,
    /// Stages of the ladders of all scenarios, together.
    pub stages: usize,
    /// Replications.
    pub replications: u32,
    /// What they would take, in MiB.
    pub mib: usize,
}

impl Excess {
    /// What would mend it.
    pub const HELP: &'static str = "shorten the study or the ladder, or ask for fewer scenarios or replications";
}

/// The most replications that may be run of a study.
pub fn replications(study: &Study) -> u32 {
    let most = study.replications_max().filter(|_| study.precision().is_some());
    most.unwrap_or(study.replications()).max(study.replications())
}

/// Refuses a study whose numbers take more than [`BYTES_MAX`].
///
/// - `replications`: the most that may be run.
///
/// # Errors
/// [`Excess`], with what there is too much of.
pub fn check(study: &Study, replications: u32) -> Result<(), Excess> {
    let shapes = study.scenarios().iter().map(|s| shape_of(&s.policy, &s.world, study.start(), study.horizon()));
    let bytes = shapes.map(|shape| of_scenario(shape, replications as usize)).fold(0, usize::saturating_add);
    if bytes <= BYTES_MAX {
        return Ok(());
    }
    let stages = study.scenarios().iter().map(|scenario| scenario.policy.ladder().stages().len()).sum();
    let days = study.horizon().since(study.start()).days_ceil() as usize;
    Err(Excess { days, stages, replications, mib: bytes >> 20 })
}

fn of_scenario(shape: Shape, replications: usize) -> usize {
    let series = DailyMeasure::all(shape.classes).len();
    let spreads =
        MeanBands::bytes(series * shape.days, replications) + MeanBands::bytes(series * (shape.days / 7), replications);
    // While a spread widens, its old half is there as well.
    let spreads = spreads + spreads / 2;
    let curves = (shape.entries + 1) * Batches::bytes(shape.curve_days + 1);
    spreads.saturating_add(curves).saturating_add(TALLIES * shape.bytes())
}
