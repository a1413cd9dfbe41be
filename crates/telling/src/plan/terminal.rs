//! The plan for people: the answer first, then servers, pauses, latest starts, what else could be done.

use super::commands::command;
use crate::columns;
use crate::frame::{Frame, Shown, TextTable, Value};
use crate::plan as tell;
use crate::plan::words::{counted, local};
use crate::plan::{PlannedPause, Story};
use crate::plan::{buffers, moved};
use brownout_chart::value;
use brownout_kernel::policy::PauseRequest;
use brownout_kernel::time::SimTime;
use brownout_planner::chance::latest::LatestStart;
use brownout_planner::chance::prices::Price;
use brownout_planner::chance::strategies::Strategy;
use brownout_planner::findings::{Change, Findings};
use brownout_planner::project::FleetServer;
use brownout_text::numbers::said_amount;
use brownout_text::outside::{printable, shortened};
use brownout_text::words::percent;

use crate::timeline::words::brief;

/// Servers that are listed; longer fleets are listed whole in plan.csv.
const ROWS_MAX: usize = 60;
/// Letters of the question that are shown.
const QUESTION_MAX: usize = 300;
/// Prices that are listed.
const PRICES_MAX: usize = 6;

/// What is said where nothing that was tried saves anything.
const NO_PRICE: &str = "More pause days, crews or weekends, shorter freezes, shorter pauses or more commands would save nothing as planned.\n";

