//! A date text taken apart: numbers, words and marks, and from them day, month, year, time of day and offset.

use super::words::{self, Half, digit};
use super::{DateFault, DateText, ZoneEvidence};
use brownout_kernel::time::offset_seconds;

/// A piece of a date text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A number and how many digits it was written with.
    Number(i64, usize),
    /// A word in lower case without its dots.
    Word(String),
    Mark(char),
}

/// The day as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayText {
    Exact { year: i64, month: i64, day: i64 },
    Either { first: i64, second: i64, year: i64 },
}

/// A date text in the forms people's tools write; `Ok(None)` for the zero of a clock, which stands for "no date".
pub(super) fn scan(text: &str) -> Result<Option<(DateText, ZoneEvidence)>, DateFault> {
    let (text, offset) = split_offset(text).ok_or(DateFault::Unreadable)?;
    let pieces = pieces(text);
    let mut rest = pieces.as_slice();
    let day = day(&mut rest).ok_or(DateFault::Unreadable)?;
    let (seconds, universal) = clock(&mut rest).filter(|_| rest.is_empty()).ok_or(DateFault::Unreadable)?;
    let zone = if offset.is_some() || universal { ZoneEvidence::Stated } else { ZoneEvidence::Unstated };
    let seconds = seconds - offset.unwrap_or(0);
    let date = match day {
        DayText::Exact { year, month, day } => {
            let Some(year) = super::plausible(year)? else { return Ok(None) };
            DateText::Exact(super::instant(i64::from(year), month, day, seconds).ok_or(DateFault::NoSuchDay)?)
        }
        DayText::Either { first, second, year } => {
            let Some(year) = super::plausible(year)? else { return Ok(None) };
            let small = |number: i64| i8::try_from(number).map_err(|_| DateFault::NoSuchDay);
            DateText::Either { first: small(first)?, second: small(second)?, year, seconds }
        }
    };
    let possible = [super::DateOrder::DayFirst, super::DateOrder::MonthFirst].map(|order| date.at(order));
    if possible.iter().all(Option::is_none) { Err(DateFault::NoSuchDay) } else { Ok(Some((date, zone))) }
}

/// The text before an offset that follows a time of day, and the offset.
fn split_offset(text: &str) -> Option<(&str, Option<i64>)> {
    let clock = text.find(':').unwrap_or(text.len());
    let Some(at) = text[clock..].find(['+', '-']).map(|at| clock + at) else { return Some((text, None)) };
    let offset = offset_seconds(text[at..].replace(' ', "").as_str())?;
    let stem = text[..at].trim_end();
    let stem = stem.strip_suffix("GMT").or(stem.strip_suffix("UTC")).unwrap_or(stem);
    Some((stem, Some(offset)))
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut letters = String::new();
    let mut in_number = false;
    for c in text.chars().chain([' ']) {
        let value = digit(c);
        let is_mark = ":/-,()".contains(c) || (c == '.' && letters.is_empty());
        if (value.is_some() || is_mark || c.is_whitespace()) && !letters.is_empty() {
            pieces.push(word(&std::mem::take(&mut letters)));
        }
        match (value, pieces.last_mut()) {
            (Some(value), Some(Piece::Number(number, length))) if in_number && *length < 9 => {
                (*number, *length) = (*number * 10 + i64::from(value), *length + 1);
            }
            (Some(value), _) => pieces.push(Piece::Number(i64::from(value), 1)),
            _ if is_mark => pieces.push(Piece::Mark(c)),
            _ if !c.is_whitespace() => letters.extend(c.to_lowercase()),
            _ => {}
        }
        in_number = value.is_some();
    }
    join_halves(&mut pieces);
    pieces
}

/// A word, or the mark that a word of Chinese, Japanese, Korean or Canadian dates stands for.
fn word(letters: &str) -> Piece {
    match letters {
        "年" | "月" | "년" | "월" => Piece::Mark('/'),
        "時" | "时" | "시" | "分" | "분" | "h" | "min" => Piece::Mark(':'),
        _ => Piece::Word(letters.chars().filter(|c| *c != '.').collect()),
    }
}

/// `a. m.` is one word.
fn join_halves(pieces: &mut Vec<Piece>) {
    let is = |piece: &Piece, letters: &[&str]| matches!(piece, Piece::Word(word) if letters.contains(&word.as_str()));
    let Some(at) = pieces.windows(2).position(|pair| is(&pair[0], &["a", "p", "π", "μ"]) && is(&pair[1], &["m", "μ"]))
    else {
        return;
    };
    if let (Piece::Word(first), Piece::Word(second)) = (&pieces[at], &pieces[at + 1]) {
        let joined = Piece::Word(format!("{first}{second}"));
        pieces.splice(at..at + 2, [joined]);
    }
}

/// Drops words at the front that say nothing, and marks between parts.
fn skip(rest: &mut &[Piece], words: &[&str], marks: &str) {
    while let Some((first, tail)) = rest.split_first() {
        match first {
            Piece::Word(word) if words.contains(&word.as_str()) => *rest = tail,
            Piece::Mark(mark) if marks.contains(*mark) => *rest = tail,
            _ => return,
        }
    }
}

fn number(rest: &mut &[Piece]) -> Option<(i64, usize)> {
    let (Piece::Number(number, length), tail) = rest.split_first()? else { return None };
    *rest = tail;
    Some((*number, *length))
}

