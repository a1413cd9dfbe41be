//! What happens to a server until its owner decides, worked out once for all tenants alike.
//!
//! Until a decision falls, a tenant of one server lives as all do that start with its build and pause in its way: what they drew decides
//! only when the server is first detected, and whether a decision falls between two turns of its hazards. So the event loop lives
//! this once with nobody deciding ([`record`]), for a whole stretch of first detections, and a life runs along it: it uses up
//! its thresholds from turn to turn, and where a decision may fall it is taken up as it stands there and goes on in the event
//! loop. No rule is written here.
//!
//! Of every time a course knows whether it stands still or moves with the first detection. That is known for a whole stretch if it
//! holds at its first and at its last detection: as the times of all events are linear between them, two events that run in one
//! order at both ends run in it everywhere between.

mod flow;
mod record;

use std::sync::OnceLock;

pub(super) use flow::Flows;

use super::life::{Life, Setting};
use super::observe::{Observer, Stay};
use super::parting::PartingPoint;
use super::pausing::{PAUSE_TIMES, PauseStanding, Pausing};
use super::prospect::{RowIndex, Subject};
use super::rules::Rules;
use super::server::detection;
use super::server::mark::{SERVER_TIMES, Standing};
use super::server::press::{Open, Press};
use crate::draws::Purpose;
use crate::policy::Breach;
use crate::tally::{Class, Stretch};
use crate::time::{DAY_SECONDS, SimTime};
use crate::world::PausePlan;

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
    open: Open,
    class: Class,
    /// Whether routes may have opened.
    reopens: bool,
}

/// How server and tenant stand after a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark {
    server: Standing,
    pausing: PauseStanding,
    paused: bool,
    times: [Moving; TIMES],
    /// Stays that are over, and pauses that were granted.
    stays: usize,
    pauses: usize,
}

/// What happens to servers first detected within a stretch of time, as long as nobody decides.
#[derive(Clone, Debug)]
struct Course {
    /// The first and last of these detections.
    detections: (i64, i64),
    turns: Vec<Turn>,
    marks: Vec<Mark>,
    /// Class, beginning and end, in seconds since the calendar's first midnight.
    stays: Vec<(Class, Moving, Moving)>,
    /// When a pause was asked for, in seconds, and how many days.
    pauses: Vec<(Moving, u32)>,
    /// The first turn after the tenant asks for a pause, and after the first detection.
    first_pause: usize,
    first_detection: usize,
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
        CourseBook { groups, courses: travellers.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The group and the courses of a number, if they were worked out.
    fn numbered(&self, number: usize) -> Option<(usize, &[Course])> {
        let courses = self.courses[number % self.courses.len()].get()?;
        Some((number / self.courses.len(), &courses.courses))
    }

    /// The courses of a tenant of one server with their number, and the index of the row in which that starts.
    #[inline]
    fn of<O>(&self, setting: &Setting<'_, '_, O>) -> Option<(&Courses, usize, RowIndex)> {
        let Setting { rules, tenant, group_rules, .. } = setting;
        let [server] = tenant.servers.as_slice() else { return None };
        let indices = &self.groups[tenant.group];
        if indices.is_empty() || server.planned.is_some() || matches!(setting.pause_plan().0, PausePlan::Fixed(_)) {
            return None;
        }
        let subject = Subject { product: server.product, build: server.build, esu: tenant.esu };
        let (start, starts) = (group_rules.prospects.start_number(subject), group_rules.prospects.starts().len());
        let traveller = Traveller { group: tenant.group, subject, behaviour: tenant.behaviour };
        let index = indices[tenant.behaviour * starts + start];
        let courses = self.courses[index].get_or_init(|| record::courses(rules, traveller));
        Some((courses, tenant.group * self.courses.len() + index, group_rules.prospects.start_row(start)))
    }
}

impl Traveller {
    /// Whether what happens to both is the same as long as nobody decides: hazards have no part in that.
    fn goes_as(&self, other: &Traveller, rules: &Rules<'_>) -> bool {
        let behaviour = |of: &Traveller| &rules.world.groups[of.group].behaviours[of.behaviour];
        let ahead = |of: &Traveller| rules.groups[of.group].prospects.ahead(of.subject);
        let (ours, theirs) = (behaviour(self), behaviour(other));
        (&ours.plan, ours.renew) == (&theirs.plan, theirs.renew) && ahead(self) == ahead(other)
    }
}

impl Courses {
    /// The course of a server first detected so, and its index.
    #[inline]
    fn at(&self, detected: i64) -> Option<(usize, &Course)> {
        let mut courses = self.courses.iter().enumerate();
        courses
            .find(|(_, course)| course.detections.1 >= detected)
            .filter(|(_, course)| course.detections.0 <= detected)
    }
}

/// What a life that begins on its course runs along, and where it is counted.
pub(super) struct Way<'c> {
    pub(super) book: &'c CourseBook,
    pub(super) flows: &'c mut Flows,
}

