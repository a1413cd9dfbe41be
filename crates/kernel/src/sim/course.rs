//! What happens to a server until its owner decides, worked out once for all tenants alike.
//!
//! Until a decision falls, a server lives as all do that start with its build and whose only server it is, or whose tenants never pause:
//! what they drew decides only when the server is first detected, and whether a decision falls between two turns of its hazards. So
//! the event loop lives this once with nobody deciding ([`record`]), for a whole stretch of first detections. Servers run along it
//! side by side ([`journey`]): each uses up its thresholds from turn to turn, and where its decision may fall it is taken up as it stands
//! there and goes on in the event loop. No rule is written here.
//!
//! Servers of one tenant are then taken up at different moments. As long as the tenant never pauses they heed each other only where they
//! decide and are worked on, which the event loop lives in order; what falls on one second is put in order by `sim::order`.
//!
//! Of every time a course knows whether it stands still or moves with the first detection. That is known for a whole stretch if it
//! holds at its first and at its last detection: as the times of all events are linear between them, two events that run in one
//! order at both ends run in it everywhere between. Which stretches there are is found from their ends, too ([`fit`], [`stretch`]), and
//! days that differ by the day alone share what was lived for the first and the last of them ([`daily`]).

mod daily;
mod fit;
mod flow;
mod ground;
pub(super) mod journey;
mod record;
mod stretch;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use flow::Counted;
pub(super) use flow::Flows;
use ground::Departure;
pub(super) use ground::Ground;
use journey::Stands;
pub(super) use journey::{Journeys, Travels};

use super::life::{Life, Setting};
use super::losses::Losses;
use super::observe::{Observer, Stay};
use super::pausing::{PAUSE_TIMES, PauseStanding, Pausing};
use super::prospect::Subject;
use super::rules::Rules;
use super::server::mark::{SERVER_TIMES, Standing};
use super::server::press::OpenBits;
use crate::catalog::ProductId;
use crate::mail::Calendar;
use crate::policy::Breach;
use crate::tally::{Class, Stretch};
use crate::time::{DAY_SECONDS, SimTime};
use crate::world::Route;

/// Tenants of a group from which on their courses are worked out; fewer are lived sooner.
const MANY: u32 = 8;
/// Days over which first detections may be spread, at most, and turns of a course, at most: what is longer is lived.
const DAYS_MAX: i64 = 64;
const TURNS_MAX: usize = 48;

/// A number of seconds that stands still, or moves with the first detection: `base + slope x detection`, the slope -1, 0 or 1, the
/// detection in seconds since the calendar's first midnight. Stays are counted from there, too; all others are instants or lengths.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moving {
    base: i64,
    slope: i64,
}

impl Moving {
    #[inline(always)]
    fn at(&self, detected: i64) -> i64 {
        self.base + self.slope * detected
    }

    /// Whether times of servers that are detected on one day lie within one day, too.
    fn keeps_its_days(&self) -> bool {
        self.slope == 0 || (self.slope == 1 && self.base.rem_euclid(DAY_SECONDS) == 0)
    }
}

/// The number of times in a mark.
const TIMES: usize = SERVER_TIMES + PAUSE_TIMES;

/// Other hazards press from here on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Turn {
    at: Moving,
    open: OpenBits,
    class: Class,
}

/// How server and tenant stand after a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark {
    server: Standing,
    pausing: PauseStanding,
    paused: bool,
    times: [Moving; TIMES],
    /// Stays that are over, those of them in which mail may be lost, and pauses that were granted.
    stays: usize,
    losing: usize,
    pauses: usize,
}

/// A pause that was granted.
#[derive(Clone, Debug, PartialEq)]
struct Paused {
    /// When it was asked for, in seconds, and for how many days.
    asked: Moving,
    days: u32,
    /// What it cost and what is booked after it, if that is the same for all first detections and each day of them asks on one day.
    booked: Option<Booked>,
}

/// What a pause cost and what is booked after it.
#[derive(Clone, Debug, PartialEq)]
struct Booked {
    /// Years that paid for the pause, each with its days and whether it has none left.
    paid: Vec<(i16, u32, bool)>,
    /// Days used by year.
    used: Vec<(i16, u32)>,
    /// The beginning and the end of the newest pause, extensions included.
    newest: [Moving; 2],
}

