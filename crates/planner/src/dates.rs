//! What a team states about when a server's turn is: dates of its cut-over, and the wave that it belongs to.
//!
//! Stated dates choose among the openings that crews have anyway: they add none. They are rules of planning: a cut-over that fails or
//! comes late is done at the next opening, after its last date if need be, but never before its first or on a day that is forbidden.

use std::fmt;

use crate::index::{PerServer, ServerIndex};
use crate::project::FleetServer;
use brownout_kernel::time::Day;

/// Dates that are stated for a server's cut-over; days in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedDates {
    /// The first day that it may be on.
    pub not_before: Option<Day>,
    /// The last day that it may be planned for.
    pub not_after: Option<Day>,
    /// The day that it must be planned for.
    pub on: Option<Day>,
    /// Days that it must not be on: first and last of each stretch.
    pub forbid: Vec<(Day, Day)>,
}

impl StatedDates {
    /// Whether nothing is stated.
    pub fn is_free(&self) -> bool {
        *self == StatedDates::default()
    }

    /// The first day that is possible, if one is stated.
    pub fn first(&self) -> Option<Day> {
        self.not_before.max(self.on)
    }

    /// The last day that can be planned, if one is stated.
    pub fn last(&self) -> Option<Day> {
        self.not_after.into_iter().chain(self.on).min()
    }

    /// Whether the cut-over may be planned for a day.
    pub fn allow(&self, day: Day) -> bool {
        self.allow_late(day) && self.last().is_none_or(|last| day <= last)
    }

    /// Whether the cut-over may be on a day if it comes later than planned.
    pub fn allow_late(&self, day: Day) -> bool {
        let forbidden = self.forbid.iter().any(|(first, last)| (first..=last).contains(&&day));
        self.first().is_none_or(|first| day >= first) && !forbidden
    }
}

impl fmt::Display for StatedDates {
    /// `not before 2026-12-01, not on 2026-12-24 to 2026-12-26`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |word: &str, day: Option<Day>| day.map(|day| format!("{word} {day}"));
        let stated = [of("on", self.on), of("not before", self.not_before), of("not after", self.not_after)];
        let forbidden = self.forbid.iter().map(|(first, last)| match first == last {
            true => format!("not on {first}"),
            false => format!("not on {first} to {last}"),
        });
        f.write_str(&stated.into_iter().flatten().chain(forbidden).collect::<Vec<_>>().join(", "))
    }
}

/// The servers that must be done before work on a server begins, rising: those that it depends on, and those of earlier waves.
pub fn waits_for(servers: &PerServer<FleetServer>, server: ServerIndex) -> Vec<ServerIndex> {
    let mut all = servers[server].depends_on.clone();
    if let Some(wave) = servers[server].wave {
        let earlier = |other: &&FleetServer| other.wave.is_some_and(|other| other < wave);
        let waits = |other: &&FleetServer| other.done.is_none() && other.in_hand.is_none();
        // Of the waves that are ahead the last will do: it waits for those before it. What is done or in hand waits for nobody.
        let last = servers.iter().filter(|other| earlier(other) && waits(other)).filter_map(|other| other.wave).max();
        let counts = |other: &&FleetServer| earlier(other) && (!waits(other) || other.wave == last);
        all.extend(servers.keys().filter(|&other| counts(&&servers[other])));
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i32) -> Day {
        Day::from_number(20_000 + number)
    }

    #[test]
    fn stated_dates_bind_what_is_planned_and_late_work_but_for_its_last_date() {
        let dates =
            StatedDates { not_before: Some(day(3)), not_after: Some(day(9)), on: None, forbid: vec![(day(5), day(6))] };
        let days = |allowed: &dyn Fn(Day) -> bool| (0..12).filter(|&n| allowed(day(n))).collect::<Vec<i32>>();
        assert_eq!(days(&|day| dates.allow(day)), [3, 4, 7, 8, 9]);
        assert_eq!(days(&|day| dates.allow_late(day)), [3, 4, 7, 8, 9, 10, 11]);
        let pinned = StatedDates { on: Some(day(4)), ..StatedDates::default() };
        assert_eq!(days(&|day| pinned.allow(day)), [4]);
        assert_eq!(days(&|day| pinned.allow_late(day)), [4, 5, 6, 7, 8, 9, 10, 11]);
        assert!(StatedDates::default().is_free() && !pinned.is_free());
    }

    #[test]
    fn stated_dates_are_told_in_the_words_of_the_plan() {
        let dates = StatedDates {
            not_before: Some(day(0)),
            not_after: Some(day(9)),
            on: None,
            forbid: vec![(day(5), day(6)), (day(8), day(8))],
        };
        let words = "not before 2024-10-04, not after 2024-10-13, not on 2024-10-09 to 2024-10-10, not on 2024-10-12";
        assert_eq!(dates.to_string(), words);
    }
}
