//! Several servers at a glance, the most urgent first.

use std::collections::BTreeMap;

use brownout_exchange::compliance::{self, ServerVerdict};
use brownout_exchange::timeline::{Dates, Headlines, Now, stage_name};
use brownout_kernel::policy::Period;
use brownout_kernel::time::SimTime;
use brownout_text::outside::printable;

use super::table::{WIDTH, heading, label, mark, wrapped};
use super::words::{date_time, distance};
use super::{Findings, Subject, build_words};
use crate::columns;
use crate::enforcement::minutes_by_reply;
use crate::frame::{Frame, Shown, TextTable};

pub(super) fn print(findings: &Findings) -> String {
    let at = findings.at;
    let mut text = String::new();
    let dated: Vec<(&Subject, &Dates)> =
        findings.subjects.iter().filter_map(|one| Some((one, one.dates.as_ref()?))).collect();
    let first = |dates: &Dates| dates.timeline.headlines.blocked_from;
    let bounced: Vec<&Dates> =
        dated.iter().map(|one| one.1).filter(|dates| first(dates).is_some_and(|day| day <= at)).collect();
    let ahead = dated.iter().filter_map(|(one, dates)| Some((first(dates).filter(|day| *day > at)?, *one, *dates)));
    let next = ahead.min_by_key(|one| one.0);
    if !bounced.is_empty() {
        let unsure = bounced.iter().any(|dates| dates.latest.is_some());
        let words = if unsure { "have bounced mail already, or may have (range)" } else { "have bounced mail already" };
        text.push_str(&wrapped(&format!("{} of {} {words}.", bounced.len(), heading(findings)), "", "  "));
    }
    if let Some((day, one, dates)) = next {
        let who = if bounced.is_empty() { "The first server" } else { "The next server" };
        let earliest = if dates.latest.is_some() { " at the earliest" } else { "" };
        let line = format!(
            "{who} to bounce mail is {}, from {} UTC{earliest}, {}{}.",
            one.name,
            date_time(day),
            distance(at, day),
            mark(dates.certainty_at(day))
        );
        text.push_str(&wrapped(&line, "", "  "));
    }
    if bounced.is_empty() {
        text.push_str(&format!("{}.\n", heading(findings)));
    }
    text.push_str(&answers(findings));
    text.push_str(&format!("\n{}\n", table(findings)));
    text.push_str(&budget(findings));
    text
}

/// Those that comply, and those of which nothing can be said: with the words of each kind once.
fn answers(findings: &Findings) -> String {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for subject in &findings.subjects {
        let words = match subject.verdict.as_ref().map(|one| one.0) {
            Some(ServerVerdict::Complies { .. }) => "done, nothing to do".to_owned(),
            Some(ServerVerdict::CannotSay { doubt, .. }) => doubt.words(&findings.policy),
            _ => continue,
        };
        match told.iter_mut().find(|entry| entry.0 == words) {
            Some(entry) => entry.1.push(&subject.name),
            None => told.push((words, vec![&subject.name])),
        }
    }
    let mut text = String::new();
    let mut done = false;
    for (words, names) in told {
        done |= words.starts_with("done");
        text.push_str(&wrapped(&format!("{}: {words}.", names.join(", ")), "", "  "));
    }
    if done {
        text.push_str(&wrapped(&format!("Of those that are done: {}.", compliance::AFTERWARDS), "", "  "));
    }
    text
}

/// Narrowest that names, builds and verdicts are set.
const SERVER_WIDTH: u16 = 28;

fn table(findings: &Findings) -> String {
    let mut frame = Frame::new("overview", columns![Text server, Text now, Text next, Text bounces, Text all]);
    let mut subjects: Vec<&Subject> = findings.subjects.iter().collect();
    let first = |subject: &Subject| subject.dates.as_ref().and_then(|dates| dates.timeline.headlines.blocked_from);
    subjects.sort_by_key(|subject| first(subject).unwrap_or(SimTime::NEVER));
    for subject in subjects {
        frame.row(row(findings, subject).map(Into::into));
    }
    let shown = ["server", "now", "next", "bounces", "all"].map(|heading| Shown::new(heading).in_lines());
    let shown = shown.into_iter().enumerate();
    let shown = shown.map(|(at, column)| if at == 0 { column.at_least(SERVER_WIDTH) } else { column });
    TextTable::shown(&frame, shown).plain(WIDTH)
}

