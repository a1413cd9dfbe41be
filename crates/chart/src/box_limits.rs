//! The limits of a box: for each factor that it restricts, the part of its range in which a schedule fails.

use super::page::{Align, Area, Page, Words};
use super::rows;
use super::text;
use super::theme::{AXIS, INK, Ink, Look, MUTED, PAUSE_PALE};

/// One factor. Places are shares of its range, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitRow {
    /// Its name.
    pub name: String,
    /// Ends of its range in words.
    pub ends: (String, String),
    /// The parts of the range that lie in the box.
    pub inside: Vec<(f64, f64)>,
    /// The limit in words: "at most 2.55".
    pub said: String,
    /// How often it is found again, and the chance that a limit like it is noise; small print.
    pub trust: String,
}

/// The limits of one box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LimitsPanel {
    /// The schedule, and how dense the box is.
    pub title: String,
    /// The factors that are restricted.
    pub rows: Vec<LimitRow>,
}

/// Boxes of up to four schedules, one below the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxLimits {
    /// The boxes.
    pub panels: Vec<LimitsPanel>,
}

const INSIDE: Ink = Ink(0xC94207);
const PANELS_MAX: usize = 4;
/// Highest row in pixels.
const ROW_MAX: f64 = 92.0;
/// Rows of so many text sizes have room for the ends of the range and for what is behind the limit.
const ENDS_MIN: f64 = 2.6;

impl BoxLimits {
    /// Boxes.
    pub fn new(panels: Vec<LimitsPanel>) -> Self {
        BoxLimits { panels }
    }

    /// The height that rows of full height need.
    pub(super) fn height(&self, look: &Look) -> f64 {
        let panels = &self.panels[..self.panels.len().min(PANELS_MAX)];
        let rows: usize = panels.iter().map(|panel| panel.rows.len().max(1)).sum();
        rows as f64 * ROW_MAX + panels.len() as f64 * look.label * 1.9 + look.small * 2.4
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let panels = &self.panels[..self.panels.len().min(PANELS_MAX)];
        let all = || panels.iter().flat_map(|panel| &panel.rows);
        let names = rows::names_width(all().map(|row| row.name.as_str()), area.width() * 0.3, look);
        let left = area.left + names + 20.0;
        let right = area.right - (area.width() * 0.24).min(330.0);
        let titles = panels.len() as f64 * (look.label * 1.9);
        let count: usize = panels.iter().map(|panel| panel.rows.len().max(1)).sum();
        let foot = look.small * 1.8;
        let height = ((area.height() - titles - foot) / count.max(1) as f64).min(ROW_MAX);
        let mut y = area.top;
        for panel in panels {
            let title = text::cut(&panel.title, look.label, true, area.width());
            page.words(Words::new(title, (area.left, y + look.label), look.label, INK).bold());
            y += look.label * 1.7;
            if panel.rows.is_empty() {
                let at = (area.left, y + height * 0.5);
                page.words(Words::new("no box is denser than the whole", at, look.value, MUTED));
                y += height;
            }
            for row in &panel.rows {
                let room = Area::new(left, y, right, y + height);
                // The name stands where the bar does, above the ends of the range.
                let shift = if room.height() > ENDS_MIN * look.small { look.small * 0.4 } else { 0.0 };
                let beside =
                    Area { left: area.left, right: left - 20.0, top: room.top - shift, bottom: room.bottom - shift };
                rows::name(page, &row.name, beside, INK, look);
                paint_row(page, row, room, area.right, look);
                y += height;
            }
            y += look.label * 0.2;
        }
        let at = (left, area.bottom - look.small * 0.4);
        let x = rows::key(page, at, INSIDE, "inside the box", look);
        rows::key(page, (x, at.1), PAUSE_PALE, "the rest of the range", look);
    }
}

fn paint_row(page: &mut Page, row: &LimitRow, room: Area, right: f64, look: &Look) {
    let (_, y) = room.middle();
    let has_ends = room.height() > ENDS_MIN * look.small;
    let y = if has_ends { y - look.small * 0.4 } else { y };
    let half = (room.height() * 0.16).clamp(3.0, 11.0);
    page.rect(Area::new(room.left, y - half, room.right, y + half), PAUSE_PALE);
    for &(from, to) in row.inside.iter().filter(|(from, to)| from.is_finite() && to.is_finite()) {
        let at = |share: f64| room.left + room.width() * share.clamp(0.0, 1.0);
        page.rect(Area::new(at(from), y - half, at(to).max(at(from) + 3.0), y + half), INSIDE);
    }
    page.stroke(&[(room.left, y - half - 3.0), (room.left, y + half + 3.0)], AXIS, 1.5);
    page.stroke(&[(room.right, y - half - 3.0), (room.right, y + half + 3.0)], AXIS, 1.5);
    let below = y + half + look.small * 1.1;
    if has_ends {
        page.words(Words::new(row.ends.0.as_str(), (room.left, below), look.small, MUTED));
        page.words(Words::new(row.ends.1.as_str(), (room.right, below), look.small, MUTED).align(Align::Right));
    }
    let width = right - room.right - 16.0;
    let said = text::cut(&row.said, look.value, true, width);
    page.words(Words::new(said, (room.right + 16.0, y + look.value * 0.36), look.value, INK).bold());
    let trust = text::cut(&row.trust, look.small, false, width);
    if has_ends && trust == row.trust {
        page.words(Words::new(trust, (room.right + 16.0, below + 2.0), look.small, MUTED));
    }
}
