//! Numbers as spreadsheets write them: `2,5`, `1'250`, `1 250`, `1,250`, `12.500`.
//!
//! A mark before exactly three digits can part thousands or decimals, and a wrong guess is a factor of 1,000. What other cells of the
//! file show decides ([`NumberHabits`]); where nothing does, the number is refused, or read with a warning where only one reading is
//! likely.

use super::date::digit;

/// What the cells of a file show about its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberHabits {
    comma_decimal: bool,
    dot_decimal: bool,
    /// Cells are parted by semicolons, as programs do whose decimal mark is the comma.
    semicolons: bool,
}

/// A number that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadNumber {
    /// Its value.
    pub value: f64,
    /// Whether thousands were taken for such without proof: worth a warning.
    pub assumed: bool,
}

/// Why a text is no number brownout can use.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NumberError {
    /// No number at all.
    #[error("is not a number")]
    Unreadable,
    /// Thousands or decimals: a factor of 1,000.
    #[error("is {decimal} or {thousands}, and nothing in the file tells which")]
    Ambiguous {
        /// The value if the mark begins decimals.
        decimal: f64,
        /// The value if it parts thousands.
        thousands: f64,
    },
}

/// A number in its parts.
enum Shape {
    /// No mark, or only such as leave no doubt; whether that shows a decimal comma or dot.
    Plain(f64, Option<char>),
    /// One mark with three digits behind it.
    Open { mark: char, decimal: f64, thousands: f64 },
}

impl NumberHabits {
    /// What some cells show, parted by `delimiter`.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>, delimiter: u8) -> Self {
        let mut habits = NumberHabits { semicolons: delimiter == b';', ..NumberHabits::default() };
        for shape in cells.filter_map(shape) {
            match shape {
                Shape::Plain(_, Some(',')) => habits.comma_decimal = true,
                Shape::Plain(_, Some(_)) => habits.dot_decimal = true,
                _ => {}
            }
        }
        habits
    }
}

/// Reads a number of a file with these habits.
///
/// - `most`: the largest sensible value; where only one reading stays below it, that one holds.
///
/// # Errors
/// [`NumberError`]; whether the value is allowed is the caller's business.
pub fn read_number(text: &str, habits: NumberHabits, most: f64) -> Result<ReadNumber, NumberError> {
    let sure = |value| Ok(ReadNumber { value, assumed: false });
    let (mark, decimal, thousands) = match shape(text).ok_or(NumberError::Unreadable)? {
        Shape::Plain(value, _) => return sure(value),
        Shape::Open { mark, decimal, thousands } => (mark, decimal, thousands),
    };
    let (own, other) = match mark {
        ',' => (habits.comma_decimal, habits.dot_decimal),
        _ => (habits.dot_decimal, habits.comma_decimal),
    };
    match (own, other) {
        _ if thousands > most => sure(decimal),
        (false, true) => sure(thousands),
        (false, false) if (mark == '.') == habits.semicolons => Ok(ReadNumber { value: thousands, assumed: true }),
        _ => Err(NumberError::Ambiguous { decimal, thousands }),
    }
}

