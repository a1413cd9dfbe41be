//! What an exploration file must keep to.

use std::collections::BTreeSet;
use std::fmt::Display;

use brownout_methods::factor::{Distribution, Factor};
use brownout_methods::robust::Direction;

use super::places::Places;
use super::steps::{Scene, step};
use super::wire::{DistWire, ExploreWire, OptionWire, OutcomeWire, WishWire};
use super::{Explore, How, Moved, Wished, problem};
use brownout_experiment::Measure;
use brownout_reading::problem::Problem;
use brownout_text::names::nearest;

/// Most problems that are listed; the others are counted.
const LISTED_MAX: usize = 100;

/// Problems found so far.
#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<Problem>);

impl Mistakes {
    pub(super) fn add(&mut self, field: &str, message: String, help: &str) {
        self.0.push(problem(field, message, help));
    }

    /// The value, or its error as a problem.
    pub(super) fn of<T, E: Display>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(field, error.to_string(), "")).ok()
    }

    fn listed(mut self) -> Vec<Problem> {
        let more = self.0.len().saturating_sub(LISTED_MAX);
        self.0.truncate(LISTED_MAX);
        if more > 0 {
            self.add("", format!("{more} more problems are not listed"), "mend these first");
        }
        self.0
    }
}

pub(super) fn checked(wire: ExploreWire, places: &Places) -> Result<Explore, Vec<Problem>> {
    let mut found = Mistakes::default();
    numbers(&wire, &mut found);
    let futures = wire.futures.unwrap_or_default();
    let paths = |path: String, also: Vec<String>| std::iter::once(path).chain(also).collect::<Vec<_>>();
    let levers = wire.levers.into_iter().map(|l| (l.name, paths(l.path, l.also), How::Set, l.range, String::new()));
    let levers: Vec<Option<Moved>> = moved("levers", levers, &mut found);
    let unknowns = wire.unknowns.into_iter().map(|u| (u.name, paths(u.path, u.also), u.how, u.dist, u.source));
    let unknowns: Vec<Option<Moved>> = moved("unknowns", unknowns, &mut found);
    if levers.is_empty() && unknowns.is_empty() {
        found.add(
            "unknowns",
            "names nothing that is not known, and levers nothing to choose".into(),
            "add at least one",
        );
    }
    distinct(&levers, &unknowns, &mut found);
    named("schedules", wire.schedules.iter().map(String::as_str), &mut found);
    named("structures", wire.structures.iter().map(|structure| structure.name.as_str()), &mut found);
    let outcomes = wished(&wire.outcomes, &mut found);
    let set = |at: usize| {
        let mut values = places.entries(&format!("structures[{at}].set"));
        values.sort_by(|(one, _), (other, _)| one.cmp(other));
        values.iter().map(|(path, value)| format!("{path}: {}", value.excerpt())).collect::<Vec<_>>().join(", ")
    };
    let sets: Vec<String> = (0..wire.structures.len()).map(set).collect();
    let structures: Vec<String> = wire.structures.into_iter().map(|structure| structure.name).collect();
    let scene = Scene { unknowns: unknowns.len(), levers: levers.len(), outcomes: &outcomes, structures: &structures };
    let steps = wire.steps.iter().enumerate();
    let steps: Vec<_> = steps.map(|(at, wire)| step(wire, &format!("steps[{at}]"), &scene, &mut found)).collect();
    if !found.0.is_empty() {
        return Err(found.listed());
    }
    Ok(Explore {
        question: wire.question,
        study: wire.study,
        tenants: wire.tenants,
        replications: wire.replications.unwrap_or(1),
        futures: (futures.points, futures.replications),
        seed: wire.seed.unwrap_or(1),
        schedules: wire.schedules,
        levers: levers.into_iter().flatten().collect(),
        unknowns: unknowns.into_iter().flatten().collect(),
        structures,
        sets,
        outcomes,
        steps: steps.into_iter().flatten().collect(),
    })
}

/// The numbers that stand alone in the file.
fn numbers(wire: &ExploreWire, found: &mut Mistakes) {
    if wire.version != 1 {
        found.add("version", format!("{} is unknown; expected 1", wire.version), "");
    }
    for (field, count) in [("tenants", wire.tenants), ("replications", wire.replications.map(u64::from))] {
        if count == Some(0) {
            found.add(field, "0 is too few; expected at least 1".into(), "leave it out for the usual number");
        }
    }
    let futures = wire.futures.unwrap_or_default();
    if !(20..=1_000_000).contains(&futures.points) {
        let message = format!("{} futures are not allowed; expected 20 to 1000000", futures.points);
        found.add("futures.points", message, "with 200 a share is known to within 7 percentage points");
    }
    if !(2..=10_000).contains(&futures.replications) {
        let message = format!("{} replications are not allowed; expected 2 to 10000", futures.replications);
        found.add("futures.replications", message, "a difference needs an interval, and that at least 2 replications");
    }
}

type Written = (String, Vec<String>, How, DistWire, String);

