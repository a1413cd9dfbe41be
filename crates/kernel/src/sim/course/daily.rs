//! Courses of days that differ from each other by the day alone.
//!
//! What ends with a calendar year lasts a day less with each day by which it begins later, and what follows it goes with the second of
//! the day but stands still from day to day. Each day then has a course of its own, but those of the first and of the last day say
//! what all are: every time is linear in the number of the day and in the second of it, so that events which run in one order at the
//! first and at the last second of both days run in it on all days between.

use super::{Course, Moving};
use crate::time::DAY_SECONDS;

impl Course {
    /// The courses of the days between two that have courses of their own, if all that differs between those goes by days.
    pub(super) fn daily_until(&self, last: &Course) -> Option<Vec<Course>> {
        let days = last.first_day - self.first_day;
        let steps = self.steps_to(last, days)?;
        let reached = Course { detections: last.detections, ..self.later_by(days, &steps) };
        (reached == *last).then(|| (1..days).map(|day| self.later_by(day, &steps)).collect())
    }

    /// By how much each of its times, then of its numbers of days, differs from day to day.
    fn steps_to(&self, last: &Course, days: i64) -> Option<Vec<i64>> {
        let [(times, counts), (last_times, last_counts)] = [self, last].map(Course::times_and_counts);
        if (times.len(), counts.len()) != (last_times.len(), last_counts.len()) {
            return None;
        }
        let by_day = |first: i64, last: i64| {
            let step = last.wrapping_sub(first) / days;
            (first.wrapping_add(step * days) == last).then_some(step)
        };
        let times = times.iter().zip(&last_times).map(|(first, last)| {
            let step = by_day(first.base, last.base)?;
            // By whole days, and from day to day at the same second by a day at most.
            let daily = step + first.slope * DAY_SECONDS;
            (step == 0 || [-DAY_SECONDS, 0, DAY_SECONDS].contains(&daily)).then_some(step)
        });
        let counts = counts.iter().zip(&last_counts).map(|(&first, &last)| by_day(first.into(), last.into()));
        times.chain(counts).collect()
    }

    fn times_and_counts(&self) -> (Vec<Moving>, Vec<u32>) {
        let (mut times, mut counts, mut course) = (Vec::new(), Vec::new(), self.clone());
        course.for_each_time(|time| times.push(*time));
        course.for_each_count(|count| counts.push(*count));
        (times, counts)
    }

    /// The course of a whole day so many days later.
    fn later_by(&self, days: i64, steps: &[i64]) -> Course {
        let first_day = self.first_day + days;
        let first = first_day * DAY_SECONDS;
        let mut course = Course { detections: (first, first + DAY_SECONDS - 1), first_day, ..self.clone() };
        let mut steps = steps.iter().map(|step| step * days);
        course.for_each_time(|time| time.base += steps.next().unwrap_or(0));
        course.for_each_count(|count| *count = (i64::from(*count) + steps.next().unwrap_or(0)) as u32);
        course
    }

    fn for_each_time(&mut self, mut change: impl FnMut(&mut Moving)) {
        self.turns.iter_mut().for_each(|turn| change(&mut turn.at));
        self.marks.iter_mut().flat_map(|mark| &mut mark.times).for_each(&mut change);
        self.stays.iter_mut().for_each(|(_, from, to)| [from, to].into_iter().for_each(&mut change));
        for pause in &mut self.pauses {
            change(&mut pause.asked);
            pause.booked.iter_mut().flat_map(|booked| &mut booked.newest).for_each(&mut change);
        }
    }

    /// All days that were paid or used.
    fn for_each_count(&mut self, mut change: impl FnMut(&mut u32)) {
        for booked in self.pauses.iter_mut().filter_map(|pause| pause.booked.as_mut()) {
            booked.paid.iter_mut().for_each(|(_, days, _)| change(days));
            booked.used.iter_mut().for_each(|(_, days)| change(days));
        }
    }
}
