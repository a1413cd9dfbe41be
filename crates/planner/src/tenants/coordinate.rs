//! Dates of several tenants beside one another.
//!
//! What a tenant costs at least is worked out first, as if it had the crews for itself. Then all jobs are put in together, each at what its dates
//! cost its tenant, whose pauses are fitted to that, in turns: dates for all at these costs, exact pauses for each tenant, costs anew. At
//! last a few tenants that meet in the crews' time are taken out and put back in another order, again and again (large-neighbourhood
//! search; P. Shaw, CP 1998).

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::basis::Basis;
use crate::cost::pauses::Pauses;
use crate::cost::tariff::Cost;
use crate::index::{CrewIndex, JobIndex, PerCandidate, PerJob, PerTenant, TenantIndex};
use crate::search::bound::quick_bound;
use crate::search::effort::Effort;
use crate::search::improve::{Draft, fitted, former_schedule};
use crate::search::neighbourhood::{Lots, Neighbourhood};
use crate::search::orders::{better_order, fit_in, total};
use crate::search::room::Room;
use crate::search::schedule::{Booked, Schedule};
use crate::search::solve::Solution;
use crate::tenants::answer::Answers;
use crate::tenants::bound::places_bound;
use crate::tenants::pool::{Courses, Pool, least_prices};
use brownout_kernel::watch::Watch;

/// Jobs that may be put in for a better order.
const PUTS: u64 = 400_000;
/// Turns of dates and pauses at most, and those without progress after which they end.
const TURNS_MAX: usize = 12;
const TURNS_IDLE: usize = 3;
/// Neighbourhoods without progress after which a turn ends, and the part of the effort that one may take.
const TRIES: usize = 400;
const TURN_SHARE: u64 = 20;
/// Most tenants that are taken out beside the one that is drawn.
const OTHERS_MAX: usize = 4;
/// Days within which tenants meet.
const NEAR_DAYS: usize = 28;
/// Attempts that are made side by side, on however many threads.
const SIDE_BY_SIDE: usize = 4;
/// Attempts for each tenant in turn that bring nothing, after which the search ends.
const IDLE_MAX: usize = 20;

/// What is decided for all tenants.
pub(super) struct Coordinated<'a> {
    /// The projects, each with the places that the others take.
    pub(super) bases: PerTenant<Basis<'a>>,
    /// The plan of each; the bound is of the tenant with the crews for itself.
    pub(super) solutions: PerTenant<Solution>,
    /// A cost that no plan of all can beat.
    pub(super) bound: Cost,
}

/// Who finds no place.
pub(super) enum Stuck {
    /// A tenant, even with the crews for itself.
    Alone(TenantIndex),
    /// Some, beside the others.
    Together,
}

/// Plans all tenants beside one another. Where the work was stopped it means nothing.
///
/// # Errors
/// [`Stuck`]: not all find a place.
pub(super) fn coordinate<'a>(bases: PerTenant<Basis<'a>>, watch: &Watch) -> Result<Coordinated<'a>, Stuck> {
    let project = bases[TenantIndex::from(0)].project;
    let mut effort = Effort::seconds(project.search_seconds, watch);
    if let Some(stuck) =
        bases.keys().find(|&tenant| fit_in(&bases[tenant].room(), bases[tenant].jobs.keys().collect()).is_none())
    {
        return Err(Stuck::Alone(stuck));
    }
    let alone: PerTenant<Pauses> = bases.raw.par_iter().map(alone).collect::<Vec<_>>().into();
    let pool = Pool::new(&bases);
    let least: PerJob<PerCandidate<Cost>> = least_prices(&bases, &pool);
    let room = pool.room(&bases);
    let first = begin(&room, &least).ok_or(Stuck::Together)?;
    let mut lots = Lots::new(project.seed);
    let begun = drafts(&bases, &pool.parted(&first, bases.len()), &mut effort);
    let again = former_schedule(&room)
        .map(|(_, schedule)| (drafts(&bases, &pool.parted(&schedule, bases.len()), &mut effort), schedule));
    let (begun, first) = again.filter(|again| cost(&again.0) < cost(&begun)).unwrap_or((begun, first));
    let drafts = in_turns(&bases, (&pool, &room), (begun, first), &mut lots, &mut effort);
    drop(room);
    let starts = |(pauses, draft): (&Pauses, &Draft)| {
        vec![vec![false; project.days()], pauses.days.clone(), draft.pauses.clone()]
    };
    let starts = alone.iter().zip(&drafts).map(starts);
    let answers = bases.iter().zip(starts).map(|(basis, starts)| Answers::new(basis, starts)).collect();
    let mut together = Together { bases, drafts, answers, lots, effort, round: 0 };
    let apart: Cost = alone.iter().map(|alone| alone.cost).sum();
    together.better(apart);
    let cost = together.cost();
    let shared = places_bound(&together.bases, &pool, &least, cost);
    Ok(together.coordinated(alone, shared.max(apart).min(cost)))
}

