//! When a tenant wants a pause, and what a granted pause does.
//!
//! A request is an event of its own (class pause start), so that a stage change and the pause it provokes at the same instant
//! run in the promised order.

use super::life::{Life, Scene, Setting};
use super::observe::Observer;
use super::slots::{EventClass, Slots};
use crate::policy::{Granted, PauseBook};
use crate::time::{DAY_SECONDS, SimDuration, SimTime};
use crate::world::PausePlan;

/// What a tenant remembers of its pauses beyond the book.
#[derive(Clone, Debug)]
pub(super) struct Pausing {
    /// When the pause ends, and when the tenant asks for the next one.
    pub(super) slots: Slots,
    /// The behaviour has run its course.
    spent: bool,
    /// Only a server that is blocked makes it ask, not any that is restricted.
    bears_limits: bool,
    /// No request before this instant: the gap between short pauses, or the new year.
    not_before: SimTime,
    /// Next of the fixed dates.
    next_fixed: usize,
}

/// What a tenant remembers of its pauses, but for its times: whether the behaviour has run its course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PauseStanding {
    spent: bool,
    bears_limits: bool,
}

/// The times of what a tenant remembers of its pauses.
pub(super) const PAUSE_TIMES: usize = 3;

impl Pausing {
    /// What the tenant remembers; when its pause ends, when it asks for the next one, and before when it does not. Of fixed dates
    /// nothing is taken down.
    pub(super) fn take_down(&self) -> (PauseStanding, [i64; PAUSE_TIMES]) {
        let Pausing { slots, spent, bears_limits, not_before, next_fixed: _ } = self;
        let (ends, asks) = slots.pauses();
        let standing = PauseStanding { spent: *spent, bears_limits: *bears_limits };
        (standing, [ends, asks, *not_before].map(SimTime::seconds))
    }

    /// The memory of a tenant that was taken down so, at these times.
    #[inline(always)]
    pub(super) fn take_up(standing: PauseStanding, times: [i64; PAUSE_TIMES]) -> Pausing {
        let [ends, asks, not_before] = times.map(SimTime::from_seconds);
        let PauseStanding { spent, bears_limits } = standing;
        let mut slots = Slots::EMPTY;
        slots.correct(EventClass::PauseEnd, ends);
        slots.correct(EventClass::PauseStart, asks);
        Pausing { slots, spent, bears_limits, not_before, next_fixed: 0 }
    }
}

impl Pausing {
    /// Whether the tenant cannot ask for a pause now, whatever happens to its servers, nor before its own next event: never again, or
    /// not before an instant at which it asks anyhow.
    #[inline]
    pub(super) fn cannot_ask(&self, now: SimTime) -> bool {
        self.spent || now < self.not_before
    }
}

impl Default for Pausing {
    fn default() -> Self {
        let not_before = SimTime::from_seconds(i64::MIN);
        Pausing { slots: Slots::EMPTY, spent: false, bears_limits: false, not_before, next_fixed: 0 }
    }
}

impl<O: Observer> Setting<'_, '_, O> {
    /// Tells of a tenant that has no pause days in any year.
    pub(super) fn note_no_budget(&mut self) {
        if self.policy.pauses.budget_days == 0 {
            self.observer.out_of_budget(self.rules, self.rules.start, self.rules.last_new_year);
        }
    }

    /// Books up to `days` and tells what they cost; none if nothing is left.
    pub(super) fn book_days(&mut self, book: &mut PauseBook, now: SimTime, days: u32) -> Option<Granted> {
        let rules = &self.policy.pauses;
        let pause = book.grant_up_to(rules, now, days)?;
        for &(year, paid) in book.newest_charges() {
            self.observer.paused(year, paid);
            if book.left(rules, year) == 0 {
                let from = SimTime::year_start(year).max(now);
                self.observer.out_of_budget(self.rules, from, SimTime::year_start(year + 1));
            }
        }
        Some(pause)
    }
}

impl Life {
    /// Sets the time at which the tenant's pause ends or at which it asks for one; [`enter_pause`](Self::enter_pause) makes it
    /// known.
    fn schedule_pause(&mut self, class: EventClass, at: SimTime) {
        self.shared.agenda.set(&mut self.pausing.slots, class, at);
    }

    fn enter_pause(&mut self) {
        self.shared.agenda.enter(0, &self.pausing.slots);
    }

