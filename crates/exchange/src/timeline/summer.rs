//! Dates in local time: an hour of summer time between first detection and a date of the report.
//!
//! The cmdlet prints dates without a zone, and some exports shift them by the zone of the computer. Over a change of the clocks 30
//! days then come out as 29.96 or 30.04. The hour is recognised, taken out to count whole days, and put back into the dates told,
//! so that they agree with the report's own.

use crate::intake::ServerRecord;
use brownout_kernel::policy::Period;
use brownout_kernel::time::{DAY_SECONDS, SimDuration, SimTime};

use super::record;

const HOUR: i64 = 3_600;

/// An hour that the dates after a change of the clocks are off by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SummerTime {
    /// Seconds by which dates after the change are later than whole days: 3,600 or -3,600.
    pub shift: i64,
    /// The change of the clocks that explains it.
    pub change: SimTime,
    /// Where clocks change between the dates, and when. The dates of one record often fit several places: then the change used
    /// is that of the first, and the dates between are an hour off if it is another.
    pub places: [Option<(&'static str, SimTime)>; PLACES.len()],
}

/// When clocks change in a year, to summer time and back or the other way round.
pub(super) type Changes = fn(i16) -> [SimTime; 2];

/// The places whose changes are known, the commonest first.
pub(super) const PLACES: [(&str, Changes); 4] = [
    ("Europe", europe),
    ("North America", north_america),
    ("south-eastern Australia", australia),
    ("New Zealand", new_zealand),
];

/// The seconds by which a distance misses whole days, if it is one hour.
fn hour_off(distance: SimDuration) -> Option<i64> {
    match distance.seconds().rem_euclid(DAY_SECONDS) {
        HOUR => Some(HOUR),
        rest if rest == DAY_SECONDS - HOUR => Some(-HOUR),
        _ => None,
    }
}

impl SummerTime {
    /// The hour in a record's dates; `None` if all distances from first detection are whole days, or miss them otherwise.
    pub fn of(record: &ServerRecord) -> Option<Self> {
        let detected = record::detected(record)?;
        let next = record.next_stage.map(|next| next.start);
        let dates: Vec<SimTime> =
            [record.throttle_enabled, record.blocking_enabled, next].into_iter().flatten().collect();
        let off: Vec<(SimTime, i64)> =
            dates.iter().filter_map(|date| Some((*date, hour_off(date.since(detected))?))).collect();
        let &(first, shift) = off.iter().min_by_key(|entry| entry.0)?;
        if off.iter().any(|entry| entry.1 != shift) {
            return None;
        }
        let whole = |date: &&SimTime| date.since(detected).seconds().rem_euclid(DAY_SECONDS) == 0;
        let from = dates.iter().filter(whole).filter(|date| **date < first).max().copied().unwrap_or(detected);
        let year = first.year();
        let places = PLACES.map(|(place, changes)| {
            let all = [year - 1, year].map(changes).concat();
            all.into_iter().find(|at| from < *at && *at <= first).map(|at| (place, at))
        });
        let change = places.iter().flatten().next().map_or(first, |found| found.1);
        Some(SummerTime { shift, change, places })
    }

    /// A date with the hour taken out.
    pub fn without(&self, date: SimTime) -> SimTime {
        if date < self.change { date } else { SimTime::from_seconds(date.seconds() - self.shift) }
    }

    /// A date with the hour put back.
    fn with(&self, date: SimTime) -> SimTime {
        if date < self.change || date == SimTime::NEVER {
            date
        } else {
            SimTime::from_seconds(date.seconds() + self.shift)
        }
    }

    /// Puts the hour back into periods that were worked out without it.
    pub fn put_back(&self, periods: &mut [Period]) {
        for period in periods {
            (period.from, period.to) = (self.with(period.from), self.with(period.to));
        }
    }
}

/// Changes of a year in Europe: 01:00 UTC on the last Sundays of March and October.
pub(super) fn europe(year: i16) -> [SimTime; 2] {
    [3, 10].map(|month| sunday(year, month, 25, 1))
}

/// Changes of a year in North America: the second Sunday of March and the first of November, about 07:00 UTC.
pub(super) fn north_america(year: i16) -> [SimTime; 2] {
    [sunday(year, 3, 8, 7), sunday(year, 11, 1, 7)]
}

/// Changes of a year in Sydney and Melbourne: the first Sundays of April and October, 16:00 UTC of the day before.
pub(super) fn australia(year: i16) -> [SimTime; 2] {
    [sunday(year, 4, 1, -8), sunday(year, 10, 1, -8)]
}

/// Changes of a year in New Zealand: the first Sunday of April and the last of September, 14:00 UTC of the day before.
pub(super) fn new_zealand(year: i16) -> [SimTime; 2] {
    [sunday(year, 4, 1, -10), sunday(year, 9, 24, -10)]
}

/// The first Sunday on or after a day of the month, at an hour UTC.
fn sunday(year: i16, month: i8, day: i8, hour: i64) -> SimTime {
    let start = SimTime::from_date(year, month, day).unwrap_or(SimTime::NEVER);
    let days = (6 - start.day().weekday() as i64).rem_euclid(7);
    start + SimDuration::from_seconds(days * DAY_SECONDS + hour * HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_change_on_sundays() {
        let at = |text: &str| text.parse::<SimTime>().unwrap();
        assert_eq!(europe(2026), [at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z")]);
        assert_eq!(north_america(2026), [at("2026-03-08T07:00:00Z"), at("2026-11-01T07:00:00Z")]);
        assert_eq!(australia(2026), [at("2026-04-04T16:00:00Z"), at("2026-10-03T16:00:00Z")]);
        assert_eq!(new_zealand(2026), [at("2026-04-04T14:00:00Z"), at("2026-09-26T14:00:00Z")]);
    }

    #[test]
    fn only_a_whole_hour_is_summer_time() {
        let off = |seconds| hour_off(SimDuration::from_seconds(30 * DAY_SECONDS + seconds));
        assert_eq!([off(3600), off(-3600), off(0), off(7200), off(3599)], [Some(3600), Some(-3600), None, None, None]);
    }
}
