//! The mixture over groups, builds and diligence, in continuous time and as a simulation counts it that rounds to seconds.

use super::cells::{Phase, Stratum};
use super::{Curves, Exact};
use brownout_kernel::policy::Ladder;
use brownout_kernel::time::{DAY_SECONDS, SimDuration, SimTime};
use brownout_kernel::world::{Diligence, PerRoute, Route};

/// The normal density is left out beyond this many standard deviations: 10^-19 on each side.
const REACH: f64 = 9.0;

/// A stretch of one stage that does not cross the end of a day.
struct LadderSpan {
    stage: usize,
    days: f64,
    ends_day: bool,
}

/// How durations are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// To any precision.
    Continuous,
    /// Rounded to the nearest second (MODEL 1).
    Seconds,
}

impl Clock {
    /// How far a time may be moved by rounding, in days.
    fn reach(self) -> f64 {
        match self {
            Clock::Continuous => 0.0,
            Clock::Seconds => 0.5 / DAY_SECONDS as f64,
        }
    }
}

/// The curves of all cells together; `None` if none of them is ever detected.
pub fn curves(cells: &[Stratum], ladder: &Ladder, days: usize, horizon: SimTime, step: f64) -> Option<Exact> {
    let by = |clock| by_clock(cells, ladder, days, horizon, step, clock);
    let Curves { survival, incidence } = by(Clock::Continuous)?;
    let counted = by(Clock::Seconds)?;
    Some(Exact { days: (0..=days).map(|day| day as f64).collect(), survival, incidence, counted })
}

fn by_clock(
    cells: &[Stratum],
    ladder: &Ladder,
    days: usize,
    horizon: SimTime,
    step: f64,
    clock: Clock,
) -> Option<Curves> {
    let stretches = stretches(ladder, days);
    let mut survival = vec![0.0; days + 1];
    let mut incidence = vec![PerRoute::<f64>::default(); days + 1];
    let mut all = 0.0;
    for cell in cells {
        // What is rounded to the horizon is not lived any more. Where detections are spread, that touches nobody in particular.
        let end = cell.latest + SimDuration::from_days(days as i64);
        let cut = cell.window.is_empty() && end == horizon;
        for (diligence, share) in diligences(&cell.diligence, step) {
            let found = Detected::of(cell, diligence, clock);
            let weight = cell.servers * share * found.share;
            all += weight;
            follow(cell, diligence, &found, &stretches, clock, |day, by_end, rounded| {
                let state = if cut && day == days && clock == Clock::Seconds { by_end } else { rounded };
                survival[day] += weight * state.left;
                Route::ALL.into_iter().for_each(|route| incidence[day][route] += weight * state.taken[route]);
            });
        }
    }
    let all = Some(all).filter(|all| *all > 0.0)?;
    let survival = survival.iter().map(|sum| sum / all).collect();
    Some(Curves { survival, incidence: incidence.iter().map(|sums| sums.map(|sum| sum / all)).collect() })
}

/// The stages cut at the ends of whole days.
fn stretches(ladder: &Ladder, days: usize) -> Vec<LadderSpan> {
    let mut stretches = Vec::new();
    for day in 0..days {
        let (mut at, end) = (day as f64, (day + 1) as f64);
        let starts = (0..ladder.stages().len()).map(|stage| ladder.start_of(stage).days_f64());
        let mut cuts: Vec<f64> = starts.filter(|&start| start > at && start < end).collect();
        cuts.push(end);
        for cut in cuts {
            let stage = (0..ladder.stages().len()).rev().find(|&k| ladder.start_of(k).days_f64() <= at).unwrap_or(0);
            stretches.push(LadderSpan { stage, days: cut - at, ends_day: cut == end });
            at = cut;
        }
    }
    stretches
}

