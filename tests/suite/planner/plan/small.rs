//! Small projects: the planner's optimum, its pauses, its bound and its quick search against trying everything.

use brownout::planner::index::{JobIndex, PerJob, ServerIndex};
use brownout::planner::jobs::jobs;
use brownout::planner::search::bound::{bound, quick_bound};
use brownout::planner::search::dual::{Ascent, OpenCandidates};
use brownout::planner::search::effort::Effort;
use brownout::planner::search::improve::draft;
use brownout::planner::search::solve::quick_plan;
use brownout::planner::search::spending::spending;
use brownout::planner::{Basis, Project, Solution, solve};
use brownout::policy::{Granted, PauseBook, PauseRequest};
use rayon::prelude::*;

use super::brute::{Everything, Prices, try_everything};
use super::fleets::{Size, project};
use super::rules::{Way, fit_together, ways};

/// All sets of pauses over a dozen days.
const DOZEN: Size = Size { days: (3, 12), servers: (1, 3), crews: (1, 3), left: (0, 6), window_days: 1 };
/// Few pause days over up to 40 days, with weekly windows.
const LONG: Size = Size { days: (20, 40), servers: (1, 4), crews: (1, 3), left: (1, 2), window_days: 7 };
/// The same with windows on most days, and so up to 40 days on which one server's work can end.
const OFTEN: Size = Size { days: (20, 40), servers: (1, 2), crews: (1, 2), left: (1, 2), window_days: 1 };
/// Five servers.
const FIVE: Size = Size { days: (5, 16), servers: (5, 5), crews: (1, 3), left: (0, 3), window_days: 1 };

/// What is known of one compared project.
pub(super) struct Case {
    pub(super) everything: Everything,
    paused: usize,
    /// Candidate days of all jobs.
    candidate_days: usize,
    jobs: usize,
    /// Cost of the plan found without the complete search, and the bound it would be told with.
    quick: Option<(i128, i128)>,
    pub(super) project: Project,
}

/// Compares one project; `None` if there is too much to try.
fn compare(size: &Size, number: u64) -> Option<Case> {
    compared(project(size, number), number)
}

/// The same of any project.
pub(super) fn compared(project: Project, number: u64) -> Option<Case> {
    let everything = try_everything(&project)?;
    let basis = Basis::new(&project);
    offers_every_way(&project, number);
    let found = solve(&basis);
    let best = everything.best.as_ref();
    assert_eq!(found.as_ref().map(|found| found.draft.cost), best.map(|best| best.cost), "{number}: {project:?}");
    if let Some(found) = &found {
        assert!(found.bound <= found.draft.cost && found.is_optimal(), "{number}: {found:?}");
        keeps_every_rule(&project, &basis, found);
        stays_above_bounds(&basis, found, number);
    }
    let paused = found.as_ref().map_or(0, |found| found.draft.pauses.iter().filter(|&&day| day).count());
    let days = basis.jobs.iter().flat_map(|job| job.candidates.iter().map(|candidate| candidate.day));
    let mut days: Vec<usize> = days.collect();
    days.sort_unstable();
    days.dedup();
    let (candidate_days, jobs) = (days.len(), basis.jobs.len());
    let quick = best.and_then(|best| quick(&basis, best.cost, number));
    Some(Case { everything, paused, candidate_days, jobs, quick, project })
}

/// The quick search alone: never better than the optimum, which is never better than the bounds.
fn quick(basis: &Basis<'_>, optimum: i128, number: u64) -> Option<(i128, i128)> {
    let relaxed = quick_bound(basis);
    assert!(relaxed.cost <= optimum, "{number}: bound {} above the optimum {optimum}", relaxed.cost);
    let cost = quick_plan(basis, &relaxed)?.cost;
    assert!(cost >= optimum, "{number}: {cost} is better than the optimum {optimum}");
    let tight = bound(basis, relaxed, cost);
    assert!(tight.cost <= optimum, "{number}: bound {} above the optimum {optimum}", tight.cost);
    Some((cost, tight.cost))
}

