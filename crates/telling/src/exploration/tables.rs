//! The tables of an exploration as CSV.

mod choices;
mod found;

use std::convert::Infallible;

use brownout_methods::design::Matrix;
use brownout_methods::indices::Scale;
use brownout_methods::interval::Interval;

use brownout_explore::file::Explore;
use brownout_explore::findings::{Explained, Findings};
use brownout_explore::survey::{Aim, SurveyPart, measures};
use brownout_explore::template::{factors, shown, unknowns};
use brownout_text::csv_text::Table;

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
    add("indices.csv", !found.indices.is_empty(), &|| indices(found, schedules, &names));
    add("screening.csv", !found.screening.is_empty(), &|| screening(found, schedules, &names));
    add("boxes.csv", !found.boxes.is_empty(), &|| boxes(found, schedules));
    add("limits.csv", !found.boxes.is_empty(), &|| limits(found, schedules, &names));
    add("robust.csv", !found.judged.is_empty(), &|| robust(found, schedules));
    add("regret.csv", !found.regret.is_empty(), &|| regret(found, schedules, parts));
    add("choices.csv", !found.choices.is_empty(), &|| choices::choices(explore, found, schedules));
    add("turning.csv", !found.turnings.is_empty(), &|| choices::turning(explore, found, schedules));
    let search = found.searches.first();
    add("front.csv", search.is_some(), &|| search.map(|one| found::front(explore, one)).unwrap_or_default());
    add("search.csv", search.is_some(), &|| search.map(found::search).unwrap_or_default());
    add("selection.csv", !found.selections.is_empty(), &|| found::selection(explore, found, schedules));
    add("spans.csv", !found.spans.is_empty(), &|| choices::spans(found, schedules));
    add("ranking.csv", !found.ranking.is_empty(), &|| ranking(found, schedules));
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

fn points(explore: &Explore, parts: &[SurveyPart]) -> Vec<u8> {
    let names = names(explore);
    let mut header = vec!["point", "step", "scramble", "row", "matrix", "block"];
    let moved = factors(explore);
    header.extend(moved.iter().map(|(_, moved)| moved.factor.name.as_str()));
    let mut table = Table::new(&header);
    let mut number = 0;
    for part in parts {
        for (row, point) in part.rows.iter().zip(part.table.points()) {
            let matrix = match row.position.matrix {
                Matrix::A => "A".to_owned(),
                Matrix::B => "B".to_owned(),
                Matrix::Moved(factor) => format!("moved {}", names[factor]),
            };
            let begins = [number.to_string(), part.aim.name(explore), row.position.repeat.to_string()];
            let begins = begins.into_iter().chain([row.position.row.to_string(), matrix, row.block.to_string()]);
            table.row(begins.chain(moved.iter().zip(&point.values).map(|((_, moved), &value)| shown(moved, value))));
            number += 1;
        }
    }
    table.bytes()
}

