//! Time to event: step curves with bands, censoring, medians and the at-risk table below the axis.

use super::axis::{self, Linear};
use super::labels::{self, EndLabel};
use super::page::{Align, Area, Page, Point, Words, thin};
use super::readings::Line;
use super::risk_table::RiskTable;
use super::spec::Role;
use super::theme::{self, AXIS, Look, MUTED};
use brownout_text::numbers;

/// The curve from this time on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Days since the clock of each subject started.
    pub days: f64,
    /// Share without the event, 0 to 1.
    pub share: f64,
    /// Low and high end of the band, 0 to 1; leave it out where too few remain at risk.
    pub band: Option<(f64, f64)>,
}

/// A row entry of the at-risk table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Risk {
    /// The day these counts hold for.
    pub days: f64,
    /// Under observation, without the event, just before this day.
    pub at_risk: u64,
    /// Censored so far.
    pub censored: u64,
    /// Events so far.
    pub events: u64,
}

/// What is later than a time by this much is still read at it.
const SLACK_DAYS: f64 = 1e-9;

/// One survival curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Whose curve it is.
    pub role: Role,
    /// The steps in order of time; before the first the share is 1.
    pub steps: Vec<Step>,
    /// Times of censoring, in order.
    pub censored: Vec<f64>,
    /// The same curve by formula, (days, share), drawn thin; empty for none.
    pub exact: Vec<(f64, f64)>,
    /// The median in words, as the tables of the study give it: "median 118 ± 1 days"; by default the curve's own.
    pub median: Option<String>,
    /// Counts in order of time, at least the last up to each whole day; the table looks up its columns. Empty for no table.
    pub risk: Vec<Risk>,
}

impl Curve {
    /// A curve of steps alone.
    pub fn new(role: Role, steps: Vec<Step>) -> Self {
        Curve { role, steps, censored: Vec::new(), exact: Vec::new(), median: None, risk: Vec::new() }
    }

    /// The first time at which at most half remain.
    pub fn median_days(&self) -> Option<f64> {
        self.steps.iter().find(|step| step.share <= 0.5 + 1e-12).map(|step| step.days)
    }

    /// When half were done, in words; none if that is not reached.
    fn median_words(&self) -> Option<String> {
        let own = |days| format!("half done by day {}", numbers::by_day(days));
        self.median_days().map(|days| self.median.clone().unwrap_or_else(|| own(days)))
    }

    fn days_last(&self) -> f64 {
        let last = |days: Option<f64>| days.filter(|d| d.is_finite()).unwrap_or(0.0);
        last(self.steps.last().map(|step| step.days)).max(last(self.censored.last().copied()))
    }

    fn share_at(&self, days: f64) -> f64 {
        let passed = self.steps.partition_point(|step| step.days <= days);
        passed.checked_sub(1).map_or(1.0, |last| self.steps[last].share)
    }

    /// Adds counts that come behind all others. The table reads at whole days, so of those of one day the last are kept: curves have
    /// tens of thousands of times.
    pub fn count(&mut self, risk: Risk) {
        let day = |risk: &Risk| (risk.days - SLACK_DAYS).ceil();
        match self.risk.last_mut().filter(|last| day(last) == day(&risk)) {
            Some(last) => *last = risk,
            None => self.risk.push(risk),
        }
    }

    pub(super) fn risk_at(&self, days: f64) -> Option<&Risk> {
        let passed = self.risk.partition_point(|risk| risk.days <= days + SLACK_DAYS);
        passed.checked_sub(1).map(|last| &self.risk[last])
    }
}

/// Survival curves on one axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survival {
    /// The curves.
    pub curves: Vec<Curve>,
    /// What the axis counts: "days since first detection".
    pub days_label: String,
    /// What those who are left are: "still non-compliant".
    pub left_label: String,
    /// What the event is, for the table: "remediated".
    pub event_label: String,
    /// What the thin curves are: "thin line: by formula"; printed if there are any.
    pub exact_label: String,
    /// End of the axis; by default the last time in the data.
    pub days_max: Option<f64>,
}

/// About so many days at which shares are read off.
const READ_STEPS: f64 = 180.0;

