//! CART: a small classification tree as a second opinion, each leaf a box.
//!
//! A node is split where the Gini impurity falls most, until it is pure, too small, or deep enough. An ordered factor splits at
//! the middle between two values, a choice into one option and the others.
//!
//! # Source
//! L. Breiman, J. Friedman, C. J. Stone and R. A. Olshen, *Classification and Regression Trees* (1984), chapters 2 and 4.

use super::{Cases, Counts, FactorKind, Limits};

/// How large a tree may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Fewest points of a leaf; 0 counts as 1.
    pub min_leaf: usize,
    /// Most splits above a leaf.
    pub max_depth: usize,
}

/// A leaf.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The box of the leaf.
    pub limits: Limits,
    /// Its points.
    pub counts: Counts,
}

/// A split of a node into two boxes.
struct Split {
    sides: [(Limits, Vec<usize>); 2],
    fall: f64,
}

/// The leaves of the tree, densest first; of equally dense ones the larger first, then in the order of the tree.
pub fn leaves(cases: &Cases, options: Options) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    grow(cases, options, options.max_depth, Limits::none(cases.factors()), (0..cases.points()).collect(), &mut leaves);
    let density = |leaf: &Leaf| leaf.counts.density().unwrap_or(0.0);
    // A stable sort: equals stay in the order of the tree.
    leaves.sort_by(|a, b| density(b).total_cmp(&density(a)).then(b.counts.n.cmp(&a.counts.n)));
    leaves
}

fn grow(cases: &Cases, options: Options, depth: usize, limits: Limits, points: Vec<usize>, leaves: &mut Vec<Leaf>) {
    match best_split(cases, options.min_leaf.max(1), &limits, &points).filter(|_| depth > 0) {
        Some(split) => {
            for (limits, points) in split.sides {
                grow(cases, options, depth - 1, limits, points, leaves);
            }
        }
        None => {
            let k = points.iter().filter(|&&point| cases.of_interest[point]).count();
            leaves.push(Leaf { limits, counts: Counts { n: points.len(), k } });
        }
    }
}

/// The split with the greatest fall of impurity; of equals the first in the order of factors and values.
fn best_split(cases: &Cases, min_leaf: usize, limits: &Limits, points: &[usize]) -> Option<Split> {
    let mut best: Option<(f64, usize, Cut)> = None;
    for factor in 0..cases.factors() {
        let Some((fall, cut)) = best_cut(cases, min_leaf, points, factor) else { continue };
        if best.as_ref().is_none_or(|(most, ..)| fall > *most) {
            best = Some((fall, factor, cut));
        }
    }
    let (fall, factor, cut) = best?;
    let sides = cut.sides(limits, factor).map(|side| {
        let inside = |&&point: &&usize| side.0[factor].holds(cases.columns[factor][point]);
        let points = points.iter().filter(inside).copied().collect();
        (side, points)
    });
    Some(Split { sides, fall }).filter(|split| split.fall > 0.0)
}

/// Where a factor is cut.
enum Cut {
    /// Below and above a value.
    At(f64),
    /// One option, and the others.
    Option { taken: f64, others: Vec<f64> },
}

impl Cut {
    fn sides(self, limits: &Limits, factor: usize) -> [Limits; 2] {
        match self {
            Cut::At(value) => [limits.clone().with_high(factor, value), limits.clone().with_low(factor, value)],
            Cut::Option { taken, others } => {
                let only = others.into_iter().fold(limits.clone(), |limits, other| limits.without(factor, other));
                [only, limits.clone().without(factor, taken)]
            }
        }
    }
}

