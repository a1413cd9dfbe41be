//! Factors: what is not known or may be chosen, and how a share of the unit interval becomes its value.
//!
//! Unknowns and levers are factors alike: a design gives each a share `u`, the [`Distribution`] turns it into a [`Value`] by
//! inversion. Equal shares give equal values, so a discrete factor makes equal points; whoever lives points lives each once.

mod distribution;

pub use distribution::{Distribution, DistributionError, Value};

/// A named factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The name by which tables speak of it.
    pub name: String,
    /// The values it may take.
    pub distribution: Distribution,
}

/// The values of a row of shares, one share a factor, in the order of the factors.
pub fn values(factors: &[Factor], units: &[f64]) -> Vec<Value> {
    factors.iter().zip(units).map(|(factor, &u)| factor.distribution.value(u)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_shares_becomes_a_row_of_values() {
        let factor = |name: &str, distribution| Factor { name: name.into(), distribution };
        let factors = [
            factor("never act", Distribution::uniform(0.0, 0.5).unwrap()),
            factor("layout", Distribution::choice(3).unwrap()),
        ];
        assert_eq!(values(&factors, &[0.5, 0.9]), [Value::Number(0.25), Value::Choice(2)]);
    }
}
