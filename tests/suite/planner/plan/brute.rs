//! The best plan by trying everything: all schedules, all sets of paused days.
//!
//! What a set of pauses does to a server is written out by the stage engine ([`history`]), grant by grant through a
//! [`PauseBook`], and priced by an integral of the calendar over its periods. Nothing of `plan` is used but the shape of a
//! [`Project`]. Costs are whole numbers in the planner's unit, so equal means equal: thousandths of messages a day, times parts
//! per million of the calendar, times seconds, times parts per billion of points.

use brownout::mail::{Calendar, MailOutcome};
use brownout::planner::index::ServerIndex;
use brownout::planner::{FleetServer, Project};
use brownout::policy::{Charge, Granted, Minutes, PauseBook, PauseRequest, Period, history};
use brownout::time::{DAY_SECONDS, SimTime};

use super::rules::{Way, fit_together, ways};

/// One point in the unit of costs.
const POINT: i128 = 1_000 * 1_000_000 * DAY_SECONDS as i128 * 1_000_000_000;
/// Most schedules, and most schedules times pause sets, of a project that is tried out.
const SCHEDULES_MAX: usize = 40_000;
const PLANS_MAX: usize = 12_000_000;
const PAUSE_SETS_MAX: usize = 4_096;

/// What trying everything found.
#[derive(Clone, Debug)]
pub(crate) struct Everything {
    /// Schedules that keep all rules, told apart by their cut-overs.
    pub(crate) schedules: usize,
    /// Sets of paused days that the budgets can pay.
    pub(crate) pause_sets: usize,
    /// The least cost, its pauses being one of the cheapest; `None` without a schedule.
    pub(crate) best: Option<Best>,
    /// The least cost without any further pause.
    pub(crate) unpaused: Option<i128>,
}

/// The cheapest plan.
#[derive(Clone, Debug)]
pub(crate) struct Best {
    pub(crate) cost: i128,
    pub(crate) paused: Vec<usize>,
}

/// The best plan of a project; `None` if there is too much to try.
pub(crate) fn try_everything(project: &Project) -> Option<Everything> {
    let prices = Prices::new(project);
    let open: Vec<ServerIndex> =
        project.servers.keys().filter(|&server| project.servers[server].done.is_none()).collect();
    let all_ways: Vec<Vec<Way>> = open.iter().map(|&server| ways(project, &project.servers[server])).collect();
    let schedules = schedules(project, &open, &all_ways)?;
    let sets = pause_sets(project)?;
    if schedules.len() * sets.len() > PLANS_MAX {
        return None;
    }
    let mut found = Everything { schedules: schedules.len(), pause_sets: sets.len(), best: None, unpaused: None };
    for (paused, grants) in sets.iter().filter(|set| is_long_enough(project, &set.0)) {
        let table: Vec<Vec<i128>> = (open.iter().zip(&all_ways))
            .map(|(&server, ways)| {
                let server = &project.servers[server];
                let changes = ways.iter().map(|way| prices.change(server, way));
                prices
                    .of_ways(server, grants, ways)
                    .into_iter()
                    .zip(changes)
                    .map(|(mail, change)| mail + change)
                    .collect()
            })
            .collect();
        let cost =
            |schedule: &Vec<u16>| schedule.iter().zip(&table).map(|(&way, row)| row[usize::from(way)]).sum::<i128>();
        let Some(cost) = schedules.iter().map(cost).min() else { continue };
        let commands = commands(project, paused) as i128;
        let cost = cost + prices.pause_day * paused.len() as i128 + prices.command * commands;
        if paused.is_empty() {
            found.unpaused = Some(cost);
        }
        if found.best.as_ref().is_none_or(|best| cost < best.cost) {
            found.best = Some(Best { cost, paused: paused.clone() });
        }
    }
    Some(found)
}

/// All schedules that keep the rules, each as a way for every open server; of those with the same cut-overs only one,
/// unless a former plan makes crews differ.
fn schedules(project: &Project, open: &[ServerIndex], all_ways: &[Vec<Way>]) -> Option<Vec<Vec<u16>>> {
    let mut found: Vec<Vec<u16>> = vec![Vec::new()];
    for place in 0..open.len() {
        let mut longer = Vec::new();
        for begun in &found {
            let before =
                begun.iter().enumerate().map(|(other, &way)| (open[other], &all_ways[other][usize::from(way)]));
            let before: Vec<(ServerIndex, &Way)> = before.collect();
            for (way, here) in all_ways[place].iter().enumerate() {
                let together: Vec<(ServerIndex, &Way)> = before.iter().copied().chain([(open[place], here)]).collect();
                if fit_together(project, &together) {
                    longer.push(begun.iter().copied().chain([way as u16]).collect());
                }
            }
            if longer.len() > SCHEDULES_MAX {
                return None;
            }
        }
        found = longer;
    }
    let cut_overs = |schedule: &Vec<u16>| -> Vec<SimTime> {
        schedule.iter().zip(all_ways).map(|(&way, ways)| ways[usize::from(way)].at).collect()
    };
    found.sort_by_key(cut_overs);
    if project.former.is_none() {
        found.dedup_by_key(|schedule| cut_overs(schedule));
    }
    Some(found)
}

