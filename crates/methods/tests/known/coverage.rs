//! Whether intervals of indices hold the true index as often as they say. Only in an optimised build: 1,000 experiments with
//! 8 x 1,024 base rows each.

use brownout_methods::design::saltelli::Saltelli;
use brownout_methods::indices::{Index, Indices, Scale, indices};
use brownout_methods::interval::Interval;

use crate::common::{Keyed, g, ishigami};

const EXPERIMENTS: u64 = 1000;

/// One experiment; `AB_i` is made from `A` and `B`, as the design's own test shows it to be.
fn experiment(factors: usize, seed: u64, y: &impl Fn(&[f64]) -> f64) -> Indices {
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
    indices(shape, &outputs, Scale::Value, 0.95).unwrap()
}

/// What many experiments say of one index.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// How often the interval held the true index.
    held: u64,
    /// Sums over scrambles of the square and the fourth power of the error.
    powers: [f64; 2],
    scrambles: f64,
}

impl Tally {
    fn add(&mut self, found: Interval, truth: f64, scrambles: impl Iterator<Item = f64>) {
        self.held += u64::from(found.holds(truth));
        for estimate in scrambles {
            let square = (estimate - truth) * (estimate - truth);
            self.powers = [self.powers[0] + square, self.powers[1] + square * square];
            self.scrambles += 1.0;
        }
    }

    fn plus(&self, other: &Tally) -> Tally {
        let powers = [0, 1].map(|power| self.powers[power] + other.powers[power]);
        Tally { held: self.held + other.held, powers, scrambles: self.scrambles + other.scrambles }
    }

    fn share(&self) -> f64 {
        self.held as f64 / EXPERIMENTS as f64
    }

    /// 3 for normal errors; more where a few scrambles are far off.
    fn kurtosis(&self) -> f64 {
        self.powers[1] * self.scrambles / (self.powers[0] * self.powers[0])
    }
}

/// What the experiments of some seeds say of each index, first then total.
fn tallies(truth: &[&[f64]; 2], seeds: std::ops::Range<u64>, y: &impl Fn(&[f64]) -> f64) -> Vec<Tally> {
    let factors = truth[0].len();
    let mut tallies = vec![Tally::default(); 2 * factors];
    for seed in seeds {
        let found = experiment(factors, seed, y);
        for (factor, Index { first, total, .. }) in found.factors.iter().enumerate() {
            let scrambles = found.scrambles.iter();
            tallies[factor].add(*first, truth[0][factor], scrambles.clone().map(|scramble| scramble.first[factor]));
            tallies[factors + factor].add(*total, truth[1][factor], scrambles.map(|scramble| scramble.total[factor]));
        }
    }
    tallies
}

/// Two threads share the experiments, each always the same half.
fn all(truth: [&[f64]; 2], y: impl Fn(&[f64]) -> f64 + Sync) -> Vec<Tally> {
    let [one, other] = std::thread::scope(|scope| {
        let halves = [0..EXPERIMENTS / 2, EXPERIMENTS / 2..EXPERIMENTS];
        let (truth, y) = (&truth, &y);
        let threads = halves.map(|seeds| scope.spawn(move || tallies(truth, seeds, y)));
        threads.map(|thread| thread.join().unwrap())
    });
    one.iter().zip(&other).map(|(a, b)| a.plus(b)).collect()
}

/// Kurtosis up to which errors of scrambles count as near normal. Student's t with 7 degrees of freedom, 5, is well beyond that.
const NEAR_NORMAL: f64 = 4.5;

/// Seeds 0 to 999; n 1,000 experiments a function. The bound is the requirement, 95 ± 1.5 %, for the mean over the indices of a
/// function, and for the mean over those whose scrambles err about normally (experiments are shared, so a mean has a standard
/// error of at most 0.7 %). No single index may hold less than alpha 1e-4 below 95 %: 3.9 standard errors or 2.7 %. Wrong would be
/// the bootstrap of rows (intervals 2.5 to 5.5 times too wide hold 100 %) and normal instead of t quantiles (91 %).
///
/// Some indices of g hold up to 98 %. The errors of their scrambles are symmetric with heavy tails (kurtosis 5 to 11): most
/// scrambled nets integrate so smooth a function far better than the few worst, and one far scramble of eight widens its
/// interval by more than it moves its middle. An index that holds more than 97.7 %, as far above 95 % at the same alpha, must be of
/// that kind.
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
    let functions =
        [("Ishigami", all([&ishigami_first, &ishigami_total], ishigami)), ("g", all([&g_first, &g_total], g))];
    let mean = |tallies: &[&Tally]| tallies.iter().map(|tally| tally.share()).sum::<f64>() / tallies.len() as f64;
    for (name, tallies) in &functions {
        let shown: Vec<_> = tallies.iter().map(|tally| (tally.share(), tally.kurtosis())).collect();
        let every: Vec<&Tally> = tallies.iter().collect();
        let normal: Vec<&Tally> = tallies.iter().filter(|tally| tally.kurtosis() <= NEAR_NORMAL).collect();
        assert!(normal.len() >= 6, "{name}: {shown:?}");
        for (which, tallies) in [("all", every), ("near normal", normal)] {
            assert!((mean(&tallies) - 0.95).abs() <= 0.015, "{name}, {which}: {} of {shown:?}", mean(&tallies));
        }
        assert!(shown.iter().all(|(share, _)| (0.923..0.99).contains(share)), "{name}: {shown:?}");
        let odd = shown.iter().find(|(share, kurtosis)| *share > 0.977 && *kurtosis <= NEAR_NORMAL);
        assert!(odd.is_none(), "{name}: {odd:?} of {shown:?}");
    }
}
