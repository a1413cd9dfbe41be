//! The dates for people: what happens when, where things stand, then every stage.

use brownout::policy::{Answer, Ladder, Minutes, Period, WindowLayout};
use brownout::time::{DAY_SECONDS, SimDuration, SimTime};
use brownout::timeline::{Headlines, Now, Timeline, smtp_texts, stage_name};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::words::{self, count, date_time, distance, minutes};
use super::{Findings, Subject, build_words, overview};

/// Columns of a narrow terminal.
const WIDTH: u16 = 80;

/// Everything printed. Several servers give an overview, and their stages only if they were asked for by name.
pub(super) fn print(findings: &Findings, named: bool) -> String {
    let mut text = String::new();
    if findings.subjects.len() > 1 {
        text.push_str(&overview::print(findings));
    }
    if findings.subjects.len() == 1 || named {
        for subject in &findings.subjects {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&one(findings, subject));
        }
    }
    let notes = notes(findings);
    if !notes.is_empty() {
        text.push_str("\nNotes\n");
    }
    for note in notes {
        text.push_str(&wrapped(&note, "  - ", "    "));
    }
    if findings.subjects.len() > 1 && !named {
        text.push_str("\nEvery stage of a server: --server NAME; of all: --format csv\n");
    }
    text
}

/// Notes on single servers, with their names, and on all; the same words only once.
pub(super) fn notes(findings: &Findings) -> Vec<String> {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for subject in &findings.subjects {
        for note in &subject.notes {
            let note = note.to_string();
            match told.iter_mut().find(|entry| entry.0 == note) {
                Some(entry) => entry.1.push(subject.name()),
                None => told.push((note, vec![subject.name()])),
            }
        }
    }
    let several = findings.subjects.len() > 1;
    let with_names = |(note, names): (String, Vec<&str>)| {
        if several { format!("{}: {note}", names.join(", ")) } else { note }
    };
    let shared = findings.notes.iter().map(ToString::to_string);
    let order = findings.date_order.clone().filter(|_| findings.subjects.iter().any(|s| s.server.is_some()));
    told.into_iter().map(with_names).chain(shared).chain(order).collect()
}

fn one(findings: &Findings, subject: &Subject) -> String {
    let mut text = String::new();
    if let Some(server) = &subject.server {
        let (build, verdict) = build_words(server);
        text.push_str(&format!("{}: Exchange {build} ({verdict})\n\n", server.record.name));
    }
    text.push_str(&headlines(findings, &subject.timeline));
    text.push('\n');
    text.push_str(&standing(findings, subject));
    text.push('\n');
    text.push_str(&stages(findings, subject));
    text.push('\n');
    text.push_str(&replies(&subject.timeline.periods));
    text
}

/// The days that matter, the worst first.
fn headlines(findings: &Findings, timeline: &Timeline) -> String {
    let at = findings.at;
    let Headlines { throttled_from, blocked_from, all_blocked_from } = timeline.headlines;
    let paused = timeline.now.is_some_and(|now| now.standing.period.paused);
    let say = |day: SimTime, [ahead, since, once]: [&'static str; 3]| match (day > at, paused) {
        (true, _) => ahead,
        (false, false) => since,
        (false, true) => once,
    };
    let mut lines = Vec::new();
    if let Some(day) = blocked_from.filter(|_| blocked_from != all_blocked_from) {
        lines.push((say(day, ["Mail begins to bounce on", "Mail has bounced since", "Mail first bounced on"]), day));
    }
    if let Some(day) = all_blocked_from {
        lines.push((
            say(day, ["All mail bounces from", "All mail has bounced since", "All mail first bounced on"]),
            day,
        ));
    }
    if let Some(day) = throttled_from {
        lines.push((
            say(day, ["Mail begins to be delayed on", "Mail has been delayed since", "Mail was first delayed on"]),
            day,
        ));
    }
    if lines.is_empty() {
        return format!("Policy {} neither throttles nor blocks anything.\n", findings.policy.name);
    }
    let width = lines.iter().map(|line| line.0.len()).max().unwrap_or(0);
    let line =
        |(words, day): (&str, SimTime)| format!("{words:width$}  {} UTC, {}\n", date_time(day), distance(at, day));
    lines.into_iter().map(line).collect()
}

fn standing(findings: &Findings, subject: &Subject) -> String {
    let (policy, at) = (&findings.policy, findings.at);
    let timeline = &subject.timeline;
    let mut text = match &timeline.now {
        None => format!("Now ({at}): before first detection\n"),
        Some(now) => stands(findings, now),
    };
    let next = match &timeline.now {
        None => timeline.periods.first(),
        Some(now) => now.next.as_ref(),
    };
    match next {
        Some(next) => text.push_str(&wrapped(
            &format!(
                "Next: {} from {} UTC, {}: {}",
                label(&policy.ladder, next),
                date_time(next.from),
                distance(at, next.from),
                minutes(next.minutes)
            ),
            "",
            "  ",
        )),
        None => text.push_str("Next: nothing; it stays like this until the server is updated or removed\n"),
    }
    let budget = policy.pauses.budget_days;
    let years = timeline.budget.iter().map(|year| format!("{} of {budget} in {}", year.left, year.year));
    text.push_str(&format!("Pause days left: {}\n", years.collect::<Vec<_>>().join(", ")));
    text
}

