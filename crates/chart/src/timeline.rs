//! One server's enforcement schedule: what holds from when on, where it stands now, and what comes next.

use super::axis::{self, Linear};
use super::dates::{self, Dates};
use super::page::{Area, Page, Point, Words};
use super::text;
use super::theme::{AXIS, INK, Look, MUTED, PAUSE, PAUSE_DARK, PAUSE_PALE, Tone, WHITE};
use brownout_kernel::time::SimTime;

/// A stretch of time in one stage, or paused.
#[derive(Clone, Debug, PartialEq)]
pub struct StageSpan {
    /// "stage 4"; "paused".
    pub name: String,
    /// Its first instant.
    pub from: SimTime,
    /// The instant at which it ends; none for the last, open one.
    pub to: Option<SimTime>,
    /// What is done to the server: gives colour and minutes.
    pub tone: Tone,
}

/// A schedule as a bar of stages over the minutes throttled and blocked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// The spans in order.
    pub spans: Vec<StageSpan>,
    /// Where "now" is, and what holds: (instant, "throttled 20 minutes of every hour").
    pub now: Option<(SimTime, String)>,
    /// The next transition: (instant, "blocked 5 minutes of every hour").
    pub next: Option<(SimTime, String)>,
    /// Where the picture ends; by default some way into the last span.
    pub until: Option<SimTime>,
    /// Latest starts of stages whose spans begin at their earliest: (instant, name). Drawn as marks under the bar.
    pub latest: Vec<(SimTime, String)>,
}

const BAR: f64 = 156.0;
/// Lanes for words below the bar, and the height of one in their text size.
const LANES: usize = 4;
const LANE: f64 = 4.2;
/// From this height on there is room for the words below the bar and for the minutes.
const ROOMY: f64 = 560.0;

/// Throttled and blocked minutes per hour.
fn minutes(tone: Tone) -> (f64, f64) {
    match tone {
        Tone::Enforced { throttled, blocked } => (f64::from(throttled.min(60)), f64::from(blocked.min(60))),
        _ => (0.0, 0.0),
    }
}

/// What is done, in short lines.
fn effect(span: &StageSpan) -> Vec<String> {
    match span.tone {
        Tone::Enforced { throttled: 0, blocked: 0 } | Tone::Report if span.name.contains("report") => Vec::new(),
        Tone::Enforced { throttled: 0, blocked: 0 } | Tone::Report => vec!["report only".to_owned()],
        Tone::Enforced { blocked: 60.., .. } => vec!["all blocked".to_owned()],
        Tone::Enforced { throttled, blocked } => [("throttled", throttled), ("blocked", blocked)]
            .into_iter()
            .filter(|(_, minutes)| *minutes > 0)
            .map(|(word, minutes)| format!("{word} {minutes} min"))
            .collect(),
        Tone::Paused => vec!["report only".to_owned()],
        Tone::Unaware => vec!["not enforced".to_owned()],
        Tone::Done => vec!["compliant".to_owned()],
    }
}

/// The words of a span too narrow for them: name and first day, then what is done.
fn hanging(span: &StageSpan) -> Vec<String> {
    let mut lines = vec![format!("{}, {}", span.name, dates::brief(span.from.day()))];
    lines.extend(effect(span));
    lines.truncate(3);
    lines
}

impl Timeline {
    /// A schedule without marks.
    pub fn new(spans: Vec<StageSpan>) -> Self {
        Timeline { spans, ..Timeline::default() }
    }

