//! Values by day: a line for each scenario, its band, shaded periods and marked events.

use super::axis::{self, Linear, Tick};
use super::dates::Dates;
use super::labels::{self, EndLabel};
use super::page::{Area, Page, Point, Words, thin};
use super::readings::Line;
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, Ink, Look, MUTED, SHADE};
use brownout_kernel::time::Day;
use brownout_text::numbers;

/// The value of one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayPoint {
    /// The day.
    pub day: Day,
    /// The value; NaN leaves a gap in the line.
    pub value: f64,
    /// Low and high end of the band on this day.
    pub band: Option<(f64, f64)>,
}

impl DayPoint {
    /// A value without a band.
    pub fn new(day: Day, value: f64) -> Self {
        DayPoint { day, value, band: None }
    }

    /// With a band from `low` to `high`.
    pub fn band(mut self, low: f64, high: f64) -> Self {
        self.band = Some((low, high));
        self
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Whose values these are.
    pub role: Role,
    /// The values in order of day.
    pub points: Vec<DayPoint>,
    /// Words below the name at the line's end; by default the last value, "1,283 at end".
    pub note: Option<String>,
}

impl Series {
    /// A line with the default note.
    pub fn new(role: Role, points: Vec<DayPoint>) -> Self {
        Series { role, points, note: None }
    }
}

/// Most days at which values are read off.
const READ_MAX: usize = 200;

/// A shaded period with its name, `from` to `to`.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// What it is: "change freeze".
    pub label: String,
}

/// A vertical line on a day: "baseline raised". Events with equal labels are named once.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The day.
    pub day: Day,
    /// What happened.
    pub label: String,
    /// The scenarios it is true for, by the index of their roles; empty for all.
    pub of: Vec<usize>,
}

/// Which bands are drawn. Many overlapping bands hide each other and the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bands {
    /// All for up to three lines, otherwise those of the first two.
    #[default]
    Auto,
    /// Every band.
    All,
    /// Those of the first so many series.
    First(usize),
}

/// Height of a lane of names above the plot, in their text size.
const LANE: f64 = 1.35;

/// The name of a period or an event above the plot.
struct Marked<'a> {
    x: f64,
    label: &'a str,
    /// Events have a vertical line: grey, or in the colour of the one scenario that they are true for.
    line: Option<Ink>,
    /// Lane above the plot, counted upwards; none if the name is left out.
    lane: Option<usize>,
}

/// Lines over days. Values start at 0 (or below, when there are negative ones).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// Unit of the values, printed above the axis; "%" for percent given as 0 to 100.
    pub unit: String,
    /// Up to seven lines.
    pub series: Vec<Series>,
    /// Shaded periods.
    pub periods: Vec<Period>,
    /// Marked days.
    pub events: Vec<Event>,
    /// Which bands are drawn.
    pub bands: Bands,
}

impl Lines {
    /// Lines without periods and events.
    pub fn new(unit: impl Into<String>, series: Vec<Series>) -> Self {
        Lines { unit: unit.into(), series, ..Lines::default() }
    }

    /// How many bands are drawn, counted from the first series; the subtitle should say so.
    pub fn bands_drawn(&self) -> usize {
        match self.bands {
            Bands::All => self.series.len(),
            Bands::First(count) => count.min(self.series.len()),
            Bands::Auto if self.series.len() <= 3 => self.series.len(),
            Bands::Auto => 2,
        }
    }

    fn values(&self) -> Option<(f64, f64)> {
        let bands = self.series.iter().take(self.bands_drawn()).flat_map(|series| &series.points);
        let bands = bands.filter_map(|point| point.band).flat_map(|(low, high)| [low, high]);
        axis::range(self.series.iter().flat_map(|series| &series.points).map(|point| point.value).chain(bands))
    }

    /// Lines that coincide are one line with both names.
    fn merged(&self) -> Lines {
        let same = |a: &Series, b: &Series| !a.points.is_empty() && a.points == b.points;
        Lines { series: labels::merged(&self.series, same, |series| &mut series.role), ..self.clone() }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        self.merged().paint_merged(page, area, look);
    }

