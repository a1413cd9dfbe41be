//! Dates, numbers and the finding in words. All times are UTC.

use super::{Row, Story};
use crate::catalog::Catalog;
use crate::chart::value;
use crate::plan::FleetServer;
use crate::plan::outcome::Danger;
use crate::time::{Day, SimTime};

/// `12 Mar 2027`.
pub(super) fn date(day: Day) -> String {
    day.civil().strftime("%-d %b %Y").to_string()
}

/// `Fri 12 Mar 2027`.
pub(super) fn weekday_date(day: Day) -> String {
    day.civil().strftime("%a %-d %b %Y").to_string()
}

/// `08:00`.
pub(super) fn clock(at: SimTime) -> String {
    format!("{:02}:{:02}", at.second_of_day() / 3600, at.second_of_day() / 60 % 60)
}

/// `Fri 12 Mar 2027, 08:00 UTC`; "not within years" for [`SimTime::NEVER`].
pub(super) fn moment(at: SimTime) -> String {
    if at == SimTime::NEVER { never() } else { format!("{}, {} UTC", weekday_date(at.day()), clock(at)) }
}

/// `12 Mar 2027`; "not within years" for [`SimTime::NEVER`].
pub(super) fn date_or_never(at: SimTime) -> String {
    if at == SimTime::NEVER { never() } else { date(at.day()) }
}

fn never() -> String {
    "not within years".to_owned()
}

/// `1 server`, `40 servers`.
pub(super) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {one}s", value(count as f64, "")) }
}

/// Messages, about three digits.
pub(super) fn messages(count: f64) -> String {
    let count = if count < 0.5 { 0.0 } else { count.max(1.0).round() };
    if count == 1.0 { "1 message".to_owned() } else { format!("{} messages", value(count, "")) }
}

/// `95 %`; certain and impossible only where every replication agrees.
pub(super) fn percent(prob: f64) -> String {
    match 100.0 * prob {
        p if p > 99.5 && p < 100.0 => "over 99 %".to_owned(),
        p if p > 0.0 && p < 0.5 => "under 1 %".to_owned(),
        p => format!("{} %", p.round()),
    }
}

/// `3 days`, `11 hours`: whole units, rounded down, so that it is never less.
pub(super) fn length(seconds: i64) -> String {
    match seconds {
        s if s >= 86_400 => counted((s / 86_400) as usize, "day"),
        s if s >= 3_600 => counted((s / 3_600) as usize, "hour"),
        s => counted((s / 60).max(0) as usize, "minute"),
    }
}

/// `mail1, mail2 and 5 more`.
pub(super) fn some_names(names: &[String], most: usize) -> String {
    let more = names.len().saturating_sub(most);
    match (names, more) {
        ([], _) => "none".to_owned(),
        ([only], _) => only.clone(),
        (all, 0) => format!("{} and {}", all[..all.len() - 1].join(", "), all[all.len() - 1]),
        (all, more) => format!("{} and {more} more", all[..most].join(", ")),
    }
}

/// `Exchange 2016`.
pub(super) fn product(server: &FleetServer) -> String {
    format!("Exchange {}", Catalog::embedded().product_name(server.product))
}

/// `upgrade to SE`, `patch`, `leave`.
pub(super) fn route(server: &FleetServer) -> String {
    let route = server.route.name();
    if server.target.is_empty() { route.to_owned() } else { format!("{route} to {}", server.target) }
}

/// What begins for a server that is late: `mail is delayed from ...; lost in part from ...; lost entirely from ...`.
pub(super) fn if_late(row: &Row<'_>, as_of: SimTime) -> String {
    let words = ["mail is delayed", "lost in part", "lost entirely"];
    let met = Danger::ALL.into_iter().zip(words).filter_map(|(danger, word)| {
        let at = row.begins(danger, as_of)?;
        Some(format!("{word} {} {}", if at < as_of { "since" } else { "from" }, moment(at)))
    });
    let met: Vec<String> = met.collect();
    if met.is_empty() { "nothing: the policy never restricts this server".to_owned() } else { met.join("; ") }
}

/// The finding in a sentence without its full stop: by when all is done, and how close that is to harm.
pub(super) fn finding(story: &Story<'_>) -> String {
    let Some(last) = story.last() else {
        return format!("Nothing is left to do: {}", all_done(story));
    };
    let open: Vec<&Row<'_>> = story.open().collect();
    let who = match (open.len(), story.rows.len()) {
        (1, _) => open[0].server.name.clone(),
        (open, all) if open == all => format!("All {all} servers"),
        (open, _) => format!("The {open} servers still open"),
    };
    let are = if open.len() == 1 { "is" } else { "are" };
    format!("{who} {are} done by {}, {}", date(last.day()), harm(&open, story.project().as_of.start()))
}

fn all_done(story: &Story<'_>) -> String {
    match story.rows.len() {
        1 => format!("{} is done", story.rows[0].server.name),
        count => format!("all {count} servers are done"),
    }
}

/// The worst that happens from the first planned day on as planned, or how far off it stays.
fn harm(open: &[&Row<'_>], as_of: SimTime) -> String {
    let suffering = |danger: Danger| open.iter().filter(|row| row.suffers(danger)).count();
    let closest = |danger: Danger| {
        let margin = |row: &&Row<'_>| row.meets(danger).map(|at| at.since(row.at).seconds());
        open.iter().filter_map(margin).min()
    };
    let (throttled, blocked) = (suffering(Danger::Throttling), suffering(Danger::Blocking));
    if blocked > 0 {
        let longest = open.iter().map(|row| row.blocked_seconds(as_of)).max().unwrap_or(0);
        let who = if open.len() == 1 {
            "after its mail has".to_owned()
        } else {
            format!("but {blocked} of them after mail has")
        };
        return format!("{who} bounced, for up to {}", length(longest));
    }
    let margin = |danger: Danger| closest(danger).map(length);
    let closest_of = if open.len() == 1 { "" } else { "the closest " };
    match (throttled, margin(Danger::Throttling), margin(Danger::Blocking)) {
        (0, Some(margin), _) => format!("{closest_of}{margin} before its mail is throttled"),
        (0, None, Some(margin)) => format!("{closest_of}{margin} before its mail is blocked"),
        (0, None, None) => "out of reach of the policy".to_owned(),
        (_, _, Some(margin)) => format!("throttled at worst; {closest_of}{margin} before its mail is blocked"),
        (count, _, None) => format!("{} throttled on the way", count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_never_longer_than_they_are() {
        assert_eq!(length(3 * 86_400 + 80_000), "3 days");
        assert_eq!(length(86_400), "1 day");
        assert_eq!(length(7_199), "1 hour");
        assert_eq!(length(59), "0 minutes");
        assert_eq!(length(-5), "0 minutes");
    }

    #[test]
    fn certainty_is_only_said_where_it_is() {
        assert_eq!((percent(1.0), percent(0.999), percent(0.95)), ("100 %".into(), "over 99 %".into(), "95 %".into()));
        assert_eq!((percent(0.0), percent(0.001)), ("0 %".into(), "under 1 %".into()));
    }

    #[test]
    fn names_are_cut_after_some() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(String::from).into();
        assert_eq!(some_names(&names, 2), "a, b and 2 more");
        assert_eq!(some_names(&names[..2], 2), "a and b");
        assert_eq!((some_names(&names[..1], 2), some_names(&[], 2)), ("a".into(), "none".into()));
    }
}
