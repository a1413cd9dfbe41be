//! A server's stages and pauses written out with their dates, for one server without any chance in it.

use super::granted::{Granted, Pause, paused};
use super::{Enforcement, Ladder, Minutes, PauseRules, Policy};
use crate::time::{SimDuration, SimTime};

/// A stretch of time in which nothing changes for the server, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First instant.
    pub from: SimTime,
    /// First instant after it; [`SimTime::NEVER`] if it lasts.
    pub to: SimTime,
    /// The stage, counted from 0, also while paused.
    pub stage: usize,
    /// Whether the tenant is paused.
    pub paused: bool,
    /// The minutes in force.
    pub minutes: Minutes,
    /// The clock at `from`.
    pub served: SimDuration,
}

/// What happens to a server first detected at `detected` and never remediated, if its tenant is granted these pauses.
///
/// - `grants`: in any order.
/// - Returns adjoining periods from first detection on; the last one never ends.
pub fn history(policy: &Policy, detected: SimTime, grants: &[Granted]) -> Vec<Period> {
    let (ladder, rules) = (&policy.ladder, &policy.pauses);
    let stretches = paused(grants);
    let mut ahead = stretches.iter().filter(|stretch| stretch.to > detected).peekable();
    let is_paused = |stretch: Option<&&Pause>, at: SimTime| stretch.is_some_and(|stretch| stretch.from <= at);
    let begins_paused = is_paused(ahead.peek(), detected);
    let mut server = Enforcement::begin(ladder, rules, detected, begins_paused, SimDuration::ZERO);
    let mut periods: Vec<Period> = Vec::new();
    let mut now = detected;
    loop {
        record(&mut periods, &server, ladder, now);
        let change =
            ahead.peek().map_or(SimTime::NEVER, |stretch| if server.is_paused() { stretch.to } else { stretch.from });
        let transition = server.next_transition(ladder);
        now = change.min(transition);
        if now == SimTime::NEVER {
            return periods;
        }
        // A pause begins or ends before a stage that changes at the same instant.
        if change == now {
            let begins = !server.is_paused();
            server.set_paused(ladder, rules, now, begins);
            if !begins {
                ahead.next();
            }
        }
        if transition == now {
            server.advance(ladder, rules, now);
        }
    }
}

/// Opens a period at `now` if anything differs from the last one, and closes that.
fn record(periods: &mut Vec<Period>, server: &Enforcement, ladder: &Ladder, now: SimTime) {
    if let Some(last) = periods.last_mut() {
        if (last.stage, last.paused) == (server.stage(), server.is_paused()) {
            return;
        }
        last.to = now;
    }
    periods.push(Period {
        from: now,
        to: SimTime::NEVER,
        stage: server.stage(),
        paused: server.is_paused(),
        minutes: server.minutes(ladder),
        served: server.served(now),
    });
    periods.retain(|period| period.from < period.to);
}

/// Where a server stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The period that holds the instant.
    pub period: Period,
    /// The clock at the instant.
    pub served: SimDuration,
    /// Start of the next stage as things stand, if there is one.
    pub next_stage_at: Option<SimTime>,
}

/// Where a server stands at `at`; `None` before first detection.
pub fn standing(periods: &[Period], ladder: &Ladder, rules: &PauseRules, at: SimTime) -> Option<Standing> {
    let index = periods.partition_point(|period| period.from <= at).checked_sub(1)?;
    let period = periods[index];
    let server = Enforcement::begin(ladder, rules, period.from, period.paused, period.served);
    let next_stage_at = periods[index..].iter().find(|later| later.stage > period.stage).map(|later| later.from);
    Some(Standing { period, served: server.served(at), next_stage_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::sample;
    use crate::policy::{PauseBook, PauseRequest};

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn periods(requests: &[PauseRequest]) -> Vec<Period> {
        let policy = Policy::with_defaults(sample::ladder());
        let grants = PauseBook::new().grant_all(&policy.pauses, requests).unwrap();
        history(&policy, at("2024-03-28T00:15:08Z"), &grants)
    }

    #[test]
    fn throttling_starts_30_and_blocking_60_days_after_first_detection() {
        let periods = periods(&[]);
        let starts: Vec<_> = periods.iter().map(|period| period.from).collect();
        assert_eq!(starts.len(), 8);
        assert_eq!(starts[1], at("2024-04-27T00:15:08Z"));
        assert_eq!(starts[4], at("2024-05-27T00:15:08Z"));
        assert_eq!(periods[7].to, SimTime::NEVER);
    }

    #[test]
    fn six_paused_days_in_stage_3_explain_the_real_record() {
        let periods = periods(&[PauseRequest { at: at("2024-05-08T00:15:08Z"), days: 6 }]);
        let stage_4 = periods.iter().find(|period| period.stage == 3).unwrap();
        assert_eq!(stage_4.from, at("2024-05-23T00:15:08Z"));
        assert_eq!(stage_4.minutes, Minutes { throttle: 20, block: 0 });
    }

    #[test]
    fn periods_adjoin_and_pauses_restrict_nothing() {
        let wishes =
            [("2024-03-20", 10), ("2024-05-01", 20), ("2024-05-21", 20), ("2024-12-20", 40), ("2025-06-01", 3)];
        let requests = wishes.map(|(text, days)| PauseRequest { at: at(text), days });
        let periods = periods(&requests);
        assert!(periods[0].paused, "the pause from 20 March still ran at first detection");
        for pair in periods.windows(2) {
            assert_eq!(pair[0].to, pair[1].from);
        }
        assert!(periods.iter().all(|period| !period.paused || !period.minutes.restrict()));
        let joined = periods.iter().find(|period| period.from == at("2024-05-01")).unwrap();
        assert_eq!(joined.to, at("2024-06-10"), "a grant at the end of a pause carries straight on");
    }

    #[test]
    fn a_standing_names_clock_and_next_stage() {
        let (ladder, rules) = (sample::ladder(), PauseRules::default());
        let periods = periods(&[PauseRequest { at: at("2024-05-08T00:15:08Z"), days: 6 }]);
        assert_eq!(standing(&periods, &ladder, &rules, at("2024-03-01")), None);
        let now = standing(&periods, &ladder, &rules, at("2024-05-10T00:15:08Z")).unwrap();
        assert!(now.period.paused);
        assert_eq!(now.served, SimDuration::from_days(41));
        assert_eq!(now.next_stage_at, Some(at("2024-05-23T00:15:08Z")));
    }

    #[test]
    fn a_period_holds_from_its_first_instant_on() {
        let (ladder, rules) = (sample::ladder(), PauseRules::default());
        let stage = |text: &str| standing(&periods(&[]), &ladder, &rules, at(text)).map(|found| found.period.stage);
        assert_eq!([stage("2024-03-28T00:15:07Z"), stage("2024-03-28T00:15:08Z")], [None, Some(0)]);
        assert_eq!([stage("2024-04-27T00:15:07Z"), stage("2024-04-27T00:15:08Z")], [Some(0), Some(1)]);
    }

    #[test]
    fn by_default_a_pause_in_the_report_stage_puts_off_throttling_by_its_days() {
        let periods = periods(&[PauseRequest { at: at("2024-04-10"), days: 14 }]);
        let throttled = periods.iter().find(|period| period.minutes.restrict()).unwrap();
        assert_eq!(throttled.from, at("2024-05-11T00:15:08Z"));
    }
}
