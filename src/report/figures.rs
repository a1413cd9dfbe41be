//! The figures of a study: results in, figures as data out. Titles state the finding, computed from the numbers.

use super::Run;
use crate::chart::{
    AreaPanel, Areas, Bar, Bars, Body, Curve, DayPoint, Difference as Dot, Distribution, Dots, Event, Figure,
    Incidence, IncidencePanel, Lines, Measure as DotMeasure, Overview, Panel, Risk, Role, Series, Stage, Step,
    Survival, TailCurve, Tone, value,
};
use crate::experiment::measure::{life_table, survival};
use crate::experiment::results::{LEVEL, ScenarioResults};
use crate::experiment::{DailyMeasure, Measure, difference};
use crate::policy::Minutes;
use crate::stats::{IncidenceCurve, IntervalType, LifeTable, SurvivalCurve, quantile_of_counts};
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

/// Where fewer than this many servers remain at risk the band says little and is cut.
const BAND_AT_RISK: u64 = 10;
/// Points of a curve that are drawn at most; the file has them all.
const STEPS_MAX: usize = 900;

fn curve(run: Run<'_>, scenario: usize, table: &LifeTable) -> Curve {
    let survival = SurvivalCurve::new(table, LEVEL, IntervalType::LogLog);
    let points = survival.points();
    let every = points.len().div_ceil(STEPS_MAX).max(1);
    let kept =
        points.iter().enumerate().filter(|(i, _)| i % every == 0 || i + 1 == points.len()).map(|(_, point)| point);
    let steps = kept.map(|point| Step {
        days: point.time,
        share: point.survival,
        band: point.low.zip(point.high).filter(|_| point.at_risk >= BAND_AT_RISK),
    });
    let start = Step { days: 0.0, share: 1.0, band: None };
    let mut curve = Curve::new(role(run, scenario), std::iter::once(start).chain(steps).collect());
    let replications = u64::from(run.results.replications);
    let mean = |count: u64| (count + replications / 2) / replications;
    let (mut events, mut censored) = (0, 0);
    curve.risk.push(Risk { days: 0.0, at_risk: mean(table.n()), censored: 0, events: 0 });
    for row in table.rows() {
        events += row.events.iter().sum::<u64>();
        censored += row.censored;
        let left = row.at_risk - row.events.iter().sum::<u64>() - row.censored;
        curve.risk.push(Risk { days: row.time, at_risk: mean(left), censored: mean(censored), events: mean(events) });
    }
    let ticks: Vec<f64> = table.rows().iter().filter(|row| row.censored > 0).map(|row| row.time).collect();
    let every = ticks.len().div_ceil(40).max(1);
    curve.censored = ticks.into_iter().step_by(every).collect();
    curve
}

fn survival_body(run: Run<'_>) -> Survival {
    let curves =
        scenarios(run).filter_map(|(s, results)| Some(curve(run, s, &life_table(&results.curves[0])?))).collect();
    let mut body = Survival::new(curves);
    body.left_label = "still non-compliant".to_owned();
    body.event_label = "remediated".to_owned();
    body
}

fn time_to_remediation(run: Run<'_>) -> Figure {
    // Medians of the curves that are drawn; the mean of the replications' medians, in the tables, may differ by a day.
    let median = |(s, results): (usize, &ScenarioResults)| Some((s, survival(&results.curves[0])?.median().time?));
    let medians: Vec<(usize, f64)> = scenarios(run).filter_map(median).collect();
    let least = medians.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    let most = medians.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
    let title = match least.zip(most) {
        Some(((least, low), (most, high))) if low < high => format!(
            "Half of the servers are remediated by day {low:.0} under \u{201c}{}\u{201d}, by day {high:.0} under \u{201c}{}\u{201d}",
            name(run, least),
            name(run, most)
        ),
        Some(((_, days), _)) => format!("Half of the servers are remediated by day {days:.0}"),
        None => "Less than half of the servers are remediated before the horizon".to_owned(),
    };
    let subtitle = "Share of servers not yet remediated, by days since first detection (first cycles, Kaplan\u{2013}Meier, \
                    all replications together, with 95 % interval); counts below are per replication";
    let mut body = survival_body(run);
    for (s, results) in scenarios(run) {
        let curve = body.curves.iter_mut().find(|curve| curve.role == role(run, s));
        if let (Some(curve), Some(exact)) = (curve, &results.exact) {
            curve.exact = exact.days.iter().copied().zip(exact.survival.iter().copied()).collect();
        }
    }
    Figure::new(title, subtitle, body)
}

