//! Steps that decide as they go, checked: searches over levers, selections among schedules.

use brownout_methods::discovery::FactorKind;
use brownout_methods::search::{Nsga2, Options};
use brownout_methods::selection::{Kn, KnOptions};

use super::{Scene, Search, Selection, Spending, Step};
use crate::file::check::{self, Mistakes};
use crate::file::wire::{ConfirmWire, OneOrMore, SearchWire, SelectWire};
use brownout_text::names::{nearest, one_of};

/// Futures of a search if the file names no number.
const FUTURES: u32 = 8;
/// Most replications, candidates or generations: beyond that a number is a slip.
const MOST: u64 = 1_000_000;
/// Certainty of a selection if the file names none.
const CERTAINTY: f64 = 0.95;

type Asked<'a> = (&'a SearchWire, &'a ConfirmWire, Option<u32>, &'a OneOrMore);

pub(super) fn search(
    (SearchWire::Nsga2 { population, generations }, confirm, futures, against): Asked<'_>,
    field: &str,
    scene: &Scene<'_>,
    found: &mut Mistakes,
) -> Option<Step> {
    let genes = vec![FactorKind::Ordered; scene.levers];
    let method = found.of(field, Nsga2::new(genes, Options::usual(*population)));
    let generations = range(*generations, 1, "generations", field, found);
    let confirmed = range(u64::from(confirm.replications), 2, "confirm.replications", field, found);
    let certainty = certain(confirm.certainty, &format!("{field}.confirm.certainty"), found);
    let futures = range(u64::from(futures.unwrap_or(FUTURES)), 1, "futures", field, found);
    let against = structures(against, &format!("{field}.against"), scene.structures, found);
    method?;
    Some(Step::Search(Search {
        population: *population,
        generations: generations?,
        futures: futures? as u32,
        confirm: confirmed? as u32,
        certainty: certainty?,
        against: against?,
    }))
}

pub(super) fn selection(
    by: &SelectWire,
    certainty: Option<f64>,
    field: &str,
    scene: &Scene<'_>,
    found: &mut Mistakes,
) -> Option<Step> {
    let certainty = certain(certainty.unwrap_or(CERTAINTY), &format!("{field}.certainty"), found);
    let (measure, first, most) = match by {
        SelectWire::Kn { measure, first, most, .. } | SelectWire::Ocba { measure, first, most, .. } => {
            (measure, *first, *most)
        }
    };
    let outcome = found.of(&format!("{field}.measure"), judged(measure, scene));
    let first = range(first, 2, "first", field, found);
    let most = range(most, first.unwrap_or(2), "most", field, found);
    let by = match by {
        SelectWire::Kn { delta, .. } => {
            let options = KnOptions { alpha: 1.0 - certainty.unwrap_or(CERTAINTY), delta: *delta, first_stage: 2 };
            found.of(&format!("{field}.delta"), Kn::new(2, options)).map(|_| Spending::Kn(*delta))
        }
        SelectWire::Ocba { batch, .. } => range(*batch, 1, "batch", field, found).map(Spending::Ocba),
    };
    Some(Step::Select(Selection { by: by?, outcome: outcome?, first: first?, most: most?, certainty: certainty? }))
}

/// The index of a measure among the outcomes.
fn judged(key: &str, scene: &Scene<'_>) -> Result<usize, String> {
    let measure = check::measure(key)?;
    let index = scene.outcomes.iter().position(|outcome| outcome.measure == measure);
    index.ok_or_else(|| format!("\"{key}\" is not among the outcomes; add it there, with a wish of Less or More"))
}

fn range(number: u64, least: u64, name: &str, field: &str, found: &mut Mistakes) -> Option<u64> {
    let why = || format!("{number} is not allowed; expected {least} to {MOST}");
    found.of(&format!("{field}.{name}"), (least..=MOST).contains(&number).then_some(number).ok_or_else(why))
}

fn certain(certainty: f64, field: &str, found: &mut Mistakes) -> Option<f64> {
    let fits = (0.5..1.0).contains(&certainty);
    let why = || format!("{certainty} is no certainty; expected at least 0.5 and below 1");
    found.of(field, fits.then_some(certainty).ok_or_else(why))
}

/// The indexes of the structures named; of none named, all.
fn structures(named: &OneOrMore, field: &str, all: &[String], found: &mut Mistakes) -> Option<Vec<usize>> {
    let names: Vec<&String> = match named {
        OneOrMore::One(name) => vec![name],
        OneOrMore::More(names) if names.is_empty() => return Some((0..all.len()).collect()),
        OneOrMore::More(names) => names.iter().collect(),
    };
    let mut indexes = Vec::new();
    for name in names {
        match all.iter().position(|structure| structure == name) {
            Some(index) => indexes.push(index),
            None if all.is_empty() => {
                let help = "name alternatives under structures: [(name, set)], and ask against them";
                found.add(field, format!("\"{name}\" is no structure of this file, which has none"), help);
                return None;
            }
            None => {
                let near = nearest(name, all);
                let help = if near.is_empty() { format!("the file has {}", one_of(all)) } else { near };
                found.add(field, format!("\"{name}\" is no structure of this file"), &help);
                return None;
            }
        }
    }
    Some(indexes)
}