/// No bound of the branching search is above the optimum.
pub(super) fn stays_above_bounds(basis: &Basis<'_>, optimum: &Solution, number: u64) {
    let (ascent, field) = (Ascent::new(basis), OpenCandidates::whole(basis));
    let mut effort = Effort::units(200_000, &basis.watch);
    let begun = ascent.begin(&optimum.draft.pauses);
    // Steps are as long as for a plan that costs twice as much, so that a bound too high has room to show.
    let climb = ascent.climb(&field, begun, (3, 20), 2 * optimum.draft.cost + 1, &mut effort);
    assert!(
        climb.is_none_or(|climb| climb.bound <= optimum.draft.cost),
        "{number}: a Lagrangian bound above the optimum"
    );
    // Under a cost that is higher by the least amount the optimum is still looked for, so no range that holds it is given up.
    for known in [2 * optimum.draft.cost + 1, optimum.draft.cost + 1] {
        let mut effort = Effort::units(1_000_000, &basis.watch);
        let spent = spending(basis, &optimum.draft.schedule, (known, 0), &mut effort);
        assert!(spent.bound <= optimum.draft.cost, "{number}: a bound by pause days above the optimum");
        let within = draft(&basis.within(&spent.most), Vec::new(), optimum.draft.schedule.clone());
        assert_eq!(within.cost, optimum.draft.cost, "{number}: pauses of {:?} days", spent.most);
    }
}

/// The planner's candidates are just the ways that the calendars offer.
fn offers_every_way(project: &Project, number: u64) {
    for job in jobs(project) {
        let place = |day: usize| project.day(day).number();
        let mut found: Vec<Way> = (job.candidates.iter())
            .map(|one| Way { at: one.at, crew: one.crew, busy: one.busy.iter().map(|&day| place(day)).collect() })
            .collect();
        found.sort();
        assert_eq!(found, ways(project, &project.servers[job.server]), "{number}: {:?}", job.server);
    }
}

/// A plan keeps the rules of schedules, its grants are paid and make its days paused, and it costs what it says.
pub(super) fn keeps_every_rule(project: &Project, basis: &Basis<'_>, found: &Solution) {
    let (rules, draft) = (project.policy.pauses(), &found.draft);
    let all: PerJob<Vec<Way>> = basis.jobs.iter().map(|job| ways(project, &project.servers[job.server])).collect();
    let way = |(index, job): (JobIndex, &brownout::planner::jobs::Job)| {
        let chosen = &job.candidates[draft.schedule[index]];
        let same = |way: &&Way| (way.at, way.crew) == (chosen.at, chosen.crew);
        (job.server, all[index].iter().find(same).expect("a way of this server"))
    };
    let chosen: Vec<(ServerIndex, &Way)> = basis.jobs.iter_enumerated().map(way).collect();
    assert!(fit_together(project, &chosen), "{}", project.name);

    let grants: Vec<PauseRequest> = basis.space.grants_of(&draft.pauses).iter().map(Granted::request).collect();
    let mut book = project.spent.book().clone();
    let (mut paused, mut paid) = (vec![false; project.days()], 0);
    for grant in &grants {
        assert!(
            project.desk.is_open(grant.at.day()) && grant.at == project.desk.instant(grant.at.day()),
            "{}",
            project.name
        );
        assert!(!book.is_paused(grant.at), "{}: the grant at {} follows no other", project.name, grant.at);
        let pause = book.grant(rules, grant.at, grant.days).expect("a planned grant is paid");
        let days = || {
            let opens = |day: usize| project.desk.instant(project.day(day));
            (0..project.days()).filter(move |&day| pause.from() <= opens(day) && opens(day) < pause.to())
        };
        paid += days().count() as u32;
        days().for_each(|day| paused[day] = true);
    }
    assert_eq!(paused, draft.pauses, "{}", project.name);
    assert_eq!(paid, grants.iter().map(|grant| grant.days).sum::<u32>(), "{}: nothing is paid in vain", project.name);
    never_overspends(project, &book);

    let prices = Prices::new(project);
    let cost = |(server, way): &(ServerIndex, &Way)| {
        prices.of_ways(&project.servers[*server], &grants, std::slice::from_ref(way))[0]
    };
    let cost = chosen.iter().map(cost).sum::<i128>()
        + prices.pause_day * i128::from(paid)
        + prices.command * grants.len() as i128
        + chosen.iter().map(|(server, way)| prices.change(&project.servers[*server], way)).sum::<i128>();
    assert_eq!(cost, draft.cost, "{}", project.name);
}

