//! Which schedule to choose if nothing more is known: the one that is least often the wrong one.
//!
//! A schedule is *wrong* in a future if another one is clearly better there, or keeps to all limits of the outcomes while it does
//! not. It is *right* if it is clearly better than, or in every replication equal to, each other one. Else the replications
//! do not tell. Clearly means that the paired interval lies on one side of 0, all rivals together at 95 %.

use std::cmp::Reverse;

use brownout_methods::interval::{Interval, mean, mean_interval, share_interval};
use brownout_methods::robust::Direction;

use super::{LEVEL, Values};
use crate::file::{Explore, Wished};

/// What a future says of the chosen schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// The replications do not tell.
    Open,
}

/// The choice by one outcome.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The outcome.
    pub wished: Wished,
    /// The schedule that is least often wrong; of equals the one that is most often right, then the first.
    pub chosen: usize,
    /// Whether schedules were also held to limits of outcomes.
    pub has_limits: bool,
    /// For each schedule the shares of the futures in which it is right, wrong, and neither.
    pub shares: Vec<[Interval; 3]>,
    /// The schedule that most often should have been chosen instead, and in which share of the futures.
    pub rival: Option<(usize, Interval)>,
    /// What each future says of the chosen schedule.
    pub rulings: Vec<Ruling>,
}

impl Choice {
    /// Shares of the futures in which the chosen schedule is right, wrong, and neither.
    pub fn of_chosen(&self) -> [Interval; 3] {
        self.shares[self.chosen]
    }
}

/// How two schedules compare in a future, as the first one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Better,
    Worse,
    Equal,
    Open,
}

/// The choice by each outcome that is defined in every future.
pub(super) fn choices(explore: &Explore, values: &Values) -> Vec<Choice> {
    let outcomes = explore.outcomes.iter().enumerate();
    outcomes.filter_map(|(index, wished)| choice(explore, values, index, *wished)).collect()
}

fn choice(explore: &Explore, values: &Values, index: usize, wished: Wished) -> Option<Choice> {
    let (schedules, futures) = (values.len(), values.first()?.len());
    if schedules < 2 || futures == 0 {
        return None;
    }
    let mut counts = vec![[0usize; 3]; schedules];
    let mut rulings = vec![Vec::with_capacity(futures); schedules];
    let mut beaten = vec![vec![0usize; schedules]; schedules];
    for future in 0..futures {
        let stands = stands(explore, values, index, future)?;
        for (schedule, row) in stands.iter().enumerate() {
            let others = || row.iter().enumerate().filter(|(other, _)| *other != schedule).map(|(_, stand)| *stand);
            let ruling = if others().any(|stand| stand == Stand::Worse) {
                Ruling::Wrong
            } else if others().all(|stand| matches!(stand, Stand::Better | Stand::Equal)) {
                Ruling::Right
            } else {
                Ruling::Open
            };
            counts[schedule][ruling as usize] += 1;
            rulings[schedule].push(ruling);
            for (other, _) in row.iter().enumerate().filter(|(_, stand)| **stand == Stand::Worse) {
                beaten[schedule][other] += 1;
            }
        }
    }
    let chosen =
        (0..schedules).min_by_key(|&schedule| (counts[schedule][1], Reverse(counts[schedule][0]), schedule))?;
    let share = |count: usize| share_interval(count, futures, LEVEL);
    let shares: Option<Vec<[Interval; 3]>> =
        counts.iter().map(|&[right, wrong, open]| Some([share(right)?, share(wrong)?, share(open)?])).collect();
    let rival = (0..schedules).max_by_key(|&other| (beaten[chosen][other], Reverse(other)))?;
    let often = beaten[chosen][rival];
    let rival = if often > 0 { Some((rival, share(often)?)) } else { None };
    let rulings = rulings.swap_remove(chosen);
    Some(Choice { wished, chosen, has_limits: has_limits(explore), shares: shares?, rival, rulings })
}

fn has_limits(explore: &Explore) -> bool {
    explore.outcomes.iter().any(|outcome| outcome.limit.is_some())
}

