//! What the service answered, as it stands in a queue, a log or a non-delivery report: the minutes name the stage.

use crate::compliance::Detection;
use crate::ladders;
use brownout_kernel::policy::{Ladder, Minutes, Replies};
use brownout_kernel::time::{SimDuration, SimTime};

/// The replies of Exchange Online (DOMAIN 4.1).
pub const REPLIES: Replies = Replies::fixed(
    "450 4.7.230 Connecting Exchange server version is out-of-date; connection to Exchange Online throttled for {minutes} \
     mins/hr. For more information see https://aka.ms/BlockUnsafeExchange.",
    "550 5.7.230 Connecting Exchange server version is out-of-date; connection to Exchange Online blocked for {minutes} \
     mins/hr. For more information see https://aka.ms/BlockUnsafeExchange.",
);

/// Minutes of every hour that a reply names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reply {
    /// `450 4.7.230 … throttled for 10 mins/hr`.
    Throttled(u8),
    /// `550 5.7.230 … blocked for 20 mins/hr`.
    Blocked(u8),
}

/// Why a text tells no stage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// No reply of this kind is in it.
    #[error(
        "the text has no reply of the service; expected \"… throttled for 10 mins/hr\" or \"… blocked for 20 mins/hr\", as \
         LastError of Get-Queue, a protocol log or a non-delivery report has it"
    )]
    None,
    /// No stage of any ladder asked has these minutes.
    #[error(
        "no stage of ladder {ladders} has {minutes}; the ladder has changed, or the reply is cut: name another --policy"
    )]
    NoStage {
        /// The ladders asked.
        ladders: String,
        /// What the reply says.
        minutes: String,
    },
}

/// A stage that gives a reply, by one reading of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Name of the ladder.
    pub ladder: String,
    /// Name of the stage.
    pub stage: String,
    /// The clock at its start.
    pub from: SimDuration,
    /// The clock at its end; `None` for the last stage.
    pub to: Option<SimDuration>,
}

/// The bounds on the clock that a reply heard at an instant gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What was heard: the newest stage among the replies of the text.
    pub reply: Reply,
    /// Every stage that fits.
    pub candidates: Vec<Candidate>,
}

impl Reply {
    /// `throttled 10 minutes of every hour`.
    pub fn words(self) -> String {
        match self {
            Reply::Throttled(n) => format!("throttled {n} minutes of every hour"),
            Reply::Blocked(n) => format!("blocked {n} minutes of every hour"),
        }
    }

    fn is_given_by(self, minutes: Minutes) -> bool {
        match self {
            Reply::Throttled(n) => minutes.throttle() == n,
            Reply::Blocked(n) => minutes.block() == n,
        }
    }
}

/// Every reply in a text, in order. Line ends and quotes inside a reply do not matter; numbers above 60 are none.
pub fn replies(text: &str) -> Vec<Reply> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let found = words.windows(5).filter_map(|window| {
        let [verb, preposition, number, unit, per] = window else { return None };
        if preposition != "for" || !unit.starts_with("min") || !matches!(per.as_str(), "hr" | "hour" | "h") {
            return None;
        }
        let minutes = number.parse().ok().filter(|n| (1..=60).contains(n))?;
        match verb.as_str() {
            "throttled" => Some(Reply::Throttled(minutes)),
            "blocked" => Some(Reply::Blocked(minutes)),
            _ => None,
        }
    });
    found.collect()
}

