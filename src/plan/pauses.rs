//! The best pauses for a schedule, exactly.
//!
//! A pause day costs nothing but itself and its share of a year's budget, and pushes the clocks of all detected servers back.
//! So what matters of the past is how far each clock stands behind ([`Clocks`]) and how much of this year's budget is gone.
//! Going through the days with every such state, and keeping the cheapest way to each, finds the cheapest of all pause plans
//! (dynamic programming; R. Bellman, *Dynamic Programming*, 1957). The rules of pauses and clocks come from the stage engine.

use super::clocks::Clocks;
use super::project::Project;
use super::tariff::{Cost, POINT, Tariffs, opened_book, paused_until};
use crate::policy::pause::Charge;
use crate::policy::{PauseBook, PauseRequest};
use crate::time::{SimDuration, SimTime};

/// What each day of a schedule costs in each node of the clocks.
pub trait DayCosts {
    /// Cost of a day for all servers, given the node of the clocks at its beginning.
    fn day(&self, day: usize, node: usize, paused: bool) -> Cost;
}

/// A pause plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pauses {
    /// What the schedule costs with these pauses.
    pub cost: Cost,
    /// Whether each planned day is paused by a planned pause.
    pub days: Vec<bool>,
}

/// The budgets and clocks that all pause plans of a project share.
#[derive(Clone, Debug)]
pub struct PauseSpace<'a> {
    project: &'a Project,
    /// The clocks.
    pub clocks: Clocks,
    book: PauseBook,
    pause_day: Cost,
}

/// A state at a midnight and the cheapest way to it.
#[derive(Clone, Copy, Debug)]
struct State {
    key: Key,
    cost: Cost,
    from: u32,
    paused: bool,
}

/// What matters of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    node: u32,
    /// Days to come that a grant has already paid.
    ahead: u32,
    /// Days used of this year's budget.
    used: u32,
}

impl<'a> PauseSpace<'a> {
    /// The space of a project's pause plans.
    pub fn new(project: &'a Project, tariffs: &Tariffs) -> Self {
        let pause_day = libm::round(project.weights.pause_day * 1e9) as Cost * (POINT / 1_000_000_000);
        let until = paused_until(project);
        let first = (0..project.days()).find(|&day| project.day(day).start() >= until).unwrap_or(project.days());
        let first = if project.may_pause { first } else { project.days() };
        PauseSpace { project, clocks: Clocks::new(project, tariffs, first), book: opened_book(project), pause_day }
    }

    /// The most days that further pauses can have.
    pub fn days_max(project: &Project) -> u32 {
        let book = opened_book(project);
        let (first, last) = (project.as_of.start().year(), project.horizon.start().year());
        let left: u32 = (first..=last).map(|year| book.left(&project.policy.pauses, year)).sum();
        if project.may_pause { left.min(project.days() as u32) } else { 0 }
    }

    /// The cheapest pauses; of equally cheap ones those that pause later and less.
    pub fn best(&self, costs: &impl DayCosts) -> Pauses {
        let used = self.book.used(self.project.as_of.start().year());
        let start = State { key: Key { node: 0, ahead: 0, used }, cost: 0, from: 0, paused: false };
        let mut layers = vec![vec![start]];
        for day in 0..self.project.days() {
            layers.push(self.follow(costs, day, &layers[day]));
        }
        trace(&layers)
    }

    /// What a schedule costs with given pauses; `None` if they cannot be.
    pub fn price(&self, costs: &impl DayCosts, pauses: &[bool]) -> Option<Cost> {
        let (mut node, mut total) = (0, 0);
        for (day, &paused) in pauses.iter().enumerate() {
            let next = self.clocks.next(day, node, paused)?;
            total += costs.day(day, node, paused) + if paused { self.pause_day } else { 0 };
            node = next;
        }
        Some(total)
    }

    /// The node of the clocks at the beginning of every day under given pauses; a day that cannot be paused is not.
    pub fn nodes(&self, pauses: &[bool]) -> Vec<usize> {
        let mut node = 0;
        let step = |(day, &paused): (usize, &bool)| {
            let here = node;
            node = self.clocks.next(day, node, paused).or_else(|| self.clocks.next(day, node, false)).unwrap_or(0);
            here
        };
        pauses.iter().enumerate().map(step).collect()
    }

