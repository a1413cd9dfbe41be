//! Dates as the session culture prints them, kept open where day and month could be either.

use std::fmt;
use std::str::FromStr;

use crate::time::{SimDuration, SimTime, YEAR_MAX, YEAR_MIN};

/// Which of the two small numbers of a date comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateOrder {
    /// 28/03/2024 is 28 March.
    DayFirst,
    /// 03/28/2024 is 28 March.
    MonthFirst,
}

/// Why a text is no order of day and month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no order of day and month; expected day-first or month-first")]
pub struct DateOrderError {
    /// What was read, shortened.
    pub text: String,
}

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateText {
    /// Only one reading.
    Exact(SimTime),
    /// Two small numbers, a year, and seconds from midnight UTC.
    Either { first: i8, second: i8, year: i16, seconds: i64 },
}

impl DateOrder {
    /// The other order.
    pub const fn other(self) -> Self {
        match self {
            DateOrder::DayFirst => DateOrder::MonthFirst,
            DateOrder::MonthFirst => DateOrder::DayFirst,
        }
    }
}

impl fmt::Display for DateOrder {
    /// `day-first` or `month-first`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            DateOrder::DayFirst => "day-first",
            DateOrder::MonthFirst => "month-first",
        })
    }
}

impl FromStr for DateOrder {
    type Err = DateOrderError;

    /// Reads `day-first` or `month-first`.
    fn from_str(text: &str) -> Result<Self, DateOrderError> {
        match text {
            "day-first" => Ok(DateOrder::DayFirst),
            "month-first" => Ok(DateOrder::MonthFirst),
            _ => Err(DateOrderError { text: text.chars().take(40).collect() }),
        }
    }
}

impl DateText {
    /// The instant under an order; `None` where that order makes it no date.
    pub(super) fn at(self, order: DateOrder) -> Option<SimTime> {
        match (self, order) {
            (DateText::Exact(time), _) => Some(time),
            (DateText::Either { first, second, year, seconds }, DateOrder::DayFirst) => {
                instant(year, second, first, seconds)
            }
            (DateText::Either { first, second, year, seconds }, DateOrder::MonthFirst) => {
                instant(year, first, second, seconds)
            }
        }
    }

    /// Whether both orders give a date, and not the same one.
    pub(super) fn is_open(self) -> bool {
        let (day, month) = (self.at(DateOrder::DayFirst), self.at(DateOrder::MonthFirst));
        day.is_some() && month.is_some() && day != month
    }
}

fn instant(year: i16, month: i8, day: i8, seconds: i64) -> Option<SimTime> {
    let in_range = (YEAR_MIN..=YEAR_MAX).contains(&year);
    SimTime::from_date(year, month, day)
        .filter(|_| in_range)
        .map(|midnight| midnight + SimDuration::from_seconds(seconds))
}

/// Reads a date with or without a time of day; `None` if no order of day and month makes it one.
///
/// Year first with `-`, `/` or `.`; day and month in either order before the year with `/` or `-`, day first with `.`
/// (no culture prints month first with dots); ISO with fraction and offset; `/Date(1711584908000)/`.
pub(super) fn read_date(text: &str) -> Option<DateText> {
    let clean: String = text.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}')).collect();
    let clean = clean.trim();
    if clean.len() > 64 {
        return None;
    }
    if let Some(rest) = clean.strip_prefix("/Date(") {
        return milliseconds(rest.strip_suffix(")/")?);
    }
    let (a, rest) = leading_number(clean)?;
    let (separator, rest) = separator(rest)?;
    let (b, rest) = leading_number(rest)?;
    let (again, rest) = self::separator(rest)?;
    let (c, rest) = leading_number(rest)?;
    let seconds = seconds_of_day(rest)?;
    let small = |digits: &str| if digits.len() <= 2 { digits.parse::<i8>().ok() } else { None };
    let date = match (a.len(), c.len()) {
        _ if separator != again => return None,
        (4, _) => DateText::Exact(instant(a.parse().ok()?, small(b)?, small(c)?, seconds)?),
        (_, 4) if separator == '.' => DateText::Exact(instant(c.parse().ok()?, small(b)?, small(a)?, seconds)?),
        (_, 4) => DateText::Either { first: small(a)?, second: small(b)?, year: c.parse().ok()?, seconds },
        _ => return None,
    };
    let possible = date.at(DateOrder::DayFirst).or(date.at(DateOrder::MonthFirst));
    possible.map(|_| date)
}

fn milliseconds(text: &str) -> Option<DateText> {
    let digits = text.find(['+', '-']).filter(|at| *at > 0).map_or(text, |at| &text[..at]);
    let time = SimTime::from_seconds(digits.parse::<i64>().ok()?.div_euclid(1000));
    let in_range = time >= SimTime::year_start(YEAR_MIN) && time < SimTime::year_start(YEAR_MAX + 1);
    in_range.then_some(DateText::Exact(time))
}

fn leading_number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=4).contains(&end).then(|| text.split_at(end))
}

/// A separator of the date's parts, with the blanks some cultures put after it.
fn separator(text: &str) -> Option<(char, &str)> {
    let mark = text.chars().next().filter(|c| "/-.".contains(*c))?;
    Some((mark, text[1..].trim_start()))
}

