//! Dates, numbers and the finding in words. All times are UTC.

mod again;
pub(super) mod local;
mod risk;
mod sharpness;

use std::collections::BTreeMap;

use super::{PlanRow, PlannedPause, Story};
use brownout_chart::value;
use brownout_exchange::timeline::Note;
use brownout_kernel::certainty::Certainty;
use brownout_kernel::time::{Clock, Day, SimTime};
use brownout_planner::chance::outcome::{Danger, Fleet, Lived};
use brownout_planner::{FleetServer, Project, Raise};
use brownout_text::numbers::said_amount;
use brownout_text::weekdays;
use brownout_text::words::counted_as;
pub(super) use brownout_text::words::whole_percent as percent;

pub use again::{moves, planned_against_done};
pub(super) use local::if_late;
pub(super) use risk::unbroken;
pub use risk::{bounces, points};
pub use sharpness::{chance, mean, sharpness};
pub(super) use sharpness::{half_width, mean_alone, replications, replications_of, sharpness_of};

/// `12 Mar 2027`.
pub(super) fn date(day: Day) -> String {
    day.civil().strftime("%-d %b %Y").to_string()
}

/// `Fri 12 Mar 2027`.
pub(super) fn weekday_date(day: Day) -> String {
    format!("{} {}", weekdays::NAMES[day.weekday()], date(day))
}

/// `08:00`.
pub(super) fn clock(at: SimTime) -> String {
    format!("{:02}:{:02}", at.second_of_day() / 3600, at.second_of_day() / 60 % 60)
}

/// `Fri 12 Mar 2027, 08:00 UTC`; "not within years" for [`SimTime::NEVER`].
pub(super) fn moment(at: SimTime) -> String {
    if at == SimTime::NEVER { never() } else { format!("{}, {} UTC", weekday_date(at.day()), clock(at)) }
}

/// When pauses begin: `00:00`, or when somebody is at the desk.
pub(super) fn desk_opens(story: &Story<'_>) -> String {
    clock(SimTime::from_seconds(story.project().desk.begins))
}

/// `12 Mar 2027`; "not within years" for [`SimTime::NEVER`].
pub(super) fn date_or_never(at: SimTime) -> String {
    if at == SimTime::NEVER { never() } else { date(at.day()) }
}

fn never() -> String {
    "not within years".to_owned()
}

/// `1 server`, `40 servers`.
pub(super) fn counted(count: usize, one: &str) -> String {
    brownout_text::words::counted(count as u64, one)
}

/// Messages, about three digits.
pub(super) fn messages(count: f64) -> String {
    let count = if count < 0.5 { 0.0 } else { count.max(1.0).round() };
    counted_as(count, "message", "messages")
}

/// `3 days`, `11 hours`: whole units, rounded down, so that it is never less.
pub(super) fn length(seconds: i64) -> String {
    match seconds {
        s if s >= 86_400 => counted((s / 86_400) as usize, "day"),
        s if s >= 3_600 => counted((s / 3_600) as usize, "hour"),
        s => counted((s / 60).max(0) as usize, "minute"),
    }
}

/// `mail1, mail2 and 5 more`.
pub(super) fn some_names(names: &[String], most: usize) -> String {
    let more = names.len().saturating_sub(most);
    match (names, more) {
        ([], _) => "none".to_owned(),
        ([only], _) => only.clone(),
        (all, 0) => format!("{} and {}", all[..all.len() - 1].join(", "), all[all.len() - 1]),
        (all, more) => format!("{} and {more} more", all[..most].join(", ")),
    }
}

/// `mail1 is`, or `one of mail1, mail2 and 5 more is`: whom a conditional pause waits for.
pub(super) fn only_if(pause: &PlannedPause) -> String {
    match pause.only_if.as_slice() {
        [only] => format!("{only} is"),
        all => format!("one of {} is", some_names(all, 3)),
    }
}

/// `Exchange 2016`.
pub(super) fn product(project: &Project, server: &FleetServer) -> String {
    format!("Exchange {}", project.catalog.product_name(server.product))
}

/// `upgrade to SE`, `patch`, `leave`.
pub(super) fn route(server: &FleetServer) -> String {
    let route = server.route.name();
    if server.target.is_empty() { route.to_owned() } else { format!("{route} to {}", server.target) }
}

