//! The best pauses for a schedule, exactly.
//!
//! A pause begins only when somebody is at the desk ([`Desk`](crate::desk::Desk)). A pause day costs nothing but itself, its share of a year's budget and of a command, and pushes the clocks of all detected
//! servers back. So what matters of the past is how far each clock stands behind ([`Clocks`]), how much of this year's budget is
//! gone, and how long the pause that runs has lasted, since people do not ask for a pause of a day.
//! Going through the days with every such state, and keeping the cheapest way to each, finds the cheapest of all pause plans
//! (dynamic programming; R. Bellman, *Dynamic Programming*, 1957). A state that costs no less than another, has used no less
//! and stands no further behind can only stay worse where later stages are never milder, and is dropped. The rules of
//! pauses and clocks come from the stage engine.

mod layers;
mod limits;
mod prefixes;

use crate::cost::clocks::{Clocks, Rows};
use crate::cost::tariff::{Cost, POINT, Tariffs, paused_until};
use crate::project::Project;
use brownout_kernel::policy::Granted;
use brownout_kernel::policy::pause::Charge;
use brownout_kernel::time::{SimDuration, SimTime};
use brownout_kernel::watch::Watch;
pub use layers::Beyond;
use layers::{Key, PAID, State, Trail, keep_useful, narrow};

/// States that others are compared with, the cheapest ones of a day; more would cost more than they save.
const RIVALS_MAX: usize = 40;

/// One, in parts per million.
pub const MILLION: Cost = 1_000_000;

/// A cost below all others, with room for sums.
pub const LOWEST: Cost = Cost::MIN / 4;

/// What each day of a schedule costs in each state of the clocks.
pub trait DayCosts {
    /// How likely a command is run that is planned for a day, as a level of [`share`](Self::share); `None` if never.
    fn level(&self, _day: usize) -> Option<u8> {
        Some(0)
    }

    /// Parts per million of the cases in which a command of a level is run: so much of its price, and of its days', counts.
    fn share(&self, _level: u8) -> Cost {
        MILLION
    }

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
    /// Whether a command is run on it.
    pub commands: Vec<bool>,
}

/// The budgets and clocks that all pause plans of a project share.
#[derive(Clone, Debug)]
pub struct PauseSpace<'a> {
    project: &'a Project,
    /// The clocks.
    pub clocks: Clocks,
    pause_day: Cost,
    /// What a command costs, and the least days of a pause.
    command: Cost,
    least_days: u16,
    /// First planned day on which a pause may begin.
    first: usize,
    /// Days that may be used of the budget that a grant on a day is charged to, those used before the plan among them; by day.
    most: Vec<u16>,
    /// Whether somebody is at the desk when a pause would begin, by day.
    open: Vec<bool>,
    /// Whether it matters how long a pause has lasted and under which command.
    tracks: bool,
    /// Where a planned day begins a year, the days already used of that year's budget; one more than there are days.
    new_years: Vec<Option<u16>>,
    watch: Watch,
}

/// What a search for pauses came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Searched {
    /// The cheapest pauses, if they cost less than the limit.
    pub pauses: Option<Pauses>,
    /// States that were looked at.
    pub states: u64,
    /// Whether no day had more states than are kept, so that the cost is exact whatever was to be done beyond that.
    pub whole: bool,
}

impl<'a> PauseSpace<'a> {
    /// The space of a project's pause plans.
    pub fn new(project: &'a Project, tariffs: &Tariffs, watch: &Watch) -> Self {
        let price = |points: f64| libm::round(points * 1e9) as Cost * (POINT / 1_000_000_000);
        let pause_day = price(project.weights.pause_day);
        let until = paused_until(project);
        let first =
            (0..project.days()).find(|&day| project.desk.instant(project.day(day)) >= until).unwrap_or(project.days());
        let first = if project.may_pause { first } else { project.days() };
        let book = project.spent.book();
        let year = |day: usize| project.day(day).start().year();
        let new_year = |day: usize| (day > 0 && year(day) != year(day - 1)).then(|| book.used(year(day)) as u16);
        let new_years = (0..=project.days()).map(new_year).collect();
        let (command, least_days) = (price(project.pause_terms.command), project.pause_terms.least_days.max(1) as u16);
        let clocks = Clocks::new(project, tariffs);
        let most = vec![u16::try_from(project.policy.pauses().budget_days()).unwrap_or(u16::MAX); project.days()];
        let open: Vec<bool> = (0..project.days()).map(|day| project.desk.is_open(project.day(day))).collect();
        let tracks = least_days > 1 || command > 0 || !project.desk.is_always_open();
        let watch = watch.clone();
        PauseSpace { project, clocks, pause_day, command, least_days, first, most, open, tracks, new_years, watch }
    }

