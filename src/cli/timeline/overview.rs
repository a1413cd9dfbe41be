//! Several servers at a glance, the most urgent first.

use brownout::policy::{Minutes, Period};
use brownout::time::SimTime;
use brownout::timeline::stage_name;
use comfy_table::{ColumnConstraint, Width};

use super::table::{heading, label, lines_of, plain_table, wrapped};
use super::words::{date_time, distance};
use super::{Findings, Subject, build_words};

pub(super) fn print(findings: &Findings) -> String {
    let at = findings.at;
    let mut text = String::new();
    let (bounced, ahead): (Vec<SimTime>, Vec<SimTime>) =
        findings.subjects.iter().filter_map(|s| s.timeline.headlines.blocked_from).partition(|day| *day <= at);
    if !bounced.is_empty() {
        text.push_str(&format!("{} of {} have bounced mail already.\n", bounced.len(), heading(findings)));
    }
    if let Some(first) = ahead.iter().min() {
        let one = findings.subjects.iter().find(|s| s.timeline.headlines.blocked_from == Some(*first));
        let name = one.map_or("", |subject| subject.name());
        let who = if bounced.is_empty() { "The first server" } else { "The next server" };
        let line = format!("{who} to bounce mail is {name}, from {} UTC, {}.", date_time(*first), distance(at, *first));
        text.push_str(&wrapped(&line, "", "  "));
    }
    if bounced.is_empty() {
        text.push_str(&format!("{}.\n", heading(findings)));
    }
    text.push_str(&format!("\n{}\n", lines_of(table(findings))));
    text.push_str(&budget(findings));
    text
}

fn table(findings: &Findings) -> comfy_table::Table {
    let mut table = plain_table();
    table.set_header(["server", "now", "next", "bounces", "all"]);
    let mut subjects: Vec<&Subject> = findings.subjects.iter().collect();
    let never = |day: Option<SimTime>| day.unwrap_or(SimTime::NEVER);
    subjects.sort_by_key(|subject| never(subject.timeline.headlines.blocked_from));
    for subject in subjects {
        table.add_row(row(findings, subject));
    }
    let roomy = ColumnConstraint::LowerBoundary(Width::Fixed(28));
    table.column_iter_mut().take(1).for_each(|column| {
        column.set_constraint(roomy);
    });
    table
}

fn row(findings: &Findings, subject: &Subject) -> [String; 5] {
    let ladder = &findings.policy.ladder;
    let timeline = &subject.timeline;
    let (build, verdict) = subject.server.as_ref().map(build_words).unwrap_or_default();
    let day = |day: Option<SimTime>| day.map_or("never".to_owned(), |day| day.day().to_string());
    let now = timeline.now.map(|now| now.standing.period);
    let next = match timeline.now {
        Some(now) => now.next,
        None => timeline.periods.first().copied(),
    };
    let stage = |period: &Period| label(ladder, period).replace(", ", "\n");
    let current =
        now.map_or("not yet\ndetected".to_owned(), |period| format!("{}\n{}", stage(&period), brief(period.minutes)));
    let to_come = match (now, next) {
        (Some(now), Some(next)) if now.stage == next.stage && now.paused && !next.paused => {
            format!("pause ends\n{}", next.from.day())
        }
        (_, Some(next)) if next.paused => format!("pause\n{}", next.from.day()),
        (_, Some(next)) => format!("{}\n{}", stage_name(ladder, &next), next.from.day()),
        (_, None) => "-".to_owned(),
    };
    [
        format!("{}\n{build}\n{verdict}\nsince {}", subject.name(), timeline.detected.day()),
        current,
        to_come,
        day(timeline.headlines.blocked_from),
        day(timeline.headlines.all_blocked_from),
    ]
}

/// `450 30 + 550 5 min/h` in the room of a column.
fn brief(minutes: Minutes) -> String {
    match (minutes.throttle, minutes.block) {
        (0, 0) => "0 min/h".to_owned(),
        (throttle, 0) => format!("450 {throttle} min/h"),
        (0, block) => format!("550 {block} min/h"),
        (throttle, block) => format!("450 {throttle} min/h\n550 {block} min/h"),
    }
}

/// Pause days left: once if all servers agree, otherwise the least of any year.
fn budget(findings: &Findings) -> String {
    let all = findings.policy.pauses.budget_days;
    let mut least: std::collections::BTreeMap<i16, u32> = std::collections::BTreeMap::new();
    for year in findings.subjects.iter().flat_map(|subject| &subject.timeline.budget) {
        least.entry(year.year).and_modify(|left| *left = (*left).min(year.left)).or_insert(year.left);
    }
    let years: Vec<String> = least.iter().map(|(year, left)| format!("{left} of {all} in {year}")).collect();
    format!("Pause days left: {}\n", years.join(", "))
}
