//! The same numbers as SALib on the same sample; `data/salib.py` writes them.

use brownout_methods::design::morris::Trajectory;
use brownout_methods::indices::estimates;
use brownout_methods::screening::{elementary_effects, screen};

use crate::common::near;

const SALIB: &str = include_str!("../data/salib.txt");

fn numbers(name: &str) -> Vec<f64> {
    let line = SALIB.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap();
    line.split(' ').map(|number| number.parse().unwrap()).collect()
}

fn equal(found: &[f64], name: &str) {
    let expected = numbers(name);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(near(*found, expected, 1e-9), "{name}: {found} for {expected}");
    }
}

#[test]
fn indices_equal_those_of_salib_on_the_same_sample() {
    let found = estimates(3, &numbers("sobol_outputs")).unwrap();
    equal(&found.first, "sobol_first");
    equal(&found.total, "sobol_total");
}

/// The trajectory that SALib's points walk, on six levels.
fn trajectory(points: &[f64]) -> Trajectory {
    let rows: Vec<&[f64]> = points.chunks(3).collect();
    let level = |share: &f64| libm::round(share * 5.0) as u64;
    let moved = |pair: &[&[f64]]| (0..3).find(|&factor| level(&pair[0][factor]) != level(&pair[1][factor])).unwrap();
    Trajectory { start: rows[0].iter().map(level).collect(), order: rows.windows(2).map(moved).collect() }
}

#[test]
fn screening_equals_that_of_salib_on_the_same_trajectories() {
    let (points, outputs) = (numbers("morris_points"), numbers("morris_outputs"));
    let effects: Vec<Vec<f64>> = points
        .chunks(12)
        .zip(outputs.chunks(4))
        .map(|(points, outputs)| elementary_effects(&trajectory(points), 6, outputs).unwrap())
        .collect();
    let found = screen(&effects, 0.95).unwrap();
    equal(&found.iter().map(|effect| effect.mu.value).collect::<Vec<_>>(), "morris_mu");
    equal(&found.iter().map(|effect| effect.mu_star.value).collect::<Vec<_>>(), "morris_mu_star");
    equal(&found.iter().map(|effect| effect.sigma).collect::<Vec<_>>(), "morris_sigma");
}
