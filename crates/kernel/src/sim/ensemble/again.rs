//! A study of which another is known that differs from it in little: tenants that surely do what they did there are not lived.
//!
//! What all tenants did there is taken over as a whole. Whoever does otherwise now, or may, is taken away from it again, and lived.

use super::super::rules::Rules;
use super::Ensemble;
use super::circumstances::Changes;
use super::counting::Counting;
use super::deeds::{Deeds, Wait};
use crate::tally::Tally;
use crate::world::Tenant;

/// What the tenants of another study did, for the scenarios of this one, of one replication.
#[derive(Debug)]
pub struct Again<'e, 'a> {
    ensemble: &'e Ensemble<'a>,
    changes: Changes,
    /// By scenario: what those did who are not the same.
    gone: Vec<Tally>,
    counting: Counting,
}

impl<'e, 'a> Again<'e, 'a> {
    /// For a study that made these changes [since](Ensemble::changes_since) the other one.
    pub fn new(ensemble: &'e Ensemble<'a>, changes: Changes) -> Self {
        let gone = ensemble.rules.iter().map(|rules| Tally::of_sums(rules.shape())).collect();
        Again { ensemble, changes, gone, counting: Counting::new(ensemble) }
    }

    /// Whether a tenant surely does what it did.
    ///
    /// - `deeds`: with its index among them;
    /// - `diligence`: which it had; in every other respect it is who it was.
    pub fn is_same(&self, tenant: &Tenant, (deeds, index): (&Deeds, usize), diligence: f64) -> bool {
        let (deeds, change) = (deeds.of(index), &self.changes.0[tenant.group]);
        if deeds.unsure || deeds.leads.meets(change.leads) {
            return false;
        }
        let is_as_diligent = diligence == tenant.diligence;
        if is_as_diligent && !change.touches(deeds.pressed) {
            return true;
        }
        let hazards = |scenario: usize, product| {
            let rules: &Rules<'_> = &self.ensemble.rules[scenario];
            rules.hazards_by_class(&rules.groups[tenant.group], product)
        };
        deeds.rounds.end_alike(change, hazards, (tenant.diligence, is_as_diligent))
    }

    /// Counts of a tenant who is the same what cannot be taken over as a whole: its times to remediation.
    #[inline]
    pub fn count_times(&self, (deeds, index): (&Deeds, usize), tallies: &mut [Tally]) {
        for &Wait { scenarios, ended, length } in deeds.of(index).waits {
            // A tally of totals has the overall curve alone.
            scenarios.iter().for_each(|s| tallies[s].curves[0].enter(ended, length));
        }
    }

    /// Takes away what a tenant did. When the tenants of a group are through, [`settle`](Self::settle) must be called.
    ///
    /// - `before`: the tenant as it was in the other study.
    pub fn take_away(&mut self, before: &Tenant, (deeds, index): (&Deeds, usize)) {
        self.counting.recount(self.ensemble, before, &deeds.of(index), &mut self.gone);
    }

    /// Ends a group.
    pub fn settle(&mut self) {
        self.counting.settle(self.ensemble, &mut self.gone);
    }

    /// Adds what the others did to the tallies in which those were counted who are not the same.
    ///
    /// - `sums`: of all tenants in the other study, before they were [completed](Ensemble::complete).
    pub fn finish(self, sums: &[Tally], tallies: &mut [Tally]) {
        for ((tally, sums), gone) in tallies.iter_mut().zip(sums).zip(&self.gone) {
            tally.merge(sums);
            tally.take_away(gone);
        }
    }
}
