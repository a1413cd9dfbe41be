//! How many servers went how far along which course, so that their stays are entered together.
//!
//! Every time of a course stands still or moves with the first detection, and mail is linear in volume and time. So all that a tally needs
//! of the servers that were first detected on one day and left their course after the same turn are four sums.

use super::{Course, Departure, Moving, Paused};
use crate::mail::{Calendar, MailAmount};
use crate::sim::observe::Sums;
use crate::tally::series::Crowd;
use crate::time::{DAY_SECONDS, SimTime};

/// The servers that went along the courses of a book.
#[derive(Debug, Default)]
pub(in crate::sim) struct Flows<'c> {
    flows: Vec<Flow<'c>>,
    /// The place of the first flow along a course, and one more, by the course's number in the book; 0 for none.
    flow_of: Vec<u32>,
    /// Sums that are kept.
    kept: usize,
}

/// Sums kept at most, some four megabytes.
const KEPT_MAX: usize = 1 << 16;

/// The servers of a group that went along one course: by the day of their first detection and the turn after which they left it.
#[derive(Debug)]
struct Flow<'c> {
    course: &'c Course,
    group: usize,
    /// As in [`Flows::flow_of`]: that of another group along the same course.
    next: u32,
    servers: Vec<Servers>,
}

/// Some servers, in one line of the processor's cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Servers {
    count: i64,
    /// Sum of their first detections, in seconds since the calendar's first midnight.
    detected: i64,
    /// Sum of their volumes, in milli-messages a day, and of each times its first detection.
    volume: MailAmount,
    volume_detected: MailAmount,
    /// What each of them lost on its course, once it is worked out.
    lost: Loss,
}

/// Parts lost times level-seconds of a server on its course, as of the midnight before its first detection, and what each second that it is
/// detected later adds: within a day every loss is linear in the first detection.
#[derive(Clone, Copy, Debug)]
struct Loss {
    at_midnight: i64,
    each_second: i64,
}

impl Default for Loss {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl Loss {
    const UNKNOWN: Loss = Loss { at_midnight: i64::MIN, each_second: 0 };

    /// Through what is lost at the first and at the second of two detections, a second apart.
    fn through(at_midnight: i128, later: i128) -> Loss {
        // Far from the ends of 64 bits, so that no later detection of the day comes near them.
        let small = |number: i128, most: i128| i64::try_from(number).ok().filter(|_| number.abs() <= most);
        let most = i128::from(i64::MAX) / 4;
        match (small(at_midnight, most), small(later - at_midnight, most / i128::from(DAY_SECONDS))) {
            (Some(at_midnight), Some(each_second)) => Loss { at_midnight, each_second },
            _ => Loss::UNKNOWN,
        }
    }

    /// Of a server detected so many seconds after midnight, if it is known.
    #[inline(always)]
    fn at(&self, second: i64) -> Option<i64> {
        (self.at_midnight != Self::UNKNOWN.at_midnight).then(|| self.at_midnight + self.each_second * second)
    }
}

/// A server that was counted, or for which there was no room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    /// Whether what it did on its course is told together with what others did.
    pub(super) together: bool,
    /// Parts lost times level-seconds until it left its course, where that is known.
    pub(super) lost: Option<i64>,
}

impl<'c> Flows<'c> {
    /// Adds a server of `volume` milli-messages a day, if there is room for it.
    ///
    /// - `turn`: after which it left its course;
    /// - `lost`: what servers lose that leave it there, by their first detection, if one scenario asks.
    #[inline]
    pub(super) fn add(
        &mut self,
        departure: &Departure<'c>,
        turn: usize,
        volume: u64,
        lost: Option<impl Fn(i64) -> i128>,
    ) -> Counted {
        let Departure { course, detected, group, .. } = *departure;
        let mut place = self.flow_of.get(course.number).map_or(0, |&place| place as usize);
        while place > 0 && self.flows[place - 1].group != group {
            place = self.flows[place - 1].next as usize;
        }
        if place == 0 {
            place = self.begin(course, group);
        }
        let day = detected.div_euclid(DAY_SECONDS);
        let place_of_day = (day - course.first_day) as usize * course.turns.len();
        let Some(servers) = self.flows[place - 1].servers.get_mut(place_of_day + turn) else {
            return Counted { together: false, lost: None };
        };
        servers.count += 1;
        servers.detected += detected;
        servers.volume += MailAmount::from(volume);
        servers.volume_detected += MailAmount::from(volume) * MailAmount::from(detected);
        let midnight = day * DAY_SECONDS;
        // It pays from the second server on.
        if let (2, Some(lost)) = (servers.count, lost) {
            servers.lost = Loss::through(lost(midnight), lost(midnight + 1));
        }
        Counted { together: true, lost: servers.lost.at(detected - midnight) }
    }

