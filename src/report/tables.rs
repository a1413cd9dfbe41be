//! CSV files. Floats in shortest round-trip form; a missing value is an empty cell, never 0.

use super::Run;
pub(super) use crate::csv_text::Table;
use crate::experiment::measure::life_table;
use crate::experiment::{DailyMeasure, Measure, difference};
use crate::stats::{IntervalType, SurvivalCurve};
use crate::time::Day;

pub(super) fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Names of groups in files: `all`, then each group of the scenario's world.
fn group_names(run: Run<'_>, scenario: usize) -> Vec<String> {
    let groups = run.study.scenarios[scenario].world.groups.iter().map(|group| group.name.clone());
    std::iter::once("all".to_owned()).chain(groups).collect()
}

/// `summary.csv`: every measure by scenario and group, with its 95 % interval and the band over replications.
pub fn summary(run: Run<'_>) -> Vec<u8> {
    let mut table =
        Table::new(&["scenario", "group", "measure", "unit", "mean", "low", "high", "level", "n", "p5", "p95"]);
    for (s, scenario) in run.results.scenarios.iter().enumerate() {
        for (g, group) in group_names(run, s).iter().enumerate() {
            for measure in Measure::ALL {
                if g > 0 && scenario.values(g, measure).iter().all(Option::is_none) {
                    continue;
                }
                let name = &run.study.scenarios[s].name;
                let names = [name.as_str(), group, measure.key(), measure.unit()].map(str::to_owned);
                let found = scenario.summary(g, measure);
                let numbers = match found {
                    None => vec![String::new(); 7],
                    Some(summary) => {
                        let e = summary.estimate;
                        let band = [Some(summary.band.0), Some(summary.band.1)].map(cell);
                        let [low, high] = [e.low, e.high].map(cell);
                        let [p5, p95] = band;
                        vec![cell(Some(e.mean)), low, high, e.level.to_string(), e.n.to_string(), p5, p95]
                    }
                };
                table.row(names.into_iter().chain(numbers));
            }
        }
    }
    table.bytes()
}

/// `series.csv`: daily measures; `low` and `high` are the 5th and 95th percentile of replications.
pub fn series(run: Run<'_>) -> Vec<u8> {
    let mut table = Table::new(&["scenario", "date", "measure", "mean", "low", "high"]);
    let first = run.study.start.day().number();
    for (scenario, results) in run.study.scenarios.iter().zip(&run.results.scenarios) {
        for measure in DailyMeasure::all(results.class_names.len()) {
            let key = measure.key(&results.class_names);
            for (day, (mean, (low, high))) in (first..).zip(results.daily(&measure)) {
                let date = Day::from_number(day).to_string();
                table.row([
                    scenario.name.clone(),
                    date,
                    key.clone(),
                    mean.to_string(),
                    low.to_string(),
                    high.to_string(),
                ]);
            }
        }
    }
    table.bytes()
}

/// `survival.csv`: times to remediation over all replications, by curve and whole day.
pub fn survival(run: Run<'_>) -> Vec<u8> {
    let header = [
        "scenario",
        "curve",
        "day",
        "at_risk",
        "patched",
        "upgraded",
        "left",
        "censored",
        "survival",
        "low",
        "high",
        "incidence_patch",
        "incidence_upgrade",
        "incidence_leave",
    ];
    let mut table = Table::new(&header);
    for (scenario, results) in run.study.scenarios.iter().zip(&run.results.scenarios) {
        let entries = scenario.policy.baselines.entries().iter().map(|entry| entry.name.as_str());
        for (name, counts) in std::iter::once("first cycles").chain(entries).zip(&results.curves) {
            let Some(life) = life_table(counts) else { continue };
            let curve = SurvivalCurve::new(&life, crate::experiment::results::LEVEL, IntervalType::LogLog);
            let incidence = crate::stats::IncidenceCurve::new(&life);
            for ((point, row), causes) in curve.points().iter().zip(life.rows()).zip(incidence.points()) {
                let counts = [row.at_risk, row.events[0], row.events[1], row.events[2], row.censored];
                let names = [scenario.name.clone(), name.to_owned(), row.time.to_string()];
                let shares = [cell(Some(point.survival)), cell(point.low), cell(point.high)];
                let causes = causes.causes.iter().map(|cause| cause.incidence.to_string());
                table.row(names.into_iter().chain(counts.map(|n| n.to_string())).chain(shares).chain(causes));
            }
        }
    }
    table.bytes()
}