/// Seconds from midnight UTC of `T00:15:08.000Z`, ` 12:15:08 AM`, `00.15.08` or nothing; an offset may leave the day.
fn seconds_of_day(text: &str) -> Option<i64> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || ".,".contains(c));
    let text = text.strip_prefix(['T', 't']).unwrap_or(text);
    if text.is_empty() {
        return Some(0);
    }
    let (clock, offset) = match text.find(['+', '-']) {
        Some(at) => (&text[..at], offset_seconds(&text[at..])?),
        None => (text, 0),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || ":.,".contains(c);
    if !clock.chars().all(legal) {
        return None;
    }
    let parts: Vec<&str> = clock.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let numbers: Option<Vec<i64>> = parts.iter().take(3).map(|part| part.parse().ok()).collect();
    let [hour, minute, rest @ ..] = numbers.as_deref()? else { return None };
    let second = rest.first().copied().unwrap_or(0);
    let letters: String = clock.chars().filter(char::is_ascii_alphabetic).collect();
    let hour = hour_of_day(*hour, &letters.to_ascii_lowercase())?;
    let legal = parts.len() <= 4 && *minute < 60 && second < 60;
    legal.then_some(hour * 3600 + minute * 60 + second - offset)
}

fn hour_of_day(hour: i64, letters: &str) -> Option<i64> {
    match letters {
        "" | "z" | "utc" | "gmt" => (hour < 24).then_some(hour),
        "am" | "pm" => (1..=12).contains(&hour).then_some(hour % 12 + if letters == "pm" { 12 } else { 0 }),
        _ => None,
    }
}

/// `+01:00`, `-0500` or `+02`, in seconds east.
fn offset_seconds(text: &str) -> Option<i64> {
    let digits: String = text[1..].trim().chars().filter(|c| *c != ':').collect();
    let legal = matches!(digits.len(), 2 | 4) && digits.bytes().all(|b| b.is_ascii_digit());
    let hours: i64 = if legal { digits[..2].parse().ok()? } else { return None };
    let minutes: i64 = digits[2..].parse().unwrap_or(0);
    let sign = if text.starts_with('-') { -1 } else { 1 };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "2024-03-28T00:15:08Z";

    fn both(text: &str) -> (Option<String>, Option<String>) {
        let date = read_date(text);
        let at = |order| date.and_then(|date| date.at(order)).map(|time| time.to_string());
        (at(DateOrder::DayFirst), at(DateOrder::MonthFirst))
    }

    #[test]
    fn every_culture_prints_the_same_instant() {
        for text in [
            "2024-03-28T00:15:08Z",
            "2024-03-28T00:15:08",
            "2024-03-28T00:15:08.1234567Z",
            "2024-03-28T01:15:08+01:00",
            "2024-03-27T19:15:08-0500",
            "2024-03-28 00:15:08",
            "2024-03-28 12:15:08 a.m.",
            "2024/03/28 0:15:08",
            "2024. 03. 28. 0:15:08",
            "28.03.2024 00:15:08",
            "28.3.2024 0.15.08",
            "/Date(1711584908000)/",
            "/Date(1711584908999+0100)/",
        ] {
            assert!(matches!(read_date(text), Some(DateText::Exact(_))), "{text}");
            assert_eq!(both(text).0.as_deref(), Some(SAMPLE), "{text}");
        }
        for text in ["28/03/2024 00:15:08", "28-03-2024 00:15:08", "28/03/2024 12:15:08 AM", "28/03/2024\n00:15:08"] {
            assert_eq!(both(text), (Some(SAMPLE.to_owned()), None), "{text}");
        }
        for text in ["3/28/2024 12:15:08 AM", "03/28/2024 00:15:08", "3/28/2024 12:15:08\u{202f}AM"] {
            assert_eq!(both(text), (None, Some(SAMPLE.to_owned())), "{text}");
        }
    }

    #[test]
    fn small_numbers_leave_the_order_open() {
        let date = read_date("04/05/2024 12:00:00 PM").unwrap();
        assert!(date.is_open());
        assert_eq!(date.at(DateOrder::DayFirst).unwrap().to_string(), "2024-05-04T12:00:00Z");
        assert_eq!(date.at(DateOrder::MonthFirst).unwrap().to_string(), "2024-04-05T12:00:00Z");
        assert!(!read_date("05/05/2024").unwrap().is_open() && !read_date("13/05/2024").unwrap().is_open());
    }

    #[test]
    fn orders_print_and_read_alike() {
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
            assert_eq!(order.to_string().parse(), Ok(order));
        }
        assert!("year-first".parse::<DateOrder>().is_err());
    }

    #[test]
    fn rejects_what_is_no_date() {
        for text in [
            "",
            "soon",
            "31/31/2024",
            "30/02/2024",
            "2024-02-30",
            "03.28.2024",
            "28/03/24",
            "28/03.2024",
            "28/03/2024 25:00:00",
            "28/03/2024 00:60:00",
            "28/03/2024 13:00:00 PM",
            "28/03/2024 00:15:08 Uhr",
            "28/03/1969",
            "28/03/3000",
            "2024-03-28T00:15:08+99:00",
            "2024-03-28T00:15:08+é",
            "/Date()/",
            "/Date(9223372036854775807)/",
            "é/é/é",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
