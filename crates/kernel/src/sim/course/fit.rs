//! Whether two records are the ends of one course, and where that may change if they are not.

use super::record::{Granted, Record, Stand};
use super::{Booked, Course, Mark, Moving, Paused, TIMES, Turn};
use crate::catalog::ProductId;
use crate::time::{DAY_SECONDS, SimTime};
use crate::world::Route;

/// What the records of the first and the last first detection of a stretch have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Common {
    /// All: one course leads through both.
    Course,
    /// All but that some times go with the second of the day otherwise than with the day.
    ByDays,
    /// Something changes between them, perhaps about the first detection at this second.
    UpTo(Option<i64>),
    /// Too little for a course anywhere between them.
    Nothing,
}

/// The first detections of two records, in seconds since the calendar's first midnight.
type Ends = (i64, i64);

/// Times beyond this never come; it is far from all that does.
const FAR: i64 = 1 << 50;

impl Record {
    /// What this record has in common with that of a later first detection.
    pub(super) fn compare(&self, last: &Record) -> Common {
        if self.is_too_long() || last.is_too_long() {
            return Common::Nothing;
        }
        let ends = (self.detected, last.detected);
        // What stands still, moves, or goes by days, keeps the order of events from one end to the other.
        let mut by_days = false;
        let mut goes = |times: (i64, i64)| {
            let fits = times.0 == times.1 || moving(ends, times).is_some();
            by_days |= !fits;
            fits || goes_by_days(ends, times)
        };
        for (index, (a, b)) in self.turns.iter().zip(&last.turns).enumerate() {
            let bent = a.all_times().zip(b.all_times()).find(|&times| !goes(times));
            if bent.is_some() || !a.is_like(b) {
                let bend = bent.and_then(|bent| bend(ends, bent));
                let granted = self.pauses.iter().zip(&last.pauses).take(a.pauses.max(b.pauses));
                let mut terms = granted.filter(|(a, b)| !a.has_terms_of(b)).map(|(a, b)| a.changes_terms(b, ends));
                return Common::UpTo(self.crossing(last, index).or_else(|| terms.next().flatten()).or(bend));
            }
        }
        if self.counts() != last.counts() {
            return Common::UpTo(self.crossing(last, self.turns.len().min(last.turns.len())));
        }
        for (a, b) in self.pauses.iter().zip(&last.pauses) {
            if !goes((a.at, b.at)) || !a.has_terms_of(b) {
                return Common::UpTo(a.changes_terms(b, ends));
            }
        }
        for (a, b) in self.stays.iter().zip(&last.stays) {
            let times = [(a.1, b.1), (a.2, b.2)];
            let bent = times.into_iter().find(|&times| !goes(times));
            if bent.is_some() || a.0 != b.0 {
                return Common::UpTo(bent.and_then(|bent| bend(ends, bent)));
            }
            if times.iter().filter_map(|&times| moving(ends, times)).any(|time| !time.keeps_its_days()) {
                return Common::Nothing;
            }
        }
        if by_days { Common::ByDays } else { Common::Course }
    }

    /// Of turns, stays and pauses, and the first turns after a pause and a detection.
    fn counts(&self) -> [usize; 5] {
        let Record { turns, stays, pauses, first_pause, first_detection, detected: _ } = self;
        [turns.len(), stays.len(), pauses.len(), *first_pause, *first_detection]
    }

    /// The first detection from which on another of the events that are ahead comes first: from the turn before the one at which two
    /// records differ, until that one.
    fn crossing(&self, last: &Record, turn: usize) -> Option<i64> {
        let ends = (self.detected, last.detected);
        let before = turn.checked_sub(1)?;
        let (a, b) = (&self.turns[before], &last.turns[before]);
        let at = |record: &Record| record.turns.get(turn).map(|stand| stand.at);
        let until = at(self).max(at(last))?;
        let mut lines: Vec<Moving> = a.ahead().zip(b.ahead()).filter_map(|times| moving(ends, times)).collect();
        // What none of them explains stands still: a baseline, or a build.
        for (at, detected) in [(at(self), ends.0), (at(last), ends.1)] {
            if let Some(at) = at.filter(|&at| lines.iter().all(|line| line.at(detected) != at)) {
                lines.push(Moving { base: at, slope: 0 });
            }
        }
        let pairs = lines.iter().enumerate().flat_map(|(index, one)| lines[..index].iter().map(move |two| (one, two)));
        let meets = pairs.filter_map(|(one, two)| one.meets(two).filter(|&detected| one.at(detected) <= until));
        meets.filter(|detected| (ends.0..=ends.1).contains(detected)).min()
    }

