//! What a pointer reads off a figure in a page: the values at a place, as data beside the marks.
//!
//! The words are those of the figure, rounded by the rule of [`super::numbers`], so that a page says one number for one thing. A
//! PNG has no readings.

use serde::Serialize;

use super::page::{Area, Point};
use super::spec::Role;

/// All that can be read off one figure, in pixels of its page.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Readings {
    /// Plots in which the values of all curves are read at one place of the horizontal axis.
    curves: Vec<Curves>,
    /// Single values.
    spots: Vec<Spot>,
}

/// Curves over one horizontal axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Curves {
    /// Left, top, right and bottom end of the plot.
    area: [f64; 4],
    /// Places of the axis, from left to right.
    x: Vec<f64>,
    /// What each place is: a week, a day.
    at: Vec<String>,
    /// The curves.
    lines: Vec<Line>,
}

/// One curve at the places of its plot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Line {
    of: Vec<usize>,
    name: String,
    /// Heights; none in a gap.
    y: Vec<Option<f64>>,
    /// The values in words.
    value: Vec<String>,
}

impl Line {
    /// The curve of a role: a height and the words of its value for each place; none in a gap.
    pub(super) fn new(role: &Role, values: impl Iterator<Item = Option<(f64, String)>>) -> Line {
        let (y, value) =
            values.map(|at| at.map_or((None, String::new()), |(y, value)| (Some(tenths(y)), value))).unzip();
        Line { of: role.indices().collect(), name: role.name.clone(), y, value }
    }

    /// A layer of a stack, which is no scenario's alone.
    pub(super) fn layer(name: &str, values: impl Iterator<Item = (f64, String)>) -> Line {
        let (y, value) = values.map(|(y, value)| (Some(tenths(y)), value)).unzip();
        Line { of: Vec::new(), name: name.to_owned(), y, value }
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Spot {
    of: Vec<usize>,
    at: [f64; 2],
    name: String,
    value: String,
}

impl Readings {
    /// Adds curves over the places of an axis, each with its name.
    pub(super) fn curves(&mut self, plot: Area, places: Vec<(f64, String)>, lines: Vec<Line>) {
        let (x, at) = places.into_iter().map(|(x, at)| (tenths(x), at)).unzip();
        self.curves.push(Curves { area: [plot.left, plot.top, plot.right, plot.bottom].map(tenths), x, at, lines });
    }

    /// Adds a value of a role.
    pub(super) fn spot(&mut self, role: &Role, at: Point, value: String) {
        self.named_spot(role.indices().collect(), &role.name, at, value);
    }

    /// Adds a value of a thing that is no scenario.
    pub(super) fn thing(&mut self, name: &str, at: Point, value: String) {
        self.named_spot(Vec::new(), name, at, value);
    }

    fn named_spot(&mut self, of: Vec<usize>, name: &str, at: Point, value: String) {
        if at.0.is_finite() && at.1.is_finite() {
            self.spots.push(Spot { of, at: [tenths(at.0), tenths(at.1)], name: name.to_owned(), value });
        }
    }

    /// As text for a page; none if nothing can be read.
    pub(super) fn json(&self) -> Option<String> {
        let is_empty = self.curves.is_empty() && self.spots.is_empty();
        (!is_empty).then(|| serde_json::to_string(self).unwrap_or_default())
    }
}

/// Tenths of a pixel are enough for a pointer.
fn tenths(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}
