//! What is said of several tenants together.

use super::{Stories, tenant};
use crate::plan::words::{self, counted, date, end_of, mean, messages, percent, some_names, weekday_date};
use crate::plan::{PlanRow, PlannedPause, Story};
use brownout_chart::value;
use brownout_kernel::time::SimTime;
use brownout_planner::chance::outcome::Danger;

/// Tenants that are named.
pub(super) const NAMED_MAX: usize = 6;

/// The finding in a sentence without its full stop: by when all is done as surely as asked, and what is planned with its chance.
pub fn finding(stories: &Stories<'_>) -> String {
    let open: Vec<&Story<'_>> = stories.tenants.iter().filter(|story| story.last().is_some()).collect();
    let tenants = counted(stories.tenants.len(), "tenant");
    if open.is_empty() {
        return format!("Nothing is left to do for {tenants}");
    }
    let staying: Vec<&PlanRow<'_>> = open.iter().flat_map(|story| story.staying()).collect();
    let servers: usize = stories.tenants.iter().map(|story| story.rows.len()).sum();
    let of = match staying.len() == servers {
        true => format!("All {} of {tenants}", counted(servers, "server")),
        false => format!("{} of {} of {tenants}", staying.len(), counted(servers, "server")),
    };
    let who = format!("{of} {}", if staying.len() == 1 { "is" } else { "are" });
    let planned = staying.iter().map(|row| row.at).max().unwrap_or(SimTime::NEVER);
    let said = match staying.is_empty() {
        true => "No server is done for good".to_owned(),
        false => end_of(&who, planned, &stories.findings.lived, stories.first().project().risk.level),
    };
    match falling(stories) {
        0 => said,
        1 => format!("{said}; one server does not stay done"),
        more => format!("{said}; {more} servers do not stay done"),
    }
}

fn falling(stories: &Stories<'_>) -> usize {
    stories.tenants.iter().map(|story| story.falling_back().count()).sum()
}

/// `8,000 replications (1,000 asked for)`.
pub(super) fn replications(stories: &Stories<'_>) -> String {
    words::replications_of(stories.first().project().replications, stories.findings.lived.replications)
}

/// Whose mail suffers today already, and whose does next unless it is done, a sentence for each danger.
pub(super) fn dangers(stories: &Stories<'_>) -> Vec<String> {
    [Danger::Throttling, Danger::Blocking].into_iter().filter_map(|danger| one_danger(stories, danger)).collect()
}

fn one_danger(stories: &Stories<'_>, danger: Danger) -> Option<String> {
    let as_of = stories.first().project().as_of.start();
    let suffers = if danger == Danger::Throttling { "is delayed" } else { "bounces" };
    let under = under_today(stories, danger);
    let ahead = |story: &Story<'_>| -> Option<(SimTime, String)> {
        let dates = story.open().filter_map(|row| Some((row.meets(danger)?, &row.server.name)));
        let (at, server) = dates.filter(|met| met.0 > as_of).min()?;
        Some((at, format!("{}: {server}", tenant(story))))
    };
    let others = stories.tenants.iter().filter(|story| !under.iter().any(|name| name == tenant(story)));
    let next = others.filter_map(ahead).min();
    let next = next.map(|(at, name)| {
        format!("{suffers} from {} on ({name}), if it is not done by then, pauses as planned", date(at.day()))
    });
    match (under.len(), next) {
        (0, next) => next.map(|next| format!("The first mail {next}.")),
        (count, next) => Some(format!(
            "Mail of {} {suffers} today already ({}){}.",
            counted(count, "tenant"),
            some_names(&under, NAMED_MAX),
            next.map_or(String::new(), |next| format!("; the next {next}"))
        )),
    }
}

/// The tenants of which some open server is under a danger today.
fn under_today(stories: &Stories<'_>, danger: Danger) -> Vec<String> {
    let as_of = stories.first().project().as_of.start();
    let under = stories.tenants.iter().filter(|story| story.open().any(|row| row.is_under(danger, as_of)));
    under.map(|story| tenant(story).to_owned()).collect()
}

/// How likely it is that mail of some tenant bounces, and of which tenants it is likelier than was asked for; of those whose mail does
/// today already nothing is to be said.
pub(super) fn bounces(stories: &Stories<'_>) -> String {
    let lived = &stories.findings.lived;
    let level = stories.first().project().risk.level;
    let under = under_today(stories, Danger::Blocking);
    let clear = |story: &Story<'_>| story.findings.lived.fleet_clear[Danger::Blocking as usize];
    let others: Vec<&Story<'_>> = stories
        .tenants
        .iter()
        .filter(|story| story.last().is_some() && !under.iter().any(|name| name == tenant(story)))
        .collect();
    let mut unsure: Vec<(f64, &str)> =
        others.iter().map(|story| (clear(story), tenant(story))).filter(|one| one.0 < level).collect();
    unsure.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    let names: Vec<String> = unsure.iter().map(|(prob, name)| format!("{name} {}", percent(*prob))).collect();
    let of = if under.is_empty() { "Every tenant is".to_owned() } else { format!("The other {} are", others.len()) };
    let who = match names.len() {
        0 => format!("{of} done before blocking begins for it in {} of cases at least.", percent(level)),
        count => format!(
            "Less than {} sure to be done before blocking begins: {} of {} ({}).",
            percent(level),
            count,
            if under.is_empty() { counted(others.len(), "tenant") } else { format!("the other {}", others.len()) },
            some_names(&names, NAMED_MAX)
        ),
    };
    if under.is_empty() {
        let prob = words::chance(lived, lived.fleet_clear[Danger::Blocking as usize]);
        return format!("In {prob} of cases no mail of any tenant bounces before its server is done. {who}");
    }
    who
}

