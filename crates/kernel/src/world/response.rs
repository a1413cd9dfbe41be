//! How decision hazards answer to the effective state of a server.

use std::collections::BTreeMap;

use super::{PerRoute, Route};
use crate::limits::{Limits, Refusal, Rule, at_most};
use crate::policy::{Minutes, Stage};

/// The effective state of a server, as far as its owner feels it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State<'a> {
    /// Not under enforcement, or in a silent stage.
    Unaware,
    /// In a stage and not paused.
    InStage(&'a Stage),
    /// Under enforcement and paused.
    Paused,
}

/// A number for every state.
///
/// A [`Response`] takes no table that breaks a rule, so its tables keep them all.
#[derive(Clone, Debug, PartialEq)]
pub enum Table {
    /// By the names of the stages.
    ByStage {
        /// When unaware.
        unaware: f64,
        /// When paused.
        paused: f64,
        /// By stage; every stage of the ladder must be named.
        stages: BTreeMap<String, f64>,
    },
    /// By minutes per hour, linear between the stated points and level beyond them, so that a new ladder needs no new table.
    ByMinutes {
        /// When unaware.
        unaware: f64,
        /// When paused.
        paused: f64,
        /// In stages without restriction.
        report: f64,
        /// (minutes, value), minutes rising; starts at (0, report) unless stated.
        throttle: Vec<(f64, f64)>,
        /// (minutes, value), minutes rising; starts at (0, report) unless stated.
        block: Vec<(f64, f64)>,
        /// How throttling and blocking in one stage combine.
        combine: Combine,
    },
}

/// How the values of throttled and blocked minutes combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// The larger of both: multipliers.
    Larger,
    /// Their sum: added hazards.
    Sum,
}

/// One number of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableEntry {
    /// The number of a table that has the same in every state.
    Constant,
    /// When unaware.
    Unaware,
    /// When paused.
    Paused,
    /// In stages without restriction.
    Report,
    /// At a point of the throttled minutes, by its index.
    Throttle(usize),
    /// At a point of the blocked minutes, by its index.
    Block(usize),
    /// Of a stage, by its name.
    Stage(String),
}

impl Table {
    /// Its numbers.
    pub const VALUE: Limits<f64> = Limits::new("value", 0.0, 1e6, "");
    /// Minutes of its points.
    pub const MINUTES: Limits<f64> = Limits::new("minutes", 0.0, 60.0, " minutes");
    /// Most points of a curve.
    pub const POINTS_MAX: usize = 1_000;

