//! The tables of an exploration: frames, but for those of points, which are written row by row as they may be long.

mod choices;
mod found;

use std::convert::Infallible;

pub use choices::read_spans;

use brownout_methods::design::Matrix;
use brownout_methods::indices::Scale;
use brownout_methods::interval::Interval;

use brownout_experiment::Measure;
use brownout_explore::file::{Explore, Moved};
use brownout_explore::findings::{Explained, Findings};
use brownout_explore::survey::{Aim, SurveyPart, measures};
use brownout_explore::template::{factors, shown, unknowns};
use brownout_kernel::time::Day;
use brownout_methods::factor;

use crate::columns;
use crate::frame::{Column, ColumnKind, CsvRows, Frame, Value};

/// The name of luck among the factors.
pub const LUCK: &str = "luck";

/// Told the name and the bytes of a table.
pub type Each<'a, E> = &'a mut dyn FnMut(&str, Vec<u8>) -> Result<(), E>;

/// Every table by its name; a table nobody asked for is left out.
pub fn tables(
    explore: &Explore,
    parts: &[SurveyPart],
    found: &Findings,
    schedules: &[String],
) -> Vec<(String, Vec<u8>)> {
    let mut tables = Vec::new();
    let taken = each_table::<Infallible>(explore, parts, found, schedules, &mut |name, bytes| {
        tables.push((name.to_owned(), bytes));
        Ok(())
    });
    match taken {
        Ok(()) => tables,
        Err(never) => match never {},
    }
}

/// Hands over every table by its name, one after the other: those of many points are large, so only one is in memory at a time.
///
/// # Errors
/// The first error of `each`; no further table is made.
pub fn each_table<E>(
    explore: &Explore,
    parts: &[SurveyPart],
    found: &Findings,
    schedules: &[String],
    each: Each<'_, E>,
) -> Result<(), E> {
    let names = names(explore);
    let mut met = Ok(());
    let mut add = |name: &str, is_asked: bool, made: &dyn Fn() -> Vec<u8>| {
        if is_asked && met.is_ok() {
            met = each(name, made());
        }
    };
    add("points.csv", true, &|| points(explore, parts));
    add("outcomes.csv", true, &|| outcomes(explore, parts, schedules));
    add("replications.csv", true, &|| replications(explore, parts, schedules));
    add("indices.csv", !found.indices.is_empty(), &|| indices(found, schedules, &names).csv());
    add("screening.csv", !found.screening.is_empty(), &|| screening(found, schedules, &names).csv());
    add("boxes.csv", !found.boxes.is_empty(), &|| boxes(found, schedules).csv());
    add("limits.csv", !found.boxes.is_empty(), &|| limits(found, schedules, &names).csv());
    add("robust.csv", !found.judged.is_empty(), &|| robust(found, schedules).csv());
    add("regret.csv", !found.regret.is_empty(), &|| regret(found, schedules, parts).csv());
    add("choices.csv", !found.choices.is_empty(), &|| choices::choices(explore, found, schedules).csv());
    add("turning.csv", !found.turnings.is_empty(), &|| choices::turning(explore, found, schedules).csv());
    let search = found.searches.first();
    add("front.csv", search.is_some(), &|| search.map(|one| found::front(explore, one).csv()).unwrap_or_default());
    add("search.csv", search.is_some(), &|| search.map(|one| found::search(one).csv()).unwrap_or_default());
    add("selection.csv", !found.selections.is_empty(), &|| found::selection(explore, found, schedules).csv());
    add("spans.csv", !found.spans.is_empty(), &|| choices::spans(found, schedules).csv());
    add("ranking.csv", !found.ranking.is_empty(), &|| ranking(found, schedules).csv());
    met
}

/// The names of all unknowns, luck last.
pub fn names(explore: &Explore) -> Vec<String> {
    let names = unknowns(explore).into_iter().map(|(_, moved)| moved.factor.name.clone());
    names.chain([LUCK.to_owned()]).collect()
}

/// What is explained: the level, or the difference to the first schedule.
pub fn of(explained: &Explained, schedules: &[String]) -> String {
    if explained.is_difference { format!("difference to {}", schedules[0]) } else { "level".to_owned() }
}

/// A column for each end of an interval: `NAME`, `NAME_low`, `NAME_high`.
fn ends(name: &str, unit: &'static str) -> [Column; 3] {
    ["", "_low", "_high"].map(|end| Column::new(format!("{name}{end}"), unit, ColumnKind::Number))
}

/// A column for the values of a factor.
fn factor_column(moved: &Moved) -> Column {
    let kind = match moved.factor.distribution.value(0.5) {
        factor::Value::Whole(_) if moved.is_date => ColumnKind::Date,
        factor::Value::Whole(_) => ColumnKind::Integer,
        factor::Value::Choice(_) => ColumnKind::Text,
        factor::Value::Number(_) | factor::Value::Kept => ColumnKind::Number,
    };
    Column::new(&moved.factor.name, "", kind)
}

