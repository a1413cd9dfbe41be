//! What is added changes nothing else: tenants, purposes, scenarios, replications, threads, shards, in any order, on generated
//! studies.

use brownout::draws::{DrawSource, Purpose, TenantId, group_key};
use brownout::experiment::Scope;
use brownout::experiment::{Measure, Replicate, Runner};
use brownout::study::Study;
use brownout::tally::Tally;
use proptest::prelude::*;
use proptest::sample::Index;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::common::{StudyText, run};
use crate::generated::{a_study, a_text, config, group};

/// Tenants of the generated group that are lived; it has 40.
const TENANTS: u32 = 25;

/// A study whose groups have so many tenants.
fn of_size(study: &Study, count: u32) -> Study {
    let mut study = study.clone();
    for world in study.scenarios_mut().worlds_mut() {
        let own = std::sync::Arc::make_mut(world);
        own.edit_groups().for_each(|mut group| group.set_count(count.into()).unwrap());
    }
    study
}

/// Every number of every scenario by replication.
fn numbers(study: &Study, replications: u32) -> Vec<Vec<Replicate>> {
    let runner = Runner::new(study);
    let tallies: Vec<_> = (0..replications).map(|number| runner.replicate(number, &|_| {})).collect();
    let scenario = |(s, rules)| tallies.iter().map(|tallies| Replicate::read(rules, &tallies[s])).collect();
    runner.rules().iter().enumerate().map(scenario).collect()
}

fn merged(mut into: Vec<Tally>, from: &[Tally]) -> Vec<Tally> {
    into.iter_mut().zip(from).for_each(|(into, from)| into.merge(from));
    into
}

/// A second scenario that changes policy and world.
const HARSHER: &str = r#"(name: "harsher", set: {"policy.relapse": restart, "policy.ladder": (preset: "all-at-once"), "policy.pauses.budget_days": 5,
    "world.groups[*].failure.prob": 0.7})"#;

proptest! {
    #![proptest_config(config(24, 11))]

    #[test]
    fn an_added_tenant_changes_no_number_of_the_others(study in a_study(false), replication in 0u32..1000) {
        let (less, more) = (of_size(&study, TENANTS), of_size(&study, TENANTS + 1));
        let (less, more) = (Runner::new(&less), Runner::new(&more));
        let without = less.replicate(replication, &|_| {});
        let place = u64::from(TENANTS);
        prop_assert_eq!(&more.live(replication, &(0..place), &|_| {}), &without);
        // All of the larger population is the smaller one and the added tenant.
        let added = more.live(replication, &(place..place + 1), &|_| {});
        prop_assert_eq!(added[0].groups[0].tenants, 1);
        prop_assert_eq!(more.replicate(replication, &|_| {}), merged(without, &added));
    }

    #[test]
    fn an_added_group_of_tenants_changes_no_number_of_the_first(text in a_text(), other in group()) {
        let other = other.replacen("\"g\"", "\"other\"", 1);
        let more = StudyText { groups: vec![other, text.groups[0].clone()], ..text.clone() };
        let (alone, more) = (numbers(&text.study(), 1), numbers(&more.study(), 1));
        prop_assert_eq!(&alone[0][0].totals[1], &more[0][0].totals[2]);
    }

    #[test]
    fn an_added_scenario_changes_no_number_of_the_others_wherever_it_stands(text in a_text()) {
        let with = |scenarios: &[&str]| {
            let scenarios = scenarios.iter().map(|scenario| (*scenario).to_owned()).collect();
            numbers(&of_size(&StudyText { scenarios, ..text.clone() }.study(), TENANTS), 1)
        };
        let first = r#"(name: "first")"#;
        let (alone, after, before) = (with(&[first]), with(&[first, HARSHER]), with(&[HARSHER, first]));
        prop_assert_eq!(&alone[0], &after[0]);
        prop_assert_eq!(&after[0], &before[1]);
        prop_assert_eq!(&after[1], &before[0]);
        prop_assert_ne!(&after[0], &after[1]);
    }

    #[test]
    fn an_added_replication_changes_no_number_of_the_others(study in a_study(false), more in 1u32..4) {
        let mut study = of_size(&study, TENANTS);
        let values = |study: &Study, replications: u32| {
            let results = run(study, replications);
            Measure::ALL.map(|measure| results.scenarios[0].values(Scope::All, measure)[..2].to_vec())
        };
        let two = values(&study, 2);
        prop_assert_eq!(&values(&study, 2 + more), &two);
        study.set_replications(i64::from(study.replications() + more)).unwrap();
        prop_assert_eq!(&values(&study, 2), &two);
    }

    #[test]
    fn threads_shards_and_their_order_change_no_number(
        study in a_study(false), cuts in prop::collection::vec(any::<Index>(), 0..6), order in any::<u64>(), threads in 2usize..5,
    ) {
        let study = of_size(&study, TENANTS);
        let runner = Runner::new(&study);
        let width = runner.width() as usize;
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| runner.replicate(1, &|_| {}))
        };
        let whole = on(1);
        prop_assert_eq!(&on(threads), &whole);
        let mut bounds: Vec<u64> = cuts.iter().map(|cut| cut.index(width + 1) as u64).chain([0, width as u64]).collect();
        bounds.sort_unstable();
        let mut parts: Vec<_> = bounds.windows(2).map(|pair| runner.live(1, &(pair[0]..pair[1]), &|_| {})).collect();
        let mut dice = ChaCha8Rng::seed_from_u64(order);
        let mut sum = runner.live(1, &(0..0), &|_| {});
        while !parts.is_empty() {
            sum = merged(sum, &parts.swap_remove(dice.next_u64() as usize % parts.len()));
        }
        prop_assert_eq!(sum, whole);
    }
}

