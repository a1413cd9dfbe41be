//! A whole run for people: the answer, the question, the tables, and what the numbers of each table are.

use super::{differences, summary};
use crate::answer;
use crate::frame::Frame;
use crate::twin::Twins;
use brownout_experiment::Run;
use brownout_text::outside::printable;
use brownout_text::wrap::wrapped;

/// Widest that sentences are set, in columns; longer lines are hard to read.
const SENTENCE_MAX: usize = 100;
/// Narrowest terminal that is reckoned with, in columns.
const COLUMNS_MIN: usize = 20;

/// What is told beside the results of a run.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Simulation against exact curves.
    pub twins: &'a Twins,
    /// Whether a precision that was asked for is met, in words.
    pub precision: Option<&'a str>,
    /// How often bounds that were asked for are kept, as [`targets`](crate::tables::targets) gives it.
    pub targets: Option<&'a Frame>,
}

/// Everything printed of a run.
///
/// - `width`: columns of the terminal, if known.
pub fn told(run: Run<'_>, beside: Beside<'_>, width: Option<u16>) -> String {
    let Beside { twins, precision, targets } = beside;
    let replications = run.results.replications;
    let columns = width.map_or(usize::MAX, usize::from).clamp(COLUMNS_MIN, SENTENCE_MAX);
    let said = |words: &str| wrapped(words, columns);
    let mut text = format!(
        "{}\n\n{}\n\n{}\n{}\n",
        said(&printable(&answer::sentence(run))),
        said(&printable(run.study.question())),
        summary(run, width),
        said(&means(replications))
    );
    if let Some(table) = differences(run, width) {
        text.push_str(&format!("\n{table}\n{}\n", said(differences_mean(replications))));
    }
    text.extend(precision.map(|words| format!("{words}\n")));
    text.extend(targets.map(|targets| format!("\n{}\n{}\n", targets.text(width), said(TARGETS))));
    if run.results.scenarios.iter().any(|scenario| scenario.exact.is_some()) {
        text.push_str(&format!("\n{twins}\n"));
    }
    text
}

/// What the probabilities of targets are.
const TARGETS: &str = "Shares of replications with their 95 % interval (Wilson): chance under the study's assumptions, not what is not known. \
                       `brownout explore` moves the assumptions.";

/// What the numbers of the summary are.
fn means(replications: u32) -> String {
    match replications {
        1 => "One replication, so there are no intervals.".to_owned(),
        n => format!("Means of {n} replications with the half-width of their 95 % interval."),
    }
}

/// What the numbers of the differences are.
const fn differences_mean(replications: u32) -> &'static str {
    match replications {
        1 => {
            "Differences in one replication: the same tenants lived under both scenarios, but one life of theirs decides nothing."
        }
        _ => {
            "Paired differences with the half-width of their 95 % interval: the same tenants lived under both scenarios."
        }
    }
}
