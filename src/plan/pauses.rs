//! The best pauses for a schedule, exactly.
//!
//! A pause day costs nothing but itself and its share of a year's budget, and pushes the clocks of all detected servers back.
//! So what matters of the past is how far each clock stands behind ([`Clocks`]) and how much of this year's budget is gone.
//! Going through the days with every such state, and keeping the cheapest way to each, finds the cheapest of all pause plans
//! (dynamic programming; R. Bellman, *Dynamic Programming*, 1957). A state that costs no less than another, has used no less
//! and stands no further behind can only stay worse where later stages are never milder, and is dropped. The rules of
//! pauses and clocks come from the stage engine.

use super::clocks::{Clocks, Rows};
use super::project::Project;
use super::tariff::{Cost, POINT, Tariffs, opened_book, paused_until};
use crate::policy::pause::Charge;
use crate::policy::{PauseBook, PauseRequest};
use crate::time::{SimDuration, SimTime};

/// States that others are compared with, the cheapest ones of a day; more would cost more than they save.
const RIVALS_MAX: usize = 40;

/// What each day of a schedule costs in each state of the clocks.
pub trait DayCosts {
    /// Cost of a day for all servers, given the clocks at its beginning.
    fn day(&self, day: usize, rows: &Rows, paused: bool) -> Cost;
}

/// A pause plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pauses {
    /// What the schedule costs with these pauses.
    pub cost: Cost,
    /// Whether each planned day is paused by a planned pause.
    pub days: Vec<bool>,
    /// States gone through to find it.
    pub states: u64,
}

/// The budgets and clocks that all pause plans of a project share.
#[derive(Clone, Debug)]
pub struct PauseSpace<'a> {
    project: &'a Project,
    /// The clocks.
    pub clocks: Clocks,
    book: PauseBook,
    pause_day: Cost,
    /// First planned day on which a pause may begin.
    first: usize,
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
    rows: Rows,
    /// Days to come that a grant has already paid.
    ahead: u16,
    /// Days used of this year's budget.
    used: u16,
}

impl<'a> PauseSpace<'a> {
    /// The space of a project's pause plans.
    pub fn new(project: &'a Project, tariffs: &Tariffs) -> Self {
        let pause_day = libm::round(project.weights.pause_day * 1e9) as Cost * (POINT / 1_000_000_000);
        let until = paused_until(project);
        let first = (0..project.days()).find(|&day| project.day(day).start() >= until).unwrap_or(project.days());
        let first = if project.may_pause { first } else { project.days() };
        PauseSpace { project, clocks: Clocks::new(project, tariffs), book: opened_book(project), pause_day, first }
    }

    /// The most days that further pauses can have.
    pub fn days_max(project: &Project) -> u32 {
        let book = opened_book(project);
        let (first, last) = (project.as_of.start().year(), project.horizon.start().year());
        let left: u32 = (first..=last).map(|year| book.left(&project.policy.pauses, year)).sum();
        if project.may_pause { left.min(project.days() as u32) } else { 0 }
    }

    /// The cheapest pauses; of equally cheap ones those that pause later and less.
    pub fn best(&self, tariffs: &Tariffs, costs: &impl DayCosts) -> Pauses {
        let used = self.book.used(self.project.as_of.start().year()) as u16;
        let start = State { key: Key { rows: Rows::default(), ahead: 0, used }, cost: 0, from: 0, paused: false };
        let mut layers = vec![vec![start]];
        for day in 0..self.project.days() {
            layers.push(self.follow(tariffs, costs, day, &layers[day]));
        }
        trace(&layers)
    }

    /// The clocks at the beginning of every day under given pauses; a day that cannot be paused is not.
    pub fn rows(&self, tariffs: &Tariffs, pauses: &[bool]) -> Vec<Rows> {
        let mut rows = Rows::default();
        let step = |(day, &paused): (usize, &bool)| {
            let here = rows;
            let next = |paused| self.clocks.next(tariffs, day, &here, paused);
            rows = next(paused).or_else(|| next(false)).unwrap_or(here);
            here
        };
        pauses.iter().enumerate().map(step).collect()
    }

    /// The states after a day, with the cheapest way to each.
    fn follow(&self, tariffs: &Tariffs, costs: &impl DayCosts, day: usize, before: &[State]) -> Vec<State> {
        let mut after = Vec::with_capacity(2 * before.len());
        let mut price: Option<(Rows, [Option<(Rows, Cost)>; 2])> = None;
        for (from, state) in before.iter().enumerate() {
            let rows = state.key.rows;
            let priced = match price {
                // States come in the order of their rows, so a day is priced once for each.
                Some((known, priced)) if known == rows => priced,
                _ => [false, true].map(|paused| {
                    let possible = !paused || day >= self.first && self.project.may_pause;
                    let next = possible.then(|| self.clocks.next(tariffs, day, &rows, paused)).flatten()?;
                    Some((next, costs.day(day, &rows, paused) + if paused { self.pause_day } else { 0 }))
                }),
            };
            price = Some((rows, priced));
            let mut add = |paused: bool, ahead: u16, used: u16| {
                let Some((rows, cost)) = priced[usize::from(paused)] else { return };
                let key = Key { rows, ahead, used: self.used_at(day + 1, used) };
                after.push(State { key, cost: state.cost + cost, from: from as u32, paused });
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
        if tariffs.rises { self.without_worse(tariffs, after) } else { after }
    }

    /// The states but those that another one is better than in everything that matters.
    fn without_worse(&self, tariffs: &Tariffs, states: Vec<State>) -> Vec<State> {
        let mut rivals: Vec<State> = states.clone();
        let by_cost = |state: &State| (state.cost, state.key.used);
        if rivals.len() > RIVALS_MAX {
            rivals.select_nth_unstable_by_key(RIVALS_MAX, by_cost);
            rivals.truncate(RIVALS_MAX);
        }
        let beats = |rival: &State, state: &State| {
            rival.key != state.key
                && rival.cost <= state.cost
                && rival.key.used <= state.key.used
                && rival.key.ahead == state.key.ahead
                && self.clocks.behind(tariffs, &rival.key.rows, &state.key.rows)
        };
        states.into_iter().filter(|state| !rivals.iter().any(|rival| beats(rival, state))).collect()
    }

    /// How many days at most one grant on a day is worth looking at. Day by day is enough, but where all days of a grant count
    /// for its year a grant on the last day of a year can pay for days of the next.
    fn grants(&self, day: usize, used: u16) -> u16 {
        let left = self.project.policy.pauses.budget_days.saturating_sub(u32::from(used));
        let pays_ahead = self.project.policy.pauses.charge == Charge::YearOfGrant && self.new_year_at(day + 1);
        let days = if pays_ahead { left } else { left.min(1) };
        days.min(self.project.days() as u32) as u16
    }

    fn new_year_at(&self, day: usize) -> bool {
        self.project.day(day).start().year() != self.project.day(day - 1).start().year()
    }

    /// Days used of the budget of the year that holds a day, given those on the day before.
    fn used_at(&self, day: usize, used: u16) -> u16 {
        if self.new_year_at(day) { self.book.used(self.project.day(day).start().year()) as u16 } else { used }
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
    Pauses { cost, days, states: layers.iter().map(|layer| layer.len() as u64).sum() }
}
