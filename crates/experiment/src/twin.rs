//! The analytic twin: the survival curve of a scenario by formula, where the scenario reduces to a solvable case.
//!
//! A simulation can be checked against itself for ever and stay wrong. Where every tenant has one server, work follows the
//! decision at once and nobody pauses, the time from first detection to remediation has a closed form: the hazard is
//! `diligence x pressed + added`, constant over each stage, and the population is a mixture over groups, builds and
//! diligence. This module works that form out from the study alone. It shares the catalogue, the ladder and the response
//! tables with the simulator, and nothing of the event loop, its agenda or its draws.
//!
//! - [`exact`]: survival and cumulative incidence by route, or every reason why there is no closed form;
//! - [`compare`]: whether simulated counts agree with it, with a bound that holds for all days at once.
//!
//! # The formula
//! For a server of diligence `x`, let `u(x)` be its hazard before detection, summed over the open routes, and `h_k(x)` that of
//! stage `k`. It is detected with probability `w(x) = E[exp(-∫ u)]`, the mean taken over its uniform detection delay. Then
//! `S(t) = Σ w(x) exp(-Σ h_k(x) days in k) / Σ w(x)` over all servers: the diligent ones are under-represented among the
//! detected, as more of them have acted before. The mean over lognormal diligence is a trapezoidal sum over the standard
//! normal, which converges geometrically for such functions (Trefethen and Weideman, *SIAM Review* 56, 2014).
//!
//! # Whole seconds
//! A simulation rounds every sampled duration to the nearest second (MODEL 1). That shifts what it counts by the events of half a
//! second: nothing at hazards of a day, much at hazards of an hour. So the comparison is with the curves counted as a simulation
//! counts: a decision up to half a second behind the end of a day falls into that day, and one in the half second before first
//! detection comes after it, at once.
//!
//! # Why it ends before the horizon
//! Who is detected late is less diligent on average and is censored early, so beyond the first possible censoring the
//! Kaplan-Meier curve of a mixed population estimates something slightly else. The twin gives the days on which every
//! server is still observed, where no such question arises.

pub mod cells;
mod compare;
pub mod mixture;
pub mod rates;

pub use compare::{ALPHA, Agreement, ROUNDING, compare};

use crate::study::Scenario;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::PerRoute;

/// Distance of the quadrature's points in standard deviations. At half the points nothing changes in the tenth digit.
pub const STEP: f64 = 0.05;

/// First cycles by formula, at the end of whole days since first detection.
#[derive(Clone, Debug, PartialEq)]
pub struct Exact {
    /// The days: 0, 1, 2, ... up to the last one on which no server can have been censored.
    pub days: Vec<f64>,
    /// Probability of no remediation up to each day.
    pub survival: Vec<f64>,
    /// Probability of remediation up to each day by route.
    pub incidence: Vec<PerRoute<f64>>,
    /// The same as a simulation counts it, whose sampled durations are rounded to the nearest second.
    pub counted: Curves,
}

/// Survival and incidence by day.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Probability of no remediation up to each day.
    pub survival: Vec<f64>,
    /// Probability of remediation up to each day by route.
    pub incidence: Vec<PerRoute<f64>>,
}

/// Why a scenario has no closed form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no closed form: {}", reasons.join("; "))]
pub struct NotSolvable {
    /// Every reason found, in words.
    pub reasons: Vec<String>,
}

/// The exact curves of a scenario observed over `[start, horizon)`.
///
/// # Errors
/// [`NotSolvable`] with every reason why the scenario is no solvable case. The rules are on the safe side: a few scenarios
/// that could be solved are refused.
pub fn exact(scenario: &Scenario, start: SimTime, horizon: SimTime) -> Result<Exact, NotSolvable> {
    exact_at(scenario, start, horizon, STEP)
}

/// As [`exact`], with another step of the mixture over diligence than [`STEP`], to see how much hangs on it.
///
/// # Errors
/// What about the scenario is not solvable.
pub fn exact_at(scenario: &Scenario, start: SimTime, horizon: SimTime, step: f64) -> Result<Exact, NotSolvable> {
    let cells = cells::of(scenario, start, horizon).map_err(|reasons| NotSolvable { reasons })?;
    let latest = cells.iter().map(|cell| cell.latest).max().unwrap_or(horizon);
    let days = horizon.since(latest).days_f64();
    let refuse = |reason: &str| Err(NotSolvable { reasons: vec![reason.to_owned()] });
    if cells.is_empty() {
        return refuse("no server is ever detected");
    }
    if days < 1.0 {
        return refuse("detections go on until the horizon");
    }
    match mixture::curves(&cells, scenario.policy.ladder(), days as usize, horizon, step) {
        Some(exact) => Ok(exact),
        None => refuse("every server acts before it is detected"),
    }
}
