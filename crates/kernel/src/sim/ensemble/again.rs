//! A study of which another is known that differs from it in little: tenants that surely do what they did there are not lived.
//!
//! What all tenants did there is taken over as a whole. Whoever does otherwise now, or may, is taken away from it again, and lived.
//! Nobody acts on how much mail there is; so where there is another amount, the mail of tenants whose acts are known is counted anew.

use std::ops::Range;

use super::super::losses::Lost;
use super::super::rules::Rules;
use super::Ensemble;
use super::circumstances::Changes;
use super::counting::Counting;
use super::deeds::{Deed, Deeds, Stood, TenantDeeds, Wait};
use crate::tally::{Stretch, Tally};
use crate::world::Tenant;

/// What the tenants of another study did, for the scenarios of this one, of one replication.
#[derive(Debug)]
pub struct Again<'e, 'a> {
    ensemble: &'e Ensemble<'a>,
    changes: Changes,
    /// By scenario: what those did who are not the same.
    gone: Vec<Tally>,
    counting: Counting,
    pricing: Pricing,
}

/// What is needed to tell anew what a tenant sends and loses.
#[derive(Debug)]
struct Pricing {
    /// By scenario that is lived: where those that share its lives stand among what is lost.
    losses: Vec<Range<usize>>,
    /// What the present tenant loses: under the scenarios of each set that share their lives, one set after the other.
    lost: Lost,
    /// The scenarios in that order.
    order: Vec<usize>,
    /// Of how many parts each of them loses some.
    wholes: Vec<u64>,
}

impl<'e, 'a> Again<'e, 'a> {
    /// For a study that made these changes [since](Ensemble::changes_since) the other one.
    pub fn new(ensemble: &'e Ensemble<'a>, changes: Changes) -> Self {
        let gone = ensemble.rules.iter().map(|rules| Tally::of_sums(rules.shape())).collect();
        Again { ensemble, changes, gone, counting: Counting::new(ensemble), pricing: Pricing::new(ensemble) }
    }

    /// Whether there is another amount of mail than in the other study, so that its deeds are no deeds of this one.
    pub fn has_other_mail(&self) -> bool {
        self.changes.mail
    }

    /// Whether a tenant surely does what it did.
    ///
    /// - `deeds`: with its index among them;
    /// - `diligence`: which it had; in every other respect it is who it was.
    pub fn is_same(&self, tenant: &Tenant, (deeds, index): (&Deeds, usize), diligence: f64) -> bool {
        let (grounds, change) = (deeds.grounds(index), &self.changes.groups[tenant.group]);
        // What was added up with others is not told anew, but added up anew.
        if grounds.unsure || grounds.leads.meets(change.leads) || self.changes.mail && grounds.stands_by {
            return false;
        }
        let is_as_diligent = diligence == tenant.diligence;
        if is_as_diligent && !change.touches(grounds.pressed) {
            return true;
        }
        let hazards = |scenario: usize, product| {
            let rules: &Rules<'_> = &self.ensemble.rules[scenario];
            rules.hazards_by_class(&rules.groups[tenant.group], product)
        };
        deeds.rounds(index).end_alike(change, hazards, (tenant.diligence, is_as_diligent))
    }

    /// Counts of a tenant who is the same what cannot be taken over as a whole: its times to remediation, and its mail if there is
    /// another amount.
    #[inline]
    pub fn count(&mut self, tenant: &Tenant, (deeds, index): (&Deeds, usize), tallies: &mut [Tally]) {
        for &Wait { scenarios, ended, length } in deeds.waits(index) {
            // A tally of totals has the overall curve alone.
            scenarios.iter().for_each(|s| tallies[s].curves[0].enter(ended, length));
        }
        if self.changes.mail {
            self.pricing.count(self.ensemble, tenant, &deeds.of(index), tallies);
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
    pub fn finish(mut self, sums: &[Tally], tallies: &mut [Tally]) {
        let mut sums = sums.to_vec();
        if self.changes.mail {
            sums.iter_mut().chain(&mut self.gone).for_each(Tally::forget_mail);
        }
        for ((tally, sums), gone) in tallies.iter_mut().zip(&sums).zip(&self.gone) {
            tally.merge(sums);
            tally.take_away(gone);
        }
    }
}

impl Pricing {
    fn new(ensemble: &Ensemble<'_>) -> Self {
        let mut losses = vec![0..0; ensemble.rules.len()];
        let mut order = Vec::new();
        for scenarios in &ensemble.alike {
            losses[scenarios[0]] = order.len()..order.len() + scenarios.len();
            order.extend_from_slice(scenarios);
        }
        Pricing { losses, lost: Lost::default(), order, wholes: Vec::new() }
    }

    /// Counts what a tenant sends and loses who does what it did.
    fn count(&mut self, ensemble: &Ensemble<'_>, tenant: &Tenant, did: &TenantDeeds<'_>, tallies: &mut [Tally]) {
        let (rules, group, Pricing { losses, lost, order, wholes }) = (&ensemble.rules, tenant.group, self);
        let losses_of = |s: usize| rules[s].losses(rules[s].kind_of(group));
        // All scenarios have one world, and so one calendar.
        let calendar = &rules[0].calendar;
        lost.reset(tenant.servers.len(), order.len());
        for &Stood { level_seconds: _, from, to, server, party, class } in did.stood {
            let [from, to] = [from, to].map(|seconds| calendar.moment_after(seconds));
            let (server, stretch) = (server as usize, Stretch { from, to });
            let sent = stretch.mail(tenant.servers[server].volume);
            for s in did.parties[usize::from(party)].iter() {
                tallies[s].groups[group].mail[class.index()] += sent;
                let parts = losses_of(s).in_class(class.index());
                lost.lose_under(losses[s].clone(), server, stretch.level_seconds(), parts);
            }
        }
        wholes.clear();
        wholes.extend(order.iter().map(|&s| losses_of(s).wholes()[0]));
        lost.settle(tenant.servers.iter().map(|server| server.volume), wholes);
        let mut baseline = None;
        let sets = did.deeds.iter().filter_map(|deed| if let Deed::Outcome { set } = *deed { Some(set) } else { None });
        for scenarios in sets.map(|set| &ensemble.alike[set]) {
            for (&s, &lost) in scenarios.iter().zip(&lost.totals()[losses[scenarios[0]].clone()]) {
                let counts = &mut tallies[s].groups[group];
                counts.count_tenant(lost, tenant.servers.len());
                match baseline {
                    _ if s == 0 => baseline = Some(lost),
                    Some(before) => counts.fate.compare_tenant(lost, before),
                    None => {}
                }
            }
        }
    }
}
