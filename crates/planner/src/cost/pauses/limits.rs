//! Pauses that use no more than some days of each year, and what one group of servers pays at least under any of them.

use super::layers::State;
use super::{Beyond, DayCosts, LOWEST, PauseSpace};
use crate::cost::clocks::Rows;
use crate::cost::tariff::{Cost, Tariffs};
use crate::index::GroupIndex;
use brownout_kernel::policy::pause::Charge;

/// What a day costs a server of one group of one thousandth of a message a day.
struct Alone<'t>(&'t Tariffs, GroupIndex);

impl DayCosts for Alone<'_> {
    fn day(&self, day: usize, rows: &Rows, paused: bool) -> Cost {
        self.0.whole(self.1, usize::from(rows[0]), day, paused).unwrap_or(0)
    }
}

impl PauseSpace<'_> {
    /// Days that can still be used of the budget of each year of the plan.
    pub fn left(&self) -> Vec<u16> {
        let pays_ahead = self.project.policy.pauses().charge() == Charge::YearOfGrant;
        let mut left: Vec<u16> = Vec::new();
        let mut used = 0;
        let mut days = 0;
        for day in 0..self.project.days() {
            if let Some(fresh) = self.new_years[day].or_else(|| (day == 0).then(|| self.used_before())) {
                left.push(0);
                (used, days) = (fresh, 0);
            }
            days += u16::from(day >= self.first);
            let budget = self.most[day].saturating_sub(used);
            if let Some(last) = left.last_mut() {
                *last = if pays_ahead && self.first < self.project.days() { budget } else { budget.min(days) };
            }
        }
        left
    }

    /// The same space, but for pauses that use no more than so many days of each year.
    pub fn within(&self, most: &[u16]) -> Self {
        let mut space = self.clone();
        let (mut year, mut used) = (0, self.used_before());
        for day in 0..self.project.days() {
            if let Some(fresh) = self.new_years[day] {
                (year, used) = (year + 1, fresh);
            }
            let limit = most.get(year).map_or(u16::MAX, |most| most.saturating_add(used));
            space.most[day] = space.most[day].min(limit);
        }
        space
    }

    /// What pauses cost at least in themselves if so many days are used of each year: every year needs a command of its own.
    pub fn least_cost(&self, used: &[u16]) -> Cost {
        let days: u32 = used.iter().map(|&days| u32::from(days)).sum();
        self.cost(days, used.iter().filter(|days| **days > 0).count())
    }

    /// What a server of a group of one thousandth of a message a day pays at least before each cell, and in all, whatever is paused
    /// and without the price of pauses; and the states that were looked at. Where the work was stopped it means nothing.
    pub fn least_of(&self, tariffs: &Tariffs, group: GroupIndex) -> (Vec<Cost>, u64) {
        let space = PauseSpace {
            clocks: self.clocks.alone(group),
            pause_day: 0,
            command: 0,
            least_days: 1,
            tracks: !self.project.desk.is_always_open(),
            ..self.clone()
        };
        let mut layer = vec![State::first(self.used_before())];
        let (mut least, mut states, mut whole) = (vec![0], 0, true);
        let beyond = Beyond::bounded(tariffs.rises);
        for day in 0..self.project.days() {
            let instants = tariffs.instants(day).len();
            least.extend((0..instants).map(|instant| space.least_until(tariffs, group, &layer, (day, instant))));
            let (next, all) = space.follow(tariffs, &Alone(tariffs, group), day, &layer, (Cost::MAX, beyond));
            least.push(next.iter().map(|state| state.cost).min().unwrap_or(0));
            whole &= all || tariffs.rises;
            states += next.len() as u64;
            layer = next;
        }
        if !whole {
            // What was left out is not known.
            least.iter_mut().for_each(|least| *least = 0);
        }
        (least, states)
    }

    /// The least cost up to an instant of a day from any of these states.
    fn least_until(
        &self,
        tariffs: &Tariffs,
        group: GroupIndex,
        layer: &[State],
        (day, instant): (usize, usize),
    ) -> Cost {
        let until = |state: &State, paused: bool| {
            let free = !paused || state.key.ahead > 0 || self.grants(day, state.key.used) > 0;
            let may = free && (!paused || day >= self.first && self.project.may_pause);
            let part = tariffs.part(group, usize::from(state.key.rows[0]), day, instant, paused);
            part.filter(|_| may).map(|part| state.cost + part)
        };
        let all =
            layer.iter().flat_map(|state| [false, true].into_iter().filter_map(move |paused| until(state, paused)));
        all.min().unwrap_or(LOWEST)
    }

    /// Days used of the first year's budget before the plan.
    fn used_before(&self) -> u16 {
        self.project.spent.book().used(self.project.as_of.start().year()) as u16
    }
}
