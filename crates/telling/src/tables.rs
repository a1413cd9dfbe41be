//! The tables of a run as frames. A missing value is missing, never 0.

use brownout_experiment::Scope;
use std::collections::BTreeSet;

use crate::columns;
use crate::frame::{Column, ColumnKind, CsvRows, Frame, Value};
use brownout_experiment::Run;
use brownout_experiment::results::Summary;
use brownout_experiment::target::Target;
use brownout_experiment::{DailyMeasure, Measure, ScenarioResults, difference};
use brownout_explore::findings::OutcomeRange;
use brownout_kernel::stats::IncidenceCurve;
use brownout_kernel::time::Day;

/// Whom files speak of, by name: `all`, then each group of the scenario's world.
fn scopes(run: Run<'_>, scenario: usize) -> impl Iterator<Item = (Scope, String)> {
    let groups = run.study.scenarios()[scenario].world.groups();
    let names = std::iter::once("all".to_owned()).chain(groups.iter().map(|group| group.name().to_owned()));
    Scope::each(groups.len()).zip(names)
}

/// `summary.csv`: every measure by scenario and group, with its 95 % interval and the band over replications.
pub fn summary(run: Run<'_>) -> Frame {
    let mut frame = Frame::new(
        "summary",
        columns![Text scenario, Text group, Text measure, Text unit, Number mean, Number mean_low, Number mean_high, Number level, Integer n, Number p05, Number p95],
    );
    for (s, scenario) in run.results.scenarios.iter().enumerate() {
        for (scope, group) in scopes(run, s) {
            for measure in Measure::ALL {
                if scope != Scope::All && scenario.values(scope, measure).iter().all(Option::is_none) {
                    continue;
                }
                let name = &run.study.scenarios()[s].name;
                let names = [name.as_str(), &group, measure.key(), measure.unit()].map(Value::from);
                let found = scenario.summary(scope, measure);
                frame.row(names.into_iter().chain(summary_cells(found)));
            }
        }
    }
    frame
}

/// Mean, interval of the mean, its level and n, and the band over replications; empty where there is none.
fn summary_cells(summary: Option<Summary>) -> [Value; 7] {
    let Some(Summary { estimate: e, band }) = summary else { return [const { Value::Missing }; 7] };
    [e.mean.into(), e.low.into(), e.high.into(), e.level.into(), e.n.into(), band.0.into(), band.1.into()]
}

/// What luck alone leaves open beside what is not known: for each scenario and measure of the futures the mean of the run with its
/// interval, and the median, 5th and 95th percentile over futures with the half-width that luck has in the median one.
pub fn unknown(run: Run<'_>, spans: &[OutcomeRange]) -> Frame {
    let columns = columns![
        Text scenario, Text measure, Text unit, Number mean, Number mean_low, Number mean_high, Number level, Integer n,
        Number median, Number p5, Number p95, Number luck_half_width,
    ];
    let mut frame = Frame::new("unknown", columns);
    for (at, scenario) in run.study.scenarios().iter().enumerate() {
        for span in spans.iter().filter(|span| span.schedule == at) {
            let names = [scenario.name.as_str(), span.measure.key(), span.measure.unit()].map(Value::from);
            let [mean, low, high, level, n, ..] =
                summary_cells(run.results.scenarios[at].summary(Scope::All, span.measure));
            let futures = [span.median, span.low, span.high, span.luck].map(Value::from);
            frame.row(names.into_iter().chain([mean, low, high, level, n]).chain(futures));
        }
    }
    frame
}

/// In how many replications each scenario meets each target.
pub fn targets(run: Run<'_>, targets: &[Target]) -> Frame {
    let columns = columns![
        Text target, Text scenario, Integer replications_that_meet_it, Integer n, Number prob, Number prob_low, Number prob_high,
    ];
    let mut frame = Frame::new("targets", columns);
    for target in targets {
        for (index, scenario) in run.study.scenarios().iter().enumerate() {
            let met = target.met(run.results, index);
            let names = [target.to_string().into(), Value::from(&scenario.name), met.hits.into(), met.n.into()];
            let prob = f64::from(met.hits) / f64::from(met.n.max(1));
            frame.row(names.into_iter().chain([prob, met.interval.0, met.interval.1].map(Value::from)));
        }
    }
    frame
}

