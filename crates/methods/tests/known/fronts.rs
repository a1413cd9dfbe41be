//! NSGA-II on the functions of Zitzler, Deb and Thiele (2000), and the exact hypervolumes of their fronts.

use std::f64::consts::PI;

use brownout_methods::discovery::FactorKind;
use brownout_methods::search::{Nsga2, Options, hypervolume};

use crate::common::{Keyed, near};

const REFERENCE: [f64; 2] = [1.1, 1.1];

/// The second outcome of ZDT1, ZDT2 or ZDT3 at the first outcome `f` and the distance `g` from the front.
fn second(problem: usize, f: f64, g: f64) -> f64 {
    match problem {
        1 => g * (1.0 - libm::sqrt(f / g)),
        2 => g * (1.0 - f / g * (f / g)),
        _ => g * (1.0 - libm::sqrt(f / g) - f / g * libm::sin(10.0 * PI * f)),
    }
}

fn outcomes(problem: usize, units: &[f64]) -> Vec<f64> {
    let g = 1.0 + 9.0 * units[1..].iter().sum::<f64>() / (units.len() - 1) as f64;
    vec![units[0], second(problem, units[0], g)]
}

#[test]
fn the_true_fronts_have_their_hypervolumes() {
    for (problem, expected) in [(1, 0.876_666_7), (2, 0.543_333_3), (3, 1.331_762_9)] {
        let front: Vec<Vec<f64>> =
            (0..=200_000).map(|k| f64::from(k) / 200_000.0).map(|f| vec![f, second(problem, f, 1.0)]).collect();
        let found = hypervolume(&front, &REFERENCE).unwrap();
        assert!(near(found, expected, 2e-5), "ZDT{problem}: {found}");
    }
}

#[test]
fn nsga_2_comes_near_the_true_fronts() {
    for (problem, least) in [(1, 0.8693), (2, 0.5358), (3, 1.3273)] {
        let words = Keyed(1);
        let mut search = Nsga2::new(vec![FactorKind::Ordered; 30], Options::usual(100)).unwrap();
        for _ in 0..250 {
            let told = search.ask(&words).iter().map(|units| outcomes(problem, units)).collect();
            search.tell(&words, told).unwrap();
        }
        let front: Vec<Vec<f64>> = search.front().iter().map(|candidate| candidate.outcomes.clone()).collect();
        let found = hypervolume(&front, &REFERENCE).unwrap();
        assert!(found >= least, "ZDT{problem}: {found} for {least}");
    }
}