/// Everything printed.
pub fn print(findings: &Findings<'_>, width: Option<u16>) -> String {
    let story = Story::new(findings);
    let mut parts = vec![answer(&story), servers(&story, width), pauses(&story)];
    parts.push(latest(&story, width));
    parts.push(strategies(&story, width));
    parts.extend(buffers::sentence(&story).map(|line| line + "\n"));
    parts.extend(moved::sentences(&story).map(|line| line + "\n"));
    parts.push(prices(&story));
    parts.extend(findings.changes.as_ref().map(|changes| changed(&story, changes)));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

pub(super) fn day(at: SimTime) -> String {
    if at == SimTime::NEVER { "not in years".to_owned() } else { at.day().to_string() }
}

pub(super) fn messages(count: f64) -> String {
    value(count.round(), "").replace(' ', "\u{a0}")
}

/// When it is done, how sure, what it costs, what is in doubt, and how good the plan is.
fn answer(story: &Story<'_>) -> String {
    let project = story.project();
    let mut lines = Vec::new();
    if !project.question.is_empty() {
        lines.push(shortened(&project.question, QUESTION_MAX));
        lines.push(String::new());
    }
    match story.last() {
        None => lines.push("Every server is done; there is nothing left to plan.".to_owned()),
        Some(_) => lines.push(format!("{}.", tell::finding(story))),
    }
    lines.extend(tell::bounces(story));
    lines.extend(tell::first_bite(story));
    lines.extend(tell::fall_backs(story));
    lines.extend(tell::left_out(story));
    lines.extend(tell::doubts(story));
    lines.push(tell::lost(story));
    lines.push(tell::quality(story));
    lines.iter().map(|line| printable(line).into_owned()).collect::<Vec<_>>().join("\n") + "\n"
}

fn servers(story: &Story<'_>, width: Option<u16>) -> String {
    let listed = listed(story);
    let count = story.findings.by_date().len();
    if count == 0 {
        return String::new();
    }
    let cut_over = format!("cut-over ({})", story.place().unwrap_or_else(|| "UTC".to_owned()));
    let level = format!("{} sure", percent(story.project().risk.level));
    let shown = [
        Shown::new("server"),
        Shown::new("detection"),
        Shown::new("crew"),
        Shown::new("work starts"),
        Shown::new(cut_over),
        Shown::new("stage then"),
        Shown::new(level).instant(day).right(),
        Shown::new("on time").number(percent),
        Shown::new("lost").number(messages),
    ];
    let more = count.saturating_sub(ROWS_MAX);
    let more = if more > 0 { format!("and {more} more: plan.csv\n") } else { String::new() };
    TextTable::shown(&listed, shown).ruled(width) + &more
}

/// The servers with a date ahead, the earliest first, as far as they are listed.
fn listed(story: &Story<'_>) -> Frame {
    let (findings, project) = (story.findings, story.project());
    let fleet = findings.fleet();
    let columns = columns![
        Text server, Text detection, Text crew, Date work_starts, Text cut_over, Text stage_then, Instant sure, Number on_time,
        Number lost "messages",
    ];
    let mut frame = Frame::new("servers", columns);
    for &job in findings.by_date().iter().take(ROWS_MAX) {
        let (candidate, server) = (findings.candidate(job), findings.server(job));
        let index = findings.basis.jobs[job].server;
        let periods = fleet.fortune(index).map(|fortune| fortune.periods.as_slice()).unwrap_or_default();
        let period = periods.iter().rfind(|period| period.from < candidate.at);
        let stage = period.map_or("not detected", |period| project.policy.ladder().stages()[period.stage].name());
        let paused = if period.is_some_and(|period| period.paused) { ", paused" } else { "" };
        let chance = &findings.lived.servers[job];
        frame.row([
            Value::from(&server.name),
            server.detected.map(|_| server.assessment.certainty.word()).into(),
            Value::from(&project.crews[candidate.crew].name),
            project.day(candidate.start).into(),
            cut_over_by(story, server, candidate.at).into(),
            format!("{stage}{paused}").into(),
            chance.sure.into(),
            chance.on_time.into(),
            fleet.fate(index, candidate.at).lost_messages().into(),
        ]);
    }
    frame
}

/// The cut-over by the clocks of a server's place, UTC beside; by UTC alone where no place is given.
fn cut_over_by(story: &Story<'_>, server: &FleetServer, at: SimTime) -> String {
    let row = story.rows.iter().find(|row| std::ptr::eq(row.server, server));
    match row.and_then(|row| story.clock_of(row)) {
        Some(by) => format!("{} {}", local::day(at, Some(by)), local::short_hours(at, by)),
        None => brief(at),
    }
}

fn pauses(story: &Story<'_>) -> String {
    if story.pauses.is_empty() {
        return "Pauses: none; no pause saves more than its days and its command weigh.\n".to_owned();
    }
    let line = |pause: &PlannedPause| {
        format!(
            "  on {} for {}, to {}: {}\n",
            pause.at.day(),
            counted(pause.days as usize, "day"),
            pause.ends.day(),
            command(pause)
        )
    };
    let late = |pause: &PlannedPause| {
        let names: Vec<String> = pause.only_if.iter().map(|name| printable(name).into_owned()).collect();
        let which = match names.as_slice() {
            [only] => only.clone(),
            [first, second] => format!("{first} or {second}"),
            all => format!("one of {} and {} more", all[..2].join(", "), all.len() - 2),
        };
        let prob = percent(pause.prob);
        format!("  only if {which} is not done on {} ({prob} of cases)\n  {}", pause.at.day(), line(pause))
    };
    let (asked, conditional): (Vec<&PlannedPause>, Vec<&PlannedPause>) =
        story.pauses.iter().partition(|pause| !pause.is_conditional());
    let mut text = String::new();
    if !asked.is_empty() {
        text.push_str(&format!(
            "Pauses to ask for, each at {} UTC of its day (pauses.ps1)\n",
            super::words::desk_opens(story)
        ));
        text.extend(asked.into_iter().map(line));
    }
    if !conditional.is_empty() {
        text.push_str("Pauses to ask for only if something is late (pauses.ps1 asks first)\n");
        text.extend(conditional.into_iter().map(late));
    }
    text
}

fn latest(story: &Story<'_>, width: Option<u16>) -> String {
    let findings = story.findings;
    let without = tell::without_latest(story).map_or(String::new(), |words| format!("{}\n", printable(&words)));
    if findings.latest.is_empty() {
        return without;
    }
    let project = findings.basis.project;
    let columns = columns![Text danger, Text pauses, Text first_met, Text begin_by, Number chance_now];
    let mut frame = Frame::new("latest", columns);
    for LatestStart { danger, paused, meets, day: last, now } in &findings.latest {
        frame.row([
            danger.name().into(),
            if *paused { "every day left" } else { "none more" }.into(),
            match meets {
                None => "never".into(),
                Some(at) if *at <= project.as_of.start() => "already".into(),
                Some(at) => brief(*at).into(),
            },
            match (last, meets) {
                (_, None) => "any time".into(),
                (Some(last), _) => last.to_string().into(),
                (None, Some(at)) if *at <= project.as_of.start() => "met already".into(),
                (None, _) => "too late".into(),
            },
            (*now).into(),
        ]);
    }
    let headings = ["to stay clear of", "pauses", "first met", "work must begin by"];
    let now = Shown::new("chance if begun now").number(percent);
    let table = TextTable::shown(&frame, headings.map(Shown::new).into_iter().chain([now])).ruled(width);
    format!("Latest safe start, at {} of certainty\n{table}{without}", percent(project.risk.level))
}

fn strategies(story: &Story<'_>, width: Option<u16>) -> String {
    let findings = story.findings;
    let columns = columns![
        Text strategy, Integer pause_days, Instant done, Text lost_mean "messages", Text lost_worst "messages",
        Number delayed_mean "messages", Text no_mail_bounces,
    ];
    let mut frame = Frame::new("strategies", columns);
    for strategy in &findings.strategies {
        let Strategy { name, pauses, lived, planned, .. } = strategy;
        let lost = strategy.lost();
        frame.row([
            (*name).into(),
            pauses.iter().map(|pause| pause.days()).sum::<u32>().into(),
            lived.as_ref().map(|lived| lived.fleet_done[2]).into(),
            tell::mean(&lost).into(),
            said_amount(lost.worst, tell::words::half_width(&lost)).replace(' ', "\u{a0}").into(),
            lived.as_ref().map_or(planned.delayed_messages(), |lived| lived.delayed.mean).into(),
            lived.as_ref().map_or("0 %".to_owned(), |lived| tell::chance(lived, lived.fleet_clear[1])).into(),
        ]);
    }
    let shown = [
        Shown::new("strategy"),
        Shown::new("pause days"),
        Shown::new("done (95 %)").instant(day).missing("never").right(),
        Shown::new("lost, mean").right(),
        Shown::new("lost, worst 5 %").right(),
        Shown::new("delayed, mean").number(messages),
        Shown::new("no mail bounces").right(),
    ];
    let table = TextTable::shown(&frame, shown).ruled(width);
    let sharpness = tell::sharpness(story);
    let horizon = findings.basis.project.horizon;
    format!("Against plain strategies, to {horizon} (messages)\n{table}{sharpness}\n")
}

fn prices(story: &Story<'_>) -> String {
    let findings = story.findings;
    let found = &findings.prices.found;
    let worth: Vec<&Price> =
        found.iter().filter(|price| price.points >= 0.5 || price.lost >= 0.5).take(PRICES_MAX).collect();
    let untried: String =
        findings.prices.untried.iter().map(|words| format!("  not all: {}\n", printable(words))).collect();
    if worth.is_empty() {
        let nothing = if found.is_empty() { "" } else { NO_PRICE };
        return format!("{nothing}{untried}");
    }
    let line = |price: &&Price| {
        let days = match price.days {
            0 => String::new(),
            days if days > 0 => format!(", done {} earlier", counted(days as usize, "day")),
            days => format!(", done {} later", counted(days.unsigned_abs() as usize, "day")),
        };
        let what = printable(&price.what);
        let points = messages(price.points);
        let unit = if points == "1" { "point" } else { "points" };
        format!("  {what}: {points} {unit}, {} lost messages{days}\n", messages(price.lost))
    };
    let lines: String = worth.iter().map(line).collect();
    format!("What more room would save, in {}\n{lines}{untried}", tell::points(story))
}

fn changed(story: &Story<'_>, changes: &[Change]) -> String {
    let words = tell::planned_against_done(story).into_iter().chain(tell::moves(story));
    let words: String = words.map(|words| format!("{words}\n")).collect();
    if changes.is_empty() {
        return format!("Nothing changed against the former plan.\n{words}");
    }
    let date = |at: &Option<SimTime>| at.map_or("not planned".to_owned(), |at| at.day().to_string());
    let pause = |pause: &PauseRequest| format!("{} from {}", counted(pause.days as usize, "day"), pause.at.day());
    // What went as planned is counted, not listed.
    let differs = |change: &&Change| !matches!(change, Change::Done { at, planned: Some(planned), .. } if at.day() == planned.day());
    let line = |change: &Change| match change {
        Change::Done { server, at, planned } => format!("  {server}: done {}, planned {}\n", at.day(), date(planned)),
        Change::InHand { server, since, at, keeps } => {
            let goes_on = if *keeps { "keeps" } else { "goes on now:" };
            let since = since.map_or(String::new(), |since| format!(" since {since}"));
            format!("  {server}: in hand{since}, {goes_on} {}\n", at.day())
        }
        Change::Unsaid { server, planned, to } => format!(
            "  {server}: planned {}, nothing said of it (--done, --in-hand, --as-planned); now {}\n",
            planned.day(),
            to.day()
        ),
        Change::Moved { server, from, to, crews } => {
            let crews = crews.as_ref().map_or(String::new(), |(old, new)| format!(", {old} -> {new}"));
            format!("  {server}: {} -> {}{crews}\n", date(from), to.day())
        }
        Change::PauseUnsaid(request) => {
            let is_day = request.at == request.at.day().start();
            let at = if is_day { request.at.day().to_string() } else { request.at.to_string() };
            let days = request.days;
            format!(
                "  pause of {}: was planned, and is taken not to have been asked for; if it was, say --pause {at}:{days}\n",
                pause(request)
            )
        }
        Change::PauseDropped(request) => format!("  pause of {}: dropped\n", pause(request)),
        Change::PauseAdded(request) => format!("  pause of {}: new\n", pause(request)),
    };
    let lines: String = changes.iter().filter(differs).map(line).collect();
    let nothing = if lines.is_empty() { "Nothing but what is done changed" } else { "Changed" };
    format!("{nothing} against the former plan\n{lines}{words}")
}
