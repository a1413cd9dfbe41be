//! The two pictures of a plan: when everything happens, and how it may end.

use super::together::words::by_kind;
use super::words::{self, counted, date, finding, messages, percent, unbroken};
use super::{PlanRow, Story};
use crate::enforcement;
use crate::figures::NamedFigure;
use brownout_chart::{
    Figure, FinishDay, Gantt, GanttCrew, GanttRow, GanttWork, Limit, LossRow, PlanRisk, Role, SafeDay, SafeStart,
    StageSpan, Tone,
};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::Period;
use brownout_kernel::time::{Clock, Day, SimDuration, SimTime};
use brownout_planner::chance::outcome::{Danger, QUANTILES};
use brownout_planner::project;

/// Days before the first planned one that are shown at least; done servers widen this up to [`PAST_MAX`].
const PAST: i64 = 3;
const PAST_MAX: i64 = 45;
/// Days after the last cut-over up to which a late P95 widens the picture.
const LATE_MAX: i64 = 90;
/// Notes under the chart of several tenants.
const NOTES_MAX: usize = 3;

/// Both pictures.
pub(super) fn all(story: &Story<'_>) -> Vec<NamedFigure> {
    vec![
        NamedFigure::new("gantt", gantt(story).footer(footer(story, &story.project().name))),
        NamedFigure::new("risk", risk(story).footer(footer(story, &story.project().name))),
    ]
}

/// - `name`: of the plan.
pub(super) fn footer(story: &Story<'_>, name: &str) -> String {
    let project = story.project();
    format!(
        "{} · as of {} · seed {} · {} · policy {} · brownout {} · durations and failures are the plan's assumptions",
        name,
        project.as_of,
        project.seed,
        words::replications(story),
        project.policy.ladder().name(),
        env!("CARGO_PKG_VERSION"),
    )
}

fn gantt(story: &Story<'_>) -> Figure {
    let stories = std::slice::from_ref(story);
    let (from, to) = ends(stories);
    let touches = |(start, end): &(SimTime, SimTime)| *start < to && *end > from;
    let late = story.pauses.iter().filter(|pause| pause.is_conditional()).map(|pause| (pause.at, pause.ends));
    let body = Gantt {
        pauses: story.paused().into_iter().filter(touches).collect(),
        if_late: late.filter(touches).collect(),
        ..rows_and_calendars(stories)
    };
    let always = story.pauses.iter().filter(|pause| !pause.is_conditional());
    let pauses = match always.map(|pause| pause.days).sum::<u32>() {
        0 => "no pause".to_owned(),
        days => counted(days as usize, "pause day"),
    };
    let replications = counted(story.findings.lived.replications as usize, "replication");
    let mut figure = Figure::new(unbroken(&finding(story)), gantt_subtitle(story, to, &pauses), body).note(whiskers(
        story,
        &replications,
        true,
    ));
    for note in gantt_notes(story) {
        figure = figure.note(note);
    }
    figure.alt(format!("{}. A row for each of {}.", finding(story), counted(story.rows.len(), "server")))
}

