//! How decision hazards answer to the effective state of a server.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::PerRoute;
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

impl Table {
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

    /// The number for a state. A stage that a table by name does not know counts as unaware; `study` refuses such tables.
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
    /// Multiplier of base rates.
    pub multiplier: Table,
    /// Added decisions per day by route; diligence does not touch them.
    pub added: PerRoute<Table>,
}

impl Response {
    /// Values of its tables.
    pub const VALUES: RangeInclusive<f64> = 0.0..=1e6;
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

    #[test]
    fn the_default_response_follows_the_parameters_on_the_announced_ladder() {
        let ladder = Ladder::microsoft_2023();
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
