//! Courses as the event loop lives them, with nobody deciding.

use super::super::life::{Life, Setting};
use super::super::observe::{Cycle, Observer, Stay};
use super::super::prospect::Subject;
use super::super::rules::Rules;
use super::super::slots::EventClass;
use super::{Booked, Course, Courses, DAYS_MAX, Mark, Moving, Paused, TIMES, TURNS_MAX, Traveller, Turn};
use crate::catalog::ProductId;
use crate::draws::{DrawSource, TenantDraws, TenantId};
use crate::policy::Breach;
use crate::tally::{Class, Stretch};
use crate::time::{DAY_SECONDS, SimDuration, SimTime};
use crate::world::{PausePlan, Route, Server, Tenant};

/// The courses of servers and tenants.
pub(super) fn courses(rules: &Rules<'_>, traveller: Traveller) -> Courses {
    let Traveller { group, subject, behaviour } = traveller;
    let breach = first_breach(rules, group, subject);
    let Subject { product, build, esu } = subject;
    let mut tenant = Tenant::default();
    (tenant.group, tenant.behaviour, tenant.esu, tenant.diligence) = (group, behaviour, esu, 1.0);
    tenant.servers.push(Server { product, build, volume: 0, first_detected: None, planned: None });
    let draws = DrawSource::new(0, 0).tenant(TenantId::new(0, 0));
    let mut recorder = Recorder { rules, tenant, draws, life: Life::default() };
    let mut courses = Vec::new();
    match breach {
        Some(breach) => {
            let entry = &rules.policy.baselines.entries()[breach.entry];
            let days = entry.spread.seconds() / DAY_SECONDS + 1;
            if days > DAYS_MAX {
                return Courses::default();
            }
            recorder.fit(rules.calendar.seconds_until(entry.effective), days, &mut courses);
        }
        None => recorder.fit(0, 1, &mut courses),
    }
    Courses { breach, courses }
}

/// The baseline that a server breaches first if nobody acts.
fn first_breach(rules: &Rules<'_>, group: usize, subject: Subject) -> Option<Breach> {
    let ahead = rules.groups[group].prospects.ahead(subject);
    ahead.iter().find(|row| row.breach.is_some() || row.until >= rules.horizon).and_then(|row| row.breach)
}

/// Turns of a usual course, for which room is made at once.
const TURNS_USUAL: usize = 32;

/// Lives the same tenant with its server first detected at one time or another.
struct Recorder<'r, 'a> {
    rules: &'r Rules<'a>,
    tenant: Tenant,
    draws: TenantDraws,
    /// Memory that is used again.
    life: Life,
}

impl Recorder<'_, '_> {
    /// Adds the courses for all first detections within some days from a second on, in as few as there are; where two within one day
    /// differ there is none.
    ///
    /// Stretches of whole days: a time that depends on the number of days up to a new year jumps with every midnight, and what jumps
    /// by multiples of a day between the first second of a day and the last one of another does not look as if it moved.
    fn fit(&mut self, first: i64, days: i64, courses: &mut Vec<Course>) {
        let ends = (self.record(first), self.record(first + days * DAY_SECONDS - 1));
        self.fit_between((first, ends.0), (days, ends.1), courses);
    }

    fn fit_between(&mut self, (first, a): (i64, Record), (days, b): (i64, Record), courses: &mut Vec<Course>) {
        let last = first + days * DAY_SECONDS - 1;
        if let Some(mut course) = a.course((first, last), &b, self.tenant.servers[0].product) {
            course.note_losses(self.rules);
            courses.push(course);
        } else if days > 1 && !a.is_too_long() && !b.is_too_long() {
            let middle = first + days / 2 * DAY_SECONDS;
            let (before, after) = (self.record(middle - 1), self.record(middle));
            self.fit_between((first, a), (days / 2, before), courses);
            self.fit_between((middle, after), (days - days / 2, b), courses);
        }
    }

