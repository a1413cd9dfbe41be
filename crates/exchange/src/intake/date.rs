//! Dates as people's tools print them: the one reader for reports, fleets and arguments.
//!
//! ISO 8601 goes to [`SimTime`]'s own reader. Beside it stand the forms of spreadsheets and of PowerShell sessions in any culture:
//! `9/9/2026 12:15:08 AM`, `02.10.2026 00:15`, `2026/9/9 上午 12:15:08`, `Wed, 09 Sep 2026 00:15:08 GMT`, `/Date(1711584908000)/`,
//! two-digit years, digits of other scripts. Where day and month could be either, the date stays open until the whole file decides
//! ([`DateText::at`]); an argument by itself must leave no doubt ([`instant_of`]). The zero of a clock (`01/01/0001`) is no date.

mod scan;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;
use std::str::FromStr;

use brownout_kernel::time::{SimDuration, SimTime};
use brownout_text::outside::shortened;
pub(super) use words::digit;

/// First and last year a server's dates can lie in: Exchange 2007 is the oldest product there is a build of.
const YEARS: std::ops::RangeInclusive<i64> = 2007..=2100;
/// Two digits of the first year with enforcement: an earlier year written so may as well be a day.
const SHORT_YEAR_MIN: i64 = 23;
/// Longest text that is looked at.
const TEXT_MAX: usize = 120;

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

/// What is known about the time zone of a date, least certain first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZoneEvidence {
    /// The text has no offset; it is read as UTC. The exporting computer may have meant its own time, summer time included.
    Unstated,
    /// `/Date(1711584908000)/`: a count from 1970 in UTC, but Windows PowerShell takes a time without a zone for the computer's own
    /// when it makes one, so that a difference of such dates may be off by the hour of summer time.
    Epoch,
    /// With an offset, `Z` or `GMT`.
    #[default]
    Stated,
}

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateText {
    /// Only one reading.
    Exact(SimTime),
    /// Day and month could be either.
    Either {
        /// The first small number.
        first: i8,
        /// The second.
        second: i8,
        /// The year.
        year: i16,
        /// Seconds from midnight UTC; an offset may leave the day.
        seconds: i64,
    },
}

/// What is wrong with a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// In no form that is read.
    Unreadable,
    /// Like 31 June: on no calendar, whatever the order of day and month.
    NoSuchDay,
    /// A year no server's date lies in, and the year of the common calendar it may be.
    Year(i64, Option<i64>),
    /// A day number of a spreadsheet.
    Serial,
    /// Day and month could be either, and nothing else tells.
    Open(SimTime, SimTime),
    /// Nothing where a date is needed.
    Missing,
}

/// A text that is no date brownout can use, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError {
    /// What was read, shortened and fit to print.
    pub text: String,
    /// What is wrong with it.
    pub fault: DateFault,
}

impl DateError {
    /// What is wrong, as the rest of a sentence that begins with the text.
    pub fn rule(&self) -> String {
        match self.fault {
            DateFault::Unreadable => "is not a date in a form that is read".to_owned(),
            DateFault::NoSuchDay => "is not a date of the calendar".to_owned(),
            DateFault::Year(year, None) => {
                format!("has the year {year}; expected {} to {}", YEARS.start(), YEARS.end())
            }
            DateFault::Year(year, Some(meant)) => {
                format!("has the year {year}, which is {meant} if it is of the {} calendar", calendar_of(year))
            }
            DateFault::Serial => "is a spreadsheet's day number, not a date".to_owned(),
            DateFault::Open(day, month) => format!("is {} day-first or {} month-first", day.day(), month.day()),
            DateFault::Missing => "is not a date".to_owned(),
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self.fault {
            DateFault::Year(_, Some(meant)) => format!("write the date with the year {meant}"),
            DateFault::Serial => "format the column as a date and save the table again".to_owned(),
            DateFault::Open(day, month) => format!("write it as {} or {}", day.day(), month.day()),
            _ => "write it as 2026-09-07 or 2026-09-07T00:15:08Z".to_owned(),
        }
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" {}; {}", self.text, self.rule(), self.remedy())
    }
}

impl std::error::Error for DateError {}

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
    pub fn at(self, order: DateOrder) -> Option<SimTime> {
        let (first, second, year, seconds) = match self {
            DateText::Exact(time) => return Some(time),
            DateText::Either { first, second, year, seconds } => (first, second, year, seconds),
        };
        let (day, month) = if order == DateOrder::DayFirst { (first, second) } else { (second, first) };
        instant(i64::from(year), i64::from(month), i64::from(day), seconds)
    }

    /// Whether both orders give a date, and not the same one.
    pub fn is_open(self) -> bool {
        let (day, month) = (self.at(DateOrder::DayFirst), self.at(DateOrder::MonthFirst));
        day.is_some() && month.is_some() && day != month
    }
}

fn instant(year: i64, month: i64, day: i64, seconds: i64) -> Option<SimTime> {
    let midnight = SimTime::from_date(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)?;
    Some(midnight + SimDuration::from_seconds(seconds))
}

