//! What T and B minutes an hour do to a message, exactly.
//!
//! For the window layouts every minute of the hour is tried as that of the first attempt: windows begin and end on whole minutes and
//! attempts lie whole minutes apart, so every second of a minute fares alike. Messages arrive evenly inside an hour, so each second
//! stands for 1/3600 of them. For the random layout the attempts are independent and the
//! shares follow from a geometric series, cut at the expiry. A stage is taken to last while a message is retried: the two
//! days of expiry are short against stages of ten, and only messages at a stage's edge are touched (README, assumptions).

use super::retry::{EXPIRY_SECONDS, RetrySchedule};
use crate::policy::{Answer, Minutes, WindowLayout};

/// Parts into which the shares of the random layout are rounded.
const RANDOM_PARTS: u64 = 1 << 50;

/// Seconds of a minute.
const SECONDS: u32 = 60;

/// Shares of delayed messages closer than this are equal: above what rounding parts and products can move (300 attempts of half
/// a part in some 10^14), far below the least difference of any two shares that differ (1/3600).
const TIE: f64 = 1e-11;

/// Fates of messages as parts of a whole: `at_once + delayed + lost_blocked + lost_expired == parts`.
#[derive(Clone, Debug, PartialEq)]
pub struct MailOutcome {
    /// The whole.
    pub parts: u64,
    /// Accepted at the first attempt.
    pub at_once: u64,
    /// Accepted at a later attempt.
    pub delayed: u64,
    /// Rejected with 550.
    pub lost_blocked: u64,
    /// Expired before any attempt was accepted.
    pub lost_expired: u64,
    /// Sum of the delays in second-parts: divided by `parts` it is the mean delay in seconds over all messages.
    pub delay_seconds: u128,
    /// Delays in seconds with their parts, rising: the distribution among delayed messages.
    delays: Vec<(u32, u64)>,
}

impl MailOutcome {
    /// The outcome of these minutes under a layout and a retry schedule.
    pub fn compute(minutes: Minutes, layout: WindowLayout, schedule: RetrySchedule) -> Self {
        match layout {
            WindowLayout::Random => random(minutes, schedule),
            WindowLayout::Separate | WindowLayout::Adjacent => enumerate(minutes, layout, schedule),
        }
    }

    /// Everything is accepted at once.
    pub fn untouched() -> Self {
        Self::from_delays(1, 1, 0, 0, Vec::new())
    }

    fn from_delays(parts: u64, at_once: u64, blocked: u64, expired: u64, delays: Vec<(u32, u64)>) -> Self {
        let delayed = delays.iter().map(|delay| delay.1).sum();
        let delay_seconds = delays.iter().map(|delay| u128::from(delay.0) * u128::from(delay.1)).sum();
        MailOutcome { parts, at_once, delayed, lost_blocked: blocked, lost_expired: expired, delay_seconds, delays }
    }

    /// Parts lost, to blocking or to expiry.
    pub fn lost(&self) -> u64 {
        self.lost_blocked + self.lost_expired
    }

    /// Sum of the delays in minute-parts, of which no delay holds a part: attempts lie whole minutes apart. At most the parts times
    /// the minutes to the expiry.
    pub fn delay_minutes(&self) -> u64 {
        (self.delay_seconds / u128::from(SECONDS)) as u64
    }

    /// A number of parts as a share of all messages.
    pub fn share(&self, parts: u64) -> f64 {
        parts as f64 / self.parts as f64
    }

    /// Mean delay of the delayed messages in seconds; `None` if none is delayed.
    pub fn mean_delay_seconds(&self) -> Option<f64> {
        (self.delayed > 0).then(|| self.delay_seconds as f64 / self.delayed as f64)
    }

    /// The delay in seconds that a share `q` of the delayed messages does not exceed; `None` if none is delayed.
    ///
    /// Where a delay is reached by exactly the share `q` it is the answer: shares are told apart down to `TIE`.
    pub fn delay_quantile_seconds(&self, q: f64) -> Option<u32> {
        let target = q * self.delayed as f64 * (1.0 - TIE);
        let mut seen = 0;
        self.delays.iter().find_map(|&(seconds, parts)| {
            seen += parts;
            (seen as f64 >= target).then_some(seconds)
        })
    }
}

/// What becomes of one message first tried at `second` of the hour.
fn follow(minutes: Minutes, layout: WindowLayout, schedule: RetrySchedule, second: u32) -> (Answer, u32) {
    let attempts = std::iter::once(0).chain(schedule.instants());
    for offset in attempts {
        let answer = layout.answer(minutes, (second + offset) % 3600, 0.0);
        if !matches!(answer, Answer::Throttled { .. }) {
            return (answer, offset);
        }
    }
    (Answer::Throttled { minutes: minutes.throttle }, EXPIRY_SECONDS)
}

