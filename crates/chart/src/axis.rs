//! Scales from values to pixels, their ticks, and the quiet frame drawn from them.

use super::page::{Align, Area, Page, Words};
use super::text;
use super::theme::{AXIS, GRID, Look, MUTED};
use brownout_text::numbers;

/// A tick: where it is in pixels, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
    /// A year or another label that stands out.
    pub(super) strong: bool,
}

/// A linear scale whose ends are round numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Linear {
    pub(super) low: f64,
    pub(super) high: f64,
    step: f64,
    /// Pixels of `low` and `high`.
    ends: (f64, f64),
}

/// Smallest and largest finite value.
pub(super) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| v.is_finite()).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((low.min(v), high.max(v))),
    })
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `raw`.
fn round_step(raw: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(raw).floor());
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|m| m * power >= raw * 0.999_999).unwrap_or(10.0);
    round * power
}

/// Fewest ticks of an axis: two do not say whether it is straight.
const TICKS_MIN: usize = 3;

impl Linear {
    /// The same scale with finer steps, until it has [`TICKS_MIN`] ticks.
    fn ticked(mut self) -> Self {
        for _ in 0..4 {
            if self.steps().len() >= TICKS_MIN {
                break;
            }
            self.step /= 2.0;
        }
        self
    }

    /// A scale over the values and 0, with about `ticks` steps. No values, or only zeros, give 0 to 1.
    pub(super) fn covering(values: Option<(f64, f64)>, ticks: usize) -> Self {
        let (low, high) = values.unwrap_or((0.0, 0.0));
        let (low, high) = (low.clamp(-1e15, 0.0), high.clamp(0.0, 1e15));
        let span = if high - low > 1e-9 { high - low } else { 1.0 };
        let step = round_step(span / ticks.max(1) as f64);
        let low = (low / step).floor() * step;
        let top = ((high.max(low + span) / step) - 1e-6).ceil() * step;
        // A top far above the data wastes the plot; then the scale ends between two ticks.
        let high = if top - low > span * 1.15 { (high + span * 0.05).max(low + step) } else { top };
        Linear { low, high, step, ends: (0.0, 1.0) }.ticked()
    }

    /// Exactly `low` to `high`, ticks at multiples of a round step.
    pub(super) fn exactly(low: f64, high: f64, ticks: usize) -> Self {
        let high = if high - low > 1e-9 && high.is_finite() { high.min(1e15) } else { low + 1.0 };
        Linear { low, high, step: round_step((high - low) / ticks.max(1) as f64), ends: (0.0, 1.0) }.ticked()
    }

    /// Days from 0 to `end`, ticks at weeks, months of 30 days or years where that suits.
    pub(super) fn days(end: f64, ticks: usize) -> Self {
        let raw = end / ticks.max(1) as f64;
        let steps = [1.0, 2.0, 5.0, 7.0, 10.0, 14.0, 15.0, 20.0, 30.0, 60.0, 90.0, 120.0, 180.0, 360.0];
        let step = steps.into_iter().find(|step| *step >= raw * 0.999_999).unwrap_or_else(|| round_step(raw));
        Linear { step, ..Linear::exactly(0.0, end, ticks) }.ticked()
    }

    /// From 0 to just above the largest value, ticks at multiples of a round step.
    pub(super) fn up_to(values: Option<(f64, f64)>, ticks: usize) -> Self {
        let high = values.map_or(0.0, |(_, high)| high.clamp(0.0, 1e15));
        Linear::exactly(0.0, high * 1.03, ticks)
    }

    /// A little more than the values and 0, ticks at multiples of a round step.
    pub(super) fn spanning(values: Option<(f64, f64)>, ticks: usize) -> Self {
        let (low, high) = values.unwrap_or((0.0, 0.0));
        let (low, high) = (low.clamp(-1e15, 0.0), high.clamp(0.0, 1e15));
        if high - low <= 1e-9 {
            return Linear::exactly(-1.0, 1.0, 2);
        }
        let room = (high - low) * 0.06;
        Linear::exactly(low - room, high + room, ticks)
    }

    /// Shares from 0 to 100 %.
    pub(super) fn percent(ticks: usize) -> Self {
        let step = if ticks >= 10 {
            10.0
        } else if ticks >= 4 {
            25.0
        } else {
            50.0
        };
        Linear { low: 0.0, high: 100.0, step, ends: (0.0, 1.0) }
    }

