//! Exact curves against closed forms and against the simulation.

use std::sync::Arc;

use brownout::experiment::Runner;
use brownout::policy::{Ladder, Minutes, Stage};
use brownout::reading::compose::compose;
use brownout::reading::text::SourceFile;
use brownout::study::{Scenario, Scenarios, Study};
use brownout::tally::CurveCounts;
use brownout::time::SimDuration;
use brownout::twin::*;
use brownout::world::route::MONTH_DAYS;
use brownout::world::{BaseRate, Behaviour, PausePlan, PerRoute, Route, Table, World};

fn shipped() -> Study {
    let text = include_str!("../../../scenarios/analytic-twin.ron").to_owned();
    let file = Arc::new(SourceFile { path: "analytic-twin.ron".to_owned(), text });
    compose("analytic-twin", &file, &mut |_| Err("no further files".to_owned())).0.unwrap()
}

fn exact_of(study: &Study, scenario: usize) -> Exact {
    exact(&study.scenarios()[scenario], study.start(), study.horizon()).unwrap()
}

/// The first cycles of one replication by scenario.
fn simulated(study: &Study) -> Vec<CurveCounts> {
    let tallies = Runner::new(study).replicate(0, &|_| ());
    tallies.into_iter().map(|tally| tally.curves[0].clone()).collect()
}

fn world(scenario: &mut Scenario) -> &mut World {
    Arc::make_mut(&mut scenario.world)
}

fn scale_rates(scenario: &mut Scenario, factor: f64) {
    for mut group in world(scenario).edit_groups() {
        for route in Route::ALL {
            group.change_route(route, |rules| match rules.base() {
                BaseRate::PerMonth(rate) => rules.set_base(BaseRate::PerMonth(rate * factor)).unwrap(),
                BaseRate::PerDayInStage(_) => {}
            });
        }
    }
}

/// The first scenario with no diligence spread, detection at the effective date, constant response and these daily rates.
fn plain(rates: [f64; 3], multiplier: Table) -> (Study, Scenario) {
    let study = shipped();
    let mut scenario = study.scenarios()[0].clone();
    let mut entries = scenario.policy.baselines().entries().to_vec();
    entries.iter_mut().for_each(|entry| entry.set_spread_days(0.0).unwrap());
    Arc::make_mut(&mut scenario.policy).set_baselines(brownout::policy::Baselines::new(entries));
    world(&mut scenario).response_mut().set_multiplier(multiplier).unwrap();
    for mut group in world(&mut scenario).edit_groups() {
        *group.diligence_mut() = brownout::world::Diligence::EQUAL;
        for (route, rate) in Route::ALL.into_iter().zip(rates) {
            group.change_route(route, |rules| rules.set_base(BaseRate::PerMonth(rate * MONTH_DAYS))).unwrap().unwrap();
        }
    }
    (study, scenario)
}

/// Model: World.
#[test]
fn two_constant_hazards_give_the_closed_form() {
    let (study, scenario) = plain([0.01, 0.0, 0.002], Table::constant(1.0));
    let exact = exact(&scenario, study.start(), study.horizon()).unwrap();
    assert_eq!(exact.days[90], 90.0);
    assert!((exact.survival[90] - 0.3395955256).abs() < 6e-11);
    assert!((exact.incidence[90][Route::Patch] - 0.5503370620).abs() < 6e-11);
    assert_eq!(exact.incidence[90][Route::Upgrade], 0.0);
    assert!((exact.incidence[90][Route::Leave] - 0.1100674124).abs() < 6e-11);
}