    /// Checks every number, and that minutes rise from point to point.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), Refusal> {
        let number = |value: &f64| Self::VALUE.check(*value).map(|_| ());
        match self {
            Table::ByStage { unaware, paused, stages } => {
                [unaware, paused].into_iter().chain(stages.values()).try_for_each(number)
            }
            Table::ByMinutes { unaware, paused, report, throttle, block, .. } => {
                [unaware, paused, report].into_iter().try_for_each(number)?;
                Self::check_points("throttle", throttle)?;
                Self::check_points("block", block)
            }
        }
    }

    fn check_points(field: &'static str, points: &[(f64, f64)]) -> Result<(), Refusal> {
        at_most(field, "points", points.len(), Self::POINTS_MAX)?;
        points.iter().try_for_each(|&(minutes, value)| {
            Self::MINUTES.check(minutes)?;
            Self::VALUE.check(value).map(|_| ())
        })?;
        points
            .windows(2)
            .enumerate()
            .try_for_each(|(before, pair)| Self::rises(field, before + 1, pair[0].0, pair[1].0))
    }

    /// Checks that the point at `index` lies behind the one before it.
    ///
    /// # Errors
    /// [`Rule::Falls`].
    pub fn rises(field: &'static str, index: usize, before: f64, minutes: f64) -> Result<(), Refusal> {
        if minutes > before { Ok(()) } else { Err(Refusal::of_entry(field, index, Rule::Falls { before, minutes })) }
    }

    /// Writes one number; `None` if the table has no such entry.
    ///
    /// # Errors
    /// If it lies outside [`VALUE`](Self::VALUE).
    fn set(&mut self, entry: &TableEntry, value: f64) -> Option<Result<(), Refusal>> {
        let value = match Self::VALUE.check(value) {
            Ok(value) => value,
            Err(refusal) => return Some(Err(refusal)),
        };
        let target = match (entry, self) {
            (TableEntry::Constant, table) => {
                *table = Table::constant(value);
                return Some(Ok(()));
            }
            (TableEntry::Unaware, Table::ByMinutes { unaware, .. } | Table::ByStage { unaware, .. }) => unaware,
            (TableEntry::Paused, Table::ByMinutes { paused, .. } | Table::ByStage { paused, .. }) => paused,
            (TableEntry::Report, Table::ByMinutes { report, .. }) => report,
            (TableEntry::Throttle(point), Table::ByMinutes { throttle, .. }) => &mut throttle.get_mut(*point)?.1,
            (TableEntry::Block(point), Table::ByMinutes { block, .. }) => &mut block.get_mut(*point)?.1,
            (TableEntry::Stage(name), Table::ByStage { stages, .. }) => stages.get_mut(name)?,
            _ => return None,
        };
        *target = value;
        Some(Ok(()))
    }

    /// The same number in every state.
    pub fn constant(value: f64) -> Self {
        Table::ByMinutes {
            unaware: value,
            paused: value,
            report: value,
            throttle: Vec::new(),
            block: Vec::new(),
            combine: Combine::Larger,
        }
    }

    /// The number for a state. A stage that a table by name does not know counts as unaware; files that say so are refused.
    pub fn value(&self, state: State<'_>) -> f64 {
        match (self, state) {
            (Table::ByStage { unaware, .. } | Table::ByMinutes { unaware, .. }, State::Unaware) => *unaware,
            (Table::ByStage { paused, .. } | Table::ByMinutes { paused, .. }, State::Paused) => *paused,
            (Table::ByStage { unaware, .. } | Table::ByMinutes { unaware, .. }, State::InStage(stage))
                if stage.silent =>
            {
                *unaware
            }
            (Table::ByStage { unaware, stages, .. }, State::InStage(stage)) => {
                stages.get(&stage.name).copied().unwrap_or(*unaware)
            }
            (Table::ByMinutes { report, throttle, block, combine, .. }, State::InStage(stage)) => {
                by_minutes(stage.minutes, *report, throttle, block, *combine)
            }
        }
    }
}

fn by_minutes(minutes: Minutes, report: f64, throttle: &[(f64, f64)], block: &[(f64, f64)], combine: Combine) -> f64 {
    if !minutes.restrict() {
        return report;
    }
    let throttled = (minutes.throttle > 0).then(|| interpolate(throttle, report, f64::from(minutes.throttle)));
    let blocked = (minutes.block > 0).then(|| interpolate(block, report, f64::from(minutes.block)));
    match combine {
        Combine::Larger => throttled.unwrap_or(f64::MIN).max(blocked.unwrap_or(f64::MIN)),
        Combine::Sum => throttled.unwrap_or(0.0) + blocked.unwrap_or(0.0),
    }
}

/// Linear between points; (0, `at_zero`) is a point unless stated; level beyond the last.
fn interpolate(points: &[(f64, f64)], at_zero: f64, x: f64) -> f64 {
    let mut before = (0.0, at_zero);
    for &(px, py) in points {
        if px >= x {
            let width = px - before.0;
            return if width > 0.0 { before.1 + (py - before.1) * (x - before.0) / width } else { py };
        }
        before = (px, py);
    }
    before.1
}

/// The response of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    pub(crate) multiplier: Table,
    pub(crate) added: PerRoute<Table>,
}

impl Response {
    /// A response of these tables.
    ///
    /// - `multiplier`: of base rates.
    /// - `added`: decisions per day by route.
    ///
    /// # Errors
    /// As [`Table::check`].
    pub fn new(multiplier: Table, added: PerRoute<Table>) -> Result<Self, Refusal> {
        multiplier.check()?;
        added.iter().try_for_each(Table::check)?;
        Ok(Response { multiplier, added })
    }

    /// Multiplier of base rates.
    pub const fn multiplier(&self) -> &Table {
        &self.multiplier
    }

    /// Added decisions per day by route; diligence does not touch them.
    pub const fn added(&self) -> &PerRoute<Table> {
        &self.added
    }

    /// Another multiplier.
    ///
    /// # Errors
    /// As [`Table::check`].
    pub fn set_multiplier(&mut self, table: Table) -> Result<(), Refusal> {
        table.check()?;
        self.multiplier = table;
        Ok(())
    }