/// A value of a factor.
fn factor_value(moved: &Moved, value: factor::Value) -> Value {
    match value {
        factor::Value::Number(number) => number.into(),
        factor::Value::Whole(day) if moved.is_date => match i32::try_from(day) {
            Ok(day) => Value::Date(Day::from_number(day)),
            Err(_) => Value::Missing,
        },
        factor::Value::Whole(whole) => whole.into(),
        factor::Value::Choice(_) => shown(moved, value).into(),
        factor::Value::Kept => Value::Missing,
    }
}

fn outcome_column(measure: &Measure) -> Column {
    Column::new(measure.key(), measure.unit(), ColumnKind::Number)
}

fn points(explore: &Explore, parts: &[SurveyPart]) -> Vec<u8> {
    let names = names(explore);
    let moved = factors(explore);
    let mut columns = columns![Integer point, Text step, Integer scramble, Integer row, Text matrix, Integer block];
    columns.extend(moved.iter().map(|(_, moved)| factor_column(moved)));
    let mut table = CsvRows::new(columns, parts.iter().map(|part| part.rows.len()).sum());
    let mut number = 0_usize;
    for part in parts {
        for (row, point) in part.rows.iter().zip(part.table.points()) {
            let matrix = match row.position.matrix {
                Matrix::A => "A".to_owned(),
                Matrix::B => "B".to_owned(),
                Matrix::Moved(factor) => format!("moved {}", names[factor]),
            };
            let begins: [Value; 4] =
                [number.into(), part.aim.name(explore).into(), row.position.repeat.into(), row.position.row.into()];
            let begins = begins.into_iter().chain([matrix.into(), row.block.into()]);
            let values = moved.iter().zip(&point.values).map(|((_, moved), &value)| factor_value(moved, value));
            table.row(begins.chain(values));
            number += 1;
        }
    }
    table.bytes()
}

/// Outcomes of a part: one for each point that was lived, and schedule.
fn outcomes_of(part: &SurveyPart) -> usize {
    part.table.rows().map(|row| row.outcome.iter().flatten().count()).sum()
}

/// Means over the replications of each point; empty where a measure is not defined.
fn outcomes(explore: &Explore, parts: &[SurveyPart], schedules: &[String]) -> Vec<u8> {
    let measures = measures(explore);
    let mut columns = columns![Integer point, Text schedule];
    columns.extend(measures.iter().map(outcome_column));
    let mut table = CsvRows::new(columns, parts.iter().map(outcomes_of).sum());
    let mut before = 0;
    for part in parts {
        for row in part.table.rows() {
            for (lived, schedule) in row.outcome.iter().flatten().zip(schedules) {
                let mean = |measure: usize| {
                    let values = lived.iter().map(|values| values[measure]).collect::<Option<Vec<f64>>>();
                    values.map(|values| values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64).into()
                };
                let begins: [Value; 2] = [(before + row.point).into(), schedule.into()];
                table.row(begins.into_iter().chain((0..measures.len()).map(mean)));
            }
        }
        before += part.rows.len();
    }
    table.bytes()
}

/// Every replication of each point by its number, which says whose luck it is; empty where a measure is not defined.
fn replications(explore: &Explore, parts: &[SurveyPart], schedules: &[String]) -> Vec<u8> {
    let measures = measures(explore);
    let mut columns = columns![Integer point, Text schedule, Integer replication];
    columns.extend(measures.iter().map(outcome_column));
    let mut table =
        CsvRows::new(columns, parts.iter().map(|part| part.question.replications as usize * outcomes_of(part)).sum());
    let mut before = 0;
    for part in parts {
        let each = u64::from(part.question.replications);
        for row in part.table.rows() {
            let first = part.table.points()[row.point].block * each;
            for (lived, schedule) in row.outcome.iter().flatten().zip(schedules) {
                for (number, values) in (first..).zip(lived) {
                    let begins: [Value; 3] = [(before + row.point).into(), schedule.into(), number.into()];
                    table.row(begins.into_iter().chain(values.iter().map(|&value| value.into())));
                }
            }
        }
        before += part.rows.len();
    }
    table.bytes()
}

fn interval(interval: Interval) -> [Value; 3] {
    [interval.value, interval.low, interval.high].map(Value::from)
}

fn indices(found: &Findings, schedules: &[String], names: &[String]) -> Frame {
    let columns = columns![
        Text schedule, Text of, Text outcome, Text factor, Text kind, Number value "share of variance",
        Number low "share of variance", Number high "share of variance", Text verdict, Text scale,
    ];
    let mut frame = Frame::new("indices", columns);
    for explained in &found.indices {
        let scale = if explained.scale == Scale::Rank { "rank" } else { "value" };
        for (index, name) in explained.factors.iter().zip(names) {
            for (kind, value) in [("first", index.first), ("total", index.total)] {
                let what: [Value; 3] = [
                    (&schedules[explained.schedule]).into(),
                    of(explained, schedules).into(),
                    explained.measure.key().into(),
                ];
                let what = what.into_iter().chain([name.into(), kind.into()]);
                let verdict: [Value; 2] = [index.verdict.words().into(), scale.into()];
                frame.row(what.chain(interval(value)).chain(verdict));
            }
        }
    }
    frame
}

