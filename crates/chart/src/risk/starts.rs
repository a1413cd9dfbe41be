//! By when work must begin to stay clear of what the policy does, on the time axis of the panel above.

use super::{PlanRisk, SafeDay, SafeStart};
use crate::dates::{self, Dates};
use crate::page::{Area, Page, Words};
use crate::text;
use crate::theme::{AXIS, GRID, INK, Look, MUTED, PAUSE, PAUSE_DARK, WHITE, role};
use brownout_kernel::time::Day;
use brownout_text::numbers;

/// Height of one danger's lane.
const LANE: f64 = 62.0;

/// Height that [`paint`] needs.
pub(super) fn height(risk: &PlanRisk, look: &Look) -> f64 {
    if risk.starts.is_empty() { 0.0 } else { risk.starts.len() as f64 * LANE + look.label * 2.6 }
}

pub(super) fn paint(page: &mut Page, risk: &PlanRisk, area: Area, time: &Dates, look: &Look) {
    if risk.starts.is_empty() {
        return;
    }
    let sure = numbers::value(100.0 * risk.level, "%");
    let heading = format!("Latest start of the work, {sure} sure to stay clear of");
    let y = area.top + look.label * 1.7;
    page.words(Words::new(text::cut(&heading, look.label, true, area.width()), (area.left, y), look.label, INK).bold());
    for (index, start) in risk.starts.iter().enumerate() {
        let top = area.top + look.label * 2.4 + LANE * index as f64;
        paint_lane(page, start, Area { top, bottom: top + LANE, ..area }, time, look);
    }
}

fn paint_lane(page: &mut Page, start: &SafeStart, lane: Area, time: &Dates, look: &Look) {
    let (name, line) = (lane.top + look.value, lane.top + 38.0);
    page.words(Words::new(start.danger.as_str(), (lane.left, name), look.value, MUTED).bold());
    let left = time.at_time(brownout_kernel::time::SimTime::from_seconds(i64::MIN / 2));
    page.stroke(&[(left, line), (lane.right, line)], GRID, 2.0);
    page.stroke(&[(left, line - 6.0), (left, line + 6.0)], AXIS, 1.5);
    let ends = [start.alone.day, start.paused.and_then(|paused| paused.day)]
        .map(|day| day.map(|day| time.at_time(day.start())));
    if let [Some(alone), Some(paused)] = ends
        && paused > alone
    {
        page.stroke(&[(alone, line), (paused, line)], PAUSE, 5.0);
    }
    if let Some(x) = ends[1] {
        page.dot((x, line), 8.0, PAUSE_DARK);
        page.dot((x, line), 3.5, WHITE);
    }
    if let Some(x) = ends[0] {
        page.dot((x, line), 8.0, role(1).line);
    }
    let text = text::cut(&words(start), look.value, false, lane.right - lane.left - 130.0);
    let wide = text::width(&text, look.value, false);
    page.words(Words::new(text, (lane.right - wide, name), look.value, INK));
}

/// What the lane says: both dates, or how likely it still is where there is none.
fn words(start: &SafeStart) -> String {
    let with = |day: Day| format!("{} with every pause day left", dates::long(day));
    let chance = |start: SafeDay| numbers::value(100.0 * start.now, "%");
    match (start.alone.day, start.paused.map(|paused| (paused, paused.day))) {
        (Some(alone), Some((_, Some(paused)))) if paused > alone => {
            format!("{} without a pause, {}", dates::long(alone), with(paused))
        }
        (Some(alone), _) => dates::long(alone),
        (None, Some((_, Some(paused)))) => format!("only with pauses: {}", with(paused)),
        (None, Some((paused, None))) => format!(
            "too late: started at once {} without a pause, {} with every pause day left",
            chance(start.alone),
            chance(paused)
        ),
        (None, None) => format!("too late: {} if work starts at once", chance(start.alone)),
    }
}
