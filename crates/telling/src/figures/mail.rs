//! Mail by week, and servers in breach by day.

use brownout_experiment::Scope;
use jiff::civil::Date;

use super::{View, band_words, extremes, name, population, quoted, repeated, replications, role, scenarios};
use crate::numbers::{found, mean};
use brownout_chart::{DayPoint, Event, Figure, Lines, Period, Series, value};
use brownout_experiment::Run;
use brownout_experiment::results::{Banded, ScenarioResults};
use brownout_experiment::{DailyMeasure, Measure};
use brownout_kernel::time::Day;
use brownout_text::words::many_are;

/// Days on which a scenario's baselines come into force.
fn raises_of(run: Run<'_>, scenario: usize) -> Vec<Day> {
    let entries = run.study.scenarios()[scenario].policy.baselines().entries();
    let mut days: Vec<Day> = entries.iter().map(|entry| entry.effective().day()).collect();
    days.retain(|day| *day > run.study.start().day() && *day < run.study.horizon().day());
    days.sort_unstable();
    days.dedup();
    days
}

/// Days on which baselines come into force, each with the scenarios for which that is true.
fn raises(run: Run<'_>) -> Vec<Event> {
    let own: Vec<Vec<Day>> = (0..run.study.scenarios().len()).map(|s| raises_of(run, s)).collect();
    let mut days: Vec<Day> = own.iter().flatten().copied().collect();
    days.sort_unstable();
    days.dedup();
    let event = |day: Day| {
        let of: Vec<usize> = (0..own.len()).filter(|&s| own[s].contains(&day)).collect();
        if of.len() == own.len() {
            return Event { day, label: "baseline raised".to_owned(), of: Vec::new() };
        }
        let others: Vec<usize> = (0..own.len()).filter(|s| !of.contains(s)).collect();
        let label = match (&of[..], &others[..]) {
            ([only], _) => format!("baseline raised, {} only", quoted(run, *only)),
            (_, [but]) => format!("baseline raised, not in {}", quoted(run, *but)),
            (some, _) => format!("baseline raised in {} scenarios", some.len()),
        };
        Event { day, label, of }
    };
    days.into_iter().map(event).collect()
}

/// Points every `step` days from the start on, with their band.
fn points(run: Run<'_>, rows: Vec<Banded>, step: i32) -> Vec<DayPoint> {
    let first = run.study.start().day().number();
    let point = |(n, (mean, band)): (i32, Banded)| {
        let point = DayPoint::new(Day::from_number(first + step * n), mean);
        if repeated(run) { point.band(band.0, band.1) } else { point }
    };
    (0..).zip(rows).map(point).collect()
}

/// A line for each scenario with its number of the tables at its end, and the days of the raises.
fn lines(
    run: Run<'_>,
    unit: &str,
    of: impl Fn(&ScenarioResults) -> Vec<DayPoint>,
    total: Measure,
    words: &str,
) -> Lines {
    let series = scenarios(run).map(|(s, results)| {
        let mut series = Series::new(role(run, s), of(results));
        series.note = found(run, s, total).map(|_| format!("{} {words}", mean(run, s, total)));
        series
    });
    let mut lines = Lines::new(unit, series.collect());
    lines.events = raises(run);
    lines
}

pub(super) fn weekly_lines(run: Run<'_>, daily: &DailyMeasure, total: Measure) -> Lines {
    let weekly = |results: &ScenarioResults| points(run, results.weekly(daily), 7);
    with_quiet_weeks(run, lines(run, "messages a week", weekly, total, "in all"))
}

