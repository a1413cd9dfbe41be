//! The parts of the page below the first screen.

use brownout_methods::indices::Scale;
use brownout_methods::interval::Interval;
use maud::{Markup, html};

use crate::exploration::Explored;
use crate::exploration::tables::{LUCK, names};
use crate::exploration::words::{self, deciding, of_hundred, quoted, sure as how_sure, wish};
use crate::html::table::{Caption, table};
use brownout_chart::value;
use brownout_explore::findings::Choice;
use brownout_explore::search::Searched;

/// For each wish, in how many of 100 futures each schedule is right and wrong.
pub(super) fn choices(explored: &Explored<'_>) -> Markup {
    html! { @for (index, choice) in explored.found.choices.iter().enumerate() { (choice_table(explored, index, choice)) } }
}

fn choice_table(explored: &Explored<'_>, index: usize, choice: &Choice) -> Markup {
    let id = format!("choice-{index}");
    let title = format!("For {}: of 100 futures", wish(&choice.wished));
    let caption = Caption {
        id: &id,
        title: &title,
        note: "Wrong: another schedule is clearly better there, all rivals together at 95 %, or keeps to all limits while it does \
               not. Right: clearly better than, or exactly like, each other one. Luck is kept out by paired replications.",
    };
    let head = html! {
        th scope="col" { "Schedule" } th.num scope="col" { "right" } th.num scope="col" { "wrong" }
        th.num scope="col" { "cannot be told" } th.num scope="col" { "wrong, 95 % interval" }
    };
    let body = html! {
        tbody {
            @for (schedule, shares) in choice.shares.iter().enumerate() {
                @let [right, wrong, open] = of_hundred(*shares);
                tr {
                    th scope="row" {
                        (explored.schedules[schedule])
                        @if schedule == choice.chosen { span.tag.best { "least often wrong" } }
                    }
                    td.num { (right) } td.num { (wrong) } td.num { (open) }
                    td.num { (format!("{:.0} to {:.0}", shares[1].low * 100.0, shares[1].high * 100.0)) }
                }
            }
        }
    };
    table(&caption, &head, &body)
}

/// The sign of the difference: what to find out first, and what that is worth.
pub(super) fn decides(explored: &Explored<'_>) -> Markup {
    let names = names(explored.explore);
    html! {
        @if explored.found.turnings.is_empty() {
            p { "In no future is another schedule clearly better than the one chosen, so no unknown decides which one to take; \
                 what is explained is how large the differences are." }
        }
        @for (index, turning) in explored.found.turnings.iter().enumerate() {
            @let key = explored.explore.outcomes[turning.outcome].measure.key();
            @let (chosen, rival) = (quoted(&explored.schedules[turning.chosen]), quoted(&explored.schedules[turning.rival]));
            h3 { (key) ": which of " (chosen) " and " (rival) " is better" }
            @let order = deciding(turning, &names);
            @if !order.is_empty() { (index_table(&format!("sign-{index}"), &order)) }
            @if let Some((_, Some(stability))) = &turning.sign { p.note { (how_sure(stability, &names).trim()) "." } }
            (cuts(explored, index, turning, &rival))
        }
    }
}

fn index_table(id: &str, order: &[(String, Interval)]) -> Markup {
    let caption = Caption {
        id,
        title: "Share of the variance of the sign that goes through each unknown",
        note: "Total Sobol' index with its 95 % interval over scrambles. Luck is what nobody can find out beforehand.",
    };
    let head = html! { th scope="col" { "Unknown" } th.num scope="col" { "total index" } th.num scope="col" { "95 % interval" } };
    let body = html! {
        tbody {
            @for (name, total) in order.iter().take(8).chain(order.iter().skip(8).filter(|(name, _)| name == LUCK)) {
                tr {
                    th scope="row" { (name) }
                    td.num { (format!("{:.2}", total.value)) }
                    td.num { (format!("{:.2} to {:.2}", total.low, total.high)) }
                }
            }
        }
    };
    table(&caption, &head, &body)
}

