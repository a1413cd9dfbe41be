//! What tenants did under the scenarios of a study, as it was counted, to be counted again where they would do the same.
//!
//! An exploration lives the same tenants at points that differ in one number; most of them never meet that number
//! or are not turned by it ([`rounds`](crate::sim::rounds)). A tenant whose deeds are known is counted again without being lived, to the same tally.

use super::super::observe::Stay;
use super::super::rounds::{ClockEvent, HazardSet, LeadSet, Pressed, Round, Rounds, RunOut, Track};
use super::keep::{Keep, LifeIndex};
use crate::mail::{Moment, NanoMessages};
use crate::tally::Class;
use crate::time::{SimDuration, SimTime};
use crate::world::{Route, Tenant};

/// Some scenarios of a study, as bits by their index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scenarios(u64);

impl Scenarios {
    /// Scenarios of a study whose deeds can be kept, at most.
    pub(super) const MAX: usize = u64::BITS as usize;

    /// These; of indexes from [`MAX`](Self::MAX) on nothing is held.
    pub(super) fn of(scenarios: impl IntoIterator<Item = usize>) -> Self {
        let bit = |index: usize| if index < Self::MAX { 1 << index } else { 0 };
        Scenarios(scenarios.into_iter().fold(0, |all, index| all | bit(index)))
    }

    /// Their indexes, rising.
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let index = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(index)
        })
    }
}

/// Something that is counted for some scenarios.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Deed {
    /// A remediation.
    Remediated { scenarios: Scenarios, route: Route, from_detection: bool },
    /// A server at the horizon.
    AtHorizon { scenarios: Scenarios, class: Class },
    /// Pause days granted.
    Paused { scenarios: Scenarios, year: i16, days: u32 },
    /// Without a pause day left.
    OutOfBudget { scenarios: Scenarios, from: SimTime, to: SimTime },
    /// Nothing can happen under any scenario of the study.
    Idle,
    /// Nothing can happen under the scenario of this index.
    StoodBy { scenario: usize },
    /// The end under a set of scenarios: what was lost, and when servers were first remediated, stand in lists of their own.
    Outcome { set: usize },
}

/// A stretch of time that a server stayed in a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stood {
    /// In the study's calendar: times its volume they are what the server sent.
    pub(super) level_seconds: i64,
    /// In seconds from the first midnight of the study's calendar.
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) server: u32,
    /// The index of the scenarios among all that were ever together.
    pub(super) party: u16,
    pub(super) class: Class,
}

/// The time from a server's first detection to its remediation or to the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wait {
    pub(super) scenarios: Scenarios,
    /// By which route it ended; by none at the horizon.
    pub(super) ended: Option<Route>,
    pub(super) length: SimDuration,
}

/// The deeds of some tenants, in order.
#[derive(Debug, Default)]
pub struct Deeds {
    tenants: Vec<OfTenant>,
    deeds: Vec<Deed>,
    stood: Vec<Stood>,
    /// Scenarios that stood together.
    parties: Vec<Scenarios>,
    /// Apart, as they alone are counted again for every tenant who does the same.
    waits: Vec<Wait>,
    /// By outcome: nano-messages lost under each scenario of the set.
    lost: Vec<NanoMessages>,
    /// By outcome: the first remediation of each server.
    remediations: Vec<SimTime>,
    rounds: Vec<Round>,
    /// Of the rounds, in order.
    stretches: Vec<Pressed>,
    /// By life of the present tenant.
    tracks: Vec<Track>,
}

/// What the lives of a tenant depended on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grounds {
    pub(super) leads: LeadSet,
    /// All hazards that pressed on its servers.
    pub(super) pressed: HazardSet,
    /// Whether it is unknown what its lives depend on.
    pub(super) unsure: bool,
    /// Whether it was added up with others under some scenario, as nothing can happen to it there.
    pub(super) stands_by: bool,
}

/// Where the deeds of a tenant end in the lists, and what its lives depended on.
#[derive(Clone, Copy, Debug)]
struct OfTenant {
    deeds: usize,
    stood: usize,
    waits: usize,
    lost: usize,
    remediations: usize,
    rounds: usize,
    grounds: Grounds,
}

impl OfTenant {
    const NONE: OfTenant = OfTenant {
        deeds: 0,
        stood: 0,
        waits: 0,
        lost: 0,
        remediations: 0,
        rounds: 0,
        grounds: Grounds { leads: LeadSet::EMPTY, pressed: HazardSet::EMPTY, unsure: false, stands_by: false },
    };
}