    /// The states after a day, from the cheapest way to each.
    fn follow(&self, costs: &impl DayCosts, day: usize, before: &[State]) -> Vec<State> {
        let mut after = Vec::with_capacity(2 * before.len());
        let mut price = (usize::MAX, [None, None]);
        for (from, state) in before.iter().enumerate() {
            let node = state.key.node as usize;
            if price.0 != node {
                // States come in order of their nodes, so a day is priced once for each.
                let cost = |paused| Some((self.clocks.next(day, node, paused)? as u32, costs.day(day, node, paused)));
                price = (node, [cost(false), cost(true)]);
            }
            let mut add = |paused: bool, ahead: u32, used: u32| {
                let Some((node, cost)) = price.1[usize::from(paused)] else { return };
                let cost = state.cost + cost + if paused { self.pause_day } else { 0 };
                let key = Key { node, ahead, used: self.used_at(day + 1, used) };
                after.push(State { key, cost, from: from as u32, paused });
            };
            match state.key.ahead.checked_sub(1) {
                Some(ahead) => add(true, ahead, state.key.used),
                None => {
                    add(false, 0, state.key.used);
                    for days in 1..=self.grants(day, state.key.used) {
                        add(true, days - 1, state.key.used + days);
                    }
                }
            }
        }
        // A stable sort: of equally cheap ways the unpaused one stays first.
        after.sort_by_key(|state| (state.key, state.cost));
        after.dedup_by_key(|state| state.key);
        after
    }

    /// How many days at most one grant on a day is worth looking at. Day by day is enough, but where all days of a grant count
    /// for its year a grant on the last day of a year can pay for days of the next.
    fn grants(&self, day: usize, used: u32) -> u32 {
        let left = self.project.policy.pauses.budget_days.saturating_sub(used);
        let pays_ahead = self.project.policy.pauses.charge == Charge::YearOfGrant && self.new_year_at(day + 1);
        if pays_ahead { left } else { left.min(1) }
    }

    fn new_year_at(&self, day: usize) -> bool {
        self.project.day(day).start().year() != self.project.day(day - 1).start().year()
    }

    /// Days used of the budget of the year that holds a day, given those on the day before.
    fn used_at(&self, day: usize, used: u32) -> u32 {
        if self.new_year_at(day) { self.book.used(self.project.day(day).start().year()) } else { used }
    }

    /// The grants that make these days paused, each to be asked for at its `at`; every year pays for its own days, unless the
    /// policy charges a grant as a whole.
    pub fn requests(&self, days: &[bool]) -> Vec<PauseRequest> {
        let whole = self.project.policy.pauses.charge == Charge::YearOfGrant;
        let mut requests: Vec<PauseRequest> = Vec::new();
        let mut book = self.book.clone();
        for (day, _) in days.iter().enumerate().filter(|day| *day.1) {
            let at = self.project.day(day).start();
            let paying = requests.last().filter(|last| end_of(last) == at).map(|last| last.at.year());
            let joins =
                paying.filter(|&year| year == at.year() || whole && book.left(&self.project.policy.pauses, year) > 0);
            book.note_used(joins.unwrap_or(at.year()), 1);
            match requests.last_mut().filter(|_| joins.is_some()) {
                Some(last) => last.days += 1,
                None => requests.push(PauseRequest { at, days: 1 }),
            }
        }
        requests
    }
}

/// The first instant after a pause.
pub fn end_of(pause: &PauseRequest) -> SimTime {
    pause.at + SimDuration::from_days(i64::from(pause.days))
}

fn trace(layers: &[Vec<State>]) -> Pauses {
    let last = &layers[layers.len() - 1];
    let mut place = (0..last.len()).min_by_key(|&place| last[place].cost).unwrap_or(0);
    let cost = last[place].cost;
    let back = |layer: &Vec<State>| {
        let state = layer[place];
        place = state.from as usize;
        state.paused
    };
    let mut days: Vec<bool> = layers[1..].iter().rev().map(back).collect();
    days.reverse();
    Pauses { cost, days }
}