/// What a tenant costs at least if it has the crews for itself, and the pauses that suggest themselves then.
fn alone(basis: &Basis<'_>) -> Pauses {
    let found = quick_bound(basis);
    // Joined to the earlier ones, detections cost more than they will.
    Pauses { cost: if basis.tariffs.joined { 0 } else { found.cost.max(0) }, ..found }
}

/// A schedule of all jobs that is good at some prices; `None` if none is found that fits them all in.
fn begin(room: &Room<'_>, prices: &PerJob<PerCandidate<Cost>>) -> Option<Schedule> {
    let shortest = |job: JobIndex| {
        room.jobs[job].candidates.iter().map(|candidate| candidate.busy.len()).min().unwrap_or(1).max(1) as Cost
    };
    let last = |job: JobIndex| prices[job].last().copied().unwrap_or(0);
    let rules: [&dyn Fn(JobIndex) -> Cost; 3] =
        [&|job| last(job) / shortest(job), &|job| room.volumes[job], &|job| -(room.jobs[job].candidates.len() as Cost)];
    let sorted = rules.iter().filter_map(|rule| {
        let mut order: Vec<JobIndex> = room.jobs.keys().collect();
        order.sort_by_key(|&job| (Reverse(rule(job)), job));
        fit_in(room, order)
    });
    let best = sorted.min_by_key(|(_, schedule)| total(prices, schedule))?;
    let mut puts = PUTS;
    better_order(room, prices, best.0, &mut puts).map(|better| better.1).or(Some(best.1))
}

fn cost(drafts: &PerTenant<Draft>) -> Cost {
    drafts.iter().map(|draft| draft.cost).sum()
}