impl Survival {
    /// Curves of time from first detection to remediation.
    pub fn new(curves: Vec<Curve>) -> Self {
        Survival {
            curves,
            days_label: "days since first detection".to_owned(),
            left_label: "still non-compliant".to_owned(),
            event_label: "remediated".to_owned(),
            exact_label: "thin line: by formula".to_owned(),
            days_max: None,
        }
    }

    fn end(&self) -> f64 {
        let data = self.curves.iter().map(Curve::days_last).fold(0.0, f64::max);
        self.days_max.filter(|d| d.is_finite() && *d > 0.0).unwrap_or(data).clamp(1.0, 1e6)
    }

    /// Curves that coincide are one curve with both names.
    fn merged(&self) -> Survival {
        let same = |a: &Curve, b: &Curve| a.steps.len() > 1 && a.steps == b.steps && a.exact == b.exact;
        Survival { curves: labels::merged(&self.curves, same, |curve| &mut curve.role), ..self.clone() }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        self.merged().paint_merged(page, area, look);
    }

    fn paint_merged(&self, page: &mut Page, area: Area, look: &Look) {
        let share = Linear::percent(if area.height() > 280.0 { 4 } else { 2 });
        let columns = if area.width() > 1000.0 { 7 } else { 5 };
        let days = Linear::days(self.end(), columns);
        let table = RiskTable::new(self, &days.steps(), look);
        let gutter = self.gutter(&share, look).max(table.names_width(look));
        let left = area.left + axis::gutter(&share.ticks("%"), look).max(table.half_cell);
        let below = axis::foot(look) + look.small * 1.5 + table.height(look);
        let unit_height = look.value * 1.3 + 16.0;
        let plot = Area::new(left, area.top + unit_height, area.right - gutter, area.bottom - below);
        let (share, days) = (share.over(plot.bottom, plot.top), days.over(plot.left, plot.right));
        let unit = format!("share {}", self.left_label);
        page.words(Words::new(unit, (area.left, area.top + look.value), look.value, MUTED));
        axis::draw_y(page, plot, &share.ticks("%"), look);
        self.paint_curves(page, &days, &share, look);
        if let Some(readings) = &mut page.readings {
            let (places, lines) = self.readings(&days, &share);
            readings.curves(plot, places, lines);
        }
        axis::draw_x(page, plot, &days.ticks(""), look);
        let title = (plot.middle().0, plot.bottom + axis::foot(look) + look.small * 0.9);
        page.words(Words::new(self.foot_words(), title, look.small, MUTED).align(Align::Centre));
        let unnamed = self.paint_medians(page, plot, &days, &share, look);
        labels::draw(page, plot, (area.top, plot.bottom + look.tick), &self.end_labels(&share, &unnamed), look);
        table.paint(page, plot, &days, look);
    }

    /// Width right of the plot for the end labels, with medians if need be.
    fn gutter(&self, share: &Linear, look: &Look) -> f64 {
        let all: Vec<usize> = if look.names { (0..self.curves.len()).collect() } else { Vec::new() };
        labels::gutter(&self.end_labels(share, &all), look)
    }

    /// Labels with the share left at the end; for curves in `unnamed` the median too.
    fn end_labels(&self, scale: &Linear, unnamed: &[usize]) -> Vec<EndLabel> {
        let label = |(index, curve): (usize, &Curve)| {
            let share = curve.share_at(self.end()) * 100.0;
            let median = curve.median_words().filter(|_| unnamed.contains(&index));
            let open = numbers::value(share, "%").replace("under ", "<");
            let value = median.map_or_else(|| format!("{open} open"), |words| format!("{words} · {open} open"));
            EndLabel { role: curve.role.clone(), value, y: scale.at(share), rank: self.area(curve) }
        };
        self.curves.iter().enumerate().map(label).collect()
    }

    /// Area under a curve up to the end of the axis, in days: the restricted mean. Curves that end alike are listed by it.
    fn area(&self, curve: &Curve) -> f64 {
        let steps: Vec<(f64, f64)> = curve.steps.iter().map(|step| (step.days.min(self.end()), step.share)).collect();
        let ends = steps.iter().skip(1).map(|step| step.0).chain(std::iter::once(self.end()));
        let areas = steps.iter().zip(ends).map(|(&(from, share), to)| share * (to - from));
        areas.filter(|area| area.is_finite()).sum()
    }

