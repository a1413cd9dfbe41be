//! From a plan's wire types to the values of a project: every rule a value must keep, every problem at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Overrides;
use super::cells::whole_day;
use super::state::PlanState;
use super::wire::{CrewWire, DateRangeWire, PlanPausesWire, PlanWire, WeightsWire};
use super::zone::{by_clock, clock, whole_days};
use crate::check::{Checker, openings};
use crate::compose::{Reader, compose_policy_named, compose_policy_tree};
use crate::named;
use crate::problem::Problem;
use crate::tree::{Node, Path};
use crate::wire::{FixedPauseWire, FreezeWire};
use brownout_kernel::policy::{PauseRequest, Policy, Spent};
use brownout_kernel::time::{Clock, Day, SimTime};
use brownout_kernel::world::Openings;
use brownout_planner::index::PerCrew;
use brownout_planner::project::{Crew, PauseTerms, Weights};
use brownout_text::names::{nearest, one_of};
use brownout_text::weekdays;

/// Longest plan: three years.
const DAYS_MAX: i64 = 1_096;

pub(super) fn version(checker: &mut Checker<'_>, wire: &PlanWire) {
    if wire.version != 1 {
        let message = format!("version {} is not known", wire.version);
        checker.error(&Path::default().field("version"), message, "this program reads version 1");
    }
}

/// The crews, at least one.
pub(super) fn crews(checker: &mut Checker<'_>, wire: &PlanWire, of_plan: Option<&Arc<Clock>>) -> PerCrew<Crew> {
    if wire.crews.is_empty() {
        let help = "add `(name: \"...\", windows: [...])`";
        checker.error(&Path::default().field("crews"), "a plan needs at least one crew", help);
    }
    wire.crews.iter().enumerate().filter_map(|(i, crew)| one_crew(checker, wire, i, crew, of_plan)).collect()
}

/// The policy of a plan or of a tenant: one known by name, a file, or written out; `None` as well where none is stated.
///
/// - `at`: where the plan or the tenant stands.
pub(super) fn policy(
    checker: &mut Checker<'_>,
    (at, node): (&Path, &Node),
    reader: Reader<'_>,
    further: &mut Vec<Problem>,
) -> Option<Policy> {
    let at = at.field("policy");
    let node = node.field("policy")?;
    let (policy, problems) = match node.text() {
        Some(name) => match named::source(name).map_or_else(|| reader(name), Ok) {
            Ok(file) => compose_policy_named(&file),
            Err(message) => {
                let near = nearest(name, &named::NAMES);
                let help = if near.is_empty() {
                    format!("name a file beside the plan, or {}", one_of(&named::NAMES))
                } else {
                    near
                };
                checker.error(&at, message, help);
                return None;
            }
        },
        None => {
            let (policy, problems) = compose_policy_tree(node);
            (policy, problems.into_list())
        }
    };
    further.extend(problems);
    policy
}

pub(super) fn times(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    overrides: &Overrides,
    state: Option<&PlanState>,
) -> Option<(Day, Day)> {
    let root = Path::default();
    let mut day = |field: &str, text: &str| {
        let at = checker.time(&root.field(field), text)?;
        let day = whole_day(at);
        if day.is_none() {
            checker.error(
                &root.field(field),
                format!("\"{text}\" is not a whole day"),
                "write a date such as \"2026-11-21\"",
            );
        }
        day
    };
    let (as_of, horizon) = (day("as_of", &wire.as_of), day("horizon", &wire.horizon));
    // A plan that is planned again does not go back behind the former one.
    let as_of = as_of.max(state.map(|state| state.as_of).filter(|_| as_of.is_some()));
    let as_of = overrides.as_of.map(SimTime::day).or(as_of)?;
    let horizon = horizon?;
    let days = i64::from(horizon.number()) - i64::from(as_of.number());
    if !(1..=DAYS_MAX).contains(&days) {
        let message = format!("the plan covers {days} days from {as_of} to {horizon}; expected 1 to {DAYS_MAX}");
        checker.error(&root.field("horizon"), message, "move the horizon, or --as-of");
        return None;
    }
    Some((as_of, horizon))
}

