//! Why a server has its date: the rule that keeps it from an earlier one, and what a week earlier or later would cost.
//!
//! The rule is that of the nearest earlier cut-over that there could be. It is the server's own (its dates, freezes, its work), one that
//! holds among servers (crews, gaps, who waits for whom), or there is none: an earlier date is merely not better. A week earlier or later is
//! priced with the plan's own costs and pauses: the server goes there first, whoever is in its way to the first place that is left.

use std::cmp::Reverse;

use crate::basis::Basis;
use crate::cost::tariff::{Cost, points};
use crate::index::{CandidateIndex, JobIndex, PerCandidate, PerJob, ServerIndex};
use crate::jobs::{Candidate, candidates_of};
use crate::project::{DatesBy, Parts, Project, Work};
use crate::search::improve::prices;
use crate::search::schedule::{Schedule, put_first};
use brownout_kernel::draws::Spread;
use brownout_kernel::time::{Day, SimTime};
use brownout_text::words::counted;

/// Days of a week.
const WEEK: usize = 7;
/// Servers that are named.
const NAMED_MAX: usize = 3;

/// What keeps a server from an earlier date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// It is worked on already.
    InHand,
    /// A date that is stated for it.
    Date,
    /// A change freeze.
    Freeze,
    /// The first day on which work on it may begin.
    Earliest,
    /// What must be done before.
    DependsOn,
    /// Its wave.
    Wave,
    /// Its own work.
    Work,
    /// Its waiting.
    LeadTime,
    /// The gap between cut-overs.
    Gap,
    /// There is no earlier opening.
    Window,
    /// Its crew is busy.
    Crew,
    /// No rule: earlier is possible and no better.
    Cost,
}

impl Binding {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Binding::InHand => "in hand",
            Binding::Date => "date",
            Binding::Freeze => "freeze",
            Binding::Earliest => "earliest",
            Binding::DependsOn => "depends_on",
            Binding::Wave => "wave",
            Binding::Work => "work",
            Binding::LeadTime => "lead time",
            Binding::Gap => "gap",
            Binding::Window => "window",
            Binding::Crew => "crew",
            Binding::Cost => "cost",
        }
    }
}

/// Another date for a server, and what it comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Its cut-over.
    pub at: SimTime,
    /// Points that the whole plan costs more, under the same pauses; below 0 if it costs less.
    pub points: f64,
    /// Jobs besides it that get another date.
    pub moves: Vec<JobIndex>,
    /// All dates.
    pub schedule: Schedule,
}

/// Why a server has its date.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Its job.
    pub job: JobIndex,
    /// The kind of rule.
    pub binding: Binding,
    /// The rule in words, without a full stop.
    pub words: String,
    /// The nearest earlier cut-over that it stands in the way of; `None` where there is none in the plan.
    pub instead: Option<SimTime>,
    /// About a week earlier; `None` where nothing earlier is possible, whoever moves.
    pub earlier: Option<Shift>,
    /// About a week later.
    pub later: Option<Shift>,
}

/// Why each server of a schedule has its date, by index of the job; fewer if the work was stopped.
pub fn reasons(basis: &Basis<'_>, schedule: &Schedule, pauses: &[bool]) -> PerJob<Why> {
    let plan = Plan { basis, schedule, prices: prices(basis, pauses) };
    basis.jobs.keys().take_while(|_| !basis.watch.is_stopped()).map(|job| plan.why(job)).collect()
}

struct Plan<'b> {
    basis: &'b Basis<'b>,
    schedule: &'b Schedule,
    prices: PerJob<PerCandidate<Cost>>,
}

