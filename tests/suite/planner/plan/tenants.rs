//! Several tenants whose crews are the same: what is found is what trying everything finds, and is lived as planned.

use std::collections::BTreeMap;

use brownout::planner::chance::growth::first_courses;
use brownout::planner::cost::tariff::Cost;
use brownout::planner::findings::NoPlan;
use brownout::planner::index::{CandidateIndex, JobIndex, PerTenant, ServerIndex};
use brownout::planner::search::improve::fitted;
use brownout::planner::search::schedule::Schedule;
use brownout::planner::tenants::{TogetherFindings, bound, plan_together};
use brownout::planner::{Basis, FleetServer, Project};
use brownout::time::SimTime;
use brownout::watch::Watch;
use rayon::prelude::*;

use super::certain::certain;
use super::fleets::{Size, project};

const TINY: Size = Size { days: (8, 16), servers: (2, 5), crews: (1, 2), left: (0, 4), window_days: 1 };
const SMALL: Size = Size { days: (20, 60), servers: (4, 10), crews: (1, 2), left: (0, 6), window_days: 1 };

/// The servers of a project dealt out to tenants, each with the policy and a budget like that of the whole.
fn dealt(whole: &Project, tenants: usize) -> PerTenant<Project> {
    let tenant = |tenant: usize| {
        let own: Vec<ServerIndex> = whole.servers.keys().filter(|&s| usize::from(s) % tenants == tenant).collect();
        let place = |server: &ServerIndex| own.iter().position(|known| known == server).map(ServerIndex::from);
        let server = |&index: &ServerIndex| {
            let server = &whole.servers[index];
            FleetServer { depends_on: server.depends_on.iter().filter_map(place).collect(), ..server.clone() }
        };
        let name = format!("tenant {tenant}");
        let servers = own.iter().map(server).collect();
        // A tenant without servers is none.
        whole.with(|parts| (parts.tenant, parts.servers) = (Some(name), servers)).ok()
    };
    (0..tenants).filter_map(tenant).collect()
}

/// A way in which a tenant can do all its jobs: what it costs, and which places it takes.
type Way = (Cost, BTreeMap<(usize, usize), u32>);

