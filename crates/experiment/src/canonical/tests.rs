//! No field is forgotten, as far as the compiler cannot ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::READ;
use brownout_kernel::catalog::{Build, Catalog, ProductId};
use brownout_kernel::draws::Spread;
use brownout_kernel::mail::CalendarShape;
use brownout_kernel::policy::{Baseline, Baselines, Ladder, Policy};
use brownout_kernel::time::{SimDuration, SimTime};
use brownout_kernel::world::{
    BaseRate, Freeze, Group, ListedServer, Openings, PerRoute, Response, RouteRules, ServerMix, Window, World,
};

/// Fields by struct, as the derived `{:#?}` writes them.
fn printed(debug: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    for line in debug.lines().map(str::trim) {
        let (name, value) = line.split_once(": ").map_or(("", line), |(name, value)| (name, value));
        if let Some(kind) = open.last().filter(|_| !name.is_empty()) {
            found.entry(kind).or_default().insert(name);
        }
        match value.chars().last() {
            Some('{' | '(' | '[') => open.push(value.trim_end_matches(['{', '(', '[', ' '])),
            _ if line.starts_with(['}', ')', ']']) => drop(open.pop()),
            _ => {}
        }
    }
    found
}

/// A world with one of everything.
fn world() -> World {
    let server = ListedServer::new("a", ProductId::new(0), Build::new(15, 2, 1, 0));
    let patch = RouteRules::new(BaseRate::PerMonth(0.1), Spread::NONE).ok();
    let servers = ServerMix::Listed(vec![server]);
    let mut group = Group::new("all", servers, PerRoute::new(patch, None, None)).unwrap();
    let start = SimTime::from_seconds(0);
    let freeze = Freeze::once(1.0, start, start + SimDuration::DAY).unwrap();
    *group.edit().openings_mut() = Openings::new(vec![Window::new(0, 0, 1).unwrap()], vec![freeze]).unwrap();
    let catalog = Arc::new(Catalog::default());
    World::new("world", vec![group], Response::default(), CalendarShape::default(), catalog).unwrap()
}

#[test]
fn every_private_field_is_in_the_form_or_left_out_on_purpose() {
    let mut policy = Policy::with_defaults(Ladder::all_at_once());
    policy.set_baselines(Baselines::new(vec![Baseline::new("a", SimTime::from_seconds(0), ProductId::new(0), None)]));
    let debug = format!("{:#?}", (policy, world()));
    let printed = printed(&debug);
    for (kind, fields) in READ {
        let listed: BTreeSet<&str> = fields.iter().copied().collect();
        assert_eq!(printed.get(kind), Some(&listed), "{kind}");
    }
}
