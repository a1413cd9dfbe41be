//! What the signs of the plan mean, in rows below the time axis.

use super::rows::{diamond, paint_done};
use super::{Gantt, crew_ink, former};
use crate::page::{Area, Page, Words};
use crate::text;
use crate::theme::{AXIS, FREEZE, INK, Ink, Look, PAUSE, PAUSE_DARK, PAUSE_PALE, WHITE};

const SAMPLE: f64 = 34.0;
const GAP: f64 = 30.0;

/// A sign of the plan.
enum Sign {
    Ground(Ink),
    Pause,
    IfLate,
    Freeze,
    Window,
    GanttWork,
    Waiting,
    CutOver,
    Former,
    Whisker,
    Done,
    Today,
}

/// Whether a pause shows: the tenant's, or in a row alone where rows are of several tenants.
fn is_paused(gantt: &Gantt) -> bool {
    let shows = |span: &super::StageSpan| {
        span.tone == super::Tone::Paused && span.from < gantt.to && span.to.is_none_or(|to| to > gantt.from)
    };
    !gantt.pauses.is_empty() || gantt.rows.iter().flat_map(|row| &row.spans).any(shows)
}

/// The signs that this plan uses, with their words.
fn entries(gantt: &Gantt) -> Vec<(Sign, String)> {
    let has = |hit: &dyn Fn(&super::GanttRow) -> bool| gantt.rows.iter().any(hit);
    let waits = has(&|row| matches!(row.work, Some(super::GanttWork::Waiting(..))));
    let works = has(&|row| matches!(row.work, Some(super::GanttWork::Crew(..))));
    let today = gantt.today.as_ref().map(|(at, label)| format!("{label} {}", crate::dates::long(at.day())));
    let mut all: Vec<(Sign, String)> =
        gantt.stages.iter().map(|(name, tone)| (Sign::Ground(tone.ink()), name.clone())).collect();
    let level = if gantt.level.is_empty() { "95 %" } else { gantt.level.as_str() };
    let mut add = |wanted: bool, sign: Sign, words: &str| {
        if wanted {
            all.push((sign, words.to_owned()));
        }
    };
    let pause = if gantt.pauses.is_empty() { Sign::Ground(super::Tone::Paused.ink()) } else { Sign::Pause };
    add(is_paused(gantt), pause, "paused: report only");
    add(!gantt.if_late.is_empty(), Sign::IfLate, "pause, only if late");
    add(works, Sign::GanttWork, "work of a crew");
    add(waits, Sign::Waiting, "waiting");
    add(has(&|row| !row.done && row.cut_over.is_some()), Sign::CutOver, "planned cut-over (paler after it: if late)");
    add(has(&|row| row.former.is_some()), Sign::Former, "former date, where it changed, and the new one");
    add(has(&|row| row.likely.is_some()), Sign::Whisker, &format!("done in 50 % to {level} of cases"));
    add(has(&|row| row.done), Sign::Done, "done");
    add(gantt.crews.iter().any(|crew| !crew.windows.is_empty()), Sign::Window, "maintenance window");
    add(gantt.crews.iter().any(|crew| !crew.freezes.is_empty()), Sign::Freeze, "change freeze");
    add(today.is_some(), Sign::Today, &today.unwrap_or_default());
    all
}

fn width(words: &str, look: &Look) -> f64 {
    SAMPLE + 10.0 + text::width(words, look.small, false)
}

fn step(look: &Look) -> f64 {
    look.small * 1.6
}

/// The entries in lines that fit.
fn lines(gantt: &Gantt, area: Area, look: &Look) -> Vec<Vec<(Sign, String)>> {
    let mut lines: Vec<Vec<(Sign, String)>> = vec![Vec::new()];
    let mut x = 0.0;
    for entry in entries(gantt) {
        let wide = width(&entry.1, look);
        if x > 0.0 && x + wide > area.width() {
            lines.push(Vec::new());
            x = 0.0;
        }
        x += wide + GAP;
        if let Some(line) = lines.last_mut() {
            line.push(entry);
        }
    }
    lines
}

/// Height that [`paint`] needs.
pub(super) fn height(gantt: &Gantt, area: Area, look: &Look) -> f64 {
    lines(gantt, area, look).len() as f64 * step(look) + 14.0
}

/// Draws the legend from the top of `area` down.
pub(super) fn paint(page: &mut Page, gantt: &Gantt, area: Area, look: &Look) {
    for (index, line) in lines(gantt, area, look).into_iter().enumerate() {
        let y = area.top + step(look) * (index as f64 + 0.8);
        let mut x = area.left;
        for (sign, words) in line {
            sample(page, &sign, Area::new(x, y - 15.0, x + SAMPLE, y + 3.0));
            let wide = width(&words, look);
            let words = text::cut(&words, look.small, false, area.right - x - SAMPLE - 10.0);
            page.words(Words::new(words, (x + SAMPLE + 10.0, y), look.small, INK));
            x += wide + GAP;
        }
    }
}

fn sample(page: &mut Page, sign: &Sign, room: Area) {
    let (x, y) = room.middle();
    let ink = crew_ink(Some(0));
    match sign {
        Sign::Ground(fill) => {
            page.rect(room, *fill);
            page.frame(room, AXIS, 0.8);
        }
        Sign::Pause => {
            page.rect(room, PAUSE_PALE);
            page.hatch(room, 9.0, PAUSE, 1.6);
            page.frame(room, PAUSE_DARK, 1.2);
        }
        Sign::IfLate => {
            for x in [room.left + 2.0, room.right - 2.0] {
                page.dashed(&[(x, room.top), (x, room.bottom)], PAUSE_DARK, 1.6, &[4.0, 4.0]);
            }
        }
        Sign::Freeze => page.rect(room, FREEZE),
        Sign::Window => (0..3).for_each(|n| {
            let x = room.left + 5.0 + 12.0 * f64::from(n);
            page.stroke(&[(x, room.top + 1.0), (x, room.bottom)], ink, 2.0);
        }),
        Sign::GanttWork => page.rect(Area::new(room.left, y - 6.0, room.right, y + 6.0), ink),
        Sign::Waiting => {
            page.fill(&Area::new(room.left, y - 6.0, room.right, y + 6.0).corners(), WHITE, 1.0);
            page.frame(Area::new(room.left, y - 6.0, room.right, y + 6.0), ink, 1.5);
        }
        Sign::CutOver => diamond(page, (x, y), 9.0, ink),
        Sign::Former => {
            former::arrow(page, (room.left + 4.0, room.right - 6.0), y - 3.0, 5.0);
            former::mark(page, (room.left + 4.0, y - 3.0), 5.0);
            diamond(page, (room.right - 6.0, y + 2.0), 7.0, ink);
        }
        Sign::Whisker => {
            page.stroke(&[(room.left, y), (room.right - 2.0, y)], INK, 2.6);
            page.stroke(&[(room.right - 2.0, y - 6.0), (room.right - 2.0, y + 6.0)], INK, 2.6);
        }
        Sign::Done => paint_done(page, (x, y), 24.0),
        Sign::Today => page.stroke(&[(x, room.top - 2.0), (x, room.bottom + 2.0)], INK, 2.6),
    }
}
