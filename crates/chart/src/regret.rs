//! Regret: what each schedule costs in each future beyond the best one there.

use super::axis::{self, Linear};
use super::labels;
use super::page::{Align, Area, Page, Words};
use super::rows;
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, GRID, INK, Look, MUTED, WHITE};
use brownout_text::numbers;

/// The regrets of one schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct RegretRow {
    /// The schedule.
    pub role: Role,
    /// Its regret in each future; noise may bring it below 0.
    pub regrets: Vec<f64>,
    /// In how many of 100 futures it is the best one, in words; may be empty.
    pub note: String,
}

/// A row for each schedule: a dot for each future, the mean, and the worst twentieth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regret {
    /// What is regretted: "messages lost beyond the best schedule of the future".
    pub unit: String,
    /// The schedules.
    pub rows: Vec<RegretRow>,
}

/// In rows lower than so many times the height of small letters the words would stand on the dots of the next row.
const WORDS_FROM: f64 = 2.4;

/// Dots of a row at most, evenly chosen.
const DOTS_MAX: usize = 400;

impl Regret {
    /// Regrets by schedule.
    pub fn new(unit: impl Into<String>, rows: Vec<RegretRow>) -> Self {
        Regret { unit: unit.into(), rows }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let names_max = (area.width() * 0.26).clamp(120.0, 280.0);
        let names = labels::column_width(self.rows.iter().map(|row| &row.role), names_max, look);
        let left = area.left + names + 22.0;
        let foot = axis::foot(look) + look.small * 1.6;
        let plot = Area::new(left, area.top + look.small * 1.6, area.right - 30.0, area.bottom - foot);
        let all = self.rows.iter().flat_map(|row| &row.regrets).copied();
        let scale = Linear::covering(axis::range(all), (plot.width() / 170.0).clamp(2.0, 6.0) as usize);
        let scale = scale.over(plot.left, plot.right);
        let mut ticks = scale.ticks("");
        axis::part(&mut ticks, look.tick);
        for tick in &ticks {
            page.stroke(&[(tick.at, plot.top), (tick.at, plot.bottom)], GRID, 1.5);
        }
        axis::draw_x(page, plot, &ticks, look);
        let zero = scale.at(0.0);
        page.stroke(&[(zero, plot.top), (zero, plot.bottom)], AXIS, 2.0);
        let at = (plot.right, plot.bottom + axis::foot(look) + look.small);
        page.words(Words::new(self.unit.as_str(), at, look.value, MUTED).align(Align::Right));
        let words = "dot: a future; bar: mean; bracket: mean of the worst twentieth";
        page.words(Words::new(words, (plot.left, area.top + look.small), look.small, MUTED));
        for (index, row) in self.rows.iter().enumerate() {
            let room = rows::slot(plot, index, self.rows.len());
            let name = Area { left: area.left, right: left - 22.0, ..room };
            labels::row_name(page, &row.role, name, look);
            paint_row(page, row, &scale, room, look);
        }
    }
}

fn paint_row(page: &mut Page, row: &RegretRow, scale: &Linear, room: Area, look: &Look) {
    let style = theme::role(row.role.index);
    let mut regrets: Vec<f64> = row.regrets.iter().copied().filter(|regret| regret.is_finite()).collect();
    if regrets.is_empty() {
        return;
    }
    // The words stand below the dots and end above the next row, or the axis.
    let has_words = room.height() >= look.small * WORDS_FROM;
    let words = if has_words { look.small * 1.5 } else { 0.0 };
    let y = (room.top + room.bottom - words) / 2.0;
    let half = ((room.height() - words) * 0.36).clamp(4.0, 34.0);
    let step = regrets.len().div_ceil(DOTS_MAX);
    for (index, &regret) in regrets.iter().enumerate().filter(|(index, _)| index % step == 0) {
        // Golden ratio steps spread the dots over the row without drawing anything at random.
        let share = (index as f64 * 0.618_033_988_749_895).fract();
        let at = (scale.at(regret), y - half + 2.0 * half * share);
        let corners = Area::new(at.0 - 2.5, at.1 - 2.5, at.0 + 2.5, at.1 + 2.5).corners();
        page.fill(&corners, style.line, 0.4);
    }
    regrets.sort_by(f64::total_cmp);
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len().max(1) as f64;
    let worst = mean(&regrets[regrets.len() - regrets.len().div_ceil(20)..]);
    let all = mean(&regrets);
    let x = scale.at(all);
    page.stroke(&[(x, y - half - 6.0), (x, y + half + 6.0)], WHITE, 8.0);
    page.stroke(&[(x, y - half - 6.0), (x, y + half + 6.0)], style.text, 4.0);
    let x = scale.at(worst);
    let arms = [(x - 7.0, y - half), (x, y - half), (x, y + half), (x - 7.0, y + half)];
    page.stroke(&arms, style.text, 2.6);
    if !has_words {
        return;
    }
    let said = format!("mean {}, worst {}", numbers::value(all, ""), numbers::value(worst, ""));
    let said = if row.note.is_empty() { said } else { format!("{said}; {}", row.note) };
    let said = text::cut(&said, look.small, false, room.width());
    let width = text::width(&said, look.small, false);
    let left = (scale.at(worst) - width).max(scale.at(0.0) + 8.0);
    page.words(Words::new(said, (left, y + half + look.small * 1.25), look.small, INK));
}
