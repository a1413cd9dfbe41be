//! The front: schedules that a search found, in the plane of two outcomes, with error crosses, beside the schedules of the study;
//! one panel as the study has it, others under the structures it was asked against.

use super::axis::{self, Linear};
use super::names::{self, Named, Taken};
use super::page::{Align, Area, Page, Words};
use super::rows;
use super::scatter::{Ranged, ranged_words};
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, INK, Ink, Look, MUTED, PAUSE, PAUSE_DARK};
use brownout_text::numbers;
use brownout_text::words::whole_percent;

/// A schedule that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontPoint {
    /// Across: mean, low and high end of the interval.
    pub x: Ranged,
    /// Upwards.
    pub y: Ranged,
    /// Its number in the table, drawn beside it; may be empty.
    pub label: String,
    /// Chance that no other one found dominates it, 0 to 1.
    pub chance: f64,
}

/// The front under one structure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontPanel {
    /// "as the study has it", or the structure.
    pub title: String,
    /// What was found.
    pub found: Vec<FrontPoint>,
    /// Schedules of the study to compare with.
    pub known: Vec<(Role, Ranged, Ranged)>,
}

/// Panels with the same outcomes, each with its own scales.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Front {
    /// What goes across.
    pub x_label: String,
    /// What goes upwards.
    pub y_label: String,
    /// The panels; up to three.
    pub panels: Vec<FrontPanel>,
}

/// So many times as high as all others, a schedule would press them together: it is named above the plot instead.
const FAR: f64 = 1.3;

impl FrontPanel {
    /// The schedules of the study that the plot has room for, and those that lie far above everything else.
    fn known_inside(&self) -> (Vec<Known>, Vec<Known>) {
        let found = self.found.iter().map(|found| found.y.2).fold(f64::NEG_INFINITY, f64::max);
        let is_far = |at: usize| {
            let others = self.known.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, known)| known.2.2);
            let highest = others.fold(found, f64::max);
            highest > 0.0 && self.known[at].2.1 > highest * FAR
        };
        let (far, inside): (Vec<_>, Vec<_>) = self.known.iter().cloned().enumerate().partition(|(at, _)| is_far(*at));
        let strip = |known: Vec<(usize, Known)>| known.into_iter().map(|(_, known)| known).collect();
        (strip(inside), strip(far))
    }
}

/// A schedule of the study: its role, across and upwards.
type Known = (Role, Ranged, Ranged);

const SURE: Ink = PAUSE_DARK;
const UNSURE: Ink = PAUSE;
/// From this chance on a schedule is drawn as surely on the front. Assumed.
const SURE_MIN: f64 = 0.5;
const PANELS_MAX: usize = 3;