/// The Gantt chart of several tenants, a row for each server, tenant after tenant in the order of their last cut-overs.
///
/// - `finding`: in a sentence without its full stop.
/// - `pauses`: of all of them, in words.
pub(super) fn gantt_together(stories: &[Story<'_>], finding: &str, pauses: &str, replications: &str) -> Option<Figure> {
    let first = stories.first()?;
    let (_, to) = ends(stories);
    let mut figure = Figure::new(unbroken(finding), gantt_subtitle(first, to, pauses), rows_and_calendars(stories))
        .note(whiskers(first, replications, false));
    let mut notes = by_kind(stories, gantt_notes);
    let more = notes.len().saturating_sub(NOTES_MAX);
    notes.truncate(NOTES_MAX);
    notes.extend((more > 0).then(|| format!("and {}: the page has them.", counted(more, "more note"))));
    for note in notes {
        figure = figure.note(note);
    }
    let servers: usize = stories.iter().map(|story| story.rows.len()).sum();
    Some(figure.alt(format!("{finding}. A row for each of {}.", counted(servers, "server"))))
}

fn gantt_subtitle(story: &Story<'_>, to: SimTime, pauses: &str) -> String {
    format!(
        "Work and cut-overs as planned, from {} to {}; {pauses}. Shading: what is in force for each server, if it is not done",
        date(story.project().as_of),
        date(to.day()),
    )
}

/// - `has_dates`: whether the dates of servers stand at the right where they have a local time.
fn whiskers(story: &Story<'_>, replications: &str, has_dates: bool) -> String {
    let sure = percent(story.project().risk.level);
    format!(
        "Whiskers: from the day on which a server is done in 50 % of {replications} to that of {sure}; work takes its drawn time, cut-overs may fail. {}",
        match story.place().filter(|_| has_dates) {
            Some(place) => format!("At the right the time of {place} with UTC; the axis is UTC."),
            None => "UTC.".to_owned(),
        }
    )
}

/// Servers, crews and stages; pauses are in the spans of each row alone.
fn rows_and_calendars(stories: &[Story<'_>]) -> Gantt {
    let (from, to) = ends(stories);
    let first = &stories[0];
    let rows = stories.iter().flat_map(|story| story.rows.iter().map(move |row| gantt_row(story, row)));
    Gantt {
        rows: rows.collect(),
        crews: calendars(stories),
        pauses: Vec::new(),
        if_late: Vec::new(),
        level: percent(first.project().risk.level),
        dates: first.place().map(|place| format!("planned for ({place})")).unwrap_or_default(),
        today: Some((first.project().as_of.start(), "as of".to_owned())),
        from,
        to,
        stages: stages(stories, from, to),
    }
}

/// What the picture cannot show: what is inferred, unknown or left out.
fn gantt_notes(story: &Story<'_>) -> Vec<String> {
    let project = story.project();
    let mut notes = Vec::new();
    if !project.pauses_inferred.is_empty() {
        let days: Vec<String> = project.pauses_inferred.iter().map(|pause| date(pause.at.day())).collect();
        notes.push(format!("Inferred from the report, stated by nobody: the pause from {}.", days.join(", ")));
    }
    if let Some(first) = story.assumed().first() {
        let from = date(first.from.day());
        notes.push(format!("Assumed, no source says: how the pauses from {from} on count; the page names the rules."));
    }
    let unsure = story.open().filter(|row| row.server.assessment.certainty != Certainty::Known).count();
    if unsure > 0 {
        let which = counted(unsure, "server");
        notes.push(format!("First detection not known for {which}: drawn for the earliest possible, the worst."));
    }
    let left_out = project.left_out.len();
    if left_out > 0 {
        notes.push(format!("Left out: {}, of which this policy says nothing.", counted(left_out, "server")));
    }
    notes
}

/// First and last instant of the Gantt chart.
fn ends(stories: &[Story<'_>]) -> (SimTime, SimTime) {
    let days = SimDuration::from_days;
    let as_of = stories.first().map_or(SimTime::NEVER, |story| story.project().as_of.start());
    let done = stories.iter().flat_map(|story| &story.rows).filter(|row| row.done).map(|row| row.at - days(2)).min();
    let from = done.unwrap_or(as_of).clamp(as_of - days(PAST_MAX), as_of - days(PAST));
    let Some(last) = stories.iter().filter_map(Story::last).max() else { return (from, as_of + days(30)) };
    let late = stories.iter().flat_map(Story::open).filter_map(|row| row.chance).map(|chance| chance.sure).max();
    let to = late.unwrap_or(last).clamp(last, last + days(LATE_MAX)) + days(4);
    (from, to.max(as_of + days(14)))
}

fn gantt_row<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> GanttRow {
    let in_hand = if row.server.in_hand.is_some() && !row.done { "in hand" } else { "" };
    let product = words::product(story.project(), row.server);
    let about = [product, words::route(row.server), story.crew(row).to_owned(), in_hand.to_owned()];
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    let work = row.start.map(|start| match row.server.work {
        project::Work::Days(_) => GanttWork::Crew(start.start(), row.at),
        project::Work::Lead(_) => GanttWork::Waiting(start.start(), row.at),
    });
    GanttRow {
        name: story.name_of(row),
        about: about.join(" · "),
        crew: row.crew.map(usize::from),
        spans: row.periods.iter().map(|period| span(story, period)).collect(),
        work,
        cut_over: (row.at != SimTime::NEVER).then_some(row.at),
        done: row.done,
        date: local_date(story, row),
        former: former_at(story, row),
        likely: row.chance.map(|chance| (chance.done[0], chance.sure.max(chance.done[0]))),
    }
}

/// `Sat 5 Dec 2026, 22:00 (21:00 UTC)`; empty where the plan has no clocks but UTC.
fn local_date<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> String {
    let by = story.clock_of(row).filter(|_| !row.done && row.at != SimTime::NEVER);
    let told = |by: &Clock| {
        let day = words::weekday_date(words::local::day(row.at, Some(by)));
        format!("{day}, {}", words::local::short_hours(row.at, by))
    };
    by.map_or_else(String::new, told)
}

/// The date that a server that is not done had in the former plan, where it is another now.
fn former_at(story: &Story<'_>, row: &PlanRow<'_>) -> Option<SimTime> {
    let former = story.project().former.as_ref()?.date(&row.server.name)?;
    (!row.done && former.at != row.at).then_some(former.at)
}

fn span(story: &Story<'_>, period: &Period) -> StageSpan {
    enforcement::span(story.project().policy.ladder().stages()[period.stage].name(), period)
}

/// The stages that show, in the order of the ladder.
fn stages(stories: &[Story<'_>], from: SimTime, to: SimTime) -> Vec<(String, Tone)> {
    let shows = |period: &&Period| !period.paused && period.from < to && period.to > from;
    let mut all: Vec<(String, Tone)> = Vec::new();
    for story in stories {
        let mut shown: Vec<&Period> = story.rows.iter().flat_map(|row| &row.periods).filter(shows).collect();
        shown.sort_by_key(|period| period.stage);
        shown.dedup_by_key(|period| period.stage);
        for period in shown {
            let span = span(story, period);
            if all.iter().all(|known| known.0 != span.name) {
                all.push((span.name, span.tone));
            }
        }
    }
    all
}

/// Openings and freezes of the crews, as far as the picture shows them.
pub(super) fn calendars(stories: &[Story<'_>]) -> Vec<GanttCrew> {
    let (from, to) = ends(stories);
    let crew = |crew: &project::Crew| {
        let weekly = !crew.openings.windows().is_empty();
        let openings = crew.openings.occurrences(from, to, u32::MAX).filter(|_| weekly);
        let mut windows: Vec<SimTime> =
            openings.chain(crew.extra.iter().copied().filter(|at| (from..to).contains(at))).collect();
        windows.sort_unstable();
        windows.dedup();
        let stretches = crew.openings.freezes().iter().flat_map(|freeze| freeze.stretches().iter().copied());
        let freezes = stretches.filter(|stretch| stretch.0 < to && stretch.1 > from).collect();
        GanttCrew { name: crew.name.clone(), windows, freezes }
    };
    stories.first().map_or_else(Vec::new, |story| story.project().crews.iter().map(crew).collect())
}

fn risk(story: &Story<'_>) -> Figure {
    let findings = story.findings;
    let lived = &findings.lived;
    let mut done = 0;
    let finish = lived.finish_days.iter().map(|&(day, count)| {
        done += count;
        FinishDay { day, share: f64::from(done) / f64::from(lived.replications.max(1)) }
    });
    let finish: Vec<FinishDay> = finish.collect();
    let limits = Danger::ALL.into_iter().filter_map(|danger| {
        let at = story.open().filter_map(|row| row.begins(danger, story.project().as_of.start())).min()?;
        Some(Limit { name: danger.name().to_owned(), at })
    });
    let limits: Vec<Limit> = limits.collect();
    let starts = starts(story);
    let open = story.open().next().is_some();
    let mut body = PlanRisk {
        from: story.project().as_of,
        to: story.project().as_of,
        finish: if open { finish } else { Vec::new() },
        quantiles: if open { QUANTILES.into_iter().zip(lived.fleet_done).collect() } else { Vec::new() },
        limits,
        starts,
        level: story.project().risk.level,
        losses: losses(story),
    };
    body.to = last_day(&body);
    let about = "when the last server is done, by when work must begin, and what is lost meanwhile";
    let subtitle = format!(
        "{}: {about}, over {}",
        counted(story.open().count(), "open server"),
        counted(lived.replications as usize, "replication")
    );
    Figure::new(unbroken(&risk_finding(story)), subtitle, body)
        .note("Dashed: when each begins for the first of the servers that are open today, under the planned pauses, if it is not done by then.")
        .note("Latest starts: work in the order of the plan, each server as soon as its crew can; pauses spent as well as can be.")
        .alt(format!("{}.", risk_finding(story)))
}

/// The last day of the risk chart: everything that matters, unless it lies far beyond the likely end.
fn last_day(body: &PlanRisk) -> Day {
    let first = body.from.number();
    let finite = body.finish.iter().map(|finish| finish.day.number());
    // The latest hundredth of the replications must not squeeze the rest.
    let likely = body.finish.iter().find(|finish| finish.share >= 0.99).map(|finish| finish.day.number());
    let end = likely.or(finite.max()).unwrap_or(first + 30);
    let limits = body.limits.iter().map(|limit| limit.at.day().number());
    let starts = body.starts.iter().flat_map(|start| [Some(start.alone), start.paused]).flatten();
    let starts = starts.filter_map(|start| start.day);
    let wanted = limits.chain(starts.map(|day| day.number())).max().unwrap_or(end).max(end);
    let most = first + 2 * (end - first).max(30);
    Day::from_number(wanted.min(most).max(first + 14) + 3)
}

fn starts(story: &Story<'_>) -> Vec<SafeStart> {
    let of = |danger: Danger| {
        let found = |paused: bool| story.findings.latest.iter().find(|s| s.danger == danger && s.paused == paused);
        found(false)?.meets?;
        let of = |paused: bool| found(paused).map(|start| SafeDay { day: start.day, now: start.now });
        Some(SafeStart { danger: danger.name().to_owned(), alone: of(false)?, paused: of(true) })
    };
    Danger::ALL.into_iter().filter_map(of).collect()
}

fn losses(story: &Story<'_>) -> Vec<LossRow> {
    let row = |(index, strategy): (usize, &brownout_planner::chance::strategies::Strategy)| LossRow {
        role: Role::new(strategy.name, index),
        mean: strategy.lost().mean,
        half: words::half_width(&strategy.lost()),
        worst: strategy.lived.as_ref().map(|lived| lived.lost.worst),
    };
    story.findings.strategies.iter().enumerate().map(row).collect()
}

fn risk_finding(story: &Story<'_>) -> String {
    let lived = &story.findings.lived;
    if story.last().is_none() {
        return "Nothing is left to do, so nothing is at risk".to_owned();
    }
    let sure = match lived.fleet_sure {
        SimTime::NEVER => {
            format!("{} sure to be done before {}", percent(lived.all_done), date(story.project().horizon))
        }
        at => format!("{} sure to be done by {}", percent(story.project().risk.level), date(at.day())),
    };
    let nothing = story.findings.strategies.iter().find(|strategy| strategy.done.is_none());
    let instead = nothing.map_or_else(String::new, |nothing| {
        format!("; doing nothing loses {}", messages(nothing.lost().mean).trim_end_matches(" messages"))
    });
    format!("{sure}; the plan loses {} on average{instead}", words::mean_alone(&lived.lost))
}
