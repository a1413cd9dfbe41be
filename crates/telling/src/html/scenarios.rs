//! The scenarios side by side: what differs between them, their ladders, and the baselines they enforce.

use maud::{Markup, html};

use super::table::{Caption, Cell, Sheet, table};
use super::words::names;
use crate::frame::{Beside, Heading, Setting, Tone};
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
    let headings = [
        Heading::text("Scenario"),
        Heading::text("In short").set(Setting::Words),
        Heading::text("Changed, as written in the study").set(Setting::Words).blank(),
    ];
    let rows = run.study.scenarios().iter().enumerate().map(|(s, scenario)| {
        let name = Cell::of(&scenario.name).tag_if(s == 0, Tone::Plain, "first");
        [name, Cell::of(&scenario.about), changes(scenario, s == 0)]
    });
    table(&caption, &Sheet::new("scenarios", headings).rows(rows))
}

fn changes(scenario: &Scenario, first: bool) -> Cell {
    if !scenario.changes.is_empty() {
        return Cell::missing().with([Beside::Changes(scenario.changes.clone())]);
    }
    Cell::of(if first {
        "The study's policy and world, unchanged; the others are compared with it."
    } else {
        "Nothing."
    })
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
    let headings = [
        Heading::text("Stage"),
        Heading::integer("From day", ""),
        Heading::integer("Length", "days"),
        Heading::integer("Throttled", "min an hour"),
        Heading::integer("Blocked", "min an hour"),
    ];
    let rows = ladder.stages().iter().enumerate().map(|(k, stage)| {
        let length = match stage.length() {
            Some(length) => Cell::of(days(length)),
            None => Cell::missing().said("open end"),
        };
        let [throttled, blocked] = [stage.minutes().throttle(), stage.minutes().block()].map(Cell::of);
        [stage_name(stage), Cell::of(days(ladder.start_of(k))), length, throttled, blocked]
    });
    table(&caption, &Sheet::new("ladder", headings).rows(rows))
}

/// The name of a stage; a silent one says so.
pub(super) fn stage_name(stage: &Stage) -> Cell {
    Cell::of(stage.name()).tag_if(stage.is_silent(), Tone::Plain, "nobody is told")
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
    let headings = [
        Heading::text("Baseline"),
        Heading::date("In force from"),
        Heading::text("Product"),
        Heading::text("Demands"),
        Heading::integer("Detections spread over", "days"),
    ];
    let rows = scenario.policy.baselines().entries().iter().map(|entry| {
        let demands = entry.minimum().map_or("to be gone".to_owned(), ToString::to_string);
        [
            Cell::of(entry.name()),
            Cell::of(entry.effective().day()),
            Cell::of(catalog.product_name(entry.product())),
            Cell::of(demands),
            Cell::of(days(entry.spread())),
        ]
    });
    table(&caption, &Sheet::new("baselines", headings).rows(rows))
}
