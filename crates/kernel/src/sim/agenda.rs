//! What happens next to a tenant.
//!
//! Every kind of event of every server has one slot ([`Slots`]), so an event that moves simply overwrites its time. The next
//! event is the least (time, event class, insertion number). Owners keep their slots themselves and play their earliest one in
//! a knockout tree, in which only those play again to whom something happened: ten matches for a thousand servers. A tenant of
//! a few servers needs no tree: all slots are looked at one by one ([`next_of_few`](super::slots::next_of_few)).

use super::slots::{Due, EventClass, Slots};
use crate::time::SimTime;

/// A pending event as one number, so that the earlier of two is the lesser number: from the top time and class (64 bits), the
/// insertion number (32) and the owner (24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pending(u128);

/// The next events of a tenant's owners. Owner 0 is the tenant, owner k + 1 its server k.
///
/// A knockout tree: the winner at index 1, the players of index k at 2k and 2k + 1, owners in the last half.
#[derive(Debug, Default)]
pub struct Agenda {
    matches: Vec<Pending>,
    insertions: u32,
    #[cfg(test)]
    played: usize,
}

const OWNER_BITS: u32 = 24;

impl Pending {
    const NONE: Pending = Pending(u128::MAX);

    #[inline]
    fn new(due: Due, inserted: u32, owner: usize) -> Self {
        Pending(u128::from(due.order()) << 64 | u128::from(u64::from(inserted) << OWNER_BITS | owner as u64))
    }

    #[inline]
    fn due(self) -> Due {
        Due::from_order((self.0 >> 64) as u64)
    }

    #[inline]
    fn owner(self) -> usize {
        self.0 as usize & ((1 << OWNER_BITS) - 1)
    }
}

impl Clone for Agenda {
    fn clone(&self) -> Self {
        let mut copy = Agenda::default();
        copy.clone_from(self);
        copy
    }

    fn clone_from(&mut self, other: &Self) {
        self.matches.clone_from(&other.matches);
        self.insertions = other.insertions;
    }
}

impl Agenda {
    /// Empties the agenda for a tenant with so many servers, fewer than 16 million.
    pub fn reset(&mut self, servers: usize) {
        let owners = servers + 1;
        assert!(owners < 1 << OWNER_BITS, "a tenant has too many servers");
        self.matches.clear();
        self.matches.resize(2 * owners.next_power_of_two(), Pending::NONE);
        self.insertions = 0;
    }

    /// Empties the agenda for a tenant whose slots are looked at one by one: nobody plays.
    pub fn reset_for_few(&mut self) {
        self.matches.clear();
        self.insertions = 0;
    }

    /// Sets the time of an event of an owner; [`enter`](Self::enter) makes it known.
    #[inline]
    pub fn set(&mut self, slots: &mut Slots, class: EventClass, at: SimTime) {
        self.insertions += 1;
        slots.set(class, at, self.insertions);
    }

    /// Enters an owner's earliest event, after any of its events was set or happened, and plays its matches up to the winner.
    #[inline]
    pub fn enter(&mut self, owner: usize, slots: &Slots) {
        if self.matches.is_empty() {
            return;
        }
        let (due, inserted) = slots.first();
        let mut winner = Pending::new(due, inserted, owner);
        let mut index = self.matches.len() / 2 + owner;
        self.matches[index] = winner;
        while index > 1 {
            winner = winner.min(self.matches[index ^ 1]);
            index /= 2;
            self.matches[index] = winner;
            #[cfg(test)]
            {
                self.played += 1;
            }
        }
    }

