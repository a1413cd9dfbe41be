//! The best prices on what jobs compete for, where it is known what each of their dates costs.
//!
//! They are duals of the linear programme of the time-indexed formulation (J. Sousa and L. Wolsey, *Mathematical Programming* 54
//! (1992)): of its candidates each job takes one in all; its rows are the places of crews by day, the gaps, and waiting for other
//! jobs. The programme is solved in floating point and need not be solved to its end: whatever the prices are, what jobs choose at
//! them bounds every plan, and that is worked out in whole numbers.

use super::field::{CellFrame, OpenCandidates};
use super::prices::{Link, Prices, links};
use super::simplex::Simplex;
use crate::basis::Basis;
use crate::cost::tariff::{Cost, POINT};
use crate::index::{CrewIndex, JobIndex, PerCandidate, PerGroup, PerJob};
use crate::jobs::Candidate;
use crate::search::effort::Effort;
use crate::search::schedule::Schedule;

/// Most rows: the inverse of so many takes 12 MB.
const ROWS_MAX: usize = 1_250;
/// Pivots between two looks at the bound that has been reached.
const PIVOTS: usize = 20;
/// The highest price in points, so that sums of prices stay far below what fits.
const PRICE_MAX: f64 = 1e10;
/// Operations of pivots that make a unit of effort.
const WORK_PER_UNIT: u64 = 32;
/// What a closed candidate costs, as a multiple of what is enough.
const CLOSED: f64 = 100.0;
/// Room that is added to rows, to each a little differently, so that few pivots change nothing.
const ROOM: f64 = 1e-6;

/// What a row stands for, apart from those by which each job takes one candidate.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Place(CrewIndex, usize),
    /// First day.
    Gap(usize),
    /// Index of the link, and the day.
    Link(usize, usize),
}

/// The programme of a project, and how far it is solved.
pub struct Program<'b> {
    basis: &'b Basis<'b>,
    frame: CellFrame,
    links: Vec<Link>,
    rules: Vec<Rule>,
    simplex: Simplex,
    /// Prices on rules alone.
    prices: Prices,
    /// What each candidate costs without prices on rules.
    costs: PerJob<PerCandidate<Cost>>,
}

/// What is known of the dates in a field.
#[derive(Clone, Debug)]
pub struct Dated {
    /// A cost of dates that no plan in the field can beat.
    pub bound: Cost,
    /// What each candidate would add to it at least, by job and candidate.
    pub extras: PerJob<PerCandidate<Cost>>,
    /// Mean cell of the end, and how far from it, by job, if candidates are taken in parts.
    pub spread: PerJob<(f64, f64)>,
}

impl<'b> Program<'b> {
    /// The programme of a project, at a plan; `None` if it has too many rows.
    pub fn new(basis: &'b Basis<'b>, plan: &Schedule) -> Option<Self> {
        let links = links(basis);
        let rules = rules(basis, &links);
        let jobs = basis.jobs.len();
        if jobs + rules.len() > ROWS_MAX {
            return None;
        }
        let (mut columns, mut first) = (Vec::new(), Vec::new());
        for (job, work) in basis.jobs.iter_enumerated() {
            first.push(columns.len() + usize::from(plan[job]));
            for candidate in &work.candidates {
                let entry = |rule: &Rule| entry(basis, &links, *rule, job, candidate);
                let entries = rules.iter().map(entry).enumerate().filter(|(_, entry)| *entry != 0.0);
                let own = std::iter::once((usize::from(job), 1.0));
                columns.push(own.chain(entries.map(|(rule, entry)| (jobs + rule, entry))).collect());
            }
        }
        let more = |(index, rule)| room(basis, rule) + ROOM * (1 + index * 7 % 31) as f64;
        let room = std::iter::repeat_n(1.0, jobs).chain(rules.iter().copied().enumerate().map(more)).collect();
        let (frame, simplex) = (CellFrame::new(basis), Simplex::new(columns, room, &first));
        let prices = Prices::free(basis, PerJob::new());
        let costs = basis.jobs.iter().map(|job| vec![0; job.candidates.len()].into()).collect();
        Some(Program { basis, frame, links, rules, simplex, prices, costs })
    }

    /// What each candidate costs, by job and candidate.
    ///
    /// - `least`: what a server of one thousandth of a message a day pays at least before each cell, and in all, by group.
    pub fn costs_at(&self, least: &PerGroup<Vec<Cost>>) -> PerJob<PerCandidate<Cost>> {
        let of_job = |job: JobIndex| {
            let (least, volume) = (&least[self.basis.groups[job]], self.basis.volumes[job]);
            // Where the search was stopped nothing is known to be paid, and what comes of it is thrown away.
            let ends = self.frame.ends[job].iter_enumerated();
            ends.map(|(candidate, &end)| {
                volume.saturating_mul(least[end]).saturating_add(self.basis.change_cost(job, candidate))
            })
            .collect()
        };
        self.basis.jobs.keys().map(of_job).collect()
    }

    /// Lets candidates have other costs.
    pub fn set_costs(&mut self, costs: &PerJob<PerCandidate<Cost>>) {
        self.costs.clone_from(costs);
    }

