//! Screening by Morris: how much each factor moves the outcome, against how unevenly it does.

use super::axis::{self, Linear};
use super::names::{self, Named, Taken};
use super::page::{Align, Area, Page, Words};
use super::scatter::{Ranged, ranged_words};
use super::text;
use super::theme::{AXIS, FREEZE, INK, Look, MUTED, PAUSE_DARK};
use brownout_text::numbers;

/// One factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// Its name.
    pub name: String,
    /// Mean size of its effects, with the interval over trajectories.
    pub mu_star: Ranged,
    /// Standard deviation of its effects.
    pub sigma: f64,
}

/// Factors in the plane of mu* and sigma, both in the unit of the outcome.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MuSigma {
    /// What is moved: "messages lost".
    pub unit: String,
    /// The factors.
    pub factors: Vec<Screened>,
}

const DOT: f64 = 8.0;

impl MuSigma {
    /// The effects of factors on an outcome.
    pub fn new(unit: impl Into<String>, factors: Vec<Screened>) -> Self {
        MuSigma { unit: unit.into(), factors }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let ends = self.factors.iter().flat_map(|f| [f.mu_star.0, f.mu_star.2]);
        let x = Linear::up_to(axis::range(ends), (area.width() / 190.0).clamp(2.0, 7.0) as usize);
        let y = Linear::up_to(axis::range(self.factors.iter().map(|f| f.sigma)), 5);
        let left = area.left + axis::gutter(&y.ticks(""), look);
        let foot = axis::foot(look) + look.small * 1.6;
        let plot = Area::new(left, area.top + look.value * 1.8, area.right - 60.0, area.bottom - foot);
        let (x, y) = (x.over(plot.left, plot.right), y.over(plot.bottom, plot.top));
        let head = format!("sigma: how unevenly it acts ({})", self.unit);
        page.words(Words::new(head, (area.left, area.top + look.value), look.value, MUTED));
        axis::draw_y(page, plot, &y.ticks(""), look);
        page.stroke(&[(plot.left, plot.top), (plot.left, plot.bottom)], AXIS, 1.5);
        let mut ticks = x.ticks("");
        axis::part(&mut ticks, look.tick);
        axis::draw_x(page, plot, &ticks, look);
        let words = format!("mu*: how much it moves the outcome over its whole range ({})", self.unit);
        let at = (plot.right, plot.bottom + axis::foot(look) + look.small);
        page.words(Words::new(words, at, look.value, MUTED).align(Align::Right));
        let mut taken = Taken::of(guides(page, plot, (&x, &y), look));
        let at = |factor: &Screened| (x.at(factor.mu_star.0), y.at(factor.sigma));
        let known = || self.factors.iter().filter(|f| f.mu_star.0.is_finite() && f.sigma.is_finite());
        for factor in known() {
            let (at_x, at_y) = at(factor);
            page.stroke(&[(x.at(factor.mu_star.1), at_y), (x.at(factor.mu_star.2), at_y)], PAUSE_DARK, 2.6);
            page.dot((at_x, at_y), DOT, PAUSE_DARK);
            if let Some(readings) = &mut page.readings {
                let moves = ranged_words(factor.mu_star, &self.unit);
                let sigma = numbers::value(factor.sigma, "");
                readings.thing(&factor.name, (at_x, at_y), format!("mu* {moves}; sigma {sigma}"));
            }
            taken.areas.push(Area::new(at_x - DOT, at_y - DOT, at_x + DOT, at_y + DOT));
        }
        let written: Vec<String> =
            known().map(|factor| text::cut(&factor.name, look.label, false, plot.width() * 0.3)).collect();
        let dots = known().zip(&written).map(|(factor, name)| {
            let ends = (x.at(factor.mu_star.1), x.at(factor.mu_star.2));
            Named { name, note: "", bold: false, ink: INK, line: AXIS, at: at(factor), ends }
        });
        let dots: Vec<Named<'_>> = dots.collect();
        let room = Area::new(plot.left + 6.0, plot.top - look.label, area.right, plot.bottom - 6.0);
        taken.areas.extend(dots.iter().map(|dot| Area::new(dot.ends.0, dot.at.1 - 2.0, dot.ends.1, dot.at.1 + 2.0)));
        for (dot, spot) in dots.iter().zip(names::places(&dots, &room, &taken, look)) {
            spot.into_iter().for_each(|spot| names::draw(page, dot, spot, look));
        }
    }
}

/// Lines of equal unevenness: below the lowest a factor acts alone and in proportion, above the highest it depends on others.
fn guides(page: &mut Page, plot: Area, (x, y): (&Linear, &Linear), look: &Look) -> Vec<Area> {
    let mut taken = Vec::new();
    for (ratio, words) in [(0.1, "nearly linear"), (1.0, "depends on others")] {
        let end = x.high.min(y.high / ratio);
        let to = (x.at(end), y.at(end * ratio));
        page.dashed(&[(x.at(0.0), y.at(0.0)), to], FREEZE, 2.0, &[9.0, 6.0]);
        // A line that leaves at the top is named right of its end, one that leaves at the side left of it.
        let (shift, align) = if end < x.high { (10.0, Align::Left) } else { (-6.0, Align::Right) };
        let at = (to.0 + shift, if end < x.high { to.1 + look.small } else { to.1 - 8.0 });
        let words = Words::new(format!("sigma = {ratio} mu*: {words}"), at, look.small, MUTED).align(align);
        let area = words.area();
        if area.left > plot.left && area.right < plot.right + 50.0 {
            taken.push(area);
            page.words(words);
        }
    }
    taken
}
