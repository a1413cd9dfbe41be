//! What the points of an exploration say: which schedule, what decides, where it fails.

mod choice;
mod decides;
mod fails;
mod schedules;
mod spans;
mod turning;

use brownout_methods::discovery::Counts;
use brownout_methods::discovery::prim;
use brownout_methods::indices::{Index, Scale};
use brownout_methods::interval::Interval;
use brownout_methods::robust::{Judged, Pair};
use brownout_methods::screening::Effect;
use brownout_methods::stability::Stability;

pub use choice::{Choice, Ruling};
pub use spans::OutcomeRange;
pub use turning::{Cut, Turning};

use super::file::{Explore, Wished};
use super::search::Searched;
use super::select::Selected;
use super::survey::{Aim, SurveyPart};
use brownout_experiment::Measure;

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
    /// Which schedule to choose, by outcome.
    pub choices: Vec<Choice>,
    /// What turns these choices.
    pub turnings: Vec<Turning>,
    /// How far luck and ignorance leave each number open.
    pub spans: Vec<OutcomeRange>,
    /// How the choices fare under each structure.
    pub structures: Vec<Structured>,
    /// Where schedules fail.
    pub boxes: Vec<Failing>,
    /// What searches over the levers found.
    pub searches: Vec<Searched>,
    /// What selections among the schedules came to.
    pub selections: Vec<Selected>,
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

/// What the same futures say under a structure.
#[derive(Clone, Debug)]
pub struct Structured {
    /// Which structure, by its index.
    pub structure: usize,
    /// Which schedule would be chosen there, by outcome, and the shares of all schedules.
    pub choices: Vec<Choice>,
}

/// The boxes of one schedule, and how far the chosen one can be trusted.
#[derive(Clone, Debug)]
pub struct Failing {
    /// The schedule, from 0.
    pub schedule: usize,
    /// What is bad, as the file says it.
    pub bad: String,
    /// The same in words.
    pub said: String,
    /// Share of all futures that are bad, with its interval.
    pub base_rate: Interval,
    /// The boxes found, each with the counts of the futures held out and of the bad ones among these.
    pub steps: Vec<(prim::Step, Counts, usize)>,
    /// Which of them is the balanced one; `None` if nothing is bad in the half that was searched.
    pub chosen: Option<usize>,
    /// The balanced box without the limits that may be luck; `None` if there is no balanced one.
    pub told: Option<BoxFinding>,
    /// By factor: quasi-p value in the balanced box.
    pub quasi_p: Vec<Option<f64>>,
    /// By factor: share of random halves that restrict it.
    pub reproduced: Vec<f64>,
}

/// A box as it is told: the balanced one, freed of every limit with a quasi-p value above 0.05.
#[derive(Clone, Debug)]
pub struct BoxFinding {
    /// Its limits.
    pub limits: brownout_methods::discovery::Limits,
    /// The futures in it of the half that was searched.
    pub found: Counts,
    /// The futures in it of the half that was held out.
    pub held: Counts,
    /// Share of the held-out futures in it that are bad, with its 95 % interval; `None` if none lies there.
    pub density: Option<Interval>,
    /// Whether it is restricted, and surely denser where it was held out than all futures are.
    pub holds: bool,
}

/// Values of a part by schedule, point, replication and measure.
type Values = Vec<Vec<Vec<Vec<Option<f64>>>>>;

/// What the points say.
pub fn findings(explore: &Explore, parts: &[SurveyPart], schedules: usize) -> Findings {
    let mut found = Findings::default();
    let mut sensitive = Vec::new();
    for part in parts {
        let values = match values(explore, part, schedules) {
            Ok(values) => values,
            Err(note) => {
                found.notes.push(note);
                continue;
            }
        };
        match &part.aim {
            Aim::Screen(design) => decides::screened(explore, part, design, &values, &mut found),
            Aim::Indices(shape, of) => {
                decides::explained(explore, *shape, of, &values, &mut found);
                sensitive.push((*shape, values));
            }
            Aim::Futures => {
                schedules::compared(explore, &values, &mut found);
                found.spans = spans::spans(explore, &values);
                found.choices = choice::choices(explore, &values);
                let turning = |choice: &Choice| turning::turning(explore, part, &values, choice);
                found.turnings = found.choices.iter().filter_map(turning).collect();
                fails::boxes(explore, part, &values, &mut found);
            }
            Aim::Structure(structure) => {
                let choices = choice::choices(explore, &values);
                found.structures.push(Structured { structure: *structure, choices });
            }
        }
    }
    if let Some((shape, values)) = sensitive.first() {
        for turning in &mut found.turnings {
            turning.sign = turning::sign(explore, *shape, values, turning);
        }
    }
    found
}

/// The values of a part, or why it cannot be used: a point without a study would bend every share.
fn values(explore: &Explore, part: &SurveyPart, schedules: usize) -> Result<Values, String> {
    let name = part.aim.name(explore);
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
