//! Screening by Morris: which factors matter at all, for a few points each.
//!
//! Each trajectory gives one elementary effect of each factor, the change of the output divided by the signed step. Their mean
//! is `mu`, the mean of their sizes `mu*`, their standard deviation `sigma`: a factor that acts linearly and alone has sigma 0.
//!
//! # Sources
//! M. D. Morris, *Technometrics* 33 (1991); F. Campolongo, J. Cariboni and A. Saltelli, "An effective screening design for
//! sensitivity analysis of large models", *Environmental Modelling and Software* 22 (2007), for `mu*`.

use crate::design::morris::Trajectory;
use crate::interval::{Interval, mean_interval, sample_variance};

/// What screening says of one factor. Effects are in the unit of the output, for the whole range of the factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Mean of the elementary effects, with its interval over trajectories.
    pub mu: Interval,
    /// Mean of their absolute values, with its interval over trajectories.
    pub mu_star: Interval,
    /// Standard deviation of the effects, dividing by `n - 1`.
    pub sigma: f64,
}

/// The elementary effects of one trajectory, one for each factor in the order of the factors.
///
/// - `outputs`: at the start and after each move.
/// - `None` if there is not one output for each point.
pub fn elementary_effects(trajectory: &Trajectory, levels: u64, outputs: &[f64]) -> Option<Vec<f64>> {
    if outputs.len() != trajectory.order.len() + 1 {
        return None;
    }
    let mut effects = vec![0.0; trajectory.order.len()];
    for (&factor, pair) in trajectory.order.iter().zip(outputs.windows(2)) {
        effects[factor] = (pair[1] - pair[0]) / trajectory.step(levels, factor);
    }
    Some(effects)
}

/// What the trajectories say together: `effects` holds the elementary effects of each trajectory.
///
/// - `level`: confidence of the intervals; trajectories are independent, so they are Student's.
/// - `None` for fewer than two trajectories, rows of different lengths, or effects that are not finite.
pub fn screen(effects: &[Vec<f64>], level: f64) -> Option<Vec<Effect>> {
    let factors = effects.first()?.len();
    if effects.iter().any(|row| row.len() != factors) {
        return None;
    }
    let effect = |factor: usize| {
        let values: Vec<f64> = effects.iter().map(|row| row[factor]).collect();
        let sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
        let sigma = libm::sqrt(sample_variance(&values)?);
        Some(Effect { mu: mean_interval(&values, level)?, mu_star: mean_interval(&sizes, level)?, sigma })
    };
    (0..factors).map(effect).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_down_has_the_effect_of_the_same_step_up() {
        let up = Trajectory { start: vec![0, 0], order: vec![1, 0] };
        let down = Trajectory { start: vec![2, 2], order: vec![0, 1] };
        // y = x1 + 3 x2 on four levels, step 2/3.
        let outputs = |trajectory: &Trajectory| -> Vec<f64> {
            (0..3).map(|moves| trajectory.point(4, moves)).map(|x| x[0] + 3.0 * x[1]).collect()
        };
        for trajectory in [up, down] {
            let effects = elementary_effects(&trajectory, 4, &outputs(&trajectory)).unwrap();
            assert!((effects[0] - 1.0).abs() < 1e-14 && (effects[1] - 3.0).abs() < 1e-14, "{effects:?}");
        }
    }

    #[test]
    fn too_little_to_screen_gives_nothing() {
        let trajectory = Trajectory { start: vec![0], order: vec![0] };
        assert_eq!(elementary_effects(&trajectory, 4, &[1.0]), None);
        assert_eq!(screen(&[], 0.95), None);
        assert_eq!(screen(&[vec![1.0]], 0.95), None);
        assert_eq!(screen(&[vec![1.0], vec![]], 0.95), None);
        assert_eq!(screen(&[vec![1.0], vec![f64::INFINITY]], 0.95), None);
    }
}
