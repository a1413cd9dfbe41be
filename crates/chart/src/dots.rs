//! Paired differences to the baseline scenario: a dot and its interval for each scenario, and what that means in words.

mod across;

use across::Across;

use super::axis;
use super::labels;
use super::page::{Area, Page, Point, Words};
use super::spec::Role;
use super::text;
use super::theme::{self, AXIS, GRID, INK, Ink, Look, MUTED};

/// A paired difference with its interval and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Mean of the differences.
    pub mean: f64,
    /// Low and high end of the interval; none with one replication.
    pub interval: Option<(f64, f64)>,
    /// The mean in words, as the tables of the study give it: "−62.0 M (−22 %)".
    pub estimate: String,
    /// What it says: "fewer", "cannot tell apart yet".
    pub verdict: String,
}

/// One measure, compared between scenarios: one panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What is measured: "messages lost".
    pub title: String,
    /// Unit of the difference: "messages"; "%" for percent given as 0 to 100.
    pub unit: String,
    /// One for each row of the figure, in its order; none where there is no estimate.
    pub differences: Vec<Option<Difference>>,
}

impl Measure {
    /// A measure with its differences.
    pub fn new(title: impl Into<String>, unit: impl Into<String>, differences: Vec<Option<Difference>>) -> Self {
        Measure { title: title.into(), unit: unit.into(), differences }
    }

    /// Ends of all differences and their intervals.
    fn ends(&self) -> impl Iterator<Item = f64> {
        let ends = |d: &Difference| {
            let (low, high) = d.interval.unwrap_or((d.mean, d.mean));
            [d.mean, low, high]
        };
        self.differences.iter().flatten().flat_map(ends).filter(|end| end.is_finite()).collect::<Vec<_>>().into_iter()
    }

    /// Where differences of one size end and outliers begin: an axis that is even up to there and logarithmic beyond keeps both
    /// readable. None where no difference is so large.
    fn bend(&self) -> Option<f64> {
        let mut sizes: Vec<f64> = self
            .differences
            .iter()
            .flatten()
            .map(|d| d.interval.map_or(d.mean.abs(), |(low, high)| low.abs().max(high.abs())))
            .filter(|size| size.is_finite() && *size > 0.0)
            .collect();
        sizes.sort_by(f64::total_cmp);
        let gap = sizes.windows(2).rev().find(|pair| pair[1] > pair[0] * OUTLIER)?;
        Some(gap[0])
    }
}

/// A difference so many times the next smaller one would press the others together.
const OUTLIER: f64 = 6.0;

/// Dots with intervals and a line at 0; a panel for each measure, a row for each scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dots {
    /// The scenarios compared, without the baseline scenario.
    pub rows: Vec<Role>,
    /// The measures; up to three stand side by side, more take another row of panels.
    pub measures: Vec<Measure>,
}

impl Dots {
    /// Rows and measures.
    pub fn new(rows: Vec<Role>, measures: Vec<Measure>) -> Self {
        Dots { rows, measures }
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let names_max = (area.width() * 0.34).clamp(140.0, 280.0);
        let names = labels::column_width(self.rows.iter(), names_max, look);
        let columns = match self.measures.len() {
            4 => 2,
            count => count.clamp(1, 3),
        };
        let rows = self.measures.len().div_ceil(columns).max(1);
        let (gap, left) = (26.0, area.left + names + 24.0);
        let width = (area.right - left - gap * (columns as f64 - 1.0)) / columns as f64;
        let height = (area.height() - 20.0 * (rows as f64 - 1.0)) / rows as f64;
        for (index, measure) in self.measures.iter().enumerate() {
            let x = left + (index % columns) as f64 * (width + gap);
            let y = area.top + (index / columns) as f64 * (height + 20.0);
            let plot = self.paint_measure(page, measure, Area::new(x, y, x + width, y + height), look);
            if index % columns == 0 {
                self.paint_names(page, area.left, names, plot, look);
            }
        }
    }

