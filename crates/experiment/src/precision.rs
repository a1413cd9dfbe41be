//! Precision on request: replications are added until a difference is known well enough.
//!
//! Replications come in batches of fixed size, so where a run stops depends on the numbers alone, never on the threads. The
//! interval is looked at after every batch; stopping at the first that is narrow enough makes it cover a little less often
//! than 95 % (Law, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1, on sequential procedures), which is why at
//! least the study's own number of replications is always run.

use crate::Scope;
use brownout_kernel::limits::{Refusal, Rule};
use std::str::FromStr;

use super::compare::difference;
use super::{Measure, Part, Progress, Results, Runner, Stopped};
use brownout_text::names::nearest;

/// Replications added at a time.
pub const BATCH: u32 = 10;
/// Most replications, unless the user says otherwise.
pub const REPLICATIONS_MAX: u32 = 1_000;

/// How well a measure is to be known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    measure: Measure,
    half_width: HalfWidth,
}

/// A half-width of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfWidth {
    /// In percent of the baseline scenario's mean.
    Percent(f64),
    /// In the unit of the measure.
    Absolute(f64),
}

/// Why a text is no precision target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no precision: {reason}; write a measure and a half-width, such as lost:2% or median_days:0.5")]
pub struct PrecisionError {
    text: String,
    reason: String,
}

impl std::fmt::Display for Precision {
    /// As it is written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.half_width {
            HalfWidth::Percent(percent) => write!(f, "{}:{percent}%", self.measure.key()),
            HalfWidth::Absolute(width) => write!(f, "{}:{width}", self.measure.key()),
        }
    }
}

impl FromStr for Precision {
    type Err = PrecisionError;

    fn from_str(text: &str) -> Result<Self, PrecisionError> {
        let fail = |reason: String| PrecisionError { text: text.to_owned(), reason };
        let (name, width) = text.split_once(':').ok_or_else(|| fail("there is no colon in it".to_owned()))?;
        let names = Measure::ALL.map(Measure::key);
        let measure = names.iter().position(|known| *known == name.trim()).map(|index| Measure::ALL[index]);
        let measure = measure.ok_or_else(|| {
            let near = nearest(name.trim(), &names);
            fail(format!("there is no measure \"{}\"{}{near}", name.trim(), if near.is_empty() { "" } else { ", " }))
        })?;
        let width = width.trim();
        let number: f64 = width
            .strip_suffix('%')
            .unwrap_or(width)
            .trim()
            .parse()
            .map_err(|_| fail(format!("\"{width}\" is no number")))?;
        let half_width = if width.ends_with('%') { HalfWidth::Percent(number) } else { HalfWidth::Absolute(number) };
        Precision::new(measure, half_width).map_err(|refusal| fail(refusal.rule().to_string()))
    }
}

/// A precision target and its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrecisionTarget {
    /// The target.
    pub precision: Precision,
    /// The study's own number of replications, which is run in any case.
    pub own: u32,
    /// Most replications that may be run.
    pub most: u32,
}

/// How a run for precision ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// The widest half-width of any scenario, in the unit of the measure; `None` if it is undefined.
    pub half_width: Option<f64>,
    /// The half-width asked for, in the unit of the measure.
    pub wanted: Option<f64>,
    /// Whether the target is met.
    pub met: bool,
}

impl Precision {
    /// A measure that is to be known to a half-width.
    ///
    /// # Errors
    /// If the half-width is not more than 0, or no finite number.
    pub fn new(measure: Measure, half_width: HalfWidth) -> Result<Self, Refusal> {
        let (HalfWidth::Percent(number) | HalfWidth::Absolute(number)) = half_width;
        match number > 0.0 && number.is_finite() {
            true => Ok(Precision { measure, half_width }),
            false => Err(Refusal::of("half_width", Rule::Broken("the half-width must be more than 0"))),
        }
    }

    /// The measure, over all groups.
    pub const fn measure(&self) -> Measure {
        self.measure
    }

