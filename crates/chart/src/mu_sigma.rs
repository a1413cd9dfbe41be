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
        let guides = guides(page, plot, (&x, &y));
        let mut taken = Taken::default();
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
        for (end, words) in guides {
            taken.areas.extend(guide_words(page, plot, (&x, &y), end, words, &taken, look));
        }
        for (dot, spot) in dots.iter().zip(names::places(&dots, &room, &taken, look)) {
            spot.into_iter().for_each(|spot| names::draw(page, dot, spot, look));
        }
    }
}

/// The end of a line of equal unevenness, as (mu*, sigma).
type End = (f64, f64);

/// Lines of equal unevenness: below the lowest a factor acts alone and in proportion, above the highest it depends on others.
fn guides(page: &mut Page, plot: Area, (x, y): (&Linear, &Linear)) -> Vec<(End, String)> {
    let line = |(ratio, words): (f64, &str)| {
        let mu = x.high.min(y.high / ratio);
        page.dashed(&[(x.at(0.0), y.at(0.0)), (x.at(mu), y.at(mu * ratio))], FREEZE, 2.0, &[9.0, 6.0]);
        ((mu, mu * ratio), format!("sigma = {ratio} mu*: {words}"))
    };
    let inside = |guide: &(End, String)| x.at(guide.0.0) > plot.left;
    [(0.1, "nearly linear"), (1.0, "depends on others")].map(line).into_iter().filter(inside).collect()
}

/// Writes the words of a guide beside it: at its end, or further down where that would touch something; nowhere if there is no room.
fn guide_words(
    page: &mut Page,
    plot: Area,
    (x, y): (&Linear, &Linear),
    (mu, sigma): End,
    words: String,
    taken: &Taken,
    look: &Look,
) -> Option<Area> {
    // A line that leaves at the top has its words right of it, one that leaves at the side above it.
    let steep = mu < x.high;
    let (shift, align) = if steep { ((10.0, look.small), Align::Left) } else { ((-6.0, -8.0), Align::Right) };
    let at = |share: f64| (x.at(mu * share) + shift.0, y.at(sigma * share) + shift.1);
    let words =
        (0..14).map(|step| Words::new(words.clone(), at(1.0 - 0.05 * f64::from(step)), look.small, MUTED).align(align));
    let free = |words: &Words| {
        let area = words.area();
        let inside = area.left > plot.left && area.right < plot.right + 50.0;
        let crowded =
            Area { left: area.left - 6.0, top: area.top - 4.0, right: area.right + 6.0, bottom: area.bottom + 4.0 };
        inside && !taken.areas.iter().any(|other| other.overlaps(&crowded))
    };
    let words = words.into_iter().find(free)?;
    let area = words.area();
    page.words(words);
    Some(area)
}
