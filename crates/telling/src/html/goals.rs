//! How the scenarios stand to one another in the four goals.

use super::weighing::choices;
use brownout_experiment::Run;
use brownout_experiment::Scope;
use brownout_experiment::compare::between;
use brownout_experiment::{Measure, Verdict};

/// A goal: a measure of which less is better.
pub(super) struct Goal {
    pub(super) measure: Measure,
    pub(super) heading: &'static str,
    pub(super) unit: &'static str,
}

/// What a schedule is judged by. They are different goals; nothing here weighs one against another.
pub(super) const GOALS: [Goal; 4] = [
    Goal { measure: Measure::Lost, heading: "Mail lost", unit: "messages" },
    Goal { measure: Measure::DelayHours, heading: "Delay", unit: "message-hours" },
    Goal { measure: Measure::Exposure, heading: "Exposure", unit: "messages accepted from non-compliant servers" },
    Goal {
        measure: Measure::RestrictedMeanDays,
        heading: "Time to remediation",
        unit: "mean days, cut at the horizon",
    },
];

/// The scenarios in one goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GoalRanking {
    /// The scenario with the lowest mean; the earlier one if two are equal.
    pub(super) best: usize,
    /// Scenarios that equal it in every replication.
    pub(super) equal: Vec<usize>,
    /// Scenarios whose paired difference to it has an interval that holds 0.
    pub(super) unsure: Vec<usize>,
}

fn standing(run: Run<'_>, measure: Measure) -> Option<GoalRanking> {
    let scenarios = run.results.scenarios.iter().enumerate();
    let means = scenarios.filter_map(|(s, results)| Some((s, results.summary(Scope::All, measure)?.estimate.mean)));
    let best = means.min_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let with = |wanted| {
        let others = (0..run.results.scenarios.len()).filter(move |&s| s != best);
        others.filter(|&s| verdict(run, s, best, measure) == Some(wanted)).collect()
    };
    Some(GoalRanking { best, equal: with(Verdict::Same), unsure: with(Verdict::CannotTell) })
}

fn verdict(run: Run<'_>, scenario: usize, other: usize, measure: Measure) -> Option<Verdict> {
    between(run.results, scenario, other, Scope::All, measure).map(|found| found.verdict)
}

/// The standings in the order of [`GOALS`]; `None` where a measure is defined for no scenario.
pub(super) fn standings(run: Run<'_>) -> [Option<GoalRanking>; 4] {
    GOALS.map(|goal| standing(run, goal.measure))
}

/// Scenarios that another choice beats: surely better in a goal and the same in the others. With the first such other.
pub(super) fn set_aside(run: Run<'_>) -> Vec<(usize, usize)> {
    let all = choices(run);
    let beats = |better: usize, worse: usize| {
        let verdicts: Vec<_> = GOALS.iter().map(|goal| verdict(run, better, worse, goal.measure)).collect();
        let no_worse = verdicts.iter().all(|v| matches!(v, Some(Verdict::Fewer | Verdict::Same)));
        no_worse && verdicts.contains(&Some(Verdict::Fewer))
    };
    all.iter().filter_map(|&worse| Some((worse, all.iter().copied().find(|&better| beats(better, worse))?))).collect()
}