/// Reads a date with or without a time of day; `Ok(None)` where the text says that there is none.
///
/// # Errors
/// [`DateError`]: no order of day and month makes it a date of a plausible year.
pub fn read_date(text: &str) -> Result<Option<(DateText, ZoneEvidence)>, DateError> {
    read(text).map_err(|fault| DateError { text: shortened(text.trim(), 60), fault })
}

/// The instant an argument names, which must be one and leave no doubt about day and month.
///
/// # Errors
/// [`DateError`] as for [`read_date`], and for a date that could be two.
///
/// ```
/// use brownout_exchange::intake::instant_of;
/// assert_eq!(instant_of("2026-09-09T00:15:08-10:00").unwrap().to_string(), "2026-09-09T10:15:08Z");
/// assert_eq!(instant_of("9/9/2026 12:15:08 AM").unwrap().to_string(), "2026-09-09T00:15:08Z");
/// assert!(instant_of("9/10/2026").unwrap_err().to_string().contains("2026-10-09 day-first or 2026-09-10 month-first"));
/// ```
pub fn instant_of(text: &str) -> Result<SimTime, DateError> {
    let refuse = |fault| DateError { text: shortened(text.trim(), 60), fault };
    let (date, _) = read_date(text)?.ok_or_else(|| refuse(DateFault::Missing))?;
    match (date.at(DateOrder::DayFirst), date.at(DateOrder::MonthFirst)) {
        (Some(day), Some(month)) if day != month => Err(refuse(DateFault::Open(day, month))),
        (day, month) => day.or(month).ok_or_else(|| refuse(DateFault::NoSuchDay)),
    }
}

fn read(text: &str) -> Result<Option<(DateText, ZoneEvidence)>, DateFault> {
    if text.len() > TEXT_MAX {
        return Err(DateFault::Unreadable);
    }
    if words::is_nothing(text) {
        return Ok(None);
    }
    let clean = text.trim();
    if let Some(count) = clean.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        let date = milliseconds(count).ok_or(DateFault::Unreadable)?;
        return Ok(plausible(i64::from(date.year()))?.map(|_| (DateText::Exact(date), ZoneEvidence::Epoch)));
    }
    if let Ok(date) = clean.parse::<SimTime>() {
        let zone = if clean.contains(':') && clean[10..].contains(['+', '-', 'Z', 'z']) {
            ZoneEvidence::Stated
        } else {
            ZoneEvidence::Unstated
        };
        return Ok(plausible(i64::from(date.year()))?.map(|_| (DateText::Exact(date), zone)));
    }
    if clean.parse::<f64>().is_ok_and(|number| (39_000.0..74_000.0).contains(&number)) {
        return Err(DateFault::Serial);
    }
    // Marks of direction, which some cultures put around the parts.
    let is_direction =
        |c: &char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |c: char| match c {
        '\u{2212}' | '\u{2010}' | '\u{2011}' => '-',
        '\u{ff0f}' => '/',
        '\u{ff1a}' => ':',
        '\u{60c}' | '\u{3001}' => ',',
        _ => c,
    };
    scan::scan(&clean.chars().filter(|c| !is_direction(c)).map(plain).collect::<String>())
}

/// A year as it can stand in a server's date; `Ok(None)` for the first or last year of some clock, which stands for "no date".
fn plausible(year: i64) -> Result<Option<i16>, DateFault> {
    match year {
        0 | 1 | 1601 | 9999 => Ok(None),
        _ if YEARS.contains(&year) => Ok(i16::try_from(year).ok()),
        _ => Err(DateFault::Year(year, common_year(year))),
    }
}

/// The year of the common calendar for a year of another one that sessions print; `None` for an odd year of no calendar.
fn common_year(year: i64) -> Option<i64> {
    let meant = match calendar_of(year) {
        "Buddhist" => year - 543,
        "Minguo" => year + 1911,
        "Persian" => year + 621,
        _ => return None,
    };
    YEARS.contains(&meant).then_some(meant)
}

fn calendar_of(year: i64) -> &'static str {
    match year {
        2550..=2643 => "Buddhist",
        96..=189 => "Minguo",
        1386..=1430 => "Persian",
        _ => "other",
    }
}

/// Milliseconds from 1970 on, cut to seconds; an offset behind them says how they were printed and changes nothing.
fn milliseconds(text: &str) -> Option<SimTime> {
    let digits = text.find(['+', '-']).filter(|at| *at > 0).map_or(text, |at| &text[..at]);
    let seconds = digits.parse::<i64>().ok()?.div_euclid(1000);
    // Four-digit years and the zero of .NET's clock, which a conversion to UTC may have moved by a day.
    let printable = (-62_135_683_200..253_402_387_200).contains(&seconds);
    let zero = seconds < -62_104_000_000;
    let clamped = if zero { -62_135_596_800 } else { seconds };
    printable.then_some(SimTime::from_seconds(clamped))
}
