//! A target for a measure, such as `lost < 5e9`: in how many replications a scenario meets it.

use super::{Measure, Results};
use crate::Scope;
use brownout_text::names::nearest;

/// A bound that a measure shall keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    measure: Measure,
    below: bool,
    bound: f64,
}

/// Why a text is no target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\": {reason}; expected a measure, < or >, and a number, such as \"lost < 5e9\"")]
pub struct TargetError {
    text: String,
    reason: String,
}

/// How often a target was met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Met {
    /// Replications that met it.
    pub hits: u32,
    /// Replications.
    pub n: u32,
    /// Bounds of the 95 % interval of the probability (Wilson's score interval).
    pub interval: (f64, f64),
}

impl std::str::FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let fail = |reason: String| TargetError { text: text.to_owned(), reason };
        let at = text.find(['<', '>']).ok_or_else(|| fail("there is no < or > in it".to_owned()))?;
        let (name, rest) = text.split_at(at);
        let names = Measure::ALL.map(Measure::key);
        let measure = Measure::ALL.into_iter().find(|measure| measure.key() == name.trim());
        let measure = measure.ok_or_else(|| {
            let near = nearest(name.trim(), &names);
            let known = if near.is_empty() { format!("known are {}", names.join(", ")) } else { near };
            fail(format!("there is no measure \"{}\", {known}", name.trim()))
        })?;
        let number = rest[1..].trim_start_matches('=').trim();
        let bound: f64 = number.parse().map_err(|_| fail(format!("\"{number}\" is no number")))?;
        let target = Target::new(measure, rest.starts_with('<'), bound);
        target.ok_or_else(|| fail(format!("\"{number}\" is no number")))
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.measure.key(), if self.below { '<' } else { '>' }, self.bound)
    }
}

impl Target {
    /// A measure that shall lie below a bound, or else above it; `None` if the bound is no finite number.
    pub fn new(measure: Measure, below: bool, bound: f64) -> Option<Self> {
        bound.is_finite().then_some(Target { measure, below, bound })
    }

    /// The measure.
    pub const fn measure(&self) -> Measure {
        self.measure
    }

    /// Whether it shall lie below the bound; otherwise above.
    pub const fn below(&self) -> bool {
        self.below
    }

    /// The bound, in the unit of the measure.
    pub const fn bound(&self) -> f64 {
        self.bound
    }

    /// How often a scenario met it. A measure that is not defined in a replication, such as a median that is not reached, is
    /// larger than every bound.
    pub fn met(&self, results: &Results, scenario: usize) -> Met {
        let values = results.scenarios[scenario].values(Scope::All, self.measure);
        let meets = |value: &Option<f64>| match value {
            Some(value) if self.below => *value < self.bound,
            Some(value) => *value > self.bound,
            None => !self.below,
        };
        let (hits, n) = (values.iter().filter(|value| meets(value)).count() as u32, values.len() as u32);
        Met { hits, n, interval: wilson(hits, n) }
    }
}

/// Wilson's 95 % score interval of a probability (Wilson 1927): never outside 0 to 1, right also for 0 or all hits.
fn wilson(hits: u32, n: u32) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    if n == 0 {
        return (0.0, 1.0);
    }
    let (n, share) = (f64::from(n), f64::from(hits) / f64::from(n));
    let z2 = Z * Z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * libm::sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n));
    // Both bounds are exact at the ends, which rounding would miss by a hair.
    let low = if hits == 0 { 0.0 } else { centre - half };
    let high = if f64::from(hits) == n { 1.0 } else { centre + half };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What defines the interval: its bounds are the probabilities that lie just as many standard errors, their own, from the share.
    #[test]
    fn bounds_are_as_far_from_the_share_as_they_say() {
        for n in [1_u32, 2, 7, 20, 100, 5_000] {
            for hits in [0, 1, n / 3, n / 2, n] {
                let (low, high) = wilson(hits, n);
                let share = f64::from(hits) / f64::from(n);
                assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high), "{hits} of {n}: {low} {high}");
                for bound in [low, high].into_iter().filter(|bound| *bound > 0.0 && *bound < 1.0) {
                    let error = libm::sqrt(bound * (1.0 - bound) / f64::from(n));
                    assert!(
                        ((bound - share).abs() / error - 1.959_963_984_540_054).abs() < 1e-9,
                        "{hits} of {n}: {bound}"
                    );
                }
            }
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn targets_are_read_and_refused_in_words() {
        let target: Target = "lost < 5e9".parse().unwrap();
        assert_eq!((target.measure, target.below, target.bound), (Measure::Lost, true, 5e9));
        assert!(!"median_days>=30".parse::<Target>().unwrap().below);
        let words = |text: &str| text.parse::<Target>().unwrap_err().to_string();
        assert!(words("lots < 3").contains("did you mean \"lost\"?"), "{}", words("lots < 3"));
        assert!(words("lost 3").contains("no < or >") && words("lost < x").contains("\"x\" is no number"));
    }
}
