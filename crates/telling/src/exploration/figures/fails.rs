//! Where it fails: limits of boxes, coverage against density, and the futures as lines.

use brownout_methods::discovery::Limit;

use crate::exploration::Explored;
use crate::exploration::words::{limit_words, quoted, rules, wish};
use brownout_chart::{BoxLimits, Figure, LimitRow, LimitsPanel, Parallel, ParallelAxis, Tradeoff, TradeoffPanel};
use brownout_explore::file::Moved;
use brownout_explore::findings::{BoxFinding, Failing, Ruling};
use brownout_explore::survey::{Aim, SurveyPart};
use brownout_explore::template::shown;
use brownout_text::words::of_hundred;

/// Panels that a figure has room for.
const PANELS: usize = 3;

fn futures<'a>(explored: &Explored<'a>) -> Option<&'a SurveyPart> {
    explored.parts.iter().find(|part| part.aim == Aim::Futures)
}

/// Boxes that hold where they were held out, first of all that of the chosen schedule.
fn that_hold<'a>(explored: &Explored<'a>) -> Vec<(&'a Failing, &'a BoxFinding)> {
    let told = |failing: &'a Failing| Some((failing, failing.told.as_ref().filter(|told| told.holds)?));
    chosen_first(explored).into_iter().filter_map(told).take(PANELS).collect()
}

/// Schedules for which a box was found, the chosen one first.
fn chosen_first<'a>(explored: &Explored<'a>) -> Vec<&'a Failing> {
    let chosen = explored.found.choices.first().map_or(0, |choice| choice.chosen);
    let mut boxes: Vec<&Failing> = explored.found.boxes.iter().filter(|failing| failing.chosen.is_some()).collect();
    boxes.sort_by_key(|failing| (failing.schedule != chosen, failing.schedule));
    boxes
}

/// Limits of the boxes that hold; no figure where none does.
pub(super) fn limits(explored: &Explored<'_>) -> Option<Figure> {
    let part = futures(explored)?;
    let boxes = that_hold(explored);
    let (first, told) = boxes.first()?;
    let density = |told: &BoxFinding| told.held.density().map_or_else(String::new, of_hundred);
    let title = format!(
        "{}: {} in {} of 100 futures where {}",
        quoted(&explored.schedules[first.schedule]),
        first.said,
        density(told),
        rules(explored.explore, told).join(" and ")
    );
    let subtitle = format!(
        "PRIM, in futures that were held out: {} of 100 in the box, {} of 100 in all. Limits with a quasi-p value above 0.05 are left \
         out; schedules without a box that holds too",
        density(told),
        of_hundred(first.base_rate.value)
    );
    let panels = boxes.iter().map(|(failing, told)| panel(explored, part, failing, told)).collect();
    Some(Figure::new(title, subtitle, BoxLimits::new(panels)))
}

fn panel(explored: &Explored<'_>, part: &SurveyPart, failing: &Failing, told: &BoxFinding) -> LimitsPanel {
    let row = |factor: usize| limit_row(explored, part, failing, (factor, &told.limits.0[factor]));
    let title = format!(
        "{}: {} of 100 in the box, {} of 100 in all",
        quoted(&explored.schedules[failing.schedule]),
        told.held.density().map_or_else(String::new, of_hundred),
        of_hundred(failing.base_rate.value)
    );
    LimitsPanel { title, rows: told.limits.restricted().into_iter().map(row).collect() }
}

fn limit_row(
    explored: &Explored<'_>,
    part: &SurveyPart,
    failing: &Failing,
    (factor, limit): (usize, &Limit),
) -> LimitRow {
    let moved = &explored.explore.unknowns[factor];
    let column = explored.explore.levers.len() + factor;
    let values: Vec<f64> = part.table.points().iter().map(|point| point.values[column].number()).collect();
    let said = limit_words(moved, limit);
    let name = format!("{} is ", quoted(&moved.factor.name));
    let said: Vec<&str> = said.iter().map(|words| words.strip_prefix(&name).unwrap_or(words)).collect();
    let again = failing.reproduced.get(factor).map(|share| format!("found again in {} of 100", of_hundred(*share)));
    LimitRow {
        name: moved.factor.name.clone(),
        ends: ends(moved),
        inside: inside(moved, limit, &values),
        said: said.join(" and "),
        trust: again.unwrap_or_default(),
    }
}

/// Both ends of a factor in words.
fn ends(moved: &Moved) -> (String, String) {
    let end = |share: f64| match moved.factor.distribution.value(share) {
        brownout_methods::factor::Value::Number(number) => brownout_chart::value(number, ""),
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
    let boxes: Vec<&Failing> = chosen_first(explored).into_iter().take(PANELS).collect();
    let first = boxes.first()?;
    let (step, held, _) = &first.steps[first.chosen?];
    let title = match held.density() {
        Some(density) => format!(
            "What was {} % dense where it was found is {} % dense where it was held out",
            of_hundred(step.density),
            of_hundred(density)
        ),
        None => "No future that was held out lies in the box".to_owned(),
    };
    let subtitle = "Boxes of the peeling, from the whole to the smallest; the large dot is the one told of. The reader of a \
                    peeling picks cherries, so only the half that was held out counts";
    let panels = boxes.iter().map(|failing| {
        let held = |(_, counts, bad): &(_, brownout_methods::discovery::Counts, usize)| {
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
    let ruling = |ruling: &Ruling| match ruling {
        Ruling::Right => brownout_chart::Ruling::Right,
        Ruling::Wrong => brownout_chart::Ruling::Wrong,
        Ruling::Open => brownout_chart::Ruling::Open,
    };
    let lines = part.rows.iter().zip(&choice.rulings).map(|(row, of)| (row.units.clone(), ruling(of))).collect();
    let count = |wanted: Ruling| choice.rulings.iter().filter(|ruling| **ruling == wanted).count();
    let axis = |moved: &Moved| ParallelAxis { name: moved.factor.name.clone(), ends: ends(moved) };
    let key = [
        format!("{chosen} is wrong ({} futures)", count(Ruling::Wrong)),
        format!("cannot be told ({})", count(Ruling::Open)),
        format!("{chosen} is right ({})", count(Ruling::Right)),
    ];
    let axes = explored.explore.unknowns.iter().map(axis).collect();
    let title = match count(Ruling::Wrong) {
        0 => format!("In none of the futures is {chosen} surely the wrong choice for {}", wish(&choice.wished)),
        wrong => format!(
            "Where {chosen} is the wrong choice for {}: {wrong} of {} futures",
            wish(&choice.wished),
            choice.rulings.len()
        ),
    };
    let subtitle = "Each line is a future over all unknowns, each axis the range of one from its lower to its upper end, evenly \
                    by its distribution";
    Some(Figure::new(title, subtitle, Parallel { axes, futures: lines, key }))
}
