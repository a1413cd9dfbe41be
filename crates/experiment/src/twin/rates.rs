//! Hazards per day of one kind of server, from the study alone.

use brownout_kernel::catalog::ProductId;
use brownout_kernel::world::route::MONTH_DAYS;
use brownout_kernel::world::{BaseRate, Group, PerRoute, Response, State};

/// A hazard per day: `diligence x pressed + added`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// The part that diligence multiplies.
    pub pressed: f64,
    /// The part it does not.
    pub added: f64,
}

impl Rate {
    /// The hazard per day at a diligence.
    pub fn at(self, diligence: f64) -> f64 {
        diligence * self.pressed + self.added
    }

    /// The hazard of routes that compete.
    pub fn sum(rates: PerRoute<Rate>) -> Rate {
        rates.iter().fold(Rate::default(), |sum, rate| Rate {
            pressed: sum.pressed + rate.pressed,
            added: sum.added + rate.added,
        })
    }
}

/// The rates of all routes in a state; closed routes have none.
pub fn rates(
    group: &Group,
    response: &Response,
    product: ProductId,
    open: PerRoute<bool>,
    state: State<'_>,
) -> PerRoute<Rate> {
    PerRoute::from_fn(|route| match &group.routes()[route] {
        Some(rules) if open[route] => {
            let base = match (rules.base_by_product().get(&product), &rules.base()) {
                (Some(per_month), _) => per_month / MONTH_DAYS * response.multiplier().value(state),
                (None, BaseRate::PerMonth(per_month)) => per_month / MONTH_DAYS * response.multiplier().value(state),
                (None, BaseRate::PerDayInStage(by_stage)) => match state {
                    // A silent stage acts like no enforcement.
                    State::InStage(stage) if !stage.is_silent() => by_stage.get(stage.name()).copied().unwrap_or(0.0),
                    _ => 0.0,
                },
            };
            Rate { pressed: base, added: response.added()[route].value(state) }
        }
        _ => Rate::default(),
    })
}
