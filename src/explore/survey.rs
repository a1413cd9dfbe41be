//! All the points that an exploration asks for, part by part.

use brownout_explore::design::saltelli::Shape;
use brownout_explore::design::{LatinHypercube, Morris, Row as DesignRow, Saltelli};
use brownout_explore::factor::{Factor, values};

use super::ExploreDraws;
use super::file::{Explore, Of, Step};
use super::points::{Point, Question, Table};
use super::template::factors;
use crate::experiment::Measure;

/// What a part of the points is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Aim {
    /// Which factors matter at all.
    Screen(Morris),
    /// Which factors decide, luck being one of them.
    Indices(Shape, Vec<Of>),
    /// Which schedule, and where it fails.
    Futures,
}

impl Aim {
    /// The name of the part in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Aim::Screen(_) => "screen",
            Aim::Indices(..) => "sensitivity",
            Aim::Futures => "futures",
        }
    }
}

/// Points of one design.
#[derive(Clone, Debug)]
pub struct Part {
    /// What they are for.
    pub aim: Aim,
    /// The rows of the design, in order.
    pub rows: Vec<DesignRow>,
    /// The points, with what is known of them.
    pub table: Table,
    /// What is asked of each.
    pub question: Question,
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
pub fn parts(explore: &Explore) -> Vec<Part> {
    let draws = ExploreDraws::new(explore.seed);
    let factors: Vec<Factor> = factors(explore).into_iter().map(|(_, moved)| moved.factor.clone()).collect();
    let part = |aim: Aim, rows: Vec<DesignRow>, replications: u32| {
        let point = |row: &DesignRow| Point { values: values(&factors, &row.units), block: row.block };
        let table = Table::new(rows.iter().map(point).collect());
        let question = Question { replications, tenants: explore.tenants, measures: measures(explore) };
        Part { aim, rows, table, question }
    };
    let mut parts = Vec::new();
    for step in &explore.steps {
        match step {
            Step::Screen(screening) => {
                if let Ok(design) = Morris::new(factors.len(), screening.trajectories, screening.levels) {
                    let rows = (0..design.rows()).map(|number| design.row(&draws, number)).collect();
                    parts.push(part(Aim::Screen(design), rows, explore.replications));
                }
            }
            Step::Sensitivity { base, scrambles, of } => {
                if let Ok(design) = Saltelli::new(&draws, factors.len(), *base, *scrambles, true) {
                    let rows = (0..design.rows()).map(|number| design.row(number)).collect();
                    parts.push(part(Aim::Indices(design.shape(), of.clone()), rows, explore.replications));
                }
            }
            Step::Discover { .. } | Step::Robust(_) | Step::Search { .. } => {}
        }
    }
    let (futures, replications) = explore.futures;
    if let Ok(design) = LatinHypercube::new(&draws, factors.len(), futures) {
        let rows = (0..design.rows()).map(|number| design.row(&draws, number)).collect();
        parts.push(part(Aim::Futures, rows, replications));
    }
    parts
}

/// How many points a part lives: equal ones once.
pub fn lived_points(part: &Part) -> usize {
    part.table.missing(0..part.rows.len()).len()
}
