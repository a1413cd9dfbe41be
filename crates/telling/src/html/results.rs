//! Results with intervals, paired differences, and the same by group.

use brownout_experiment::{GroupId, Scope};
use maud::{Markup, html};

use super::table::{Caption, table};
use super::words::{estimate, number, signed_estimate, unit};
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

fn measure_name(measure: Measure) -> Markup {
    html! { (measure.about().2) " " span.unit { (unit(measure)) } }
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
    let head = html! {
        th scope="col" { "Measure" }
        @for scenario in run.study.scenarios() { th.num scope="col" { (scenario.name) } }
    };
    let body = html! {
        @for (heading, measures) in PARTS {
            @if measures.iter().any(|measure| !is_zero(run, *measure)) { tbody {
                tr.part { th scope="rowgroup" colspan=(run.study.scenarios().len() + 1) { span { (heading) } } }
                @for &measure in measures.iter().filter(|measure| !is_zero(run, **measure)) { (results_row(run, measure)) }
            } }
        }
    };
    let zeros = zeros(run, &Measure::ALL);
    html! { (table(&caption, &head, &body)) @if !zeros.is_empty() { p.note { (zeros) } } }
}

fn results_row(run: Run<'_>, measure: Measure) -> Markup {
    html! {
        tr {
            th scope="row" { (measure_name(measure)) }
            @for scenario in &run.results.scenarios {
                td.num {
                    @match scenario.summary(Scope::All, measure) {
                        Some(summary) => (estimate(measure, &summary.estimate)),
                        None => span.none { "not reached" },
                    }
                }
            }
        }
    }
}

fn differences(run: Run<'_>) -> Markup {
    let caption = Caption {
        id: "paired",
        title: "Paired differences",
        note: "The same tenants live under both scenarios, so much of the chance cancels out. ± is half of the 95 % interval of the mean \
               difference; “cannot tell apart yet” where it holds 0. The variance ratio says how many times more unpaired \
               replications would vary.",
    };
    let head = html! {
        th scope="col" { "Measure" }
        @for scenario in &run.study.scenarios()[1..] { th.num scope="col" { (scenario.name) } }
    };
    let body = html! {
        tbody {
            @for measure in COMPARED.into_iter().filter(|measure| !is_zero(run, *measure)) {
                tr {
                    th scope="row" { (measure_name(measure)) }
                    @for s in 1..run.study.scenarios().len() { td.num { (difference_cell(run, s, measure)) } }
                }
            }
        }
    };
    table(&caption, &head, &body)
}

fn difference_cell(run: Run<'_>, scenario: usize, measure: Measure) -> Markup {
    let Some(found) = difference(run.results, scenario, Scope::All, measure) else {
        return html! { span.none { "not defined" } };
    };
    let class = match found.verdict {
        Verdict::Fewer => "tag less",
        Verdict::More => "tag more",
        Verdict::Same => "tag plain",
        Verdict::CannotTell => "tag unsure",
    };
    html! {
        (signed_estimate(measure, &found.estimate))
        span class=(class) { (verdict_words(run, scenario, 0, measure, &found)) }
        @if let Some(ratio) = found.variance_ratio { span.pm { "variance ratio " (number(Measure::Lost, ratio)) } }
    }
}

fn groups(run: Run<'_>) -> Markup {
    let caption = Caption {
        id: "by-group",
        title: "Groups of tenants by scenario",
        note: "± is half of the 95 % interval of the mean.",
    };
    let head = html! {
        th scope="col" { "Group" }
        @for measure in BY_GROUP { th.num scope="col" { (measure_name(measure)) } }
    };
    let body = html! {
        @for (scenario, results) in run.study.scenarios().iter().zip(&run.results.scenarios) {
            tbody {
                tr.part { th scope="rowgroup" colspan=(BY_GROUP.len() + 1) { span { (scenario.name) } } }
                @for (id, group) in GroupId::each(scenario.world.groups().len()).zip(scenario.world.groups()) {
                    tr {
                        th scope="row" { (group.name()) }
                        @for measure in BY_GROUP {
                            td.num { @if let Some(found) = results.summary(Scope::Group(id), measure) { (estimate(measure, &found.estimate)) } }
                        }
                    }
                }
            }
        }
    };
    table(&caption, &head, &body)
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
