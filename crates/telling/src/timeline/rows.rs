//! The dates as CSV and JSON. Times are UTC with seconds; what never ends is empty or null. `certainty` is `known`, `inferred`,
//! `assumed` or `range`; of a range, `from` is the earliest and `from_latest` the latest instant.

use crate::columns;
use crate::frame::{Frame, Value};
use brownout_exchange::compliance::ServerVerdict;
use brownout_exchange::timeline::{Dates, Headlines, Now, Timeline, YearBudget, smtp_texts, stage_name};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::{Answer, Period};
use brownout_kernel::time::{DAY_SECONDS, SimTime};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::table::verdict_words;
use super::{Findings, Subject, build_words, mail};

#[derive(Serialize)]
struct Document<'a> {
    command: &'static str,
    version: &'static str,
    policy: &'a str,
    layout: &'static str,
    at: String,
    date_order: Option<&'a str>,
    servers: Vec<ServerRow<'a>>,
    notes: Vec<String>,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct ServerRow<'a> {
    server: Option<&'a str>,
    product: Option<&'a str>,
    build: Option<&'a str>,
    build_verdict: Option<String>,
    /// `complies`, `cannot say` or `breaches`; null where only dates were given.
    answer: Option<&'static str>,
    answer_words: Option<String>,
    reply: Option<String>,
    certainty: Option<&'static str>,
    /// The earliest possible where `certainty` is `range`; null where there are no dates.
    first_detected: Option<String>,
    first_detected_latest: Option<String>,
    throttled_from: Option<String>,
    throttled_from_latest: Option<String>,
    blocked_from: Option<String>,
    blocked_from_latest: Option<String>,
    all_blocked_from: Option<String>,
    all_blocked_from_latest: Option<String>,
    /// Pauses that the report's dates suggest and nobody told of.
    inferred_pause: Option<InferredRow>,
    /// By the earliest possible detection; null before it. Where a pause that nobody told of may run, `paused_until` is null and
    /// `next` is the next stage.
    now: Option<NowRow<'a>>,
    /// By the latest possible detection; null before it, and where detection is known.
    now_latest: Option<NowRow<'a>>,
    pause_days: Vec<YearRow>,
    periods: Vec<PeriodRow<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct InferredRow {
    from: String,
    days: u32,
    /// Whether it may run at the instant asked for; then `now` has both readings.
    may_run: bool,
}

#[derive(Serialize)]
struct NowRow<'a> {
    stage: &'a str,
    certainty: &'static str,
    /// Minutes in force if no pause runs, where that is not known; null otherwise.
    throttle_if_not_paused: Option<u8>,
    block_if_not_paused: Option<u8>,
    clock_days: f64,
    throttle: u8,
    block: u8,
    paused: bool,
    paused_until: Option<String>,
    answer: &'static str,
    smtp: Option<String>,
    next_stage_at: Option<String>,
    next: Option<PeriodRow<'a>>,
    next_in_days: Option<f64>,
}

#[derive(Serialize)]
struct YearRow {
    year: i16,
    used: u32,
    left: u32,
}

#[derive(Serialize)]
struct PeriodRow<'a> {
    stage: &'a str,
    from: String,
    to: Option<String>,
    clock_days: f64,
    throttle: u8,
    block: u8,
    paused: bool,
    smtp: Vec<String>,
    certainty: &'static str,
    from_latest: Option<String>,
    mail: MailRow,
}

/// Shares 0 to 1, delays of delayed mail in seconds.
#[derive(Serialize)]
struct MailRow {
    delayed: f64,
    mean_delay_seconds: Option<f64>,
    p90_delay_seconds: Option<u32>,
    lost: f64,
}

