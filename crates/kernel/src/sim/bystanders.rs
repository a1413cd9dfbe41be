//! Tenants to whom nothing can happen: no baseline concerns any of their servers, no work is planned and no pause has a date.
//!
//! Their servers comply from the start to the horizon, so there is nothing to live. They are added up and entered together, to
//! the same numbers that their lives would have given.

use std::sync::Arc;

use super::rules::Rules;
use crate::mail::MailAmount;
use crate::tally::{Class, Tally};
use crate::world::{Behaviour, PausePlan, ServerMix, Tenant};

/// Tenants of one group to whom nothing happens.
#[derive(Clone, Debug, Default)]
pub(super) struct Bystanders {
    group: usize,
    tenants: i64,
    servers: i64,
    /// Milli-messages a day of all servers.
    volume: MailAmount,
}

impl Rules<'_> {
    /// Whether nothing can happen to any tenant of a group, so that nobody asks how they act.
    pub(super) fn passes_by_group(&self, group: usize) -> bool {
        let fixed = |behaviour: &Behaviour| matches!(behaviour.plan, PausePlan::Fixed(_));
        let planned = match &self.world.groups[group].servers {
            ServerMix::Drawn { .. } => false,
            ServerMix::Listed(servers) => servers.iter().any(|server| server.planned.is_some()),
        };
        self.groups[group].prospects.concern_of_all() == Some(false)
            && !planned
            && !self.world.groups[group].behaviours.iter().any(fixed)
    }

    /// Whether builds of a group surely face the same under both rules.
    pub(super) fn faces_alike(&self, other: &Rules<'_>, group: usize) -> bool {
        Arc::ptr_eq(&self.groups[group].prospects, &other.groups[group].prospects)
    }

    /// Whether nothing can happen to a tenant.
    pub(super) fn passes_by(&self, tenant: &Tenant) -> bool {
        let group = &self.world.groups[tenant.group];
        let prospects = &self.groups[tenant.group].prospects;
        prospects.concern_of_all() != Some(true)
            && !matches!(group.behaviours[tenant.behaviour].plan, PausePlan::Fixed(_))
            && tenant.servers.iter().all(|server| server.planned.is_none())
            && match prospects.concern_of_all() {
                Some(concerned) => !concerned,
                None => tenant.servers.iter().all(|server| !prospects.concern(server, tenant.esu)),
            }
    }
}

impl Bystanders {
    /// Adds a tenant. All that are added before they are counted belong to one group.
    pub(super) fn add(&mut self, tenant: &Tenant) {
        self.group = tenant.group;
        self.tenants += 1;
        self.servers += tenant.servers.len() as i64;
        self.volume += tenant.servers.iter().map(|server| MailAmount::from(server.volume)).sum::<MailAmount>();
    }

    /// Counts that they are tenants, lost nothing, and fared alike under every scenario.
    ///
    /// - `compared`: whether the tally is compared with the baseline scenario's.
    pub(super) fn count_unharmed(&self, tally: &mut Tally, compared: bool) {
        let group = &mut tally.groups[self.group];
        group.count_unharmed(self.tenants, self.servers);
        if compared {
            group.fate.count_same(self.tenants, self.servers);
        }
    }

    /// Enters what the lives of all would have been; that they are tenants and lost nothing is counted apart.
    pub(super) fn count(&self, rules: &Rules<'_>, tally: &mut Tally) {
        if self.tenants == 0 {
            return;
        }
        let class = Class::COMPLIANT;
        let [from, to] = [rules.start, rules.horizon].map(|at| rules.calendar.moment(at));
        // Of a tally of totals there are no series.
        if let Some(series) = tally.series.get_mut(rules.kind_of(self.group)) {
            series.enter_servers(class, from, self.servers, self.volume);
            series.enter_servers(class, to, -self.servers, -self.volume);
        }
        let group = &mut tally.groups[self.group];
        group.mail[class.index()] += self.volume * MailAmount::from(to.level_seconds() - from.level_seconds());
        group.seconds[class.index()] += self.servers * rules.horizon.since(rules.start).seconds();
        group.at_horizon[class.index()] += self.servers;
        if rules.policy.pauses.budget_days == 0 {
            let (from, to) = (rules.start, rules.last_new_year);
            super::observe::note_out_of_budget(&mut tally.out_of_budget, &rules.calendar, from, to, self.tenants);
        }
    }
}
