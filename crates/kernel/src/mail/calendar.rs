//! How much mail each day carries: weekdays, a flat machine-generated part, a quiet year end.
//!
//! A day's level is in parts per million of an average day. An instant's level-seconds are the sum of level times seconds from
//! the first midnight of the calendar up to it: a whole number. What a server sends between two instants is its volume times
//! their difference, exactly, in [grains](super::amount); so it matters not at all where a stretch of time is cut.

use jiff::civil::Date;

use super::amount::MailAmount;

use crate::limits::{Limits, Refusal, date_of_year, weights};
use crate::time::{DAY_SECONDS, Day, SimTime};

/// Level of an average day in parts per million.
pub const LEVEL_ONE: i64 = 1_000_000;

/// The shape of mail over the calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarShape {
    weekday_shares: [f64; 7],
    flat_share: f64,
    year_end: Option<YearEnd>,
}

/// The quiet weeks at the turn of the year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YearEnd {
    from: (i8, i8),
    to: (i8, i8),
    level: f64,
}

impl Default for CalendarShape {
    /// The data of an EU institution, with an assumed flat share of 0.2 (default-parameters.csv, group `mail`).
    fn default() -> Self {
        CalendarShape {
            weekday_shares: [0.202, 0.194, 0.200, 0.187, 0.187, 0.013, 0.018],
            flat_share: 0.2,
            year_end: Some(YearEnd { from: (12, 23), to: (1, 3), level: 0.05 }),
        }
    }
}

impl YearEnd {
    /// Levels of human mail in the quiet weeks, against a usual day.
    pub const LEVEL: Limits<f64> = Limits::new("level", 0.0, 10.0, "");

    /// Quiet weeks from one date of the year, as (month, day), up to another that is not quiet any more.
    ///
    /// # Errors
    /// If there is no such date in any year, or the level lies outside [`LEVEL`](Self::LEVEL).
    pub fn new(from: (i8, i8), to: (i8, i8), level: f64) -> Result<Self, Refusal> {
        let (from, to) = (date_of_year("from", from)?, date_of_year("to", to)?);
        Ok(YearEnd { from, to, level: Self::LEVEL.check(level)? })
    }

    /// First quiet day as (month, day).
    pub const fn from(&self) -> (i8, i8) {
        self.from
    }

    /// First day that is not quiet any more.
    pub const fn to(&self) -> (i8, i8) {
        self.to
    }

    /// Level of human mail against a usual day, 0 or more.
    pub const fn level(&self) -> f64 {
        self.level
    }

    /// Another level.
    ///
    /// # Errors
    /// If it lies outside [`LEVEL`](Self::LEVEL).
    pub fn set_level(&mut self, level: f64) -> Result<(), Refusal> {
        self.level = Self::LEVEL.check(level)?;
        Ok(())
    }
}

impl CalendarShape {
    /// Shares of mail that machines send.
    pub const FLAT_SHARE: Limits<f64> = Limits::new("flat_share", 0.0, 1.0, "");

    /// The same amount of mail on every day.
    pub fn even() -> Self {
        CalendarShape { weekday_shares: [1.0; 7], flat_share: 0.0, year_end: None }
    }

    /// Shares of a week's human mail on Monday to Sunday; they are scaled to sum to 1.
    pub const fn weekday_shares(&self) -> [f64; 7] {
        self.weekday_shares
    }

    /// Share of all mail that machines send evenly on every day, 0 to 1.
    pub const fn flat_share(&self) -> f64 {
        self.flat_share
    }

    /// The quiet weeks, if any.
    pub const fn year_end(&self) -> Option<YearEnd> {
        self.year_end
    }

    /// The quiet weeks, to be changed.
    pub const fn year_end_mut(&mut self) -> Option<&mut YearEnd> {
        self.year_end.as_mut()
    }

    /// Other shares of Monday to Sunday.
    ///
    /// # Errors
    /// If one is less than 0, or all are 0.
    pub fn set_weekday_shares(&mut self, shares: [f64; 7]) -> Result<(), Refusal> {
        weights("weekday_shares", shares.into_iter())?;
        self.weekday_shares = shares;
        Ok(())
    }