impl Front {
    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let panels = &self.panels[..self.panels.len().min(PANELS_MAX)];
        let (gap, count) = (44.0, panels.len().max(1) as f64);
        let width = (area.width() - gap * (count - 1.0)) / count;
        let foot = area.bottom - look.small * 0.4;
        let x = rows::key(page, (area.left, foot), SURE, "found, more likely than not undominated", look);
        let x = rows::key(page, (x, foot), UNSURE, "found, likely dominated", look);
        page.words(Words::new("crosses: intervals", (x, foot), look.small, MUTED));
        for (index, panel) in panels.iter().enumerate() {
            let left = area.left + index as f64 * (width + gap);
            let room = Area::new(left, area.top, left + width, foot - look.small * 1.6);
            self.paint_panel(page, panel, room, look);
        }
    }

    fn paint_panel(&self, page: &mut Page, panel: &FrontPanel, area: Area, look: &Look) {
        let mut top = area.top;
        let lines = text::fit(&panel.title, (look.label, look.label), true, area.width(), 2).1;
        for line in text::balance(&lines.join(" "), look.label, true, area.width()) {
            top += look.label * 1.2;
            page.words(Words::new(line, (area.left, top - 4.0), look.label, INK).bold());
        }
        let (known, beyond) = panel.known_inside();
        let all = || panel.found.iter().map(|f| (f.x, f.y)).chain(known.iter().map(|(_, x, y)| (*x, *y)));
        let y = Linear::covering(axis::range(all().flat_map(|(_, y)| [y.0, y.1, y.2])), 5);
        let ticks = (area.width() / 190.0).clamp(2.0, 6.0) as usize;
        let x = Linear::covering(axis::range(all().flat_map(|(x, _)| [x.0, x.1, x.2])), ticks);
        let left = area.left + axis::gutter(&y.ticks(""), look);
        let foot = axis::foot(look) + look.small * 1.6;
        let above = if beyond.is_empty() { 0.0 } else { look.small * 1.3 };
        let plot = Area::new(left, top + look.value * 2.1 + above, area.right - 24.0, area.bottom - foot);
        let (x, y) = (x.over(plot.left, plot.right), y.over(plot.bottom, plot.top));
        let label = text::cut(&self.y_label, look.value, false, area.width());
        page.words(Words::new(label, (area.left, top + look.value), look.value, MUTED));
        axis::draw_y(page, plot, &y.ticks(""), look);
        page.stroke(&[(plot.left, plot.top), (plot.left, plot.bottom)], AXIS, 1.5);
        let mut ticks = x.ticks("");
        axis::part(&mut ticks, look.tick);
        axis::draw_x(page, plot, &ticks, look);
        let label = text::cut(&self.x_label, look.value, false, area.width());
        let at = (plot.right, plot.bottom + axis::foot(look) + look.small);
        page.words(Words::new(label, at, look.value, MUTED).align(Align::Right));
        let mut taken = Taken::default();
        if !beyond.is_empty() {
            let words = text::cut(&beyond_words(&beyond), look.small, false, area.width());
            page.words(Words::new(words, (area.left, top + look.value * 1.2 + look.small), look.small, MUTED));
        }
        for found in &panel.found {
            let ink = if found.chance >= SURE_MIN { SURE } else { UNSURE };
            taken.areas.push(cross(page, (found.x, found.y), (&x, &y), ink, 6.0));
            if let Some(readings) = &mut page.readings {
                let chance = format!("not dominated with {}", whole_percent(found.chance));
                let words = format!(
                    "{}; {}; {chance}",
                    ranged_words(found.x, &self.x_label),
                    ranged_words(found.y, &self.y_label)
                );
                readings.thing(&format!("found {}", found.label), (x.at(found.x.0), y.at(found.y.0)), words);
            }
        }
        for (role, at_x, at_y) in &known {
            page.of(role, |page| {
                taken.areas.push(cross(page, (*at_x, *at_y), (&x, &y), theme::role(role.index).line, 8.0))
            });
            if let Some(readings) = &mut page.readings {
                let words = format!("{}; {}", ranged_words(*at_x, &self.x_label), ranged_words(*at_y, &self.y_label));
                readings.spot(role, (x.at(at_x.0), y.at(at_y.0)), words);
            }
        }
        self.name_dots(page, panel, &known, (plot, area.right), (&x, &y), &taken, look);
    }

    /// Writes the names of schedules and of what was found beside their dots.
    #[allow(clippy::too_many_arguments, reason = "what a panel has worked out by then")]
    fn name_dots(
        &self,
        page: &mut Page,
        panel: &FrontPanel,
        known: &[Known],
        (plot, right): (Area, f64),
        (x, y): (&Linear, &Linear),
        taken: &Taken,
        look: &Look,
    ) {
        let room = Area::new(plot.left + 4.0, plot.top - look.label, right, plot.bottom - 4.0);
        let written: Vec<String> =
            known.iter().map(|(role, ..)| text::cut(&role.name, look.label, true, plot.width() * 0.6)).collect();
        let schedules = known.iter().zip(&written).map(|((role, at_x, at_y), name)| {
            let (at, ink) = ((x.at(at_x.0), y.at(at_y.0)), theme::role(role.index));
            Named { name, note: "", bold: true, ink: ink.text, line: ink.line, at, ends: (x.at(at_x.1), x.at(at_x.2)) }
        });
        let found = panel.found.iter().filter(|found| !found.label.is_empty()).map(|found| {
            let at = (x.at(found.x.0), y.at(found.y.0));
            let ends = (x.at(found.x.1), x.at(found.x.2));
            Named { name: &found.label, note: "", bold: false, ink: INK, line: AXIS, at, ends }
        });
        let dots: Vec<Named<'_>> = schedules.chain(found).collect();
        let roles = known.iter().map(|(role, ..)| Some(role)).chain(std::iter::repeat(None));
        for ((dot, spot), role) in dots.iter().zip(names::places(&dots, &room, taken, look)).zip(roles) {
            match (spot, role) {
                (Some(spot), Some(role)) => page.of(role, |page| names::draw(page, dot, spot, look)),
                (Some(spot), None) => names::draw(page, dot, spot, look),
                (None, _) => {}
            }
        }
    }
}

/// What lies above the plot: "no enforcement lies above: 0, 38 bn".
fn beyond_words(beyond: &[Known]) -> String {
    let one = |(role, x, y): &Known| {
        format!("“{}” lies above: {} and {}", role.name, numbers::value(x.0, ""), numbers::value(y.0, ""))
    };
    beyond.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A dot with its intervals; gives the room of the dot.
fn cross(page: &mut Page, (x, y): (Ranged, Ranged), (across, up): (&Linear, &Linear), ink: Ink, radius: f64) -> Area {
    let at = (across.at(x.0), up.at(y.0));
    page.faint(&[(across.at(x.1), at.1), (across.at(x.2), at.1)], ink, 2.2, 0.55);
    page.faint(&[(at.0, up.at(y.1)), (at.0, up.at(y.2))], ink, 2.2, 0.55);
    if x.0.is_finite() && y.0.is_finite() {
        page.dot(at, radius, ink);
    }
    Area::new(at.0 - radius, at.1 - radius, at.0 + radius, at.1 + radius)
}
