//! The figures of a study: results in, figures as data out. Titles state the finding, computed from the numbers.

mod remediation;
mod stages;

use remediation::{incidence, survival_body, time_to_remediation};
use stages::servers_by_stage;

use super::Run;
use crate::chart::{
    Bar, Bars, Body, DayPoint, Difference as Dot, Distribution, Dots, Event, Figure, Lines, Measure as DotMeasure,
    Overview, Panel, Role, Series, TailCurve, value,
};
use crate::experiment::results::ScenarioResults;
use crate::experiment::{DailyMeasure, Measure, difference};
use crate::stats::quantile_of_counts;
use crate::time::Day;

/// A figure and the name of its file.
#[derive(Debug)]
pub struct NamedFigure {
    /// File name without its ending.
    pub name: &'static str,
    /// The figure.
    pub figure: Figure,
}

/// All figures of a run.
///
/// - `footer`: study, seed, replications and version, printed small under every figure.
pub fn all(run: Run<'_>, footer: &str) -> Vec<NamedFigure> {
    let mut figures = vec![
        named("overview", overview(run)),
        named("mail-lost", weekly(run, &DailyMeasure::Lost, Measure::Lost, "lost")),
        named("mail-delayed", weekly(run, &DailyMeasure::Delayed, Measure::Delayed, "delayed")),
        named("time-to-remediation", time_to_remediation(run)),
        named("servers-by-stage", servers_by_stage(run)),
        named("non-compliant", non_compliant(run)),
        named("incidence", incidence(run)),
        named("lost-by-tenant", lost_by_tenant(run)),
        named("pause-days", pause_days(run)),
    ];
    if run.study.scenarios.len() > 1 {
        figures.push(named("differences", differences(run)));
    }
    for named in &mut figures {
        named.figure = named.figure.clone().footer(footer);
    }
    figures
}

/// Most panels of one figure.
const PANELS_MAX: usize = 9;

fn named(name: &'static str, figure: Figure) -> NamedFigure {
    NamedFigure { name, figure }
}

fn role(run: Run<'_>, scenario: usize) -> Role {
    Role::new(run.study.scenarios[scenario].name.clone(), scenario)
}

fn scenarios<'a>(run: Run<'a>) -> impl Iterator<Item = (usize, &'a ScenarioResults)> {
    run.results.scenarios.iter().enumerate()
}

/// Whether a scenario's ladder ever throttles or blocks: one that does not loses no mail, which is no finding.
fn restricts(run: Run<'_>, scenario: usize) -> bool {
    run.study.scenarios[scenario].policy.ladder.stages().iter().any(|stage| stage.minutes.restrict())
}

/// The scenarios with the least and the greatest mean of a measure.
fn extremes(run: Run<'_>, measure: Measure) -> Option<((usize, f64), (usize, f64))> {
    extremes_among(run, measure, |_| true)
}

fn extremes_among(run: Run<'_>, measure: Measure, of: impl Fn(usize) -> bool) -> Option<((usize, f64), (usize, f64))> {
    let means: Vec<_> = scenarios(run)
        .filter(|(s, _)| of(*s))
        .filter_map(|(s, results)| Some((s, results.summary(0, measure)?.estimate.mean)))
        .collect();
    let least = means.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let most = means.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((least, most))
}

fn name(run: Run<'_>, scenario: usize) -> &str {
    &run.study.scenarios[scenario].name
}

fn population(run: Run<'_>) -> String {
    let world = &run.study.scenarios[0].world;
    let servers: i64 = run.results.scenarios[0].servers_per_replication;
    let count = |n: f64, what: &str| if n == 1.0 { format!("1 {what}") } else { format!("{} {what}s", value(n, "")) };
    format!("{} of {}", count(servers as f64, "server"), count(world.tenant_count() as f64, "tenant"))
}

fn replications(run: Run<'_>) -> String {
    match run.results.replications {
        1 => "one replication".to_owned(),
        n => format!("mean of {n} replications"),
    }
}

fn band_words(run: Run<'_>, lines: usize) -> String {
    if run.results.replications < 2 {
        return String::new();
    }
    let which = if lines < run.study.scenarios.len() { " of the first two" } else { "" };
    format!(". Shaded{which}: 5th to 95th percentile of replications")
}

/// Days on which baselines of the baseline scenario come into force.
fn raises(run: Run<'_>) -> Vec<Event> {
    let entries = run.study.scenarios[0].policy.baselines.entries();
    let mut days: Vec<Day> = entries.iter().map(|entry| entry.effective.day()).collect();
    days.retain(|day| *day > run.study.start.day() && *day < run.study.horizon.day());
    days.dedup();
    days.into_iter().map(|day| Event { day, label: "baseline raised".to_owned() }).collect()
}

