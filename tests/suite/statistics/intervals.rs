//! Confidence intervals cover what they say, and seeds give samples of one population.

use brownout::experiment::Scope;
use brownout::experiment::{Measure, difference};
use brownout::stats::{IntervalType, LifeTable, SurvivalCurve, mean_interval, t_quantile};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::common::{StudyText, group, run, values};

/// Replications of one experiment, few, so that a normal quantile in place of Student's would show.
const REPLICATIONS: u32 = 4;
const TENANTS: u32 = 100;
const EXPERIMENTS: u64 = 3000;

/// Values of `still_non_compliant` of many experiments with seeds 0, 1, 2, ...; their true mean is n exp(-h days).
fn experiments() -> (Vec<Vec<f64>>, f64) {
    let text = StudyText {
        horizon: "2026-12-06",
        response: "multiplier: Constant(0), added: (upgrade: Constant(0.01))".to_owned(),
        groups: vec![group("plain", TENANTS, r#"upgrade: (to: "SE")"#, "")],
        ..StudyText::default()
    };
    let mut study = text.study();
    let each = |seed| {
        study.set_seed(seed);
        values(&run(&study, REPLICATIONS), 0, Measure::StillNonCompliant)
    };
    ((0..EXPERIMENTS).map(each).collect(), f64::from(TENANTS) * (-0.9f64).exp())
}

#[test]
fn ninety_five_of_a_hundred_intervals_hold_the_true_mean() {
    // Seeds 0 to 2999, 4 replications of 100 servers each. Coverage must lie between 93 and 97 %: five binomial standard
    // errors of 0.004 on either side of 95 %, alpha 6e-7, without any allowance for counts that are not quite normal.
    let (experiments, truth) = experiments();
    let n = EXPERIMENTS as f64;
    let coverage = |stretch: f64| {
        let holds = |values: &Vec<f64>| {
            let e = mean_interval(values, 0.95).unwrap();
            (e.mean - truth).abs() <= stretch * (e.high.unwrap() - e.mean)
        };
        experiments.iter().filter(|values| holds(values)).count() as f64 / n
    };
    let limit = 0.02;
    assert!((coverage(1.0) - 0.95).abs() < limit, "{} covered, limit {limit}", coverage(1.0));
    // Deliberately wrong: normal quantiles in place of Student's with 3 degrees of freedom.
    let normal = 1.959_963_984_5 / t_quantile(0.975, 3.0).unwrap();
    assert!((coverage(normal) - 0.95).abs() > limit, "{} covered", coverage(normal));
}

#[test]
fn ninety_five_of_a_hundred_paired_intervals_hold_the_true_difference() {
    // Seeds 0 to 1999, n 2,000 experiments of 4 replications of 100 servers under two hazards, coupled by common draws. Five
    // binomial standard errors of 0.0049 on either side of 95 %: alpha 6e-7.
    let faster = r#"(name: "faster", set: {"world.response.added.upgrade": Constant(0.02)})"#;
    let text = StudyText {
        horizon: "2026-12-06",
        response: "multiplier: Constant(0), added: (upgrade: Constant(0.01))".to_owned(),
        groups: vec![group("plain", TENANTS, r#"upgrade: (to: "SE")"#, "")],
        scenarios: vec![r#"(name: "first")"#.to_owned(), faster.to_owned()],
        ..StudyText::default()
    };
    let mut study = text.study();
    let truth = f64::from(TENANTS) * ((-1.8f64).exp() - (-0.9f64).exp());
    let mut each = |seed| {
        study.set_seed(seed);
        let found = difference(&run(&study, REPLICATIONS), 1, Scope::All, Measure::StillNonCompliant).unwrap().estimate;
        ((found.mean - truth).abs(), found.high.unwrap() - found.mean)
    };
    let found: Vec<(f64, f64)> = (0..2000).map(&mut each).collect();
    let coverage = |stretch: f64| found.iter().filter(|(off, half)| *off <= stretch * half).count() as f64 / 2000.0;
    let limit = 0.0245;
    assert!((coverage(1.0) - 0.95).abs() < limit, "{} covered", coverage(1.0));
    // Deliberately wrong: normal quantiles in place of Student's with 3 degrees of freedom.
    let normal = 1.959_963_984_5 / t_quantile(0.975, 3.0).unwrap();
    assert!((coverage(normal) - 0.95).abs() > limit, "{} covered", coverage(normal));
}

#[test]
fn ninety_five_of_a_hundred_survival_intervals_hold_the_true_survival() {
    // seed 3, n 2,000 samples of 400 people with hazard 0.01 a day, half of them censored before; S(60) = 0.5488. Limits as above,
    // alpha 6e-7; the interval is right for large samples only, and 400 people are large beside that tolerance.
    let mut dice = ChaCha8Rng::seed_from_u64(3);
    let mut exponential = |mean: f64| -mean * (((dice.next_u64() >> 12) as f64 + 0.5) / (1u64 << 52) as f64).ln();
    let mut held = [0; 2];
    for _ in 0..2000 {
        let people: Vec<(f64, f64)> = (0..400).map(|_| (exponential(100.0), exponential(100.0))).collect();
        let right = people.iter().map(|(event, censoring)| (event.min(*censoring), usize::from(event <= censoring)));
        // Deliberately wrong: a censoring counted as an event.
        let wrong = people.iter().map(|(event, censoring)| (event.min(*censoring), 1));
        let tables = [LifeTable::from_observations(1, right).unwrap(), LifeTable::from_observations(1, wrong).unwrap()];
        for (held, table) in held.iter_mut().zip(tables) {
            let point = SurvivalCurve::new(&table, 0.95, IntervalType::Log).at(60.0).unwrap();
            *held += i32::from((point.low.unwrap()..=point.high.unwrap()).contains(&(-0.6f64).exp()));
        }
    }
    let [right, wrong] = held.map(|held| f64::from(held) / 2000.0);
    assert!((right - 0.95).abs() < 0.0245, "{right} covered");
    assert!(wrong < 0.5, "{wrong} covered");
}

#[test]
fn populations_of_other_seeds_agree_within_their_interval() {
    // seeds 100 and 101, n 40 replications of 500 tenants each with every chance there is; alpha 1e-6 over 4 measures, by
    // the t distribution with 78 degrees of freedom. A doubled population is the two seeds together.
    let routes = r#"patch: (per_month: 0.2), upgrade: (to: "SE", per_month: 0.05, lead: LogNormal(median: 20, sigma: 0.8)),
        leave: (per_month: 0.02)"#;
    let wild = group("wild", 500, routes, "pauses: [(share: 0.5, plan: Never), (share: 0.5, plan: OneLong(days: 30))]")
        .replace("sigma: 0, never_share: 0", "sigma: 1.2, never_share: 0.15");
    let mut study = StudyText { groups: vec![wild], ..StudyText::default() }.study();
    let measures = [Measure::Lost, Measure::NonCompliantServerDays, Measure::PauseDays, Measure::StillNonCompliant];
    let mut of_seed = |seed: u64| {
        study.set_seed(seed);
        let results = run(&study, 40);
        measures.map(|measure| values(&results, 0, measure))
    };
    let (one, other) = (of_seed(100), of_seed(101));
    let limit = t_quantile(1.0 - 1e-6 / 2.0 / 4.0, 78.0).unwrap();
    let apart = |a: &[f64], b: &[f64]| {
        let (a, b) = (moments(a), moments(b));
        (a.0 - b.0).abs() / ((a.1 + b.1) / 40.0).sqrt()
    };
    for (i, measure) in measures.into_iter().enumerate() {
        assert_ne!(one[i], other[i], "{measure:?}: another seed gives other numbers");
        assert!(apart(&one[i], &other[i]) < limit, "{measure:?}: {}", apart(&one[i], &other[i]));
    }
    // Deliberately wrong: a population 10 % larger is told apart.
    let larger: Vec<f64> = other[1].iter().map(|value| value * 1.1).collect();
    assert!(apart(&one[1], &larger) > limit);
}

/// Mean and variance.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0))
}