/// The deeds of one tenant.
#[derive(Clone, Copy, Debug)]
pub(super) struct TenantDeeds<'d> {
    pub(super) deeds: &'d [Deed],
    pub(super) stood: &'d [Stood],
    pub(super) parties: &'d [Scenarios],
    pub(super) lost: &'d [NanoMessages],
    pub(super) remediations: &'d [SimTime],
}

impl Deeds {
    /// Forgets all, but not the memory.
    pub fn clear(&mut self) {
        let Deeds { tenants, deeds, stood, parties, waits, lost, remediations, rounds, stretches, tracks: _ } = self;
        tenants.clear();
        deeds.clear();
        stood.clear();
        parties.clear();
        waits.clear();
        lost.clear();
        remediations.clear();
        rounds.clear();
        stretches.clear();
        // Tracks begin anew with every life.
    }

    /// The tenant whose deeds come next.
    pub(super) fn begin(&mut self, tenant: Option<&Tenant>) {
        // Clocks do not tell of work that was planned.
        let unsure = tenant.is_none_or(|tenant| tenant.servers.iter().any(|server| server.planned.is_some()));
        let mut tenant = self.ends();
        tenant.grounds.unsure = unsure;
        self.tenants.push(tenant);
    }

    /// No more of this tenant.
    pub(super) fn end(&mut self) {
        let ends = self.ends();
        if let Some(tenant) = self.tenants.last_mut() {
            let mut grounds = tenant.grounds;
            self.rounds[tenant.rounds..].iter().for_each(|round| grounds.pressed.join(round.pressed()));
            *tenant = OfTenant { grounds, ..ends };
        }
    }

    /// Adds a tenant who did the same as the one at an index of others.
    pub fn copy_from(&mut self, (others, index): (&Deeds, usize)) {
        let TenantDeeds { deeds, stood, parties, lost, remediations } = others.of(index);
        self.deeds.extend_from_slice(deeds);
        for stood in stood {
            let party = self.party(parties[usize::from(stood.party)]);
            self.stood.push(Stood { party, ..*stood });
        }
        self.waits.extend_from_slice(others.waits(index));
        self.lost.extend_from_slice(lost);
        self.remediations.extend_from_slice(remediations);
        others.rounds(index).copy_to((&mut self.rounds, &mut self.stretches));
        self.tenants.push(OfTenant { grounds: *others.grounds(index), ..self.ends() });
    }

    /// The deeds of the tenant at an index.
    pub(super) fn of(&self, index: usize) -> TenantDeeds<'_> {
        let (from, to) = (self.begin_of(index), &self.tenants[index]);
        TenantDeeds {
            deeds: &self.deeds[from.deeds..to.deeds],
            stood: &self.stood[from.stood..to.stood],
            parties: &self.parties,
            lost: &self.lost[from.lost..to.lost],
            remediations: &self.remediations[from.remediations..to.remediations],
        }
    }

    /// What the lives of the tenant at an index depended on.
    #[inline]
    pub(super) fn grounds(&self, index: usize) -> &Grounds {
        &self.tenants[index].grounds
    }

    /// The rounds of the tenant at an index.
    #[inline]
    pub(super) fn rounds(&self, index: usize) -> Rounds<'_> {
        let (from, to) = (self.begin_of(index).rounds, self.tenants[index].rounds);
        let before = from.checked_sub(1).map(|last| &self.rounds[last]);
        Rounds::new(before, &self.rounds[from..to], &self.stretches)
    }

    /// The times to remediation of the tenant at an index.
    #[inline]
    pub(super) fn waits(&self, index: usize) -> &[Wait] {
        &self.waits[self.begin_of(index).waits..self.tenants[index].waits]
    }

    #[inline]
    fn begin_of(&self, index: usize) -> &OfTenant {
        index.checked_sub(1).map_or(const { &OfTenant::NONE }, |before| &self.tenants[before])
    }

    fn ends(&self) -> OfTenant {
        let Deeds { deeds, stood, waits, lost, remediations, rounds, .. } = self;
        OfTenant {
            deeds: deeds.len(),
            stood: stood.len(),
            waits: waits.len(),
            lost: lost.len(),
            remediations: remediations.len(),
            rounds: rounds.len(),
            ..OfTenant::NONE
        }
    }

    fn track(&mut self, life: LifeIndex) -> &mut Track {
        self.tracks.resize_with(self.tracks.len().max(life + 1), Track::default);
        &mut self.tracks[life]
    }

    /// The index of some scenarios among all that stood together.
    #[inline]
    fn party(&mut self, scenarios: Scenarios) -> u16 {
        let known = self.parties.iter().position(|&party| party == scenarios);
        known.unwrap_or_else(|| {
            self.parties.push(scenarios);
            self.parties.len() - 1
        }) as u16
    }
}

impl Keep for Deeds {
    const KEEPS: bool = true;

