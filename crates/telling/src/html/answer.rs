//! The answer: sentences and one table, computed from the results.

use brownout_experiment::Scope;
use maud::{Markup, html};

use super::goals::{GOALS, GoalRanking, set_aside, standings};
use super::table::{Caption, Cell, Sheet, table};
use super::weighing;
use super::words::{counted, estimate, name, names, quoted, whole, with_interval};
use crate::answer::{self, Number};
use crate::frame::{Heading, Tone};
use brownout_experiment::Measure;
use brownout_experiment::Run;
use brownout_kernel::stats::Estimate;

/// The answer in a sentence and three numbers.
pub(super) fn first(run: Run<'_>) -> Markup {
    html! {
        section.answer id="answer" {
            p.lead { (answer::sentence(run)) }
            div.numbers { @for number in answer::numbers(run) { (tile(&number)) } }
        }
    }
}

/// One number, and that of the other scenario below it.
fn tile(number: &Number) -> Markup {
    html! {
        div.number {
            @for (index, (scenario, said)) in number.of.iter().enumerate() {
                @let half = said.half.as_ref().map_or(String::new(), |half| format!(" ± {half}"));
                @if index == 0 {
                    b { (whole(said.mean.clone())) @if !half.is_empty() { span.half { (whole(half)) } } }
                    span.about { (number.about) }
                    span.who { (quoted(scenario)) }
                } @else {
                    span.other { (whole(format!("{}{half}", said.mean))) " under " (quoted(scenario)) }
                }
            }
        }
    }
}

/// The four goals by scenario: what the answer rests on, in full.
pub(super) fn in_full(run: Run<'_>) -> Markup {
    let standings = standings(run);
    html! {
        section id="goals-in-full" {
            @for sentence in sentences(run, &standings) { p { (sentence) } }
            (goals(run, &standings))
            @for note in notes(run) { p.note { (note) } }
        }
    }
}

fn found(run: Run<'_>, scenario: usize, measure: Measure) -> Option<Estimate> {
    run.results.scenarios[scenario].summary(Scope::All, measure).map(|summary| summary.estimate)
}

fn with_unit(run: Run<'_>, scenario: usize, measure: Measure) -> String {
    found(run, scenario, measure).map_or_else(String::new, |e| with_interval(measure, &e))
}

/// Two to four sentences.
fn sentences(run: Run<'_>, standings: &[Option<GoalRanking>; 4]) -> Vec<String> {
    if run.study.scenarios().len() == 1 {
        return alone(run);
    }
    if run.results.replications == 1 {
        return vec!["One replication has no intervals, so none of this is sure yet.".to_owned()];
    }
    let [lost, _, exposure, days] = standings;
    let mut sentences = Vec::new();
    sentences.extend(lost.as_ref().map(|lost| least_lost(run, lost)));
    sentences.extend(exposure.as_ref().map(|exposure| safest(run, exposure, days.as_ref())));
    sentences.push(preference(run, standings));
    sentences.extend(weighing::sentence(run));
    sentences
}

fn alone(run: Run<'_>) -> Vec<String> {
    let of = |measure| with_unit(run, 0, measure);
    let mut sentences = vec![format!(
        "Under {} {} messages are lost and {} are delayed; {} are accepted from non-compliant servers.",
        name(run, 0),
        of(Measure::Lost),
        of(Measure::Delayed),
        of(Measure::Exposure)
    )];
    sentences.push(match found(run, 0, Measure::RestrictedMeanDays) {
        Some(days) => format!(
            "A server is remediated {} days after its first detection on average, cut at the horizon.",
            with_interval(Measure::RestrictedMeanDays, &days)
        ),
        None => "No server is ever detected.".to_owned(),
    });
    sentences.push("With one scenario there is nothing to compare it with.".to_owned());
    sentences
}

/// What is equal to the best or may be, and what the baseline scenario comes to.
fn rivals(run: Run<'_>, standing: &GoalRanking, measure: Measure) -> String {
    let mut text = String::new();
    if !standing.equal.is_empty() {
        text += &format!(", the same under {}", names(run, &standing.equal));
    }
    if !standing.unsure.is_empty() && run.results.replications > 1 {
        text += &format!(", which {} cannot be told apart from yet", names(run, &standing.unsure));
    }
    if standing.best != 0 && !standing.equal.contains(&0) {
        text += &format!(" (under {} {})", name(run, 0), with_unit(run, 0, measure));
    }
    text
}

fn least_lost(run: Run<'_>, lost: &GoalRanking) -> String {
    let amount = with_unit(run, lost.best, Measure::Lost);
    let rivals = rivals(run, lost, Measure::Lost);
    format!("Least mail is lost under {}: {amount} messages{rivals}.", name(run, lost.best))
}

fn safest(run: Run<'_>, exposure: &GoalRanking, days: Option<&GoalRanking>) -> String {
    let amount = with_unit(run, exposure.best, Measure::Exposure);
    let amount = format!("{amount}{}", rivals(run, exposure, Measure::Exposure));
    let safe = name(run, exposure.best);
    let Some(days) = days else {
        return format!("Fewest messages from non-compliant servers are accepted under {safe}: {amount}.");
    };
    let time = with_unit(run, days.best, Measure::RestrictedMeanDays);
    let soonest = format!(
        "Servers are remediated soonest under {}: {time} days after first detection on average{}",
        name(run, days.best),
        rivals(run, days, Measure::RestrictedMeanDays)
    );
    let fewest_under = if days.best == exposure.best { "there, too".to_owned() } else { format!("under {safe}") };
    format!("{soonest}; fewest messages from non-compliant servers are accepted {fewest_under}: {amount}.")
}