fn screening(found: &Findings, schedules: &[String], names: &[String]) -> Frame {
    let columns = columns![
        Text factor, Text outcome, Number mu, Number mu_star, Number low, Number high, Number sigma, Text schedule,
    ];
    let mut frame = Frame::new("screening", columns);
    for screened in &found.screening {
        for (effect, name) in screened.effects.iter().zip(names) {
            let what: [Value; 3] = [name.into(), screened.measure.key().into(), effect.mu.value.into()];
            let last: [Value; 2] = [effect.sigma.into(), (&schedules[screened.schedule]).into()];
            frame.row(what.into_iter().chain(interval(effect.mu_star)).chain(last));
        }
    }
    frame
}

fn boxes(found: &Findings, schedules: &[String]) -> Frame {
    let columns = columns![
        Text schedule, Integer box, Integer step, Integer n "futures", Integer k "futures", Number coverage, Number density,
        Number mass, Integer dims, Number held_coverage, Number held_density, Truth chosen, Text bad,
    ];
    let mut frame = Frame::new("boxes", columns);
    for failing in &found.boxes {
        for (at, (step, held, held_bad)) in failing.steps.iter().enumerate() {
            frame.row([
                (&schedules[failing.schedule]).into(),
                Value::Integer(1),
                at.into(),
                step.counts.n.into(),
                step.counts.k.into(),
                step.coverage.into(),
                step.density.into(),
                step.mass.into(),
                step.dims.into(),
                held.coverage(*held_bad).into(),
                held.density().into(),
                (failing.chosen == Some(at)).into(),
                (&failing.bad).into(),
            ]);
        }
    }
    frame
}

fn limits(found: &Findings, schedules: &[String], names: &[String]) -> Frame {
    let columns = columns![
        Text schedule, Integer box, Text factor, Number low, Number high, Text without, Number quasi_p, Number reproduced,
        Truth told,
    ];
    let mut frame = Frame::new("limits", columns);
    for failing in &found.boxes {
        let Some((step, ..)) = failing.chosen.and_then(|chosen| failing.steps.get(chosen)) else { continue };
        for factor in step.limits.restricted() {
            let limit = &step.limits.0[factor];
            let end = |end: f64| Value::from(Some(end).filter(|end| end.is_finite()));
            let without: Vec<String> = limit.without.iter().map(f64::to_string).collect();
            frame.row([
                (&schedules[failing.schedule]).into(),
                Value::Integer(1),
                (&names[factor]).into(),
                end(limit.low),
                end(limit.high),
                without.join(" ").into(),
                failing.quasi_p[factor].into(),
                failing.reproduced.get(factor).copied().into(),
                failing.told.as_ref().is_some_and(|told| told.limits.0[factor].is_restricted()).into(),
            ]);
        }
    }
    frame
}

fn robust(found: &Findings, schedules: &[String]) -> Frame {
    let columns = columns![
        Text schedule, Text criterion, Number value, Number low, Number high, Integer rank,
        Number chance_best "share of futures", Text outcome,
    ];
    let mut frame = Frame::new("robust", columns);
    for criterion in &found.judged {
        let chances = found.chance_best.iter().find(|(measure, _)| *measure == criterion.measure);
        for (at, judged) in criterion.judged.iter().enumerate() {
            frame.row([
                (&schedules[at]).into(),
                (&criterion.name).into(),
                judged.value.into(),
                judged.interval.map(|interval| interval.low).into(),
                judged.interval.map(|interval| interval.high).into(),
                judged.rank.into(),
                chances.map(|(_, all)| all[at].value).into(),
                criterion.measure.key().into(),
            ]);
        }
    }
    frame
}

fn regret(found: &Findings, schedules: &[String], parts: &[SurveyPart]) -> Frame {
    let before: usize = parts.iter().take_while(|part| part.aim != Aim::Futures).map(|part| part.rows.len()).sum();
    let mut frame = Frame::new("regret", columns![Text schedule, Integer point, Number regret, Text outcome]);
    for (measure, by_schedule) in &found.regret {
        for (regrets, schedule) in by_schedule.iter().zip(schedules) {
            for (future, &regret) in regrets.iter().enumerate() {
                frame.row([schedule.into(), (before + future).into(), regret.into(), measure.key().into()]);
            }
        }
    }
    frame
}

fn ranking(found: &Findings, schedules: &[String]) -> Frame {
    let mut columns = columns![Text first, Text second, Text outcome];
    columns.extend(["better", "worse", "cannot_be_told"].into_iter().flat_map(|share| ends(share, "share of futures")));
    let mut frame = Frame::new("ranking", columns);
    for (wished, pairs) in &found.ranking {
        for pair in pairs {
            let what: [Value; 3] =
                [(&schedules[pair.first]).into(), (&schedules[pair.second]).into(), wished.measure.key().into()];
            let shares = [pair.better, pair.worse, pair.cannot_be_told].into_iter().flat_map(interval);
            frame.row(what.into_iter().chain(shares));
        }
    }
    frame
}
