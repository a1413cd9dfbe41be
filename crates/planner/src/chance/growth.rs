//! How many courses are lived: as many as the plan asks for, and then twice as many until the figures of its table are sharp.
//!
//! Rare and dear courses make means unsure: two thirds of a mean can be one course of a thousand. Further replications have draws of
//! their own by number, so the first ones stay as they were, and nothing depends on threads. Dates and pauses are fitted to the
//! courses that the plan asks for; the others judge them from outside.

use crate::basis::Basis;
use crate::chance::conditional::Asked;
use crate::chance::lived::Course;
use crate::chance::outcome::{Danger, Lived, outcomes, summed_up};
use crate::index::PerJob;
use crate::search::schedule::Schedule;
use brownout_kernel::time::SimTime;
use brownout_methods::interval::{Interval, share_interval};

/// How many times as many courses as the plan asks for are lived at most, and how many at all.
pub const GROWTH_MAX: u32 = 8;
/// The most courses that are lived unless the plan asks for more.
pub const COURSES_MAX: u32 = 16_000;
/// The level of all intervals of chances and means.
pub const LEVEL: f64 = 0.95;
/// A chance is sharp if its interval reaches no more than this to each side.
pub const CHANCE_WITHIN: f64 = 0.02;
/// A mean is sharp if its interval reaches no more than this part of it to each side, or one message.
pub const MEAN_WITHIN: f64 = 0.1;

impl Lived {
    /// The interval of a chance that was counted over the courses (Wilson's).
    pub fn interval_of(&self, chance: f64) -> Option<Interval> {
        let courses = self.replications as usize;
        share_interval(libm::round(chance * courses as f64) as usize, courses, LEVEL)
    }

    /// Whether the chances and the mean of lost mail are sharp.
    pub fn is_sharp(&self) -> bool {
        let chances =
            Danger::ALL.map(|danger| self.fleet_clear[danger as usize]).into_iter().chain([self.fleet_on_time]);
        let sharp = |chance: f64| self.interval_of(chance).is_some_and(|found| found.half_width() <= CHANCE_WITHIN);
        let enough = f64::max(MEAN_WITHIN * self.lost.mean, 1.0);
        let mean = self.lost.interval.is_some_and(|found| found.half_width() <= enough);
        mean && chances.into_iter().all(sharp)
    }
}

/// Lives a plan in the courses that are known, and in further ones until its figures are sharp or there are too many.
pub fn lived_sharply(basis: &Basis<'_>, schedule: &Schedule, courses: &[PerJob<SimTime>], asked: &Asked) -> Lived {
    let begun = basis.project.replications;
    let most = begun.saturating_mul(GROWTH_MAX).min(COURSES_MAX.max(begun));
    let course = Course::planned(basis.project, &basis.jobs, schedule);
    let (mut all, mut ends) = (courses.to_vec(), outcomes(basis, courses, asked));
    loop {
        let lived = summed_up(basis, schedule, &all, &ends, asked);
        let count = lived.replications;
        if lived.is_sharp() || count >= most || basis.watch.is_stopped() {
            return lived;
        }
        let more = further(basis, &course, count..count.saturating_mul(2).min(most));
        ends.extend(outcomes(basis, &more, asked));
        all.extend(more);
    }
}

/// The first courses of a schedule.
pub fn first_courses(basis: &Basis<'_>, schedule: &Schedule, count: u32) -> Vec<PerJob<SimTime>> {
    further(basis, &Course::planned(basis.project, &basis.jobs, schedule), 0..count)
}

fn further(basis: &Basis<'_>, course: &Course<'_>, numbers: std::ops::Range<u32>) -> Vec<PerJob<SimTime>> {
    course.lives(&basis.luck_in(numbers.clone()), numbers, &basis.watch)
}
