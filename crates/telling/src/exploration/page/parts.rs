//! The parts of the page below the first screen.

use brownout_methods::factor::Value;
use brownout_methods::indices::Scale;
use brownout_methods::interval::Interval;
use brownout_reading::lever::How;
use maud::{Markup, html};

use crate::exploration::Explored;
use crate::exploration::tables::{LUCK, names};
use crate::exploration::words::{self, deciding, parts_of_hundred, quoted, sure as how_sure, wish};
use crate::frame::{Heading, Setting, Tone};
use crate::html::table::{Caption, Cell, Sheet, table};
use brownout_chart::value;
use brownout_explore::file::{Explore, Moved};
use brownout_explore::findings::Choice;
use brownout_explore::search::Searched;
use brownout_text::words::of_hundred;

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
    let headings = [
        Heading::text("Schedule"),
        Heading::integer("right", ""),
        Heading::integer("wrong", ""),
        Heading::integer("cannot be told", ""),
        Heading::text("wrong, 95 % interval").set(Setting::Right),
    ];
    let rows = choice.shares.iter().enumerate().map(|(schedule, shares)| {
        let [right, wrong, open] = parts_of_hundred(*shares).map(Cell::of);
        let name = Cell::of(&explored.schedules[schedule]);
        let interval = format!("{} to {}", of_hundred(shares[1].low), of_hundred(shares[1].high));
        [
            name.tag_if(schedule == choice.chosen, Tone::Best, "least often wrong"),
            right,
            wrong,
            open,
            Cell::of(interval),
        ]
    });
    table(&caption, &Sheet::new("choices", headings).rows(rows))
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
    let headings = [
        Heading::text("Unknown"),
        Heading::number("total index", ""),
        Heading::text("95 % interval").set(Setting::Right),
    ];
    let shown = order.iter().take(8).chain(order.iter().skip(8).filter(|(name, _)| name == LUCK));
    let rows = shown.map(|(name, total)| {
        let index = Cell::of(total.value).said(format!("{:.2}", total.value));
        [Cell::of(name), index, Cell::of(format!("{:.2} to {:.2}", total.low, total.high))]
    });
    table(&caption, &Sheet::new("indices", headings).rows(rows))
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
    let held = turning.cuts.first().map_or(0, |cut| cut.held);
    let headings = [
        Heading::text("Where"),
        Heading::number("there, of 100", ""),
        Heading::number("elsewhere, of 100", ""),
        Heading::integer(format!("wrong choices of {held}"), ""),
        Heading::integer("wrong if known", ""),
    ];
    let share = |share: Option<f64>| {
        let words = share.map_or_else(|| "none".to_owned(), of_hundred);
        Cell::of(share.map(|share| share * 100.0)).said(words)
    };
    let rows = turning.cuts.iter().take(5).map(|cut| {
        let limits = words::limit_words(&explored.explore.unknowns[cut.factor], &cut.limit);
        let [inside, outside] = [&cut.inside, &cut.outside].map(|side| share(side.density()));
        let [wrong, known] = [cut.wrong, cut.wrong_if_known].map(Cell::of);
        [Cell::of(limits.join(" and ")), inside, outside, wrong, known]
    });
    html! { @if !turning.cuts.is_empty() { (table(&caption, &Sheet::new("cuts", headings).rows(rows))) } }
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
    let same = searched.against.iter().map(|against| &explore.structures[against.structure]);
    let headings = [Heading::integer("Number", "")]
        .into_iter()
        .chain(explore.levers.iter().map(|lever| Heading::text(&lever.factor.name)))
        .chain(explore.outcomes.iter().map(|outcome| Heading::number(outcome.measure.key(), "")))
        .chain(["undominated, of 100", "better in all that is wished, of 100"].map(|words| Heading::number(words, "")))
        .chain(same.map(|structure| Heading::number(format!("the same if {}", quoted(structure)), "")));
    let rows = (0..searched.front.len()).map(|at| member_row(explore, searched, at));
    table(&caption, &Sheet::new("front", headings).rows(rows))
}

/// A schedule that was found.
fn member_row(explore: &Explore, searched: &Searched, at: usize) -> Vec<Cell> {
    let member = &searched.front[at];
    let outcome = |interval: &Option<Interval>| match interval {
        Some(i) => format!("{} ({} to {})", value(i.value, ""), value(i.low, ""), value(i.high, "")),
        None => "not in every future".to_owned(),
    };
    let share = |share: f64| Cell::of(share * 100.0).said(of_hundred(share));
    let is_best = searched.most_often_better() == Some(at);
    let mut cells = vec![Cell::of(at + 1).tag_if(is_best, Tone::Plain, "most often better")];
    cells.extend(words::levers_apart(explore, &member.levers).into_iter().map(Cell::of));
    let means = member.side.outcomes.iter();
    cells.extend(means.map(|mean| Cell::of(mean.as_ref().map(|mean| mean.value)).said(outcome(mean))));
    cells.extend([member.not_dominated, member.side.better_in_all].map(share));
    cells.extend(searched.against.iter().map(|against| share(against.members[at].better_in_all)));
    cells
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
    let headings = [
        Heading::text("Schedule"),
        Heading::text("Measure"),
        Heading::number("median future", ""),
        Heading::number("luck only, ±", ""),
        Heading::text("5th to 95th future").set(Setting::Right),
    ];
    let rows = spans.iter().map(|span| {
        let ends = format!("{} to {}", value(span.low, ""), value(span.high, ""));
        let (schedule, measure) = (&explored.schedules[span.schedule], span.measure.key());
        [Cell::of(schedule), Cell::of(measure), Cell::of(span.median), Cell::of(span.luck), Cell::of(ends)]
    });
    html! { @if !spans.is_empty() { (table(&caption, &Sheet::new("spans", headings).rows(rows))) } }
}

/// What was taken as unknown, with its sources.
pub(super) fn unknowns(explored: &Explored<'_>) -> Markup {
    let caption =
        Caption { id: "unknowns", title: "What was taken as unknown", note: "Each independent of the others." };
    let headings = [
        Heading::text("Unknown"),
        Heading::text("From, to").set(Setting::Words),
        Heading::text("Source").set(Setting::Words),
    ];
    let end = |moved: &Moved, share: f64| match moved.factor.distribution.value(share) {
        Value::Number(number) => value(number, ""),
        other => brownout_explore::template::shown(moved, other),
    };
    let rows = explored.explore.unknowns.iter().map(|moved| {
        let times = if moved.how == How::Times { " times what the study has" } else { "" };
        let range = format!("{} to {}{times}", end(moved, 0.0), end(moved, 1.0));
        [Cell::of(&moved.factor.name), Cell::of(range), Cell::of(&moved.source)]
    });
    table(&caption, &Sheet::new("unknowns", headings).rows(rows))
}
