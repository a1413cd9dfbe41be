//! CSV files. Floats in shortest round-trip form; a missing value is an empty cell, never 0.

use std::collections::BTreeSet;

use super::Run;
pub(super) use crate::csv_text::Table;
use crate::experiment::lifetimes::life_table;
use crate::experiment::results::Summary;
use crate::experiment::{DailyMeasure, Measure, ScenarioResults, difference};
use crate::stats::IncidenceCurve;
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
    let mut table = Table::new(&[
        "scenario",
        "group",
        "measure",
        "unit",
        "mean",
        "mean_low",
        "mean_high",
        "level",
        "n",
        "p05",
        "p95",
    ]);
    for (s, scenario) in run.results.scenarios.iter().enumerate() {
        for (g, group) in group_names(run, s).iter().enumerate() {
            for measure in Measure::ALL {
                if g > 0 && scenario.values(g, measure).iter().all(Option::is_none) {
                    continue;
                }
                let name = &run.study.scenarios[s].name;
                let names = [name.as_str(), group, measure.key(), measure.unit()].map(str::to_owned);
                let found = scenario.summary(g, measure);
                table.row(names.into_iter().chain(summary_cells(found)));
            }
        }
    }
    table.bytes()
}

/// Mean, interval of the mean, its level and n, and the band over replications; empty where there is none.
fn summary_cells(summary: Option<Summary>) -> [String; 7] {
    let Some(Summary { estimate: e, band }) = summary else { return [const { String::new() }; 7] };
    let [mean, low, high] = [Some(e.mean), e.low, e.high].map(cell);
    [mean, low, high, e.level.to_string(), e.n.to_string(), band.0.to_string(), band.1.to_string()]
}

/// `pause-years.csv`: pause days a tenant used on average, by scenario and the calendar year they were charged to. The year of the
/// start has those of pauses before the start too: they are spent from the same budget.
pub fn pause_years(run: Run<'_>) -> Vec<u8> {
    let mut table = Table::new(&[
        "scenario",
        "year",
        "measure",
        "unit",
        "mean",
        "mean_low",
        "mean_high",
        "level",
        "n",
        "p05",
        "p95",
    ]);
    let years: BTreeSet<i16> = run.results.scenarios.iter().flat_map(ScenarioResults::pause_years).collect();
    for (scenario, results) in run.study.scenarios.iter().zip(&run.results.scenarios) {
        for &year in &years {
            let names =
                [scenario.name.clone(), year.to_string(), "pause_days_per_tenant".to_owned(), "days".to_owned()];
            table.row(names.into_iter().chain(summary_cells(results.pause_day_summary(year))));
        }
    }
    table.bytes()
}

/// `series.csv`: daily measures; `p05` and `p95` are the 5th and 95th percentile of replications.
pub fn series(run: Run<'_>) -> Vec<u8> {
    let mut table = Table::new(&["scenario", "date", "measure", "mean", "p05", "p95"]);
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

/// `survival.csv`: times to remediation over all replications, by curve and whole day: who was at risk when the day began, what
/// happened in it, and how survival and incidence stand at its end. The 95 % interval is that of the curve of all replications
/// together, from the differences between them; `n` counts them.
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
        "survival_low",
        "survival_high",
        "level",
        "n",
        "incidence_patch",
        "incidence_upgrade",
        "incidence_leave",
    ];
    let mut table = Table::new(&header);
    for (scenario, results) in run.study.scenarios.iter().zip(&run.results.scenarios) {
        let entries = scenario.policy.baselines.entries().iter().map(|entry| entry.name.as_str());
        for (place, name) in std::iter::once("first cycles").chain(entries).enumerate() {
            let Some((life, curve)) = life_table(&results.curves[place]).zip(results.survival(place)) else { continue };
            let incidence = IncidenceCurve::new(&life);
            let days = results.curves[place].happenings();
            let mut at_risk = results.curves[place].total();
            for (day, counts) in days {
                let names = [scenario.name.clone(), name.to_owned(), day.to_string()];
                let point = curve.level_at(day as f64);
                let shares = [Some(point.survival), point.low, point.high].map(cell);
                let sizes = [curve.level().to_string(), run.results.replications.to_string()];
                let causes = incidence.level_at(day as f64).map(|cause| cause.incidence.to_string());
                let counted = std::iter::once(at_risk).chain(counts).map(|n| n.to_string());
                table.row(names.into_iter().chain(counted).chain(shares).chain(sizes).chain(causes));
                at_risk -= counts.iter().sum::<i64>();
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
        "mean_low",
        "mean_high",
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
