//! Results with intervals, paired differences, and the same by group.

use brownout_experiment::{GroupId, Scope};
use maud::{Markup, html};

use super::table::{Caption, Cell, Sheet, table};
use super::words::{estimate, number, signed_estimate, unit};
use crate::frame::{Heading, Tone};
use crate::numbers::verdict_words;
use brownout_experiment::Run;
use brownout_experiment::{Measure, Verdict, difference};

/// The measures under the headings of the tables.
const PARTS: [(&str, &[Measure]); 5] = [
    (
        "Mail",
        &[
            Measure::Sent,
            Measure::Lost,
            Measure::LostBlocked,
            Measure::LostExpired,
            Measure::Delayed,
            Measure::DelayHours,
        ],
    ),
    ("Exposure", &[Measure::Exposure, Measure::NonCompliantServerDays]),
    (
        "Servers",
        &[
            Measure::StillNonCompliant,
            Measure::StillFullyBlocked,
            Measure::RemediatedPatch,
            Measure::RemediatedUpgrade,
            Measure::RemediatedLeave,
            Measure::RemediatedBefore,
        ],
    ),
    (
        "Time from first detection to remediation",
        &[Measure::FirstQuartileDays, Measure::MedianDays, Measure::ThirdQuartileDays, Measure::RestrictedMeanDays],
    ),
    (
        "Tenants",
        &[
            Measure::TenantsLosingShare,
            Measure::LostByTenantP50,
            Measure::LostByTenantP90,
            Measure::LostByTenantP99,
            Measure::PauseDays,
            Measure::OutOfBudgetDays,
        ],
    ),
];

/// The measures of the table of differences.
const COMPARED: [Measure; 12] = [
    Measure::Lost,
    Measure::Delayed,
    Measure::DelayHours,
    Measure::Exposure,
    Measure::NonCompliantServerDays,
    Measure::StillNonCompliant,
    Measure::StillFullyBlocked,
    Measure::MedianDays,
    Measure::RestrictedMeanDays,
    Measure::TenantsLosingShare,
    Measure::LostByTenantP99,
    Measure::PauseDays,
];

/// The measures of the table by group.
const BY_GROUP: [Measure; 4] =
    [Measure::Lost, Measure::Exposure, Measure::NonCompliantServerDays, Measure::StillNonCompliant];

/// The section on results.
pub(super) fn section(run: Run<'_>) -> Markup {
    html! {
        section id="results" {
            (results(run))
        }
    }
}

/// The section on differences; empty for a single scenario.
pub(super) fn differences_section(run: Run<'_>) -> Markup {
    html! {
        @if run.study.scenarios().len() > 1 {
            section id="differences" {
                (differences(run))
            }
        }
    }
}

/// The section by group; empty where no scenario has more than one.
pub(super) fn groups_section(run: Run<'_>) -> Markup {
    html! {
        @if has_groups(run) {
            section id="groups" {
                (groups(run))
            }
        }
    }
}

/// Whether a scenario has more than one group.
pub(super) fn has_groups(run: Run<'_>) -> bool {
    run.study.scenarios().iter().any(|scenario| scenario.world.groups().len() > 1)
}

/// Whether a measure is zero under every scenario.
fn is_zero(run: Run<'_>, measure: Measure) -> bool {
    run.results
        .scenarios
        .iter()
        .all(|results| results.summary(Scope::All, measure).is_some_and(|found| found.estimate.mean == 0.0))
}

/// The measures that are zero under every scenario, in a sentence instead of rows.
fn zeros(run: Run<'_>, measures: &[Measure]) -> String {
    let names: Vec<&str> = measures.iter().filter(|m| is_zero(run, **m)).map(|measure| measure.about().2).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("Zero under every scenario, so left out: {}.", names.join("; "))
    }
}

/// The name of a measure at the head of its row.
fn measure_name(measure: Measure) -> Cell {
    Cell::of(measure.about().2).unit(unit(measure))
}

