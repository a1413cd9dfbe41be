//! The figures of an exploration: findings in, figures as data out. Titles state the finding, computed from the numbers.

mod decides;
mod fails;
mod found;
mod schedules;

use brownout_kernel::watch::{Stopped, Watch};
use brownout_methods::interval::Interval;

use super::Explored;
use crate::exploration::words::{answer, in_short};
use crate::figures::NamedFigure;
use brownout_chart::{Body, Figure, Overview, Panel, Role};

/// All figures, the overview first.
///
/// - `footer`: exploration, seed, futures and version, printed small under every figure.
/// - `watch`: asked before each figure.
///
/// # Errors
/// [`Stopped`] if the work is to end.
pub fn all(explored: &Explored<'_>, footer: &str, watch: &Watch) -> Result<Vec<NamedFigure>, Stopped> {
    let mut figures = Vec::new();
    for (name, make) in MAKERS {
        watch.check()?;
        figures.extend(make(explored).map(|figure| NamedFigure::new(name, figure)));
    }
    if let Some(figure) = overview(explored, &figures) {
        figures.insert(0, NamedFigure::new("overview", figure));
    }
    figures.iter_mut().for_each(|named| named.figure = named.figure.clone().footer(footer));
    Ok(figures)
}

/// A figure's name and what makes it, if the exploration has what it shows.
type Maker = (&'static str, fn(&Explored<'_>) -> Option<Figure>);

/// The figures in the order in which they are shown.
const MAKERS: [Maker; 8] = [
    ("ranking", schedules::ranking),
    ("tornado", decides::tornado),
    ("box-limits", fails::limits),
    ("coverage-density", fails::tradeoff),
    ("regret", schedules::regret),
    ("front", found::front),
    ("screening", decides::screening),
    ("parallel", fails::parallel),
];

/// Figures that go on the overview, in the order of wish.
const OVERVIEW: [&str; 5] = ["ranking", "tornado", "front", "box-limits", "regret"];

/// Up to four of the figures under the answer, for a slide.
fn overview(explored: &Explored<'_>, figures: &[NamedFigure]) -> Option<Figure> {
    let chosen = OVERVIEW.iter().filter_map(|name| figures.iter().find(|named| named.name == *name));
    let panel = |named: &NamedFigure| {
        let figure = &named.figure;
        Panel::new(figure.title.clone(), String::new(), first_panel(&figure.body))
    };
    // A single limit in all would leave its quarter of the page empty: it goes last.
    let (whole, thin): (Vec<_>, Vec<_>) = chosen.partition(|named| limits(&named.figure) > 1);
    let mut panels: Vec<Panel> = whole.into_iter().chain(thin).map(panel).collect();
    panels.truncate(4);
    let choice = explored.found.choices.first()?;
    let title = in_short(choice, explored.schedules);
    let (futures, replications) = explored.explore.futures;
    let subtitle = format!(
        "{futures} futures, each a draw of {} unknowns, {replications} replications in each. {}",
        explored.explore.unknowns.len(),
        answer(explored.explore, explored.found, explored.schedules)
    );
    Some(Figure::new(title, subtitle, Overview::new(panels)))
}

/// Rows of limits that a quarter of a page has room for at least.
const ROWS_MIN: usize = 3;

/// How many limits the boxes of a figure have.
fn limits(figure: &Figure) -> usize {
    match &figure.body {
        Body::BoxLimits(body) => body.panels.iter().map(|panel| panel.rows.len()).sum(),
        _ => usize::MAX,
    }
}

/// The first panel of a body alone: a quarter of a page has no room for more.
fn first_panel(body: &Body) -> Body {
    let mut body = body.clone();
    match &mut body {
        Body::Ranking(body) => body.panels.truncate(1),
        Body::Tornado(body) => body.panels.truncate(1),
        Body::BoxLimits(body) => {
            // A box of one limit leaves room for the next one.
            let (mut rows, mut kept) = (0, 0);
            while kept < body.panels.len() && rows < ROWS_MIN {
                rows += body.panels[kept].rows.len();
                kept += 1;
            }
            body.panels.truncate(kept);
        }
        Body::Front(body) => body.panels.truncate(1),
        _ => {}
    }
    body
}

fn role(explored: &Explored<'_>, schedule: usize) -> Role {
    Role::new(explored.schedules[schedule].clone(), schedule)
}

fn roles(explored: &Explored<'_>) -> Vec<Role> {
    (0..explored.schedules.len()).map(|schedule| role(explored, schedule)).collect()
}

fn ranged(interval: Interval) -> (f64, f64, f64) {
    (interval.value, interval.low, interval.high)
}
