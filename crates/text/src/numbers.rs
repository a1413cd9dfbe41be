//! Numbers as people write them: 1,283; 4.2 M; 12 %; and the one rule by which an estimate is rounded.
//!
//! An estimate with an interval is rounded to the second digit of the half-width, and both stand in one unit: 215.1 ± 8.5 M.
//! Titles, labels, tables and pages all round here, so that one thing has one number.

/// A mean and the half-width of its interval, rounded by one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounded {
    /// The mean, with the word for its size: `215.1 M`.
    pub mean: String,
    /// The half-width in the same unit to the same place, `8.5 M`; none where there is no interval or it has no width.
    pub half: Option<String>,
}

/// The size in which several numbers are written: as they are, in millions or in billions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    divisor: f64,
    /// The word behind a number: ``, `M` or `bn`.
    pub word: &'static str,
}

impl Size {
    /// As it is.
    pub const ONE: Size = Size { divisor: 1.0, word: "" };

    /// What a number of this size is divided by.
    pub fn divisor(self) -> f64 {
        self.divisor
    }

    /// The size that suits the largest of several numbers.
    pub fn of(largest: f64) -> Size {
        match largest.abs() {
            size if !size.is_finite() => Size::ONE,
            size if size >= 999_500_000.0 => Size { divisor: 1e9, word: "bn" },
            size if size >= 999_500.0 => Size { divisor: 1e6, word: "M" },
            _ => Size::ONE,
        }
    }

    /// The size that suits a column of means with their half-widths: that of the largest, but not so large a one that a half-width
    /// needs more than three decimal places.
    pub fn of_column(column: &[(f64, Option<f64>)]) -> Size {
        let largest = Size::of(column.iter().map(|(mean, _)| mean.abs()).fold(0.0, f64::max));
        let halves =
            || column.iter().filter_map(|(mean, half)| half.filter(|half| *half > mean.abs() * 1e-9 && *half > 0.0));
        let fits = |size: &Size| halves().all(|half| two_digits(half / size.divisor).1 <= PLACES_MAX);
        let smaller = [largest, Size { divisor: 1e6, word: "M" }, Size::ONE];
        smaller.into_iter().filter(|size| size.divisor <= largest.divisor).find(fits).unwrap_or(Size::ONE)
    }

    /// The mean and the half-width in this size, without its word: the half-width to two digits, the mean to the same place.
    ///
    /// Without a half-width (none, zero, or the noise of sums) the mean has about three digits.
    pub fn rounded(self, mean: f64, half: Option<f64>) -> Rounded {
        let half = half.filter(|half| half.is_finite() && *half > mean.abs() * 1e-9 && *half > 0.0);
        let (mean, half) = (mean / self.divisor, half.map(|half| half / self.divisor));
        let Some(half) = half.filter(|_| mean.is_finite()) else {
            return Rounded { mean: self.alone(mean), half: None };
        };
        let (half, decimals) = two_digits(half);
        // Tens and hundreds are rounded here, places behind the point by the writing.
        let unit = libm::pow(10.0, f64::from(-decimals));
        let mean = if decimals < 0 { (mean / unit).round() * unit } else { mean };
        let decimals = decimals.clamp(0, 9) as usize;
        Rounded { mean: fixed(mean, decimals), half: Some(fixed(half, decimals)) }
    }

    fn alone(self, mean: f64) -> String {
        match mean.abs() {
            size if !size.is_finite() => "–".to_owned(),
            size if (99_999.5..999_500.0).contains(&size) => grouped((mean / 1e3).round() * 1e3),
            size if size >= 99.95 => grouped(mean),
            _ => plain(mean, 3),
        }
    }
}

/// A number rounded to two significant digits, and the decimal places that shows (negative for tens and hundreds).
fn two_digits(value: f64) -> (f64, i32) {
    let rounded: f64 = format!("{value:.1e}").parse().unwrap_or(value);
    (rounded, 1 - (libm::log10(rounded) + 1e-12).floor() as i32)
}

/// Most decimal places behind a word of size: beyond them a number stands in full.
const PLACES_MAX: i32 = 3;