    /// The best bound that some pivots find; `None` if a job has no open candidate.
    ///
    /// - `enough`: nothing needs to be better.
    pub fn bound(
        &mut self,
        field: &OpenCandidates,
        mut pivots: usize,
        enough: Cost,
        effort: &mut Effort,
    ) -> Option<Dated> {
        let far = CLOSED * (1.0 + enough.max(0) as f64 / POINT as f64);
        let of_job = |(job, costs): (JobIndex, &PerCandidate<Cost>)| {
            let cost =
                |(candidate, &cost)| cost as f64 / POINT as f64 + if field.is_open(job, candidate) { 0.0 } else { far };
            costs.iter_enumerated().map(cost).collect::<Vec<f64>>()
        };
        self.simplex.set_costs(self.costs.iter_enumerated().flat_map(of_job).collect());
        let mut best = self.value(field)?;
        let mut kept = self.prices.clone();
        while best < enough && pivots > 0 && !effort.is_spent() {
            let turn = pivots.min(PIVOTS);
            let before = self.simplex.work();
            let done = (0..turn).take_while(|_| !self.basis.watch.is_stopped() && self.simplex.pivot()).count();
            effort.spend((self.simplex.work() - before) / WORK_PER_UNIT);
            let value = self.value(field)?;
            if value > best {
                best = value;
                kept.clone_from(&self.prices);
            }
            if done < turn {
                break;
            }
            pivots -= turn;
        }
        Some(Dated { bound: best, extras: self.extras(field, &kept), spread: self.spread() })
    }

    /// The bound at the duals as they are.
    fn value(&mut self, field: &OpenCandidates) -> Option<Cost> {
        let duals = &self.simplex.duals()[self.basis.jobs.len()..];
        let prices = &mut self.prices;
        for (rule, dual) in self.rules.iter().zip(duals) {
            let price = match *rule {
                Rule::Place(crew, day) => &mut prices.places[crew][day],
                Rule::Gap(day) => &mut prices.gaps[day],
                Rule::Link(link, day) => &mut prices.links[link][day],
            };
            *price = libm::round((-dual).clamp(0.0, PRICE_MAX) * 1e9) as Cost * (POINT / 1_000_000_000);
        }
        let costs = self.prices.of_rules(self.basis, &self.links, &self.costs);
        let mut sum = self.prices.constant(self.basis);
        for (job, costs) in costs.iter_enumerated() {
            sum += field.of(job).map(|candidate| costs[candidate]).min()?;
        }
        Some(sum)
    }

    fn extras(&self, field: &OpenCandidates, prices: &Prices) -> PerJob<PerCandidate<Cost>> {
        let mut extras = prices.of_rules(self.basis, &self.links, &self.costs);
        for (job, costs) in extras.iter_mut_enumerated() {
            let least = field.of(job).map(|candidate| costs[candidate]).min().unwrap_or(0);
            costs.iter_mut().for_each(|cost| *cost -= least);
        }
        extras
    }

    fn spread(&self) -> PerJob<(f64, f64)> {
        let ends =
            self.frame.ends.iter_enumerated().flat_map(|(job, ends)| ends.iter().map(move |&end| (job, end as f64)));
        let mut sums = PerJob::from(vec![(0.0, 0.0); self.basis.jobs.len()]);
        let taken = self.simplex.taken();
        for ((job, end), part) in ends.zip(&taken).filter(|(_, part)| **part > 0.0) {
            let sum: &mut (f64, f64) = &mut sums[job];
            *sum = (sum.0 + part * end, sum.1 + part * end * end);
        }
        sums.into_iter().map(|(mean, square)| (mean, (square - mean * mean).max(0.0))).collect()
    }
}

/// All rules that some candidates can breach together.
fn rules(basis: &Basis<'_>, links: &[Link]) -> Vec<Rule> {
    let days = basis.project.days();
    let all = || basis.jobs.iter().flat_map(|job| &job.candidates);
    let mut rules = Vec::new();
    for crew in basis.project.crews.keys() {
        let mut is_used = vec![false; days];
        all().filter(|one| one.crew == crew).flat_map(|one| &one.busy).for_each(|&day| is_used[day] = true);
        rules.extend((0..days).filter(|&day| is_used[day]).map(|day| Rule::Place(crew, day)));
    }
    if basis.project.gap_days > 0 {
        let mut is_used = vec![false; days];
        all().for_each(|one| is_used[one.day] = true);
        // A gap that begins on a day without a cut-over lies within the next.
        rules.extend((0..days).filter(|&day| is_used[day]).map(Rule::Gap));
    }
    for (link, &(job, _)) in links.iter().enumerate() {
        let mut begins: Vec<usize> = basis.jobs[job].candidates.iter().map(|one| one.busy[0]).collect();
        begins.sort_unstable();
        begins.dedup();
        rules.extend(begins.into_iter().map(|day| Rule::Link(link, day)));
    }
    rules
}

/// How much of a rule's room a candidate takes.
fn entry(basis: &Basis<'_>, links: &[Link], rule: Rule, job: JobIndex, candidate: &Candidate) -> f64 {
    let one = |is: bool| f64::from(u8::from(is));
    match rule {
        Rule::Place(crew, day) => one(candidate.crew == crew && candidate.busy.binary_search(&day).is_ok()),
        Rule::Gap(day) => one((day..day + basis.project.gap_days as usize).contains(&candidate.day)),
        Rule::Link(link, day) => {
            let (later, earlier) = links[link];
            one(later == job && candidate.busy[0] <= day) - one(earlier == job && candidate.day < day)
        }
    }
}

fn room(basis: &Basis<'_>, rule: Rule) -> f64 {
    match rule {
        Rule::Place(crew, _) => f64::from(basis.project.crews[crew].jobs),
        Rule::Gap(_) => 1.0,
        Rule::Link(..) => 0.0,
    }
}