    /// First and last instant of the picture.
    fn ends(&self) -> (SimTime, SimTime) {
        let marks = [&self.now, &self.next].into_iter().flatten().map(|mark| mark.0);
        let marks = marks.chain(self.latest.iter().map(|mark| mark.0));
        let known = self.spans.iter().flat_map(|span| [Some(span.from), span.to]).flatten().chain(marks);
        let known: Vec<SimTime> = known.filter(|time| *time != SimTime::NEVER).collect();
        let from = known.iter().min().copied().unwrap_or_default();
        let last = known.iter().max().copied().unwrap_or_default();
        let open = self.spans.last().is_some_and(|span| span.to.is_none());
        let more = if open { (last.seconds() - from.seconds()) / 6 } else { 0 };
        let until = self.until.filter(|until| *until != SimTime::NEVER && *until > from);
        (from, until.unwrap_or(SimTime::from_seconds(last.seconds().saturating_add(more))))
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let (from, to) = self.ends();
        let scale = Linear::exactly(0.0, 60.0, 4);
        let left = area.left + axis::gutter(&scale.ticks(""), look);
        let time = Dates::between(from, to).over(left, area.right - 10.0);
        let flags = [&self.now, &self.next].into_iter().flatten().count() as f64;
        let top = area.top + flags * look.label * 1.5 + 14.0;
        let bottom = area.bottom - axis::foot(look);
        // A small panel has room for the bar and its axis only.
        let roomy = area.height() > ROOMY;
        let bar = Area::new(left, top, area.right - 10.0, (top + BAR).min(bottom));
        let lanes = self.paint_bar(page, bar, &time, to, if roomy { LANES } else { 0 }, look);
        let head = bar.bottom + 14.0 + lanes * look.small * LANE + look.value * 2.6;
        let plot = match roomy {
            true => Area::new(left, head.min(bottom - 80.0), bar.right, bottom),
            false => Area { top: bar.bottom, ..bar },
        };
        if roomy {
            self.paint_minutes(page, plot, area.left, &time, to, look);
        }
        self.paint_latest(page, bar, &time);
        axis::draw_x(page, plot, &super::lines::fitting(time.ticks(look.tick), area, look), look);
        self.paint_flags(page, area, bar, plot, &time, look);
    }

    fn edges(&self, span: &StageSpan, time: &Dates, end: SimTime) -> (f64, f64) {
        (time.at_time(span.from), time.at_time(span.to.unwrap_or(end).min(end)))
    }

    /// The bar of spans; words that do not fit inside hang below in lanes. Gives the number of lanes.
    fn paint_bar(&self, page: &mut Page, bar: Area, time: &Dates, end: SimTime, lanes: usize, look: &Look) -> f64 {
        // From right to left, so that no leader runs through words above its own.
        let mut starts = [f64::INFINITY; LANES];
        let mut used = 0;
        for span in self.spans.iter().rev() {
            let (from, to) = self.edges(span, time, end);
            if to - from < 0.5 {
                continue;
            }
            let room = Area { left: from, right: to, ..bar };
            paint_fill(page, room, span.tone, span.to.is_none());
            if self.paint_inside(page, span, room, look) {
                continue;
            }
            let lines = hanging(span);
            let width = lines.iter().map(|line| text::width(line, look.small, true)).fold(0.0, f64::max) + 8.0;
            let fits = |start: &f64| from + width + 10.0 <= start.min(bar.right + 30.0);
            let Some(lane) = starts.iter().take(lanes).position(fits) else { continue };
            starts[..=lane].fill(from);
            used = used.max(lane + 1);
            let y = bar.bottom + 16.0 + lane as f64 * look.small * LANE;
            page.stroke(
                &[(from + 1.0, bar.bottom), (from + 1.0, y + look.small * 1.2 * lines.len() as f64)],
                AXIS,
                1.2,
            );
            for (index, line) in lines.into_iter().enumerate() {
                let at = (from + 8.0, y + look.small * (1.0 + 1.2 * index as f64));
                let words = Words::new(line, at, look.small, INK);
                page.words(if index == 0 { words.bold() } else { words });
            }
        }
        used as f64
    }

