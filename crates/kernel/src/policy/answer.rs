//! What a connecting server hears at a given second, by the layout of the minutes inside the hour.

use std::borrow::Cow;

use super::Minutes;

/// Where inside the hour the throttled and blocked minutes lie. It is not public, so it is a parameter (DOMAIN 1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum WindowLayout {
    /// Throttled in `[0, T)`, blocked in `[60 - B, 60)`.
    #[default]
    Separate,
    /// Throttled in `[0, T)`, blocked in `[T, T + B)`.
    Adjacent,
    /// Every attempt by itself meets a throttle with probability T/60 and a block with probability B/60.
    Random,
}

/// The SMTP answer to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The mail is accepted.
    Accept,
    /// 450: the message stays queued and is tried again.
    Throttled {
        /// Minutes per hour, as the text states them.
        minutes: u8,
    },
    /// 550: the message is lost with a non-delivery report.
    Blocked {
        /// Minutes per hour, as the text states them.
        minutes: u8,
    },
}

impl WindowLayout {
    /// Names as studies write them, in the order of the variants.
    pub const NAMES: [&str; 3] = ["separate", "adjacent", "random"];

    /// Name as studies write it.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The answer at a second of the hour.
    ///
    /// - `second`: 0 to 3599.
    /// - `roll`: in `[0, 1)`; only [`WindowLayout::Random`] looks at it: below B/60 blocks, below (B + T)/60 throttles.
    pub fn answer(self, minutes: Minutes, second: u32, roll: f64) -> Answer {
        let throttle = u32::from(minutes.throttle) * 60;
        let block = u32::from(minutes.block) * 60;
        let (throttled, blocked) = match self {
            WindowLayout::Separate => (second < throttle, second >= 3600 - block),
            WindowLayout::Adjacent => (second < throttle, second >= throttle && second < throttle + block),
            WindowLayout::Random => {
                let place = roll * 3600.0;
                let blocked = place < f64::from(block);
                (!blocked && place < f64::from(block + throttle), blocked)
            }
        };
        if blocked {
            Answer::Blocked { minutes: minutes.block }
        } else if throttled {
            Answer::Throttled { minutes: minutes.throttle }
        } else {
            Answer::Accept
        }
    }
}

/// What a service says with its answers, word for word. `{minutes}` stands for the minutes of every hour.
///
/// Which words a service uses is part of its policy, not of the engine; the default says no more than the model knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replies {
    /// To a connection that is throttled.
    pub throttled: Cow<'static, str>,
    /// To one that is blocked.
    pub blocked: Cow<'static, str>,
}

impl Replies {
    /// Templates known at compile time.
    pub const fn fixed(throttled: &'static str, blocked: &'static str) -> Self {
        Replies { throttled: Cow::Borrowed(throttled), blocked: Cow::Borrowed(blocked) }
    }

    /// The reply that comes with an answer; `None` when the mail is accepted.
    pub fn text(&self, answer: Answer) -> Option<String> {
        let (template, minutes) = match answer {
            Answer::Accept => return None,
            Answer::Throttled { minutes } => (&self.throttled, minutes),
            Answer::Blocked { minutes } => (&self.blocked, minutes),
        };
        Some(template.replace("{minutes}", &minutes.to_string()))
    }
}

impl Default for Replies {
    fn default() -> Self {
        Replies::fixed(
            "450 4.7.1 connections are throttled for {minutes} minutes of every hour",
            "550 5.7.1 connections are blocked for {minutes} minutes of every hour",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE_5: Minutes = Minutes { throttle: 30, block: 5 };

    fn counts(layout: WindowLayout) -> (usize, usize) {
        let answers: Vec<_> = (0..3600).map(|s| layout.answer(STAGE_5, s, (f64::from(s) + 0.5) / 3600.0)).collect();
        let throttled = answers.iter().filter(|a| matches!(a, Answer::Throttled { minutes: 30 })).count();
        let blocked = answers.iter().filter(|a| matches!(a, Answer::Blocked { minutes: 5 })).count();
        (throttled, blocked)
    }

    #[test]
    fn every_layout_has_the_stated_minutes() {
        for layout in [WindowLayout::Separate, WindowLayout::Adjacent, WindowLayout::Random] {
            assert_eq!(counts(layout), (1800, 300), "{layout:?}");
        }
    }

    #[test]
    fn the_block_lies_at_the_end_or_right_behind_the_throttle() {
        let blocked = Answer::Blocked { minutes: 5 };
        assert_eq!(WindowLayout::Separate.answer(STAGE_5, 3300, 0.0), blocked);
        assert_eq!(WindowLayout::Separate.answer(STAGE_5, 3299, 0.0), Answer::Accept);
        assert_eq!(WindowLayout::Adjacent.answer(STAGE_5, 1800, 0.0), blocked);
        assert_eq!(WindowLayout::Adjacent.answer(STAGE_5, 2100, 0.0), Answer::Accept);
    }

    #[test]
    fn replies_name_the_minutes_and_accepted_mail_gets_none() {
        let replies = Replies::fixed("450 slow for {minutes} min", "550 no for {minutes} min");
        assert_eq!(replies.text(Answer::Throttled { minutes: 5 }).as_deref(), Some("450 slow for 5 min"));
        assert_eq!(replies.text(Answer::Blocked { minutes: 60 }).as_deref(), Some("550 no for 60 min"));
        assert_eq!(replies.text(Answer::Accept), None);
    }
}
