//! Dates chosen over courses: moved one by one as long as mean and tail of what the plan costs over drawn courses fall.
//!
//! The search for dates takes work to last as long as jobs are given time for; what lies beyond is only lived. Here every course
//! counts: a job is moved to a date near its own, or two jobs change places, and what lowers half mean and half tail over the same
//! courses is kept (sample average approximation with common random numbers, as for [`buffers`](crate::chance::buffers); local
//! search as in H. H. Hoos and T. Stützle, *Stochastic Local Search*, 2005). Then pauses are fitted anew, and the new dates are taken
//! only if they do better in courses that the search has not seen.

use std::ops::Range;

use crate::basis::Basis;
use crate::chance::conditional::{PausesAsked, points_by_course};
use crate::chance::growth::LEVEL;
use crate::chance::lived::{Course, Luck};
use crate::chance::outcome::courses;
use crate::chance::summary::MeanAndTail;
use crate::cost::tariff::points;
use crate::findings::{Decision, asked_for};
use crate::index::{CandidateIndex, JobIndex};
use crate::search::improve::{Draft, draft};
use crate::search::schedule::{Ledger, Schedule};
use crate::search::solve::{Solution, with_true_cost};
use brownout_methods::interval::{Interval, mean_interval};

/// Courses over which moves are weighed, at most.
const COURSES_MAX: u32 = 200;
/// Times as many courses as the plan asks for in which the dates are judged, and how many at most: tails are rare courses.
const JUDGED_TIMES: u32 = 4;
const JUDGED_MAX: u32 = 16_000;
/// Lives of jobs that the search may take, about: some seconds.
const LIVES_MAX: u64 = 4_000_000;
/// Dates near its own to which a job is moved.
const NEAR: usize = 6;
/// Jobs after it with which it changes places.
const SWAPS: usize = 3;
/// The least part by which a move must be better, so that rounding decides nothing.
const LEAST_GAIN: f64 = 1e-6;

/// What moving dates by chance came to.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The plan that was begun with: the best that was found if everything goes as planned. What more room is worth is told of it.
    pub as_planned: Solution,
    /// Jobs that have another date or crew than in it; none where no move did better.
    pub jobs: Vec<JobIndex>,
    /// Points of all that is minimised, over the courses that judge: with the dates that were begun with.
    pub before: MeanAndTail,
    /// The same with the dates that are taken.
    pub after: MeanAndTail,
    /// By how many points the mean is lower, course by course, and the interval of that (95 %).
    pub less: (f64, Option<Interval>),
    /// Courses that judged. The search saw none of them.
    pub courses: u32,
}

/// A decision with dates chosen over courses; as it was, but for what is told, where none do better.
pub(crate) fn with_moved_dates(basis: &Basis<'_>, decision: Decision) -> Decision {
    let count = basis.project.replications;
    let seen = Trial::new(basis, 0..count.min(COURSES_MAX));
    let schedule = better_dates(&seen, &decision.solution.draft.schedule, &decision.asked);
    let judging = count.saturating_mul(JUDGED_TIMES).min(JUDGED_MAX).max(count);
    let unseen = Trial::new(basis, count..count.saturating_add(judging));
    let before = unseen.points(&decision.solution.draft.schedule, &decision.asked);
    let other = (schedule != decision.solution.draft.schedule).then(|| decided(basis, &decision.solution, schedule));
    let other = other.map(|other| (unseen.points(&other.solution.draft.schedule, &other.asked), other));
    let is_better = |after: &[f64]| MeanAndTail::of(after).criterion() < MeanAndTail::of(&before).criterion();
    let (after, taken) = match other.filter(|(after, _)| is_better(after) && !basis.watch.is_stopped()) {
        Some((after, other)) => (after, Some(other)),
        None => (before.clone(), None),
    };
    let less: Vec<f64> = before.iter().zip(&after).map(|(before, after)| before - after).collect();
    let old = &decision.solution.draft.schedule;
    let new = taken.as_ref().map_or(old, |taken| &taken.solution.draft.schedule);
    let moved = Moved {
        jobs: old.keys().filter(|&job| old[job] != new[job]).collect(),
        before: MeanAndTail::of(&before),
        after: MeanAndTail::of(&after),
        less: (MeanAndTail::of(&less).mean, mean_interval(&less, LEVEL).filter(|_| taken.is_some())),
        courses: judging,
        as_planned: decision.solution.clone(),
    };
    Decision { moved: Some(moved), ..taken.unwrap_or(decision) }
}

