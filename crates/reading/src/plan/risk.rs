//! `risk` of a plan: how sure dates must be, and what chance does to work.

use super::wire::{DatesWire, PlanWire};
use crate::check::Checker;
use crate::tree::Path;
use crate::wire::SpreadWire;
use brownout_kernel::draws::Spread;
use brownout_planner::project::{DatesBy, Risk};

/// Quantiles for which plans are tried, at most.
const TRIED_MAX: usize = 8;

/// The risk, where nothing is stated as usual.
pub(super) fn risk(checker: &mut Checker<'_>, at: &Path, wire: &PlanWire) -> Risk {
    let usual = Risk::default();
    let mut prob = |name: &str, value: Option<f64>, usual: f64| {
        value.map_or(usual, |value| checker.number(&at.field(name), value, 0.01..=0.999, ""))
    };
    let level = prob("level", wire.risk.level, usual.level);
    let plan_quantile = prob("plan_quantile", wire.risk.plan_quantile, usual.plan_quantile);
    let commit = wire.risk.commit.map(|commit| prob("commit", Some(commit), commit));
    let overrun = wire.risk.overrun.map_or(usual.overrun, |overrun| factor(checker, &at.field("overrun"), overrun));
    let try_quantiles = quantiles(checker, &at.field("try_quantiles"), &wire.risk.try_quantiles);
    let dates = match wire.risk.dates {
        DatesWire::AsPlanned => DatesBy::Plan,
        DatesWire::ByCourses => DatesBy::Courses,
    };
    let stated = Risk { level, commit, plan_quantile, try_quantiles, dates, overrun, ..usual };
    let Some(failure) = wire.risk.failure else { return stated };
    let within = at.field("failure");
    let failure_prob = checker.number(&within.field("prob"), failure.prob, 0.0..=0.9, "");
    Risk { failure_prob, retry_delay: checker.spread(&within.field("delay"), failure.delay, " days"), ..stated }
}

/// Quantiles of the work for which plans are made, not many: each takes as long as a plan.
fn quantiles(checker: &mut Checker<'_>, path: &Path, stated: &[f64]) -> Vec<f64> {
    if stated.len() > TRIED_MAX {
        checker.error(
            path,
            format!("{} quantiles are more than {TRIED_MAX}", stated.len()),
            "each makes a plan of its own",
        );
    }
    stated.iter().enumerate().map(|(i, &quantile)| checker.number(&path.index(i), quantile, 0.01..=0.999, "")).collect()
}

/// A factor on all work: its median is at least a tenth and at most ten.
fn factor(checker: &mut Checker<'_>, path: &Path, wire: SpreadWire) -> Spread {
    let spread = checker.spread(path, wire, " times");
    checker.number(path, spread.quantile(0.5), 0.1..=10.0, " times in the median");
    spread
}