    /// What happens to a server first detected at a second after the calendar's first midnight.
    fn record(&mut self, detected: i64) -> Record {
        let Recorder { rules, tenant, draws, life } = self;
        let midnight = rules.calendar.first().start();
        tenant.servers[0].first_detected = Some(midnight + SimDuration::from_seconds(detected));
        let mut watch = Watch::default();
        let mut record = Record { first_pause: usize::MAX, first_detection: usize::MAX, ..Record::default() };
        record.turns.reserve(TURNS_USUAL);
        let mut setting = Setting::new(rules, tenant, draws, &mut watch);
        life.start(&mut setting, 1);
        record.take_down(life, rules.start, &mut setting);
        while let Some((at, class, owner)) = life.next(rules.horizon) {
            let first = match class {
                EventClass::PauseStart => &mut record.first_pause,
                _ => &mut record.first_detection,
            };
            if matches!(class, EventClass::PauseStart | EventClass::Detection) {
                *first = (*first).min(record.turns.len());
            }
            life.take(&mut setting, (at, class, owner));
            if let (EventClass::PauseStart, [_, ..]) = (class, setting.observer.charged.as_slice()) {
                let days = asked(setting.pause_plan().0);
                let (book, rules) = (&life.shared.book, &rules.policy.pauses);
                let paid = std::mem::take(&mut setting.observer.charged);
                let paid = paid.into_iter().map(|(year, days)| (year, days, book.left(rules, year) == 0)).collect();
                let newest = book.current().map_or([0; 2], |pause| [pause.from(), pause.to()].map(SimTime::seconds));
                record.pauses.push(Granted {
                    at: at.seconds(),
                    days,
                    paid,
                    used: book.used_by_year().to_vec(),
                    newest,
                });
            }
            if life.servers[0].press.since() == at {
                record.take_down(life, at, &mut setting);
            }
            if record.is_too_long() {
                break;
            }
        }
        record.stays = watch.stays;
        record
    }
}

/// Days of a pause that a behaviour asks for before anything is decided.
fn asked(plan: &PausePlan) -> u32 {
    match *plan {
        PausePlan::OneLong { days } | PausePlan::SeveralShort { days, .. } | PausePlan::WhenBlocked { days } => days,
        PausePlan::Never | PausePlan::UntilDone | PausePlan::Fixed(_) => 0,
    }
}

/// Watches a life in which nobody decides.
#[derive(Debug, Default)]
struct Watch {
    /// Class, beginning and end.
    stays: Vec<(Class, i64, i64)>,
    /// Years to which the newest pause was charged, and days.
    charged: Vec<(i16, u32)>,
}

impl Observer for Watch {
    const DECIDES: bool = false;

    fn stayed(&mut self, stay: Stay) {
        let Stretch { from, to } = stay.stretch;
        self.stays.push((stay.class, from.seconds(), to.seconds()));
    }

    fn remediated(&mut self, _: usize, _: Route, _: Option<Cycle>, _: SimTime) {}

    fn at_horizon(&mut self, _: usize, _: Class, _: Option<Cycle>, _: SimTime) {}

    fn paused(&mut self, year: i16, days: u32) {
        self.charged.push((year, days));
    }

    fn out_of_budget(&mut self, _: &Rules<'_>, _: SimTime, _: SimTime) {}
}

/// A mark with its times in seconds.
#[derive(Clone, Copy, Debug)]
struct Standing {
    mark: Mark,
    times: [i64; TIMES],
    at: i64,
    turn: Turn,
}

/// A pause that was asked for and granted.
#[derive(Clone, Debug)]
struct Granted {
    /// When it was asked for, in seconds.
    at: i64,
    /// Days asked for.
    days: u32,
    /// Years that paid, days, and whether the year has none left.
    paid: Vec<(i16, u32, bool)>,
    /// Days used by year, and the newest pause.
    used: Vec<(i16, u32)>,
    newest: [i64; 2],
}

impl Granted {
    /// What it cost and what is booked after it, if that is the same for all first detections from that of one record to that of
    /// another: of what a year pays, more never becomes less within them.
    fn booked(&self, last: &Granted, fit: impl Fn(i64, i64) -> Option<Moving>) -> Option<Booked> {
        let same = (&self.paid, &self.used) == (&last.paid, &last.used) && fit(self.at, last.at)?.keeps_its_days();
        let newest = [fit(self.newest[0], last.newest[0])?, fit(self.newest[1], last.newest[1])?];
        same.then(|| Booked { paid: self.paid.clone(), used: self.used.clone(), newest })
    }

    /// Whether both have in common what must be the same for all first detections of a course: the days asked for, the years that pay,
    /// and whether and in which the budget runs short.
    fn has_terms_of(&self, other: &Granted) -> bool {
        let short = |granted: &Granted| granted.paid.iter().map(|year| year.1).sum::<u32>() < granted.days;
        let years = self.paid.iter().map(|year| year.0).eq(other.paid.iter().map(|year| year.0));
        (self.days, short(self)) == (other.days, short(other)) && years
    }
}

/// What happened to a server of one first detection.
#[derive(Debug, Default)]
struct Record {
    turns: Vec<Standing>,
    stays: Vec<(Class, i64, i64)>,
    pauses: Vec<Granted>,
    first_pause: usize,
    first_detection: usize,
}

const STILL: Moving = Moving { base: 0, slope: 0 };

impl Record {
    fn is_too_long(&self) -> bool {
        self.turns.len() > TURNS_MAX
    }

