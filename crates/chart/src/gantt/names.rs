//! Names of servers left of their rows, in as many columns as thin rows need.

use super::Gantt;
use crate::page::{Area, Page, Words};
use crate::text;
use crate::theme::{AXIS, GRID, INK, Look, MUTED};

/// Smallest distance of two names in a column, in their text size.
const PITCH: f64 = 1.16;
/// Rows from this height on have a second line of words.
const TWO_LINES: f64 = 46.0;
/// Room between columns.
const GAP: f64 = 16.0;

/// How the names are laid out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Names {
    pub(super) width: f64,
    size: f64,
    /// Widths of the columns, left to right; row `i` stands in column `i % columns`.
    columns: Vec<f64>,
    /// Only every so many rows are named, where even columns do not suffice.
    every: usize,
}

impl Names {
    /// The layout of a plan's names in at most `limit` pixels.
    pub(super) fn new(gantt: &Gantt, limit: f64, look: &Look) -> Self {
        let row = gantt.row_height();
        let size = (row * 0.8).clamp(look.small, look.label);
        let count = ((size * PITCH / row).ceil() as usize).max(1);
        let widths: Vec<f64> = gantt.rows.iter().map(|row| text::width(&row.name, size, true)).collect();
        let widest = |column: usize| widths.iter().skip(column).step_by(count).fold(0.0_f64, |a, &b| a.max(b));
        let columns: Vec<f64> = (0..count).map(widest).collect();
        let total = columns.iter().sum::<f64>() + GAP * (count - 1) as f64;
        if count > 1 && total > limit {
            let widest = widths.iter().step_by(count).fold(0.0_f64, |a, &b| a.max(b)).min(limit);
            return Names { width: widest, size, columns: vec![widest], every: count };
        }
        let about = match row >= TWO_LINES {
            true => gantt.rows.iter().map(|row| text::width(&row.about, look.small, false)).fold(0.0, f64::max),
            false => 0.0,
        };
        Names { width: total.max(about).min(limit), size, columns, every: 1 }
    }

    /// Writes the names; `left` is where the first column begins.
    pub(super) fn paint(&self, page: &mut Page, gantt: &Gantt, plot: Area, left: f64, height: f64, look: &Look) {
        for (index, row) in gantt.rows.iter().enumerate().step_by(self.every) {
            let middle = plot.top + height * (index as f64 + 0.5);
            let column = (index / self.every) % self.columns.len();
            let x = left + self.columns[..column].iter().sum::<f64>() + GAP * column as f64;
            let limit = if self.columns.len() == 1 { self.width } else { self.columns[column] } + 0.5;
            let name = text::cut(&row.name, self.size, true, limit);
            let end = x + text::width(&name, self.size, true);
            let ink = if row.done { MUTED } else { INK };
            if self.columns.len() > 1 && end + 8.0 < plot.left - 6.0 {
                self.paint_leader(page, (end + 6.0, middle), plot.left - 4.0, left);
            }
            let two = height >= TWO_LINES && !row.about.is_empty();
            let base = if two { middle - 4.0 } else { middle + self.size * 0.36 };
            page.words(Words::new(name, (x, base), self.size, ink).bold());
            if two {
                let about = text::cut(&row.about, look.small, false, self.width + 0.5);
                page.words(Words::new(about, (x, middle + look.small * 1.05), look.small, MUTED));
            }
        }
        page.stroke(&[(plot.left, plot.top), (plot.left, plot.bottom)], AXIS, 1.5);
    }

    /// A hair line from a name to its row. Where other names stand in between it keeps to the gap of its own row.
    fn paint_leader(&self, page: &mut Page, from: (f64, f64), to: f64, left: f64) {
        let last = left + self.width - self.columns[self.columns.len() - 1];
        if from.0 >= last {
            page.stroke(&[from, (to, from.1)], GRID, 1.0);
        }
    }
}
