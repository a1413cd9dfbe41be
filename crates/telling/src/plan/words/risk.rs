//! How likely it is that mail bounces, what plans are measured by, and titles that break in the right places.

use super::counted;
use crate::plan::{PlanRow, Story};
use brownout_planner::chance::outcome::{Danger, Fleet};
use brownout_planner::chance::prices::Price;
use brownout_text::weekdays::MONTHS;

/// Text whose dates and shares no line end breaks.
pub(in crate::plan) fn unbroken(text: &str) -> String {
    MONTHS.iter().fold(text.replace(" %", "\u{a0}%"), |text, month| {
        text.replace(&format!(" {month} "), &format!("\u{a0}{month}\u{a0}"))
    })
}

/// How likely it is that mail bounces, and what that was tried brings the end forward most; `None` where it bounces today already,
/// some server does not stay done (both are told elsewhere), or nothing is left to do.
pub fn bounces(story: &Story<'_>) -> Option<String> {
    let (lived, as_of) = (&story.findings.lived, story.project().as_of.start());
    let bare = Fleet::new(story.project(), &[]);
    let bounces_today = |row: &PlanRow<'_>| {
        let fortune = row.server.detected.and_then(|detected| bare.of(detected));
        fortune.is_some_and(|fortune| Danger::Blocking.from(fortune, as_of) == Some(as_of))
    };
    if story.last().is_none() || story.falling_back().next().is_some() || story.open().any(bounces_today) {
        return None;
    }
    let chance = 1.0 - lived.fleet_clear[Danger::Blocking as usize];
    let of = counted(lived.replications as usize, "simulated course");
    if chance <= 0.0 {
        return Some(format!("In none of {of} of the work does mail of any server bounce before it is done."));
    }
    let who = if story.open().count() == 1 { "its mail" } else { "mail of at least one server" };
    let first = format!("The chance that {who} bounces before it is done is {}", super::chance(lived, chance));
    let sooner = story.findings.prices.found.iter().filter(|price| price.days > 0).max_by_key(|price| price.days);
    Some(match sooner {
        Some(Price { what, days, .. }) => format!(
            "{first}. Of the ways tried to lower it, {what} brings the end forward most, by {} (what each saves stands below).",
            counted(usize::try_from(*days).unwrap_or(0), "day")
        ),
        None => format!("{first}; none of the ways tried to lower it brings the end forward."),
    })
}

/// What a plan is measured by: its cost in points, in words.
pub fn points(story: &Story<'_>) -> String {
    let (weights, terms) = (story.project().weights, story.project().pause_terms);
    let counted = [
        (weights.lost, "a message lost"),
        (weights.delayed, "one delayed"),
        (weights.exposure, "one accepted from a server under enforcement"),
        (weights.pause_day, "a pause day"),
        (terms.command, "a pause command"),
        (
            if story.project().former.is_some() { weights.stability } else { 0.0 },
            "a server given another date than before",
        ),
    ];
    let counted: Vec<String> =
        counted.iter().filter(|part| part.0 > 0.0).map(|(n, what)| format!("{n} for {what}")).collect();
    format!("points, of which a plan has as few as can be: {}", counted.join(", "))
}
