//! The dates and all that is said of them as frames, and the document that is made of these. Times are UTC with seconds; what never ends
//! is missing, or "never" in [`dates`]. `certainty` is `known`, `inferred`, `assumed` or `range`; of a range, `from` is the
//! earliest and `from_latest` the latest instant.

mod document;

use std::collections::BTreeSet;

use crate::columns;
use crate::frame::{Column, ColumnKind, Frame, Value};
use brownout_exchange::compliance::ServerVerdict;
use brownout_exchange::timeline::{Dates, Headlines, Now, Timeline, smtp_texts, stage_name};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::{Answer, Period};
use brownout_kernel::time::{DAY_SECONDS, SimTime};

use super::table::verdict_words;
use super::{Findings, Subject, build_words, mail};

pub use document::about;

/// The readings of a first detection that nobody noted; one that is known is the earliest.
const EARLIEST: &str = "earliest";
const LATEST: &str = "latest";

/// Kinds of notes.
const NOTE: &str = "note";
const WARNING: &str = "warning";

/// Everything that is answered. The servers are numbered from 0 in the order of the report; the other frames have their `number`.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Every stretch of every server's dates: the main table.
    pub dates: Frame,
    /// What is true of each server.
    pub servers: Frame,
    /// Where a server stands at the instant asked for, by the earliest and by the latest detection; no row before it. Where a pause
    /// that nobody told of may run, `paused_until` is missing and what is next is the next stage.
    pub now: Frame,
    /// What comes next, by the same detection.
    pub next: Frame,
    /// The stretches of each server's dates by the earliest detection, with what becomes of mail.
    pub periods: Frame,
    /// What the service replies under the minutes of a stretch.
    pub replies: Frame,
    /// Pause days of each calendar year.
    pub pause_days: Frame,
    /// Notes and warnings; those without a number concern all servers.
    pub notes: Frame,
}

impl Answers {
    /// Of everything that was found.
    pub fn of(findings: &Findings) -> Self {
        Answers {
            dates: dates(findings),
            servers: servers(findings),
            now: now(findings),
            next: next(findings),
            periods: periods(findings),
            replies: replies(findings),
            pause_days: pause_days(findings),
            notes: notes(findings),
        }
    }

    /// All frames, the main one first.
    pub fn frames(&self) -> [&Frame; 8] {
        let Answers { dates, servers, now, next, periods, replies, pause_days, notes } = self;
        [dates, servers, now, next, periods, replies, pause_days, notes]
    }
}

/// Every stretch of every server's dates; a row without dates for a server that has none.
pub fn dates(findings: &Findings) -> Frame {
    let columns = columns![
        Text server, Text stage, Instant from, Instant to, Integer throttle "minutes an hour",
        Integer block "minutes an hour", Truth paused, Text smtp, Text certainty, Instant from_latest, Text note,
    ];
    let mut frame = Frame::new("dates", columns);
    for subject in &findings.subjects {
        let Some(dates) = &subject.dates else {
            frame.row(undated(findings, subject));
            continue;
        };
        for period in &dates.timeline.periods {
            frame.row([
                Value::from(&subject.name),
                stage_name(findings.policy.ladder(), period).into(),
                period.from.into(),
                (period.to != SimTime::NEVER).then_some(period.to).into(),
                period.minutes.throttle().into(),
                period.minutes.block().into(),
                period.paused.into(),
                smtp_texts(findings.policy.replies(), period.minutes).join(" | ").into(),
                dates.certainty_of(period).word().into(),
                latest_start(dates, period).into(),
                Value::Missing,
            ]);
        }
    }
    frame
}

/// The row of a server without dates.
fn undated(findings: &Findings, subject: &Subject) -> [Value; 11] {
    let heard = subject.heard.as_ref().map(|heard| heard.candidates[0].stage.as_str());
    let answer = heard.or(answer(subject)).unwrap_or_default();
    let certainty = if answer == "complies" { Certainty::Known } else { Certainty::Range };
    let mut cells = [const { Value::Missing }; 11];
    (cells[0], cells[1]) = (Value::from(&subject.name), answer.into());
    (cells[8], cells[10]) = (certainty.word().into(), verdict_words(findings, subject).into());
    cells
}

fn answer(subject: &Subject) -> Option<&'static str> {
    subject.verdict.as_ref().map(|(verdict, _)| match verdict {
        ServerVerdict::Complies { .. } => "complies",
        ServerVerdict::CannotSay { .. } => "cannot say",
        ServerVerdict::Breaches(_) => "breaches",
    })
}

/// The latest start of the stage a period of the earliest timeline begins.
fn latest_start(dates: &Dates, period: &Period) -> Option<SimTime> {
    let same = |one: &&Period| (one.stage, one.paused) == (period.stage, period.paused);
    dates.latest.as_ref()?.periods.iter().find(same).map(|one| one.from)
}

