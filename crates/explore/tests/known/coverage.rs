//! Whether intervals of indices hold the true index as often as they say. Only in an optimised build: 1,000 experiments with
//! 8 x 1,024 base rows each.

use brownout_explore::design::saltelli::Saltelli;
use brownout_explore::indices::{Index, Scale, indices};

use crate::common::{Keyed, g, ishigami};

const EXPERIMENTS: u64 = 1000;

/// One experiment; `AB_i` is made from `A` and `B`, as the design's own test shows it to be.
fn experiment(factors: usize, seed: u64, y: &impl Fn(&[f64]) -> f64) -> Vec<Index> {
    let design = Saltelli::new(&Keyed(seed), factors, 1024, 8, false).unwrap();
    let (shape, points) = (design.shape(), design.shape().points_per_row() as u64);
    let mut outputs = Vec::with_capacity(shape.points());
    for base_row in 0..shape.base * shape.scrambles {
        let (mut a, b) = (design.row(base_row * points).units, design.row(base_row * points + points - 1).units);
        outputs.push(y(&a));
        for factor in 0..factors {
            let kept = std::mem::replace(&mut a[factor], b[factor]);
            outputs.push(y(&a));
            a[factor] = kept;
        }
        outputs.push(y(&b));
    }
    indices(shape, &outputs, Scale::Value, 0.95).unwrap().factors
}

/// For each index, first then total, how often its interval held the true one.
fn held(truth: &[&[f64]; 2], seeds: std::ops::Range<u64>, y: &impl Fn(&[f64]) -> f64) -> Vec<u64> {
    let factors = truth[0].len();
    let mut counts = vec![0; 2 * factors];
    for seed in seeds {
        for (factor, Index { first, total, .. }) in experiment(factors, seed, y).into_iter().enumerate() {
            counts[factor] += u64::from(first.holds(truth[0][factor]));
            counts[factors + factor] += u64::from(total.holds(truth[1][factor]));
        }
    }
    counts
}

/// Two threads share the experiments; counts are whole numbers, so the sum does not depend on them.
fn shares(truth: [&[f64]; 2], y: impl Fn(&[f64]) -> f64 + Sync) -> Vec<f64> {
    let counts = std::thread::scope(|scope| {
        let halves = [0..EXPERIMENTS / 2, EXPERIMENTS / 2..EXPERIMENTS];
        let (truth, y) = (&truth, &y);
        let threads = halves.map(|seeds| scope.spawn(move || held(truth, seeds, y)));
        threads.map(|thread| thread.join().unwrap())
    });
    counts[0].iter().zip(&counts[1]).map(|(a, b)| (a + b) as f64 / EXPERIMENTS as f64).collect()
}

/// Seeds 0 to 999; n 1,000 experiments a function. The bound is the requirement, 95 ± 1.5 %, for the mean over the indices of a
/// function (their experiments are shared, so this mean has a standard error of at most 0.7 %). No single index may hold less
/// than alpha 1e-4 below 95 %: 3.9 standard errors or 2.7 %. Some indices of about 1e-4 hold 98 %, as single scrambles are far
/// off now and then; that side is safe. Wrong would be the bootstrap of rows (intervals 2.5 to 5.5 times too wide hold 100 %)
/// and normal instead of t quantiles (91 %).
#[test]
fn intervals_hold_the_true_index_95_times_of_100() {
    let eight = |four: [f64; 4], rest: f64| [four[0], four[1], four[2], four[3], rest, rest, rest, rest];
    let product: f64 = [1.0, 0.25, 1.0 / 30.25, 0.01, 1e-4, 1e-4, 1e-4, 1e-4].iter().map(|v| 1.0 + v / 3.0).product();
    let first = |v: f64| v / 3.0 / (product - 1.0);
    let total = |v: f64| v / 3.0 * product / (1.0 + v / 3.0) / (product - 1.0);
    let parts = [1.0, 0.25, 1.0 / 30.25, 0.01];
    let (g_first, g_total) = (eight(parts.map(first), first(1e-4)), eight(parts.map(total), total(1e-4)));
    let ishigami_first = [0.313_905_191_1, 0.442_411_144_8, 0.0];
    let ishigami_total = [0.557_588_855_2, 0.442_411_144_8, 0.243_683_664_1];
    let all =
        [("Ishigami", shares([&ishigami_first, &ishigami_total], ishigami)), ("g", shares([&g_first, &g_total], g))];
    for (name, shares) in all {
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        assert!((mean - 0.95).abs() <= 0.015, "{name}: {mean} of all intervals; {shares:?}");
        assert!(shares.iter().all(|share| (0.923..0.99).contains(share)), "{name}: {shares:?}");
    }
}