/// Model: World.
#[test]
fn hazards_by_stage_give_the_closed_form() {
    let stage = |name: &str, days: Option<i64>| Stage::new(name, days, Minutes::NONE).unwrap();
    // The hazards that take 0.004, 0.010 and 0.030 of those left each day.
    let daily = [("a", 0.004), ("b", 0.010), ("c", 0.030)];
    let values = daily.map(|(name, share)| (name.to_owned(), BaseRate::hazard_of(share, 1.0)));
    let table = Table::ByStage { unaware: 1.0, paused: 0.0, stages: values.into_iter().collect() };
    let (study, mut scenario) = plain([0.0, 1.0, 0.0], table);
    let thirds = Ladder::new("thirds", vec![stage("a", Some(30)), stage("b", Some(30)), stage("c", None)]).unwrap();
    Arc::make_mut(&mut scenario.policy).set_ladder(thirds).unwrap();
    let exact = exact(&scenario, study.start(), study.horizon()).unwrap();
    for (day, survival) in [(30, 0.8867070322), (60, 0.6558975228), (90, 0.2630195429)] {
        assert!((exact.survival[day] - survival).abs() < 6e-11, "day {day}");
    }
}

/// Model: Numbers.
#[test]
fn half_as_many_points_give_the_same_curves() {
    let mut study = shipped();
    for sigma in [0.3, 1.2, 3.0] {
        for world in study.scenarios_mut().worlds_mut() {
            let groups = Arc::make_mut(world).edit_groups();
            groups.for_each(|mut group| group.diligence_mut().set_sigma(sigma).unwrap());
        }
        let fine = exact_of(&study, 1);
        let coarse = exact_at(&study.scenarios()[1], study.start(), study.horizon(), 2.0 * STEP).unwrap();
        let apart = fine.survival.iter().zip(&coarse.survival).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(apart < 1e-10, "sigma {sigma}: {apart:e}");
    }
}

