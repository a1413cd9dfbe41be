//! The probability that the whole fleet is done, by day, and what begins meanwhile for the first open server.

use super::PlanRisk;
use crate::axis::{self, Linear};
use crate::dates::{self, Dates};
use crate::lines::fitting;
use crate::page::{Align, Area, Page, Words, thin};
use crate::text;
use crate::theme::{AXIS, INK, Look, MUTED, WHITE, role};
use brownout_kernel::time::SimTime;
use brownout_text::numbers;

const HEADING: &str = "Probability that every server is done";

/// Draws the curve and gives its time axis, which the panel below shares.
pub(super) fn paint(page: &mut Page, risk: &PlanRisk, area: Area, look: &Look) -> Dates {
    let values = Linear::percent(4);
    let left = area.left + axis::gutter(&values.ticks("%"), look);
    let time = Dates::covering([risk.from, risk.to].into_iter()).over(left, area.right);
    let names = limit_names(risk, &time, area, look);
    let lanes = names.iter().map(|name| name.lane + 1).max().unwrap_or(0) as f64;
    let head = look.label * 1.8 + lanes * look.small * 1.4 + 8.0;
    let plot = Area::new(left, area.top + head, area.right, area.bottom - axis::foot(look) - 6.0);
    let values = values.over(plot.bottom, plot.top);
    page.words(Words::new(HEADING, (area.left, area.top + look.label), look.label, INK).bold());
    axis::draw_y(page, plot, &values.ticks("%"), look);
    paint_limits(page, &names, plot, look);
    paint_curve(page, risk, plot, &time, &values, look);
    paint_quantiles(page, risk, plot, &time, &values, look);
    axis::draw_x(page, plot, &fitting(time.ticks(look.tick), area, look), look);
    time
}

/// The line of a limit and where its words stand above the plot.
struct LimitName {
    x: f64,
    start: f64,
    words: String,
    lane: usize,
    /// Whether it lies before the picture, so that there is no line to draw.
    past: bool,
}

/// Words of the limits in lanes so that no line runs through words: right of their lines, the latest lowest; or, where that leaves the
/// page, all of them left of their lines, the earliest lowest.
fn limit_names(risk: &PlanRisk, time: &Dates, area: Area, look: &Look) -> Vec<LimitName> {
    let mut limits: Vec<&super::Limit> = risk.limits.iter().filter(|limit| !time.is_beyond(limit.at)).collect();
    limits.sort_by_key(|limit| std::cmp::Reverse(limit.at));
    let said = |limit: &super::Limit| {
        let past = limit.at < risk.from.start();
        let words =
            format!("{} {} {}", limit.name, if past { "began" } else { "begins" }, dates::brief(limit.at.day()));
        (time.at_time(limit.at), text::width(&words, look.small, false), words, past)
    };
    let said: Vec<_> = limits.into_iter().map(said).collect();
    let fits_right = said.iter().all(|(x, width, ..)| x + 7.0 + width <= area.right);
    let fits_left = said.iter().all(|(x, width, ..)| x - 7.0 - width >= area.left);
    let all_left = !fits_right && fits_left;
    let count = said.len();
    let name = |(index, (x, width, words, past)): (usize, (f64, f64, String, bool))| {
        let right = !all_left && x + 7.0 + width <= area.right;
        let start = if right { x + 7.0 } else { (x - 7.0 - width).max(area.left) };
        LimitName { x, start, words, lane: if all_left { count - 1 - index } else { index }, past }
    };
    said.into_iter().enumerate().map(name).collect()
}

fn paint_limits(page: &mut Page, names: &[LimitName], plot: Area, look: &Look) {
    for name in names {
        let y = plot.top - 10.0 - name.lane as f64 * look.small * 1.4;
        if !name.past {
            page.dashed(&[(name.x, y - look.small * 0.75), (name.x, plot.bottom)], MUTED, 1.8, &[5.0, 4.0]);
        }
        page.words(Words::new(name.words.as_str(), (name.start, y), look.small, MUTED));
    }
}

fn paint_curve(page: &mut Page, risk: &PlanRisk, plot: Area, time: &Dates, values: &Linear, look: &Look) {
    let style = role(1);
    let mut points = vec![(plot.left, values.at(0.0))];
    let mut level = 0.0;
    for finish in &risk.finish {
        // The share holds from the end of the day on.
        let x = time.at_time(brownout_kernel::time::Day::from_number(finish.day.number().saturating_add(1)).start());
        points.extend([(x, values.at(level)), (x, values.at(100.0 * finish.share))]);
        level = 100.0 * finish.share;
    }
    points.push((plot.right, values.at(level)));
    let mut below = points.clone();
    below.extend([(plot.right, plot.bottom), (plot.left, plot.bottom)]);
    page.fill(&below, style.line, 0.10);
    page.stroke(&thin(&points), style.line, look.line);
}

/// The quantiles as dots with their dates, left of the curve where there is room.
fn paint_quantiles(page: &mut Page, risk: &PlanRisk, plot: Area, time: &Dates, values: &Linear, look: &Look) {
    for &(q, at) in &risk.quantiles {
        if at == SimTime::NEVER {
            continue;
        }
        let end = brownout_kernel::time::Day::from_number(at.day().number() + 1).start();
        let (x, y) = (time.at_time(end), values.at(100.0 * q));
        let words = format!("{} by {}", numbers::value(100.0 * q, "%"), dates::long(at.day()));
        let width = text::width(&words, look.value, true);
        let to_the_left = x - 16.0 - width >= plot.left + 4.0;
        let (start, align) = if to_the_left { (x - 14.0, Align::Right) } else { (x + 14.0, Align::Left) };
        let words = Words::new(words, (start, y + look.value * 0.36), look.value, INK).bold().align(align);
        let box_ = words.area();
        page.fill(&Area::new(box_.left - 3.0, box_.top, box_.right + 3.0, box_.bottom).corners(), WHITE, 0.9);
        page.words(words);
        page.stroke(&[(x, y), (x, plot.bottom)], AXIS, 1.0);
        page.dot((x, y), 6.5, role(1).line);
    }
}
