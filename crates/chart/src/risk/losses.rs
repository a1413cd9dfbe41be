//! Messages lost under the plan and under the plain strategies: mean and mean of the worst twentieth.

use super::{LossRow, PlanRisk};
use crate::axis::{self, Linear, Log, Tick};
use crate::page::{Area, Page, Words};
use crate::text;
use crate::theme::{AXIS, INK, Look, MUTED, role};
use brownout_text::numbers;

/// Ratio of largest to smallest loss from which on decades show more than lengths.
const LOG_RATIO: f64 = 25.0;
const ROW_MAX: f64 = 170.0;

/// Messages to pixels.
enum Scale {
    Lengths(Linear),
    Decades(Log),
}

impl Scale {
    fn new(rows: &[LossRow], left: f64, right: f64) -> Self {
        let values = || rows.iter().flat_map(|row| [Some(row.mean), row.worst]).flatten().filter(|v| v.is_finite());
        let (least, most) = axis::range(values().filter(|v| *v >= 1.0)).unwrap_or((1.0, 1.0));
        if most / least >= LOG_RATIO {
            // A decade of room on the left keeps "0" apart from the smallest loss.
            return Scale::Decades(
                Log::covering(values().filter(|v| *v >= 1.0).chain([least / 10.0])).over(left, right),
            );
        }
        Scale::Lengths(Linear::up_to(axis::range(values()), 3).over(left, right))
    }

    fn at(&self, value: f64) -> f64 {
        match self {
            Scale::Lengths(scale) => scale.at(value),
            Scale::Decades(scale) => scale.at(value),
        }
    }

    fn ticks(&self) -> Vec<Tick> {
        match self {
            Scale::Lengths(scale) => scale.ticks(""),
            Scale::Decades(scale) => {
                let mut ticks = scale.ticks();
                if let Some(first) = ticks.first_mut() {
                    first.label = "0".to_owned();
                }
                ticks
            }
        }
    }

    fn words(&self) -> &'static str {
        if matches!(self, Scale::Decades(_)) {
            "mean and worst twentieth, log scale"
        } else {
            "mean and worst twentieth"
        }
    }
}

pub(super) fn paint(page: &mut Page, risk: &PlanRisk, area: Area, look: &Look) {
    let head = look.label * 1.4 + look.small * 1.6;
    page.words(Words::new("Messages lost", (area.left, area.top + look.label), look.label, INK).bold());
    let height = ((area.height() - head - axis::foot(look)) / risk.losses.len().max(1) as f64).min(ROW_MAX);
    let bottom = area.top + head + height * risk.losses.len().max(1) as f64;
    let plot = Area { top: area.top + head, bottom, left: area.left + 10.0, right: area.right - 38.0 };
    let scale = Scale::new(&risk.losses, plot.left, plot.right);
    let mut ticks = scale.ticks();
    axis::part(&mut ticks, look.tick);
    for tick in &ticks {
        page.fill(&Area::new(tick.at - 0.75, plot.top, tick.at + 0.75, plot.bottom).corners(), AXIS, 0.3);
    }
    let about = (area.left, area.top + look.label * 1.2 + look.small * 1.2);
    page.words(Words::new(scale.words(), about, look.small, MUTED));
    for (index, row) in risk.losses.iter().enumerate() {
        let top = plot.top + height * index as f64;
        paint_row(page, row, Area { top, bottom: top + height, ..plot }, &scale, look);
    }
    axis::draw_x(page, plot, &ticks, look);
}

fn paint_row(page: &mut Page, row: &LossRow, room: Area, scale: &Scale, look: &Look) {
    // The plan has the colour of its curve beside it, the strategies those of scenarios.
    let style = role(if row.role.index == 0 { 1 } else { row.role.index + 1 });
    let base = room.top + look.label * 1.25;
    let line = (base + 24.0).min(room.bottom - 8.0);
    let said = |messages: f64| numbers::said_amount(messages, row.half);
    let value = match row.worst {
        // Both to the same digit: else the worst could seem less than the mean.
        Some(worst) => format!("{}, worst twentieth {}", said(row.mean), said(worst)),
        None => said(row.mean),
    };
    let wide = text::width(&value, look.value, false);
    let name = text::cut(&row.role.name, look.label, true, room.width() - wide - 16.0);
    backed(page, Words::new(name, (room.left, base), look.label, style.text).bold());
    backed(page, Words::new(value, (room.right - wide, base), look.value, INK));
    let mean = scale.at(row.mean);
    if let Some(worst) = row.worst {
        let end = scale.at(worst);
        page.stroke(&[(mean, line), (end, line)], style.line, 3.0);
        page.stroke(&[(end, line - 8.0), (end, line + 8.0)], style.line, 3.0);
    }
    page.dot((mean, line), 8.0, style.line);
}

/// Words on a white ground, so that grid lines do not run through them.
fn backed(page: &mut Page, words: Words) {
    let area = words.area();
    page.rect(Area::new(area.left - 3.0, area.top, area.right + 3.0, area.bottom), crate::theme::WHITE);
    page.words(words);
}
