//! What each stage does to a message, exactly.

use maud::{Markup, html};

use super::scenarios::{shared, stage_name};
use super::table::{Caption, table};
use super::words::{names, percent};
use brownout_chart::value;
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
    let head = html! {
        th scope="col" { "Stage" } th scope="col" { "Retries" }
        th.num scope="col" { "Accepted at once" } th.num scope="col" { "Delayed" }
        th.num scope="col" { "Lost" } th.num scope="col" { "Mean delay " span.unit { "minutes" } }
    };
    let body = html! {
        tbody { @for stage in stages { @for &retry in kinds { (row(stage, layout, retry)) } } }
    };
    table(&Caption { id: &id, title: &title, note: &note }, &head, &body)
}

fn row(stage: &Stage, layout: WindowLayout, retry: RetrySchedule) -> Markup {
    let outcome = MailOutcome::compute(stage.minutes(), layout, retry);
    let delay = outcome.mean_delay_seconds().map_or("–".to_owned(), |seconds| value(seconds / 60.0, ""));
    html! {
        tr {
            th scope="row" { (stage_name(stage)) }
            td { (retry) }
            @for parts in [outcome.at_once, outcome.delayed, outcome.lost()] { td.num { (percent(outcome.share(parts))) } }
            td.num { (delay) }
        }
    }
}
