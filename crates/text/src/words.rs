//! Counted things in words: `1 server`, `1,454 servers`, `no servers`.

use crate::numbers::{by_thousands, value};

/// An exact number with what is counted, in the singular or the plural: `1 server`, `123,456 servers`.
///
/// - `one`: the singular; the plural has an s. For other plurals see [`counted_as`].
///
/// ```
/// use brownout_text::words::counted;
/// assert_eq!((counted(1, "server"), counted(0, "day")), ("1 server".into(), "0 days".into()));
/// assert_eq!(counted(1_123_456, "tenant"), "1,123,456 tenants");
/// ```
pub fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {one}s", by_thousands(&count.to_string())) }
}

/// As [`counted`], of a mean in about three digits, or of a word whose plural is irregular.
pub fn counted_as(count: f64, one: &str, many: &str) -> String {
    format!("{} {}", value(count, ""), if value(count, "") == "1" { one } else { many })
}

/// `All 40 servers are`, `The one server is`: a subject with its verb.
///
/// ```
/// use brownout_text::words::all_are;
/// assert_eq!((all_are(1, "server"), all_are(40, "server")), ("The one server is".into(), "All 40 servers are".into()));
/// ```
pub fn all_are(count: u64, one: &str) -> String {
    if count == 1 { format!("The one {one} is") } else { format!("All {} are", counted(count, one)) }
}

/// A subject that is written already, with its verb: `1 server is`, `31.0 servers are`.
pub fn many_are(count: &str, one: &str) -> String {
    if count == "1" { format!("1 {one} is") } else { format!("{count} {one}s are") }
}

/// A share as per cent, rounded as everywhere: `12 %`.
///
/// ```
/// assert_eq!(brownout_text::words::percent(0.1234), "12 %");
/// ```
pub fn percent(share: f64) -> String {
    value(100.0 * share, "%")
}

/// A share as a whole number of a hundred, as in `12 of 100`.
///
/// ```
/// use brownout_text::words::of_hundred;
/// assert_eq!([0.1234, 0.996, 0.0].map(of_hundred), ["12", "100", "0"]);
/// ```
pub fn of_hundred(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// A probability as whole per cent; certain and impossible only where it is.
///
/// ```
/// use brownout_text::words::whole_percent;
/// assert_eq!([1.0, 0.998, 0.954, 0.003, 0.0].map(whole_percent), ["100 %", "over 99 %", "95 %", "under 1 %", "0 %"]);
/// ```
pub fn whole_percent(prob: f64) -> String {
    match 100.0 * prob {
        p if p > 99.5 && p < 100.0 => "over 99 %".to_owned(),
        p if p > 0.0 && p < 0.5 => "under 1 %".to_owned(),
        p => format!("{} %", p.round()),
    }
}
