//! KN: a fully sequential procedure that drops systems as soon as they are clearly worse.
//!
//! With probability at least `1 - alpha` the system that is left is the best, if the best is better than every other by at least
//! `delta`. Variances are those of paired differences, so common random numbers shorten the search.
//!
//! # Source
//! S.-H. Kim and B. L. Nelson, "A fully sequential procedure for indifference-zone selection in simulation", *ACM Transactions on
//! Modeling and Computer Simulation* 11 (2001), section 3.1 with `c = 1`.

use crate::interval::sample_variance;

/// What a selection asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnOptions {
    /// Chance of a wrong choice, above 0 and below 1 - 1 / systems.
    pub alpha: f64,
    /// The least difference that matters, in the unit of the outcome, above 0.
    pub delta: f64,
    /// Replications of every system before any is dropped, at least 2.
    pub first_stage: u64,
}

/// Why a selection cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum KnError {
    /// Fewer than two systems.
    #[error("{systems} systems are too few; a selection needs at least 2")]
    Systems {
        /// How many there are.
        systems: usize,
    },
    /// The chance of a wrong choice.
    #[error("alpha is {alpha}; it must lie above 0 and below the chance of a blind choice being wrong")]
    Alpha {
        /// What was asked for.
        alpha: f64,
    },
    /// The least difference that matters.
    #[error("delta {delta} is not allowed; it must be finite and above 0")]
    Delta {
        /// What was asked for.
        delta: f64,
    },
    /// Replications of the first stage.
    #[error("a first stage of {first_stage} is not allowed; variances need at least 2 replications")]
    FirstStage {
        /// What was asked for.
        first_stage: u64,
    },
    /// Not one finite value for each system that is left.
    #[error("a replication needs one finite value for each of the {expected} systems that are left")]
    Values {
        /// How many systems are left.
        expected: usize,
    },
}

/// The constant of the procedure, `((2 alpha / (systems - 1))^(-2 / (n0 - 1)) - 1) / 2`.
pub fn kn_eta(systems: usize, alpha: f64, first_stage: u64) -> f64 {
    let beta = 2.0 * alpha / (systems as f64 - 1.0);
    (libm::pow(beta, -2.0 / (first_stage as f64 - 1.0)) - 1.0) / 2.0
}

/// A selection under way: less is better. One replication of every system that is left is added at a time.
#[derive(Clone, Debug)]
pub struct Kn {
    options: KnOptions,
    /// `2 eta (n0 - 1)`.
    h_squared: f64,
    left: Vec<usize>,
    replications: u64,
    used: u64,
    sums: Vec<f64>,
    /// The values of the first stage, by system.
    first: Vec<Vec<f64>>,
    /// Variances of paired differences, by system and system.
    variances: Vec<Vec<f64>>,
}

impl Kn {
    /// A selection among `systems`.
    ///
    /// # Errors
    /// [`KnError`] for options outside their ranges.
    pub fn new(systems: usize, options: KnOptions) -> Result<Self, KnError> {
        let KnOptions { alpha, delta, first_stage } = options;
        if systems < 2 {
            return Err(KnError::Systems { systems });
        }
        if !(alpha > 0.0 && alpha < 1.0 - 1.0 / systems as f64) {
            return Err(KnError::Alpha { alpha });
        }
        if !(delta > 0.0 && delta.is_finite()) {
            return Err(KnError::Delta { delta });
        }
        if first_stage < 2 {
            return Err(KnError::FirstStage { first_stage });
        }
        Ok(Kn {
            options,
            h_squared: 2.0 * kn_eta(systems, alpha, first_stage) * (first_stage as f64 - 1.0),
            left: (0..systems).collect(),
            replications: 0,
            used: 0,
            sums: vec![0.0; systems],
            first: vec![Vec::new(); systems],
            variances: Vec::new(),
        })
    }

    /// The systems that are left, in order. One is the choice.
    pub fn left(&self) -> &[usize] {
        &self.left
    }

    /// The choice, once one system is left.
    pub fn chosen(&self) -> Option<usize> {
        if let [chosen] = self.left[..] { Some(chosen) } else { None }
    }

    /// Replications that the systems left have lived.
    pub fn replications(&self) -> u64 {
        self.replications
    }

