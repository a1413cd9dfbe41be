//! What a little more room would be worth: each price is a plan of its own, made anew with that room.
//!
//! A plan takes its time, so the room of crews is tried for those with the most servers only, and of freezes for the first; what
//! was not tried is told.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::basis::Basis;
use crate::chance::outcome::Fleet;
use crate::cost::joining::Joining;
use crate::cost::mail::MailFate;
use crate::dates::StatedDates;
use crate::index::{CrewIndex, JobIndex, PerCrew, ServerIndex};
use crate::project::{Crew, FleetServer, PauseTerms, Project};
use crate::search::improve::Draft;
use crate::search::schedule::Schedule;
use crate::search::solve::{Solution, solve_near};
use brownout_kernel::limits::Refusal;
use brownout_kernel::time::{DAY_SECONDS, Day, SimDuration, SimTime};
use brownout_kernel::watch::Watch;
use brownout_text::words::counted;

/// Weekends that are tried for one more.
const WEEKENDS_MAX: usize = 2;
/// Crews for which more is tried.
const CREWS_MAX: usize = 8;
/// Freezes that are tried a week shorter.
const FREEZES_MAX: usize = 8;
/// Servers that are tried without their stated dates.
const STATED_MAX: usize = 8;

/// What one thing more would save.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// What there would be more of.
    pub what: String,
    /// Messages saved, lost ones.
    pub lost: f64,
    /// Points saved, all that is minimised.
    pub points: f64,
    /// Days by which the last cut-over would be earlier; below 0 if it were later.
    pub days: i64,
}

/// What more room would save.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    /// What was tried, the most worthwhile first.
    pub found: Vec<Price>,
    /// What was not tried because there is too much of it, in words.
    pub untried: Vec<String>,
}

/// The prices around a solution.
pub fn prices(basis: &Basis<'_>, solution: &Solution) -> Prices {
    let project = basis.project;
    let base = Figures::of(basis, &solution.draft);
    let (crews, others) = busiest(basis, &solution.draft.schedule);
    let (freezes, more_freezes) = freezes(project);
    let mut untried = Vec::new();
    if others > 0 {
        untried.push(format!(
            "one more crew and one more weekend were tried for the {CREWS_MAX} crews with the most servers, not for the other {others}"
        ));
    }
    if more_freezes > 0 {
        untried
            .push(format!("the first {FREEZES_MAX} change freezes were tried shorter, not the other {more_freezes}"));
    }
    let mut found: Vec<Price> = Vec::new();
    found.extend(price(&base, "one more pause day a year".to_owned(), more_pause(project)));
    for &crew in &crews {
        let what = format!("one more crew like {}", project.crews[crew].name);
        found.extend(price(&base, what, one_more_crew(project, crew)));
    }
    for freeze in freezes {
        let what = format!("the freeze of {} to {} a week shorter", freeze.0.day(), freeze.1.day());
        found.extend(price(&base, what, shorter_freeze(project, freeze)));
    }
    let (stated, more_stated) = stated(basis);
    if more_stated > 0 {
        untried.push(format!(
            "the first {STATED_MAX} servers with stated dates were tried without these, not the other {more_stated}"
        ));
    }
    for (what, changed) in stated {
        found.extend(price(&base, what, changed));
    }
    found.extend(wishes(project).into_iter().filter_map(|(what, terms)| wish(project, &base, what, terms)));
    found.extend(best_weekend(project, &crews, &base));
    found.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.what.cmp(&b.what)));
    Prices { found, untried }
}

/// The crews with the most servers in the plan, and how many more there are with any. One more like a crew that does nothing
/// would do nothing.
fn busiest(basis: &Basis<'_>, schedule: &Schedule) -> (Vec<CrewIndex>, usize) {
    let mut servers = PerCrew::from(vec![0_usize; basis.project.crews.len()]);
    schedule.iter().zip(&basis.jobs).for_each(|(&index, job)| servers[job.candidates[index].crew] += 1);
    let mut crews: Vec<CrewIndex> = servers.keys().filter(|&crew| servers[crew] > 0).collect();
    crews.sort_by_key(|&crew| (Reverse(servers[crew]), crew));
    let others = crews.len().saturating_sub(CREWS_MAX);
    crews.truncate(CREWS_MAX);
    (crews, others)
}

