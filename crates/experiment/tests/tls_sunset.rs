//! A second, tiny domain on the same engine: dated compliance, nothing to patch.

#[path = "../examples/tls_sunset.rs"]
mod tls_sunset;

use brownout_experiment::Scope;
use brownout_experiment::{Measure, Runner, twin};
use brownout_kernel::policy::Answer;
use tls_sunset::{RENEWALS_PER_MONTH, study};

const MONTH_DAYS: f64 = 30.4375;

/// One constant hazard from detection on: of 1, exp(-rate t) are left.
#[test]
fn the_exact_curve_is_the_exponential_of_the_rate() {
    let study = study(10, 1);
    for scenario in study.scenarios() {
        let exact = twin::exact(scenario, study.start(), study.horizon()).unwrap();
        for day in [0_usize, 14, 44, 90, 300] {
            let expected = libm::exp(-RENEWALS_PER_MONTH / MONTH_DAYS * day as f64);
            assert!((exact.survival[day] - expected).abs() < 1e-9, "{} day {day}", scenario.name);
        }
    }
}

/// Seed 7, n = 20,000 senders, one replication; 5 comparisons at z = 4.42, alpha = 1e-5 each. A rate wrong by 3 % would be caught.
#[test]
fn lives_follow_that_curve() {
    let study = study(20_000, 1);
    let tallies = Runner::new(&study).replicate(0, &|_| {});
    for (scenario, tally) in study.scenarios().iter().zip(&tallies) {
        let agreement =
            twin::compare(&twin::exact(scenario, study.start(), study.horizon()).unwrap(), &tally.curves[0]);
        assert!(agreement.agrees, "{}: {agreement:?}", scenario.name);
    }
    let left = |tally: &brownout_kernel::tally::Tally| tally.groups[0].servers;
    assert_eq!(left(&tallies[0]), 20_000);
}

#[test]
fn delays_spare_mail_and_the_answers_are_this_service_s_own() {
    let study = study(2_000, 5);
    let results = brownout_experiment::Results::run(&Runner::new(&study), study.replications(), &|_| {});
    let mean = |s: usize, measure| results.scenarios[s].summary(Scope::All, measure).unwrap().estimate.mean;
    assert!(mean(0, Measure::Lost) < mean(1, Measure::Lost), "whoever renews within the month of delays loses nothing");
    assert!(mean(0, Measure::Delayed) > 0.0 && mean(1, Measure::Delayed) == 0.0);
    let replies = &study.scenarios()[0].policy.replies();
    let text = replies.text(Answer::Blocked { minutes: 60 }).unwrap();
    assert_eq!(text, "554 5.7.5 TLS 1.0 is not accepted for 60 minutes of every hour");
}