    fn take_down(&mut self, life: &Life, at: SimTime, setting: &mut Setting<'_, '_, Watch>) {
        let (server, of_server) = life.servers[0].take_down(setting);
        let (pausing, [ends, asks, not_before]) = life.pausing.take_down();
        let [a, b, c, d, e, f] = of_server;
        let (stays, pauses) = (setting.observer.stays.len(), self.pauses.len());
        let mark =
            Mark { server, pausing, paused: life.shared.paused, times: [STILL; TIMES], stays, losing: 0, pauses };
        let turn = Turn { at: STILL, base: 0.0, slope: 0.0, open: server.open, class: server.class };
        self.turns.push(Standing { mark, times: [a, b, c, d, e, f, ends, asks, not_before], at: at.seconds(), turn });
    }

    /// The course that leads through this record at the first detection and through another at the last, if there is one.
    fn course(&self, detections: (i64, i64), last: &Record, product: ProductId) -> Option<Course> {
        let fit = |a: i64, b: i64| moving(detections, (a, b));
        if self.is_too_long() || last.is_too_long() {
            return None;
        }
        let counts = |record: &Record| {
            let Record { turns, stays, pauses, first_pause, first_detection } = record;
            (turns.len(), stays.len(), pauses.len(), *first_pause, *first_detection)
        };
        let mut pauses = self.pauses.iter().zip(&last.pauses);
        if counts(self) != counts(last) || !pauses.all(|(a, b)| a.has_terms_of(b)) {
            return None;
        }
        let mut course = Course {
            number: 0,
            product,
            detections,
            turns: Vec::with_capacity(self.turns.len()),
            marks: Vec::with_capacity(self.turns.len()),
            first_day: detections.0.div_euclid(DAY_SECONDS),
            stays: Vec::with_capacity(self.stays.len()),
            losing: Vec::new(),
            pauses: Vec::new(),
            knows_pauses: false,
            first_pause: self.first_pause,
            first_detection: self.first_detection,
            opens: Route::ALL.map(|route| self.turns.iter().any(|standing| standing.turn.open.of(route) > 0.0)),
        };
        for (a, b) in self.turns.iter().zip(&last.turns) {
            if (a.mark, a.turn) != (b.mark, b.turn) {
                return None;
            }
            let mut mark = a.mark;
            for (time, (a, b)) in mark.times.iter_mut().zip(a.times.into_iter().zip(b.times)) {
                *time = fit(a, b)?;
            }
            let at = fit(a.at, b.at)?;
            course.turns.push(Turn { at, base: at.base as f64, slope: at.slope as f64, ..a.turn });
            course.marks.push(mark);
        }
        for (a, b) in self.stays.iter().zip(&last.stays) {
            let same = a.0 == b.0;
            let (class, from, to) = (same.then_some(a.0)?, fit(a.1, b.1)?, fit(a.2, b.2)?);
            if !(from.keeps_its_days() && to.keeps_its_days()) {
                return None;
            }
            course.stays.push((class, from, to));
        }
        for (a, b) in self.pauses.iter().zip(&last.pauses) {
            course.pauses.push(Paused { asked: fit(a.at, b.at)?, days: a.days, booked: a.booked(b, fit) });
        }
        course.knows_pauses = course.pauses.iter().all(|pause| pause.booked.is_some());
        Some(course)
    }
}

impl Course {
    /// Notes the stays in which mail of some kind is lost.
    fn note_losses(&mut self, rules: &Rules<'_>) {
        self.losing = (0..self.stays.len()).filter(|&stay| rules.loses_in(self.stays[stay].0)).collect();
        for mark in &mut self.marks {
            mark.losing = self.losing.partition_point(|&stay| stay < mark.stays);
        }
    }
}

/// A number that has one value at the first detection and another at the last, if it stands still or moves with them.
fn moving((first, last): (i64, i64), (a, b): (i64, i64)) -> Option<Moving> {
    let slope = (b - a).signum();
    (a + slope * (last - first) == b).then_some(Moving { base: a - slope * first, slope })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_still_or_moves_is_told_from_what_jumps_at_midnights() {
        for days in 1..=DAYS_MAX {
            let (first, last) = (7 * DAY_SECONDS, (7 + days) * DAY_SECONDS - 1);
            let of = |value: &dyn Fn(i64) -> i64| moving((first, last), (value(first), value(last)));
            for (slope, base) in [(0, 5), (1, -3), (-1, 11)] {
                assert_eq!(of(&|at| base + slope * at), Some(Moving { base, slope }), "{days} days");
            }
            // The second of a day, and its midnight: within one day the first moves and the second stands still.
            let [second, midnight] = [of(&|at| at % DAY_SECONDS), of(&|at| at - at % DAY_SECONDS)];
            assert_eq!(second.is_some(), days == 1, "{days} days");
            assert_eq!(midnight.is_some(), days == 1, "{days} days");
            assert_eq!(of(&|at| at + 2 * (at - at % DAY_SECONDS)).is_some(), days == 1, "{days} days");
        }
    }
}
