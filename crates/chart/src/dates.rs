//! The time axis: calendar days to pixels, and ticks that suit anything from a week to decades.

use jiff::civil::Date;

use super::axis::{self, Tick};
use super::text;
use brownout_kernel::time::{DAY_SECONDS, Day, SimTime};
use brownout_text::weekdays::MONTHS;

/// Days from the first to the last, over pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dates {
    from: f64,
    to: f64,
    ends: (f64, f64),
}

/// `7 Sep 2026`.
pub(super) fn long(day: Day) -> String {
    let date = day.civil();
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// `7 Sep`.
pub(super) fn brief(day: Day) -> String {
    let date = day.civil();
    format!("{} {}", date.day(), month(date))
}

fn month(date: Date) -> &'static str {
    MONTHS[(date.month() as usize + 11) % 12]
}

impl Dates {
    /// The span of the given days; a single day, or none, gives one day's width.
    pub(super) fn covering(days: impl Iterator<Item = Day>) -> Self {
        let (from, to) = axis::range(days.map(|day| f64::from(day.number()))).unwrap_or((0.0, 1.0));
        Dates { from, to: to.max(from + 1.0), ends: (0.0, 1.0) }
    }

    /// The span between two instants.
    pub(super) fn between(from: SimTime, to: SimTime) -> Self {
        let (from, to) = (days(from), days(to));
        Dates { from, to: to.max(from + 1.0), ends: (0.0, 1.0) }
    }

    pub(super) fn over(self, left: f64, right: f64) -> Self {
        Dates { ends: (left, right), ..self }
    }

    pub(super) fn at(&self, day: Day) -> f64 {
        self.at_days(f64::from(day.number()))
    }

    pub(super) fn at_time(&self, time: SimTime) -> f64 {
        self.at_days(days(time)).clamp(self.ends.0, self.ends.1)
    }

    /// Whether an instant lies after the last one of the span.
    pub(super) fn is_beyond(&self, time: SimTime) -> bool {
        days(time) > self.to
    }

    /// Whether an instant lies in the span.
    pub(super) fn holds_time(&self, time: SimTime) -> bool {
        (self.from..=self.to).contains(&days(time))
    }

    fn at_days(&self, days: f64) -> f64 {
        self.ends.0 + (days - self.from) / (self.to - self.from) * (self.ends.1 - self.ends.0)
    }

    pub(super) fn holds(&self, day: Day) -> bool {
        (self.from..=self.to).contains(&f64::from(day.number()))
    }

    /// Ticks with labels of the given text size that keep their distance.
    pub(super) fn ticks(&self, size: f64) -> Vec<Tick> {
        let per_day = (self.ends.1 - self.ends.0) / (self.to - self.from);
        let room = |sample: &str, days: f64| text::width(sample, size, true) + size * 1.3 <= days * per_day;
        if self.to - self.from <= 80.0 {
            for step in [1, 2, 7, 14] {
                if room("30 Sep", f64::from(step)) {
                    return self.day_ticks(step, size);
                }
            }
        }
        for step in [1, 3, 6] {
            if room("Sep", 30.0 * f64::from(step)) {
                return self.month_ticks(step, room("1 Sep 2026", 30.0 * f64::from(step)), size);
            }
        }
        let years = [1, 2, 5, 10, 20, 50, 100, 200, 500];
        let step = years.into_iter().find(|&years| room("2026", 365.0 * f64::from(years))).unwrap_or(1000);
        self.month_ticks(step * 12, false, size)
    }

    /// A tick every `step` days, on Mondays when the step is weeks; the first names its year.
    fn day_ticks(&self, step: i32, size: f64) -> Vec<Tick> {
        let first = self.from.ceil() as i32;
        let shift = if step % 7 == 0 { (7 - Day::from_number(first).weekday() as i32) % 7 } else { 0 };
        let days =
            (first + shift..=self.to.floor() as i32).step_by(step.max(1) as usize).take(90).map(Day::from_number);
        let mut year = None;
        let mut ticks = Vec::new();
        for day in days {
            let label = if year == Some(day.civil().year()) { brief(day) } else { long(day) };
            year = Some(day.civil().year());
            ticks.push(Tick { at: self.at(day), label, strong: false });
        }
        axis::part(&mut ticks, size);
        ticks
    }

