//! Time to remediation against closed forms.

use brownout::experiment::Results;
use brownout::ladders::{self, PRESETS};
use brownout::policy::Ladder;
use brownout::world::Route;

use super::{deviation, worst, z_limit};
use crate::common::{BASELINE, StudyText, group, remediated_by};

/// n of every test: tenants (one server each) times replications.
pub(super) const TENANTS: u32 = 50_000;
pub(super) const REPLICATIONS: u32 = 6;

/// Daily hazards of the stages of the announced ladder, all different.
pub(super) const HAZARDS: [f64; 8] = [0.004, 0.006, 0.009, 0.012, 0.016, 0.021, 0.027, 0.034];

pub(super) fn every_tenth_day(to: usize) -> Vec<usize> {
    (10..=to).step_by(10).collect()
}

/// `added` hazards by stage name for one route.
fn added(route: &str, unaware: f64, paused: f64, stages: &[(String, f64)]) -> String {
    let stages: Vec<_> = stages.iter().map(|(name, hazard)| format!("\"{name}\": {hazard}")).collect();
    format!("{route}: ByStage(unaware: {unaware}, paused: {paused}, stages: {{{}}})", stages.join(", "))
}

/// A study with one route, `upgrade`, of these added hazards on a preset ladder.
pub(super) fn by_stage(preset: &str, paused: f64, unaware: f64, hazards: &[f64], pauses: &str) -> StudyText {
    let ladder = ladders::preset(preset).unwrap();
    let stages: Vec<_> =
        ladder.stages().iter().map(|stage| stage.name().to_owned()).zip(hazards.iter().copied()).collect();
    StudyText {
        seed: 2026,
        policy: format!(r#"ladder: (preset: "{preset}"), {BASELINE}"#),
        response: format!("multiplier: Constant(0), added: ({})", added("upgrade", unaware, paused, &stages)),
        groups: vec![group("plain", TENANTS, r#"upgrade: (to: "SE")"#, pauses)],
        ..StudyText::default()
    }
}

/// Cumulative hazard after `days` on the clock of a ladder.
pub(super) fn cumulative(ladder: &Ladder, hazards: &[f64], days: f64) -> f64 {
    let stage = |k: usize| {
        let from = ladder.start_of(k).days_f64();
        let to = ladder.next_start(k).map_or(f64::INFINITY, |start| start.days_f64());
        (days.min(to) - from).max(0.0) * hazards[k]
    };
    (0..ladder.stages().len()).map(stage).sum()
}

#[test]
fn the_stages_that_the_theory_takes_from_the_ladders_begin_on_the_announced_days() {
    // DOMAIN.md 1.1, by hand: what the curves below rest on.
    let days = |name: &str| {
        let ladder = ladders::preset(name).unwrap();
        (0..ladder.stages().len()).map(|k| ladder.start_of(k).days_f64()).collect::<Vec<_>>()
    };
    let announced = [0.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0];
    assert_eq!(days("microsoft-2023"), announced);
    assert_eq!(days("microsoft-2023-throttle-kept"), announced);
    assert_eq!((days("all-at-once"), days("none")), (vec![0.0], vec![0.0]));
}

#[test]
fn survival_follows_the_stage_hazards_on_every_preset_and_on_one_stretched() {
    // seed 2026, n 300,000 a ladder, 5 ladders x 18 days, alpha 1e-6, normal limit.
    let days = every_tenth_day(180);
    let limit = z_limit((PRESETS.len() + 1) * days.len());
    for (preset, slower) in PRESETS.map(|preset| (preset, 1.0)).into_iter().chain([("microsoft-2023", 1.6)]) {
        let ladder = ladders::preset(preset).unwrap().slower(slower);
        let mut text = by_stage(preset, 0.0, 0.004, &HAZARDS, "");
        text.policy = text.policy.replace(&format!("\"{preset}\")"), &format!("\"{preset}\", slower: {slower})"));
        let results = text.run(REPLICATIONS);
        let curve = &results.scenarios[0].curves[0];
        assert_eq!(curve.total(), i64::from(TENANTS * REPLICATIONS));
        // The stage of the ladder `none` is silent: its servers act as unaware, at 0.004.
        let right = |day: f64| (-cumulative(&ladder, &HAZARDS, day)).exp();
        assert!(worst(curve, &days, right) < limit, "{preset}: {} of {limit}", worst(curve, &days, right));
        // Deliberately wrong: every hazard 2 % too high.
        let wrong = |day: f64| right(day).powf(1.02);
        assert!(worst(curve, &days, wrong) > limit, "{preset} does not tell 2 % of hazard apart");
    }
}

#[test]
fn a_stage_boundary_one_day_off_is_caught() {
    // Deliberately wrong ladder (seed 2026, n 300,000, alpha 1e-6): the theory of stages that begin a day late.
    let days = every_tenth_day(180);
    let ladder = ladders::microsoft_2023();
    let steep = [0.002, 0.02, 0.002, 0.02, 0.002, 0.02, 0.002, 0.02];
    let results = by_stage("microsoft-2023", 0.0, 0.0, &steep, "").run(REPLICATIONS);
    let curve = &results.scenarios[0].curves[0];
    let limit = z_limit(days.len());
    assert!(worst(curve, &days, |day| (-cumulative(&ladder, &steep, day)).exp()) < limit);
    let late = |day: f64| (-cumulative(&ladder, &steep, day - 1.0) - steep[0]).exp();
    assert!(worst(curve, &days, late) > limit);
}

/// Three stages of 30 days with these daily hazards, 20 replications.
fn three_stages(hazards: [f64; 3]) -> Results {
    let names = ["first", "second", "third"].map(str::to_owned);
    let stages: Vec<_> = names.into_iter().zip(hazards).collect();
    let ladder = r#"ladder: (stages: [(name: "first", days: 30), (name: "second", days: 30, throttle: 10),
        (name: "third", block: 30)])"#;
    let text = StudyText {
        seed: 31,
        policy: format!("{ladder}, {BASELINE}"),
        response: format!("multiplier: Constant(0), added: ({})", added("upgrade", 0.0, 0.0, &stages)),
        groups: vec![group("plain", TENANTS, r#"upgrade: (to: "SE")"#, "")],
        ..StudyText::default()
    };
    text.run(20)
}

/// Deviations at days 30, 60 and 90 from these survivals.
fn at_stage_ends(results: &Results, survival: [f64; 3]) -> f64 {
    worst(&results.scenarios[0].curves[0], &[30, 60, 90], |day| survival[(day / 30.0) as usize - 1])
}

/// exp(-sum of hazard x days) for daily hazards 0.004, 0.010 and 0.030 over 30 days each.
const OF_HAZARDS: [f64; 3] = [0.886_920_436_7, 0.657_046_819_8, 0.267_135_302_0];
/// (1 - p)^days for daily probabilities of the same sizes (MODEL 10).
const OF_PROBABILITIES: [f64; 3] = [0.886_707_032_2, 0.655_897_522_8, 0.263_019_542_9];

#[test]
fn daily_hazards_and_daily_probabilities_each_give_their_survival() {
    // seed 31, n 1,000,000, alpha 1e-6, normal limit.
    let limit = z_limit(3);
    let hazards = three_stages([0.004, 0.010, 0.030]);
    let probabilities = three_stages([0.004, 0.010, 0.030].map(|p: f64| -(-p).ln_1p()));
    assert!(at_stage_ends(&hazards, OF_HAZARDS) < limit);
    assert!(at_stage_ends(&probabilities, OF_PROBABILITIES) < limit);
    // Deliberately wrong: each reading against the other's numbers, 9 standard errors away at day 90.
    assert!(at_stage_ends(&hazards, OF_PROBABILITIES) > limit);
    assert!(at_stage_ends(&probabilities, OF_HAZARDS) > limit);
}

#[test]
fn the_two_readings_are_products_and_exponentials() {
    let mut product = 1.0;
    let mut sum = 0.0;
    for (k, rate) in [0.004f64, 0.010, 0.030].into_iter().enumerate() {
        product *= (1.0 - rate).powi(30);
        sum += 30.0 * rate;
        assert!((product - OF_PROBABILITIES[k]).abs() < 5e-11, "{product}");
        assert!(((-sum).exp() - OF_HAZARDS[k]).abs() < 5e-11, "{}", (-sum).exp());
    }
}

#[test]
fn probabilities_by_stage_of_the_reference_ladder_give_the_stated_survival() {
    // seed 8, n 300,000, alpha 1e-6. Probability of deciding within a stage: 1 - (1 - p)^days.
    let within = |p: f64, days: i32| 1.0 - (1.0 - p).powi(days);
    let (a, b, c) = (within(0.004, 30), within(0.010, 10), within(0.030, 10));
    let route = format!(
        r#"upgrade: (to: "SE", in_stage: (probability: {{"report": {a}, "throttle-5": {b}, "throttle-10": {b},
            "throttle-20": {b}, "block-5": {c}, "block-10": {c}, "block-20": {c}}}))"#
    );
    let text = StudyText { seed: 8, groups: vec![group("plain", TENANTS, &route, "")], ..StudyText::default() };
    let results = text.run(REPLICATIONS);
    assert!(at_stage_ends(&results, OF_PROBABILITIES) < z_limit(3));
    // Deliberately wrong: every stage a day shorter.
    let shorter = [
        0.996f64.powi(29),
        0.996f64.powi(29) * 0.99f64.powi(27),
        0.996f64.powi(29) * 0.99f64.powi(27) * 0.97f64.powi(27),
    ];
    assert!(at_stage_ends(&results, shorter) > z_limit(3));
    // The last stage has no probability stated: nobody decides in it.
    let curve = &results.scenarios[0].curves[0];
    assert_eq!(remediated_by(curve, 90).0, remediated_by(curve, 180).0);
}