/// `differences.csv`: paired differences to the baseline scenario by measure and group.
pub fn differences(run: Run<'_>) -> Vec<u8> {
    let header = [
        "scenario",
        "baseline_scenario",
        "group",
        "measure",
        "unit",
        "mean",
        "low",
        "high",
        "level",
        "n",
        "variance_ratio",
        "verdict",
    ];
    let mut table = Table::new(&header);
    let baseline = &run.study.scenarios[0].name;
    for s in 1..run.study.scenarios.len() {
        let same_groups = group_names(run, s) == group_names(run, 0);
        for (g, group) in group_names(run, s).iter().enumerate().take(if same_groups { usize::MAX } else { 1 }) {
            for measure in Measure::ALL {
                let Some(found) = difference(run.results, s, g, measure) else { continue };
                let e = found.estimate;
                let names = [&run.study.scenarios[s].name, baseline, group].map(Clone::clone);
                let numbers = [cell(Some(e.mean)), cell(e.low), cell(e.high), e.level.to_string(), e.n.to_string()];
                let unit = [measure.key().to_owned(), measure.unit().to_owned()];
                let last = [cell(found.variance_ratio), found.verdict.words().to_owned()];
                table.row(names.into_iter().chain(unit).chain(numbers).chain(last));
            }
        }
    }
    table.bytes()
}

/// `fate.csv`: how the same servers and tenants fared against the baseline scenario, summed over replications.
pub fn fate(run: Run<'_>) -> Vec<u8> {
    let header = [
        "scenario",
        "group",
        "servers_earlier",
        "servers_same",
        "servers_later",
        "days_earlier_p50",
        "days_earlier_p90",
        "days_later_p50",
        "days_later_p90",
        "tenants_lose_less",
        "tenants_lose_same",
        "tenants_lose_more",
    ];
    let mut table = Table::new(&header);
    for s in 1..run.study.scenarios.len() {
        let names = group_names(run, s);
        let fates = &run.results.scenarios[s].fate;
        let mut all = crate::tally::FateCounts::default();
        fates.iter().for_each(|fate| all.merge(fate));
        for (name, fate) in names.iter().zip(std::iter::once(&all).chain(fates)) {
            let quantile = |counts: &crate::tally::LogHistogram, q| {
                crate::stats::quantile_of_counts(&counts.counts(), q).map_or(String::new(), |days| days.to_string())
            };
            let days = [
                (&fate.days_earlier, 0.5),
                (&fate.days_earlier, 0.9),
                (&fate.days_later, 0.5),
                (&fate.days_later, 0.9),
            ];
            let scenario = [run.study.scenarios[s].name.clone(), name.clone()];
            let servers = fate.servers.map(|n| n.to_string());
            let days = days.map(|(counts, q)| quantile(counts, q));
            table.row(scenario.into_iter().chain(servers).chain(days).chain(fate.tenants.map(|n| n.to_string())));
        }
    }
    table.bytes()
}

/// `mail.csv`: what each stage does to a message, exactly, for every scenario and retry schedule.
pub fn mail(run: Run<'_>) -> Vec<u8> {
    let header = [
        "scenario",
        "stage",
        "throttle",
        "block",
        "layout",
        "retry",
        "at_once",
        "delayed",
        "lost_blocked",
        "lost_expired",
        "mean_delay_seconds",
        "delay_p50_seconds",
        "delay_p90_seconds",
        "delay_p99_seconds",
    ];
    let mut table = Table::new(&header);
    for scenario in &run.study.scenarios {
        for stage in scenario.policy.ladder.stages() {
            for retry in crate::sim::rules::mail_kinds(&scenario.world) {
                let outcome = crate::mail::MailOutcome::compute(stage.minutes, scenario.policy.layout, retry);
                let minutes = [stage.minutes.throttle, stage.minutes.block].map(|n| n.to_string());
                let names = [scenario.name.clone(), stage.name.clone()].into_iter().chain(minutes);
                let setting = [scenario.policy.layout.name().to_owned(), retry.to_string()];
                let parts = [outcome.at_once, outcome.delayed, outcome.lost_blocked, outcome.lost_expired];
                let quantile = |q| outcome.delay_quantile_seconds(q).map_or(String::new(), |s| s.to_string());
                let delays = [cell(outcome.mean_delay_seconds()), quantile(0.5), quantile(0.9), quantile(0.99)];
                let shares = parts.map(|parts| outcome.share(parts).to_string());
                table.row(names.chain(setting).chain(shares).chain(delays));
            }
        }
    }
    table.bytes()
}