/// Tells `day_end` for the end of every day how things stand half a rounding before it, and by it, decisions rounded into the day
/// included: those behind its end fall at the hazards of the stage that holds then.
fn follow(
    cell: &Stratum,
    diligence: f64,
    found: &Detected,
    stretches: &[LadderSpan],
    clock: Clock,
    mut day_end: impl FnMut(usize, State, State),
) {
    let hazards: Vec<PerRoute<f64>> = cell.stages.iter().map(|rates| rates.map(|rate| rate.at(diligence))).collect();
    let reach = clock.reach();
    let (mut state, mut day) = (found.state, 0);
    day_end(0, state, state.after(&hazards[0], reach));
    for (index, stretch) in stretches.iter().enumerate() {
        state = state.after(&hazards[stretch.stage], stretch.days);
        if stretch.ends_day {
            day += 1;
            let next = stretches.get(index + 1).map_or(stretch.stage, |next| next.stage);
            day_end(day, state.after(&hazards[stretch.stage], -reach), state.after(&hazards[next], reach));
        }
    }
}

/// The share left and the shares taken by each route.
#[derive(Clone, Copy)]
struct State {
    left: f64,
    taken: PerRoute<f64>,
}

impl State {
    fn after(self, hazards: &PerRoute<f64>, days: f64) -> State {
        let hazard: f64 = hazards.iter().sum();
        let gone = self.left * -libm::expm1(-hazard * days);
        let share = |route: Route| if hazard > 0.0 { gone * hazards[route] / hazard } else { 0.0 };
        State { left: self.left - gone, taken: PerRoute::from_fn(|route| self.taken[route] + share(route)) }
    }
}

/// Servers of one diligence that are detected.
struct Detected {
    /// The probability that one is detected.
    share: f64,
    /// How they stand at that instant: whoever decides in the half second before is rounded to the second of detection, which
    /// comes first, so the server counts as detected and is remediated at once.
    state: State,
}

impl Detected {
    fn of(cell: &Stratum, diligence: f64, clock: Clock) -> Self {
        let used = |phase: &Phase| phase.hazard(diligence) * phase.days;
        let mut left = libm::exp(-cell.before.iter().map(used).sum::<f64>());
        // By the phase that detection falls into: its share of all, and its hazards.
        let mut parts: Vec<(f64, PerRoute<f64>)> = Vec::new();
        let hazards = |phase: &Phase| phase.rates.map(|rate| rate.at(diligence));
        let all_days: f64 = cell.window.iter().map(|phase| phase.days).sum();
        for phase in &cell.window {
            let mean_left = if used(phase) > 0.0 { -libm::expm1(-used(phase)) / used(phase) } else { 1.0 };
            parts.push((left * mean_left * phase.days / all_days, hazards(phase)));
            left *= libm::exp(-used(phase));
        }
        if cell.window.is_empty() {
            parts.push((left, cell.before.last().map_or(PerRoute::default(), hazards)));
        }
        let mut found = Detected { share: 0.0, state: State { left: 0.0, taken: PerRoute::default() } };
        for (left, hazards) in parts {
            let before = left * libm::exp(hazards.iter().sum::<f64>() * clock.reach());
            let state = State { left: before, taken: PerRoute::default() }.after(&hazards, clock.reach());
            found.share += before;
            found.state.left += state.left;
            Route::ALL.into_iter().for_each(|route| found.state.taken[route] += state.taken[route]);
        }
        if found.share > 0.0 {
            found.state.left /= found.share;
            found.state.taken = found.state.taken.map(|taken| taken / found.share);
        }
        found
    }
}

/// Diligences with their shares: the atom of those that never act, and the trapezoidal sum over the lognormal rest.
fn diligences(rules: &Diligence, step: f64) -> Vec<(f64, f64)> {
    let mut points = vec![(0.0, rules.never_share())];
    if rules.sigma() == 0.0 {
        points.push((1.0, 1.0 - rules.never_share()));
    } else {
        let count = libm::round(REACH / step) as i32;
        let normal = (-count..=count).map(|i| f64::from(i) * step).map(|z| (z, libm::exp(-z * z / 2.0)));
        let total: f64 = normal.clone().map(|(_, density)| density).sum();
        points.extend(normal.map(|(z, density)| {
            let diligence = libm::exp(rules.sigma() * z - rules.sigma() * rules.sigma() / 2.0);
            (diligence, (1.0 - rules.never_share()) * density / total)
        }));
    }
    points.retain(|point| point.1 > 0.0);
    points
}
