//! Cumulative incidence by cause: how many have been patched, upgraded or removed by each day.

use super::areas::{Frame, layers, stack};
use super::axis::{self, Linear};
use super::key;
use super::page::{Align, Area, Page, Words};
use super::text;
use super::theme::{self, AXIS, Ink, Look, MUTED};
use brownout_text::numbers;

/// One scenario's incidence.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidencePanel {
    /// The scenario.
    pub title: String,
    /// (days, share of all by that day for each cause of [`Incidence::causes`], 0 to 1), in order of days.
    pub rows: Vec<(f64, Vec<f64>)>,
}

/// Stacked cumulative incidence, one panel for each scenario; what stays white is still open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incidence {
    /// What the axis counts: "days since first detection".
    pub days_label: String,
    /// What the white rest is: "still non-compliant".
    pub open_label: String,
    /// The causes from the bottom up: patch, upgrade, leave.
    pub causes: Vec<String>,
    /// The panels, 1 to 9.
    pub panels: Vec<IncidencePanel>,
}

impl Incidence {
    /// Incidence by days since first detection.
    pub fn new(causes: Vec<String>, panels: Vec<IncidencePanel>) -> Self {
        Incidence {
            days_label: "days since first detection".to_owned(),
            open_label: "still non-compliant".to_owned(),
            causes,
            panels,
        }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let cause = |(index, name): (usize, &String)| (name.clone(), theme::cause(index));
        let mut names: Vec<(String, Ink)> = self.causes.iter().enumerate().map(cause).collect();
        let inks: Vec<Ink> = names.iter().map(|(_, ink)| *ink).collect();
        names.reverse();
        names.insert(0, (self.open_label.clone(), theme::WHITE));
        let last = self.panels.iter().flat_map(|panel| &panel.rows).map(|row| row.0);
        let end = axis::range(last).map_or(1.0, |(_, high)| high.clamp(1.0, 1e6));
        let share = Linear::percent(if self.panels.len() > 6 { 2 } else { 4 });
        let inner = Area { bottom: area.bottom - look.small * 1.5, ..area };
        let frame =
            Frame::new(page, inner, self.panels.len(), "", &share.ticks("%"), key::boxes_width(&names, look), look);
        for (index, panel) in self.panels.iter().enumerate() {
            let plot = frame.plots[index];
            let (share, days) = (share.over(plot.bottom, plot.top), Linear::days(end, 5).over(plot.left, plot.right));
            let mut ticks = days.ticks("");
            axis::part(&mut ticks, look.tick);
            frame.axes(page, index, &share.ticks("%"), &ticks, look);
            frame.head(page, index, &panel.title, look);
            let percent: Vec<(f64, Vec<f64>)> = panel
                .rows
                .iter()
                .map(|(at, row)| (days.at(*at), row.iter().map(|share| share * 100.0).collect()))
                .collect();
            let rows: Vec<(f64, &[f64])> = percent.iter().map(|(at, row)| (*at, row.as_slice())).collect();
            layers(page, &stairs(&rows, plot.right), &inks, &share);
            page.stroke(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], AXIS, 2.0);
            self.paint_ends(page, plot, &rows, &share, look);
        }
        let at = (area.left, area.bottom - 4.0);
        page.words(Words::new(format!("share of servers by {}", self.days_label), at, look.small, MUTED));
        key::boxes(page, frame.key, "route", &names, look);
    }

    /// Each cause's share at the end, inside its layer where that is thick enough for the whole word.
    fn paint_ends(&self, page: &mut Page, plot: Area, rows: &[(f64, &[f64])], share: &Linear, look: &Look) {
        let Some((x, row)) = rows.last() else { return };
        for (index, value) in row.iter().enumerate().take(self.causes.len()) {
            let words = numbers::value(*value, "%");
            let left = x - 16.0 - text::width(&words, look.small, true);
            let Some((_, before)) = rows.iter().rev().find(|(at, _)| *at <= left && left > plot.left) else { continue };
            let foot = share.at(stack(row, index)).min(share.at(stack(before, index)));
            let top = share.at(stack(row, index + 1)).max(share.at(stack(before, index + 1)));
            if foot - top >= look.small * 1.2 {
                let at = (x - 8.0, (foot + top) / 2.0 + look.small * 0.36);
                let ink = theme::cause(index).text_on();
                page.words(Words::new(words, at, look.small, ink).bold().align(Align::Right));
            }
        }
    }
}

/// Rows in steps: a share holds from its day to the next, the last one to the end of the plot. What is no number, or less than
/// was reached before (the rounding of a sum), stays at what was reached.
fn stairs<'a>(rows: &[(f64, &'a [f64])], right: f64) -> Vec<(f64, &'a [f64])> {
    let mut steps: Vec<(f64, &[f64])> = Vec::with_capacity(rows.len() * 2 + 1);
    let total = |row: &[f64]| stack(row, row.len());
    for &(x, row) in rows.iter().filter(|(x, _)| x.is_finite()) {
        match steps.last() {
            Some(&(_, before)) if total(row) < total(before) => steps.push((x, before)),
            Some(&(_, before)) => steps.extend([(x, before), (x, row)]),
            None => steps.push((x, row)),
        }
    }
    steps.extend(steps.last().map(|&(x, row)| (right.max(x), row)));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incidence_is_drawn_in_steps_and_never_falls() {
        let rows: Vec<(f64, &[f64])> = vec![(0.0, &[0.0]), (5.0, &[10.0]), (7.0, &[9.9]), (9.0, &[30.0])];
        let steps = stairs(&rows, 12.0);
        let drawn: Vec<(f64, f64)> = steps.iter().map(|(x, row)| (*x, row[0])).collect();
        assert_eq!(drawn, [(0.0, 0.0), (5.0, 0.0), (5.0, 10.0), (7.0, 10.0), (9.0, 10.0), (9.0, 30.0), (12.0, 30.0)]);
    }
}
