//! The tables of a plan as frames. What is not known is missing; an instant that never comes is `never`. All times are UTC.

use super::{PlanRow, Story};
use crate::columns;
use crate::frame::{Column, Frame, Value};
use brownout_kernel::time::SimTime;
use brownout_methods::interval::Interval;
use brownout_planner::Change;
use brownout_planner::chance::outcome::Lived;

/// An instant that may never come.
pub(super) fn moment(at: Option<SimTime>) -> Value {
    at.unwrap_or(SimTime::NEVER).into()
}

fn plan_columns() -> Vec<Column> {
    columns![
        Text server,
        Text group,
        Text product,
        Text build,
        Text route,
        Text target,
        Text crew,
        Text status,
        Date work_starts,
        Instant cut_over,
        Instant first_detected,
        Text detection,
        Instant detected_latest,
        Text stage_at_cut_over,
        Truth paused_at_cut_over,
        Instant throttled_from,
        Instant blocked_from,
        Instant all_blocked_from,
        Instant done_p50,
        Instant done_p80,
        Instant done_p95,
        Instant done_at_level,
        Number level,
        Instant commit_date,
        Number commit,
        Number before_throttling_prob,
        Number before_blocking_prob,
        Number before_full_block_prob,
        Number on_time_prob,
        Number messages_per_day "messages a day",
        Number lost_planned "messages",
        Number delayed_planned "messages",
        Number exposed_planned "messages",
        Number lost_mean "messages",
        Number lost_mean_low "messages",
        Number lost_mean_high "messages",
        Number on_time_low,
        Number on_time_high,
        Integer replications,
        Text depends_on,
        Text below_baseline,
        Instant below_baseline_from,
        Text note,
    ]
}

/// `plan.csv`: a row for each server, those that are done first, then in order of cut-over.
pub(super) fn plan(story: &Story<'_>) -> Frame {
    let columns = plan_columns();
    let column = |name: &str| columns.iter().position(|column| column.name == name).unwrap_or(0);
    let [volume, note, status, width] = [column("messages_per_day"), column("note"), column("status"), columns.len()];
    let mut frame = Frame::new("plan", columns);
    for row in &story.rows {
        let cells = identity(story, row).into_iter().chain(dates(story, row)).chain(chances(story, row));
        frame
            .row(cells.chain(mail(row)).chain(sharpness(story, row)).chain([waits_for(story, row)]).chain(doubts(row)));
    }
    for server in &story.project().left_out {
        let mut cells = vec![Value::Missing; width];
        cells[0] = Value::from(&server.name);
        cells[volume] = (server.volume as f64 / 1000.0).into();
        cells[note] = Value::from(&server.why);
        cells[status] = "left out".into();
        frame.row(cells);
    }
    frame
}

/// A baseline that the target does not meet, from when on, and what is in doubt.
fn doubts(row: &PlanRow<'_>) -> [Value; 3] {
    let raise = row.server.again.as_ref();
    let name = raise.map(|raise| raise.baseline.as_str());
    [name.into(), raise.map(|raise| raise.at).into(), Value::from(&row.server.assessment.words)]
}

fn identity(story: &Story<'_>, row: &PlanRow<'_>) -> [Value; 8] {
    let server = row.server;
    let status = match (row.done, row.server.assessment.complies) {
        (true, true) => "complies",
        (true, false) => "done",
        (false, _) if row.server.in_hand.is_some() => "in hand",
        (false, _) => "planned",
    };
    [
        Value::from(&server.name),
        Value::from(&server.group),
        story.project().catalog.product_name(server.product).into(),
        server.build.to_string().into(),
        server.route.name().into(),
        Value::from(&server.target),
        story.crew(row).into(),
        status.into(),
    ]
}

