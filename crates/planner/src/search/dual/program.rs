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
    field: OpenCandidates,
    links: Vec<Link>,
    rules: Vec<Rule>,
    simplex: Simplex,
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
        let (frame, field) = (CellFrame::new(basis), OpenCandidates::whole(basis));
        Some(Program { basis, frame, field, links, rules, simplex: Simplex::new(columns, room, &first) })
    }

    /// The best bound that some pivots find; `None` if a job has no candidate.
    ///
    /// - `least`: what a server of one thousandth of a message a day pays at least before each cell, and in all, by group.
    /// - `enough`: nothing needs to be better.
    pub fn bound(
        &mut self,
        least: &PerGroup<Vec<Cost>>,
        mut pivots: usize,
        enough: Cost,
        effort: &mut Effort,
    ) -> Option<Cost> {
        let of_job = |job: JobIndex| {
            let steps = least[self.basis.groups[job]].windows(2).map(|pair| pair[1] - pair[0]);
            steps.map(|step| step * self.basis.volumes[job]).collect()
        };
        let mut prices = Prices::free(self.basis, self.basis.jobs.keys().map(of_job).collect());
        let costs: PerJob<PerCandidate<Cost>> = prices.of_jobs(self.basis, &self.frame, &self.links);
        self.simplex.set_costs(costs.iter().flatten().map(|&cost| cost as f64 / POINT as f64).collect());
        let mut best = self.value(&mut prices)?;
        while best < enough && pivots > 0 && !effort.is_spent() {
            let turn = pivots.min(PIVOTS);
            let before = self.simplex.work();
            let done = (0..turn).take_while(|_| !self.basis.watch.is_stopped() && self.simplex.pivot()).count();
            effort.spend((self.simplex.work() - before) / WORK_PER_UNIT);
            best = best.max(self.value(&mut prices)?);
            if done < turn {
                break;
            }
            pivots -= turn;
        }
        Some(best)
    }

    /// The bound at the duals as they are.
    fn value(&self, prices: &mut Prices) -> Option<Cost> {
        let duals = &self.simplex.duals()[self.basis.jobs.len()..];
        for (rule, dual) in self.rules.iter().zip(duals) {
            let price = match *rule {
                Rule::Place(crew, day) => &mut prices.places[crew][day],
                Rule::Gap(day) => &mut prices.gaps[day],
                Rule::Link(link, day) => &mut prices.links[link][day],
            };
            *price = libm::round((-dual).clamp(0.0, PRICE_MAX) * 1e9) as Cost * (POINT / 1_000_000_000);
        }
        let side = prices.choose(self.basis, &self.frame, &self.links, &self.field)?;
        Some(side.costs.iter().sum::<Cost>() + prices.constant(self.basis))
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
