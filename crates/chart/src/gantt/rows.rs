//! The rows: what is in force, pauses over all of them, work, cut-overs and how late they may be.

use super::former::paint_former;
use super::{Gantt, GanttRow, GanttWork, crew_ink};
use crate::dates::{self, Dates};
use crate::page::{Align, Area, Page, Words};
use crate::text;
use crate::theme::{AXIS, INK, Ink, Look, MUTED, PAUSE, PAUSE_DARK, PAUSE_PALE, Tone, WHITE};
use brownout_kernel::time::SimTime;
use brownout_text::words::counted;

/// How pale what is in force looks after the cut-over.
const AFTER: f64 = 0.28;
/// From this height on rows have air between them and a date at their end.
const ROOMY: f64 = 20.0;

impl Gantt {
    /// What is in force for each server, pale from its cut-over on.
    pub(super) fn paint_ground(&self, page: &mut Page, plot: Area, time: &Dates, height: f64) {
        let air = if height >= ROOMY { (height * 0.06).min(3.0) } else { 0.0 };
        for (index, row) in self.rows.iter().enumerate() {
            let top = plot.top + height * index as f64;
            let room = Area { top: top + air, bottom: top + height - air, ..plot };
            let end = row.cut_over.unwrap_or(SimTime::NEVER);
            for span in &row.spans {
                let to = span.to.unwrap_or(SimTime::NEVER);
                cell(page, room, time, (span.from, to.min(end)), span.tone.ink(), 1.0);
                if !row.done {
                    cell(page, room, time, (span.from.max(end), to), span.tone.ink(), AFTER);
                }
            }
            if row.done {
                cell(page, room, time, (end, SimTime::NEVER), Tone::Done.ink(), 0.6);
            }
        }
    }

    /// Pauses across all rows, with their length above.
    pub(super) fn paint_pauses(&self, page: &mut Page, plot: Area, time: &Dates, top: f64, look: &Look) {
        let mut free = f64::NEG_INFINITY;
        for &(from, to) in &self.pauses {
            let (left, right) = (time.at_time(from), time.at_time(to));
            if right - left < 1.0 {
                continue;
            }
            let band = Area { left, right, ..plot };
            page.fill(&band.corners(), PAUSE_PALE, 1.0);
            page.hatch(band, 14.0, PAUSE, 1.6);
            for x in [left, right] {
                page.stroke(&[(x, top), (x, plot.bottom)], PAUSE_DARK, 1.4);
            }
            let days = to.since(from).days_ceil();
            let label = format!("pause, {}", counted(days.unsigned_abs(), "day"));
            let width = text::width(&label, look.small, true);
            let x = ((left + right - width) / 2.0).clamp(plot.left, (plot.right - width).max(plot.left));
            if x > free + 10.0 {
                page.words(Words::new(label, (x, top - 9.0), look.small, PAUSE_DARK).bold());
                free = x + width;
            }
        }
    }

    /// Pauses that are asked for only if something is late: their ends and their name, nothing that hides what is in force.
    pub(super) fn paint_if_late(&self, page: &mut Page, plot: Area, time: &Dates, top: f64, look: &Look) {
        let mut free = f64::NEG_INFINITY;
        for &(from, to) in &self.if_late {
            let (left, right) = (time.at_time(from), time.at_time(to));
            for x in [left, right] {
                page.dashed(&[(x, top), (x, plot.bottom)], PAUSE_DARK, 1.6, &[4.0, 4.0]);
            }
            let label = "if late";
            let width = text::width(label, look.small, false);
            let x = ((left + right - width) / 2.0).clamp(plot.left, (plot.right - width).max(plot.left));
            if x > free + 8.0 && !self.pauses.iter().any(|&(_, end)| time.at_time(end) + 90.0 > x) {
                page.words(Words::new(label, (x, top - 9.0), look.small, PAUSE_DARK));
                free = x + width;
            }
        }
    }

    /// Hair lines at the ticks of the time axis.
    pub(super) fn paint_months(&self, page: &mut Page, plot: Area, time: &Dates, look: &Look) {
        for tick in time.ticks(look.tick) {
            page.fill(&Area::new(tick.at - 0.6, plot.top, tick.at + 0.6, plot.bottom).corners(), AXIS, 0.45);
        }
    }

    /// Work, cut-over and whisker of every server that is not done; a mark for those that are.
    pub(super) fn paint_work(&self, page: &mut Page, plot: Area, time: &Dates, height: f64) {
        for (index, row) in self.rows.iter().enumerate() {
            let middle = plot.top + height * (index as f64 + 0.5);
            let Some(at) = row.cut_over else { continue };
            if row.done {
                paint_done(page, (time.at_time(at), middle), height);
                continue;
            }
            paint_bar(page, row, time, middle, height);
            paint_whisker(page, row, time, middle, height);
            diamond(page, (time.at_time(at), middle), radius(height), crew_ink(row.crew));
            row.former.into_iter().for_each(|former| paint_former(page, time, (former, at), middle, height));
        }
    }

    /// The line between what has happened and what is planned.
    pub(super) fn paint_today(&self, page: &mut Page, plot: Area, time: &Dates) {
        let Some((at, _)) = &self.today else { return };
        let x = time.at_time(*at);
        page.stroke(&[(x, plot.top - 6.0), (x, plot.bottom)], WHITE, 5.0);
        page.stroke(&[(x, plot.top - 6.0), (x, plot.bottom)], INK, 2.4);
    }

