//! Rounds of decision clocks as they were lived, and whether they would end alike under other hazards.
//!
//! A life is settled by the draws of its tenant and by when decisions fall; and of a decision all that is seen later is the opening in
//! which the work is tried. So a tenant acts as before if the same clocks run out, each in time for the same opening. To know that, its clocks are run again along the classes in which its servers stood, which takes a small
//! part of the time of a life.

use crate::catalog::ProductId;
use crate::tally::Class;
use crate::time::{DAY_SECONDS, SimTime};
use crate::world::Route;

use super::server::press::{Hazards, Open};

mod track;

pub(in crate::sim) use track::Track;

/// A decision falls in the whole second next to the instant at which a threshold is reached. So much, in days, covers that, and what
/// roundings add up to; what falls so near to anything else is never said to fall alike.
const MARGIN: f64 = 3.0 / DAY_SECONDS as f64;

/// Where rounds that are over are put down.
pub(in crate::sim) type Book<'b> = (&'b mut Vec<Round>, &'b mut Vec<Pressed>);

/// What happens to the clocks of a server.
#[derive(Clone, Copy, Debug)]
pub enum ClockEvent {
    /// A round begins.
    Begun,
    /// From now on the hazards of a class press on these routes, or would, had no clock run out.
    Turned(Turn),
    /// The clocks stop.
    Stopped(RunOut),
    /// Work is tried.
    Tried,
}

/// Which hazards press.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    pub(in crate::sim) class: Class,
    pub(in crate::sim) open: Open,
}

/// How a round ended.
#[derive(Clone, Copy, Debug)]
pub struct RunOut {
    pub(in crate::sim) product: ProductId,
    /// The route whose clock ran out; none at the horizon.
    pub(in crate::sim) decided: Option<Route>,
    /// By route.
    pub(in crate::sim) thresholds: [f64; 3],
    /// A decision from the first to the second instant would have had the same appointment.
    pub(in crate::sim) between: (SimTime, SimTime),
}

/// Hazards by product and class.
///
/// Where a world has so many that two fall on one bit, more is held than was added: whoever asks whether something is among them is then
/// told yes too often, never too rarely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sim) struct HazardSet([u64; 2]);

impl HazardSet {
    /// None.
    pub(in crate::sim) const EMPTY: HazardSet = HazardSet([0; 2]);

    /// Adds those of a product in a class.
    pub(in crate::sim) fn add(&mut self, product: ProductId, class: Class) {
        let product = product.index();
        self.0[product & 1] |= 1 << (((product >> 1) * 16 + class.index()) & 63);
    }

    pub(in crate::sim) fn join(&mut self, other: HazardSet) {
        self.0[0] |= other.0[0];
        self.0[1] |= other.0[1];
    }

    #[inline]
    pub(in crate::sim) fn meets(self, other: HazardSet) -> bool {
        (self.0[0] & other.0[0]) | (self.0[1] & other.0[1]) != 0
    }
}

/// Lead times by product and route; as [`HazardSet`], it may hold more than was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sim) struct LeadSet(u64);

impl LeadSet {
    /// None.
    pub(in crate::sim) const EMPTY: LeadSet = LeadSet(0);

    pub(in crate::sim) fn add(&mut self, product: ProductId, route: Route) {
        self.0 |= 1 << ((product.index() * Route::ALL.len() + route as usize) & 63);
    }

    #[inline]
    pub(in crate::sim) fn meets(self, other: LeadSet) -> bool {
        self.0 & other.0 != 0
    }
}

/// What a study changed of a group's rates and lead times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::sim) struct Change {
    /// By route.
    pub(in crate::sim) hazards: [HazardSet; 3],
    pub(in crate::sim) leads: LeadSet,
}

impl Change {
    /// Whether any hazard of a set is another than before.
    #[inline]
    pub(in crate::sim) fn touches(&self, pressed: HazardSet) -> bool {
        self.hazards.iter().any(|&changed| pressed.meets(changed))
    }
}

/// A round that is over.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Round {
    /// Under which scenario.
    scenario: u16,
    product: ProductId,
    decided: Option<Route>,
    thresholds: [f64; 3],
    /// In days from the start of the round, as [`RunOut::between`].
    between: (f64, f64),
    /// What pressed, or would have, until then.
    pressed: HazardSet,
    /// Where its stretches end in the list of all.
    stretches: usize,
}

