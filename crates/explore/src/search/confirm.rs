//! What a search found, in futures that it never saw, beside the schedules of the study and under other structures.

use brownout_methods::factor::Value;
use brownout_methods::interval::{Interval, mean_interval};
use brownout_methods::robust::Direction;
use brownout_methods::search::chance_not_dominated;

use super::lived::Lived;
use super::{Chosen, Generation, SearchFault, UNDEFINED, futures, losses};
use crate::adaptive::Lives;
use crate::file::{Explore, Search};
use crate::points::Template;
use crate::{Apart, ExploreDraws};

/// Resamples of the futures behind the chance that nothing dominates a schedule.
const RESAMPLES: u64 = 1_000;

/// What a search came to.
#[derive(Clone, Debug)]
pub struct Searched {
    /// The generations, in order.
    pub generations: Vec<Generation>,
    /// What was found and confirmed, by the first outcome, the best first.
    pub front: Vec<Member>,
    /// The schedules of the study in the same futures.
    pub known: Vec<Vec<Option<Interval>>>,
    /// The same under each structure that was asked.
    pub against: Vec<Against>,
    /// Futures that confirm.
    pub futures: usize,
    /// Certainty of all intervals.
    pub certainty: f64,
}

/// A schedule that was found.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its levers.
    pub levers: Vec<Value>,
    /// How it fares as the study has it.
    pub side: Side,
    /// Chance that no other one found dominates it.
    pub not_dominated: f64,
    /// Whether that chance reaches the certainty asked for.
    pub is_confirmed: bool,
}

/// How one schedule fares in the futures that confirm.
#[derive(Clone, Debug)]
pub struct Side {
    /// Mean of each outcome with its interval over futures; `None` where it is not defined in all of them.
    pub outcomes: Vec<Option<Interval>>,
    /// Mean paired difference to the first schedule of the study with its interval.
    pub differences: Vec<Option<Interval>>,
    /// Share of the futures in which it is better than the first schedule, by outcome; equal ones count as not better, and where
    /// there is a limit it is the share in which that is kept.
    pub better: Vec<f64>,
    /// Share of the futures in which it is better in every outcome.
    pub better_in_all: f64,
}

/// The front under a structure.
#[derive(Clone, Debug)]
pub struct Against {
    /// Which structure, by its index.
    pub structure: usize,
    /// How the members fare there, in the order of the front.
    pub members: Vec<Side>,
    /// The schedules of the study there.
    pub known: Vec<Vec<Option<Interval>>>,
}

impl Searched {
    /// The member that most often beats the first schedule in every outcome; of equals the first.
    pub fn most_often_better(&self) -> Option<usize> {
        (0..self.front.len())
            .rev()
            .max_by(|&a, &b| self.front[a].side.better_in_all.total_cmp(&self.front[b].side.better_in_all))
    }
}

pub(super) fn confirmed(
    explore: &Explore,
    search: &Search,
    (template, schedules): (&dyn Template, usize),
    found: Vec<Vec<Value>>,
    generations: Vec<Generation>,
    lives: &mut Lives<'_>,
) -> Result<Searched, SearchFault> {
    let futures = futures(explore, Apart::Confirm, search.confirm);
    let kept = vec![vec![Value::Kept; explore.levers.len()]];
    let first = Chosen { template, schedules: vec![0] };
    let mut sides = |structure: Option<usize>| -> Result<(Vec<Lived>, Lived), SearchFault> {
        let members = futures.lived(explore, (&first, 1), &found, structure, lives)?;
        let known = futures.lived(explore, (template, schedules), &kept, structure, lives)?;
        Ok((members, known.into_iter().next().unwrap_or_default()))
    };
    let (members, known) = sides(None)?;
    let all: Vec<Vec<Vec<f64>>> =
        members.iter().map(|lived| lived[0].iter().map(|values| losses(explore, values)).collect()).collect();
    let chances = chance_not_dominated(&ExploreDraws::new(explore.seed), &all, RESAMPLES).unwrap_or_default();
    let level = search.certainty;
    let mut front: Vec<Member> = found
        .iter()
        .zip(&members)
        .enumerate()
        .map(|(at, (levers, lived))| {
            let not_dominated = chances.get(at).copied().unwrap_or(f64::NAN);
            let side = side(explore, &lived[0], &known[0], level);
            Member { levers: levers.clone(), side, not_dominated, is_confirmed: not_dominated >= level }
        })
        .collect();
    let mut against = Vec::new();
    for &structure in &search.against {
        let (members, known) = sides(Some(structure))?;
        let members = members.iter().map(|lived| side(explore, &lived[0], &known[0], level)).collect();
        let known = known.iter().map(|lived| outcomes(explore, lived, level)).collect();
        against.push(Against { structure, members, known });
    }
    let order = order(explore, &front);
    front = order.iter().map(|&at| front[at].clone()).collect();
    for against in &mut against {
        against.members = order.iter().map(|&at| against.members[at].clone()).collect();
    }
    let known = known.iter().map(|lived| outcomes(explore, lived, level)).collect();
    Ok(Searched { generations, front, known, against, futures: search.confirm as usize, certainty: level })
}

/// By the first outcome, the best first; what is not defined last.
fn order(explore: &Explore, front: &[Member]) -> Vec<usize> {
    let less = explore.outcomes.first().is_none_or(|outcome| outcome.wish == Direction::Less);
    let value = |at: usize| {
        let mean = front[at].side.outcomes.first().copied().flatten().map(|interval| interval.value);
        mean.map_or(UNDEFINED, |mean| if less { mean } else { -mean })
    };
    let mut order: Vec<usize> = (0..front.len()).collect();
    order.sort_by(|&a, &b| value(a).total_cmp(&value(b)).then(a.cmp(&b)));
    order
}

fn outcomes(explore: &Explore, lived: &[Vec<Option<f64>>], level: f64) -> Vec<Option<Interval>> {
    (0..explore.outcomes.len())
        .map(|outcome| {
            let values: Option<Vec<f64>> = lived.iter().map(|values| values[outcome]).collect();
            mean_interval(&values?, level)
        })
        .collect()
}

fn side(explore: &Explore, lived: &[Vec<Option<f64>>], first: &[Vec<Option<f64>>], level: f64) -> Side {
    let count = explore.outcomes.len();
    let differences = |outcome: usize| {
        let pairs = lived.iter().zip(first).map(|(a, b)| Some(a[outcome]? - b[outcome]?));
        pairs.collect::<Option<Vec<f64>>>()
    };
    let better: Vec<Vec<bool>> = lived
        .iter()
        .zip(first)
        .map(|(a, b)| {
            let pairs = losses(explore, a).into_iter().zip(losses(explore, b)).zip(&explore.outcomes);
            // Where there is a limit, keeping to it is all that is wished.
            pairs.map(|((a, b), outcome)| if outcome.limit.is_some() { a <= 0.0 } else { a < b }).collect()
        })
        .collect();
    let share = |is: &dyn Fn(&Vec<bool>) -> bool| {
        better.iter().filter(|future| is(future)).count() as f64 / better.len().max(1) as f64
    };
    Side {
        outcomes: outcomes(explore, lived, level),
        differences: (0..count).map(|outcome| mean_interval(&differences(outcome)?, level)).collect(),
        better: (0..count).map(|outcome| share(&|future| future[outcome])).collect(),
        better_in_all: share(&|future| future.iter().all(|better| *better)),
    }
}
