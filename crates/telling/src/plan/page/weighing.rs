//! What the plan is worth: latest safe starts, the plain strategies, more room, how good it is, and what changed.

use maud::{Markup, html};

use crate::frame::{Heading, Setting};
use crate::html::table::{Caption, Cell, Sheet, table};
use crate::plan::Story;
use crate::plan::moved;
use crate::plan::words::{self, counted, percent};
use brownout_kernel::policy::PauseRequest;
use brownout_kernel::time::{Clock, SimTime};
use brownout_planner::Change;
use brownout_planner::chance::latest::LatestStart;
use brownout_planner::chance::strategies::Strategy;
use brownout_text::numbers::said_amount;

/// By when work must begin, in words.
pub(super) fn latest(story: &Story<'_>) -> Markup {
    let met: Vec<&LatestStart> = story.findings.latest.iter().filter(|start| start.meets.is_some()).collect();
    html! {
        section id="latest" {
            h2 { "Latest safe starts" }
            @let without = words::without_latest(story);
            @if let Some(without) = &without { p { (without) } }
            @if met.is_empty() && without.is_some() {
            } @else if met.is_empty() {
                p { "No server that is still open is ever throttled or blocked, so there is no latest day." }
            } @else {
                p {
                    "Work goes in the order of the plan, each server as soon as its crew can. A day is safe if, when work begins on it, "
                    "every server is done before it meets the danger in " (percent(story.project().risk.level)) " of the simulated courses."
                }
                ul { @for start in met { li { (latest_words(story, start)) } } }
            }
        }
    }
}

fn latest_words(story: &Story<'_>, start: &LatestStart) -> String {
    let level = percent(story.project().risk.level);
    let with = if start.paused { "with every pause day left" } else { "without any further pause" };
    let meets = start.meets.map_or_else(String::new, |at| words::local::moment_by(at, story.clock()));
    let as_of = story.project().as_of.start();
    let verb = if start.meets.is_some_and(|at| at <= as_of) { "has met" } else { "meets" };
    match start.day {
        Some(day) => format!(
            "To stay clear of {} with {level} {with}, work must begin by {} (the first server {verb} it on {meets}).",
            start.danger.name(),
            words::weekday_date(day)
        ),
        None => format!(
            "It is too late to stay clear of {} with {level} {with}: if work begins at once it is {} (the first server {verb} it on \
             {meets}).",
            start.danger.name(),
            percent(start.now)
        ),
    }
}

/// The plan against the plain strategies.
pub(super) fn strategies(story: &Story<'_>) -> Markup {
    let horizon = words::date(story.project().horizon);
    let note = format!("Counted from the first planned day to {horizon}. {}", words::sharpness(story));
    let caption = Caption { id: "strategies-caption", title: "The plan and what teams do without one", note: &note };
    let headings = [
        Heading::text("Strategy"),
        Heading::number("Lost", "messages, mean, and mean of the worst 5 %"),
        Heading::number("Delayed", "messages, mean"),
        Heading::instant("Last cut-over").note("as planned, and reached in 95 % of cases").set(Setting::Line),
        Heading::integer("Pause days", ""),
        Heading::share("No mail bounces").note("chance").blank(),
    ];
    let rows = Sheet::new("strategies", headings).rows(story.findings.strategies.iter().map(strategy_row));
    html! { section id="strategies" { h2 { "Strategies" } (table(&caption, &rows)) } }
}

fn strategy_row(strategy: &Strategy) -> [Cell; 6] {
    let loss = strategy.lost();
    let delayed = strategy.lived.as_ref().map_or(strategy.planned.delayed_messages(), |lived| lived.delayed.mean);
    let days: u32 = strategy.pauses.iter().map(|pause| pause.days()).sum();
    let lost = Cell::of(loss.mean).said(words::mean(&loss));
    let last = strategy.done.map_or_else(|| "never".to_owned(), words::date_or_never);
    let done = Cell::of(strategy.done).said(last);
    let (lost, done, sure) = match &strategy.lived {
        Some(lived) => {
            let prob = lived.fleet_clear[1];
            (
                lost.below(said_amount(loss.worst, words::half_width(&loss))),
                done.below(words::date_or_never(lived.fleet_done[2])),
                Cell::of(prob).said(words::chance(lived, prob)),
            )
        }
        None => (lost, done, Cell::missing()),
    };
    [Cell::of(strategy.name).below(strategy.about), lost, Cell::of(delayed.round()), done, Cell::of(days), sure]
}