    /// Width of the dates right of the rows.
    pub(super) fn notes_width(&self, look: &Look) -> f64 {
        if self.row_height() < ROOMY {
            return 14.0;
        }
        let widths = self.rows.iter().map(|row| text::width(&note(row), look.small, false));
        widths.chain([text::width(self.dates(), look.small, true)]).fold(0.0, f64::max) + 16.0
    }

    /// What the dates right of the rows are: a server may be done later, as its whisker says.
    fn dates(&self) -> &str {
        if self.dates.is_empty() { "planned for" } else { &self.dates }
    }

    /// The dates right of the rows.
    pub(super) fn paint_notes(&self, page: &mut Page, plot: Area, height: f64, look: &Look) {
        if height < ROOMY {
            return;
        }
        let head = Words::new(self.dates(), (plot.right + 12.0, plot.top - look.small * 0.5), look.small, MUTED).bold();
        page.words(head);
        for (index, row) in self.rows.iter().enumerate() {
            let y = plot.top + height * (index as f64 + 0.5) + look.small * 0.36;
            page.words(Words::new(note(row), (plot.right + 12.0, y), look.small, MUTED).align(Align::Left));
        }
    }
}

fn note(row: &GanttRow) -> String {
    match (row.cut_over, row.done) {
        (None, _) => "never".to_owned(),
        (Some(at), true) => format!("done {}", dates::brief(at.day())),
        (Some(_), false) if !row.date.is_empty() => row.date.clone(),
        (Some(at), false) => match row.former {
            Some(former) => format!("{}, was {}", dates::long(at.day()), former_day(at, former)),
            None => dates::long(at.day()),
        },
    }
}

/// The day of a former date, with its year where that could be mistaken.
fn former_day(at: SimTime, former: SimTime) -> String {
    let is_near = at.day().number().abs_diff(former.day().number()) < 180;
    if is_near { dates::brief(former.day()) } else { dates::long(former.day()) }
}

/// Half the height of the mark of a cut-over.
pub(super) fn radius(height: f64) -> f64 {
    (height * 0.36).clamp(4.0, 11.0)
}

fn cell(page: &mut Page, room: Area, time: &Dates, (from, to): (SimTime, SimTime), ink: Ink, alpha: f64) {
    if to <= from {
        return;
    }
    let (left, right) = (time.at_time(from), time.at_time(to));
    if right - left >= 0.25 {
        page.fill(&Area { left, right, ..room }.corners(), ink, alpha);
    }
}

fn paint_bar(page: &mut Page, row: &GanttRow, time: &Dates, middle: f64, height: f64) {
    let half = (height * 0.21).clamp(1.8, 9.0);
    let bar = |from: SimTime, to: SimTime| {
        let (left, right) = (time.at_time(from), time.at_time(to));
        Area::new(left, middle - half, right.max(left + 3.0), middle + half)
    };
    let ink = crew_ink(row.crew);
    match row.work {
        Some(GanttWork::Crew(from, to)) => {
            let bar = bar(from, to);
            let rim = Area::new(bar.left - 1.0, bar.top - 1.0, bar.right + 1.0, bar.bottom + 1.0);
            page.rect(rim, WHITE);
            page.rect(bar, ink);
        }
        Some(GanttWork::Waiting(from, to)) => {
            let bar = bar(from, to);
            page.fill(&bar.corners(), WHITE, 0.85);
            page.frame(bar, ink, 1.5);
        }
        None => {}
    }
}

/// From P50 to the date that is sure enough, with a cap; an arrow where that lies beyond the picture.
fn paint_whisker(page: &mut Page, row: &GanttRow, time: &Dates, middle: f64, height: f64) {
    let Some((p50, p95)) = row.likely else { return };
    let (from, to) = (time.at_time(p50), time.at_time(p95));
    if let Some(planned) = row.cut_over.map(|at| time.at_time(at)) {
        page.dashed(&[(planned, middle), (from, middle)], INK, 1.2, &[2.5, 3.5]);
    }
    let half = (height * 0.2).clamp(2.5, 8.0);
    let width = if height >= ROOMY { 2.6 } else { 2.0 };
    page.stroke(&[(from, middle), (to, middle)], WHITE, width + 2.4);
    page.stroke(&[(from, middle), (to, middle)], INK, width);
    if time.is_beyond(p95) {
        page.fill(&[(to - 2.0 * half, middle - half), (to, middle), (to - 2.0 * half, middle + half)], INK, 1.0);
    } else {
        page.stroke(&[(to, middle - half), (to, middle + half)], INK, width);
    }
}

pub(super) fn diamond(page: &mut Page, (x, y): (f64, f64), radius: f64, ink: Ink) {
    let corners = |r: f64| [(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
    page.fill(&corners(radius + 2.2), WHITE, 1.0);
    page.fill(&corners(radius), ink, 1.0);
}

/// A tick mark, as on a list.
pub(super) fn paint_done(page: &mut Page, (x, y): (f64, f64), height: f64) {
    let r = (height * 0.3).clamp(3.0, 8.0);
    let points = [(x - r, y), (x - r * 0.2, y + r * 0.8), (x + r * 1.1, y - r * 0.9)];
    page.stroke(&points, WHITE, 6.0);
    page.stroke(&points, Ink(0x1E6B45), 3.0);
}
