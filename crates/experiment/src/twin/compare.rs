//! Whether simulated counts agree with the exact curves.

use super::Exact;
use brownout_kernel::tally::CurveCounts;
use brownout_kernel::world::{PerRoute, Route};

/// Probability that a correct simulation is found to disagree, over all days and quantities of one comparison together.
pub const ALPHA: f64 = 1e-6;

/// What is allowed on top: the seconds of detection are rounded down, and two routes may be decided on in one second.
pub const ROUNDING: f64 = 1e-5;

/// How simulated counts compare with the exact curves, at the day and quantity where they differ most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The day since first detection.
    pub worst_day: usize,
    /// `survival`, or the route whose cumulative incidence it is.
    pub quantity: &'static str,
    /// Its exact value.
    pub exact: f64,
    /// Its simulated value.
    pub simulated: f64,
    /// Root of the deviance, `sqrt(2 n KL(simulated, exact))`: the difference in standard errors where the normal
    /// approximation holds, and still to be trusted in the tails, where it does not.
    pub deviation: f64,
    /// The deviation that a correct simulation exceeds anywhere with probability at most [`ALPHA`].
    pub allowed: f64,
    /// Whether `deviation` is at most `allowed`.
    pub agrees: bool,
}

/// Compares pooled counts of first cycles with the exact curves, counted to the second, day by day: survival and each route's cumulative incidence.
///
/// On the days of [`Exact`] nobody has been censored, so each simulated value is a share of all `n` servers. For a sum of `n`
/// independent indicators with mean share `p` a share `q` or beyond has probability at most `exp(-n KL(q, p))`; with two
/// sides, `m` days and four quantities the bound is `n KL <= ln(8 m / ALPHA)`. Nothing in it is asymptotic.
///
/// # Source
/// Hoeffding, "Probability inequalities for sums of bounded random variables", *JASA* 58 (1963), theorem 1; Bonferroni over
/// days and quantities.
pub fn compare(exact: &Exact, counts: &CurveCounts) -> Agreement {
    let allowed = (2.0 * libm::log(8.0 * exact.days.len() as f64 / ALPHA)).sqrt();
    let n = counts.total() as f64;
    let mut worst = Agreement {
        worst_day: 0,
        quantity: "survival",
        exact: 1.0,
        simulated: 1.0,
        deviation: 0.0,
        allowed,
        agrees: true,
    };
    let mut events = PerRoute::<i64>::default();
    for day in 0..exact.days.len() {
        for route in Route::ALL {
            events[route] += counts.remediated[route].get(day).copied().unwrap_or(0);
        }
        if n == 0.0 {
            continue;
        }
        let left = 1.0 - events.iter().sum::<i64>() as f64 / n;
        let routes =
            Route::ALL.map(|route| (route.name(), exact.counted.incidence[day][route], events[route] as f64 / n));
        for (quantity, exact, simulated) in
            std::iter::once(("survival", exact.counted.survival[day], left)).chain(routes)
        {
            let deviation = root_of_deviance(n, simulated, exact);
            if deviation > worst.deviation {
                let agrees = deviation <= allowed;
                worst = Agreement { worst_day: day, quantity, exact, simulated, deviation, allowed, agrees };
            }
        }
    }
    worst
}

/// `sqrt(2 n KL(q, p))`, after `p` has moved towards `q` by the allowance for rounding.
fn root_of_deviance(n: f64, q: f64, p: f64) -> f64 {
    let p = if q > p { (p + ROUNDING).min(q) } else { (p - ROUNDING).max(q) };
    if p == q {
        return 0.0;
    }
    let term = |q: f64, p: f64| if q > 0.0 { q * libm::log(q / p) } else { 0.0 };
    (2.0 * n * (term(q, p) + term(1.0 - q, 1.0 - p))).max(0.0).sqrt()
}