/// Where each unknown must lie for the rival to be better, counted in the futures held out.
fn cuts(explored: &Explored<'_>, index: usize, turning: &brownout_explore::findings::Turning, rival: &str) -> Markup {
    let id = format!("cuts-{index}");
    let title = format!("When {rival} is clearly better, unknown by unknown");
    let caption = Caption {
        id: &id,
        title: &title,
        note: "The cut was found in one half of the futures and counted in the other. “Wrong if known”: choices that stay wrong \
               when it is known on which side the unknown lies.",
    };
    let head = html! {
        th scope="col" { "Where" } th.num scope="col" { "there, of 100" } th.num scope="col" { "elsewhere, of 100" }
        th.num scope="col" { "wrong choices of " (turning.cuts.first().map_or(0, |cut| cut.held)) } th.num scope="col" { "wrong if known" }
    };
    let share = |share: Option<f64>| share.map_or_else(|| "none".to_owned(), |share| format!("{:.0}", share * 100.0));
    let body = html! {
        tbody {
            @for cut in turning.cuts.iter().take(5) {
                tr {
                    th scope="row" { (words::limit_words(&explored.explore.unknowns[cut.factor], &cut.limit).join(" and ")) }
                    td.num { (share(cut.inside.density())) } td.num { (share(cut.outside.density())) }
                    td.num { (cut.wrong) } td.num { (cut.wrong_if_known) }
                }
            }
        }
    };
    html! { @if !turning.cuts.is_empty() { (table(&caption, &head, &body)) } }
}

/// The boxes as sentences.
pub(super) fn fails(explored: &Explored<'_>) -> Markup {
    let boxes = &explored.found.boxes;
    html! {
        @if boxes.is_empty() { p { "Nothing was called bad, so no box was looked for: add a Discover step." } }
        @for failing in boxes {
            @for line in words::fails(explored.explore, failing, explored.schedules) { p.said { (line) "." } }
        }
    }
}

/// What a search found; or that none was asked for.
pub(super) fn front(explored: &Explored<'_>) -> Markup {
    let Explored { explore, found, schedules, .. } = *explored;
    html! {
        @for searched in &found.searches {
            @for line in words::searched(explore, searched, schedules) { p.said { (line) } }
            (front_table(explored, searched))
        }
        @for selected in &found.selections {
            @for (index, line) in words::selected(explore, selected, schedules).iter().enumerate() {
                @if index == 0 { p.said { (line) } } @else { p.note { (line.trim()) } }
            }
        }
        @if !found.searches.is_empty() {
        } @else if explored.explore.levers.is_empty() {
            p { "No schedule was searched for: the exploration names no levers." }
        } @else {
            p { "No schedule was searched for: the exploration has levers, and no step searches over them." }
        }
    }
}

/// The schedules that were found, with their levers.
fn front_table(explored: &Explored<'_>, searched: &Searched) -> Markup {
    let explore = explored.explore;
    let caption = Caption {
        id: "front-table",
        title: "The schedules that were found",
        note: "Means over futures that the search never saw, against the first schedule of the study in the same futures; in \
               brackets the interval.",
    };
    let head = html! {
        th scope="col" { "Number" }
        @for lever in &explore.levers { th scope="col" { (lever.factor.name) } }
        @for outcome in &explore.outcomes { th.num scope="col" { (outcome.measure.key()) } }
        th.num scope="col" { "undominated, of 100" } th.num scope="col" { "better in all that is wished, of 100" }
        @for against in &searched.against { th.num scope="col" { "the same if " (quoted(&explore.structures[against.structure])) } }
    };
    let outcome = |interval: &Option<Interval>| match interval {
        Some(i) => format!("{} ({} to {})", value(i.value, ""), value(i.low, ""), value(i.high, "")),
        None => "not in every future".to_owned(),
    };
    let body = html! {
        tbody {
            @for (at, member) in searched.front.iter().enumerate() {
                tr {
                    th scope="row" { (at + 1) @if searched.most_often_better() == Some(at) { span.tag.plain { "most often better" } } }
                    @for lever in words::levers_apart(explore, &member.levers) { td { (lever) } }
                    @for interval in &member.side.outcomes { td.num { (outcome(interval)) } }
                    td.num { (format!("{:.0}", member.not_dominated * 100.0)) }
                    td.num { (format!("{:.0}", member.side.better_in_all * 100.0)) }
                    @for against in &searched.against { td.num { (format!("{:.0}", against.members[at].better_in_all * 100.0)) } }
                }
            }
        }
    };
    table(&caption, &head, &body)
}