fn never_overspends(project: &Project, book: &PauseBook) {
    let most = project.policy.pauses().budget_days();
    assert!(book.used_by_year().iter().all(|used| used.1 <= most), "{}: {:?}", project.name, book.used_by_year());
}

/// The compared projects among numbers `from..from + count`.
fn compare_all(size: &Size, from: u64, count: u64) -> Vec<Case> {
    (from..from + count).into_par_iter().filter_map(|number| compare(size, number)).collect()
}

/// Seeds 0.., n as below. Everything is exact: there is no chance to allow for.
#[test]
fn small_plans_are_the_best_of_all_plans() {
    let cases: Vec<Case> = [(&DOZEN, 0, 400), (&LONG, 10_000, 350), (&OFTEN, 20_000, 400), (&FIVE, 30_000, 300)]
        .into_iter()
        .flat_map(|(size, from, count)| {
            let cases = compare_all(size, from, count);
            println!("{size:?}: {} of {count} compared", cases.len());
            cases
        })
        .collect();
    let count = |what: &str, least: usize, holds: &dyn Fn(&Case) -> bool| {
        let found = cases.iter().filter(|case| holds(case)).count();
        println!("{found} of {} {what}", cases.len());
        assert!(found >= least, "only {found} {what}");
    };
    count("compared", 1_000, &|_| true);
    count("with a plan", 600, &|case| case.everything.best.is_some());
    count("without a plan", 100, &|case| case.everything.best.is_none());
    count("with pauses in the best plan", 200, &|case| case.paused > 0);
    count("cheaper for their pauses", 200, &|case| {
        case.everything.unpaused > case.everything.best.as_ref().map(|best| best.cost)
    });
    count("with a choice of schedules", 500, &|case| case.everything.schedules > 1);
    count("with more than 100 schedules and 50 pause sets", 60, &|case| {
        case.everything.schedules > 100 && case.everything.pause_sets > 50
    });
    count("with a cost", 400, &|case| case.everything.best.as_ref().is_some_and(|best| best.cost > 0));
    count("with five jobs", 150, &|case| case.jobs == 5);
    count("with more than 30 candidate days", 20, &|case| case.candidate_days > 30);
    count("with several crews", 500, &|case| case.project.crews.len() > 1);
    let year = |day: brownout::time::Day| day.start().year();
    let over_new_year = |project: &Project| year(project.as_of) < year(project.day(project.days() - 1));
    count("over New Year", 300, &|case| over_new_year(&case.project));
    count("paused on both sides of New Year", 20, &|case| {
        let paused = case.everything.best.iter().flat_map(|best| &best.paused);
        let years: Vec<i16> = paused.map(|&day| year(case.project.day(day))).collect();
        years.first() != years.last()
    });
    quick_plans_are_near(&cases);
}

/// How far the quick search stays from the optimum, as a share of it.
fn quick_plans_are_near(cases: &[Case]) {
    let planned: Vec<&Case> = cases.iter().filter(|case| case.everything.best.is_some()).collect();
    let gap = |case: &&Case| {
        let best = case.everything.best.as_ref().map_or(0, |best| best.cost);
        let (cost, _) = case.quick?;
        Some(if cost == best { 0.0 } else { (cost - best) as f64 / best as f64 })
    };
    let mut gaps: Vec<f64> = planned.iter().map(|case| gap(case).unwrap_or(f64::INFINITY)).collect();
    gaps.sort_by(f64::total_cmp);
    let within = |most: f64| gaps.iter().filter(|gap| **gap <= most).count() as f64 / gaps.len() as f64;
    println!(
        "quick search: {:.1} % exact, {:.1} % within 1 %, {:.1} % within 10 %, worst {:?}",
        100.0 * within(0.0),
        100.0 * within(0.01),
        100.0 * within(0.1),
        gaps.last()
    );
    assert!(within(0.01) >= 0.9);
    let near = |case: &&Case| {
        case.quick.is_some_and(|(_, b)| {
            let best = case.everything.best.as_ref().map_or(0, |best| best.cost);
            best - b <= best / 50
        })
    };
    println!("bounds within 2 %: {} of {}", planned.iter().filter(|c| near(c)).count(), planned.len());
}