fn best_cut(cases: &Cases, min_leaf: usize, points: &[usize], factor: usize) -> Option<(f64, Cut)> {
    let column = &cases.columns[factor];
    let mut order = points.to_vec();
    order.sort_unstable_by(|&a, &b| column[a].total_cmp(&column[b]).then(a.cmp(&b)));
    let groups: Vec<(f64, Counts)> = order
        .chunk_by(|&a, &b| column[a] == column[b])
        .map(|group| {
            let k = group.iter().filter(|&&point| cases.of_interest[point]).count();
            (column[group[0]], Counts { n: group.len(), k })
        })
        .collect();
    let add = |a: Counts, b: &Counts| Counts { n: a.n + b.n, k: a.k + b.k };
    let all = groups.iter().fold(Counts { n: 0, k: 0 }, |sum, (_, counts)| add(sum, counts));
    let mut best: Option<(f64, usize)> = None;
    let mut left = Counts { n: 0, k: 0 };
    for (index, (_, counts)) in groups.iter().enumerate() {
        left = if cases.kinds[factor] == FactorKind::Choice { *counts } else { add(left, counts) };
        let right = Counts { n: all.n - left.n, k: all.k - left.k };
        let fall = impurity(all) - impurity(left) - impurity(right);
        let serves = left.n >= min_leaf && right.n >= min_leaf && fall > 1e-12 * all.n as f64;
        if serves && best.is_none_or(|(most, _)| fall > most) {
            best = Some((fall, index));
        }
    }
    let (fall, index) = best?;
    let value = groups[index].0;
    let cut = match cases.kinds[factor] {
        FactorKind::Ordered => Cut::At(value + (groups[index + 1].0 - value) / 2.0),
        FactorKind::Choice => {
            let others = groups.iter().map(|(other, _)| *other).filter(|other| *other != value).collect();
            Cut::Option { taken: value, others }
        }
    };
    Some((fall, cut))
}

/// Gini impurity of a node times its points: `n × 2 p (1 - p)`.
fn impurity(counts: Counts) -> f64 {
    if counts.n == 0 {
        return 0.0;
    }
    2.0 * counts.k as f64 * (counts.n - counts.k) as f64 / counts.n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(inside: impl Fn(f64, f64) -> bool, second: FactorKind) -> Cases {
        let (a, b): (Vec<f64>, Vec<f64>) = (0..60).map(|k| (f64::from(k % 10), f64::from(k / 10))).unzip();
        let marks = a.iter().zip(&b).map(|(a, b)| inside(*a, *b)).collect();
        Cases::new(vec![(FactorKind::Ordered, a), (second, b)], marks).unwrap()
    }

    #[test]
    fn a_corner_is_cut_out_as_a_rule() {
        let cases = grid(|a, b| a > 6.0 && b < 2.0, FactorKind::Ordered);
        let found = leaves(&cases, Options { min_leaf: 3, max_depth: 3 });
        assert_eq!(found[0].counts, Counts { n: 6, k: 6 });
        assert_eq!(found[0].limits.rule(&["a", "b"]), "a >= 6.5 and b <= 1.5");
        assert_eq!(found.iter().map(|leaf| leaf.counts.n).sum::<usize>(), 60);
        for leaf in &found {
            assert_eq!(cases.within(&leaf.limits), leaf.counts);
        }
    }

    #[test]
    fn an_option_is_told_from_the_others() {
        let cases = grid(|_, b| b == 4.0, FactorKind::Choice);
        let found = leaves(&cases, Options { min_leaf: 1, max_depth: 2 });
        assert_eq!(
            found.iter().map(|leaf| leaf.counts).collect::<Vec<_>>(),
            [Counts { n: 10, k: 10 }, Counts { n: 50, k: 0 }]
        );
    }

    #[test]
    fn what_is_pure_or_small_is_not_split() {
        let all = leaves(&grid(|_, _| true, FactorKind::Ordered), Options { min_leaf: 1, max_depth: 9 });
        assert_eq!(all.len(), 1);
        let small = leaves(&grid(|a, _| a > 8.0, FactorKind::Ordered), Options { min_leaf: 31, max_depth: 9 });
        assert_eq!(small.len(), 1);
        assert_eq!(leaves(&grid(|a, _| a > 8.0, FactorKind::Ordered), Options { min_leaf: 1, max_depth: 0 }).len(), 1);
    }
}