/// How sure the numbers are, and what luck alone does.
pub(super) fn sure(explored: &Explored<'_>) -> Markup {
    let names = names(explored.explore);
    let (futures, replications) = explored.explore.futures;
    html! {
        p { "Shares of futures are of " (futures) " draws: their 95 % interval (Wilson) is at most "
            (format!("{:.0}", 100.0 / (futures as f64).sqrt())) " points to either side. Which of two schedules is better in a \
            future is judged by the paired interval of " (replications) " replications; where these do not tell, it says so." }
        @for explained in explored.found.indices.iter().filter(|e| e.scale == Scale::Rank) {
            @if let (Some(luck), Some(stability)) = (explained.factors.last(), &explained.stability) {
                @let of = if explained.is_difference {
                    format!("the difference of {} to {}", quoted(&explored.schedules[explained.schedule]), quoted(&explored.schedules[0]))
                } else {
                    quoted(&explored.schedules[explained.schedule])
                };
                p.note {
                    (explained.measure.key()) ", " (of) ": luck carries "
                    (format!("{:.2} ({:.2} to {:.2})", luck.total.value, luck.total.low, luck.total.high))
                    " of the variance at one replication a point; " (how_sure(stability, &names).trim()) "."
                }
            }
        }
        (spans(explored))
    }
}

/// The span over the futures beside what luck alone does within one.
fn spans(explored: &Explored<'_>) -> Markup {
    let spans = &explored.found.spans;
    let caption = Caption {
        id: "spans",
        title: "The same number, if luck alone were unknown, and with what is not known",
        note: "Half-width of the 95 % interval that so many replications in one future give (median over futures), against the \
               middle 90 of 100 futures.",
    };
    let head = html! {
        th scope="col" { "Schedule" } th scope="col" { "Measure" } th.num scope="col" { "median future" }
        th.num scope="col" { "luck only, ±" } th.num scope="col" { "5th to 95th future" }
    };
    let body = html! {
        tbody {
            @for span in spans {
                tr {
                    th scope="row" { (explored.schedules[span.schedule]) }
                    td { (span.measure.key()) }
                    td.num { (value(span.median, "")) } td.num { (value(span.luck, "")) }
                    td.num { (value(span.low, "")) " to " (value(span.high, "")) }
                }
            }
        }
    };
    html! { @if !spans.is_empty() { (table(&caption, &head, &body)) } }
}

/// What was taken as unknown, with its sources.
pub(super) fn unknowns(explored: &Explored<'_>) -> Markup {
    let caption =
        Caption { id: "unknowns", title: "What was taken as unknown", note: "Each independent of the others." };
    let head = html! { th scope="col" { "Unknown" } th scope="col" { "From, to" } th scope="col" { "Source" } };
    let end = |moved: &brownout_explore::file::Moved, share: f64| match moved.factor.distribution.value(share) {
        brownout_methods::factor::Value::Number(number) => value(number, ""),
        other => brownout_explore::template::shown(moved, other),
    };
    let body = html! {
        tbody {
            @for moved in &explored.explore.unknowns {
                tr {
                    th scope="row" { (moved.factor.name) }
                    td.words { (end(moved, 0.0)) " to " (end(moved, 1.0))
                        @if moved.how == brownout_reading::lever::How::Times { " times what the study has" } }
                    td.words { (moved.source) }
                }
            }
        }
    };
    table(&caption, &head, &body)
}
