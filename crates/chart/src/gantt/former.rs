//! The date that a server had in a former plan: a hollow mark, joined to the new one by an arrow.

use super::rows::radius;
use crate::dates::Dates;
use crate::page::Page;
use crate::theme::{INK, WHITE};
use brownout_kernel::time::SimTime;

/// The mark of the former date and the arrow from it to the new one, above the middle of the row, where work and whisker leave room. A
/// date outside the picture has no mark: its arrow comes from the edge.
pub(super) fn paint_former(page: &mut Page, time: &Dates, (former, new): (SimTime, SimTime), middle: f64, height: f64) {
    let y = middle - (height * 0.3).min(12.0);
    let (from, to) = (time.at_time(former), time.at_time(new));
    arrow(page, (from, to), y, mark_radius(height));
    if time.holds_time(former) {
        mark(page, (from, y), mark_radius(height));
    }
}

fn mark_radius(height: f64) -> f64 {
    (radius(height) * 0.62).max(3.0)
}

/// A thin arrow with a white rim; none where both dates are too close to tell.
pub(super) fn arrow(page: &mut Page, (from, to): (f64, f64), y: f64, size: f64) {
    let side = (to - from).signum();
    let tip = to - side * 1.5;
    let (begin, neck) = (from + side * size, tip - side * size * 1.3);
    if (neck - begin) * side <= 1.0 {
        return;
    }
    page.stroke(&[(begin, y), (neck, y)], WHITE, 4.4);
    page.stroke(&[(begin, y), (neck, y)], INK, 1.7);
    let head = |r: f64| {
        [
            (neck - side * (r - size * 0.8), y - r),
            (tip + side * (r - size * 0.8), y),
            (neck - side * (r - size * 0.8), y + r),
        ]
    };
    page.fill(&head(size * 0.8 + 1.4), WHITE, 1.0);
    page.fill(&head(size * 0.8), INK, 1.0);
}

/// A hollow diamond.
pub(super) fn mark(page: &mut Page, (x, y): (f64, f64), size: f64) {
    let corners = |r: f64| [(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
    page.fill(&corners(size + 3.4), WHITE, 1.0);
    page.fill(&corners(size + 1.4), INK, 1.0);
    page.fill(&corners((size - 1.4).max(1.0)), WHITE, 1.0);
}
