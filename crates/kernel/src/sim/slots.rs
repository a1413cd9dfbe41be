//! What one owner has ahead of it: a time for each kind of its events.

use crate::time::SimTime;

/// The classes of events at one instant, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum EventClass {
    /// A baseline comes into force, or a build is released.
    BaselineChange,
    /// The tenant's pause ends.
    PauseEnd,
    /// The tenant asks for a pause.
    PauseStart,
    /// An attempt at remediation.
    Remediation,
    /// The next stage starts.
    StageChange,
    /// First detection.
    Detection,
    /// The decision to remediate falls.
    Decision,
}

impl EventClass {
    /// All classes, in the order in which they run.
    pub const ALL: [EventClass; 7] = [
        EventClass::BaselineChange,
        EventClass::PauseEnd,
        EventClass::PauseStart,
        EventClass::Remediation,
        EventClass::StageChange,
        EventClass::Detection,
        EventClass::Decision,
    ];

    /// Name for people.
    pub fn name(self) -> &'static str {
        ["baseline change", "pause end", "pause start", "remediation", "stage change", "detection", "decision"]
            [self as usize]
    }

    /// Whether events of this class happen to the tenant; all others happen to a server.
    #[inline]
    pub const fn is_tenants(self) -> bool {
        matches!(self, EventClass::PauseEnd | EventClass::PauseStart)
    }
}

/// Slots of one owner, in the order of the classes: a server has five, the tenant uses the first two for its pauses.
const SLOTS: usize = 5;
/// The slot of each class.
const SLOT_OF: [usize; EventClass::ALL.len()] = [0, 0, 1, 1, 2, 3, 4];

/// An instant and a class as one number, so that of two the lesser runs first: the time in the upper bits, the class in the
/// lowest three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Due(i64);

impl Due {
    const CLASS_BITS: u32 = 3;
    pub(super) const NEVER: Due = Due(i64::MAX);

    #[inline]
    pub(super) fn new(at: SimTime, class: EventClass) -> Self {
        // Time beyond 36 billion years stands for never, as NEVER itself does.
        let seconds = at.seconds().min(i64::MAX >> Self::CLASS_BITS);
        Due(seconds << Self::CLASS_BITS | class as i64)
    }

    /// The last that can happen before an instant.
    #[inline]
    pub(super) fn before(at: SimTime) -> Self {
        Due((at.seconds() << Self::CLASS_BITS) - 1)
    }

    /// The last that can happen before this, whatever its insertion number.
    #[inline]
    pub(super) fn just_before(self) -> Self {
        Due(self.0 - 1)
    }

    /// The latest instant at which an event of a class runs no later than this.
    #[inline]
    pub(super) fn latest(self, class: EventClass) -> SimTime {
        SimTime::from_seconds((self.0 - class as i64) >> Self::CLASS_BITS)
    }

    /// The instant; of what never happens one that no study reaches.
    #[inline]
    pub(super) fn at(self) -> SimTime {
        SimTime::from_seconds(self.0 >> Self::CLASS_BITS)
    }

    #[inline]
    pub(super) fn class(self) -> EventClass {
        // Seven classes; what never happens reads as the last of them and is not asked.
        EventClass::ALL[(self.0 as usize & 7).min(EventClass::ALL.len() - 1)]
    }

    /// The number that orders by time and class, never negative.
    #[inline]
    pub(super) fn order(self) -> u64 {
        self.0 as u64 ^ 1 << 63
    }

    /// Back from [`order`](Self::order).
    #[inline]
    pub(super) fn from_order(order: u64) -> Self {
        Due((order ^ 1 << 63) as i64)
    }
}

/// What one owner has ahead of it: a time for each class of its events, never where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slots {
    due: [Due; SLOTS],
    inserted: [u32; SLOTS],
}

impl Slots {
    /// Nothing ahead.
    pub const EMPTY: Slots = Slots { due: [Due::NEVER; SLOTS], inserted: [0; SLOTS] };

    /// Sets the time of an event; `insertion` is the number of the setting, which orders events of equal time and class.
    #[inline]
    pub(super) fn set(&mut self, class: EventClass, at: SimTime, insertion: u32) {
        let slot = SLOT_OF[class as usize];
        self.due[slot] = Due::new(at, class);
        self.inserted[slot] = insertion;
    }

    /// Moves an event that is ahead without setting it anew: its insertion number stays.
    pub(super) fn correct(&mut self, class: EventClass, at: SimTime) {
        self.due[SLOT_OF[class as usize]] = Due::new(at, class);
    }