/// Means over the replications of each point; empty where a measure is not defined.
fn outcomes(explore: &Explore, parts: &[SurveyPart], schedules: &[String]) -> Vec<u8> {
    let measures = measures(explore);
    let header: Vec<&str> = ["point", "schedule"].into_iter().chain(measures.iter().map(|m| m.key())).collect();
    let mut table = Table::new(&header);
    let mut before = 0;
    for part in parts {
        for row in part.table.rows() {
            for (lived, schedule) in row.outcome.iter().flatten().zip(schedules) {
                let mean = |measure: usize| {
                    let values = lived.iter().map(|values| values[measure]).collect::<Option<Vec<f64>>>();
                    values.map_or_else(String::new, |values| {
                        (values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64).to_string()
                    })
                };
                let begins = [(before + row.point).to_string(), schedule.clone()];
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
    let header = ["point", "schedule", "replication"].into_iter().chain(measures.iter().map(|m| m.key()));
    let mut table = Table::new(&header.collect::<Vec<_>>());
    let mut before = 0;
    for part in parts {
        let each = u64::from(part.question.replications);
        for row in part.table.rows() {
            let first = part.table.points()[row.point].block * each;
            for (lived, schedule) in row.outcome.iter().flatten().zip(schedules) {
                for (number, values) in (first..).zip(lived) {
                    let begins = [(before + row.point).to_string(), schedule.clone(), number.to_string()];
                    let value = |value: &Option<f64>| value.map_or_else(String::new, |value| value.to_string());
                    table.row(begins.into_iter().chain(values.iter().map(value)));
                }
            }
        }
        before += part.rows.len();
    }
    table.bytes()
}

fn interval(interval: Interval) -> [String; 3] {
    [interval.value, interval.low, interval.high].map(|number| number.to_string())
}

fn indices(found: &Findings, schedules: &[String], names: &[String]) -> Vec<u8> {
    let header = ["schedule", "of", "outcome", "factor", "kind", "value", "low", "high", "verdict", "scale"];
    let mut table = Table::new(&header);
    for explained in &found.indices {
        let scale = if explained.scale == Scale::Rank { "rank" } else { "value" };
        for (index, name) in explained.factors.iter().zip(names) {
            for (kind, value) in [("first", index.first), ("total", index.total)] {
                let what = [schedules[explained.schedule].clone(), of(explained, schedules)];
                let what = what.into_iter().chain([explained.measure.key().to_owned(), name.clone(), kind.to_owned()]);
                let verdict = [index.verdict.words().to_owned(), scale.to_owned()];
                table.row(what.chain(interval(value)).chain(verdict));
            }
        }
    }
    table.bytes()
}

fn screening(found: &Findings, schedules: &[String], names: &[String]) -> Vec<u8> {
    let mut table = Table::new(&["factor", "outcome", "mu", "mu_star", "low", "high", "sigma", "schedule"]);
    for screened in &found.screening {
        for (effect, name) in screened.effects.iter().zip(names) {
            let [star, low, high] = interval(effect.mu_star);
            let what = [name.clone(), screened.measure.key().to_owned(), effect.mu.value.to_string(), star, low, high];
            table.row(what.into_iter().chain([effect.sigma.to_string(), schedules[screened.schedule].clone()]));
        }
    }
    table.bytes()
}

fn boxes(found: &Findings, schedules: &[String]) -> Vec<u8> {
    let header = ["schedule", "box", "step", "n", "k", "coverage", "density", "mass", "dims"];
    let header: Vec<&str> = header.into_iter().chain(["held_coverage", "held_density", "chosen", "bad"]).collect();
    let mut table = Table::new(&header);
    for failing in &found.boxes {
        for (at, (step, held, held_bad)) in failing.steps.iter().enumerate() {
            let share = |share: Option<f64>| share.map_or_else(String::new, |share| share.to_string());
            let counts = [at, step.counts.n, step.counts.k].map(|count| count.to_string());
            let shares = [step.coverage, step.density, step.mass].map(|share| share.to_string());
            let chosen = (failing.chosen == Some(at)).to_string();
            let ends = [step.dims.to_string(), share(held.coverage(*held_bad)), share(held.density()), chosen];
            let what = [schedules[failing.schedule].clone(), "1".to_owned()];
            table.row(what.into_iter().chain(counts).chain(shares).chain(ends).chain([failing.bad.clone()]));
        }
    }
    table.bytes()
}

fn limits(found: &Findings, schedules: &[String], names: &[String]) -> Vec<u8> {
    let header = ["schedule", "box", "factor", "low", "high", "without", "quasi_p", "reproduced", "told"];
    let mut table = Table::new(&header);
    for failing in &found.boxes {
        let Some((step, ..)) = failing.chosen.and_then(|chosen| failing.steps.get(chosen)) else { continue };
        for factor in step.limits.restricted() {
            let limit = &step.limits.0[factor];
            let end = |end: f64| if end.is_finite() { end.to_string() } else { String::new() };
            let share = |share: Option<f64>| share.map_or_else(String::new, |share| share.to_string());
            let without: Vec<String> = limit.without.iter().map(f64::to_string).collect();
            let trust = [share(failing.quasi_p[factor]), share(failing.reproduced.get(factor).copied())];
            let what = [schedules[failing.schedule].clone(), "1".to_owned(), names[factor].clone()];
            let ends = [end(limit.low), end(limit.high), without.join(" ")];
            let told = failing.told.as_ref().is_some_and(|told| told.limits.0[factor].is_restricted());
            table.row(what.into_iter().chain(ends).chain(trust).chain([told.to_string()]));
        }
    }
    table.bytes()
}

fn robust(found: &Findings, schedules: &[String]) -> Vec<u8> {
    let mut table = Table::new(&["schedule", "criterion", "value", "low", "high", "rank", "chance_best", "outcome"]);
    for criterion in &found.judged {
        let chances = found.chance_best.iter().find(|(measure, _)| *measure == criterion.measure);
        for (at, judged) in criterion.judged.iter().enumerate() {
            let ends = judged.interval.map_or_else(Default::default, |i| [i.low.to_string(), i.high.to_string()]);
            let chance = chances.map_or_else(String::new, |(_, all)| all[at].value.to_string());
            let what = [schedules[at].clone(), criterion.name.clone(), judged.value.to_string()];
            let last = [judged.rank.to_string(), chance, criterion.measure.key().to_owned()];
            table.row(what.into_iter().chain(ends).chain(last));
        }
    }
    table.bytes()
}

fn regret(found: &Findings, schedules: &[String], parts: &[SurveyPart]) -> Vec<u8> {
    let before: usize = parts.iter().take_while(|part| part.aim != Aim::Futures).map(|part| part.rows.len()).sum();
    let mut table = Table::new(&["schedule", "point", "regret", "outcome"]);
    for (measure, by_schedule) in &found.regret {
        for (regrets, schedule) in by_schedule.iter().zip(schedules) {
            for (future, regret) in regrets.iter().enumerate() {
                let point = (before + future).to_string();
                table.row([schedule.clone(), point, regret.to_string(), measure.key().to_owned()]);
            }
        }
    }
    table.bytes()
}

fn ranking(found: &Findings, schedules: &[String]) -> Vec<u8> {
    let shares = ["better", "worse", "cannot_be_told"];
    let columns =
        shares.iter().flat_map(|share| [(*share).to_owned(), format!("{share}_low"), format!("{share}_high")]);
    let header: Vec<String> = ["first", "second", "outcome"].into_iter().map(str::to_owned).chain(columns).collect();
    let mut table = Table::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
    for (wished, pairs) in &found.ranking {
        for pair in pairs {
            let what = [schedules[pair.first].clone(), schedules[pair.second].clone(), wished.measure.key().to_owned()];
            let shares = [pair.better, pair.worse, pair.cannot_be_told].into_iter().flat_map(interval);
            table.row(what.into_iter().chain(shares));
        }
    }
    table.bytes()
}
