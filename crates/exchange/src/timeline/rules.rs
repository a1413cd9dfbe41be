//! Rules of pauses that no source gives, and where they decide (DOMAIN 3.4).

use brownout_kernel::policy::{Granted, Period, Policy};
use brownout_kernel::time::{DAY_SECONDS, SimTime};

/// A rule that the policy chooses without a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Whether a pause in the report stage stops the clock.
    ReportStage,
    /// Which year pays the days of a pause over New Year.
    NewYear,
    /// What a grant does while a pause runs.
    Extension,
}

/// A rule where it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The rule.
    pub rule: Rule,
    /// The first instant it bears on.
    pub from: SimTime,
    /// Paused days it bears on.
    pub days: i64,
}

/// The rules that decide about a server's periods, each once.
///
/// - `grants`: the pauses, in order of time.
pub fn applied(policy: &Policy, grants: &[Granted], periods: &[Period]) -> Vec<Applied> {
    let stages = policy.ladder().stages();
    let restricts_later = stages.iter().any(|stage| stage.minutes().restrict());
    let paused = || periods.iter().filter(|period| period.paused && period.to != SimTime::NEVER);
    let days = |period: &Period| period.to.since(period.from).seconds() / DAY_SECONDS;
    let in_report = |period: &&Period| restricts_later && !stages[period.stage].minutes().restrict();
    let over_new_year = |period: &&Period| period.from.year() != SimTime::from_seconds(period.to.seconds() - 1).year();
    let first =
        |rule, found: Option<&Period>| found.map(|period| Applied { rule, from: period.from, days: days(period) });
    let mut all: Vec<Applied> = Vec::new();
    let reported: i64 = paused().filter(in_report).map(days).sum();
    all.extend(first(Rule::ReportStage, paused().find(in_report)).map(|one| Applied { days: reported, ..one }));
    all.extend(first(Rule::NewYear, paused().find(over_new_year)));
    all.extend(extension(grants));
    all
}

/// The first grant that falls into a running pause.
fn extension(grants: &[Granted]) -> Option<Applied> {
    let found = grants.iter().find(|grant| grant.at() < grant.from())?;
    Some(Applied { rule: Rule::Extension, from: found.at(), days: i64::from(found.days()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ladders;
    use brownout_kernel::policy::{PauseBook, PauseRequest, history};

    fn found(detected: &str, requests: &[(&str, u32)]) -> Vec<Rule> {
        let policy = Policy::with_defaults(ladders::microsoft_2023());
        let requests: Vec<PauseRequest> =
            requests.iter().map(|(at, days)| PauseRequest { at: at.parse().unwrap(), days: *days }).collect();
        let grants = PauseBook::new().grant_all(policy.pauses(), &requests).unwrap();
        let periods = history(&policy, detected.parse().unwrap(), &grants);
        applied(&policy, &grants, &periods).into_iter().map(|one| one.rule).collect()
    }

    #[test]
    fn only_rules_that_decide_are_named() {
        assert_eq!(found("2026-09-09", &[("2026-10-20", 5)]), []);
        assert_eq!(found("2026-09-09", &[("2026-09-15", 14)]), [Rule::ReportStage]);
        assert_eq!(found("2026-09-09", &[("2026-12-20", 20)]), [Rule::NewYear]);
        assert_eq!(found("2026-09-09", &[("2026-10-20", 10), ("2026-10-25", 5)]), [Rule::Extension]);
        assert_eq!(
            found("2026-09-09", &[("2026-10-20", 10), ("2026-10-30", 5)]),
            [],
            "one begins where the other ends"
        );
    }
}
