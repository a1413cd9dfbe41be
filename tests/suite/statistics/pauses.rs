//! Ways of pausing that have a closed form: one long pause at the first throttle, one at the first block, fixed dates.

use brownout::experiment::{DailyMeasure, Measure, Results};
use brownout::ladders;

use super::survival::{HAZARDS, REPLICATIONS, TENANTS, by_stage, cumulative, every_tenth_day};
use super::{deviation, worst, z_limit};
use crate::common::total;

/// Server-days in the class `paused`, over all days and replications.
fn paused_server_days(results: &Results) -> f64 {
    let scenario = &results.scenarios[0];
    let paused = DailyMeasure::Class(scenario.class_names.len() - 1);
    scenario.daily(&paused).iter().map(|day| day.0).sum::<f64>() * f64::from(results.replications)
}

/// Mean and variance of the days a server stays paused when it is paused from `from` for `days`, at hazards `before` and
/// `during`: it must survive `from` days, then stays min(exponential, days).
fn paused_days(before: f64, during: f64, from: f64, days: f64) -> (f64, f64) {
    let alive = (-before * from).exp();
    let gone = (-during * days).exp();
    let mean = alive * (1.0 - gone) / during;
    // E[min(X, c)^2] = 2 (1 - e^{-hc} (1 + hc)) / h^2.
    let square = alive * 2.0 * (1.0 - gone * (1.0 + during * days)) / (during * during);
    (mean, square - mean * mean)
}

#[test]
fn one_long_pause_begins_with_the_first_throttle_and_lasts_its_days() {
    // seed 2026, n 300,000, alpha 1e-6. Hazard 0.008 a day everywhere, 0.015 while paused; pause of 20 days from day 30.
    let pauses = "pauses: [(plan: OneLong(days: 20))]";
    let text = by_stage("microsoft-2023", 0.015, 0.0, &[0.008; 8], pauses);
    let results = text.run(REPLICATIONS);
    let n = f64::from(TENANTS * REPLICATIONS);
    let found = paused_server_days(&results);
    let off = |from: f64, days: f64| {
        let (mean, variance) = paused_days(0.008, 0.015, from, days);
        (found - n * mean).abs() / (n * variance).sqrt()
    };
    assert!(off(30.0, 20.0) < z_limit(1), "{}", off(30.0, 20.0));
    // Deliberately wrong: a pause one day shorter, or one that begins at first detection.
    assert!(off(30.0, 19.0) > z_limit(1));
    assert!(off(0.0, 20.0) > z_limit(1));
    // The clock stands for these days, so every later stage begins 20 days later.
    let days = every_tenth_day(180);
    let limit = z_limit(days.len());
    let curve = &results.scenarios[0].curves[0];
    let survival = |day: f64, pause: f64| (-0.008 * day - 0.007 * (day - 30.0).clamp(0.0, pause)).exp();
    assert!(worst(curve, &days, |day| survival(day, 20.0)) < limit);
    assert!(worst(curve, &days, |day| survival(day, 18.0)) > limit, "two days of pause are told apart");
    // Only tenants whose server still stands at day 30 pause, for 20 days each.
    let asked = total(&results, 0, Measure::PauseDays) / 20.0;
    assert!(deviation(asked as i64, n as i64, (-0.008f64 * 30.0).exp()) < z_limit(1));
}