    fn keep(&mut self, deed: Deed) {
        if let (Deed::Idle | Deed::StoodBy { .. }, Some(tenant)) = (deed, self.tenants.last_mut()) {
            tenant.grounds.stands_by = true;
        }
        self.deeds.push(deed);
    }

    #[inline]
    fn keep_stay(&mut self, scenarios: Scenarios, stay: Stay) {
        let Stay { server, volume: _, class, stretch } = stay;
        let (party, [from, to]) = (self.party(scenarios), [stretch.from, stretch.to].map(Moment::seconds));
        self.stood.push(Stood { level_seconds: stretch.level_seconds(), from, to, server, party, class });
    }

    fn keep_wait(&mut self, wait: Wait) {
        self.waits.push(wait);
    }

    fn keep_outcome(&mut self, set: usize, lost: &[NanoMessages], remediations: impl Iterator<Item = SimTime>) {
        self.lost.extend_from_slice(lost);
        self.remediations.extend(remediations);
        self.deeds.push(Deed::Outcome { set });
    }

    fn begin_life(&mut self, scenario: usize) {
        self.track(0).begin(scenario);
    }

    fn fork_life(&mut self, branch: usize, scenario: usize) {
        self.track(branch + 1);
        let (trunk, branches) = self.tracks.split_at_mut(1);
        branches[branch].fork(scenario, &trunk[0]);
    }

    fn clocks(&mut self, life: LifeIndex, server: u32, at: SimTime, event: ClockEvent) {
        if let (ClockEvent::Stopped(RunOut { product, decided: Some(route), .. }), Some(tenant)) =
            (event, self.tenants.last_mut())
        {
            tenant.grounds.leads.add(product, route);
        }
        self.tracks[life].happen(server, at, event, (&mut self.rounds, &mut self.stretches));
    }

    fn end_life(&mut self, life: LifeIndex) {
        self.tracks[life].end((&mut self.rounds, &mut self.stretches));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Calendar, CalendarShape};
    use crate::tally::Stretch;

    #[test]
    fn scenarios_are_their_indexes() {
        for all in [vec![], vec![0], vec![63], vec![0, 5, 63], (0..64).collect()] {
            assert_eq!(Scenarios::of(all.iter().copied()).iter().collect::<Vec<_>>(), all);
        }
        assert_eq!(Scenarios::of([64, 1]), Scenarios::of([1]), "what cannot be held is not taken for something else");
    }

    #[test]
    fn every_tenant_has_its_own_deeds() {
        let calendar = Calendar::new(&CalendarShape::default(), SimTime::from_seconds(0), SimTime::from_seconds(100));
        let stand = |deeds: &mut Deeds, scenario, class: u8, seconds: i64| {
            let [from, to] = [2, 2 + seconds].map(|seconds| calendar.moment_after(seconds));
            let stretch = Stretch { from, to };
            let stay = Stay { server: 3, volume: 1, class: Class(class), stretch };
            deeds.keep_stay(Scenarios::of([scenario]), stay);
        };
        let stood = |party, class: u8, seconds: i64| Stood {
            level_seconds: calendar.level(0) * seconds,
            from: 2,
            to: 2 + seconds,
            server: 3,
            party,
            class: Class(class),
        };
        let mut deeds = Deeds::default();
        deeds.begin(None);
        [(2, 1, 5), (1, 2, 7)].into_iter().for_each(|(s, class, seconds)| stand(&mut deeds, s, class, seconds));
        deeds.keep_outcome(0, &[3, 4], [SimTime::NEVER].into_iter());
        deeds.end();
        deeds.begin(None);
        deeds.end();
        deeds.begin(None);
        stand(&mut deeds, 1, 1, 9);
        deeds.end();
        let mut others = Deeds::default();
        others.begin(None);
        stand(&mut others, 1, 0, 1);
        others.end();
        others.copy_from((&deeds, 0));
        assert_eq!((deeds.tenants.len(), others.tenants.len()), (3, 2));
        assert_eq!(
            (deeds.of(0).deeds, deeds.of(0).stood),
            (&[Deed::Outcome { set: 0 }][..], &[stood(0, 1, 5), stood(1, 2, 7)][..])
        );
        assert!(deeds.of(1).deeds.is_empty() && deeds.of(1).stood.is_empty());
        assert_eq!(deeds.of(2).stood, [stood(1, 1, 9)]);
        let last = others.of(1);
        assert_eq!((last.deeds, last.lost, last.remediations), (deeds.of(0).deeds, &[3, 4][..], &[SimTime::NEVER][..]));
        // Scenarios have other indexes there.
        assert_eq!(last.stood, [stood(1, 1, 5), stood(0, 2, 7)]);
    }
}
