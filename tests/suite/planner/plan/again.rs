//! Planning again: what went as planned leaves the rest as it was, and a change pays its price.

use brownout::planner::chance::outcome::courses;
use brownout::planner::index::PerJob;
use brownout::planner::search::bound::{bound, quick_bound};
use brownout::planner::{Basis, Former, InHand, Project, recalled, solve};
use brownout::policy::{PauseBook, PauseRequest, Spent};
use brownout::time::{Day, SimTime};
use brownout::watch::Watch;
use rayon::prelude::*;

use super::brute::try_everything;
use super::certain::certain;
use super::dice::Dice;
use super::fleets::{Size, project};
use super::small::{keeps_every_rule, stays_above_bounds};

const SMALL: Size = Size { days: (14, 60), servers: (2, 6), crews: (1, 3), left: (0, 6), window_days: 1 };

/// The project some days later, everything done as planned.
fn later(project: &Project, former: &Former, days: i64) -> Project {
    let as_of = Day::from_number(project.as_of.number() + days as i32);
    let happened = former.as_planned(as_of);
    let spent = spent(project, &happened.had);
    let next = project.with(|parts| {
        for server in &mut parts.servers {
            let name = &server.name;
            server.done = server.done.or(happened.done.iter().find(|done| done.0 == *name).map(|done| done.1));
            let begun = happened.in_hand.iter().find(|begun| begun.0 == *name);
            server.in_hand = begun.map(|begun| InHand { since: Some(begun.1), keeps: None });
        }
        (parts.as_of, parts.spent) = (as_of, spent);
    });
    let mut next = next.unwrap();
    next.remember(former.clone());
    next
}

/// What a tenant has spent that asked for further pauses.
fn spent(project: &Project, more: &[PauseRequest]) -> Spent {
    let rules = project.policy.pauses();
    let mut had: Vec<PauseRequest> = project.spent.grants().iter().map(|grant| grant.request()).collect();
    let mut book = PauseBook::new();
    for pause in &had {
        let _ = book.grant(rules, pause.at, pause.days);
    }
    let years = project.as_of.civil().year() - 1..=project.horizon.civil().year() + 1;
    let used: Vec<(i16, u32)> = years.map(|year| (year, project.spent.book().used(year) - book.used(year))).collect();
    had.extend(more);
    Spent::new(rules, &used, &had).unwrap()
}

/// Servers that moved although everything went as planned, of those ahead; `None` if there was nothing to plan again.
fn moved(project: &Project, number: u64) -> Option<(usize, usize)> {
    let former = recalled(project, &Watch::never())?;
    let days = Dice::new(number ^ 0xa9a1).between(1..=(project.days() as i64 / 2).max(1));
    let next = later(project, &former, days);
    let basis = Basis::new(&next);
    if basis.jobs.is_empty() {
        return None;
    }
    let found = solve(&basis).unwrap_or_else(|| panic!("{number}: no plan {days} days later"));
    assert!(basis.kept.iter().all(Option::is_some), "{number}: a date is not possible any more {days} days later");
    assert!(found.bound <= found.draft.cost, "{number}");
    keeps_every_rule(&next, &basis, &found);
    if next.risk.failure_prob == 0.0 {
        let planned: PerJob<SimTime> =
            basis.jobs.iter().zip(&found.draft.schedule).map(|(job, &index)| job.candidates[index].at).collect();
        let lived = courses(&basis, &found.draft.schedule);
        assert!(lived.iter().all(|course| *course == planned), "{number}: {planned:?} {:?}", lived[0]);
    }
    Some((basis.moved(&found.draft.schedule), basis.jobs.len()))
}

/// Plans projects again that went as planned, and returns those in which servers moved, with how many.
fn moved_in(projects: &(dyn Fn(u64) -> Project + Sync), planned_least: usize) -> Vec<(u64, usize)> {
    let again = |number: u64| Some((number, moved(&projects(number), number)?));
    let found: Vec<(u64, (usize, usize))> = (0..300_u64).into_par_iter().filter_map(again).collect();
    let ahead: usize = found.iter().map(|found| found.1.1).sum();
    println!("{} planned again, {ahead} servers ahead", found.len());
    assert!(found.len() >= planned_least, "{}", found.len());
    found.into_iter().map(|found| (found.0, found.1.0)).filter(|found| found.1 > 0).collect()
}

/// Numbers 0..300. Exact: there is no chance to allow for.
#[test]
fn what_went_as_planned_leaves_every_date_ahead_as_it_was_and_is_lived_so() {
    let of = |stability: f64| {
        move |number: u64| {
            let mut project = certain(&SMALL, number);
            project.change(|parts| parts.weights.stability = stability).unwrap();
            project
        }
    };
    assert_eq!(moved_in(&of(10.0), 200), [], "project and servers that moved");
    assert_eq!(moved_in(&of(0.0), 200), [], "project and servers that moved, where a move costs nothing");
}

/// Pauses are fitted to chance, so more of them are had than the dates alone would ask for, and dates move where that saves more
/// than it costs. At this price nothing does. Numbers 0..300, 50 replications.
#[test]
fn pauses_fitted_to_chance_move_no_date_that_is_dear_to_move() {
    let chancy = |number: u64| {
        let dear = project(&SMALL, number).with(|parts| {
            (parts.replications, parts.search_seconds, parts.weights.stability) = (50, 1, 1e5);
        });
        dear.unwrap()
    };
    assert_eq!(moved_in(&chancy, 200), []);
}

/// The same fleet with other volumes some days later: what is found is what trying everything finds, changes priced in.
fn changed(number: u64) -> Option<(usize, usize)> {
    let size = Size { days: (5, 16), servers: (2, 4), crews: (1, 3), left: (0, 3), window_days: 1 };
    let before = certain(&size, number);
    let former = recalled(&before, &Watch::never())?;
    let mut dice = Dice::new(number ^ 0xc4a6);
    let next = later(&before, &former, dice.between(0..=2)).with(|parts| {
        for server in &mut parts.servers {
            server.volume = dice.pick(&[1, 50_000, 400_000, 1_234_567, 7_000_001, 90_000_000]);
        }
        parts.weights.stability = dice.pick(&[0.0, 10.0, 300.0, 4_000.0]);
        parts.gap_days = dice.pick(&[parts.gap_days, parts.gap_days, 1]);
    });
    let next = next.unwrap();
    let everything = try_everything(&next)?;
    let basis = Basis::new(&next);
    let found = solve(&basis);
    assert_eq!(found.as_ref().map(|found| found.draft.cost), everything.best.map(|best| best.cost), "{number}");
    let found = found?;
    assert!(found.is_optimal(), "{number}: {found:?}");
    keeps_every_rule(&next, &basis, &found);
    let relaxed = quick_bound(&basis);
    let tight = bound(&basis, relaxed.clone(), found.draft.cost);
    assert!(relaxed.cost.max(tight.cost) <= found.draft.cost, "{number}: a bound above the optimum");
    stays_above_bounds(&basis, &found, number);
    Some((basis.moved(&found.draft.schedule), basis.kept.iter().flatten().count()))
}

/// Numbers 1000..1600. Exact.
#[test]
fn changes_are_made_just_where_they_save_more_than_they_cost() {
    let found: Vec<(usize, usize)> = (1_000..1_600_u64).into_par_iter().filter_map(changed).collect();
    let (moved, could) = found.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("{} compared, {moved} of {could} servers moved", found.len());
    assert!(found.len() >= 100 && moved >= 20 && could - moved >= 100, "{} {moved} {could}", found.len());
}