/// Model: Numbers.
#[test]
fn survival_and_incidences_add_up_to_one() {
    let study = shipped();
    for scenario in 0..3 {
        let exact = exact_of(&study, scenario);
        assert_eq!(exact.days.len(), 451, "2026-10-07, the last detection, to 2027-12-31 are 450 days");
        for (left, taken) in exact.survival.iter().zip(&exact.incidence) {
            assert!((left + taken.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}

/// Model: World.
#[test]
fn who_acts_before_detection_is_missing_among_the_detected() {
    let study = shipped();
    let early = exact_of(&study, 0);
    let mut late = study.scenarios()[0].clone();
    let entries = late.policy.baselines().entries().iter().cloned().map(|mut entry| {
        entry.set_effective(entry.effective() + SimDuration::from_days(120));
        entry
    });
    let entries = brownout::policy::Baselines::new(entries.collect());
    Arc::make_mut(&mut late.policy).set_baselines(entries);
    let late = exact(&late, study.start(), study.horizon()).unwrap();
    assert!(late.survival[60] > early.survival[60] + 0.01, "{} {}", late.survival[60], early.survival[60]);
}

/// The shipped study with `times` as many tenants.
fn larger(times: u32) -> Study {
    let mut study = shipped();
    for mut group in study.scenarios_mut().worlds_mut().flat_map(|world| Arc::make_mut(world).edit_groups()) {
        let count = group.count() * times;
        group.set_count(count.into()).unwrap();
    }
    study
}

/// Seed 3, replication 0, 320,000 tenants in each scenario; the comparison's own bound, which a correct simulation exceeds
/// with probability at most 1e-6 and which lies at 6.6 standard errors. A hazard that is 5 % too high moves survival by about
/// 0.010 where it moves most, ten standard errors at this size.
/// Model: World.
#[test]
fn the_simulation_agrees_and_a_hazard_five_percent_too_high_is_caught() {
    let study = larger(80);
    let counts = simulated(&study);
    for (scenario, counts) in counts.iter().enumerate() {
        let agreement = compare(&exact_of(&study, scenario), counts);
        assert!(agreement.agrees, "{}: {agreement:?}", study.scenarios()[scenario].name);
        let mut wrong = study.scenarios()[scenario].clone();
        scale_rates(&mut wrong, 1.05);
        let agreement = compare(&exact(&wrong, study.start(), study.horizon()).unwrap(), counts);
        assert!(!agreement.agrees, "{}: {agreement:?}", wrong.name);
    }
}

/// As above; forgetting that the diligent are missing among the detected must not pass for agreement.
/// Model: World.
#[test]
fn a_mix_that_forgets_the_time_before_detection_is_caught() {
    let study = larger(20);
    let counts = simulated(&study);
    let mut cells = brownout::twin::cells::of(&study.scenarios()[0], study.start(), study.horizon()).unwrap();
    cells.iter_mut().for_each(|cell| (cell.before, cell.window) = (Vec::new(), Vec::new()));
    let wrong =
        brownout::twin::mixture::curves(&cells, study.scenarios()[0].policy.ladder(), 450, study.horizon(), STEP)
            .unwrap();
    let agreement = compare(&wrong, &counts[0]);
    assert!(!agreement.agrees, "{agreement:?}");
}

/// Model: World.
#[test]
fn groups_are_weighed_by_who_of_them_is_detected() {
    let mut study = larger(10);
    for world in study.scenarios_mut().worlds_mut() {
        let mut first = Arc::make_mut(world).edit_group(0).unwrap();
        first.close(Route::Leave).unwrap();
        first.diligence_mut().set_never_share(0.5).unwrap();
        let mut second = Arc::make_mut(world).edit_group(1).unwrap();
        second.change_route(Route::Patch, |rules| rules.set_base(BaseRate::PerMonth(0.8))).unwrap().unwrap();
    }
    for (scenario, counts) in simulated(&study).iter().enumerate() {
        let agreement = compare(&exact_of(&study, scenario), counts);
        assert!(agreement.agrees, "{}: {agreement:?}", study.scenarios()[scenario].name);
    }
}

/// Model: Numbers.
#[test]
fn a_few_servers_left_are_no_disagreement_but_many_are() {
    let mut counts = CurveCounts::new(2);
    (counts.remediated[Route::Patch][1], counts.censored[2]) = (999, 1);
    let exact = |left: f64| {
        let survival = vec![1.0, left];
        let incidence = vec![PerRoute::default(), PerRoute::new(1.0 - left, 0.0, 0.0)];
        let counted = Curves { survival: survival.clone(), incidence: incidence.clone() };
        Exact { days: vec![0.0, 1.0], survival, incidence, counted }
    };
    assert!(compare(&exact(0.003), &counts).agrees);
    let wrong = compare(&exact(0.05), &counts);
    assert_eq!((wrong.agrees, wrong.worst_day), (false, 1));
    assert!((wrong.simulated - 0.001).abs() < 1e-12 || wrong.quantity == "patch");
}

fn reasons(spoil: impl Fn(&mut Scenario)) -> String {
    let study = shipped();
    let mut scenario = study.scenarios()[0].clone();
    spoil(&mut scenario);
    exact(&scenario, study.start(), study.horizon()).unwrap_err().reasons.join("\n")
}

fn until_done() -> Vec<Behaviour> {
    vec![Behaviour::new(1.0, PausePlan::UntilDone, false).unwrap()]
}

/// Model: World.
#[test]
fn every_reason_is_given_in_words() {
    let all = reasons(|scenario| {
        let mut first = world(scenario).edit_group(0).unwrap();
        first.failure_mut().set_prob(0.1).unwrap();
        first.set_behaviours(until_done()).unwrap();
        let mut second = world(scenario).edit_group(1).unwrap();
        second
            .change_route(Route::Patch, |rules| rules.set_lead(brownout::draws::Spread::Fixed(3.0)))
            .unwrap()
            .unwrap();
    });
    let expected = "attempts can fail (\"2019 behind\")\ntenants may pause (\"2019 behind\")\n\
                    work waits for a lead time after the decision (\"2016 behind\")";
    assert_eq!(all, expected);
    let windows = |scenario: &mut Scenario| {
        let window = brownout::world::Window::new(5, 0, 3600).unwrap();
        let openings = brownout::world::Openings::new(vec![window], Vec::new()).unwrap();
        world(scenario).edit_groups().for_each(|mut group| *group.openings_mut() = openings.clone());
    };
    assert_eq!(reasons(windows), "work waits for maintenance windows", "no names where it holds for all");
    let budget = |scenario: &mut Scenario| {
        world(scenario).edit_group(0).unwrap().set_behaviours(until_done()).unwrap();
        let rules = scenario.policy.pauses().with_budget_days(0).unwrap();
        Arc::make_mut(&mut scenario.policy).set_pauses(rules);
    };
    let study = shipped();
    let mut scenario = study.scenarios()[0].clone();
    budget(&mut scenario);
    assert!(exact(&scenario, study.start(), study.horizon()).is_ok(), "without a budget nobody pauses");
}

/// Model: World.
#[test]
fn routes_that_open_or_close_later_are_refused() {
    let raised = reasons(|scenario| {
        let mut entries = scenario.policy.baselines().entries().to_vec();
        let product = entries[0].product();
        entries.push(brownout::policy::Baseline::new("raise", "2027-03-01".parse().unwrap(), product, None));
        Arc::make_mut(&mut scenario.policy).set_baselines(brownout::policy::Baselines::new(entries));
    });
    assert!(raised.contains("fall behind a later baseline"), "{raised}");
    let before = reasons(|scenario| {
        let mut entries = scenario.policy.baselines().entries().to_vec();
        entries.iter_mut().for_each(|entry| entry.set_effective("2026-07-01".parse().unwrap()));
        Arc::make_mut(&mut scenario.policy).set_baselines(brownout::policy::Baselines::new(entries));
    });
    assert!(before.contains("before the start"), "{before}");
    assert_eq!(
        reasons(|scenario| Arc::make_mut(&mut scenario.policy).set_baselines(Default::default())),
        "no server is ever detected"
    );
}

/// The scenario that is simulated with `per_month` in all routes together, over `days` days, and what the comparison says.
fn at_rate(per_month: f64, spread_days: i64) -> Agreement {
    // A rate of its own is at most 1,000 a month; enforcement multiplies it.
    let (mut study, mut scenario) =
        plain([0.6, 0.3, 0.1].map(|share| share * per_month / 1_000.0 / MONTH_DAYS), Table::constant(1_000.0));
    let mut entries = scenario.policy.baselines().entries().to_vec();
    entries.iter_mut().for_each(|entry| entry.set_spread_days(spread_days as f64).unwrap());
    Arc::make_mut(&mut scenario.policy).set_baselines(brownout::policy::Baselines::new(entries));
    world(&mut scenario).edit_groups().for_each(|mut group| group.set_count(20_000).unwrap());
    let start = scenario.policy.baselines().entries()[0].effective();
    study.set_times(start, start + SimDuration::from_days(spread_days + 10)).unwrap();
    study.set_scenarios(Scenarios::new(scenario, []).unwrap());
    compare(&exact_of(&study, 0), &simulated(&study)[0])
}

/// seed of the shipped study, n 20,000 a group, alpha 1e-6 (the comparison's own) for each of six rates.
/// Model: World.
#[test]
fn hazards_of_seconds_are_counted_as_the_simulation_rounds_them() {
    for per_month in [30.0, 1_000.0, 30_000.0, 1_000_000.0] {
        let found = at_rate(per_month, 0);
        assert!(found.agrees, "{per_month} a month: {found:?}");
    }
    // Detected up to a day after the start: most act before, and some in the half second before their detection.
    for per_month in [30.0, 300.0] {
        let found = at_rate(per_month, 1);
        assert!(found.agrees, "{per_month} a month, spread: {found:?}");
    }
}

/// Model: Numbers.
#[test]
fn counting_to_the_second_moves_curves_by_the_events_of_half_a_second() {
    let (study, scenario) = plain([1_000.0 / MONTH_DAYS, 0.0, 0.0], Table::constant(1.0));
    let start = scenario.policy.baselines().entries()[0].effective();
    let exact = exact(&scenario, start, study.horizon()).unwrap();
    let half_second = (-1_000.0 / MONTH_DAYS * 0.5 / 86_400.0f64).exp();
    assert!((half_second - 0.99981).abs() < 1e-5);
    assert!((exact.survival[0] - 1.0).abs() < 1e-12 && exact.incidence[0] == PerRoute::default());
    // All are detected at the start: nobody could act in the half second before.
    assert!((exact.counted.survival[0] - half_second).abs() < 1e-12, "{}", exact.counted.survival[0]);
    assert!((exact.counted.incidence[0][Route::Patch] - (1.0 - half_second)).abs() < 1e-12);
}