#[test]
fn two_competing_routes_share_the_remediations_by_their_hazards() {
    // seed 5, n 300,000, 3 comparisons, alpha 1e-6. Expected values: CASES, competing risks (closed form).
    let response = "multiplier: Constant(0), added: (upgrade: Constant(0.01), leave: Constant(0.002))";
    let groups = vec![group("plain", TENANTS, r#"upgrade: (to: "SE"), leave: ()"#, "")];
    let text = StudyText { seed: 5, response: response.to_owned(), groups, ..StudyText::default() };
    let results = text.run(REPLICATIONS);
    let curve = &results.scenarios[0].curves[0];
    let by = |route: Route| curve.remediated[route][..=90].iter().sum::<i64>();
    let n = curve.total();
    let counts = [n - by(Route::Upgrade) - by(Route::Leave), by(Route::Upgrade), by(Route::Leave)];
    let off = |expected: [f64; 3]| counts.iter().zip(expected).map(|(&c, p)| deviation(c, n, p)).fold(0.0, f64::max);
    assert!(off([0.339_595_525_6, 0.550_337_062_0, 0.110_067_412_4]) < z_limit(3));
    // Deliberately wrong: incidences of routes that do not compete, 1 - exp(-h t).
    assert!(off([0.339_595_525_6, 1.0 - (-0.9f64).exp(), 1.0 - (-0.18f64).exp()]) > z_limit(3));
}

/// E[exp(-D x)] for a lognormal D with mean `mean` and this sigma, by Simpson's rule over 10 standard deviations.
fn lognormal_mixture(sigma: f64, mean: f64, x: f64) -> f64 {
    let steps = 4000;
    let width = 20.0 / f64::from(steps);
    let value = |i: i32| {
        let z = -10.0 + width * f64::from(i);
        let diligence = mean * (sigma * z - sigma * sigma / 2.0).exp();
        (-0.5 * z * z - diligence * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
    };
    let weight = |i: i32| {
        if i == 0 || i == steps {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        }
    };
    (0..=steps).map(|i| weight(i) * value(i)).sum::<f64>() * width / 3.0
}

#[test]
fn the_quadrature_gives_one_without_hazard_and_the_exponential_without_spread() {
    assert!((lognormal_mixture(1.2, 1.0, 0.0) - 1.0).abs() < 1e-12);
    assert!((lognormal_mixture(1e-9, 1.0, 0.7) - (-0.7f64).exp()).abs() < 1e-8);
}

#[test]
fn diligence_mixes_survival_as_the_lognormal_with_mean_one_does() {
    // seed 12, n 300,000, 18 days, alpha 1e-6. One route, 0.3 a month in every state; 15 % never act.
    let routes = r#"upgrade: (to: "SE", per_month: 0.3)"#;
    let spread =
        group("plain", TENANTS, routes, "").replace("sigma: 0, never_share: 0", "sigma: 1.2, never_share: 0.15");
    let text = StudyText { seed: 12, groups: vec![spread], ..StudyText::default() };
    let results = text.run(REPLICATIONS);
    let curve = &results.scenarios[0].curves[0];
    let days = every_tenth_day(180);
    let limit = z_limit(days.len());
    let survival = |mean: f64, day: f64| 0.15 + 0.85 * lognormal_mixture(1.2, mean, 0.3 / 30.4375 * day);
    assert!(worst(curve, &days, |day| survival(1.0, day)) < limit);
    // Deliberately wrong: a lognormal with median 1, whose mean is exp(sigma^2 / 2).
    assert!(worst(curve, &days, |day| survival((1.2f64 * 1.2 / 2.0).exp(), day)) > limit);
}
