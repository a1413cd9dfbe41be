//! Bars by scenario and category, such as pause days used per calendar year.

use super::axis::{self, Linear};
use super::key;
use super::labels;
use super::page::{Align, Area, Page, Words};
use super::rows::slot;
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, GRID, INK, Look, MUTED};
use brownout_text::numbers;

/// The bars of one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The scenario.
    pub role: Role,
    /// A value for each category, in the figure's order; NaN for none.
    pub values: Vec<f64>,
    /// Low and high end of each value's interval, drawn as a whisker; may be shorter than `values`.
    pub bands: Vec<Option<(f64, f64)>>,
}

impl Bar {
    /// Bars without whiskers.
    pub fn new(role: Role, values: Vec<f64>) -> Self {
        Bar { role, values, bands: Vec::new() }
    }
}

/// How the bars run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// A row for each scenario, a column of bars for each category: names and values are easy to read.
    #[default]
    Across,
    /// A group of upright bars for each category, scenarios named in a key.
    Upright,
}

/// Grouped bars, from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// Unit of the values: "pause days".
    pub unit: String,
    /// The categories: calendar years.
    pub categories: Vec<String>,
    /// The scenarios.
    pub bars: Vec<Bar>,
    /// How the bars run.
    pub direction: Direction,
}

impl Bars {
    /// Bars across.
    pub fn new(unit: impl Into<String>, categories: Vec<String>, bars: Vec<Bar>) -> Self {
        Bars { unit: unit.into(), categories, bars, direction: Direction::Across }
    }

    /// With upright bars.
    pub fn upright(mut self) -> Self {
        self.direction = Direction::Upright;
        self
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        match self.direction {
            Direction::Across => self.paint_across(page, area, look),
            Direction::Upright => self.paint_upright(page, area, look),
        }
    }

    fn values(&self) -> Option<(f64, f64)> {
        let bands = self.bars.iter().flat_map(|bar| &bar.bands).flatten().flat_map(|(low, high)| [*low, *high]);
        axis::range(self.bars.iter().flat_map(|bar| &bar.values).copied().chain(bands))
    }

    fn paint_across(&self, page: &mut Page, area: Area, look: &Look) {
        let names_max = (area.width() * 0.34).clamp(140.0, 280.0);
        let names = labels::column_width(self.bars.iter().map(|bar| &bar.role), names_max, look);
        let (left, gap) = (area.left + names + 22.0, 24.0);
        let columns = self.categories.len().max(1) as f64;
        let width = (area.right - left - gap * (columns - 1.0)) / columns;
        let (top, bottom) = (area.top + look.value * 1.4 + look.label * 1.5, area.bottom - 10.0);
        page.words(Words::new(self.unit.as_str(), (area.left, area.top + look.value), look.value, MUTED));
        let words = self
            .bars
            .iter()
            .flat_map(|bar| &bar.values)
            .map(|v| text::width(&numbers::value(*v, &self.unit), look.value, false));
        let words = words.fold(0.0, f64::max) + 12.0;
        let scale = Linear::up_to(self.values(), 4);
        for (column, category) in self.categories.iter().enumerate() {
            let x = left + column as f64 * (width + gap);
            let plot = Area::new(x, top, x + width, bottom);
            let title = text::cut(category, look.label, true, width);
            page.words(Words::new(title, (x, top - look.label * 0.5), look.label, INK).bold());
            let scale = scale.over(x, (plot.right - words).max(x + width * 0.3));
            for (row, bar) in self.bars.iter().enumerate() {
                let room = slot(plot, row, self.bars.len());
                page.of(&bar.role, |page| self.paint_bar_across(page, bar, column, &scale, room, look));
            }
            page.stroke(&[(x, top), (x, bottom)], AXIS, 2.0);
        }
        for (row, bar) in self.bars.iter().enumerate() {
            let column = Area::new(area.left, top, area.left + names, bottom);
            labels::row_name(page, &bar.role, slot(column, row, self.bars.len()), look);
        }
    }

    fn paint_bar_across(&self, page: &mut Page, bar: &Bar, column: usize, scale: &Linear, room: Area, look: &Look) {
        let ink = theme::role(bar.role.index);
        let value = bar.values.get(column).copied().unwrap_or(f64::NAN);
        let y = room.middle().1;
        let half = (room.height() * 0.36).clamp(4.0, 26.0);
        let mut end = scale.at(0.0);
        if value.is_finite() {
            page.rect(
                Area { left: end, right: scale.at(value.max(0.0)).max(end + 1.0), top: y - half, bottom: y + half },
                ink.line,
            );
            end = scale.at(value.max(0.0));
        }
        if let Some((low, high)) = bar.bands.get(column).copied().flatten().filter(|(low, high)| low < high) {
            whisker(page, (scale.at(low.max(0.0)), y), (scale.at(high.max(0.0)), y));
            end = end.max(scale.at(high.max(0.0)));
        }
        self.read(page, bar, column, (end, y));
        let words = numbers::value(value, &self.unit);
        page.words(Words::new(words, (end + 9.0, y + look.value * 0.36), look.value, ink.text));
    }

