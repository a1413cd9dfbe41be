//! All replications of a study together.

use rayon::prelude::*;

use super::measure::{DailyMeasure, Measure, Replicate, lost_by_tenant};
use super::runner::{Progress, Runner};
use crate::stats::{Estimate, band, mean_interval};
use crate::tally::fate::FateCounts;
use crate::tally::{CurveCounts, LogHistogram, Tally};
use crate::twin::{self, Exact};

/// Confidence level of all intervals.
pub const LEVEL: f64 = 0.95;
/// The band over replications: from this quantile ...
pub const BAND_LOW: f64 = 0.05;
/// ... to this one.
pub const BAND_HIGH: f64 = 0.95;

/// What a study came to.
#[derive(Debug)]
pub struct Results {
    /// By scenario, in the order of the study.
    pub scenarios: Vec<ScenarioResults>,
    /// Replications.
    pub replications: u32,
}

/// One scenario over all replications.
#[derive(Debug)]
pub struct ScenarioResults {
    /// By replication.
    pub replicates: Vec<Replicate>,
    /// Times to remediation over all replications: first cycles, then by baseline entry.
    pub curves: Vec<CurveCounts>,
    /// Mail lost by tenant over all replications.
    pub lost_by_tenant: LogHistogram,
    /// Fate against the baseline scenario over all replications, by group.
    pub fate: Vec<FateCounts>,
    /// Names of the classes.
    pub class_names: Vec<String>,
    /// Days of the study.
    pub days: usize,
    /// Servers in the first replication.
    pub servers_per_replication: i64,
    /// Tenants in one replication.
    pub tenants: i64,
    /// First cycles by formula, where there is one.
    pub exact: Option<Exact>,
}

/// An estimate with its interval, and the band over replications.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Mean over replications with its 95 % interval.
    pub estimate: Estimate,
    /// 5th to 95th percentile of replications.
    pub band: (f64, f64),
}

impl Results {
    /// Runs replications `0..replications` of a study on the current rayon pool.
    pub fn run(runner: &Runner<'_>, replications: u32, progress: Progress<'_>) -> Self {
        let scenarios = runner.rules().iter().map(ScenarioResults::new).collect();
        let mut results = Results { scenarios, replications: 0 };
        let study = runner.study();
        for (results, scenario) in results.scenarios.iter_mut().zip(&study.scenarios) {
            results.exact = twin::exact(scenario, study.start, study.horizon).ok();
        }
        results.extend(runner, replications, progress);
        results
    }

    /// Adds replications until there are `replications`. The results are those of running them all at once.
    pub fn extend(&mut self, runner: &Runner<'_>, replications: u32, progress: Progress<'_>) {
        // Large replications fill the pool one by one; small ones run side by side, in batches that bound the memory.
        let batch = if runner.is_large() { 1 } else { 4 * rayon::current_num_threads() as u32 };
        while self.replications < replications {
            let numbers = self.replications..(self.replications + batch).min(replications);
            self.replications = numbers.end;
            let tallies: Vec<_> = if batch == 1 {
                numbers.map(|number| runner.replicate(number, progress)).collect()
            } else {
                numbers.into_par_iter().map(|number| runner.replicate(number, progress)).collect()
            };
            for replication in &tallies {
                self.add(runner, replication);
            }
        }
    }

    fn add(&mut self, runner: &Runner<'_>, tallies: &[Tally]) {
        let scenarios = self.scenarios.iter_mut().zip(runner.rules()).zip(tallies);
        scenarios.for_each(|((scenario, rules), tally)| {
            if scenario.replicates.is_empty() {
                scenario.servers_per_replication = tally.groups.iter().map(|group| group.servers).sum();
                scenario.tenants = tally.groups.iter().map(|group| group.tenants).sum();
            }
            scenario.replicates.push(Replicate::read(rules, tally));
            for (into, from) in scenario.curves.iter_mut().zip(&tally.curves) {
                into.merge(from);
            }
            scenario.lost_by_tenant.merge(&lost_by_tenant(tally));
            for (into, from) in scenario.fate.iter_mut().zip(&tally.groups) {
                into.merge(&from.fate);
            }
        });
    }
}

impl ScenarioResults {
    fn new(rules: &crate::sim::Rules<'_>) -> Self {
        let shape = rules.shape();
        ScenarioResults {
            replicates: Vec::new(),
            curves: vec![CurveCounts::new(shape.curve_days); shape.entries + 1],
            lost_by_tenant: LogHistogram::default(),
            fate: vec![FateCounts::default(); shape.groups],
            class_names: rules.classes.names().to_vec(),
            days: shape.days,
            servers_per_replication: 0,
            tenants: 0,
            exact: None,
        }
    }

    /// Values of a measure by replication; `None` where it is undefined.
    pub fn values(&self, group: usize, measure: Measure) -> Vec<Option<f64>> {
        self.replicates.iter().map(|replicate| replicate.totals[group][measure as usize]).collect()
    }

    /// Mean, interval and band of a measure; `None` unless it is defined in every replication.
    ///
    /// - `group`: 0 for all groups together, else 1 + the place of a group.
    pub fn summary(&self, group: usize, measure: Measure) -> Option<Summary> {
        let values: Option<Vec<f64>> = self.values(group, measure).into_iter().collect();
        summarise(&values?)
    }

    /// Mean and band of a daily measure for every day.
    pub fn daily(&self, measure: &DailyMeasure) -> Vec<Banded> {
        self.spans(measure, 1)
    }

    /// Mean and band of the sums over full weeks from the start on.
    pub fn weekly(&self, measure: &DailyMeasure) -> Vec<Banded> {
        self.spans(measure, 7)
    }

    /// Mean and band of the sums over spans of `days` days; a shorter span at the end is left out.
    fn spans(&self, measure: &DailyMeasure, days: usize) -> Vec<Banded> {
        let all = DailyMeasure::all(self.class_names.len());
        let Some(place) = all.iter().position(|m| m == measure) else { return Vec::new() };
        let span = |span: usize| {
            let sum = |replicate: &Replicate| replicate.daily[place][span * days..(span + 1) * days].iter().sum();
            banded(&self.replicates.iter().map(sum).collect::<Vec<f64>>())
        };
        (0..self.days / days).map(span).collect()
    }

    /// Pause days a tenant used on average of a calendar year, with the band over replications.
    pub fn pause_days(&self, year: i16) -> Banded {
        let tenants = self.tenants.max(1) as f64;
        let days = |replicate: &Replicate| replicate.pause_days.get(&year).copied().unwrap_or(0) as f64 / tenants;
        banded(&self.replicates.iter().map(days).collect::<Vec<f64>>())
    }
}

/// A mean over replications and the band from the 5th to the 95th percentile.
pub type Banded = (f64, (f64, f64));

fn banded(values: &[f64]) -> Banded {
    summarise(values).map_or((0.0, (0.0, 0.0)), |summary| (summary.estimate.mean, summary.band))
}

fn summarise(values: &[f64]) -> Option<Summary> {
    Some(Summary { estimate: mean_interval(values, LEVEL)?, band: band(values, BAND_LOW, BAND_HIGH)? })
}
