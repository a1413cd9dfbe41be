//! All replications of a study together.

use std::collections::BTreeMap;
use std::ops::Range;

use super::batches::Batches;
use super::lifetimes::life_table;
use super::mean_bands::MeanBands;
use super::measure::{DailyMeasure, Measure, Replicate, lost_by_tenant};
use super::part::{Joiner, Part, shards};
use super::runner::{Progress, Runner, Stopped};
use super::work::{work, work_surely};
use crate::study::Study;
use crate::twin::{self, Exact};
use brownout_kernel::sim::Rules;
use brownout_kernel::stats::{Estimate, LifeTable, SurvivalCurve, band, mean_interval};
use brownout_kernel::tally::fate::FateCounts;
use brownout_kernel::tally::{CurveCounts, LogHistogram, Tally};

/// Confidence level of all intervals.
pub const LEVEL: f64 = 0.95;
/// The band over replications: from this quantile ...
pub const BAND_LOW: f64 = 0.05;
/// ... to this one.
pub const BAND_HIGH: f64 = 0.95;

/// What a study came to.
///
/// Memory: one number for each replication, scenario, group and measure, and a tenth of the replications' daily series.
#[derive(Debug)]
pub struct Results {
    /// By scenario, in the order of the study.
    pub scenarios: Vec<ScenarioResults>,
    /// Replications.
    pub replications: u32,
    /// What is missing, if only some shards were there.
    pub partial: Option<Partial>,
    /// Replications there can be at most.
    most: u32,
    /// The replication after the last one that was added.
    next: u32,
    joiner: Joiner,
}

/// A finished run, as everything that tells of it reads it.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was asked.
    pub study: &'a Study,
    /// What it came to.
    pub results: &'a Results,
}

/// Of whom a number speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All groups of the world together.
    All,
    /// One group of the world.
    Group(GroupId),
}

/// A group of a world, by its index in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(usize);

impl GroupId {
    /// Each of so many groups, in the order of the world.
    pub fn each(groups: usize) -> impl Iterator<Item = GroupId> {
        (0..groups).map(GroupId)
    }
}

impl Scope {
    /// All groups together, then each of so many.
    pub fn each(groups: usize) -> impl Iterator<Item = Scope> {
        std::iter::once(Scope::All).chain(GroupId::each(groups).map(Scope::Group))
    }

    /// Index among the values of a replication.
    fn index(self) -> usize {
        match self {
            Scope::All => 0,
            Scope::Group(GroupId(group)) => group + 1,
        }
    }
}

/// What results lack that were made of some shards only. Replications that are not complete are left out of them, so
/// every number is an honest one of fewer replications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// Shards that were not there, from 1 on, rising.
    pub missing: Vec<u32>,
    /// Shards of the whole run.
    pub shards: u32,
    /// Replications that are complete.
    pub complete: u32,
    /// Replications of the whole run.
    pub asked: u32,
}

impl std::fmt::Display for Partial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (missing, are) = (shards(&self.missing), if self.missing.len() == 1 { "is" } else { "are" });
        let Partial { shards, complete, asked, .. } = self;
        write!(
            f,
            "{missing} of {shards} {are} missing, and the {complete} of {asked} replications that are complete are used"
        )
    }
}

/// One scenario over all replications.
#[derive(Debug)]
pub struct ScenarioResults {
    /// Values of measures by replication, group and measure; NaN where undefined.
    totals: Vec<f64>,
    /// Daily measures, by measure and day.
    daily: MeanBands,
    /// Sums of daily measures over full weeks, by measure and week.
    weekly: MeanBands,
    /// Pause days by calendar year and replication, up to the last replication that used any.
    pause_days: BTreeMap<i16, Vec<i64>>,
    /// Replications.
    replications: usize,
    /// Times to remediation over all replications: first cycles, then by baseline entry.
    pub curves: Vec<CurveCounts>,
    /// The same by batches of replications.
    batches: Vec<Batches>,
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
    /// No replication yet, and never more than `most`.
    pub fn new(runner: &Runner<'_>, most: u32) -> Self {
        let study = runner.study();
        let scenario = |(rules, scenario)| {
            let mut results = ScenarioResults::new(rules, most);
            results.exact = twin::exact(scenario, study.start(), study.horizon()).ok();
            results
        };
        let scenarios = runner.rules().iter().zip(study.scenarios()).map(scenario).collect();
        Results { scenarios, replications: 0, partial: None, most, next: 0, joiner: Joiner::default() }
    }

