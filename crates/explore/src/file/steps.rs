//! The questions of an exploration, checked.

mod searches;

use brownout_methods::design::{Morris, Saltelli};
use brownout_methods::discovery::prim;

use super::check::Mistakes;
use super::wire::{CriterionWire, OfWire, PrimWire, ScreenWire, SobolWire, StepWire};
use super::{Wished, check};
use crate::ExploreDraws;
use brownout_experiment::Measure;

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Which factors matter at all.
    Screen(Screening),
    /// Which factors decide: base rows, scrambles, and of what.
    Sensitivity {
        /// Base rows of a scramble.
        base: u64,
        /// Scrambles.
        scrambles: u64,
        /// Of levels, of differences to the first scenario, or both.
        of: Vec<Of>,
    },
    /// Where it fails.
    Discover {
        /// What is bad.
        bad: Limit,
        /// How boxes are searched.
        by: prim::Options,
        /// Share of the points that is held out.
        hold_out: f64,
    },
    /// Which schedule.
    Robust(Vec<Criterion>),
    /// Which levers.
    Search(Search),
    /// Which of the schedules is best on average over futures, with as few replications as can be.
    Select(Selection),
}

/// A search over the levers.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// Candidates of a generation.
    pub population: usize,
    /// Generations.
    pub generations: u64,
    /// Futures that every candidate lives, the same for all.
    pub futures: u32,
    /// Futures that confirm, which the search never saw.
    pub confirm: u32,
    /// Certainty of the intervals and of what is called confirmed.
    pub certainty: f64,
    /// Structures under which the front is lived again, by their indexes; all if the file names none.
    pub against: Vec<usize>,
}

/// A selection among the schedules. A replication is a future of its own that the schedules share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    /// How replications are spent.
    pub by: Spending,
    /// Which outcome is judged.
    pub outcome: usize,
    /// Replications of every schedule at the beginning.
    pub first: u64,
    /// Most replications, of each schedule for KN and of all together for OCBA.
    pub most: u64,
    /// Certainty.
    pub certainty: f64,
}

/// How replications are spent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spending {
    /// KN: schedules are dropped as soon as they are clearly worse; the least difference that matters.
    Kn(f64),
    /// OCBA: so many replications at a time go where they tell most about which schedule is best.
    Ocba(u64),
}

/// A screening by Morris.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screening {
    /// Trajectories.
    pub trajectories: u64,
    /// Levels of the grid.
    pub levels: u64,
}

/// Of what indices are taken.
pub type Of = OfWire;
/// By what schedules are judged; `Satisfice` takes the limits of the outcomes.
pub type Criterion = CriterionWire;

/// A measure beyond a limit, such as `lost > 2e8`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// The measure.
    pub measure: Measure,
    /// Whether it lies above the limit; else below.
    pub above: bool,
    /// Whether the limit itself counts.
    pub inclusive: bool,
    /// The limit, in the unit of the measure.
    pub limit: f64,
}

impl Limit {
    /// Whether a value lies beyond the limit.
    pub fn is_beyond(&self, value: f64) -> bool {
        let beyond = if self.above { value > self.limit } else { value < self.limit };
        beyond || self.inclusive && value == self.limit
    }
}

