//! Amounts of mail as whole numbers.
//!
//! A server's volume is in milli-messages a day, a day's level in parts per million of an average day, time in seconds. Their
//! product is a whole number, so an amount of mail is one: in grains, of which a nano-message has as many as a day has seconds.
//! Nothing is divided until amounts are told, so nothing is rounded: parts of a stretch add up to the whole, wherever it is cut.

use crate::time::DAY_SECONDS;

/// Grains of mail, 1/86,400 of a nano-message each: an expectation of messages as a whole number, exact in every sum.
///
/// A server sends at most 10^15 milli-messages a day, a level is at most 7 x 10^7 parts per million on a day and 10^7 on average
/// over a week, and a study has at most 7,306 days. So a server's amount stays below 7 x 10^30, and twenty million servers of
/// the greatest volume there is fit below the limit of 1.7 x 10^38; over 10^5 days at an average level, so do as many.
pub type MailAmount = i128;

/// Nano-messages: what servers and tenants lose, rounded down once for each server.
pub type NanoMessages = i128;

/// Nano-messages in a message.
pub const NANO: NanoMessages = 1_000_000_000;

/// Grains in a message.
const GRAINS: MailAmount = NANO * DAY_SECONDS as MailAmount;

/// Mail that a server of `volume` milli-messages a day, at most 10^15, sends in so many [level-seconds](super::Moment), at least 0.
#[inline(always)]
pub(crate) fn mail_in(volume: u64, level_seconds: i64) -> MailAmount {
    // Neither is negative, so that this is one multiplication of 64 bits by 64.
    (u128::from(volume) * u128::from(level_seconds as u64)) as MailAmount
}

/// An amount in messages: the nearest number to it.
#[inline]
pub fn messages(amount: MailAmount) -> f64 {
    amount as f64 / GRAINS as f64
}

/// Nano-messages in messages: the nearest number to them.
#[inline]
pub fn messages_of_nano(lost: NanoMessages) -> f64 {
    lost as f64 / NANO as f64
}

/// `amount x parts / whole`, rounded down; no overflow for amounts up to 10^34, parts up to 3,000 times the whole and a whole up
/// to 10^16.
#[inline]
pub fn share_of(amount: MailAmount, parts: u64, whole: u64) -> MailAmount {
    if parts == 0 {
        return 0;
    }
    // Split so that the product stays below 2^127 whatever the amount; what is left mostly fits into 64 bits, where a division is
    // many times faster.
    let (each, wide) = (amount / MailAmount::from(whole), MailAmount::from(parts));
    let rest = amount - each * MailAmount::from(whole);
    let rest = match u64::try_from(rest).ok().and_then(|rest| rest.checked_mul(parts)) {
        Some(product) => MailAmount::from(product / whole),
        None => rest * wide / MailAmount::from(whole),
    };
    each * wide + rest
}

/// What a server of `volume` milli-messages a day lost, rounded down to a nano-message.
///
/// - `lost`: the sum over its stretches of the parts lost times their [level-seconds](super::Moment), at most 10^34;
/// - `whole`: parts of the whole, at most 3 x 10^17.
#[inline]
pub(crate) fn lost_of(volume: u64, lost: u128, whole: u64) -> NanoMessages {
    const DAY: u64 = DAY_SECONDS as u64;
    // Whole nano-messages of each milli-message a day come first, so that no product leaves 128 bits. What is usual fits into 64
    // bits, where a division is many times faster.
    let small = (u64::try_from(lost), whole.checked_mul(DAY));
    if let (Ok(lost), Some(whole)) = small {
        let (each, rest) = (lost / whole, lost % whole);
        let rest = match volume.checked_mul(rest) {
            Some(product) => u128::from(product / whole),
            None => u128::from(volume) * u128::from(rest) / u128::from(whole),
        };
        return (u128::from(volume) * u128::from(each) + rest) as NanoMessages;
    }
    let (volume, whole) = (u128::from(volume), u128::from(whole) * u128::from(DAY));
    (volume * (lost / whole) + volume * (lost % whole) / whole) as NanoMessages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_for_amounts_of_any_size() {
        assert_eq!(share_of(7_200, 300, 3600), 600);
        assert_eq!(share_of(3_601, 300, 3600), 300);
        let huge = 10_000_000_000_000_000_000_000_000_000_000_000i128;
        assert_eq!(share_of(huge, 1 << 49, 1 << 50), huge / 2);
        assert_eq!(share_of(huge + 1, (1 << 50) * 2_880, 1 << 50), (huge + 1) * 2_880);
        // On both sides of the border between 64 and 128 bits.
        for amount in [(1i128 << 64) / 86_399 - 1, (1 << 64) / 86_399 + 1, (1 << 64) - 1, 1 << 64] {
            assert_eq!(share_of(amount, 86_399, 86_400), amount * 86_399 / 86_400, "{amount}");
        }
    }

    #[test]
    fn messages_are_grains_and_nano_messages() {
        // 560 messages a day at an average level for a day.
        assert_eq!(messages(560_000 * 1_000_000 * 86_400), 560.0);
        assert_eq!(messages_of_nano(560_000 * 1_000_000), 560.0);
    }

    /// `a x b / c` digit by digit, so that no product is long: the oracle of what is split otherwise.
    fn long_division(a: u128, b: u128, c: u128) -> u128 {
        let (mut quotient, mut rest) = (0u128, 0u128);
        for bit in (0..128).rev() {
            // Both halves double, and `b` joins where `a` has the bit.
            (quotient, rest) = (2 * quotient, 2 * rest);
            if a >> bit & 1 == 1 {
                (quotient, rest) = (quotient + b / c, rest + b % c);
            }
            (quotient, rest) = (quotient + rest / c, rest % c);
        }
        quotient
    }

    #[test]
    fn what_a_server_lost_is_exact_on_both_sides_of_every_border() {
        let wholes = [1, 3_600, (1 << 50) - 1, 1 << 50, 225 << 50];
        let volumes = [0, 1, 77, 435_123, 59_000_000_007, 999_999_999_999_999, 1_000_000_000_000_000];
        for whole in wholes {
            // All of the longest study there is at the highest levels, and less.
            let most = u128::from(whole) * 6_400_000_000_000_001;
            for lost in [0, 1, most / 7_001, most / 3, most - 1, most, u64::MAX.into(), 1 << 64, (1 << 64) + 12_345] {
                if lost > most {
                    continue;
                }
                for volume in volumes {
                    let expected = long_division(u128::from(volume), lost, u128::from(whole) * 86_400);
                    assert_eq!(lost_of(volume, lost, whole), expected as NanoMessages, "{volume} {lost} {whole}");
                }
            }
        }
    }
}