/// What a team may wish away of what it asks of a pause.
fn wishes(project: &Project) -> Vec<(&'static str, PauseTerms)> {
    let terms = project.pause_terms;
    let shorter = (terms.least_days > 1).then_some(("pauses of single days", PauseTerms { least_days: 1, ..terms }));
    let free =
        (terms.command > 0.0).then_some(("pause commands that cost nothing", PauseTerms { command: 0.0, ..terms }));
    shorter.into_iter().chain(free).filter(|_| project.may_pause).collect()
}

/// The price of a wish, with the commands that it takes. Commands that count for nothing count for nothing on both sides.
fn wish(project: &Project, base: &Figures, what: &str, terms: PauseTerms) -> Option<Price> {
    let changed = project.with(|parts| parts.pause_terms = terms).ok()?;
    let basis = base.watched(&changed)?;
    let figures = Figures::of(&basis, &solve_near(&basis, &base.pauses)?);
    let free = (project.pause_terms.command - terms.command) * base.commands as f64;
    let base = Figures { points: base.points - free, ..base.clone() };
    let price = saved(&base, &figures, String::new());
    let commands = if price.points > 0.0 { figures.commands } else { base.commands };
    Some(Price {
        what: format!("{what} ({} instead of {})", counted(commands as u64, "command"), base.commands),
        ..price
    })
}

/// What a plan comes to.
#[derive(Clone)]
struct Figures {
    points: f64,
    fate: MailFate,
    last: Option<SimTime>,
    pauses: Vec<bool>,
    commands: usize,
    watch: Watch,
}

impl Figures {
    /// A changed project worked out under the same watch; `None` if the work was stopped.
    fn watched<'p>(&self, changed: &'p Project) -> Option<Basis<'p>> {
        (!self.watch.is_stopped()).then(|| Basis::watched(changed, Joining::Earlier, self.watch.clone()))
    }

    fn of(basis: &Basis<'_>, draft: &Draft) -> Self {
        let grants = basis.space.grants_of(&draft.pauses);
        let fleet = Fleet::new(basis.project, &grants);
        let at = |job: JobIndex| basis.jobs[job].candidates[draft.schedule[job]].at;
        let fates = basis.jobs.keys().map(|job| fleet.fate(basis.jobs[job].server, at(job)));
        Figures {
            points: crate::cost::tariff::points(draft.cost),
            fate: fates.fold(MailFate::default(), MailFate::plus),
            last: basis.jobs.keys().map(at).max(),
            pauses: draft.pauses.clone(),
            commands: grants.len(),
            watch: basis.watch.clone(),
        }
    }
}

fn price(base: &Figures, what: String, changed: Result<Project, Refusal>) -> Option<Price> {
    let changed = changed.ok()?;
    let basis = base.watched(&changed)?;
    let draft = solve_near(&basis, &base.pauses)?;
    Some(saved(base, &Figures::of(&basis, &draft), what))
}

/// What a plan with more room saves against the one without.
fn saved(base: &Figures, figures: &Figures, what: String) -> Price {
    // More room never costs; where the search found nothing better, the old plan stands.
    if figures.points >= base.points {
        return Price { what, lost: 0.0, points: 0.0, days: 0 };
    }
    let days = |last: Option<SimTime>| last.map_or(0, |at| i64::from(at.day().number()));
    Price {
        what,
        lost: base.fate.lost_messages() - figures.fate.lost_messages(),
        points: base.points - figures.points,
        days: days(base.last) - days(figures.last),
    }
}

/// A day more in every budget; one of a whole year cannot grow.
fn more_pause(project: &Project) -> Result<Project, Refusal> {
    let rules = project.policy.pauses();
    let rules = rules.with_budget_days(i64::from(rules.budget_days()) + 1)?;
    project.with(|parts| parts.policy.set_pauses(rules))
}