/// What a little more room would be worth.
pub(super) fn prices(story: &Story<'_>) -> Markup {
    let caption = Caption {
        id: "prices-caption",
        title: "What a little more room would save",
        note: "Each line is a plan of its own, made anew with that one thing more. Points: see \u{201c}How good this plan is\u{201d}.",
    };
    let headings = [
        Heading::text("More room"),
        Heading::number("Lost messages saved", ""),
        Heading::number("Points saved", ""),
        Heading::integer("Last cut-over", ""),
    ];
    let prices = &story.findings.prices;
    let rows = prices.found.iter().map(|price| {
        let days = Cell::of(price.days).said(earlier(price.days));
        [Cell::of(price.what.to_string()), Cell::of(price.lost.round()), Cell::of(price.points), days]
    });
    let rows = Sheet::new("prices", headings).rows(rows);
    html! {
        section id="prices" {
            h2 { "What more room is worth" }
            @if prices.found.is_empty() { p { "Nothing was tried." } } @else { (table(&caption, &rows)) }
            @for untried in &prices.untried { p { "Not all: " (untried) "." } }
        }
    }
}

fn earlier(days: i64) -> String {
    let count = counted(days.unsigned_abs() as usize, "day");
    match days {
        0 => "the same day".to_owned(),
        d if d > 0 => format!("{count} earlier"),
        _ => format!("{count} later"),
    }
}

/// How good the plan is.
pub(super) fn quality(story: &Story<'_>) -> Markup {
    let least = counted(story.project().pause_terms.least_days as usize, "day");
    html! {
        section id="quality" {
            h2 { "How good this plan is" }
            p { (words::quality(story)) }
            @if let Some(moved) = moved::sentences(story) { p { (moved) } }
            p {
                "Plans are compared by " (words::points(story)) ". A pause has at least " (least)
                ". The plan file gives these weights; others give another plan. How many points a better plan could save at most is called the gap in "
                "manifest.json."
            }
        }
    }
}

/// What changed against the former plan; nothing where nothing was said to have happened.
pub(super) fn changes(story: &Story<'_>) -> Markup {
    let Some(changes) = &story.findings.changes else { return html! {} };
    html! {
        section id="changes" {
            h2 { "Changes against the former plan" }
            @if let Some(against) = words::planned_against_done(story) { p { (against) } }
            @if let Some(moves) = words::moves(story) { p { (moves) } }
            @if changes.is_empty() {
                p { "None: the former plan stands." }
            } @else {
                ul { @for change in changes { li { (change_words(change, story.clock())) } } }
            }
        }
    }
}

/// What changed for several tenants; nothing where none was planned before.
pub(in crate::plan) fn changes_together(stories: &[Story<'_>]) -> Markup {
    let again: Vec<&Story<'_>> = stories.iter().filter(|story| story.findings.changes.is_some()).collect();
    if again.is_empty() {
        return html! {};
    }
    let of = |story: &Story<'_>| -> Vec<String> {
        let changes = story.findings.changes.iter().flatten();
        changes.map(|change| change_words(change, story.clock())).collect()
    };
    let changed: Vec<(&str, Vec<String>)> = again
        .iter()
        .map(|story| (story.project().tenant.as_deref().unwrap_or_default(), of(story)))
        .filter(|one| !one.1.is_empty())
        .collect();
    html! {
        section id="changes" {
            h2 { "Changes against the former plan" }
            p { "Something changed for " (changed.len()) " of " (counted(again.len(), "tenant")) " planned before; for the others the former plan stands." }
            @for (tenant, changes) in &changed { h3 { (tenant) } ul { @for change in changes { li { (change) } } } }
        }
    }
}

fn change_words(change: &Change, by: Option<&Clock>) -> String {
    let moment = |at: SimTime| words::local::moment_by(at, by);
    let pause = |pause: &PauseRequest| {
        format!("the pause of {} from {}", counted(pause.days as usize, "day"), words::weekday_date(pause.at.day()))
    };
    match change {
        Change::Done { server, at, planned } => {
            let was = match planned {
                None => "it was not planned".to_owned(),
                Some(planned) if planned.day() == at.day() => "as planned".to_owned(),
                Some(planned) => format!("it was planned for {}", words::date(planned.day())),
            };
            format!("{server} is done since {}; {was}.", moment(*at))
        }
        Change::InHand { server, since, at, keeps } => {
            let goes_on = if *keeps { "keeps its date" } else { "goes on now, whatever freeze there is" };
            let since = since.map_or_else(String::new, |since| format!(" since {}", words::date(since)));
            format!("{server} is in hand{since} and {goes_on}: {}.", moment(*at))
        }
        Change::Unsaid { server, planned, to } => format!(
            "{server} was planned for {}, and nothing was said of it: it is taken not to have been begun, and planned for {}. If \
             that is wrong, say --done, --in-hand or --as-planned.",
            moment(*planned),
            moment(*to)
        ),
        Change::Moved { server, from, to, crews } => {
            let from = from.map_or_else(String::new, |from| format!(" from {}", moment(from)));
            let crews = crews.as_ref().map_or_else(String::new, |(former, crew)| format!(", from {former} to {crew}"));
            format!("{server} moves{from} to {}{crews}.", moment(*to))
        }
        Change::PauseUnsaid(request) => {
            format!("Nothing was said of {}: it is taken not to have been asked for.", pause(request))
        }
        Change::PauseDropped(request) => format!("No longer planned is {}.", pause(request)),
        Change::PauseAdded(request) => format!("New is {}.", pause(request)),
    }
}
