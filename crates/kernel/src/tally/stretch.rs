//! A stretch of time that a server spends in one class, by its two ends.
//!
//! A stretch ends where the next one of the same server begins, so a moment is worked out once and serves both. All that a tally
//! needs of a stretch is known at its ends, however many days lie between them.

use crate::mail::amount::mail_in;
use crate::mail::{MailAmount, Moment};

/// The time of a server in one class, `[from, to)`; both moments are of one calendar, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First instant.
    pub from: Moment,
    /// First instant after it.
    pub to: Moment,
}

impl Stretch {
    /// Seconds of the stretch.
    #[inline(always)]
    pub const fn seconds(&self) -> i64 {
        self.to.seconds() - self.from.seconds()
    }

    /// Level times seconds over the stretch, in parts per million times seconds.
    #[inline(always)]
    pub const fn level_seconds(&self) -> i64 {
        self.to.level_seconds() - self.from.level_seconds()
    }

    /// Mail that a server of `volume` milli-messages a day, at most 10^15, sends in the stretch.
    #[inline(always)]
    pub fn mail(&self, volume: u64) -> MailAmount {
        mail_in(volume, self.level_seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Calendar, CalendarShape};
    use crate::time::{DAY_SECONDS, SimTime};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    const DAYS: i64 = 30;

    fn calendar() -> Calendar {
        let at = |text: &str| text.parse::<SimTime>().unwrap();
        // Over a year end, so that days differ.
        Calendar::new(&CalendarShape::default(), at("2026-12-07"), at("2027-01-06"))
    }

    /// What a stretch stands for: every day by itself.
    fn summed(calendar: &Calendar, volume: u64, from: i64, to: i64) -> u128 {
        let of_day = |day: i64| {
            let [first, last] = [day * DAY_SECONDS, (day + 1) * DAY_SECONDS];
            let seconds = (to.min(last) - from.max(first)).max(0);
            u128::from(volume) * calendar.level(day as usize) as u128 * seconds as u128
        };
        (0..DAYS).map(of_day).sum()
    }

    /// An instant of the calendar, often near a midnight.
    fn an_instant() -> impl Strategy<Value = i64> {
        prop_oneof![
            0..=DAYS * DAY_SECONDS,
            (0..=DAYS, -2..=2i64).prop_map(|(day, off)| (day * DAY_SECONDS + off).clamp(0, DAYS * DAY_SECONDS)),
        ]
    }

    fn a_volume() -> impl Strategy<Value = u64> {
        prop_oneof![0..100u64, 0..100_000_000u64, 0..=1_000_000_000_000_000u64, Just(1_000_000_000_000_000)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn a_stretch_is_the_sum_over_its_days(volume in a_volume(), [a, b] in [an_instant(), an_instant()]) {
            let (calendar, from, to) = (calendar(), a.min(b), a.max(b));
            let stretch = Stretch { from: calendar.moment_after(from), to: calendar.moment_after(to) };
            prop_assert_eq!(stretch.mail(volume) as u128, summed(&calendar, volume, from, to));
            prop_assert_eq!(stretch.seconds(), to - from);
        }

        #[test]
        fn a_stretch_is_its_parts_wherever_it_is_cut(
            volume in a_volume(), mut instants in [an_instant(), an_instant(), an_instant()], day in 0..DAYS,
            within in any::<bool>()
        ) {
            if within {
                instants = instants.map(|instant| day * DAY_SECONDS + instant % DAY_SECONDS);
            }
            instants.sort_unstable();
            let calendar = calendar();
            let [from, cut, to] = instants.map(|instant| calendar.moment_after(instant));
            let [whole, first, second] = [(from, to), (from, cut), (cut, to)].map(|(from, to)| Stretch { from, to });
            prop_assert_eq!(whole.mail(volume), first.mail(volume) + second.mail(volume));
            prop_assert_eq!(whole.level_seconds(), first.level_seconds() + second.level_seconds());
        }
    }
}
