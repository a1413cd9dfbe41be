//! Ranking matrix: in how many of 100 futures each schedule is better than each other one.

use super::labels;
use super::page::{Align, Area, Page, Words};
use super::rows;
use super::spec::Role;
use super::text;
use super::theme::{FREEZE, GRID, INK, Ink, Look, MUTED, PAUSE_DARK, SHADE};

/// Shares of the futures, 0 to 100, in which the schedule of the row is better than that of the column, and worse; in the rest it
/// cannot be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Better.
    pub better: f64,
    /// Worse.
    pub worse: f64,
}

/// The matrix of one outcome.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RankingPanel {
    /// What is compared: "messages lost: fewer is better".
    pub title: String,
    /// By row and column; none on the diagonal.
    pub cells: Vec<Vec<Option<Compared>>>,
}

/// Up to two matrices with the same schedules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// The schedules.
    pub schedules: Vec<Role>,
    /// The outcomes.
    pub panels: Vec<RankingPanel>,
}

const BETTER: Ink = PAUSE_DARK;
const WORSE: Ink = Ink(0xC94207);
const PANELS_MAX: usize = 2;

impl Ranking {
    /// Matrices of schedules.
    pub fn new(schedules: Vec<Role>, panels: Vec<RankingPanel>) -> Self {
        Ranking { schedules, panels }
    }

    /// The names of rows and columns. Where a column has no room for its name, schedules are numbered and columns headed by numbers.
    fn names(&self, width: f64, look: &Look) -> (Vec<Role>, Vec<String>) {
        let cell = width / self.schedules.len().max(1) as f64;
        let whole = |role: &Role| !head(&role.name, cell, look).concat().contains('…');
        if self.schedules.iter().all(whole) {
            return (self.schedules.clone(), self.schedules.iter().map(|role| role.name.clone()).collect());
        }
        let numbered = |(n, role): (usize, &Role)| Role { name: format!("{} {}", n + 1, role.name), ..role.clone() };
        let rows = self.schedules.iter().enumerate().map(numbered).collect();
        (rows, (1..=self.schedules.len()).map(|n| n.to_string()).collect())
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let panels = &self.panels[..self.panels.len().min(PANELS_MAX)];
        let foot = area.bottom - look.small * 0.4;
        let x = rows::key(page, (area.left, foot), BETTER, "the row's is better", look);
        let x = rows::key(page, (x, foot), FREEZE, "cannot be told", look);
        rows::key(page, (x, foot), WORSE, "the column's is better", look);
        let (gap, count) = (40.0, panels.len().max(1) as f64);
        let names_max = (area.width() * if count > 1.0 { 0.16 } else { 0.26 }).max(110.0);
        let names = labels::column_width(self.schedules.iter(), names_max, look) + look.label * 1.6;
        let width = (area.width() - names - 18.0 - gap * (count - 1.0)) / count;
        let bottom = foot - look.small * 1.8;
        let (row_names, heads) = self.names(width, look);
        let top = heads_bottom(&heads, area.top, width, look);
        for (row, role) in row_names.iter().enumerate() {
            let column = Area::new(area.left, top, area.left + names, bottom);
            labels::row_name(page, role, rows::slot(column, row, self.schedules.len()), look);
        }
        for (index, panel) in panels.iter().enumerate() {
            let left = area.left + names + 18.0 + index as f64 * (width + gap);
            let title = text::cut(&panel.title, look.label, true, width);
            page.words(Words::new(title, (left, area.top + look.label), look.label, INK).bold());
            self.paint_panel(page, panel, &heads, Area::new(left, top, left + width, bottom), look);
        }
    }

    fn paint_panel(&self, page: &mut Page, panel: &RankingPanel, heads: &[String], plot: Area, look: &Look) {
        let count = self.schedules.len();
        let cell = plot.width() / count.max(1) as f64;
        for (column, name) in heads.iter().enumerate() {
            let middle = plot.left + cell * (column as f64 + 0.5);
            let lines = head(name, cell, look);
            let first = plot.top - 10.0 - (lines.len() as f64 - 1.0) * look.small * 1.2;
            for (index, line) in lines.into_iter().enumerate() {
                let at = (middle, first + index as f64 * look.small * 1.2);
                page.words(Words::new(line, at, look.small, MUTED).align(Align::Centre));
            }
        }
        for row in 0..count {
            for column in 0..count {
                let room = rows::slot(plot, row, count);
                let left = plot.left + cell * column as f64;
                let room = Area::new(left + 2.0, room.top + 2.0, left + cell - 2.0, room.bottom - 2.0);
                let found = panel.cells.get(row).and_then(|cells| cells.get(column)).copied().flatten();
                match found.filter(|cell| cell.better.is_finite() && cell.worse.is_finite()) {
                    Some(found) => paint_cell(page, found, room, look),
                    None => page.rect(room, if row == column { SHADE } else { GRID }),
                }
            }
        }
    }
}

/// Where the rows begin, below the title and the heads of the columns.
fn heads_bottom(heads: &[String], top: f64, width: f64, look: &Look) -> f64 {
    let cell = width / heads.len().max(1) as f64;
    let lines = heads.iter().map(|name| head(name, cell, look).len()).max().unwrap_or(1);
    top + look.label * 1.7 + lines as f64 * look.small * 1.2 + 8.0
}

/// The name of a column in the lines it needs.
fn head(name: &str, cell: f64, look: &Look) -> Vec<String> {
    text::fit(name, (look.small, look.small), false, cell - 6.0, 3).1
}

/// A bar of three parts along the lower edge, and the number of futures in which the row is better above it.
fn paint_cell(page: &mut Page, cell: Compared, room: Area, look: &Look) {
    let better = cell.better.clamp(0.0, 100.0);
    let worse = cell.worse.clamp(0.0, 100.0 - better);
    page.rect(room, Ink(0xF7F8F9));
    let height = (room.height() * 0.24).clamp(4.0, 26.0).min((room.height() - look.small).max(4.0));
    let at = |share: f64| room.left + room.width() * share / 100.0;
    let part = |from: f64, to: f64| Area::new(at(from), room.bottom - height, at(to), room.bottom);
    for (from, to, ink) in [(0.0, better, BETTER), (better, 100.0 - worse, FREEZE), (100.0 - worse, 100.0, WORSE)] {
        if to > from {
            page.rect(part(from, to), ink);
        }
    }
    let ink = match better - worse {
        difference if difference >= 50.0 => BETTER,
        difference if difference <= -50.0 => WORSE,
        _ => INK,
    };
    let size = (room.height() * 0.42).clamp(look.small, look.label * 2.0).min(room.width() * 0.5);
    let y = (room.top + room.bottom - height) / 2.0 + size * 0.36;
    page.words(Words::new(format!("{better:.0}"), (room.middle().0, y), size, ink).bold().align(Align::Centre));
}