impl Life {
    /// Begins a life where its course leads to, if there is one: up to where a decision may fall, but not beyond where it is to stop.
    /// Tells whether it did.
    pub(super) fn begin_on_course<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        way: &mut Way<'_>,
        scenarios: usize,
        stop: &PartingPoint,
    ) -> bool {
        if O::WATCHES_EVENTS || O::WATCHES_CLOCKS {
            return false;
        }
        let Some((courses, number, start)) = way.book.of(setting) else { return false };
        let calendar = &setting.rules.calendar;
        let detected = courses.breach.map_or(0, |breach| {
            let entry = &setting.policy.baselines.entries()[breach.entry];
            let at = match setting.tenant.servers[0].first_detected {
                Some(known) => known.max(entry.effective),
                None => detection(entry, setting.draws.unit(0, Purpose::Detection, breach.ordinal)),
            };
            calendar.seconds_until(at)
        });
        let Some((index, course)) = courses.at(detected) else { return false };
        let (reached, press) = course.run(setting, detected, stop);
        let volume = setting.tenant.servers[0].volume;
        if !way.flows.add((number, index), course, detected, reached, volume) {
            course.tell_stays(setting, detected, reached);
        }
        self.take_up(setting, scenarios, (course, reached), (detected, start), press);
        true
    }

    /// Takes a life up after a turn of its course, but for its stays.
    fn take_up<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        scenarios: usize,
        (course, reached): (&Course, usize),
        (detected, start): (i64, RowIndex),
        press: Press,
    ) {
        let mark = &course.marks[reached];
        self.make_room(setting, scenarios);
        let calendar = &setting.rules.calendar;
        let [of_server @ .., ends, asks, not_before] = mark.times.map(|time| time.at(detected));
        self.pausing = Pausing::take_up(mark.pausing, [ends, asks, not_before]);
        for &(asked, days) in &course.pauses[..mark.pauses] {
            setting.book_days(&mut self.shared.book, SimTime::from_seconds(asked.at(detected)), days);
        }
        for &(class, from, to) in &course.stays[..mark.stays] {
            let parts = setting.losses.in_class(class.index());
            if !parts.is_empty() {
                let [from, to] = [from, to].map(|at| calendar.moment_after(at.at(detected)));
                self.shared.lost.lose(0, Stretch { from, to }.level_seconds(), parts);
            }
        }
        let server = &mut self.servers[0];
        server.take_up(setting, &mark.server, (start, of_server), press);
        self.shared.stand(mark.paused, server);
        server.go_on(&mut self.shared, setting.policy);
    }
}

impl Course {
    /// The day of the first detection, counted from the calendar's first.
    fn first_day(&self) -> i64 {
        self.detections.0.div_euclid(DAY_SECONDS)
    }

    /// Days on which servers are first detected.
    fn days(&self) -> usize {
        (self.detections.1.div_euclid(DAY_SECONDS) - self.first_day() + 1) as usize
    }

    /// Tells the stays that are over after a turn.
    #[cold]
    fn tell_stays<O: Observer>(&self, setting: &mut Setting<'_, '_, O>, detected: i64, reached: usize) {
        let volume = setting.tenant.servers[0].volume;
        for &(class, from, to) in &self.stays[..self.marks[reached].stays] {
            let [from, to] = [from, to].map(|at| setting.rules.calendar.moment_after(at.at(detected)));
            setting.observer.stayed(Stay { server: 0, volume, class, stretch: Stretch { from, to } });
        }
    }

    /// Lets the hazards of turn after turn press, as long as no decision can fall, up to where the life is to stop. Returns the last turn
    /// and the clocks after it.
    #[inline]
    fn run<O: Observer>(&self, setting: &mut Setting<'_, '_, O>, detected: i64, stop: &PartingPoint) -> (usize, Press) {
        let mut end = self.turns.len();
        if stop.pause {
            end = end.min(self.first_pause);
        }
        if stop.detection {
            end = end.min(self.first_detection);
        }
        let rules = setting.rules;
        let hazards = rules.hazards_by_class(setting.group_rules, setting.tenant.servers[0].product);
        let diligence = setting.tenant.diligence;
        let mut press = Press::begin(rules.start);
        let mut reached = 0;
        for (index, turn) in self.turns[..end].iter().enumerate() {
            let at = SimTime::from_seconds(turn.at.at(detected));
            // Nothing presses before the first turn, which no scenario parts before.
            if at >= stop.from || !press.pass_to(at) {
                break;
            }
            reached = index;
            if turn.reopens {
                press.reopen();
            }
            press.turn(at, &turn.open, &hazards[turn.class.index()], diligence);
            if press.lacks_threshold() {
                press = super::server::with_thresholds(press, setting.draws, &turn.open);
            }
        }
        (reached, press)
    }
}
