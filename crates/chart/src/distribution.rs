//! How unevenly a loss falls: the share of tenants that lose more than so much, since means hide the tail.

use super::axis::{self, Log, Tick};
use super::page::{Align, Area, Page, Point, Words, thin};
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, INK, Look, MUTED};
use brownout_text::numbers;

/// One scenario's distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct TailCurve {
    /// The scenario.
    pub role: Role,
    /// (amount, share of all tenants that lose at least this much, 0 to 1), by rising amount. Amounts of 0 lie left of
    /// the log axis.
    pub points: Vec<(f64, f64)>,
    /// The quantiles to mark and to print: ("p50", 0.5, amount), with the probability below.
    pub quantiles: Vec<(String, f64, f64)>,
    /// The quantiles in words, as the tables of the study give them; by default those that are marked.
    pub words: Option<String>,
}

/// The scale of the shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShareScale {
    /// 100 %, 10 %, 1 %, ...: shows the tail; p50, p90 and p99 lie where the curves cross "half", "1 in 10", "1 in 100".
    #[default]
    Log,
    /// 0 to 100 %.
    Linear,
}

/// Complementary cumulative distributions on a log axis of amounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// What each tenant has some of: "messages lost per tenant".
    pub amount_label: String,
    /// What the shares are of: "share of tenants that lose at least this much".
    pub share_label: String,
    /// The curves.
    pub curves: Vec<TailCurve>,
    /// The scale of the shares.
    pub scale: ShareScale,
    /// How many there are: of fewer than a hundred none is "1 in 100". None for many.
    pub count: Option<u64>,
}

/// The smallest share on a log scale: below it single tenants decide.
const SHARE_MIN: f64 = 1e-4;

/// Where shares stand on the page.
struct Heights {
    scale: ShareScale,
    /// The smallest share of a logarithmic scale; all below stand there too.
    least: f64,
    bottom: f64,
    top: f64,
}

impl Heights {
    fn at(&self, share: f64) -> f64 {
        let up = match self.scale {
            ShareScale::Linear => share.clamp(0.0, 1.0),
            ShareScale::Log => 1.0 - libm::log10(share.clamp(self.least, 1.0)) / libm::log10(self.least),
        };
        self.bottom + (self.top - self.bottom) * up
    }
}

impl Distribution {
    /// Curves on logarithmic shares.
    pub fn new(amount_label: impl Into<String>, curves: Vec<TailCurve>) -> Self {
        Distribution {
            amount_label: amount_label.into(),
            share_label: "share of tenants that lose at least this much".to_owned(),
            curves,
            scale: ShareScale::Log,
            count: None,
        }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let column = if look.names { self.column_width(look) } else { 10.0 };
        let ticks = self.share_ticks(0.0, 1.0);
        let left = area.left + axis::gutter(&ticks, look);
        let head = look.value * 1.3 + 16.0;
        let foot = axis::foot(look) + look.small * 1.5;
        let plot = Area::new(left, area.top + head, area.right - column, area.bottom - foot);
        let amounts = self.curves.iter().flat_map(|curve| &curve.points).map(|point| point.0);
        let amounts = Log::covering(amounts).over(plot.left, plot.right);
        page.words(Words::new(self.share_words(), (area.left, area.top + look.value), look.value, MUTED));
        let mut shares = self.share_ticks(plot.bottom, plot.top);
        axis::part_upright(&mut shares, look.tick);
        axis::draw_y(page, plot, &shares, look);
        self.paint_guides(page, plot, look);
        self.paint_curves(page, plot, &amounts, look);
        let mut ticks = amounts.ticks();
        axis::part(&mut ticks, look.tick);
        axis::draw_x(page, plot, &ticks, look);
        let words = format!("{} (log scale)", self.amount_label);
        let at = (plot.middle().0, plot.bottom + axis::foot(look) + look.small);
        page.words(Words::new(words, at, look.small, MUTED).align(Align::Centre));
        if look.names {
            self.paint_column(page, Area::new(plot.right + 34.0, area.top + head, area.right, plot.bottom), look);
        }
    }

    fn share_words(&self) -> String {
        let log = if self.scale == ShareScale::Log { " (log scale)" } else { "" };
        format!("{}{log}", self.share_label)
    }

    /// Heights of shares between the pixels `bottom` and `top`.
    fn heights(&self, bottom: f64, top: f64) -> Heights {
        Heights { scale: self.scale, least: self.share_min(), bottom, top }
    }

    /// The smallest share of the scale: a whole decade below 1 % at least.
    fn share_min(&self) -> f64 {
        let shares =
            self.curves.iter().flat_map(|curve| &curve.points).map(|point| point.1).filter(|share| *share > 0.0);
        let least = axis::range(shares).map_or(0.01, |(low, _)| low);
        if least >= 0.01 {
            0.01
        } else if least >= 0.001 {
            0.001
        } else {
            SHARE_MIN
        }
    }

    fn share_ticks(&self, bottom: f64, top: f64) -> Vec<Tick> {
        let shares: &[(f64, &str)] = match self.scale {
            ShareScale::Linear => &[(0.0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, "100 %")],
            ShareScale::Log => {
                &[(1.0, "100 %"), (0.5, "50 %"), (0.1, "10 %"), (0.01, "1 %"), (0.001, "0.1 %"), (0.0001, "0.01 %")]
            }
        };
        let heights = self.heights(bottom, top);
        let shown =
            shares.iter().filter(|(share, _)| self.scale == ShareScale::Linear || *share >= heights.least * 0.99);
        shown.map(|(share, label)| Tick { at: heights.at(*share), label: (*label).to_owned(), strong: false }).collect()
    }