/// Every stretch of every server's dates; a row without dates for a server that has none.
pub fn frame(findings: &Findings) -> Frame {
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

/// What is true of the answer as a whole, and each server with everything about it.
pub fn about(findings: &Findings) -> Map<String, Json> {
    let document = Document {
        command: "timeline",
        version: env!("CARGO_PKG_VERSION"),
        policy: findings.policy.name(),
        layout: findings.policy.layout().name(),
        at: findings.at.to_string(),
        date_order: findings.date_order.as_deref(),
        servers: findings.subjects.iter().map(|subject| server(findings, subject)).collect(),
        notes: findings.notes.iter().map(ToString::to_string).collect(),
        warnings: &findings.warnings,
    };
    match serde_json::to_value(document) {
        Ok(Json::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn server<'a>(findings: &'a Findings, subject: &'a Subject) -> ServerRow<'a> {
    let dates = subject.dates.as_ref();
    let (worst, latest) = (dates.map(|d| &d.timeline), dates.and_then(|d| d.latest.as_ref()));
    let record = subject.server.as_ref().map(|server| &server.record);
    let installed = subject.verdict.as_ref().and_then(|(_, installed)| installed.as_ref());
    let product = installed.and_then(|installed| installed.product).map(|id| findings.catalog.product_name(id));
    let day = |of: Option<&Timeline>, which: fn(&Headlines) -> Option<SimTime>| {
        of.and_then(|timeline| which(&timeline.headlines)).map(|day| day.to_string())
    };
    let year = |year: &YearBudget| YearRow { year: year.year, used: year.used, left: year.left };
    let inferred = dates.and_then(|dates| dates.inferred);
    ServerRow {
        server: subject.server.as_ref().map(|_| subject.name.as_str()),
        product,
        build: record.map(|record| record.build_text.as_str()),
        build_verdict: subject.server.as_ref().map(|server| build_words(findings, server).1),
        answer: answer(subject),
        answer_words: subject.verdict.as_ref().map(|_| verdict_words(findings, subject)),
        reply: subject.heard.as_ref().map(|heard| heard.reply.words()),
        certainty: dates.map(|dates| dates.certainty().word()),
        first_detected: worst.map(|timeline| timeline.detected.to_string()),
        first_detected_latest: latest.map(|timeline| timeline.detected.to_string()),
        throttled_from: day(worst, |headlines| headlines.throttled_from),
        throttled_from_latest: day(latest, |headlines| headlines.throttled_from),
        blocked_from: day(worst, |headlines| headlines.blocked_from),
        blocked_from_latest: day(latest, |headlines| headlines.blocked_from),
        all_blocked_from: day(worst, |headlines| headlines.all_blocked_from),
        all_blocked_from_latest: day(latest, |headlines| headlines.all_blocked_from),
        inferred_pause: inferred.map(|inferred| InferredRow {
            from: inferred.pause.at.to_string(),
            days: inferred.pause.days,
            may_run: inferred.may_run,
        }),
        now: dates.and_then(|dates| Some(standing(findings, dates, (dates.timeline.now.as_ref()?, dates.next())))),
        now_latest: dates.and_then(|dates| {
            let now = dates.latest.as_ref()?.now.as_ref()?;
            Some(standing(findings, dates, (now, now.next.as_ref())))
        }),
        pause_days: worst.iter().flat_map(|timeline| &timeline.budget).map(year).collect(),
        periods: dates.iter().flat_map(|d| d.timeline.periods.iter().map(|one| period(findings, d, one))).collect(),
        notes: subject.notes.iter().map(ToString::to_string).collect(),
    }
}

fn standing<'a>(findings: &'a Findings, dates: &Dates, (now, next): (&Now, Option<&Period>)) -> NowRow<'a> {
    let current = &now.standing.period;
    let open = dates.inferred.filter(|inferred| inferred.may_run).and_then(|inferred| inferred.otherwise);
    NowRow {
        stage: stage_name(findings.policy.ladder(), current),
        certainty: dates.certainty_of(current).word(),
        throttle_if_not_paused: open.map(|(_, minutes)| minutes.throttle()),
        block_if_not_paused: open.map(|(_, minutes)| minutes.block()),
        clock_days: now.standing.served.days_f64(),
        throttle: current.minutes.throttle(),
        block: current.minutes.block(),
        paused: current.paused,
        paused_until: now.paused_until.filter(|_| !dates.may_be_paused()).and_then(finite),
        answer: match now.answer {
            None => "by chance",
            Some(Answer::Accept) => "accepted",
            Some(Answer::Throttled { .. }) => "throttled",
            Some(Answer::Blocked { .. }) => "blocked",
        },
        smtp: now.answer.and_then(|answer| findings.policy.replies().text(answer)),
        next_stage_at: now.standing.next_stage_at.and_then(finite),
        next: next.map(|next| period(findings, dates, next)),
        next_in_days: next.map(|next| next.from.since(findings.at).seconds() as f64 / DAY_SECONDS as f64),
    }
}

fn period<'a>(findings: &'a Findings, dates: &Dates, period: &Period) -> PeriodRow<'a> {
    let mail = mail::of(findings, period.minutes);
    PeriodRow {
        stage: stage_name(findings.policy.ladder(), period),
        from: period.from.to_string(),
        to: finite(period.to),
        clock_days: period.served.days_f64(),
        throttle: period.minutes.throttle(),
        block: period.minutes.block(),
        paused: period.paused,
        smtp: smtp_texts(findings.policy.replies(), period.minutes),
        certainty: dates.certainty_of(period).word(),
        from_latest: latest_start(dates, period).map(|at| at.to_string()),
        mail: MailRow {
            delayed: mail.delayed,
            mean_delay_seconds: mail.mean_seconds,
            p90_delay_seconds: mail.p90_seconds,
            lost: mail.lost,
        },
    }
}

fn finite(at: SimTime) -> Option<String> {
    (at != SimTime::NEVER).then(|| at.to_string())
}
