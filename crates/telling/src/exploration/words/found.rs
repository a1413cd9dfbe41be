//! What searches and selections found, in words: never the front alone, always with the assumption that carries it.

use super::answer::all_wishes;
use brownout_methods::factor::Value;
use brownout_methods::interval::Interval;
use brownout_methods::robust::Direction;

use super::{quoted, wish};
use brownout_chart::{rounded, times};
use brownout_explore::file::{Explore, Moved, Spending, Wished};
use brownout_explore::findings::Findings;
use brownout_explore::search::{Searched, Side};
use brownout_explore::select::Selected;
use brownout_explore::template::shown;
use brownout_text::words::of_hundred;

/// What a search found and what carries it.
pub fn searched(explore: &Explore, searched: &Searched, schedules: &[String]) -> Vec<String> {
    let first = quoted(&schedules[0]);
    let lived = searched.generations.last().map_or(0, |generation| generation.evaluations);
    let sure = searched.front.iter().filter(|member| member.is_confirmed).count();
    let mut lines = vec![format!(
        "Of {lived} schedules that were tried, {} are told of; lived again in {} futures that the search never saw, {sure} of \
         these are undominated with at least {} of 100.",
        searched.front.len(),
        searched.futures,
        of_hundred(searched.certainty)
    )];
    let Some(best) = searched.most_often_better() else { return lines };
    let member = &searched.front[best];
    if member.side.better_in_all <= 0.0 {
        lines.push(format!(
            "No schedule found beats {first} in all that is wished ({}): the front trades one against another.",
            all_wishes(explore)
        ));
        let least = &searched.front[0];
        lines.push(format!(
            "Number 1 is best in the first wish: {}; {}.",
            levers(explore, &least.levers),
            against_first(explore, &least.side)
        ));
    } else {
        lines.push(format!(
            "Number {} most often beats {first} in all that is wished ({}), in {} of 100 of these futures: {}; {}.",
            best + 1,
            all_wishes(explore),
            of_hundred(member.side.better_in_all),
            levers(explore, &member.levers),
            against_first(explore, &member.side)
        ));
    }
    lines.extend(carried(explore, searched, best, &first));
    lines
}

/// What carries the front: how the member told of fares under each structure that was asked.
fn carried(explore: &Explore, searched: &Searched, best: usize, first: &str) -> Vec<String> {
    let (member, mut lines) = (&searched.front[best], Vec::new());
    if searched.against.is_empty() {
        lines.push(
            "This was asked against no other structure, so what carries it is not known: it rests on how the study says that \
             people respond. Name structures and ask against them before taking it as advice."
                .to_owned(),
        );
    }
    for against in &searched.against {
        let side = &against.members[best];
        let name = quoted(&explore.structures[against.structure]);
        let worse = against.members.iter().filter(|side| !is_better(explore, side)).count();
        let verdict = if !is_better(explore, &member.side) {
            "this is what is left"
        } else if is_better(explore, side) {
            "it holds there"
        } else {
            "it does not hold there: the study's own structure carries it"
        };
        lines.push(format!(
            "Asked against {name}, {verdict}. Number {} beats {first} in all of it in {} of 100 futures: {}. Of the {} told of, \
             {worse} are not better in every wish on average there.",
            best + 1,
            of_hundred(side.better_in_all),
            against_first(explore, side),
            against.members.len()
        ));
    }
    lines
}

/// Whether the mean difference to the first schedule lies on the wished side in every outcome.
fn is_better(explore: &Explore, side: &Side) -> bool {
    let sign = |outcome: &Wished| if outcome.wish == Direction::Less { 1.0 } else { -1.0 };
    explore.outcomes.iter().enumerate().all(|(at, outcome)| match outcome.limit {
        Some(limit) => side.outcomes[at].is_some_and(|mean| sign(outcome) * (mean.value - limit) <= 0.0),
        None => side.differences[at].is_some_and(|difference| sign(outcome) * difference.value < 0.0),
    })
}

