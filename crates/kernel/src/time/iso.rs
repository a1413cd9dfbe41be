//! Instants as text: ISO 8601, read strictly and with its offset. The one reader for studies, plans and policies.
//!
//! Dates as people's tools print them are read by [`intake`](crate::intake), which leaves everything of this form to here.

use std::str::FromStr;

use super::{SimDuration, SimTime, TimeError, YEAR_MAX, YEAR_MIN};

impl FromStr for SimTime {
    type Err = TimeError;

    /// Reads an ISO 8601 date, `2026-09-07` (its midnight UTC), or a timestamp: `2026-09-07T00:15:08Z`, with a blank for the `T`,
    /// without seconds, with a fraction (dropped), with an offset (`-10:00`, `+0530`, `+02`), which is honoured, or without any,
    /// which means UTC. Nothing is mended: hour 24 and second 60 are refused.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let shown = || brownout_text::outside::shortened(text.trim(), 40);
        let unreadable = || TimeError::Unreadable { text: shown() };
        let (date, clock) = split_date(text.trim()).ok_or_else(unreadable)?;
        let (year, month, day) = date;
        let seconds = if clock.is_empty() { Some(0) } else { seconds_of_clock(clock) };
        let seconds = seconds.ok_or_else(unreadable)?;
        let out_of_range = || TimeError::OutOfRange { text: shown() };
        let years = i32::from(YEAR_MIN)..=i32::from(YEAR_MAX);
        let year =
            i16::try_from(year).ok().filter(|year| years.contains(&i32::from(*year))).ok_or_else(out_of_range)?;
        let at = SimTime::from_date(year, month, day).ok_or_else(unreadable)? + SimDuration::from_seconds(seconds);
        if years.contains(&i32::from(at.year())) { Ok(at) } else { Err(out_of_range()) }
    }
}

/// Year, month and day, and what follows the mark of the time of day.
fn split_date(text: &str) -> Option<((i32, i8, i8), &str)> {
    let (year, rest) = text.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, clock) = rest.split_at(end);
    let two = |part: &str| if part.len() == 2 { digits(part).map(|number| number as i8) } else { None };
    let year = if (4..=9).contains(&year.len()) { digits(year)? as i32 } else { return None };
    let clock = match clock.strip_prefix(['T', 't', ' ']) {
        Some(clock) if !clock.is_empty() => clock,
        Some(_) => return None,
        None if clock.is_empty() => clock,
        None => return None,
    };
    Some(((year, two(month)?, two(day)?), clock))
}

/// Seconds from midnight UTC of `00:15`, `00:15:08.5Z`, `00:15:08-10:00`; an offset may leave the day.
fn seconds_of_clock(text: &str) -> Option<i64> {
    let (clock, offset) = match text.find(['+', '-', 'Z', 'z']) {
        Some(at) => (text[..at].trim_end(), offset_seconds(&text[at..])?),
        None => (text, 0),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    digits(fraction)?;
    let mut parts = clock.split(':').map(|part| if part.len() == 2 { digits(part) } else { None });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let legal = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    legal.then_some(hour * 3600 + minute * 60 + second - offset)
}

/// An offset from UTC in seconds east: `Z`, `+01:00`, `-0500` or `+02`, at most 14 hours and not 60 minutes.
pub fn offset_seconds(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let parts = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match (parts.split_once(':'), parts.len()) {
        (Some((hours, minutes)), 5) => (hours, minutes),
        (None, 4) if parts.is_ascii() => parts.split_at(2),
        (None, 2) => (parts, "00"),
        _ => return None,
    };
    let two = |part: &str| if part.len() == 2 { digits(part) } else { None };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours * 60 + minutes <= 14 * 60 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// A number of ASCII digits only.
fn digits(text: &str) -> Option<i64> {
    let legal = !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    if legal { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    #[test]
    fn offsets_are_honoured() {
        let expected = at("2026-09-09T10:15:08Z");
        for text in [
            "2026-09-09T00:15:08-10:00",
            "2026-09-09T20:15:08+10:00",
            "2026-09-09 20:15:08+1000",
            "2026-09-09t15:45:08.25+05:30",
            "2026-09-09T12:15:08+02",
            "2026-09-09T10:15:08z",
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
        assert_eq!(at("2026-09-09T00:15-10:00"), at("2026-09-09T10:15:00Z"));
    }

    #[test]
    fn nothing_is_mended() {
        for text in [
            "2026-09-09T00:15:60",
            "2026-09-09T00:60:00",
            "2026-09-09T24:00:00",
            "2026-09-09T0:15",
            "2026-9-9",
            "2026-09-09T",
            "2026-09-09T00:15:08-15:00",
            "2026-09-09T00:15:08+1",
            "2026-09-09T00:15:08Z+01:00",
            "2026-09-09T00:15:08.",
            "2026-09-09-10:00",
            "20260909",
            "2026-09-09T00:15:08+é0",
        ] {
            assert!(matches!(text.parse::<SimTime>(), Err(TimeError::Unreadable { .. })), "{text}");
        }
        assert!(matches!("1970-01-01T00:00:00+01:00".parse::<SimTime>(), Err(TimeError::OutOfRange { .. })));
    }
}
