//! The dates as pictures, one for each server.

use brownout_chart::{ChartError, Figure, StageSpan};
use brownout_exchange::timeline::rules::Rule;
use brownout_exchange::timeline::{Dates, Headlines, Note, stage_name};
use brownout_kernel::policy::Period;
use brownout_kernel::time::{SimDuration, SimTime};

use super::table::mark;
use super::words::{distance, long_date};
use super::{Findings, Subject, build_words};
use crate::enforcement::{self, minutes_in_short};

/// The picture of a server's dates as PNG; `None` if it has none.
///
/// # Errors
/// [`ChartError`] if it cannot be drawn.
pub fn png(findings: &Findings, subject: &Subject) -> Result<Option<Vec<u8>>, ChartError> {
    let Some(dates) = &subject.dates else { return Ok(None) };
    let text = [("policy", findings.policy.name().to_owned()), ("version", env!("CARGO_PKG_VERSION").to_owned())];
    let text = text.map(|(key, value)| (key.to_owned(), value));
    brownout_chart::png(&figure(findings, subject, dates), &text).map(Some)
}

fn figure(findings: &Findings, subject: &Subject, dates: &Dates) -> Figure {
    let timeline = &dates.timeline;
    let spans = timeline.periods.iter().map(|period| span(findings, dates, period)).collect();
    let mut body = brownout_chart::Timeline::new(spans);
    let matter = |latest: &Headlines| [latest.throttled_from, latest.blocked_from, latest.all_blocked_from];
    let days = dates.latest.as_ref().map(|latest| matter(&latest.headlines)).unwrap_or_default();
    let periods = dates.latest.iter().flat_map(|latest| &latest.periods);
    let starts = periods.filter(|period| !period.paused && days.contains(&Some(period.from)));
    body.latest = starts.map(|period| (period.from, stage_name(findings.policy.ladder(), period).to_owned())).collect();
    let last = timeline.periods.last().map_or(timeline.detected, |period| period.from);
    // A "now" far outside would squeeze the stages; it is told in words then.
    let near = findings.at >= timeline.detected && findings.at.since(last).days_f64() < 60.0;
    let standing = timeline.now.filter(|_| near).map(|now| now.standing.period);
    let open = dates.inferred.filter(|inferred| inferred.may_run).and_then(|inferred| inferred.otherwise);
    let holds = |period: Period| match open.filter(|_| period.from <= findings.at) {
        Some((_, minutes)) => format!("{}, or nothing if a pause runs", minutes_in_short(minutes)),
        None if dates.latest.is_some() => format!("at worst {}", minutes_in_short(period.minutes)),
        None if period.paused => "paused".to_owned(),
        None => minutes_in_short(period.minutes),
    };
    body.now = standing.map(|period| (findings.at, holds(period)));
    if timeline.periods.len() == 1 {
        let from = if near { findings.at } else { last };
        body.until = Some(from + SimDuration::from_days(30));
    }
    body.next = timeline
        .now
        .and(dates.next().copied())
        .map(|next| (next.from, format!("{}, {}", holds(next), distance(findings.at, next.from))));
    let footer = format!("timeline · policy {} · v{}", findings.policy.name(), env!("CARGO_PKG_VERSION"));
    let figure = Figure::new(title(findings, subject, dates), subtitle(findings, subject, dates), body).footer(footer);
    let range = dates.latest.as_ref().map(|latest| match &subject.heard {
        Some(heard) => format!("By the reply, {}: the earliest dates are drawn, the lines at the foot of the bar reach to the latest.", heard.reply.words()),
        None => format!(
            "First detection is not known: the earliest dates are drawn; they may come up to {} days later, as the lines at the foot of the bar show.",
            latest.detected.since(timeline.detected).days_ceil()
        ),
    });
    subject.notes.iter().filter_map(short).chain(range).fold(figure, Figure::note)
}