/// What is lost, all tenants together.
pub(super) fn lost(stories: &Stories<'_>) -> String {
    let planned: f64 = stories.tenants.iter().map(|story| story.findings.planned.lost_messages()).sum();
    let nothing = stories.tenants.iter().filter_map(|story| {
        story.findings.strategies.iter().find(|strategy| strategy.lived.is_none()).map(|found| found.lost().mean)
    });
    let chance = &stories.findings.lived.lost;
    format!(
        "Mail lost: {} as planned; by chance {} on average. Doing nothing loses {} by {}.",
        messages(planned),
        mean(chance),
        value(nothing.sum::<f64>().round(), ""),
        date(stories.first().project().horizon)
    )
}

/// `no pause`, or `12 pauses of 5 tenants`.
pub(super) fn pauses_briefly(stories: &Stories<'_>) -> String {
    let (count, _, tenants) = always(stories);
    if count == 0 {
        "no pause".to_owned()
    } else {
        format!("{} of {}", counted(count, "pause"), counted(tenants, "tenant"))
    }
}

/// How many pauses are asked for in any case, their days, and of how many tenants.
fn always(stories: &Stories<'_>) -> (usize, u32, usize) {
    let of = |story: &Story<'_>| -> Vec<u32> {
        story.pauses.iter().filter(|pause| !pause.is_conditional()).map(|pause| pause.days).collect()
    };
    let all: Vec<Vec<u32>> = stories.tenants.iter().map(of).filter(|days| !days.is_empty()).collect();
    (all.iter().map(Vec::len).sum(), all.iter().flatten().sum(), all.len())
}

/// The pauses of all tenants, and the first of them.
pub(super) fn pauses(stories: &Stories<'_>) -> String {
    let (count, days, tenants) = always(stories);
    let conditional: usize =
        stories.tenants.iter().map(|story| story.pauses.iter().filter(|pause| pause.is_conditional()).count()).sum();
    let late = match conditional {
        0 => String::new(),
        more => format!(" {} only if something is late.", counted(more, "more pause")),
    };
    if count == 0 {
        return format!("No pause is asked for in any case.{late}");
    }
    let first: Option<(&PlannedPause, &str)> = stories
        .tenants
        .iter()
        .flat_map(|story| story.pauses.iter().map(move |pause| (pause, tenant(story))))
        .filter(|one| !one.0.is_conditional())
        .min_by_key(|one| one.0.at);
    let first = first.map_or(String::new(), |(pause, tenant)| {
        format!(" The first command is due on {} (UTC), for {tenant}.", weekday_date(pause.at.day()))
    });
    format!(
        "{} of {} in all must be asked for, each by its tenant ({}).{late}{first}",
        counted(count, "pause"),
        counted(days as usize, "day"),
        counted(tenants, "tenant")
    )
}

/// How far the plan may be from the best.
pub fn quality(stories: &Stories<'_>) -> String {
    let found = stories.findings;
    if found.gap() == 0.0 && stories.tenants.iter().all(|story| !story.findings.basis.tariffs.joined) {
        return "If all goes as planned, no plan that keeps every rule is better (has fewer points).".to_owned();
    }
    if found.bound <= 0 {
        return "How far this plan is from the best is not known: nothing was proved about plans that were not tried."
            .to_owned();
    }
    format!(
        "If all goes as planned, no plan can be better than this one by more than {} of its points, a limit that \
         is proved from what every date costs its tenant at least and the places that crews have.",
        value(100.0 * found.gap(), "%")
    )
}

/// Everything that plans leave open: a sentence for each kind, with whose it is.
pub(super) fn doubts(stories: &Stories<'_>) -> Vec<String> {
    let of = |story: &Story<'_>| -> Vec<String> {
        words::fall_backs(story).into_iter().chain(words::left_out(story)).chain(words::doubts(story)).collect()
    };
    by_kind(&stories.tenants, of)
}

/// What is said of each tenant, a sentence for each kind: those that differ in nothing but numbers are of one kind, and one of them
/// stands for all.
pub(in crate::plan) fn by_kind(stories: &[Story<'_>], said: impl Fn(&Story<'_>) -> Vec<String>) -> Vec<String> {
    let mut kinds: Vec<(String, Vec<String>, String)> = Vec::new();
    for story in stories {
        for sentence in said(story) {
            let kind: String = sentence.chars().filter(|letter| !letter.is_ascii_digit()).collect();
            let name = tenant(story).to_owned();
            match kinds.iter_mut().find(|known| known.0 == kind) {
                Some(known) if known.1.last() == Some(&name) => {}
                Some(known) => known.1.push(name),
                None => kinds.push((kind, vec![name], sentence)),
            }
        }
    }
    let say = |(_, names, sentence): (String, Vec<String>, String)| match names.as_slice() {
        [] => sentence,
        [only] => format!("{only}: {sentence}"),
        [first, ..] => {
            let of = counted(names.len(), "tenant");
            format!("{of} ({}), such as {first}: {sentence}", some_names(&names, NAMED_MAX))
        }
    };
    kinds.into_iter().map(say).collect()
}
