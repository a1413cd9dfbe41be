//! The analytic twin of a run: does the simulation agree with it, and its numbers as a file.

use crate::columns;
use crate::frame::{CsvRows, Value};
use brownout_experiment::Run;
use brownout_experiment::lifetimes::survival;
use brownout_experiment::twin::{Agreement, compare};

/// How far the solvable scenarios of a run agree with their exact curves.
#[derive(Clone, Debug, PartialEq)]
pub struct Twins {
    /// The solvable scenarios by their index in the study.
    pub agreements: Vec<(usize, Agreement)>,
    /// Scenarios of the study.
    pub scenarios: usize,
}

/// A simulation that strays from its exact curve further than chance allows.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "scenario \"{scenario}\" disagrees with its analytic twin: day {} after first detection, {}: simulated {:.6}, exact {:.6}, \
     {:.1} standard errors apart where {:.1} are allowed; one of the two is wrong, so nothing was written; please report this \
     with the study file",
    .found.worst_day, .found.quantity, .found.simulated, .found.exact, .found.deviation, .found.allowed
)]
pub struct Disagreement {
    /// Name of the scenario.
    pub scenario: String,
    /// Where it differs most.
    pub found: Agreement,
}

/// Compares every solvable scenario with its exact curves.
///
/// # Errors
/// [`Disagreement`] of the first scenario that strays too far.
pub fn check(run: Run<'_>) -> Result<Twins, Disagreement> {
    let mut agreements = Vec::new();
    for (index, results) in run.results.scenarios.iter().enumerate() {
        let Some(exact) = &results.exact else { continue };
        let found = compare(exact, &results.curves[0]);
        if !found.agrees {
            return Err(Disagreement { scenario: run.study.scenarios()[index].name.clone(), found });
        }
        agreements.push((index, found));
    }
    Ok(Twins { agreements, scenarios: run.results.scenarios.len() })
}

impl std::fmt::Display for Twins {
    /// One line for people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "analytic twin: {} of {} scenarios solvable", self.agreements.len(), self.scenarios)?;
        let worst = self.agreements.iter().map(|(_, agreement)| agreement);
        match worst.max_by(|a, b| a.deviation.total_cmp(&b.deviation)) {
            Some(worst) => write!(
                f,
                "; agree within {:.1} standard errors on every day ({:.1} allowed)",
                worst.deviation, worst.allowed
            ),
            None => Ok(()),
        }
    }
}

/// `twin.csv`: survival of first cycles by day, exact and simulated with its standard error (Greenwood).
pub fn table(run: Run<'_>) -> CsvRows {
    let columns = columns![Text scenario, Number day "days", Number exact, Number simulated, Number se];
    let exact = run.results.scenarios.iter().filter_map(|results| results.exact.as_ref());
    let mut table = CsvRows::new(columns, exact.map(|exact| exact.days.len()).sum());
    for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
        let Some(exact) = &results.exact else { continue };
        let curve = survival(&results.curves[0]);
        for (&day, &share) in exact.days.iter().zip(&exact.survival) {
            let point = curve.as_ref().and_then(|curve| curve.at(day));
            let simulated = [point.map(|point| point.survival), point.and_then(|point| point.se)];
            let names = [Value::from(&scenario.name), day.into(), share.into()];
            table.row(names.into_iter().chain(simulated.map(Value::from)));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use brownout_experiment::{Results, Runner};
    use brownout_reading::compose::compose;
    use brownout_reading::text::SourceFile;

    /// The shipped study with two replications; the comparison's own bound.
    #[test]
    fn a_run_passes_and_a_spoilt_curve_fails_it_by_name() {
        let text = brownout_scenarios::text("analytic-twin.ron").unwrap().to_owned();
        let file = Arc::new(SourceFile { path: "analytic-twin.ron".to_owned(), text });
        let study = compose("analytic-twin", &file, &mut |_| Err("no further files".to_owned())).0.unwrap();
        let mut results = Results::run(&Runner::new(&study), 2, &|_| ());
        let twins = check(Run { study: &study, results: &results }).unwrap();
        assert!(twins.to_string().starts_with("analytic twin: 3 of 3 scenarios solvable; agree within "), "{twins}");
        let rows = String::from_utf8(table(Run { study: &study, results: &results }).bytes()).unwrap();
        assert!(rows.starts_with("scenario,day,exact,simulated,se\nannounced,0,1,1,0\nannounced,1,0.99"), "{rows}");
        assert_eq!(rows.lines().count(), 1 + 3 * 451);

        results.scenarios[1].exact.as_mut().unwrap().counted.survival[40] += 0.1;
        let error = check(Run { study: &study, results: &results }).unwrap_err();
        let (day, exact) = (error.found.worst_day, error.found.exact);
        assert_eq!((error.scenario.as_str(), day), ("added at the block", 40));
        let message = error.to_string();
        assert!(message.contains("\"added at the block\"") && message.contains("day 40"), "{message}");
        assert!(message.contains(&format!("exact {exact:.6}")), "{message}");

        results.scenarios.iter_mut().for_each(|scenario| scenario.exact = None);
        let none = check(Run { study: &study, results: &results }).unwrap();
        assert_eq!(none.to_string(), "analytic twin: 0 of 3 scenarios solvable");
    }
}