/// The step, or what is wrong with it.
pub(super) fn step(step: &StepWire, field: &str, scene: &Scene<'_>, found: &mut Mistakes) -> Option<Step> {
    match step {
        StepWire::Screen(ScreenWire::Morris { trajectories, levels }) => {
            scene.needs_unknowns(field, found)?;
            let design = Morris::new(scene.unknowns, *trajectories, *levels);
            found.of(field, design.map(|_| Step::Screen(Screening { trajectories: *trajectories, levels: *levels })))
        }
        StepWire::Sensitivity { design: SobolWire::Sobol { base, scrambles }, of } => {
            scene.needs_unknowns(field, found)?;
            let design = Saltelli::new(&ExploreDraws::new(0), scene.unknowns, *base, *scrambles, true);
            let of = if of.is_empty() { vec![Of::Level, Of::Difference] } else { of.clone() };
            found.of(field, design.map(|_| Step::Sensitivity { base: *base, scrambles: *scrambles, of }))
        }
        StepWire::Discover { bad, by: PrimWire::Prim { peel, mass }, hold_out } => {
            let by = found.of(field, prim::Options { peel: *peel, mass: *mass, paste: true }.checked());
            let bad = found.of(&format!("{field}.bad"), limit(bad));
            let fits = *hold_out > 0.0 && *hold_out < 1.0;
            let why = format!("{hold_out} is not allowed; expected a share above 0 and below 1");
            let hold_out = found.of(&format!("{field}.hold_out"), fits.then_some(*hold_out).ok_or(why));
            scene.needs_unknowns(field, found)?;
            Some(Step::Discover { bad: bad?, by: by?, hold_out: hold_out? })
        }
        StepWire::Robust { by } => robust(by, field, scene.outcomes, found),
        StepWire::Search { method, confirm, futures, against } => {
            searches::search((method, confirm, *futures, against), field, scene, found)
        }
        StepWire::Select { by, certainty } => searches::selection(by, *certainty, field, scene, found),
    }
}

/// What a step is checked against.
pub(super) struct Scene<'a> {
    pub(super) unknowns: usize,
    pub(super) structures: &'a [String],
    pub(super) levers: usize,
    pub(super) outcomes: &'a [Wished],
}

impl Scene<'_> {
    /// A design over what is not known needs something that is not known.
    fn needs_unknowns(&self, field: &str, found: &mut Mistakes) -> Option<()> {
        if self.unknowns == 0 {
            let message = "asks what is not known, and the file names no unknown".to_owned();
            found.add(field, message, "add an unknown, or take the step out");
        }
        (self.unknowns > 0).then_some(())
    }
}

fn robust(by: &[CriterionWire], field: &str, outcomes: &[Wished], found: &mut Mistakes) -> Option<Step> {
    let mut fine = !by.is_empty();
    if by.is_empty() {
        found.add(&format!("{field}.by"), "names no criterion".into(), "write [Regret, Worst(0.05), Satisfice]");
    }
    for criterion in by {
        let wrong = match criterion {
            Criterion::Worst(share) if !(*share > 0.0 && *share <= 1.0) => {
                Some((format!("Worst({share}) is no share; expected above 0 and at most 1"), ""))
            }
            Criterion::Satisfice if outcomes.iter().all(|outcome| outcome.limit.is_none()) => {
                let help = "give an outcome at_most or at_least";
                Some(("Satisfice needs a limit, and no outcome has one".to_owned(), help))
            }
            _ => None,
        };
        if let Some((message, help)) = wrong {
            fine = false;
            found.add(&format!("{field}.by"), message, help);
        }
    }
    fine.then(|| Step::Robust(by.to_vec()))
}

/// `lost > 2e8`: a measure, a comparison, a number.
fn limit(text: &str) -> Result<Limit, String> {
    let expected =
        || format!("\"{text}\" is no limit; expected a measure, one of > >= < <=, and a number, as \"lost > 2e8\"");
    let at = text.find(['<', '>']).ok_or_else(expected)?;
    let (name, rest) = (text[..at].trim(), &text[at + 1..]);
    let (inclusive, number) = rest.strip_prefix('=').map_or((false, rest), |number| (true, number));
    let limit: f64 = number.trim().parse().ok().filter(|limit: &f64| limit.is_finite()).ok_or_else(expected)?;
    Ok(Limit { measure: check::measure(name)?, above: text.as_bytes()[at] == b'>', inclusive, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_measure_a_comparison_and_a_number() {
        let lost = limit("lost > 2e8").unwrap();
        assert_eq!(lost, Limit { measure: Measure::Lost, above: true, inclusive: false, limit: 2e8 });
        assert!(lost.is_beyond(2.1e8) && !lost.is_beyond(2e8));
        let days = limit("median_days<=120").unwrap();
        assert!(days.is_beyond(120.0) && days.is_beyond(1.0) && !days.is_beyond(121.0));
        for wrong in ["lost", "lost > ", "lost > inf", "> 5", "lots > 5"] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
        assert!(limit("lots > 5").unwrap_err().contains("\"lots\""));
    }
}
