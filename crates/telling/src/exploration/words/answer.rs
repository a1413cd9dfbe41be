//! The answer first: which schedule to choose, in how many futures that is wrong, and what to find out before.

use brownout_methods::indices::Scale;
use brownout_methods::interval::Interval;
use brownout_methods::robust::Direction;

use super::{limit_words, quoted};
use crate::exploration::tables::{LUCK, names};
use brownout_chart::value;
use brownout_experiment::Measure;
use brownout_explore::file::{Explore, Wished};
use brownout_explore::findings::{Choice, Explained, Findings, Turning};
use brownout_text::words::of_hundred;

/// The answer in one sentence, with its chance.
pub fn answer(explore: &Explore, found: &Findings, schedules: &[String]) -> String {
    let Some(choice) = found.choices.first() else {
        return "The schedules could not be compared, so there is no answer; what could not be told says why."
            .to_owned();
    };
    let first = found.turnings.iter().find(|turning| is_of(turning, choice, explore)).and_then(Turning::first_to_find);
    let mut words = chosen(explore, choice, schedules);
    match first {
        Some(factor) => words.push_str(&format!("; find out {} first.", quoted(&names(explore)[factor]))),
        None if choice.rival.is_none() => match turned_by(explore, found, choice) {
            Some(structure) => words.push_str(&format!(
                "; no unknown turns this, but it does not hold if {}: find out first whether that is so.",
                quoted(structure)
            )),
            None => words.push_str("; nothing that was varied turns this."),
        },
        None => words.push_str("; no single unknown tells when."),
    }
    words
}

/// The first structure under which another schedule would be chosen.
fn turned_by<'a>(explore: &'a Explore, found: &Findings, choice: &Choice) -> Option<&'a String> {
    let other = found.structures.iter().find(|structured| {
        let there = structured.choices.iter().find(|other| other.wished == choice.wished);
        there.is_some_and(|there| there.chosen != choice.chosen)
    })?;
    explore.structures.get(other.structure)
}

/// What the answer leaves open: when the choice is wrong, what other wishes say, and whether structures change it.
pub fn beside_the_answer(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for choice in &found.choices {
        let turning = found.turnings.iter().find(|turning| is_of(turning, choice, explore));
        lines.extend(turning.and_then(|turning| turns(explore, choice, turning, schedules)));
    }
    lines.extend(found.choices.iter().skip(1).map(|choice| format!("{}.", chosen(explore, choice, schedules))));
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
    let explained = told_difference(found, choice)?;
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

/// The difference to the first schedule that matters for a choice: that of the chosen schedule, or of any if the first is chosen.
pub fn told_difference<'a>(found: &'a Findings, choice: &Choice) -> Option<&'a Explained> {
    let differences = || {
        found.indices.iter().filter(|explained| {
            explained.is_difference && explained.scale == Scale::Rank && explained.measure == choice.wished.measure
        })
    };
    differences().find(|explained| explained.schedule == choice.chosen).or_else(|| differences().next())
}

/// Whether a turning speaks of a choice.
pub(super) fn is_of(turning: &Turning, choice: &Choice, explore: &Explore) -> bool {
    explore.outcomes.get(turning.outcome) == Some(&choice.wished)
}

fn chosen(explore: &Explore, choice: &Choice, schedules: &[String]) -> String {
    let [right, wrong, open] = parts_of_hundred(choice.of_chosen());
    // The wish itself goes beyond its own limit.
    let limits = limits(explore, Some(choice.wished.measure));
    let limits = if limits.is_empty() { limits } else { format!(" with {limits}") };
    format!(
        "For {}{limits}, choose {}: it is the right one of {} in {right} of 100 futures, the wrong one in {wrong}, and in \
         {open} it cannot be told",
        wish(&choice.wished),
        quoted(&schedules[choice.chosen]),
        schedules.len()
    )
}

/// A choice in one line, for a title.
pub fn in_short(choice: &Choice, schedules: &[String]) -> String {
    let [right, wrong, open] = parts_of_hundred(choice.of_chosen());
    format!(
        "For {}, {} is right in {right} of 100 futures, wrong in {wrong}; {open} do not tell",
        wish(&choice.wished),
        quoted(&schedules[choice.chosen])
    )
}

