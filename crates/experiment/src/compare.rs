//! Paired comparison with the baseline scenario, replication by replication.

use super::Measure;
use super::results::{LEVEL, Results};
use crate::Scope;
use brownout_kernel::stats::{Estimate, paired_interval};

/// What a paired difference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The interval lies below 0.
    Fewer,
    /// The interval lies above 0.
    More,
    /// Every replication gives the same, and there are at least two.
    Same,
    /// The interval holds 0, or there is none: one replication tells nothing apart, whatever it gives.
    CannotTell,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Fewer => "fewer",
            Verdict::More => "more",
            Verdict::Same => "the same",
            Verdict::CannotTell => "cannot tell apart yet",
        }
    }
}

/// The difference of a scenario to the baseline scenario in one measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Scenario minus baseline scenario, mean over replications, with its 95 % interval.
    pub estimate: Estimate,
    /// How many times the variance of unpaired runs exceeds that of the paired difference; `None` if the difference never
    /// varies or there is one replication.
    pub variance_ratio: Option<f64>,
    /// In words.
    pub verdict: Verdict,
}

/// The paired difference of scenario `scenario` to the first; `None` where the measure is undefined in a replication.
pub fn difference(results: &Results, scenario: usize, scope: Scope, measure: Measure) -> Option<Difference> {
    between(results, scenario, 0, scope, measure)
}

/// As [`difference`], to any scenario: `scenario` minus `other`.
pub fn between(results: &Results, scenario: usize, other: usize, scope: Scope, measure: Measure) -> Option<Difference> {
    let values = |s: usize| -> Option<Vec<f64>> { results.scenarios[s].values(scope, measure).into_iter().collect() };
    let paired = paired_interval(&values(scenario)?, &values(other)?, LEVEL)?;
    let estimate = paired.estimate;
    let verdict = match (estimate.low, estimate.high) {
        (Some(low), Some(high)) if low == 0.0 && high == 0.0 => Verdict::Same,
        (Some(_), Some(high)) if high < 0.0 => Verdict::Fewer,
        (Some(low), Some(_)) if low > 0.0 => Verdict::More,
        _ => Verdict::CannotTell,
    };
    Some(Difference { estimate, variance_ratio: paired.variance_ratio, verdict })
}
