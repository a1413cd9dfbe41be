//! Stretches of first detections that have one course each.
//!
//! A stretch has whole days: a time that depends on the number of days up to a new year jumps with every midnight, and what jumps by
//! multiples of a day between the first second of a day and the last one of another does not look as if it moved. Of a stretch of
//! several days only the very first second may be missing: there what moves by whole days meets what stands still, and who is
//! first detected at it has no course.
//!
//! Where one course does not lead through both ends of a stretch, it parts where the records of its ends let expect that something
//! changes. Nothing depends on that but how many records it takes: each part is tried by its own ends.

use super::Course;
use super::fit::Common;
use super::record::Record;
use crate::catalog::ProductId;
use crate::time::DAY_SECONDS;

/// The courses for the first detections from one second to another, in order and in as few as are found; where two within one day
/// differ there is none.
///
/// - `last`: the end of a day, or on the day of `first`;
/// - `live`: takes down what happens to a server first detected at a second.
pub(super) fn courses(
    (first, last): (i64, i64),
    product: ProductId,
    live: impl FnMut(i64, &mut Record),
) -> Vec<Course> {
    let mut stretches = Stretches { live, product, spare: Vec::new(), courses: Vec::new() };
    let next_day = (first.div_euclid(DAY_SECONDS) + 1) * DAY_SECONDS;
    let mut begin = first;
    if first.rem_euclid(DAY_SECONDS) > 1 && next_day < last {
        // What is left of a day stands alone.
        stretches.fit_between(first, next_day - 1);
        begin = next_day;
    }
    stretches.fit_between(begin, last);
    stretches.courses
}

/// Finds the courses of a stretch, from its first day on.
struct Stretches<F> {
    live: F,
    product: ProductId,
    /// Records that are not needed any more, for their memory.
    spare: Vec<Record>,
    courses: Vec<Course>,
}

impl<F: FnMut(i64, &mut Record)> Stretches<F> {
    fn record(&mut self, detected: i64) -> Record {
        let mut record = self.spare.pop().unwrap_or_default();
        (self.live)(detected, &mut record);
        record
    }

    fn fit_between(&mut self, first: i64, last: i64) {
        let ends = [first, last].map(|detected| self.record(detected));
        self.fit(ends);
    }

    /// Finds the courses between two first detections.
    fn fit(&mut self, [a, b]: [Record; 2]) {
        let days = b.day() - a.day();
        match a.compare(&b) {
            Common::Course => self.courses.extend(a.course(&b, self.product)),
            Common::ByDays => return self.fit_days([a, b]),
            Common::UpTo(change) => {
                let at_once = change.map_or(days == 0, |change| change <= a.detected);
                if at_once && a.detected == a.day() * DAY_SECONDS {
                    let second = self.record(a.detected + 1);
                    self.spare.push(a);
                    return self.fit([second, b]);
                }
                if days > 0 {
                    return self.part([a, b], change);
                }
            }
            Common::Nothing => {}
        }
        self.spare.extend([a, b]);
    }

    /// Finds the courses of a stretch of some days in two parts.
    fn part(&mut self, [a, b]: [Record; 2], change: Option<i64>) {
        let middle = (a.day() + (b.day() - a.day() + 1) / 2) * DAY_SECONDS;
        let (before, after) = match change.map(|change| (change.div_euclid(DAY_SECONDS), change)) {
            Some((day, change)) if day > a.day() => {
                (day * DAY_SECONDS, day * DAY_SECONDS + i64::from(change % DAY_SECONDS == 0))
            }
            // Within the first day: it stands alone.
            Some((day, _)) => ((day + 1) * DAY_SECONDS, (day + 1) * DAY_SECONDS),
            None => (middle, middle),
        };
        let before = self.record(before - 1);
        self.fit([a, before]);
        let after = self.record(after);
        self.fit([after, b]);
    }