    fn paint_merged(&self, page: &mut Page, area: Area, look: &Look) {
        let days = self.series.iter().flat_map(|series| &series.points).map(|point| point.day);
        let ticks_wanted = (area.height() / 110.0).clamp(3.0, 6.0) as usize;
        let values = Linear::covering(self.values(), ticks_wanted);
        let names = self.end_labels(look, &values);
        let left = area.left + axis::gutter(&values.ticks(&self.unit), look);
        let dates = Dates::covering(days).over(left, area.right - labels::gutter(&names, look));
        let marks = self.marks(&dates, area, look);
        let lanes = marks.iter().filter_map(|mark| mark.lane).max().map_or(0.0, |lane| lane as f64 + 1.0);
        let head = look.value * 1.3 + 16.0 + lanes * look.small * LANE;
        let right = area.right - labels::gutter(&names, look);
        let plot = Area::new(left, area.top + head, right, area.bottom - axis::foot(look));
        let values = values.over(plot.bottom, plot.top);
        self.paint_periods(page, plot, &dates);
        page.words(Words::new(self.unit_words(), (area.left, area.top + look.value), look.value, MUTED));
        axis::draw_y(page, plot, &values.ticks(&self.unit), look);
        self.paint_marks(page, plot, &marks, look);
        self.paint_series(page, plot, &dates, &values, look);
        if let Some(readings) = &mut page.readings {
            let (places, lines) = self.readings(&dates, &values);
            readings.curves(plot, places, lines);
        }
        axis::draw_x(page, plot, &fitting(dates.ticks(look.tick), area, look), look);
        labels::draw(page, plot, (area.top, plot.bottom + look.tick), &self.end_labels(look, &values), look);
    }

    /// What the curves come to at up to [`READ_MAX`] of their days.
    fn readings(&self, dates: &Dates, values: &Linear) -> (Vec<(f64, String)>, Vec<Line>) {
        let longest = self.series.iter().map(|series| &series.points).max_by_key(|points| points.len());
        let days: Vec<Day> = longest.into_iter().flatten().map(|point| point.day).collect();
        let weeks = days.len() > 1 && (days[1].number() - days[0].number()) == 7;
        let at = |day: &Day| if weeks { format!("week from {day}") } else { day.to_string() };
        let read: Vec<Day> = days.iter().step_by(days.len().div_ceil(READ_MAX).max(1)).copied().collect();
        let line = |series: &Series| {
            let value = |day: &Day| {
                let index = series.points.binary_search_by_key(day, |point| point.day).ok()?;
                let value = Some(series.points[index].value).filter(|value| value.is_finite())?;
                Some((values.at(value), numbers::value(value, &self.unit)))
            };
            Line::new(&series.role, read.iter().map(value))
        };
        (read.iter().map(|day| (dates.at(*day), at(day))).collect(), self.series.iter().map(line).collect())
    }

    fn unit_words(&self) -> &str {
        if self.unit == "%" { "" } else { &self.unit }
    }

    fn end_labels(&self, look: &Look, values: &Linear) -> Vec<EndLabel> {
        let label = |series: &Series| {
            let last = series.points.iter().rev().map(|point| point.value).find(|value| value.is_finite())?;
            let at_end = if look.names { " at end" } else { "" };
            let value = series.note.clone().unwrap_or(format!("{}{at_end}", numbers::value(last, &self.unit)));
            let rank = series.points.iter().map(|point| point.value).filter(|value| value.is_finite()).sum();
            Some(EndLabel { role: series.role.clone(), value, y: values.at(last), rank })
        };
        self.series.iter().filter_map(label).collect()
    }

    fn paint_periods(&self, page: &mut Page, plot: Area, dates: &Dates) {
        for period in &self.periods {
            let (from, to) = (dates.at(period.from).max(plot.left), dates.at(period.to).min(plot.right));
            if to > from {
                page.rect(Area { left: from, right: to, ..plot }, SHADE);
            }
        }
    }