/// Second of the day at which pauses begin, and whether somebody is there on a day.
fn opens(project: &Project, day: usize) -> SimTime {
    SimTime::from_seconds(project.day(day).start().seconds() + project.desk.begins)
}

fn is_staffed(project: &Project, day: usize) -> bool {
    !project.desk.closed.contains(&project.day(day))
}

/// Whether every uninterrupted stretch of paused days is as long as a pause must be.
fn is_long_enough(project: &Project, paused: &[usize]) -> bool {
    let stretches = paused.chunk_by(|a, b| a + 1 == *b);
    stretches.into_iter().all(|stretch| stretch.len() >= project.pause_terms.least_days as usize)
}

/// The fewest commands that make these days paused: one for every stretch, and one more for a stretch over New Year whose days
/// the old year cannot or may not pay.
fn commands(project: &Project, paused: &[usize]) -> usize {
    let (rules, book) = (project.policy.pauses(), project.spent.book());
    let year = |day: usize| project.day(day).start().year();
    let of_stretch = |stretch: &[usize]| {
        let Some(crossing) = stretch.iter().position(|&day| year(day) != year(stretch[0])) else { return 1 };
        let old = year(stretch[0]);
        let spent = paused.iter().filter(|&&day| year(day) == old).count() as u32;
        let left = book.left(rules, old) - spent;
        let paid_ahead = rules.charge() == Charge::YearOfGrant && left as usize >= stretch.len() - crossing;
        if paid_ahead { 1 } else { 2 }
    };
    paused.chunk_by(|a, b| a + 1 == *b).map(of_stretch).sum()
}

/// A set of paused days, and grants that make just these days paused.
type PauseSet = (Vec<usize>, Vec<PauseRequest>);

/// Every set of planned days that further pauses can have: days that begin after the pause that runs, paid by the budgets.
fn pause_sets(project: &Project) -> Option<Vec<PauseSet>> {
    let mut sets = vec![(Vec::new(), Vec::new())];
    if !project.may_pause {
        return Some(sets);
    }
    let book = project.spent.book();
    let runs_until = book.current().filter(|pause| pause.from() <= project.as_of.start()).map(|pause| pause.to());
    let mut begun = 0;
    // Sets grow by a later day each; the first days of what can be paid can be paid, so nothing is missed.
    while begun < sets.len() {
        let from = sets[begun].0.last().map_or(0, |last| last + 1);
        for day in (from..project.days()).filter(|&day| runs_until.is_none_or(|end| opens(project, day) >= end)) {
            let days: Vec<usize> = sets[begun].0.iter().copied().chain([day]).collect();
            if let Some(grants) = grants(project, book, &days) {
                sets.push((days, grants));
            }
        }
        if sets.len() > PAUSE_SETS_MAX {
            return None;
        }
        begun += 1;
    }
    Some(sets)
}

/// Grants that the budgets can pay and that make just these days paused. Where a grant is charged as a whole, days of the new
/// year may be paid by a grant of the old one, so every length of such a grant is tried.
fn grants(project: &Project, book: &PauseBook, days: &[usize]) -> Option<Vec<PauseRequest>> {
    let rules = project.policy.pauses();
    let start = |day: usize| opens(project, day);
    let new_year =
        |day: &&usize| **day > 0 && days.contains(&(**day - 1)) && start(**day).year() != start(**day - 1).year();
    let crossing = days.iter().find(new_year).copied();
    let most = crossing.map_or(0, |first| (first..).take_while(|day| days.contains(day)).count());
    let ahead_max = if rules.charge() == Charge::YearOfGrant { most } else { 0 };
    let begins = days.iter().filter(|&&day| day == 0 || !days.contains(&(day - 1)));
    if !begins.into_iter().all(|&day| is_staffed(project, day)) {
        return None;
    }
    // The first day that the old year does not pay for needs a command of the new one.
    let is_manned = |ahead: &usize| crossing.is_none_or(|first| *ahead == most || is_staffed(project, first + ahead));
    (0..=ahead_max).filter(is_manned).find_map(|ahead| {
        let paid = |day: &usize| crossing.is_some_and(|first| (first..first + ahead).contains(day));
        let length = |day: usize| if crossing == Some(day + 1) { 1 + ahead as u32 } else { 1 };
        let asked = days.iter().filter(|day| !paid(day)).map(|&day| PauseRequest { at: start(day), days: length(day) });
        let asked: Vec<PauseRequest> = asked.collect();
        let mut book = book.clone();
        asked.iter().all(|grant| book.grant(rules, grant.at, grant.days).is_ok()).then_some(asked)
    })
}

