//! What an exploration says in words: the answer first, then what it rests on.

use brownout_explore::discovery::Limit;
use brownout_explore::indices::{Scale, Verdict};
use brownout_explore::robust::{Pair, Wish};

use super::file::{Explore, Moved, Wished};
use super::findings::{Explained, Failing, Findings};
use super::tables::{LUCK, names};
use super::template::{factors, shown};
use crate::chart::value;

/// A part of the page: a heading, and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its heading.
    pub heading: &'static str,
    /// Its lines.
    pub lines: Vec<String>,
}

/// The answer in one sentence, with its chance.
pub fn answer(explore: &Explore, found: &Findings, schedules: &[String]) -> String {
    let Some((wished, pair)) = found.ranking.first().and_then(|(wished, pairs)| Some((wished, pairs.first()?))) else {
        return "There are not two schedules that could be compared, so there is no ranking.".to_owned();
    };
    let [better, worse, open] = of_hundred(pair);
    let (less, more) = if wished.wish == Wish::Less { ("less", "more") } else { ("more", "less") };
    let key = wished.measure.key();
    let mut words = format!(
        "In {better} of 100 futures \"{}\" has {less} {key} than \"{}\", in {worse} {more}, in {open} it cannot be told",
        schedules[pair.first], schedules[pair.second]
    );
    match deciding(explore, found, wished, pair.second) {
        Some(name) => words.push_str(&format!("; how large the difference is depends most on {name}.")),
        None => words.push('.'),
    }
    words
}

/// The shares of a pair in parts of a hundred that sum to it.
fn of_hundred(pair: &Pair) -> [u32; 3] {
    let part = |share: f64| libm::round(share * 100.0) as u32;
    let (better, worse) = (part(pair.better.value), part(pair.worse.value));
    [better, worse.min(100 - better), 100 - better - worse.min(100 - better)]
}

/// The factor with the greatest total index of the difference, if anything can be told of it.
fn deciding(explore: &Explore, found: &Findings, wished: &Wished, schedule: usize) -> Option<String> {
    let explained = found.indices.iter().find(|explained| {
        explained.is_difference
            && explained.scale == Scale::Rank
            && explained.measure == wished.measure
            && explained.schedule == schedule
    })?;
    let names = names(explore);
    let sure = |verdict| matches!(verdict, Verdict::Decides | Verdict::Matters);
    let most = (0..explained.factors.len()).filter(|&at| sure(explained.factors[at].verdict));
    let most = most.max_by(|&a, &b| {
        explained.factors[a].total.value.total_cmp(&explained.factors[b].total.value).then(b.cmp(&a))
    })?;
    Some(if names[most] == LUCK { "luck".to_owned() } else { format!("\"{}\"", names[most]) })
}

