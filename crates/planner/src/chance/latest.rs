//! The latest safe start: the last day on which work can begin and still, as surely as asked, stay clear of a danger.
//!
//! Work goes in the order of the plan, each server as soon as its crew can. A day is safe if the share of replications in which
//! every server is done before it meets the danger is at least the risk level. Looked at without any further pause, and with
//! every pause day left, spent as well as `best_spent` finds: a day of this year that is not spent this year is lost, so a
//! pause that waits for the danger wastes days. Servers that do not stay done are left out; where none does, there is no date.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::basis::Basis;
use crate::chance::conditional::PausesAsked;
use crate::chance::lived::Course;
use crate::chance::outcome::{Danger, runs, stays_done};
use crate::cost::mail::lived_periods;
use crate::index::PerJob;
use crate::jobs::Job;
use crate::project::Project;
use crate::search::schedule::Schedule;
use brownout_kernel::policy::Granted;
use brownout_kernel::time::{DAY_SECONDS, Day, SimTime};

/// Days from which all pause days are tried to be spent, at most.
const BEGINNINGS_MAX: usize = 60;
/// Days within which a desk opens again.
const MONTH_DAYS: i32 = 31;
/// Years after the first whose budgets are spent: a clock of 90 days ends in the second at the latest.
const YEARS_MAX: i16 = 3;

/// The latest safe start for one danger.
#[derive(Clone, Debug, PartialEq)]
pub struct LatestStart {
    /// The danger.
    pub danger: Danger,
    /// Whether every pause day left is used.
    pub paused: bool,
    /// The first instant of the plan at which a server would meet the danger; `None` if none ever does.
    pub meets: Option<SimTime>,
    /// The last safe day; `None` if even starting on the first planned day is not sure enough.
    pub day: Option<Day>,
    /// The probability of staying clear when work starts on the first planned day.
    pub now: f64,
}

/// The latest safe starts for every danger, without and with pauses. No dates where no server meets a danger, and nothing where no
/// server stays done.
///
/// - `asked`: the pauses of the plan, which are one way to spend the days.
pub fn latest_starts(basis: &Basis<'_>, schedule: &Schedule, asked: &PausesAsked) -> Vec<LatestStart> {
    let mut found = Vec::new();
    if !stays_done(basis).contains(&true) {
        return found;
    }
    for danger in Danger::ALL {
        found.push(latest_start(basis, schedule, danger, None));
        if first_meeting(basis, &[], danger).is_some() && basis.project.may_pause {
            let ways = [best_spent(basis, danger), asked.grants(u64::MAX)];
            let starts = ways.iter().map(|pauses| latest_start(basis, schedule, danger, Some(pauses)));
            found.extend(starts.max_by(|a, b| (a.day.cmp(&b.day)).then(a.now.total_cmp(&b.now))));
        }
    }
    found
}

fn latest_start(basis: &Basis<'_>, schedule: &Schedule, danger: Danger, pauses: Option<&Vec<Granted>>) -> LatestStart {
    let project = basis.project;
    let paused = pauses.is_some();
    let pauses = pauses.map(Vec::as_slice).unwrap_or_default();
    let meets = first_meeting(basis, pauses, danger);
    let dates: PerJob<SimTime> = dates(basis, pauses, danger);
    let safe = |index: i32| {
        let day = Day::from_number(project.as_of.number() + index);
        let course = Course::from_day(basis.planned(schedule), &basis.booked, day);
        let clear = |done: &PerJob<SimTime>| done.iter().zip(&dates).all(|(done, danger)| done <= danger);
        let runs = runs(basis, &course);
        runs.iter().filter(|done| clear(done)).count() as f64 / runs.len().max(1) as f64
    };
    let now = safe(0);
    let level = project.risk.level;
    // Work that begins after the danger is met is too late, whatever the horizon.
    let end = meets.map_or(project.days() as i32, |at| at.day().number() - project.as_of.number() + 1);
    let day = (now >= level).then(|| {
        // Starting later never helps, so the safe days come first.
        let (mut low, mut high) = (0, end.max(1));
        while low + 1 < high {
            let middle = (low + high) / 2;
            if safe(middle) >= level { low = middle } else { high = middle }
        }
        Day::from_number(project.as_of.number() + low)
    });
    LatestStart { danger, paused, meets, day, now }
}