#[test]
fn a_fixed_pause_stops_the_clock_for_its_days() {
    // seed 2026, n 300,000, 18 days, alpha 1e-6. 15 days from day 40 (2026-10-17); the hazards differ by stage.
    let pauses = r#"pauses: [(plan: Fixed([(at: "2026-10-17", days: 15)]))]"#;
    let results = by_stage("microsoft-2023", 0.003, 0.0, &HAZARDS, pauses).run(REPLICATIONS);
    let ladder = ladders::microsoft_2023();
    let curve = &results.scenarios[0].curves[0];
    let days = every_tenth_day(180);
    let survival = |day: f64, paused: f64| {
        let in_pause = (day - 40.0).clamp(0.0, paused);
        (-cumulative(&ladder, &HAZARDS, day - in_pause) - 0.003 * in_pause).exp()
    };
    let limit = z_limit(days.len());
    assert!(worst(curve, &days, |day| survival(day, 15.0)) < limit);
    // Deliberately wrong: a pause through which the clock runs, and one that lasts a day longer.
    let running = |day: f64| {
        let pause = cumulative(&ladder, &HAZARDS, day.min(55.0)) - cumulative(&ladder, &HAZARDS, day.min(40.0));
        (-cumulative(&ladder, &HAZARDS, day) + pause - 0.003 * (day - 40.0).clamp(0.0, 15.0)).exp()
    };
    assert!(worst(curve, &days, running) > limit);
    assert!(worst(curve, &days, |day| survival(day, 16.0)) > limit);
    // Everybody takes the fixed pause, whatever became of the server.
    assert_eq!(total(&results, 0, Measure::PauseDays), f64::from(15 * TENANTS * REPLICATIONS));
    let n = f64::from(TENANTS * REPLICATIONS);
    let alive = (-cumulative(&ladder, &HAZARDS, 40.0)).exp();
    let (mean, square) = paused_days(0.0, 0.003, 0.0, 15.0);
    let (mean, square) = (alive * mean, alive * (square + mean * mean));
    let off = (paused_server_days(&results) - n * mean).abs() / (n * (square - mean * mean)).sqrt();
    assert!(off < z_limit(1), "{off}");
}

#[test]
fn a_long_pause_moves_every_later_stage_by_its_days() {
    // seed 2026, n 300,000, 18 days, alpha 1e-6, normal limit. The hazards differ by stage; 20 days of pause from day 30 on.
    let pauses = "pauses: [(plan: OneLong(days: 20))]";
    let results = by_stage("microsoft-2023", 0.003, 0.0, &HAZARDS, pauses).run(REPLICATIONS);
    let (ladder, curve) = (ladders::microsoft_2023(), &results.scenarios[0].curves[0]);
    let days = every_tenth_day(180);
    let survival = |day: f64, from: f64| {
        let paused = (day - from).clamp(0.0, 20.0);
        (-cumulative(&ladder, &HAZARDS, day - paused) - 0.003 * paused).exp()
    };
    let limit = z_limit(days.len());
    assert!(worst(curve, &days, |day| survival(day, 30.0)) < limit);
    // Deliberately wrong: a pause from the first block on, and one from the second throttled stage on.
    assert!(worst(curve, &days, |day| survival(day, 60.0)) > limit);
    assert!(worst(curve, &days, |day| survival(day, 40.0)) > limit);
}

#[test]
fn a_pause_when_blocked_begins_with_the_first_blocking_stage() {
    // seed 2026, n 300,000, 18 days, alpha 1e-6, normal limit. 25 days from day 60 on, for those still there.
    let pauses = "pauses: [(plan: WhenBlocked(days: 25))]";
    let results = by_stage("microsoft-2023", 0.003, 0.0, &HAZARDS, pauses).run(REPLICATIONS);
    let (ladder, curve) = (ladders::microsoft_2023(), &results.scenarios[0].curves[0]);
    let days = every_tenth_day(180);
    let survival = |day: f64, from: f64| {
        let paused = (day - from).clamp(0.0, 25.0);
        (-cumulative(&ladder, &HAZARDS, day - paused) - 0.003 * paused).exp()
    };
    let limit = z_limit(days.len());
    assert!(worst(curve, &days, |day| survival(day, 60.0)) < limit);
    // Deliberately wrong: a pause from the first throttle on.
    assert!(worst(curve, &days, |day| survival(day, 30.0)) > limit);
    let n = i64::from(TENANTS * REPLICATIONS);
    let asked = total(&results, 0, Measure::PauseDays) / 25.0;
    assert!(deviation(asked as i64, n, (-cumulative(&ladder, &HAZARDS, 60.0)).exp()) < z_limit(1), "{asked}");
}
