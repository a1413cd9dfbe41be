//! Simulated time: whole seconds, UTC calendar days and years.
//!
//! Equal times are truly equal, because time is an integer. A day is a UTC calendar day of 86,400 seconds, a year a UTC
//! calendar year with real leap years; there are no leap seconds, and time zones only as a [`Clock`] that
//! says what a place shows. Reading and printing goes through
//! [`jiff`], arithmetic does not: it is checked integer arithmetic inside the range that jiff can print.

mod clock;
mod iso;

use std::fmt;
use std::ops::{Add, Sub};

pub use clock::Clock;
pub use iso::offset_seconds;
use jiff::civil::Date;

/// Seconds in a day.
pub const DAY_SECONDS: i64 = 86_400;

/// The first year a study or a command may name.
pub const YEAR_MIN: i16 = 1970;
/// The last year a study or a command may name.
pub const YEAR_MAX: i16 = 2999;

/// An instant: whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(i64);

/// A length of time in whole seconds; may be negative as the difference of two instants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(i64);

/// A UTC calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Why a text is not an instant brownout can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Neither a date nor a timestamp.
    #[error("\"{text}\" is not a date (2026-09-07) or a timestamp (2026-09-07T00:15:08Z, 2026-09-07T02:15:08+02:00)")]
    Unreadable {
        /// What was read.
        text: String,
    },
    /// A real date, outside the years brownout simulates.
    #[error("\"{text}\" lies outside the years {YEAR_MIN} to {YEAR_MAX}")]
    OutOfRange {
        /// What was read.
        text: String,
    },
}

impl SimTime {
    /// Later than anything a study can reach: stands for "never".
    pub const NEVER: SimTime = SimTime(i64::MAX);

    /// The instant `seconds` after (or before) 1970-01-01T00:00:00Z.
    #[inline]
    pub const fn from_seconds(seconds: i64) -> Self {
        SimTime(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Midnight UTC that begins the given calendar date, or `None` for a date that does not exist.
    ///
    /// ```
    /// use brownout_kernel::time::SimTime;
    /// assert_eq!(SimTime::from_date(2024, 2, 29).unwrap().to_string(), "2024-02-29T00:00:00Z");
    /// assert!(SimTime::from_date(2023, 2, 29).is_none());
    /// ```
    pub fn from_date(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(|date| Day::from_civil(date).start())
    }

    /// The first instant of a calendar year; beyond the years that dates can name, the end of time on that side.
    pub const fn year_start(year: i16) -> Self {
        match year {
            ..-9999 => SimTime(i64::MIN),
            10_000.. => SimTime::NEVER,
            _ => Day(days_before_year(year as i32)).start(),
        }
    }

    /// The calendar day that holds this instant.
    #[inline]
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_SECONDS) as i32)
    }

    /// The calendar year that holds this instant.
    #[inline]
    pub fn year(self) -> i16 {
        // Counted from 1 March of the year -400, leap days come last in their year, and a division by the days of a year becomes
        // a multiplication (Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms",
        // Software: Practice and Experience 53, 2023).
        let quarters = 4 * (self.day().within_calendar().0 + 719_468 + 146_097) as u32 + 3;
        let (century, quarters) = (quarters / 146_097, quarters % 146_097 / 4 * 4 + 3);
        let years = 2_939_745 * u64::from(quarters);
        let (year, day_of_year) = ((years >> 32) as u32, years as u32 / 2_939_745 / 4);
        // January and February belong to the next calendar year.
        ((100 * century + year) as i32 - 400 + i32::from(day_of_year >= 306)) as i16
    }

    /// Seconds since the midnight before, `0..86_400`.
    #[inline]
    pub const fn second_of_day(self) -> i64 {
        self.0.rem_euclid(DAY_SECONDS)
    }

    /// Seconds since the full hour before, `0..3_600`.
    #[inline]
    pub const fn second_of_hour(self) -> i64 {
        self.0.rem_euclid(3_600)
    }

    /// The time from `earlier` to this instant; negative when `earlier` is later.
    #[inline]
    pub const fn since(self, earlier: SimTime) -> SimDuration {
        SimDuration(self.0 - earlier.0)
    }

    /// `self + by`, staying at [`SimTime::NEVER`] instead of overflowing.
    #[inline]
    pub const fn saturating_add(self, by: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(by.0))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: SimDuration = SimDuration(0);
    /// One day.
    pub const DAY: SimDuration = SimDuration(DAY_SECONDS);

    /// A length of so many seconds.
    #[inline]
    pub const fn from_seconds(seconds: i64) -> Self {
        SimDuration(seconds)
    }

    /// A length of so many whole days.
    #[inline]
    pub const fn from_days(days: i64) -> Self {
        SimDuration(days * DAY_SECONDS)
    }

    /// A sampled length in days, rounded to the nearest second; lengths beyond 10,000 years are cut there.
    #[inline]
    pub fn from_days_f64(days: f64) -> Self {
        let seconds = (days * DAY_SECONDS as f64).clamp(-3.2e11, 3.2e11);
        // Halves go away from zero. The largest number below one half, as 0.49999999999999994 + 0.5 is 1 in floating point.
        SimDuration((seconds + f64::copysign(0.5 - 0.25 * f64::EPSILON, seconds)) as i64)
    }

    /// Whole seconds.
    #[inline]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The length in days.
    #[inline]
    pub fn days_f64(self) -> f64 {
        self.0 as f64 / DAY_SECONDS as f64
    }

    /// Whole days, rounded up.
    pub const fn days_ceil(self) -> i64 {
        let whole = self.0.div_euclid(DAY_SECONDS);
        whole + (whole * DAY_SECONDS != self.0) as i64
    }
}

