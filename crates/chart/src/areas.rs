//! Servers by stage over time, stacked: small multiples on shared axes with one key.

use super::axis::{self, Linear};
use super::dates::Dates;
use super::grid::Grid;
use super::key;
use super::lines::fitting;
use super::page::{Area, Page, Point, Words, thin};
use super::readings::Line;
use super::text;
use super::theme::{AXIS, INK, Ink, Look, MUTED, Tone, WHITE};
use brownout_kernel::time::Day;
use brownout_text::numbers;

/// One layer of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// As printed in the key: "throttled 10 min".
    pub name: String,
    /// Its colour, by what is done to a server.
    pub tone: Tone,
}

impl Stage {
    /// A stage with its colour.
    pub fn new(name: impl Into<String>, tone: Tone) -> Self {
        Stage { name: name.into(), tone }
    }
}

/// One scenario's counts.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaPanel {
    /// The scenario.
    pub title: String,
    /// Days in order, each with a count for every stage in the order of [`Areas::stages`]; missing ones count as 0.
    pub rows: Vec<(Day, Vec<f64>)>,
}

/// Stacked areas over days, one panel for each scenario (1 to 9), all on the same axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Areas {
    /// What is counted: "servers".
    pub unit: String,
    /// The layers from the bottom up.
    pub stages: Vec<Stage>,
    /// The panels.
    pub panels: Vec<AreaPanel>,
}

/// Most days at which stacks are read off.
const READ_MAX: usize = 80;

impl Areas {
    /// Panels of stacked stages.
    pub fn new(unit: impl Into<String>, stages: Vec<Stage>, panels: Vec<AreaPanel>) -> Self {
        Areas { unit: unit.into(), stages, panels }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let names: Vec<(String, Ink)> = self.stages.iter().rev().map(|s| (s.name.clone(), s.tone.ink())).collect();
        let tallest = self.panels.iter().flat_map(|panel| &panel.rows).map(|(_, row)| stack(row, row.len()));
        let values = Linear::up_to(axis::range(tallest), if self.panels.len() > 2 { 3 } else { 5 });
        let days = self.panels.iter().flat_map(|panel| &panel.rows).map(|(day, _)| *day);
        let dates = Dates::covering(days);
        let frame = Frame::new(
            page,
            area,
            self.panels.len(),
            &self.unit,
            &values.ticks(&self.unit),
            key::boxes_width(&names, look),
            look,
        );
        for (index, panel) in self.panels.iter().enumerate() {
            let plot = frame.plots[index];
            let (values, dates) = (values.over(plot.bottom, plot.top), dates.over(plot.left, plot.right));
            frame.axes(page, index, &values.ticks(&self.unit), &dates.ticks(look.tick), look);
            frame.head(page, index, &panel.title, look);
            self.paint_panel(page, panel, &dates, &values);
            self.read_panel(page, panel, plot, (&dates, &values));
            page.stroke(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], AXIS, 2.0);
        }
        key::boxes(page, frame.key, "stage", &names, look);
    }

    /// How many stand in each stage at up to [`READ_MAX`] of the days.
    fn read_panel(&self, page: &mut Page, panel: &AreaPanel, plot: Area, (dates, values): (&Dates, &Linear)) {
        let Some(readings) = &mut page.readings else { return };
        let rows: Vec<_> = panel.rows.iter().step_by(panel.rows.len().div_ceil(READ_MAX).max(1)).collect();
        let layer = |(index, stage): (usize, &Stage)| {
            let value = |(_, row): &&(Day, Vec<f64>)| {
                let value = row.get(index).copied().unwrap_or(0.0);
                (values.at(stack(row, index + 1)), numbers::value(value, &self.unit))
            };
            let shows = rows.iter().any(|(_, row)| row.get(index).is_some_and(|value| *value > 0.0));
            shows.then(|| Line::layer(&stage.name, rows.iter().map(value)))
        };
        let places = rows.iter().map(|(day, _)| (dates.at(*day), day.to_string())).collect();
        readings.curves(plot, places, self.stages.iter().enumerate().rev().filter_map(layer).collect());
    }

    fn paint_panel(&self, page: &mut Page, panel: &AreaPanel, dates: &Dates, values: &Linear) {
        let rows: Vec<(f64, &[f64])> = panel.rows.iter().map(|(day, row)| (dates.at(*day), row.as_slice())).collect();
        let inks: Vec<Ink> = self.stages.iter().map(|stage| stage.tone.ink()).collect();
        layers(page, &rows, &inks, values);
    }
}