/// How each schedule stands against each other one in a future; `None` where a value is not defined.
pub(super) fn stands(explore: &Explore, values: &Values, index: usize, future: usize) -> Option<Vec<Vec<Stand>>> {
    let schedules = values.len();
    let keeps: Option<Vec<bool>> = (0..schedules).map(|schedule| keeps(explore, &values[schedule][future])).collect();
    let keeps = keeps?;
    // All comparisons of one schedule together hold at the level (Bonferroni).
    let level = 1.0 - (1.0 - LEVEL) / (schedules as f64 - 1.0);
    let sign = if explore.outcomes[index].wish == Direction::Less { 1.0 } else { -1.0 };
    let losses = |schedule: usize| -> Option<Vec<f64>> {
        values[schedule][future].iter().map(|replication| replication[index].map(|value| sign * value)).collect()
    };
    let losses: Option<Vec<Vec<f64>>> = (0..schedules).map(losses).collect();
    let losses = losses?;
    let stand = |a: usize, b: usize| match (keeps[a], keeps[b]) {
        _ if a == b => Some(Stand::Equal),
        (true, false) => Some(Stand::Better),
        (false, true) => Some(Stand::Worse),
        _ => compared(&losses[a], &losses[b], level),
    };
    (0..schedules).map(|a| (0..schedules).map(|b| stand(a, b)).collect()).collect()
}

fn compared(a: &[f64], b: &[f64], level: f64) -> Option<Stand> {
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    if differences.iter().all(|difference| *difference == 0.0) {
        return Some(Stand::Equal);
    }
    let interval = mean_interval(&differences, level)?;
    Some(match interval {
        _ if interval.high < 0.0 => Stand::Better,
        _ if interval.low > 0.0 => Stand::Worse,
        _ => Stand::Open,
    })
}

/// Whether the means over the replications keep to every limit.
fn keeps(explore: &Explore, replications: &[Vec<Option<f64>>]) -> Option<bool> {
    for (index, outcome) in explore.outcomes.iter().enumerate() {
        let Some(limit) = outcome.limit else { continue };
        let values: Option<Vec<f64>> = replications.iter().map(|values| values[index]).collect();
        let mean = mean(&values?)?;
        let kept = if outcome.wish == Direction::Less { mean <= limit } else { mean >= limit };
        if !kept {
            return Some(false);
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::read_text;

    fn explore(outcomes: &str) -> Explore {
        let text = format!(
            "(version: 1, study: \"s.ron\", unknowns: [(name: \"a\", path: \"policy.x\", dist: Uniform(0, 1))], \
             outcomes: [{outcomes}])"
        );
        read_text(&text).unwrap()
    }

    /// By schedule and future: one outcome in two replications that differ by `noise`.
    fn values(table: &[&[f64]], noise: f64) -> Values {
        let replications = |&value: &f64| vec![vec![Some(value - noise)], vec![Some(value + noise)]];
        table.iter().map(|row| row.iter().map(replications).collect()).collect()
    }

    #[test]
    fn the_schedule_that_is_least_often_wrong_is_chosen() {
        let explore = explore("(measure: \"lost\", wish: Less)");
        let table: [&[f64]; 3] = [&[3.0, 9.0, 2.0, 1.0], &[5.0, 5.0, 5.0, 5.0], &[8.0, 4.0, 3.0, 1.0]];
        let found = &choices(&explore, &values(&table, 0.0))[0];
        // The first is beaten in the second future alone, by both others; the last, beaten twice, ties in the fourth.
        assert_eq!(found.chosen, 0);
        let shares: Vec<[f64; 3]> = found.shares.iter().map(|shares| shares.map(|share| share.value)).collect();
        assert_eq!(shares, [[0.75, 0.25, 0.0], [0.0, 1.0, 0.0], [0.5, 0.5, 0.0]]);
        assert_eq!(found.rival.map(|(rival, share)| (rival, share.value)), Some((1, 0.25)));
    }

    #[test]
    fn where_noise_hides_the_difference_nothing_is_told() {
        let explore = explore("(measure: \"lost\", wish: Less)");
        let mut values = values(&[&[3.0], &[5.0]], 0.0);
        values[0][0] = vec![vec![Some(-90.0)], vec![Some(96.0)]];
        let found = &choices(&explore, &values)[0];
        assert_eq!(found.of_chosen().map(|share| share.value), [0.0, 0.0, 1.0]);
        assert!(found.rival.is_none());
    }

    #[test]
    fn a_schedule_that_breaks_a_limit_is_wrong_where_another_keeps_it() {
        let explore = explore("(measure: \"lost\", wish: Less, at_most: 4)");
        let found = &choices(&explore, &values(&[&[5.0, 5.0], &[3.0, 6.0]], 0.0))[0];
        assert!(found.has_limits);
        // In the second future neither keeps it, so the smaller loss counts.
        let wrong: Vec<f64> = found.shares.iter().map(|shares| shares[1].value).collect();
        assert_eq!((found.chosen, wrong), (0, vec![0.5, 0.5]));
    }
}