/// A column of names, then one of numbers for each scenario from `first` on.
fn by_scenario(run: Run<'_>, first: usize) -> impl Iterator<Item = Heading> {
    let scenarios = run.study.scenarios()[first..].iter();
    [Heading::text("Measure")].into_iter().chain(scenarios.map(|scenario| Heading::number(&scenario.name, "")))
}

fn results(run: Run<'_>) -> Markup {
    let intervals = run.results.replications > 1;
    let caption = Caption {
        id: "all-results",
        title: "Every measure by scenario",
        note: if intervals {
            "Mean over replications; ± is half of its 95 % interval, left out where all replications agree."
        } else {
            "One replication, so there are no intervals."
        },
    };
    let mut rows = Sheet::new("results", by_scenario(run, 0));
    for (heading, measures) in PARTS {
        let mut shown = measures.iter().filter(|measure| !is_zero(run, **measure)).peekable();
        if shown.peek().is_some() {
            rows.part(heading);
        }
        shown.for_each(|&measure| rows.row(results_row(run, measure)));
    }
    let zeros = zeros(run, &Measure::ALL);
    html! { (table(&caption, &rows)) @if !zeros.is_empty() { p.note { (zeros) } } }
}

fn results_row(run: Run<'_>, measure: Measure) -> impl Iterator<Item = Cell> {
    let found = run.results.scenarios.iter().map(move |scenario| match scenario.summary(Scope::All, measure) {
        Some(summary) => estimate(measure, &summary.estimate),
        None => Cell::none("not reached"),
    });
    [measure_name(measure)].into_iter().chain(found)
}

fn differences(run: Run<'_>) -> Markup {
    let caption = Caption {
        id: "paired",
        title: "Paired differences",
        note: "The same tenants live under both scenarios, so much of the chance cancels out. ± is half of the 95 % interval of the mean \
               difference; “cannot tell apart yet” where it holds 0. The variance ratio says how many times more unpaired \
               replications would vary.",
    };
    let row = |measure| {
        let others = (1..run.study.scenarios().len()).map(move |s| difference_cell(run, s, measure));
        [measure_name(measure)].into_iter().chain(others)
    };
    let shown = COMPARED.into_iter().filter(|measure| !is_zero(run, *measure));
    table(&caption, &Sheet::new("differences", by_scenario(run, 1)).rows(shown.map(row)))
}

fn difference_cell(run: Run<'_>, scenario: usize, measure: Measure) -> Cell {
    let Some(found) = difference(run.results, scenario, Scope::All, measure) else {
        return Cell::none("not defined");
    };
    let tone = match found.verdict {
        Verdict::Fewer => Tone::Less,
        Verdict::More => Tone::More,
        Verdict::Same => Tone::Plain,
        Verdict::CannotTell => Tone::Unsure,
    };
    let cell = signed_estimate(measure, &found.estimate).tag(tone, verdict_words(run, scenario, 0, measure, &found));
    match found.variance_ratio {
        Some(ratio) => cell.below(format!("variance ratio {}", number(Measure::Lost, ratio))),
        None => cell,
    }
}

fn groups(run: Run<'_>) -> Markup {
    let caption = Caption {
        id: "by-group",
        title: "Groups of tenants by scenario",
        note: "± is half of the 95 % interval of the mean.",
    };
    let measures = BY_GROUP.map(|measure| Heading::number(measure.about().2, unit(measure)).blank());
    let mut rows = Sheet::new("groups", [Heading::text("Group")].into_iter().chain(measures));
    for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
        rows.part(&scenario.name);
        for (id, group) in GroupId::each(scenario.world.groups().len()).zip(scenario.world.groups()) {
            let found = BY_GROUP.map(|measure| match results.summary(Scope::Group(id), measure) {
                Some(found) => estimate(measure, &found.estimate),
                None => Cell::missing(),
            });
            rows.row([Cell::of(group.name())].into_iter().chain(found));
        }
    }
    table(&caption, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_results_has_every_measure_once() {
        let mut listed: Vec<_> = PARTS.iter().flat_map(|part| part.1).copied().collect();
        listed.sort();
        let mut all = Measure::ALL.to_vec();
        all.sort();
        assert_eq!(listed, all);
    }
}