fn enumerate(minutes: Minutes, layout: WindowLayout, schedule: RetrySchedule) -> MailOutcome {
    let (mut at_once, mut blocked, mut expired) = (0, 0, 0);
    let mut delays = std::collections::BTreeMap::new();
    for minute in 0..60 {
        match follow(minutes, layout, schedule, minute * SECONDS) {
            (Answer::Accept, 0) => at_once += SECONDS,
            (Answer::Accept, delay) => *delays.entry(delay).or_insert(0) += SECONDS,
            (Answer::Blocked { .. }, _) => blocked += SECONDS,
            (Answer::Throttled { .. }, _) => expired += SECONDS,
        }
    }
    let [at_once, blocked, expired] = [at_once, blocked, expired].map(u64::from);
    let delays = delays.into_iter().map(|(delay, seconds)| (delay, u64::from(seconds)));
    MailOutcome::from_delays(3600, at_once, blocked, expired, delays.collect())
}

/// Attempt n is reached with probability `(T/60)^n`; there it is accepted, blocked or throttled again.
fn random(minutes: Minutes, schedule: RetrySchedule) -> MailOutcome {
    let throttled = f64::from(minutes.throttle) / 60.0;
    let accepted = f64::from(60 - minutes.throttle - minutes.block) / 60.0;
    let to_parts = |share: f64| libm::round(share * RANDOM_PARTS as f64) as u64;
    let mut reached = 1.0;
    let mut delays = Vec::new();
    for offset in schedule.instants() {
        reached *= throttled;
        delays.push((offset, to_parts(reached * accepted)));
    }
    delays.retain(|delay| delay.1 > 0);
    let expired = to_parts(reached * throttled);
    let delayed: u64 = delays.iter().map(|delay| delay.1).sum();
    if minutes.block == 0 {
        // Nothing is blocked, so what rounding leaves over belongs to the messages accepted at once.
        return MailOutcome::from_delays(RANDOM_PARTS, RANDOM_PARTS - delayed - expired, 0, expired, delays);
    }
    let at_once = to_parts(accepted);
    // The remainder is blocked, so the parts add up whatever the rounding.
    let blocked = RANDOM_PARTS - at_once - delayed - expired;
    MailOutcome::from_delays(RANDOM_PARTS, at_once, blocked, expired, delays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Steps;

    const OFTEN: RetrySchedule = RetrySchedule::Stepped(Steps { first: (4, 1), next: (6, 5), then: 10, name: "often" });
    const SELDOM: RetrySchedule =
        RetrySchedule::Stepped(Steps { first: (4, 1), next: (6, 10), then: 30, name: "seldom" });

    fn shares(t: u8, b: u8, layout: WindowLayout, schedule: RetrySchedule) -> [f64; 3] {
        let outcome = MailOutcome::compute(Minutes { throttle: t, block: b }, layout, schedule);
        let total = outcome.at_once + outcome.delayed + outcome.lost_blocked + outcome.lost_expired;
        assert_eq!(total, outcome.parts, "parts add up");
        [outcome.at_once, outcome.delayed, outcome.lost()].map(|parts| outcome.share(parts))
    }

    fn close(found: [f64; 3], expected: [f64; 3]) {
        for (f, e) in found.iter().zip(expected) {
            assert!((f - e).abs() < 1e-12, "{found:?} is not {expected:?}");
        }
    }

    #[test]
    fn the_three_layouts_lose_what_the_closed_forms_say() {
        let often = OFTEN;
        close(shares(30, 5, WindowLayout::Separate, often), [25.0 / 60.0, 30.0 / 60.0, 5.0 / 60.0]);
        close(shares(30, 5, WindowLayout::Adjacent, often), [25.0 / 60.0, 0.0, 35.0 / 60.0]);
        close(shares(30, 5, WindowLayout::Random, often), [5.0 / 12.0, 5.0 / 12.0, 1.0 / 6.0]);
    }

    #[test]
    fn separate_windows_lose_just_the_blocked_minutes_on_the_announced_ladder() {
        for (t, b) in [(0, 0), (5, 0), (10, 0), (20, 0), (30, 5), (0, 10), (30, 10), (0, 20), (30, 20), (0, 60)] {
            let [_, _, lost] = shares(t, b, WindowLayout::Separate, OFTEN);
            assert_eq!(lost, f64::from(b) / 60.0, "T {t} B {b}");
        }
    }

    #[test]
    fn random_blocking_loses_b_over_60_minus_t() {
        for (t, b) in [(30, 5), (0, 20), (10, 10), (40, 1)] {
            let [_, _, lost] = shares(t, b, WindowLayout::Random, SELDOM);
            let expected = f64::from(b) / (60.0 - f64::from(t));
            assert!((lost - expected).abs() < 1e-9, "T {t} B {b}: {lost} is not {expected}");
        }
    }

    #[test]
    fn every_second_of_a_minute_fares_alike() {
        let schedules = [OFTEN, SELDOM, RetrySchedule::Fixed { minutes: 7 }];
        for (t, b) in [(0, 0), (5, 0), (30, 5), (0, 10), (20, 40), (59, 1), (13, 17)] {
            let minutes = Minutes { throttle: t, block: b };
            for layout in [WindowLayout::Separate, WindowLayout::Adjacent] {
                for schedule in schedules {
                    for minute in 0..60 {
                        let first = follow(minutes, layout, schedule, minute * SECONDS);
                        let alike = |second| follow(minutes, layout, schedule, minute * SECONDS + second) == first;
                        assert!((1..SECONDS).all(alike), "{minutes:?} {layout:?} {schedule} minute {minute}");
                    }
                }
            }
        }
    }

    #[test]
    fn delays_are_whole_minutes() {
        for layout in [WindowLayout::Separate, WindowLayout::Random] {
            for schedule in [OFTEN, SELDOM, RetrySchedule::Fixed { minutes: 1440 }] {
                let outcome = MailOutcome::compute(Minutes { throttle: 59, block: 0 }, layout, schedule);
                assert_eq!(u128::from(outcome.delay_minutes()) * 60, outcome.delay_seconds, "{layout:?} {schedule}");
            }
        }
    }

    #[test]
    fn throttling_all_the_hour_expires_everything() {
        for layout in [WindowLayout::Separate, WindowLayout::Adjacent, WindowLayout::Random] {
            let minutes = Minutes { throttle: 60, block: 0 };
            let outcome = MailOutcome::compute(minutes, layout, OFTEN);
            assert_eq!((outcome.lost_expired, outcome.lost_blocked), (outcome.parts, 0), "{layout:?}");
        }
    }

    #[test]
    fn a_message_with_one_retry_expires_when_both_attempts_are_throttled() {
        // Once a day for two days: the second retry would fall on the expiry.
        let daily = RetrySchedule::Fixed { minutes: 1440 };
        let minutes = Minutes { throttle: 15, block: 30 };
        let outcome = MailOutcome::compute(minutes, WindowLayout::Random, daily);
        let shares = [outcome.at_once, outcome.delayed, outcome.lost_expired, outcome.lost_blocked];
        let expected = [1.0 / 4.0, 1.0 / 16.0, 1.0 / 16.0, 1.0 / 2.0 + 1.0 / 8.0];
        assert_eq!(shares.map(|parts| outcome.share(parts)), expected);
    }

    #[test]
    fn random_parts_add_up_for_all_minutes_and_schedules() {
        let schedules = [OFTEN, SELDOM, RetrySchedule::Fixed { minutes: 15 }];
        for schedule in schedules {
            for throttle in 0..=60u8 {
                for block in (0..=60 - throttle).step_by(5) {
                    let total: f64 = shares(throttle, block, WindowLayout::Random, schedule).iter().sum();
                    assert!((total - 1.0).abs() < 1e-12, "T {throttle} B {block} {schedule}");
                }
            }
        }
    }

    #[test]
    fn delays_of_a_five_minute_throttle_follow_by_hand() {
        // Arrivals at second s < 300 wait for the first retry at or after second 300: retries at 60, 120, 180, 240 and 540.
        let minutes = Minutes { throttle: 5, block: 0 };
        let outcome = MailOutcome::compute(minutes, WindowLayout::Separate, OFTEN);
        assert_eq!(outcome.delays, [(60, 60), (120, 60), (180, 60), (240, 60), (540, 60)]);
        assert_eq!(outcome.mean_delay_seconds(), Some(228.0));
        // 60 of the 300 delayed, exactly a fifth, wait no longer than a minute.
        assert_eq!([0.2, 0.2001].map(|q| outcome.delay_quantile_seconds(q)), [Some(60), Some(120)]);
        assert_eq!(outcome.delay_quantile_seconds(0.5), Some(180));
        assert_eq!(outcome.delay_quantile_seconds(0.99), Some(540));
        assert_eq!(MailOutcome::untouched().mean_delay_seconds(), None);
    }

    #[test]
    fn a_share_that_a_delay_reaches_exactly_is_reached() {
        // T = 6, random: nine of ten delayed messages are accepted at the first retry, nine of the other ten at the second.
        for throttle in [6, 15, 30] {
            let minutes = Minutes { throttle, block: 0 };
            let outcome = MailOutcome::compute(minutes, WindowLayout::Random, OFTEN);
            let again = f64::from(throttle) / 60.0;
            for (attempt, seconds) in (1..).zip([60, 120, 180, 240]) {
                let share = 1.0 - again.powi(attempt);
                let found = [-1e-9, 0.0, 1e-9].map(|off| outcome.delay_quantile_seconds(share + off));
                let next = if attempt == 4 { 540 } else { seconds + 60 };
                assert_eq!(found, [Some(seconds), Some(seconds), Some(next)], "T {throttle}, attempt {attempt}");
            }
        }
    }
}