/// The levers of a schedule that was found, with their names.
fn levers(explore: &Explore, values: &[Value]) -> String {
    let names = explore.levers.iter().map(|moved| moved.factor.name.as_str());
    let both = names.zip(levers_apart(explore, values)).map(|(name, value)| format!("{name} {value}"));
    both.collect::<Vec<_>>().join(", ")
}

/// The levers of a schedule that was found, each by itself.
pub fn levers_apart(explore: &Explore, values: &[Value]) -> Vec<String> {
    let one = |(moved, &value): (&Moved, &Value)| match value {
        Value::Number(number) => format!("{number:.2}"),
        value => shown(moved, value),
    };
    explore.levers.iter().zip(values).map(one).collect()
}

/// Each outcome against the first schedule, in percent where that can be said.
fn against_first(explore: &Explore, side: &Side) -> String {
    let one = |at: usize| {
        let key = explore.outcomes[at].measure.key();
        match (side.outcomes[at], side.differences[at]) {
            (Some(mean), Some(difference)) => format!("{key} {}", relative(mean, difference)),
            _ => format!("{key} not defined in every future"),
        }
    };
    (0..explore.outcomes.len()).map(one).collect::<Vec<_>>().join(", ")
}

/// A difference in percent of what the first schedule comes to, with its interval.
fn relative(mean: Interval, difference: Interval) -> String {
    let base = mean.value - difference.value;
    if base == 0.0 || !base.is_finite() {
        let said = rounded(difference.value, Some(difference.half_width()), "");
        return format!("{} \u{b1} {}", said.mean, said.half.unwrap_or_default());
    }
    if difference.value / base > 9.0 {
        return format!("{} times as many", times(mean.value / base));
    }
    // Nothing is neither more nor less.
    let percent = |value: f64| match libm::round(value / base.abs() * 100.0) {
        0.0 => "0".to_owned(),
        percent => format!("{percent:+}"),
    };
    let [value, low, high] = [difference.value, difference.low, difference.high].map(percent);
    format!("{value} % ({low} to {high})").replace('-', "\u{2212}")
}

/// What a selection came to.
pub fn selected(explore: &Explore, selected: &Selected, schedules: &[String]) -> Vec<String> {
    let outcome = &explore.outcomes[selected.selection.outcome];
    let all: u64 = selected.replications.iter().sum();
    let by = match selected.selection.by {
        Spending::Kn(delta) => {
            let delta = rounded(delta, None, "").mean;
            format!("KN, least difference that matters {delta}, certainty {}", selected.selection.certainty)
        }
        Spending::Ocba(batch) => format!("OCBA, {batch} replications at a time"),
    };
    let chosen = match selected.chosen {
        Some(chosen) => format!("{} is the choice on average over futures", quoted(&schedules[chosen])),
        None => "no schedule could be chosen".to_owned(),
    };
    let mut lines = vec![format!("For {} ({by}): {chosen}, after {all} replications of all together.", wish(outcome))];
    for (at, schedule) in schedules.iter().enumerate() {
        let mean = selected.means[at].map_or_else(String::new, |mean| {
            let said = rounded(mean.value, Some(mean.half_width()), "");
            format!(", mean {} \u{b1} {}", said.mean, said.half.unwrap_or_default())
        });
        let dropped = selected.dropped[at].map_or_else(String::new, |after| format!(", dropped after {after}"));
        lines.push(format!("  {}: {} replications{mean}{dropped}", quoted(schedule), selected.replications[at]));
    }
    if !selected.note.is_empty() {
        lines.push(format!("  {}.", selected.note));
    }
    lines
}

/// The lines of all searches and selections.
pub(super) fn lines(explore: &Explore, found: &Findings, schedules: &[String]) -> [Vec<String>; 2] {
    let searches = found.searches.iter().flat_map(|one| searched(explore, one, schedules)).collect();
    let selections = found.selections.iter().flat_map(|one| selected(explore, one, schedules)).collect();
    [searches, selections]
}