/// What is assumed, in the few words that fit a picture.
fn short(note: &Note) -> Option<String> {
    match note {
        Note::PauseAssumed { from, to, .. } => {
            let days = to.since(*from).days_ceil();
            Some(format!(
                "Inferred: {days} paused days follow from the reported date of the next stage. Where they lay, or whether another cause made it late, is not known."
            ))
        }
        Note::Unexplained { policy, .. } => {
            Some(format!("The next stage as reported does not follow from policy {policy}; its own dates are shown."))
        }
        Note::LocalTime(_) => Some("Dates are local times with an hour of summer time, as in the report.".to_owned()),
        Note::RuleAssumed { applied, .. } => {
            let rule = match applied.rule {
                Rule::ReportStage => "what a pause in the report stage does to the clock",
                Rule::NewYear => "which year pays a pause over New Year",
                Rule::Extension => "that a grant while paused extends the pause",
            };
            Some(format!("Assumed, no source says: {rule}."))
        }
        _ => None,
    }
}

fn span(findings: &Findings, dates: &Dates, period: &Period) -> StageSpan {
    let name = match (period.paused, dates.is_guess(period)) {
        (true, true) => "paused? (inferred)",
        (true, false) => "paused",
        (false, _) => stage_name(findings.policy.ladder(), period),
    };
    enforcement::span(name, period)
}

/// The finding: when mail begins to bounce or, once it does, when all of it bounces.
fn title(findings: &Findings, subject: &Subject, dates: &Dates) -> String {
    let who = match subject.name.split('.').next() {
        Some(name) if !name.is_empty() => format!("{name}: "),
        _ => String::new(),
    };
    let words = finding(findings, dates);
    let mut letters = words.chars();
    match letters.next() {
        Some(first) if who.is_empty() => format!("{}{}", first.to_ascii_uppercase(), letters.as_str()),
        _ => format!("{who}{words}"),
    }
}

fn finding(findings: &Findings, dates: &Dates) -> String {
    let timeline = &dates.timeline;
    let unsure = |day: SimTime| match (&dates.latest, dates.certainty_at(day)) {
        (Some(_), _) => " at the earliest".to_owned(),
        (None, certainty) => mark(certainty),
    };
    let Headlines { throttled_from, blocked_from, all_blocked_from } = timeline.headlines;
    let begun = |day: &SimTime| *day <= findings.at;
    let all = all_blocked_from.filter(|all| begun(all) || blocked_from.is_some_and(|day| begun(&day)));
    if let Some(all) = all {
        let is = if begun(&all) { "has been blocked since" } else { "is blocked from" };
        return format!("all mail {is} {}{}", long_date(all), unsure(all));
    }
    let first = blocked_from.or(throttled_from);
    let Some(period) = timeline.periods.iter().find(|period| Some(period.from) == first) else {
        return format!("policy {} holds no mail back", findings.policy.name());
    };
    let what = match (period.minutes.throttle(), period.minutes.block()) {
        (_, 60..) => "all mail is blocked".to_owned(),
        (throttle, 0) => format!("mail is throttled {throttle} minutes an hour"),
        (_, block) => format!("mail is blocked {block} minutes an hour"),
    };
    format!("{what} from {}{}", long_date(period.from), unsure(period.from))
}

fn subtitle(findings: &Findings, subject: &Subject, dates: &Dates) -> String {
    let timeline = &dates.timeline;
    let who = subject.server.as_ref().map_or(String::new(), |server| {
        let (build, verdict) = build_words(findings, server);
        format!("{}, Exchange {build} ({verdict}), ", subject.name)
    });
    let budget = findings.policy.pauses().budget_days();
    let left = timeline.budget.iter().map(|year| format!("{} of {budget} in {}", year.left, year.year));
    let left = left.collect::<Vec<_>>().join(", ");
    let inferred = if dates.inferred.is_some() { " (inferred)" } else { "" };
    let since = match &dates.latest {
        None => long_date(timeline.detected),
        Some(latest) => format!("{} to {} (range)", long_date(timeline.detected), long_date(latest.detected)),
    };
    let text = format!("{who}first detected {since}; pause days left: {left}{inferred}");
    if who.is_empty() { text.replacen("first", "First", 1) } else { text }
}
