//! The axis of differences: even, or even within and logarithmic without where an outlier would press the rest together.

use crate::axis::{Linear, Tick};
use brownout_text::numbers;

/// Pixels that a factor of ten beyond the bend takes, as a share of those from 0 to the bend.
const DECADE: f64 = 0.7;

/// A scale of differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Across {
    Even(Linear),
    /// Even from `-bend` to `bend`, logarithmic from there to `low` and `high`.
    Bent {
        bend: f64,
        low: f64,
        high: f64,
        ends: (f64, f64),
    },
}

impl Across {
    /// A scale over the values and 0; `bend` is where outliers begin, if there are any.
    pub(super) fn new(values: Option<(f64, f64)>, bend: Option<f64>, ticks: usize) -> Self {
        match (values, bend.filter(|bend| bend.is_finite() && *bend > 1e-9)) {
            (Some((low, high)), Some(bend)) => {
                let room = |end: f64| if end == 0.0 { 0.0 } else { end * 1.15 };
                let (low, high) = (low.clamp(-1e15, -bend * 0.2), high.clamp(bend * 0.2, 1e15));
                Across::Bent { bend, low: room(low), high: room(high), ends: (0.0, 1.0) }
            }
            _ => Across::Even(Linear::spanning(values, ticks)),
        }
    }

    pub(super) fn over(self, left: f64, right: f64) -> Self {
        match self {
            Across::Even(scale) => Across::Even(scale.over(left, right)),
            Across::Bent { bend, low, high, .. } => Across::Bent { bend, low, high, ends: (left, right) },
        }
    }

    pub(super) fn is_bent(&self) -> bool {
        matches!(self, Across::Bent { .. })
    }

    /// The pixel of a value; values beyond the scale lie on its end.
    pub(super) fn at(&self, value: f64) -> f64 {
        match *self {
            Across::Even(scale) => scale.at(value),
            Across::Bent { bend, low, high, ends } => {
                let place = |value: f64| bent(value / bend);
                let share = (place(value.clamp(low, high)) - place(low)) / (place(high) - place(low));
                ends.0 + share * (ends.1 - ends.0)
            }
        }
    }

    /// Ticks; those above 0 with their sign.
    pub(super) fn ticks(&self, unit: &str) -> Vec<Tick> {
        match *self {
            Across::Even(scale) => {
                let signed = |(mut tick, value): (Tick, f64)| {
                    tick.label = numbers::with_sign(value, tick.label);
                    tick
                };
                scale.ticks(unit).into_iter().zip(scale.steps()).map(signed).collect()
            }
            Across::Bent { bend, low, high, .. } => {
                let decade = libm::pow(10.0, libm::log10(bend).floor());
                let round = [5.0, 2.0, 1.0]
                    .into_iter()
                    .map(|times| times * decade)
                    .find(|step| *step <= bend)
                    .unwrap_or(decade);
                let up =
                    (0..16).map(|n| round * libm::pow(10.0, f64::from(n))).take_while(|value| *value <= high.max(-low));
                let mut values: Vec<f64> = up.flat_map(|value| [-value, value]).chain([0.0]).collect();
                values.retain(|value| (low..=high).contains(value));
                values.sort_by(f64::total_cmp);
                let label = |value: f64| numbers::with_sign(value, numbers::value(value, unit));
                values
                    .into_iter()
                    .map(|value| Tick { at: self.at(value), label: label(value), strong: false })
                    .collect()
            }
        }
    }
}

/// Even from -1 to 1, logarithmic beyond.
fn bent(value: f64) -> f64 {
    match value.abs() {
        size if size <= 1.0 => value,
        size => value.signum() * (1.0 + DECADE * libm::log10(size)),
    }
}
