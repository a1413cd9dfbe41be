//! Servers by stage over time.

use super::{PANELS_MAX, extremes, name, quoted, replications};
use crate::numbers::{found, mean};
use brownout_chart::{AreaPanel, Areas, Figure, Stage, Tone};
use brownout_experiment::Run;
use brownout_experiment::{DailyMeasure, Measure};
use brownout_kernel::policy::Minutes;
use brownout_kernel::time::Day;

/// A stage of some ladder, as areas show it: the same name and minutes are one layer in all panels.
fn tone(class: &str, minutes: Minutes) -> Tone {
    match class {
        NOT_ENFORCED => Tone::Unaware,
        "paused" => Tone::Paused,
        _ if !minutes.restrict() => Tone::Report,
        _ => Tone::Enforced { throttled: minutes.throttle(), blocked: minutes.block() },
    }
}

/// The layers of all ladders together, the worst at the bottom, and for each scenario the layer of every class.
fn layers(run: Run<'_>) -> (Vec<Stage>, Vec<Vec<usize>>) {
    let mut keys: Vec<(String, Minutes)> = Vec::new();
    let mut keys_of = Vec::new();
    for scenario in run.study.scenarios() {
        let classes = brownout_kernel::tally::ClassSet::new(scenario.policy.ladder());
        let silent = |class: usize| {
            class >= 2 && scenario.policy.ladder().stages().get(class - 2).is_some_and(|s| s.is_silent())
        };
        let of_class = |class: usize| {
            let name = if silent(class) { "unaware" } else { &classes.names()[class] };
            (label(name, classes.minutes(class)), classes.minutes(class))
        };
        let own: Vec<_> = (1..classes.len()).map(of_class).collect();
        for key in &own {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys_of.push(own);
    }
    keys.sort_by_key(|(name, minutes)| (rank(name), std::cmp::Reverse((minutes.block(), minutes.throttle()))));
    let stages = keys.iter().map(|(name, minutes)| Stage::new(name.clone(), tone(name, *minutes))).collect();
    let find = |key: &(String, Minutes)| keys.iter().position(|k| k == key).unwrap_or(0);
    (stages, keys_of.iter().map(|own| own.iter().map(find).collect()).collect())
}

/// Servers that breach a baseline and feel nothing of it yet.
const NOT_ENFORCED: &str = "not under enforcement";

fn label(class: &str, minutes: Minutes) -> String {
    match (minutes.throttle(), minutes.block()) {
        (0, 0) if class == "unaware" => NOT_ENFORCED.to_owned(),
        (0, 0) => class.to_owned(),
        (0, 60) => "blocked entirely".to_owned(),
        (throttle, 0) => format!("throttled {throttle} min/h"),
        (0, block) => format!("blocked {block} min/h"),
        (throttle, block) => format!("throttled {throttle}, blocked {block} min/h"),
    }
}

/// Order of layers from the bottom: restricted stages, report, paused, unaware.
fn rank(class: &str) -> u8 {
    match class {
        NOT_ENFORCED => 3,
        "paused" => 2,
        "report" => 1,
        _ => 0,
    }
}

/// Points of one stacked area: a panel is narrower than this many pixels.
const AREA_POINTS_MAX: usize = 300;

fn area_panel(run: Run<'_>, scenario: usize, stages: usize, layers: &[usize]) -> AreaPanel {
    let results = &run.results.scenarios[scenario];
    let first = run.study.start().day().number();
    let mut rows: Vec<(Day, Vec<f64>)> =
        (0..results.days as i32).map(|day| (Day::from_number(first + day), vec![0.0; stages])).collect();
    for (class, &layer) in (1..results.class_names.len()).zip(layers) {
        for (row, (mean, _)) in rows.iter_mut().zip(results.daily(&DailyMeasure::Class(class))) {
            row.1[layer] += mean;
        }
    }
    let every = rows.len().div_ceil(AREA_POINTS_MAX).max(1);
    AreaPanel { title: name(run, scenario).to_owned(), rows: rows.into_iter().step_by(every).collect() }
}

pub(super) fn servers_by_stage(run: Run<'_>) -> Figure {
    let (stages, layers) = layers(run);
    let panels: Vec<_> = (0..run.study.scenarios().len().min(PANELS_MAX))
        .map(|s| area_panel(run, s, stages.len(), &layers[s]))
        .collect();
    let blocked = |s| mean(run, s, Measure::StillFullyBlocked);
    let some = |s| found(run, s, Measure::StillFullyBlocked).is_some_and(|found| found.mean >= 1.0);
    let title = match extremes(run, Measure::StillFullyBlocked).filter(|(_, most)| some(*most)) {
        Some((least, most)) => format!(
            "At the end {} servers are blocked entirely under {}, {} under {}",
            blocked(most),
            quoted(run, most),
            blocked(least),
            quoted(run, least)
        ),
        _ => "Non-compliant servers by stage".to_owned(),
    };
    let subtitle = format!("Non-compliant servers by stage, daily mean, {}", replications(run));
    Figure::new(title, subtitle, Areas::new("servers", stages, panels))
}
