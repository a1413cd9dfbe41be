//! What an exploration says in words: the answer first, then what it rests on.

mod answer;
mod found;

pub use answer::{answer, beside_the_answer, deciding, factor, in_short, parts_of_hundred, told_difference, wish};
pub use found::{levers_apart, searched, selected};

use brownout_methods::discovery::Limit;
use brownout_methods::indices::Scale;
use brownout_methods::robust::Pair;
use brownout_methods::stability::Stability;

use super::tables::names;
use brownout_chart::value;
use brownout_explore::file::{Explore, Moved, Wished};
use brownout_explore::findings::{BoxFinding, Explained, Failing, Findings};
use brownout_explore::template::{shown, unknowns};
use brownout_text::words::of_hundred;

/// A part of the page: a heading, and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its heading.
    pub heading: &'static str,
    /// Its lines.
    pub lines: Vec<String>,
}

/// Everything below the answer.
pub fn paragraphs(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<Paragraph> {
    let [searches, selections] = found::lines(explore, found, schedules);
    let all = [
        Paragraph { heading: "When that is wrong", lines: beside_the_answer(explore, found, schedules) },
        Paragraph { heading: "Which schedule, in how many of 100 futures", lines: ranking(found, schedules) },
        Paragraph { heading: "What decides which schedule is better", lines: turned(explore, found, schedules) },
        Paragraph {
            heading: "What decides how large the difference is: total indices of ranks with 95 % intervals, luck beside them",
            lines: decides(explore, found, schedules),
        },
        Paragraph {
            heading: "Where it fails",
            lines: found.boxes.iter().flat_map(|f| fails(explore, f, schedules)).collect(),
        },
        Paragraph { heading: "The front: what a search found, and what carries it", lines: searches },
        Paragraph { heading: "Selection among the schedules", lines: selections },
        Paragraph { heading: "What could not be told", lines: found.notes.clone() },
    ];
    all.into_iter().filter(|paragraph| !paragraph.lines.is_empty()).collect()
}

fn ranking(found: &Findings, schedules: &[String]) -> Vec<String> {
    let line = |wished: &Wished, pair: &Pair| {
        let [better, worse, open] = parts_of_hundred([pair.better, pair.worse, pair.cannot_be_told]);
        let (first, second) = (quoted(&schedules[pair.first]), quoted(&schedules[pair.second]));
        format!(
            "{}: {first} better than {second} in {better}, worse in {worse}, cannot be told in {open}",
            wished.measure.key()
        )
    };
    // Of many schedules the pairs that matter: those of the one chosen.
    let chosen = |wished: &Wished| found.choices.iter().find(|choice| choice.wished == *wished).map(|c| c.chosen);
    let is_told = |wished: &Wished, pair: &Pair| {
        schedules.len() <= FEW || chosen(wished).is_none_or(|chosen| pair.first == chosen || pair.second == chosen)
    };
    let mut lines = Vec::new();
    for (wished, pairs) in &found.ranking {
        lines.extend(pairs.iter().filter(|pair| is_told(wished, pair)).map(|pair| line(wished, pair)));
    }
    if schedules.len() > FEW {
        lines.push("the other pairs are in ranking.csv".to_owned());
    }
    for (measure, judged) in &found.chance_best {
        let chances: Vec<String> = judged
            .iter()
            .zip(schedules)
            .map(|(judged, schedule)| format!("{} {}", quoted(schedule), of_hundred(judged.value)))
            .collect();
        lines.push(format!("{}: best in {}", measure.key(), chances.join(", ")));
    }
    lines
}

/// Through which factors the sign of the difference between the choice and its rival goes.
fn turned(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<String> {
    let names = names(explore);
    let mut lines = Vec::new();
    for turning in &found.turnings {
        let order = deciding(turning, &names);
        if order.is_empty() {
            continue;
        }
        let (chosen, rival) = (quoted(&schedules[turning.chosen]), quoted(&schedules[turning.rival]));
        let key = explore.outcomes[turning.outcome].measure.key();
        lines.push(format!(
            "{key}: whether {chosen} or {rival} is better (total indices of the sign, luck beside them)"
        ));
        let listed =
            order.iter().enumerate().filter(|(index, (name, _))| *index < LISTED || name == super::tables::LUCK);
        lines.extend(listed.map(|(_, (name, total))| {
            format!("  {:.2} ({:.2} to {:.2}) {}", total.value, total.low, total.high, factor(name))
        }));
        if let Some((_, Some(stability))) = &turning.sign {
            lines.push(sure(stability, &names));
        }
    }
    lines
}

/// How sure the ranking of the first factors is.
pub fn sure(stability: &Stability, names: &[String]) -> String {
    let top = stability.top.iter().map(|&at| names[at].as_str()).collect::<Vec<_>>().join(", ");
    let (count, same) = (stability.top.len(), of_hundred(stability.same_set));
    let first = stability.top.first().map_or(0.0, |&at| stability.on_top[at]);
    let name = stability.top.first().map_or("", |&at| names[at].as_str());
    format!(
        "  in {same} of 100 resamples of the scrambles the same {count} are on top ({top}); {name} is among them in {}",
        of_hundred(first)
    )
}

/// Up to so many schedules all pairs are told.
const FEW: usize = 4;

/// Outputs whose factors are listed; the others are in the table.
const EXPLAINED: usize = 6;

/// Factors that are listed of each output.
const LISTED: usize = 4;

fn decides(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<String> {
    let names = names(explore);
    let of_ranks = found.indices.iter().filter(|explained| explained.scale == Scale::Rank);
    // How much a schedule loses is less the question than which one is better.
    let has_differences = found.indices.iter().any(|explained| explained.is_difference);
    let shown = of_ranks.filter(|explained| explained.is_difference || !has_differences);
    let shown: Vec<&Explained> = shown.collect();
    let mut lines: Vec<String> =
        shown.iter().take(EXPLAINED).flat_map(|explained| explained_lines(explained, &names, schedules)).collect();
    if shown.len() > EXPLAINED {
        lines.push("the others are in indices.csv".to_owned());
    }
    lines
}

fn explained_lines(explained: &Explained, names: &[String], schedules: &[String]) -> Vec<String> {
    let mut order: Vec<usize> = (0..explained.factors.len()).collect();
    let total = |at: usize| explained.factors[at].total;
    order.sort_by(|&a, &b| total(b).value.total_cmp(&total(a).value).then(a.cmp(&b)));
    let luck = explained.factors.len() - 1;
    let listed = order.iter().copied().enumerate().filter(|&(rank, at)| rank < LISTED || at == luck);
    let one = |(_, at): (usize, usize)| {
        let index = &explained.factors[at];
        format!(
            "  {:.2} ({:.2} to {:.2}) {}: {}",
            index.total.value,
            index.total.low,
            index.total.high,
            names[at],
            index.verdict.words()
        )
    };
    let schedule = &schedules[explained.schedule];
    let of = if explained.is_difference { format!(" less that of {}", quoted(&schedules[0])) } else { String::new() };
    let mut lines = vec![format!("{} of {}{of}", explained.measure.key(), quoted(schedule))];
    lines.extend(listed.map(one));
    lines.extend(explained.stability.as_ref().map(|stability| sure(stability, names)));
    lines
}

/// Where a schedule fails, as a sentence.
pub fn fails(explore: &Explore, failing: &Failing, schedules: &[String]) -> Vec<String> {
    let schedule = quoted(&schedules[failing.schedule]);
    let base = failing.base_rate;
    let [share, low, high] = [base.value, base.low, base.high].map(of_hundred);
    let rate = format!("{share} of 100 futures ({low} to {high})");
    let bad = &failing.said;
    let Some(told) = &failing.told else {
        return vec![format!("{schedule}: {bad} in {rate}, and no box was found")];
    };
    let rules = rules(explore, told);
    if rules.is_empty() {
        return vec![format!(
            "{schedule}: {bad} in {rate}; no limit on an unknown tells where, beyond what luck may do"
        )];
    }
    let held = match told.density {
        None => "no future held out lies there".to_owned(),
        Some(density) => format!(
            "{} of 100 where held out ({} futures, 95 %: {} to {})",
            of_hundred(density.value),
            told.held.n,
            of_hundred(density.low),
            of_hundred(density.high)
        ),
    };
    let found = of_hundred(told.found.density().unwrap_or(0.0));
    let said = format!("where {} it is {found} of 100 where it was found, {held}", rules.join(" and "));
    let doubt = if told.holds { "" } else { ": so it cannot be told from the whole" };
    vec![format!("{schedule}: {bad} in {rate}; {said}{doubt}")]
}

/// The limits of a box in words, one for each unknown that it restricts.
pub fn rules(explore: &Explore, told: &BoxFinding) -> Vec<String> {
    let limits = unknowns(explore).into_iter().zip(&told.limits.0);
    limits.flat_map(|((_, moved), limit)| limit_words(moved, limit)).collect()
}

/// A name in quotation marks.
pub fn quoted(name: &str) -> String {
    format!("\u{201c}{name}\u{201d}")
}

/// What a limit asks of a factor, in its own words.
pub fn limit_words(moved: &Moved, limit: &Limit) -> Vec<String> {
    use brownout_methods::factor::Value;
    let name = quoted(&moved.factor.name);
    let end =
        |end: f64| if moved.is_date { shown(moved, Value::Whole(libm::round(end) as i64)) } else { value(end, "") };
    let range = match (limit.low.is_finite(), limit.high.is_finite()) {
        (true, true) => Some(format!("{name} is {} to {}", end(limit.low), end(limit.high))),
        (true, false) => Some(format!("{name} is at least {}", end(limit.low))),
        (false, true) => Some(format!("{name} is at most {}", end(limit.high))),
        (false, false) => None,
    };
    let option = |&at: &f64| shown(moved, Value::Choice(at as usize));
    let left = (0..moved.options.len()).map(|at| at as f64).filter(|at| !limit.without.contains(at));
    let left: Vec<String> = left.map(|at| option(&at)).collect();
    let choice = (!limit.without.is_empty()).then(|| format!("{name} is {}", left.join(" or ")));
    range.into_iter().chain(choice).collect()
}
