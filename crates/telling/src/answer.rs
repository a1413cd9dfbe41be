//! The answer to a study's question in one sentence, with its interval and its price, and the three numbers it rests on.
//!
//! What is compared: of the scenarios that throttle or block and between which one can choose (same world, same layout, same
//! baselines), the one that loses least mail with the one that lets least mail from old servers through. If they are one, it is
//! best in both. One replication gives no answer.

use super::numbers::{found, half_width, mean, relative, share_words, told, verdict_between, with_half};
use brownout_chart::{Rounded, value};
use brownout_experiment::Run;
use brownout_experiment::{Measure, Verdict};

/// A number of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What it is: `messages lost`.
    pub about: &'static str,
    /// Of which scenario, and how much with its interval; then of the other one, if there is one.
    pub of: Vec<(String, Rounded)>,
}

/// A name in quotation marks.
fn name(run: Run<'_>, scenario: usize) -> String {
    format!("\u{201c}{}\u{201d}", run.study.scenarios()[scenario].name)
}

/// Whether a scenario's ladder ever throttles or blocks: one that does not loses no mail, which is no finding.
pub(super) fn restricts(run: Run<'_>, scenario: usize) -> bool {
    run.study.scenarios()[scenario].policy.ladder().stages().iter().any(|stage| stage.minutes().restrict())
}

/// Scenarios between which lost mail can be weighed against exposure: those with the world, the layout and the baselines of
/// the first. A world or a layout may be a question of what is true, and other baselines change what counts as exposure.
pub(super) fn choices(run: Run<'_>) -> Vec<usize> {
    let first = run.study.scenarios().baseline();
    let like = |s: usize| {
        let other = &run.study.scenarios()[s];
        other.world == first.world
            && other.policy.layout() == first.policy.layout()
            && other.policy.baselines() == first.policy.baselines()
    };
    (0..run.study.scenarios().len()).filter(|&s| like(s)).collect()
}

fn least(run: Run<'_>, among: &[usize], measure: Measure) -> Option<usize> {
    let means = among.iter().filter_map(|&s| Some((s, found(run, s, measure)?.mean)));
    means.min_by(|a, b| a.1.total_cmp(&b.1)).map(|least| least.0)
}

/// The scenario that loses least and the one it is held against; the same twice if it is best in both goals.
fn pair(run: Run<'_>) -> Option<(usize, usize)> {
    let all: Vec<usize> = choices(run).into_iter().filter(|&s| restricts(run, s)).collect();
    let all =
        if all.len() < 2 { (0..run.study.scenarios().len()).filter(|&s| restricts(run, s)).collect() } else { all };
    let lost = least(run, &all, Measure::Lost)?;
    let safe = least(run, &all, Measure::Exposure)?;
    Some((lost, safe))
}

/// The first sentence of a run: the answer, or why there is none.
pub fn sentence(run: Run<'_>) -> String {
    let several = run.study.scenarios().len() > 1;
    if several && run.results.replications < 2 {
        return "One replication cannot tell these scenarios apart: run at least 5 (--replications 5) for an answer."
            .to_owned();
    }
    if !several {
        return alone(run);
    }
    match pair(run) {
        None => "No scenario throttles or blocks mail, so none is lost.".to_owned(),
        Some((lost, safe)) if lost == safe => best_in_both(run, lost),
        Some((lost, safe)) => against(run, lost, safe),
    }
}

fn alone(run: Run<'_>) -> String {
    let days = match found(run, 0, Measure::MedianDays) {
        Some(_) => format!("half of the servers are remediated within {} days", with_half(run, 0, Measure::MedianDays)),
        None => "less than half of the servers are remediated before the horizon".to_owned(),
    };
    let share = found(run, 0, Measure::Lost).zip(found(run, 0, Measure::Sent)).filter(|(_, sent)| sent.mean > 0.0);
    let share = share
        .map_or_else(String::new, |(lost, sent)| format!(" ({} of all)", value(100.0 * lost.mean / sent.mean, "%")));
    let single = if run.results.replications < 2 { " (one replication, so no interval)" } else { "" };
    format!("Under {} {} messages are lost{share}, and {days}{single}.", name(run, 0), with_half(run, 0, Measure::Lost))
}

/// `22 % less mail than “all at once” (95 %: 19 to 25)`: how a goal of one scenario stands to that of another.
fn less_than(run: Run<'_>, scenario: usize, other: usize, measure: Measure) -> Option<String> {
    let share = relative(run, scenario, other, measure).filter(|found| found.mean < 0.0)?;
    if measure == Measure::Lost && found(run, scenario, measure).is_some_and(|found| found.mean == 0.0) {
        return Some(format!("no mail where {} loses {} messages", name(run, other), with_half(run, other, measure)));
    }
    let percent = |share: f64| value(-share * 100.0, "%").trim_end_matches(" %").to_owned();
    let interval = half_width(&share).map_or_else(String::new, |half| {
        format!(" (95 %: {} to {})", percent(share.mean + half), percent(share.mean - half))
    });
    Some(format!("{} less mail than {}{interval}", share_words(share.mean), name(run, other)))
}

