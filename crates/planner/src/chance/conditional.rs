//! Which pauses are asked for in any case, and which only if something went wrong.
//!
//! [`hedge`](crate::chance::hedge) fits pauses to chance. Some of them pay as planned. Others pay only when a cut-over that should have
//! been done by then is not: nobody would ask for those with everything done, so they are *conditional*, planned for their day and
//! asked for only if one of the named servers is still open. Every one is weighed both ways over the simulated courses.

use crate::basis::Basis;
use crate::chance::outcome::{Fleet, Outcome, outcomes};
use crate::cost::mail::MailFate;
use crate::cost::tariff::{Cost, points};
use crate::index::{JobIndex, PerJob};
use crate::search::schedule::Schedule;
use brownout_kernel::policy::Granted;
use brownout_kernel::time::SimTime;

/// Courses over which a condition is weighed.
const COURSES_MAX: usize = 200;
/// Most conditional pauses; further ones are left out, since nobody plans so far ahead.
const CONDITIONAL_MAX: usize = 24;

/// A pause that is asked for on its day only if a server is still open.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditional {
    /// What the command is granted.
    pub grant: Granted,
    /// Jobs that should be done by then: it is asked for if one of them is not.
    pub only_if: Vec<JobIndex>,
    /// Probability of that.
    pub prob: f64,
}

/// The grants of a plan's commands, each kind in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PausesAsked {
    /// Asked for in any case.
    pub always: Vec<Granted>,
    /// Asked for only if something is late.
    pub conditional: Vec<Conditional>,
}

impl PausesAsked {
    /// Pauses that are asked for in any case.
    pub fn always(grants: &[Granted]) -> Self {
        PausesAsked { always: grants.to_vec(), conditional: Vec::new() }
    }

    /// Which conditional pauses are asked for in a course, a bit for each.
    pub fn carried_out(&self, done: &PerJob<SimTime>) -> u64 {
        let late =
            |conditional: &Conditional| conditional.only_if.iter().any(|&job| done[job] > conditional.grant.at());
        self.conditional.iter().enumerate().map(|(index, one)| u64::from(late(one)) << index).sum()
    }

    /// The grants of all commands of a course.
    pub fn grants(&self, carried_out: u64) -> Vec<Granted> {
        let late = self.conditional.iter().enumerate().filter(|(index, _)| carried_out >> index & 1 == 1);
        let mut all: Vec<Granted> = self.always.iter().copied().chain(late.map(|(_, one)| one.grant)).collect();
        all.sort();
        all
    }
}

/// Splits commands into those that are asked for in any case and conditional ones.
///
/// - `grants`: fitted to chance, in order of time.
pub fn conditions(
    basis: &Basis<'_>,
    schedule: &Schedule,
    courses: &[PerJob<SimTime>],
    grants: &[Granted],
) -> PausesAsked {
    let few = &courses[..courses.len().min(COURSES_MAX)];
    let planned: PerJob<SimTime> =
        schedule.iter().zip(&basis.jobs).map(|(&index, job)| job.candidates[index].at).collect();
    let mut asked = PausesAsked::always(grants);
    let mut needed = grants.to_vec();
    for &grant in grants.iter().rev().take_while(|_| !basis.watch.is_stopped()) {
        let without: Vec<Granted> = needed.iter().copied().filter(|other| *other != grant).collect();
        if as_planned(basis, &planned, &without) > as_planned(basis, &planned, &needed) {
            continue;
        }
        needed = without;
        let late = late_by_then(basis, &planned, courses, grant.at());
        if late.is_empty() {
            continue;
        }
        let prob = share(courses, &late, grant.at());
        let mut instead = asked.clone();
        instead.always.retain(|other| *other != grant);
        instead.conditional.insert(0, Conditional { grant, only_if: late, prob });
        if mean(basis, few, &instead) <= mean(basis, few, &asked) {
            asked = instead;
        }
    }
    asked.conditional.truncate(CONDITIONAL_MAX);
    asked
}

/// Jobs that are planned to be done by an instant, and are not in some course.
fn late_by_then(
    basis: &Basis<'_>,
    planned: &PerJob<SimTime>,
    courses: &[PerJob<SimTime>],
    at: SimTime,
) -> Vec<JobIndex> {
    let reached = |job: JobIndex| basis.project.servers[basis.jobs[job].server].detected.is_some();
    let late = |job: JobIndex| courses.iter().any(|done| done[job] > at);
    planned.keys().filter(|&job| planned[job] <= at && reached(job) && counts(basis, job) && late(job)).collect()
}

fn share(courses: &[PerJob<SimTime>], jobs: &[JobIndex], at: SimTime) -> f64 {
    let late = |done: &&PerJob<SimTime>| jobs.iter().any(|&job| done[job] > at);
    courses.iter().filter(late).count() as f64 / courses.len().max(1) as f64
}

/// Whether a job's mail counts: no pause is planned for what no cut-over ends.
fn counts(basis: &Basis<'_>, job: JobIndex) -> bool {
    basis.volumes[job] > 0
}

/// How many times the mail of a job's server counts.
fn priority(basis: &Basis<'_>, job: JobIndex) -> Cost {
    Cost::from(basis.project.servers[basis.jobs[job].server].priority)
}

/// What a plan costs if everything goes as planned, in points.
fn as_planned(basis: &Basis<'_>, planned: &PerJob<SimTime>, grants: &[Granted]) -> f64 {
    let fleet = Fleet::new(basis.project, grants);
    let jobs = planned.keys().filter(|&job| counts(basis, job));
    let fates = jobs.map(|job| fleet.fate(basis.jobs[job].server, planned[job]).times(priority(basis, job)));
    weighed(basis, fates.fold(MailFate::default(), MailFate::plus)) + points(basis.space.grant_cost(grants))
}

/// What each course costs in points: its mail, and its pauses.
pub(super) fn points_by_course(basis: &Basis<'_>, courses: &[PerJob<SimTime>], asked: &PausesAsked) -> Vec<(f64, f64)> {
    let price = |done: &PerJob<SimTime>| points(basis.space.grant_cost(&asked.grants(asked.carried_out(done))));
    let mail = |end: &Outcome, done: &PerJob<SimTime>| {
        let counting = done.iter_enumerated().filter(|&(job, _)| counts(basis, job));
        counting
            .fold(MailFate::default(), |sum, (job, &done)| sum.plus(end.of(job, done).0.times(priority(basis, job))))
    };
    let ended = outcomes(basis, courses, asked);
    ended.iter().zip(courses).map(|(end, done)| (weighed(basis, mail(end, done)), price(done))).collect()
}

/// The mean cost over some courses in points, times their number.
fn mean(basis: &Basis<'_>, courses: &[PerJob<SimTime>], asked: &PausesAsked) -> f64 {
    let (mail, pauses): (Vec<f64>, Vec<f64>) = points_by_course(basis, courses, asked).into_iter().unzip();
    mail.into_iter().sum::<f64>() + pauses.into_iter().sum::<f64>()
}

/// What mail costs by the weights of the project, in points.
fn weighed(basis: &Basis<'_>, fate: MailFate) -> f64 {
    let weights = &basis.project.weights;
    weights.lost * fate.lost_messages()
        + weights.delayed * fate.delayed_messages()
        + weights.exposure * fate.exposed_messages()
}
