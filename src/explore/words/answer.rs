//! The answer first: which schedule to choose, in how many futures that is wrong, and what to find out before.

use brownout_explore::indices::Scale;
use brownout_explore::interval::Interval;
use brownout_explore::robust::Wish;

use super::{limit_words, quoted};
use crate::experiment::Measure;
use crate::explore::file::{Explore, Wished};
use crate::explore::findings::{Choice, Findings, Turning};
use crate::explore::tables::{LUCK, names};

/// The answer in one sentence, with its chance.
pub fn answer(explore: &Explore, found: &Findings, schedules: &[String]) -> String {
    let Some(choice) = found.choices.first() else {
        return "The schedules could not be compared, so there is no answer; what could not be told says why."
            .to_owned();
    };
    let first = found.turnings.iter().find(|turning| is_of(turning, choice, explore)).and_then(Turning::first_to_find);
    let mut words = chosen(choice, schedules);
    match first {
        Some(factor) => words.push_str(&format!("; find out {} first.", quoted(&names(explore)[factor]))),
        None if choice.rival.is_none() => words.push_str("; nothing that was varied turns this."),
        None => words.push_str("; no single unknown tells when."),
    }
    words
}

/// What the answer leaves open: when the choice is wrong, what other wishes say, and whether structures change it.
pub fn beside_the_answer(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for choice in &found.choices {
        let turning = found.turnings.iter().find(|turning| is_of(turning, choice, explore));
        lines.extend(turning.and_then(|turning| turns(explore, choice, turning, schedules)));
    }
    lines.extend(found.choices.iter().skip(1).map(|choice| format!("{}.", chosen(choice, schedules))));
    if let Some(first) = found.choices.first()
        && let Some(other) = found.choices.iter().find(|choice| choice.chosen != first.chosen)
    {
        lines.push(format!(
            "These wishes are at odds: no schedule serves both {} and {} best; weigh them before choosing.",
            wish(&first.wished),
            wish(&other.wished)
        ));
    }
    lines.extend(structures(explore, found, schedules));
    lines.extend(size(explore, found, schedules));
    lines
}

/// What the size of the first difference hangs on, where nothing turns its sign.
fn size(explore: &Explore, found: &Findings, schedules: &[String]) -> Option<String> {
    let choice = found.choices.first().filter(|choice| choice.rival.is_none())?;
    let explained = found.indices.iter().find(|explained| {
        explained.is_difference && explained.scale == Scale::Rank && explained.measure == choice.wished.measure
    })?;
    let unknowns = 0..explained.factors.len().saturating_sub(1);
    let total = |at: usize| explained.factors[at].total.value;
    let most = unknowns.max_by(|&a, &b| total(a).total_cmp(&total(b)).then(b.cmp(&a)))?;
    Some(format!(
        "Which one is better hangs on no unknown, but how large the difference between {} and {} is hangs most on {}: find that \
         out first if the size matters.",
        quoted(&schedules[explained.schedule]),
        quoted(&schedules[0]),
        quoted(&names(explore)[most])
    ))
}

/// Whether a turning speaks of a choice.
pub(in crate::explore) fn is_of(turning: &Turning, choice: &Choice, explore: &Explore) -> bool {
    explore.outcomes.get(turning.outcome) == Some(&choice.wished)
}

fn chosen(choice: &Choice, schedules: &[String]) -> String {
    let [right, wrong, open] = of_hundred(choice.of_chosen());
    let limits = if choice.has_limits { ", within the limits asked for" } else { "" };
    format!(
        "For {}{limits}, choose {}: it is the right one of {} in {right} of 100 futures, the wrong one in {wrong}, and in \
         {open} it cannot be told",
        wish(&choice.wished),
        quoted(&schedules[choice.chosen]),
        schedules.len()
    )
}

