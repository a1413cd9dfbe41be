//! How many courses are lived: as many as the plan asks for, and then twice as many until the figures of its table are sharp.
//!
//! Rare and dear courses make means unsure: two thirds of a mean can be one course of a thousand. Further replications have draws of
//! their own by number, so the first ones stay as they were, and nothing depends on threads. Dates and pauses are fitted to the
//! courses that the plan asks for; the others judge them from outside.

use std::ops::Range;

use crate::basis::Basis;
use crate::chance::conditional::PausesAsked;
use crate::chance::lived::Course;
use crate::chance::outcome::{Danger, Lived, Outcome, outcomes, summed_up};
use crate::chance::totals::Totals;
use crate::index::{PerJob, PerTenant};
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

/// A plan whose courses are judged.
#[derive(Clone, Copy)]
pub(crate) struct Judged<'a> {
    pub(crate) basis: &'a Basis<'a>,
    pub(crate) schedule: &'a Schedule,
    pub(crate) asked: &'a PausesAsked,
}

/// The courses of a tenant's plan, or of several tenants' that are lived together, as they grow.
pub(crate) struct Growth<'a> {
    tenants: &'a [Judged<'a>],
    courses: PerTenant<Vec<PerJob<SimTime>>>,
    ends: Vec<Vec<Outcome>>,
}

impl<'a> Growth<'a> {
    /// Begins with the courses that pauses were fitted to.
    pub(crate) fn new(tenants: &'a [Judged<'a>], courses: PerTenant<Vec<PerJob<SimTime>>>) -> Self {
        let ends = tenants.iter().zip(&courses).map(|(one, courses)| outcomes(one.basis, courses, one.asked));
        Growth { ends: ends.collect(), tenants, courses }
    }

    /// Further replications that are needed; `None` when the figures are sharp, there are too many, or the work was stopped.
    pub(crate) fn wanted(&self) -> Option<Range<u32>> {
        let first = self.tenants[0].basis;
        let begun = first.project.replications;
        let most = begun.saturating_mul(GROWTH_MAX).min(COURSES_MAX.max(begun));
        let lived = self.totals().lived(first.project, PerJob::new());
        let count = lived.replications;
        let ends = lived.is_sharp() || count >= most || first.watch.is_stopped();
        (!ends).then(|| count..count.saturating_mul(2).min(most))
    }

    /// Adds courses.
    pub(crate) fn add(&mut self, more: PerTenant<Vec<PerJob<SimTime>>>) {
        let grown = self.tenants.iter().zip(&mut self.courses).zip(&mut self.ends);
        for (((one, courses), ends), more) in grown.zip(more) {
            ends.extend(outcomes(one.basis, &more, one.asked));
            courses.extend(more);
        }
    }

    fn totals(&self) -> Totals {
        let mut all = Totals::default();
        for ((one, courses), ends) in self.tenants.iter().zip(&self.courses).zip(&self.ends) {
            all.join(&Totals::of(one.basis, one.schedule, courses, ends));
        }
        all
    }

    /// How all of it ends, without servers, and how each tenant's plan does.
    pub(crate) fn lived(&self) -> (Lived, Vec<Lived>) {
        let one = |((one, courses), ends): ((&Judged<'_>, &Vec<PerJob<SimTime>>), &Vec<Outcome>)| {
            summed_up(one.basis, one.schedule, courses, ends, one.asked)
        };
        let each = self.tenants.iter().zip(&self.courses).zip(&self.ends).map(one).collect();
        (self.totals().lived(self.tenants[0].basis.project, PerJob::new()), each)
    }
}

/// Lives a plan in the courses that are known, and in further ones until its figures are sharp or there are too many.
pub fn lived_sharply(
    basis: &Basis<'_>,
    schedule: &Schedule,
    courses: &[PerJob<SimTime>],
    asked: &PausesAsked,
) -> Lived {
    let course = Course::planned(&[basis.planned(schedule)], &basis.booked);
    let alone = [Judged { basis, schedule, asked }];
    let mut growth = Growth::new(&alone, vec![courses.to_vec()].into());
    while let Some(numbers) = growth.wanted() {
        growth.add(vec![further(basis, &course, numbers)].into());
    }
    growth.lived().1.swap_remove(0)
}

/// The first courses of a schedule.
pub fn first_courses(basis: &Basis<'_>, schedule: &Schedule, count: u32) -> Vec<PerJob<SimTime>> {
    further(basis, &Course::planned(&[basis.planned(schedule)], &basis.booked), 0..count)
}

fn further(basis: &Basis<'_>, course: &Course<'_>, numbers: Range<u32>) -> Vec<PerJob<SimTime>> {
    course.lives(&[&basis.luck_in(numbers.clone())], numbers, &basis.watch).raw.swap_remove(0)
}
