//! Tenants made side by side are those made alone, to the last bit, and of the same words.

use std::path::Path;

use brownout::draws::{BATCH, DrawSource, Purpose, TenantDraws, TenantId};
use brownout::study::Study;
use brownout::world::group::{GroupSampler, make_bystanders, make_tenants, prepare_decisions, prepare_tenants};
use brownout::world::{Group, Tenant, make_tenant};
use proptest::prelude::*;

use super::fast_path::{a_study, shipped};
use crate::generated::config;

/// Words that decided something, of purposes that make tenants; servers are counted twice where tenants are prepared.
fn reads(draws: &TenantDraws) -> Vec<u64> {
    let made_by = |purpose: &Purpose| *purpose != Purpose::ServerCount;
    Purpose::ALL.into_iter().filter(made_by).map(|purpose| draws.reads(purpose)).collect()
}

fn thresholds(draws: &mut TenantDraws, servers: usize) -> Vec<u64> {
    let purposes = [Purpose::PatchThreshold, Purpose::UpgradeThreshold, Purpose::LeaveThreshold];
    let servers = (0..servers as u32).flat_map(|server| purposes.map(|purpose| (server, purpose)));
    servers.map(|(server, purpose)| draws.exponential(server, purpose, 0).to_bits()).collect()
}

/// Compares tenants of a group from `first` on; says how many they were.
fn same_tenants(group: &Group, place: usize, source: &DrawSource, first: u32, count: usize, ready: bool) -> usize {
    let sampler = GroupSampler::new(group, place);
    let last = group.count().min(first + count as u32);
    let id = |number| TenantId::new(group.key(), number);
    let (mut draws, mut alone) = (source.tenant(id(first)), source.tenant(id(first)));
    // Memory that held other tenants.
    let mut batch = vec![Tenant { esu: true, behaviour: 7, freezes: 1, ..Tenant::default() }; (last - first) as usize];
    let mut bystanders = batch.clone();
    if ready {
        prepare_tenants(&sampler, first..last, &mut draws);
        prepare_decisions(group, &mut draws);
    }
    make_tenants(&sampler, first, &mut draws, &mut batch);
    let mut tenant = Tenant::default();
    for (number, made) in (first..last).zip(&batch) {
        alone.turn_to(id(number));
        make_tenant(&sampler, number, &mut alone, &mut tenant);
        assert!(made.is_like(&tenant, false), "{number}: {made:?}, alone {tenant:?}");
        assert_eq!(made.diligence.to_bits(), tenant.diligence.to_bits(), "{number}");
    }
    assert_eq!(reads(&draws), reads(&alone));
    // Those in the middle of the prepared ones.
    let middle = batch.len() / 2;
    make_tenants(&sampler, first + middle as u32, &mut draws, &mut bystanders[middle..]);
    for (made, again) in batch.iter().zip(&bystanders).skip(middle) {
        assert!(made.is_like(again, false) && made.diligence.to_bits() == again.diligence.to_bits(), "{made:?}");
    }
    make_bystanders(&sampler, first, &mut draws, &mut bystanders);
    for ((number, made), bystander) in (first..last).zip(&batch).zip(&bystanders) {
        assert_eq!(made.servers, bystander.servers);
        [&mut draws, &mut alone].into_iter().for_each(|draws| draws.turn_to(id(number)));
        assert_eq!(thresholds(&mut draws, made.servers.len()), thresholds(&mut alone, made.servers.len()));
    }
    batch.len()
}

fn same_everywhere(study: &Study) -> usize {
    let source = DrawSource::new(study.seed(), 0);
    let mut compared = 0;
    for scenario in study.scenarios() {
        for (place, group) in scenario.world.groups().iter().enumerate().filter(|(_, group)| group.count() > 0) {
            compared += same_tenants(group, place, &source, 0, BATCH, true);
            compared += same_tenants(group, place, &source, group.count() / 2, BATCH - 7, true);
            compared += same_tenants(group, place, &source, group.count() / 3, 5, false);
        }
    }
    compared
}

proptest! {
    #![proptest_config(config(300, 20_261_128))]

    #[test]
    fn tenants_of_generated_studies_are_those_made_alone((_, text) in a_study()) {
        prop_assert!(same_everywhere(&text.study()) > 0);
    }
}

#[test]
fn tenants_of_every_shipped_study_are_those_made_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut compared = 0;
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "ron") {
            compared += same_everywhere(&shipped(&path, 300));
        }
    }
    assert!(compared > 5_000, "{compared} tenants were compared");
}