    /// Another share of mail that machines send.
    ///
    /// # Errors
    /// If it lies outside [`FLAT_SHARE`](Self::FLAT_SHARE).
    pub fn set_flat_share(&mut self, share: f64) -> Result<(), Refusal> {
        self.flat_share = Self::FLAT_SHARE.check(share)?;
        Ok(())
    }

    /// Other quiet weeks, or none.
    pub const fn set_year_end(&mut self, year_end: Option<YearEnd>) {
        self.year_end = year_end;
    }

    /// Levels of Monday to Sunday outside the year end, in parts per million; they sum to exactly 7,000,000.
    fn week(&self, human_level: f64) -> [i64; 7] {
        let total: f64 = self.weekday_shares.iter().sum();
        let level = |share: f64| self.flat_share + (1.0 - self.flat_share) * human_level * 7.0 * share / total;
        let mut week = self.weekday_shares.map(|share| libm::round(level(share) * LEVEL_ONE as f64) as i64);
        if human_level == 1.0 {
            // Rounding leaves at most a few parts per million; the busiest day takes them, so that a week is a week.
            let off = 7 * LEVEL_ONE - week.iter().sum::<i64>();
            let busiest = (0..7).max_by_key(|&day| week[day]).unwrap_or(0);
            week[busiest] += off;
        }
        week
    }

    fn is_year_end(&self, date: Date) -> bool {
        let Some(YearEnd { from, to, .. }) = self.year_end else { return false };
        let date = (date.month(), date.day());
        if from <= to { from <= date && date < to } else { from <= date || date < to }
    }
}

/// An instant by the day of a calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    seconds: i64,
    level_seconds: i64,
    day: u32,
}

impl Moment {
    /// The day, counted from the calendar's first.
    #[inline]
    pub const fn day(self) -> usize {
        self.day as usize
    }

    /// Seconds since the first midnight of the calendar.
    #[inline]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Seconds since its midnight.
    #[inline]
    pub const fn second(self) -> i64 {
        self.seconds - self.day as i64 * DAY_SECONDS
    }

    /// Level times seconds since the first midnight of the calendar, in parts per million times seconds: never negative, and below
    /// 10^18 in 10^5 days of the highest level.
    #[inline]
    pub const fn level_seconds(self) -> i64 {
        self.level_seconds
    }
}

/// Day levels over a horizon, with their running sums.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    first: Day,
    /// Its midnight.
    start: SimTime,
    /// Every day, and one more behind the last that has no mail.
    days: Vec<DayLevel>,
}

/// The mail of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct DayLevel {
    /// In parts per million of an average day.
    level: i64,
    /// Level-seconds at the first midnight if the level had been that of this day from there on: so an instant of the day needs one
    /// multiplication. May be negative.
    offset: i64,
}

impl Calendar {
    /// The levels of all days from the one that holds `from` to the one that holds the last instant before `to`.
    pub fn new(shape: &CalendarShape, from: SimTime, to: SimTime) -> Self {
        let (first, last) = (from.day(), SimTime::from_seconds(to.seconds() - 1).day());
        let usual = shape.week(1.0);
        let quiet = shape.year_end.map_or(usual, |year_end| shape.week(year_end.level));
        let days = (first.number()..=last.number()).map(Day::from_number);
        let mut date = first.civil();
        let level = |day: Day| {
            let levels = if shape.is_year_end(date) { quiet } else { usual };
            // Far quicker than asking for the date of every day.
            date = date.tomorrow().unwrap_or(date);
            levels[day.weekday()]
        };
        let (mut before, mut midnight) = (0, 0);
        let days = days.map(level).chain([0]).map(|level| {
            let day = DayLevel { level, offset: before - level * midnight };
            (before, midnight) = (before + level * DAY_SECONDS, midnight + DAY_SECONDS);
            day
        });
        Calendar { first, start: first.start(), days: days.collect() }
    }

    /// The first day.
    pub fn first(&self) -> Day {
        self.first
    }

    /// Number of days.
    pub fn days(&self) -> usize {
        self.days.len() - 1
    }

    /// The position of an instant; instants before the first day stand at its midnight.
    #[inline]
    pub fn moment(&self, at: SimTime) -> Moment {
        self.moment_after(self.seconds_at(at))
    }

    /// Seconds from the first midnight to an instant; negative before it.
    #[inline]
    pub(crate) fn seconds_until(&self, at: SimTime) -> i64 {
        at.since(self.start).seconds()
    }

