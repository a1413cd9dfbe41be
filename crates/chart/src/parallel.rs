//! Parallel coordinates: each future a line over all unknowns, coloured by what it says of the choice.

use super::page::{Align, Area, Page, Words};
use super::rows;
use super::text;
use super::theme::{AXIS, INK, Ink, Look, MUTED, PAUSE_DARK};

/// What a future says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The choice is clearly right there.
    Right,
    /// It cannot be told.
    Open,
    /// The choice is wrong there.
    Wrong,
}

/// One unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct ParallelAxis {
    /// Its name.
    pub name: String,
    /// Lower and upper end in words.
    pub ends: (String, String),
}

/// Futures as lines. Places are shares of each range, 0 to 1; the axes stand in the order given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parallel {
    /// The unknowns.
    pub axes: Vec<ParallelAxis>,
    /// The futures: their places on the axes, and what they say.
    pub futures: Vec<(Vec<f64>, Ruling)>,
    /// The number of futures of each ruling in words, wrong, open, right.
    pub key: [String; 3],
}

const INKS: [(Ruling, Ink, f64, f64); 3] = [
    (Ruling::Right, PAUSE_DARK, 0.26, 1.3),
    (Ruling::Open, Ink(0x9AA1AB), 0.5, 1.3),
    (Ruling::Wrong, Ink(0xC94207), 0.75, 2.2),
];
/// Lines of a ruling at most, evenly chosen: more is a grey plane.
const LINES_MAX: usize = 300;

impl Parallel {
    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let foot = area.bottom - look.small * 0.4;
        let mut x = area.left;
        for (words, (_, ink, ..)) in self.key.iter().zip(INKS.iter().rev()).filter(|(words, _)| !words.is_empty()) {
            x = rows::key(page, (x, foot), *ink, words, look);
        }
        let count = self.axes.len();
        if count == 0 {
            return;
        }
        let cell = area.width() / count as f64;
        let lines = self.axes.iter().map(|axis| head(&axis.name, cell, look).len()).max().unwrap_or(1) as f64;
        let top = area.top + lines * look.value * 1.2 + look.small * 2.0;
        let plot = Area::new(area.left, top, area.right, foot - look.small * 3.4);
        let at = |axis: usize| plot.left + cell * (axis as f64 + 0.5);
        for (ruling, ink, alpha, width) in INKS {
            let all: Vec<&Vec<f64>> =
                self.futures.iter().filter(|(_, of)| *of == ruling).map(|(line, _)| line).collect();
            let step = all.len().div_ceil(LINES_MAX).max(1);
            for line in all.into_iter().step_by(step) {
                let points: Vec<(f64, f64)> = line
                    .iter()
                    .take(count)
                    .enumerate()
                    .filter(|(_, share)| share.is_finite())
                    .map(|(axis, share)| (at(axis), plot.bottom - plot.height() * share.clamp(0.0, 1.0)))
                    .collect();
                page.faint(&points, ink, width, alpha);
            }
        }
        for (index, axis) in self.axes.iter().enumerate() {
            let x = at(index);
            page.stroke(&[(x, plot.top), (x, plot.bottom)], AXIS, 2.0);
            let lines = head(&axis.name, cell, look);
            for (line, words) in lines.into_iter().enumerate() {
                let y = area.top + look.value * (1.0 + 1.2 * line as f64);
                page.words(Words::new(words, (x, y), look.value, INK).bold().align(Align::Centre));
            }
            for (words, y) in [(&axis.ends.1, plot.top - 8.0), (&axis.ends.0, plot.bottom + look.small * 1.2)] {
                let words = text::cut(words, look.small, false, cell - 4.0);
                page.words(Words::new(words, (x, y), look.small, MUTED).align(Align::Centre));
            }
        }
    }
}

fn head(name: &str, cell: f64, look: &Look) -> Vec<String> {
    text::fit(name, (look.value, look.value), true, cell - 8.0, 3).1
}
