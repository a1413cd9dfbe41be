//! Where it fails: limits of boxes, coverage against density, and the futures as lines.

use brownout_explore::discovery::Limit;

use crate::chart::{self, BoxLimits, Figure, LimitRow, LimitsPanel, Parallel, ParallelAxis, Tradeoff, TradeoffPanel};
use crate::explore::file::Moved;
use crate::explore::findings::{Failing, Fate};
use crate::explore::survey::{Aim, Part};
use crate::explore::template::shown;
use crate::explore::words::{limit_words, quoted, wish};
use crate::report::exploration::Explored;

/// Panels that a figure has room for.
const PANELS: usize = 3;

fn futures<'a>(explored: &Explored<'a>) -> Option<&'a Part> {
    explored.parts.iter().find(|part| part.aim == Aim::Futures)
}

fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// The boxes with the greatest density where it was held out, most of all those of the chosen schedule.
fn chosen_first<'a>(explored: &Explored<'a>) -> Vec<&'a Failing> {
    let chosen = explored.found.choices.first().map_or(0, |choice| choice.chosen);
    let mut boxes: Vec<&Failing> = explored.found.boxes.iter().filter(|failing| failing.chosen.is_some()).collect();
    boxes.sort_by_key(|failing| (failing.schedule != chosen, failing.schedule));
    boxes.truncate(PANELS);
    boxes
}

pub(super) fn limits(explored: &Explored<'_>) -> Option<Figure> {
    let part = futures(explored)?;
    let boxes = chosen_first(explored);
    let first = boxes.first()?;
    let (step, held, _) = &first.steps[first.chosen?];
    let rules: Vec<String> = explored
        .explore
        .unknowns
        .iter()
        .zip(&step.limits.0)
        .flat_map(|(moved, limit)| limit_words(moved, limit))
        .collect();
    let rules = if rules.is_empty() { "no box is denser than the whole".to_owned() } else { rules.join(" and ") };
    let title = format!("{}: {} where {rules}", quoted(&explored.schedules[first.schedule]), first.said);
    let subtitle = format!(
        "PRIM: bad in {} of 100 futures; in {} of 100 inside the box where it was held out, {} where it was found",
        percent(first.base_rate.value),
        held.density().map_or("none".to_owned(), percent),
        percent(step.density)
    );
    let panels = boxes.iter().filter_map(|failing| panel(explored, part, failing)).collect();
    Some(Figure::new(title, subtitle, BoxLimits::new(panels)))
}

fn panel(explored: &Explored<'_>, part: &Part, failing: &Failing) -> Option<LimitsPanel> {
    let (step, held, _) = &failing.steps[failing.chosen?];
    let restricted = step.limits.restricted();
    let row = |factor: usize| limit_row(explored, part, failing, (factor, &step.limits.0[factor]));
    let density = held.density().map_or("none lies there".to_owned(), |density| format!("{} of 100", percent(density)));
    let title = format!(
        "{}: {} in {} of 100 futures, inside the box {density} (held out)",
        quoted(&explored.schedules[failing.schedule]),
        failing.said,
        percent(failing.base_rate.value)
    );
    Some(LimitsPanel { title, rows: restricted.into_iter().map(row).collect() })
}

fn limit_row(explored: &Explored<'_>, part: &Part, failing: &Failing, (factor, limit): (usize, &Limit)) -> LimitRow {
    let moved = &explored.explore.unknowns[factor];
    let column = explored.explore.levers.len() + factor;
    let values: Vec<f64> = part.table.points().iter().map(|point| point.values[column].number()).collect();
    let said = limit_words(moved, limit);
    let name = format!("{} is ", quoted(&moved.factor.name));
    let said: Vec<&str> = said.iter().map(|words| words.strip_prefix(&name).unwrap_or(words)).collect();
    let quasi = failing.quasi_p.get(factor).copied().flatten().map(|p| format!("quasi-p {p:.3}"));
    let again = failing.reproduced.get(factor).map(|share| format!("found again in {} of 100", percent(*share)));
    LimitRow {
        name: moved.factor.name.clone(),
        ends: ends(moved),
        inside: inside(moved, limit, &values),
        said: said.join(" and "),
        trust: quasi.into_iter().chain(again).collect::<Vec<_>>().join(", "),
    }
}