    /// Name, minutes and first day inside the span, if they fit.
    fn paint_inside(&self, page: &mut Page, span: &StageSpan, room: Area, look: &Look) -> bool {
        let limit = room.width() - 16.0;
        let names = text::balance(&span.name, look.label, true, limit);
        let broken = |line: String| match line.split_once(' ') {
            Some((word, rest)) if text::width(&line, look.small, false) > limit => {
                vec![word.to_owned(), rest.to_owned()]
            }
            _ => vec![line],
        };
        let mut small: Vec<String> = effect(span).into_iter().flat_map(broken).collect();
        small.push(format!("from {}", dates::brief(span.from.day())));
        let fits = names.iter().all(|line| text::width(line, look.label, true) <= limit)
            && small.iter().all(|line| text::width(line, look.small, false) <= limit);
        let height = names.len() as f64 * look.label * 1.16 + small.len() as f64 * look.small * 1.24;
        if !fits || height > room.height() - 12.0 {
            return false;
        }
        let ink = if span.tone == Tone::Paused { INK } else { span.tone.ink().text_on() };
        let mut y = room.middle().1 - height / 2.0;
        let x = room.left + 9.0;
        if span.tone == Tone::Paused {
            let all = names
                .iter()
                .map(|l| text::width(l, look.label, true))
                .chain(small.iter().map(|l| text::width(l, look.small, false)));
            page.rect(Area::new(x - 5.0, y - 2.0, x + all.fold(0.0, f64::max) + 6.0, y + height + 4.0), PAUSE_PALE);
        }
        for line in names {
            y += look.label * 1.16;
            page.words(Words::new(line, (x, y - look.label * 0.24), look.label, ink).bold());
        }
        for line in small {
            y += look.small * 1.24;
            page.words(Words::new(line, (x, y - look.small * 0.24), look.small, ink));
        }
        true
    }

    /// Minutes of every hour throttled and blocked, as steps on the same time axis.
    fn paint_minutes(&self, page: &mut Page, plot: Area, left: f64, time: &Dates, end: SimTime, look: &Look) {
        let scale = Linear::exactly(0.0, 60.0, 4).over(plot.bottom, plot.top);
        let inks =
            [Tone::Enforced { throttled: 30, blocked: 0 }.ink(), Tone::Enforced { throttled: 0, blocked: 20 }.ink()];
        page.words(Words::new("minutes of every hour", (left, plot.top - look.value * 0.9), look.value, MUTED));
        let mut x = left + text::width("minutes of every hour", look.value, false) + 40.0;
        let key = [("throttled (mail delayed)", inks[0]), ("blocked (mail lost)", inks[1]), ("paused", PAUSE)];
        let paused = self.spans.iter().any(|span| span.tone == Tone::Paused);
        for (name, ink) in key.into_iter().take(if paused { 3 } else { 2 }) {
            let y = plot.top - look.value * 0.9;
            page.rect(Area::new(x, y - 15.0, x + 22.0, y + 2.0), ink);
            page.words(Words::new(name, (x + 31.0, y), look.value, INK));
            x += 31.0 + text::width(name, look.value, false) + 34.0;
        }
        axis::draw_y(page, plot, &scale.ticks(""), look);
        for span in &self.spans {
            let (from, to) = self.edges(span, time, end);
            let (throttled, blocked) = minutes(span.tone);
            let blocks = [(0.0, blocked, inks[1]), (blocked, (blocked + throttled).min(60.0), inks[0])];
            for (low, high, ink) in blocks.into_iter().filter(|(low, high, _)| high > low && to > from) {
                page.rect(Area { left: from, right: to, top: scale.at(high), bottom: scale.at(low) }, ink);
            }
            if span.tone == Tone::Paused && to > from {
                paint_fill(
                    page,
                    Area { left: from, right: to, top: plot.bottom - 10.0, bottom: plot.bottom },
                    Tone::Paused,
                    false,
                );
            }
        }
    }

    /// From the earliest start of each stage to its latest: a whisker across the foot of the bar.
    fn paint_latest(&self, page: &mut Page, bar: Area, time: &Dates) {
        for (entry, (latest, name)) in self.latest.iter().enumerate() {
            let Some(span) = self.spans.iter().find(|span| span.name == *name) else { continue };
            let (from, to) = (time.at_time(span.from), time.at_time(*latest));
            // Neighbours are staggered, so that ranges that overlap stay apart.
            let y = bar.bottom - 10.0 - 12.0 * (entry % 3) as f64;
            page.stroke(&[(from, y), (to, y)], WHITE, 7.0);
            page.stroke(&[(from, y), (to, y)], INK, 3.0);
            page.stroke(&[(to, y - 7.0), (to, y + 7.0)], INK, 3.0);
        }
    }

