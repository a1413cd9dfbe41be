//! The analytic twin of a run: does the simulation agree with it, and its numbers as a file.

use super::Run;
use super::tables::{Table, cell};
use crate::experiment::ScenarioResults;
use crate::experiment::measure::survival;
use crate::time::SimTime;
use crate::twin::{Agreement, compare};

/// How far the solvable scenarios of a run agree with their exact curves.
#[derive(Clone, Debug, PartialEq)]
pub struct Twins {
    /// The solvable scenarios by their place in the study.
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
    for (place, results) in run.results.scenarios.iter().enumerate() {
        let Some(exact) = &results.exact else { continue };
        let found = compare(exact, &results.curves[0]);
        if !found.agrees {
            return Err(Disagreement { scenario: run.study.scenarios[place].name.clone(), found });
        }
        agreements.push((place, found));
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
pub fn table(run: Run<'_>) -> Vec<u8> {
    let mut table = Table::new(&["scenario", "day", "exact", "simulated", "se"]);
    for (scenario, results) in run.study.scenarios.iter().zip(&run.results.scenarios) {
        for [day, exact, simulated, se] in rows(results) {
            table.row([scenario.name.clone(), day, exact, simulated, se]);
        }
    }
    table.bytes()
}

fn rows(results: &ScenarioResults) -> Vec<[String; 4]> {
    let Some(exact) = &results.exact else { return Vec::new() };
    let curve = survival(&results.curves[0]);
    let row = |(&day, &share): (&f64, &f64)| {
        let point = curve.as_ref().and_then(|curve| curve.at(day));
        let simulated = point.map(|point| point.survival);
        [day.to_string(), share.to_string(), cell(simulated), cell(point.and_then(|point| point.se))]
    };
    exact.days.iter().zip(&exact.survival).map(row).collect()
}

/// In words: whether a scenario has an exact solution over `[start, horizon)`, or why not.
pub fn words(scenario: &crate::study::Scenario, start: SimTime, horizon: SimTime) -> String {
    match crate::twin::exact(scenario, start, horizon) {
        Ok(exact) => format!("solvable; compared on days 0 to {}", exact.days.len() - 1),
        Err(error) => error.to_string(),
    }
}
