//! Two goals against each other: a dot for each scenario, with the intervals of both numbers as a cross.

use super::axis::{self, Linear};
use super::names::{self, Named, Taken};
use super::page::{Align, Area, Page, Point, Words};
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, Look, MUTED};
use brownout_text::numbers;

/// A number and the ends of its interval; the ends equal the number where there is none.
pub type Ranged = (f64, f64, f64);

/// One scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ScatterPoint {
    /// The scenario.
    pub role: Role,
    /// Across: mean, low and high end of the interval.
    pub x: Ranged,
    /// Upwards: mean, low and high end of the interval.
    pub y: Ranged,
    /// Words below the name; may be empty.
    pub note: String,
}

/// Scenarios in the plane of two measures, both from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scatter {
    /// What goes across: "messages lost".
    pub x_label: String,
    /// What goes upwards: "messages accepted from old servers".
    pub y_label: String,
    /// The scenarios.
    pub points: Vec<ScatterPoint>,
}

/// Radius of a dot.
const DOT: f64 = 8.0;
/// Widest name before it is cut.
const NAME_WIDTH_MAX: f64 = 330.0;

impl Scatter {
    /// A picture of the points.
    pub fn new(x_label: impl Into<String>, y_label: impl Into<String>, points: Vec<ScatterPoint>) -> Self {
        Scatter { x_label: x_label.into(), y_label: y_label.into(), points }
    }

    /// Scenarios at one point share one name: "announced ladder = throttle kept".
    fn merged(&self) -> Vec<ScatterPoint> {
        super::labels::merged(&self.points, |a, b| (a.x, a.y) == (b.x, b.y), |point| &mut point.role)
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let points = self.merged();
        let ends = |of: fn(&ScatterPoint) -> Ranged| {
            axis::range(points.iter().map(of).flat_map(|(mean, low, high)| [mean, low, high]))
        };
        let y = Linear::covering(ends(|point| point.y), (area.height() / 110.0).clamp(3.0, 6.0) as usize);
        let x = Linear::covering(ends(|point| point.x), (area.width() / 170.0).clamp(3.0, 7.0) as usize);
        let left = area.left + axis::gutter(&y.ticks(""), look);
        let head = look.value * 1.3 + 16.0;
        let foot = axis::foot(look) + look.small * 1.6;
        let plot = Area::new(left, area.top + head, area.right - 40.0, area.bottom - foot);
        let (x, y) = (x.over(plot.left, plot.right), y.over(plot.bottom, plot.top));
        page.words(Words::new(self.y_label.as_str(), (area.left, area.top + look.value), look.value, MUTED));
        axis::draw_y(page, plot, &y.ticks(""), look);
        page.stroke(&[(plot.left, plot.top), (plot.left, plot.bottom)], AXIS, 1.5);
        let mut ticks = x.ticks("");
        axis::part(&mut ticks, look.tick);
        axis::draw_x(page, plot, &ticks, look);
        let at = (plot.right, plot.bottom + axis::foot(look) + look.small);
        page.words(Words::new(self.x_label.as_str(), at, look.value, MUTED).align(Align::Right));
        let corner = (plot.left + 12.0, plot.bottom - 14.0);
        let better = Words::new("less of both is better", corner, look.small, MUTED);
        let mut taken = Taken::of(vec![better.area()]);
        page.words(better);
        let places: Vec<Point> = points.iter().map(|point| (x.at(point.x.0), y.at(point.y.0))).collect();
        taken.areas.extend(places.iter().map(|(x, y)| Area::new(x - DOT, y - DOT, x + DOT, y + DOT)));
        for (point, place) in points.iter().zip(&places) {
            page.of(&point.role, |page| taken.areas.extend(paint_cross(page, point, (&x, &y), *place)));
            if let Some(readings) = &mut page.readings {
                let (across, up) = (ranged_words(point.x, &self.x_label), ranged_words(point.y, &self.y_label));
                readings.spot(&point.role, *place, format!("{across}; {up}"));
            }
        }
        let room =
            Area { left: plot.left + 4.0, right: plot.right + 36.0, top: plot.top - 8.0, bottom: plot.bottom - 4.0 };
        let written: Vec<String> =
            points.iter().map(|point| text::cut(&point.role.name, look.label, true, NAME_WIDTH_MAX)).collect();
        let dots = points.iter().zip(&places).zip(&written).map(|((point, place), name)| {
            let (ink, ends) = (theme::role(point.role.index), (x.at(point.x.1), x.at(point.x.2)));
            Named { name, note: &point.note, bold: true, ink: ink.text, line: ink.line, at: *place, ends }
        });
        let dots: Vec<Named<'_>> = dots.collect();
        for ((point, dot), spot) in points.iter().zip(&dots).zip(names::places(&dots, &room, &taken, look)) {
            if let Some(spot) = spot {
                page.of(&point.role, |page| names::draw(page, dot, spot, look));
            }
        }
    }
}

/// A number with its interval and what it counts: "215.4 ± 8.5 M messages lost".
pub(super) fn ranged_words((mean, low, high): Ranged, label: &str) -> String {
    let words = numbers::rounded(mean, Some((high - low) / 2.0), "");
    match words.half {
        Some(half) => format!("{} ± {half} {label}", words.mean.split(' ').next().unwrap_or_default()),
        None => format!("{} {label}", words.mean),
    }
}

/// The intervals and the dot; gives the room the intervals take.
fn paint_cross(page: &mut Page, point: &ScatterPoint, (x, y): (&Linear, &Linear), at: Point) -> [Area; 2] {
    let ink = theme::role(point.role.index).line;
    let (left, right) = (x.at(point.x.1), x.at(point.x.2));
    let (bottom, top) = (y.at(point.y.1), y.at(point.y.2));
    if left < right {
        page.stroke(&[(left, at.1), (right, at.1)], ink, 2.6);
    }
    if top < bottom {
        page.stroke(&[(at.0, bottom), (at.0, top)], ink, 2.6);
    }
    page.dot(at, DOT, ink);
    [Area::new(left, at.1 - 2.0, right, at.1 + 2.0), Area::new(at.0 - 2.0, top, at.0 + 2.0, bottom)]
}
