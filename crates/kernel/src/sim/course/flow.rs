//! How many servers went how far along which course, so that their stays are entered together.
//!
//! Every time of a course stands still or moves with the first detection, and mail is linear in volume and time. So all that a tally needs
//! of the servers that were first detected on one day and left their course after the same turn are four sums.

use super::{Course, CourseBook, Moving};
use crate::mail::{Calendar, MailAmount};
use crate::sim::observe::Sums;
use crate::tally::series::Crowd;
use crate::time::DAY_SECONDS;

/// The servers that went along the courses of a book.
#[derive(Debug, Default)]
pub(in crate::sim) struct Flows {
    /// By the number that the book gives them, then by course.
    by_number: Vec<Vec<Flow>>,
    /// Sums that are kept.
    kept: usize,
}

/// Sums kept at most, some four megabytes.
const KEPT_MAX: usize = 1 << 16;

/// The servers that went along one course: by the day of their first detection and the turn after which they left it.
#[derive(Debug, Default)]
struct Flow {
    servers: Vec<Servers>,
}

/// Some servers.
#[derive(Clone, Copy, Debug, Default)]
struct Servers {
    count: i64,
    /// Sum of their first detections, in seconds since the calendar's first midnight.
    detected: i64,
    /// Sum of their volumes, in milli-messages a day, and of each times its first detection.
    volume: MailAmount,
    volume_detected: MailAmount,
}

impl Flows {
    /// Adds a server of `volume` milli-messages a day, if there is room for it; tells whether there is.
    ///
    /// - `number`, `index`: the number of the courses, and the index of the course among them;
    /// - `detected`: its first detection, in seconds since the calendar's first midnight;
    /// - `reached`: the turn after which it left the course.
    #[inline]
    pub(super) fn add(
        &mut self,
        (number, index): (usize, usize),
        course: &Course,
        detected: i64,
        reached: usize,
        volume: u64,
    ) -> bool {
        let day = (detected.div_euclid(DAY_SECONDS) - course.first_day()) as usize;
        let place = day * course.turns.len() + reached;
        let known = self.by_number.get_mut(number).and_then(|flows| flows.get_mut(index));
        let servers = match known.and_then(|flow| flow.servers.get_mut(place)) {
            Some(servers) => servers,
            None => match self.make_room(number, index, course, place) {
                Some(servers) => servers,
                None => return false,
            },
        };
        servers.count += 1;
        servers.detected += detected;
        servers.volume += MailAmount::from(volume);
        servers.volume_detected += MailAmount::from(volume) * MailAmount::from(detected);
        true
    }

    #[cold]
    fn make_room(&mut self, number: usize, index: usize, course: &Course, place: usize) -> Option<&mut Servers> {
        let wanted = course.days() * course.turns.len();
        if self.kept + wanted > KEPT_MAX {
            return None;
        }
        self.kept += wanted;
        if self.by_number.len() <= number {
            self.by_number.resize_with(number + 1, Vec::new);
        }
        let flows = &mut self.by_number[number];
        if flows.len() <= index {
            flows.resize_with(index + 1, Flow::default);
        }
        let servers = &mut flows[index].servers;
        servers.resize(wanted, Servers::default());
        servers.get_mut(place)
    }

    /// Enters the stays of all servers.
    ///
    /// - `sums`: hands over the sums of a group.
    pub(in crate::sim) fn settle(
        &self,
        book: &CourseBook,
        calendar: &Calendar,
        mut sums: impl FnMut(usize, &dyn Fn(&mut Sums<'_>)),
    ) {
        for (number, flows) in self.by_number.iter().enumerate() {
            let Some((group, courses)) = book.numbered(number) else { continue };
            for (flow, course) in flows.iter().zip(courses) {
                for (day, servers) in flow.servers.chunks(course.turns.len()).enumerate() {
                    if servers.iter().any(|servers| servers.count > 0) {
                        let day = course.first_day() + day as i64;
                        sums(group, &|sums| course.enter(servers, day, calendar, sums));
                    }
                }
            }
        }
    }
}

impl Course {
    /// Enters the stays of servers first detected on one day, by the turn after which they left the course.
    fn enter(&self, servers: &[Servers], day: i64, calendar: &Calendar, sums: &mut Sums<'_>) {
        let mut beyond = Servers::default();
        // From the last turn on: a stay that was over by a turn belongs to all that left the course there or later.
        for (turn, left) in servers.iter().enumerate().rev() {
            beyond.count += left.count;
            beyond.detected += left.detected;
            beyond.volume += left.volume;
            beyond.volume_detected += left.volume_detected;
            let before = turn.checked_sub(1).map_or(0, |before| self.marks[before].stays);
            if beyond.count > 0 {
                for &(class, from, to) in &self.stays[before..self.marks[turn].stays] {
                    let [(from, first), (to, last)] = [from, to].map(|at| beyond.at(at, day, calendar));
                    sums.enter_crowd(class, (from, first), (to, last));
                }
            }
        }
    }
}

impl Servers {
    /// These servers at a time of their course, and its day.
    fn at(&self, at: Moving, day: i64, calendar: &Calendar) -> (usize, Crowd) {
        let Servers { count, detected, volume, volume_detected } = *self;
        // A time that moves does so by whole days against the first detection.
        let day = at.base.div_euclid(DAY_SECONDS) + at.slope * day;
        let seconds = count * at.base + at.slope * detected;
        let volume_seconds = volume * MailAmount::from(at.base) + MailAmount::from(at.slope) * volume_detected;
        let day = day as usize;
        let before = calendar.mail_before(day, volume, volume_seconds);
        (day, Crowd { servers: count, seconds, volume, before })
    }
}
