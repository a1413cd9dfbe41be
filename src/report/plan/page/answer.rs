//! The answer: when it is done, how sure that is, what is lost, and what comes first.

use maud::{Markup, html};

use crate::plan::outcome::{Danger, Lived};
use crate::report::plan::commands::guarded;
use crate::report::plan::words::{self, counted, messages, percent};
use crate::report::plan::{PlannedPause, Row, Story};
use crate::time::{Day, SimTime};

/// The section after the title.
pub(super) fn section(story: &Story<'_>) -> Markup {
    html! {
        section.answer id="answer" {
            h2 { "The answer" }
            @if story.last().is_none() {
                p { "Every server is done; there is nothing left to plan." }
            } @else {
                p { (done(story)) }
                p { (sure(&story.findings.lived)) }
                p { (lost(story)) }
                p { (pauses(story)) }
                (first(story))
                p.note { (quality(story)) }
            }
        }
    }
}

fn done(story: &Story<'_>) -> String {
    let lived = &story.findings.lived;
    let planned = story.last().map_or_else(String::new, words::moment);
    let [p50, _, p95] = lived.fleet_done;
    let late = match p95 {
        SimTime::NEVER => format!(
            "only {} of the replications end before {}",
            percent(lived.all_done),
            words::date(story.project().horizon)
        ),
        p95 if p95.day() == p50.day() => {
            format!("by chance the day stays the same at P50 and P95 ({})", words::date(p95.day()))
        }
        p95 => format!("by chance half end by {}, and 95 % by {}", words::date_or_never(p50), words::date(p95.day())),
    };
    format!("As planned the last of {} is cut over on {planned}; {late}.", counted(story.open().count(), "open server"))
}

fn sure(lived: &Lived) -> String {
    let [throttling, blocking, full] = lived.fleet_clear.map(percent);
    format!(
        "Every server is done before its mail is throttled with probability {throttling}, before any is blocked with {blocking}, \
         and before the full block with {full}, as work and failures may go."
    )
}

fn lost(story: &Story<'_>) -> String {
    let findings = story.findings;
    let planned = messages(findings.planned.lost_messages());
    let chance =
        format!("{} on average, P95 {}", messages(findings.lived.lost.mean), messages(findings.lived.lost.p95));
    let nothing = findings.strategies.iter().find(|strategy| strategy.done.is_none());
    let instead = nothing.map_or_else(String::new, |nothing| {
        format!(
            "; doing nothing until {} loses {}",
            words::date(story.project().horizon),
            messages(nothing.lost().mean)
        )
    });
    let delayed = messages(findings.planned.delayed_messages());
    format!("Lost are {planned} as planned ({chance}){instead}. Delayed are {delayed} as planned.")
}

fn pauses(story: &Story<'_>) -> String {
    let days: u32 = story.pauses.iter().map(|pause| pause.days).sum();
    match story.pauses.len() {
        0 if story.project().may_pause => "No pause is asked for: none is worth its days.".to_owned(),
        0 => "No pause is asked for: the plan allows none.".to_owned(),
        count => format!(
            "{} of {} in all must be asked for, each on its day.",
            counted(count, "pause"),
            counted(days as usize, "day")
        ),
    }
}

/// What must be done first.
enum First<'s, 'a> {
    Pause(&'s PlannedPause),
    Work(&'s Row<'a>, Day),
}

fn earliest<'s, 'a>(story: &'s Story<'a>) -> Option<First<'s, 'a>> {
    let pause = story.pauses.first().map(|pause| (pause.at.day(), First::Pause(pause)));
    let work = story.open().map(|row| (row.start.unwrap_or(row.at.day()), row)).min_by_key(|(day, row)| (*day, row.at));
    let work = work.map(|(day, row)| (day, First::Work(row, day)));
    pause.into_iter().chain(work).min_by_key(|(day, _)| *day).map(|(_, first)| first)
}

fn first(story: &Story<'_>) -> Markup {
    match earliest(story) {
        Some(First::Pause(pause)) => html! {
            p {
                strong { "First: " } "on " (words::weekday_date(pause.at.day())) " (UTC) ask for a pause of "
                (counted(pause.days as usize, "day")) ":"
            }
            pre tabindex="0" { code { (guarded(pause)) } }
        },
        Some(First::Work(row, day)) => html! {
            p {
                strong { "First: " } (story.crew(row)) " begins with " (row.server.name) " on " (words::weekday_date(day))
                ", for its cut-over on " (words::moment(row.at)) "."
            }
        },
        None => html! {},
    }
}

/// How far the plan may be from the best.
pub(super) fn quality(story: &Story<'_>) -> String {
    let solution = &story.findings.solution;
    if solution.is_optimal() {
        return "Without chance no plan is better by the weights given; this is proven. Its pauses are fitted to chance besides."
            .to_owned();
    }
    if solution.bound <= 0 {
        return "How far this plan is from the best is not known: no bound was found.".to_owned();
    }
    format!(
        "Without chance a better plan could save at most {} of what this one costs by the weights given. Its pauses are fitted to \
         chance besides.",
        percent(solution.gap())
    )
}

/// The mildest danger that some server meets as planned.
pub(super) fn worst(row: &Row<'_>) -> Option<Danger> {
    Danger::ALL.into_iter().rev().find(|danger| row.suffers(*danger))
}
