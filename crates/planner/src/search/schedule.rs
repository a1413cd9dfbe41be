//! Which candidate each job takes, and whether these fit together.

use crate::index::{CandidateIndex, CrewIndex, JobIndex, JobSlice, PerCrew, PerJob, PerTenant, TenantIndex};
use crate::jobs::{Candidate, Job};
use crate::project::Project;

/// The candidate of each job, by index of the job.
pub type Schedule = PerJob<CandidateIndex>;

/// Places of crews that the work of others takes, by crew and day; empty lists for none.
pub type Booked = PerCrew<Vec<u32>>;

/// The crews' places and the tenant's gaps, as jobs are put in and taken out.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    jobs: &'a JobSlice<Job>,
    /// Jobs before which a job must be done, by index of the job.
    before: PerJob<Vec<JobIndex>>,
    limits: PerCrew<u32>,
    /// The tenant of each job, and its gap in days.
    tenants: PerJob<TenantIndex>,
    gaps: PerTenant<usize>,
    /// Busy places by crew and day.
    busy: PerCrew<Vec<u32>>,
    /// Cut-overs by tenant and day.
    cut_overs: PerTenant<Vec<u32>>,
    chosen: PerJob<Option<CandidateIndex>>,
    /// Days of cut-overs by crew, rising, and how many of these, from the first on, have no place left.
    ends: PerCrew<Vec<usize>>,
    full: PerCrew<usize>,
    /// See [`Ledger::print`].
    print: u64,
}

impl<'a> Ledger<'a> {
    /// An empty ledger.
    pub fn new(project: &Project, jobs: &'a JobSlice<Job>) -> Self {
        Self::beside(project, jobs, &Booked::new())
    }

    /// A ledger with nothing in it but the places that others take.
    pub fn beside(project: &Project, jobs: &'a JobSlice<Job>, booked: &Booked) -> Self {
        let tenants = vec![TenantIndex::from(0); jobs.len()].into();
        Self::together(&[project], jobs, tenants, booked)
    }

    /// A ledger for the jobs of several tenants, whose crews are the same.
    ///
    /// - `projects`: at least one, by tenant.
    /// - `tenants`: of each job.
    pub fn together(
        projects: &[&Project],
        jobs: &'a JobSlice<Job>,
        tenants: PerJob<TenantIndex>,
        booked: &Booked,
    ) -> Self {
        let project = projects[0];
        let mut before = PerJob::from(vec![Vec::new(); jobs.len()]);
        for (index, job) in jobs.iter_enumerated() {
            job.after.iter().for_each(|&other| before[other].push(index));
        }
        let mut busy = PerCrew::from(vec![vec![0; project.days()]; project.crews.len()]);
        for (busy, booked) in busy.iter_mut().zip(booked) {
            busy.iter_mut().zip(booked).for_each(|(busy, booked)| *busy = *booked);
        }
        let mut ledger = Ledger {
            jobs,
            before,
            limits: project.crews.iter().map(|crew| crew.jobs).collect(),
            tenants,
            gaps: projects.iter().map(|project| project.gap_days as usize).collect(),
            busy,
            cut_overs: vec![vec![0; project.days()]; projects.len()].into(),
            chosen: vec![None; jobs.len()].into(),
            ends: ends(project, jobs),
            full: vec![0; project.crews.len()].into(),
            print: 0,
        };
        project.crews.keys().for_each(|crew| ledger.count_full_from(crew));
        ledger
    }

    /// A number that is the same (but for one chance in 10^19) for ledgers that leave the same room to the jobs not in: a sum over
    /// what is taken.
    pub fn print(&self) -> u64 {
        self.print
    }