impl Plan<'_> {
    fn why(&self, job: JobIndex) -> Why {
        let chosen = self.chosen(job);
        let before = |candidate: &&Candidate| candidate.at < chosen.at;
        let nearest = self.basis.jobs[job].candidates.iter().rfind(before).map(|candidate| candidate.at);
        let (binding, words, instead) = match nearest {
            Some(at) => {
                let (binding, words) = self.among_servers(job, at);
                (binding, words, Some(at))
            }
            None => own_rule(self.basis.project, self.basis.jobs[job].server, chosen.at),
        };
        let week = |is_earlier: bool| self.shifts(job, is_earlier).into_iter().find_map(|index| self.shift(job, index));
        Why { job, binding, words, instead, earlier: week(true), later: week(false) }
    }

    fn chosen(&self, job: JobIndex) -> &Candidate {
        &self.basis.jobs[job].candidates[self.schedule[job]]
    }

    fn name(&self, job: JobIndex) -> &str {
        &self.basis.project.servers[self.basis.jobs[job].server].name
    }

    /// What stands in the way of an earlier cut-over that suits the server itself.
    fn among_servers(&self, job: JobIndex, at: SimTime) -> (Binding, String) {
        let ways = self.basis.jobs[job].candidates.iter_enumerated().filter(|(_, candidate)| candidate.at == at);
        let mut conflicts: Vec<(Binding, String)> = Vec::new();
        for (index, candidate) in ways {
            match self.conflict(job, candidate) {
                Some(conflict) => conflicts.push(conflict),
                None => return (Binding::Cost, self.no_better(job, index)),
            }
        }
        // Each crew that could do it then is busy, or one rule holds for them all.
        conflicts.dedup();
        let binding = conflicts.first().map_or(Binding::Window, |conflict| conflict.0);
        let words: Vec<String> = conflicts.into_iter().take(NAMED_MAX).map(|conflict| conflict.1).collect();
        (binding, words.join(", and "))
    }

    /// The rule that a candidate breaks beside all other servers.
    fn conflict(&self, job: JobIndex, wanted: &Candidate) -> Option<(Binding, String)> {
        let project = self.basis.project;
        let others = || self.schedule.keys().filter(|&other| other != job);
        let server = &project.servers[self.basis.jobs[job].server];
        let late = self.basis.jobs[job].after.iter().copied().filter(|&other| self.chosen(other).day >= wanted.busy[0]);
        if let Some(last) = late.max_by_key(|&other| (self.chosen(other).at, Reverse(other))) {
            let (name, done) = (self.name(last), date(self.chosen(last).at.day()));
            let depends = server.depends_on.contains(&self.basis.jobs[last].server);
            return Some(match depends {
                true => (Binding::DependsOn, format!("{name} must be done before, and that is on {done}")),
                false => (Binding::Wave, format!("{name} of an earlier wave is done on {done}")),
            });
        }
        let crew = &project.crews[wanted.crew];
        let on = |day: usize| {
            others()
                .filter(move |&other| self.chosen(other).crew == wanted.crew && self.chosen(other).busy.contains(&day))
        };
        if let Some(&day) = wanted.busy.iter().rfind(|&&day| on(day).count() >= crew.jobs as usize) {
            let names: Vec<&str> = on(day).take(NAMED_MAX).map(|other| self.name(other)).collect();
            return Some((
                Binding::Crew,
                format!("{} is busy with {} on {}", crew.name, names.join(", "), date(project.day(day))),
            ));
        }
        let near = others().find(|&other| self.chosen(other).day.abs_diff(wanted.day) < project.gap_days as usize);
        near.map(|other| {
            let (gap, name) = (counted(u64::from(project.gap_days), "day"), self.name(other));
            (Binding::Gap, format!("{gap} must lie between it and {name} on {}", date(self.chosen(other).at.day())))
        })
    }

    /// What an earlier candidate costs that no rule forbids.
    fn no_better(&self, job: JobIndex, candidate: CandidateIndex) -> String {
        let more = self.prices[job][candidate] - self.prices[job][self.schedule[job]];
        if self.basis.change_cost(job, candidate) > 0 && more > 0 {
            return format!("earlier it would give up its former date and cost {:.1} points more", points(more));
        }
        match more {
            0 => "earlier is possible and saves nothing: its mail is not restricted before".to_owned(),
            more if more > 0 => format!("earlier is possible and costs {:.1} points more", points(more)),
            more if self.basis.project.risk.dates == DatesBy::Courses => {
                let saved = points(-more);
                format!(
                    "if all goes as planned earlier saves {saved:.1} points; over simulated futures no move that was tried does better"
                )
            }
            more => format!("earlier is possible and saves {:.1} points: the search did not see it", points(-more)),
        }
    }

    /// Candidates on the earlier or later side, those a week away first.
    fn shifts(&self, job: JobIndex, is_earlier: bool) -> Vec<CandidateIndex> {
        let chosen = self.chosen(job);
        let wanted = if is_earlier { chosen.day.saturating_sub(WEEK) } else { chosen.day + WEEK };
        let candidates = &self.basis.jobs[job].candidates;
        let on_side = |&index: &CandidateIndex| {
            let day = candidates[index].day;
            if is_earlier { day < chosen.day } else { day > chosen.day }
        };
        let mut found: Vec<CandidateIndex> = candidates.keys().filter(on_side).collect();
        found.sort_by_key(|&index| {
            (candidates[index].day.abs_diff(wanted), candidates[index].crew != chosen.crew, index)
        });
        found
    }

    /// The plan with one server at another candidate: every other one keeps its date if it can, or takes the first that is left.
    fn shift(&self, job: JobIndex, candidate: CandidateIndex) -> Option<Shift> {
        let jobs = &self.basis.jobs;
        let mut ledger = self.basis.ledger();
        ledger.put(job, candidate);
        let mut order: Vec<JobIndex> = jobs.keys().filter(|&other| other != job).collect();
        order.sort_by_key(|&other| (self.chosen(other).at, other));
        let mut pushed = Vec::new();
        for &other in &order {
            match ledger.fits(other, self.schedule[other]) {
                true => ledger.put(other, self.schedule[other]),
                false => pushed.push(other),
            }
        }
        for other in pushed {
            put_first(&mut ledger, jobs, other, &mut Vec::new()).ok()?;
        }
        let schedule = ledger.schedule()?;
        let cost =
            |schedule: &Schedule| schedule.iter().zip(&self.prices).map(|(&index, prices)| prices[index]).sum::<Cost>();
        let moves = order.into_iter().filter(|&other| schedule[other] != self.schedule[other]).collect();
        let at = jobs[job].candidates[candidate].at;
        Some(Shift { at, points: points(cost(&schedule) - cost(self.schedule)), moves, schedule })
    }
}