    /// The same scale over the given pixels.
    pub(super) fn over(self, low: f64, high: f64) -> Self {
        Linear { ends: (low, high), ..self }
    }

    /// The pixel of a value; values beyond the scale lie on its end.
    pub(super) fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        self.ends.0 + (value - self.low) / (self.high - self.low) * (self.ends.1 - self.ends.0)
    }

    /// The values with a tick.
    pub(super) fn steps(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-6).ceil() as i64;
        let last = (self.high / self.step + 1e-6).floor() as i64;
        (first..=last.min(first + 60)).map(|n| n as f64 * self.step).collect()
    }

    pub(super) fn ticks(&self, unit: &str) -> Vec<Tick> {
        let largest = self.high.abs().max(self.low.abs());
        let label = |v: f64| numbers::tick(v, self.step, largest, unit);
        self.steps().into_iter().map(|v| Tick { at: self.at(v), label: label(v), strong: false }).collect()
    }
}

/// A logarithmic scale over whole decades.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Log {
    pub(super) low: f64,
    pub(super) high: f64,
    ends: (f64, f64),
}

impl Log {
    /// A scale over the positive values; at least one decade, at most fifteen (the smallest values are cut off then).
    pub(super) fn covering(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = range(values.filter(|v| *v > 0.0)).unwrap_or((1.0, 10.0));
        let exponent_high = (libm::log10(high) - 1e-9).ceil().clamp(-14.0, 15.0);
        let exponent_low = (libm::log10(low) + 1e-9).floor().clamp(exponent_high - 15.0, exponent_high - 1.0);
        Log { low: libm::pow(10.0, exponent_low), high: libm::pow(10.0, exponent_high), ends: (0.0, 1.0) }
    }

    pub(super) fn over(self, low: f64, high: f64) -> Self {
        Log { ends: (low, high), ..self }
    }

    /// The pixel of a value; values that are too small for the scale (zero among them) lie on its low end.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = libm::log(value.max(self.low) / self.low) / libm::log(self.high / self.low);
        self.ends.0 + share * (self.ends.1 - self.ends.0)
    }

    pub(super) fn decades(&self) -> Vec<f64> {
        let first = libm::log10(self.low).round() as i32;
        let last = libm::log10(self.high).round() as i32;
        (first..=last).map(|e| libm::pow(10.0, f64::from(e))).collect()
    }

    /// A tick at every decade; between few decades at 2 and 5 too.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let label = |v: f64| numbers::value(v, "");
        let decades = self.decades();
        let between: &[f64] = if decades.len() < TICKS_MIN { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let values = decades.iter().flat_map(|decade| between.iter().map(move |times| times * decade));
        let inside = values.filter(|v| *v <= self.high * 1.000_001);
        inside.map(|v| Tick { at: self.at(v), label: label(v), strong: false }).collect()
    }
}

/// Takes away the label of a tick that would touch the one before; a strong one wins over its neighbour.
pub(super) fn part(ticks: &mut [Tick], size: f64) {
    let half = |tick: &Tick| text::width(&tick.label, size, tick.strong) / 2.0;
    let mut last: Option<usize> = None;
    for index in 0..ticks.len() {
        let Some(before) = last else {
            last = Some(index);
            continue;
        };
        let clear = ticks[index].at - half(&ticks[index]) - ticks[before].at - half(&ticks[before]) >= size * 0.5;
        match clear {
            true => last = Some(index),
            false if ticks[index].strong && !ticks[before].strong => {
                ticks[before].label.clear();
                last = Some(index);
            }
            false => ticks[index].label.clear(),
        }
    }
}

/// Takes away the label of a tick too close below the one before; for ticks from the top down.
pub(super) fn part_upright(ticks: &mut [Tick], size: f64) {
    let mut last = f64::NEG_INFINITY;
    for tick in ticks {
        match (tick.at - last).abs() >= size * 1.15 {
            true => last = tick.at,
            false => tick.label.clear(),
        }
    }
}

/// Width to leave at the left for the labels of these ticks.
pub(super) fn gutter(ticks: &[Tick], look: &Look) -> f64 {
    ticks.iter().map(|tick| text::width(&tick.label, look.tick, tick.strong)).fold(0.0, f64::max) + 14.0
}

