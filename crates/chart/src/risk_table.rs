//! The table under survival curves: at risk, censored and events at the ticks of the axis.

use super::axis::{self, Linear, Tick};
use super::page::{Align, Area, Page, Words};
use super::survival::{Curve, Risk, Survival};
use super::text;
use super::theme::{self, Look, MUTED};
use brownout_text::numbers;

/// Widest name of a row before it is cut.
const NAME_WIDTH_MAX: f64 = 340.0;
/// Height of a row in its text size.
const ROW: f64 = 1.36;

/// A row for each curve that has counts; empty inside an overview.
pub(super) struct RiskTable<'a> {
    curves: Vec<&'a Curve>,
    event_label: &'a str,
    /// Half the width of a cell; cells are centred on their ticks.
    pub(super) half_cell: f64,
}

impl<'a> RiskTable<'a> {
    /// The table at these days.
    pub(super) fn new(survival: &'a Survival, days: &[f64], look: &Look) -> Self {
        let counted = |curve: &&Curve| look.names && !curve.risk.is_empty();
        let curves: Vec<&Curve> = survival.curves.iter().filter(counted).collect();
        let cells = curves.iter().flat_map(|curve| days.iter().filter_map(|day| curve.risk_at(*day)).map(cell));
        let widest = cells.map(|cell| text::width(&cell, look.small, false)).fold(0.0, f64::max);
        let half_cell = widest * 0.52;
        RiskTable { curves, event_label: &survival.event_label, half_cell }
    }

    pub(super) fn height(&self, look: &Look) -> f64 {
        if self.curves.is_empty() { 0.0 } else { (self.curves.len() + 1) as f64 * look.small * ROW + 4.0 }
    }

    /// Width that the names of the rows need right of the plot.
    pub(super) fn names_width(&self, look: &Look) -> f64 {
        let names = self.curves.iter().map(|curve| text::width(&curve.role.name, look.small, true));
        if self.curves.is_empty() { 0.0 } else { names.fold(0.0, f64::max).min(NAME_WIDTH_MAX) + self.half_cell + 14.0 }
    }

    pub(super) fn paint(&self, page: &mut Page, plot: Area, days: &Linear, look: &Look) {
        if self.curves.is_empty() {
            return;
        }
        let ticks: Vec<(f64, Tick)> = days.steps().into_iter().zip(days.ticks("")).collect();
        let apart = if ticks.len() > 1 { ticks[1].1.at - ticks[0].1.at } else { plot.width() };
        let every = ((self.half_cell * 2.0 + 14.0) / apart).ceil().max(1.0) as usize;
        let mut y = plot.bottom + axis::foot(look) + look.small * (1.5 + ROW);
        let head = format!("At risk / censored so far / {} so far", self.event_label);
        page.words(Words::new(head, (plot.left - self.half_cell, y), look.small, MUTED));
        for curve in &self.curves {
            y += look.small * ROW;
            page.of(&curve.role, |page| {
                let ink = theme::role(curve.role.index).text;
                for (day, tick) in ticks.iter().step_by(every) {
                    if let Some(risk) = curve.risk_at(*day) {
                        page.words(Words::new(cell(risk), (tick.at, y), look.small, ink).align(Align::Centre));
                    }
                }
                let name = text::cut(&curve.role.name, look.small, true, NAME_WIDTH_MAX);
                page.words(Words::new(name, (plot.right + self.half_cell + 14.0, y), look.small, ink).bold());
            });
        }
    }
}

fn cell(risk: &Risk) -> String {
    [risk.at_risk, risk.censored, risk.events].map(numbers::short).join(" / ")
}