    /// Takes an event off that happened.
    #[inline]
    pub fn clear(&mut self, class: EventClass) {
        self.due[SLOT_OF[class as usize]] = Due::NEVER;
    }

    /// When a server is detected, and when its next stage starts.
    pub(super) fn ahead_of_server(&self) -> [SimTime; 2] {
        [self.at_slot(EventClass::Detection), self.at_slot(EventClass::StageChange)]
    }

    /// When a tenant's pause ends, and when it asks for one.
    pub(super) fn pauses(&self) -> (SimTime, SimTime) {
        (self.at_slot(EventClass::PauseEnd), self.at_slot(EventClass::PauseStart))
    }

    /// The instant of the event of a class; never if there is none.
    fn at_slot(&self, class: EventClass) -> SimTime {
        let due = self.due[SLOT_OF[class as usize]];
        if due >= Due::new(SimTime::NEVER, EventClass::BaselineChange) { SimTime::NEVER } else { due.at() }
    }

    /// The earliest event of a server but for its next stage and its next decision.
    #[inline]
    pub(super) fn first_but_climbing(&self) -> Due {
        let [baseline, remediation, _, detection, _] = self.due;
        baseline.min(remediation).min(detection)
    }

    /// The number of the setting of an event that is ahead.
    #[inline]
    fn insertion(&self, due: Due) -> u32 {
        self.inserted[SLOT_OF[due.class() as usize]]
    }

    /// The earliest event.
    #[inline(always)]
    pub(super) fn earliest(&self) -> Due {
        let [a, b, c, d, e] = self.due;
        a.min(b).min(c.min(d)).min(e)
    }

    /// The earliest event, and the number of its setting.
    #[inline]
    pub(super) fn first(&self) -> (Due, u32) {
        let mut first = 0;
        for slot in 1..SLOTS {
            if self.due[slot] < self.due[first] {
                first = slot;
            }
        }
        (self.due[first], self.inserted[first])
    }
}

/// The next event before `horizon` of a tenant with one server, from the slots of both: the same that the agenda would find, as
/// no class is both owners', so that time and class decide alone. Owner 0 is the tenant, owner 1 the server.
#[inline]
pub fn next_of_one(tenant: &Slots, server: &Slots, horizon: SimTime) -> Option<(SimTime, EventClass, usize)> {
    let next = tenant.due[0].min(tenant.due[1]).min(server.earliest());
    before(horizon, next, usize::from(!next.class().is_tenants()))
}

/// The next event before `horizon` of a tenant with a few servers, from the slots of all: the same that the agenda would find. Owner
/// 0 is the tenant, owner k + 1 server k.
#[inline]
pub fn next_of_few<'s>(
    tenant: &Slots,
    servers: impl Iterator<Item = &'s Slots> + Clone,
    horizon: SimTime,
) -> Option<(SimTime, EventClass, usize)> {
    // Which server is first no processor foresees, so it is chosen without a branch.
    let (mut next, mut owner, mut tied) = (tenant.due[0].min(tenant.due[1]), 0, false);
    for (index, slots) in servers.clone().enumerate() {
        let due = slots.earliest();
        tied = (due == next) | (tied & (due > next));
        owner = if due < next { index + 1 } else { owner };
        next = next.min(due);
    }
    // What never happens ties often, and nobody asks whose it is.
    if tied && next.at() < horizon {
        owner = first_inserted(servers, next, owner);
    }
    before(horizon, next, owner)
}

/// Of servers that have an event of one class at one instant, the one for which it was set first; the tenant has classes of its own.
#[cold]
fn first_inserted<'s>(servers: impl Iterator<Item = &'s Slots>, next: Due, owner: usize) -> usize {
    let due = servers.zip(1..).filter(|(slots, _)| slots.earliest() == next);
    due.min_by_key(|(slots, _)| slots.insertion(next)).map_or(owner, |(_, owner)| owner)
}

/// An event with its owner, if it happens before `horizon`.
#[inline]
fn before(horizon: SimTime, next: Due, owner: usize) -> Option<(SimTime, EventClass, usize)> {
    (next.at() < horizon).then(|| (next.at(), next.class(), owner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_instant_of_a_class_is_the_last_that_is_not_later() {
        let at = |seconds| SimTime::from_seconds(seconds);
        for due in EventClass::ALL.map(|class| Due::new(at(1_000), class)).into_iter().chain([Due::before(at(1_000))]) {
            for class in EventClass::ALL {
                let latest = due.latest(class);
                assert!(Due::new(latest, class) <= due, "{due:?} {class:?}");
                assert!(Due::new(at(latest.seconds() + 1), class) > due, "{due:?} {class:?}");
            }
        }
    }
}
