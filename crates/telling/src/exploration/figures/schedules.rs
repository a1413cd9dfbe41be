//! Which schedule: the ranking matrix and the regrets.

use super::{role, roles};
use crate::exploration::Explored;
use crate::exploration::words::{parts_of_hundred, quoted, wish};
use brownout_chart::{Compared, Figure, Ranking, RankingPanel, Regret, RegretRow};
use brownout_explore::file::Wished;
use brownout_methods::robust::Pair;
use brownout_text::words::of_hundred;

/// Outcomes that one figure has room for.
const OUTCOMES: usize = 2;

pub(super) fn ranking(explored: &Explored<'_>) -> Option<Figure> {
    let choice = explored.found.choices.first()?;
    let [right, wrong, open] = parts_of_hundred(choice.of_chosen());
    let panels = explored.found.ranking.iter().take(OUTCOMES).map(|(wished, pairs)| panel(explored, wished, pairs));
    let title = format!(
        "{} is the right choice for {} in {right} of 100 futures, the wrong one in {wrong}; {open} do not tell",
        quoted(&explored.schedules[choice.chosen]),
        wish(&choice.wished)
    );
    let subtitle = format!(
        "Number: in how many of 100 futures the schedule of the row is clearly better than that of the column, \
         by the paired 95 % interval of {} replications; {} futures",
        explored.explore.futures.1, explored.explore.futures.0
    );
    Some(Figure::new(title, subtitle, Ranking::new(roles(explored), panels.collect())))
}

fn panel(explored: &Explored<'_>, wished: &Wished, pairs: &[Pair]) -> RankingPanel {
    let count = explored.schedules.len();
    let mut cells = vec![vec![None; count]; count];
    for pair in pairs {
        let [better, worse, _] = parts_of_hundred([pair.better, pair.worse, pair.cannot_be_told]).map(f64::from);
        cells[pair.first][pair.second] = Some(Compared { better, worse });
        cells[pair.second][pair.first] = Some(Compared { better: worse, worse: better });
    }
    RankingPanel { title: capital(&wish(wished)), cells }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn regret(explored: &Explored<'_>) -> Option<Figure> {
    let (measure, regrets) = explored.found.regret.first()?;
    let best = explored.found.chance_best.iter().find(|(other, _)| other == measure).map(|(_, judged)| judged);
    let row = |(schedule, regrets): (usize, &Vec<f64>)| {
        let note = best.map_or_else(String::new, |best| format!("best in {} of 100", of_hundred(best[schedule].value)));
        RegretRow { role: role(explored, schedule), regrets: regrets.clone(), note }
    };
    let rows: Vec<RegretRow> = regrets.iter().enumerate().map(row).collect();
    let mean = |row: &RegretRow| row.regrets.iter().sum::<f64>() / row.regrets.len().max(1) as f64;
    let least = rows.iter().min_by(|a, b| mean(a).total_cmp(&mean(b)))?;
    let wished = explored.explore.outcomes.iter().find(|wished| wished.measure == *measure)?;
    // The answer above asks for limits, this figure for one outcome alone: who reads both must not take them for the same.
    let (aside, unasked) = match explored.explore.outcomes.iter().any(|outcome| outcome.limit.is_some()) {
        true => ("Limits left aside, ", "; whether limits are kept is not asked here"),
        false => ("", ""),
    };
    let title =
        format!("{aside}{} is regretted least on average, if you wish {}", quoted(&least.role.name), wish(wished));
    let subtitle = format!(
        "Regret: how much better the best schedule of each future would have been; chosen on one half of the \
         replications, measured on the other, so noise may bring it below 0{unasked}"
    );
    Some(Figure::new(title, subtitle, Regret::new(format!("regret ({})", measure.unit()), rows)))
}
