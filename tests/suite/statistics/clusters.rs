//! Bands of survival curves where servers of a tenant belong together.

use brownout::experiment::lifetimes;

use crate::common::{StudyText, group, run};

/// Hazard a day of a server of diligence 1.
const HAZARD: f64 = 0.04;
/// Studies, each with another seed.
const STUDIES: u64 = 200;

/// Survival of a server after `days`: the mean over lognormal diligence with sigma 1.2 and mean 1, by a sum over the normal density.
fn truth(days: f64) -> f64 {
    let points = || (-900..=900).map(|i| f64::from(i) / 100.0).map(|z| (z, (-z * z / 2.0f64).exp()));
    let all: f64 = points().map(|point| point.1).sum();
    points().map(|(z, density)| density / all * (-HAZARD * days * (1.2 * z - 0.72f64).exp()).exp()).sum()
}

#[test]
fn bands_of_large_tenants_hold_the_true_survival() {
    // seeds 0 to 199, n 200 studies of 20 replications of 8 tenants with 10 servers each, at days 10 and 30; alpha 1e-6 over both: the
    // 95 % bands of a right program hold the truth in 0.87 to 1 of the studies (binomial, standard deviation 0.0154, 5 of them).
    let per_month = HAZARD * 30.4375;
    let ten = group("ten", 8, &format!(r#"upgrade: (to: "SE", per_month: {per_month})"#), "")
        .replace("servers_per_tenant: [1]", "servers_per_tenant: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]")
        .replace("sigma: 0, never_share: 0", "sigma: 1.2, never_share: 0");
    let policy = StudyText::default().policy.replace("microsoft-2023", "none");
    let mut study = StudyText { policy, horizon: "2026-10-08", groups: vec![ten], ..StudyText::default() }.study();
    let days = [10.0, 30.0];
    let mut held = [[0; 2]; 2];
    for seed in 0..STUDIES {
        study.set_seed(seed);
        let results = run(&study, 20);
        let right = results.scenarios[0].survival(0).unwrap();
        // Deliberately wrong: every server for itself (Greenwood).
        let wrong = lifetimes::survival(&results.scenarios[0].curves[0]).unwrap();
        for (held, curve) in held.iter_mut().zip([right, wrong]) {
            for (held, day) in held.iter_mut().zip(days) {
                let point = curve.at(day).unwrap();
                *held += i32::from((point.low.unwrap()..=point.high.unwrap()).contains(&truth(day)));
            }
        }
    }
    let [right, wrong] = held.map(|held| held.map(|held| f64::from(held) / STUDIES as f64));
    assert!(right.iter().all(|share| *share > 0.87), "{right:?} covered");
    assert!(wrong.iter().all(|share| *share < 0.87), "{wrong:?} covered by bands of independent servers");
}

#[test]
fn a_single_replication_has_no_band() {
    let results =
        StudyText { groups: vec![group("g", 50, r#"upgrade: (to: "SE", per_month: 1)"#, "")], ..StudyText::default() };
    let curve = results.run(1).scenarios[0].survival(0).unwrap();
    assert!(curve.points().iter().all(|point| (point.low, point.high) == (None, None)));
    assert!(results.run(2).scenarios[0].survival(0).unwrap().points()[5].low.is_some());
}