    /// Begins a flow, which counts nobody if there is no room for it; tells its place and one more.
    #[cold]
    fn begin(&mut self, course: &'c Course, group: usize) -> usize {
        let wanted = course.days() * course.turns.len();
        let has_room = self.kept + wanted <= KEPT_MAX;
        let servers = vec![Servers::default(); if has_room { wanted } else { 0 }];
        self.kept += servers.len();
        if self.flow_of.len() <= course.number {
            self.flow_of.resize(course.number + 1, 0);
        }
        self.flows.push(Flow { course, group, next: self.flow_of[course.number], servers });
        self.flow_of[course.number] = self.flows.len() as u32;
        self.flows.len()
    }

    /// Enters the stays of all servers.
    ///
    /// - `sums`: hands over the sums of a group.
    pub(in crate::sim) fn settle(&self, calendar: &Calendar, mut sums: impl FnMut(usize, &dyn Fn(&mut Sums<'_>))) {
        for Flow { course, group, servers, .. } in &self.flows {
            for (day, servers) in servers.chunks(course.turns.len()).enumerate() {
                if servers.iter().any(|servers| servers.count > 0) {
                    let day = course.first_day + day as i64;
                    sums(*group, &|sums| course.enter(servers, day, calendar, sums));
                }
            }
        }
    }
}

impl Flows<'_> {
    /// Tells the pauses of all tenants.
    ///
    /// - `tell`: for a year, days paid and tenants; then, if the year has none left, from when on that is so.
    pub(in crate::sim) fn settle_pauses(&self, mut tell: impl FnMut(i16, i64, i64, Option<SimTime>)) {
        for Flow { course, servers, .. } in &self.flows {
            if !course.knows_pauses || course.pauses.is_empty() {
                continue;
            }
            for (day, servers) in servers.chunks(course.turns.len()).enumerate() {
                // On one day of detection all ask on one day; the first of them stands for it.
                let detected = ((course.first_day + day as i64) * DAY_SECONDS).max(course.detections.0);
                let mut tenants = 0;
                for (turn, left) in servers.iter().enumerate().rev() {
                    tenants += left.count;
                    let before = turn.checked_sub(1).map_or(0, |before| course.marks[before].pauses);
                    for Paused { asked, booked, .. } in &course.pauses[before..course.marks[turn].pauses] {
                        for &(year, days, has_none_left) in booked.iter().flat_map(|booked| &booked.paid) {
                            let from = has_none_left.then(|| SimTime::from_seconds(asked.at(detected)));
                            if tenants > 0 {
                                tell(year, i64::from(days), tenants, from);
                            }
                        }
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
        let Servers { count, detected, volume, volume_detected, lost: _ } = *self;
        // A time that moves does so by whole days against the first detection.
        let day = at.base.div_euclid(DAY_SECONDS) + at.slope * day;
        let seconds = count * at.base + at.slope * detected;
        let volume_seconds = volume * MailAmount::from(at.base) + MailAmount::from(at.slope) * volume_detected;
        let day = day as usize;
        let before = calendar.mail_before(day, volume, volume_seconds);
        (day, Crowd { servers: count, seconds, volume, before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_what_it_is_at_every_second_of_the_day_or_unknown() {
        // Nothing, less and more with every second, and near the greatest that is kept.
        for (at_midnight, each_second) in
            [(0, 0), (30 * 86_400 * 1_000_000, -1_000_000), (-5, 3_600_000_000), (1 << 60, 1 << 40)]
        {
            let loss = Loss::through(at_midnight, at_midnight + each_second);
            for second in [0, 1, 43_200, DAY_SECONDS - 1] {
                let exact = at_midnight + each_second * i128::from(second);
                assert_eq!(loss.at(second).map(i128::from), Some(exact), "{at_midnight} + {each_second} x {second}");
            }
        }
        for (at_midnight, later) in [(1 << 62, 1 << 62), (0, 1 << 50), (1 << 100, 0), (-(1 << 100), 0)] {
            assert_eq!(Loss::through(at_midnight, later).at(7), None, "{at_midnight}, then {later}");
        }
        assert_eq!(Loss::default().at(0), None);
    }
}