/// What seconds of a server's mail cost.
pub(crate) struct Prices<'a> {
    project: &'a Project,
    calendar: Calendar,
    /// Parts per billion of points for a message, by stage; the last for a paused server.
    shares: Vec<i128>,
    pub(crate) pause_day: i128,
    pub(crate) command: i128,
    change: i128,
}

impl<'a> Prices<'a> {
    pub(crate) fn new(project: &'a Project) -> Self {
        let calendar = Calendar::new(&project.calendar, project.as_of.start(), project.horizon.start());
        let stages = project.policy.ladder().stages().iter().map(|stage| stage.minutes());
        let shares = stages.chain([Minutes::NONE]).map(|minutes| share(project, minutes)).collect();
        let price = |points: f64| (points * 1e9).round() as i128 * (POINT / 1_000_000_000);
        let (pause_day, command) = (price(project.weights.pause_day), price(project.pause_terms.command));
        let change = price(project.weights.stability);
        Prices { project, calendar, shares, pause_day, command, change }
    }

    /// What a way costs as a change: nothing where the former date is no way any more.
    pub(crate) fn change(&self, server: &FleetServer, way: &Way) -> i128 {
        let former = self.project.former.iter().flat_map(|former| &former.dates);
        let Some(date) = former.into_iter().find(|date| date.server == server.name) else { return 0 };
        let same = |way: &Way| way.at == date.at && self.project.crews[way.crew].name == date.crew;
        if same(way) || !ways(self.project, server).iter().any(same) { 0 } else { self.change }
    }

    /// What each way of a server costs under these grants.
    pub(crate) fn of_ways(&self, server: &FleetServer, grants: &[PauseRequest], ways: &[Way]) -> Vec<i128> {
        let Some(periods) = self.periods(server, grants) else { return vec![0; ways.len()] };
        let cost = |way: &Way| periods.iter().map(|period| self.of_period(period, way.at)).sum::<i128>();
        ways.iter().map(|way| i128::from(server.volume) * cost(way)).collect()
    }

    /// The server's life if it is never upgraded; `None` if it is never detected.
    pub(crate) fn periods(&self, server: &FleetServer, grants: &[PauseRequest]) -> Option<Vec<Period>> {
        let policy = &self.project.policy;
        let mut book = self.project.spent.book().clone();
        let planned = book.grant_all(policy.pauses(), grants).expect("no grant overspends");
        let all: Vec<Granted> = self.project.spent.grants().iter().chain(&planned).copied().collect();
        Some(history(policy, server.detected?, &all))
    }

    /// Cost of a period from the first planned day on, up to `until`, for a thousandth of a message a day.
    fn of_period(&self, period: &Period, until: SimTime) -> i128 {
        let from = period.from.max(self.project.as_of.start());
        let to = period.to.min(until);
        let place = if period.paused { self.shares.len() - 1 } else { period.stage };
        if from < to { self.shares[place] * (self.seconds_before(to) - self.seconds_before(from)) } else { 0 }
    }

    /// Level times seconds from the first planned day to an instant.
    fn seconds_before(&self, at: SimTime) -> i128 {
        let day = (at.day().number() - self.project.as_of.number()) as usize;
        let part = if at.second_of_day() == 0 { 0 } else { self.calendar.level(day) * at.second_of_day() };
        i128::from(self.calendar.level_seconds_before(day) + part)
    }
}

fn share(project: &Project, minutes: Minutes) -> i128 {
    let outcome = MailOutcome::compute(minutes, project.policy.layout(), project.retry);
    let lost = outcome.share(outcome.lost_blocked + outcome.lost_expired);
    let weights = &project.weights;
    // In the planner's order of additions, so that no bit of the sum depends on it.
    let points =
        weights.lost * lost + weights.delayed * outcome.share(outcome.delayed) + weights.exposure * (1.0 - lost);
    (points * 1e9).round() as i128
}