    fn paint_upright(&self, page: &mut Page, area: Area, look: &Look) {
        let roles: Vec<&Role> = self.bars.iter().map(|bar| &bar.role).collect();
        let used = if look.names { key::roles(page, area, &roles, true, look) } else { 0.0 };
        let scale = Linear::covering(self.values(), (area.height() / 110.0).clamp(3.0, 6.0) as usize);
        let left = area.left + axis::gutter(&scale.ticks(&self.unit), look);
        let top = area.top + used + look.value * 1.3 + 22.0;
        let plot = Area::new(left, top, area.right, area.bottom - look.label - 16.0);
        let scale = scale.over(plot.bottom, plot.top);
        page.words(Words::new(self.unit.as_str(), (area.left, area.top + used + look.value), look.value, MUTED));
        axis::draw_y(page, plot, &scale.ticks(&self.unit), look);
        let group = plot.width() / self.categories.len().max(1) as f64;
        let width = (group * 0.84 / self.bars.len().max(1) as f64).min(120.0);
        for (column, category) in self.categories.iter().enumerate() {
            let middle = plot.left + group * (column as f64 + 0.5);
            let start = middle - width * self.bars.len() as f64 / 2.0;
            for (index, bar) in self.bars.iter().enumerate() {
                let left = start + index as f64 * width;
                let room = Area { left, right: left + width, ..plot };
                page.of(&bar.role, |page| self.paint_bar_upright(page, bar, column, &scale, room, look));
            }
            let title = text::cut(category, look.label, true, group);
            page.words(
                Words::new(title, (middle, plot.bottom + look.label + 12.0), look.label, INK)
                    .bold()
                    .align(Align::Centre),
            );
        }
        page.stroke(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], AXIS, 2.0);
    }

    fn paint_bar_upright(&self, page: &mut Page, bar: &Bar, column: usize, scale: &Linear, room: Area, look: &Look) {
        let Some(value) = bar.values.get(column).copied().filter(|value| value.is_finite()) else { return };
        let ink = theme::role(bar.role.index);
        let mut top = scale.at(value.max(0.0));
        page.rect(
            Area {
                left: room.left + 1.5,
                right: room.right - 1.5,
                top: top.min(scale.at(0.0) - 1.0),
                bottom: scale.at(0.0),
            },
            ink.line,
        );
        if let Some((low, high)) = bar.bands.get(column).copied().flatten().filter(|(low, high)| low < high) {
            let x = room.middle().0;
            whisker(page, (x, scale.at(low.max(0.0))), (x, scale.at(high.max(0.0))));
            top = top.min(scale.at(high.max(0.0)));
        }
        self.read(page, bar, column, (room.middle().0, top));
        if let Some(words) = self.words_upright(value, room.width(), look) {
            page.words(Words::new(words, (room.middle().0, top - 7.0), look.small, ink.text).align(Align::Centre));
        }
    }

    /// What a pointer reads off a bar: its value, and the ends of its interval.
    fn read(&self, page: &mut Page, bar: &Bar, column: usize, at: (f64, f64)) {
        let (Some(readings), Some(value)) = (&mut page.readings, bar.values.get(column).filter(|v| v.is_finite()))
        else {
            return;
        };
        let band = bar.bands.get(column).copied().flatten().filter(|(low, high)| low < high);
        let words = |value: f64| numbers::value(value, &self.unit);
        let band = band.map(|(low, high)| format!(" ({} to {})", words(low), words(high))).unwrap_or_default();
        readings.spot(&bar.role, at, format!("{}: {}{band}", self.categories[column], words(*value)));
    }

    /// A value above its bar: in full if all values of the figure have room, otherwise short, otherwise not at all.
    fn words_upright(&self, value: f64, room: f64, look: &Look) -> Option<String> {
        let long = |value: f64| numbers::value(value, &self.unit);
        let short = |value: f64| numbers::short(value.max(0.0).round() as u64);
        let all = || self.bars.iter().flat_map(|bar| &bar.values).copied().filter(|value| value.is_finite());
        let fits = |words: String| text::width(&words, look.small, false) <= room - 5.0;
        if all().all(|value| fits(long(value))) {
            return Some(long(value));
        }
        (all().all(|value| fits(short(value))) && self.unit != "%").then(|| short(value))
    }
}

/// An interval with end strokes, dark with a light rim so that it shows on and beside the bar.
fn whisker(page: &mut Page, from: (f64, f64), to: (f64, f64)) {
    let across = if from.1 == to.1 { (0.0, 5.0) } else { (5.0, 0.0) };
    for (ink, width) in [(GRID, 4.0), (INK, 1.8)] {
        page.stroke(&[from, to], ink, width);
        for end in [from, to] {
            page.stroke(&[(end.0 - across.0, end.1 - across.1), (end.0 + across.0, end.1 + across.1)], ink, width);
        }
    }
}