    /// The most days that further pauses can have.
    pub fn days_max(project: &Project) -> u32 {
        let book = project.spent.book();
        let (first, last) = (project.as_of.start().year(), project.horizon.start().year());
        let left: u32 = (first..=last).map(|year| book.left(project.policy.pauses(), year)).sum();
        if project.may_pause { left.min(project.days() as u32) } else { 0 }
    }

    /// The cheapest pauses; of equally cheap ones those that pause later and less. None if the work was stopped.
    pub fn best(&self, tariffs: &Tariffs, costs: &impl DayCosts) -> Pauses {
        let found = self.below(tariffs, costs, Cost::MAX, Beyond::Drop);
        found.pauses.unwrap_or_else(|| self.none())
    }

    /// A cost that no pauses can beat, the pauses that it comes from, and how many states were looked at. Where the work was stopped
    /// it means nothing.
    pub fn bound(&self, tariffs: &Tariffs, costs: &impl DayCosts) -> (Pauses, u64) {
        let found = self.below(tariffs, costs, Cost::MAX, Beyond::bounded(tariffs.rises));
        let mut pauses = found.pauses.unwrap_or_else(|| self.none());
        if !found.whole && !tariffs.rises {
            // What was left out is not known.
            pauses.cost = LOWEST;
        }
        (pauses, found.states)
    }

    /// No pauses. Not pausing is always possible, so nothing is found only where the search was stopped.
    fn none(&self) -> Pauses {
        let none = vec![false; self.project.days()];
        Pauses { cost: 0, days: none.clone(), commands: none }
    }

    /// The cheapest pauses, if they cost less than `limit`.
    ///
    /// - `beyond`: what becomes of states that are more than a day may have.
    pub fn below(&self, tariffs: &Tariffs, costs: &impl DayCosts, limit: Cost, beyond: Beyond) -> Searched {
        let used = self.project.spent.book().used(self.project.as_of.start().year()) as u16;
        let mut layer = vec![State::first(used)];
        let (mut trails, mut states, mut whole) = (Vec::new(), 1, true);
        for day in 0..self.project.days() {
            let (next, all) = self.follow(tariffs, costs, day, &layer, (limit, beyond));
            whole &= all;
            states += next.len() as u64;
            trails.push(next.iter().map(State::trail).collect::<Vec<Trail>>());
            layer = next;
        }
        // A pause that the horizon cuts short must be long enough as well.
        let ends = layer.iter().enumerate().filter(|(_, state)| self.may_end(state.key.run));
        let last = ends.min_by_key(|(_, state)| state.cost).map(|(index, state)| (index, state.cost));
        let pauses = last.filter(|_| !self.watch.is_stopped()).map(|(index, cost)| trace(&trails, index, cost));
        Searched { pauses, states, whole }
    }

    /// What paused days and their commands cost in themselves.
    pub fn pause_cost(&self, days: &[bool]) -> Cost {
        let runs = self.runs(days);
        let count: u32 = runs.iter().map(|run| run.1).sum();
        self.cost(count, runs.len())
    }

    /// What commands and the days they give cost in themselves.
    pub fn grant_cost(&self, grants: &[Granted]) -> Cost {
        let days: u32 = grants.iter().map(Granted::days).sum();
        self.cost(days, grants.len())
    }

    fn cost(&self, days: u32, commands: usize) -> Cost {
        self.pause_day * Cost::from(days) + self.command * commands as Cost
    }

