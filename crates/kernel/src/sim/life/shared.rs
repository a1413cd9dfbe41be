//! What the servers of a tenant share.

use std::ops::Range;

use super::super::agenda::Agenda;
use super::super::losses::Lost;
use super::super::server::ServerLife;
use crate::policy::{Granted, PauseBook};
use crate::time::SimTime;

/// What the servers of a tenant share.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Shared {
    pub(in crate::sim) agenda: Agenda,
    pub(in crate::sim) book: PauseBook,
    pub(in crate::sim) paused: bool,
    /// Pauses that began before the start.
    pub(in crate::sim) past_pauses: Vec<Granted>,
    /// Appointments of all servers, in order of time.
    pub(in crate::sim) appointments: Vec<SimTime>,
    /// Servers whose stage restricts them, and servers whose stage blocks, were the tenant not paused.
    pub(in crate::sim) restricted: usize,
    pub(in crate::sim) blocked: usize,
    /// What they lose under the scenario, then under those that share its lives.
    pub(in crate::sim) lost: Lost,
}

impl Shared {
    /// Takes over what another life's servers share, in memory that is there already.
    pub(super) fn take_over(&mut self, past: &Shared, losses: Range<usize>) {
        let Shared { agenda, book, paused, past_pauses, appointments, restricted, blocked, lost } = past;
        self.agenda.clone_from(agenda);
        self.book.clone_from(book);
        self.past_pauses.clone_from(past_pauses);
        self.appointments.clone_from(appointments);
        self.lost.take_over(lost, losses);
        (self.paused, self.restricted, self.blocked) = (*paused, *restricted, *blocked);
    }

    /// Forgets everything but keeps its memory, for a tenant whose events come from the agenda.
    pub(super) fn reset(&mut self, servers: usize, scenarios: usize) {
        self.agenda.reset(servers);
        self.forget(servers, scenarios);
    }

    /// Forgets everything but keeps its memory, for a tenant of a few servers.
    pub(super) fn reset_for_few(&mut self, servers: usize, scenarios: usize) {
        self.agenda.reset_for_few();
        self.forget(servers, scenarios);
    }

    /// How a tenant stands of which one more server was taken up.
    #[inline]
    pub(in crate::sim) fn stand(&mut self, paused: bool, server: &ServerLife) {
        self.paused = paused;
        let (restricted, blocked) = server.restrictions();
        self.restricted += restricted;
        self.blocked += blocked;
    }

    pub(super) fn forget(&mut self, servers: usize, scenarios: usize) {
        self.book.clear();
        self.paused = false;
        self.past_pauses.clear();
        self.appointments.clear();
        (self.restricted, self.blocked) = (0, 0);
        self.lost.reset(servers, scenarios);
    }
}