fn against(run: Run<'_>, lost: usize, safe: usize) -> String {
    let sure = |measure, verdict| verdict_between(run, lost, safe, measure) == Some(verdict);
    let exposure = relative(run, lost, safe, Measure::Exposure).map_or(0.0, |found| found.mean);
    let through = match exposure {
        more if more >= 0.95 => format!("{} as much mail from old servers through", share_words(more)),
        more => format!("{} more mail from old servers through", share_words(more)),
    };
    match (sure(Measure::Lost, Verdict::Fewer), sure(Measure::Exposure, Verdict::More)) {
        (true, true) => {
            let less = less_than(run, lost, safe, Measure::Lost)
                .unwrap_or_else(|| format!("less mail than {}", name(run, safe)));
            format!(
                "{} loses {less} and lets {through}; fewest losses and least exposure are different goals.",
                name(run, lost)
            )
        }
        (false, true) => format!(
            "{} and {} cannot be told apart in lost mail yet; {} lets {through}.",
            name(run, lost),
            name(run, safe),
            name(run, lost)
        ),
        (true, false) => {
            let less = less_than(run, lost, safe, Measure::Lost)
                .unwrap_or_else(|| format!("less mail than {}", name(run, safe)));
            format!(
                "{} loses {less}; in mail from old servers let through they cannot be told apart yet.",
                name(run, lost)
            )
        }
        (false, false) => {
            format!("{} and {} cannot be told apart yet; run more replications.", name(run, lost), name(run, safe))
        }
    }
}

/// One scenario is best in both goals; against the next in lost mail, or the only other one.
fn best_in_both(run: Run<'_>, best: usize) -> String {
    let others: Vec<usize> = (0..run.study.scenarios().len()).filter(|&s| s != best).collect();
    let restricting: Vec<usize> =
        others.iter().copied().filter(|&s| restricts(run, s) && choices(run).contains(&s)).collect();
    let restricting = match restricting.is_empty() {
        true => others.iter().copied().filter(|&s| restricts(run, s)).collect(),
        false => restricting,
    };
    let Some(next) = least(run, &restricting, Measure::Lost) else { return only_one(run, best, others[0]) };
    match verdict_between(run, best, next, Measure::Lost) {
        Some(Verdict::Fewer) => format!(
            "{} loses {} and lets least mail from old servers through, too.",
            name(run, best),
            less_than(run, best, next, Measure::Lost).unwrap_or_else(|| format!("less mail than {}", name(run, next)))
        ),
        Some(Verdict::Same) => format!(
            "{} and {} lose the same mail, {} messages; no scenario here is better in lost mail or in exposure.",
            name(run, best),
            name(run, next),
            mean(run, best, Measure::Lost)
        ),
        _ => format!(
            "{} and {} cannot be told apart in lost mail yet; run more replications.",
            name(run, best),
            name(run, next)
        ),
    }
}

/// The only scenario that restricts, and what it buys against one that does not.
fn only_one(run: Run<'_>, only: usize, other: usize) -> String {
    let lost = with_half(run, only, Measure::Lost);
    let gain = relative(run, only, other, Measure::Exposure).filter(|found| found.mean < 0.0);
    match gain.filter(|_| verdict_between(run, only, other, Measure::Exposure) == Some(Verdict::Fewer)) {
        Some(gain) => format!(
            "{} loses {lost} messages and lets {} less mail from old servers through than {}.",
            name(run, only),
            share_words(gain.mean),
            name(run, other)
        ),
        None => format!(
            "{} loses {lost} messages; whether it lets less mail from old servers through than {} cannot be told yet.",
            name(run, only),
            name(run, other)
        ),
    }
}

/// The three numbers of the answer.
pub fn numbers(run: Run<'_>) -> Vec<Number> {
    let shown: Vec<usize> = match pair(run) {
        Some((lost, safe)) if lost != safe => vec![lost, safe],
        Some((best, _)) if best != 0 => vec![best, 0],
        Some((best, _)) => vec![best].into_iter().chain((1..run.study.scenarios().len()).take(1)).collect(),
        None => vec![0],
    };
    let goals = [
        (Measure::Lost, "messages lost"),
        (Measure::Exposure, "messages from old servers let through"),
        (Measure::MedianDays, "days until half of the servers are remediated"),
    ];
    let of = |measure, s: usize| {
        let none = Rounded { mean: "not reached".to_owned(), half: None };
        (run.study.scenarios()[s].name.clone(), found(run, s, measure).map_or(none, |found| told(measure, &found)))
    };
    goals.map(|(measure, about)| Number { about, of: shown.iter().map(|&s| of(measure, s)).collect() }).into()
}