    /// The next event before `horizon`. Whoever lives it clears its slot and enters the owner again.
    #[inline]
    pub fn next(&self, horizon: SimTime) -> Option<(SimTime, EventClass, usize)> {
        let next = self.matches[1];
        let due = next.due();
        (due.at() < horizon).then(|| (due.at(), due.class(), next.owner()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::slots::{next_of_few, next_of_one};

    /// The classes of a server's events, and of its tenant's.
    const SERVERS: [EventClass; 5] = [
        EventClass::BaselineChange,
        EventClass::Remediation,
        EventClass::StageChange,
        EventClass::Detection,
        EventClass::Decision,
    ];
    const TENANTS: [EventClass; 2] = [EventClass::PauseEnd, EventClass::PauseStart];

    fn at(seconds: i64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    /// An agenda with the slots of its owners.
    struct Owners {
        agenda: Agenda,
        slots: Vec<Slots>,
    }

    impl Owners {
        fn new(servers: usize) -> Self {
            let mut agenda = Agenda::default();
            agenda.reset(servers);
            Owners { agenda, slots: vec![Slots::EMPTY; servers + 1] }
        }

        fn set(&mut self, owner: usize, class: EventClass, at: SimTime) {
            self.agenda.set(&mut self.slots[owner], class, at);
            self.agenda.enter(owner, &self.slots[owner]);
        }

        fn pop(&mut self, horizon: SimTime) -> Option<(SimTime, EventClass, usize)> {
            let (at, class, owner) = self.agenda.next(horizon)?;
            self.slots[owner].clear(class);
            self.agenda.enter(owner, &self.slots[owner]);
            Some((at, class, owner))
        }
    }

    #[test]
    fn events_run_by_time_then_class_then_insertion() {
        let mut owners = Owners::new(3);
        owners.set(2, EventClass::Decision, at(5));
        owners.set(3, EventClass::StageChange, at(7));
        owners.set(1, EventClass::StageChange, at(7));
        owners.set(2, EventClass::BaselineChange, at(7));
        owners.set(0, EventClass::PauseEnd, at(7));
        owners.set(1, EventClass::Detection, at(9));
        let order: Vec<_> = std::iter::from_fn(|| owners.pop(at(9))).map(|(_, class, owner)| (class, owner)).collect();
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
        assert_eq!(owners.pop(at(10)), Some((at(9), EventClass::Detection, 1)), "events at the horizon stay");
    }

    #[test]
    fn slots_looked_at_one_by_one_give_what_the_tree_gives() {
        // Every order of a few near times over all seven slots, ties included.
        let mut state = 1u64;
        for turn in 0..20_000 {
            let servers = 1 + turn % 4;
            let mut owners = Owners::new(servers);
            for k in 0..=servers {
                // Those of the last server are set first every other time.
                let owner = if turn % 8 < 4 { k } else { servers - k };
                for &class in if owner == 0 { &TENANTS[..] } else { &SERVERS[..] } {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let time = (state >> 61) as i64;
                    owners.set(owner, class, if time < 6 { at(time) } else { SimTime::NEVER });
                }
            }
            for horizon in [at(3), at(9)] {
                let of_tree = owners.agenda.next(horizon);
                let (tenant, servers) = owners.slots.split_first().unwrap();
                assert_eq!(next_of_few(tenant, servers.iter(), horizon), of_tree, "{:?}", owners.slots);
                if servers.len() == 1 {
                    assert_eq!(next_of_one(tenant, &servers[0], horizon), of_tree, "{:?}", owners.slots);
                }
            }
        }
    }

    #[test]
    fn events_of_one_owner_at_one_instant_run_by_class() {
        let mut owners = Owners::new(1);
        for class in SERVERS.into_iter().rev() {
            owners.set(1, class, at(7));
        }
        let order: Vec<_> = std::iter::from_fn(|| owners.pop(at(8))).map(|(_, class, _)| class).collect();
        assert_eq!(order, SERVERS);
        assert!(order.is_sorted());
    }

    /// Every server moves one event and has it happen, `rounds` times.
    fn matches_for(servers: usize, rounds: i64) -> usize {
        let mut owners = Owners::new(servers);
        for round in 0..rounds {
            for server in 1..=servers {
                owners.set(server, EventClass::Decision, at(round * 1_000_000 + server as i64));
                owners.pop(at(i64::MAX)).unwrap();
            }
        }
        owners.agenda.played
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
        let mut owners = Owners::new(1);
        owners.set(1, EventClass::Detection, at(3));
        owners.set(1, EventClass::Decision, at(-3));
        assert_eq!(owners.pop(at(10)), Some((at(-3), EventClass::Decision, 1)));
        assert_eq!(owners.pop(at(10)), Some((at(3), EventClass::Detection, 1)));
    }

    #[test]
    fn a_moved_event_happens_once_at_its_new_time() {
        let mut owners = Owners::new(1);
        owners.set(1, EventClass::Decision, at(5));
        owners.set(1, EventClass::Decision, at(8));
        assert_eq!(owners.pop(at(100)), Some((at(8), EventClass::Decision, 1)));
        assert_eq!(owners.pop(at(100)), None);
    }
}