    /// Half-width of the 95 % interval of its paired difference (of its mean, in a study of one scenario).
    pub const fn half_width(&self) -> HalfWidth {
        self.half_width
    }

    /// Where results stand.
    pub fn reached(&self, results: &Results) -> Reached {
        let half = |low: Option<f64>, high: Option<f64>| Some((high? - low?) / 2.0);
        let baseline = results.scenarios[0].summary(Scope::All, self.measure);
        let wanted = match self.half_width {
            HalfWidth::Absolute(width) => Some(width),
            HalfWidth::Percent(percent) => baseline.map(|summary| percent / 100.0 * summary.estimate.mean.abs()),
        };
        let mut widths: Vec<Option<f64>> = (1..results.scenarios.len())
            .map(|scenario| {
                let estimate = difference(results, scenario, Scope::All, self.measure)?.estimate;
                half(estimate.low, estimate.high)
            })
            .collect();
        if widths.is_empty() {
            widths.push(baseline.and_then(|summary| half(summary.estimate.low, summary.estimate.high)));
        }
        let widest: Option<Vec<f64>> = widths.into_iter().collect();
        let half_width = widest.map(|widths| widths.into_iter().fold(0.0, f64::max));
        let met = half_width.zip(wanted).is_some_and(|(width, wanted)| width <= wanted);
        Reached { half_width, wanted, met }
    }
}

/// The number of replications after which a run for precision looks again: the study's own, then batches, at most `most`.
///
/// - `have`: replications so far, which may lie between two looks if the run was interrupted there.
pub fn next_look(own: u32, have: u32, most: u32) -> u32 {
    let batches = have.saturating_sub(own) / BATCH + u32::from(have >= own);
    (own + batches * BATCH).min(most.max(own))
}

/// Whether a run for precision looks at its results after `have` replications.
pub fn is_look(own: u32, have: u32, most: u32) -> bool {
    have >= own && ((have - own).is_multiple_of(BATCH) || have >= most)
}

/// Adds batches of replications until the target is met or `most` replications have run, and shows every part to `keep`.
///
/// # Errors
/// The first error of `keep` ends the work, and [`Stopped`] if the runner's watch ended it.
pub fn extend_until<E: From<Stopped>>(
    results: &mut Results,
    runner: &Runner<'_>,
    target: &PrecisionTarget,
    progress: Progress<'_>,
    keep: &mut dyn FnMut(&Part) -> Result<(), E>,
) -> Result<Reached, E> {
    let PrecisionTarget { precision, own, most } = *target;
    loop {
        if is_look(own, results.replications, most) {
            let reached = precision.reached(results);
            if reached.met || results.replications >= most {
                return Ok(reached);
            }
        }
        let next = next_look(own, results.replications, most);
        results.extend_keeping(runner, next, progress, keep)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_and_bad_ones_named() {
        let wish: Precision = "lost:2%".parse().unwrap();
        assert_eq!(wish, Precision { measure: Measure::Lost, half_width: HalfWidth::Percent(2.0) });
        let wish: Precision = "median_days: 0.5".parse().unwrap();
        assert_eq!((wish.half_width, wish.to_string().as_str()), (HalfWidth::Absolute(0.5), "median_days:0.5"));
        for (text, word) in
            [("lost", "colon"), ("lots:2%", "did you mean"), ("lost:x", "no number"), ("lost:-1", "more than 0")]
        {
            let error = text.parse::<Precision>().unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn an_interrupted_run_looks_where_an_uninterrupted_one_does() {
        let (own, most) = (25, 48);
        let looks: Vec<u32> = (0..=most).filter(|&have| is_look(own, have, most)).collect();
        assert_eq!(looks, [25, 35, 45, 48]);
        for have in 0..most {
            let next = looks.iter().copied().find(|&look| look > have).unwrap();
            assert_eq!(next_look(own, have, most), next, "after {have}");
        }
    }
}
