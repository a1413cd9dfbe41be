//! Lost mail against exposure: which scenario to choose for which weight of a lost message.

use super::words::{name, names, with_interval};
pub(super) use crate::answer::choices;
use brownout_experiment::Measure;
use brownout_experiment::Run;
use brownout_experiment::Scope;
use brownout_experiment::results::LEVEL;
use brownout_kernel::stats::{Estimate, mean_interval, paired_interval};

/// By replication, how many messages fewer from non-compliant servers are accepted under `to` than under `from` for each
/// message more that is lost; `None` unless every replication loses more.
fn spared(run: Run<'_>, from: usize, to: usize) -> Option<Vec<f64>> {
    let values = |s: usize, measure| run.results.scenarios[s].values(Scope::All, measure).into_iter();
    let lost = values(to, Measure::Lost).zip(values(from, Measure::Lost));
    let exposure = values(from, Measure::Exposure).zip(values(to, Measure::Exposure));
    let rate = |((lost_to, lost_from), (exposed_from, exposed_to)): ((Option<f64>, Option<f64>), _)| {
        let (lost, gained): (f64, f64) = (lost_to? - lost_from?, pair_difference(exposed_from, exposed_to)?);
        (lost > 0.0).then(|| gained / lost)
    };
    lost.zip(exposure).map(rate).collect()
}

fn pair_difference(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(a? - b?)
}

/// Mean of [`spared`] with its interval.
pub(super) fn rate(run: Run<'_>, from: usize, to: usize) -> Option<Estimate> {
    mean_interval(&spared(run, from, to)?, LEVEL)
}

/// The scenario that loses least of those that can be chosen, the one with less exposure if two lose the same.
pub(super) fn gentlest(run: Run<'_>) -> Option<usize> {
    choices(run).into_iter().min_by(|&a, &b| {
        let by = |measure| mean(run, a, measure).total_cmp(&mean(run, b, measure));
        by(Measure::Lost).then(by(Measure::Exposure))
    })
}

fn mean(run: Run<'_>, scenario: usize, measure: Measure) -> f64 {
    run.results.scenarios[scenario].summary(Scope::All, measure).map_or(f64::INFINITY, |summary| summary.estimate.mean)
}

/// The scenarios that are best for some weight of a lost message, from the greatest weight to the least: corners of the
/// convex hull of lost mail and exposure. A corner is left out where its two rates cannot be told apart.
fn corners(run: Run<'_>) -> Vec<usize> {
    let mut corners: Vec<usize> = gentlest(run).into_iter().collect();
    while let Some(&last) = corners.last() {
        let rates = choices(run).into_iter().filter_map(|s| Some((s, rate(run, last, s)?.mean)));
        // Of equal rates the first scenario of the study wins.
        let next = rates.filter(|rate| rate.1 > 0.0).min_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let Some((next, _)) = next else { break };
        corners.push(next);
    }
    let mut middle = 1;
    while middle + 1 < corners.len() {
        if rates_differ(run, &corners[middle - 1..=middle + 1]) {
            middle += 1;
        } else {
            corners.remove(middle);
            middle = 1;
        }
    }
    corners
}

/// Whether the rate from the first to the second corner is surely above that from the second to the third.
fn rates_differ(run: Run<'_>, corners: &[usize]) -> bool {
    let rates = spared(run, corners[0], corners[1]).zip(spared(run, corners[1], corners[2]));
    let found = rates.and_then(|(first, second)| paired_interval(&first, &second, LEVEL));
    found.is_some_and(|found| found.estimate.low.is_some_and(|low| low > 0.0))
}

/// Which scenario to choose, in a sentence; `None` if there is nothing to choose between.
pub(super) fn sentence(run: Run<'_>) -> Option<String> {
    let choices = choices(run);
    let corners = corners(run);
    let (first, last) = (*corners.first()?, *corners.last()?);
    if choices.len() < 2 {
        return None;
    }
    if first == last {
        return Some(format!("On lost mail and exposure alone, prefer {}.", name(run, first)));
    }
    let rates: Vec<String> = corners
        .windows(2)
        .map(|pair| rate(run, pair[0], pair[1]).map_or_else(String::new, |rate| with_interval(Measure::Lost, &rate)))
        .collect();
    let mut text = format!(
        "On lost mail and exposure alone, prefer {} if one lost message is as bad as more than {} messages accepted from \
         non-compliant servers",
        name(run, first),
        rates[0]
    );
    for (corner, pair) in corners[1..].iter().zip(rates.windows(2)) {
        text += &format!(", {} from there down to {}", name(run, *corner), pair[1]);
    }
    Some(format!("{text}, and {} if it is less bad.", name(run, last)))
}

/// How to read scenarios that are left out of the weighing; empty if there are none.
pub(super) fn no_choices(run: Run<'_>) -> Vec<String> {
    let first = run.study.scenarios().baseline();
    let others = |differs: &dyn Fn(&brownout_experiment::study::Scenario) -> bool| -> Vec<usize> {
        (1..run.study.scenarios().len()).filter(|&s| differs(&run.study.scenarios()[s])).collect()
    };
    let unknown = others(&|s| s.world != first.world || s.policy.layout() != first.policy.layout());
    let raised = others(&|s| s.policy.baselines() != first.policy.baselines());
    let mut notes = Vec::new();
    if !unknown.is_empty() {
        notes.push(format!(
            "With another world or another layout of the minutes than {}: {}. Where the difference is a plan, it can be chosen; \
             where it is not known, it shows how much hangs on it.",
            name(run, 0),
            names(run, &unknown)
        ));
    }
    if !raised.is_empty() {
        notes.push(format!(
            "With other baselines than {}: {}. Exposure and time to remediation count from the day a baseline makes a server \
             non-compliant, so a later baseline alone makes them look smaller; these scenarios are left out where lost mail \
             is weighed against exposure.",
            name(run, 0),
            names(run, &raised)
        ));
    }
    notes
}