    /// "now" and the next transition, above the bar, with lines through bar and plot.
    fn paint_flags(&self, page: &mut Page, area: Area, bar: Area, plot: Area, time: &Dates, look: &Look) {
        let now = self.now.iter().map(|(at, words)| (*at, format!("now, {}: {words}", dates::long(at.day())), true));
        let next =
            self.next.iter().map(|(at, words)| (*at, format!("next, {}: {words}", dates::long(at.day())), false));
        let mut y = area.top + look.label;
        // The words of the next transition keep clear of the line of "now", which passes through their row.
        let line = self.now.as_ref().map(|(at, _)| time.at_time(*at));
        let clear = line.map_or(area.left, |line| line + 12.0);
        for (at, words, is_now) in now.chain(next) {
            let x = time.at_time(at);
            let before = line.map_or(0.0, |line| line - 12.0 - area.left);
            let (room, whole) = (area.right - clear, text::width(&words, look.label, true));
            let stands_before = !is_now && whole > room && whole <= before;
            let limit = if !is_now && !stands_before && room > 260.0 { room } else { area.width() };
            let words = text::cut(&words, look.label, true, limit);
            let width = text::width(&words, look.label, true);
            let ink = if is_now { INK } else { MUTED };
            let start = match area.right - width {
                _ if stands_before => area.left + before - width,
                last if x + 10.0 <= last => x + 10.0,
                last if is_now || clear <= last => last,
                _ => (x - 10.0 - width).max(area.left),
            };
            let under = start < x && x < start + width;
            let top = if under { y + 5.0 } else { y - look.label * 0.8 };
            self.paint_flag_line(page, (x, top), bar, plot, is_now);
            page.words(Words::new(words, (start, y), look.label, ink).bold());
            y += look.label * 1.5;
        }
    }

    /// The line of a flag: to the edge of the bar, and through the plot below; words in between stay clear.
    fn paint_flag_line(&self, page: &mut Page, (x, top): Point, bar: Area, plot: Area, is_now: bool) {
        if is_now {
            for part in [(top, bar.top + 12.0), (bar.bottom - 12.0, bar.bottom + 10.0), (plot.top, plot.bottom)] {
                page.stroke(&[(x, part.0), (x, part.1)], WHITE, 6.0);
                page.stroke(&[(x, part.0), (x, part.1)], INK, 3.0);
            }
        } else {
            for part in [(top, bar.top), (plot.top, plot.bottom)] {
                page.dashed(&[(x, part.0), (x, part.1)], MUTED, 2.2, &[6.0, 5.0]);
            }
            page.fill(&[(x - 8.0, bar.top - 12.0), (x + 8.0, bar.top - 12.0), (x, bar.top + 1.0)], MUTED, 1.0);
        }
    }
}

/// The ground of a span: its colour, hatched blue when paused, an arrow's point when open-ended.
fn paint_fill(page: &mut Page, room: Area, tone: Tone, open: bool) {
    if tone == Tone::Paused {
        page.rect(room, PAUSE_PALE);
        page.hatch(room, 12.0, PAUSE, 2.4);
        page.stroke(&[(room.left, room.top), (room.right, room.top)], PAUSE_DARK, 1.5);
        page.stroke(&[(room.left, room.bottom), (room.right, room.bottom)], PAUSE_DARK, 1.5);
    } else if open {
        let shoulder = (room.right - 26.0).max(room.left);
        let (top, bottom, middle) = (room.top, room.bottom, room.middle().1);
        let outline =
            [(room.left, top), (shoulder, top), (room.right, middle), (shoulder, bottom), (room.left, bottom)];
        page.fill(&outline, tone.ink(), 1.0);
    } else {
        page.rect(room, tone.ink());
    }
    page.stroke(&[(room.left, room.top), (room.left, room.bottom)], WHITE, 1.5);
}