    /// The course that leads through this record at the first detection and through another at the last, if they have all in common.
    pub(super) fn course(&self, last: &Record, product: ProductId) -> Option<Course> {
        let detections = (self.detected, last.detected);
        let fit = |a: i64, b: i64| moving(detections, (a, b));
        let mut course = Course {
            number: 0,
            product,
            detections,
            turns: Vec::with_capacity(self.turns.len()),
            marks: Vec::with_capacity(self.turns.len()),
            first_day: detections.0.div_euclid(DAY_SECONDS),
            stays: Vec::with_capacity(self.stays.len()),
            losing: Vec::new(),
            pauses: Vec::with_capacity(self.pauses.len()),
            knows_pauses: false,
            first_pause: self.first_pause,
            first_detection: self.first_detection,
            opens: Route::ALL.map(|route| self.turns.iter().any(|stand| stand.server.open.open().of(route) > 0.0)),
        };
        for (a, b) in self.turns.iter().zip(&last.turns) {
            course.turns.push(Turn { at: fit(a.at, b.at)?, open: a.server.open, class: a.server.class });
            let &Stand { server, pausing, paused, stays, pauses, .. } = a;
            let mut mark = Mark { server, pausing, paused, times: [STILL; TIMES], stays, losing: 0, pauses };
            for (time, (&a, &b)) in mark.times.iter_mut().zip(a.times.iter().zip(&b.times)) {
                *time = fit(a, b)?;
            }
            course.marks.push(mark);
        }
        for (a, b) in self.stays.iter().zip(&last.stays) {
            course.stays.push((a.0, fit(a.1, b.1)?, fit(a.2, b.2)?));
        }
        for (a, b) in self.pauses.iter().zip(&last.pauses) {
            course.pauses.push(Paused { asked: fit(a.at, b.at)?, days: a.days, booked: a.booked(b, fit) });
        }
        course.knows_pauses = course.pauses.iter().all(|pause| pause.booked.is_some());
        Some(course)
    }
}

impl Stand {
    /// When it was, and its times.
    fn all_times(&self) -> impl Iterator<Item = i64> {
        std::iter::once(self.at).chain(self.times)
    }

    /// When the events that are ahead happen, but for a baseline or a build.
    fn ahead(&self) -> impl Iterator<Item = i64> {
        let [_, _, _, _, detection, climbs, ends, asks, _] = self.times;
        [detection, climbs, ends, asks].into_iter()
    }
}

impl Granted {
    /// What it cost and what is booked after it, if that is the same for all first detections from that of one record to that of
    /// another: of what a year pays, more never becomes less within them.
    fn booked(&self, last: &Granted, fit: impl Fn(i64, i64) -> Option<Moving>) -> Option<Booked> {
        let same = (&self.paid, &self.used) == (&last.paid, &last.used) && fit(self.at, last.at)?.keeps_its_days();
        let newest = [fit(self.newest[0], last.newest[0])?, fit(self.newest[1], last.newest[1])?];
        same.then(|| Booked { paid: self.paid.clone(), used: self.used.clone(), newest })
    }

    /// The first detection from which on other years pay, or a budget runs short or does so no more.
    fn changes_terms(&self, last: &Granted, ends: Ends) -> Option<i64> {
        let paid = |granted: &Granted| granted.paid.iter().map(|year| i64::from(year.1)).sum::<i64>();
        let asks = moving(ends, (self.at, last.at));
        let years = |granted: &Granted| Some((granted.paid.first()?.0, granted.paid.last()?.0));
        let (before, after) = (years(self)?, years(last)?);
        let of_year = |changes: bool, year: i16, days: i64| {
            let base = SimTime::year_start(year).seconds() - days * DAY_SECONDS;
            asks.filter(|_| changes)?.meets(&Moving { base, slope: 0 })
        };
        // The last day of the pause comes to begin in a new year, then the first.
        let reached = of_year(before.1 != after.1, after.1, paid(last) - 1);
        let left = of_year(before.0 != after.0, after.0, 0);
        // Budgets mostly have a day less, or more, for each day by which the detection is later.
        let (asked, day) = (i64::from(self.days), |detected: i64| detected.div_euclid(DAY_SECONDS));
        let short = match (paid(self) < asked, paid(last) < asked) {
            (true, false) => Some(day(ends.0) + paid(self)),
            (false, true) => Some(day(ends.1) + 1 + paid(last) - asked),
            _ => None,
        };
        let changes = [reached, left, short.map(|day| day * DAY_SECONDS)].into_iter().flatten();
        changes.filter(|change| (ends.0..=ends.1).contains(change)).min()
    }
}