    /// Seconds from the first midnight to an instant; none before it.
    #[inline]
    pub(crate) fn seconds_at(&self, at: SimTime) -> i64 {
        at.since(self.start).seconds().max(0)
    }

    /// The position of the instant so many seconds after the first midnight, at least 0 and at most on the day behind the last.
    #[inline]
    pub(crate) fn moment_after(&self, seconds: i64) -> Moment {
        let day = (seconds as u64 / DAY_SECONDS as u64) as u32;
        let DayLevel { level, offset } = self.days[day as usize];
        Moment { seconds, level_seconds: offset + level * seconds, day }
    }

    /// Mail of many servers up to instants of one day, by its index from the first.
    ///
    /// - `volume`: of all servers, in milli-messages a day;
    /// - `volume_seconds`: the sum of the volume of each times its instant, in seconds since the first midnight.
    pub(crate) fn mail_before(&self, day: usize, volume: MailAmount, volume_seconds: MailAmount) -> MailAmount {
        let DayLevel { level, offset } = self.days[day];
        volume * MailAmount::from(offset) + volume_seconds * MailAmount::from(level)
    }

    /// Level-seconds at the midnight at which a day begins, by its index from the first; the day behind the last has one, too.
    #[inline]
    pub fn level_seconds_before(&self, index: usize) -> i64 {
        let DayLevel { level, offset } = self.days[index];
        offset + level * index as i64 * DAY_SECONDS
    }

    /// Level of a day, by its index from the first, in parts per million.
    #[inline]
    pub fn level(&self, index: usize) -> i64 {
        self.days[index].level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_outside_the_year_end_carries_seven_average_days() {
        let calendar = Calendar::new(&CalendarShape::default(), at("2026-09-07"), at("2026-10-05"));
        assert_eq!(calendar.days(), 28);
        for start in 0..21 {
            let [from, to] = [start, start + 7].map(|day| calendar.level_seconds_before(day));
            assert_eq!(to - from, 7 * LEVEL_ONE * DAY_SECONDS);
        }
    }

    #[test]
    fn weekdays_follow_the_shares() {
        let calendar = Calendar::new(&CalendarShape::default(), at("2026-09-07"), at("2026-09-14"));
        // Monday: 0.2 + 0.8 x 7 x 0.202 / 1.001; the shares of the source sum to 1.001.
        assert!((calendar.level(0) as f64 / 1e6 - (0.2 + 0.8 * 7.0 * 0.202 / 1.001)).abs() < 1e-5);
        assert!(calendar.level(5) < calendar.level(4) / 4, "Saturday is quiet");
    }

    #[test]
    fn the_year_end_is_quiet_and_machines_go_on() {
        let calendar = Calendar::new(&CalendarShape::default(), at("2026-12-01"), at("2027-02-01"));
        let level = |date: &str| calendar.level((at(date).day().number() - calendar.first().number()) as usize);
        assert!(level("2026-12-22") > 1_000_000);
        for quiet in ["2026-12-23", "2027-01-01", "2027-01-02"] {
            assert!((200_000..300_000).contains(&level(quiet)), "{quiet}: {}", level(quiet));
        }
        assert_eq!(level("2027-01-04"), level("2026-12-21"));
    }

    #[test]
    fn level_seconds_are_the_sum_over_all_days_before() {
        let calendar = Calendar::new(&CalendarShape::default(), at("2026-12-01"), at("2027-02-01"));
        let mut before = 0;
        for day in 0..calendar.days() {
            assert_eq!(calendar.level_seconds_before(day), before, "day {day}");
            for second in [0, 1, 43_200, DAY_SECONDS - 1] {
                let moment = calendar.moment_after(day as i64 * DAY_SECONDS + second);
                assert_eq!((moment.day(), moment.second()), (day, second));
                assert_eq!(moment.level_seconds(), before + calendar.level(day) * second, "day {day} second {second}");
            }
            before += calendar.level(day) * DAY_SECONDS;
        }
        assert_eq!(calendar.level_seconds_before(calendar.days()), before);
        assert_eq!(calendar.moment(at("2027-02-01")).level_seconds(), before, "the horizon is an instant, too");
    }
}
