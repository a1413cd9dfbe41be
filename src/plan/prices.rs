//! What a little more room would be worth: each price is a plan of its own, made anew with that room.

use super::basis::Basis;
use super::improve::Draft;
use super::mail::Fate;
use super::outcome::Fleet;
use super::project::Project;
use super::solve::{Solution, solve_near};
use crate::time::{DAY_SECONDS, Day, SimDuration, SimTime};

/// Weekends that are tried for one more.
const WEEKENDS_MAX: usize = 2;

/// What one thing more would save.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// What there would be more of.
    pub what: String,
    /// Messages saved, lost ones.
    pub lost: f64,
    /// Points saved, all that is minimised.
    pub points: f64,
    /// Days by which the last cut-over would be earlier; below 0 if it were later.
    pub days: i64,
}

/// The prices around a solution, the most worthwhile first.
pub fn prices(basis: &Basis<'_>, solution: &Solution) -> Vec<Price> {
    let project = basis.project;
    let base = Figures::of(basis, &solution.draft);
    let mut changes = vec![more_pause(project)];
    changes.extend((0..project.crews.len()).map(|crew| one_more_crew(project, crew)));
    changes.extend(shorter_freezes(project));
    let mut found: Vec<Price> =
        changes.into_iter().filter_map(|(what, changed)| price(&base, what, &changed)).collect();
    found.extend(best_weekend(project, &base));
    found.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.what.cmp(&b.what)));
    found
}

/// What a plan comes to.
struct Figures {
    points: f64,
    fate: Fate,
    last: Option<SimTime>,
    pauses: Vec<bool>,
}

impl Figures {
    fn of(basis: &Basis<'_>, draft: &Draft) -> Self {
        let requests = basis.space.requests(&draft.pauses);
        let fleet = Fleet::new(basis.project, &requests);
        let at = |job: usize| basis.jobs[job].candidates[draft.schedule[job]].at;
        let fates = (0..basis.jobs.len()).map(|job| fleet.fate(basis.jobs[job].server, at(job)));
        Figures {
            points: super::tariff::points(draft.cost),
            fate: fates.fold(Fate::default(), Fate::plus),
            last: (0..basis.jobs.len()).map(at).max(),
            pauses: draft.pauses.clone(),
        }
    }
}

fn price(base: &Figures, what: String, changed: &Project) -> Option<Price> {
    let basis = Basis::new(changed);
    let draft = solve_near(&basis, &base.pauses)?;
    let figures = Figures::of(&basis, &draft);
    // More room never costs; where the search found nothing better, the old plan stands.
    if figures.points >= base.points {
        return Some(Price { what, lost: 0.0, points: 0.0, days: 0 });
    }
    let days = |last: Option<SimTime>| last.map_or(0, |at| i64::from(at.day().number()));
    Some(Price {
        what,
        lost: base.fate.lost_messages() - figures.fate.lost_messages(),
        points: base.points - figures.points,
        days: days(base.last) - days(figures.last),
    })
}

fn more_pause(project: &Project) -> (String, Project) {
    let mut changed = project.clone();
    changed.policy.pauses.budget_days += 1;
    ("one more pause day a year".to_owned(), changed)
}

fn one_more_crew(project: &Project, crew: usize) -> (String, Project) {
    let mut changed = project.clone();
    let mut another = project.crews[crew].clone();
    let what = format!("one more crew like {}", another.name);
    another.name = format!("another {}", another.name);
    changed.crews.push(another);
    let new = changed.crews.len() - 1;
    changed.servers.iter_mut().filter(|server| server.crews.contains(&crew)).for_each(|server| server.crews.push(new));
    (what, changed)
}

/// Every freeze that touches the plan, a week shorter at its end.
fn shorter_freezes(project: &Project) -> Vec<(String, Project)> {
    let mut changes: Vec<(String, Project)> = Vec::new();
    let (from, to) = (project.as_of.start(), project.horizon.start());
    let week = SimDuration::from_days(7);
    let crews = project.crews.iter().flat_map(|crew| &crew.openings.freezes).flat_map(|freeze| &freeze.stretches);
    let mut stretches: Vec<(SimTime, SimTime)> =
        crews.copied().filter(|stretch| stretch.0 < to && stretch.1 > from).collect();
    stretches.sort_unstable();
    stretches.dedup();
    for stretch in stretches {
        let mut changed = project.clone();
        for crew in &mut changed.crews {
            for freeze in &mut crew.openings.freezes {
                let hit = freeze.stretches.iter_mut().filter(|other| **other == stretch);
                hit.for_each(|other| other.1 = (other.1 - week).max(other.0));
            }
        }
        changes.push((format!("the freeze of {} to {} a week shorter", stretch.0.day(), stretch.1.day()), changed));
    }
    changes
}

/// The first weekends on which a crew cannot cut over, each opened once; the best of them.
fn best_weekend(project: &Project, base: &Figures) -> Option<Price> {
    let mut tried = Vec::new();
    for (place, crew) in project.crews.iter().enumerate() {
        for saturday in closed_weekends(project, place).into_iter().take(WEEKENDS_MAX) {
            let mut changed = project.clone();
            let morning = SimDuration::from_seconds(8 * 3600);
            let days = [saturday.start(), saturday.start() + SimDuration::from_seconds(DAY_SECONDS)];
            changed.crews[place].extra.extend(days.map(|day| day + morning));
            changed.crews[place].extra.sort_unstable();
            tried.extend(price(base, format!("one more weekend for {} ({saturday})", crew.name), &changed));
        }
    }
    tried.into_iter().reduce(|best, next| if next.points > best.points { next } else { best })
}

/// Saturdays of weekends on which a crew has no opening, rising.
fn closed_weekends(project: &Project, crew: usize) -> Vec<Day> {
    let open = |day: Day| {
        let (from, to) = (day.start(), day.start() + SimDuration::from_days(2));
        project.crews[crew].openings.occurrences(from, to, u32::MAX).next().is_some()
    };
    let days = (0..project.days()).map(|place| project.day(place));
    days.filter(|day| day.weekday() == 5 && !open(*day)).collect()
}