/// A stretch of time in which the same hazards press.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Pressed {
    days: f64,
    class: Class,
    open: Open,
}

impl Round {
    pub(in crate::sim) fn pressed(&self) -> HazardSet {
        self.pressed
    }

    /// Whether the round surely ends as it did.
    ///
    /// - `stretches`: of this round;
    /// - `hazards`: of its product by class, under its scenario, and whether the tenant is as diligent as it was.
    #[inline]
    fn ends_alike(
        &self,
        stretches: &[Pressed],
        change: &Change,
        hazards: &[Hazards],
        (diligence, as_it_was): (f64, bool),
    ) -> bool {
        let is_changed = |route: Route| !as_it_was || self.pressed.meets(change.hazards[route as usize]);
        if !Route::ALL.into_iter().any(is_changed) {
            return true;
        }
        // A clock to whose hazards nothing happened runs out when it did, whatever that led to.
        let (from, to) = match self.decided {
            Some(route) if !is_changed(route) => (f64::NEG_INFINITY, f64::INFINITY),
            _ => (self.between.0 + MARGIN, self.between.1 - MARGIN),
        };
        let (mut left, mut passed) = (self.thresholds, 0.0);
        for stretch in stretches {
            let (of_class, open) = (&hazards[stretch.class.index()], &stretch.open);
            let hazard = Route::ALL.map(|route| open.of(route) * of_class.of(route, diligence));
            let (mut first, mut second, mut route) = (f64::INFINITY, f64::INFINITY, None);
            for candidate in Route::ALL {
                let i = candidate as usize;
                let days = if hazard[i] > 0.0 { left[i] / hazard[i] } else { f64::INFINITY };
                if days < first {
                    (first, second, route) = (days, first, Some(candidate));
                } else {
                    second = second.min(days);
                }
            }
            if first <= stretch.days + MARGIN {
                let at = passed + first;
                return first <= stretch.days - MARGIN
                    && route == self.decided
                    && second >= first + MARGIN
                    && (from..=to).contains(&at);
            }
            for (left, hazard) in left.iter_mut().zip(hazard) {
                *left -= hazard * stretch.days;
            }
            passed += stretch.days;
        }
        self.decided.is_none()
    }
}

/// The rounds of a tenant's lives.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Rounds<'r> {
    rounds: &'r [Round],
    /// Of all tenants.
    stretches: &'r [Pressed],
    /// Where those of the first round begin.
    from: usize,
}

impl<'r> Rounds<'r> {
    /// Some rounds of a list, with the one before them.
    pub(in crate::sim) fn new(before: Option<&Round>, rounds: &'r [Round], stretches: &'r [Pressed]) -> Self {
        Rounds { rounds, stretches, from: before.map_or(0, |round| round.stretches) }
    }

    /// Adds the same rounds to a list.
    pub(in crate::sim) fn copy_to(&self, (rounds, stretches): Book<'_>) {
        let Some(last) = self.rounds.last() else { return };
        let begin = stretches.len();
        stretches.extend_from_slice(&self.stretches[self.from..last.stretches]);
        let moved = |round: &Round| Round { stretches: begin + (round.stretches - self.from), ..*round };
        rounds.extend(self.rounds.iter().map(moved));
    }