/// `12 Mar 2027`, as the dates beside it are written.
fn date(day: Day) -> String {
    day.civil().strftime("%-d %b %Y").to_string()
}

/// The rule of its own that keeps a server from any cut-over before an instant: the first that, if it did not hold, would allow one.
fn own_rule(project: &Project, index: ServerIndex, at: SimTime) -> (Binding, String, Option<SimTime>) {
    let server = &project.servers[index];
    if server.in_hand.is_some() {
        return (Binding::InHand, "it is in hand, and goes on as soon as it can or keeps its date".to_owned(), None);
    }
    let without = |change: &dyn Fn(&mut Parts)| {
        let changed = project.with(change).ok()?;
        candidates_of(&changed, index).iter().rfind(|candidate| candidate.at < at).map(|candidate| candidate.at)
    };
    if let Some(instead) = without(&|changed| changed.servers[index].dates = Default::default()) {
        return (Binding::Date, format!("its dates: {}", server.dates), Some(instead));
    }
    let thawed = |changed: &mut Parts| {
        changed.crews.iter_mut().for_each(|crew| crew.openings = crew.openings.without_freezes());
        let own = &mut changed.servers[index].windows;
        *own = own.as_ref().map(|own| own.without_freezes());
    };
    if let Some(instead) = without(&thawed) {
        return (
            Binding::Freeze,
            format!("a change freeze covers the opening on {}", date(instead.day())),
            Some(instead),
        );
    }
    if let Some(instead) = without(&|changed| changed.servers[index].earliest = None) {
        let first = server.earliest.map_or(String::new(), |day| format!(" before {}", date(day)));
        return (Binding::Earliest, format!("no work on it may begin{first}"), Some(instead));
    }
    let alone = |changed: &mut Parts| {
        (changed.servers[index].depends_on, changed.servers[index].wave) = (Vec::new(), None);
    };
    if let Some(instead) = without(&alone) {
        return (
            Binding::DependsOn,
            "what must be done before it was done too late for that".to_owned(),
            Some(instead),
        );
    }
    if let Some(instead) = without(&|changed| changed.gap_days = 0) {
        let gap = counted(u64::from(project.gap_days), "day");
        return (Binding::Gap, format!("{gap} must lie between it and what was done before the plan"), Some(instead));
    }
    let days = crate::former::planned_days(project, server);
    let idle = |changed: &mut Parts| changed.servers[index].work = Work::Days(Spread::Fixed(0.0));
    match (server.work, without(&idle)) {
        (Work::Days(_), Some(instead)) => {
            (Binding::Work, format!("its work takes {}", counted(u64::from(days), "working day")), Some(instead))
        }
        (Work::Lead(_), Some(instead)) => {
            (Binding::LeadTime, format!("it has to wait {}", counted(u64::from(days), "day")), Some(instead))
        }
        (_, None) => (Binding::Window, "it is the first opening that suits what it needs".to_owned(), None),
    }
}