/// Horizontal grid lines with their labels at the left.
pub(super) fn draw_y(page: &mut Page, plot: Area, ticks: &[Tick], look: &Look) {
    for tick in ticks {
        page.stroke(&[(plot.left, tick.at), (plot.right, tick.at)], GRID, 1.5);
        let at = (plot.left - 12.0, tick.at + look.tick * 0.36);
        page.words(Words::new(tick.label.as_str(), at, look.tick, MUTED).align(Align::Right));
    }
}

/// Grid lines only: for panels that share the axis of the panel beside them.
pub(super) fn draw_grid(page: &mut Page, plot: Area, ticks: &[Tick]) {
    for tick in ticks {
        page.stroke(&[(plot.left, tick.at), (plot.right, tick.at)], GRID, 1.5);
    }
}

/// The axis line at the foot of the plot, with its ticks.
pub(super) fn draw_x_line(page: &mut Page, plot: Area, ticks: &[Tick]) {
    page.stroke(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], AXIS, 2.0);
    for tick in ticks {
        page.stroke(&[(tick.at, plot.bottom), (tick.at, plot.bottom + 7.0)], AXIS, 2.0);
    }
}

/// Axis line, ticks and labels at the foot of the plot.
pub(super) fn draw_x(page: &mut Page, plot: Area, ticks: &[Tick], look: &Look) {
    draw_x_line(page, plot, ticks);
    for tick in ticks {
        let at = (tick.at, plot.bottom + 12.0 + look.tick);
        let words = Words::new(tick.label.as_str(), at, look.tick, MUTED).align(Align::Centre);
        page.words(if tick.strong { words.bold() } else { words });
    }
}

/// Height that [`draw_x`] needs below the plot.
pub(super) fn foot(look: &Look) -> f64 {
    look.tick + 20.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_scales_end_on_round_numbers_and_hold_zero() {
        let scale = Linear::covering(Some((1.0, 4_731_000.0)), 5);
        assert_eq!((scale.low, scale.high), (0.0, 5e6));
        assert_eq!(scale.ticks("").last().unwrap().label, "5 M");
        let scale = Linear::covering(Some((-30.0, 12.0)), 5);
        assert_eq!(scale.low, -30.0);
        assert!((12.0..=20.0).contains(&scale.high));
        let scale = Linear::covering(Some((-10.0, 40.0)), 5).over(500.0, 100.0);
        assert_eq!((scale.at(-10.0), scale.at(40.0)), (500.0, 100.0));
    }

    #[test]
    fn every_axis_has_three_ticks_at_least() {
        for n in 1..400 {
            let high = libm::pow(1.13, f64::from(n) - 150.0);
            for ticks in 1..8 {
                let scales = [
                    Linear::covering(Some((0.0, high)), ticks),
                    Linear::covering(Some((-high, high * 0.3)), ticks),
                    Linear::exactly(0.0, high, ticks),
                    Linear::up_to(Some((0.0, high)), ticks),
                    Linear::spanning(Some((-high * 0.9, high)), ticks),
                    Linear::days(high.clamp(1.0, 1e6), ticks),
                ];
                assert!(scales.iter().all(|scale| scale.steps().len() >= TICKS_MIN), "{high} {ticks}");
            }
            assert!(Log::covering([high].into_iter()).ticks().len() >= TICKS_MIN);
        }
    }

    #[test]
    fn scales_without_a_range_still_scale() {
        for values in [None, Some((0.0, 0.0)), Some((5e-324, 5e-324)), Some((-1e300, 1e300))] {
            let scale = Linear::covering(values, 5).over(100.0, 0.0);
            assert!(scale.high > scale.low && scale.at(scale.high).abs() < 1e-6, "{values:?}");
            assert!((2..=61).contains(&scale.steps().len()), "{values:?}");
        }
        let scale = Log::covering([0.0, -1.0, f64::NAN].into_iter());
        assert_eq!((scale.low, scale.high), (1.0, 10.0));
        assert_eq!(Log::covering([3.0].into_iter()).decades(), vec![1.0, 10.0]);
        assert!(Log::covering([1e-300, 1e300].into_iter()).decades().len() <= 16);
    }

    #[test]
    fn decades_are_evenly_spaced() {
        let scale = Log::covering([12.0, 90_000.0].into_iter()).over(0.0, 400.0);
        assert_eq!((scale.low, scale.high), (10.0, 100_000.0));
        assert!((scale.at(1_000.0) - 200.0).abs() < 1e-9);
        assert_eq!(scale.at(0.0), 0.0);
    }
}