/// Where the rival is better, in the words of the unknown that decides.
fn turns(explore: &Explore, choice: &Choice, turning: &Turning, schedules: &[String]) -> Option<String> {
    let rival = quoted(&schedules[turning.rival]);
    let better = quoted(&schedules[turning.chosen]);
    let factor = turning.first_to_find()?;
    let cut = turning.cut(factor)?;
    let side = limit_words(&explore.unknowns[factor], &cut.limit).join(" and ");
    let (inside, outside) = (cut.inside.density()?, cut.outside.density().unwrap_or(0.0));
    let part = |count: usize| libm::round(100.0 * count as f64 / cut.held.max(1) as f64);
    let known = match cut.gain() {
        gain if gain > 0 => format!(
            "; knowing on which side it lies makes {} of 100 choices wrong instead of {}",
            part(cut.wrong_if_known),
            part(cut.wrong)
        ),
        _ => format!("; that is no reason to take {rival} instead, as it is worse more often even there"),
    };
    Some(format!(
        "For {}, {rival} is clearly better than {better} in {:.0} of 100 futures where {side}, and in {:.0} of 100 elsewhere \
         ({} futures that were held out){known}.",
        wish(&choice.wished),
        inside * 100.0,
        outside * 100.0,
        cut.held
    ))
}

/// How the choices fare under each structure.
fn structures(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for choice in &found.choices {
        let under: Vec<(usize, &Choice)> = found
            .structures
            .iter()
            .filter_map(|s| Some((s.structure, s.choices.iter().find(|other| other.wished == choice.wished)?)))
            .collect();
        if under.is_empty() {
            continue;
        }
        let same = under.iter().filter(|(_, other)| other.chosen == choice.chosen).count();
        let told = under.iter().map(|(structure, other)| {
            let [right, wrong, _] = of_hundred(other.shares[choice.chosen]);
            let instead = if other.chosen == choice.chosen {
                String::new()
            } else {
                format!(", and {} would be chosen", quoted(&schedules[other.chosen]))
            };
            format!("under {} right in {right} and wrong in {wrong}{instead}", quoted(&explore.structures[*structure]))
        });
        lines.push(format!(
            "For {}, {} is chosen in {same} of {} other structures: {}.",
            wish(&choice.wished),
            quoted(&schedules[choice.chosen]),
            under.len(),
            told.collect::<Vec<_>>().join("; ")
        ));
    }
    lines
}

/// What is wished, in words: "fewer messages lost".
pub fn wish(wished: &Wished) -> String {
    let less = wished.wish == Wish::Less;
    let (few, what) = match wished.measure {
        Measure::Lost => ("fewer", "messages lost"),
        Measure::Delayed => ("fewer", "messages delayed"),
        Measure::Exposure => ("fewer", "messages accepted from old servers"),
        Measure::StillNonCompliant => ("fewer", "servers still non-compliant at the end"),
        Measure::MedianDays => ("less", "time to remediation (median)"),
        Measure::RestrictedMeanDays => ("less", "time to remediation (mean)"),
        measure => ("less", measure.key()),
    };
    format!("{} {what}", if less { few } else { "more" })
}

/// Three shares in parts of a hundred that sum to it; the last takes what rounding leaves.
pub fn of_hundred([first, second, _]: [Interval; 3]) -> [u32; 3] {
    let part = |share: f64| libm::round(share * 100.0) as u32;
    let first = part(first.value);
    let second = part(second.value).min(100 - first);
    [first, second, 100 - first - second]
}

/// The factors of a turning from the most to the least deciding, by the total index of the sign.
pub fn deciding(turning: &Turning, names: &[String]) -> Vec<(String, Interval)> {
    let Some((factors, _)) = &turning.sign else { return Vec::new() };
    let mut order: Vec<usize> = (0..factors.len()).collect();
    order.sort_by(|&a, &b| factors[b].total.value.total_cmp(&factors[a].total.value).then(a.cmp(&b)));
    order.into_iter().map(|at| (names[at].clone(), factors[at].total)).collect()
}

/// A factor in quotation marks; luck is no name.
pub fn factor(name: &str) -> String {
    if name == LUCK { LUCK.to_owned() } else { quoted(name) }
}
