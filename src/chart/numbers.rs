//! Numbers as people write them: 1,283; 4.2 M; 12 %.

/// A whole number with thousands separated by commas and a real minus sign.
pub(super) fn grouped(value: f64) -> String {
    fixed(value, 0)
}

/// A number with `decimals` places, its thousands separated.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let mut out = String::new();
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
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
        size if size >= 9.95 => format!("{} %", grouped(value)),
        size if size >= 0.05 => format!("{} %", plain((value * 10.0).round() / 10.0, 3)),
        size if size > 1e-9 => "under 0.1 %".to_owned(),
        _ => "0 %".to_owned(),
    }
}

/// A number of days, whole from ten days on; rounded up, because things are done *by* that day.
pub(super) fn by_day(days: f64) -> String {
    if days >= 10.0 { grouped((days - 1e-9).ceil()) } else { plain(days, 2) }
}

/// A signed difference: "+1,283", "−4.2 M", "0".
pub fn signed(difference: f64, unit: &str) -> String {
    let text = value(difference, unit);
    if difference > 0.0 { format!("+{text}") } else { text }
}

/// A count where room is short: 9,876; 12.3 k; 1.23 M.
pub(super) fn short(count: u64) -> String {
    let count = count as f64;
    match count {
        c if c < 9_999.5 => grouped(c),
        c if c < 999_500.0 => format!("{} k", plain(c / 1e3, 3)),
        c if c < 999_500_000.0 => format!("{} M", plain(c / 1e6, 3)),
        c => format!("{} bn", plain(c / 1e9, 3)),
    }
}

/// A tick label; all ticks of one axis share the divisor and the places that `step` and `largest` call for.
pub(super) fn tick(tick: f64, step: f64, largest: f64, unit: &str) -> String {
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
    fn ticks_of_one_axis_share_their_form() {
        assert_eq!(tick(2.5e6, 5e5, 5e6, ""), "2.5 M");
        assert_eq!(tick(1e6, 1e6, 5e6, ""), "1 M");
        assert_eq!(tick(0.25, 0.25, 1.0, ""), "0.25");
        assert_eq!(tick(0.0, 0.25, 1.0, "%"), "0 %");
        assert_eq!(tick(25_000.0, 5_000.0, 25_000.0, ""), "25,000");
    }
}