fn preference(run: Run<'_>, standings: &[Option<GoalRanking>; 4]) -> String {
    let goals = "Lost mail, delay, exposure and time to remediation are different goals";
    let all = |good: &dyn Fn(&GoalRanking, usize) -> bool| -> Vec<usize> {
        let in_every_goal = |s: &usize| standings.iter().flatten().all(|standing| good(standing, *s));
        (0..run.study.scenarios().len()).filter(in_every_goal).collect()
    };
    let best = all(&|standing, s| standing.best == s || standing.equal.contains(&s));
    if best.len() == run.study.scenarios().len() {
        return format!("{goals}; the scenarios do not differ in any of them.");
    }
    if best.is_empty() {
        let none = format!("{goals}, and no scenario is surely best in all four");
        let perhaps =
            all(&|standing, s| standing.best == s || standing.equal.contains(&s) || standing.unsure.contains(&s));
        if perhaps.is_empty() || run.results.replications == 1 {
            return format!("{none}.");
        }
        return format!("{none}; but in none of them is any scenario surely better than {}.", names(run, &perhaps));
    }
    let verb = if best.len() == 1 { "is" } else { "are" };
    format!("{goals}; {} {verb} best, or no worse than any other, in all four.", names(run, &best))
}

/// The scenarios by lost mail, with what decides between them.
fn goals(run: Run<'_>, standings: &[Option<GoalRanking>; 4]) -> Markup {
    let mut order: Vec<usize> = (0..run.study.scenarios().len()).collect();
    let lost = |s: usize| found(run, s, Measure::Lost).map_or(0.0, |e| e.mean);
    order.sort_by(|&a, &b| lost(a).total_cmp(&lost(b)));
    let several = order.len() > 1;
    let caption = Caption {
        id: "goals",
        title: "The four goals, from least to most mail lost",
        note: if run.results.replications > 1 {
            "Less is better in every column. ± is half of the 95 % interval of the mean."
        } else {
            "Less is better in every column. One replication has no intervals."
        },
    };
    let each = GOALS.iter().map(|goal| Heading::number(goal.heading, goal.unit));
    let spared = several.then(|| Heading::number("Spared for each lost", "messages"));
    let rows = order.into_iter().map(|s| {
        let name = Cell::of(&run.study.scenarios()[s].name).tag_if(s == 0 && several, Tone::Plain, "first");
        let goals = GOALS
            .iter()
            .zip(standings)
            .map(move |(goal, standing)| cell(run, s, goal.measure, standing.as_ref(), several));
        [name].into_iter().chain(goals).chain(several.then(|| spared_cell(run, s)))
    });
    let headings = [Heading::text("Scenario")].into_iter().chain(each).chain(spared);
    table(&caption, &Sheet::new("goals", headings).rows(rows))
}

/// Messages spared for each message lost, against the choice that loses least.
fn spared_cell(run: Run<'_>, scenario: usize) -> Cell {
    let gentlest = weighing::gentlest(run).filter(|_| weighing::choices(run).contains(&scenario));
    let rate = gentlest.and_then(|gentlest| weighing::rate(run, gentlest, scenario));
    rate.map_or(Cell::missing(), |rate| estimate(Measure::Lost, &rate))
}

fn cell(run: Run<'_>, scenario: usize, measure: Measure, standing: Option<&GoalRanking>, several: bool) -> Cell {
    let Some(found) = found(run, scenario, measure) else { return Cell::missing().said("not defined") };
    let word = standing.filter(|_| several && run.results.replications > 1).and_then(|standing| match scenario {
        s if s == standing.best => Some((Tone::Best, "least")),
        s if standing.equal.contains(&s) => Some((Tone::Best, "also least")),
        s if standing.unsure.contains(&s) => Some((Tone::Unsure, "cannot tell from least")),
        _ => None,
    });
    let cell = estimate(measure, &found);
    match word {
        Some((tone, word)) => cell.tag(tone, word),
        None => cell,
    }
}

fn notes(run: Run<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if run.study.scenarios().len() > 1 {
        notes.push(
            "Spared for each lost: how many messages fewer from non-compliant servers are accepted for each message lost, \
             against the one of these schedules that loses least. A lost message is itself one that is not accepted, so 1 means that \
             nothing but the loss is gained."
                .to_owned(),
        );
    }
    for (scenario, better) in set_aside(run).into_iter().filter(|_| run.results.replications > 1) {
        notes.push(format!(
            "{} can be set aside: {} is surely better in at least one goal and the same in the others.",
            name(run, scenario),
            name(run, better)
        ));
    }
    notes.extend(weighing::no_choices(run));
    notes
}

/// How sure the answer is, and what it rests on.
pub(super) fn rests_on(run: Run<'_>) -> Markup {
    let tenants = counted(run.results.scenarios[0].tenants as f64, "tenant", "tenants");
    let servers = counted(run.results.scenarios[0].servers_per_replication as f64, "server", "servers");
    let times = counted(f64::from(run.results.replications), "replication", "replications");
    html! {
        p.note {
            b { "How sure this is. " }
            (times) " of " (tenants) " with " (servers) ", the same ones under every scenario, from "
            (run.study.start().day()) " to " (run.study.horizon().day())
            @if run.results.replications > 1 {
                ". “Least” is said only of the lowest mean, “cannot tell” where the paired 95 % interval of the difference holds 0. \
                 Intervals cover the chance in the simulation, not its assumptions."
            } @else { ". One replication has no intervals, so nothing is said of which is better." }
        }
        p.note {
            b { "What it rests on. " }
            "How people act when they are throttled or blocked, how they use pauses, and where the minutes lie in an hour is "
            b { "assumed, not measured" } "; stages 5 to 7 of the announced ladder rest on one source. See "
            a href="#assumptions" { "the assumptions" } "."
        }
    }
}
