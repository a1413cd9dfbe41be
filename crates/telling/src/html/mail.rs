//! What each stage does to a message, exactly.

use maud::{Markup, html};

use super::scenarios::{shared, stage_name};
use super::table::{Caption, Cell, Sheet, table};
use super::words::names;
use crate::frame::Heading;
use brownout_experiment::Run;
use brownout_kernel::mail::{MailOutcome, RetrySchedule};
use brownout_kernel::policy::{Stage, WindowLayout};
use brownout_kernel::sim::rules::mail_kinds;

/// The section.
pub(super) fn section(run: Run<'_>) -> Markup {
    let tables =
        shared(run.study.scenarios().iter().map(|scenario| {
            (scenario.policy.ladder().stages(), scenario.policy.layout(), mail_kinds(&scenario.world))
        }));
    html! {
        section id="mail" {
            p { "Computed exactly from the minutes, their layout in the hour and the sender's retries; no chance enters." }
            div.side {
            @for (i, ((stages, layout, kinds), scenarios)) in tables.into_iter().enumerate() {
                (stage_table(i, stages, layout, &kinds, &names(run, &scenarios)))
            }
            }
        }
    }
}

fn stage_table(
    index: usize,
    stages: &[Stage],
    layout: WindowLayout,
    kinds: &[RetrySchedule],
    scenarios: &str,
) -> Markup {
    let (id, title) = (format!("mail-{index}"), format!("Messages under {scenarios}"));
    let note = format!("Layout of the minutes: {}. Mean delay is that of the delayed messages.", layout.name());
    let headings = [
        Heading::text("Stage"),
        Heading::text("Retries"),
        Heading::share("Accepted at once"),
        Heading::share("Delayed"),
        Heading::share("Lost"),
        Heading::number("Mean delay", "minutes"),
    ];
    let all = stages.iter().flat_map(|stage| kinds.iter().map(move |&retry| row(stage, layout, retry)));
    table(&Caption { id: &id, title: &title, note: &note }, &Sheet::new("mail_by_stage", headings).rows(all))
}

fn row(stage: &Stage, layout: WindowLayout, retry: RetrySchedule) -> [Cell; 6] {
    let outcome = MailOutcome::compute(stage.minutes(), layout, retry);
    let delay = outcome.mean_delay_seconds().map(|seconds| seconds / 60.0);
    let [at_once, delayed, lost] =
        [outcome.at_once, outcome.delayed, outcome.lost()].map(|parts| Cell::of(outcome.share(parts)));
    [stage_name(stage), Cell::of(retry.to_string()), at_once, delayed, lost, Cell::of(delay)]
}