    /// Where the names of periods and events go: in lanes above the plot, left to right, equal names once.
    fn marks(&self, dates: &Dates, area: Area, look: &Look) -> Vec<Marked<'_>> {
        let ink = |event: &Event| match event.of[..] {
            [only] => theme::role(only).line,
            _ => AXIS,
        };
        let periods = self.periods.iter().map(|period| (period.from, period.label.as_str(), None));
        let events = self.events.iter().map(|event| (event.day, event.label.as_str(), Some(ink(event))));
        let mut all: Vec<(Day, &str, Option<Ink>)> =
            events.chain(periods).filter(|(day, ..)| dates.holds(*day)).collect();
        all.sort_by_key(|(day, label, _)| (*day, *label));
        let first = |index: usize| !all[..index].iter().any(|(_, label, _)| *label == all[index].1);
        // From right to left, so that no line of a name higher up runs through a name below it.
        let mut starts = [f64::INFINITY; 4];
        let lanes_max = if look.names { 4 } else { 1 };
        let mut marks: Vec<Marked<'_>> = Vec::new();
        for (index, &(day, label, line)) in all.iter().enumerate().rev() {
            let x = dates.at(day);
            let end = x + 7.0 + text::width(label, look.small, false);
            let wanted = first(index) && end <= area.right;
            let lane = starts.iter().take(lanes_max).position(|start| end + 12.0 < *start).filter(|_| wanted);
            if let Some(lane) = lane {
                starts[..=lane].fill(x);
            }
            marks.push(Marked { x, label, line, lane });
        }
        marks
    }

    fn paint_marks(&self, page: &mut Page, plot: Area, marks: &[Marked<'_>], look: &Look) {
        for mark in marks {
            let y = plot.top - 12.0 - mark.lane.unwrap_or(0) as f64 * look.small * LANE;
            let start = if mark.lane.is_some() { y - look.small * 0.75 } else { plot.top };
            if let Some(ink) = mark.line {
                page.dashed(&[(mark.x, start), (mark.x, plot.bottom)], ink, 1.5, &[4.0, 4.0]);
            }
            if mark.lane.is_some() {
                let shift = if mark.line.is_some() { 7.0 } else { 0.0 };
                page.words(Words::new(mark.label, (mark.x + shift, y), look.small, MUTED));
            }
        }
    }

    fn paint_series(&self, page: &mut Page, plot: Area, dates: &Dates, values: &Linear, look: &Look) {
        for (nth, series) in self.series.iter().enumerate() {
            if nth < self.bands_drawn() {
                page.of(&series.role, |page| paint_band(page, series, dates, values));
            } else if look.names {
                page.hidden_of(&series.role, |page| paint_band(page, series, dates, values));
            }
        }
        for series in self.series.iter().rev() {
            let style = theme::role(series.role.index);
            let at = |point: &DayPoint| (dates.at(point.day), values.at(point.value));
            for run in series.points.split(|point| !point.value.is_finite()).filter(|run| !run.is_empty()) {
                let points: Vec<Point> = run.iter().map(at).collect();
                page.of(&series.role, |page| {
                    page.dashed(&thin(&points), style.line, look.line, style.dash);
                    if points.len() == 1 {
                        page.dot(points[0], look.line * 1.6, style.line);
                    }
                });
            }
        }
        if values.low < 0.0 {
            page.stroke(&[(plot.left, values.at(0.0)), (plot.right, values.at(0.0))], AXIS, 2.0);
        }
    }
}

/// Band polygons, one for each run of days that have a band.
fn paint_band(page: &mut Page, series: &Series, dates: &Dates, values: &Linear) {
    let whole = |point: &DayPoint| point.band.is_some_and(|(low, high)| low.is_finite() && high.is_finite());
    for run in series.points.split(|point| !whole(point)).filter(|run| run.len() > 1) {
        let edge = |high: bool| -> Vec<Point> {
            let end = |point: &DayPoint| point.band.map_or(f64::NAN, |band| if high { band.1 } else { band.0 });
            thin(&run.iter().map(|point| (dates.at(point.day), values.at(end(point)))).collect::<Vec<_>>())
        };
        let mut outline = edge(true);
        outline.extend(edge(false).into_iter().rev());
        page.fill(&outline, theme::role(series.role.index).line, 0.16);
    }
}

/// Drops the words of ticks that would leave the page.
pub(super) fn fitting(mut ticks: Vec<Tick>, area: Area, look: &Look) -> Vec<Tick> {
    for tick in &mut ticks {
        let half = text::width(&tick.label, look.tick, tick.strong) / 2.0;
        if tick.at - half < area.left - 20.0 || tick.at + half > area.right + 20.0 {
            tick.label.clear();
        }
    }
    ticks
}