/// The limits that a schedule must keep to be right, but for that of one measure: "at most 4,000 servers still non-compliant at the end".
fn limits(explore: &Explore, but: Option<Measure>) -> String {
    let one = |wished: &Wished| {
        if Some(wished.measure) == but {
            return None;
        }
        let bound = if wished.wish == Direction::Less { "at most" } else { "at least" };
        Some(format!("{bound} {} {}", value(wished.limit?, ""), counted_thing(wished.measure)))
    };
    explore.outcomes.iter().filter_map(one).collect::<Vec<_>>().join(" and ")
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
        "For {}, {rival} is clearly better than {better} in {} of 100 futures where {side}, and in {} of 100 elsewhere \
         ({} futures that were held out){known}.",
        wish(&choice.wished),
        of_hundred(inside),
        of_hundred(outside),
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
            let [right, wrong, _] = parts_of_hundred(other.shares[choice.chosen]);
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
    let less = wished.wish == Direction::Less;
    let few = match wished.measure {
        Measure::Lost | Measure::Delayed | Measure::Exposure | Measure::StillNonCompliant => "fewer",
        _ => "less",
    };
    format!("{} {}", if less { few } else { "more" }, counted_thing(wished.measure))
}

/// What a measure counts, behind a number or "fewer".
fn counted_thing(measure: Measure) -> &'static str {
    match measure {
        Measure::Lost => "messages lost",
        Measure::Delayed => "messages delayed",
        Measure::Exposure => "messages accepted from old servers",
        Measure::StillNonCompliant => "servers still non-compliant at the end",
        Measure::MedianDays => "time to remediation (median)",
        Measure::RestrictedMeanDays => "time to remediation (mean)",
        measure => measure.key(),
    }
}

/// All that a schedule must do to be better than another: every wish, and every limit kept.
pub(super) fn all_wishes(explore: &Explore) -> String {
    let open = explore.outcomes.iter().filter(|outcome| outcome.limit.is_none()).map(wish);
    let kept = limits(explore, None);
    open.chain((!kept.is_empty()).then_some(kept)).collect::<Vec<_>>().join(", ")
}

/// Three shares in parts of a hundred that sum to it; the last takes what rounding leaves.
pub fn parts_of_hundred([first, second, _]: [Interval; 3]) -> [u32; 3] {
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

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_explore::file::read_text;
    use brownout_explore::findings::Structured;

    fn choice(explore: &Explore, chosen: usize) -> Choice {
        let share = |value: f64| Interval { value, low: value, high: value };
        let shares = vec![[share(0.9), share(0.0), share(0.1)]; 2];
        let wished = explore.outcomes[0];
        Choice { wished, chosen, has_limits: false, shares, rival: None, rulings: Vec::new() }
    }

    #[test]
    fn a_structure_that_turns_the_choice_is_part_of_the_answer() {
        let text = "(version: 1, study: \"s.ron\", unknowns: [(name: \"a\", path: \"policy.x\", dist: Uniform(0, 1))], \
                    structures: [(name: \"as it is\"), (name: \"idle\")], outcomes: [(measure: \"lost\", wish: Less)])";
        let explore = read_text(text).unwrap();
        let names = ["ladder".to_owned(), "none".to_owned()];
        let mut found = Findings { choices: vec![choice(&explore, 0)], ..Findings::default() };
        let told = answer(&explore, &found, &names);
        let right = "For fewer messages lost, choose “ladder”: it is the right one of 2 in 90 of 100 futures, the wrong one in 0, \
                     and in 10 it cannot be told; nothing that was varied turns this.";
        assert_eq!(told, right);
        let under = |structure, chosen| Structured { structure, choices: vec![choice(&explore, chosen)] };
        found.structures = vec![under(0, 0), under(1, 1)];
        let told = answer(&explore, &found, &names);
        assert!(told.ends_with("it does not hold if “idle”: find out first whether that is so."), "{told}");
    }
}