    /// Runs replications `0..replications` of a study on the current rayon pool.
    pub fn run(runner: &Runner<'_>, replications: u32, progress: Progress<'_>) -> Self {
        let mut results = Results::new(runner, replications);
        results.extend(runner, replications, progress);
        results
    }

    /// Adds replications until there are `replications`. The results are those of running them all at once.
    pub fn extend(&mut self, runner: &Runner<'_>, replications: u32, progress: Progress<'_>) {
        let indexes = self.indexes_to(runner, replications);
        work_surely(runner, indexes, progress, &mut |part| self.add(runner, part));
    }

    /// As [`Results::extend`], and shows every part to `keep` before it is added.
    ///
    /// # Errors
    /// The first error of `keep` ends the work, and [`Stopped`] if the runner's watch ended it.
    pub fn extend_keeping<E: From<Stopped>>(
        &mut self,
        runner: &Runner<'_>,
        replications: u32,
        progress: Progress<'_>,
        keep: &mut dyn FnMut(&Part) -> Result<(), E>,
    ) -> Result<(), E> {
        let indexes = self.indexes_to(runner, replications);
        work(runner, indexes, progress, &mut |part| {
            keep(&part)?;
            self.add(runner, part);
            Ok(())
        })
    }

    /// The indexes from where the results stand to the end of so many replications.
    fn indexes_to(&self, runner: &Runner<'_>, replications: u32) -> Range<u64> {
        let width = runner.width();
        let begun = u64::from(self.next) * width;
        let from = self.joiner.open().map_or(begun, |part| part.indexes(width).end);
        from..(u64::from(replications.min(self.most)) * width).max(from)
    }

    /// Adds a part. Parts come in the order of their indexes; a replication counts when all of it has come, and none beyond
    /// the most there can be.
    pub fn add(&mut self, runner: &Runner<'_>, part: Part) {
        let counts = |part: &Part| part.tenants.start == 0 && part.replication < self.most;
        let Some(part) = self.joiner.push(part, runner.width()).filter(counts) else { return };
        let scenarios = self.scenarios.iter_mut().zip(runner.rules()).zip(&part.tallies);
        scenarios.for_each(|((scenario, rules), tally)| scenario.add(rules, tally));
        self.replications += 1;
        self.next = part.replication + 1;
    }
}

impl ScenarioResults {
    fn new(rules: &Rules<'_>, most: u32) -> Self {
        let shape = rules.shape();
        let series = DailyMeasure::all(shape.classes).len();
        ScenarioResults {
            totals: Vec::new(),
            daily: MeanBands::new(series * shape.days, most as usize),
            weekly: MeanBands::new(series * (shape.days / 7), most as usize),
            pause_days: BTreeMap::new(),
            replications: 0,
            curves: vec![CurveCounts::new(shape.curve_days); shape.entries + 1],
            batches: vec![Batches::default(); shape.entries + 1],
            lost_by_tenant: LogHistogram::default(),
            fate: vec![FateCounts::default(); shape.groups],
            class_names: rules.classes.names().to_vec(),
            days: shape.days,
            servers_per_replication: 0,
            tenants: 0,
            exact: None,
        }
    }

    /// Adds the tally of a replication.
    fn add(&mut self, rules: &Rules<'_>, tally: &Tally) {
        if self.replications == 0 {
            self.servers_per_replication = tally.groups.iter().map(|group| group.servers).sum();
            self.tenants = tally.groups.iter().map(|group| group.tenants).sum();
        }
        for (into, from) in self.batches.iter_mut().zip(&tally.curves) {
            into.add(self.replications, from);
        }
        self.add_replicate(&Replicate::read(rules, tally));
        for (into, from) in self.curves.iter_mut().zip(&tally.curves) {
            into.merge(from);
        }
        self.lost_by_tenant.merge(&lost_by_tenant(tally));
        for (into, from) in self.fate.iter_mut().zip(&tally.groups) {
            into.merge(&from.fate);
        }
    }