/// What happens to servers first detected within a stretch of time, as long as nobody decides.
#[derive(Clone, Debug, PartialEq)]
struct Course {
    /// Its number among all courses of the book, in the order in which they were worked out.
    number: usize,
    /// Of the servers on it, which says what presses on them.
    product: ProductId,
    /// The first and last of these detections.
    detections: (i64, i64),
    /// The day of the first of them, counted from the calendar's first.
    first_day: i64,
    turns: Vec<Turn>,
    marks: Vec<Mark>,
    /// Class, beginning and end, in seconds since the calendar's first midnight.
    stays: Vec<(Class, Moving, Moving)>,
    /// The indices of those in whose class mail of some kind is lost.
    losing: Vec<usize>,
    pauses: Vec<Paused>,
    /// Whether of all pauses it is known what they cost, so that they are told together.
    knows_pauses: bool,
    /// The first turn after the tenant asks for a pause, and after the first detection.
    first_pause: usize,
    first_detection: usize,
    /// Whether a route is ever open.
    opens: [bool; Route::ALL.len()],
}

/// The courses of servers that start with one build and whose tenants pause in one way, by first detection.
#[derive(Clone, Debug, Default)]
struct Courses {
    /// The baseline that the build breaches first.
    breach: Option<Breach>,
    courses: Vec<Course>,
}

/// The courses of all builds and ways of pausing under one scenario, each worked out when it is first asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct CourseBook {
    /// By group: the indices of its courses, behaviour by behaviour, for each build that servers start with; none where it has few tenants.
    groups: Vec<Vec<usize>>,
    courses: Vec<OnceLock<Courses>>,
    /// Courses worked out so far.
    known: Arc<AtomicUsize>,
}

/// For whom courses are worked out.
#[derive(Clone, Copy)]
struct Traveller {
    group: usize,
    subject: Subject,
    behaviour: usize,
}

impl CourseBook {
    /// Courses looked through for some that serve another build or behaviour as well, at most: the newest.
    const COMPARED: usize = 64;

    /// Nothing worked out yet.
    pub(super) fn new(rules: &Rules<'_>) -> Self {
        let mut travellers: Vec<Traveller> = Vec::new();
        let mut groups = Vec::new();
        for (index, (group, group_rules)) in rules.world.groups.iter().zip(&rules.groups).enumerate() {
            let mut indices = Vec::new();
            let behaviours = if group.count >= MANY { group.behaviours.len() } else { 0 };
            for behaviour in 0..behaviours {
                for subject in group_rules.prospects.starts() {
                    let traveller = Traveller { group: index, subject, behaviour };
                    let newest = travellers.iter().enumerate().rev().take(Self::COMPARED);
                    let known =
                        newest.filter(|(_, known)| known.goes_as(&traveller, rules)).map(|(index, _)| index).next();
                    indices.push(known.unwrap_or(travellers.len()));
                    if known.is_none() {
                        travellers.push(traveller);
                    }
                }
            }
            groups.push(indices);
        }
        CourseBook { groups, courses: travellers.iter().map(|_| OnceLock::new()).collect(), known: Arc::default() }
    }

    /// The courses at a place.
    #[inline]
    fn at(&self, place: usize, rules: &Rules<'_>, traveller: Traveller) -> &Courses {
        self.courses[place].get_or_init(|| {
            let mut courses = record::courses(rules, traveller);
            let first = self.known.fetch_add(courses.courses.len(), Ordering::Relaxed);
            courses.courses.iter_mut().zip(first..).for_each(|(course, number)| course.number = number);
            courses
        })
    }
}

impl Traveller {
    /// Whether what happens to both is the same as long as nobody decides: how much presses has no part in that, but on servers of one
    /// product and group it is the same, too.
    fn goes_as(&self, other: &Traveller, rules: &Rules<'_>) -> bool {
        let behaviour = |of: &Traveller| &rules.world.groups[of.group].behaviours[of.behaviour];
        let ahead = |of: &Traveller| rules.groups[of.group].prospects.ahead(of.subject);
        let (ours, theirs) = (behaviour(self), behaviour(other));
        self.subject.product == other.subject.product
            && (&ours.plan, ours.renew) == (&theirs.plan, theirs.renew)
            && ahead(self) == ahead(other)
    }
}

impl Courses {
    /// The course of a server first detected so.
    #[inline]
    fn at(&self, detected: i64) -> Option<&Course> {
        let course = self.courses.iter().find(|course| course.detections.1 >= detected);
        course.filter(|course| course.detections.0 <= detected)
    }
}

/// What a life that begins on its courses runs along, and where it is counted.
pub(super) struct Way<'w, 'c> {
    pub(super) flows: &'w mut Flows<'c>,
    /// How far its servers go.
    pub(super) travels: Travels<'w, 'c>,
}