    /// The tenant's pause ends, or it asks for one.
    pub(super) fn pause_event<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        now: SimTime,
        class: EventClass,
    ) {
        self.pausing.slots.clear(class);
        match class {
            EventClass::PauseEnd => self.end_pause(setting, now),
            _ => self.start_pause(setting, now),
        }
        self.enter_pause();
    }

    /// Grants the fixed pauses that lie before the start and notes the first one after it.
    pub(super) fn plan_pauses<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>) {
        let requests = match setting.pause_plan().0 {
            PausePlan::Fixed(requests) => requests,
            plan => {
                self.pausing.spent = matches!(plan, PausePlan::Never);
                self.pausing.bears_limits = matches!(plan, PausePlan::WhenBlocked { .. });
                return;
            }
        };
        let start = setting.rules.start;
        let rules = &setting.policy.pauses;
        for request in requests.iter().take_while(|request| request.at < start) {
            self.shared.past_pauses.extend(self.shared.book.grant_up_to(rules, request.at, request.days));
            self.pausing.next_fixed += 1;
        }
        if let Some(next) = requests.get(self.pausing.next_fixed) {
            self.schedule_pause(EventClass::PauseStart, next.at);
        }
        self.shared.paused = self.shared.book.is_paused(start);
        if let (true, Some(pause)) = (self.shared.paused, self.shared.book.current()) {
            self.schedule_pause(EventClass::PauseEnd, pause.to);
        }
        self.enter_pause();
        for &(year, used) in self.shared.book.used_by_year().iter().filter(|(year, _)| *year >= start.year()) {
            setting.observer.paused(year, used);
            if used >= rules.budget_days {
                let from = SimTime::year_start(year).max(start);
                setting.observer.out_of_budget(setting.rules, from, SimTime::year_start(year + 1));
            }
        }
    }

    /// Days the tenant wants to pause from `now` on, as it stands.
    ///
    /// `UntilDone` wants the days from now, or from the end of the running pause, to the last attempt that is due at a restricted
    /// server, or to the horizon if that is earlier: rounded up, and limited by the budgets.
    fn days_wanted<O>(&self, setting: &Setting<'_, '_, O>, now: SimTime) -> Option<u32> {
        if self.pausing.cannot_ask(now) {
            return None;
        }
        match *setting.pause_plan().0 {
            PausePlan::OneLong { days } | PausePlan::SeveralShort { days, .. } if !self.shared.paused => {
                (self.shared.restricted > 0).then_some(days)
            }
            PausePlan::WhenBlocked { days } if !self.shared.paused => (self.shared.blocked > 0).then_some(days),
            PausePlan::UntilDone if !self.shared.appointments.is_empty() => {
                let restricted = self.servers.iter().filter(|server| server.restricts);
                let due = restricted.filter_map(|server| server.decided.and(server.appointment));
                let covered =
                    if self.shared.paused { self.shared.book.current().map_or(now, |pause| pause.to) } else { now };
                let missing = due.max()?.min(setting.rules.horizon).since(covered);
                (missing > SimDuration::ZERO).then(|| missing.days_ceil() as u32)
            }
            _ => None,
        }
    }

    /// Whether the tenant wants a pause. Nobody does without a server whose stage restricts it.
    #[inline]
    pub(super) fn wants_pause<O>(&self, setting: &Setting<'_, '_, O>, now: SimTime) -> bool {
        let provoked = || if self.pausing.bears_limits { self.shared.blocked } else { self.shared.restricted };
        !self.pausing.spent && provoked() > 0 && self.days_wanted(setting, now).is_some()
    }

    /// Schedules a pause start at this very instant if the tenant wants one.
    #[inline]
    pub(super) fn reconsider_pause<O>(&mut self, setting: &Setting<'_, '_, O>, now: SimTime) {
        if self.wants_pause(setting, now) {
            self.schedule_pause(EventClass::PauseStart, now.max(setting.rules.start));
            self.enter_pause();
        }
    }

    /// The tenant asks for a pause: on a fixed date, or because it still wants one.
    fn start_pause<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, now: SimTime) {
        let fixed = match setting.pause_plan().0 {
            PausePlan::Fixed(requests) => {
                let index = self.pausing.next_fixed;
                self.pausing.next_fixed += 1;
                if let Some(next) = requests.get(index + 1) {
                    self.schedule_pause(EventClass::PauseStart, next.at);
                }
                requests.get(index).map(|request| request.days)
            }
            _ => None,
        };
        if let Some(days) = fixed.or_else(|| self.days_wanted(setting, now)) {
            let granted = self.take_days(setting, now, days);
            self.remember(setting, now, granted);
        }
    }

    /// Books up to `days` and pauses every server; false if nothing is left.
    fn take_days<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, now: SimTime, days: u32) -> bool {
        let Some(pause) = setting.book_days(&mut self.shared.book, now, days) else { return false };
        self.schedule_pause(EventClass::PauseEnd, pause.to());
        if !self.shared.paused {
            self.set_paused(setting, now, true);
        }
        true
    }

    /// What the behaviour does after a request was granted or refused. The gap of `SeveralShort` runs from the end of the pause as
    /// it was granted, which may be earlier than asked for.
    fn remember<O>(&mut self, setting: &Setting<'_, '_, O>, now: SimTime, granted: bool) {
        let (plan, renew) = setting.pause_plan();
        let again = match plan {
            PausePlan::SeveralShort { gap_days, .. } if granted => {
                let end = self.shared.book.current().map_or(now, |pause| pause.to);
                Some(end + SimDuration::from_seconds(i64::from(*gap_days) * DAY_SECONDS))
            }
            PausePlan::UntilDone if granted => return,
            PausePlan::Fixed(_) => return,
            _ if renew => Some(SimTime::year_start(now.year() + 1)),
            _ => None,
        };
        match again {
            Some(at) => {
                self.pausing.not_before = at;
                self.schedule_pause(EventClass::PauseStart, at);
            }
            None => self.pausing.spent = true,
        }
    }

    /// The pause runs out.
    fn end_pause<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, now: SimTime) {
        self.set_paused(setting, now, false);
        self.reconsider_pause(setting, now);
    }

    fn set_paused<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, now: SimTime, paused: bool) {
        self.shared.paused = paused;
        let mut scene = Scene { setting, shared: &mut self.shared, now };
        for server in &mut self.servers {
            server.set_paused(&mut scene);
        }
    }
}