    /// Replications that all systems together have lived.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Adds the next replication: one value for each system that is left, in the order of [`left`](Self::left).
    ///
    /// # Errors
    /// [`KnError::Values`] unless there is one finite value for each.
    pub fn add(&mut self, values: &[f64]) -> Result<(), KnError> {
        if values.len() != self.left.len() || values.iter().any(|value| !value.is_finite()) {
            return Err(KnError::Values { expected: self.left.len() });
        }
        let first_stage = self.replications < self.options.first_stage;
        for (&system, &value) in self.left.iter().zip(values) {
            self.sums[system] += value;
            if first_stage {
                self.first[system].push(value);
            }
        }
        self.replications += 1;
        self.used += values.len() as u64;
        if self.replications == self.options.first_stage {
            self.variances = paired_variances(&self.first);
        }
        if self.replications >= self.options.first_stage {
            self.drop_the_worse();
        }
        Ok(())
    }

    /// A system stays if its sum is below that of every other one left by more than minus the width between them.
    fn drop_the_worse(&mut self) {
        let stays = |system: usize| {
            self.left
                .iter()
                .all(|&other| other == system || self.sums[system] - self.sums[other] <= self.width(system, other))
        };
        let left: Vec<usize> = self.left.iter().copied().filter(|&system| stays(system)).collect();
        // At width 0 the least sum stays; with equal sums at width 0 all of them do, and the first is taken.
        let closed = left.iter().all(|&a| left.iter().all(|&b| a == b || self.width(a, b) <= 0.0));
        self.left = if closed && left.len() > 1 { left[..1].to_vec() } else { left };
    }

    /// `max(0, delta / 2 (h² S² / delta² - r))`, as a difference of sums over `r` replications.
    fn width(&self, system: usize, other: usize) -> f64 {
        let KnOptions { delta, .. } = self.options;
        let variance = self.variances[system][other];
        (delta / 2.0 * (self.h_squared * variance / (delta * delta) - self.replications as f64)).max(0.0)
    }
}

fn paired_variances(first: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let variance = |a: &Vec<f64>, b: &Vec<f64>| {
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        sample_variance(&differences).unwrap_or(0.0)
    };
    first.iter().map(|a| first.iter().map(|b| variance(a, b)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: KnOptions = KnOptions { alpha: 0.05, delta: 1.0, first_stage: 3 };

    #[test]
    fn without_noise_the_least_is_chosen_at_the_end_of_the_first_stage() {
        let mut selection = Kn::new(3, OPTIONS).unwrap();
        for _ in 0..3 {
            assert_eq!(selection.chosen(), None);
            selection.add(&[2.0, 1.0, 5.0]).unwrap();
        }
        assert_eq!((selection.chosen(), selection.replications(), selection.used()), (Some(1), 3, 9));
    }

    #[test]
    fn identical_systems_end_with_the_first() {
        let mut selection = Kn::new(2, OPTIONS).unwrap();
        while selection.chosen().is_none() {
            let value = selection.replications() as f64;
            selection.add(&[value, value]).unwrap();
        }
        assert_eq!((selection.chosen(), selection.replications()), (Some(0), 3));
    }

    #[test]
    fn what_cannot_be_selected_is_refused() {
        assert_eq!(Kn::new(1, OPTIONS).unwrap_err(), KnError::Systems { systems: 1 });
        assert_eq!(Kn::new(2, KnOptions { alpha: 0.5, ..OPTIONS }).unwrap_err(), KnError::Alpha { alpha: 0.5 });
        assert_eq!(Kn::new(2, KnOptions { delta: 0.0, ..OPTIONS }).unwrap_err(), KnError::Delta { delta: 0.0 });
        let short = KnOptions { first_stage: 1, ..OPTIONS };
        assert_eq!(Kn::new(2, short).unwrap_err(), KnError::FirstStage { first_stage: 1 });
        let mut selection = Kn::new(2, OPTIONS).unwrap();
        assert_eq!(selection.add(&[1.0]), Err(KnError::Values { expected: 2 }));
        assert_eq!(selection.add(&[1.0, f64::NAN]), Err(KnError::Values { expected: 2 }));
    }
}
