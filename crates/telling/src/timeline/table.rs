//! The dates for people: what happens when, where things stand, then every stage.

use brownout_exchange::compliance::{self, Remedy, ServerVerdict};
use brownout_exchange::timeline::reply::Heard;
use brownout_exchange::timeline::{Dates, Headlines, Now, stage_name};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::{Answer, Ladder, Minutes, Period, WindowLayout};
use brownout_kernel::time::{SimDuration, SimTime};
use brownout_reading::named::DEFAULT;

use super::words::{self, HELD_BACK, LOST, MEANING, date_time, distance};
use super::{Findings, Subject, build_words, mail, overview, range};
use crate::columns;
use crate::enforcement::minutes;
use crate::frame::{Frame, Shown, TextTable, Value};
use brownout_text::words::counted;

/// Columns of a narrow terminal.
pub(super) const WIDTH: u16 = 80;

/// Everything printed. Several servers give an overview, and their stages only if they were asked for by name.
pub fn print(findings: &Findings, named: bool) -> String {
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
pub fn notes(findings: &Findings) -> Vec<String> {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for subject in &findings.subjects {
        for note in &subject.notes {
            let note = note.to_string();
            match told.iter_mut().find(|entry| entry.0 == note) {
                Some(entry) => entry.1.push(subject.name.as_str()),
                None => told.push((note, vec![subject.name.as_str()])),
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
        let (build, verdict) = build_words(findings, server);
        text.push_str(&format!("{}: Exchange {build} ({verdict})\n\n", subject.name));
    }
    if let Some(heard) = &subject.heard {
        text.push_str(&reply_words(findings, heard));
    }
    let Some(dates) = &subject.dates else {
        if subject.verdict.is_some() {
            text.push_str(&wrapped(&verdict_words(findings, subject), "", "  "));
        }
        return text;
    };
    let both = dates.latest.as_ref().map(|latest| [&dates.timeline, latest]);
    text.push_str(&headlines(findings, dates));
    text.push('\n');
    text.push_str(&match both {
        Some(both) => range::standing(findings, subject, both),
        None => standing(findings, dates),
    });
    text.push_str(&budget(findings, dates));
    if subject.verdict.is_some() {
        text.push_str(&wrapped(&verdict_words(findings, subject), "", "  "));
    }
    text.push('\n');
    text.push_str(&match both {
        Some(both) => range::stages(findings, both),
        None => stages(findings, dates),
    });
    text.push('\n');
    text.push_str(&replies(findings, &dates.timeline.periods));
    let mail = mail::table(findings);
    if !mail.is_empty() {
        text.push_str(&format!("\n{mail}"));
    }
    text
}

/// What the policy says of the server, and what is to be done.
pub(super) fn verdict_words(findings: &Findings, subject: &Subject) -> String {
    let policy = &findings.policy;
    let Some((verdict, installed)) = &subject.verdict else { return String::new() };
    let words = match installed {
        Some(installed) => verdict.words(policy, installed),
        None => "cannot say: neither a build nor a product is told".to_owned(),
    };
    let more = match verdict {
        ServerVerdict::Complies { .. } => format!(". Nothing to do for it; {}", compliance::AFTERWARDS),
        ServerVerdict::CannotSay { worst: Some(_), .. } => ". The dates are those of the worst case".to_owned(),
        ServerVerdict::CannotSay { worst: None, .. } => format!(
            ". No dates are given; name a policy that speaks of it (--policy {DEFAULT} holds all raises since 2023), or its first detection"
        ),
        ServerVerdict::Breaches(breach) => {
            let product = installed.and_then(|installed| installed.product).filter(|_| breach.entry.is_some());
            match product.and_then(|product| compliance::remedy(policy, product, findings.at)) {
                Some(Remedy::Build(build)) => format!("; to end it, install {build} or later"),
                Some(Remedy::AnotherProduct) => {
                    "; no build of this product complies, replace it by a newer one".to_owned()
                }
                None => "; to end it, install a build that the report recommends".to_owned(),
            }
        }
    };
    let words = format!("{words}{more}.");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
}

/// What a reply tells, and under which readings of the ladder.
fn reply_words(findings: &Findings, heard: &Heard) -> String {
    let (from, to) = heard.clock();
    let until = to.map_or("or later".to_owned(), |to| format!("to {}", days(to)));
    let says = format!("The reply says {}: day {} {until} on the clock (range).", heard.reply.words(), days(from));
    let mut text = wrapped(&says, "", "  ");
    if heard.is_ambiguous() {
        text.push_str(&wrapped(&format!("Which stage that is, sources disagree on: {}.", heard.stages()), "", "  "));
    } else {
        text.push_str(&format!("That is stage {}.\n", heard.candidates[0].stage));
    }
    let more = match to {
        Some(_) => {
            "What comes holds if nothing is paused from now on; first detection lies as far back as the clock says, and further by the \
             days that were paused."
                .to_owned()
        }
        None => format!(
            "It has been so since {} or an earlier day, and stays so until the server is updated or removed. What a pause would do then \
             is in `brownout timeline --first-detected`.",
            findings.at.day()
        ),
    };
    text.push_str(&wrapped(&more, "", "  "));
    text.push('\n');
    text
}

/// The days that matter, the worst first.
fn headlines(findings: &Findings, dates: &Dates) -> String {
    let at = findings.at;
    let Headlines { throttled_from, blocked_from, all_blocked_from } = dates.timeline.headlines;
    let latest = dates.latest.as_ref().map(|latest| latest.headlines);
    let paused = dates.timeline.now.is_some_and(|now| now.standing.period.paused) && dates.inferred.is_none();
    let say = |day: SimTime, last: Option<SimTime>, [ahead, since, once]: [&'static str; 3]| {
        let passed = last.unwrap_or(day) <= at;
        match (passed, paused) {
            (false, _) => ahead,
            (true, false) => since,
            (true, true) => once,
        }
    };
    let bounces = ["Mail begins to bounce on", "Mail has bounced since", "Mail first bounced on"];
    let all = ["All mail bounces from", "All mail has bounced since", "All mail first bounced on"];
    let delayed = ["Mail begins to be delayed on", "Mail has been delayed since", "Mail was first delayed on"];
    let found = [
        (blocked_from.filter(|_| blocked_from != all_blocked_from), latest.and_then(|l| l.blocked_from), bounces),
        (all_blocked_from, latest.and_then(|l| l.all_blocked_from), all),
        (throttled_from, latest.and_then(|l| l.throttled_from), delayed),
    ];
    let line = |(day, last, words): (Option<SimTime>, Option<SimTime>, [&'static str; 3])| {
        let day = day?;
        Some((say(day, last, words), day, last))
    };
    let lines: Vec<_> = found.into_iter().filter_map(line).collect();
    if lines.is_empty() {
        return format!("Policy {} neither throttles nor blocks anything.\n", findings.policy.name());
    }
    let mut frame = Frame::new("headlines", columns![Text what, Text when]);
    // "on" speaks of one day; ranges stand as far to the right as days do.
    let least = lines.iter().map(|line| line.0.len()).max().unwrap_or(0);
    for (words, day, last) in lines {
        let words = if last.is_some() { words.trim_end_matches(" on") } else { words };
        let when = match last {
            Some(last) => range::bounds(at, day, last),
            None => format!("{} UTC, {}{}", date_time(day), distance(at, day), mark(dates.certainty_at(day))),
        };
        frame.row([Value::from(words), when.into()]);
    }
    TextTable::of(&frame).pairs(least, |line| wrapped(line, "", "    "))
}

/// ` (inferred)`; nothing for what is known.
pub(super) fn mark(certainty: Certainty) -> String {
    if certainty == Certainty::Known { String::new() } else { format!(" ({certainty})") }
}

fn standing(findings: &Findings, dates: &Dates) -> String {
    let (policy, at) = (&findings.policy, findings.at);
    let timeline = &dates.timeline;
    let mut text = match &timeline.now {
        None => format!("Now ({at}): before first detection\n"),
        Some(now) => stands(findings, dates, now),
    };
    match dates.next() {
        Some(next) => text.push_str(&wrapped(
            &format!(
                "Next: {} from {} UTC, {}: {}{}",
                label(policy.ladder(), next),
                date_time(next.from),
                distance(at, next.from),
                minutes(next.minutes),
                mark(dates.certainty_of(next))
            ),
            "",
            "  ",
        )),
        None => text.push_str("Next: nothing; it stays like this until the server is updated or removed\n"),
    }
    text
}

/// Pause days left, and how sure that is.
fn budget(findings: &Findings, dates: &Dates) -> String {
    let budget = findings.policy.pauses().budget_days();
    let years = dates.timeline.budget.iter().map(|year| format!("{} of {budget} in {}", year.left, year.year));
    let untold = if findings.pauses_told { "" } else { " (assumed: none spent before; --used YEAR:DAYS)" };
    let unsure = dates.inferred.map_or(untold.to_owned(), |inferred| {
        format!(
            " (inferred: {} paused; if the lateness has another cause, none were)",
            counted(inferred.pause.days.into(), "day")
        )
    });
    wrapped(&format!("Pause days left: {}{unsure}", years.collect::<Vec<_>>().join(", ")), "", "  ")
}

fn stands(findings: &Findings, dates: &Dates, now: &Now) -> String {
    let period = &now.standing.period;
    let stage = stage_name(findings.policy.ladder(), period);
    let open = dates.inferred.filter(|inferred| inferred.may_run).and_then(|inferred| inferred.otherwise);
    let words = match open {
        // The report fits a running pause as well as none, and nobody saw one.
        Some((_, otherwise)) => format!(
            "{stage}: if a pause runs, nothing is held back; if none does, {}. The report does not say which (inferred)",
            minutes(otherwise)
        ),
        None => format!(
            "{}, day {} on the clock: {}{}",
            label(findings.policy.ladder(), period),
            days(now.standing.served),
            minutes(period.minutes),
            mark(dates.certainty_of(period))
        ),
    };
    let mut text = wrapped(&format!("Now ({}): {words}", findings.at), "", "  ");
    if let Some(until) = now.paused_until.filter(|_| open.is_none()) {
        text.push_str(&format!("  Pause until {} UTC, {}\n", date_time(until), distance(findings.at, until)));
    }
    if period.minutes.restrict() && open.is_none() {
        text.push_str(&wrapped(&connection(findings, now), "  ", "  "));
    }
    text
}

/// What a connection hears at this second.
fn connection(findings: &Findings, now: &Now) -> String {
    let minutes = now.standing.period.minutes;
    let (throttle, block) = (minutes.throttle(), minutes.block());
    let answer = match now.answer {
        None => format!("by chance: 450 for {throttle}, 550 for {block} of 60 connections"),
        Some(Answer::Accept) => "accepted".to_owned(),
        Some(Answer::Throttled { .. }) => "450, try again later".to_owned(),
        Some(Answer::Blocked { .. }) => "550, bounced".to_owned(),
    };
    let assumed = match findings.policy.layout() {
        _ if block >= 60 => "",
        WindowLayout::Random => " (layout random)",
        layout => &format!(", by layout {} (where the minutes really lie is not public)", layout.name()),
    };
    format!("A connection at this second is {answer}{assumed}")
}

/// `throttle-10`, `throttle-10, paused`.
pub(super) fn label(ladder: &Ladder, period: &Period) -> String {
    let stage = stage_name(ladder, period);
    if period.paused { format!("{stage}, paused") } else { stage.to_owned() }
}

/// Days on a clock, without decimals where there are none.
pub(super) fn days(served: SimDuration) -> String {
    days_told(served.days_f64())
}

fn days_told(days: f64) -> String {
    if days.fract() == 0.0 { format!("{days:.0}") } else { format!("{days:.1}") }
}

/// A column of days on the clock.
pub(super) fn clock<'a>() -> Shown<'a> {
    Shown::new("day").number(days_told)
}

/// A column of minutes of the hour; none is a dash.
pub(super) fn minutes_of_hour<'a>(heading: &str) -> Shown<'a> {
    Shown::new(heading).number(|n| if n == 0.0 { "-".to_owned() } else { n.to_string() })
}

fn stages(findings: &Findings, dates: &Dates) -> String {
    let columns = columns![
        Truth here, Text stage, Instant from, Instant until, Number day "days", Integer held_back "min/h", Integer lost "min/h",
        Text certainty,
    ];
    let mut frame = Frame::new("stages", columns);
    for period in &dates.timeline.periods {
        let guess = if dates.is_guess(period) { "?" } else { "" };
        frame.row([
            (period.from <= findings.at && findings.at < period.to).into(),
            format!("{}{guess}", label(findings.policy.ladder(), period)).into(),
            period.from.into(),
            period.to.into(),
            period.served.days_f64().into(),
            period.minutes.throttle().into(),
            period.minutes.block().into(),
            dates.certainty_of(period).to_string().into(),
        ]);
    }
    let unsure = dates.certainty() != Certainty::Known;
    let shown = [
        Shown::new("").words(|here| if *here == Value::Truth(true) { ">".to_owned() } else { String::new() }),
        Shown::new("stage"),
        Shown::new("from (UTC)").instant(if unsure { words::brief } else { date_time }),
        Shown::new("until").instant(|at| if at == SimTime::NEVER { "open end".to_owned() } else { words::brief(at) }),
        clock(),
        minutes_of_hour(HELD_BACK),
        minutes_of_hour(LOST),
        Shown::new("is"),
    ];
    // Where all is known, no column says so.
    let shown = shown.into_iter().take(if unsure { 8 } else { 7 });
    TextTable::shown(&frame, shown).plain(WIDTH)
}

/// What the numbers mean, and the replies word for word.
fn replies(findings: &Findings, periods: &[Period]) -> String {
    let most = |of: fn(Minutes) -> u8| periods.iter().map(|period| of(period.minutes)).max().unwrap_or(0);
    let (throttle, block) = (most(Minutes::throttle), most(Minutes::block));
    let mut text = wrapped(MEANING, "", "  ");
    for (n, answer) in
        [(throttle, Answer::Throttled { minutes: throttle }), (block, Answer::Blocked { minutes: block })]
    {
        let Some(reply) = findings.policy.replies().text(answer).filter(|_| n > 0) else { continue };
        let general = reply.replace(&format!(" {n} mins/hr"), " <n> mins/hr");
        text.push_str(&wrapped(&general, "  ", "    "));
    }
    text
}

/// Text broken at blanks to the width of the page.
pub(super) fn wrapped(text: &str, first: &str, rest: &str) -> String {
    brownout_text::wrap::indented(text, first, rest, usize::from(WIDTH) - 1)
}

/// `1 server`, `3 servers` and the policy they are asked under.
pub(super) fn heading(findings: &Findings) -> String {
    let n = u32::try_from(findings.subjects.len()).unwrap_or(u32::MAX);
    format!("{} at {} under policy {}", counted(n.into(), "server"), findings.at, findings.policy.name())
}