impl Life {
    /// Begins a life where the courses of its servers lead to, if they have some. Tells whether it did.
    pub(super) fn begin_on_course<'c, O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        flows: &mut Flows<'c>,
        Travels { departures, stands }: Travels<'_, 'c>,
        scenarios: usize,
    ) -> bool {
        if O::WATCHES_EVENTS || O::WATCHES_CLOCKS || departures.is_empty() {
            return false;
        }
        self.make_room(setting, scenarios);
        for (server, departure) in departures.iter().enumerate() {
            let turn = departure.turn(stands);
            let volume = setting.tenant.servers[server].volume;
            let (losses, calendar) = (setting.losses, &setting.rules.calendar);
            let lost = (scenarios == 1).then_some(|detected| departure.course.lost(turn, detected, losses, calendar));
            let counted = flows.add(departure, turn, volume, lost);
            if !counted.together {
                departure.tell_stays(setting, server, turn);
            }
            self.take_up(setting, (server, counted), departure, (turn, stands));
        }
        true
    }

    /// Takes a server up after a turn of its course, but for its stays.
    ///
    /// - `counted`: how it was counted among those that left their course there.
    #[inline(never)]
    fn take_up<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        (server, counted): (usize, Counted),
        departure: &Departure<'_>,
        (turn, stands): (usize, &[Stands]),
    ) {
        let &Departure { course, detected, start, .. } = departure;
        let mark = &course.marks[turn];
        let calendar = &setting.rules.calendar;
        let [of_server @ .., ends, asks, not_before] = mark.times.map(|time| time.at(detected));
        self.pausing = Pausing::take_up(mark.pausing, [ends, asks, not_before]);
        self.book(setting, &course.pauses[..mark.pauses], (detected, counted.together && course.knows_pauses));
        match counted.lost {
            Some(lost) => self.shared.lost.lose_under_one(server, lost),
            None => {
                for (class, stretch) in course.losing(mark, detected, calendar) {
                    self.shared.lost.lose(server, stretch.level_seconds(), setting.losses.in_class(class.index()));
                }
            }
        }
        let life = &mut self.servers[server];
        let (press, decides) = departure.clocks(stands);
        life.take_up(setting, &mark.server, (start, of_server), (&press, decides));
        self.shared.stand(mark.paused, life);
    }

    /// Books the pauses that were granted on a course, and tells what they cost where that is not told together.
    #[inline]
    fn book<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        pauses: &[Paused],
        (detected, together): (i64, bool),
    ) {
        match pauses.last() {
            None => {}
            Some(Paused { booked: Some(Booked { used, newest, .. }), .. }) if together => {
                self.shared.book.stand(used, newest.map(|at| SimTime::from_seconds(at.at(detected))));
            }
            Some(_) => {
                for Paused { asked, days, .. } in pauses {
                    setting.book_days(&mut self.shared.book, SimTime::from_seconds(asked.at(detected)), *days);
                }
            }
        }
    }
}

impl Course {
    /// The stays that are over at a mark and in which mail may be lost, of a server first detected so.
    #[inline(always)]
    fn losing(&self, mark: &Mark, detected: i64, calendar: &Calendar) -> impl Iterator<Item = (Class, Stretch)> {
        self.losing[..mark.losing].iter().map(move |&stay| {
            let (class, from, to) = self.stays[stay];
            let [from, to] = [from, to].map(|at| calendar.moment_after(at.at(detected)));
            (class, Stretch { from, to })
        })
    }

    /// Parts times level-seconds that a server first detected so loses up to a turn, under the first scenario.
    #[cold]
    fn lost(&self, turn: usize, detected: i64, losses: &Losses, calendar: &Calendar) -> i128 {
        let each = self.losing(&self.marks[turn], detected, calendar).map(|(class, stretch)| {
            let parts = losses.in_class(class.index()).first().copied().unwrap_or(0);
            i128::from(parts) * i128::from(stretch.level_seconds())
        });
        each.sum()
    }

    /// Days on which servers are first detected.
    fn days(&self) -> usize {
        (self.detections.1.div_euclid(DAY_SECONDS) - self.first_day + 1) as usize
    }
}

impl Departure<'_> {
    /// Tells the stays that are over after a turn.
    #[cold]
    fn tell_stays<O: Observer>(&self, setting: &mut Setting<'_, '_, O>, server: usize, turn: usize) {
        let volume = setting.tenant.servers[server].volume;
        for &(class, from, to) in &self.course.stays[..self.course.marks[turn].stays] {
            let [from, to] = [from, to].map(|at| setting.rules.calendar.moment_after(at.at(self.detected)));
            setting.observer.stayed(Stay { server: server as u32, volume, class, stretch: Stretch { from, to } });
        }
    }
}
