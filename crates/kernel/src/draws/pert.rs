//! The Beta-PERT distribution by inversion of the incomplete beta function, on `libm` alone.

/// Quantile of the Beta-PERT distribution at `u`, in the unit of its bounds.
///
/// - `min <= mode <= max`; equal bounds give that value.
/// - `u`: in the open interval (0, 1).
///
/// # Source
/// Malcolm et al., "Application of a technique for research and development program evaluation", *Operations Research* 7
/// (1959): shape parameters `1 + 4 (mode - min) / (max - min)` and `1 + 4 (max - mode) / (max - min)`.
pub(super) fn quantile(min: f64, mode: f64, max: f64, u: f64) -> f64 {
    let range = max - min;
    if range <= 0.0 {
        return min;
    }
    let a = 1.0 + 4.0 * (mode - min) / range;
    let b = 1.0 + 4.0 * (max - mode) / range;
    min + range * beta_quantile(a, b, u)
}

/// Bisection: 60 halvings give every bit that matters, in a fixed number of steps.
fn beta_quantile(a: f64, b: f64, u: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if beta_cdf(a, b, middle) < u { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// The regularised incomplete beta function I_x(a, b).
fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    let log_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    let front = libm::exp(log_front);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, x) / a
    } else {
        1.0 - front * continued_fraction(b, a, 1.0 - x) / b
    }
}

/// Lentz's evaluation of the continued fraction (DLMF 8.17.22); 200 terms are far more than shapes of 1 to 5 need.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..200 {
        let m = f64::from(m);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / guard(1.0 + term * d);
            c = guard(1.0 + term / c);
            fraction *= d * c;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}