    /// A tick at the first of every `step`-th month, counted from January of year 0.
    fn month_ticks(&self, step: i32, roomy: bool, size: f64) -> Vec<Tick> {
        let start = Day::from_number(self.from.ceil() as i32).civil();
        let month_first = i32::from(start.year()) * 12 + i32::from(start.month()) - 1;
        let first = month_first.div_euclid(step) * step;
        let mut ticks = Vec::new();
        for number in (0..200).map(|n| first + n * step) {
            let (year, month) = (number.div_euclid(12), number.rem_euclid(12));
            let Ok(date) = Date::new(year as i16, month as i8 + 1, 1) else { break };
            let day = Day::from_civil(date);
            if f64::from(day.number()) > self.to {
                break;
            }
            if self.holds(day) {
                let (label, strong) = month_label(date, roomy, ticks.is_empty());
                ticks.push(Tick { at: self.at(day), label, strong });
            }
        }
        if ticks.is_empty() || ticks.len() < 2 && step > 1 {
            return self.ends_only(size);
        }
        axis::part(&mut ticks, size);
        ticks
    }

    /// First and last day: for spans so odd that no calendar tick falls into them twice.
    fn ends_only(&self, size: f64) -> Vec<Tick> {
        let tick = |days: f64| {
            let day = Day::from_number(days as i32);
            Tick { at: self.at(day), label: long(day), strong: false }
        };
        let mut ticks = vec![tick(self.from), tick(self.to)];
        axis::part(&mut ticks, size);
        ticks
    }
}

fn days(time: SimTime) -> f64 {
    time.seconds() as f64 / DAY_SECONDS as f64
}

/// The label of the first of a month, and whether it stands out.
fn month_label(date: Date, roomy: bool, first: bool) -> (String, bool) {
    let (name, year) = (month(date), date.year());
    match (date.month() == 1, roomy) {
        (january, true) if first || january => (format!("1 {name} {year}"), false),
        (_, true) => (format!("1 {name}"), false),
        (true, false) => (year.to_string(), true),
        (false, false) if first => (format!("{name} {year}"), false),
        (false, false) => (name.to_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, to: &str, width: f64) -> Vec<String> {
        let day = |text: &str| text.parse::<SimTime>().unwrap().day();
        let dates = Dates::covering([day(from), day(to)].into_iter()).over(0.0, width);
        dates.ticks(20.0).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_suit_the_span() {
        assert_eq!(labels("2026-09-07", "2026-10-05", 1200.0), ["7 Sep 2026", "14 Sep", "21 Sep", "28 Sep", "5 Oct"]);
        let half_year = labels("2026-09-07", "2027-02-10", 1200.0);
        assert_eq!(half_year, ["1 Oct 2026", "1 Nov", "1 Dec", "1 Jan 2027", "1 Feb"]);
        let two_years = labels("2026-09-07", "2028-12-31", 1200.0);
        assert_eq!(two_years[..4], ["Oct 2026", "2027", "Apr", "Jul"].map(String::from), "{two_years:?}");
        let six_years = labels("2026-09-07", "2032-12-31", 1200.0);
        assert_eq!(six_years[..3], ["2027", "Jul", "2028"].map(String::from), "{six_years:?}");
    }

    #[test]
    fn odd_spans_have_ticks_and_end() {
        for (from, to) in [("2026-09-07", "2026-09-07"), ("1970-01-01", "2999-12-31"), ("2026-09-02", "2026-09-20")] {
            for width in [40.0, 300.0, 1200.0] {
                let count = labels(from, to, width).len();
                assert!((1..=200).contains(&count), "{from} {to} {width}: {count}");
            }
        }
        let extreme = Dates::covering([Day::from_number(i32::MIN), Day::from_number(i32::MAX)].into_iter());
        assert!(extreme.over(0.0, 1200.0).ticks(20.0).len() < 500);
    }
}