fn row(findings: &Findings, subject: &Subject) -> [String; 5] {
    let (build, verdict) = subject.server.as_ref().map(|server| build_words(findings, server)).unwrap_or_default();
    let head = format!("{}\n{build}\n{verdict}", subject.name);
    let Some(dates) = &subject.dates else {
        let complies = matches!(subject.verdict, Some((ServerVerdict::Complies { .. }, _)));
        let now = if complies { "done" } else { "cannot say" };
        return [head, now.to_owned(), "-".to_owned(), "-".to_owned(), "-".to_owned()];
    };
    let (worst, latest) = (&dates.timeline, dates.latest.as_ref());
    let day = |of: fn(&Headlines) -> Option<SimTime>| match (of(&worst.headlines), latest) {
        (None, _) => "never".to_owned(),
        (Some(day), None) => format!("{}\n{}", day.day(), mark(dates.certainty_at(day)).trim()).trim_end().to_owned(),
        (Some(day), Some(latest)) => {
            let last = of(&latest.headlines).map_or(String::new(), |day| day.day().to_string());
            format!("{}\nto\n{last}\n(range)", day.day())
        }
    };
    let since = match latest {
        None => format!("since {}", worst.detected.day()),
        Some(latest) => format!("since {} to\n{} (range)", worst.detected.day(), latest.detected.day()),
    };
    [
        format!("{head}\n{since}"),
        current(findings, dates),
        to_come(findings, dates),
        day(|headlines| headlines.blocked_from),
        day(|headlines| headlines.all_blocked_from),
    ]
}

fn current(findings: &Findings, dates: &Dates) -> String {
    let ladder = findings.policy.ladder();
    let stage = |period: &Period| label(ladder, period).replace(", ", "\n");
    let now = dates.timeline.now.map(|now| now.standing.period);
    if let Some(latest) = &dates.latest {
        let name = |now: Option<Now>| {
            now.map_or("not yet\ndetected".to_owned(), |now| stage_name(ladder, &now.standing.period).to_owned())
        };
        return format!("{} to\n{}\n(range)", name(latest.now), name(dates.timeline.now));
    }
    let open = dates.inferred.filter(|inferred| inferred.may_run).and_then(|inferred| inferred.otherwise);
    match (now, open) {
        (None, _) => "not yet\ndetected".to_owned(),
        (Some(period), Some((_, minutes))) => {
            format!("{}\n{}, or 0 if\na pause runs", stage_name(ladder, &period), minutes_by_reply(minutes))
        }
        (Some(period), None) => format!("{}\n{}", stage(&period), minutes_by_reply(period.minutes)),
    }
}

fn to_come(findings: &Findings, dates: &Dates) -> String {
    let ladder = findings.policy.ladder();
    if dates.latest.is_some() {
        return "-".to_owned();
    }
    let now = dates.timeline.now.map(|now| now.standing.period);
    match (now, dates.next().copied()) {
        (Some(now), Some(next)) if now.stage == next.stage && now.paused && !next.paused => {
            format!("pause ends\n{}", next.from.day())
        }
        (_, Some(next)) if next.paused => format!("pause\n{}", next.from.day()),
        (_, Some(next)) => format!("{}\n{}", stage_name(ladder, &next), next.from.day()),
        (_, None) => "-".to_owned(),
    }
}

/// Pause days left of each tenant: once if its servers agree, otherwise the least of any year.
fn budget(findings: &Findings) -> String {
    let all = findings.policy.pauses().budget_days();
    let mut tenants: BTreeMap<Option<&str>, (BTreeMap<i16, u32>, bool)> = BTreeMap::new();
    for subject in &findings.subjects {
        let Some(dates) = &subject.dates else { continue };
        let tenant = subject.server.as_ref().and_then(|server| server.record.tenant.as_deref());
        let (least, inferred) = tenants.entry(tenant).or_default();
        *inferred |= dates.inferred.is_some();
        for year in &dates.timeline.budget {
            least.entry(year.year).and_modify(|left| *left = (*left).min(year.left)).or_insert(year.left);
        }
    }
    let line = |(tenant, (least, inferred)): (Option<&str>, (BTreeMap<i16, u32>, bool))| {
        let years: Vec<String> = least.iter().map(|(year, left)| format!("{left} of {all} in {year}")).collect();
        let whose = tenant.map_or(String::new(), |tenant| format!(" to {}", printable(tenant)));
        let unsure = match (inferred, findings.pauses_told) {
            (true, _) => " (inferred; more if the lateness has another cause)",
            (false, true) => "",
            (false, false) => " (assumed: none spent before; --used YEAR:DAYS)",
        };
        wrapped(&format!("Pause days left{whose}: {}{unsure}", years.join(", ")), "", "  ")
    };
    tenants.into_iter().map(line).collect()
}