/// Courses and pauses for a schedule. The bound is that of all plans.
fn decided(basis: &Basis<'_>, before: &Solution, schedule: Schedule) -> Decision {
    let mut order: Vec<JobIndex> = schedule.keys().collect();
    order.sort_by_key(|&job| (basis.jobs[job].candidates[schedule[job]].at, job));
    let found = draft(basis, order, schedule);
    let draft: Draft = if basis.tariffs.joined { with_true_cost(basis, found) } else { found };
    let solution = Solution { bound: before.bound.min(draft.cost), draft };
    let courses = courses(basis, &solution.draft.schedule);
    let asked = asked_for(basis, &solution, &courses);
    Decision { solution, courses, asked, moved: None }
}

/// The courses over which plans are compared: the same luck for all of them.
struct Trial<'b> {
    basis: &'b Basis<'b>,
    numbers: Range<u32>,
    luck: Luck,
}

impl<'b> Trial<'b> {
    fn new(basis: &'b Basis<'b>, numbers: Range<u32>) -> Self {
        Trial { luck: basis.luck_in(numbers.clone()), basis, numbers }
    }

    /// What a plan costs in each course, in points.
    fn points(&self, schedule: &Schedule, asked: &PausesAsked) -> Vec<f64> {
        let basis = self.basis;
        let course = Course::planned(&[basis.planned(schedule)], &basis.booked);
        let courses = course.lives(&[&self.luck], self.numbers.clone(), &basis.watch).raw.swap_remove(0);
        let changes = points(basis.changes_cost(schedule));
        points_by_course(basis, &courses, asked).into_iter().map(|(mail, pauses)| mail + pauses + changes).collect()
    }

    fn criterion(&self, schedule: &Schedule, asked: &PausesAsked) -> f64 {
        MeanAndTail::of(&self.points(schedule, asked)).criterion()
    }
}

/// The dates to which moves lead, each of them better than the one before.
fn better_dates(trial: &Trial<'_>, first: &Schedule, asked: &PausesAsked) -> Schedule {
    let basis = trial.basis;
    let each = u64::from(trial.numbers.end - trial.numbers.start) * basis.jobs.len() as u64;
    let mut left = LIVES_MAX / each.max(1);
    let (mut best, mut least) = (first.clone(), trial.criterion(first, asked));
    loop {
        let before = least;
        let mut order: Vec<JobIndex> = best.keys().collect();
        order.sort_by_key(|&job| (basis.jobs[job].candidates[best[job]].at, job));
        for index in 0..order.len() {
            for moved in moves(basis, &best, &order[index..]) {
                if left == 0 || basis.watch.is_stopped() {
                    return best;
                }
                left -= 1;
                let found = trial.criterion(&moved, asked);
                if found < least - LEAST_GAIN * least {
                    (best, least) = (moved, found);
                    break;
                }
            }
        }
        if least >= before {
            return best;
        }
    }
}

/// The schedules in which a job has another date near its own, or changes places with one soon after it.
///
/// - `order`: the job, and those that come after it.
fn moves(basis: &Basis<'_>, schedule: &Schedule, order: &[JobIndex]) -> Vec<Schedule> {
    let Some((&job, later)) = order.split_first() else { return Vec::new() };
    let mut ledger = basis.ledger();
    schedule.iter_enumerated().for_each(|(job, &candidate)| ledger.put(job, candidate));
    ledger.take(job);
    let with = |changes: &[(JobIndex, CandidateIndex)]| {
        let mut moved = schedule.clone();
        changes.iter().for_each(|&(job, candidate)| moved[job] = candidate);
        moved
    };
    let own = schedule[job];
    let mut fitting: Vec<CandidateIndex> =
        basis.jobs[job].candidates.keys().filter(|&other| other != own && ledger.fits(job, other)).collect();
    fitting.sort_by_key(|&other| usize::from(other).abs_diff(usize::from(own)));
    let mut found: Vec<Schedule> = fitting.iter().take(NEAR).map(|&other| with(&[(job, other)])).collect();
    for &other in later.iter().take(SWAPS) {
        ledger.take(other);
        let swapped = nearest(basis, &ledger, job, day(basis, schedule, other)).and_then(|here| {
            ledger.put(job, here);
            let there = nearest(basis, &ledger, other, day(basis, schedule, job));
            ledger.take(job);
            Some(with(&[(job, here), (other, there?)]))
        });
        found.extend(swapped.filter(|swapped| swapped != schedule));
        ledger.put(other, schedule[other]);
    }
    found
}

fn day(basis: &Basis<'_>, schedule: &Schedule, job: JobIndex) -> usize {
    basis.jobs[job].candidates[schedule[job]].day
}

/// The candidate nearest to a day that fits.
fn nearest(basis: &Basis<'_>, ledger: &Ledger<'_>, job: JobIndex, day: usize) -> Option<CandidateIndex> {
    let candidates = &basis.jobs[job].candidates;
    let fitting = candidates.keys().filter(|&candidate| ledger.fits(job, candidate));
    fitting.min_by_key(|&candidate| candidates[candidate].day.abs_diff(day))
}