    fn paint_curves(&self, page: &mut Page, days: &Linear, share: &Linear, look: &Look) {
        for curve in &self.curves {
            page.of(&curve.role, |page| {
                for band in self.band_outlines(curve, days, share) {
                    page.fill(&band, theme::role(curve.role.index).line, 0.14);
                }
            });
        }
        for curve in self.curves.iter().rev() {
            let style = theme::role(curve.role.index);
            let line = thin(&self.stairs(curve, days, share));
            page.of(&curve.role, |page| {
                page.dashed(&line, style.line, look.line, style.dash);
                self.paint_censored(page, curve, days, share);
            });
        }
        for curve in &self.curves {
            let inside = curve.exact.iter().filter(|(d, s)| d.is_finite() && s.is_finite() && *d <= self.end());
            let line: Vec<Point> = inside.map(|(d, s)| (days.at(d.max(0.0)), share.at(s * 100.0))).collect();
            page.stroke(&thin(&line), theme::INK, 1.4);
        }
    }

    /// What is left of each curve at some [`READ_STEPS`] whole days.
    fn readings(&self, days: &Linear, share: &Linear) -> (Vec<(f64, String)>, Vec<Line>) {
        let step = (self.end() / READ_STEPS).ceil().max(1.0);
        let read: Vec<f64> = (0..).map(|n| f64::from(n) * step).take_while(|day| *day <= self.end()).collect();
        let line = |curve: &Curve| {
            let left = |day: &f64| curve.share_at(*day) * 100.0;
            Line::new(&curve.role, read.iter().map(|day| Some((share.at(left(day)), numbers::value(left(day), "%")))))
        };
        (read.iter().map(|day| (days.at(*day), format!("day {day}"))).collect(), self.curves.iter().map(line).collect())
    }

    fn foot_words(&self) -> String {
        let exact = self.curves.iter().any(|curve| !curve.exact.is_empty());
        if exact { format!("{} ({})", self.days_label, self.exact_label) } else { self.days_label.clone() }
    }

    fn stairs(&self, curve: &Curve, days: &Linear, share: &Linear) -> Vec<Point> {
        let mut height = 1.0;
        let mut points = vec![(days.at(0.0), share.at(100.0))];
        let end = self.end();
        for step in curve.steps.iter().filter(|s| s.share.is_finite() && s.days.is_finite() && s.days <= end) {
            points.push((days.at(step.days.max(0.0)), share.at(height * 100.0)));
            height = step.share;
            points.push((days.at(step.days.max(0.0)), share.at(height * 100.0)));
        }
        points.push((days.at(curve.days_last().min(end)), share.at(height * 100.0)));
        points
    }

    /// Outlines of the band, as stairs, one for each run of steps that have one.
    fn band_outlines(&self, curve: &Curve, days: &Linear, share: &Linear) -> Vec<Vec<Point>> {
        let end = curve.days_last().min(self.end());
        let mut outlines = Vec::new();
        let (mut upper, mut lower): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
        let steps: Vec<&Step> = curve.steps.iter().filter(|step| step.days.is_finite() && step.days <= end).collect();
        for (index, step) in steps.iter().enumerate() {
            let until = steps.get(index + 1).map_or(end, |next| next.days);
            if let Some((low, high)) = step.band.filter(|band| band.0.is_finite() && band.1.is_finite()) {
                for x in [days.at(step.days.max(0.0)), days.at(until.max(0.0))] {
                    upper.push((x, share.at(high.clamp(0.0, 1.0) * 100.0)));
                    lower.push((x, share.at(low.clamp(0.0, 1.0) * 100.0)));
                }
            }
            if step.band.is_none() || index + 1 == steps.len() {
                let mut outline = thin(&std::mem::take(&mut upper));
                outline.extend(thin(&std::mem::take(&mut lower)).into_iter().rev());
                outlines.push(outline);
            }
        }
        outlines
    }

