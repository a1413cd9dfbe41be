//! PRIM, the patient rule induction method: a box is peeled, a small share at a time, where the cases of interest get denser.
//!
//! At each step every side of every factor offers a peel: of an ordered factor the points beyond the quantile at `peel`, of a
//! choice the points with one of its options. The peel with the greatest gain of density for each point removed is taken (the
//! lenient objective), while the density rises and the box keeps its mass. Then the box may be pasted: sides move out again
//! while that raises the density.
//!
//! # Sources
//! J. H. Friedman and N. I. Fisher, "Bump hunting in high-dimensional data", *Statistics and Computing* 9 (1999), sections 8 and
//! 14; J. H. Kwakkel and M. Jaxa-Rozen, "Improving scenario discovery for handling heterogeneous uncertainties and multinomial
//! classified outcomes", *Environmental Modelling and Software* 79 (2016), for the lenient objective and choices. Quantiles as
//! in EMA Workbench: a limit lies halfway between the last point removed and the first kept.

mod paste;
mod peel;

use super::{Cases, Counts, Limits};
use peel::Peel;

/// How a box is searched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Share of the points in the box that one peel of an ordered factor takes away, above 0 and below 0.5.
    pub peel: f64,
    /// Least share of all points that a box must hold, at least 0 and below 1.
    pub mass: f64,
    /// Whether the last box is pasted.
    pub paste: bool,
}

/// Why a box cannot be searched.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum OptionsError {
    /// The share of a peel.
    #[error("peel {peel} is not allowed; it must lie above 0 and below 0.5")]
    Peel {
        /// What was asked for.
        peel: f64,
    },
    /// The least mass.
    #[error("mass {mass} is not allowed; it must be at least 0 and below 1")]
    Mass {
        /// What was asked for.
        mass: f64,
    },
}

impl Options {
    /// Checks the shares.
    ///
    /// # Errors
    /// [`OptionsError`] for a share outside its range.
    pub fn checked(self) -> Result<Self, OptionsError> {
        match self {
            Options { peel, .. } if !(peel > 0.0 && peel < 0.5) => Err(OptionsError::Peel { peel }),
            Options { mass, .. } if !(0.0..1.0).contains(&mass) => Err(OptionsError::Mass { mass }),
            _ => Ok(self),
        }
    }
}

/// A box on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Limits of the box.
    pub limits: Limits,
    /// Points in the box.
    pub counts: Counts,
    /// Share of all points of interest that the box holds.
    pub coverage: f64,
    /// Share of the points in the box that are of interest.
    pub density: f64,
    /// Share of all points that the box holds.
    pub mass: f64,
    /// How many factors are restricted.
    pub dims: usize,
}

/// The boxes from the whole space to the last peel, then one for each paste.
///
/// - `None` if no point is of interest: there is nothing to look for.
///
/// # Errors
/// [`OptionsError`] for a share outside its range.
pub fn trajectory(cases: &Cases, options: Options) -> Result<Option<Vec<Step>>, OptionsError> {
    let options = options.checked()?;
    if cases.of_interest() == 0 {
        return Ok(None);
    }
    let mut limits = Limits::none(cases.factors());
    let mut points: Vec<usize> = (0..cases.points()).collect();
    let mut steps = vec![step(cases, limits.clone(), &points)];
    while let Some(peel) = peel::best(cases, &points, &limits, options) {
        let Peel { limits: next, kept, .. } = peel;
        (limits, points) = (next, kept);
        steps.push(step(cases, limits.clone(), &points));
    }
    if options.paste {
        while let Some((next, kept)) = paste::best(cases, &limits, options.peel) {
            (limits, points) = (next, kept);
            steps.push(step(cases, limits.clone(), &points));
        }
    }
    Ok(Some(steps))
}

/// The box with the greatest F1, the harmonic mean of coverage and density: where both are good. The first of equals.
pub fn balanced(steps: &[Step]) -> Option<&Step> {
    let f1 = |step: &Step| 2.0 * step.counts.k as f64 / (step.counts.n as f64 + step.counts.k as f64 / step.coverage);
    steps.iter().rev().max_by(|a, b| f1(a).total_cmp(&f1(b)))
}

fn step(cases: &Cases, limits: Limits, points: &[usize]) -> Step {
    let counts = counts_of(cases, points);
    Step {
        coverage: counts.coverage(cases.of_interest()).unwrap_or(0.0),
        density: counts.density().unwrap_or(0.0),
        mass: counts.n as f64 / cases.points() as f64,
        dims: limits.restricted().len(),
        counts,
        limits,
    }
}

fn counts_of(cases: &Cases, points: &[usize]) -> Counts {
    Counts { n: points.len(), k: points.iter().filter(|&&point| cases.of_interest[point]).count() }
}

#[cfg(test)]
mod tests {
    use super::super::FactorKind;
    use super::*;

    const OPTIONS: Options = Options { peel: 0.1, mass: 0.05, paste: true };

    #[test]
    fn a_corner_is_found_and_what_does_nothing_is_left_alone() {
        let (a, b): (Vec<f64>, Vec<f64>) = (0..400).map(|k| (f64::from(k % 20), f64::from(k / 20))).unzip();
        let inside = a.iter().map(|a| *a >= 15.0).collect();
        let cases = Cases::new(vec![(FactorKind::Ordered, a), (FactorKind::Ordered, b)], inside).unwrap();
        let steps = trajectory(&cases, OPTIONS).unwrap().unwrap();
        let last = steps.last().unwrap();
        assert_eq!((last.counts, last.dims), (Counts { n: 100, k: 100 }, 1));
        assert_eq!(last.limits, Limits::none(2).with_low(0, 14.5));
        assert_eq!(balanced(&steps), steps.iter().find(|step| step.counts.n == 100));
    }

    #[test]
    fn options_of_a_choice_are_taken_away_one_by_one() {
        let choice: Vec<f64> = (0..90).map(|k| f64::from(k % 3)).collect();
        let inside = choice.iter().map(|choice| *choice == 1.0).collect();
        let cases = Cases::new(vec![(FactorKind::Choice, choice)], inside).unwrap();
        let steps = trajectory(&cases, OPTIONS).unwrap().unwrap();
        assert_eq!(steps.last().unwrap().limits, Limits::none(1).without(0, 0.0).without(0, 2.0));
        assert_eq!(steps.last().unwrap().density, 1.0);
    }

    #[test]
    fn without_cases_there_is_no_box_and_bad_shares_are_refused() {
        let cases = Cases::new(vec![(FactorKind::Ordered, vec![0.0, 1.0])], vec![false; 2]).unwrap();
        assert_eq!(trajectory(&cases, OPTIONS), Ok(None));
        let peel = Options { peel: 0.0, ..OPTIONS };
        assert_eq!(trajectory(&cases, peel), Err(OptionsError::Peel { peel: 0.0 }));
        let mass = Options { mass: 1.0, ..OPTIONS };
        assert_eq!(trajectory(&cases, mass), Err(OptionsError::Mass { mass: 1.0 }));
    }
}
