//! Search over schedules: candidates are the first schedule with other values of its levers.
//!
//! - Every candidate lives the same few futures, each a draw of all unknowns with luck of its own; less is better in the mean over
//!   them. A search that lived one future would find what suits that future.
//! - What is found is lived again in futures that the search never saw, beside the schedules of the study; only these numbers
//!   are told, each with its interval, and with the chance that no other one found dominates it.
//! - The same is lived under each structure it is asked against. A front that falls there is carried by the study's own form of
//!   how people respond, and that is said beside it.

mod confirm;
mod lived;

use std::collections::BTreeMap;

use brownout_methods::design::LatinHypercube;
use brownout_methods::discovery::FactorKind;
use brownout_methods::factor::Value;
use brownout_methods::robust::Direction;
use brownout_methods::search::{Nsga2, Options, hypervolume};

use super::adaptive::Lives;
use super::file::{Explore, Search};
use super::points::{Point, Template, key};
use super::{Apart, ExploreDraws};
pub use confirm::{Against, Member, Searched, Side};
pub(super) use lived::{Chosen, Futures};

/// A generation as the search saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// Its number, from 1.
    pub number: u64,
    /// Candidates lived so far; equal ones once.
    pub evaluations: u64,
    /// Hypervolume of the front below the worst of the first generation and a hundredth more, in the product of the units, as the search saw it;
    /// `None` unless there are two or three outcomes.
    pub hypervolume: Option<f64>,
}

/// A loss that stands for an outcome that is not defined: a median that is never reached is worse than any that is.
const UNDEFINED: f64 = 1e300;

/// Why a search gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchFault {
    /// It was stopped.
    #[error("stopped")]
    Stopped,
    /// A candidate has no study.
    #[error("a candidate has no study: {0}")]
    NoStudy(String),
}

/// How many lives a search takes at most, in tenants of one schedule.
pub fn lives(search: &Search, schedules: usize) -> u64 {
    let candidates = search.population as u64 * search.generations * u64::from(search.futures);
    let confirmed = search.population as u64 + schedules as u64;
    candidates + confirmed * u64::from(search.confirm) * (1 + search.against.len() as u64)
}

/// Searches and confirms.
///
/// # Errors
/// [`SearchFault`].
pub(super) fn searched(
    explore: &Explore,
    search: &Search,
    (template, schedules): (&dyn Template, usize),
    lives: &mut Lives<'_>,
) -> Result<Searched, SearchFault> {
    let draws = ExploreDraws::new(explore.seed);
    let genes = explore.levers.iter().map(|lever| match lever.factor.distribution.is_choice() {
        true => FactorKind::Choice,
        false => FactorKind::Ordered,
    });
    let Ok(mut method) = Nsga2::new(genes.collect(), Options::usual(search.population)) else {
        return Err(SearchFault::NoStudy("the search has no levers, or no population that serves".to_owned()));
    };
    let futures = futures(explore, Apart::Search, search.futures);
    let mut known: BTreeMap<_, Vec<f64>> = BTreeMap::new();
    let (mut generations, mut reference) = (Vec::new(), Vec::new());
    for number in 1..=search.generations {
        let asked: Vec<Vec<Value>> = method.ask(&draws).iter().map(|units| levers(explore, units)).collect();
        let mut fresh: Vec<Vec<Value>> = Vec::new();
        for candidate in &asked {
            let key = identity(candidate);
            if !known.contains_key(&key) && !fresh.iter().any(|other| identity(other) == key) {
                fresh.push(candidate.clone());
            }
        }
        let first = Chosen { template, schedules: vec![0] };
        let lived = futures.lived(explore, (&first, 1), &fresh, None, lives)?;
        for (candidate, futures) in fresh.iter().zip(lived) {
            known.insert(identity(candidate), means(explore, &futures[0]));
        }
        let outcomes: Vec<Vec<f64>> = asked.iter().map(|candidate| known[&identity(candidate)].clone()).collect();
        if number == 1 {
            reference = worst(&outcomes);
        }
        if let Err(error) = method.tell(&draws, outcomes) {
            return Err(SearchFault::NoStudy(error.to_string()));
        }
        let front: Vec<Vec<f64>> = method.front().into_iter().map(|candidate| candidate.outcomes.clone()).collect();
        let volume = hypervolume(&front, &reference);
        generations.push(Generation { number, evaluations: known.len() as u64, hypervolume: volume });
    }
    let mut found: Vec<Vec<Value>> = Vec::new();
    for candidate in method.front() {
        let candidate = levers(explore, &candidate.units);
        if !found.iter().any(|other| identity(other) == identity(&candidate)) {
            found.push(candidate);
        }
    }
    confirm::confirmed(explore, search, (template, schedules), found, generations, lives)
}

/// The futures of a part of the work: a Latin hypercube over the unknowns, each with a replication of its own.
fn futures(explore: &Explore, part: Apart, count: u32) -> Futures {
    let draws = ExploreDraws::new(explore.seed).apart(part);
    let design = LatinHypercube::new(&draws, explore.unknowns.len().max(1), u64::from(count));
    let rows = design.map(|design| (0..design.rows()).map(|number| design.row(&draws, number).units).collect());
    Futures { units: rows.unwrap_or_default(), first: part.first_replication() }
}

fn levers(explore: &Explore, units: &[f64]) -> Vec<Value> {
    explore.levers.iter().zip(units).map(|(lever, &unit)| lever.factor.distribution.value(unit)).collect()
}

/// What makes two candidates equal.
fn identity(levers: &[Value]) -> (u64, Vec<(u8, u64)>) {
    key(&Point { values: levers.to_vec(), block: 0 })
}

/// Values of a future as losses: less is better. Of an outcome with a limit only what goes beyond it is a loss.
fn losses(explore: &Explore, values: &[Option<f64>]) -> Vec<f64> {
    let loss = |(outcome, value): (&super::file::Wished, &Option<f64>)| {
        let Some(value) = *value else { return UNDEFINED };
        let sign = if outcome.wish == Direction::Less { 1.0 } else { -1.0 };
        outcome.limit.map_or(sign * value, |limit| (sign * (value - limit)).max(0.0))
    };
    explore.outcomes.iter().zip(values).map(loss).collect()
}

/// Mean losses over futures; one that is not defined in some future counts as not defined.
fn means(explore: &Explore, futures: &[Vec<Option<f64>>]) -> Vec<f64> {
    let all: Vec<Vec<f64>> = futures.iter().map(|values| losses(explore, values)).collect();
    let mean = |outcome: usize| {
        let sum = all.iter().fold(0.0, |sum, losses| sum + losses[outcome]);
        if all.iter().any(|losses| losses[outcome] >= UNDEFINED) { UNDEFINED } else { sum / all.len().max(1) as f64 }
    };
    (0..explore.outcomes.len()).map(mean).collect()
}

/// The worst of each outcome that is defined, and a little more: what is as bad as that still counts.
fn worst(outcomes: &[Vec<f64>]) -> Vec<f64> {
    let width = outcomes.first().map_or(0, Vec::len);
    let most = |outcome: usize| {
        let defined = outcomes.iter().map(|losses| losses[outcome]).filter(|loss| *loss < UNDEFINED);
        let worst = defined.fold(f64::NEG_INFINITY, f64::max);
        worst + (worst.abs() * 0.01).max(1e-9)
    };
    (0..width).map(most).collect()
}
