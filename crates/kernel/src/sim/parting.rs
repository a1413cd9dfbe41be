//! Where two scenarios part: up to what moment a tenant cannot tell under which of them it lives.
//!
//! Both share a world, a start and a horizon, so lives differ only by what the policies say. A life asks its policy about
//! baselines as time goes on, about the ladder when a server is detected, and about pauses when the tenant asks for one. Up to
//! the first such question that the two answer differently the lives are one, to the last bit.

use std::sync::Arc;

use super::prospect::{ProspectRow, Subject};
use super::rules::Rules;
use super::slots::EventClass;
use crate::policy::{Baseline, Policy};
use crate::time::SimTime;
use crate::world::{PausePlan, Route, Server, Tenant};

/// The questions that two scenarios answer differently.
#[derive(Clone, Debug)]
pub(super) struct Parting {
    /// By group: from when on baselines and releases differ for a tenant that starts with a build; never if they do not.
    baselines: Vec<Vec<SimTime>>,
    /// By group: whether they differ for any build.
    differ: Vec<bool>,
    pauses: bool,
    enforcement: bool,
    /// Whether a server can have been detected before the start.
    detected_before: bool,
}

/// The first events before which a life must stop, because another scenario parts from it there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PartingPoint {
    /// Any event from this instant on.
    pub(super) from: SimTime,
    /// Asking for a pause.
    pub(super) pause: bool,
    /// First detection.
    pub(super) detection: bool,
}

impl PartingPoint {
    /// Nothing stops the life.
    pub(super) const NEVER: PartingPoint = PartingPoint { from: SimTime::NEVER, pause: false, detection: false };

    /// Whether the life stops before an event.
    #[inline]
    pub(super) fn before(&self, at: SimTime, class: EventClass) -> bool {
        at >= self.from
            || (self.pause && class == EventClass::PauseStart)
            || (self.detection && class == EventClass::Detection)
    }

    /// Whether the life of a tenant may come to it.
    pub(super) fn comes_to(&self, rules: &Rules<'_>, tenant: &Tenant) -> bool {
        let plan = || &rules.world.groups[tenant.group].behaviours[tenant.behaviour].plan;
        self.from != SimTime::NEVER || self.detection || self.pause && !matches!(plan(), PausePlan::Never)
    }

    /// Whichever of two stops comes first.
    pub(super) fn earlier(self, other: PartingPoint) -> PartingPoint {
        PartingPoint {
            from: self.from.min(other.from),
            pause: self.pause || other.pause,
            detection: self.detection || other.detection,
        }
    }
}

impl Parting {
    /// Where two scenarios part that have the same world, start and horizon.
    pub(super) fn of(a: &Rules<'_>, b: &Rules<'_>) -> Parting {
        // Whoever adds a field to the policy decides here when lives depend on it; names and layout matter to nobody in the
        // world.
        let Policy { name: _, ladder, baselines: _, pauses, relapse, layout: _, replies: _ } = a.policy;
        let lengths = |policy: &Policy| policy.ladder.stages().iter().map(|stage| stage.length).collect::<Vec<_>>();
        let same_ladder = ladder.stages().len() == b.policy.ladder.stages().len()
            && lengths(a.policy) == lengths(b.policy)
            && a.stages == b.stages
            && a.groups.iter().zip(&b.groups).all(|(a, b)| a.hazards == b.hazards);
        let baselines: Vec<Vec<SimTime>> = (0..a.groups.len()).map(|group| starts_part(a, b, group)).collect();
        let differ = baselines.iter().map(|starts| starts.iter().any(|&from| from != SimTime::NEVER)).collect();
        let old =
            |rules: &Rules<'_>| rules.policy.baselines.entries().iter().any(|entry| entry.effective < rules.start);
        Parting {
            baselines,
            differ,
            pauses: *pauses != b.policy.pauses,
            enforcement: !same_ladder || *relapse != b.policy.relapse,
            detected_before: old(a) || old(b),
        }
    }

    /// Where a tenant's lives part; `None` if they may differ from the start on.
    pub(super) fn stop(&self, a: &Rules<'_>, tenant: &Tenant) -> Option<PartingPoint> {
        let fixed = matches!(a.world.groups[tenant.group].behaviours[tenant.behaviour].plan, PausePlan::Fixed(_));
        if (self.pauses && fixed) || (self.enforcement && self.detected_before) {
            return None;
        }
        let prospects = &a.groups[tenant.group].prospects;
        let parts = |server: &Server| {
            let subject = Subject { product: server.product, build: server.build, esu: tenant.esu };
            self.baselines[tenant.group][prospects.start_number(subject)]
        };
        // Asked of every tenant, and mostly nothing differs.
        let first = || tenant.servers.iter().map(parts).min();
        let from = if self.differ[tenant.group] { first() } else { None }.unwrap_or(SimTime::NEVER);
        (from > a.start).then_some(PartingPoint { from, pause: self.pauses, detection: self.enforcement })
    }
}

/// For every build that a group starts with: from when on what it, or what it can become, faces differs.
fn starts_part(a: &Rules<'_>, b: &Rules<'_>, group: usize) -> Vec<SimTime> {
    let (ours, theirs) = (&a.groups[group], &b.groups[group]);
    if !a.undetected_press_alike(ours, b, theirs) {
        return vec![a.start; ours.prospects.starts().count()];
    }
    if Arc::ptr_eq(&ours.prospects, &theirs.prospects) {
        return vec![SimTime::NEVER; ours.prospects.starts().count()];
    }
    let target = a.world.groups[group].routes[Route::Upgrade].as_ref().and_then(|rules| rules.target);
    let subjects = ours.prospects.rows_by_subject().zip(theirs.prospects.rows_by_subject());
    let each: Vec<_> =
        subjects.map(|((subject, our), (_, their))| (subject, rows_part((a, our), (b, their)))).collect();
    let parts = |start: Subject| {
        let reached = |other: &Subject| {
            other.esu == start.esu && (other.product == start.product || Some(other.product) == target)
        };
        let reached = each.iter().filter(|(subject, _)| reached(subject));
        reached.map(|&(_, at)| at).min().unwrap_or(SimTime::NEVER)
    };
    ours.prospects.starts().map(parts).collect()
}

/// From when on the rows of a build differ.
fn rows_part((a, ours): (&Rules<'_>, &[ProspectRow]), (b, theirs): (&Rules<'_>, &[ProspectRow])) -> SimTime {
    fn entry<'b>(rules: &'b Rules<'_>, row: &ProspectRow) -> Option<&'b Baseline> {
        row.breach.map(|breach| &rules.policy.baselines.entries()[breach.entry])
    }
    let mut begins = a.start;
    for (our, their) in ours.iter().zip(theirs) {
        let same = (our.breach, our.open, our.concerned) == (their.breach, their.open, their.concerned);
        if !same || entry(a, our) != entry(b, their) {
            return begins;
        }
        if our.until != their.until {
            return our.until.min(their.until);
        }
        begins = our.until;
    }
    SimTime::NEVER
}
