//! Keys shared by the panels of one page.

use super::page::{Area, Page, Words};
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, INK, Ink, Look, MUTED};

/// Width that a key of filled boxes needs.
pub(super) fn boxes_width(names: &[(String, Ink)], look: &Look) -> f64 {
    names.iter().map(|(name, _)| text::width(name, look.value, false)).fold(0.0, f64::max).min(260.0) + 46.0
}

/// Filled boxes with names, from the top down in the order of the stack, so that the key reads like the picture.
pub(super) fn boxes(page: &mut Page, area: Area, heading: &str, names: &[(String, Ink)], look: &Look) {
    let head = look.small * 1.9;
    let columns = if (names.len() as f64) * 24.0 + head > area.height() && area.width() > 420.0 { 2 } else { 1 };
    let rows = names.len().div_ceil(columns).max(1);
    let step = ((area.height() - head) / rows as f64).clamp(look.small * 1.25, look.value * 1.65);
    let width = (area.width() / columns as f64).min(boxes_width(names, look) + 24.0);
    page.words(Words::new(heading, (area.left, area.top + look.small), look.small, MUTED));
    for (index, (name, ink)) in names.iter().enumerate() {
        let left = area.left + (index / rows) as f64 * width;
        let top = area.top + head + (index % rows) as f64 * step;
        let box_ = Area::new(left, top, left + 26.0, top + step.min(24.0) - 3.0);
        page.rect(box_, *ink);
        page.frame(box_, AXIS, 0.8);
        let name = text::cut(name, look.value, false, width - 44.0);
        page.words(Words::new(name, (left + 38.0, box_.middle().1 + look.value * 0.36), look.value, INK));
    }
}

/// Line samples (or boxes, for bars) with names in rows across the page; gives the height used.
pub(super) fn roles(page: &mut Page, area: Area, roles: &[&Role], filled: bool, look: &Look) -> f64 {
    let (sample, gap, step) = (if filled { 24.0 } else { 54.0 }, 34.0, look.label * 1.6);
    let (mut x, mut y) = (area.left, area.top + look.label);
    for role in roles {
        let style = theme::role(role.index);
        let name = text::cut(&role.name, look.label, true, 360.0);
        let width = sample + 10.0 + text::width(&name, look.label, true);
        if x > area.left && x + width > area.right {
            x = area.left;
            y += step;
        }
        let middle = y - look.label * 0.35;
        page.of(role, |page| {
            if filled {
                page.rect(Area::new(x, middle - 9.0, x + sample, middle + 9.0), style.line);
            } else {
                page.dashed(&[(x, middle), (x + sample, middle)], style.line, 4.0, style.dash);
            }
            page.words(Words::new(name, (x + sample + 10.0, y), look.label, style.text).bold());
        });
        x += width + gap;
    }
    if roles.is_empty() { 0.0 } else { y - area.top + step * 0.5 }
}