/// Both ends of a factor in words.
fn ends(moved: &Moved) -> (String, String) {
    let end = |share: f64| match moved.factor.distribution.value(share) {
        brownout_explore::factor::Value::Number(number) => chart::value(number, ""),
        value => shown(moved, value),
    };
    (end(0.0), end(1.0))
}

/// The parts of a factor's range inside a limit, as shares of the futures below; a choice has as many parts as options.
fn inside(moved: &Moved, limit: &Limit, values: &[f64]) -> Vec<(f64, f64)> {
    let options = moved.options.len();
    if options > 0 {
        let kept = (0..options).filter(|&at| limit.holds(at as f64));
        return kept.map(|at| (at as f64 / options as f64, (at + 1) as f64 / options as f64)).collect();
    }
    let share = |is: &dyn Fn(f64) -> bool| {
        values.iter().filter(|value| is(**value)).count() as f64 / values.len().max(1) as f64
    };
    vec![(share(&|value| value < limit.low), share(&|value| value <= limit.high))]
}

pub(super) fn tradeoff(explored: &Explored<'_>) -> Option<Figure> {
    let boxes = chosen_first(explored);
    let first = boxes.first()?;
    let (step, held, _) = &first.steps[first.chosen?];
    let title = match held.density() {
        Some(density) => format!(
            "What was {} % dense where it was found is {} % dense where it was held out",
            percent(step.density),
            percent(density)
        ),
        None => "No future that was held out lies in the box".to_owned(),
    };
    let subtitle = "Boxes of the peeling, from the whole to the smallest; the large dot is the one told of. The reader of a \
                    peeling picks cherries, so only the half that was held out counts";
    let panels = boxes.iter().map(|failing| {
        let held = |(_, counts, bad): &(_, brownout_explore::discovery::Counts, usize)| {
            (counts.coverage(*bad).unwrap_or(f64::NAN), counts.density().unwrap_or(f64::NAN))
        };
        TradeoffPanel {
            title: format!("{}: {}", quoted(&explored.schedules[failing.schedule]), failing.said),
            found: failing.steps.iter().map(|(step, ..)| (step.coverage, step.density)).collect(),
            held: failing.steps.iter().map(held).collect(),
            chosen: failing.chosen,
            base_rate: failing.base_rate.value,
        }
    });
    Some(Figure::new(title, subtitle, Tradeoff::new(panels.collect())))
}

/// The futures as lines, coloured by what they say of the choice.
pub(super) fn parallel(explored: &Explored<'_>) -> Option<Figure> {
    let part = futures(explored)?;
    let choice = explored.found.choices.first()?;
    let chosen = quoted(&explored.schedules[choice.chosen]);
    let fate = |fate: &Fate| match fate {
        Fate::Right => chart::Fate::Right,
        Fate::Wrong => chart::Fate::Wrong,
        Fate::Open => chart::Fate::Open,
    };
    let lines = part.rows.iter().zip(&choice.fates).map(|(row, of)| (row.units.clone(), fate(of))).collect();
    let count = |wanted: Fate| choice.fates.iter().filter(|fate| **fate == wanted).count();
    let axis = |moved: &Moved| ParallelAxis { name: moved.factor.name.clone(), ends: ends(moved) };
    let key = [
        format!("{chosen} is wrong ({} futures)", count(Fate::Wrong)),
        format!("cannot be told ({})", count(Fate::Open)),
        format!("{chosen} is right ({})", count(Fate::Right)),
    ];
    let axes = explored.explore.unknowns.iter().map(axis).collect();
    let title = match count(Fate::Wrong) {
        0 => format!("In none of the futures is {chosen} surely the wrong choice for {}", wish(&choice.wished)),
        wrong => format!(
            "Where {chosen} is the wrong choice for {}: {wrong} of {} futures",
            wish(&choice.wished),
            choice.fates.len()
        ),
    };
    let subtitle = "Each line is a future over all unknowns, each axis the range of one from its lower to its upper end, evenly \
                    by its distribution";
    Some(Figure::new(title, subtitle, Parallel { axes, futures: lines, key }))
}
