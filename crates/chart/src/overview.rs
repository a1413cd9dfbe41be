//! Up to four figures on one page under one title, with one key for all.

use super::key;
use super::page::{Area, Page, Words};
use super::spec::{Body, Role};
use super::text;
use super::theme::{INK, Look, MUTED};

/// A figure that is part of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What it shows.
    pub title: String,
    /// Measure and n; may be empty.
    pub subtitle: String,
    /// The picture itself.
    pub body: Body,
}

impl Panel {
    /// A panel with its titles.
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>, body: impl Into<Body>) -> Self {
        Panel { title: title.into(), subtitle: subtitle.into(), body: body.into() }
    }
}

/// Panels in two columns. Lines are named in a key above them instead of at their ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// One to four panels; more are left out.
    pub panels: Vec<Panel>,
}

/// An overview inside an overview is left out, so that drawing ends.
const PANELS_MAX: usize = 4;

impl Overview {
    /// The panels, row by row.
    pub fn new(panels: Vec<Panel>) -> Self {
        Overview { panels }
    }

    fn shown(&self) -> Vec<&Panel> {
        self.panels.iter().filter(|panel| !matches!(panel.body, Body::Overview(_))).take(PANELS_MAX).collect()
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let panels = self.shown();
        let mut roles: Vec<&Role> = panels.iter().flat_map(|panel| panel.body.roles()).collect();
        roles.sort_by(|a, b| (a.index, &a.name).cmp(&(b.index, &b.name)));
        roles.dedup();
        let top = area.top + key::roles(page, area, &roles, false, &Look { label: 19.0, ..*look });
        let columns = panels.len().clamp(1, 2);
        let rows = panels.len().div_ceil(columns).max(1);
        let (across, down) = (48.0, 26.0);
        let width = (area.width() - across * (columns as f64 - 1.0)) / columns as f64;
        let height = (area.bottom - top - down * (rows as f64 - 1.0)) / rows as f64;
        for (index, panel) in panels.into_iter().enumerate() {
            let x = area.left + (index % columns) as f64 * (width + across);
            let y = top + (index / columns) as f64 * (height + down);
            paint_panel(page, panel, Area::new(x, y, x + width, y + height));
        }
    }
}

fn paint_panel(page: &mut Page, panel: &Panel, area: Area) {
    let mut y = area.top;
    let (size, lines) = text::fit_few(&panel.title, (23.0, 20.0), 2.0, true, area.width(), 2);
    for line in lines {
        y += size * 1.2;
        page.words(Words::new(line, (area.left, y - size * 0.2), size, INK).bold());
    }
    let (size, lines) = text::fit_few(&panel.subtitle, (17.5, 17.0), 0.5, false, area.width(), 2);
    for line in lines {
        y += size * 1.35;
        page.words(Words::new(line, (area.left, y - size * 0.2), size, MUTED));
    }
    panel.body.paint(page, Area::new(area.left, y + 8.0, area.right, area.bottom), &Look::PANEL);
}