/// A mean with the half-width of its interval, both in the size that suits them; `unit` "%" appends the sign.
pub fn rounded(mean: f64, half: Option<f64>, unit: &str) -> Rounded {
    let known = half.filter(|half| half.is_finite() && *half > mean.abs() * 1e-9 && *half > 0.0);
    let Some(half) = known.filter(|_| mean.is_finite() && mean.abs() < 1e15) else {
        return Rounded { mean: value(mean, unit), half: None };
    };
    let size = if unit == "%" { Size::ONE } else { Size::of_column(&[(mean.abs().max(half), Some(half))]) };
    let word = |text: String| match (unit, size.word) {
        ("%", _) => format!("{text} %"),
        (_, "") => text,
        (_, word) => format!("{text} {word}"),
    };
    let Rounded { mean, half } = size.rounded(mean, Some(half));
    Rounded { mean: word(mean), half: half.map(word) }
}

/// Most digits of a number in a sentence, a title or a label.
const SAID_DIGITS: i32 = 4;

/// The mean as a sentence, a title or a label says it: as [`rounded`], in the same size, and no more than four significant digits.
pub fn said(mean: f64, half: Option<f64>, unit: &str) -> String {
    let text = rounded(mean, half, unit).mean;
    let digits = text.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits.trim_start_matches('0').len() as i32 <= SAID_DIGITS || unit == "%" || !mean.is_finite() {
        return text;
    }
    // In full there would be too many digits: millions are said as such.
    let size = [Size { divisor: 1e9, word: "bn" }, Size { divisor: 1e6, word: "M" }];
    let size = size.into_iter().find(|size| text.ends_with(size.word)).unwrap_or(Size::of(mean));
    let value = mean / size.divisor;
    let decimals = SAID_DIGITS - 1 - libm::log10(value.abs()).floor() as i32;
    let unit = libm::pow(10.0, f64::from(-decimals));
    let text = fixed(if decimals < 0 { (value / unit).round() * unit } else { value }, decimals.clamp(0, 9) as usize);
    if size.word.is_empty() { text } else { format!("{text} {}", size.word) }
}

/// As [`said`], of an amount that is counted in whole things: `under 1` where it is some, but less than half of one.
pub fn said_amount(mean: f64, half: Option<f64>) -> String {
    if mean > 0.0 && mean < 0.5 { "under 1".to_owned() } else { said(mean.round(), half, "") }
}

/// As [`said`], of a difference: a number above 0 has its sign.
pub fn said_signed(difference: f64, half: Option<f64>, unit: &str) -> String {
    with_sign(difference, said(difference, half, unit))
}

/// As [`rounded`], of a difference: a mean above 0 has its sign.
pub fn rounded_signed(difference: f64, half: Option<f64>, unit: &str) -> Rounded {
    let Rounded { mean, half } = rounded(difference, half, unit);
    Rounded { mean: with_sign(difference, mean), half }
}

/// A plus before a number above 0 that does not round to 0.
pub fn with_sign(number: f64, text: String) -> String {
    let some = text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if number > 0.0 && some { format!("+{text}") } else { text }
}

/// A whole number with thousands separated by commas and a real minus sign.
pub fn grouped(value: f64) -> String {
    fixed(value, 0)
}

/// Digits in groups of three: `1,123,456`.
pub(crate) fn by_thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with `decimals` places, its thousands separated.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let mut out = String::new();
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('−');
    }
    out.push_str(&by_thousands(whole));
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Places that show about `digits` significant digits.
fn places(value: f64, digits: i32) -> usize {
    let size = value.abs();
    if size <= 0.0 || !size.is_finite() {
        return 0;
    }
    (digits - 1 - libm::log10(size).floor() as i32).clamp(0, 6) as usize
}

