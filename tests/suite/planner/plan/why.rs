//! Why servers have their dates: every reason against the rules written a second time, every price against the mail table.

use std::collections::BTreeMap;

use brownout::planner::index::{CandidateIndex, PerJob, ServerIndex};
use brownout::planner::search::schedule::Schedule;
use brownout::planner::search::why::{Binding, Why, reasons};
use brownout::planner::{Basis, FleetServer, Former, FormerDate, Project, Solution, solve};
use brownout::policy::{Granted, PauseRequest};
use brownout::time::Day;
use rayon::prelude::*;

use super::brute::Prices;
use super::fleets::{Size, project};
use super::rules::{Way, fit_together, ways};
use super::stated::state;

const SMALL: Size = Size { days: (10, 45), servers: (2, 6), crews: (1, 2), left: (0, 4), window_days: 1 };

/// The ways that a schedule takes, by server.
fn taken(project: &Project, basis: &Basis<'_>, schedule: &Schedule) -> PerJob<(ServerIndex, Way)> {
    let way = |(job, &index): (&brownout::planner::jobs::Job, &CandidateIndex)| {
        let chosen = &job.candidates[index];
        let all = ways(project, &project.servers[job.server]);
        (job.server, all.into_iter().find(|way| (way.at, way.crew) == (chosen.at, chosen.crew)).expect("a way"))
    };
    basis.jobs.iter().zip(schedule).map(way).collect()
}

/// What a schedule's mail and changes cost under some pauses.
fn cost(project: &Project, taken: &PerJob<(ServerIndex, Way)>, grants: &[PauseRequest]) -> i128 {
    let prices = Prices::new(project);
    let one = |(server, way): &(ServerIndex, Way)| {
        let server = &project.servers[*server];
        prices.of_ways(server, grants, std::slice::from_ref(way))[0] + prices.change(server, way)
    };
    taken.iter().map(one).sum()
}

/// The reason of one server: nothing of its own allows an earlier way, or others do not let it, or it is possible and no cheaper.
fn is_right(project: &Project, basis: &Basis<'_>, found: &Solution, why: &Why, grants: &[PauseRequest]) {
    let mut now = taken(project, basis, &found.draft.schedule);
    let own = ways(project, &project.servers[now[why.job].0]);
    let at = now[why.job].1.at;
    let said = format!("{}: {why:?}", project.name);
    let Some(nearest) = own.iter().filter(|way| way.at < at).map(|way| way.at).max() else {
        let among = [Binding::Crew, Binding::Wave, Binding::Cost];
        return assert!(!among.contains(&why.binding), "{said}");
    };
    assert_eq!(why.instead, Some(nearest), "{said}");
    let before = cost(project, &now, grants);
    let allowed = own.iter().filter(|way| way.at == nearest).filter(|way| {
        now[why.job].1 = (*way).clone();
        let together: Vec<(ServerIndex, &Way)> = now.iter().map(|(server, way)| (*server, way)).collect();
        let fits = fit_together(project, &together);
        // Nothing that is allowed is cheaper than the best plan.
        assert!(!fits || cost(project, &now, grants) >= before, "{said}");
        fits
    });
    assert_eq!(allowed.count() > 0, why.binding == Binding::Cost, "{said}");
}

/// Every other date is one that keeps all rules, and costs what is said.
fn is_priced(project: &Project, basis: &Basis<'_>, found: &Solution, why: &Why, grants: &[PauseRequest]) -> usize {
    let now = taken(project, basis, &found.draft.schedule);
    let shifts = [&why.earlier, &why.later].into_iter().flatten();
    let checked = shifts.map(|shift| {
        let other = taken(project, basis, &shift.schedule);
        let together: Vec<(ServerIndex, &Way)> = other.iter().map(|(server, way)| (*server, way)).collect();
        assert!(fit_together(project, &together), "{}: {why:?}", project.name);
        assert_eq!(other[why.job].1.at, shift.at);
        let more = cost(project, &other, grants) - cost(project, &now, grants);
        let points = brownout::planner::cost::tariff::points(more);
        assert!((points - shift.points).abs() <= 1e-9 * points.abs().max(1.0), "{}: {points} {why:?}", project.name);
        assert!(!found.is_optimal() || more >= 0, "{}: better than the best {why:?}", project.name);
    });
    checked.count()
}

/// The project with a former plan in which each server comes last among its ways, and changes that are dear.
fn announced(mut project: Project) -> Project {
    let date = |server: &FleetServer| {
        let way = ways(&project, server).pop()?;
        let (crew, start) = (project.crews[way.crew].name.clone(), Day::from_number(way.busy[0]));
        Some(FormerDate { server: server.name.clone(), crew, start, at: way.at })
    };
    let dates = project.servers.iter().filter(|server| server.done.is_none()).filter_map(date).collect();
    project.change(|parts| parts.weights.stability = 1e5).unwrap();
    project.remember(Former { dates, ..Former::default() });
    project
}

/// Numbers 0..300: a third as they are, a third with stated dates and waves, a third planned again. Exact.
#[test]
fn every_reason_is_a_rule_that_holds_and_every_price_is_that_of_a_plan() {
    let of = |number: u64| {
        let plain = project(&SMALL, number);
        let project = match number % 3 {
            0 => plain,
            1 => state(plain, number),
            _ => announced(plain),
        };
        let basis = Basis::new(&project);
        let found = solve(&basis)?;
        let grants: Vec<PauseRequest> =
            basis.space.grants_of(&found.draft.pauses).iter().map(Granted::request).collect();
        let all = reasons(&basis, &found.draft.schedule, &found.draft.pauses);
        assert_eq!(all.len(), basis.jobs.len());
        all.iter().for_each(|why| is_right(&project, &basis, &found, why, &grants));
        let priced: usize = all.iter().map(|why| is_priced(&project, &basis, &found, why, &grants)).sum();
        Some((all.iter().map(|why| why.binding.name()).collect::<Vec<_>>(), priced))
    };
    let found: Vec<(Vec<&str>, usize)> = (0..300_u64).into_par_iter().filter_map(of).collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    found.iter().flat_map(|found| &found.0).for_each(|kind| *kinds.entry(kind).or_default() += 1);
    let priced: usize = found.iter().map(|found| found.1).sum();
    println!("{} projects, {priced} other dates, {kinds:?}", found.len());
    assert!(found.len() >= 100 && priced >= 200, "{} {priced}", found.len());
    for kind in ["crew", "work", "freeze", "gap", "date", "depends_on", "wave", "cost", "window"] {
        assert!(kinds.get(kind).copied().unwrap_or(0) >= 3, "few of {kind}: {kinds:?}");
    }
}
