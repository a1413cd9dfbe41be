//! Dates and distances in words.

use brownout_kernel::time::SimTime;

/// Heads of the columns of minutes.
pub(super) const HELD_BACK: &str = "held\nback\n450\nmin";
pub(super) const LOST: &str = "\nlost\n550\nmin";
/// What the numbers of a stage mean.
pub(super) const MEANING: &str = "day: days on the clock. Held back, min: minutes of every hour in which mail is told to try again later (reply 450). \
                       Lost: minutes of every hour in which it bounces (reply 550).";

/// `Tue 2026-12-08 00:15`, UTC.
pub fn date_time(at: SimTime) -> String {
    let second = at.second_of_day();
    format!("{} {:02}:{:02}", weekday_date(at), second / 3600, second / 60 % 60)
}

/// `2026-12-08 00:15`, UTC.
pub fn brief(at: SimTime) -> String {
    date_time(at).split_off(4)
}

/// `Tue 2026-12-08`.
pub(super) fn weekday_date(at: SimTime) -> String {
    format!("{} {}", brownout_text::weekdays::NAMES[at.day().weekday() % 7], at.day())
}

/// `8 December 2026`.
pub(super) fn long_date(at: SimTime) -> String {
    at.day().civil().strftime("%-d %B %Y").to_string()
}

/// `in 16.2 days`, `3.0 days ago`, `now`.
pub(super) fn distance(from: SimTime, to: SimTime) -> String {
    let days = to.since(from).days_f64();
    match days {
        d if d > 0.0 => format!("in {}", days_of(d)),
        d if d < 0.0 => format!("{} ago", days_of(-d)),
        _ => "now".to_owned(),
    }
}

/// Days with one decimal; less than that in minutes and hours.
fn days_of(days: f64) -> String {
    let minutes = (days * 1440.0).ceil();
    match minutes {
        m if m <= 1.0 => "1 minute".to_owned(),
        m if m < 120.0 => format!("{m} minutes"),
        m if m < 2_880.0 => format!("{:.1} hours", days * 24.0),
        _ => format!("{days:.1} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_choose_their_unit() {
        let at = |text: &str| text.parse::<SimTime>().unwrap();
        let from = at("2026-12-08");
        assert_eq!(distance(from, at("2026-12-24T06:00:00Z")), "in 16.2 days");
        assert_eq!(distance(from, at("2026-12-07T20:00:00Z")), "4.0 hours ago");
        assert_eq!(distance(from, at("2026-12-08T00:00:30Z")), "in 1 minute");
        assert_eq!(distance(from, from), "now");
    }

    #[test]
    fn dates_name_their_weekday() {
        let at: SimTime = "2026-12-08T00:15:08Z".parse().unwrap();
        assert_eq!((date_time(at).as_str(), long_date(at).as_str()), ("Tue 2026-12-08 00:15", "8 December 2026"));
    }
}