    fn row_y(&self, plot: Area, row: usize) -> f64 {
        plot.top + plot.height() * (row as f64 + 0.5) / self.rows.len().max(1) as f64
    }

    fn paint_names(&self, page: &mut Page, left: f64, width: f64, plot: Area, look: &Look) {
        let half = plot.height() / self.rows.len().max(1) as f64 / 2.0;
        for (row, role) in self.rows.iter().enumerate() {
            let y = self.row_y(plot, row);
            labels::row_name(page, role, Area::new(left, y - half, left + width, y + half), look);
        }
    }

    /// One panel; gives its plot.
    fn paint_measure(&self, page: &mut Page, measure: &Measure, area: Area, look: &Look) -> Area {
        let titles = |measure: &Measure| {
            let lines = text::fit(&measure.title, (look.label, look.label), true, area.width(), 2).1;
            text::balance(&lines.join(" "), look.label, true, area.width())
        };
        let lines_max = self.measures.iter().map(|measure| titles(measure).len()).max().unwrap_or(1) as f64;
        let lines = titles(measure);
        let mut y = area.top + (lines_max - lines.len() as f64) * look.label * 1.2;
        for line in lines {
            y += look.label * 1.2;
            page.words(Words::new(line, (area.left, y - 4.0), look.label, INK).bold());
        }
        let below = axis::foot(look) + look.small * 1.5;
        let row_height = (area.bottom - below - y - 12.0) / self.rows.len().max(1) as f64;
        let verdicts = Verdicts::new(row_height, measure, look);
        let plot = Area::new(area.left, y + 12.0, area.right - verdicts.width - 20.0, area.bottom - below);
        let ticks = (plot.width() / 80.0).clamp(3.0, 7.0) as usize;
        let scale =
            Across::new(axis::range(measure.ends()), measure.bend(), ticks).over(plot.left + 8.0, plot.right - 8.0);
        self.paint_frame(page, &scale, measure, plot, look);
        for (row, role) in self.rows.iter().enumerate() {
            let y = self.row_y(plot, row);
            if let Some(difference) =
                measure.differences.get(row).and_then(Option::as_ref).filter(|d| d.mean.is_finite())
            {
                page.of(role, |page| {
                    paint_interval(page, difference, (&scale, y), theme::role(role.index).line, look);
                    verdicts.paint(page, difference, (plot.right + 16.0, y), look);
                });
                if let Some(readings) = &mut page.readings {
                    let words = format!("{}: {} ({})", measure.title, difference.estimate, difference.verdict);
                    readings.spot(role, (scale.at(difference.mean), y), words);
                }
            } else {
                page.words(Words::new("no estimate", (plot.right + 16.0, y + look.small * 0.36), look.small, MUTED));
            }
        }
        plot
    }

    fn paint_frame(&self, page: &mut Page, scale: &Across, measure: &Measure, plot: Area, look: &Look) {
        let mut ticks = scale.ticks(&measure.unit);
        for tick in &ticks {
            page.stroke(&[(tick.at, plot.top), (tick.at, plot.bottom)], GRID, 1.5);
        }
        for row in 0..self.rows.len() {
            let y = self.row_y(plot, row);
            page.stroke(&[(plot.left, y), (plot.right, y)], GRID, 1.0);
        }
        page.stroke(&[(scale.at(0.0), plot.top - 4.0), (scale.at(0.0), plot.bottom)], AXIS, 2.5);
        axis::part(&mut ticks, look.tick);
        axis::draw_x(page, plot, &ticks, look);
        let unit = if measure.unit == "%" { "percentage points" } else { &measure.unit };
        let bent = if scale.is_bent() { " (ends log scale)" } else { "" };
        let unit = text::cut(&format!("difference in {unit}{bent}"), look.small, false, plot.width() + 100.0);
        page.words(Words::new(unit, (plot.left, plot.bottom + axis::foot(look) + look.small), look.small, MUTED));
    }
}

