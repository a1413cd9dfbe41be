//! The answer: when it is done, how sure that is, what is lost, and what comes first.

use maud::{Markup, html};

use crate::plan::commands::guarded;
use crate::plan::words::{self, counted, messages, percent};
use crate::plan::{PlanRow, PlannedPause, Story};
use brownout_kernel::time::{Day, SimTime};
use brownout_planner::chance::outcome::Danger;
use brownout_text::numbers::grouped;
use brownout_text::words::many_are;

/// The section after the title.
pub(super) fn section(story: &Story<'_>) -> Markup {
    html! {
        section.answer id="answer" {
            h2 { "The answer" }
            @if story.last().is_none() {
                p { "Every server is done; there is nothing left to plan." }
            } @else {
                p { (words::finding(story)) "." }
                @if let Some(bounces) = words::bounces(story) { p { (bounces) } }
                @if let Some(bite) = words::first_bite(story) { p { (bite) } }
                @for words in words::fall_backs(story) { p.warning { (words) } }
                p { (done(story)) }
                p { (sure(story)) }
                p { (words::lost(story)) " " (delayed(story)) }
                p { (pauses(story)) }
                (first(story))
                p.note { (words::quality(story)) }
            }
            @for words in words::left_out(story) { p.warning { (words) } }
            @for words in words::doubts(story) { p.warning { (words) } }
        }
    }
}

fn done(story: &Story<'_>) -> String {
    let lived = &story.findings.lived;
    let planned = story.open().max_by_key(|row| row.at);
    let planned = planned.map_or_else(String::new, |row| words::local::moment_by(row.at, story.clock_of(row)));
    let [p50, _, p95] = lived.fleet_done;
    let late = match p95 {
        SimTime::NEVER => format!(
            "only {} of the simulated courses end before {}",
            percent(lived.all_done),
            words::date(story.project().horizon)
        ),
        p95 if p95.day() == p50.day() => {
            format!(
                "if work takes longer or fails by chance, the day is the same in half of the cases and in 95 % ({})",
                words::date(p95.day())
            )
        }
        p95 => format!(
            "by chance half of the cases end by {}, and 95 % by {}",
            words::date_or_never(p50),
            words::date(p95.day())
        ),
    };
    let of = counted(story.open().count(), "open server");
    format!("As planned the last of {of} is cut over on {planned}; {late}. As planned: {}.", words::harm(story))
}

fn sure(story: &Story<'_>) -> String {
    let as_of = story.project().as_of.start();
    let clear = |danger: Danger| {
        let lived = &story.findings.lived;
        let prob = words::chance(lived, lived.fleet_clear[danger as usize]);
        match story.open().filter(|row| row.is_under(danger, as_of)).count() {
            0 => format!("every server is done before its {} in {prob} of cases", danger.name()),
            under => format!("{} under {} today already", are(under), danger.name()),
        }
    };
    let words = Danger::ALL.map(clear).join("; ");
    format!("As work and failures may go: {words}.")
}

fn are(count: usize) -> String {
    many_are(&grouped(count as f64), "server")
}

fn delayed(story: &Story<'_>) -> String {
    format!("Delayed are {} as planned.", messages(story.findings.planned.delayed_messages()))
}

fn pauses(story: &Story<'_>) -> String {
    let asked = story.pauses.iter().filter(|pause| !pause.is_conditional());
    let (count, days) = asked.fold((0, 0), |sum, pause| (sum.0 + 1, sum.1 + pause.days));
    let late = match story.pauses.len() - count {
        0 => String::new(),
        late => format!(" {} only if something is late.", counted(late, "more pause")),
    };
    let always = match count {
        0 if story.project().may_pause => "No pause is asked for: none is worth its days.".to_owned(),
        0 => "No pause is asked for: the plan allows none.".to_owned(),
        count => format!(
            "{} of {} in all must be asked for, each on its day.",
            counted(count, "pause"),
            counted(days as usize, "day")
        ),
    };
    always + &late
}

/// What must be done first.
enum First<'s, 'a> {
    Pause(&'s PlannedPause),
    Work(&'s PlanRow<'a>, Day),
}

fn earliest<'s, 'a>(story: &'s Story<'a>) -> Option<First<'s, 'a>> {
    let pause =
        story.pauses.iter().find(|pause| !pause.is_conditional()).map(|pause| (pause.at.day(), First::Pause(pause)));
    let work = story.open().map(|row| (row.start.unwrap_or(row.at.day()), row)).min_by_key(|(day, row)| (*day, row.at));
    let work = work.map(|(day, row)| (day, First::Work(row, day)));
    pause.into_iter().chain(work).min_by_key(|(day, _)| *day).map(|(_, first)| first)
}

fn first(story: &Story<'_>) -> Markup {
    match earliest(story) {
        Some(First::Pause(pause)) => html! {
            p {
                strong { "First: " } "on " (words::weekday_date(pause.at.day())) " (UTC) "
                @if let Some(by) = story.clock() { "at " (words::local::hours(pause.at, Some(by))) " " } "ask for a pause of "
                (counted(pause.days as usize, "day")) ":"
            }
            pre tabindex="0" { code { (guarded(pause)) } }
        },
        Some(First::Work(row, day)) => html! {
            p {
                strong { "First: " } (story.crew(row)) " begins with " (row.server.name) " on " (words::weekday_date(day))
                ", for its cut-over on " (words::local::moment_by(row.at, story.clock_of(row))) "."
            }
        },
        None => html! {},
    }
}

/// The mildest danger that some server meets as planned.
pub(super) fn worst(row: &PlanRow<'_>) -> Option<Danger> {
    Danger::ALL.into_iter().rev().find(|danger| row.suffers(*danger))
}
