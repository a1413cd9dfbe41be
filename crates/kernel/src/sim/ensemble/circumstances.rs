//! All that lives of an ensemble depend on, kept beyond the study, and what of it another study changed.

use super::super::rounds::Change;
use super::super::rules::{GroupRules, Rules};
use super::Ensemble;
use super::deeds::Scenarios;
use crate::policy::Policy;
use crate::tally::Class;
use crate::time::SimTime;
use crate::world::{Group, Route, RouteRules, World};

/// What the lives of a study's tenants depended on, apart from who these are and from their draws.
#[derive(Clone, Debug)]
pub struct Circumstances {
    between: (SimTime, SimTime),
    alike: Vec<Vec<usize>>,
    world: World,
    scenarios: Vec<Scenario>,
}

#[derive(Clone, Debug)]
struct Scenario {
    policy: Policy,
    groups: Vec<GroupRules>,
}

/// What is otherwise than before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// By group: hazards and lead times.
    pub(super) groups: Vec<Change>,
    /// Whether there is another amount of mail.
    pub(super) mail: bool,
}

impl Ensemble<'_> {
    /// The circumstances of this study's lives; `None` if deeds of its tenants cannot be kept, as it has several worlds or too many
    /// scenarios.
    pub fn circumstances(&self) -> Option<Circumstances> {
        if self.trunks.len() != 1 || self.rules.len() > Scenarios::MAX {
            return None;
        }
        let scenario = |rules: &Rules<'_>| Scenario { policy: rules.policy.clone(), groups: rules.groups.clone() };
        let first = &self.rules[0];
        Some(Circumstances {
            between: (first.start, first.horizon),
            alike: self.alike.clone(),
            world: first.world.clone(),
            scenarios: self.rules.iter().map(scenario).collect(),
        })
    }

    /// Which hazards and lead times are others than they were, and whether mail is; `None` if anything else is.
    pub fn changes_since(&self, past: &Circumstances) -> Option<Changes> {
        let first = &self.rules[0];
        let is_like = self.trunks.len() == 1
            && self.alike == past.alike
            && (first.start, first.horizon) == past.between
            && world_is_like(first.world, &past.world)
            && self.rules.iter().zip(&past.scenarios).all(|(rules, past)| *rules.policy == past.policy);
        if !is_like {
            return None;
        }
        let (mut groups, mut mail) =
            (Vec::with_capacity(first.world.groups.len()), first.world.calendar != past.world.calendar);
        for (index, (group, before)) in first.world.groups.iter().zip(&past.world.groups).enumerate() {
            let mut changed = Change::default();
            mail |= group.volume != before.volume;
            add_changed_leads(&mut changed, group, before)?;
            for (rules, past) in self.rules.iter().zip(&past.scenarios) {
                add_changed_hazards(&mut changed, rules, index, &past.groups[index])?;
            }
            groups.push(changed);
        }
        Some(Changes { groups, mail })
    }
}

/// Whether two worlds have the same groups and products.
fn world_is_like(world: &World, past: &World) -> bool {
    // Whoever adds a field to the world decides here whether lives depend on it. The response is part of the hazards, and
    // nobody acts on how much mail there is.
    let World { name: _, groups, response: _, calendar: _, catalog } = world;
    groups.len() == past.groups.len()
        && groups.iter().zip(&past.groups).all(|(group, before)| group.key == before.key && group.retry == before.retry)
        && (std::sync::Arc::ptr_eq(catalog, &past.catalog) || *catalog == past.catalog)
}

/// Adds the lead times that differ; `None` if anything else does that is neither a hazard nor decides who the tenants are.
fn add_changed_leads(changed: &mut Change, group: &Group, before: &Group) -> Option<()> {
    // Whoever adds a field to the group or to its routes decides here whether lives depend on it. Tenants are compared one by one, base
    // rates are part of the hazards, and how many tenants there are matters to none of them.
    let Group {
        name: _,
        key: _,
        count: _,
        servers: _,
        esu_share: _,
        diligence: _,
        routes,
        openings,
        failure,
        gap: _,
        behaviours,
        volume: _,
        retry: _,
    } = group;
    if *openings != before.openings || *failure != before.failure || *behaviours != before.behaviours {
        return None;
    }
    for route in Route::ALL {
        let (Some(rules), Some(past)) = (&routes[route], &before.routes[route]) else {
            if routes[route].is_none() && before.routes[route].is_none() {
                continue;
            }
            return None;
        };
        let RouteRules { base: _, base_by_product: _, lead: _, lead_by_product: _, target } = rules;
        if *target != past.target {
            return None;
        }
        add_changed_leads_of(changed, route, rules, past);
    }
    Some(())
}

fn add_changed_leads_of(changed: &mut Change, route: Route, rules: &RouteRules, past: &RouteRules) {
    if rules.lead == past.lead && rules.lead_by_product == past.lead_by_product {
        return;
    }
    for product in (0..=u8::MAX).map(crate::catalog::ProductId::new) {
        if rules.lead_of(product) != past.lead_of(product) {
            changed.leads.add(product, route);
        }
    }
}

/// Adds the hazards that differ under a scenario; `None` if builds of the group face something else than before.
fn add_changed_hazards(changed: &mut Change, rules: &Rules<'_>, group: usize, past: &GroupRules) -> Option<()> {
    let now = &rules.groups[group];
    if !now.faces_as(past) || now.kind != past.kind || now.hazards.len() != past.hazards.len() {
        return None;
    }
    for product in rules.world.catalog.products() {
        let of = |group| rules.hazards_by_class(group, product).iter();
        for (class, (now, past)) in of(now).zip(of(past)).enumerate() {
            for route in Route::ALL.into_iter().filter(|&route| !now.is_same(past, route)) {
                changed.hazards[route as usize].add(product, Class(class as u8));
            }
        }
    }
    Some(())
}
