//! How much time jobs are given, where several times were tried.

use maud::{Markup, html};

use crate::html::table::{Caption, table};
use crate::plan::Story;
use crate::plan::words::{self, percent};
use brownout_chart::value;
use brownout_planner::chance::buffers::Buffer;
use brownout_text::words::counted;

/// The times for jobs that were tried, if any were.
pub(super) fn section(story: &Story<'_>) -> Markup {
    let project = story.project();
    let note = format!(
        "Each row is a plan of its own, with pauses of its own, lived in the same {}. The plan is made with the time for which half the \
         mean and half the mean of the worst twentieth come to least (that half is assumed). It is chosen and judged in the same futures, after a \
         shorter search than the plan's own, so its figures here are somewhat too good.",
        counted(u64::from(project.replications), "future")
    );
    let caption = Caption { id: "buffers-caption", title: "How much time jobs are given", note: &note };
    let level = percent(project.risk.level);
    let head = html! {
        th scope="col" { "Time for jobs" span.unit { "enough in so many cases" } }
        th scope="col" { "Last cut-over" span.unit { "as planned" } }
        th scope="col" { "All done" span.unit { "in " (level) " of cases" } }
        th.num scope="col" { "Cost" span.unit { "points, mean" } }
        th.num scope="col" { "Worst 5 %" span.unit { "points, mean" } }
        th.num scope="col" { "Above the chosen one" span.unit { "points, mean, and its 95 % interval" } }
    };
    let row = |buffer: &Buffer| {
        html! {
            tr {
                th scope="row" { (percent(buffer.quantile)) @if buffer.is_chosen { span.tag.best { "chosen" } } }
                td.date { (buffer.last.map_or("all done".to_owned(), words::date_or_never)) }
                td.date { (words::date_or_never(buffer.sure)) }
                td.num { (value(buffer.cost.mean, "")) }
                td.num { (value(buffer.cost.tail, "")) }
                td.num {
                    @if !buffer.is_chosen {
                        (value(buffer.more.0, ""))
                        @if let Some(interval) = buffer.more.1 { span.pm { (value(interval.low, "")) " to " (value(interval.high, "")) } }
                    }
                }
            }
        }
    };
    html! {
        @if !story.findings.buffers.is_empty() {
            section id="buffers" {
                h2 { "Time for jobs" }
                (table(&caption, &head, &html! { tbody { @for buffer in &story.findings.buffers { (row(buffer)) } } }))
            }
        }
    }
}
