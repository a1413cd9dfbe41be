//! The mixture over groups, builds and diligence.

use super::Exact;
use super::cells::{Cell, Phase};
use super::rates::Rate;
use crate::policy::Ladder;
use crate::world::Diligence;

/// The normal density is left out beyond this many standard deviations: 10^-19 on each side.
const REACH: f64 = 9.0;

/// A stretch of one stage that does not cross the end of a day.
struct Stretch {
    stage: usize,
    days: f64,
    ends_day: bool,
}

/// The curves of all cells together; `None` if none of them is ever detected.
pub(super) fn curves(cells: &[Cell], ladder: &Ladder, days: usize, step: f64) -> Option<Exact> {
    let stretches = stretches(ladder, days);
    let mut survival = vec![0.0; days + 1];
    let mut incidence = vec![[0.0; 3]; days + 1];
    for cell in cells {
        for (diligence, share) in diligences(&cell.diligence, step) {
            let weight = cell.servers * share * detected(cell, diligence);
            survival[0] += weight;
            follow(cell, diligence, &stretches, |day, left, taken| {
                survival[day] += weight * left;
                (0..3).for_each(|route| incidence[day][route] += weight * taken[route]);
            });
        }
    }
    let all = Some(survival[0]).filter(|all| *all > 0.0)?;
    Some(Exact {
        days: (0..=days).map(|day| day as f64).collect(),
        survival: survival.iter().map(|sum| sum / all).collect(),
        incidence: incidence.iter().map(|sums| sums.map(|sum| sum / all)).collect(),
    })
}

/// The stages cut at the ends of whole days.
fn stretches(ladder: &Ladder, days: usize) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for day in 0..days {
        let (mut at, end) = (day as f64, (day + 1) as f64);
        let starts = (0..ladder.stages().len()).map(|stage| ladder.start_of(stage).days_f64());
        let mut cuts: Vec<f64> = starts.filter(|&start| start > at && start < end).collect();
        cuts.push(end);
        for cut in cuts {
            let stage = (0..ladder.stages().len()).rev().find(|&k| ladder.start_of(k).days_f64() <= at).unwrap_or(0);
            stretches.push(Stretch { stage, days: cut - at, ends_day: cut == end });
            at = cut;
        }
    }
    stretches
}

/// Tells `day_end` the share left and the shares taken by each route at the end of every day.
fn follow(cell: &Cell, diligence: f64, stretches: &[Stretch], mut day_end: impl FnMut(usize, f64, &[f64; 3])) {
    let (mut left, mut taken, mut day) = (1.0, [0.0; 3], 0);
    let hazards: Vec<[f64; 3]> = cell.stages.iter().map(|rates| rates.map(|rate| rate.at(diligence))).collect();
    for stretch in stretches {
        let by_route = hazards[stretch.stage];
        let hazard: f64 = by_route.iter().sum();
        let gone = left * -libm::expm1(-hazard * stretch.days);
        if hazard > 0.0 {
            (0..3).for_each(|route| taken[route] += gone * by_route[route] / hazard);
        }
        left -= gone;
        if stretch.ends_day {
            day += 1;
            day_end(day, left, &taken);
        }
    }
}

/// The probability that a server of this diligence is detected before it acts.
fn detected(cell: &Cell, diligence: f64) -> f64 {
    let used = |phase: &Phase| phase.rate.at(diligence) * phase.days;
    let mut left = libm::exp(-cell.before.iter().map(used).sum::<f64>());
    if cell.window.is_empty() {
        return left;
    }
    let (mut sum, mut days) = (0.0, 0.0);
    for phase in &cell.window {
        sum += left * mean_left(phase.rate, diligence, phase.days) * phase.days;
        left *= libm::exp(-used(phase));
        days += phase.days;
    }
    sum / days
}

/// The mean over a stretch of what is left of 1 at its beginning.
fn mean_left(rate: Rate, diligence: f64, days: f64) -> f64 {
    let used = rate.at(diligence) * days;
    if used > 0.0 { -libm::expm1(-used) / used } else { 1.0 }
}

/// Diligences with their shares: the atom of those that never act, and the trapezoidal sum over the lognormal rest.
fn diligences(rules: &Diligence, step: f64) -> Vec<(f64, f64)> {
    let mut points = vec![(0.0, rules.never_share)];
    if rules.sigma == 0.0 {
        points.push((1.0, 1.0 - rules.never_share));
    } else {
        let count = libm::round(REACH / step) as i32;
        let normal = (-count..=count).map(|i| f64::from(i) * step).map(|z| (z, libm::exp(-z * z / 2.0)));
        let total: f64 = normal.clone().map(|(_, density)| density).sum();
        points.extend(normal.map(|(z, density)| {
            let diligence = libm::exp(rules.sigma * z - rules.sigma * rules.sigma / 2.0);
            (diligence, (1.0 - rules.never_share) * density / total)
        }));
    }
    points.retain(|point| point.1 > 0.0);
    points
}
