//! The scenarios side by side: what differs between them, their ladders, and the baselines they enforce.

use maud::{Markup, html};

use super::table::{Caption, table};
use super::words::names;
use brownout_experiment::Run;
use brownout_experiment::study::Scenario;
use brownout_kernel::policy::{Ladder, Stage};
use brownout_kernel::time::SimDuration;

/// The section.
pub(super) fn section(run: Run<'_>) -> Markup {
    html! {
        section id="scenarios" {
            (differences(run))
            h3 { "Ladders" }
            div.side {
                @for (i, (ladder, scenarios)) in ladders(run).into_iter().enumerate() {
                    (ladder_table(i, ladder, &names(run, &scenarios)))
                }
            }
            h3 { "Baselines" }
            div.side {
                @for (i, scenarios) in baselines(run).into_iter().enumerate() {
                    (baseline_table(i, &run.study.scenarios()[scenarios[0]], &names(run, &scenarios)))
                }
            }
        }
    }
}

fn differences(run: Run<'_>) -> Markup {
    let caption = Caption {
        id: "what-differs",
        title: "What differs between the scenarios",
        note: "Generated from the study; everything else is the same in all of them.",
    };
    let head = html! { th scope="col" { "Scenario" } th scope="col" { "In short" } th scope="col" { "Changed, as written in the study" } };
    let rows = html! {
        @for (s, scenario) in run.study.scenarios().iter().enumerate() {
            tr {
                th scope="row" { (scenario.name) @if s == 0 { span.tag.plain { "first" } } }
                td.words { (scenario.about) }
                td.words { (changes(scenario, s == 0)) }
            }
        }
    };
    table(&caption, &head, &html! { tbody { (rows) } })
}

fn changes(scenario: &Scenario, first: bool) -> Markup {
    html! {
        @if scenario.changes.is_empty() {
            @if first { "The study's policy and world, unchanged; the others are compared with it." } @else { "Nothing." }
        } @else {
            ul.changes { @for (path, value) in &scenario.changes { li { code { (path) } " = " code { (value) } } } }
        }
    }
}

/// Things that several scenarios share, with the scenarios, in the order of the study.
pub(super) fn shared<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<(T, Vec<usize>)> {
    let mut found: Vec<(T, Vec<usize>)> = Vec::new();
    for (s, item) in items.into_iter().enumerate() {
        match found.iter_mut().find(|known| known.0 == item) {
            Some(known) => known.1.push(s),
            None => found.push((item, vec![s])),
        }
    }
    found
}

fn ladders<'a>(run: Run<'a>) -> Vec<(&'a Ladder, Vec<usize>)> {
    let ladders = shared(run.study.scenarios().iter().map(|scenario| scenario.policy.ladder().stages()));
    ladders.into_iter().map(|(_, scenarios)| (run.study.scenarios()[scenarios[0]].policy.ladder(), scenarios)).collect()
}

fn days(length: SimDuration) -> i64 {
    length.days_f64() as i64
}

fn ladder_table(index: usize, ladder: &Ladder, scenarios: &str) -> Markup {
    let (id, title) = (format!("ladder-{index}"), format!("Ladder of {scenarios}"));
    let caption = Caption { id: &id, title: &title, note: "Days count from first detection, pauses left out." };
    let head = html! {
        th scope="col" { "Stage" } th.num scope="col" { "From day" } th.num scope="col" { "Length " span.unit { "days" } }
        th.num scope="col" { "Throttled " span.unit { "min an hour" } } th.num scope="col" { "Blocked " span.unit { "min an hour" } }
    };
    let rows = html! {
        @for (k, stage) in ladder.stages().iter().enumerate() {
            tr {
                th scope="row" { (stage_name(stage)) }
                td.num { (days(ladder.start_of(k))) }
                td.num { (stage.length().map_or("open end".to_owned(), |length| days(length).to_string())) }
                td.num { (stage.minutes().throttle()) } td.num { (stage.minutes().block()) }
            }
        }
    };
    table(&caption, &head, &html! { tbody { (rows) } })
}

/// The name of a stage; a silent one says so.
pub(super) fn stage_name(stage: &Stage) -> Markup {
    html! { (stage.name()) @if stage.is_silent() { span.tag.plain { "nobody is told" } } }
}

fn baselines(run: Run<'_>) -> Vec<Vec<usize>> {
    let all = shared(run.study.scenarios().iter().map(|scenario| scenario.policy.baselines().entries()));
    all.into_iter().map(|found| found.1).collect()
}

fn baseline_table(index: usize, scenario: &Scenario, scenarios: &str) -> Markup {
    let (id, title) = (format!("baselines-{index}"), format!("Baselines of {scenarios}"));
    let caption =
        Caption { id: &id, title: &title, note: "From its date on, servers below a baseline are non-compliant." };
    let catalog = scenario.world.catalog();
    let head = html! {
        th scope="col" { "Baseline" } th scope="col" { "In force from" } th scope="col" { "Product" }
        th scope="col" { "Demands" } th.num scope="col" { "Detections spread over " span.unit { "days" } }
    };
    let rows = html! {
        @for entry in scenario.policy.baselines().entries() {
            tr {
                th scope="row" { (entry.name()) }
                td { (entry.effective().day()) }
                td { (catalog.product_name(entry.product())) }
                td { (entry.minimum().map_or("to be gone".to_owned(), ToString::to_string)) }
                td.num { (days(entry.spread())) }
            }
        }
    };
    table(&caption, &head, &html! { tbody { (rows) } })
}
