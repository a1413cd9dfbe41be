//! OCBA: where the next replications tell most about which system is best.
//!
//! # Source
//! C.-H. Chen, J. Lin, E. Yücesan and S. E. Chick, "Simulation budget allocation for further enhancing the efficiency of ordinal
//! optimization", *Discrete Event Dynamic Systems* 10 (2000), theorem 1.

/// Why replications cannot be allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OcbaError {
    /// Fewer than two systems, or not one spread for each.
    #[error("replications are allocated among at least 2 systems, each with a mean and a standard deviation")]
    Systems,
    /// A mean that is not finite, or a standard deviation that is not above 0.
    #[error("system {system} has no finite mean with a standard deviation above 0")]
    System {
        /// The system, from 0.
        system: usize,
    },
    /// Two systems share the least mean.
    #[error("systems {first} and {second} share the least mean; the allocation needs one best system")]
    Tie {
        /// The first of them.
        first: usize,
        /// The second.
        second: usize,
    },
}

/// Shares of a budget of replications; less is better. They add up to 1.
///
/// A system other than the best gets `(sd / difference to the best)²`, the best `sd × √(sum of (share / sd)²)`.
///
/// # Errors
/// [`OcbaError`] for too few systems, values that are not finite, or a tie.
pub fn shares(means: &[f64], sds: &[f64]) -> Result<Vec<f64>, OcbaError> {
    if means.len() < 2 || means.len() != sds.len() {
        return Err(OcbaError::Systems);
    }
    let odd = |system: &usize| !(means[*system].is_finite() && sds[*system].is_finite() && sds[*system] > 0.0);
    if let Some(system) = (0..means.len()).find(odd) {
        return Err(OcbaError::System { system });
    }
    let best = (0..means.len()).min_by(|&a, &b| means[a].total_cmp(&means[b])).unwrap_or(0);
    if let Some(second) = (0..means.len()).find(|&other| other != best && means[other] == means[best]) {
        return Err(OcbaError::Tie { first: best, second });
    }
    let mut weights: Vec<f64> = (0..means.len())
        .map(|at| if at == best { 0.0 } else { sds[at] / (means[at] - means[best]) })
        .map(|ratio| ratio * ratio)
        .collect();
    let squares = weights.iter().zip(sds).fold(0.0, |sum, (weight, sd)| sum + weight / sd * (weight / sd));
    weights[best] = sds[best] * libm::sqrt(squares);
    let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
    Ok(weights.into_iter().map(|weight| weight / sum).collect())
}

/// How the next `budget` replications are spent, so that all lived so far come as near as can be to the shares.
///
/// - `lived`: replications of each system so far. What a system has lived beyond its share stays; the others share the rest.
/// - Rounded by largest remainder, of equals the first; the result adds up to `budget`.
///
/// # Errors
/// As [`shares`], and [`OcbaError::Systems`] unless there is one count for each system.
pub fn allocation(means: &[f64], sds: &[f64], lived: &[u64], budget: u64) -> Result<Vec<u64>, OcbaError> {
    let shares = shares(means, sds)?;
    if lived.len() != shares.len() {
        return Err(OcbaError::Systems);
    }
    let wanted = missing(&shares, lived, budget);
    let mut given: Vec<u64> = wanted.iter().map(|wanted| libm::floor(*wanted) as u64).collect();
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let rest = |at: usize| wanted[at] - libm::floor(wanted[at]);
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)).then(a.cmp(&b)));
    let short = budget.saturating_sub(given.iter().sum());
    order.into_iter().cycle().take(short as usize).for_each(|at| given[at] += 1);
    Ok(given)
}

/// What each system lacks of its share. Those that have enough drop out, and the shares of the others are scaled up.
fn missing(shares: &[f64], lived: &[u64], budget: u64) -> Vec<f64> {
    let mut open = vec![true; shares.len()];
    loop {
        let sum = |of: &dyn Fn(usize) -> f64| (0..open.len()).filter(|&at| open[at]).fold(0.0, |sum, at| sum + of(at));
        let total = budget as f64 + sum(&|at| lived[at] as f64);
        let all = sum(&|at| shares[at]);
        let lack = |at: usize| if open[at] { shares[at] / all * total - lived[at] as f64 } else { 0.0 };
        match (0..open.len()).find(|&at| open[at] && lack(at) < 0.0) {
            Some(full) => open[full] = false,
            None => return (0..open.len()).map(lack).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_to_the_last_replication() {
        let given = allocation(&[1.0, 2.0, 3.0], &[1.0; 3], &[0; 3], 1000).unwrap();
        assert_eq!(given.iter().sum::<u64>(), 1000);
        // sqrt 17 : 4 : 1.
        assert_eq!(given, [452, 438, 110]);
    }

    #[test]
    fn what_has_lived_more_than_its_share_gets_nothing() {
        let given = allocation(&[1.0, 2.0, 3.0], &[1.0; 3], &[10, 10, 500], 100).unwrap();
        assert_eq!((given[2], given.iter().sum::<u64>()), (0, 100));
        assert_eq!(allocation(&[1.0, 2.0], &[1.0; 2], &[0; 2], 0).unwrap(), [0, 0]);
    }

    #[test]
    fn what_cannot_be_allocated_is_refused() {
        assert_eq!(shares(&[1.0], &[1.0]), Err(OcbaError::Systems));
        assert_eq!(shares(&[1.0, 2.0], &[1.0, 0.0]), Err(OcbaError::System { system: 1 }));
        assert_eq!(shares(&[2.0, 1.0, 1.0], &[1.0; 3]), Err(OcbaError::Tie { first: 1, second: 2 }));
        assert_eq!(allocation(&[1.0, 2.0], &[1.0; 2], &[0], 1), Err(OcbaError::Systems));
    }
}
