//! What happens next to a tenant.
//!
//! Every kind of event of every server has one slot, so an event that moves simply overwrites its time. The next event is
//! the least (time, event class, insertion number). Each owner plays its earliest slot in a knockout tree, in which only
//! owners whose slots were touched play again: a few comparisons for one server, ten matches for a thousand.

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

/// Slots of one owner: the tenant uses the two of pauses, a server the five others.
const SLOTS: usize = 5;
/// The slot of each class; pauses share those of classes that only servers have.
const SLOT_OF: [usize; EventClass::ALL.len()] = [0, 0, 1, 1, 2, 3, 4];

/// A pending event as one number, so that the earlier of two is the lesser number: from the top the time (64 bits, shifted so
/// that negative times come first), the class (8), the insertion number (32) and the owner (24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pending(u128);

const OWNER_BITS: u32 = 24;
const EMPTY: Pending = Pending(u128::MAX);

impl Pending {
    #[inline]
    fn new(at: SimTime, class: EventClass, inserted: u32, owner: usize) -> Self {
        let order = (class as u64) << 56 | u64::from(inserted) << OWNER_BITS | owner as u64;
        Pending(u128::from(at.seconds() as u64 ^ 1 << 63) << 64 | u128::from(order))
    }

    #[inline]
    fn at(self) -> SimTime {
        SimTime::from_seconds(((self.0 >> 64) as u64 ^ 1 << 63) as i64)
    }

    #[inline]
    fn class(self) -> EventClass {
        EventClass::ALL[(self.0 >> 56) as usize & 0x7f]
    }

    #[inline]
    fn owner(self) -> usize {
        self.0 as usize & ((1 << OWNER_BITS) - 1)
    }
}

/// The pending events of a tenant. Owner 0 is the tenant, owner k + 1 its server k.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    slots: Vec<[Pending; SLOTS]>,
    /// A knockout tree: the winner at place 1, the players of place k at 2k and 2k + 1, owners in the last half.
    matches: Vec<Pending>,
    /// Owners whose slots changed since they last played; some may stand here twice.
    touched: Vec<usize>,
    insertions: u32,
    #[cfg(test)]
    played: usize,
}

impl Agenda {
    /// Empties the agenda for a tenant with so many servers, fewer than 16 million.
    pub fn reset(&mut self, servers: usize) {
        let owners = servers + 1;
        assert!(owners < 1 << OWNER_BITS, "a tenant has too many servers");
        self.slots.clear();
        self.slots.resize(owners, [EMPTY; SLOTS]);
        self.matches.clear();
        self.matches.resize(2 * owners.next_power_of_two(), EMPTY);
        self.touched.clear();
        self.insertions = 0;
    }

    /// Sets the time of an event; never takes it off.
    #[inline]
    pub fn set(&mut self, owner: usize, class: EventClass, at: SimTime) {
        self.insertions += 1;
        self.slots[owner][SLOT_OF[class as usize]] = Pending::new(at, class, self.insertions, owner);
        self.touch(owner);
    }

    /// The time of an event.
    pub fn get(&self, owner: usize, class: EventClass) -> SimTime {
        self.slots[owner][SLOT_OF[class as usize]].at()
    }

    /// Takes the next event before `horizon` off the agenda.
    #[inline]
    pub fn pop(&mut self, horizon: SimTime) -> Option<(SimTime, EventClass, usize)> {
        for place in 0..self.touched.len() {
            self.play(self.touched[place]);
        }
        self.touched.clear();
        let next = self.matches[1];
        if next.at() >= horizon {
            return None;
        }
        let (class, owner) = (next.class(), next.owner());
        self.slots[owner][SLOT_OF[class as usize]] = EMPTY;
        self.touch(owner);
        Some((next.at(), class, owner))
    }

    #[inline]
    fn touch(&mut self, owner: usize) {
        if self.touched.last() != Some(&owner) {
            self.touched.push(owner);
        }
    }

    /// Enters the owner's earliest event and plays its matches up to the winner.
    #[inline]
    fn play(&mut self, owner: usize) {
        let mut place = self.matches.len() / 2 + owner;
        self.matches[place] = self.slots[owner].iter().fold(EMPTY, |first, slot| first.min(*slot));
        while place > 1 {
            place /= 2;
            self.matches[place] = self.matches[2 * place].min(self.matches[2 * place + 1]);
            #[cfg(test)]
            {
                self.played += 1;
            }
        }
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

    /// Every server moves one event and has it happen, `rounds` times.
    fn matches_for(servers: usize, rounds: i64) -> usize {
        let mut agenda = Agenda::default();
        agenda.reset(servers);
        for round in 0..rounds {
            for server in 1..=servers {
                agenda.set(server, EventClass::Decision, at(round * 1_000_000 + server as i64));
                agenda.pop(at(i64::MAX)).unwrap();
            }
        }
        agenda.played
    }

    #[test]
    fn a_thousand_servers_cost_little_more_than_a_thousand_times_one() {
        // Two owners play one match for an event, 1001 owners ten for this one and ten for the one before; looking through
        // all slots would take five thousand.
        let (one, thousand) = (matches_for(1, 10), matches_for(1_000, 10));
        assert!(thousand <= 20 * 1_000 * one, "{thousand} matches against {one}");
    }

    #[test]
    fn events_before_1970_come_first() {
        let mut agenda = Agenda::default();
        agenda.reset(1);
        agenda.set(1, EventClass::Detection, at(3));
        agenda.set(1, EventClass::Decision, at(-3));
        assert_eq!(agenda.pop(at(10)), Some((at(-3), EventClass::Decision, 1)));
        assert_eq!(agenda.pop(at(10)), Some((at(3), EventClass::Detection, 1)));
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