fn stands(findings: &Findings, now: &Now) -> String {
    let period = &now.standing.period;
    let mut text = wrapped(
        &format!(
            "Now ({}): {}, day {} on the clock: {}",
            findings.at,
            label(&findings.policy.ladder, period),
            days(now.standing.served),
            minutes(period.minutes)
        ),
        "",
        "  ",
    );
    if let Some(until) = now.paused_until {
        text.push_str(&format!("  Pause until {} UTC, {}\n", date_time(until), distance(findings.at, until)));
    }
    if period.minutes.restrict() {
        let Minutes { throttle, block } = period.minutes;
        let answer = match now.answer {
            None => format!("by chance: 450 for {throttle}, 550 for {block} of 60 connections"),
            Some(Answer::Accept) => "accepted".to_owned(),
            Some(Answer::Throttled { .. }) => "450, try again later".to_owned(),
            Some(Answer::Blocked { .. }) => "550, bounced".to_owned(),
        };
        let assumed = match findings.policy.layout {
            _ if block >= 60 => "",
            WindowLayout::Random => " (layout random)",
            layout => &format!(", by layout {} (where the minutes really lie is not public)", layout.name()),
        };
        text.push_str(&wrapped(&format!("A connection at this second is {answer}{assumed}"), "  ", "  "));
    }
    text
}

/// `throttle-10`, `throttle-10, paused`.
pub(super) fn label(ladder: &Ladder, period: &Period) -> String {
    let stage = stage_name(ladder, period);
    if period.paused { format!("{stage}, paused") } else { stage.to_owned() }
}

/// Days on a clock, without decimals where there are none.
fn days(served: SimDuration) -> String {
    if served.seconds() % DAY_SECONDS == 0 {
        (served.seconds() / DAY_SECONDS).to_string()
    } else {
        format!("{:.1}", served.days_f64())
    }
}

fn stages(findings: &Findings, subject: &Subject) -> String {
    let mut table = plain_table();
    table.set_header(["", "stage", "from (UTC)", "until", "day", "450", "550"]);
    for column in 4..=6 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let number = |n: u8| if n == 0 { "-".to_owned() } else { n.to_string() };
    for period in &subject.timeline.periods {
        let here = period.from <= findings.at && findings.at < period.to;
        table.add_row([
            if here { ">" } else { "" }.to_owned(),
            label(&findings.policy.ladder, period),
            date_time(period.from),
            if period.to == SimTime::NEVER { "open end".to_owned() } else { words::brief(period.to) },
            days(period.served),
            number(period.minutes.throttle),
            number(period.minutes.block),
        ]);
    }
    lines_of(table)
}

/// What the numbers mean, and the replies word for word.
fn replies(periods: &[Period]) -> String {
    let most = |of: fn(Minutes) -> u8| periods.iter().map(|period| of(period.minutes)).max().unwrap_or(0);
    let minutes = Minutes { throttle: most(|m| m.throttle), block: most(|m| m.block) };
    let mut text = "day: days on the clock; 450, 550: minutes of every hour with these replies\n".to_owned();
    for (reply, n) in smtp_texts(minutes).iter().zip([minutes.throttle, minutes.block].into_iter().filter(|n| *n > 0)) {
        let general = reply.replace(&format!(" {n} mins/hr"), " <n> mins/hr");
        text.push_str(&wrapped(&general, "  ", "    "));
    }
    text
}

/// A table of blanks, so that any terminal and any locale can show it; the padding of its last column is cut.
pub(super) fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH + 2);
    table
}

/// The lines of a table, its columns two blanks apart.
pub(super) fn lines_of(mut table: Table) -> String {
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Text broken at blanks to the width of the page.
pub(super) fn wrapped(text: &str, first: &str, rest: &str) -> String {
    let mut lines = vec![first.to_owned()];
    for word in text.split(' ') {
        let margin = if lines.len() == 1 { first.len() } else { rest.len() };
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > margin && line + 1 + word.chars().count() > usize::from(WIDTH) - 1 {
            lines.push(format!("{rest}{word}"));
        } else if let Some(last) = lines.last_mut() {
            if line > margin {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.join("\n") + "\n"
}

/// `1 server`, `3 servers` and the policy they are asked under.
pub(super) fn heading(findings: &Findings) -> String {
    let n = u32::try_from(findings.subjects.len()).unwrap_or(u32::MAX);
    format!("{} at {} under policy {}", count(n, "server"), findings.at, findings.policy.name)
}