    /// Whether a pause that has lasted so long may end.
    fn may_end(&self, run: u16) -> bool {
        run == 0 || run & !PAID >= self.least_days
    }

    /// Length of a pause after another day.
    ///
    /// - `ends`: whether that day is the last that was paid ahead.
    fn longer(&self, run: u16, ends: bool) -> u16 {
        if !self.tracks {
            return 0;
        }
        ((run & !PAID) + 1).min(self.least_days) | if ends { PAID } else { 0 }
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

    /// The states after a day that cost less than `limit`, with the cheapest way to each, and whether these are all.
    fn follow(
        &self,
        tariffs: &Tariffs,
        costs: &impl DayCosts,
        day: usize,
        before: &[State],
        (limit, beyond): (Cost, Beyond),
    ) -> (Vec<State>, bool) {
        let mut after = Vec::with_capacity(2 * before.len());
        // First all that go on, then all that pause: two runs that mostly rise, so that sorting is little more than merging.
        for paused in [false, true] {
            let (mut rows, mut way) = (None, None);
            for (from, state) in before.iter().enumerate() {
                if rows != Some(state.key.rows) {
                    if self.watch.is_stopped() {
                        return (Vec::new(), true);
                    }
                    // States come in the order of their rows, so a day is priced once for each.
                    rows = Some(state.key.rows);
                    way = self.way(tariffs, costs, day, &state.key.rows, paused);
                }
                let Some((next, cost)) = way else { continue };
                let begun = if paused { self.begun(costs, day, &state.key) } else { [Some((0, 0, 0, false)), None] };
                for (price, run, level, begins) in begun.into_iter().flatten() {
                    let cost = state.cost + cost + price;
                    if cost >= limit || !paused && !self.may_end(state.key.run) {
                        continue;
                    }
                    let mut add = |ahead: u16, used: u16| {
                        let used = self.new_years[day + 1].unwrap_or(used);
                        let key = Key { rows: next, ahead, run, level, used };
                        after.push(State { key, cost, from: from as u32, paused, begins });
                    };
                    match (paused, state.key.ahead.checked_sub(1)) {
                        (true, Some(ahead)) => add(ahead, state.key.used),
                        (false, None) => add(0, state.key.used),
                        (true, None) => {
                            (1..=self.grants(day, state.key.used)).for_each(|days| add(days - 1, state.key.used + days))
                        }
                        (false, Some(_)) => {}
                    }
                }
            }
        }
        // A stable sort: of equally cheap ways the unpaused one stays first.
        after.sort_by_key(|state| (state.key, state.cost));
        keep_useful(&mut after);
        let after = if tariffs.rises { self.without_worse(tariffs, after) } else { after };
        narrow(after, beyond, |a, b| self.clocks.behind_both(tariffs, a, b))
    }

    /// The clocks that a day leads to, and what the day costs; `None` where it cannot be paused.
    fn way(
        &self,
        tariffs: &Tariffs,
        costs: &impl DayCosts,
        day: usize,
        rows: &Rows,
        paused: bool,
    ) -> Option<(Rows, Cost)> {
        (!paused || day >= self.first && self.project.may_pause).then_some(())?;
        let next = self.clocks.next(tariffs, day, rows, paused)?;
        Some((next, costs.day(day, rows, paused)))
    }

    /// How a day can be paused: under the command of the day before, or under one of its own. A pause, and a year that has to pay for
    /// its own days, needs a command of its own; a day may also have one because it is less likely to be run than the one before.
    /// Commands need somebody at the desk. Each way with its price, the length of the pause so far, its level, and whether it needs a
    /// command.
    fn begun(&self, costs: &impl DayCosts, day: usize, before: &Key) -> [Option<(Cost, u16, u8, bool)>; 2] {
        let (run, ends) = (before.run, before.ahead == 1);
        let must = run == 0 || run & PAID != 0 || before.ahead == 0 && self.new_years[day].is_some();
        let price = |level: u8| self.pause_day * costs.share(level) / MILLION;
        let going_on = (!must).then(|| (price(before.level), self.longer(run, ends), before.level, false));
        let level = costs
            .level(day)
            .filter(|_| self.open[day])
            .filter(|&level| must || level != before.level && before.ahead == 0 && self.may_end(run));
        let anew = level.map(|level| {
            let length = if must { self.longer(run, ends) } else { self.longer(0, ends) };
            (self.command * costs.share(level) / MILLION + price(level), length, level, true)
        });
        [going_on, anew]
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
                && (rival.key.ahead, rival.key.level) == (state.key.ahead, state.key.level)
                // Whoever has paused for long enough may end or go on, whatever the other must do.
                && (rival.key.run == state.key.run || rival.key.run == self.least_days && rival.key.run > 0)
                && self.clocks.behind(tariffs, &rival.key.rows, &state.key.rows)
        };
        states.into_iter().filter(|state| !rivals.iter().any(|rival| beats(rival, state))).collect()
    }

