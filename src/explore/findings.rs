//! What the points of an exploration say: which schedule, what decides, where it fails.

mod decides;
mod fails;
mod schedules;

use brownout_explore::discovery::Counts;
use brownout_explore::discovery::prim;
use brownout_explore::indices::{Index, Scale};
use brownout_explore::interval::Interval;
use brownout_explore::robust::{Judged, Pair};
use brownout_explore::screening::Effect;
use brownout_explore::stability::Stability;

use super::file::{Explore, Wished};
use super::survey::{Aim, Part};
use crate::experiment::Measure;

/// Confidence of all intervals.
pub const LEVEL: f64 = 0.95;

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// By schedule and outcome: the effect of each factor.
    pub screening: Vec<Screened>,
    /// Indices of levels and differences.
    pub indices: Vec<Explained>,
    /// Pairs of schedules by outcome.
    pub ranking: Vec<(Wished, Vec<Pair>)>,
    /// Schedules by criterion and outcome.
    pub judged: Vec<Criterion>,
    /// Chance of being the best, by outcome and schedule.
    pub chance_best: Vec<(Measure, Vec<Judged>)>,
    /// Regret by outcome, schedule and future.
    pub regret: Vec<(Measure, Vec<Vec<f64>>)>,
    /// Where schedules fail.
    pub boxes: Vec<Failing>,
    /// What could not be said, and why.
    pub notes: Vec<String>,
}

/// The effects of all factors on an outcome of a schedule.
#[derive(Clone, Debug)]
pub struct Screened {
    /// The schedule, from 0.
    pub schedule: usize,
    /// The outcome.
    pub measure: Measure,
    /// One for each factor.
    pub effects: Vec<Effect>,
}

/// The indices of one output.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The schedule, from 0.
    pub schedule: usize,
    /// Whether the difference to the first schedule is explained, and not the level.
    pub is_difference: bool,
    /// The outcome.
    pub measure: Measure,
    /// On which scale.
    pub scale: Scale,
    /// One for each factor, luck last.
    pub factors: Vec<Index>,
    /// How sure the ranking of the first factors is.
    pub stability: Option<Stability>,
}

/// What a criterion says of all schedules.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its name in tables.
    pub name: String,
    /// The outcome.
    pub measure: Measure,
    /// One for each schedule.
    pub judged: Vec<Judged>,
}

/// The boxes of one schedule, and how far the chosen one can be trusted.
#[derive(Clone, Debug)]
pub struct Failing {
    /// The schedule, from 0.
    pub schedule: usize,
    /// What is bad, in words.
    pub bad: String,
    /// Share of all futures that are bad, with its interval.
    pub base_rate: Interval,
    /// The boxes found, each with the counts of the futures held out and of the bad ones among these.
    pub steps: Vec<(prim::Step, Counts, usize)>,
    /// Which of them is the balanced one; `None` if nothing is bad in the half that was searched.
    pub chosen: Option<usize>,
    /// By factor: quasi-p value.
    pub quasi_p: Vec<Option<f64>>,
    /// By factor: share of random halves that restrict it.
    pub reproduced: Vec<f64>,
}

/// Values of a part by schedule, point, replication and measure.
type Values = Vec<Vec<Vec<Vec<Option<f64>>>>>;

/// What the points say.
pub fn findings(explore: &Explore, parts: &[Part], schedules: usize) -> Findings {
    let mut found = Findings::default();
    for part in parts {
        let values = match values(part, schedules) {
            Ok(values) => values,
            Err(note) => {
                found.notes.push(note);
                continue;
            }
        };
        match &part.aim {
            Aim::Screen(design) => decides::screened(explore, part, design, &values, &mut found),
            Aim::Indices(shape, of) => decides::explained(explore, *shape, of, &values, &mut found),
            Aim::Futures => {
                schedules::compared(explore, &values, &mut found);
                fails::boxes(explore, part, &values, &mut found);
            }
        }
    }
    found
}

/// The values of a part, or why it cannot be used: a point without a study would bend every share.
fn values(part: &Part, schedules: usize) -> Result<Values, String> {
    let name = part.aim.name();
    let rows = part.table.complete().ok_or_else(|| format!("the points of {name} are not all lived"))?;
    let failed: Vec<&String> = rows.iter().filter_map(|row| row.outcome.as_ref().err()).collect();
    if let Some(first) = failed.first() {
        return Err(format!("{name} is left out: {} of {} points have no study ({first})", failed.len(), rows.len()));
    }
    let mut values: Values = vec![Vec::with_capacity(rows.len()); schedules];
    for row in rows {
        for (schedule, lived) in row.outcome.iter().flatten().enumerate() {
            values[schedule].push(lived.clone());
        }
    }
    Ok(values)
}

/// The mean over replications at each point; `None` if it is not defined everywhere.
fn means(points: &[Vec<Vec<Option<f64>>>], measure: usize) -> Option<Vec<f64>> {
    let mean = |point: &Vec<Vec<Option<f64>>>| {
        let values = point.iter().map(|values| values[measure]).collect::<Option<Vec<f64>>>()?;
        Some(values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64)
    };
    points.iter().map(mean).collect()
}