/// All ways of a tenant that keep its own rules, by rules written here a second time.
fn ways(basis: &Basis<'_>) -> Vec<Way> {
    let mut all: Vec<Vec<CandidateIndex>> = vec![Vec::new()];
    for job in &basis.jobs {
        let longer = |before: &Vec<CandidateIndex>| {
            let before = before.clone();
            job.candidates.keys().map(move |candidate| [before.clone(), vec![candidate]].concat())
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.into_iter().filter_map(|chosen| way(basis, chosen.into())).collect()
}

fn way(basis: &Basis<'_>, chosen: Schedule) -> Option<Way> {
    let mut places: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    let of = |job: JobIndex| &basis.jobs[job].candidates[chosen[job]];
    for (job, work) in basis.jobs.iter_enumerated() {
        for &day in &of(job).busy {
            *places.entry((usize::from(of(job).crew), day)).or_insert(0) += 1;
        }
        if work.after.iter().any(|&other| of(other).day >= of(job).busy[0]) {
            return None;
        }
        let gap = basis.project.gap_days as usize;
        if basis.jobs.keys().any(|other| other != job && of(other).day.abs_diff(of(job).day) < gap) {
            return None;
        }
    }
    is_free(basis.project, &places).then_some(())?;
    Some((fitted(basis, chosen, Cost::MAX).draft?.cost, places))
}

fn is_free(project: &Project, places: &BTreeMap<(usize, usize), u32>) -> bool {
    places.iter().all(|(&(crew, _), &count)| count <= project.crews.raw[crew].jobs)
}

/// The least that all tenants can cost together; `None` where they do not all find a place.
fn cheapest(bases: &[Basis<'_>]) -> Option<Cost> {
    fn rest(bases: &[Basis<'_>], ways: &[Vec<Way>], taken: &BTreeMap<(usize, usize), u32>) -> Option<Cost> {
        let Some((first, others)) = ways.split_first() else { return Some(0) };
        let one = |(cost, places): &Way| {
            let mut taken = taken.clone();
            places.iter().for_each(|(place, count)| *taken.entry(*place).or_insert(0) += count);
            is_free(bases[0].project, &taken).then_some(())?;
            Some(cost + rest(bases, others, &taken)?)
        };
        first.iter().filter_map(one).min()
    }
    let ways: Vec<Vec<Way>> = bases.iter().map(ways).collect();
    rest(bases, &ways, &BTreeMap::new())
}

/// Whether all plans together take no more places than there are, and keep each tenant's gaps.
fn keeps_rules(found: &TogetherFindings<'_>) {
    let mut places: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for of_tenant in &found.tenants {
        let schedule = of_tenant.solution.draft.schedule.clone();
        let (_, own) = way(&of_tenant.basis, schedule).expect("a tenant's own rules");
        own.into_iter().for_each(|(place, count)| *places.entry(place).or_insert(0) += count);
    }
    assert!(is_free(found.tenants.raw[0].basis.project, &places), "{places:?}");
}

/// Numbers 0..160, two or three tenants of one to three servers. Everything is exact: there is no chance to allow for.
#[test]
fn tenants_together_cost_what_trying_everything_finds() {
    let compared = |number: u64| -> Option<f64> {
        let whole = project(&TINY, number);
        let whole = whole.with(|parts| (parts.replications, parts.search_seconds) = (2, 2)).unwrap();
        let projects = dealt(&whole, 2 + (number % 2) as usize);
        let bases: Vec<Basis<'_>> = projects.iter().map(Basis::new).collect();
        let size: usize = bases
            .iter()
            .map(|basis| basis.jobs.iter().map(|job| job.candidates.len().max(1)).product::<usize>())
            .product();
        if size > 3_000_000 {
            return None;
        }
        let best = cheapest(&bases);
        if let Some(best) = best {
            let bases: PerTenant<Basis<'_>> = projects.iter().map(Basis::new).collect();
            // Nor is it above that where a much dearer plan is all that is known.
            let bound = bound(&bases, 10 * best + 1);
            assert!(bound <= best, "case {number}: {bound} <= {best}");
        }
        match (plan_together(&projects, &Watch::never()), best) {
            (Ok(found), Some(best)) => {
                keeps_rules(&found);
                let (cost, bound) = (found.cost(), found.bound);
                assert!(bound <= best && best <= cost, "case {number}: {bound} <= {best} <= {cost}");
                Some(if cost == best { 0.0 } else { (cost - best) as f64 / cost as f64 })
            }
            (Err(NoPlan::Obstacles(_)), None) => None,
            (Err(_), Some(_)) => Some(1.0),
            (Ok(_), None) => panic!("case {number}: a plan where there is none"),
            (Err(NoPlan::Stopped), None) => panic!("nobody stopped it"),
        }
    };
    let excess: Vec<f64> = (0..160).into_par_iter().filter_map(compared).collect();
    let (best, mean) =
        (excess.iter().filter(|excess| **excess == 0.0).count(), excess.iter().sum::<f64>() / excess.len() as f64);
    println!("{best} of {} are best, mean excess {mean:.4}", excess.len());
    assert!(excess.len() >= 60, "{}", excess.len());
    assert!(best * 100 >= excess.len() * 95 && mean < 0.01, "{best} of {}, {mean}", excess.len());
}

/// Numbers 0..60. Exact: there is no chance to allow for.
#[test]
fn tenants_without_chance_are_lived_together_exactly_as_planned() {
    let lived = |number: u64| {
        let projects = dealt(&certain(&SMALL, number), 3);
        let Ok(found) = plan_together(&projects, &Watch::never()) else { return 0 };
        keeps_rules(&found);
        for of_tenant in &found.tenants {
            assert!(of_tenant.lived.servers.iter().all(|server| server.on_time == 1.0), "case {number}");
            let planned = of_tenant.by_date().last().map(|&job| of_tenant.candidate(job).at);
            let last = of_tenant.lived.servers.iter().map(|server| server.done[2]).max();
            assert_eq!(planned, last, "case {number}");
        }
        1
    };
    let planned: usize = (0..60).into_par_iter().map(lived).sum();
    assert!(planned >= 35, "{planned}");
}

/// A tenant whose crews do nothing for the others is lived as if it were alone, draw for draw.
#[test]
fn who_shares_no_crew_is_lived_as_if_alone() {
    let mut apart = 0;
    for number in 0..40 {
        let whole = project(&Size { crews: (2, 2), ..SMALL }, number).with(|parts| {
            (parts.replications, parts.search_seconds) = (40, 1);
            for (index, server) in parts.servers.iter_mut_enumerated() {
                server.crews = vec![(usize::from(index) % 2).into()];
            }
        });
        let projects = dealt(&whole.unwrap(), 2);
        let Ok(found) = plan_together(&projects, &Watch::never()) else { continue };
        for (project, of_tenant) in projects.iter().zip(&found.tenants) {
            let basis = Basis::new(project);
            let count = of_tenant.lived.replications;
            let alone = first_courses(&basis, &of_tenant.solution.draft.schedule, count);
            let rank = |q: f64| (q * f64::from(count) - 1e-9).ceil() as usize - 1;
            for (job, chance) in of_tenant.lived.servers.iter_enumerated() {
                let mut done: Vec<SimTime> = alone.iter().map(|course| course[job]).collect();
                done.sort_unstable();
                assert_eq!(chance.done, [0.5, 0.8, 0.95].map(|q| done[rank(q)]), "case {number}");
                apart += 1;
            }
        }
    }
    assert!(apart >= 30, "{apart}");
}
