//! What is to be done in the first week, so that it can be read aloud where changes are agreed.

use maud::{Markup, html};

use crate::html::table::{Caption, table};
use crate::plan::Story;
use crate::plan::agenda::{Agenda, DAYS, Entry, agenda};
use crate::plan::words::{date, weekday_date};
use brownout_kernel::time::Day;

/// The section.
pub(in crate::plan) fn section(stories: &[Story<'_>]) -> Markup {
    let Agenda { to, entries, next } = agenda(stories);
    if entries.is_empty() && next.is_none() {
        return html! {};
    }
    let last = Day::from_number(to.number() - 1);
    let several = entries.iter().any(|entry| !entry.tenant.is_empty());
    html! {
        section id="week" {
            h2 { "The first " (DAYS) " days" }
            @if entries.is_empty() { p { "Nothing is to be done up to " (weekday_date(last)) "." } } @else { (list(&entries, last, several)) }
            @if let Some(next) = next { p { "Then, on " (weekday_date(next.at.day())) ": " (said(&next)) "." } }
        }
    }
}

fn said(entry: &Entry) -> String {
    let tenant = if entry.tenant.is_empty() { String::new() } else { format!("{}: ", entry.tenant) };
    format!("{tenant}{} ({})", entry.what, entry.who)
}

fn list(entries: &[Entry], last: Day, several: bool) -> Markup {
    let note =
        format!("Up to {}, as planned. Pause commands with their guards stand below and in the scripts.", date(last));
    let caption = Caption { id: "week-caption", title: "What is to be done, day by day (UTC)", note: &note };
    let head = html! {
        th scope="col" { "On" }
        @if several { th scope="col" { "Tenant" } }
        th scope="col" { "Who" }
        th scope="col" { "What" }
    };
    let row = |entry: &Entry| {
        html! {
            tr {
                th.date scope="row" { (weekday_date(entry.at.day())) }
                @if several { td { (entry.tenant) } }
                td { (entry.who) }
                td.words { (entry.what) @if let Some(command) = &entry.command { pre tabindex="0" { code { (command) } } } }
            }
        }
    };
    let body = html! { tbody { @for entry in entries { (row(entry)) } } };
    table(&caption, &head, &body)
}
