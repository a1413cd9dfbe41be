//! All the points that an exploration asks for, part by part.

use brownout_methods::design::saltelli::Shape;
use brownout_methods::design::{DesignRow, LatinHypercube, Morris, Saltelli};
use brownout_methods::factor::Value;

use super::ExploreDraws;
use super::file::{Explore, Of, Step};
use super::points::{Point, PointQuestion, PointTable};
use brownout_experiment::Measure;

/// What a part of the points is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Aim {
    /// Which factors matter at all.
    Screen(Morris),
    /// Which factors decide, luck being one of them.
    Indices(Shape, Vec<Of>),
    /// Which schedule, and where it fails.
    Futures,
    /// The same futures under a structure.
    Structure(usize),
}

impl Aim {
    /// The name of the part in tables.
    pub fn name(&self, explore: &Explore) -> String {
        match self {
            Aim::Screen(_) => "screen".to_owned(),
            Aim::Indices(..) => "sensitivity".to_owned(),
            Aim::Futures => "futures".to_owned(),
            Aim::Structure(at) => format!("futures under {}", explore.structures[*at]),
        }
    }
}

/// Points of one design.
#[derive(Clone, Debug)]
pub struct SurveyPart {
    /// What they are for.
    pub aim: Aim,
    /// The rows of the design, in order.
    pub rows: Vec<DesignRow>,
    /// The points, with what is known of them.
    pub table: PointTable,
    /// What is asked of each.
    pub question: PointQuestion,
}

/// Which measures are read at every point: the outcomes, then what else is called bad.
pub fn measures(explore: &Explore) -> Vec<Measure> {
    let mut measures: Vec<Measure> = explore.outcomes.iter().map(|outcome| outcome.measure).collect();
    for step in &explore.steps {
        if let Step::Discover { bad, .. } = step
            && !measures.contains(&bad.measure)
        {
            measures.push(bad.measure);
        }
    }
    measures
}

/// The parts of an exploration. Which schedule is better is always asked: without that there is no answer.
///
/// Schedules stand as the study has them: levers are moved by a search alone.
pub fn parts(explore: &Explore) -> Vec<SurveyPart> {
    let draws = ExploreDraws::new(explore.seed);
    let count = explore.unknowns.len();
    let mut parts = Vec::new();
    for step in &explore.steps {
        match step {
            Step::Screen(screening) => {
                if let Ok(design) = Morris::new(count, screening.trajectories, screening.levels) {
                    let rows = (0..design.rows()).map(|number| design.row(&draws, number)).collect();
                    parts.push(part(explore, Aim::Screen(design), rows, explore.replications));
                }
            }
            Step::Sensitivity { base, scrambles, of } => {
                if let Ok(design) = Saltelli::new(&draws, count, *base, *scrambles, true) {
                    let rows = (0..design.rows()).map(|number| design.row(number)).collect();
                    parts.push(part(explore, Aim::Indices(design.shape(), of.clone()), rows, explore.replications));
                }
            }
            Step::Discover { .. } | Step::Robust(_) | Step::Search(_) | Step::Select(_) => {}
        }
    }
    let (futures, replications) = explore.futures;
    // Without unknowns a future is luck alone: the design of one factor that nobody reads.
    if let Ok(design) = LatinHypercube::new(&draws, count.max(1), futures) {
        let rows: Vec<DesignRow> = (0..design.rows()).map(|number| design.row(&draws, number)).collect();
        parts.push(part(explore, Aim::Futures, rows.clone(), replications));
        for at in 0..explore.structures.len() {
            parts.push(part(explore, Aim::Structure(at), rows.clone(), replications));
        }
    }
    parts
}

fn part(explore: &Explore, aim: Aim, rows: Vec<DesignRow>, replications: u32) -> SurveyPart {
    let structure = if let Aim::Structure(at) = aim { Some(at) } else { None };
    let kept = vec![Value::Kept; explore.levers.len()];
    let point = |row: &DesignRow| Point { values: at(explore, &kept, &row.units, structure), block: row.block };
    let table = PointTable::new(rows.iter().map(point).collect());
    let question = PointQuestion { replications, tenants: explore.tenants, measures: measures(explore) };
    SurveyPart { aim, rows, table, question }
}

/// All values of a point: those of the levers, the unknowns at their shares, and the structure where the file names any.
pub fn at(explore: &Explore, levers: &[Value], units: &[f64], structure: Option<usize>) -> Vec<Value> {
    let unknowns = explore.unknowns.iter().zip(units).map(|(moved, &unit)| moved.factor.distribution.value(unit));
    let structure = (!explore.structures.is_empty()).then(|| structure.map_or(Value::Kept, Value::Choice));
    levers.iter().copied().chain(unknowns).chain(structure).collect()
}

/// How many points a part lives: equal ones once.
pub fn lived_points(part: &SurveyPart) -> usize {
    part.table.missing(0..part.rows.len()).len()
}