/// A stage of some ladder, as areas show it: the same name and minutes are one layer in all panels.
fn tone(class: &str, minutes: Minutes) -> Tone {
    match class {
        NOT_ENFORCED => Tone::Unaware,
        "paused" => Tone::Paused,
        _ if !minutes.restrict() => Tone::Report,
        _ => Tone::Enforced { throttled: minutes.throttle, blocked: minutes.block },
    }
}

/// The layers of all ladders together, the worst at the bottom, and for each scenario the layer of every class.
fn layers(run: Run<'_>) -> (Vec<Stage>, Vec<Vec<usize>>) {
    let mut keys: Vec<(String, Minutes)> = Vec::new();
    let mut places = Vec::new();
    for scenario in &run.study.scenarios {
        let classes = crate::tally::ClassSet::new(&scenario.policy.ladder);
        let silent =
            |class: usize| class >= 2 && scenario.policy.ladder.stages().get(class - 2).is_some_and(|s| s.silent);
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
        places.push(own);
    }
    keys.sort_by_key(|(name, minutes)| (rank(name), std::cmp::Reverse((minutes.block, minutes.throttle))));
    let stages = keys.iter().map(|(name, minutes)| Stage::new(name.clone(), tone(name, *minutes))).collect();
    let find = |key: &(String, Minutes)| keys.iter().position(|k| k == key).unwrap_or(0);
    (stages, places.iter().map(|own| own.iter().map(find).collect()).collect())
}

/// Servers that breach a baseline and feel nothing of it yet.
const NOT_ENFORCED: &str = "not under enforcement";

fn label(class: &str, minutes: Minutes) -> String {
    match (minutes.throttle, minutes.block) {
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

fn area_panel(run: Run<'_>, scenario: usize, stages: usize, places: &[usize]) -> AreaPanel {
    let results = &run.results.scenarios[scenario];
    let first = run.study.start.day().number();
    let mut rows: Vec<(Day, Vec<f64>)> =
        (0..results.days as i32).map(|day| (Day::from_number(first + day), vec![0.0; stages])).collect();
    for (class, &layer) in (1..results.class_names.len()).zip(places) {
        for (row, (mean, _)) in rows.iter_mut().zip(results.daily(&DailyMeasure::Class(class))) {
            row.1[layer] += mean;
        }
    }
    let every = rows.len().div_ceil(AREA_POINTS_MAX).max(1);
    AreaPanel { title: name(run, scenario).to_owned(), rows: rows.into_iter().step_by(every).collect() }
}

/// Most panels of one figure.
const PANELS_MAX: usize = 9;

fn servers_by_stage(run: Run<'_>) -> Figure {
    let (stages, places) = layers(run);
    let panels: Vec<_> =
        (0..run.study.scenarios.len().min(PANELS_MAX)).map(|s| area_panel(run, s, stages.len(), &places[s])).collect();
    let title = match extremes_among(run, Measure::StillFullyBlocked, |s| restricts(run, s)) {
        Some(((least, low), (most, high))) if least != most && high >= 1.0 => format!(
            "At the end {} servers are blocked entirely under \u{201c}{}\u{201d}, {} under \u{201c}{}\u{201d}",
            value(high, ""),
            name(run, most),
            value(low, ""),
            name(run, least)
        ),
        _ => "Non-compliant servers by stage".to_owned(),
    };
    let subtitle = format!("Non-compliant servers by stage, daily mean, {}", replications(run));
    Figure::new(title, subtitle, Areas::new("servers", stages, panels))
}

fn incidence(run: Run<'_>) -> Figure {
    let panel = |(s, results): (usize, &ScenarioResults)| {
        let curve = IncidenceCurve::new(&life_table(&results.curves[0])?);
        let points = curve.points().iter();
        let rows = points.map(|point| (point.time, point.causes.iter().map(|cause| cause.incidence).collect()));
        let start = std::iter::once((0.0, vec![0.0; 3]));
        Some(IncidencePanel { title: name(run, s).to_owned(), rows: start.chain(rows).collect() })
    };
    let panels: Vec<_> = scenarios(run).filter_map(panel).take(PANELS_MAX).collect();
    let last = |panel: &IncidencePanel| panel.rows.last().map(|row| row.1.clone()).unwrap_or_default();
    let title = match panels.first().map(last).as_deref() {
        Some([patch, upgrade, leave]) => format!(
            "Under \u{201c}{}\u{201d} {:.0} % patch, {:.0} % upgrade and {:.0} % leave",
            panels[0].title,
            patch * 100.0,
            upgrade * 100.0,
            leave * 100.0
        ),
        _ => "How servers are remediated".to_owned(),
    };
    let subtitle =
        "Cumulative incidence of remediation by route (first cycles, Aalen\u{2013}Johansen, all replications together)";
    let causes = ["patched", "upgraded", "left"].map(str::to_owned).to_vec();
    Figure::new(title, subtitle, Incidence::new(causes, panels))
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
