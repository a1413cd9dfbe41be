//! The figures of a study: results in, figures as data out. Titles state the finding, computed from the numbers.
//!
//! Every number in a title or at a line is that of the tables, rounded by the one rule of [`super::numbers`]. With one replication
//! no title finds anything: it says what is shown.

mod compared;
mod mail;
mod remediation;
mod stages;
mod tenants;
#[cfg(test)]
mod tests;

use compared::{differences, loss_against_exposure, overview};
use mail::{non_compliant, weekly};
use remediation::{incidence, time_to_remediation};
use stages::servers_by_stage;
use tenants::{lost_by_tenant, pause_days};

use super::answer::restricts;
use super::numbers::{found, verdict_between};
use brownout_chart::{Figure, Role};
use brownout_experiment::Run;
use brownout_experiment::results::ScenarioResults;
use brownout_experiment::{DailyMeasure, Measure, Verdict};
use brownout_kernel::watch::{Stopped, Watch};
use brownout_text::words::counted;

/// A figure and the name of its file.
#[derive(Debug)]
pub struct NamedFigure {
    /// File name without its ending.
    pub name: &'static str,
    /// The figure.
    pub figure: Figure,
    /// In which terms it is, where there are views in others: "by week".
    pub terms: &'static str,
    /// The same in other terms, for the page.
    pub views: Vec<View>,
}

impl NamedFigure {
    /// A figure without further views.
    pub(super) fn new(name: &'static str, figure: Figure) -> NamedFigure {
        NamedFigure { name, figure, terms: "", views: Vec::new() }
    }
}

/// What a figure shows, in other terms.
#[derive(Debug)]
pub struct View {
    /// In which terms: "cumulative".
    pub label: &'static str,
    /// The figure in these terms.
    pub figure: Figure,
}

/// All figures of a run.
///
/// - `footer`: study, seed, replications and version, printed small under every figure.
/// - `watch`: asked before each figure.
///
/// # Errors
/// [`Stopped`] if the work is to end.
pub fn all(run: Run<'_>, footer: &str, watch: &Watch) -> Result<Vec<NamedFigure>, Stopped> {
    let several = run.study.scenarios().len() > 1;
    let mut figures = Vec::new();
    for &(name, make) in MAKERS.iter().filter(|(name, _)| several || !COMPARING.contains(name)) {
        watch.check()?;
        let mut named = NamedFigure::new(name, make(run).footer(footer));
        let of = match name {
            "mail-lost" => Some((DailyMeasure::Lost, Measure::Lost)),
            "mail-delayed" => Some((DailyMeasure::Delayed, Measure::Delayed)),
            _ => None,
        };
        if let Some((daily, total)) = of {
            watch.check()?;
            (named.terms, named.views) = ("by week", mail::views(run, &daily, total));
        }
        figures.push(named);
    }
    Ok(figures)
}

/// A figure's name and what makes it.
type Maker = (&'static str, fn(Run<'_>) -> Figure);

/// The figures in the order in which they are shown.
const MAKERS: [Maker; 11] = [
    ("loss-exposure", loss_against_exposure),
    ("overview", overview),
    ("mail-lost", |run| weekly(run, &DailyMeasure::Lost, Measure::Lost, "lost")),
    ("mail-delayed", |run| weekly(run, &DailyMeasure::Delayed, Measure::Delayed, "delayed")),
    ("time-to-remediation", time_to_remediation),
    ("servers-by-stage", servers_by_stage),
    ("non-compliant", non_compliant),
    ("incidence", incidence),
    ("lost-by-tenant", lost_by_tenant),
    ("pause-days", pause_days),
    ("differences", differences),
];

/// Those that compare several scenarios.
const COMPARING: [&str; 2] = ["loss-exposure", "differences"];

/// Most panels of one figure.
const PANELS_MAX: usize = 9;

fn role(run: Run<'_>, scenario: usize) -> Role {
    Role::new(run.study.scenarios()[scenario].name.clone(), scenario)
}

fn scenarios<'a>(run: Run<'a>) -> impl Iterator<Item = (usize, &'a ScenarioResults)> {
    run.results.scenarios.iter().enumerate()
}

/// The scenarios with the least and the greatest mean of a measure, of those that restrict mail, if they surely differ.
fn extremes(run: Run<'_>, measure: Measure) -> Option<(usize, usize)> {
    let means = |s: usize| Some((s, found(run, s, measure)?.mean));
    let means: Vec<_> = (0..run.study.scenarios().len()).filter(|&s| restricts(run, s)).filter_map(means).collect();
    let least = means.iter().min_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let most = means.iter().max_by(|a, b| a.1.total_cmp(&b.1))?.0;
    (verdict_between(run, least, most, measure) == Some(Verdict::Fewer)).then_some((least, most))
}

fn name(run: Run<'_>, scenario: usize) -> &str {
    &run.study.scenarios()[scenario].name
}

/// A name in quotation marks.
fn quoted(run: Run<'_>, scenario: usize) -> String {
    format!("\u{201c}{}\u{201d}", name(run, scenario))
}

fn population(run: Run<'_>) -> String {
    let servers = run.results.scenarios[0].servers_per_replication;
    let count = |n: i64, what: &str| counted(n.unsigned_abs(), what);
    format!(
        "{} of {}",
        count(servers, "server"),
        count(run.study.scenarios().baseline().world.tenant_count() as i64, "tenant")
    )
}

/// Whether there are intervals and bands.
fn repeated(run: Run<'_>) -> bool {
    run.results.replications > 1
}

fn replications(run: Run<'_>) -> String {
    match run.results.replications {
        1 => "one replication, so without intervals".to_owned(),
        n => format!("mean of {n} replications"),
    }
}

fn band_words(run: Run<'_>, lines: usize) -> String {
    if !repeated(run) {
        return String::new();
    }
    let which = if lines < run.study.scenarios().len() { " of the first two" } else { "" };
    format!(". Shaded{which}: 5th to 95th percentile of replications")
}
