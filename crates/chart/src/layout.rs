//! The words around a body: title, subtitle, notes and footer; the body gets the room between them.

use super::page::{Area, Page, WIDTH, Words};
use super::spec::Figure;
use super::text;
use super::theme::{INK, Look, MUTED};

/// White space left and right of everything.
pub(super) const MARGIN: f64 = 48.0;
/// Width of a body.
const WIDTH_INSIDE: f64 = WIDTH as f64 - 2.0 * MARGIN;

/// The whole figure as marks.
pub(super) fn page(figure: &Figure) -> Page {
    let mut page = Page::default();
    let top = head(&mut page, figure);
    if let Some(body) = figure.body.height(WIDTH_INSIDE) {
        let below = f64::from(page.height) - foot(&mut Page::default(), figure);
        page.height = (top + body + below).ceil() as u32;
    }
    let bottom = foot(&mut page, figure);
    let area = Area::new(MARGIN, top, f64::from(WIDTH) - MARGIN, bottom);
    figure.body.paint(&mut page, area, &Look::PAGE);
    page
}

/// The body alone, on the whole page, with what a pointer can read off it.
pub(super) fn live(figure: &Figure) -> Page {
    let mut page = Page::live();
    if let Some(body) = figure.body.height(WIDTH_INSIDE) {
        page.height = (body + 2.0 * BARE).ceil() as u32;
    }
    let area = Area::new(MARGIN, BARE, f64::from(WIDTH) - MARGIN, f64::from(page.height) - BARE);
    figure.body.paint(&mut page, area, &Look::PAGE);
    page
}

/// White space above and below a body that stands alone.
const BARE: f64 = 28.0;

fn head(page: &mut Page, figure: &Figure) -> f64 {
    let limit = f64::from(WIDTH) - 2.0 * MARGIN;
    let (size, lines) = text::fit_few(&figure.title, (38.0, 29.0), 3.0, true, limit, 2);
    let mut y = 26.0;
    for line in text::balance(&lines.join(" "), size, true, limit) {
        y += size * 1.2;
        page.words(Words::new(line, (MARGIN, y - size * 0.12), size, INK).bold());
    }
    let (size, lines) = text::fit_few(&figure.subtitle, (22.0, 18.0), 2.0, false, limit, 3);
    y += 12.0;
    for line in lines {
        y += size * 1.34;
        page.words(Words::new(line, (MARGIN, y - size * 0.3), size, MUTED));
    }
    y + 22.0
}

fn foot(page: &mut Page, figure: &Figure) -> f64 {
    let limit = f64::from(WIDTH) - 2.0 * MARGIN;
    let size = Look::PAGE.small;
    let mut lines = Vec::new();
    for note in &figure.notes {
        lines.extend(text::fit(note, (size, size), false, limit, 3).1);
    }
    lines.truncate(5);
    lines.extend(text::fit(&figure.footer, (size, size), false, limit, 2).1);
    let mut y = f64::from(page.height) - 22.0;
    for line in lines.into_iter().rev() {
        page.words(Words::new(line, (MARGIN, y), size, MUTED));
        y -= size * 1.4;
    }
    y - 6.0
}