fn moved(list: &str, written: impl Iterator<Item = Written>, found: &mut Mistakes) -> Vec<Option<Moved>> {
    let one = |(at, (name, paths, how, dist, source)): (usize, Written)| {
        let field = format!("{list}[{at}]");
        if paths.iter().any(|path| path.trim().is_empty()) {
            found.add(
                &format!("{field}.path"),
                "is empty; expected a path of the study".into(),
                "write \"policy....\" or \"world....\"",
            );
        }
        let is_number = !matches!(dist, DistWire::Choice(_) | DistWire::Date { .. });
        if how != How::Set && !is_number {
            found.add(
                &format!("{field}.how"),
                format!("{how:?} works on numbers only; choices and dates are Set"),
                "write how: Set",
            );
        }
        let is_date = matches!(dist, DistWire::Date { .. });
        let (distribution, options) = distribution(dist, &field, found)?;
        Some(Moved { factor: Factor { name, distribution }, paths, how, is_date, options, source })
    };
    written.enumerate().map(one).collect()
}

fn distribution(dist: DistWire, field: &str, found: &mut Mistakes) -> Option<(Distribution, Vec<OptionWire>)> {
    let made = match dist {
        DistWire::Real(low, high) | DistWire::Uniform(low, high) => Distribution::uniform(low, high),
        DistWire::LogUniform(low, high) => Distribution::log_uniform(low, high),
        DistWire::Triangular(low, mode, high) => Distribution::triangular(low, mode, high),
        DistWire::Integer(first, last) => Distribution::integer(first, last),
        DistWire::Date { first, last, step_days } => {
            let (first, last) = (found.of(field, day(&first)), found.of(field, day(&last)));
            Distribution::steps(first?, last?, step_days.unwrap_or(1))
        }
        DistWire::Choice(options) => {
            let distribution = found.of(field, Distribution::choice(options.len()))?;
            return Some((distribution, options));
        }
    };
    Some((found.of(field, made)?, Vec::new()))
}

/// Days since 1970-01-01.
fn day(text: &str) -> Result<i64, String> {
    let date: jiff::civil::Date =
        text.parse().map_err(|_| format!("\"{text}\" is no date; expected year-month-day, as 2026-12-07"))?;
    Ok(date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24)
}

/// No two factors have one name or one path.
fn distinct(levers: &[Option<Moved>], unknowns: &[Option<Moved>], found: &mut Mistakes) {
    let all = levers.iter().chain(unknowns).flatten();
    named("levers and unknowns", all.map(|moved| moved.factor.name.as_str()), found);
    let mut paths = BTreeSet::new();
    for (list, factors) in [("levers", levers), ("unknowns", unknowns)] {
        for (at, moved) in factors.iter().enumerate() {
            for path in moved.iter().flat_map(|moved| &moved.paths) {
                if !path.is_empty() && !paths.insert(path) {
                    let message = format!("\"{path}\" is moved by two factors; one path has one factor");
                    found.add(&format!("{list}[{at}].path"), message, "take one of them out, or join them");
                }
            }
        }
    }
}

fn named<'a>(list: &str, names: impl Iterator<Item = &'a str>, found: &mut Mistakes) {
    let mut known = BTreeSet::new();
    for name in names {
        if name.trim().is_empty() {
            found.add(list, "a name is empty; tables speak of each by its name".into(), "");
        } else if !known.insert(name) {
            found.add(list, format!("\"{name}\" is named twice; names are unique"), "");
        }
    }
}

fn wished(outcomes: &[OutcomeWire], found: &mut Mistakes) -> Vec<Wished> {
    if outcomes.is_empty() {
        found.add("outcomes", "names no measure".into(), "write (measure: \"lost\", wish: Less)");
    }
    named("outcomes", outcomes.iter().map(|outcome| outcome.measure.as_str()), found);
    let mut one = |(at, wire): (usize, &OutcomeWire)| {
        let field = format!("outcomes[{at}]");
        let (wish, limit, other, words) = match wire.wish {
            WishWire::Less => (Direction::Less, wire.at_most, wire.at_least, ["at_least", "at_most", "Less"]),
            WishWire::More => (Direction::More, wire.at_least, wire.at_most, ["at_most", "at_least", "More"]),
        };
        if other.is_some() {
            let [wrong, right, wish] = words;
            found.add(&field, format!("{wrong} does not go with wish: {wish}"), &format!("write {right}"));
        }
        if let Some(limit) = limit.filter(|limit| !limit.is_finite()) {
            found.add(&field, format!("the limit {limit} is not finite"), "leave it out where there is none");
        }
        Some(Wished { measure: found.of(&field, measure(&wire.measure))?, wish, limit })
    };
    outcomes.iter().enumerate().filter_map(&mut one).collect()
}

/// The measure with a key.
pub(super) fn measure(key: &str) -> Result<Measure, String> {
    let keys = Measure::ALL.map(Measure::key);
    Measure::ALL.into_iter().find(|measure| measure.key() == key).ok_or_else(|| {
        let near = nearest(key, &keys);
        let help = if near.is_empty() { format!("expected one of {}", keys.join(", ")) } else { near };
        format!("\"{key}\" is no measure; {help}")
    })
}
