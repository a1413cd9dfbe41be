//! The jobs of all tenants in one list, with what each date of a job costs its tenant: so much is all that tenants need to know of one
//! another's pauses.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::basis::Basis;
use crate::cost::costs::ScheduleCosts;
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, JobIndex, PerCandidate, PerJob, PerTenant, TenantIndex};
use crate::jobs::{Candidate, Job};
use crate::search::room::Room;
use crate::search::schedule::{Booked, Ledger, Schedule};

/// What the days before each day cost a tenant at least as long as one of its jobs is not done.
pub(super) type Course = Vec<Cost>;

/// The jobs of all tenants.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// All jobs, tenant after tenant; what a job waits for is of this list.
    pub(super) jobs: PerJob<Job>,
    /// Whose each job is, and which of that tenant's.
    pub(super) owners: PerJob<(TenantIndex, JobIndex)>,
    kept: PerJob<Option<CandidateIndex>>,
    volumes: PerJob<Cost>,
}

impl Pool {
    /// The jobs of all tenants.
    pub(super) fn new(bases: &PerTenant<Basis<'_>>) -> Self {
        let mut pool = Pool { jobs: PerJob::new(), owners: PerJob::new(), kept: PerJob::new(), volumes: PerJob::new() };
        for (tenant, basis) in bases.iter_enumerated() {
            let first = pool.jobs.len();
            for (own, job) in basis.jobs.iter_enumerated() {
                let after = job.after.iter().map(|&other| JobIndex::from(first + usize::from(other))).collect();
                pool.jobs.push(Job { after, ..job.clone() });
                pool.owners.push((tenant, own));
                pool.kept.push(basis.kept[own]);
                pool.volumes.push(basis.volumes[own]);
            }
        }
        pool
    }

    /// Where the jobs of all tenants are put in.
    pub(super) fn room<'r>(&'r self, bases: &'r PerTenant<Basis<'_>>) -> Room<'r> {
        let projects: Vec<_> = bases.iter().map(|basis| basis.project).collect();
        let tenants = self.owners.iter().map(|owner| owner.0).collect();
        Room {
            jobs: &self.jobs,
            empty: Ledger::together(&projects, &self.jobs, tenants, &Booked::new()),
            kept: &self.kept,
            volumes: &self.volumes,
            // A plan of several tenants has one at least.
            watch: &bases[TenantIndex::from(0)].watch,
        }
    }

    /// The schedules of the tenants in a schedule of all.
    pub(super) fn parted(&self, schedule: &Schedule, tenants: usize) -> PerTenant<Schedule> {
        let mut parts = PerTenant::from(vec![Schedule::new(); tenants]);
        self.owners.iter().zip(schedule).for_each(|(&(tenant, _), &chosen)| parts[tenant].push(chosen));
        parts
    }
}

/// What each date of a job costs its tenant while its other jobs keep theirs, remembered as long as these do.
#[derive(Clone, Debug, Default)]
pub(super) struct Courses {
    known: BTreeMap<(TenantIndex, JobIndex, Vec<CandidateIndex>), (Course, Cost)>,
}

impl Courses {
    /// What each candidate of each job costs its tenant at least if the other jobs of that tenant keep their dates: exact for a
    /// job that is the last of its tenant to be done. But for the former date these prices rise with the candidates.
    pub(super) fn prices(
        &mut self,
        bases: &PerTenant<Basis<'_>>,
        pool: &Pool,
        schedules: &PerTenant<Schedule>,
    ) -> PerJob<PerCandidate<Cost>> {
        let key = |&(tenant, own): &(TenantIndex, JobIndex)| {
            let others = schedules[tenant].iter_enumerated().filter(|(job, _)| *job != own);
            (tenant, own, others.map(|(_, &chosen)| chosen).collect::<Vec<_>>())
        };
        let missing: Vec<_> = pool.owners.iter().map(key).filter(|key| !self.known.contains_key(key)).collect();
        let found: Vec<(Course, Cost)> =
            missing.par_iter().map(|(tenant, own, _)| course(&bases[*tenant], *own, &schedules[*tenant])).collect();
        self.known.extend(missing.into_iter().zip(found));
        let of_job = |owner: &(TenantIndex, JobIndex)| {
            let (course, least) = &self.known[&key(owner)];
            let (basis, own) = (&bases[owner.0], owner.1);
            let candidates = basis.jobs[own].candidates.iter_enumerated();
            let price = |(index, candidate): (CandidateIndex, &Candidate)| {
                course[candidate.day].max(*least) + basis.change_cost(own, index)
            };
            candidates.map(price).collect()
        };
        pool.owners.iter().map(of_job).collect()
    }
}

/// A lower bound by day on what a tenant pays before it while one job is open and the others keep their dates, and its cost at least if
/// that job takes its first candidate.
fn course(basis: &Basis<'_>, job: JobIndex, schedule: &Schedule) -> (Course, Cost) {
    let mut chosen: PerJob<Option<CandidateIndex>> = schedule.iter().copied().map(Some).collect();
    chosen[job] = None;
    let never = basis.space.least_before(&basis.tariffs, &ScheduleCosts::new(basis, &chosen));
    if chosen.iter().all(Option::is_none) {
        return (never, 0);
    }
    chosen[job] = Some(CandidateIndex::from(0));
    let first = basis.space.bound(&basis.tariffs, &ScheduleCosts::new(basis, &chosen)).0.cost;
    (never, first.max(0))
}

/// What each candidate of each job costs its tenant at least, whatever its other jobs do. Of a tenant with several jobs the greatest
/// of these is a bound, and so is every mean of them: each job counts an equal part.
pub(super) fn least_prices(bases: &PerTenant<Basis<'_>>, pool: &Pool) -> PerJob<PerCandidate<Cost>> {
    let of_job = |&(tenant, own): &(TenantIndex, JobIndex)| {
        let basis = &bases[tenant];
        let mut chosen: PerJob<Option<CandidateIndex>> = vec![Some(CandidateIndex::from(0)); basis.jobs.len()].into();
        chosen[own] = None;
        let course = basis.space.least_before(&basis.tariffs, &ScheduleCosts::new(basis, &chosen));
        let part = basis.volumes.iter().filter(|&&volume| volume > 0).count().max(1) as Cost;
        let price = |day: usize| if basis.volumes[own] > 0 { course[day] / part } else { 0 };
        basis.jobs[own].candidates.iter().map(|candidate| price(candidate.day)).collect::<PerCandidate<Cost>>()
    };
    pool.owners.raw.par_iter().map(of_job).collect::<Vec<_>>().into()
}
