//! Rows of a figure that are named by words and not by a scenario.

use super::page::{Area, Page, Words};
use super::text;
use super::theme::{Ink, Look};

/// Row `index` of `count` rows of a plot.
pub(super) fn slot(plot: Area, index: usize, count: usize) -> Area {
    let height = plot.height() / count.max(1) as f64;
    let top = plot.top + index as f64 * height;
    Area { top, bottom: top + height, ..plot }
}

/// Width that names need at the left, at most `limit`.
pub(super) fn names_width<'a>(names: impl Iterator<Item = &'a str>, limit: f64, look: &Look) -> f64 {
    let lines = names.flat_map(|name| text::balance(name, look.label, false, limit));
    lines.map(|line| text::width(&line, look.label, false)).fold(0.0, f64::max).min(limit)
}

/// A name left of its row, on two lines if the row is high enough.
pub(super) fn name(page: &mut Page, words: &str, room: Area, ink: Ink, look: &Look) {
    let mut lines = text::balance(words, look.label, false, room.width() + 0.5);
    if lines.len() > 2 || room.height() < look.label * 1.2 * lines.len() as f64 {
        lines = vec![words.to_owned()];
    }
    let step = look.label * 1.16;
    let mut y = room.middle().1 - (lines.len() as f64 - 1.0) * step / 2.0 + look.label * 0.36;
    for line in lines {
        let line = text::cut(&line, look.label, false, room.width() + 0.5);
        page.words(Words::new(line, (room.left, y), look.label, ink));
        y += step;
    }
}

/// A line of a key: a filled box and its meaning; gives where the next one may begin.
pub(super) fn key(page: &mut Page, (x, y): (f64, f64), ink: Ink, words: &str, look: &Look) -> f64 {
    page.rect(Area::new(x, y - look.small * 0.75, x + 22.0, y + look.small * 0.1), ink);
    page.words(Words::new(words, (x + 30.0, y), look.small, super::theme::MUTED));
    x + 30.0 + text::width(words, look.small, false) + 28.0
}