impl Day {
    /// The day `number` days after 1970-01-01.
    pub const fn from_number(number: i32) -> Self {
        Day(number)
    }

    /// Days since 1970-01-01.
    #[inline]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The midnight that begins the day.
    #[inline]
    pub const fn start(self) -> SimTime {
        SimTime(self.0 as i64 * DAY_SECONDS)
    }

    /// Day of the week, Monday = 0.
    pub const fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0 as i64 + 3).rem_euclid(7) as usize
    }

    /// The calendar date.
    pub fn civil(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(self.within_calendar().0))
    }

    /// Days outside jiff's range cannot come from a checked study; they become the nearest date there is.
    fn within_calendar(self) -> Day {
        Day(self.0.clamp(-719_527, 2_932_896))
    }

    /// The day of a calendar date.
    pub fn from_civil(date: Date) -> Self {
        let epoch = Date::constant(1970, 1, 1);
        Day(date.duration_since(epoch).as_hours() as i32 / 24)
    }
}

/// Days from 1970-01-01 to 1 January of a year of the Gregorian calendar.
///
/// - `year`: from -9,999 on.
const fn days_before_year(year: i32) -> i32 {
    // Counted from the year -9,999: its calendar is that of the year 1, as every 400 years are alike. Without a sign one division is
    // enough.
    let before = (year + 9_999) as u32;
    let centuries = before / 100;
    let leap_days = before / 4 - centuries + centuries / 4;
    // 25 times 400 years of 146,097 days lie before the year 1, and 719,162 days from there to 1970-01-01.
    (before * 365 + leap_days) as i32 - 25 * 146_097 - 719_162
}

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    #[inline]
    fn add(self, by: SimDuration) -> SimTime {
        SimTime(self.0 + by.0)
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = SimTime;
    #[inline]
    fn sub(self, by: SimDuration) -> SimTime {
        SimTime(self.0 - by.0)
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    #[inline]
    fn add(self, by: SimDuration) -> SimDuration {
        SimDuration(self.0 + by.0)
    }
}

impl Sub for SimDuration {
    type Output = SimDuration;
    #[inline]
    fn sub(self, by: SimDuration) -> SimDuration {
        SimDuration(self.0 - by.0)
    }
}

impl fmt::Display for SimTime {
    /// `2026-09-07T00:15:08Z`; "never" for [`SimTime::NEVER`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == SimTime::NEVER {
            return f.write_str("never");
        }
        let second = self.second_of_day();
        let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{}T{h:02}:{m:02}:{s:02}Z", self.day())
    }
}

