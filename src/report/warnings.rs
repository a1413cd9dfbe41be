//! Valid but doubtful results, each with a next step.

use super::Run;
use crate::experiment::Measure;

/// Share of censored servers above which a curve says little.
const CENSORED_MAX: f64 = 0.9;

/// The warnings of a run.
pub fn of(run: Run<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(partial) = &run.results.partial {
        found.push(format!("PARTIAL RESULT: {partial}; run what is missing and merge again"));
    }
    if run.results.replications == 1 {
        found.push("one replication gives no interval; ask for at least 5 replications".to_owned());
    }
    for (scenario, results) in run.study.scenarios.iter().zip(&run.results.scenarios) {
        let curve = &results.curves[0];
        let total = curve.total();
        let censored = curve.censored.iter().sum::<i64>();
        if total > 0 && censored as f64 > CENSORED_MAX * total as f64 {
            let share = 100.0 * censored as f64 / total as f64;
            let name = &scenario.name;
            found.push(format!(
                "in \"{name}\" {share:.0} % of the servers are not remediated by the horizon; lengthen it, or give them a route"
            ));
        }
        if total == 0 {
            found.push(format!("in \"{}\" no server is ever detected; check baselines and builds", scenario.name));
        }
        if results.summary(0, Measure::Sent).is_some_and(|sent| sent.estimate.mean == 0.0) {
            found.push(format!("in \"{}\" no mail is sent; check messages_per_day", scenario.name));
        }
    }
    found
}