/// Sums of full weeks from the start on, by replication, as points with their band.
fn weeks(run: Run<'_>, results: &ScenarioResults, measure: &DailyMeasure) -> Vec<DayPoint> {
    let first = run.study.start.day().number();
    let weekly = results.weekly(measure);
    let points = weekly.into_iter().enumerate().map(|(week, (mean, band))| {
        let point = DayPoint::new(Day::from_number(first + 7 * week as i32), mean);
        if run.results.replications > 1 { point.band(band.0, band.1) } else { point }
    });
    points.collect()
}

fn weekly_lines(run: Run<'_>, daily: &DailyMeasure, total: Measure) -> Lines {
    let series = scenarios(run).map(|(s, results)| {
        let mut series = Series::new(role(run, s), weeks(run, results, daily));
        series.note = results.summary(0, total).map(|summary| format!("{} in all", value(summary.estimate.mean, "")));
        series
    });
    let mut lines = Lines::new("messages a week", series.collect());
    lines.events = raises(run);
    lines
}

fn weekly(run: Run<'_>, daily: &DailyMeasure, total: Measure, verb: &str) -> Figure {
    let lines = weekly_lines(run, daily, total);
    let title = match extremes_among(run, total, |s| restricts(run, s)) {
        Some(((least, low), (most, high))) if least != most && high > 0.0 => format!(
            "{} messages are {verb} under \u{201c}{}\u{201d}, {} under \u{201c}{}\u{201d}",
            value(high, ""),
            name(run, most),
            value(low, ""),
            name(run, least)
        ),
        Some((_, (_, high))) => format!("{} messages are {verb}", value(high, "")),
        None => format!("Messages {verb}"),
    };
    let bands = band_words(run, lines.bands_drawn());
    let subtitle = format!("Messages {verb} a week, {}, {}{bands}", population(run), replications(run));
    Figure::new(title, subtitle, lines)
}

fn non_compliant_lines(run: Run<'_>) -> Lines {
    let first = run.study.start.day().number();
    let series = scenarios(run).map(|(s, results)| {
        let daily = results.daily(&DailyMeasure::NonCompliant);
        let points = (first..).zip(daily).map(|(day, (mean, band))| {
            let point = DayPoint::new(Day::from_number(day), mean);
            if run.results.replications > 1 { point.band(band.0, band.1) } else { point }
        });
        Series::new(role(run, s), points.collect())
    });
    let mut lines = Lines::new("servers", series.collect());
    lines.events = raises(run);
    lines
}

fn non_compliant(run: Run<'_>) -> Figure {
    let title = match extremes(run, Measure::StillNonCompliant) {
        Some(((least, low), (most, high))) if least != most => format!(
            "{} servers are still non-compliant at the end under \u{201c}{}\u{201d}, {} under \u{201c}{}\u{201d}",
            value(high, ""),
            name(run, most),
            value(low, ""),
            name(run, least)
        ),
        Some((_, (_, high))) => format!("{} servers are still non-compliant at the end", value(high, "")),
        None => "Non-compliant servers".to_owned(),
    };
    let lines = non_compliant_lines(run);
    let bands = band_words(run, lines.bands_drawn());
    Figure::new(title, format!("Servers in breach of a baseline, {}{bands}", replications(run)), lines)
}

fn lost_by_tenant(run: Run<'_>) -> Figure {
    let curve = |(s, results): (usize, &ScenarioResults)| {
        let counts = results.lost_by_tenant.counts();
        let total: u64 = counts.iter().map(|count| count.1).sum();
        let mut above = total;
        let points = counts.iter().map(|&(amount, count)| {
            let share = above as f64 / total.max(1) as f64;
            above -= count;
            (amount as f64, share)
        });
        let quantile = |(name, q): (&str, f64)| Some((name.to_owned(), q, quantile_of_counts(&counts, q)? as f64));
        let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)].into_iter().filter_map(quantile).collect();
        TailCurve { role: role(run, s), points: points.collect(), quantiles }
    };
    let curves: Vec<_> = scenarios(run).map(curve).collect();
    let p99 = curves.first().and_then(|curve| curve.quantiles.last()).map_or(0.0, |quantile| quantile.2);
    let share = run.results.scenarios[0].summary(0, Measure::TenantsLosingShare).map_or(0.0, |s| s.estimate.mean);
    let title = format!(
        "Under \u{201c}{}\u{201d} {} of the tenants lose mail; 1 in 100 loses {} messages or more",
        name(run, 0),
        value(share * 100.0, "%"),
        value(p99, "")
    );
    let subtitle = format!("Distribution over tenants of messages lost between start and horizon, {}", population(run));
    Figure::new(title, subtitle, Distribution::new("messages lost per tenant", curves))
}