    /// Finds the courses of at least three days, a course for each if they differ from each other by the day alone.
    fn fit_days(&mut self, [a, b]: [Record; 2]) {
        let (first_day, last_day) = (a.day(), b.day());
        let [end, begin] = [(first_day + 1) * DAY_SECONDS - 1, last_day * DAY_SECONDS].map(|at| self.record(at));
        let [first, last] = [self.course(&a, &end), self.course(&begin, &b)];
        if let (Some(first), Some(last)) = (first, last)
            && let Some(between) = first.daily_until(&last)
        {
            self.courses.push(first);
            self.courses.extend(between);
            self.courses.push(last);
            self.spare.extend([a, end, begin, b]);
            return;
        }
        self.fit([a, end]);
        self.fit_between((first_day + 1) * DAY_SECONDS, last_day * DAY_SECONDS - 1);
        self.fit([begin, b]);
    }

    /// The course that has two records as its ends, if there is one.
    fn course(&self, a: &Record, b: &Record) -> Option<Course> {
        if a.compare(b) == Common::Course { a.course(b, self.product) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::Class;

    const DAYS: i64 = 30;

    /// The first and the last detections of the courses of servers that enter a class at some time, and how many records they take.
    fn stretches(enters: impl Fn(i64) -> i64) -> (Vec<(i64, i64)>, usize) {
        let mut records = 0;
        let found = courses((1, DAYS * DAY_SECONDS - 1), ProductId::new(0), |detected, record| {
            records += 1;
            record.clear(detected);
            record.stays.push((Class::UNAWARE, 0, enters(detected)));
        });
        for course in &found {
            let (first, last) = course.detections;
            for detected in (first..last).step_by(5_000).chain([last]) {
                assert_eq!(course.stays[0].2.at(detected), enters(detected), "first detected at {detected}");
            }
        }
        (found.iter().map(|course| course.detections).collect(), records)
    }

    /// The days of stretches that have all seconds of their days but the very first ones.
    fn days(stretches: &[(i64, i64)]) -> Vec<i64> {
        let mut days = Vec::new();
        for &(first, last) in stretches {
            assert!(first % DAY_SECONDS <= 1 && (last + 1) % DAY_SECONDS == 0, "{first} to {last}");
            days.extend(first / DAY_SECONDS..=last / DAY_SECONDS);
        }
        days
    }

    #[test]
    fn one_course_takes_two_records() {
        for enters in [|at| at + 7 * DAY_SECONDS, |_| 7 * DAY_SECONDS] {
            assert_eq!(stretches(enters), (vec![(1, DAYS * DAY_SECONDS - 1)], 2));
        }
    }

    #[test]
    fn a_change_at_one_midnight_gives_two_courses() {
        for changes in 1..DAYS {
            let (found, records) = stretches(|at| at.min(changes * DAY_SECONDS) + 7 * DAY_SECONDS);
            assert_eq!(days(&found), Vec::from_iter(0..DAYS), "on day {changes}");
            assert_eq!((found.len(), records), (2, 4), "on day {changes}");
        }
    }

    #[test]
    fn days_that_differ_by_the_day_alone_take_four_records() {
        let until_new_year = |at: i64| (at + 7 * DAY_SECONDS).rem_euclid(DAY_SECONDS) + 300 * DAY_SECONDS;
        let (found, records) = stretches(until_new_year);
        assert_eq!(days(&found), Vec::from_iter(0..DAYS));
        assert_eq!((found.len(), records), (DAYS as usize, 4));
        assert!(found.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{found:?}");
    }

    #[test]
    fn what_changes_within_a_day_costs_that_day_alone() {
        for changes in 0..DAYS {
            let (found, records) = stretches(|at| DAY_SECONDS * if at / 3_600 < changes * 24 + 9 { 40 } else { 50 });
            assert_eq!(days(&found), Vec::from_iter((0..DAYS).filter(|&day| day != changes)), "on day {changes}");
            assert!(records <= 3 * DAYS as usize, "{records} records for a change on day {changes}");
        }
    }

    #[test]
    fn a_time_that_moves_across_midnights_gives_no_course_and_is_not_looked_for() {
        assert_eq!(stretches(|at| at + 5), (Vec::new(), 2));
    }

    #[test]
    fn the_rest_of_a_first_day_stands_alone() {
        let first = DAY_SECONDS / 2;
        let found = courses((first, 3 * DAY_SECONDS - 1), ProductId::new(0), |detected, record| record.clear(detected));
        let detections: Vec<_> = found.iter().map(|course| course.detections).collect();
        assert_eq!(detections, [(first, DAY_SECONDS - 1), (DAY_SECONDS, 3 * DAY_SECONDS - 1)]);
    }
}