/// The finding in a sentence without its full stop: by when all is done as surely as asked, and what is planned with its chance.
pub fn finding(story: &Story<'_>) -> String {
    if story.last().is_none() {
        return format!("Nothing is left to do: {}", all_done(story));
    }
    let mut parts = vec![done_by(story)];
    let falling: Vec<String> = story.falling_back().map(|(row, _)| row.server.name.clone()).collect();
    if let [first, more @ ..] = falling.as_slice() {
        let verb = if more.is_empty() { "does" } else { "do" };
        let first = if more.is_empty() { first.clone() } else { some_names(&falling, 2) };
        parts.push(format!("{first} {verb} not stay done"));
    }
    parts.join("; ")
}

fn done_by(story: &Story<'_>) -> String {
    let staying: Vec<&PlanRow<'_>> = story.staying().collect();
    let who = match (staying.len(), story.rows.len()) {
        (0, _) => return "No server is done for good".to_owned(),
        (1, _) => staying[0].server.name.clone(),
        (open, all) if open == all => format!("All {}", counted(all, "server")),
        (open, all) => format!("{open} of {}", counted(all, "server")),
    };
    let are = if staying.len() == 1 { "is" } else { "are" };
    let planned = staying.iter().map(|row| row.at).max().unwrap_or(SimTime::NEVER);
    end_of(&format!("{who} {are}"), planned, &story.findings.lived, story.project().risk.level)
}

/// By when all are done, as planned and as surely as asked.
///
/// - `who`: with its verb, such as `All 3 servers are`.
pub(super) fn end_of(who: &str, planned: SimTime, lived: &Lived, asked: f64) -> String {
    let level = percent(asked);
    // Rounded, a chance that is not enough must not look like one that is.
    let short = lived.fleet_on_time < asked && percent(lived.fleet_on_time) == level;
    let chance = if short { format!("just under {level}") } else { percent(lived.fleet_on_time) };
    let (planned, sure) = (planned.day(), lived.fleet_sure);
    let planned_words = format!("{} if nothing goes wrong ({chance})", date(planned));
    match sure {
        SimTime::NEVER => format!("{who} done by no date with {level}; by {planned_words}"),
        sure if sure.day() <= planned => format!("{who} done by {} ({chance})", date(planned)),
        sure => format!("{who} done by {} with {level}, by {planned_words}", date(sure.day())),
    }
}

/// What bites first, for the servers that are open, without any further pause or work: what is in force today, and when the first
/// mail is lost.
pub fn first_bite(story: &Story<'_>) -> Option<String> {
    let as_of = story.project().as_of.start();
    let (bare, by) = (Fleet::new(story.project(), &[]), story.clock());
    // When each open server comes under a danger from today on, and when it first did.
    let met = |danger: Danger| -> Vec<(SimTime, SimTime, &PlanRow<'_>)> {
        let dates = |row: &PlanRow<'_>| {
            let fortune = bare.of(row.server.detected?)?;
            Some((danger.from(fortune, as_of)?, danger.from(fortune, row.server.detected?)?))
        };
        story.open().filter_map(|row| dates(row).map(|(ahead, first)| (ahead, first, row))).collect()
    };
    let now = |danger: Danger| {
        let under: Vec<_> = met(danger).into_iter().filter(|met| met.0 == as_of).collect();
        // What is certain of one server is told of it; a range is told as the earliest that can be.
        let known =
            under.iter().filter(|met| met.2.server.assessment.certainty == Certainty::Known).map(|met| met.1).min();
        let (since, sure) = (known.or_else(|| under.iter().map(|met| met.1).min())?, known.is_some());
        Some((
            counted(under.len(), "server"),
            if sure { "is" } else { "may be" },
            Doubtful::new(since, !sure).words(by),
        ))
    };
    let next = |danger: Danger| {
        let ahead = met(danger).into_iter().filter(|met| met.0 > as_of);
        ahead.min_by(|a, b| (a.0, &a.2.server.name).cmp(&(b.0, &b.2.server.name)))
    };
    let from = |at: SimTime, row: &PlanRow<'_>| {
        let words = Doubtful::new(at, row.server.assessment.certainty != Certainty::Known).words(by);
        format!("{words} ({})", row.server.name)
    };
    if let Some((who, is, since)) = now(Danger::Blocking) {
        let being = if is == "is" { "is being lost" } else { "may be being lost" };
        return Some(format!("Mail of {who} {being} today already, since {since}, unless a pause runs."));
    }
    let lost = next(Danger::Blocking).map_or_else(String::new, |(at, _, row)| {
        format!("; without any further pause the first mail is lost from {}, if it is not done by then", from(at, row))
    });
    if let Some((who, is, since)) = now(Danger::Throttling) {
        return Some(format!("Mail of {who} {is} delayed today already, since {since}{lost}."));
    }
    let (delayed, _, row) = next(Danger::Throttling)?;
    Some(format!("If nothing is done, the first mail is delayed from {}{lost}.", from(delayed, row)))
}

