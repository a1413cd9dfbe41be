//! What happens next to a tenant.
//!
//! Every kind of event of every server has one slot, so an event that moves simply overwrites its time. The next event is
//! the least (time, event class, insertion number); tenants have few servers, so looking through the slots is faster than
//! keeping a heap and forgetting entries in it.

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
}

/// Slots of one owner: one for each event class. A server uses five of them, the tenant the two of pauses.
const SLOTS: usize = EventClass::ALL.len();

#[derive(Clone, Copy, Debug)]
struct Slot {
    at: SimTime,
    inserted: u32,
}

const EMPTY: Slot = Slot { at: SimTime::NEVER, inserted: 0 };

/// The pending events of a tenant. Owner 0 is the tenant, owner k + 1 its server k.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    slots: Vec<Slot>,
    insertions: u32,
}

impl Agenda {
    /// Empties the agenda for a tenant with so many servers.
    pub fn reset(&mut self, servers: usize) {
        self.slots.clear();
        self.slots.resize((servers + 1) * SLOTS, EMPTY);
        self.insertions = 0;
    }

    /// Sets the time of an event; never takes it off.
    #[inline]
    pub fn set(&mut self, owner: usize, class: EventClass, at: SimTime) {
        self.insertions += 1;
        self.slots[owner * SLOTS + class as usize] = Slot { at, inserted: self.insertions };
    }

    /// The time of an event.
    pub fn get(&self, owner: usize, class: EventClass) -> SimTime {
        self.slots[owner * SLOTS + class as usize].at
    }

    /// Takes the next event before `horizon` off the agenda.
    #[inline]
    pub fn pop(&mut self, horizon: SimTime) -> Option<(SimTime, EventClass, usize)> {
        let mut best = (horizon, 0u8, 0u32);
        let mut found = None;
        for (place, slot) in self.slots.iter().enumerate() {
            if slot.at > best.0 {
                continue;
            }
            let key = (slot.at, (place % SLOTS) as u8, slot.inserted);
            if slot.at < horizon && (found.is_none() || key < best) {
                best = key;
                found = Some(place);
            }
        }
        let place = found?;
        let at = self.slots[place].at;
        self.slots[place] = EMPTY;
        Some((at, EventClass::ALL[place % SLOTS], place / SLOTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    #[test]
    fn events_run_by_time_then_class_then_insertion() {
        let mut agenda = Agenda::default();
        agenda.reset(3);
        agenda.set(2, EventClass::Decision, at(5));
        agenda.set(3, EventClass::StageChange, at(7));
        agenda.set(1, EventClass::StageChange, at(7));
        agenda.set(2, EventClass::BaselineChange, at(7));
        agenda.set(0, EventClass::PauseEnd, at(7));
        agenda.set(1, EventClass::Detection, at(9));
        let order: Vec<_> = std::iter::from_fn(|| agenda.pop(at(9))).map(|(_, class, owner)| (class, owner)).collect();
        assert_eq!(
            order,
            [
                (EventClass::Decision, 2),
                (EventClass::BaselineChange, 2),
                (EventClass::PauseEnd, 0),
                (EventClass::StageChange, 3),
                (EventClass::StageChange, 1),
            ]
        );
        assert_eq!(agenda.get(1, EventClass::Detection), at(9), "events at the horizon stay");
    }

    #[test]
    fn a_moved_event_happens_once_at_its_new_time() {
        let mut agenda = Agenda::default();
        agenda.reset(1);
        agenda.set(1, EventClass::Decision, at(5));
        agenda.set(1, EventClass::Decision, at(8));
        assert_eq!(agenda.pop(at(100)), Some((at(8), EventClass::Decision, 1)));
        assert_eq!(agenda.pop(at(100)), None);
    }
}