fn pause_bars(run: Run<'_>) -> Bars {
    let years: Vec<i16> = (run.study.start.year()..=run.study.horizon.year()).collect();
    let bar = |(s, results): (usize, &ScenarioResults)| {
        let values: Vec<_> = years.iter().map(|year| results.pause_days(*year)).collect();
        let mut bar = Bar::new(role(run, s), values.iter().map(|(mean, _)| *mean).collect());
        if run.results.replications > 1 {
            bar.bands = values.iter().map(|(_, band)| Some(*band)).collect();
        }
        bar
    };
    let bars = scenarios(run).map(bar).collect();
    Bars::new("pause days a tenant", years.iter().map(i16::to_string).collect(), bars)
}

fn pause_days(run: Run<'_>) -> Figure {
    let total = run.results.scenarios[0].summary(0, Measure::PauseDays).map_or(0.0, |s| s.estimate.mean);
    let tenants = run.study.scenarios[0].world.tenant_count().max(1) as f64;
    let title = format!(
        "Under \u{201c}{}\u{201d} a tenant uses {} pause days on average",
        name(run, 0),
        value(total / tenants, "")
    );
    let subtitle = format!(
        "Pause days used by the calendar year they are charged to, mean over all tenants, {}",
        replications(run)
    );
    Figure::new(title, subtitle, pause_bars(run))
}

/// Measures compared in the figure of differences, with the words for less and more.
const COMPARED: [(Measure, &str, &str, &str); 6] = [
    (Measure::Lost, "messages lost", "fewer", "more"),
    (Measure::Delayed, "messages delayed", "fewer", "more"),
    (Measure::Exposure, "messages accepted from old servers", "fewer", "more"),
    (Measure::RestrictedMeanDays, "mean days to remediation, cut at the horizon", "sooner", "later"),
    (Measure::StillNonCompliant, "servers still non-compliant", "fewer", "more"),
    (Measure::PauseDays, "pause days", "fewer", "more"),
];

fn dots(run: Run<'_>, measures: &[(Measure, &str, &str, &str)]) -> Dots {
    let others = 1..run.study.scenarios.len();
    let measure = |&(measure, title, below, above): &(Measure, &str, &str, &str)| {
        let dot = |s| {
            let e = difference(run.results, s, 0, measure)?.estimate;
            Some(Dot { mean: e.mean, low: e.low.unwrap_or(e.mean), high: e.high.unwrap_or(e.mean) })
        };
        DotMeasure::new(title, measure.unit(), others.clone().map(dot).collect()).words(below, above)
    };
    Dots::new(others.clone().map(|s| role(run, s)).collect(), measures.iter().map(measure).collect())
}

fn differences(run: Run<'_>) -> Figure {
    let lost = |s| Some((s, difference(run.results, s, 0, Measure::Lost)?));
    let least = (1..run.study.scenarios.len())
        .filter(|&s| restricts(run, s))
        .filter_map(lost)
        .min_by(|a, b| a.1.estimate.mean.total_cmp(&b.1.estimate.mean));
    let title = match least {
        Some((s, found)) if found.estimate.mean < 0.0 => format!(
            "\u{201c}{}\u{201d} loses {} fewer messages than \u{201c}{}\u{201d}",
            name(run, s),
            value(-found.estimate.mean, ""),
            name(run, 0)
        ),
        _ => format!("No scenario with restrictions loses fewer messages than \u{201c}{}\u{201d}", name(run, 0)),
    };
    let subtitle = format!(
        "Difference to \u{201c}{}\u{201d}, the same tenants under both, mean of {} paired replications with 95 % interval",
        name(run, 0),
        run.results.replications
    );
    Figure::new(title, subtitle, dots(run, &COMPARED))
}

fn overview(run: Run<'_>) -> Figure {
    let mut panels = vec![
        Panel::new(
            "Mail lost",
            "band: 5th to 95th percentile of replications",
            weekly_lines(run, &DailyMeasure::Lost, Measure::Lost),
        ),
        Panel::new("Non-compliant servers", "in breach of a baseline, by day", non_compliant_lines(run)),
        Panel::new("Time to remediation", "Kaplan–Meier, first cycles", survival_body(run)),
    ];
    let last: Body =
        if run.study.scenarios.len() > 1 { dots(run, &COMPARED[..1]).into() } else { pause_bars(run).into() };
    let (title, subtitle) = if run.study.scenarios.len() > 1 {
        ("Mail lost, against the first scenario", "paired difference with 95 % interval")
    } else {
        ("Pause days", "by calendar year, mean over tenants")
    };
    panels.push(Panel::new(title, subtitle, last));
    let subtitle =
        format!("{}, {}, {} to {}", population(run), replications(run), run.study.start.day(), run.study.horizon.day());
    Figure::new(run.study.question.clone(), subtitle, Overview::new(panels))
}
