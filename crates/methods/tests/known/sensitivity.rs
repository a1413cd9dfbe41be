//! Indices and screening against closed forms.

use brownout_methods::design::morris::{Morris, Trajectory};
use brownout_methods::design::saltelli::Saltelli;
use brownout_methods::indices::{Index, IndexVerdict, Indices, Scale, indices};
use brownout_methods::screening::{Effect, elementary_effects, screen};
use brownout_methods::stability::stability;

use crate::common::{Keyed, g, ishigami, lived, luck, near};

const ISHIGAMI: [[f64; 3]; 2] = [[0.3139051911, 0.4424111448, 0.0], [0.5575888552, 0.4424111448, 0.2436836641]];
const G: [[f64; 8]; 2] = [
    [0.716192169, 0.179048042, 0.0236757742, 0.00716192169, 7.16192e-5, 7.16192e-5, 7.16192e-5, 7.16192e-5],
    [0.787144127, 0.242198193, 0.0343169102, 0.0104603871, 1.04949e-4, 1.04949e-4, 1.04949e-4, 1.04949e-4],
];

fn found(factors: usize, base: u64, seed: u64, y: impl Fn(&[f64]) -> f64) -> Indices {
    let design = Saltelli::new(&Keyed(seed), factors, base, 8, false).unwrap();
    indices(design.shape(), &lived(&design, |u, _| y(u)), Scale::Value, 0.95).unwrap()
}

fn with_luck(factors: usize, base: u64, seed: u64, y: impl Fn(&[f64], f64) -> f64) -> Indices {
    let design = Saltelli::new(&Keyed(seed), factors, base, 8, true).unwrap();
    let outputs = lived(&design, |u, block| y(u, luck(seed, block)));
    indices(design.shape(), &outputs, Scale::Value, 0.95).unwrap()
}

fn agrees(found: &Indices, first: &[f64], total: &[f64], within: f64) {
    assert_eq!(found.factors.len(), first.len());
    for (factor, Index { first: one, total: all, .. }) in found.factors.iter().enumerate() {
        assert!(
            near(one.value, first[factor], within),
            "first index of factor {factor}: {one:?} for {}",
            first[factor]
        );
        assert!(
            near(all.value, total[factor], within),
            "total index of factor {factor}: {all:?} for {}",
            total[factor]
        );
    }
}

#[test]
fn ishigami_has_its_closed_form() {
    let found = found(3, 8192, 1, ishigami);
    assert!(near(found.variance, 13.8445879407, 0.01), "{}", found.variance);
    agrees(&found, &ISHIGAMI[0], &ISHIGAMI[1], 0.002);
    let verdicts: Vec<IndexVerdict> = found.factors.iter().map(|factor| factor.verdict).collect();
    assert_eq!(verdicts, [IndexVerdict::Decides, IndexVerdict::Decides, IndexVerdict::Matters]);
}

#[test]
fn the_g_function_has_its_closed_form() {
    let found = found(8, 8192, 1, g);
    agrees(&found, &G[0], &G[1], 0.002);
    assert_eq!(found.factors[7].verdict, IndexVerdict::Negligible);
}

#[test]
fn a_product_of_two_has_its_closed_form() {
    let found = found(2, 8192, 1, |u| u[0] + u[1] / 2.0 + u[0] * u[1]);
    assert!(near(found.variance, 40.0 / 144.0, 1e-4));
    agrees(&found, &[0.675, 0.3], &[0.7, 0.325], 0.001);
}

#[test]
fn luck_is_a_factor_of_its_own() {
    let found = with_luck(2, 8192, 2, |u, z| u[0] + u[1] * z);
    assert!(near(found.variance, 5.0 / 12.0, 0.01), "{}", found.variance);
    agrees(&found, &[0.2, 0.0, 0.6], &[0.2, 0.2, 0.8], 0.015);
    let of_the_mean = found.variance * (1.0 - found.factors[2].total.value);
    assert!(near(of_the_mean, 1.0 / 12.0, 0.006), "variance of the mean response: {of_the_mean}");
}

#[test]
fn noise_of_a_third_takes_a_quarter_and_shrinks_every_other_index() {
    let noise = libm::sqrt(13.8445879407 / 3.0);
    let found = with_luck(3, 8192, 3, |u, z| ishigami(u) + noise * z);
    let shrunk = |row: [f64; 3]| [0.75 * row[0], 0.75 * row[1], 0.75 * row[2], 0.25];
    agrees(&found, &shrunk(ISHIGAMI[0]), &shrunk(ISHIGAMI[1]), 0.015);
}

