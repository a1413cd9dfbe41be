//! What is to be done in the first week, so that it can be read aloud where changes are agreed.

use maud::{Markup, html};

use crate::frame::{Beside, Heading, Setting};
use crate::html::table::{Caption, Cell, Sheet, table};
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
    let headings = [Heading::date("On").set(Setting::Line)]
        .into_iter()
        .chain(several.then(|| Heading::text("Tenant")))
        .chain([Heading::text("Who"), Heading::text("What").set(Setting::Words)]);
    let row = |entry: &Entry| {
        let day = entry.at.day();
        let what = Cell::of(&entry.what).with(entry.command.clone().map(Beside::Command));
        [Cell::of(day).said(weekday_date(day))]
            .into_iter()
            .chain(several.then(|| Cell::of(&entry.tenant)))
            .chain([Cell::of(&entry.who), what])
    };
    table(&caption, &Sheet::new("week", headings).rows(entries.iter().map(row)))
}
