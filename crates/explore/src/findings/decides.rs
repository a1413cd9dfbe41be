//! Which factors matter, and which decide.

use brownout_methods::design::Morris;
use brownout_methods::design::saltelli::Shape;
use brownout_methods::indices::{Scale, indices};
use brownout_methods::screening::{elementary_effects, screen};
use brownout_methods::stability::stability;

use super::{Explained, Findings, LEVEL, Screened, Values, means};
use crate::ExploreDraws;
use crate::file::{Explore, Of};
use crate::survey::SurveyPart;

/// Factors of which is said how sure it is that they are on top.
pub(super) const TOP: usize = 3;
/// Resamples behind that.
pub(super) const RESAMPLES: u64 = 1_000;

pub(super) fn screened(explore: &Explore, part: &SurveyPart, design: &Morris, values: &Values, found: &mut Findings) {
    let draws = ExploreDraws::new(explore.seed);
    for (index, outcome) in explore.outcomes.iter().enumerate() {
        for (schedule, points) in values.iter().enumerate() {
            let effects = means(points, index).and_then(|outputs| {
                let trajectories = outputs.chunks(design.factors() + 1).zip(0..);
                let effects = trajectories.map(|(outputs, number)| {
                    elementary_effects(&design.trajectory(&draws, number), design.levels(), outputs)
                });
                screen(&effects.collect::<Option<Vec<_>>>()?, LEVEL)
            });
            match effects {
                Some(effects) => found.screening.push(Screened { schedule, measure: outcome.measure, effects }),
                None => undefined(found, &part.aim.name(explore), outcome.measure.key()),
            }
        }
    }
}

pub(super) fn explained(explore: &Explore, shape: Shape, of: &[Of], values: &Values, found: &mut Findings) {
    for (index, outcome) in explore.outcomes.iter().enumerate() {
        let levels: Option<Vec<Vec<f64>>> = values.iter().map(|points| means(points, index)).collect();
        let Some(levels) = levels else {
            undefined(found, "sensitivity", outcome.measure.key());
            continue;
        };
        for is_difference in [false, true] {
            if !of.contains(if is_difference { &Of::Difference } else { &Of::Level }) {
                continue;
            }
            for schedule in usize::from(is_difference)..levels.len() {
                let level = &levels[schedule];
                let outputs: Vec<f64> = match is_difference {
                    true => level.iter().zip(&levels[0]).map(|(value, first)| value - first).collect(),
                    false => level.clone(),
                };
                for scale in [Scale::Value, Scale::Rank] {
                    let Some(made) = indices(shape, &outputs, scale, LEVEL) else { continue };
                    let scores: Vec<Vec<f64>> = made.scrambles.iter().map(|s| s.total.clone()).collect();
                    let draws = ExploreDraws::new(explore.seed);
                    let stability = stability(&draws, &scores, TOP.min(shape.columns), RESAMPLES);
                    let measure = outcome.measure;
                    let factors = made.factors;
                    found.indices.push(Explained { schedule, is_difference, measure, scale, factors, stability });
                }
            }
        }
    }
}

fn undefined(found: &mut Findings, part: &str, key: &str) {
    let note = format!("{part} says nothing of {key}: it is not defined at every point");
    if !found.notes.contains(&note) {
        found.notes.push(note);
    }
}