fn shape(text: &str) -> Option<Shape> {
    if text.len() > 64 {
        return None;
    }
    let plain: String = text.trim().chars().filter_map(letter).collect();
    let marks: Vec<(usize, char)> = plain.char_indices().filter(|(_, c)| ",.".contains(*c)).collect();
    let number = |text: String| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let without = |mark: char| number(plain.replace(mark, ""));
    let last = marks.last().copied();
    let Some((at, mark)) = last else { return Some(Shape::Plain(number(plain)?, None)) };
    let other = if mark == ',' { '.' } else { ',' };
    let grouped = |groups: &str, by: char| {
        let mut parts = groups.trim_start_matches(['-', '+']).split(by);
        let first = parts.next().is_some_and(|first| (1..=3).contains(&first.len()));
        first && parts.all(|part| part.len() == 3)
    };
    if marks.iter().any(|(_, c)| *c == other) {
        // Both marks: the last one begins the decimals, the other parts thousands.
        let whole = plain[..at].to_owned();
        let legal = marks.iter().filter(|(_, c)| *c == mark).count() == 1 && grouped(&whole, other);
        let value = number(format!("{}.{}", whole.replace(other, ""), &plain[at + 1..]))?;
        return legal.then_some(Shape::Plain(value, Some(mark)));
    }
    if marks.len() > 1 {
        return grouped(&plain, mark).then(|| without(mark).map(|value| Shape::Plain(value, Some(other))))?;
    }
    let decimal = number(plain.replace(mark, "."))?;
    let open = grouped(&plain, mark) && !plain.trim_start_matches(['-', '+']).starts_with('0');
    if open {
        Some(Shape::Open { mark, decimal, thousands: without(mark)? })
    } else {
        Some(Shape::Plain(decimal, Some(mark)))
    }
}

/// A character of a number: digits of any script as ASCII, blanks and apostrophes between thousands left out.
fn letter(c: char) -> Option<char> {
    match c {
        '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{2009}' | ' ' | '\u{66c}' => None,
        '\u{66b}' => Some(','),
        '\u{2212}' => Some('-'),
        _ => digit(c).and_then(|value| char::from_digit(value, 10)).or(Some(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, cells: &[&str], delimiter: u8) -> Result<f64, bool> {
        let habits = NumberHabits::of(cells.iter().copied().chain([text]), delimiter);
        let number = read_number(text, habits, 1e8).map(|number| number.value);
        number.map_err(|error| matches!(error, NumberError::Ambiguous { .. }))
    }

    #[test]
    fn numbers_without_doubt_read_alike_everywhere() {
        for delimiter in *b",;\t" {
            for (text, value) in [
                ("12500", 12_500.0),
                ("2.5", 2.5),
                ("2,5", 2.5),
                ("0.125", 0.125),
                ("0,125", 0.125),
                ("1'250", 1_250.0),
                ("1’250", 1_250.0),
                ("1 250", 1_250.0),
                ("1\u{a0}250", 1_250.0),
                ("1,250,000", 1_250_000.0),
                ("1.250.000", 1_250_000.0),
                ("1.250,5", 1_250.5),
                ("1,250.5", 1_250.5),
                ("12.3456", 12.3456),
                ("1234.500", 1_234.5),
                ("١٢٥٠", 1_250.0),
                ("1e3", 1_000.0),
            ] {
                assert_eq!(read(text, &[], delimiter), Ok(value), "{text}");
            }
        }
    }

    #[test]
    fn never_is_there_a_silent_factor_of_a_thousand() {
        assert_eq!(read("12.500", &["2,5"], b';'), Ok(12_500.0), "a decimal comma elsewhere");
        assert_eq!(read("12.500", &[], b';'), Ok(12_500.0));
        assert_eq!(read("12.500", &[], b','), Err(true));
        assert_eq!(read("12.500", &["2.5"], b';'), Err(true));
        assert_eq!(read("12,500", &["2,5"], b';'), Err(true));
        assert_eq!(read("12,500", &["2.5"], b','), Ok(12_500.0));
        assert_eq!(read("1,250", &[], b','), Ok(1_250.0));
        let assumed =
            |delimiter| read_number("12.500", NumberHabits::of([].into_iter(), delimiter), 1e8).map(|n| n.assumed);
        assert_eq!(assumed(b';'), Ok(true), "taken for thousands with a warning");
        let days = read_number("1.125", NumberHabits::of([].into_iter(), b','), 730.0);
        assert_eq!(days, Ok(ReadNumber { value: 1.125, assumed: false }), "1,125 days of work there cannot be");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "many", "1,2,3", "1.25.000", "12,5.0.0", "--1", "1.2e", "NaN", "inf", &"9".repeat(100)] {
            assert_eq!(read(text, &[], b','), Err(false), "{text}");
        }
    }
}
