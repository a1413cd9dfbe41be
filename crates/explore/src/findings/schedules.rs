//! Which schedule: in how many futures it is better, and what choosing it wrongly costs.

use brownout_methods::robust::{Criterion as By, Outcomes, judge, ranking_matrix, table};

use super::{Criterion, Findings, LEVEL, Values};
use crate::file::{self, Explore, Step, Wished};

pub(super) fn compared(explore: &Explore, values: &Values, found: &mut Findings) {
    for (index, wished) in explore.outcomes.iter().enumerate() {
        let measure = wished.measure;
        let Some(outcomes) = outcomes(values, index, *wished) else {
            found
                .notes
                .push(format!("schedules are not compared by {}: it is not defined in every future", measure.key()));
            continue;
        };
        if let Some(pairs) = ranking_matrix(&outcomes, LEVEL) {
            found.ranking.push((*wished, pairs));
        }
        if let Ok(judged) = judge(&outcomes, By::ChanceBest, LEVEL) {
            found.chance_best.push((measure, judged));
        }
        for criterion in
            explore.steps.iter().filter_map(|step| if let Step::Robust(by) = step { Some(by) } else { None })
        {
            for (name, by) in criterion.iter().flat_map(|criterion| names(*criterion, wished)) {
                if let Ok(judged) = judge(&outcomes, by, LEVEL) {
                    found.judged.push(Criterion { name, measure, judged });
                }
            }
        }
        found.regret.push((measure, regret(values, index, wished)));
    }
}

fn outcomes(values: &Values, index: usize, wished: Wished) -> Option<Outcomes> {
    let replications = |point: &Vec<Vec<Option<f64>>>| point.iter().map(|values| values[index]).collect();
    let schedule = |points: &Vec<Vec<Vec<Option<f64>>>>| points.iter().map(replications).collect();
    let all: Option<Vec<Vec<Vec<f64>>>> = values.iter().map(schedule).collect();
    Outcomes::new(all?, wished.wish).ok()
}

/// The criteria that a word of the file means, with their names in tables.
fn names(criterion: file::Criterion, wished: &Wished) -> Vec<(String, By)> {
    match criterion {
        file::Criterion::Mean => vec![("mean".to_owned(), By::Mean)],
        file::Criterion::Regret => {
            vec![("mean regret".to_owned(), By::MeanRegret), ("greatest regret".to_owned(), By::GreatestRegret)]
        }
        file::Criterion::Worst(share) => vec![(format!("worst {share}"), By::Worst(share))],
        file::Criterion::Satisfice => {
            wished.limit.map(|limit| (format!("keeps to {limit}"), By::Satisfice(limit))).into_iter().collect()
        }
        file::Criterion::ChanceBest => vec![("chance of being best".to_owned(), By::ChanceBest)],
    }
}

/// Regret by schedule and future: the best schedule is chosen on one half of the replications and measured on the other, both
/// ways, and the mean taken. So it may lie a little below 0.
fn regret(values: &Values, index: usize, wished: &Wished) -> Vec<Vec<f64>> {
    let sign = if wished.wish == brownout_methods::robust::Direction::Less { 1.0 } else { -1.0 };
    let replications = values[0].first().map_or(0, Vec::len);
    let half = |range: std::ops::Range<usize>| -> Vec<Vec<f64>> {
        let mean = |point: &Vec<Vec<Option<f64>>>| {
            let chosen = &point[range.clone()];
            let sum = chosen.iter().fold(0.0, |sum, values| sum + values[index].unwrap_or(0.0));
            sign * sum / chosen.len().max(1) as f64
        };
        values.iter().map(|points| points.iter().map(mean).collect()).collect()
    };
    let halves = [half(0..replications / 2), half(replications / 2..replications)];
    let of = |schedule: usize, future: usize| {
        let one = |chosen: &Vec<Vec<f64>>, measured: &Vec<Vec<f64>>| {
            measured[schedule][future] - measured[table::best(chosen, future)][future]
        };
        (one(&halves[0], &halves[1]) + one(&halves[1], &halves[0])) / 2.0
    };
    (0..values.len()).map(|schedule| (0..values[0].len()).map(|future| of(schedule, future)).collect()).collect()
}
