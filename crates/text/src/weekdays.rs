//! Days of the week by their names, Monday first, and months.

/// `Mon` to `Sun`.
pub const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `Monday` to `Sunday`.
pub const LONG: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `Jan` to `Dec`.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The day of a short name, Monday = 0; upper and lower case are the same.
///
/// ```
/// assert_eq!(brownout_text::weekdays::index_of("thu"), Some(3));
/// ```
pub fn index_of(name: &str) -> Option<usize> {
    NAMES.iter().position(|day| day.eq_ignore_ascii_case(name))
}
