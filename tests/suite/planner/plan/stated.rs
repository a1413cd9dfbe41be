//! Dates and waves that a team states: the planner against trying everything, and against living the plan.

use brownout::planner::cost::tariff::points;
use brownout::planner::findings::plan;
use brownout::planner::index::{CandidateIndex, PerServer, ServerIndex};
use brownout::planner::search::bound::quick_bound;
use brownout::planner::search::solve::{quick_plan, solve};
use brownout::planner::{Basis, Project};
use brownout::watch::Watch;
use rayon::prelude::*;

use super::certain::{certain, is_lived};
use super::dice::Dice;
use super::fleets::{Size, later, project};
use super::small::{Case, compared};

const SHORT: Size = Size { days: (6, 16), servers: (1, 4), crews: (1, 3), left: (0, 4), window_days: 1 };
const WEEKLY: Size = Size { days: (20, 40), servers: (2, 4), crews: (1, 3), left: (0, 2), window_days: 7 };
const LARGE: Size = Size { days: (90, 160), servers: (7, 16), crews: (1, 3), left: (0, 9), window_days: 1 };

/// States dates for some servers, and waves in half of the projects. Waves and dependencies never contradict each other.
pub(super) fn state(project: Project, number: u64) -> Project {
    let mut dice = Dice::new(number ^ 0x5747);
    let days = project.days() as i64;
    let as_of = project.as_of;
    let mut servers = project.servers.clone();
    for server in &mut servers {
        let mut day = |from: i64, to: i64| later(as_of, dice.between(from..=to.max(from)));
        let drawn = (day(-2, days / 2), day(days / 3, days + 2), day(0, days - 1), day(0, days - 1), day(0, days - 1));
        let dates = &mut server.dates;
        dates.not_before = dice.percent(25).then_some(drawn.0);
        dates.not_after = dice.percent(25).then_some(drawn.1);
        dates.on = dice.percent(15).then_some(drawn.2);
        if dice.percent(35) {
            dates.forbid = vec![(drawn.3, later(drawn.3, dice.between(0..=5))), (drawn.4, drawn.4)];
        }
    }
    if dice.percent(50) {
        for server in &mut servers {
            server.wave = dice.percent(85).then(|| dice.between(0..=2) as u32);
        }
        let waves: PerServer<Option<u32>> = servers.iter().map(|server| server.wave).collect();
        for (server, wave) in servers.iter_mut().zip(&waves) {
            server.depends_on.retain(|&other| wave.is_some() && waves[other].is_some() && waves[other] <= *wave);
        }
    }
    project.with(|parts| parts.servers = servers).unwrap()
}

/// Numbers 0..400 and 10,000..10,300. Exact: there is no chance to allow for.
#[test]
fn plans_under_stated_dates_and_waves_are_the_best_of_all_that_keep_them() {
    let numbers = (0..400).map(|number| (&SHORT, number)).chain((10_000..10_300).map(|number| (&WEEKLY, number)));
    let numbers: Vec<(&Size, u64)> = numbers.collect();
    let of = |(size, number): (&Size, u64)| compared(state(project(size, number), number), number);
    let cases: Vec<Case> = numbers.into_par_iter().filter_map(of).collect();
    let count = |what: &str, least: usize, holds: &dyn Fn(&Case) -> bool| {
        let found = cases.iter().filter(|case| holds(case)).count();
        println!("{found} of {} {what}", cases.len());
        assert!(found >= least, "only {found} {what}");
    };
    let open = |case: &Case, holds: &dyn Fn(&brownout::planner::FleetServer) -> bool| {
        case.everything.best.is_some()
            && case.project.servers.iter().any(|server| server.done.is_none() && holds(server))
    };
    count("with a plan", 200, &|case| case.everything.best.is_some());
    count("without a plan", 100, &|case| case.everything.best.is_none());
    count("with a day that must be kept", 20, &|case| open(case, &|server| server.dates.on.is_some()));
    count("with a last day", 60, &|case| open(case, &|server| server.dates.not_after.is_some()));
    count("with forbidden days", 60, &|case| open(case, &|server| !server.dates.forbid.is_empty()));
    let waves = |case: &Case| {
        let mut waves: Vec<u32> =
            case.project.servers.iter().filter(|s| s.done.is_none()).filter_map(|s| s.wave).collect();
        waves.sort_unstable();
        waves.dedup();
        waves.len()
    };
    count("with two waves", 40, &|case| case.everything.best.is_some() && waves(case) >= 2);
    count("with three waves", 5, &|case| case.everything.best.is_some() && waves(case) >= 3);
}