/// The subjects that have dates, with their numbers.
fn dated(findings: &Findings) -> impl Iterator<Item = (usize, &Dates)> {
    findings.subjects.iter().enumerate().filter_map(|(number, subject)| Some((number, subject.dates.as_ref()?)))
}

fn servers(findings: &Findings) -> Frame {
    let columns = columns![
        Integer number, Text server, Text product, Text build, Text build_verdict, Text answer, Text answer_words, Text reply,
        Text certainty, Instant first_detected, Instant first_detected_latest, Instant throttled_from,
        Instant throttled_from_latest, Instant blocked_from, Instant blocked_from_latest, Instant all_blocked_from,
        Instant all_blocked_from_latest, Instant inferred_pause_from, Integer inferred_pause_days "days",
        Truth inferred_pause_may_run,
    ];
    let mut frame = Frame::new("servers", columns);
    for (number, subject) in findings.subjects.iter().enumerate() {
        frame.row(std::iter::once(number.into()).chain(installed(findings, subject)).chain(headlines(subject)));
    }
    frame
}

/// What the server is, and whether it complies.
fn installed(findings: &Findings, subject: &Subject) -> [Value; 7] {
    let record = subject.server.as_ref().map(|server| &server.record);
    let installed = subject.verdict.as_ref().and_then(|(_, installed)| installed.as_ref());
    let product = installed.and_then(|installed| installed.product).map(|id| findings.catalog.product_name(id));
    [
        subject.server.as_ref().map(|_| &subject.name).into(),
        product.into(),
        record.map(|record| &record.build_text).into(),
        subject.server.as_ref().map(|server| build_words(findings, server).1).into(),
        answer(subject).into(),
        subject.verdict.as_ref().map(|_| verdict_words(findings, subject)).into(),
        subject.heard.as_ref().map(|heard| heard.reply.words()).into(),
    ]
}

/// The days that matter, the earliest and the latest possible, and pauses that the report's dates suggest and nobody told of.
fn headlines(subject: &Subject) -> [Value; 12] {
    let dates = subject.dates.as_ref();
    let (worst, latest) = (dates.map(|d| &d.timeline), dates.and_then(|d| d.latest.as_ref()));
    let day = |of: Option<&Timeline>, which: fn(&Headlines) -> Option<SimTime>| {
        Value::from(of.and_then(|timeline| which(&timeline.headlines)))
    };
    let inferred = dates.and_then(|dates| dates.inferred);
    [
        dates.map(|dates| dates.certainty().word()).into(),
        worst.map(|timeline| timeline.detected).into(),
        latest.map(|timeline| timeline.detected).into(),
        day(worst, |headlines| headlines.throttled_from),
        day(latest, |headlines| headlines.throttled_from),
        day(worst, |headlines| headlines.blocked_from),
        day(latest, |headlines| headlines.blocked_from),
        day(worst, |headlines| headlines.all_blocked_from),
        day(latest, |headlines| headlines.all_blocked_from),
        inferred.map(|inferred| inferred.pause.at).into(),
        inferred.map(|inferred| inferred.pause.days).into(),
        inferred.map(|inferred| inferred.may_run).into(),
    ]
}

/// Where a server stands and what is next, by each reading of its detection.
fn standings(dates: &Dates) -> impl Iterator<Item = (&'static str, &Now, Option<&Period>)> {
    let earliest = dates.timeline.now.as_ref().map(|now| (EARLIEST, now, dates.next()));
    let latest = dates.latest.as_ref().and_then(|latest| latest.now.as_ref());
    earliest.into_iter().chain(latest.map(|now| (LATEST, now, now.next.as_ref())))
}

fn now(findings: &Findings) -> Frame {
    let columns = columns![
        Integer number, Text detection, Text stage, Text certainty, Integer throttle_if_not_paused "minutes an hour",
        Integer block_if_not_paused "minutes an hour", Number clock_days "days", Integer throttle "minutes an hour",
        Integer block "minutes an hour", Truth paused, Instant paused_until, Text answer, Text smtp, Instant next_stage_at,
        Number next_in_days "days",
    ];
    let mut frame = Frame::new("now", columns);
    for (number, dates) in dated(findings) {
        for (detection, now, next) in standings(dates) {
            let next_in = next.map(|next| next.from.since(findings.at).seconds() as f64 / DAY_SECONDS as f64);
            let which: [Value; 2] = [number.into(), detection.into()];
            frame.row(which.into_iter().chain(standing(findings, dates, now)).chain([next_in.into()]));
        }
    }
    frame
}

