//! The world a policy acts on: groups of tenants, their servers, and how those come to be remediated.
//!
//! A [`World`] is data with every value checked by `study`; [`make_tenant`] turns a group and addressed draws into one
//! [`Tenant`]. Worlds know nothing of policies: the same tenant lives under every scenario of a study.
//!
//! - [`group`]: what a group states, and the tenants drawn from it;
//! - [`composition`]: what of a group decides who its tenants are;
//! - [`response`]: how decision hazards answer to the state of a server;
//! - [`route`]: patch, upgrade, leave;
//! - [`behaviour`]: how tenants use pauses;
//! - [`windows`]: maintenance windows and change freezes.

pub mod behaviour;
pub mod composition;
pub mod group;
pub mod response;
pub mod route;
pub mod windows;

pub use behaviour::{Behaviour, PausePlan};
pub use composition::Composition;
pub use group::{BuildShare, Diligence, Group, ListedServer, Server, ServerMix, Tenant, make_tenant};
pub use response::{Response, State, Table};
pub use route::{BaseRate, Failure, PerRoute, Planned, Route, RouteRules};
pub use windows::{Freeze, Openings, Window};

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::mail::CalendarShape;

/// Probabilities and shares.
pub(crate) const UNIT: RangeInclusive<f64> = 0.0..=1.0;

/// A population of tenants and how it acts.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Name for people.
    pub name: String,
    /// The groups; names are unique.
    pub groups: Vec<Group>,
    /// How hazards answer to enforcement.
    pub response: Response,
    /// The calendar of mail.
    pub calendar: CalendarShape,
    /// What is released when: products and builds that servers have and can get.
    pub catalog: Arc<Catalog>,
}

impl World {
    /// Tenants of all groups together.
    pub fn tenant_count(&self) -> u64 {
        self.groups.iter().map(|group| u64::from(group.count)).sum()
    }
}