#[test]
fn half_widths_at_eight_scrambles_of_1024_are_those_of_an_independent_program() {
    let expected = [[0.0074, 0.0040, 0.0075], [0.0057, 0.0028, 0.0035]];
    let seeds = 40;
    let mut sums = [[0.0; 3]; 2];
    for seed in 0..seeds {
        for (factor, Index { first, total, .. }) in found(3, 1024, 100 + seed, ishigami).factors.into_iter().enumerate()
        {
            sums[0][factor] += first.half_width() / seeds as f64;
            sums[1][factor] += total.half_width() / seeds as f64;
        }
    }
    for (kind, row) in expected.iter().enumerate() {
        for (factor, expected) in row.iter().enumerate() {
            let ratio = sums[kind][factor] / expected;
            assert!(
                (0.75..1.25).contains(&ratio),
                "kind {kind}, factor {factor}: {} for {expected}",
                sums[kind][factor]
            );
        }
    }
}

#[test]
fn ranks_of_a_rising_function_of_a_sum_are_those_of_the_sum() {
    let design = Saltelli::new(&Keyed(5), 2, 1024, 8, false).unwrap();
    let sum = lived(&design, |u, _| 2.0 * u[0] + u[1]);
    let steep: Vec<f64> = sum.iter().map(|y| libm::exp(20.0 * y)).collect();
    let ranks = |outputs: &[f64]| indices(design.shape(), outputs, Scale::Rank, 0.95).unwrap();
    assert_eq!(ranks(&sum), ranks(&steep));
    let values = indices(design.shape(), &steep, Scale::Value, 0.95).unwrap();
    assert!(values.factors[0].first.value + 0.2 < ranks(&steep).factors[0].first.value);
}

/// All trajectories of three factors on four levels: 64 starts, 6 orders.
fn all_effects(y: impl Fn(&[f64]) -> f64) -> Vec<Vec<f64>> {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let trajectories = (0..64u64).flat_map(|start| {
        orders.map(|order| Trajectory { start: vec![start % 4, start / 4 % 4, start / 16], order: order.to_vec() })
    });
    let effects = |trajectory: Trajectory| {
        let outputs: Vec<f64> = (0..4).map(|moves| y(&trajectory.point(4, moves))).collect();
        elementary_effects(&trajectory, 4, &outputs).unwrap()
    };
    trajectories.map(effects).collect()
}

#[test]
fn all_morris_trajectories_of_ishigami_give_its_closed_form() {
    let effects = all_effects(ishigami);
    let found = screen(&effects, 0.95).unwrap();
    // The closed form divides by n, screening by n - 1.
    let by_n = libm::sqrt((effects.len() - 1) as f64 / effects.len() as f64);
    let numbers = |of: fn(&Effect) -> f64| found.iter().map(of).collect::<Vec<f64>>();
    let expected = [[7.704054, 0.0, 0.0], [7.704054, 7.875, 6.248796], [6.248796, 7.875, 8.837132]];
    let all = [
        numbers(|effect| effect.mu.value),
        numbers(|effect| effect.mu_star.value),
        numbers(|effect| effect.sigma).iter().map(|sigma| sigma * by_n).collect(),
    ];
    for (found, expected) in all.iter().zip(expected) {
        assert!(found.iter().zip(expected).all(|(found, expected)| near(*found, expected, 1e-6)), "{all:?}");
    }
}

#[test]
fn a_linear_function_has_its_coefficients_and_no_sigma() {
    let (design, words) = (Morris::new(3, 40, 8).unwrap(), Keyed(4));
    let outputs: Vec<f64> = (0..design.rows())
        .map(|number| design.row(&words, number).units)
        .map(|u| 3.0 * u[0] - 2.0 * u[1] + 0.5 * u[2])
        .collect();
    let effects: Vec<Vec<f64>> = outputs
        .chunks(4)
        .enumerate()
        .map(|(number, y)| elementary_effects(&design.trajectory(&words, number as u64), 8, y).unwrap())
        .collect();
    for (effect, expected) in screen(&effects, 0.95).unwrap().iter().zip([3.0, -2.0, 0.5]) {
        assert!(near(effect.mu.value, expected, 1e-12) && near(effect.mu_star.value, f64::abs(expected), 1e-12));
        assert!(effect.sigma < 1e-12, "{effect:?}");
    }
}

#[test]
fn more_rows_make_a_ranking_surer() {
    let sureness = |base: u64| {
        let shares = (0..10).map(|seed| {
            let found = found(3, base, seed, ishigami);
            let scores: Vec<Vec<f64>> = found.scrambles.into_iter().map(|scramble| scramble.total).collect();
            stability(&Keyed(seed), &scores, 3, 200).unwrap().same_order
        });
        shares.sum::<f64>() / 10.0
    };
    let (few, many) = (sureness(16), sureness(512));
    assert!(few < 0.97 && many > 0.99, "{few} {many}");
}
