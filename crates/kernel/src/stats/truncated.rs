//! The exponential law between 0 and 1, cut off and rescaled: what is assumed of values of which only their range and mean are known.

/// A law on `[0, 1]` with density proportional to `exp(-rate u)`: of all laws on it with the same mean the one of greatest entropy.
/// Times to an event of constant hazard follow it exactly within any stretch.
///
/// # Source
/// Jaynes, "Information theory and statistical mechanics", *Physical Review* 106 (1957).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedExponential {
    /// At least 0.
    rate: f64,
    /// Falling from 1 down instead of from 0 up, for means above one half.
    mirrored: bool,
    mean: f64,
}

/// Below this rate the law is taken as even; the shift to the right mean makes up for what that moves.
const EVEN: f64 = 1e-3;

impl TruncatedExponential {
    /// The law with a mean; means outside 0 to 1 count as the nearer end.
    pub fn with_mean(mean: f64) -> Self {
        let mean = mean.clamp(0.0, 1.0);
        let mirrored = mean > 0.5;
        let low = if mirrored { 1.0 - mean } else { mean };
        TruncatedExponential { rate: rate_of(low.max(1e-9)), mirrored, mean }
    }

    /// Cuts the law into slices that hold these shares of it, from 0 up, and tells the mean of each. The means, weighted by the
    /// shares, have the law's mean exactly.
    ///
    /// - `shares`: above 0, with sum 1.
    pub fn slices(&self, shares: &[f64]) -> Vec<f64> {
        let mut means = vec![0.0; shares.len()];
        let (mut passed, mut below) = (0.0, 0.0);
        for i in 0..shares.len() {
            let i = if self.mirrored { shares.len() - 1 - i } else { i };
            passed += shares[i];
            let up_to = self.part_of_mean(passed.min(1.0));
            let mean = (up_to - below) / shares[i];
            means[i] = if self.mirrored { 1.0 - mean } else { mean };
            below = up_to;
        }
        let found: f64 = means.iter().zip(shares).map(|(mean, share)| mean * share).sum();
        means.iter().map(|mean| (mean + self.mean - found).clamp(0.0, 1.0)).collect()
    }

    /// What the lowest share `p` adds to the mean of the law that is not mirrored.
    fn part_of_mean(&self, p: f64) -> f64 {
        if self.rate < EVEN {
            return p * p / 2.0;
        }
        let whole = -libm::expm1(-self.rate);
        // Nothing is left beyond a steep law's last slice, where the logarithm would have no end.
        let left = 1.0 - p * whole;
        let beyond = if left > 0.0 { (1.0 / self.rate - libm::log1p(-p * whole) / self.rate) * left } else { 0.0 };
        (1.0 / self.rate - beyond) / whole
    }
}

/// The rate of the law with a mean of at most one half: the root of `1/rate - 1/(exp(rate) - 1) = mean`, by Newton's method from
/// below, where it cannot overshoot.
fn rate_of(mean: f64) -> f64 {
    let mut rate = 1.0 / mean - 1.0 / (1.0 - mean);
    if rate < EVEN {
        return 0.0;
    }
    for _ in 0..20 {
        let above = libm::expm1(rate);
        let slope = if above.is_finite() { (above + 1.0) / (above * above) } else { 0.0 } - 1.0 / (rate * rate);
        let step = (1.0 / rate - 1.0 / above - mean) / slope;
        rate -= step;
        if step.abs() <= 1e-12 * rate {
            break;
        }
    }
    rate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::assert_near;

    #[test]
    fn a_constant_hazard_is_met_exactly() {
        // exp(1) cut at 1 has mean 1 - 1/(e - 1).
        let e = std::f64::consts::E;
        let law = TruncatedExponential::with_mean(1.0 - 1.0 / (e - 1.0));
        assert_near(law.rate, 1.0, 1e-10);
        // Its lower half ends at -ln((1 + 1/e) / 2).
        let end = -((1.0 + 1.0 / e) / 2.0).ln();
        let below = (1.0 - (end + 1.0) * (-end).exp()) / (1.0 - 1.0 / e);
        assert_near(law.slices(&[0.5, 0.5])[0], 2.0 * below, 1e-10);
    }

    #[test]
    fn slices_rise_and_keep_the_mean() {
        let shares: Vec<f64> = (1..=24).map(|i| f64::from(i) / 300.0).collect();
        for mean in [0.0, 1e-12, 1e-6, 0.01, 0.2, 0.4999, 0.5, 0.50001, 0.7, 0.99, 1.0 - 1e-9, 1.0] {
            let slices = TruncatedExponential::with_mean(mean).slices(&shares);
            let found: f64 = slices.iter().zip(&shares).map(|(slice, share)| slice * share).sum();
            assert_near(found, mean, 1e-8);
            assert!(slices.is_sorted() && slices.iter().all(|slice| (0.0..=1.0).contains(slice)), "{mean}: {slices:?}");
        }
    }

    #[test]
    fn an_even_law_has_even_slices() {
        for (found, right) in
            TruncatedExponential::with_mean(0.5).slices(&[0.25; 4]).iter().zip([0.125, 0.375, 0.625, 0.875])
        {
            assert_near(*found, right, 1e-12);
        }
    }
}