/// An instant that may be the earliest of a range.
struct Doubtful {
    at: SimTime,
    is_range: bool,
}

impl Doubtful {
    fn new(at: SimTime, is_range: bool) -> Self {
        Doubtful { at, is_range }
    }

    fn words(&self, by: Option<&Clock>) -> String {
        let at = local::moment_by(self.at, by);
        if self.is_range { format!("{at} at the earliest (range)") } else { at }
    }
}

/// What is lost: as planned, on average, and in the worst twentieth of the cases.
pub fn lost(story: &Story<'_>) -> String {
    let findings = story.findings;
    let chance = findings.lived.lost;
    let count = |messages: f64| value(if messages < 0.5 { 0.0 } else { messages.max(1.0).round() }, "");
    let nothing = findings.strategies.iter().find(|strategy| strategy.lived.is_none());
    format!(
        "Mail lost: {} as planned; by chance {} on average, and {} on average in the worst twentieth of cases.{}",
        count(findings.planned.lost_messages()),
        mean(&chance),
        said_amount(chance.worst, half_width(&chance)),
        nothing.map_or_else(String::new, |nothing| {
            let lost = count(nothing.lost().mean);
            format!(" Doing nothing loses {lost} by {}.", date(story.project().horizon))
        })
    )
}

/// Servers of which nothing can be said, a sentence for each reason.
pub fn left_out(story: &Story<'_>) -> Vec<String> {
    let mut by_why: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for server in &story.project().left_out {
        by_why.entry(&server.why).or_default().push(server.name.clone());
    }
    let say = |(why, names): (&str, Vec<String>)| {
        let verb = if names.len() == 1 { "is" } else { "are" };
        format!("Not in the plan and in no sum {verb} {}: {why}.", some_names(&names, 6))
    };
    by_why.into_iter().map(say).collect()
}

/// What nobody stated and no source gives, but dates rest on: pauses inferred from a report, rules of pauses. A sentence each.
pub fn doubts(story: &Story<'_>) -> Vec<String> {
    let project = story.project();
    let inferred = project.pauses_inferred.iter().map(|pause| {
        format!(
            "Inferred from the report, stated by nobody: a pause of {} from {}. State it {} if it is right.",
            counted(pause.days as usize, "day"),
            weekday_date(pause.at.day()),
            if project.tenant.is_some() { "in the plan (`pauses: (had: ...)` of the tenant)" } else { "with --pause" }
        )
    });
    let rules = *project.policy.pauses();
    let assumed = story.assumed().into_iter().map(|applied| {
        let words = Note::RuleAssumed { applied, rules }.to_string();
        words.replacen("assumed:", "Assumed:", 1) + "."
    });
    inferred.chain(assumed).collect()
}

/// How far the plan may be from the best.
pub fn quality(story: &Story<'_>) -> String {
    let solution = &story.findings.solution;
    let joined = story.findings.basis.tariffs.joined;
    let fitted = match story.falling_back().next() {
        None => "the pauses were then chosen with delays and failures in mind",
        Some(_) => {
            "what servers lose that do not stay done is left aside in this; the pauses were then chosen with delays and failures in mind"
        }
    };
    let searched = match joined {
        true => " More first detections than can be told apart were joined in the search, not in these figures.",
        false => "",
    };
    if solution.is_optimal() && !joined {
        return format!(
            "If all goes as planned, no plan that keeps every rule is better (has fewer points); {fitted}."
        );
    }
    if solution.bound <= 0 && solution.draft.cost > 0 {
        return format!(
            "How far this plan is from the best is not known: nothing was proved about plans that were not tried; {fitted}.{searched}"
        );
    }
    let gap = value(100.0 * solution.gap(), "%");
    format!(
        "If all goes as planned, no plan can be better than this one by more than {gap} of its points, a limit that is proved; {fitted}.{searched}"
    )
}

