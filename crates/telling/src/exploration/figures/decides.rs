//! What decides: the tornado and the screening.

use brownout_methods::indices::{Index, Scale};

use super::ranged;
use crate::exploration::Explored;
use crate::exploration::tables::{LUCK, names};
use crate::exploration::words::{factor, quoted, sure, told_difference};
use brownout_chart::{Figure, MuSigma, Screened, Tornado, TornadoPanel, TornadoRow};
use brownout_explore::findings::Explained;

/// Panels that one figure has room for, and bars of each.
const PANELS: usize = 3;
const BARS: usize = 9;

/// Total indices: of the sign of the difference to the rival where the choice can be wrong, else of the size of differences.
pub(super) fn tornado(explored: &Explored<'_>) -> Option<Figure> {
    let names = names(explored.explore);
    let mut panels = Vec::new();
    let mut notes = Vec::new();
    let mut first = None;
    for turning in &explored.found.turnings {
        let Some((factors, stability)) = &turning.sign else { continue };
        let key = explored.explore.outcomes[turning.outcome].measure.key();
        let (chosen, rival) = (&explored.schedules[turning.chosen], &explored.schedules[turning.rival]);
        let title = format!("{key}: which of {} and {} is better", quoted(chosen), quoted(rival));
        first.get_or_insert_with(|| (leading(factors, &names), "decides which schedule is better"));
        panels.push(TornadoPanel { title, rows: bars(factors, &names) });
        notes.extend(stability.as_ref().map(|stability| format!("{key}: {}.", sure(stability, &names).trim())));
    }
    // The difference that the choice is about comes first.
    let told = explored.found.choices.first().and_then(|choice| told_difference(explored.found, choice));
    let others = explored.found.indices.iter().filter(|explained| {
        let is_told = told.is_some_and(|told: &Explained| std::ptr::eq(told, *explained));
        explained.is_difference && is_rank(explained) && !is_told
    });
    for explained in told.into_iter().chain(others).take(PANELS.saturating_sub(panels.len())) {
        let key = explained.measure.key();
        let (schedule, base) = (&explored.schedules[explained.schedule], &explored.schedules[0]);
        let title = format!("{key}: how far {} lies from {}", quoted(schedule), quoted(base));
        first.get_or_insert_with(|| (leading(&explained.factors, &names), "decides most how large the difference is"));
        panels.push(TornadoPanel { title, rows: bars(&explained.factors, &names) });
    }
    let (leads, what) = first?;
    let title = match leads {
        leads if leads == LUCK => format!("Luck {what}: nobody can find that out"),
        leads => format!("{} {what}", factor(&leads)),
    };
    let subtitle = "Total Sobol' indices with 95 % intervals over scrambles, luck a factor of its own; of ranks where sizes are \
                    explained, of the sign where the better one is";
    panels.truncate(PANELS);
    let figure = Figure::new(title, subtitle, Tornado::new(panels));
    Some(notes.into_iter().take(2).fold(figure, Figure::note))
}

fn is_rank(explained: &Explained) -> bool {
    explained.scale == Scale::Rank
}

fn order(factors: &[Index]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..factors.len()).collect();
    order.sort_by(|&a, &b| factors[b].total.value.total_cmp(&factors[a].total.value).then(a.cmp(&b)));
    order
}

fn leading(factors: &[Index], names: &[String]) -> String {
    order(factors).first().map_or_else(String::new, |&at| names[at].clone())
}

/// The most deciding factors, and luck wherever it stands.
fn bars(factors: &[Index], names: &[String]) -> Vec<TornadoRow> {
    let luck = factors.len().saturating_sub(1);
    let shown = order(factors).into_iter().enumerate().filter(|&(index, at)| index < BARS || at == luck);
    let row = |(_, at): (usize, usize)| TornadoRow {
        name: names[at].clone(),
        total: ranged(factors[at].total),
        first: factors[at].first.value,
        is_luck: at == luck,
    };
    shown.map(row).collect()
}

/// The effects on the first outcome under the chosen schedule.
pub(super) fn screening(explored: &Explored<'_>) -> Option<Figure> {
    let first = explored.found.screening.first()?;
    let chosen = explored.found.choices.first().map_or(first.schedule, |choice| choice.chosen);
    let screened = explored
        .found
        .screening
        .iter()
        .find(|screened| screened.schedule == chosen && screened.measure == first.measure)
        .unwrap_or(first);
    let names = names(explored.explore);
    let factors: Vec<Screened> = screened
        .effects
        .iter()
        .zip(&names)
        .map(|(effect, name)| Screened { name: name.clone(), mu_star: ranged(effect.mu_star), sigma: effect.sigma })
        .collect();
    let most = factors.iter().max_by(|a, b| a.mu_star.0.total_cmp(&b.mu_star.0))?;
    let key = screened.measure.key();
    let title =
        format!("{} moves {key} most under {}", quoted(&most.name), quoted(&explored.schedules[screened.schedule]));
    let subtitle = "Morris screening: mean size of the elementary effects with its 95 % interval over trajectories, against \
                    their spread; all trajectories live the same luck";
    Some(Figure::new(title, subtitle, MuSigma::new(screened.measure.unit(), factors)))
}
