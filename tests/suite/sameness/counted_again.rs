//! Tenants that would do again what they did are counted without being lived, to the last bit.

use std::path::Path;
use std::sync::Arc;

use brownout::draws::Spread;
use brownout::experiment::{Memory, Runner};
use brownout::study::Study;
use brownout::world::response::Combine;
use brownout::world::{BaseRate, GroupEdit, PerRoute, Response, Route, Table};
use proptest::prelude::*;

use super::fast_path::{a_study, shipped};
use crate::generated::config;

/// What a study can change of how people act and of who they are.
const KINDS: usize = 16;

/// Mail alone changes, for all servers alike or from day to day.
const VOLUME: usize = 12;
const CALENDAR: usize = 13;

/// A study in which something is so many times what it was.
fn changed(study: &Study, kind: usize, times: f64) -> Study {
    let mut study = study.clone();
    let mut worlds = Vec::new();
    for world in study.scenarios_mut().worlds_mut() {
        let known = worlds.iter().find(|(old, _)| Arc::ptr_eq(old, world)).map(|(_, new)| Arc::clone(new));
        let new = known.unwrap_or_else(|| {
            let mut other = (**world).clone();
            match kind {
                0..=4 => *other.response_mut() = response(world.response(), kind, times),
                CALENDAR => other.calendar_mut().set_flat_share((0.2 * times).min(1.0)).unwrap(),
                _ => other.edit_groups().for_each(|group| change_group(group, kind, times)),
            }
            worlds.push((world.clone(), Arc::new(other)));
            worlds[worlds.len() - 1].1.clone()
        });
        *world = new;
    }
    study
}

/// A response in which the numbers of some states are so many times what they were.
fn response(old: &Response, kind: usize, times: f64) -> Response {
    let table = |old: &Table| -> Table {
        let mut table = old.clone();
        if let Table::ByMinutes { unaware, paused, report, throttle, block, .. } = &mut table {
            match kind {
                0 => *paused *= times,
                1 => *report *= times,
                2 => throttle.iter_mut().for_each(|point| point.1 *= times),
                3 => block.iter_mut().for_each(|point| point.1 *= times),
                _ => *unaware *= times,
            }
        }
        table
    };
    let mut new = old.clone();
    new.set_multiplier(table(old.multiplier())).unwrap();
    if let (3, Table::ByMinutes { unaware, paused, report, .. }) = (kind, old.multiplier()) {
        // Hazards that diligence does not touch, from nothing.
        let added = Table::ByMinutes {
            unaware: unaware * 0.0,
            paused: paused * 0.001,
            report: report * 0.0,
            throttle: Vec::new(),
            block: vec![(60.0, 0.02 * (times - 1.0).max(0.0))],
            combine: Combine::Sum,
        };
        let added = [added.clone(), Table::constant(0.0), added];
        let [patch, upgrade, leave] = added;
        return Response::new(new.multiplier().clone(), PerRoute::new(patch, upgrade, leave)).unwrap();
    }
    new
}

fn change_group(mut group: GroupEdit<'_>, kind: usize, times: f64) {
    let routes = [Route::Patch, Route::Upgrade, Route::Leave];
    match kind {
        5..=7 => {
            let route = routes[kind - 5];
            group.change_route(route, |rules| {
                if let BaseRate::PerMonth(rate) = *rules.base() {
                    rules.set_base(BaseRate::PerMonth((rate * times).min(1000.0))).unwrap();
                }
                let own: Vec<_> = rules.base_by_product().iter().map(|(&product, &rate)| (product, rate)).collect();
                own.into_iter()
                    .for_each(|(product, rate)| rules.set_base_of(product, (rate * times).min(1000.0)).unwrap());
            });
        }
        8 => {
            group.change_route(Route::Upgrade, |rules| rules.set_lead(Spread::Fixed(10.0 * times)).unwrap());
        }
        9 => {
            let sigma = group.diligence().sigma();
            group.diligence_mut().set_sigma(sigma * times.min(1.5)).unwrap();
        }
        10 => group.diligence_mut().set_never_share(0.1 * times.min(5.0)).unwrap(),
        11 => group.failure_mut().set_prob((0.1 * times).min(0.9)).unwrap(),
        14 => group.set_gap(Spread::Fixed(7.0 * times)).unwrap(),
        15 => group.set_esu_share((0.3 * times).min(1.0)).unwrap(),
        _ => group.set_volume(Spread::LogNormal { median: 500.0 * times, sigma: 1.0 }).unwrap(),
    }
}

