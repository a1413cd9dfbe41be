//! The points of an exploration in the one order in which they are asked for: those that are known are taken, the others lived.
//!
//! A program that decides only on ordered tables asks for the same points in the same order whenever it is run. So what was
//! lived before an interruption, or on other machines, is told by its index in that order alone, also where a search decides
//! on the way which points it asks for next.

use std::collections::VecDeque;
use std::ops::Range;

use super::points::{Ask, Ended, Outcome, PointQuestion, PointRow, PointTable, Template, live};

/// Called with the index of each row and the row, in order, as soon as it is lived.
pub type Keep<'a, E> = &'a mut dyn FnMut(u64, &Outcome) -> Result<(), E>;

/// A row that was lived before does not fit what is asked at its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {index} belongs to another exploration; repeat the command with --force")]
pub struct Misfit {
    /// The index, from 0.
    pub index: u64,
}

/// Gives the rows of points in the order in which they are asked for.
pub struct Book<'a, E> {
    ask: Ask<'a>,
    keep: Keep<'a, E>,
    /// What was lived before, from the first index of the range on.
    known: VecDeque<Outcome>,
    /// Places that are lived; the others are passed over.
    range: Range<u64>,
    /// The next index.
    index: u64,
}

impl<'a, E: From<Misfit>> Book<'a, E> {
    /// A book of which the first rows are known.
    ///
    /// - `range`: the indexes that are wanted; `known` are the rows of the first of them.
    /// - `keep`: is told each row that is lived, not those that were known.
    pub fn new(range: Range<u64>, known: Vec<Outcome>, ask: Ask<'a>, keep: Keep<'a, E>) -> Self {
        Book { ask, keep, known: known.into(), range, index: 0 }
    }

    /// A book of all indexes from one on: what steps ask for that decide as they go, after the points that were known beforehand.
    pub fn beyond(index: u64, known: Vec<Outcome>, ask: Ask<'a>, keep: Keep<'a, E>) -> Self {
        Book { index, ..Self::new(index..u64::MAX, known, ask, keep) }
    }

    /// What is known beyond the indexes that were asked for.
    pub fn rest(self) -> Vec<Outcome> {
        self.known.into()
    }

    /// The rows of the points that are wanted of a table: from what is known as far as that goes, then lived.
    ///
    /// - `schedules`: scenarios of every study that the template makes.
    ///
    /// # Errors
    /// The first error of `keep`, and [`Misfit`] if a known row has other schedules, replications or measures.
    pub fn live(
        &mut self,
        (template, schedules): (&(impl Template + ?Sized), usize),
        table: &mut PointTable,
        question: &PointQuestion,
        wanted: &[usize],
    ) -> Result<Ended, E> {
        let first = self.index;
        self.index += wanted.len() as u64;
        let within = |index: u64| (index.clamp(first, self.index) - first) as usize;
        let mine = &wanted[within(self.range.start)..within(self.range.end.max(self.range.start))];
        let known = self.known.len().min(mine.len());
        for &point in &mine[..known] {
            let Some(outcome) = self.known.pop_front() else { break };
            let index = first.max(self.range.start);
            if !fits(&outcome, schedules, question) {
                return Err(Misfit { index }.into());
            }
            // The points of a table that are wanted are points of the table.
            let _ = table.take(PointRow { point, outcome });
        }
        let mut index = first.max(self.range.start) + known as u64;
        let keep = &mut self.keep;
        live(table, template, question, &mine[known..], self.ask, &mut |row: &PointRow| {
            index += 1;
            keep(index - 1, &row.outcome)
        })
    }
}

fn fits(outcome: &Outcome, schedules: usize, question: &PointQuestion) -> bool {
    let Ok(lived) = outcome else { return true };
    let replications = question.replications as usize;
    let whole = |rows: &Vec<Vec<Option<f64>>>| {
        rows.len() == replications && rows.iter().all(|values| values.len() == question.measures.len())
    };
    lived.len() == schedules && lived.iter().all(whole)
}

/// The indexes of each of so many shards: as even in cost as whole points allow, and every index once.
///
/// - `costs`: for each stretch of indexes its length and the cost of one index in it, at least 1.
pub fn indexes_of(costs: &[(u64, u64)], shard: brownout_experiment::Shard) -> Range<u64> {
    let total: u64 = costs.iter().map(|(count, cost)| count * cost).sum();
    let wanted = shard.indexes(total);
    // The first index of which the costs before it reach so much.
    let edge = |cost: u64| {
        let (mut index, mut left) = (0, cost);
        for &(count, each) in costs {
            let whole = count * each;
            if left <= whole {
                return index + left.div_ceil(each);
            }
            (index, left) = (index + count, left - whole);
        }
        index
    };
    edge(wanted.start)..edge(wanted.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_experiment::Shard;

    #[test]
    fn shares_cover_every_place_once_and_cost_alike() {
        for costs in [vec![(10, 1), (4, 6)], vec![(0, 1), (7, 3)], vec![(3, 1)], vec![]] {
            let indexes: u64 = costs.iter().map(|(count, _)| count).sum();
            let total: u64 = costs.iter().map(|(count, cost)| count * cost).sum();
            for count in [1, 2, 5, 16] {
                let shards: Vec<Range<u64>> =
                    (1..=count).map(|index| indexes_of(&costs, Shard::new(index, count).unwrap())).collect();
                assert_eq!((shards[0].start, shards[shards.len() - 1].end), (0, indexes), "{costs:?} in {count}");
                assert!(shards.windows(2).all(|pair| pair[0].end == pair[1].start), "{costs:?} in {count}");
                let cost_at = |index: u64| {
                    let mut before = 0;
                    costs
                        .iter()
                        .find(|(count, _)| {
                            before += count;
                            index < before
                        })
                        .map_or(0, |(_, cost)| *cost)
                };
                let most = costs.iter().map(|(_, cost)| *cost).max().unwrap_or(0);
                let cost = |range: &Range<u64>| range.clone().map(cost_at).sum::<u64>();
                assert!(shards.iter().all(|s| cost(s) <= total / u64::from(count) + most), "{costs:?} in {count}");
            }
        }
    }

    #[test]
    fn a_row_of_another_question_is_told() {
        use brownout_experiment::Measure;
        let question = PointQuestion { replications: 2, tenants: None, measures: vec![Measure::Lost] };
        let row = |schedules, replications, measures| Ok(vec![vec![vec![None; measures]; replications]; schedules]);
        assert!(fits(&row(3, 2, 1), 3, &question) && fits(&Err(String::new()), 3, &question));
        assert!(!fits(&row(2, 2, 1), 3, &question) && !fits(&row(3, 1, 1), 3, &question));
        assert!(!fits(&row(3, 2, 2), 3, &question));
    }
}