fn plain(value: f64, digits: i32) -> String {
    let text = fixed(value, places(value, digits));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A value for a label: about three digits, millions and billions as words.
///
/// `unit` "%" appends the sign; other units are named on the axis.
pub fn value(value: f64, unit: &str) -> String {
    let size = value.abs();
    match size {
        _ if !value.is_finite() => "–".to_owned(),
        _ if size >= 1e15 => format!("{value:.0e}"),
        _ if unit == "%" => percent(value),
        _ if size >= 999_500_000.0 => format!("{} bn", plain(value / 1e9, 3)),
        _ if size >= 999_500.0 => format!("{} M", plain(value / 1e6, 3)),
        _ if size >= 99_999.5 => grouped((value / 1e3).round() * 1e3),
        _ if size >= 99.95 => grouped(value),
        _ => plain(value, 3),
    }
}

fn percent(value: f64) -> String {
    match value.abs() {
        // Not all is never said as all.
        size if (99.95..100.0 - 1e-9).contains(&size) => {
            format!("{}99.9 %", if value < 0.0 { "under −" } else { "over " })
        }
        size if (99.5..99.95).contains(&size) => format!("{} %", plain((value * 10.0).round() / 10.0, 3)),
        size if size >= 9.95 => format!("{} %", grouped(value)),
        size if size >= 0.05 => format!("{} %", plain((value * 10.0).round() / 10.0, 3)),
        size if size > 1e-9 => "under 0.1 %".to_owned(),
        _ => "0 %".to_owned(),
    }
}

/// A multiple in two digits: 2.1, 43.
pub fn times(ratio: f64) -> String {
    if ratio.is_finite() { value(two_digits(ratio).0, "") } else { "–".to_owned() }
}

/// A number of days, whole from ten days on; rounded up, because things are done *by* that day.
pub fn by_day(days: f64) -> String {
    if days >= 10.0 { grouped((days - 1e-9).ceil()) } else { plain(days, 2) }
}

/// A signed difference: "+1,283", "−4.2 M", "0".
pub fn signed(difference: f64, unit: &str) -> String {
    let text = value(difference, unit);
    if difference > 0.0 { format!("+{text}") } else { text }
}

/// A count where room is short: 9,876; 12.3 k; 1.23 M.
pub fn short(count: u64) -> String {
    let count = count as f64;
    match count {
        c if c < 9_999.5 => grouped(c),
        c if c < 999_500.0 => format!("{} k", plain(c / 1e3, 3)),
        c if c < 999_500_000.0 => format!("{} M", plain(c / 1e6, 3)),
        c => format!("{} bn", plain(c / 1e9, 3)),
    }
}

/// A tick label; all ticks of one axis share the divisor and the places that `step` and `largest` call for.
pub fn tick(tick: f64, step: f64, largest: f64, unit: &str) -> String {
    let (divisor, suffix) = match largest {
        _ if unit == "%" => (1.0, " %"),
        l if l >= 1e9 => (1e9, " bn"),
        l if l >= 1e6 => (1e6, " M"),
        _ => (1.0, ""),
    };
    if tick == 0.0 {
        return if unit == "%" { "0 %".to_owned() } else { "0".to_owned() };
    }
    let step = step / divisor;
    let decimals = (0..6).find(|&d| (step * 10f64.powi(d) - (step * 10f64.powi(d)).round()).abs() < 1e-6).unwrap_or(6);
    format!("{}{suffix}", fixed(tick / divisor, decimals as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_the_number_of_the_table_in_four_digits() {
        let cases = [
            (1_335_900_000.0, 5_300_000.0, "1,335.9 M", "1,336 M"),
            (5_178_000_000.0, 29_000_000.0, "5.178 bn", "5.178 bn"),
            (6_090_432.0, 3_400.0, "6,090,400", "6.090 M"),
            (182_599.0, 12.0, "182,599", "182,600"),
            (159.16, 0.24, "159.16", "159.2"),
            (33.5, 2.9, "33.5", "33.5"),
            (-6_084_600.0, 3_400.0, "−6,084,600", "−6.085 M"),
            (0.0, 0.0, "0", "0"),
        ];
        for (mean, half, table, sentence) in cases {
            assert_eq!(
                (rounded(mean, Some(half), "").mean, said(mean, Some(half), "")),
                (table.into(), sentence.into())
            );
        }
    }

    #[test]
    fn values_read_as_people_write_them() {
        let cases = [
            (1283.4, "1,283"),
            (4_210_000.0, "4.21 M"),
            (999_949.0, "1 M"),
            (412_345.0, "412,000"),
            (0.0, "0"),
            (-12.0, "−12"),
        ];
        for (number, text) in cases {
            assert_eq!(value(number, ""), text);
        }
        assert_eq!(value(61.3, ""), "61.3");
        assert_eq!(value(7.5e9, ""), "7.5 bn");
        assert_eq!(value(12.0, "%"), "12 %");
        assert_eq!(value(1.26, "%"), "1.3 %");
        assert_eq!(value(0.034, "%"), "under 0.1 %");
        assert_eq!((by_day(85.5), by_day(6.3)), ("86".into(), "6.3".into()));
        assert_eq!(value(f64::NAN, ""), "–");
        assert_eq!(value(-0.0, ""), "0");
        assert_eq!(signed(412_000.0, ""), "+412,000");
        assert_eq!(signed(-4.2e6, ""), "−4.2 M");
        assert_eq!((short(9_999), short(12_345), short(1_234_567)), ("9,999".into(), "12.3 k".into(), "1.23 M".into()));
    }

    #[test]
    fn an_estimate_is_rounded_to_two_digits_of_its_half_width_in_one_unit() {
        let said = |mean: f64, half: f64, unit: &str| {
            let Rounded { mean, half } = rounded(mean, Some(half), unit);
            (mean, half.unwrap_or_default())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(said(215_123_456.0, 8_500_000.0, ""), pair("215.1 M", "8.5 M"));
        assert_eq!(said(9_041_000.0, 213_877.0, ""), pair("9.04 M", "0.21 M"));
        assert_eq!(said(1_454.2, 20.4, ""), pair("1,454", "20"));
        assert_eq!(said(217.26, 3.97, ""), pair("217.3", "4.0"));
        assert_eq!(said(33_851.0, 1_234.0, ""), pair("33,900", "1,200"));
        assert_eq!(said(117.6, 0.996, ""), pair("117.6", "1.0"));
        assert_eq!(said(5.0, 0.05, "%"), pair("5.000 %", "0.050 %"));
        assert_eq!(said(123_456_789.0, 12.0, ""), pair("123,456,789", "12"), "no row of zeros behind a point");
        assert_eq!(said(200_000.0, 3_000_000.0, ""), pair("0.2 M", "3.0 M"));
        assert_eq!(rounded(42.0, Some(0.0), ""), Rounded { mean: "42".into(), half: None });
        assert_eq!(rounded_signed(-62e6, Some(3.6e6), "").mean, "−62.0 M");
        assert_eq!(
            (rounded_signed(0.2, Some(30.0), "").mean, rounded_signed(7.0, None, "").mean),
            ("0".into(), "+7".into())
        );
    }

    #[test]
    fn numbers_of_one_column_stand_in_one_size() {
        let size = Size::of(1.63e9);
        assert_eq!(size.word, "bn");
        assert_eq!(size.rounded(349e6, Some(9.74e6)), Rounded { mean: "0.3490".into(), half: Some("0.0097".into()) });
        assert_eq!(Size::of_column(&[(1.63e9, Some(39.5e6)), (349e6, Some(9.74e6)), (0.0, None)]).word, "M");
        assert_eq!(Size::of_column(&[(9.04e6, Some(214e3)), (1.85e6, Some(72e3))]).word, "M");
        assert_eq!(
            (size.rounded(0.0, None).mean, Size::ONE.rounded(1_234_567.0, None).mean),
            ("0".into(), "1,234,567".into())
        );
    }

    #[test]
    fn ticks_of_one_axis_share_their_form() {
        assert_eq!(tick(2.5e6, 5e5, 5e6, ""), "2.5 M");
        assert_eq!(tick(1e6, 1e6, 5e6, ""), "1 M");
        assert_eq!(tick(0.25, 0.25, 1.0, ""), "0.25");
        assert_eq!(tick(0.0, 0.25, 1.0, "%"), "0 %");
        assert_eq!(tick(25_000.0, 5_000.0, 25_000.0, ""), "25,000");
    }
}
