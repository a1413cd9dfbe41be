//! The ladder that tests of the kernel climb: a month of report, then every kind of stage, at day 90 everything.

use super::{Ladder, Minutes, Stage};

/// Eight stages of 30, then 10 days each.
pub(crate) fn ladder() -> Ladder {
    let rungs = [(0, 0), (5, 0), (10, 0), (20, 0), (30, 5), (0, 10), (0, 20), (0, 60)];
    let stage = |(k, (throttle, block)): (usize, (u8, u8))| {
        let days = [Some(30), Some(10), None][usize::from(k > 0) + usize::from(k == 7)];
        Stage::new(format!("rung-{k}"), days, Minutes::new(throttle, block).unwrap()).unwrap()
    };
    Ladder::new("sample", rungs.into_iter().enumerate().map(stage).collect()).unwrap()
}
