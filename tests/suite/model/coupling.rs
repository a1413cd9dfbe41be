//! Threshold coupling (MODEL 4): for the same draws a policy that is never milder never makes a server decide later.
//!
//! Pauses off, no windows, no lead: the decision is the remediation. Hazards never fall with the minutes an hour, so a
//! ladder that has at least the minutes of another at every instant presses at least as hard.

use std::collections::BTreeMap;

use brownout::draws::{DrawSource, TenantId};
use brownout::sim::{Cycle, Life, Observer, Rules, Stay};
use brownout::study::Study;
use brownout::tally::Class;
use brownout::time::SimTime;
use brownout::world::group::GroupSampler;
use brownout::world::{Route, Tenant, make_tenant};

use crate::common::{StudyText, group};

/// Added hazards that rise with throttled and blocked minutes; multipliers are the defaults, which rise as well.
const RISING: &str = r#"added: (
    upgrade: ByMinutes(report: 0.002, paused: 0.002, throttle: [(60, 0.02)], block: [(60, 0.05)]),
    leave: ByMinutes(report: 0.0005, paused: 0, throttle: [(60, 0.001)], block: [(60, 0.02)]))"#;

/// Scenarios from the harshest to the mildest ladder.
const HARSH_TO_MILD: [&str; 5] = [
    r#"(name: "at once", set: {"policy.ladder": (preset: "all-at-once")})"#,
    r#"(name: "throttle kept", set: {"policy.ladder": (preset: "microsoft-2023-throttle-kept")})"#,
    r#"(name: "announced")"#,
    r#"(name: "slower", set: {"policy.ladder": (preset: "microsoft-2023", slower: 2.5)})"#,
    r#"(name: "none", set: {"policy.ladder": (preset: "none")})"#,
];

/// The study, the harshest scenario first. Detections are spread over 30 days; tenants differ in every way but by pauses.
fn study(response: &str, harsh_first: bool) -> Study {
    let routes = r#"patch: (per_month: 0.2), upgrade: (to: "SE", per_month: 0.05), leave: (per_month: 0.02)"#;
    let mut wild = group("wild", 3000, routes, "");
    wild = wild.replace("servers_per_tenant: [1]", "servers_per_tenant: [3, 2, 1]");
    wild = wild.replace("sigma: 0, never_share: 0", "sigma: 1.2, never_share: 0.2");
    let mut scenarios: Vec<String> = HARSH_TO_MILD.map(str::to_owned).into();
    if !harsh_first {
        scenarios.reverse();
    }
    let text =
        StudyText { seed: 77, response: response.to_owned(), groups: vec![wild], scenarios, ..StudyText::default() };
    let policy = text.policy.replace("spread_days: 0", "spread_days: 30");
    StudyText { policy, ..text }.study()
}

/// Servers remediated earlier, at the same second, later than under the first scenario, by scenario.
fn fates(study: &Study) -> BTreeMap<String, [i64; 3]> {
    let results = crate::common::run(study, 2);
    let fates = results.scenarios.iter().map(|scenario| scenario.fate[0].servers);
    study.scenarios().iter().map(|scenario| scenario.name.clone()).zip(fates).skip(1).collect()
}

/// Model: Chance.
#[test]
fn no_server_is_remediated_earlier_under_a_milder_ladder() {
    for (name, [earlier, _, later]) in fates(&study(RISING, true)) {
        assert_eq!(earlier, 0, "{name}");
        assert!(later > 100, "{name} is milder, yet only {later} servers are later");
    }
}

/// Model: Chance.
#[test]
fn no_server_is_remediated_later_under_a_harsher_ladder() {
    for (name, [earlier, _, later]) in fates(&study(RISING, false)) {
        assert_eq!(later, 0, "{name}");
        assert!(earlier > 100, "{name} is harsher, yet only {earlier} servers are earlier");
    }
}

/// Model: Chance.
#[test]
fn a_response_that_falls_with_the_minutes_is_caught() {
    // Deliberately wrong: blocking makes servers slower, so the harsher ladder must show servers that are later.
    let falling = r#"multiplier: ByMinutes(report: 3, paused: 1, throttle: [(60, 1)], block: [(60, 0.2)])"#;
    let later: i64 = fates(&study(falling, false)).values().map(|fate| fate[2]).sum();
    assert!(later > 100, "{later}");
}

/// Remembers the remediations of cycles only.
#[derive(Default)]
struct Remediations(Vec<(Route, SimTime)>);

impl Observer for Remediations {
    fn stayed(&mut self, _: Stay) {}
    fn remediated(&mut self, _: usize, route: Route, _: Option<Cycle>, at: SimTime) {
        self.0.push((route, at));
    }
    fn at_horizon(&mut self, _: usize, _: Class, _: Option<Cycle>, _: SimTime) {}
    fn paused(&mut self, _: i16, _: u32) {}
    fn out_of_budget(&mut self, _: &Rules<'_>, _: SimTime, _: SimTime) {}
}

/// Model: Chance.
#[test]
fn every_server_of_every_tenant_keeps_the_order_of_the_ladders() {
    let study = study(RISING, true);
    let rules: Vec<_> =
        study.scenarios().iter().map(|s| Rules::new(&s.policy, &s.world, study.start(), study.horizon())).collect();
    let world = &study.scenarios()[0].world;
    let sampler = GroupSampler::new(&world.groups()[0], 0);
    let source = DrawSource::new(study.seed(), 0);
    let (mut life, mut tenant, mut servers) = (Life::default(), Tenant::default(), 0);
    for number in 0..500 {
        let mut draws = source.tenant(TenantId::new(world.groups()[0].key(), number));
        make_tenant(&sampler, number, &mut draws, &mut tenant);
        let mut before: Option<Vec<SimTime>> = None;
        for rules in &rules {
            let mut seen = Remediations::default();
            life.live(rules, &tenant, &mut draws, &mut seen);
            let here: Vec<SimTime> = life.remediations().collect();
            assert!(seen.0.iter().all(|(_, at)| *at < rules.horizon));
            assert!(seen.0.len() >= here.iter().filter(|at| **at < rules.horizon).count());
            if let Some(harsher) = before {
                let ordered = harsher.iter().zip(&here).all(|(harsh, mild)| harsh <= mild);
                assert!(ordered, "tenant {number}: {harsher:?} under the harsher ladder, {here:?} under the milder");
            }
            servers += here.len();
            before = Some(here);
        }
    }
    assert!(servers > 500 * rules.len());
}
