//! The plan for people: the answer first, then servers, pauses, latest starts, what else could be done.

use brownout::chart::value;
use brownout::plan::findings::{Change, Findings};
use brownout::plan::latest::LatestStart;
use brownout::plan::prices::Price;
use brownout::plan::strategies::Strategy;
use brownout::policy::PauseRequest;
use brownout::report::narrow;
use brownout::time::{SimDuration, SimTime};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};

use crate::cli::timeline::words::{brief, count};

/// Servers that are listed; longer fleets are listed whole in plan.csv.
const ROWS_MAX: usize = 60;
/// Prices that are listed.
const PRICES_MAX: usize = 6;

/// Everything printed.
pub(super) fn print(findings: &Findings<'_>, width: Option<u16>) -> String {
    let mut parts = vec![answer(findings), servers(findings, width), pauses(findings)];
    parts.push(latest(findings, width));
    parts.push(strategies(findings, width));
    parts.push(prices(findings));
    parts.extend(findings.changes.as_ref().map(|changes| changed(changes)));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
    table.set_header(header.to_vec());
    table
}

fn finish(mut table: Table, left: usize, width: Option<u16>) -> String {
    for (place, column) in table.column_iter_mut().enumerate() {
        column.set_cell_alignment(if place < left { CellAlignment::Left } else { CellAlignment::Right });
    }
    narrow::fit(&mut table, width).lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn day(at: SimTime) -> String {
    if at == SimTime::NEVER { "not in years".to_owned() } else { at.day().to_string() }
}

fn percent(share: f64) -> String {
    value(100.0 * share, "%")
}

fn messages(count: f64) -> String {
    value(count.round(), "").replace(' ', "\u{a0}")
}

/// When it is done, how sure, what it costs, and how good the plan is.
fn answer(findings: &Findings<'_>) -> String {
    let project = findings.basis.project;
    let lived = &findings.lived;
    let mut lines = Vec::new();
    if !project.question.is_empty() {
        lines.push(format!("{}\n", project.question));
    }
    let servers = count(findings.basis.jobs.len() as u32, "server");
    match findings.by_date().last() {
        None => lines.push("Every server is done; there is nothing left to plan.".to_owned()),
        Some(&last) => {
            let [_, p80, p95] = lived.fleet_done;
            lines.push(format!(
                "All {servers} are done on {} as planned; by chance on {} in 80 % of cases, on {} in 95 %.",
                day(findings.candidate(last).at),
                day(p80),
                day(p95)
            ));
        }
    }
    let nothing = findings.strategies.iter().find(|strategy| strategy.lived.is_none());
    lines.push(format!(
        "Mail lost: {} as planned; by chance {} on average, {} in the worst twentieth of cases.{}",
        messages(findings.planned.lost_messages()),
        messages(lived.lost.mean),
        messages(lived.lost.p95),
        nothing.map_or(String::new(), |nothing| {
            format!(" Doing nothing loses {} by {}.", messages(nothing.lost().mean), project.horizon)
        })
    ));
    lines.push(quality(findings));
    lines.join("\n") + "\n"
}

fn quality(findings: &Findings<'_>) -> String {
    let solution = &findings.solution;
    if solution.is_optimal() {
        "If all goes as planned, no plan that keeps every rule costs less; the pauses are fitted to chance.".to_owned()
    } else {
        let gap = percent(solution.gap());
        format!(
            "If all goes as planned, the best plan there is costs at most {gap} less; the pauses are fitted to chance."
        )
    }
}

fn servers(findings: &Findings<'_>, width: Option<u16>) -> String {
    let project = findings.basis.project;
    let fleet = findings.fleet();
    let mut rows = table(&["server", "crew", "work starts", "cut-over (UTC)", "stage then", "P95", "on time", "lost"]);
    let order = findings.by_date();
    for &job in order.iter().take(ROWS_MAX) {
        let (candidate, server) = (findings.candidate(job), findings.server(job));
        let place = findings.basis.jobs[job].server;
        let periods = fleet.fortune(place).map(|fortune| fortune.periods.as_slice()).unwrap_or_default();
        let period = periods.iter().rfind(|period| period.from < candidate.at);
        let stage = period.map_or("not detected", |period| project.policy.ladder.stages()[period.stage].name.as_str());
        let paused = if period.is_some_and(|period| period.paused) { ", paused" } else { "" };
        let chance = &findings.lived.servers[job];
        rows.add_row(vec![
            server.name.clone(),
            project.crews[candidate.crew].name.clone(),
            project.day(candidate.start).to_string(),
            brief(candidate.at),
            format!("{stage}{paused}"),
            day(chance.done[2]),
            percent(chance.on_time),
            messages(fleet.fate(place, candidate.at).lost_messages()),
        ]);
    }
    let more = order.len().saturating_sub(ROWS_MAX);
    let more = if more > 0 { format!("and {more} more: plan.csv\n") } else { String::new() };
    if order.is_empty() { String::new() } else { finish(rows, 5, width) + &more }
}

fn pauses(findings: &Findings<'_>) -> String {
    if findings.pauses.is_empty() {
        return "Pauses: none; no pause day saves more than it weighs.\n".to_owned();
    }
    let line = |pause: &PauseRequest| {
        let end = pause.at + SimDuration::from_days(i64::from(pause.days));
        format!(
            "  on {} for {}, to {}: New-TenantExemptionInfo -BlockingScenario UnpatchedOnPremServer -NumberOfDays {}\n",
            pause.at.day(),
            count(pause.days, "day"),
            end.day(),
            pause.days
        )
    };
    let lines: String = findings.pauses.iter().map(line).collect();
    format!("Pauses to ask for, each at 00:00 UTC of its day (pauses.ps1)\n{lines}")
}

fn latest(findings: &Findings<'_>, width: Option<u16>) -> String {
    if findings.latest.is_empty() {
        return String::new();
    }
    let project = findings.basis.project;
    let mut rows = table(&["to stay clear of", "pauses", "first met", "work must begin by", "chance if begun now"]);
    for LatestStart { danger, paused, meets, day: last, now } in &findings.latest {
        rows.add_row(vec![
            danger.name().to_owned(),
            if *paused { "every day left" } else { "none more" }.to_owned(),
            meets.map_or("never".to_owned(), brief),
            match (last, meets) {
                (_, None) => "any time".to_owned(),
                (Some(last), _) => last.to_string(),
                (None, _) => "too late".to_owned(),
            },
            percent(*now),
        ]);
    }
    format!("Latest safe start, at {} of certainty\n{}", percent(project.risk.level), finish(rows, 4, width))
}

fn strategies(findings: &Findings<'_>, width: Option<u16>) -> String {
    let mut rows = table(&[
        "strategy",
        "pause days",
        "done (P95)",
        "lost, mean",
        "lost, P95",
        "delayed, mean",
        "clear of blocking",
    ]);
    for strategy in &findings.strategies {
        let Strategy { name, pauses, lived, planned, .. } = strategy;
        let lost = strategy.lost();
        rows.add_row(vec![
            (*name).to_owned(),
            pauses.iter().map(|pause| pause.days).sum::<u32>().to_string(),
            lived.as_ref().map_or("never".to_owned(), |lived| day(lived.fleet_done[2])),
            messages(lost.mean),
            messages(lost.p95),
            messages(lived.as_ref().map_or(planned.delayed_messages(), |lived| lived.delayed.mean)),
            lived.as_ref().map_or("0 %".to_owned(), |lived| percent(lived.fleet_clear[1])),
        ]);
    }
    format!("Against plain strategies, to {} (messages)\n{}", findings.basis.project.horizon, finish(rows, 1, width))
}

fn prices(findings: &Findings<'_>) -> String {
    let worth: Vec<&Price> = findings.prices.iter().filter(|price| price.points > 0.0).take(PRICES_MAX).collect();
    if worth.is_empty() {
        return "More pause days, crews, weekends or shorter freezes would save nothing as planned.\n".to_owned();
    }
    let line = |price: &&Price| {
        let days = match price.days {
            0 => String::new(),
            days if days > 0 => format!(", done {} earlier", count(days as u32, "day")),
            days => format!(", done {} later", count(days.unsigned_abs() as u32, "day")),
        };
        format!("  {}: {} points, {} lost messages{days}\n", price.what, messages(price.points), messages(price.lost))
    };
    format!("What more room would save\n{}", worth.iter().map(line).collect::<String>())
}

fn changed(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "Nothing changed against the former plan.\n".to_owned();
    }
    let date = |at: &Option<SimTime>| at.map_or("not planned".to_owned(), |at| at.day().to_string());
    let pause = |pause: &PauseRequest| format!("{} from {}", count(pause.days, "day"), pause.at.day());
    let line = |change: &Change| match change {
        Change::Done { server, at, planned } => format!("  {server}: done {}, planned {}\n", at.day(), date(planned)),
        Change::Moved { server, from, to, crews } => {
            let crews = crews.as_ref().map_or(String::new(), |(old, new)| format!(", {old} -> {new}"));
            format!("  {server}: {} -> {}{crews}\n", date(from), to.day())
        }
        Change::PauseUnsaid(request) => {
            let (at, days) = (request.at.day(), request.days);
            format!(
                "  pause of {}: was planned, and is taken not to have been asked for; if it was, say --pause {at}:{days}\n",
                pause(request)
            )
        }
        Change::PauseDropped(request) => format!("  pause of {}: dropped\n", pause(request)),
        Change::PauseAdded(request) => format!("  pause of {}: new\n", pause(request)),
    };
    format!("Changed against the former plan\n{}", changes.iter().map(line).collect::<String>())
}