/// Lives the studies one after the other, each with what the former ones kept; tells how many tenants were only counted.
fn same_when_counted_again(studies: &[(Study, bool)]) -> u64 {
    let memory = Memory::new(1);
    for (index, (study, keeps)) in studies.iter().enumerate() {
        let again = Runner::remembering(&memory, study).keeping_deeds(*keeps).totals_here(3);
        let alone = Runner::new(study).totals_here(3);
        for ((again, alone), scenario) in again.iter().zip(&alone).zip(study.scenarios()) {
            assert_eq!(again, alone, "study {index}, {}", scenario.name);
        }
    }
    memory.counted_again()
}

fn a_change() -> impl Strategy<Value = (usize, f64)> {
    // Small changes shift decisions by little: to just before or behind the end of a window, or past another clock.
    let times = prop_oneof![Just(1.0), 0.999..1.001, 0.9..1.1, 0.0..4.0];
    (0..KINDS, times)
}

proptest! {
    #![proptest_config(config(1_500, 16))]

    #[test]
    fn fifteen_hundred_studies_and_what_they_change(
        (_, text) in a_study(), changes in prop::collection::vec((a_change(), any::<bool>()), 3),
    ) {
        let base = text.study();
        // Some change what the one before changed: then a tenant's deeds go from study to study.
        let mut studies = vec![(base.clone(), true)];
        for ((kind, times), goes_on) in changes {
            let from = if goes_on { &studies[studies.len() - 1].0 } else { &base };
            studies.push((changed(from, kind, times), goes_on));
        }
        same_when_counted_again(&studies);
    }
}

#[test]
fn shipped_studies_are_the_same_when_counted_again_and_most_tenants_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    // Where scenarios have worlds of their own, as in the last two, everybody is lived: tenants of one number are different ones there.
    let shares = [("exchange-2026", 0.6), ("quickstart", 0.4), ("school-district", 0.0), ("exchange-2023", 0.0)];
    for (name, least) in shares {
        let base = shipped(&folder.join(format!("{name}.ron")), 300);
        let tenants = Runner::new(&base).tenant_count();
        let mut counted = Vec::new();
        for kind in 0..8 {
            for times in [0.7, 1.02, 1.6] {
                let studies = [(base.clone(), true), (changed(&base, kind, times), false)];
                counted.push(same_when_counted_again(&studies) as f64 / tenants as f64);
            }
        }
        let mean = counted.iter().sum::<f64>() / counted.len() as f64;
        assert_eq!(mean > 0.0, least > 0.0, "{name}: {counted:?}");
        assert!(mean >= least, "{name}: {mean} of the tenants were counted again; {counted:?}");
    }
}

#[test]
fn nobody_acts_on_how_much_mail_there_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for (name, least) in [("exchange-2026", 0.5), ("quickstart", 0.9)] {
        let base = shipped(&folder.join(format!("{name}.ron")), 300);
        let tenants = Runner::new(&base).tenant_count() as f64;
        for (kind, times) in [(VOLUME, 0.3), (VOLUME, 7.0), (CALENDAR, 0.0), (CALENDAR, 4.0)] {
            let counted = same_when_counted_again(&[(base.clone(), true), (changed(&base, kind, times), false)]) as f64;
            assert!(counted >= least * tenants, "{name}, {kind}, {times}: {counted} of {tenants} were counted again");
        }
    }
}

#[test]
fn whoever_is_otherwise_is_lived_again() {
    // Other failures, budgets or leads of everybody leave nobody whose deeds are surely the same, but those to whom nothing happens.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let base = shipped(&folder.join("quickstart.ron"), 300);
    let mut budget = base.clone();
    for policy in budget.scenarios_mut().policies_mut() {
        let more = i64::from(policy.pauses().budget_days()) + 1;
        let rules = policy.pauses().with_budget_days(more).unwrap();
        Arc::make_mut(policy).set_pauses(rules);
    }
    for other in [changed(&base, 11, 3.0), budget] {
        assert_eq!(same_when_counted_again(&[(base.clone(), true), (other, false)]), 0);
    }
}