    /// "half", "1 in 10", "1 in 100" at the right edge of their grid lines.
    fn paint_guides(&self, page: &mut Page, plot: Area, look: &Look) {
        let guides = [(0.5, "half of tenants"), (0.1, "1 in 10"), (0.01, "1 in 100"), (0.001, "1 in 1,000")];
        let there = |share: f64| self.count.is_none_or(|count| count as f64 * share >= 1.0);
        let heights = self.heights(plot.bottom, plot.top);
        for (share, words) in guides.into_iter().filter(|(share, _)| there(*share)) {
            if self.scale == ShareScale::Log && share > heights.least * 1.01 || share == 0.5 {
                let y = heights.at(share);
                page.stroke(&[(plot.left, y), (plot.right, y)], AXIS, 1.2);
                let at = (plot.right - 4.0, y - 7.0);
                page.words(Words::new(words, at, look.small, MUTED).align(Align::Right));
            }
        }
    }

    fn paint_curves(&self, page: &mut Page, plot: Area, amounts: &Log, look: &Look) {
        let heights = self.heights(plot.bottom, plot.top);
        let least = if self.scale == ShareScale::Log { heights.least } else { 0.0 };
        for curve in self.curves.iter().rev() {
            let style = theme::role(curve.role.index);
            let shown = curve
                .points
                .iter()
                .filter(|(amount, share)| amount.is_finite() && *amount >= amounts.low && *share >= least);
            let points: Vec<Point> = shown.map(|(amount, share)| (amounts.at(*amount), heights.at(*share))).collect();
            let line = thin(&Self::stairs(curve, &points, amounts, plot, &heights));
            page.of(&curve.role, |page| page.dashed(&line, style.line, look.line, style.dash));
        }
        for curve in &self.curves {
            for (name, below, amount) in curve.quantiles.iter().filter(|(_, _, amount)| *amount >= amounts.low) {
                let at = (amounts.at(*amount), heights.at(1.0 - below));
                page.of(&curve.role, |page| page.dot(at, 5.5, theme::role(curve.role.index).line));
                if let Some(readings) = &mut page.readings {
                    readings.spot(
                        &curve.role,
                        at,
                        format!("{name}: {} {}", numbers::value(*amount, ""), self.amount_label),
                    );
                }
            }
        }
    }

    /// The curve in steps. A share holds for all amounts up to its own, where it falls to the next one: so a quantile, which is the
    /// amount at which the curve falls through its height, lies on the curve.
    fn stairs(curve: &TailCurve, points: &[Point], amounts: &Log, plot: Area, heights: &Heights) -> Vec<Point> {
        let mut stairs: Vec<Point> = Vec::with_capacity(points.len() * 2 + 1);
        for &(x, y) in points {
            let before = stairs.last().map_or(plot.left.min(x), |last| last.0);
            stairs.push((before, y));
            stairs.push((x, y));
        }
        if let Some((amount, share)) =
            curve.points.last().filter(|(amount, _)| amount.is_finite() && *amount >= amounts.low)
        {
            let ends_in_sight = !points.is_empty() && *share >= heights.least;
            stairs.extend(ends_in_sight.then(|| (amounts.at(*amount), heights.at(0.0))));
        }
        stairs
    }

    fn quantile_words(curve: &TailCurve) -> String {
        if let Some(words) = &curve.words {
            return words.clone();
        }
        let word = |(name, _, amount): &(String, f64, f64)| format!("{name} {}", numbers::value(*amount, ""));
        curve.quantiles.iter().map(word).collect::<Vec<_>>().join(" · ")
    }

    fn column_width(&self, look: &Look) -> f64 {
        let width = |curve: &TailCurve| {
            let name = text::width(&curve.role.name, look.label, true);
            (name + 62.0).max(text::width(&Self::quantile_words(curve), look.value, false))
        };
        self.curves.iter().map(width).fold(0.0, f64::max).min(430.0) + 36.0
    }

    /// The key at the right: curves end where they please here, so names at their ends would collide.
    fn paint_column(&self, page: &mut Page, area: Area, look: &Look) {
        let step = (area.height() / self.curves.len().max(1) as f64).min(look.label * 3.6);
        let heaviest = |curve: &TailCurve| curve.quantiles.last().map_or(0.0, |quantile| quantile.2);
        let mut order: Vec<&TailCurve> = self.curves.iter().collect();
        order.sort_by(|a, b| heaviest(b).total_cmp(&heaviest(a)));
        for (row, curve) in order.into_iter().enumerate() {
            let style = theme::role(curve.role.index);
            let y = area.top + row as f64 * step + look.label;
            let sample = y - look.label * 0.35;
            page.dashed(&[(area.left, sample), (area.left + 52.0, sample)], style.line, 4.0, style.dash);
            let name = text::cut(&curve.role.name, look.label, true, area.width() - 62.0);
            let words = text::cut(&Self::quantile_words(curve), look.value, false, area.width());
            page.of(&curve.role, |page| {
                page.words(Words::new(name, (area.left + 62.0, y), look.label, style.text).bold());
                page.words(Words::new(words, (area.left, y + look.value * 1.3), look.value, INK));
            });
        }
    }
}
