//! The dates as CSV and JSON. Times are UTC with seconds; what never ends is empty or null.

use brownout::catalog::Catalog;
use brownout::csv_text::Table;
use brownout::policy::{Answer, Period};
use brownout::time::{DAY_SECONDS, SimTime};
use brownout::timeline::{Now, YearBudget, smtp_texts, stage_name};
use serde::Serialize;

use super::{Findings, Subject, build_words};

#[derive(Serialize)]
struct Document<'a> {
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
    first_detected: String,
    throttled_from: Option<String>,
    blocked_from: Option<String>,
    all_blocked_from: Option<String>,
    /// Null before first detection.
    now: Option<NowRow<'a>>,
    pause_days: Vec<YearRow>,
    periods: Vec<PeriodRow<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct NowRow<'a> {
    stage: &'a str,
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
}

pub(super) fn csv(findings: &Findings) -> anyhow::Result<Vec<u8>> {
    let mut table = Table::new(&["server", "stage", "from", "to", "throttle", "block", "paused", "smtp"]);
    for subject in &findings.subjects {
        for period in &subject.timeline.periods {
            table.row([
                subject.name().to_owned(),
                stage_name(&findings.policy.ladder, period).to_owned(),
                period.from.to_string(),
                finite(period.to).unwrap_or_default(),
                period.minutes.throttle.to_string(),
                period.minutes.block.to_string(),
                period.paused.to_string(),
                smtp_texts(period.minutes).join(" | "),
            ]);
        }
    }
    Ok(table.bytes())
}

pub(super) fn json(findings: &Findings) -> anyhow::Result<Vec<u8>> {
    let document = Document {
        version: env!("CARGO_PKG_VERSION"),
        policy: &findings.policy.name,
        layout: findings.policy.layout.name(),
        at: findings.at.to_string(),
        date_order: findings.date_order.as_deref(),
        servers: findings.subjects.iter().map(|subject| server(findings, subject)).collect(),
        notes: findings.notes.iter().map(ToString::to_string).collect(),
        warnings: &findings.warnings,
    };
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn server<'a>(findings: &'a Findings, subject: &'a Subject) -> ServerRow<'a> {
    let timeline = &subject.timeline;
    let record = subject.server.as_ref().map(|server| &server.record);
    let product = record.and_then(|record| record.product).map(|id| Catalog::embedded().product_name(id));
    let text = |day: Option<SimTime>| day.map(|day| day.to_string());
    let year = |year: &YearBudget| YearRow { year: year.year, used: year.used, left: year.left };
    ServerRow {
        server: subject.server.as_ref().map(|_| subject.name()),
        product,
        build: record.map(|record| record.build_text.as_str()),
        build_verdict: subject.server.as_ref().map(|server| build_words(server).1),
        first_detected: timeline.detected.to_string(),
        throttled_from: text(timeline.headlines.throttled_from),
        blocked_from: text(timeline.headlines.blocked_from),
        all_blocked_from: text(timeline.headlines.all_blocked_from),
        now: timeline.now.as_ref().map(|now| standing(findings, now)),
        pause_days: timeline.budget.iter().map(year).collect(),
        periods: timeline.periods.iter().map(|one| period(findings, one)).collect(),
        notes: subject.notes.iter().map(ToString::to_string).collect(),
    }
}

fn standing<'a>(findings: &'a Findings, now: &Now) -> NowRow<'a> {
    let current = &now.standing.period;
    NowRow {
        stage: stage_name(&findings.policy.ladder, current),
        clock_days: now.standing.served.days_f64(),
        throttle: current.minutes.throttle,
        block: current.minutes.block,
        paused: current.paused,
        paused_until: now.paused_until.and_then(finite),
        answer: match now.answer {
            None => "by chance",
            Some(Answer::Accept) => "accepted",
            Some(Answer::Throttled { .. }) => "throttled",
            Some(Answer::Blocked { .. }) => "blocked",
        },
        smtp: now.answer.and_then(Answer::smtp_text),
        next_stage_at: now.standing.next_stage_at.and_then(finite),
        next: now.next.as_ref().map(|next| period(findings, next)),
        next_in_days: now.next.map(|next| next.from.since(findings.at).seconds() as f64 / DAY_SECONDS as f64),
    }
}

fn period<'a>(findings: &'a Findings, period: &Period) -> PeriodRow<'a> {
    PeriodRow {
        stage: stage_name(&findings.policy.ladder, period),
        from: period.from.to_string(),
        to: finite(period.to),
        clock_days: period.served.days_f64(),
        throttle: period.minutes.throttle,
        block: period.minutes.block,
        paused: period.paused,
        smtp: smtp_texts(period.minutes),
    }
}

fn finite(at: SimTime) -> Option<String> {
    (at != SimTime::NEVER).then(|| at.to_string())
}
