//! Mail outcomes against an independent simulation, message by message: own windows, own retry schedules, random seconds.

use brownout::mail::{MailOutcome, RetrySchedule};
use brownout::policy::{Minutes, WindowLayout};
use brownout::retries;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{deviation, z_limit};

/// Messages of one combination; seed 60.
const MESSAGES: i64 = 20_000;

/// (T, B): the announced ladder, the kept throttles, and edges.
const PAIRS: [(u8, u8); 15] = [
    (0, 0),
    (5, 0),
    (10, 0),
    (20, 0),
    (30, 5),
    (0, 10),
    (0, 20),
    (30, 10),
    (30, 20),
    (0, 60),
    (60, 0),
    (59, 1),
    (1, 59),
    (40, 20),
    (45, 3),
];
const LAYOUTS: [WindowLayout; 3] = [WindowLayout::Separate, WindowLayout::Adjacent, WindowLayout::Random];
const SCHEDULES: [RetrySchedule; 5] = [
    retries::MAILBOX,
    retries::EDGE,
    RetrySchedule::Fixed { minutes: 5 },
    RetrySchedule::Fixed { minutes: 15 },
    RetrySchedule::Fixed { minutes: 60 },
];

fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

#[derive(Clone, Copy, PartialEq)]
enum Reply {
    Accepted,
    Deferred,
    Refused,
}

/// What a connection hears at a second of the hour, from the words of MODEL 6.
fn reply(layout: WindowLayout, (t, b): (u8, u8), second: i64, rng: &mut ChaCha8Rng) -> Reply {
    let minute = second as f64 / 60.0;
    let (t, b) = (f64::from(t), f64::from(b));
    let refused_from = if layout == WindowLayout::Adjacent { t } else { 60.0 - b };
    if layout == WindowLayout::Random {
        let dice = unit(rng) * 60.0;
        return match dice {
            d if d < t => Reply::Deferred,
            d if d >= 60.0 - b => Reply::Refused,
            _ => Reply::Accepted,
        };
    }
    match minute {
        m if m >= refused_from && m < refused_from + b => Reply::Refused,
        m if m < t => Reply::Deferred,
        _ => Reply::Accepted,
    }
}

/// Minutes to wait after attempt number `attempt` (from 1), from DOMAIN 4.2.
fn wait(schedule: RetrySchedule, attempt: usize) -> i64 {
    match (schedule, attempt) {
        (RetrySchedule::Fixed { minutes }, _) => i64::from(minutes),
        (_, ..=4) => 1,
        (retries::MAILBOX, 5..=10) => 5,
        (_, 5..=10) | (retries::MAILBOX, _) => 10,
        _ => 30,
    }
}

/// Fates of messages: at once, delayed, blocked, expired; and the sum of delays in seconds with its sum of squares.
#[derive(Debug, Default)]
struct Fates {
    counts: [i64; 4],
    delay: f64,
    squares: f64,
}

/// Sends messages at random seconds, one by one.
fn send(layout: WindowLayout, pair: (u8, u8), schedule: RetrySchedule, rng: &mut ChaCha8Rng) -> Fates {
    let mut fates = Fates::default();
    for _ in 0..MESSAGES {
        let sent = (unit(rng) * 3600.0) as i64;
        let (mut now, mut attempt) = (sent, 1);
        let fate = loop {
            match reply(layout, pair, now % 3600, rng) {
                Reply::Accepted => break usize::from(attempt > 1),
                Reply::Refused => break 2,
                Reply::Deferred => {}
            }
            now += 60 * wait(schedule, attempt);
            attempt += 1;
            if now - sent >= 2 * 86_400 {
                break 3;
            }
        };
        fates.counts[fate] += 1;
        if fate == 1 {
            fates.delay += (now - sent) as f64;
            fates.squares += ((now - sent) as f64).powi(2);
        }
    }
    fates
}

/// The largest deviation of the simulated shares and of the simulated mean delay from an outcome, in standard errors;
/// infinite if something happened that has no share.
fn apart(fates: &Fates, outcome: &MailOutcome) -> f64 {
    let parts = [outcome.at_once, outcome.delayed, outcome.lost_blocked, outcome.lost_expired];
    let off = |(&count, part): (&i64, u64)| match outcome.share(part) {
        p if p <= 0.0 => {
            if count == 0 {
                0.0
            } else {
                f64::INFINITY
            }
        }
        p if p >= 1.0 => {
            if count == MESSAGES {
                0.0
            } else {
                f64::INFINITY
            }
        }
        // Fewer than 20 expected messages are no normal matter: Poisson bounds at alpha 1e-6 are far below 60.
        p if p * (MESSAGES as f64) < 20.0 => {
            if count < 60 {
                0.0
            } else {
                f64::INFINITY
            }
        }
        p => deviation(count, MESSAGES, p),
    };
    let shares = fates.counts.iter().zip(parts).map(off).fold(0.0, f64::max);
    let n = MESSAGES as f64;
    let (mean, square) = (fates.delay / n, fates.squares / n);
    let error = ((square - mean * mean) / n).sqrt();
    let expected = outcome.delay_seconds as f64 / outcome.parts as f64;
    // Rare long delays are no normal matter either.
    let delay = if fates.counts[1] < 200 { 0.0 } else { (mean - expected).abs() / error };
    shares.max(delay)
}

/// The largest deviation over all combinations when `outcome` says what to expect.
fn worst(outcome: impl Fn(Minutes, WindowLayout, RetrySchedule) -> MailOutcome) -> (f64, String) {
    let mut rng = ChaCha8Rng::seed_from_u64(60);
    let mut worst = (0.0, String::new());
    for layout in LAYOUTS {
        for schedule in SCHEDULES {
            for pair in PAIRS {
                let fates = send(layout, pair, schedule, &mut rng);
                let expected = outcome(Minutes::new(pair.0, pair.1).unwrap(), layout, schedule);
                let found = apart(&fates, &expected);
                if found > worst.0 {
                    worst = (found, format!("{layout:?} {schedule:?} {pair:?}: {fates:?} but {expected:?}"));
                }
            }
        }
    }
    worst
}

#[test]
fn outcomes_agree_with_messages_sent_one_by_one() {
    // seed 60, n 20,000 messages for each of 225 combinations, 5 comparisons each, alpha 1e-6, normal limit. What is deliberately
    // wrong has the next test.
    let limit = z_limit(225 * 5);
    let (found, what) = worst(MailOutcome::compute);
    assert!(found < limit, "{found} standard errors of {limit}: {what}");
}

#[test]
fn wrong_schedules_and_wrong_windows_are_caught() {
    // Deliberately wrong, against the same messages: seed 60, n 20,000 each, alpha 1e-6.
    let limit = z_limit(225 * 5);
    let schedules = |minutes, layout, schedule| {
        let wrong = if schedule == retries::MAILBOX { retries::EDGE } else { schedule };
        MailOutcome::compute(minutes, layout, wrong)
    };
    assert!(worst(schedules).0 > limit);
    let windows = |minutes, layout, schedule| {
        let wrong = if layout == WindowLayout::Adjacent { WindowLayout::Separate } else { layout };
        MailOutcome::compute(minutes, wrong, schedule)
    };
    assert!(worst(windows).0 > limit);
    // One blocked minute that is not there.
    let minute = |minutes: Minutes, layout, schedule| {
        let block = if minutes.block() > 1 { minutes.block() - 1 } else { minutes.block() };
        MailOutcome::compute(Minutes::new(minutes.throttle(), block).unwrap(), layout, schedule)
    };
    assert!(worst(minute).0 > limit);
}
