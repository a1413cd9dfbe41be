//! The world a policy acts on: groups of tenants, their servers, and how those come to be remediated.
//!
//! A [`World`] that exists keeps every rule of its parts; [`make_tenant`] turns a group and addressed draws into one
//! [`Tenant`]. Worlds know nothing of policies: the same tenant lives under every scenario of a study.
//!
//! - [`group`]: what a group states, and the tenants drawn from it;
//! - [`composition`]: what of a group decides who its tenants are;
//! - [`diligence`]: how ready tenants are to act;
//! - [`response`]: how decision hazards answer to the state of a server;
//! - [`route`]: patch, upgrade, leave;
//! - [`behaviour`]: how tenants use pauses;
//! - [`windows`]: maintenance windows and change freezes.

pub mod behaviour;
pub mod composition;
pub mod diligence;
pub mod group;
pub mod response;
pub mod route;
pub mod windows;

pub use behaviour::{Behaviour, PausePlan};
pub use composition::Composition;
pub use diligence::Diligence;
pub use group::{BuildShare, Group, GroupEdit, ListedServer, Server, ServerMix, Tenant, make_tenant};
pub use response::{Response, State, Table, TableEntry};
pub use route::{BaseRate, Failure, PerRoute, Planned, Route, RouteRules};
pub use windows::{Freeze, Openings, Window};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::draws::group_key;
use crate::limits::{Refusal, Rule, at_most, repeated};
use crate::mail::CalendarShape;

/// A population of tenants and how it acts.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    pub(crate) name: String,
    pub(crate) groups: Vec<Group>,
    pub(crate) response: Response,
    pub(crate) calendar: CalendarShape,
    pub(crate) catalog: Arc<Catalog>,
}

impl World {
    /// Most groups of a world.
    pub const GROUPS_MAX: usize = 10_000;

    /// A world of groups, each of which gets a key to its draws.
    ///
    /// # Errors
    /// If there is no group, there are too many, or two have the same name.
    pub fn new(
        name: impl Into<String>,
        mut groups: Vec<Group>,
        response: Response,
        calendar: CalendarShape,
        catalog: Arc<Catalog>,
    ) -> Result<Self, Refusal> {
        if groups.is_empty() {
            return Err(Refusal::of("groups", Rule::Broken("a world needs at least one group")));
        }
        at_most("groups", "groups", groups.len(), Self::GROUPS_MAX)?;
        if let Some(index) = repeated(groups.iter().map(Group::name)).next() {
            return Err(Refusal::of_entry("groups", index, Rule::NameTwice));
        }
        part_keys(&mut groups);
        Ok(World { name: name.into(), groups, response, calendar, catalog })
    }

    /// Name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The groups; names and keys are unique.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How hazards answer to enforcement.
    pub const fn response(&self) -> &Response {
        &self.response
    }

    /// The calendar of mail.
    pub const fn calendar(&self) -> &CalendarShape {
        &self.calendar
    }

    /// What is released when: products and builds that servers have and can get.
    pub const fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Another name for people.
    pub fn set_name(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }

    /// Another catalogue.
    pub fn set_catalog(&mut self, catalog: Arc<Catalog>) {
        self.catalog = catalog;
    }

    /// A group, to be changed; `None` if there is no such group.
    pub fn edit_group(&mut self, index: usize) -> Option<GroupEdit<'_>> {
        self.groups.get_mut(index).map(Group::edit)
    }

    /// All groups, to be changed.
    pub fn edit_groups(&mut self) -> impl Iterator<Item = GroupEdit<'_>> {
        self.groups.iter_mut().map(Group::edit)
    }

    /// How hazards answer to enforcement, to be changed.
    pub const fn response_mut(&mut self) -> &mut Response {
        &mut self.response
    }

    /// The calendar of mail, to be changed.
    pub const fn calendar_mut(&mut self) -> &mut CalendarShape {
        &mut self.calendar
    }

    /// Tenants of all groups together.
    pub fn tenant_count(&self) -> u64 {
        self.groups.iter().map(|group| u64::from(group.count)).sum()
    }
}

/// Gives groups whose names have the same [`group_key`] different ones, so that each has draws of its own.
///
/// The name that comes first in order of bytes keeps its key, and with it its draws; another takes the key of its name with
/// as many `#` behind it as it takes to find a free one. Groups without such a namesake are not touched.
fn part_keys(groups: &mut [Group]) {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|&a, &b| groups[a].name.cmp(&groups[b].name));
    let mut taken: BTreeSet<u32> = groups.iter().map(|group| group.key).collect();
    let mut seen = BTreeSet::new();
    for index in order {
        let mut name = groups[index].name.clone();
        if !seen.insert(groups[index].key) {
            while !taken.insert(groups[index].key) {
                name.push('#');
                groups[index].key = group_key(&name);
            }
        }
    }
}