fn dates(story: &Story<'_>, row: &PlanRow<'_>) -> [Value; 10] {
    let period = row.period_before(row.at);
    let stage = period.map(|period| story.project().policy.ladder().stages()[period.stage].name());
    let [throttled, blocked, all] = row.first.map(moment);
    let assessment = &row.server.assessment;
    let certainty = row.server.detected.map(|_| assessment.certainty.word());
    [
        row.start.into(),
        row.at.into(),
        moment(row.server.detected),
        certainty.into(),
        assessment.latest.into(),
        stage.into(),
        period.map(|period| period.paused).into(),
        throttled,
        blocked,
        all,
    ]
}

fn chances(story: &Story<'_>, row: &PlanRow<'_>) -> [Value; 11] {
    let Some(chance) = row.chance else { return [const { Value::Missing }; 11] };
    let [p50, p80, p95] = chance.done.map(Value::from);
    let [throttling, blocking, full] = chance.clear.map(Value::from);
    let risk = &story.project().risk;
    let (level, commit) = (risk.level.into(), risk.commit.into());
    [
        p50,
        p80,
        p95,
        chance.sure.into(),
        level,
        chance.commit.into(),
        commit,
        throttling,
        blocking,
        full,
        chance.on_time.into(),
    ]
}

fn mail(row: &PlanRow<'_>) -> [Value; 5] {
    let open = |number: f64| Value::from((!row.done).then_some(number));
    [
        (row.server.volume as f64 / 1000.0).into(),
        open(row.fate.lost_messages()),
        open(row.fate.delayed_messages()),
        open(row.fate.exposed_messages()),
        row.chance.map(|chance| chance.lost_mean).into(),
    ]
}

/// The intervals of a server's mean loss and of its chance to be on time, and over how many courses.
fn sharpness(story: &Story<'_>, row: &PlanRow<'_>) -> [Value; 5] {
    let lived = &story.findings.lived;
    let [low, high] = ends(row.chance.and_then(|chance| chance.lost_interval));
    let [on_time_low, on_time_high] = ends(row.chance.and_then(|chance| lived.interval_of(chance.on_time)));
    [low, high, on_time_low, on_time_high, row.chance.map(|_| lived.replications).into()]
}

/// Names of the servers that must be done before.
fn waits_for(story: &Story<'_>, row: &PlanRow<'_>) -> Value {
    let servers = &story.project().servers;
    let names: Vec<&str> = row.server.depends_on.iter().map(|&other| servers[other].name.as_str()).collect();
    names.join("|").into()
}

/// `pauses.csv`: the pauses to be asked for, in any case or only if a server is not done, and those that were inferred.
pub(super) fn pauses(story: &Story<'_>) -> Frame {
    let columns = columns![
        Instant at,
        Integer days "days",
        Instant ends,
        Integer year,
        Integer charged_days "days",
        Integer left_in_first_year "days",
        Truth joins_former,
        Text held,
        Text cut_overs,
        Text kind,
        Text only_if_not_done,
        Number prob,
        Text certainty,
    ];
    let mut frame = Frame::new("pauses", columns);
    for pause in &story.pauses {
        let kind = if pause.is_conditional() { "only if late" } else { "always" };
        for &(year, charged) in &pause.charges {
            let [held, bridged, only_if] =
                [&pause.held, &pause.bridged, &pause.only_if].map(|names| Value::from(names.join("|")));
            let dates = [Value::from(pause.at), pause.days.into(), pause.ends.into()];
            let numbers = [Value::from(year), charged.into(), pause.left.into(), pause.joins.into()];
            let certainty = story.certainty_from(pause.at).word().into();
            let condition = [held, bridged, kind.into(), only_if, pause.prob.into(), certainty];
            frame.row(dates.into_iter().chain(numbers).chain(condition));
        }
    }
    for pause in &story.project().pauses_inferred {
        let ends = pause.at + brownout_kernel::time::SimDuration::from_days(i64::from(pause.days));
        let dates = [Value::from(pause.at), pause.days.into(), ends.into()];
        let blank = [const { Value::Missing }; 6];
        let rest = ["had or running".into(), Value::Missing, Value::Missing, "inferred".into()];
        frame.row(dates.into_iter().chain(blank).chain(rest));
    }
    frame
}

