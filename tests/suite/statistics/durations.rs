//! Times to remediation are those that were lived: no time is rounded to a day.

use brownout::experiment::{Measure, Results};

use super::z_limit;
use crate::common::{StudyText, group, values};

/// Tenants of one server each with a decision hazard a day, and nothing but that.
fn constant(count: u32, per_day: f64, horizon: &'static str) -> StudyText {
    StudyText {
        seed: 11,
        horizon,
        response: format!("multiplier: Constant(0), added: (upgrade: Constant({per_day}))"),
        groups: vec![group("plain", count, r#"upgrade: (to: "SE")"#, "")],
        ..StudyText::default()
    }
}

fn mean(results: &Results, measure: Measure) -> f64 {
    let values = values(results, 0, measure);
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn an_upgrade_an_hour_after_detection_took_an_hour() {
    let server =
        r#"servers: [(name: "s", build: "15.2.1544.36", planned: (route: upgrade, on: "2026-09-07T01:00:00Z"))]"#;
    let group = group("one", 40, r#"upgrade: (to: "SE", per_month: 0)"#, "").replace("servers_per_tenant: [1], ", "");
    let group = group.replace(crate::common::PLAIN_BUILDS, server);
    let results = StudyText { groups: vec![group], ..StudyText::default() }.run(3);
    for measure in
        [Measure::FirstQuartileDays, Measure::MedianDays, Measure::ThirdQuartileDays, Measure::RestrictedMeanDays]
    {
        assert_eq!(values(&results, 0, measure), [1.0 / 24.0; 3], "{measure:?}");
    }
    assert_eq!(results.scenarios[0].survival(0).unwrap().median().time, Some(1.0 / 24.0));
}

#[test]
fn quartiles_and_means_of_a_constant_hazard_have_no_bias() {
    // seed 11, n 40,000 servers; hazards of a day and of a week; alpha 1e-6 over 8 comparisons, normal limit. Quantile q of n times
    // has variance q (1 - q) / (n f^2), their mean 1 / (n hazard^2). On top half a step of the resolution, 1/48 of a day.
    let (n, limit) = (40_000.0, z_limit(8));
    for (per_day, horizon) in [(1.0, "2026-10-07"), (1.0 / 7.0, "2027-01-07")] {
        let results = constant(10_000, per_day, horizon).run(4);
        let quartiles =
            [(Measure::FirstQuartileDays, 0.25), (Measure::MedianDays, 0.5), (Measure::ThirdQuartileDays, 0.75)];
        for (measure, q) in quartiles {
            let right = -(1.0f64 - q).ln() / per_day;
            let error = (q * (1.0 - q) / n).sqrt() / ((1.0 - q) * per_day);
            let off = mean(&results, measure) - right;
            assert!(off.abs() < limit * error + 1.0 / 48.0, "{measure:?} at {per_day} a day: {off} off {right}");
            // Deliberately wrong: rounded up to whole days, half a day too long on average.
            assert!((off + 0.5).abs() > limit * error + 1.0 / 48.0);
        }
        let off = mean(&results, Measure::RestrictedMeanDays) - 1.0 / per_day;
        assert!(off.abs() < limit / per_day / n.sqrt(), "mean at {per_day} a day: {off}");
    }
}

#[test]
fn quartiles_of_a_few_servers_a_day_have_no_bias() {
    // seed 11, n 400 replications of 61 servers with a hazard of 0.1 a day: a handful a day, often one. The median of 61 times has the
    // mean sum of 1/(0.1 k) over the 31 largest of k = 1..61; its variance is the sum of squares. alpha 1e-6, normal limit.
    let results = constant(61, 0.1, "2027-03-07").run(400);
    let steps = || (31..=61).map(|k| 1.0 / (0.1 * f64::from(k)));
    let error = (steps().map(|step| step * step).sum::<f64>() / 400.0).sqrt();
    let off = mean(&results, Measure::MedianDays) - steps().sum::<f64>();
    assert!(off.abs() < z_limit(1) * error, "{off}, standard error {error}");
    // Deliberately wrong: rounded up to whole days, half a day too long on average.
    assert!((off + 0.5).abs() > z_limit(1) * error);
}
