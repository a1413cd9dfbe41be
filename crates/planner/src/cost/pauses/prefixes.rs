//! What a schedule costs at least up to each day.

use super::{Beyond, DayCosts, PauseSpace};
use crate::cost::pauses::layers::State;
use crate::cost::tariff::{Cost, Tariffs};

impl PauseSpace<'_> {
    /// What the days before each day cost at least, whatever is paused, and its pauses with them: one number more than there are days.
    /// Costs never being below 0, it is a bound for whoever is done on that day. Where the work was stopped it means nothing.
    pub fn least_before(&self, tariffs: &Tariffs, costs: &impl DayCosts) -> Vec<Cost> {
        let used = self.project.spent.book().used(self.project.as_of.start().year()) as u16;
        let mut layer = vec![State::first(used)];
        let (mut least, mut whole) = (vec![0], true);
        let beyond = Beyond::bounded(tariffs.rises);
        for day in 0..self.project.days() {
            let (next, all) = self.follow(tariffs, costs, day, &layer, (Cost::MAX, beyond));
            whole &= all;
            let so_far = next.iter().map(|state| state.cost).min().unwrap_or(0);
            // What was left out is not known where stages become milder.
            least.push(if whole || tariffs.rises { so_far.max(0) } else { least[day] });
            layer = next;
        }
        least
    }
}