fn standing(findings: &Findings, dates: &Dates, now: &Now) -> [Value; 12] {
    let current = &now.standing.period;
    let open = dates.inferred.filter(|inferred| inferred.may_run).and_then(|inferred| inferred.otherwise);
    let answer = match now.answer {
        None => "by chance",
        Some(Answer::Accept) => "accepted",
        Some(Answer::Throttled { .. }) => "throttled",
        Some(Answer::Blocked { .. }) => "blocked",
    };
    [
        stage_name(findings.policy.ladder(), current).into(),
        dates.certainty_of(current).word().into(),
        open.map(|(_, minutes)| minutes.throttle()).into(),
        open.map(|(_, minutes)| minutes.block()).into(),
        now.standing.served.days_f64().into(),
        current.minutes.throttle().into(),
        current.minutes.block().into(),
        current.paused.into(),
        now.paused_until.filter(|_| !dates.may_be_paused()).and_then(finite).into(),
        answer.into(),
        now.answer.and_then(|answer| findings.policy.replies().text(answer)).into(),
        now.standing.next_stage_at.and_then(finite).into(),
    ]
}

fn next(findings: &Findings) -> Frame {
    let mut columns = period_columns();
    columns.insert(1, Column::new("detection", "", ColumnKind::Text));
    let mut frame = Frame::new("next", columns);
    for (number, dates) in dated(findings) {
        for (detection, _, next) in standings(dates) {
            let which: [Value; 2] = [number.into(), detection.into()];
            next.into_iter().for_each(|next| frame.row(which.clone().into_iter().chain(period(findings, dates, next))));
        }
    }
    frame
}

fn periods(findings: &Findings) -> Frame {
    let mut frame = Frame::new("periods", period_columns());
    for (number, dates) in dated(findings) {
        for one in &dates.timeline.periods {
            frame.row(std::iter::once(number.into()).chain(period(findings, dates, one)));
        }
    }
    frame
}

fn period_columns() -> Vec<Column> {
    columns![
        Integer number, Text stage, Instant from, Instant to, Number clock_days "days", Integer throttle "minutes an hour",
        Integer block "minutes an hour", Truth paused, Text certainty, Instant from_latest, Number mail_delayed "share of mail",
        Number mail_mean_delay_seconds "seconds", Integer mail_p90_delay_seconds "seconds", Number mail_lost "share of mail",
    ]
}

fn period(findings: &Findings, dates: &Dates, period: &Period) -> [Value; 13] {
    let mail = mail::of(findings, period.minutes);
    [
        stage_name(findings.policy.ladder(), period).into(),
        period.from.into(),
        finite(period.to).into(),
        period.served.days_f64().into(),
        period.minutes.throttle().into(),
        period.minutes.block().into(),
        period.paused.into(),
        dates.certainty_of(period).word().into(),
        latest_start(dates, period).into(),
        mail.delayed.into(),
        mail.mean_seconds.into(),
        mail.p90_seconds.into(),
        mail.lost.into(),
    ]
}

/// A row for each reply under any minutes that the dates have; they depend on nothing else.
fn replies(findings: &Findings) -> Frame {
    let columns = columns![Integer throttle "minutes an hour", Integer block "minutes an hour", Text smtp];
    let mut frame = Frame::new("replies", columns);
    let mut told = BTreeSet::new();
    for (_, dates) in dated(findings) {
        let nexts = standings(dates).filter_map(|(.., next)| next);
        for minutes in dates.timeline.periods.iter().chain(nexts).map(|period| period.minutes) {
            let (throttle, block) = (minutes.throttle(), minutes.block());
            if told.insert((throttle, block)) {
                for text in smtp_texts(findings.policy.replies(), minutes) {
                    frame.row([throttle.into(), block.into(), text.into()]);
                }
            }
        }
    }
    frame
}

fn pause_days(findings: &Findings) -> Frame {
    let columns = columns![Integer number, Integer year, Integer used "days", Integer left "days"];
    let mut frame = Frame::new("pause-days", columns);
    for (number, dates) in dated(findings) {
        for year in &dates.timeline.budget {
            frame.row([number.into(), year.year.into(), year.used.into(), year.left.into()]);
        }
    }
    frame
}

fn notes(findings: &Findings) -> Frame {
    let mut frame = Frame::new("notes", columns![Integer number, Text kind, Text note]);
    let mut say =
        |number: Option<usize>, kind: &str, note: String| frame.row([number.into(), kind.into(), note.into()]);
    findings.warnings.iter().for_each(|warning| say(None, WARNING, warning.clone()));
    findings.notes.iter().for_each(|note| say(None, NOTE, note.to_string()));
    for (number, subject) in findings.subjects.iter().enumerate() {
        subject.notes.iter().for_each(|note| say(Some(number), NOTE, note.to_string()));
    }
    frame
}

fn finite(at: SimTime) -> Option<SimTime> {
    (at != SimTime::NEVER).then_some(at)
}
