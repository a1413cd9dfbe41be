//! A cost that no plan of all tenants can beat: what they must pay as the crews have only so many places.
//!
//! Every date of a job costs its tenant something at least. That the crews have a place for each job is given up, and every place has a
//! price instead; whatever the prices are, what jobs choose at them bounds every plan (Lagrangian relaxation of the time-indexed
//! formulation; J. Sousa and L. Wolsey, *Mathematical Programming* 54 (1992)). Prices are bettered by Polyak's subgradient steps in
//! floating point; the bound itself is worked out in whole numbers.

use crate::basis::Basis;
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, JobSlice, PerCandidate, PerCrew, PerJob, PerTenant};
use crate::jobs::{Candidate, Job};
use crate::project::Crew;
use crate::tenants::pool::Pool;

/// Steps of the ascent, and those without progress after which they become shorter.
const STEPS: usize = 400;
const IDLE_MAX: usize = 8;

/// The bound.
///
/// - `prices`: what each candidate costs at least, such that their sum over all jobs bounds every plan.
/// - `known`: the cost of some plan; the bound need not be better.
pub(super) fn places_bound(
    bases: &PerTenant<Basis<'_>>,
    pool: &Pool,
    prices: &JobSlice<PerCandidate<Cost>>,
    known: Cost,
) -> Cost {
    let Some(Basis { project, watch, .. }) = bases.first() else { return 0 };
    let (crews, days, jobs) = (&project.crews, project.days(), &pool.jobs);
    let mut places: PerCrew<Vec<Cost>> = vec![vec![0; days]; crews.len()].into();
    let (mut best, mut kept, mut idle, mut pace) = (0, places.clone(), 0, 1.0);
    for _ in 0..STEPS {
        if watch.is_stopped() || best >= known {
            break;
        }
        let (jobs_pay, chosen) = choose(jobs, prices, &places);
        let paid: Cost =
            places.iter().zip(crews).map(|(days, crew)| days.iter().sum::<Cost>() * Cost::from(crew.jobs)).sum();
        let cost = jobs_pay - paid;
        if cost > best {
            (best, idle) = (cost, 0);
            kept.clone_from(&places);
        } else {
            idle += 1;
        }
        if idle >= IDLE_MAX {
            (pace, idle) = (pace * 0.7, 0);
            places.clone_from(&kept);
            continue;
        }
        if !step(crews, jobs, &chosen, &mut places, pace * (known - cost) as f64) {
            break;
        }
    }
    best
}

/// The cheapest candidate of each job at the prices of places, and what all of these cost.
fn choose(
    jobs: &JobSlice<Job>,
    prices: &JobSlice<PerCandidate<Cost>>,
    places: &PerCrew<Vec<Cost>>,
) -> (Cost, PerJob<CandidateIndex>) {
    let taken = |candidate: &Candidate| candidate.busy.iter().map(|&day| places[candidate.crew][day]).sum::<Cost>();
    let (mut cost, mut chosen) = (0, PerJob::new());
    for (job, prices) in jobs.iter().zip(prices) {
        let priced =
            job.candidates.iter_enumerated().map(|(index, candidate)| (prices[index] + taken(candidate), index));
        // Every job that can be planned has a candidate.
        let (least, index) = priced.min().unwrap_or((0, CandidateIndex::from(0)));
        cost += least;
        chosen.push(index);
    }
    (cost, chosen)
}

/// A step along the places that are taken too often, or not at their price; whether there are any.
fn step(
    crews: &PerCrew<Crew>,
    jobs: &JobSlice<Job>,
    chosen: &PerJob<CandidateIndex>,
    places: &mut PerCrew<Vec<Cost>>,
    distance: f64,
) -> bool {
    let mut breaches: PerCrew<Vec<f64>> =
        crews.iter().zip(places.iter()).map(|(crew, days)| vec![-f64::from(crew.jobs); days.len()]).collect();
    for (job, &index) in jobs.iter().zip(chosen) {
        let Some(candidate) = job.candidates.get(index) else { continue };
        candidate.busy.iter().for_each(|&day| breaches[candidate.crew][day] += 1.0);
    }
    for (breaches, prices) in breaches.iter_mut().zip(places.iter()) {
        // A price of 0 on what is not used up cannot fall any further.
        breaches.iter_mut().zip(prices).for_each(|(breach, &price)| {
            if *breach < 0.0 && price == 0 {
                *breach = 0.0;
            }
        });
    }
    let length: f64 = breaches.iter().flatten().map(|breach| breach * breach).sum();
    if length == 0.0 {
        return false;
    }
    for (breaches, prices) in breaches.iter().zip(places.iter_mut()) {
        for (breach, price) in breaches.iter().zip(prices) {
            *price = (*price + libm::round(distance / length * breach) as Cost).max(0);
        }
    }
    true
}
