//! CSV files of a plan. A missing value is an empty cell; an instant that never comes is `never`. All times are UTC.

use super::{Row, Story};
use crate::catalog::Catalog;
use crate::plan::Change;
use crate::report::tables::{Table, cell};
use crate::time::{Day, SimTime};

fn moment(at: Option<SimTime>) -> String {
    at.unwrap_or(SimTime::NEVER).to_string()
}

fn date(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

const PLAN: [&str; 36] = [
    "server",
    "group",
    "product",
    "build",
    "route",
    "target",
    "crew",
    "status",
    "work_starts",
    "cut_over",
    "first_detected",
    "detection",
    "detected_latest",
    "stage_at_cut_over",
    "paused_at_cut_over",
    "throttled_from",
    "blocked_from",
    "all_blocked_from",
    "done_p50",
    "done_p80",
    "done_p95",
    "done_at_level",
    "level",
    "before_throttling_prob",
    "before_blocking_prob",
    "before_full_block_prob",
    "on_time_prob",
    "messages_per_day",
    "lost_planned",
    "delayed_planned",
    "exposed_planned",
    "lost_mean",
    "depends_on",
    "below_baseline",
    "below_baseline_from",
    "note",
];

/// `plan.csv`: a row for each server, those that are done first, then in order of cut-over.
pub(super) fn plan(story: &Story<'_>) -> Vec<u8> {
    let mut table = Table::new(&PLAN);
    for row in &story.rows {
        let chances = chances(story, row);
        let cells = identity(story, row).into_iter().chain(dates(story, row)).chain(chances);
        table.row(cells.chain(mail(row)).chain([waits_for(story, row)]).chain(doubts(row)));
    }
    for server in &story.project().left_out {
        let mut cells = vec![String::new(); PLAN.len()];
        let volume = cell(Some(server.volume as f64 / 1000.0));
        for (column, text) in [("server", &server.name), ("messages_per_day", &volume), ("note", &server.why)] {
            cells[place(column)].clone_from(text);
        }
        cells[place("status")] = "left out".to_owned();
        table.row(cells);
    }
    table.bytes()
}

fn place(column: &str) -> usize {
    PLAN.iter().position(|known| *known == column).unwrap_or(0)
}

/// A baseline that the target does not meet, from when on, and what is in doubt.
fn doubts(row: &Row<'_>) -> [String; 3] {
    let raise = row.server.again.as_ref();
    let [name, from] = [raise.map(|raise| raise.baseline.clone()), raise.map(|raise| raise.at.to_string())];
    [name.unwrap_or_default(), from.unwrap_or_default(), row.server.standing.words.clone()]
}

fn identity(story: &Story<'_>, row: &Row<'_>) -> [String; 8] {
    let server = row.server;
    [
        server.name.clone(),
        server.group.clone(),
        Catalog::embedded().product_name(server.product).to_owned(),
        server.build.to_string(),
        server.route.name().to_owned(),
        server.target.clone(),
        story.crew(row).to_owned(),
        match (row.done, row.server.standing.complies) {
            (true, true) => "complies",
            (true, false) => "done",
            (false, _) => "planned",
        }
        .to_owned(),
    ]
}

fn dates(story: &Story<'_>, row: &Row<'_>) -> [String; 10] {
    let period = row.period_before(row.at);
    let stage = period.map_or("", |period| story.project().policy.ladder.stages()[period.stage].name.as_str());
    let paused = period.map_or_else(String::new, |period| period.paused.to_string());
    let [throttled, blocked, all] = row.first.map(moment);
    let (start, at) = (date(row.start), moment(Some(row.at)));
    let standing = &row.server.standing;
    let certainty = if row.server.detected.is_some() { standing.certainty.word() } else { "" }.to_owned();
    let latest = standing.latest.map_or_else(String::new, |at| at.to_string());
    let detected = moment(row.server.detected);
    [start, at, detected, certainty, latest, stage.to_owned(), paused, throttled, blocked, all]
}

fn chances(story: &Story<'_>, row: &Row<'_>) -> [String; 9] {
    let Some(chance) = row.chance else { return [const { String::new() }; 9] };
    let [p50, p80, p95] = chance.done.map(|at| moment(Some(at)));
    let [throttling, blocking, full] = chance.clear.map(cell);
    let (sure, level) = (moment(Some(chance.sure)), story.project().risk.level.to_string());
    [p50, p80, p95, sure, level, throttling, blocking, full, cell(Some(chance.on_time))]
}

fn mail(row: &Row<'_>) -> [String; 5] {
    let open = |number: f64| cell((!row.done).then_some(number));
    [
        cell(Some(row.server.volume as f64 / 1000.0)),
        open(row.fate.lost_messages()),
        open(row.fate.delayed_messages()),
        open(row.fate.exposed_messages()),
        cell(row.chance.map(|chance| chance.lost_mean)),
    ]
}

/// Names of the servers that must be done before.
fn waits_for(story: &Story<'_>, row: &Row<'_>) -> String {
    let servers = &story.project().servers;
    let names: Vec<&str> = row.server.depends_on.iter().map(|&other| servers[other].name.as_str()).collect();
    names.join("|")
}

/// `pauses.csv`: the pauses to be asked for, in any case or only if a server is not done, and those that were inferred.
pub(super) fn pauses(story: &Story<'_>) -> Vec<u8> {
    let header = [
        "at",
        "days",
        "ends",
        "year",
        "charged_days",
        "left_in_first_year",
        "joins_former",
        "held",
        "cut_overs",
        "kind",
        "only_if_not_done",
        "prob",
        "certainty",
    ];
    let mut table = Table::new(&header);
    for pause in &story.pauses {
        for &(year, charged) in &pause.charges {
            let [held, bridged] = [&pause.held, &pause.bridged].map(|names| names.join("|"));
            let numbers = [year.to_string(), charged.to_string(), pause.left.to_string(), pause.joins.to_string()];
            let dates = [pause.at.to_string(), pause.days.to_string(), pause.ends.to_string()];
            let kind = if pause.is_conditional() { "only if late" } else { "always" }.to_owned();
            let certainty = story.certainty_from(pause.at);
            let condition = [kind, pause.only_if.join("|"), pause.prob.to_string(), certainty.word().to_owned()];
            table.row(dates.into_iter().chain(numbers).chain([held, bridged]).chain(condition));
        }
    }
    for pause in &story.project().pauses_inferred {
        let mut cells = vec![String::new(); header.len()];
        let ends = pause.at + crate::time::SimDuration::from_days(i64::from(pause.days));
        (cells[0], cells[1], cells[2]) = (pause.at.to_string(), pause.days.to_string(), ends.to_string());
        (cells[9], cells[12]) = ("had or running".to_owned(), "inferred".to_owned());
        table.row(cells);
    }
    table.bytes()
}

/// `stages.csv`: what would be in force for each server if it were never done, pauses counted in.
pub(super) fn stages(story: &Story<'_>) -> Vec<u8> {
    let mut table = Table::new(&["server", "stage", "paused", "from", "to", "throttle", "block", "certainty"]);
    for row in &story.rows {
        for period in &row.periods {
            let name = story.project().policy.ladder.stages()[period.stage].name.clone();
            let minutes = [period.minutes.throttle, period.minutes.block].map(|minutes| minutes.to_string());
            let dates = [period.from, period.to].map(|at| at.to_string());
            let stage = [row.server.name.clone(), name, period.paused.to_string()];
            let certainty = [story.certainty_of(row, period).word().to_owned()];
            table.row(stage.into_iter().chain(dates).chain(minutes).chain(certainty));
        }
    }
    table.bytes()
}

/// `crews.csv`: openings and change freezes of every crew, as the Gantt chart shows them.
pub(super) fn crews(story: &Story<'_>) -> Vec<u8> {
    let mut table = Table::new(&["crew", "kind", "from", "to"]);
    for (crew, calendar) in story.project().crews.iter().zip(super::figures::calendars(story)) {
        let mut row = |kind: &str, from: SimTime, to: String| {
            table.row([crew.name.clone(), kind.to_owned(), from.to_string(), to]);
        };
        calendar.windows.iter().for_each(|&at| row("window", at, String::new()));
        calendar.freezes.iter().for_each(|&(from, to)| row("freeze", from, to.to_string()));
    }
    table.bytes()
}

/// `finish.csv`: the days on which replications end, and the share that has ended by then.
pub(super) fn finish(story: &Story<'_>) -> Vec<u8> {
    let mut table = Table::new(&["day", "replications", "done_prob"]);
    let lived = &story.findings.lived;
    let mut done = 0;
    for &(day, count) in &lived.finish_days {
        done += count;
        let share = f64::from(done) / f64::from(lived.replications.max(1));
        table.row([day.to_string(), count.to_string(), share.to_string()]);
    }
    table.bytes()
}

/// `latest.csv`: by when work must begin to stay clear of each danger.
pub(super) fn latest(story: &Story<'_>) -> Vec<u8> {
    let mut table = Table::new(&["danger", "with_every_pause_day", "first_met", "latest_start", "level", "now_prob"]);
    for start in &story.findings.latest {
        let level = story.project().risk.level.to_string();
        let names = [start.danger.name().to_owned(), start.paused.to_string(), moment(start.meets)];
        table.row(names.into_iter().chain([date(start.day), level, start.now.to_string()]));
    }
    table.bytes()
}

/// `strategies.csv`: the plan and the plain strategies.
pub(super) fn strategies(story: &Story<'_>) -> Vec<u8> {
    let header = [
        "strategy",
        "about",
        "pause_days",
        "last_cut_over",
        "done_p95",
        "lost_planned",
        "delayed_planned",
        "exposed_planned",
        "lost_mean",
        "lost_p95",
        "lost_worst_twentieth_mean",
        "clear_of_throttling_prob",
        "clear_of_blocking_prob",
        "clear_of_full_block_prob",
    ];
    let mut table = Table::new(&header);
    for strategy in &story.findings.strategies {
        let days: u32 = strategy.pauses.iter().map(|pause| pause.days).sum();
        let lived = strategy.lived.as_ref();
        let dates =
            [moment(strategy.done), lived.map_or_else(|| moment(None), |lived| moment(Some(lived.fleet_done[2])))];
        let fate = &strategy.planned;
        let planned = [fate.lost_messages(), fate.delayed_messages(), fate.exposed_messages()].map(|n| cell(Some(n)));
        let lost = strategy.lost();
        let lost = [lost.mean, lost.p95, lost.worst].map(|n| cell(Some(n)));
        let clear = [0, 1, 2].map(|danger| cell(lived.map(|lived| lived.fleet_clear[danger])));
        let names = [strategy.name.to_owned(), strategy.about.to_owned(), days.to_string()];
        table.row(names.into_iter().chain(dates).chain(planned).chain(lost).chain(clear));
    }
    table.bytes()
}

/// `prices.csv`: what a little more room would be worth.
pub(super) fn prices(story: &Story<'_>) -> Vec<u8> {
    let mut table = Table::new(&["what", "lost_messages_saved", "points_saved", "days_earlier"]);
    for price in &story.findings.prices.found {
        table.row([price.what.clone(), price.lost.to_string(), price.points.to_string(), price.days.to_string()]);
    }
    table.bytes()
}

/// `changes.csv`: what changed against the former plan; `None` where there is none.
pub(super) fn changes(story: &Story<'_>) -> Option<Vec<u8>> {
    let mut table = Table::new(&["change", "server", "from", "to", "days", "former_crew", "crew"]);
    for change in story.findings.changes.as_ref()? {
        let optional = |at: &Option<SimTime>| at.map_or_else(String::new, |at| at.to_string());
        let pause = |kind: &str, pause: &crate::policy::PauseRequest| {
            let days = pause.days.to_string();
            [kind.to_owned(), String::new(), pause.at.to_string(), String::new(), days, String::new(), String::new()]
        };
        table.row(match change {
            Change::Done { server, at, planned } => {
                let blank = String::new;
                ["done".to_owned(), server.clone(), optional(planned), at.to_string(), blank(), blank(), blank()]
            }
            Change::Moved { server, from, to, crews } => {
                let (former, crew) = crews.clone().unwrap_or_default();
                let dates = [optional(from), to.to_string(), String::new()];
                let [from, to, days] = dates;
                ["moved".to_owned(), server.clone(), from, to, days, former, crew]
            }
            Change::PauseUnsaid(request) => pause("pause not confirmed", request),
            Change::PauseDropped(request) => pause("pause dropped", request),
            Change::PauseAdded(request) => pause("pause added", request),
        });
    }
    Some(table.bytes())
}
