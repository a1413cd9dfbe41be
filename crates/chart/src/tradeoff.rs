//! Coverage against density of the boxes of a peeling, where they were found and where they were held out.

use super::axis::{self, Linear};
use super::page::{Align, Area, Page, Point, Words};
use super::rows;
use super::text;
use super::theme::{AXIS, INK, Ink, Look, MUTED, PAUSE_DARK};
use brownout_text::words::whole_percent;

/// The boxes of one peeling. Shares from 0 to 1; NaN where no future held out lies in a box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TradeoffPanel {
    /// The schedule and what is bad.
    pub title: String,
    /// Coverage and density of each box where it was found.
    pub found: Vec<Point2>,
    /// The same where it was held out.
    pub held: Vec<Point2>,
    /// Which box is told of.
    pub chosen: Option<usize>,
    /// Share of all futures that are bad: what any box must beat.
    pub base_rate: f64,
}

/// Coverage and density.
pub(super) type Point2 = (f64, f64);

/// Up to three peelings side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tradeoff {
    /// The peelings.
    pub panels: Vec<TradeoffPanel>,
}

const FOUND: Ink = Ink(0x9AA1AB);
const HELD: Ink = PAUSE_DARK;
const PANELS_MAX: usize = 3;

impl Tradeoff {
    /// Peelings.
    pub fn new(panels: Vec<TradeoffPanel>) -> Self {
        Tradeoff { panels }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let panels = &self.panels[..self.panels.len().min(PANELS_MAX)];
        let (gap, count) = (40.0, panels.len().max(1) as f64);
        let width = (area.width() - gap * (count - 1.0)) / count;
        let foot = area.bottom - look.small * 0.4;
        let x = rows::key(page, (area.left, foot), HELD, "futures held out: what to believe", look);
        rows::key(page, (x, foot), FOUND, "futures it was found in", look);
        for (index, panel) in panels.iter().enumerate() {
            let left = area.left + index as f64 * (width + gap);
            paint_panel(page, panel, Area::new(left, area.top, left + width, foot - look.small * 1.6), look);
        }
    }
}

fn paint_panel(page: &mut Page, panel: &TradeoffPanel, area: Area, look: &Look) {
    let mut top = area.top;
    let lines = text::fit(&panel.title, (look.label, look.label), true, area.width(), 2).1;
    for line in text::balance(&lines.join(" "), look.label, true, area.width()) {
        top += look.label * 1.2;
        page.words(Words::new(line, (area.left, top - 4.0), look.label, INK).bold());
    }
    let y = Linear::percent(4);
    let left = area.left + axis::gutter(&y.ticks("%"), look);
    let foot = axis::foot(look) + look.small * 1.5;
    let plot = Area::new(left, top + look.value * 2.0, area.right - 24.0, area.bottom - foot);
    let (x, y) = (Linear::percent(4).over(plot.left, plot.right), y.over(plot.bottom, plot.top));
    let head =
        Words::new("density: bad ones among the futures in the box", (area.left, top + look.value), look.small, MUTED);
    page.words(head);
    axis::draw_y(page, plot, &y.ticks("%"), look);
    page.stroke(&[(plot.left, plot.top), (plot.left, plot.bottom)], AXIS, 1.5);
    let mut ticks = x.ticks("%");
    axis::part(&mut ticks, look.tick);
    axis::draw_x(page, plot, &ticks, look);
    let at = (plot.right, plot.bottom + axis::foot(look) + look.small);
    page.words(Words::new("coverage: bad futures that lie in the box", at, look.small, MUTED).align(Align::Right));
    let base = y.at(panel.base_rate * 100.0);
    page.dashed(&[(plot.left, base), (plot.right, base)], MUTED, 2.0, &[8.0, 5.0]);
    let words = format!("all futures: {}", whole_percent(panel.base_rate.clamp(0.0, 1.0)));
    page.words(Words::new(words, (plot.left + 8.0, base - 7.0), look.small, MUTED));
    let place = |&(coverage, density): &Point2| (x.at(coverage * 100.0), y.at(density * 100.0));
    let known = |points: &[Point2]| -> Vec<Point> {
        points.iter().filter(|(a, b)| a.is_finite() && b.is_finite()).map(place).collect()
    };
    for (points, ink, width) in [(&panel.found, FOUND, 2.4), (&panel.held, HELD, look.line)] {
        let points = known(points);
        page.stroke(&points, ink, width);
        points.iter().for_each(|&point| page.dot(point, 3.5, ink));
    }
    let Some(chosen) = panel.chosen else { return };
    for (points, ink) in [(&panel.found, FOUND), (&panel.held, HELD)] {
        let Some(point) = points.get(chosen).filter(|(a, b)| a.is_finite() && b.is_finite()) else { continue };
        page.dot(place(point), 9.0, ink);
        let (at_x, at_y) = place(point);
        let words = Words::new(whole_percent(point.1.clamp(0.0, 1.0)), (at_x, at_y - 15.0), look.value, INK);
        page.words(words.bold().align(Align::Centre));
    }
}