/// Sum of the first `count` layers of a row; what is negative or not a number counts as 0.
pub(super) fn stack(row: &[f64], count: usize) -> f64 {
    row.iter().take(count).filter(|value| value.is_finite()).map(|value| value.max(0.0)).sum()
}

/// Fills the layers of a stack; `rows` are (x in pixels, values).
pub(super) fn layers(page: &mut Page, rows: &[(f64, &[f64])], inks: &[Ink], values: &Linear) {
    let edge = |count: usize| -> Vec<Point> {
        let mut points: Vec<Point> = rows.iter().map(|(x, row)| (*x, values.at(stack(row, count)))).collect();
        // A single day still shows, as a narrow column.
        if let [only] = points[..] {
            points.push((only.0 + 6.0, only.1));
        }
        thin(&points)
    };
    let edges: Vec<Vec<Point>> = (0..=inks.len()).map(edge).collect();
    for (index, ink) in inks.iter().enumerate() {
        if rows.iter().any(|(_, row)| row.get(index).is_some_and(|value| *value > 0.0)) {
            let mut outline = edges[index + 1].clone();
            outline.extend(edges[index].iter().rev());
            page.fill(&outline, *ink, 1.0);
        }
    }
    for (index, edge) in edges.iter().enumerate().skip(1).take(inks.len().saturating_sub(1)) {
        let shows = |layer: usize| rows.iter().any(|(_, row)| row.get(layer).is_some_and(|value| *value > 0.0));
        if shows(index - 1) {
            page.stroke(edge, WHITE, 0.7);
        }
    }
}

/// The plots of small multiples: shared axes, titles, place for the key.
pub(super) struct Frame {
    grid: Grid,
    pub(super) plots: Vec<Area>,
    pub(super) key: Area,
}

impl Frame {
    pub(super) fn new(
        page: &mut Page,
        area: Area,
        count: usize,
        unit: &str,
        ticks: &[axis::Tick],
        key_width: f64,
        look: &Look,
    ) -> Self {
        let left = axis::gutter(ticks, look);
        let unit = if unit == "%" { "" } else { unit };
        let unit_height = if unit.is_empty() { 0.0 } else { look.value * 1.45 };
        page.words(Words::new(unit, (area.left, area.top + look.value * 0.8), look.value, MUTED));
        let inner = Area {
            left: area.left + left,
            top: area.top + unit_height,
            bottom: area.bottom - axis::foot(look),
            ..area
        };
        let grid = Grid::new(inner, count, key_width);
        let head = if count > 1 { look.label * 1.5 } else { 8.0 };
        let plots = grid.cells.iter().map(|cell| Area { top: cell.top + head, ..*cell }).collect();
        let mut key = grid.key;
        // A key in a spare cell stands clear of the axis of the panel above it.
        if grid.key.top > inner.top + 1.0 {
            key.top += axis::foot(look) + 14.0;
            key.left += 14.0;
        } else if key.height() > 420.0 {
            key.top += head;
        }
        Frame { grid, plots, key }
    }

    /// The name of a panel, if there are several.
    pub(super) fn head(&self, page: &mut Page, index: usize, title: &str, look: &Look) {
        if self.plots.len() > 1 {
            let plot = self.plots[index];
            let title = text::cut(title, look.label, true, plot.width());
            page.words(Words::new(title, (plot.left, plot.top - look.label * 0.55), look.label, INK).bold());
        }
    }

    pub(super) fn axes(&self, page: &mut Page, index: usize, y: &[axis::Tick], x: &[axis::Tick], look: &Look) {
        let plot = self.plots[index];
        if self.grid.is_leftmost(index) {
            axis::draw_y(page, plot, y, look);
        } else {
            axis::draw_grid(page, plot, y);
        }
        if self.grid.is_lowest(index) {
            axis::draw_x(
                page,
                plot,
                &fitting(x.to_vec(), Area { left: plot.left - 20.0, right: plot.right + 20.0, ..plot }, look),
                look,
            );
        } else {
            axis::draw_x_line(page, plot, x);
        }
    }
}
