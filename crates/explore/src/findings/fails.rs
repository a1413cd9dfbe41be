//! Where schedules fail: boxes found in one part of the futures, tried on the part that was held out.

use brownout_methods::discovery::{Cases, FactorKind, Limits, prim, trust};
use brownout_methods::interval::share_interval;

use super::{BoxFinding, Failing, Findings, LEVEL, Values, means};
use crate::ExploreDraws;
use crate::file::{Explore, Limit, Moved, Step};
use crate::survey::{SurveyPart, measures};
use crate::template::unknowns;

/// Random halves in which the limits of a box are looked for again.
const HALVES: u64 = 20;

/// A limit with a greater quasi-p value may be luck; usual (Bryant and Lempert 2010).
const QUASI_P_MAX: f64 = 0.05;

pub(super) fn boxes(explore: &Explore, part: &SurveyPart, values: &Values, found: &mut Findings) {
    for step in &explore.steps {
        let Step::Discover { bad, by, hold_out } = step else { continue };
        let Some(index) = measures(explore).iter().position(|measure| *measure == bad.measure) else { continue };
        for (schedule, points) in values.iter().enumerate() {
            match means(points, index).and_then(|outputs| failing(explore, part, &outputs, bad, *by, *hold_out)) {
                Some(failing) => found.boxes.push(Failing { schedule, ..failing }),
                None => found
                    .notes
                    .push(format!("no box is looked for: {} is not defined in every future", bad.measure.key())),
            }
        }
    }
}

fn failing(
    explore: &Explore,
    part: &SurveyPart,
    outputs: &[f64],
    bad: &Limit,
    by: prim::Options,
    hold_out: f64,
) -> Option<Failing> {
    let draws = ExploreDraws::new(explore.seed);
    let columns = columns(explore, part);
    let cases = Cases::new(columns, outputs.iter().map(|&value| bad.is_beyond(value)).collect()).ok()?;
    let (searched, held) = cases.split(&draws, hold_out)?;
    let steps = prim::trajectory(&searched, by).ok()?.unwrap_or_default();
    let chosen = prim::balanced(&steps).and_then(|best| steps.iter().position(|step| step == best));
    let limits = chosen.map(|chosen| &steps[chosen].limits);
    let quasi_p = limits.map_or_else(Vec::new, |limits| trust::quasi_p(&searched, limits));
    let base_rate = share_interval(cases.of_interest(), cases.points(), LEVEL)?;
    let told = limits.map(|limits| told(limits, &searched, &held, base_rate.value));
    let reproduced = trust::reproduced(&draws, &searched, by, HALVES).ok()?.unwrap_or_default();
    let with_held = |step: prim::Step| {
        let counts = held.within(&step.limits);
        (step, counts, held.of_interest())
    };
    let sign = if bad.above { ">" } else { "<" };
    let equal = if bad.inclusive { "=" } else { "" };
    let beyond = if bad.above { "above" } else { "below" };
    Some(Failing {
        schedule: 0,
        said: format!("{} {beyond} {}", bad.measure.key(), brownout_text::numbers::value(bad.limit, "")),
        bad: format!("{} {sign}{equal} {}", bad.measure.key(), bad.limit),
        base_rate,
        steps: steps.into_iter().map(with_held).collect(),
        chosen,
        told,
        quasi_p,
        reproduced,
    })
}

/// A box freed of the limits that may be luck, and whether it is denser than the whole where it was held out.
fn told(limits: &Limits, searched: &Cases, held: &Cases, base_rate: f64) -> BoxFinding {
    let limits = trust::kept(searched, limits, QUASI_P_MAX);
    let (found, held) = (searched.within(&limits), held.within(&limits));
    let density = share_interval(held.k, held.n, LEVEL).filter(|_| held.n > 0);
    let holds = !limits.restricted().is_empty() && density.is_some_and(|density| density.low > base_rate);
    BoxFinding { limits, found, held, density, holds }
}

/// The values of each unknown at the points of a part, and how they may be cut.
pub(super) fn columns(explore: &Explore, part: &SurveyPart) -> Vec<(FactorKind, Vec<f64>)> {
    let column = |(at, (_, moved)): (usize, (String, &Moved))| {
        let kind = if moved.factor.distribution.is_choice() { FactorKind::Choice } else { FactorKind::Ordered };
        let at = explore.levers.len() + at;
        (kind, part.table.points().iter().map(|point| point.values[at].number()).collect())
    };
    unknowns(explore).into_iter().enumerate().map(column).collect()
}
