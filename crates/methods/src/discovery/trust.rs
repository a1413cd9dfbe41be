//! How far a box can be trusted: the held-out half, quasi-p values, and how often resampling restricts the same factors.
//!
//! # Source
//! B. P. Bryant and R. J. Lempert, "Thinking inside the box: a participatory, computer-assisted approach to scenario discovery",
//! *Technological Forecasting and Social Change* 77 (2010), section 3.3.

use super::prim::{Options, OptionsError, balanced, trajectory};
use super::{Cases, Limits};
use crate::words::{Purpose, Words, shuffled};

/// For each factor the chance of a box as dense if its limits did nothing; `None` for a factor without limits.
///
/// The points that the other limits let in have some density `p`; the quasi-p value is the chance that of the `n` points of the
/// box at least `k` are of interest if each is so with probability `p`. It is not a test: the box was chosen on these points.
pub fn quasi_p(cases: &Cases, limits: &Limits) -> Vec<Option<f64>> {
    let inside = cases.within(limits);
    let of = |factor: usize| {
        let without = cases.within(&limits.clone().freed(factor)).density()?;
        limits.0[factor].is_restricted().then(|| binomial_tail(inside.n, inside.k, without))
    };
    (0..cases.factors()).map(of).collect()
}

/// A box without the limits that may be luck: the one with the greatest quasi-p value is freed first, until none is above `most`.
///
/// - `most`: greatest quasi-p value of a limit that is kept, 0 to 1; 0.05 is usual.
pub fn kept(cases: &Cases, limits: &Limits, most: f64) -> Limits {
    let mut kept = limits.clone();
    loop {
        let doubts = quasi_p(cases, &kept).into_iter().enumerate().filter_map(|(factor, p)| Some((factor, p?)));
        match doubts.filter(|(_, p)| *p > most).max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((factor, _)) => kept = kept.freed(factor),
            None => return kept,
        }
    }
}

/// For each factor the share of random halves of the points in whose balanced box it is restricted.
///
/// Halves are drawn without putting back. `None` if none of the halves holds a case of interest.
///
/// # Errors
/// [`OptionsError`] for a share outside its range.
pub fn reproduced(
    words: &impl Words,
    cases: &Cases,
    options: Options,
    halves: u64,
) -> Result<Option<Vec<f64>>, OptionsError> {
    let (mut counts, mut found) = (vec![0u64; cases.factors()], 0u64);
    for half in 0..halves {
        let mut order = shuffled(words, Purpose::Resample, [half, 1], cases.points());
        order.truncate(cases.points() / 2);
        order.sort_unstable();
        let Some(steps) = trajectory(&cases.chosen(&order), options)? else { continue };
        let Some(step) = balanced(&steps) else { continue };
        found += 1;
        step.limits.restricted().into_iter().for_each(|factor| counts[factor] += 1);
    }
    Ok((found > 0).then(|| counts.into_iter().map(|count| count as f64 / found as f64).collect()))
}

/// Chance of at least `k` of `n`, each with probability `p`.
fn binomial_tail(n: usize, k: usize, p: f64) -> f64 {
    if k == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 {
        return 0.0;
    }
    let (n, log_p, log_q) = (n as f64, libm::log(p), libm::log1p(-p));
    let term = |k: f64| {
        let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        libm::exp(ways + k * log_p + (n - k) * log_q)
    };
    // From the far end, so that small terms come first.
    (k..=n as usize).rev().fold(0.0, |sum, k| sum + term(k as f64)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::FactorKind;
    use super::*;
    use crate::words::tests::Mixed;

    #[test]
    fn tails_are_those_of_the_binomial_distribution() {
        // 10 throws of a coin: at least 8 heads in 56 of 1024.
        assert!((binomial_tail(10, 8, 0.5) - 56.0 / 1024.0).abs() < 1e-14);
        assert_eq!([binomial_tail(10, 0, 0.5), binomial_tail(10, 3, 0.0), binomial_tail(10, 3, 1.0)], [1.0, 0.0, 1.0]);
    }

    fn corner() -> Cases {
        let (a, b): (Vec<f64>, Vec<f64>) = (0..400).map(|k| (f64::from(k % 20), f64::from(k / 20))).unzip();
        let inside = a.iter().map(|a| *a >= 15.0).collect();
        Cases::new(vec![(FactorKind::Ordered, a), (FactorKind::Ordered, b)], inside).unwrap()
    }

    #[test]
    fn the_limit_that_makes_the_box_has_a_small_quasi_p_and_an_idle_one_has_not() {
        let limits = Limits::none(2).with_low(0, 14.5).with_low(1, 9.5);
        let found = quasi_p(&corner(), &limits);
        assert!(found[0].unwrap() < 1e-9 && found[1].unwrap() > 0.99, "{found:?}");
        assert_eq!(quasi_p(&corner(), &Limits::none(2)), [None, None]);
    }

    #[test]
    fn limits_that_may_be_luck_are_freed_and_the_others_kept() {
        let limits = Limits::none(2).with_low(0, 14.5).with_low(1, 9.5);
        assert_eq!(kept(&corner(), &limits, 0.05), Limits::none(2).with_low(0, 14.5));
        assert_eq!(kept(&corner(), &Limits::none(2), 0.05), Limits::none(2));
    }

    #[test]
    fn halves_find_the_same_factor_again() {
        let options = Options { peel: 0.1, mass: 0.05, paste: false };
        let found = reproduced(&Mixed(6), &corner(), options, 10).unwrap().unwrap();
        assert_eq!(found[0], 1.0);
        assert!(found[1] < 0.5, "{found:?}");
    }
}
