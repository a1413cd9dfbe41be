//! How much time jobs are given, where several times were tried.

use maud::{Markup, html};

use crate::frame::{Beside, Heading, Setting, Tone};
use crate::html::table::{Caption, Cell, Sheet, table};
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
    let headings = [
        Heading::share("Time for jobs").note("enough in so many cases"),
        Heading::instant("Last cut-over").note("as planned").set(Setting::Line),
        Heading::instant("All done").note(format!("in {level} of cases")).set(Setting::Line),
        Heading::number("Cost", "points, mean"),
        Heading::number("Worst 5 %", "points, mean"),
        Heading::number("Above the chosen one", "points, mean, and its 95 % interval").blank(),
    ];
    let buffers = &story.findings.buffers;
    html! {
        @if !buffers.is_empty() {
            section id="buffers" {
                h2 { "Time for jobs" }
                (table(&caption, &Sheet::new("buffers", headings).rows(buffers.iter().map(row))))
            }
        }
    }
}

fn row(buffer: &Buffer) -> [Cell; 6] {
    let quantile = Cell::of(buffer.quantile).said(percent(buffer.quantile));
    let last = buffer.last.map_or("all done".to_owned(), words::date_or_never);
    let more = Cell::of((!buffer.is_chosen).then_some(buffer.more.0));
    let interval = buffer.more.1.filter(|_| !buffer.is_chosen);
    [
        quantile.tag_if(buffer.is_chosen, Tone::Best, "chosen"),
        Cell::of(buffer.last).said(last),
        Cell::of(buffer.sure).said(words::date_or_never(buffer.sure)),
        Cell::of(buffer.cost.mean),
        Cell::of(buffer.cost.tail),
        more.with(interval.map(|ends| Beside::Below(format!("{} to {}", value(ends.low, ""), value(ends.high, ""))))),
    ]
}