/// The word at an address, by what the documentation of draws says and nothing else.
fn word_by_the_book(seed: u64, replication: u32, tenant: TenantId, server: u32, place: u32, index: u32) -> u64 {
    let material = [seed.to_le_bytes().as_slice(), &replication.to_le_bytes()].concat();
    let mut rng = ChaCha8Rng::from_seed(blake3::derive_key("brownout 2026 draws: seed, replication", &material));
    rng.set_stream(tenant.stream());
    rng.set_word_pos((u128::from(server) << 32 | u128::from(index)) * 64 + 2 * u128::from(place));
    rng.next_u64()
}

proptest! {
    #![proptest_config(config(256, 12))]

    #[test]
    fn an_added_purpose_changes_no_word_of_the_others(
        seed in any::<u64>(), replication in any::<u32>(), number in any::<u32>(),
        reads in prop::collection::vec((0u32..600, 0usize..16, 0u32..70_000), 1..80), left_out in prop::sample::subsequence((0..16).collect::<Vec<usize>>(), 0..15),
    ) {
        // Every purpose has its own place in a line; a word follows from its address, whatever else was read before it.
        let tenant = TenantId::new(group_key("g"), number);
        let source = DrawSource::new(seed, replication);
        let (mut all, mut fewer) = (source.tenant(tenant), source.tenant(tenant));
        for (server, purpose, index) in reads {
            let place = purpose;
            let purpose = Purpose::ALL[purpose];
            let word = all.word(server, purpose, index);
            prop_assert_eq!(word, word_by_the_book(seed, replication, tenant, server, purpose as u32, index));
            if !left_out.contains(&place) {
                prop_assert_eq!(fewer.word(server, purpose, index), word);
            }
        }
    }
}

#[test]
fn every_purpose_has_a_place_of_its_own_in_the_line() {
    let mut places: Vec<u8> = Purpose::ALL.iter().map(|purpose| *purpose as u8).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), Purpose::ALL.len());
    assert!(places.iter().all(|place| *place < 32), "a line has 32 words");
}
