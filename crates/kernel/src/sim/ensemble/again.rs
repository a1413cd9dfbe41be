//! Tenants that would do again what they did, counted without being lived.

use super::super::observe::{Observer, TallyObserver};
use super::super::rules::Rules;
use super::EnsembleLife;
use super::circumstances::Changes;
use super::deeds::{Deed, Deeds, Scenarios, TenantDeeds};
use crate::tally::Tally;
use crate::world::Tenant;

impl EnsembleLife<'_, '_> {
    /// Counts a tenant whose deeds were kept, if it surely would do the same again, and tells whether it did.
    ///
    /// - `past`: the deeds, and the index among them of a tenant that is the same in every respect but its diligence, which was
    ///   `diligence`;
    /// - `changes`: what this ensemble changed [since then](super::Ensemble::changes_since);
    /// - `tallies`: of totals;
    /// - `copy`: where the deeds are kept again.
    pub fn count_again(
        &mut self,
        tenant: &Tenant,
        (past, index, diligence): (&Deeds, usize, f64),
        changes: &Changes,
        tallies: &mut [Tally],
        copy: Option<&mut Deeds>,
    ) -> bool {
        let (deeds, rules, change) = (past.of(index), &self.ensemble.rules, &changes.0[tenant.group]);
        let hazards = |scenario: usize, product| {
            let rules: &Rules<'_> = &rules[scenario];
            rules.hazards_by_class(&rules.groups[tenant.group], product)
        };
        let as_diligent = (tenant.diligence, diligence == tenant.diligence);
        if deeds.unsure || deeds.leads.meets(change.leads) || !deeds.rounds.end_alike(change, hazards, as_diligent) {
            return false;
        }
        self.recount(tenant, &deeds, tallies);
        if let Some(copy) = copy {
            copy.copy(deeds);
        }
        true
    }

    fn recount(&mut self, tenant: &Tenant, past: &TenantDeeds<'_>, tallies: &mut [Tally]) {
        let EnsembleLife { ensemble, baseline, bystanders, idle, .. } = self;
        let (rules, group, servers) = (&ensemble.rules, tenant.group, tenant.servers.len());
        let (mut lost, mut remediations) = (past.lost, past.remediations);
        let each = |tallies: &mut [Tally], scenarios: Scenarios, count: &dyn Fn(&mut TallyObserver<'_>, &Rules<'_>)| {
            for s in scenarios.iter() {
                count(&mut TallyObserver::new(&mut tallies[s], &rules[s], group), &rules[s]);
            }
        };
        baseline.lost = None;
        for deed in past.deeds {
            match *deed {
                Deed::Stood { scenarios, class, mail, seconds } => {
                    for s in scenarios.iter() {
                        tallies[s].groups[group].stand(class, mail.amount(), seconds);
                    }
                }
                Deed::Remediated { scenarios, route, cycle, at } => {
                    each(tallies, scenarios, &|tally, _| tally.remediated(group, route, cycle, at));
                }
                Deed::AtHorizon { scenarios, class, cycle } => {
                    each(tallies, scenarios, &|tally, rules| tally.at_horizon(group, class, cycle, rules.horizon));
                }
                Deed::Paused { scenarios, year, days } => {
                    each(tallies, scenarios, &|tally, _| tally.paused(year, days));
                }
                Deed::OutOfBudget { scenarios, from, to } => {
                    each(tallies, scenarios, &|tally, rules| tally.out_of_budget(rules, from, to));
                }
                Deed::Idle => idle.add(&rules[0], tenant),
                Deed::StoodBy { scenario } => bystanders[scenario].add(&rules[scenario], tenant),
                Deed::Outcome { set } => {
                    let (of_set, of_servers);
                    (of_set, lost) = lost.split_at(ensemble.alike[set].len());
                    (of_servers, remediations) = remediations.split_at(servers);
                    baseline.count(ensemble, set, tenant, (of_set, &|| of_servers.iter().copied()), tallies);
                }
            }
        }
    }
}