/// Everything below the answer.
pub fn paragraphs(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<Paragraph> {
    let all = [
        Paragraph { heading: "Which schedule, in how many of 100 futures", lines: ranking(found, schedules) },
        Paragraph {
            heading: "What decides how large the difference is: total indices of ranks with 95 % intervals, luck beside them",
            lines: decides(explore, found, schedules),
        },
        Paragraph {
            heading: "Where it fails",
            lines: found.boxes.iter().flat_map(|f| fails(explore, f, schedules)).collect(),
        },
        Paragraph { heading: "What could not be told", lines: found.notes.clone() },
    ];
    all.into_iter().filter(|paragraph| !paragraph.lines.is_empty()).collect()
}

fn ranking(found: &Findings, schedules: &[String]) -> Vec<String> {
    let line = |wished: &Wished, pair: &Pair| {
        let [better, worse, open] = of_hundred(pair);
        let (first, second) = (&schedules[pair.first], &schedules[pair.second]);
        format!(
            "{}: \"{first}\" better than \"{second}\" in {better}, worse in {worse}, cannot be told in {open}",
            wished.measure.key()
        )
    };
    let mut lines: Vec<String> =
        found.ranking.iter().flat_map(|(wished, pairs)| pairs.iter().map(|pair| line(wished, pair))).collect();
    for (measure, judged) in &found.chance_best {
        let chances: Vec<String> = judged
            .iter()
            .zip(schedules)
            .map(|(judged, schedule)| format!("\"{schedule}\" {:.0}", judged.value * 100.0))
            .collect();
        lines.push(format!("{}: best in {}", measure.key(), chances.join(", ")));
    }
    lines
}

/// Factors that are listed of each output.
const LISTED: usize = 4;

fn decides(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<String> {
    let names = names(explore);
    let of_ranks = found.indices.iter().filter(|explained| explained.scale == Scale::Rank);
    // How much a schedule loses is less the question than which one is better.
    let has_differences = found.indices.iter().any(|explained| explained.is_difference);
    let shown = of_ranks.filter(|explained| explained.is_difference || !has_differences);
    shown.flat_map(|explained| explained_lines(explained, &names, schedules)).collect()
}

fn explained_lines(explained: &Explained, names: &[String], schedules: &[String]) -> Vec<String> {
    let mut order: Vec<usize> = (0..explained.factors.len()).collect();
    let total = |at: usize| explained.factors[at].total;
    order.sort_by(|&a, &b| total(b).value.total_cmp(&total(a).value).then(a.cmp(&b)));
    let luck = explained.factors.len() - 1;
    let listed = order.iter().copied().enumerate().filter(|&(place, at)| place < LISTED || at == luck);
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
    let of = if explained.is_difference { format!(" less that of \"{}\"", schedules[0]) } else { String::new() };
    let mut lines = vec![format!("{} of \"{schedule}\"{of}", explained.measure.key())];
    lines.extend(listed.map(one));
    if let Some(stability) = &explained.stability {
        let top = stability.top.iter().map(|&at| names[at].as_str()).collect::<Vec<_>>().join(", ");
        let same = stability.same_set * 100.0;
        lines.push(format!(
            "  in {same:.0} of 100 resamples of the scrambles the same {} are on top: {top}",
            stability.top.len()
        ));
    }
    lines
}

fn fails(explore: &Explore, failing: &Failing, schedules: &[String]) -> Vec<String> {
    let schedule = &schedules[failing.schedule];
    let base = failing.base_rate;
    let rate =
        format!("{:.0} of 100 futures ({:.0} to {:.0})", base.value * 100.0, base.low * 100.0, base.high * 100.0);
    let bad = &failing.bad;
    let Some((step, held, _)) = failing.chosen.and_then(|chosen| failing.steps.get(chosen)) else {
        return vec![format!("\"{schedule}\": {bad} in {rate}, and no box was found")];
    };
    let rules: Vec<String> =
        factors(explore).iter().zip(&step.limits.0).flat_map(|((_, moved), limit)| rules(moved, limit)).collect();
    if rules.is_empty() {
        return vec![format!("\"{schedule}\": {bad} in {rate}, and no box is denser than the whole")];
    }
    let density = held.density().map_or_else(
        || "no future held out lies there".to_owned(),
        |density| format!("{:.0} of 100 where held out ({} futures)", density * 100.0, held.n),
    );
    vec![format!(
        "\"{schedule}\": {bad} in {rate}; where {} it is {:.0} of 100 where it was found, {density}",
        rules.join(" and "),
        step.density * 100.0
    )]
}

/// What a box asks of a factor, in its own words.
fn rules(moved: &Moved, limit: &Limit) -> Vec<String> {
    use brownout_explore::factor::Value;
    let name = &moved.factor.name;
    let end =
        |end: f64| if moved.is_date { shown(moved, Value::Whole(libm::round(end) as i64)) } else { value(end, "") };
    let low = limit.low.is_finite().then(|| format!("\"{name}\" is at least {}", end(limit.low)));
    let high = limit.high.is_finite().then(|| format!("\"{name}\" is at most {}", end(limit.high)));
    let without =
        limit.without.iter().map(|&at| format!("\"{name}\" is not {}", shown(moved, Value::Choice(at as usize))));
    low.into_iter().chain(high).chain(without).collect()
}
