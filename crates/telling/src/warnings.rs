//! Valid but doubtful results, each with a next step.

use brownout_experiment::Run;
use brownout_experiment::Scope;
use brownout_experiment::{Measure, ScenarioResults};

/// Share of censored servers above which a curve says little.
const CENSORED_MAX: f64 = 0.9;
/// Fewest replications whose t interval is not remarked on: below it the spread itself is hardly known, and a mean of skewed numbers
/// is not near normal (assumed; at 5 the quantile is 2.8 against 4.3 at 3 and 12.7 at 2).
pub const REPLICATIONS_MIN: u32 = 5;
/// Fewest servers or tenants, in all replications together, whose count is not remarked on.
///
/// # Source
/// National Center for Health Statistics, *Data Presentation Standards for Rates and Counts*, Vital and Health Statistics 2:200
/// (2023): rates that rest on fewer than 10 events are not to be relied on.
pub const COUNT_MIN: f64 = 10.0;

/// Something doubtful about results. Its text says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Warning {
    /// Only some shards were there.
    #[error("PARTIAL RESULT: {0}; run what is missing and merge again")]
    Partial(String),
    /// Nothing has an interval.
    #[error("one replication gives no interval; ask for at least {REPLICATIONS_MIN} replications")]
    OneReplication,
    /// Every interval rests on a few numbers.
    #[error(
        "every interval rests on {0} replications; where numbers are skewed or rare such intervals cover far less than they say; ask \
         for at least {REPLICATIONS_MIN} replications"
    )]
    FewReplications(u32),
    /// Most servers outlast the study.
    #[error(
        "in \"{scenario}\" {percent:.0} % of the servers are not remediated by the horizon; lengthen it, or give them a route"
    )]
    MostlyCensored {
        /// Name of the scenario.
        scenario: String,
        /// Servers not remediated, in percent.
        percent: f64,
    },
    /// Nobody comes under enforcement.
    #[error("in \"{0}\" no server is ever detected; check baselines and builds")]
    NobodyDetected(String),
    /// Nothing is sent.
    #[error("in \"{0}\" no mail is sent; check messages_per_day")]
    NoMail(String),
    /// Counts too small for their intervals.
    #[error(
        "in \"{scenario}\" fewer than {COUNT_MIN} servers or tenants, in all replications together, stand behind {}; an interval of so \
         rare a count covers far less than it says; ask for more replications",
        list(counts)
    )]
    FewBehind {
        /// Name of the scenario.
        scenario: String,
        /// The measures, each with the servers or tenants behind it.
        counts: Vec<(String, f64)>,
    },
}

fn list(counts: &[(String, f64)]) -> String {
    counts.iter().map(|(name, count)| format!("{name} ({count})")).collect::<Vec<_>>().join(", ")
}

/// The warnings of a run, in words.
pub fn of(run: Run<'_>) -> Vec<String> {
    found(run).iter().map(Warning::to_string).collect()
}

/// The warnings of a run.
pub fn found(run: Run<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    if let Some(partial) = &run.results.partial {
        found.push(Warning::Partial(partial.to_string()));
    }
    match run.results.replications {
        1 => found.push(Warning::OneReplication),
        few if (2..REPLICATIONS_MIN).contains(&few) => found.push(Warning::FewReplications(few)),
        _ => {}
    }
    for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
        let name = || scenario.name.clone();
        let curve = &results.curves[0];
        let total = curve.total();
        let censored = curve.censored.iter().sum::<i64>();
        if total > 0 && censored as f64 > CENSORED_MAX * total as f64 {
            found.push(Warning::MostlyCensored { scenario: name(), percent: 100.0 * censored as f64 / total as f64 });
        }
        if total == 0 {
            found.push(Warning::NobodyDetected(name()));
        }
        if results.summary(Scope::All, Measure::Sent).is_some_and(|sent| sent.estimate.mean == 0.0) {
            found.push(Warning::NoMail(name()));
        }
        let counts = few_behind(results);
        if run.results.replications > 1 && !counts.is_empty() {
            found.push(Warning::FewBehind { scenario: name(), counts });
        }
    }
    found
}

/// Measures that rest on some servers or tenants, but on too few. A count of 0 is not among them: it shows itself.
fn few_behind(results: &ScenarioResults) -> Vec<(String, f64)> {
    let sum = |measure: Measure| results.values(Scope::All, measure).into_iter().flatten().sum::<f64>();
    let servers = [
        Measure::StillNonCompliant,
        Measure::StillFullyBlocked,
        Measure::RemediatedPatch,
        Measure::RemediatedUpgrade,
        Measure::RemediatedLeave,
        Measure::RemediatedBefore,
    ];
    let mut behind: Vec<(String, f64)> = servers.map(|measure| (measure.key().to_owned(), sum(measure))).to_vec();
    let losing = (sum(Measure::TenantsLosingShare) * results.tenants as f64).round();
    behind.push((format!("{} and {}", Measure::Lost.key(), Measure::TenantsLosingShare.key()), losing));
    behind.retain(|(_, count)| *count > 0.0 && *count < COUNT_MIN);
    behind
}