    /// A "+" at each censoring, where they do not crowd.
    fn paint_censored(&self, page: &mut Page, curve: &Curve, days: &Linear, share: &Linear) {
        let ink = theme::role(curve.role.index).line;
        let mut last = f64::NEG_INFINITY;
        for &time in curve.censored.iter().filter(|time| (0.0..=self.end()).contains(*time)) {
            let x = days.at(time);
            if x - last >= 9.0 {
                let y = share.at(curve.share_at(time) * 100.0);
                page.stroke(&[(x, y - 6.5), (x, y + 6.5)], ink, 1.8);
                page.stroke(&[(x - 4.5, y), (x + 4.5, y)], ink, 1.8);
                last = x;
            }
        }
    }

    /// Whether any curve runs through an area.
    fn crosses(&self, area: &Area, days: &Linear, share: &Linear) -> bool {
        const SAMPLES: usize = 24;
        let (origin, per_day) = (days.at(0.0), days.at(1.0) - days.at(0.0));
        let at = |i: usize| (area.left + (area.right - area.left) * i as f64 / SAMPLES as f64 - origin) / per_day;
        let inside = |y: f64| y > area.top - 3.0 && y < area.bottom + 3.0;
        self.curves.iter().any(|curve| (0..=SAMPLES).any(|i| inside(share.at(curve.share_at(at(i)) * 100.0))))
    }

    /// Dots where half are left, with words where they have room; gives the curves whose words had none.
    fn paint_medians(&self, page: &mut Page, plot: Area, days: &Linear, share: &Linear, look: &Look) -> Vec<usize> {
        let y = share.at(50.0);
        let medians: Vec<(usize, f64)> = self
            .curves
            .iter()
            .enumerate()
            .filter_map(|(index, curve)| Some((index, curve.median_days().filter(|d| *d <= self.end())?)))
            .collect();
        if !medians.is_empty() {
            page.stroke(&[(plot.left, y), (plot.right, y)], AXIS, 1.5);
        }
        let dot = |x: f64| Area::new(x - 8.0, y - 8.0, x + 8.0, y + 8.0);
        let mut taken: Vec<Area> = medians.iter().map(|(_, median)| dot(days.at(*median))).collect();
        let mut unnamed = Vec::new();
        for &(index, median) in &medians {
            let style = theme::role(self.curves[index].role.index);
            let x = days.at(median);
            page.of(&self.curves[index].role, |page| page.dot((x, y), 6.0, style.line));
            let text = self.curves[index].median_words().unwrap_or_default();
            let words =
                |at: Point, align: Align| Words::new(text.clone(), at, look.small, style.text).bold().align(align);
            let places = [
                words((x + 12.0, y - 12.0), Align::Left),
                words((x - 12.0, y + 12.0 + look.small * 0.72), Align::Right),
            ];
            let free = |words: &Words| {
                let area = words.area();
                let inside = area.left > plot.left && area.right < plot.right;
                inside && !taken.iter().any(|other| other.overlaps(&area)) && !self.crosses(&area, days, share)
            };
            match places.into_iter().filter(|_| medians.len() <= 3).find(free) {
                Some(words) => {
                    taken.push(words.area());
                    page.words(words);
                }
                None => unnamed.push(index),
            }
        }
        if look.names { unnamed } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_whole_days_the_counts_that_are_kept_say_what_all_of_them_say() {
        let all: Vec<Risk> = [0.0, 0.0, 0.25, 0.75, 1.0, 1.0 + 1e-12, 1.5, 4.1, 4.2, 9.0]
            .into_iter()
            .zip(1..)
            .map(|(days, events)| Risk { days, at_risk: 20 - events, censored: 0, events })
            .collect();
        let mut every = Curve::new(Role::new("every", 0), Vec::new());
        let mut counted = every.clone();
        every.risk.clone_from(&all);
        all.iter().for_each(|&risk| counted.count(risk));
        assert_eq!(counted.risk.len(), 5);
        for day in 0..12 {
            assert_eq!(counted.risk_at(f64::from(day)), every.risk_at(f64::from(day)), "day {day}");
        }
    }
}