    fn add_replicate(&mut self, replicate: &Replicate) {
        self.totals.extend(replicate.totals.iter().flatten().map(|value| value.unwrap_or(f64::NAN)));
        self.daily.add(replicate.daily.iter().flatten().copied());
        self.weekly.add(replicate.daily.iter().flat_map(|days| days.chunks_exact(7)).map(|week| week.iter().sum()));
        for (&year, &days) in &replicate.pause_days {
            let by_replication = self.pause_days.entry(year).or_default();
            by_replication.resize(self.replications, 0);
            by_replication.push(days);
        }
        self.replications += 1;
    }

    /// The survival curve of times to remediation, all replications together, with its 95 % band; `None` if no server was ever
    /// detected.
    ///
    /// Servers of a tenant belong together, so the band comes from the differences between replications. A single replication
    /// has none.
    ///
    /// - `curve`: 0 for first cycles, else 1 + the index of a baseline entry.
    pub fn survival(&self, curve: usize) -> Option<SurvivalCurve> {
        self.lifetimes(curve).map(|(_, survival)| survival)
    }

    /// The life table of times to remediation, and its [survival curve](Self::survival).
    pub fn lifetimes(&self, curve: usize) -> Option<(LifeTable, SurvivalCurve)> {
        let table = life_table(self.curves.get(curve)?)?;
        let survival = self.batches.get(curve)?.survival(&table);
        Some((table, survival))
    }

    /// Values of a measure by replication; `None` where it is undefined.
    pub fn values(&self, scope: Scope, measure: Measure) -> Vec<Option<f64>> {
        let width = (self.fate.len() + 1) * Measure::ALL.len();
        let index = scope.index() * Measure::ALL.len() + measure as usize;
        self.totals.chunks_exact(width).map(|row| Some(row[index]).filter(|value| !value.is_nan())).collect()
    }

    /// Mean, interval and band of a measure; `None` unless it is defined in every replication.
    pub fn summary(&self, scope: Scope, measure: Measure) -> Option<Summary> {
        let values: Option<Vec<f64>> = self.values(scope, measure).into_iter().collect();
        summarise(&values?)
    }

    /// Mean and band of a daily measure for every day.
    pub fn daily(&self, measure: &DailyMeasure) -> Vec<Banded> {
        self.row(&self.daily, self.days, measure)
    }

    /// Mean and band of the sums over full weeks from the start on.
    pub fn weekly(&self, measure: &DailyMeasure) -> Vec<Banded> {
        self.row(&self.weekly, self.days / 7, measure)
    }

    fn row(&self, spread: &MeanBands, length: usize, measure: &DailyMeasure) -> Vec<Banded> {
        let all = DailyMeasure::all(self.class_names.len());
        let Some(index) = all.iter().position(|m| m == measure) else { return Vec::new() };
        (index * length..(index + 1) * length).map(|cell| spread.banded(cell)).collect()
    }

    /// Calendar years in which any pause day was used.
    pub fn pause_years(&self) -> impl Iterator<Item = i16> {
        self.pause_days.keys().copied()
    }

    /// Pause days a tenant used on average of a calendar year, with the band over replications.
    pub fn pause_days(&self, year: i16) -> Banded {
        self.pause_day_summary(year).map_or((0.0, (0.0, 0.0)), |summary| (summary.estimate.mean, summary.band))
    }

    /// As [`ScenarioResults::pause_days`], with the interval of the mean; `None` without replications.
    pub fn pause_day_summary(&self, year: i16) -> Option<Summary> {
        let tenants = self.tenants.max(1) as f64;
        let used = self.pause_days.get(&year).into_iter().flatten().copied();
        let days = used.chain(std::iter::repeat(0)).take(self.replications).map(|days| days as f64 / tenants);
        summarise(&days.collect::<Vec<f64>>())
    }
}

/// A mean over replications and the band from the 5th to the 95th percentile.
pub type Banded = (f64, (f64, f64));

fn summarise(values: &[f64]) -> Option<Summary> {
    Some(Summary { estimate: mean_interval(values, LEVEL)?, band: band(values, BAND_LOW, BAND_HIGH)? })
}