/// `stages.csv`: what would be in force for each server if it were never done, pauses counted in.
pub(super) fn stages(story: &Story<'_>) -> Frame {
    let columns = columns![
        Text server, Text stage, Truth paused, Instant from, Instant to,
        Integer throttle "minutes an hour", Integer block "minutes an hour", Text certainty,
    ];
    let mut frame = Frame::new("stages", columns);
    for row in &story.rows {
        for period in &row.periods {
            let stage = story.project().policy.ladder().stages()[period.stage].name();
            let minutes = [period.minutes.throttle(), period.minutes.block()].map(Value::from);
            let names = [Value::from(&row.server.name), stage.into(), period.paused.into()];
            let dates = [period.from, period.to].map(Value::from);
            let certainty = Value::from(story.certainty_of(row, period).word());
            frame.row(names.into_iter().chain(dates).chain(minutes).chain([certainty]));
        }
    }
    frame
}

/// `crews.csv`: openings and change freezes of every crew, as the Gantt chart shows them.
pub(super) fn crews(story: &Story<'_>) -> Frame {
    crews_of(std::slice::from_ref(story))
}

/// The same of several tenants, whose crews are the same.
pub(super) fn crews_of(stories: &[Story<'_>]) -> Frame {
    let mut frame = Frame::new("crews", columns![Text crew, Text kind, Instant from, Instant to]);
    for calendar in super::figures::calendars(stories) {
        let mut row = |kind: &str, from: SimTime, to: Option<SimTime>| {
            frame.row([Value::from(&calendar.name), kind.into(), from.into(), to.into()]);
        };
        calendar.windows.iter().for_each(|&at| row("window", at, None));
        calendar.freezes.iter().for_each(|&(from, to)| row("freeze", from, Some(to)));
    }
    frame
}

/// `finish.csv`: the days on which replications end, and the share that has ended by then.
pub(super) fn finish(story: &Story<'_>) -> Frame {
    finish_of(&story.findings.lived)
}

/// The same of how a plan ends, of one tenant or several.
pub(super) fn finish_of(lived: &Lived) -> Frame {
    let mut frame = Frame::new("finish", columns![Date day, Integer replications, Number done_prob]);
    let mut done = 0;
    for &(day, count) in &lived.finish_days {
        done += count;
        let share = f64::from(done) / f64::from(lived.replications.max(1));
        frame.row([day.into(), count.into(), share.into()]);
    }
    frame
}

/// `latest.csv`: by when work must begin to stay clear of each danger.
pub(super) fn latest(story: &Story<'_>) -> Frame {
    let columns = columns![
        Text danger, Truth with_every_pause_day, Instant first_met, Date latest_start, Number level, Number now_prob,
    ];
    let mut frame = Frame::new("latest", columns);
    for start in &story.findings.latest {
        let level = story.project().risk.level;
        let names = [Value::from(start.danger.name()), start.paused.into(), moment(start.meets)];
        frame.row(names.into_iter().chain([start.day.into(), level.into(), start.now.into()]));
    }
    frame
}

/// `strategies.csv`: the plan and the plain strategies.
pub(super) fn strategies(story: &Story<'_>) -> Frame {
    let columns = columns![
        Text strategy,
        Text about,
        Integer pause_days "days",
        Instant last_cut_over,
        Instant done_p95,
        Number lost_planned "messages",
        Number delayed_planned "messages",
        Number exposed_planned "messages",
        Number lost_mean "messages",
        Number lost_p95 "messages",
        Number lost_worst_twentieth_mean "messages",
        Number clear_of_throttling_prob,
        Number clear_of_blocking_prob,
        Number clear_of_full_block_prob,
        Integer replications,
        Number lost_mean_low "messages",
        Number lost_mean_high "messages",
        Number clear_of_throttling_low,
        Number clear_of_throttling_high,
        Number clear_of_blocking_low,
        Number clear_of_blocking_high,
        Number clear_of_full_block_low,
        Number clear_of_full_block_high,
    ];
    let mut frame = Frame::new("strategies", columns);
    for strategy in &story.findings.strategies {
        let days: u32 = strategy.pauses.iter().map(|pause| pause.days()).sum();
        let lived = strategy.lived.as_ref();
        let dates = [moment(strategy.done), moment(lived.map(|lived| lived.fleet_done[2]))];
        let fate = &strategy.planned;
        let planned = [fate.lost_messages(), fate.delayed_messages(), fate.exposed_messages()].map(Value::from);
        let lost = strategy.lost();
        let lost = [lost.mean, lost.p95, lost.worst].map(Value::from);
        let clear = [0, 1, 2].map(|danger| Value::from(lived.map(|lived| lived.fleet_clear[danger])));
        let names = [Value::from(strategy.name), strategy.about.into(), days.into()];
        let mean = ends(strategy.lost().interval);
        let sure = (0..3).flat_map(|danger| ends(lived.and_then(|lived| lived.interval_of(lived.fleet_clear[danger]))));
        let count = [Value::from(lived.map(|lived| lived.replications))];
        let sharpness = count.into_iter().chain(mean).chain(sure);
        frame.row(names.into_iter().chain(dates).chain(planned).chain(lost).chain(clear).chain(sharpness));
    }
    frame
}

/// Both ends of an interval.
pub(super) fn ends(interval: Option<Interval>) -> [Value; 2] {
    [interval.map(|found| found.low).into(), interval.map(|found| found.high).into()]
}

/// `prices.csv`: what a little more room would be worth.
pub(super) fn prices(story: &Story<'_>) -> Frame {
    let columns = columns![
        Text what, Number lost_messages_saved "messages", Number points_saved "points", Integer days_earlier "days",
    ];
    let mut frame = Frame::new("prices", columns);
    for price in &story.findings.prices.found {
        frame.row([Value::from(&price.what), price.lost.into(), price.points.into(), price.days.into()]);
    }
    frame
}

/// `changes.csv`: what changed against the former plan; `None` where there is none.
pub(super) fn changes(story: &Story<'_>) -> Option<Frame> {
    let columns =
        columns![Text change, Text server, Instant from, Instant to, Integer days "days", Text former_crew, Text crew];
    let mut frame = Frame::new("changes", columns);
    const NONE: Value = Value::Missing;
    for change in story.findings.changes.as_ref()? {
        let pause = |kind: &str, pause: &brownout_kernel::policy::PauseRequest| {
            [kind.into(), NONE, pause.at.into(), NONE, pause.days.into(), NONE, NONE]
        };
        frame.row(match change {
            Change::Done { server, at, planned } => {
                ["done".into(), server.into(), (*planned).into(), (*at).into(), NONE, NONE, NONE]
            }
            Change::InHand { server, since, at, keeps } => {
                let kind = if *keeps { "in hand, keeps its date" } else { "in hand, goes on now" };
                [
                    kind.into(),
                    server.into(),
                    since.map(brownout_kernel::time::Day::start).into(),
                    (*at).into(),
                    NONE,
                    NONE,
                    NONE,
                ]
            }
            Change::Unsaid { server, planned, to } => {
                ["not confirmed".into(), server.into(), (*planned).into(), (*to).into(), NONE, NONE, NONE]
            }
            Change::Moved { server, from, to, crews } => {
                let (former, crew) = crews.as_ref().map(|(former, crew)| (former.as_str(), crew.as_str())).unzip();
                ["moved".into(), server.into(), (*from).into(), (*to).into(), NONE, former.into(), crew.into()]
            }
            Change::PauseUnsaid(request) => pause("pause not confirmed", request),
            Change::PauseDropped(request) => pause("pause dropped", request),
            Change::PauseAdded(request) => pause("pause added", request),
        });
    }
    Some(frame)
}
