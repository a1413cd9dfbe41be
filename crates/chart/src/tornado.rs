//! Which unknown decides: a bar for each factor, its total index with the interval, luck beside them.

use super::axis::{self, Linear};
use super::page::{Area, Page, Words};
use super::rows;
use super::scatter::Ranged;
use super::text;
use super::theme::{FREEZE, INK, Ink, Look, MUTED, PAUSE, PAUSE_DARK};

/// One factor.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoRow {
    /// Its name.
    pub name: String,
    /// Total index with its interval.
    pub total: Ranged,
    /// First index: what it brings alone.
    pub first: f64,
    /// Whether it is luck and no unknown: what nobody can find out.
    pub is_luck: bool,
}

/// One output that is explained.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TornadoPanel {
    /// What is explained.
    pub title: String,
    /// The factors, the most deciding first.
    pub rows: Vec<TornadoRow>,
}

/// Total indices, an output to the panel; up to three panels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tornado {
    /// The outputs.
    pub panels: Vec<TornadoPanel>,
}

/// What a factor brings together with others, and alone.
const TOTAL: Ink = PAUSE;
const FIRST: Ink = PAUSE_DARK;

/// Most panels and rows that are drawn.
const PANELS_MAX: usize = 3;
const ROWS_MAX: usize = 16;

impl Tornado {
    /// A panel for each output.
    pub fn new(panels: Vec<TornadoPanel>) -> Self {
        Tornado { panels }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let panels = &self.panels[..self.panels.len().min(PANELS_MAX)];
        let (gap, count) = (44.0, panels.len().max(1) as f64);
        let width = (area.width() - gap * (count - 1.0)) / count;
        let foot = area.bottom - look.small * 0.4;
        let x = rows::key(page, (area.left, foot), FIRST, "alone", look);
        let x = rows::key(page, (x, foot), TOTAL, "with all it acts through", look);
        rows::key(page, (x, foot), FREEZE, "luck: what nobody can find out", look);
        for (index, panel) in panels.iter().enumerate() {
            let left = area.left + index as f64 * (width + gap);
            paint_panel(page, panel, Area::new(left, area.top, left + width, foot - look.small * 1.6), look);
        }
    }
}

fn paint_panel(page: &mut Page, panel: &TornadoPanel, area: Area, look: &Look) {
    let shown = &panel.rows[..panel.rows.len().min(ROWS_MAX)];
    let mut top = area.top;
    if !panel.title.is_empty() {
        let lines = text::fit(&panel.title, (look.label, look.label), true, area.width(), 2).1;
        for line in text::balance(&lines.join(" "), look.label, true, area.width()) {
            top += look.label * 1.2;
            page.words(Words::new(line, (area.left, top - 4.0), look.label, INK).bold());
        }
        top += 8.0;
    }
    let names = rows::names_width(shown.iter().map(|row| row.name.as_str()), area.width() * 0.42, look);
    let left = area.left + names + 16.0;
    let foot = axis::foot(look) + look.small * 1.5;
    let plot = Area::new(left, top, area.right - look.value * 3.0, area.bottom - foot);
    let high = shown.iter().map(|row| row.total.2.min(1.2)).filter(|high| high.is_finite()).fold(0.1, f64::max);
    let scale = Linear::up_to(Some((0.0, high)), (plot.width() / 120.0).clamp(2.0, 6.0) as usize);
    let scale = scale.over(plot.left, plot.right);
    let mut ticks = scale.ticks("");
    axis::part(&mut ticks, look.tick);
    for tick in &ticks {
        page.stroke(&[(tick.at, plot.top), (tick.at, plot.bottom)], super::theme::GRID, 1.5);
    }
    axis::draw_x(page, plot, &ticks, look);
    let at = (plot.left, plot.bottom + axis::foot(look) + look.small);
    let room = area.right - plot.left;
    let fits = |words: &&str| text::width(words, look.small, false) <= room;
    let words = ["share of the variance, 95 % interval", "share of the variance"].into_iter().find(fits);
    let words = text::cut(words.unwrap_or("share"), look.small, false, room);
    page.words(Words::new(words, at, look.small, MUTED));
    for (index, row) in shown.iter().enumerate() {
        let room = rows::slot(plot, index, shown.len());
        rows::name(page, &row.name, Area { left: area.left, right: left - 16.0, ..room }, INK, look);
        paint_row(page, row, &scale, room, look);
    }
}

fn paint_row(page: &mut Page, row: &TornadoRow, scale: &Linear, room: Area, look: &Look) {
    let (_, y) = room.middle();
    let half = (room.height() * 0.34).clamp(3.0, 20.0);
    let zero = scale.at(0.0);
    let bar = |end: f64| Area::new(zero, y - half, scale.at(end.max(0.0)), y + half);
    let (total, low, high) = row.total;
    // An index far beyond 1 is no share of anything.
    if !total.is_finite() || total.abs() > 100.0 {
        return;
    }
    page.rect(bar(total), if row.is_luck { FREEZE } else { TOTAL });
    if row.first > 0.0 && !row.is_luck {
        page.rect(bar(row.first.min(total)), FIRST);
    }
    let (low, high) = (scale.at(low), scale.at(high));
    for (ink, width) in [(super::theme::WHITE, 4.0), (INK, 1.8)] {
        page.stroke(&[(low, y), (high, y)], ink, width);
        for end in [low, high] {
            page.stroke(&[(end, y - 5.0), (end, y + 5.0)], ink, width);
        }
    }
    if let Some(readings) = &mut page.readings {
        let alone = if row.is_luck { String::new() } else { format!("{:.2} alone, ", row.first) };
        let words =
            format!("{alone}{total:.2} with all it acts through ({:.2} to {:.2}, 95 %)", row.total.1, row.total.2);
        readings.thing(&row.name, (scale.at(total), y), words);
    }
    let at = (high.max(scale.at(total)) + 10.0, y + look.value * 0.36);
    page.words(Words::new(format!("{total:.2}"), at, look.value, INK));
}