/// `pause-years.csv`: pause days a tenant used on average, by scenario and the calendar year they were charged to. The year of the
/// start has those of pauses before the start too: they are spent from the same budget.
pub fn pause_years(run: Run<'_>) -> Frame {
    let mut frame = Frame::new(
        "pause-years",
        columns![Text scenario, Integer year, Text measure, Text unit, Number mean, Number mean_low, Number mean_high, Number level, Integer n, Number p05, Number p95],
    );
    let years: BTreeSet<i16> = run.results.scenarios.iter().flat_map(ScenarioResults::pause_years).collect();
    for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
        for &year in &years {
            let names = [Value::from(&scenario.name), year.into(), "pause_days_per_tenant".into(), "days".into()];
            frame.row(names.into_iter().chain(summary_cells(results.pause_day_summary(year))));
        }
    }
    frame
}

/// `values.csv`: every measure of each replication, all groups together, to be worked on elsewhere; empty where it is not defined.
pub fn values(run: Run<'_>) -> CsvRows {
    let measures = Measure::ALL.map(|measure| Column::new(measure.key(), measure.unit(), ColumnKind::Number));
    let mut columns = columns![Text scenario, Integer replication];
    columns.extend(measures);
    let mut table = CsvRows::new(columns, run.results.scenarios.len() * run.results.replications as usize);
    for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
        let values = Measure::ALL.map(|measure| results.values(Scope::All, measure));
        for replication in 0..values[0].len() {
            let names = [Value::from(&scenario.name), replication.into()];
            table.row(names.into_iter().chain(values.iter().map(|values| values[replication].into())));
        }
    }
    table
}

/// `series.csv`: daily measures; `p05` and `p95` are the 5th and 95th percentile of replications.
pub fn series(run: Run<'_>) -> CsvRows {
    let columns = columns![Text scenario, Date date, Text measure, Number mean, Number p05, Number p95];
    let rows_of = |results: &ScenarioResults| DailyMeasure::all(results.class_names.len()).len() * results.days;
    let mut table = CsvRows::new(columns, run.results.scenarios.iter().map(rows_of).sum());
    let first = run.study.start().day().number();
    for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
        for measure in DailyMeasure::all(results.class_names.len()) {
            let key = measure.key(&results.class_names);
            for (day, (mean, (low, high))) in (first..).zip(results.daily(&measure)) {
                let names = [Value::from(&scenario.name), Day::from_number(day).into(), Value::from(&key)];
                table.row(names.into_iter().chain([mean, low, high].map(Value::from)));
            }
        }
    }
    table
}

/// `survival.csv`: times to remediation over all replications, by curve and whole day: who was at risk when the day began, what
/// happened in it, and how survival and incidence stand at its end. The 95 % interval is that of the curve of all replications
/// together, from the differences between them; `n` counts them.
pub fn survival(run: Run<'_>) -> CsvRows {
    let columns = columns![Text scenario, Text curve, Integer day "days", Integer at_risk "servers", Integer patched "servers", Integer upgraded "servers", Integer left "servers", Integer censored "servers", Number survival, Number survival_low, Number survival_high, Number level, Integer n, Number incidence_patch, Number incidence_upgrade, Number incidence_leave];
    let curves = run.results.scenarios.iter().flat_map(|results| &results.curves);
    let mut table = CsvRows::new(columns, curves.map(|curve| curve.happenings().count()).sum());
    for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
        let entries = scenario.policy.baselines().entries().iter().map(|entry| entry.name());
        for (index, name) in std::iter::once("first cycles").chain(entries).enumerate() {
            let Some((life, curve)) = results.lifetimes(index) else { continue };
            let incidence = IncidenceCurve::at_whole_times(&life);
            let days = results.curves[index].happenings();
            let mut at_risk = results.curves[index].total();
            for (day, remediated, censored) in days {
                let names = [Value::from(&scenario.name), name.into(), day.into()];
                let point = curve.level_at(day as f64);
                let shares = [Some(point.survival), point.low, point.high].map(Value::from);
                let sizes = [Value::from(curve.level()), run.results.replications.into()];
                let causes = incidence.level_at(day as f64).map(|cause| Value::from(cause.incidence));
                let counts = || remediated.iter().copied().chain([censored]);
                let counted = std::iter::once(at_risk).chain(counts()).map(Value::from);
                table.row(names.into_iter().chain(counted).chain(shares).chain(sizes).chain(causes));
                at_risk -= counts().sum::<i64>();
            }
        }
    }
    table
}