fn month_name(rest: &mut &[Piece]) -> Option<i64> {
    let (Piece::Word(word), tail) = rest.split_first()? else { return None };
    let month = words::month(word)?;
    *rest = tail;
    Some(month)
}

fn separator(rest: &mut &[Piece]) -> Option<char> {
    let (Piece::Mark(mark), tail) = rest.split_first()? else { return None };
    *rest = if "/-.".contains(*mark) { tail } else { return None };
    Some(*mark)
}

fn day(rest: &mut &[Piece]) -> Option<DayText> {
    skip(rest, &["den", "le"], "");
    if let Some((Piece::Word(word), tail)) = rest.split_first()
        && words::is_weekday(word)
    {
        *rest = tail;
        // Portuguese: quarta-feira.
        skip(rest, &["feira", "den", "le"], ",.-");
    }
    if let Some(month) = month_name(rest) {
        skip(rest, &[], ".-");
        let day = number(rest)?.0;
        skip(rest, &["st", "nd", "rd", "th"], ",-");
        return Some(DayText::Exact { year: full_year(number(rest)?)?, month, day });
    }
    let first = number(rest)?;
    let mut after = *rest;
    skip(&mut after, &["de", "st", "nd", "rd", "th"], ".-/,");
    if let Some(month) = month_name(&mut after) {
        *rest = after;
        skip(rest, &["de", "del"], ".-/,");
        let last = number(rest)?;
        let (year, day) = if first.1 == 4 { (first, last.0) } else { (last, first.0) };
        return Some(DayText::Exact { year: full_year(year)?, month, day });
    }
    numeric_day(first, rest)
}

/// Three numbers: year first, or day and month in either order before the year; day first with dots, since no culture prints month
/// first with dots.
fn numeric_day(first: (i64, usize), rest: &mut &[Piece]) -> Option<DayText> {
    let mark = separator(rest)?;
    let second = number(rest)?;
    let again = separator(rest)?;
    let third = number(rest)?;
    let small = |part: (i64, usize)| if part.1 <= 2 { Some(part.0) } else { None };
    if mark != again {
        return None;
    }
    if first.1 >= 3 {
        return Some(DayText::Exact { year: first.0, month: small(second)?, day: small(third)? });
    }
    let year = full_year(third)?;
    if mark == '.' {
        return Some(DayText::Exact { year, month: small(second)?, day: small(first)? });
    }
    Some(DayText::Either { first: small(first)?, second: small(second)?, year })
}

/// A year as written; two digits are of this century, and of the years there is enforcement in.
fn full_year((year, length): (i64, usize)) -> Option<i64> {
    match length {
        1 | 2 => (super::SHORT_YEAR_MIN..100).contains(&year).then_some(2000 + year),
        _ => Some(year),
    }
}

/// Seconds from midnight and whether the text says UTC; a text without a time of day means midnight.
fn clock(rest: &mut &[Piece]) -> Option<(i64, bool)> {
    const BETWEEN: [&str; 14] =
        ["г", "р", "t", "日", "일", "um", "at", "à", "às", "alle", "klo", "kl", "klockan", "الساعة"];
    skip(rest, &BETWEEN, ".,");
    if let Some((Piece::Word(word), tail)) = rest.split_first()
        && words::is_weekday(word)
    {
        *rest = tail;
        skip(rest, &BETWEEN, ".,");
    }
    let mut half = half_word(rest);
    if rest.is_empty() {
        return half.is_none().then_some((0, false));
    }
    let hour = number(rest)?.0;
    let (mut parts, mut clear) = ([0; 2], half.is_some());
    for part in &mut parts {
        let (Some(Piece::Mark(':' | '.')), Some(Piece::Number(..))) = (rest.first(), rest.get(1)) else { break };
        *rest = &rest[1..];
        *part = number(rest)?.0;
        clear = true;
    }
    if let (Some(Piece::Mark('.' | ',')), Some(Piece::Number(..))) = (rest.first(), rest.get(1)) {
        *rest = &rest[2..];
    }
    skip(rest, &["ч", "s", "秒", "초"], ":.");
    half = half.or_else(|| half_word(rest));
    let before = rest.len();
    skip(rest, &["z", "utc", "gmt"], "");
    // An hour by itself is one only where its half of the day is named.
    let legal = parts.iter().all(|part| *part < 60) && (clear || half.is_some());
    let hour = hour_of_day(hour, half)?;
    legal.then_some((hour * 3600 + parts[0] * 60 + parts[1], rest.len() < before))
}

fn half_word(rest: &mut &[Piece]) -> Option<Half> {
    let (Piece::Word(word), tail) = rest.split_first()? else { return None };
    let half = words::half(word)?;
    *rest = tail;
    Some(half)
}

/// Twelve-hour clocks count 12, 1, 2 ... 11, in Japan 0, 1 ... 11.
fn hour_of_day(hour: i64, half: Option<Half>) -> Option<i64> {
    match half {
        None => (hour < 24).then_some(hour),
        Some(Half::First) => (hour <= 12).then_some(hour % 12),
        Some(Half::Noon) if hour == 11 => Some(11),
        Some(Half::Second | Half::Noon) => (hour <= 12).then_some(hour % 12 + 12),
    }
}