/// Servers whose target breaches a baseline, a sentence each: since or from when, and what to do.
pub fn fall_backs(story: &Story<'_>) -> Vec<String> {
    let as_of = story.project().as_of.start();
    let say = |(row, raise): (&PlanRow<'_>, &Raise)| {
        let (name, target, day) = (&row.server.name, &row.server.target, date(raise.at.day()));
        let lost = messages(row.fate.lost_messages());
        let what = if raise.at <= as_of {
            format!("is below the baseline \"{}\", in force since {day}: the cut-over changes nothing", raise.baseline)
        } else {
            format!("is below the baseline \"{}\" of {day}: from then on it is detected again", raise.baseline)
        };
        format!(
            "{name} does not count as done: its target {target} {what}. It loses {lost} by {} as planned; no pause is planned for \
             that. Choose a target above the baseline.",
            date(story.project().horizon)
        )
    };
    story.falling_back().map(say).collect()
}

/// Which servers the latest safe starts say nothing of, and why.
pub fn without_latest(story: &Story<'_>) -> Option<String> {
    let names: Vec<String> = story.falling_back().map(|(row, _)| row.server.name.clone()).collect();
    let they = if names.len() == 1 { "it does" } else { "they do" };
    let say = || format!("There is no safe start for {}, since {} not stay done.", some_names(&names, 6), they);
    (!names.is_empty()).then(say)
}

fn all_done(story: &Story<'_>) -> String {
    match story.rows.len() {
        1 => format!("{} is done", story.rows[0].server.name),
        count => format!("all {} are done", counted(count, "server")),
    }
}

/// The worst that happens to the open servers from the first planned day on as planned, or how far off it stays.
pub(super) fn harm(story: &Story<'_>) -> String {
    let (open, as_of): (Vec<&PlanRow<'_>>, SimTime) = (story.open().collect(), story.project().as_of.start());
    let suffering = |danger: Danger| open.iter().filter(|row| row.suffers(danger)).count();
    let closest = |danger: Danger| {
        let margin = |row: &&PlanRow<'_>| row.meets(danger).map(|at| at.since(row.at).seconds());
        open.iter().filter_map(margin).min()
    };
    let (throttled, blocked) = (suffering(Danger::Throttling), suffering(Danger::Blocking));
    if blocked > 0 {
        let longest = open.iter().map(|row| row.blocked_seconds(as_of)).max().unwrap_or(0);
        let who = if open.len() == 1 {
            "after its mail has".to_owned()
        } else {
            format!("but {blocked} of them after mail has")
        };
        return format!("{who} bounced, for up to {}", length(longest));
    }
    let margin = |danger: Danger| closest(danger).map(length);
    let closest_of = if open.len() == 1 { "" } else { "the closest " };
    match (throttled, margin(Danger::Throttling), margin(Danger::Blocking)) {
        (0, Some(margin), _) => format!("{closest_of}{margin} before its mail is throttled"),
        (0, None, Some(margin)) => format!("{closest_of}{margin} before its mail is blocked"),
        (0, None, None) => "no mail is ever restricted".to_owned(),
        (_, _, Some(margin)) => format!("throttled at worst; {closest_of}{margin} before its mail is blocked"),
        (count, _, None) => format!("{} throttled on the way", count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_never_longer_than_they_are() {
        assert_eq!(length(3 * 86_400 + 80_000), "3 days");
        assert_eq!(length(86_400), "1 day");
        assert_eq!(length(7_199), "1 hour");
        assert_eq!(length(59), "0 minutes");
        assert_eq!(length(-5), "0 minutes");
    }

    #[test]
    fn certainty_is_only_said_where_it_is() {
        assert_eq!((percent(1.0), percent(0.999), percent(0.95)), ("100 %".into(), "over 99 %".into(), "95 %".into()));
        assert_eq!((percent(0.0), percent(0.001)), ("0 %".into(), "under 1 %".into()));
    }

    #[test]
    fn names_are_cut_after_some() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(String::from).into();
        assert_eq!(some_names(&names, 2), "a, b and 2 more");
        assert_eq!(some_names(&names[..2], 2), "a and b");
        assert_eq!((some_names(&names[..1], 2), some_names(&[], 2)), ("a".into(), "none".into()));
    }
}