/// When each job's server would meet a danger under some pauses; [`SimTime::NEVER`] for those that need not be done.
fn dates(basis: &Basis<'_>, pauses: &[Granted], danger: Danger) -> PerJob<SimTime> {
    let project = basis.project;
    let stays = stays_done(basis);
    let mut known: BTreeMap<SimTime, SimTime> = BTreeMap::new();
    let mut date = |detected: SimTime| {
        *known.entry(detected).or_insert_with(|| {
            danger.within(&lived_periods(project, detected, pauses), project.as_of.start()).unwrap_or(SimTime::NEVER)
        })
    };
    let of_job = |(job, stays): (&Job, bool)| match project.servers[job.server].detected {
        Some(detected) if stays => date(detected),
        _ => SimTime::NEVER,
    };
    basis.jobs.iter().zip(stays).map(of_job).collect()
}

fn first_meeting(basis: &Basis<'_>, pauses: &[Granted], danger: Danger) -> Option<SimTime> {
    dates(basis, pauses, danger).into_iter().min().filter(|&at| at != SimTime::NEVER)
}

/// Every pause day left, spent so that the first server meets the danger as late as possible: from some day on, every day that
/// the budgets can pay. For servers detected before the plan nothing is better where pauses stop the clock: days before the
/// danger put it off by as many, and those of a year that ends are gone otherwise.
fn best_spent(basis: &Basis<'_>, danger: Danger) -> Vec<Granted> {
    let project = basis.project;
    let opens = |at: SimTime| project.desk.next(at, project.days() as i32);
    let Some(first) = opens(crate::cost::tariff::paused_until(project).max(project.as_of.start())) else {
        return Vec::new();
    };
    let last = first_meeting(basis, &[], danger).map_or(first, |at| at.day().start().max(first));
    let mut tried: BTreeSet<SimTime> = BTreeSet::from([first, last]);
    // Before its detection a pause does a server no good.
    let detections = basis.jobs.iter().filter_map(|job| project.servers[job.server].detected);
    tried.extend(detections.map(|at| at.day().start()).filter(|at| (first..=last).contains(at)));
    let years = first.year()..=last.year();
    tried.extend(years.map(SimTime::year_start).filter(|at| (first..=last).contains(at)));
    // What the desk opens for after the danger is met is no help, but is one of the ways where nothing is.
    let mut days: Vec<SimTime> = tried.into_iter().filter_map(opens).collect();
    days.dedup();
    days.truncate(BEGINNINGS_MAX);
    let spent = days.into_iter().map(|from| all_days_from(project, from));
    let meets = |pauses: &Vec<Granted>| first_meeting(basis, pauses, danger).unwrap_or(SimTime::NEVER);
    spent.max_by_key(|pauses| (meets(pauses), Reverse(pauses.first().copied()))).unwrap_or_default()
}

/// Grants from a midnight on for every day that the budgets can pay.
fn all_days_from(project: &Project, from: SimTime) -> Vec<Granted> {
    let rules = project.policy.pauses();
    let mut book = project.spent.book().clone();
    let mut grants = Vec::new();
    for year in from.year()..=from.year() + YEARS_MAX {
        let running = book.current().map_or(from, |pause| pause.to());
        let begins = from.max(SimTime::year_start(year)).max(running);
        // A pause that runs up to here goes on under a command of the new year, if somebody is there to run it.
        let Some(at) = project.desk.next(begins, MONTH_DAYS) else { continue };
        let new_year = project.desk.instant(SimTime::year_start(year + 1).day());
        let to_the_end = new_year.since(at).seconds() / DAY_SECONDS;
        let days = book.left(rules, year).min(u32::try_from(to_the_end).unwrap_or(0));
        if at.year() == year {
            grants.extend(book.grant_up_to(rules, at, days));
        }
    }
    grants
}