/// The dot of a difference and its interval, in a row.
fn paint_interval(page: &mut Page, difference: &Difference, (scale, y): (&Across, f64), ink: Ink, look: &Look) {
    page.dot((scale.at(difference.mean), y), 6.0, ink);
    if let Some((low, high)) = difference.interval {
        let ends = [low, high].map(|end| scale.at(end));
        page.stroke(&[(ends[0], y), (ends[1], y)], ink, look.line);
        for x in ends {
            page.stroke(&[(x, y - 8.0), (x, y + 8.0)], ink, 2.2);
        }
    }
}

/// How the estimates and their meaning stand right of the plot, by the height of the rows.
struct Verdicts {
    width: f64,
    /// Words beside the estimate instead of below it.
    beside: bool,
}

impl Verdicts {
    fn new(row_height: f64, measure: &Measure, look: &Look) -> Self {
        let estimates = measure.differences.iter().flatten().map(|d| text::width(&d.estimate, look.small, true) + 4.0);
        let estimates = estimates.fold(0.0, f64::max);
        let long = text::width("cannot tell apart yet", look.small, false) + 4.0;
        match row_height / look.small {
            lines if lines >= 3.7 => {
                let words = text::width("cannot tell", look.small, false) + 8.0;
                Verdicts { width: words.max(estimates), beside: false }
            }
            lines if lines >= 2.5 => Verdicts { width: long, beside: false },
            _ => Verdicts { width: long + look.small * 5.4, beside: true },
        }
    }

    fn paint(&self, page: &mut Page, difference: &Difference, at: Point, look: &Look) {
        let (estimate, words) = (difference.estimate.as_str(), difference.verdict.as_str());
        if self.beside {
            let (y, indent) = (at.1 + look.small * 0.36, look.small * 5.4);
            let estimate = text::cut(estimate, look.small, true, indent - 4.0);
            page.words(Words::new(estimate, (at.0, y), look.small, INK).bold());
            let words = text::cut(words, look.small, false, self.width - indent);
            page.words(Words::new(words, (at.0 + indent, y), look.small, MUTED));
            return;
        }
        let wide = text::width(estimate, look.value, true) > self.width;
        let size = if wide { look.small } else { look.value };
        let estimate = text::cut(estimate, size, true, self.width + 4.0);
        let lines = text::wrap(words, look.small, false, self.width);
        let step = look.small * 1.18;
        let mut y = at.1 - (look.value * 1.16 + lines.len() as f64 * step) / 2.0 + look.value * 0.88;
        page.words(Words::new(estimate, (at.0, y), size, INK).bold());
        for line in lines.into_iter().take(3) {
            let line = text::cut(&line, look.small, false, self.width + 4.0);
            y += step;
            page.words(Words::new(line, (at.0, y), look.small, MUTED));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(mean: f64, half: f64) -> Option<Difference> {
        let (estimate, verdict) = (String::new(), String::new());
        Some(Difference { mean, interval: Some((mean - half, mean + half)), estimate, verdict })
    }

    #[test]
    fn an_outlier_bends_the_axis_and_the_rest_stays_readable() {
        let measure = Measure::new(
            "lost",
            "messages",
            vec![difference(-900.0, 10.0), difference(12.0, 2.0), difference(-5.0, 1.0)],
        );
        let scale = Across::new(axis::range(measure.ends()), measure.bend(), 5).over(0.0, 400.0);
        assert!(scale.is_bent() && scale.at(12.0) - scale.at(-5.0) > 60.0, "{}", scale.at(12.0) - scale.at(-5.0));
        let places: Vec<f64> = [-910.0, -100.0, -14.0, 0.0, 14.0].iter().map(|value| scale.at(*value)).collect();
        assert!(places.is_sorted_by(|a, b| a < b) && scale.ticks("").len() >= 3, "{places:?}");
        let even = Measure::new("lost", "messages", vec![difference(-20.0, 1.0), difference(12.0, 2.0)]);
        assert_eq!(even.bend(), None);
    }
}
