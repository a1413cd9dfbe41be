//! The peels that a box offers, and the best of them.

use super::super::{Cases, FactorKind, Limits};
use super::{Options, counts_of};

/// A smaller box.
pub(super) struct Peel {
    pub(super) limits: Limits,
    pub(super) kept: Vec<usize>,
    gain: f64,
}

/// The peel with the greatest gain of density for each point removed; of equals the first in the order of factors, upper side
/// before lower. `None` if none raises the density and keeps the mass.
pub(super) fn best(cases: &Cases, points: &[usize], limits: &Limits, options: Options) -> Option<Peel> {
    let mut best: Option<Peel> = None;
    for factor in 0..cases.factors() {
        for (limits, kept) in offered(cases, points, limits, factor, options.peel) {
            let Some(gain) = gain(cases, points, &kept, options.mass) else { continue };
            if best.as_ref().is_none_or(|best| gain > best.gain) {
                best = Some(Peel { limits, kept, gain });
            }
        }
    }
    best
}

/// Gain of density for each point removed; `None` if it is not above 0 or too few points are left.
fn gain(cases: &Cases, points: &[usize], kept: &[usize], mass: f64) -> Option<f64> {
    let (old, new) = (counts_of(cases, points), counts_of(cases, kept));
    if new.n == 0 || new.n == old.n || (new.n as f64) < mass * cases.points() as f64 {
        return None;
    }
    let gain = (new.density()? - old.density()?) / (old.n - new.n) as f64;
    (gain > 0.0).then_some(gain)
}

fn offered(cases: &Cases, points: &[usize], limits: &Limits, factor: usize, peel: f64) -> Vec<(Limits, Vec<usize>)> {
    let column = &cases.columns[factor];
    let keep = |limits: Limits| {
        let kept = points.iter().copied().filter(|&point| limits.0[factor].holds(column[point])).collect();
        (limits, kept)
    };
    match cases.kinds[factor] {
        FactorKind::Choice => {
            let options = options_of(column, points);
            // The last option cannot be taken away.
            let options = if options.len() > 1 { options } else { Vec::new() };
            options.into_iter().map(|value| keep(limits.clone().without(factor, value))).collect()
        }
        FactorKind::Ordered => {
            let mut values: Vec<f64> = points.iter().map(|&point| column[point]).collect();
            let high = cut(&mut values, peel, true).map(|high| keep(limits.clone().with_high(factor, high)));
            let low = cut(&mut values, peel, false).map(|low| keep(limits.clone().with_low(factor, low)));
            high.into_iter().chain(low).collect()
        }
    }
}

fn options_of(column: &[f64], points: &[usize]) -> Vec<f64> {
    let mut values: Vec<f64> = points.iter().map(|&point| column[point]).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    values
}

/// The limit that removes a share of the values at one end: halfway between the last removed and the first kept.
///
/// `None` if all values are equal. Equal values are removed together.
fn cut(values: &mut [f64], share: f64, at_top: bool) -> Option<f64> {
    let removed = ((values.len() - 1) as f64 * share) as usize;
    let index = if at_top { values.len() - 1 - removed } else { removed };
    let (below, &mut edge, above) = values.select_nth_unstable_by(index, f64::total_cmp);
    let next = if at_top {
        below.iter().copied().filter(|value| *value < edge).max_by(f64::total_cmp)
    } else {
        above.iter().copied().filter(|value| *value > edge).min_by(f64::total_cmp)
    };
    next.map(|next| edge + (next - edge) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_lies_between_what_goes_and_what_stays() {
        let mut values: Vec<f64> = (0..100).map(|k| f64::from((k * 37) % 100)).collect();
        // 99 x 0.05 = 4.95: values 0 to 4 go.
        assert_eq!(cut(&mut values, 0.05, false), Some(4.5));
        assert_eq!(cut(&mut values, 0.05, true), Some(94.5));
    }

    #[test]
    fn equal_values_go_together_and_what_is_all_equal_is_not_cut() {
        assert_eq!(cut(&mut [1.0, 1.0, 1.0, 2.0], 0.05, false), Some(1.5));
        assert_eq!(cut(&mut [1.0, 2.0, 2.0, 2.0], 0.05, true), Some(1.5));
        assert_eq!(cut(&mut [3.0; 5], 0.05, true), None);
        assert_eq!(cut(&mut [3.0], 0.05, false), None);
    }
}
