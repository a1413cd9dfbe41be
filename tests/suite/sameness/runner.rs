//! Scenarios that share lives count what they count alone.

use std::path::Path;

use std::sync::Arc;

use brownout::experiment::Runner;
use brownout::reading::load::load;
use brownout::study::{Scenarios, Study};
use brownout::tally::Tally;

fn exchange() -> Study {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/exchange-2026.ron");
    let mut study = load(&path).unwrap_or_else(|error| panic!("{:?}", error.problems)).study;
    for world in study.scenarios_mut().worlds_mut() {
        crate::common::keep_tenants(Arc::make_mut(world), 400);
    }
    study
}

#[test]
fn scenarios_that_nobody_in_the_world_can_tell_apart_share_their_lives() {
    // "announced", "throttle kept" and "adjacent": throttling beside a block and the layout move no decision.
    assert_eq!(Runner::new(&exchange()).alike(), [vec![0, 5, 6], vec![1], vec![2], vec![3], vec![4]]);
}

#[test]
fn totals_lived_on_one_thread_are_those_of_the_whole_tally() {
    let study = exchange();
    let runner = Runner::new(&study);
    let (whole, totals) = (runner.replicate(3, &|_| {}), runner.totals_here(3));
    for (mut whole, totals) in whole.into_iter().zip(totals) {
        whole.series.clear();
        // Of the curves they keep the one of all first cycles.
        whole.curves.truncate(1);
        assert_eq!(whole, totals);
    }
}

#[test]
fn scenarios_that_share_lives_count_what_they_count_alone() {
    let study = exchange();
    let together = Runner::new(&study).replicate(3, &|_| {});
    for (s, tally) in together.iter().enumerate() {
        let mut alone = study.clone();
        alone.set_scenarios(Scenarios::new(study.scenarios()[s].clone(), []).unwrap());
        let mut expected = Runner::new(&alone).replicate(3, &|_| {}).remove(0);
        // What compares with the baseline scenario is missing where that is not lived.
        for (alone, together) in expected.groups.iter_mut().zip(&tally.groups) {
            alone.fate = together.fate.clone();
        }
        assert_eq!(*tally, expected, "{}", study.scenarios()[s].name);
    }
    assert_ne!(together[0].groups, together[6].groups, "the layout moves what is lost");
    let same = |tally: &Tally| tally.groups.iter().map(|group| group.fate.servers[1]).sum::<i64>();
    let servers: i64 = together[0].groups.iter().map(|group| group.servers).sum();
    assert_eq!([5, 6].map(|s: usize| same(&together[s])), [servers; 2]);
}