    /// The candidate a job has taken.
    pub fn chosen(&self, job: JobIndex) -> Option<&'a Candidate> {
        self.chosen[job].map(|candidate| &self.jobs[job].candidates[candidate])
    }

    /// The index of the candidate a job has taken.
    pub fn candidate_of(&self, job: JobIndex) -> Option<CandidateIndex> {
        self.chosen[job]
    }

    /// The first candidate of a job that fits beside everything that is in.
    pub fn first_fit(&self, job: JobIndex) -> Option<CandidateIndex> {
        let candidates = &self.jobs[job].candidates;
        let open = self.ends.iter().zip(&self.full).filter_map(|(ends, &full)| ends.get(full)).min()?;
        let from = candidates.raw.partition_point(|candidate| candidate.day < *open);
        (from..candidates.len()).map(CandidateIndex::from).find(|&candidate| self.fits(job, candidate))
    }

    /// Whether a job could take a candidate beside everything that is in.
    pub fn fits(&self, job: JobIndex, candidate: CandidateIndex) -> bool {
        let wanted = &self.jobs[job].candidates[candidate];
        let busy = &self.busy[wanted.crew];
        wanted.busy.iter().all(|&day| busy[day] < self.limits[wanted.crew])
            && self.keeps_gap(self.tenants[job], wanted.day)
            && self.keeps_order(job, wanted)
    }

    fn keeps_gap(&self, tenant: TenantIndex, day: usize) -> bool {
        let Some(reach) = self.gaps[tenant].checked_sub(1) else { return true };
        let cut_overs = &self.cut_overs[tenant];
        let last = (day + reach).min(cut_overs.len() - 1);
        cut_overs[day.saturating_sub(reach)..=last].iter().all(|&count| count == 0)
    }

    fn keeps_order(&self, job: JobIndex, wanted: &Candidate) -> bool {
        let done_before = |&other: &JobIndex| self.chosen(other).is_none_or(|other| other.day < wanted.busy[0]);
        let started_after = |&other: &JobIndex| self.chosen(other).is_none_or(|other| wanted.day < other.busy[0]);
        self.jobs[job].after.iter().all(done_before) && self.before[job].iter().all(started_after)
    }

    /// Puts a job in; the candidate must fit.
    pub fn put(&mut self, job: JobIndex, candidate: CandidateIndex) {
        self.enter(job, candidate, 1);
        self.chosen[job] = Some(candidate);
    }

    /// Takes a job out again.
    pub fn take(&mut self, job: JobIndex) {
        if let Some(candidate) = self.chosen[job].take() {
            self.enter(job, candidate, u32::MAX);
        }
    }

    /// Adds 1, or takes 1 away by adding the largest number.
    fn enter(&mut self, job: JobIndex, candidate: CandidateIndex, by: u32) {
        let wanted = &self.jobs[job].candidates[candidate];
        let print = self.print_of(job, wanted);
        self.print = self.print.wrapping_add(if by == 1 { print } else { print.wrapping_neg() });
        for &day in &wanted.busy {
            self.busy[wanted.crew][day] = self.busy[wanted.crew][day].wrapping_add(by);
        }
        let count = &mut self.cut_overs[self.tenants[job]][wanted.day];
        *count = count.wrapping_add(by);
        self.count_full(wanted);
    }

    /// What a job adds to the print: the crew's days, the day of the cut-over if gaps count, and itself if others wait for it or it
    /// for others.
    fn print_of(&self, job: JobIndex, wanted: &Candidate) -> u64 {
        let days = wanted.busy.iter().fold(0u64, |sum, &day| sum.wrapping_add(mixed(1, wanted.crew.into(), day)));
        let tenant = self.tenants[job];
        let gap = if self.gaps[tenant] > 0 { mixed(2, tenant.into(), wanted.day) } else { 0 };
        let linked = !self.jobs[job].after.is_empty() || !self.before[job].is_empty();
        let link = if linked { mixed(3, job.into(), wanted.day << 16 | wanted.busy[0]) } else { 0 };
        days.wrapping_add(gap).wrapping_add(link)
    }

    fn count_full(&mut self, changed: &Candidate) {
        let crew = changed.crew;
        for day in &changed.busy {
            if self.has_place(crew, *day) {
                let before = self.ends[crew].partition_point(|end| end < day);
                self.full[crew] = self.full[crew].min(before);
            }
        }
        self.count_full_from(crew);
    }

    /// Counts on from the days of cut-overs that are known to be full.
    fn count_full_from(&mut self, crew: CrewIndex) {
        let more = self.ends[crew][self.full[crew]..].iter().take_while(|&&day| !self.has_place(crew, day)).count();
        self.full[crew] += more;
    }

    fn has_place(&self, crew: CrewIndex, day: usize) -> bool {
        self.busy[crew][day] < self.limits[crew]
    }

    /// The whole schedule; `None` if a job has no candidate.
    pub fn schedule(&self) -> Option<Schedule> {
        self.chosen.iter().copied().collect()
    }
}

/// Three numbers mixed into one: the finalizer of SplitMix64 (G. L. Steele and others, OOPSLA 2014).
fn mixed(kind: u64, a: usize, b: usize) -> u64 {
    let mut word = (kind << 56 ^ (a as u64) << 40).wrapping_add(b as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

/// The days on which some job's cut-over can be, by crew.
fn ends(project: &Project, jobs: &JobSlice<Job>) -> PerCrew<Vec<usize>> {
    let mut ends = PerCrew::from(vec![Vec::new(); project.crews.len()]);
    for candidate in jobs.iter().flat_map(|job| &job.candidates) {
        ends[candidate.crew].push(candidate.day);
    }
    for days in &mut ends {
        days.sort_unstable();
        days.dedup();
    }
    ends
}

/// Puts jobs in one after the other, each at its first candidate that fits; those it depends on go first.
///
/// - `ledger`: with nothing in it but what others take.
/// - `order`: all jobs, most urgent first.
///
/// # Errors
/// The first job that finds no place.
pub fn first_fit<'a>(
    mut ledger: Ledger<'a>,
    jobs: &'a JobSlice<Job>,
    order: &[JobIndex],
) -> Result<Schedule, JobIndex> {
    let mut put = Vec::new();
    order.iter().try_for_each(|&job| put_first(&mut ledger, jobs, job, &mut put))?;
    Ok(ledger.schedule().unwrap_or_default())
}

/// Puts a job in at its first candidate that fits, after those it depends on; `put` notes which jobs were put in.
///
/// # Errors
/// The job that finds no place; those noted stay in.
pub fn put_first(
    ledger: &mut Ledger<'_>,
    jobs: &JobSlice<Job>,
    job: JobIndex,
    put: &mut Vec<JobIndex>,
) -> Result<(), JobIndex> {
    if ledger.chosen(job).is_some() {
        return Ok(());
    }
    for &other in &jobs[job].after {
        put_first(ledger, jobs, other, put)?;
    }
    let candidate = ledger.first_fit(job).ok_or(job)?;
    ledger.put(job, candidate);
    put.push(job);
    Ok(())
}
