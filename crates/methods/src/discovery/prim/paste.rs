//! Pasting: a side of the last box moves out again where that raises the density.

use super::super::{Cases, Limits};
use super::counts_of;

/// The wider box with the greatest density, if that is above the density of the box; its limits and its points.
///
/// An ordered side moves out by the share `peel` of the points in the box, or is freed where no limit is left to cross; an
/// option of a choice is taken back.
pub(super) fn best(cases: &Cases, limits: &Limits, peel: f64) -> Option<(Limits, Vec<usize>)> {
    let here = points_within(cases, limits);
    let mut best: Option<(Limits, Vec<usize>)> = None;
    let mut density = counts_of(cases, &here).density()?;
    for wider in offered(cases, limits, ((here.len() as f64 * peel) as usize).max(1)) {
        let points = points_within(cases, &wider);
        let new = counts_of(cases, &points).density()?;
        if points.len() > here.len() && new > density {
            (density, best) = (new, Some((wider, points)));
        }
    }
    best
}

fn points_within(cases: &Cases, limits: &Limits) -> Vec<usize> {
    (0..cases.points()).filter(|&point| limits.hold(|factor| cases.columns[factor][point])).collect()
}

fn offered(cases: &Cases, limits: &Limits, count: usize) -> Vec<Limits> {
    let mut offered = Vec::new();
    for factor in limits.restricted() {
        // What the box would hold if this factor were free: only these points can come in.
        let freed = points_within(cases, &limits.clone().freed(factor));
        let values: Vec<f64> = freed.iter().map(|&point| cases.columns[factor][point]).collect();
        let limit = &limits.0[factor];
        if limit.low.is_finite() {
            offered.push(limits.clone().with_low(factor, moved_down(&values, limit.low, count)));
        }
        if limit.high.is_finite() {
            let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
            offered.push(limits.clone().with_high(factor, -moved_down(&mirrored, -limit.high, count)));
        }
        for taken in 0..limit.without.len() {
            let mut wider = limits.clone();
            wider.0[factor].without.remove(taken);
            offered.push(wider);
        }
    }
    offered
}

/// The lower limit that lets `count` more values in, halfway to the next; minus infinity if no more are left.
fn moved_down(values: &[f64], low: f64, count: usize) -> f64 {
    let mut below: Vec<f64> = values.iter().copied().filter(|value| *value < low).collect();
    below.sort_unstable_by(|a, b| b.total_cmp(a));
    let Some(&edge) = below.get(count - 1) else { return f64::NEG_INFINITY };
    let next = below[count..].iter().find(|value| **value < edge);
    next.map_or(f64::NEG_INFINITY, |next| edge + (next - edge) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::super::super::FactorKind;
    use super::*;

    #[test]
    fn a_box_peeled_too_far_is_widened_again() {
        let a: Vec<f64> = (0..100).map(f64::from).collect();
        let inside: Vec<bool> = (0..100).map(|k| (60..90).contains(&k)).collect();
        let cases = Cases::new(vec![(FactorKind::Ordered, a)], inside).unwrap();
        // 70 to 94: 20 of 25. Five points more below raise the density; above there is nothing to gain.
        let narrow = Limits::none(1).with_low(0, 69.5).with_high(0, 94.5);
        let (wider, points) = best(&cases, &narrow, 0.2).unwrap();
        assert_eq!((wider, points.len()), (narrow.with_low(0, 64.5), 30));
        assert!(best(&cases, &Limits::none(1).with_low(0, 59.5).with_high(0, 89.5), 0.2).is_none());
    }

    #[test]
    fn a_limit_that_has_no_value_to_cross_is_freed() {
        assert_eq!(moved_down(&[5.0, 1.0, 2.0], 3.0, 1), 1.5);
        assert_eq!(moved_down(&[5.0, 1.0, 2.0], 3.0, 2), f64::NEG_INFINITY);
        assert_eq!(moved_down(&[5.0], 3.0, 1), f64::NEG_INFINITY);
    }
}
