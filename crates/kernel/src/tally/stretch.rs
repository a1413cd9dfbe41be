//! A stretch of time that a server spends in one class, by its two edges.
//!
//! A stretch ends where the next one of the same server begins, so an edge is worked out once and serves both. All that a tally
//! needs of a stretch is known at its edges, however many days lie between them.

use crate::mail::{Calendar, MailAmount, Moment};
use crate::time::{DAY_SECONDS, SimTime};

/// An instant as a server of some volume sees it: how much of that day's mail it has sent by then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    moment: Moment,
    /// Nano-messages of the day before the instant, rounded down.
    sent: MailAmount,
    /// Whether rounding took anything away; then what is sent after the instant is rounded down, too.
    rounded: bool,
}

impl Edge {
    /// The edge at an instant for a server of `volume` milli-messages a day, at most 10^15.
    #[inline]
    pub fn new(calendar: &Calendar, volume: u64, at: SimTime) -> Self {
        let moment = calendar.moment(at);
        if moment.second() == 0 {
            return Edge { moment, sent: 0, rounded: false };
        }
        let (sent, rounded) = sent_by(volume, calendar.level(moment.day()) as u64, moment.second() as u64);
        Edge { moment, sent, rounded }
    }

    /// The place of the instant in the calendar.
    #[inline]
    pub const fn moment(&self) -> Moment {
        self.moment
    }

    /// Nano-messages that a stretch beginning here misses of its first day: the part after the instant is rounded down.
    #[inline]
    pub(super) fn missed(&self) -> MailAmount {
        self.sent + MailAmount::from(self.rounded)
    }

    /// Nano-messages that a stretch ending here has of its last day.
    #[inline]
    pub(super) fn sent(&self) -> MailAmount {
        self.sent
    }
}

/// Nano-messages of `seconds` of a day at `volume` and `level`, rounded down, and whether they were rounded.
#[inline]
fn sent_by(volume: u64, level: u64, seconds: u64) -> (MailAmount, bool) {
    const DAY: u64 = DAY_SECONDS as u64;
    match volume.checked_mul(level).and_then(|day| day.checked_mul(seconds)) {
        Some(product) => ((product / DAY).into(), product % DAY != 0),
        None => {
            let product = u128::from(volume) * u128::from(level) * u128::from(seconds);
            ((product / u128::from(DAY)) as MailAmount, !product.is_multiple_of(u128::from(DAY)))
        }
    }
}

/// The time of a server in one class, `[from, to)`; the edges are those of one server and calendar, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First instant.
    pub from: Edge,
    /// First instant after it.
    pub to: Edge,
}

impl Stretch {
    /// Seconds of the stretch.
    #[inline]
    pub fn seconds(&self) -> i64 {
        let (from, to) = (self.from.moment, self.to.moment);
        (to.day() as i64 - from.day() as i64) * DAY_SECONDS + to.second() - from.second()
    }

    /// The day in which the stretch both begins and ends, if it does.
    #[inline]
    pub(super) fn within_day(&self) -> Option<usize> {
        let day = self.from.moment.day();
        (day == self.to.moment.day()).then_some(day)
    }

    /// Nano-messages sent in the stretch at `volume` milli-messages a day: the part of the first day, the full days between and
    /// the part of the last day, each rounded down.
    #[inline]
    pub fn mail(&self, calendar: &Calendar, volume: u64) -> MailAmount {
        match self.within_day() {
            Some(day) => calendar.part_of_day(volume, day, self.seconds()),
            None => {
                let days = calendar.full_days(volume, self.from.moment.day(), self.to.moment.day());
                days - self.from.missed() + self.to.sent()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::CalendarShape;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    /// The sum that the edges stand for: the parts at both ends by themselves, and the full days between them.
    fn summed(calendar: &Calendar, volume: u64, from: Moment, to: Moment) -> MailAmount {
        if from.day() == to.day() {
            return calendar.part_of_day(volume, from.day(), to.second() - from.second());
        }
        let head = calendar.part_of_day(volume, from.day(), DAY_SECONDS - from.second());
        let tail = if to.second() > 0 { calendar.part_of_day(volume, to.day(), to.second()) } else { 0 };
        head + calendar.full_days(volume, from.day() + 1, to.day()) + tail
    }

    #[test]
    fn edges_give_what_parts_and_full_days_add_up_to() {
        let calendar = Calendar::new(&CalendarShape::default(), at("2026-09-07"), at("2026-10-07"));
        let times = [
            "2026-09-07",
            "2026-09-07T10:00:00Z",
            "2026-09-07T10:00:01Z",
            "2026-09-08",
            "2026-09-12T23:59:59Z",
            "2026-09-20T23:59:59Z",
            "2026-10-07",
        ];
        // The greatest volume there is needs more than 64 bits.
        for volume in [0, 1, 77, 560_123, 86_400_000, 999_999_999_999_999] {
            for (i, from) in times.iter().enumerate() {
                for to in &times[i + 1..] {
                    let [from, to] = [*from, *to].map(at);
                    let [first, last] = [from, to].map(|at| Edge::new(&calendar, volume, at));
                    let stretch = Stretch { from: first, to: last };
                    let expected = summed(&calendar, volume, first.moment(), last.moment());
                    assert_eq!(stretch.mail(&calendar, volume), expected, "{volume}: {from} to {to}");
                    assert_eq!(stretch.seconds(), to.since(from).seconds());
                }
            }
        }
    }
}