    /// One number of the multiplier, or of what a route adds; `None` if the table has no such entry.
    ///
    /// # Errors
    /// If it lies outside [`Table::VALUE`].
    pub fn set_entry(&mut self, added: Option<Route>, entry: &TableEntry, value: f64) -> Option<Result<(), Refusal>> {
        match added {
            None => self.multiplier.set(entry, value),
            Some(route) => self.added[route].set(entry, value),
        }
    }
}

impl Default for Response {
    /// The defaults of default-parameters.csv, group `multiplier`; all but the report stage are assumed.
    fn default() -> Self {
        let none = || Table::ByMinutes {
            unaware: 0.0,
            paused: 0.0,
            report: 0.0,
            throttle: Vec::new(),
            block: Vec::new(),
            combine: Combine::Sum,
        };
        Response {
            multiplier: Table::ByMinutes {
                unaware: 1.0,
                paused: 1.4,
                report: 1.4,
                throttle: vec![(5.0, 1.6), (10.0, 1.9), (20.0, 2.4), (30.0, 2.8)],
                block: vec![(10.0, 4.0), (20.0, 6.0), (30.0, 8.0), (60.0, 15.0)],
                combine: Combine::Larger,
            },
            added: PerRoute::new(none(), none(), none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Ladder;
    use crate::policy::sample;

    #[test]
    fn the_default_response_follows_the_parameters_on_the_announced_ladder() {
        let ladder = sample::ladder();
        let table = Response::default().multiplier;
        let values: Vec<f64> = ladder.stages().iter().map(|stage| table.value(State::InStage(stage))).collect();
        // Stage 5 has T30 and B5: the larger of 2.8 and the middle of 1.4 and 4.
        assert_eq!(values, [1.4, 1.6, 1.9, 2.4, 2.8, 4.0, 6.0, 15.0]);
        assert_eq!((table.value(State::Unaware), table.value(State::Paused)), (1.0, 1.4));
    }

    #[test]
    fn values_are_linear_between_points_and_level_beyond() {
        let points = [(10.0, 4.0), (20.0, 6.0)];
        assert_eq!(interpolate(&points, 1.4, 5.0), 2.7);
        assert_eq!(interpolate(&points, 1.4, 15.0), 5.0);
        assert_eq!(interpolate(&points, 1.4, 60.0), 6.0);
        assert_eq!(interpolate(&[], 1.4, 60.0), 1.4);
    }

    #[test]
    fn a_table_with_a_number_out_of_its_range_or_falling_minutes_is_refused() {
        let table = |throttle: Vec<(f64, f64)>| Table::ByMinutes {
            unaware: 1.0,
            paused: 1.0,
            report: 1.0,
            throttle,
            block: Vec::new(),
            combine: Combine::Larger,
        };
        let refused = |points| table(points).check().unwrap_err().rule();
        assert_eq!(table(vec![(0.0, 0.0), (60.0, 1e6)]).check(), Ok(()));
        assert_eq!(refused(vec![(5.0, 1.0), (5.0, 2.0)]), Rule::Falls { before: 5.0, minutes: 5.0 });
        for points in [vec![(61.0, 1.0)], vec![(5.0, -1.0)], vec![(5.0, f64::NAN)], vec![(5.0, 1.0); 1001]] {
            assert!(table(points).check().is_err());
        }
        let mut response = Response::default();
        let before = response.clone();
        assert!(response.set_entry(None, &TableEntry::Throttle(0), 1e7).unwrap().is_err());
        assert_eq!(response.set_entry(None, &TableEntry::Stage("report".to_owned()), 1.0), None);
        assert_eq!(response, before);
    }

    #[test]
    fn a_silent_stage_counts_as_unaware() {
        let none = Ladder::none();
        assert_eq!(Response::default().multiplier.value(State::InStage(&none.stages()[0])), 1.0);
    }

    #[test]
    fn added_hazards_of_throttle_and_block_add_up() {
        let minutes = Minutes { throttle: 30, block: 5 };
        let value = by_minutes(minutes, 0.0, &[(60.0, 0.006)], &[(60.0, 0.06)], Combine::Sum);
        assert!((value - (0.003 + 0.005)).abs() < 1e-15);
    }
}