impl Moving {
    /// The first detection at which two times that go otherwise are one, rounded up.
    fn meets(&self, other: &Moving) -> Option<i64> {
        let closing = self.slope - other.slope;
        if closing == 0 || self.base.max(other.base) > FAR {
            return None;
        }
        let apart = (other.base - self.base) * closing.signum();
        Some((apart + closing.abs() - 1).div_euclid(closing.abs()))
    }
}

const STILL: Moving = Moving { base: 0, slope: 0 };

/// A number that has one value at the first detection and another at the last, if it stands still or moves with them.
fn moving((first, last): Ends, (a, b): (i64, i64)) -> Option<Moving> {
    let slope = b.cmp(&a) as i64;
    (a.wrapping_add(slope * (last - first)) == b).then_some(Moving { base: a - slope * first, slope })
}

/// Whether a number that has one value at the first detection and another at the last goes with the days by as many, or stands still
/// from day to day, and likewise with the seconds of a day, but not as with the days.
fn goes_by_days((first, last): Ends, (a, b): (i64, i64)) -> bool {
    let days = (last.div_euclid(DAY_SECONDS) - first.div_euclid(DAY_SECONDS)) * DAY_SECONDS;
    let seconds = last - first - days;
    let by = b.wrapping_sub(a);
    days >= 2 * DAY_SECONDS
        && [-days, 0, days].iter().any(|&by_days| [-seconds, 0, seconds].contains(&by.wrapping_sub(by_days)))
}

/// The first detection up to which a number moves with it to stand still from there on, or to go with the second of the day alone:
/// always a midnight.
fn bend((first, last): Ends, (a, b): (i64, i64)) -> Option<i64> {
    let by = b.checked_sub(a)?.checked_abs().filter(|&by| by <= last - first)?;
    let midnight = (first + by + DAY_SECONDS / 2).div_euclid(DAY_SECONDS) * DAY_SECONDS;
    (first + 1..=last).contains(&midnight).then_some(midnight)
}

#[cfg(test)]
mod tests {
    use super::super::DAYS_MAX;
    use super::*;

    #[test]
    fn what_stands_still_or_moves_is_told_from_what_jumps_at_midnights() {
        for (days, late) in (1..=DAYS_MAX).flat_map(|days| [(days, 0), (days, 1)]) {
            let (first, last) = (7 * DAY_SECONDS + late, (7 + days) * DAY_SECONDS - 1);
            let ends = |value: &dyn Fn(i64) -> i64| (value(first), value(last));
            let of = |value: &dyn Fn(i64) -> i64| moving((first, last), ends(value));
            for (slope, base) in [(0, 5), (1, -3), (-1, 11)] {
                assert_eq!(of(&|at| base + slope * at), Some(Moving { base, slope }), "{days} days");
            }
            // The second of a day, and its midnight: within one day the first moves and the second stands still.
            let [second, midnight] =
                [&|at: i64| at % DAY_SECONDS, &|at: i64| at - at % DAY_SECONDS] as [&dyn Fn(i64) -> i64; 2];
            assert_eq!(of(second).is_some(), days == 1, "{days} days");
            assert_eq!(of(midnight).is_some(), days == 1, "{days} days");
            let by_days = |value| goes_by_days((first, last), ends(value));
            assert_eq!([by_days(second), by_days(midnight)], [days > 2; 2], "{days} days");
            let thrice = &|at: i64| at + 2 * (at - at % DAY_SECONDS);
            assert_eq!(of(thrice).is_some(), days == 1, "{days} days");
            assert!(!by_days(thrice), "{days} days");
        }
    }

    #[test]
    fn times_meet_at_the_second_from_which_on_they_are_in_the_other_order() {
        let of = |base, slope| Moving { base, slope };
        assert_eq!(of(0, 1).meets(&of(10, 0)), Some(10));
        assert_eq!(of(10, 0).meets(&of(0, 1)), Some(10));
        assert_eq!(of(0, 1).meets(&of(9, -1)), Some(5), "between two seconds");
        assert_eq!(of(0, 1).meets(&of(5, 1)), None);
        assert_eq!(of(0, 1).meets(&of(i64::MAX, 0)), None, "never");
    }
}