    /// How many days at most one grant on a day is worth looking at. Day by day is enough, but where all days of a grant count
    /// for its year a grant on the last day of a year can pay for days of the next.
    fn grants(&self, day: usize, used: u16) -> u16 {
        let left = u32::from(self.most[day].saturating_sub(used));
        let pays_ahead =
            self.project.policy.pauses().charge() == Charge::YearOfGrant && self.new_years[day + 1].is_some();
        let days = if pays_ahead { left } else { left.min(1) };
        days.min(self.project.days() as u32) as u16
    }

    /// What the commands of these pauses are granted, also where one carries on another.
    pub fn commands(&self, pauses: &Pauses) -> Vec<Granted> {
        let mut commands: Vec<(SimTime, u32)> = Vec::new();
        for day in (0..pauses.days.len()).filter(|&day| pauses.days[day]) {
            match commands.last_mut().filter(|_| !pauses.commands[day]) {
                Some(last) => last.1 += 1,
                None => commands.push((self.instant(day), 1)),
            }
        }
        self.paid(commands)
    }

    /// The grants that make these days paused, each to be asked for at its `at`; every year pays for its own days, unless the
    /// policy charges a grant as a whole.
    pub fn grants_of(&self, days: &[bool]) -> Vec<Granted> {
        self.paid(self.runs(days))
    }

    /// The instant of a day at which a pause begins.
    fn instant(&self, day: usize) -> SimTime {
        self.project.desk.instant(self.project.day(day))
    }

    /// The first instant and the days of each of those grants.
    fn runs(&self, days: &[bool]) -> Vec<(SimTime, u32)> {
        let rules = self.project.policy.pauses();
        let whole = rules.charge() == Charge::YearOfGrant;
        let mut runs: Vec<(SimTime, u32)> = Vec::new();
        let mut book = self.project.spent.book().clone();
        for day in (0..days.len()).filter(|&day| days[day]) {
            let at = self.instant(day);
            let before = runs.last().filter(|&&(from, days)| from + SimDuration::from_days(i64::from(days)) == at);
            let paying = before.map(|(from, _)| from.year());
            let joins = paying.filter(|&year| year == at.year() || whole && book.left(rules, year) > 0);
            book.note_used(joins.unwrap_or(at.year()), 1);
            match runs.last_mut().filter(|_| joins.is_some()) {
                Some(last) => last.1 += 1,
                None => runs.push((at, 1)),
            }
        }
        runs
    }

    /// Grants of days in order of time. The search never spends more than there is, so each is granted whole.
    fn paid(&self, days: Vec<(SimTime, u32)>) -> Vec<Granted> {
        let (rules, mut book) = (self.project.policy.pauses(), self.project.spent.book().clone());
        days.into_iter().filter_map(|(at, days)| book.grant_up_to(rules, at, days)).collect()
    }
}

/// The pauses that lead to an index of the last layer.
fn trace(trails: &[Vec<Trail>], mut index: usize, cost: Cost) -> Pauses {
    let back = |layer: &Vec<Trail>| {
        let trail = layer[index];
        index = trail.from();
        (trail.is_paused(), trail.begins())
    };
    let mut days: Vec<(bool, bool)> = trails.iter().rev().map(back).collect();
    days.reverse();
    let (days, commands) = days.into_iter().unzip();
    Pauses { cost, days, commands }
}