fn one_more_crew(project: &Project, crew: CrewIndex) -> Result<Project, Refusal> {
    let mut another = project.crews[crew].clone();
    another.name = format!("another {}", another.name);
    project.with(|parts| {
        let new = parts.crews.push_and_get_key(another);
        let able = parts.servers.iter_mut().filter(|server| server.crews.contains(&crew));
        able.for_each(|server| server.crews.push(new));
    })
}

/// The first freezes that touch the plan, and how many more there are.
fn freezes(project: &Project) -> (Vec<(SimTime, SimTime)>, usize) {
    let (from, to) = (project.as_of.start(), project.horizon.start());
    let all = project.crews.iter().flat_map(|crew| crew.openings.freezes()).flat_map(|freeze| freeze.stretches());
    let touching: BTreeSet<(SimTime, SimTime)> =
        all.copied().filter(|stretch| stretch.0 < to && stretch.1 > from).collect();
    let others = touching.len().saturating_sub(FREEZES_MAX);
    (touching.into_iter().take(FREEZES_MAX).collect(), others)
}

/// What would be otherwise, in words, and the project that it makes.
type Otherwise = (String, Result<Project, Refusal>);

/// The project without what is stated about when servers have their turn: the dates of each of the first that have some, and all
/// waves; and how many more servers have dates.
fn stated(basis: &Basis<'_>) -> (Vec<Otherwise>, usize) {
    let project = basis.project;
    let open: Vec<ServerIndex> = basis.jobs.iter().map(|job| job.server).collect();
    let planned = |&server: &ServerIndex| project.servers[server].in_hand.is_none();
    let dated: Vec<ServerIndex> =
        open.iter().copied().filter(planned).filter(|&server| !project.servers[server].dates.is_free()).collect();
    let without = |&server: &ServerIndex| {
        let FleetServer { name, dates, .. } = &project.servers[server];
        let changed = project.with(|parts| parts.servers[server].dates = StatedDates::default());
        (format!("{name} without its dates ({dates})"), changed)
    };
    let mut all: Vec<Otherwise> = dated.iter().take(STATED_MAX).map(without).collect();
    if open.iter().filter(|&server| planned(server)).any(|&server| project.servers[server].wave.is_some()) {
        let changed = project.with(|parts| parts.servers.iter_mut().for_each(|server| server.wave = None));
        all.push(("no order of waves".to_owned(), changed));
    }
    (all, dated.len().saturating_sub(STATED_MAX))
}

/// A freeze a week shorter at its end.
fn shorter_freeze(project: &Project, stretch: (SimTime, SimTime)) -> Result<Project, Refusal> {
    let week = SimDuration::from_days(7);
    let shorten = |crew: &mut Crew| crew.openings.shorten_freeze(stretch, week);
    project.with(|parts| parts.crews.iter_mut().for_each(shorten))
}

/// The first weekends on which one of some crews cannot cut over, each opened once; the best of them.
fn best_weekend(project: &Project, crews: &[CrewIndex], base: &Figures) -> Option<Price> {
    let mut tried = Vec::new();
    for &index in crews {
        let crew = &project.crews[index];
        for saturday in closed_weekends(project, index).into_iter().take(WEEKENDS_MAX) {
            let morning = SimDuration::from_seconds(8 * 3600);
            let days = [saturday.start(), saturday.start() + SimDuration::from_seconds(DAY_SECONDS)];
            let changed = project.with(|parts| {
                let extra = &mut parts.crews[index].extra;
                extra.extend(days.map(|day| day + morning));
                extra.sort_unstable();
            });
            let what = format!("one more weekend for {} ({saturday})", crew.name);
            tried.extend(price(base, what, changed));
        }
    }
    tried.into_iter().reduce(|best, next| if next.points > best.points { next } else { best })
}

/// Saturdays of weekends on which a crew has no opening, rising.
fn closed_weekends(project: &Project, crew: CrewIndex) -> Vec<Day> {
    let open = |day: Day| {
        let (from, to) = (day.start(), day.start() + SimDuration::from_days(2));
        project.crews[crew].openings.occurrences(from, to, u32::MAX).next().is_some()
    };
    let days = (0..project.days()).map(|index| project.day(index));
    days.filter(|day| day.weekday() == 5 && !open(*day)).collect()
}