/// Shades the weeks at the turn of each year in which people send less, by the first scenario's calendar of mail.
fn with_quiet_weeks(run: Run<'_>, mut lines: Lines) -> Lines {
    let Some(quiet) = run.study.scenarios().baseline().world.calendar().year_end().filter(|quiet| quiet.level() < 1.0)
    else {
        return lines;
    };
    let day = |year, (month, day)| Date::new(year, month, day).ok().map(Day::from_civil);
    let period = |year: i16| {
        let to = if quiet.to() < quiet.from() { year + 1 } else { year };
        Some(Period { from: day(year, quiet.from())?, to: day(to, quiet.to())?, label: "quiet weeks".to_owned() })
    };
    let (first, last) = (run.study.start().day(), run.study.horizon().day());
    let inside = |period: &Period| period.to > first && period.from < last;
    lines.periods = (first.civil().year() - 1..=last.civil().year()).filter_map(period).filter(inside).collect();
    lines
}

pub(super) fn weekly(run: Run<'_>, daily: &DailyMeasure, total: Measure, verb: &str) -> Figure {
    let lines = weekly_lines(run, daily, total);
    let title = match extremes(run, total) {
        Some((least, most)) => format!(
            "{} {verb} under {}, {} under {}",
            many_are(&mean(run, most, total), "message"),
            quoted(run, most),
            mean(run, least, total),
            quoted(run, least)
        ),
        None if run.study.scenarios().len() == 1 => format!("{} {verb}", many_are(&mean(run, 0, total), "message")),
        None => format!("Messages {verb} by week"),
    };
    let bands = band_words(run, lines.bands_drawn());
    Figure::new(title, format!("Messages {verb} a week, {}, {}{bands}", population(run), replications(run)), lines)
}

/// Messages lost or delayed since the start, as messages and in per cent of all mail sent.
pub(super) fn views(run: Run<'_>, daily: &DailyMeasure, total: Measure) -> Vec<View> {
    let summed = |results: &ScenarioResults, scale: f64| -> Vec<DayPoint> {
        let first = run.study.start().day().number();
        let add = |sum: &mut f64, (n, (mean, _)): (i32, Banded)| {
            *sum += mean;
            Some(DayPoint::new(Day::from_number(first + n), *sum * scale))
        };
        (0..).zip(results.daily(daily)).scan(0.0, add).collect()
    };
    let share = |results: &ScenarioResults| {
        let sent = results.summary(Scope::All, Measure::Sent).map_or(0.0, |sent| sent.estimate.mean);
        if sent > 0.0 { summed(results, 100.0 / sent) } else { Vec::new() }
    };
    let mut shares = lines(run, "%", share, total, "in all");
    for (series, results) in shares.series.iter_mut().zip(&run.results.scenarios) {
        series.note = share(results).last().map(|last| format!("{} of all mail", value(last.value, "%")));
    }
    let messages = lines(run, "messages since the start", |results| summed(results, 1.0), total, "in all");
    let view = |label, lines| View { label, figure: Figure::new("", "", lines) };
    vec![view("cumulative", messages), view("cumulative, in per cent of all mail sent", shares)]
}

pub(super) fn non_compliant_lines(run: Run<'_>) -> Lines {
    let daily = |results: &ScenarioResults| points(run, results.daily(&DailyMeasure::NonCompliant), 1);
    lines(run, "servers", daily, Measure::StillNonCompliant, "at the end")
}

pub(super) fn non_compliant(run: Run<'_>) -> Figure {
    let at_end = |s| mean(run, s, Measure::StillNonCompliant);
    let title = match extremes(run, Measure::StillNonCompliant) {
        Some((least, most)) => format!(
            "{} still non-compliant at the end under \u{201c}{}\u{201d}, {} under \u{201c}{}\u{201d}",
            many_are(&at_end(most), "server"),
            name(run, most),
            at_end(least),
            name(run, least)
        ),
        None if run.study.scenarios().len() == 1 => {
            format!("{} still non-compliant at the end", many_are(&at_end(0), "server"))
        }
        None => "Non-compliant servers by day".to_owned(),
    };
    let lines = non_compliant_lines(run);
    let bands = band_words(run, lines.bands_drawn());
    Figure::new(title, format!("Servers in breach of a baseline, {}{bands}", replications(run)), lines)
}
