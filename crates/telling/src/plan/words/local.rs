//! Instants by the clocks of a place, with UTC beside; by UTC alone where no clocks are given.

use super::{clock, moment, weekday_date};
use crate::plan::PlanRow;
use brownout_kernel::time::{Clock, Day, SimTime};
use brownout_planner::chance::outcome::Danger;
use brownout_text::weekdays;

/// The day that the clocks show.
pub(in crate::plan) fn day(at: SimTime, by: Option<&Clock>) -> Day {
    by.map_or(at, |by| by.shown(at)).day()
}

/// `22:00 Berlin, 21:00 UTC`, with the day of the week of UTC where it is another: `00:30 Berlin, Fri 23:30 UTC`; or `21:00 UTC`.
pub(in crate::plan) fn hours(at: SimTime, by: Option<&Clock>) -> String {
    let utc = format!("{} UTC", clock(at));
    let Some(by) = by else { return utc };
    format!("{} {}, {}{utc}", clock(by.shown(at)), by.name(), other_day(at, by))
}

/// As [`hours`] without the place: `22:00 (21:00 UTC)`.
pub(in crate::plan) fn short_hours(at: SimTime, by: &Clock) -> String {
    format!("{} ({}{} UTC)", clock(by.shown(at)), other_day(at, by), clock(at))
}

/// `Sat 5 Dec 2026, 22:00 Berlin, 21:00 UTC`; "not within years" for [`SimTime::NEVER`].
pub(in crate::plan) fn moment_by(at: SimTime, by: Option<&Clock>) -> String {
    if by.is_none() || at == SimTime::NEVER {
        return moment(at);
    }
    format!("{}, {}", weekday_date(day(at, by)), hours(at, by))
}

/// What begins for a server that is late: `mail is delayed from ...; lost in part from ...; lost entirely from ...`.
pub(in crate::plan) fn if_late(row: &PlanRow<'_>, as_of: SimTime, by: Option<&Clock>) -> String {
    let words = ["mail is delayed", "lost in part", "lost entirely"];
    let met = Danger::ALL.into_iter().zip(words).filter_map(|(danger, word)| {
        let at = row.begins(danger, as_of)?;
        Some(format!("{word} {} {}", if at < as_of { "since" } else { "from" }, moment_by(at, by)))
    });
    let met: Vec<String> = met.collect();
    if met.is_empty() { "nothing: the policy never restricts this server".to_owned() } else { met.join("; ") }
}

/// The day of the week of UTC with a blank, where the clocks show another day.
fn other_day(at: SimTime, by: &Clock) -> String {
    let (utc, shown) = (at.day(), by.shown(at).day());
    if utc == shown { String::new() } else { format!("{} ", weekdays::NAMES[utc.weekday()]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_stands_before_utc_on_both_sides_of_a_change() {
        let at = |text: &str| text.parse::<SimTime>().unwrap();
        let changes = vec![(at("2027-03-28T01:00:00Z"), 7200)];
        let berlin = Clock::new("Berlin", 3600, changes);
        let told = |text: &str| moment_by(at(text), Some(&berlin));
        assert_eq!(told("2027-03-27T21:00:00Z"), "Sat 27 Mar 2027, 22:00 Berlin, 21:00 UTC");
        assert_eq!(told("2027-04-03T20:00:00Z"), "Sat 3 Apr 2027, 22:00 Berlin, 20:00 UTC");
        assert_eq!(told("2027-04-02T22:30:00Z"), "Sat 3 Apr 2027, 00:30 Berlin, Fri 22:30 UTC");
        assert_eq!(moment_by(at("2027-04-02T22:30:00Z"), None), "Fri 2 Apr 2027, 22:30 UTC");
        assert_eq!(moment_by(SimTime::NEVER, Some(&berlin)), moment(SimTime::NEVER));
        assert_eq!(short_hours(at("2027-04-02T22:30:00Z"), &berlin), "00:30 (Fri 22:30 UTC)");
    }
}