/// A project whose dates are stated so that a known plan keeps them: some days to a day, some as deadlines, and waves in its order.
fn with_known_plan(number: u64) -> Option<Project> {
    let project = certain(&LARGE, number);
    let mut dice = Dice::new(number ^ 0xd3ad);
    let (days, orders): (Vec<(ServerIndex, usize, usize)>, _) = {
        let basis = Basis::new(&project);
        let draft = quick_plan(&basis, &quick_bound(&basis))?;
        let of_job = |(job, &index): (&brownout::planner::jobs::Job, &CandidateIndex)| {
            let candidate = &job.candidates[index];
            (job.server, candidate.busy[0], candidate.day)
        };
        (basis.jobs.iter().zip(&draft.schedule).map(of_job).collect(), dice.percent(50))
    };
    let mut servers = project.servers.clone();
    for &(server, _, day) in &days {
        let at = project.day(day);
        let dates = &mut servers[server].dates;
        match dice.between(0..=3) {
            0 => dates.on = Some(at),
            1 => dates.not_after = Some(later(at, dice.between(0..=3))),
            2 => dates.not_before = Some(later(at, -dice.between(0..=5))),
            _ => {}
        }
    }
    // A wave ends where everything that has begun is done.
    if orders {
        for &(server, begins, _) in &days {
            let apart = |day: usize| days.iter().all(|other| other.2 < day || other.1 >= day);
            let wave = (1..=begins).filter(|&day| apart(day)).count();
            servers[server].wave = Some(wave as u32);
        }
    }
    project.with(|parts| parts.servers = servers).ok()
}

/// Numbers 0..150. Exact.
#[test]
fn where_a_plan_is_known_to_keep_the_dates_one_is_found() {
    let of = |number: u64| {
        let project = with_known_plan(number)?;
        let (basis, waves) = (Basis::new(&project), project.servers.iter().filter_map(|server| server.wave).max());
        Some((number, waves.unwrap_or(0), solve(&basis).is_some()))
    };
    let found: Vec<(u64, u32, bool)> = (0..150_u64).into_par_iter().filter_map(of).collect();
    let missed: Vec<u64> = found.iter().filter(|found| !found.2).map(|found| found.0).collect();
    let waves = found.iter().filter(|found| found.1 > 1).count();
    println!("{} projects, {waves} with waves, missed {missed:?}", found.len());
    assert!(found.len() >= 60 && waves >= 10, "{} {waves}", found.len());
    assert!(missed.is_empty(), "{missed:?}");
}

/// Numbers 0..200 and 50,000..50,100. Exact.
#[test]
fn without_chance_stated_dates_and_waves_are_lived_exactly_as_planned() {
    let numbers = (0..200).map(|number| (&WEEKLY, number)).chain((50_000..50_100).map(|number| (&LARGE, number)));
    let numbers: Vec<(&Size, u64)> = numbers.collect();
    let lived =
        numbers.into_par_iter().filter(|(size, number)| is_lived(&state(certain(size, *number), *number))).count();
    println!("{lived} of 300 have a plan");
    assert!(lived >= 60, "{lived}");
}

/// Numbers 0..400. What a server's dates, or the order of waves, cost is the difference of two plans made whole, each the best there is;
/// a price may miss some of it, as it is found in a short search, but never tells more.
#[test]
fn what_stated_dates_and_waves_cost_is_what_the_best_plan_without_them_saves() {
    let of = |number: u64| {
        let project = state(project(&SHORT, number), number);
        let with = plan(&project, &Watch::never()).ok().filter(|found| found.solution.is_optimal())?;
        let saved = |changed: &Project| {
            let without = plan(changed, &Watch::never()).ok()?;
            let draft = without.solution.is_optimal().then_some(without.solution.draft)?;
            Some(points(with.solution.draft.cost - draft.cost).max(0.0))
        };
        let mut told = Vec::new();
        for price in &with.prices.found {
            let dated = price.what.split(" without its dates").next().filter(|name| *name != price.what);
            let changed = project.with(|parts| match dated {
                None => parts.servers.iter_mut().for_each(|server| server.wave = None),
                Some(name) => {
                    let server = parts.servers.iter_mut().find(|server| server.name == name).expect("a server");
                    server.dates = Default::default();
                }
            });
            if dated.is_none() && price.what != "no order of waves" {
                continue;
            }
            let most = saved(&changed.unwrap())?;
            assert!(price.points <= most + 1e-6 * most.max(1.0), "{number}: {price:?} {most}");
            told.push((price.points >= most - 1e-6 * most.max(1.0), most > 0.0));
        }
        let dated = project.servers.iter().filter(|server| server.done.is_none() && !server.dates.is_free()).count();
        let waves = project.servers.iter().any(|server| server.done.is_none() && server.wave.is_some());
        assert_eq!(told.len(), dated.min(8) + usize::from(waves), "{number}");
        Some(told)
    };
    let told: Vec<(bool, bool)> = (0..400).into_par_iter().filter_map(of).flatten().collect();
    let (exact, worth) = (told.iter().filter(|one| one.0).count(), told.iter().filter(|one| one.1).count());
    println!("{exact} of {} prices are exact, {worth} are above 0", told.len());
    assert!(worth >= 15 && exact * 20 >= told.len() * 19, "{exact} of {} exact, {worth} above 0", told.len());
}