/// `differences.csv`: paired differences to the baseline scenario by measure and group.
pub fn differences(run: Run<'_>) -> Frame {
    let mut frame = Frame::new(
        "differences",
        columns![Text scenario, Text baseline_scenario, Text group, Text measure, Text unit, Number mean, Number mean_low, Number mean_high, Number level, Integer n, Number variance_ratio, Text verdict],
    );
    let baseline = &run.study.scenarios().baseline().name;
    for s in 1..run.study.scenarios().len() {
        let same_groups = scopes(run, s).eq(scopes(run, 0));
        for (scope, group) in scopes(run, s).take(if same_groups { usize::MAX } else { 1 }) {
            for measure in Measure::ALL {
                let Some(found) = difference(run.results, s, scope, measure) else { continue };
                let e = found.estimate;
                let names = [&run.study.scenarios()[s].name, baseline, &group].map(Value::from);
                let numbers = [e.mean.into(), e.low.into(), e.high.into(), e.level.into(), Value::from(e.n)];
                let unit = [measure.key(), measure.unit()].map(Value::from);
                let last = [found.variance_ratio.into(), Value::from(found.verdict.words())];
                frame.row(names.into_iter().chain(unit).chain(numbers).chain(last));
            }
        }
    }
    frame
}

/// `fate.csv`: how the same servers and tenants fared against the baseline scenario, summed over replications.
pub fn fate(run: Run<'_>) -> Frame {
    let mut frame = Frame::new(
        "fate",
        columns![Text scenario, Text group, Integer servers_earlier "servers", Integer servers_same "servers", Integer servers_later "servers", Number days_earlier_p50 "days", Number days_earlier_p90 "days", Number days_later_p50 "days", Number days_later_p90 "days", Integer tenants_lose_less "tenants", Integer tenants_lose_same "tenants", Integer tenants_lose_more "tenants"],
    );
    for s in 1..run.study.scenarios().len() {
        let fates = &run.results.scenarios[s].fate;
        let mut all = brownout_kernel::tally::FateCounts::default();
        fates.iter().for_each(|fate| all.merge(fate));
        for ((_, name), fate) in scopes(run, s).zip(std::iter::once(&all).chain(fates)) {
            let quantile = |counts: &brownout_kernel::tally::LogHistogram, q| {
                Value::from(brownout_kernel::stats::quantile_of_counts(&counts.counts(), q))
            };
            let days = [
                (&fate.days_earlier, 0.5),
                (&fate.days_earlier, 0.9),
                (&fate.days_later, 0.5),
                (&fate.days_later, 0.9),
            ];
            let scenario = [&run.study.scenarios()[s].name, &name].map(Value::from);
            let servers = fate.servers.map(Value::from);
            let days = days.map(|(counts, q)| quantile(counts, q));
            frame.row(scenario.into_iter().chain(servers).chain(days).chain(fate.tenants.map(Value::from)));
        }
    }
    frame
}

/// `mail.csv`: what each stage does to a message, exactly, for every scenario and retry schedule.
pub fn mail(run: Run<'_>) -> Frame {
    let mut frame = Frame::new(
        "mail",
        columns![Text scenario, Text stage, Integer throttle "minutes an hour", Integer block "minutes an hour", Text layout, Text retry, Number at_once "share of mail", Number delayed "share of mail", Number lost_blocked "share of mail", Number lost_expired "share of mail", Number mean_delay_seconds "seconds", Integer delay_p50_seconds "seconds", Integer delay_p90_seconds "seconds", Integer delay_p99_seconds "seconds"],
    );
    for scenario in run.study.scenarios() {
        for stage in scenario.policy.ladder().stages() {
            for retry in brownout_kernel::sim::rules::mail_kinds(&scenario.world) {
                let outcome =
                    brownout_kernel::mail::MailOutcome::compute(stage.minutes(), scenario.policy.layout(), retry);
                let minutes = [stage.minutes().throttle(), stage.minutes().block()].map(Value::from);
                let names = [&scenario.name, stage.name()].map(Value::from).into_iter().chain(minutes);
                let setting = [Value::from(scenario.policy.layout().name()), retry.to_string().into()];
                let parts = [outcome.at_once, outcome.delayed, outcome.lost_blocked, outcome.lost_expired];
                let quantile = |q| Value::from(outcome.delay_quantile_seconds(q));
                let delays = [outcome.mean_delay_seconds().into(), quantile(0.5), quantile(0.9), quantile(0.99)];
                let shares = parts.map(|parts| Value::from(outcome.share(parts)));
                frame.row(names.chain(setting).chain(shares).chain(delays));
            }
        }
    }
    frame
}
