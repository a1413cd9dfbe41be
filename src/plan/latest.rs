//! The latest safe start: the last day on which work can begin and still, as surely as asked, stay clear of a danger.
//!
//! Work goes in the order of the plan, each server as soon as its crew can. A day is safe if the share of replications in which
//! every server is done before it meets the danger is at least the risk level. Looked at without any further pause, and with
//! every pause day left, taken in one piece from the day on which the first server would meet the danger.

use super::basis::Basis;
use super::lived::Course;
use super::outcome::{Danger, Fleet, clear, runs};
use super::schedule::Schedule;
use crate::policy::{PauseBook, PauseRequest};
use crate::time::{Day, SimTime};

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

/// The latest safe starts for every danger, without and with pauses. No dates where no server meets a danger.
pub fn latest_starts(basis: &Basis<'_>, schedule: &Schedule) -> Vec<LatestStart> {
    let mut found = Vec::new();
    for danger in Danger::ALL {
        for paused in [false, true] {
            found.extend(latest_start(basis, schedule, danger, paused));
        }
    }
    found
}

fn latest_start(basis: &Basis<'_>, schedule: &Schedule, danger: Danger, paused: bool) -> Option<LatestStart> {
    let project = basis.project;
    let meets = first_meeting(basis, &Fleet::new(project, &[]), danger);
    let pause = if paused { longest_pause(basis, meets?)? } else { Vec::new() };
    let fleet = Fleet::new(project, &pause);
    let meets = first_meeting(basis, &fleet, danger);
    let safe = |place: usize| {
        let course = Course::from_day(project, &basis.jobs, schedule, project.day(place));
        clear(basis, &fleet, &runs(basis, &course), danger)
    };
    let now = safe(0);
    let level = project.risk.level;
    let end = project.days();
    let day = (now >= level).then(|| {
        // Starting later never helps, so the safe days come first.
        let (mut low, mut high) = (0, end);
        while low + 1 < high {
            let middle = (low + high) / 2;
            if safe(middle) >= level { low = middle } else { high = middle }
        }
        project.day(low)
    });
    Some(LatestStart { danger, paused, meets, day, now })
}

fn first_meeting(basis: &Basis<'_>, fleet: &Fleet<'_>, danger: Danger) -> Option<SimTime> {
    let dates =
        basis.jobs.iter().filter_map(|job| danger.from(fleet.fortune(job.server)?, basis.project.as_of.start()));
    dates.min()
}

/// Every pause day left in one piece from the midnight before `meets`, or from the first planned day if that is later.
fn longest_pause(basis: &Basis<'_>, meets: SimTime) -> Option<Vec<PauseRequest>> {
    let project = basis.project;
    let at = meets.day().start().max(super::tariff::paused_until(project)).max(project.as_of.start());
    let mut book: PauseBook = super::tariff::opened_book(project);
    if !project.may_pause {
        return None;
    }
    let pause = book.grant_up_to(&project.policy.pauses, at, project.days() as u32)?;
    Some(vec![PauseRequest { at, days: pause.days() as u32 }])
}
