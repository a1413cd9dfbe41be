//! Selection, allocation and the winner's curse.

use brownout_methods::selection::{Kn, KnOptions, expected_excess, kn_eta, shares, winner};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::common::{near, normal};

#[test]
fn the_constant_of_kn_is_that_of_the_paper() {
    for (systems, eta) in [(2, 0.33405027), (5, 0.63496727), (10, 0.85908343)] {
        assert!(near(kn_eta(systems, 0.05, 10), eta, 5e-9), "{systems}: {}", kn_eta(systems, 0.05, 10));
    }
}

/// Share of correct selections, and replications a system, of five systems; the first is better by `delta`.
fn selections(seed: u64, runs: u64, sds: [f64; 5], correlation: f64) -> (f64, f64) {
    let delta = 1.0 / 10f64.sqrt();
    let options = KnOptions { alpha: 0.05, delta, first_stage: 10 };
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let (mut correct, mut used) = (0, 0);
    for _ in 0..runs {
        let mut selection = Kn::new(5, options).unwrap();
        while selection.chosen().is_none() {
            let shared = normal(&mut generator) * correlation.sqrt();
            let value = |system: usize, own: f64| {
                let mean = if system == 0 { 0.0 } else { delta };
                mean + sds[system] * (shared + own * (1.0 - correlation).sqrt())
            };
            let left = selection.left().to_vec();
            let values: Vec<f64> = left.iter().map(|&system| value(system, normal(&mut generator))).collect();
            selection.add(&values).unwrap();
        }
        correct += u64::from(selection.chosen() == Some(0));
        used += selection.used();
    }
    (correct as f64 / runs as f64, used as f64 / runs as f64)
}

/// Seeds 1 to 3; n 1,000 selections each in the slippage configuration. The promise is at least 95 % and the procedure is
/// conservative, so the bound is the promise itself (alpha below 1e-4 at a true 97.5 %). Wrong would be a width without the
/// constant (70 %) or variances that forget pairing (four times the replications).
#[test]
fn kn_keeps_its_promise_and_pairing_shortens_it() {
    let (equal, unpaired) = selections(1, 1000, [1.0; 5], 0.0);
    let (unequal, _) = selections(2, 1000, [1.4, 0.6, 1.0, 0.8, 1.2], 0.0);
    let (coupled, paired) = selections(3, 1000, [1.0; 5], 0.8);
    assert!(equal >= 0.95 && unequal >= 0.95 && coupled >= 0.95, "{equal} {unequal} {coupled}");
    assert!(paired <= unpaired / 4.0, "{paired} against {unpaired}");
    assert!(near(unpaired, 396.0, 30.0) && near(paired, 87.5, 8.0), "{paired} against {unpaired}");
}

#[test]
fn ocba_spends_where_it_tells_most() {
    let shares = shares(&[1.0, 2.0, 3.0], &[1.0; 3]).unwrap();
    assert!(near(shares[0] / shares[2], 17f64.sqrt(), 1e-12) && near(shares[1] / shares[2], 4.0, 1e-12), "{shares:?}");
    assert!(near(shares.iter().sum::<f64>(), 1.0, 1e-12));
}

#[test]
fn the_winner_of_equal_systems_looks_better_by_the_mean_of_the_greatest() {
    for (systems, excess) in [(5, 1.1630), (10, 1.5388), (100, 2.5076)] {
        assert!(near(expected_excess(systems), excess, 5e-5), "{systems}: {}", expected_excess(systems));
    }
}

/// Seed 4; n 3,000 selections among equal systems with 8 replications each. The standard error of a mean is 1/√8; the shown mean
/// of the winner has to be off by the known excess, the fresh one by 0, both within 4.9 standard errors (alpha 1e-6). Wrong would
/// be to measure the winner on the replications that chose it.
#[test]
fn the_winner_is_worth_nothing_more_on_fresh_replications() {
    let mut generator = ChaCha8Rng::seed_from_u64(4);
    for systems in [5usize, 10, 100] {
        let runs = 3000;
        let (mut shown, mut fresh) = (0.0, 0.0);
        for _ in 0..runs {
            let mut row = |_| (0..8).map(|_| normal(&mut generator)).collect::<Vec<f64>>();
            let found = winner(&(0..systems).map(&mut row).collect::<Vec<_>>()).unwrap();
            shown -= found.shown * 8f64.sqrt() / f64::from(runs);
            fresh -= found.fresh * 8f64.sqrt() / f64::from(runs);
        }
        let excess = expected_excess(systems as u64);
        assert!(near(shown, excess, 4.9 * 0.67 / f64::from(runs).sqrt()), "{systems}: {shown} for {excess}");
        assert!(near(fresh, 0.0, 4.9 * 1.5 / f64::from(runs).sqrt()), "{systems}: {fresh}");
    }
}
