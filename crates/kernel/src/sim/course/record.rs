//! Courses as the event loop lives them, with nobody deciding.

use super::super::life::{Life, Setting};
use super::super::observe::{Cycle, Observer, Stay};
use super::super::pausing::PauseStanding;
use super::super::prospect::Subject;
use super::super::rules::Rules;
use super::super::server::mark;
use super::super::slots::EventClass;
use super::{Course, Courses, DAYS_MAX, TIMES, TURNS_MAX, Traveller, stretch};
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
    let mut recorder = Recorder { rules, tenant, draws, life: Life::default(), watch: Watch::default() };
    let detections = breach.map_or((0, DAY_SECONDS - 1), |breach| first_detections(rules, breach));
    if detections.1 - detections.0 >= DAYS_MAX * DAY_SECONDS {
        return Courses::default();
    }
    let mut courses = stretch::courses(detections, product, |detected, record| recorder.record(detected, record));
    courses.iter_mut().for_each(|course| course.note_losses(rules));
    Courses { breach, courses }
}

/// The first and the last first detection under a baseline for which there are courses, that one at the end of its day.
fn first_detections(rules: &Rules<'_>, breach: Breach) -> (i64, i64) {
    let entry = &rules.policy.baselines.entries()[breach.entry];
    let (effective, spread) = (rules.calendar.seconds_until(entry.effective), entry.spread.seconds());
    if spread == 0 {
        return (effective, effective);
    }
    // Who is detected at the very second at which the baseline takes effect was never unaware of it, unlike all others.
    let last_day = (effective + spread - 1).div_euclid(DAY_SECONDS);
    (effective + 1, (last_day + 1) * DAY_SECONDS - 1)
}

/// The baseline that a server breaches first if nobody acts.
fn first_breach(rules: &Rules<'_>, group: usize, subject: Subject) -> Option<Breach> {
    let ahead = rules.groups[group].prospects.ahead(subject);
    ahead.iter().find(|row| row.breach.is_some() || row.until >= rules.horizon).and_then(|row| row.breach)
}

/// Lives the same tenant with its server first detected at one time or another.
struct Recorder<'r, 'a> {
    rules: &'r Rules<'a>,
    tenant: Tenant,
    draws: TenantDraws,
    /// Memory that is used again.
    life: Life,
    watch: Watch,
}

impl Recorder<'_, '_> {
    /// What happens to a server first detected at a second after the calendar's first midnight, in the memory of another record.
    fn record(&mut self, detected: i64, record: &mut Record) {
        let Recorder { rules, tenant, draws, life, watch } = self;
        let midnight = rules.calendar.first().start();
        tenant.servers[0].first_detected = Some(midnight + SimDuration::from_seconds(detected));
        record.clear(detected);
        watch.stays.clear();
        watch.charged.clear();
        let mut setting = Setting::new(rules, tenant, draws, watch);
        life.start(&mut setting, 1);
        record.take_down(life, rules.start, &setting);
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
                record.pauses.push(Granted::newest(at, life, &setting));
                setting.observer.charged.clear();
            }
            if life.servers[0].press.since() == at {
                record.take_down(life, at, &setting);
            }
            if record.is_too_long() {
                break;
            }
        }
        record.stays.extend_from_slice(&watch.stays);
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

/// How server and tenant stood after a turn, with its times in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    pub(super) at: i64,
    pub(super) times: [i64; TIMES],
    pub(super) server: mark::Standing,
    pub(super) pausing: PauseStanding,
    pub(super) paused: bool,
    /// Stays that were over, and pauses that were granted.
    pub(super) stays: usize,
    pub(super) pauses: usize,
}

impl Stand {
    /// Whether both are the same but for their times.
    pub(super) fn is_like(&self, other: &Stand) -> bool {
        let counts = |stand: &Stand| (stand.stays, stand.pauses, stand.paused);
        counts(self) == counts(other) && self.pausing == other.pausing && self.server == other.server
    }
}

/// A pause that was asked for and granted.
#[derive(Clone, Debug)]
pub(super) struct Granted {
    /// When it was asked for, in seconds.
    pub(super) at: i64,
    /// Days asked for.
    pub(super) days: u32,
    /// Years that paid, days, and whether the year has none left.
    pub(super) paid: Vec<(i16, u32, bool)>,
    /// Days used by year, and the newest pause.
    pub(super) used: Vec<(i16, u32)>,
    pub(super) newest: [i64; 2],
}

impl Granted {
    /// The newest pause of a tenant, asked for now.
    fn newest(at: SimTime, life: &Life, setting: &Setting<'_, '_, Watch>) -> Granted {
        let (book, rules) = (&life.shared.book, setting.policy.pauses);
        let paid = setting.observer.charged.iter();
        Granted {
            at: at.seconds(),
            days: asked(setting.pause_plan().0),
            paid: paid.map(|&(year, days)| (year, days, book.left(&rules, year) == 0)).collect(),
            used: book.used_by_year().to_vec(),
            newest: book.current().map_or([0; 2], |pause| [pause.from(), pause.to()].map(SimTime::seconds)),
        }
    }

    /// Whether both have in common what must be the same for all first detections of a course: the days asked for, the years that pay,
    /// and whether and in which the budget runs short.
    pub(super) fn has_terms_of(&self, other: &Granted) -> bool {
        let short = |granted: &Granted| granted.paid.iter().map(|year| year.1).sum::<u32>() < granted.days;
        let years = self.paid.iter().map(|year| year.0).eq(other.paid.iter().map(|year| year.0));
        (self.days, short(self)) == (other.days, short(other)) && years
    }
}

/// What happened to a server of one first detection.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// In seconds since the calendar's first midnight.
    pub(super) detected: i64,
    pub(super) turns: Vec<Stand>,
    /// Class, beginning and end.
    pub(super) stays: Vec<(Class, i64, i64)>,
    pub(super) pauses: Vec<Granted>,
    pub(super) first_pause: usize,
    pub(super) first_detection: usize,
}

impl Record {
    /// Forgets everything but keeps its memory.
    pub(super) fn clear(&mut self, detected: i64) {
        self.turns.clear();
        self.stays.clear();
        self.pauses.clear();
        (self.detected, self.first_pause, self.first_detection) = (detected, usize::MAX, usize::MAX);
    }

    /// The day of its first detection, counted from the calendar's first.
    pub(super) fn day(&self) -> i64 {
        self.detected.div_euclid(DAY_SECONDS)
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.turns.len() > TURNS_MAX
    }

    fn take_down(&mut self, life: &Life, at: SimTime, setting: &Setting<'_, '_, Watch>) {
        let (server, [a, b, c, d, e, f]) = life.servers[0].take_down(setting);
        let (pausing, [ends, asks, not_before]) = life.pausing.take_down();
        self.turns.push(Stand {
            at: at.seconds(),
            times: [a, b, c, d, e, f, ends, asks, not_before],
            server,
            pausing,
            paused: life.shared.paused,
            stays: setting.observer.stays.len(),
            pauses: self.pauses.len(),
        });
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