    /// Whether all of them surely end as they did.
    ///
    /// - `hazards`: of a product by class, under a scenario; the rest as for a round.
    #[inline]
    pub(in crate::sim) fn end_alike<'h>(
        &self,
        change: &Change,
        hazards: impl Fn(usize, ProductId) -> &'h [Hazards],
        diligence: (f64, bool),
    ) -> bool {
        let mut from = self.from;
        self.rounds.iter().all(|round| {
            let stretches = &self.stretches[from..round.stretches];
            from = round.stretches;
            round.ends_alike(stretches, change, hazards(usize::from(round.scenario), round.product), diligence)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCT: ProductId = ProductId::new(2);
    const PATCH_AND_LEAVE: [bool; 3] = [true, false, true];

    /// Ten days unaware, then in a stage; the threshold of the patch is 1, that of leaving 3, none was drawn for the upgrade.
    fn round(decided: Option<Route>, between: (f64, f64)) -> (Round, Vec<Pressed>) {
        let stretch = |class, days| Pressed { days, class, open: Open::new(PATCH_AND_LEAVE) };
        let stretches = vec![stretch(Class::UNAWARE, 10.0), stretch(Class::stage(0), 20.0)];
        let mut pressed = HazardSet::default();
        pressed.add(PRODUCT, Class::UNAWARE);
        pressed.add(PRODUCT, Class::stage(0));
        let thresholds = [1.0, f64::INFINITY, 3.0];
        let stretches_end = stretches.len();
        (
            Round { scenario: 0, product: PRODUCT, decided, thresholds, between, pressed, stretches: stretches_end },
            stretches,
        )
    }

    /// Hazards of the patch and of leaving, when unaware and in the stage.
    fn hazards(unaware: [f64; 2], stage: [f64; 2]) -> Vec<Hazards> {
        let of = |[patch, leave]: [f64; 2]| Hazards::new([patch, 9.0, leave], [0.0; 3]);
        vec![of([0.0, 0.0]), of(unaware), of(stage)]
    }

    /// Whether the round ends alike when the hazards of a product in a class are others on all routes.
    fn alike(round: &(Round, Vec<Pressed>), changed: (ProductId, Class), hazards: &[Hazards], diligence: f64) -> bool {
        let mut change = Change::default();
        change.hazards.iter_mut().for_each(|set| set.add(changed.0, changed.1));
        round.0.ends_alike(&round.1, &change, hazards, (diligence, diligence == 1.0))
    }

    #[test]
    fn a_decision_that_shifts_within_its_limits_is_as_good() {
        // The patch is decided on when 10 x 0.05 + t x hazard = 1: with 0.05 on day 20, with 0.0625 on day 18, with 0.1 on day 15.
        let stage = (PRODUCT, Class::stage(0));
        let decided = round(Some(Route::Patch), (17.0, 21.0));
        for (hazard, is_alike) in [(0.05, true), (0.0625, true), (0.1, false), (0.045, false), (0.0, false)] {
            let hazards = hazards([0.05, 0.01], [hazard, 0.01]);
            assert_eq!(alike(&decided, stage, &hazards, 1.0), is_alike, "{hazard}");
        }
        // A hazard that never pressed may be anything.
        assert!(alike(&decided, (PRODUCT, Class::stage(1)), &hazards([7.0, 7.0], [7.0, 7.0]), 1.0));
        assert!(alike(&decided, (ProductId::new(3), Class::UNAWARE), &hazards([7.0, 7.0], [7.0, 7.0]), 1.0));
        // One who is twice as diligent decides on day 10.
        assert!(!alike(&decided, (ProductId::new(3), Class::UNAWARE), &hazards([0.05, 0.01], [0.05, 0.01]), 2.0));
        // To the very second nothing is promised.
        let exact = round(Some(Route::Patch), (20.0, 20.0));
        assert!(!alike(&exact, stage, &hazards([0.05, 0.01], [0.05, 0.01]), 1.0));
    }

    #[test]
    fn no_other_clock_may_run_out_before() {
        let stage = (PRODUCT, Class::stage(0));
        let decided = round(Some(Route::Patch), (0.0, 30.0));
        // Leaving is decided on when 10 x 0.01 + t x hazard = 3.
        for (hazard, is_alike) in [(0.28, true), (0.289, true), (0.29, false), (0.3, false)] {
            assert_eq!(alike(&decided, stage, &hazards([0.05, 0.01], [0.05, hazard]), 1.0), is_alike, "{hazard}");
        }
        let undecided = round(None, (30.0, 30.0));
        for (hazard, is_alike) in [(0.024, true), (0.0251, false)] {
            assert_eq!(alike(&undecided, stage, &hazards([0.05, 0.01], [hazard, 0.01]), 1.0), is_alike, "{hazard}");
        }
    }

    #[test]
    fn a_clock_that_nothing_changed_runs_out_when_it_did() {
        // Where only leaving is otherwise, the patch needs no limits, not even those of a second.
        let (decided, stretches) = round(Some(Route::Patch), (20.0, 20.0));
        let mut change = Change::default();
        change.hazards[Route::Leave as usize].add(PRODUCT, Class::stage(0));
        for (hazard, is_alike) in [(0.2, true), (0.31, false)] {
            let hazards = hazards([0.05, 0.01], [0.05, hazard]);
            assert_eq!(decided.ends_alike(&stretches, &change, &hazards, (1.0, true)), is_alike, "{hazard}");
        }
    }
}