impl fmt::Display for Day {
    /// `2026-09-07`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_means_its_midnight() {
        assert_eq!(at("1970-01-01"), SimTime::from_seconds(0));
        assert_eq!(at("2026-09-07"), at("2026-09-07T00:00:00Z"));
        assert_eq!(at("2024-03-28 00:15:08"), at("2024-03-28T00:15:08Z"));
    }

    #[test]
    fn printing_and_reading_are_inverse() {
        for text in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2999-12-31T12:00:01Z"] {
            assert_eq!(at(text).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_no_date_or_out_of_range() {
        for text in ["", "soon", "2026-13-01", "2023-02-29", "07/09/2026", "2026-09-07T25:00:00Z"] {
            assert!(matches!(text.parse::<SimTime>(), Err(TimeError::Unreadable { .. })), "{text}");
        }
        for text in ["0000-01-01", "1969-12-31", "99999-01-01", "3000-01-01"] {
            assert!(matches!(text.parse::<SimTime>(), Err(TimeError::OutOfRange { .. })), "{text}");
        }
    }

    #[test]
    fn days_and_weekdays_follow_the_calendar() {
        assert_eq!(at("2026-09-07").day().weekday(), 0, "a Monday");
        assert_eq!(at("2026-11-21T17:00:00Z").day().weekday(), 5, "a Saturday");
        assert_eq!(at("2028-03-01").since(at("2028-02-28")), SimDuration::from_days(2));
        assert_eq!(at("2026-12-31T23:59:59Z").year(), 2026);
        assert_eq!(Day::from_civil(at("2027-04-01").day().civil()), at("2027-04-01").day());
    }

    #[test]
    fn years_are_those_of_the_calendar() {
        for year in 1..=9999 {
            let start = SimTime::from_date(year, 1, 1).unwrap();
            assert_eq!(SimTime::year_start(year), start);
            assert_eq!(start.year(), year);
            let before = SimTime::from_seconds(start.seconds() - 1);
            assert_eq!(before.year(), year - 1);
        }
        for year in -9999..=9999 {
            assert_eq!(Some(SimTime::year_start(year)), SimTime::from_date(year, 1, 1), "{year}");
        }
        assert_eq!(SimTime::year_start(10_000), SimTime::NEVER);
        for day in (-719_527..2_932_896).step_by(17).map(Day::from_number) {
            assert_eq!(day.start().year(), day.civil().year(), "{day}");
        }
    }

    #[test]
    fn sampled_lengths_round_like_the_library() {
        let days = |seconds: f64| seconds / DAY_SECONDS as f64;
        for seconds in [0.0, 0.49999999999999994, 0.5, 1.5, 2.5, 1e9 + 0.5, 3.2e11, -0.5, -2.5, 12345.6789, f64::NAN] {
            let exact = (days(seconds) * DAY_SECONDS as f64).clamp(-3.2e11, 3.2e11);
            assert_eq!(SimDuration::from_days_f64(days(seconds)).seconds(), libm::round(exact) as i64, "{seconds}");
        }
    }

    #[test]
    fn day_counts_round_up() {
        assert_eq!(SimDuration::from_seconds(1).days_ceil(), 1);
        assert_eq!(SimDuration::from_days(3).days_ceil(), 3);
        assert_eq!(SimDuration::from_seconds(-1).days_ceil(), 0);
        assert_eq!(SimDuration::from_days_f64(0.5).seconds(), 43_200);
    }
}