fn one_crew(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    index: usize,
    crew: &CrewWire,
    of_plan: Option<&Arc<Clock>>,
) -> Option<Crew> {
    let at = Path::default().field("crews").index(index);
    if crew.name.trim().is_empty() || crew.name.contains('|') {
        checker.error(&at.field("name"), "a crew needs a name without \"|\"", "");
    }
    if wire.crews[..index].iter().any(|other| other.name.eq_ignore_ascii_case(&crew.name)) {
        checker.error(&at.field("name"), format!("crew \"{}\" is given twice", crew.name), "rename one");
    }
    let mut works = [false; 7];
    for (i, text) in crew.works.iter().enumerate() {
        match weekdays::index_of(text) {
            Some(day) => works[day] = true,
            None => checker.error(
                &at.field("works").index(i),
                format!("\"{text}\" is not a day of the week"),
                "expected Mon to Sun",
            ),
        }
    }
    let mut holidays: Vec<Day> = Vec::new();
    for (i, text) in crew.holidays.iter().enumerate() {
        holidays.extend(checker.time(&at.field("holidays").index(i), text).map(SimTime::day));
    }
    holidays.sort_unstable();
    let jobs = checker.whole(&at.field("jobs"), crew.jobs, 1..=1000, " jobs") as u32;
    let windows = openings::windows(checker, &at.field("windows"), &crew.windows);
    let freezes: Vec<FreezeWire> = crew.freezes.iter().map(everybody).collect();
    let freezes = openings::freezes(checker, &at.field("freezes"), &freezes);
    let mut extra: Vec<SimTime> = Vec::new();
    for (i, text) in crew.extra.iter().enumerate() {
        extra.extend(checker.time(&at.field("extra").index(i), text));
    }
    extra.sort_unstable();
    let own = clock(checker, &at.field("zone"), crew.zone.as_ref());
    let by = if crew.zone.is_some() { own.as_ref() } else { of_plan };
    if by.is_some() {
        whole_days(checker, &at.field("freezes"), &crew.freezes);
    }
    let openings = by_clock(checker.made(&at.field("windows"), Openings::new(windows, freezes))?, by);
    Some(Crew { name: crew.name.clone(), works, holidays, jobs, openings, extra })
}

/// A freeze of a crew holds for all its servers.
fn everybody(dates: &DateRangeWire) -> FreezeWire {
    FreezeWire { from: dates.from.clone(), to: dates.to.clone(), share: 1.0 }
}

pub(super) fn named_windows(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    of_plan: Option<&Arc<Clock>>,
) -> BTreeMap<String, Openings> {
    let at = Path::default().field("windows");
    let read = |(name, windows): (&String, &Vec<_>)| {
        let windows = openings::windows(checker, &at.field(name), windows);
        let made = checker.made(&at.field(name), Openings::new(windows, Vec::new())).unwrap_or_default();
        (name.clone(), by_clock(made, of_plan))
    };
    wire.windows.iter().map(read).collect()
}

pub(super) fn weights(checker: &mut Checker<'_>, at: &Path, wire: &WeightsWire) -> Weights {
    let mut weight = |name: &str, value: f64| checker.number(&at.field(name), value, 0.0..=100.0, " points");
    let weights = Weights {
        lost: weight("lost", wire.lost),
        delayed: weight("delayed", wire.delayed),
        exposure: weight("exposure", wire.exposure),
        pause_day: checker.number(&at.field("pause_day"), wire.pause_day, 0.0..=1e6, " points"),
        stability: checker.number(&at.field("stability"), wire.stability, 0.0..=1e6, " points"),
    };
    if weights.lost + weights.delayed + weights.exposure == 0.0 {
        checker.error(at, "nothing is minimised", "give at least one of lost, delayed and exposure a weight above 0");
    }
    weights
}

pub(super) fn pause_terms(checker: &mut Checker<'_>, at: &Path, wire: &PlanPausesWire) -> PauseTerms {
    PauseTerms {
        least_days: checker.whole(&at.field("least_days"), wire.least_days, 1..=90, " days") as u32,
        command: checker.number(&at.field("command"), wire.command, 0.0..=1e6, " messages"),
    }
}

/// Pauses that a plan or a tenant states to have had, and days used besides by calendar year.
#[derive(Clone, Debug, Default)]
pub(super) struct Had {
    pub(super) pauses: Vec<PauseRequest>,
    pub(super) used: Vec<(i16, u32)>,
}

/// What is stated of pauses had, at `at`.
pub(super) fn had(checker: &mut Checker<'_>, at: &Path, had: &[FixedPauseWire], used: &BTreeMap<i16, i64>) -> Had {
    let mut found = Had::default();
    for (i, pause) in had.iter().enumerate() {
        let within = at.field("had").index(i);
        let days = checker.whole(&within.field("days"), pause.days, 1..=3_660, " days") as u32;
        found.pauses.extend(checker.time(&within.field("at"), &pause.at).map(|at| PauseRequest { at, days }));
    }
    for (&year, &days) in used {
        let field = at.field("used").field(&year.to_string());
        found.used.push((year, checker.whole(&field, days, 0..=366, " days") as u32));
    }
    found
}

/// Pauses had and days used, all that is known; together they must be within the budgets.
pub(super) fn spent(checker: &mut Checker<'_>, at: &Path, known: Had, policy: &Policy) -> Spent {
    let Had { pauses: mut had, used } = known;
    had.sort();
    had.dedup();
    for &(year, days) in &used {
        let budget = policy.pauses().budget_days();
        if days > budget {
            checker.error(
                &at.field("used"),
                format!("{days} pause days used in {year} are more than the {budget} a year allows"),
                "",
            );
        }
    }
    let spent = Spent::new(policy.pauses(), &used, &had);
    spent.unwrap_or_else(|error| {
        checker.error(&at.field("had"), error.to_string(), "");
        Spent::default()
    })
}