/// The best drafts of dates for all and pauses for each, in turns.
///
/// - `first`: a schedule with its drafts to begin from.
fn in_turns(
    bases: &PerTenant<Basis<'_>>,
    (pool, room): (&Pool, &Room<'_>),
    (begun, first): (PerTenant<Draft>, Schedule),
    lots: &mut Lots,
    effort: &mut Effort,
) -> PerTenant<Draft> {
    let mut courses = Courses::default();
    let (mut best, mut schedule, mut idle) = (begun, first, 0);
    let share = effort.left() / TURN_SHARE;
    for _ in 0..TURNS_MAX {
        if idle >= TURNS_IDLE || effort.is_spent() {
            break;
        }
        let prices = courses.prices(bases, pool, &pool.parted(&schedule, bases.len()));
        let mut turn = effort.share(share);
        let mut around = Neighbourhood::new(room, &prices, &schedule);
        around.better(lots, TRIES, &mut turn);
        effort.take_back(&turn);
        schedule = around.schedule();
        let found = drafts(bases, &pool.parted(&schedule, bases.len()), effort);
        if cost(&found) < cost(&best) {
            (best, idle) = (found, 0);
        } else {
            idle += 1;
        }
    }
    best
}

/// The tenants' schedules with the best pauses of each.
fn drafts(bases: &PerTenant<Basis<'_>>, schedules: &PerTenant<Schedule>, effort: &mut Effort) -> PerTenant<Draft> {
    let fit = |(basis, schedule): (&Basis<'_>, &Schedule)| fitted(basis, schedule.clone(), Cost::MAX);
    let all: Vec<_> = bases.raw.par_iter().zip(&schedules.raw).map(fit).collect();
    effort.spend(all.iter().map(|found| found.states).sum());
    // Not pausing is always possible: without a draft the work was stopped.
    let none =
        |schedule: &Schedule| Draft { order: Vec::new(), schedule: schedule.clone(), pauses: Vec::new(), cost: 0 };
    all.into_iter().zip(schedules).map(|(found, schedule)| found.draft.unwrap_or_else(|| none(schedule))).collect()
}

/// Tenants that are put in and taken out.
struct Together<'a> {
    bases: PerTenant<Basis<'a>>,
    /// The plan of each.
    drafts: PerTenant<Draft>,
    /// What each does beside the others.
    answers: PerTenant<Answers>,
    lots: Lots,
    effort: Effort,
    /// Rounds of attempts so far.
    round: u64,
}

/// A few tenants put in anew, and what that saves.
struct Attempt {
    drafts: Vec<(TenantIndex, Draft)>,
    saved: Cost,
    spent: u64,
}

impl<'a> Together<'a> {
    /// Takes tenants that meet out and puts them back in another order, until the effort is spent or nothing gets better. The attempts
    /// of a round are made side by side, and the best is taken.
    ///
    /// - `least`: a cost that no plan can beat.
    fn better(&mut self, least: Cost) {
        let mut idle = 0;
        while !self.effort.is_spent() && self.cost() > least && idle < IDLE_MAX * self.bases.len() {
            self.round += 1;
            let drawn: Vec<Vec<TenantIndex>> = (0..SIDE_BY_SIDE).map(|_| self.drawn()).collect();
            let attempts: Vec<Option<Attempt>> = drawn.par_iter().map(|out| self.attempt(out)).collect();
            self.effort.spend(attempts.iter().flatten().map(|attempt| attempt.spent).sum());
            // Of equal ones the first; one that costs the same is taken too, to get about.
            let best = attempts.into_iter().flatten().rev().max_by_key(|attempt| attempt.saved);
            idle += SIDE_BY_SIDE;
            let Some(best) = best.filter(|best| best.saved >= 0) else { continue };
            if best.saved > 0 {
                idle = 0;
            }
            for (tenant, draft) in best.drafts {
                self.answers[tenant].begin_from(draft.pauses.clone());
                self.drafts[tenant] = draft;
            }
        }
    }

    /// Puts tenants in anew, one after the other; `None` if one finds no place.
    fn attempt(&self, out: &[TenantIndex]) -> Option<Attempt> {
        let mut effort = Effort::units(self.effort.left(), &self.bases[out[0]].watch);
        let mut booked = self.booked(out);
        let mut drafts = Vec::with_capacity(out.len());
        for &tenant in out {
            let mut basis = self.bases[tenant].clone();
            basis.booked.clone_from(&booked);
            let draft = self.answers[tenant].beside(&basis, self.round, &mut effort)?;
            book(&mut booked, &basis, &draft);
            drafts.push((tenant, draft));
        }
        let before: Cost = out.iter().map(|&tenant| self.drafts[tenant].cost).sum();
        let now: Cost = drafts.iter().map(|(_, draft)| draft.cost).sum();
        Some(Attempt { drafts, saved: before - now, spent: self.effort.left() - effort.left() })
    }

    /// A tenant and a few of those that it meets, in any order.
    fn drawn(&mut self) -> Vec<TenantIndex> {
        let tenant = TenantIndex::from(self.lots.below(self.bases.len()));
        let mut out = self.meets(tenant);
        while out.len() > OTHERS_MAX {
            let index = self.lots.below(out.len());
            out.swap_remove(index);
        }
        out.push(tenant);
        for index in (1..out.len()).rev() {
            let other = self.lots.below(index + 1);
            out.swap(index, other);
        }
        out
    }

    /// The tenants whose work is done by the crews of one tenant at about the time when that one's is, or could be at first.
    fn meets(&self, tenant: TenantIndex) -> Vec<TenantIndex> {
        let of = |tenant: TenantIndex| {
            let jobs = self.bases[tenant].jobs.iter().zip(&self.drafts[tenant].schedule);
            jobs.map(|(job, &chosen)| (job.candidates[chosen].crew, job.candidates[chosen].day))
        };
        let first = self.bases[tenant].jobs.iter().filter_map(|job| job.candidates.first());
        let own: Vec<(CrewIndex, usize)> = of(tenant).chain(first.map(|first| (first.crew, first.day))).collect();
        let is_near =
            |other: (CrewIndex, usize)| own.iter().any(|own| own.0 == other.0 && own.1.abs_diff(other.1) <= NEAR_DAYS);
        let all = self.bases.keys().filter(|&other| other != tenant);
        all.filter(|&other| of(other).any(is_near)).collect()
    }

    /// The places that all tenants but some take.
    fn booked(&self, but: &[TenantIndex]) -> Booked {
        let project = self.bases[TenantIndex::from(0)].project;
        let mut booked = Booked::from(vec![vec![0; project.days()]; project.crews.len()]);
        for tenant in self.bases.keys().filter(|tenant| !but.contains(tenant)) {
            book(&mut booked, &self.bases[tenant], &self.drafts[tenant]);
        }
        booked
    }

    fn cost(&self) -> Cost {
        self.drafts.iter().map(|draft| draft.cost).sum()
    }

    /// - `alone`: what each tenant costs at least with the crews for itself.
    /// - `bound`: what all cost at least together.
    fn coordinated(mut self, alone: PerTenant<Pauses>, bound: Cost) -> Coordinated<'a> {
        for tenant in self.bases.keys().collect::<Vec<_>>() {
            self.bases[tenant].booked = self.booked(&[tenant]);
        }
        let solution = |(draft, alone): (Draft, Pauses)| Solution { bound: alone.cost.min(draft.cost), draft };
        let solutions = self.drafts.into_iter().zip(alone).map(solution).collect();
        Coordinated { solutions, bases: self.bases, bound }
    }
}

/// Enters the places that a tenant's plan takes.
fn book(booked: &mut Booked, basis: &Basis<'_>, draft: &Draft) {
    for (job, &chosen) in basis.jobs.iter().zip(&draft.schedule) {
        let candidate = &job.candidates[chosen];
        candidate.busy.iter().for_each(|&day| booked[candidate.crew][day] += 1);
    }
}
