//! The plan against what teams do without one: nothing, the biggest server first, or all pause days at once.

use std::cmp::Reverse;

use crate::basis::Basis;
use crate::chance::conditional::PausesAsked;
use crate::chance::growth::first_courses;
use crate::chance::outcome::{Fleet, Lived, LossSummary, live, untouched};
use crate::cost::mail::MailFate;
use crate::cost::tariff::paused_until;
use crate::index::JobIndex;
use crate::search::schedule::{Schedule, first_fit};
use brownout_kernel::policy::Granted;
use brownout_kernel::time::SimTime;

/// Days of the pause that a team takes in its first fright.
const FRIGHT_DAYS: u32 = 90;

/// A way to go, and what it comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Strategy {
    /// Name for people.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// The pauses that it asks for in any case.
    pub pauses: Vec<Granted>,
    /// When the last server is done as planned; `None` if never.
    pub done: Option<SimTime>,
    /// Its mail if everything goes as planned.
    pub planned: MailFate,
    /// How it ends by chance; `None` where chance has no part.
    pub lived: Option<Lived>,
}

impl Strategy {
    /// Lost messages: mean, 95th percentile, worst twentieth.
    pub fn lost(&self) -> LossSummary {
        let exact = self.planned.lost_messages();
        self.lived.as_ref().map_or(LossSummary::certain(exact), |lived| lived.lost)
    }
}

/// The plan and the plain strategies, the plan first.
pub fn strategies(basis: &Basis<'_>, schedule: &Schedule, asked: &PausesAsked, lived: &Lived) -> Vec<Strategy> {
    let about = ("the plan", "cut-overs and pauses as proposed");
    let plan = strategy(basis, about, schedule, &asked.always, lived.clone());
    let mut all = vec![plan, nothing(basis)];
    if let Some(biggest) = biggest_first(basis) {
        let at_once = pause_at_once(basis);
        // As many courses as the plan was lived in, so that all meet the same luck.
        let courses = first_courses(basis, &biggest, lived.replications);
        let run = |about: (&'static str, &'static str), pauses: &[Granted]| {
            strategy(basis, about, &biggest, pauses, live(basis, &biggest, &courses, &PausesAsked::always(pauses)))
        };
        all.push(run(("biggest first", "servers by volume, as soon as crews can, no pause"), &[]));
        all.push(run(("pause 90 days now", "servers by volume; all pause days up to 90 from the first day"), &at_once));
    }
    all
}

fn strategy(
    basis: &Basis<'_>,
    (name, about): (&'static str, &'static str),
    schedule: &Schedule,
    pauses: &[Granted],
    lived: Lived,
) -> Strategy {
    let fleet = Fleet::new(basis.project, pauses);
    let done = |job: JobIndex| basis.jobs[job].candidates[schedule[job]].at;
    let fates = basis.jobs.keys().map(|job| fleet.fate(basis.jobs[job].server, done(job)));
    let planned = fates.fold(MailFate::default(), MailFate::plus);
    let last = basis.jobs.keys().map(done).max();
    Strategy { name, about, pauses: pauses.to_vec(), done: last, planned, lived: Some(lived) }
}

fn nothing(basis: &Basis<'_>) -> Strategy {
    let planned = untouched(basis, &[]);
    let about = "no server is ever upgraded, nothing is paused";
    Strategy { name: "do nothing", about, pauses: Vec::new(), done: None, planned, lived: None }
}

fn biggest_first(basis: &Basis<'_>) -> Option<Schedule> {
    let mut order: Vec<JobIndex> = basis.jobs.keys().collect();
    order.sort_by_key(|&job| (Reverse(basis.volumes[job]), job));
    first_fit(basis.ledger(), &basis.jobs, &order).ok()
}

fn pause_at_once(basis: &Basis<'_>) -> Vec<Granted> {
    let days = basis.project.days() as i32;
    let Some(at) = basis.project.desk.next(paused_until(basis.project), days) else { return Vec::new() };
    let mut book = basis.project.spent.book().clone();
    book.grant_up_to(basis.project.policy.pauses(), at, FRIGHT_DAYS).into_iter().collect()
}