/// The stages that give what a text tells.
///
/// - `ladder`: that of the policy; where it is one of the two readings of the announced ladder, both are asked.
///
/// # Errors
/// [`ReplyError`] if the text has no reply, or no stage gives it.
pub fn hear(ladder: &Ladder, text: &str) -> Result<Heard, ReplyError> {
    // Blocking is later than throttling, and more minutes are later than fewer.
    let rank = |reply: &Reply| match *reply {
        Reply::Throttled(n) => (0, n),
        Reply::Blocked(n) => (1, n),
    };
    let reply = replies(text).into_iter().max_by_key(rank).ok_or(ReplyError::None)?;
    let announced = [ladders::microsoft_2023(), ladders::microsoft_2023_throttle_kept()];
    let both = announced.iter().any(|one| one.stages() == ladder.stages());
    let ladders: Vec<&Ladder> = if both { announced.iter().collect() } else { vec![ladder] };
    let of = |ladder: &Ladder| -> Vec<Candidate> {
        let stages = ladder.stages().iter().enumerate().filter(|(_, stage)| reply.is_given_by(stage.minutes()));
        let candidate = |(k, stage): (usize, &brownout_kernel::policy::Stage)| Candidate {
            ladder: ladder.name().to_owned(),
            stage: stage.name().to_owned(),
            from: ladder.start_of(k),
            to: ladder.next_start(k),
        };
        stages.map(candidate).collect()
    };
    let candidates: Vec<Candidate> = ladders.iter().flat_map(|ladder| of(ladder)).collect();
    if candidates.is_empty() {
        let names: Vec<&str> = ladders.iter().map(|ladder| ladder.name()).collect();
        return Err(ReplyError::NoStage { ladders: names.join(" or "), minutes: reply.words() });
    }
    Ok(Heard { reply, candidates })
}

impl Heard {
    /// Least and greatest clock: days since first detection, pauses taken out. No upper bound in the last stage.
    pub fn clock(&self) -> (SimDuration, Option<SimDuration>) {
        let from = self.candidates.iter().map(|one| one.from).min().unwrap_or_default();
        let to = self.candidates.iter().map(|one| one.to).collect::<Option<Vec<_>>>();
        (from, to.and_then(|ends| ends.into_iter().max()))
    }

    /// The bounds of first detection, had nothing been paused: what comes is right whatever was paused before. `None` in the last
    /// stage, which may have begun at any time.
    pub fn detection(&self, at: SimTime) -> Option<Detection> {
        let (from, to) = self.clock();
        let back = |served: SimDuration| SimTime::from_seconds(at.seconds() - served.seconds());
        // The stage has not ended, so its last second is the most.
        let last = to? - SimDuration::from_seconds(1);
        Some(Detection::Between { earliest: back(last), latest: back(from) })
    }

    /// The stages that fit, by the ladders that say so: `block-5 by ladder microsoft-2023`.
    pub fn stages(&self) -> String {
        let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
        for one in &self.candidates {
            match told.iter_mut().find(|entry| entry.0 == one.ladder) {
                Some(entry) => entry.1.push(&one.stage),
                None => told.push((&one.ladder, vec![&one.stage])),
            }
        }
        let one = |(ladder, stages): (&str, Vec<&str>)| format!("{} by ladder {ladder}", stages.join(" or "));
        told.into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    /// Whether the readings of the ladder differ about the stage.
    pub fn is_ambiguous(&self) -> bool {
        self.candidates.iter().any(|one| one.stage != self.candidates[0].stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(heard: &Heard) -> (i64, Option<i64>) {
        let (from, to) = heard.clock();
        (from.days_ceil(), to.map(SimDuration::days_ceil))
    }

    #[test]
    fn the_minutes_of_a_reply_name_the_days_on_the_clock() {
        let hear =
            |text: &str| hear(&ladders::microsoft_2023(), text).map(|heard| (days(&heard), heard.is_ambiguous()));
        let line =
            |verb: &str, n: u8| format!("LED=450 4.7.230 out-of-date; connection {verb} for\r\n  {n} mins/hr. For");
        assert_eq!(hear(&line("throttled", 10)), Ok(((40, Some(50)), false)));
        assert_eq!(hear(&line("blocked", 20)), Ok(((80, Some(90)), false)));
        assert_eq!(hear(&line("blocked", 60)), Ok(((90, None), false)));
        assert_eq!(hear(&line("throttled", 30)), Ok(((60, Some(90)), true)), "one reading keeps throttling to day 90");
        assert!(matches!(hear(&line("throttled", 17)), Err(ReplyError::NoStage { .. })));
        assert_eq!(hear("450 4.4.2 connection dropped"), Err(ReplyError::None));
        assert_eq!(hear("throttled for 999 mins/hr"), Err(ReplyError::None));
    }

    #[test]
    fn the_latest_stage_of_a_text_counts() {
        let text = "throttled for 10 mins/hr ... throttled for 20 mins/hr ... throttled for 5 mins/hr";
        assert_eq!(hear(&ladders::microsoft_2023(), text).unwrap().reply, Reply::Throttled(20));
    }
}
