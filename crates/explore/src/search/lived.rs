//! Points of candidates in futures of their own, lived and put in order.

use std::ops::Range;

use brownout_methods::factor::Value;

use super::SearchFault;
use crate::adaptive::Lives;
use crate::file::Explore;
use crate::points::{Point, PointQuestion, PointTable, Template};
use crate::survey::{at, measures};
use brownout_experiment::study::{Scenarios, Study};

/// A template of which some schedules are lived, in the order in which they are named.
pub(crate) struct Chosen<'a> {
    pub(crate) template: &'a dyn Template,
    pub(crate) schedules: Vec<usize>,
}

impl Template for Chosen<'_> {
    fn study_at(&self, values: &[Value]) -> Result<Study, String> {
        let mut study = self.template.study_at(values)?;
        let chosen = self.schedules.iter().filter_map(|&schedule| study.scenarios().get(schedule).cloned());
        study.set_scenarios(Scenarios::of(chosen.collect()).map_err(|refusal| refusal.to_string())?);
        Ok(study)
    }
}

/// Draws of the unknowns, each with a replication of its own.
pub(crate) struct Futures {
    /// Shares of the unknowns by future.
    pub(crate) units: Vec<Vec<f64>>,
    /// The replication of the first future.
    pub(crate) first: u64,
}

/// Values by schedule, future and measure.
pub(crate) type Lived = Vec<Vec<Vec<Option<f64>>>>;

impl Futures {
    /// Each candidate in each future: by candidate, schedule, future and measure.
    ///
    /// - `template`: with the number of schedules in its studies.
    pub(crate) fn lived(
        &self,
        explore: &Explore,
        (template, schedules): (&dyn Template, usize),
        candidates: &[Vec<Value>],
        structure: Option<usize>,
        lives: &mut Lives<'_>,
    ) -> Result<Vec<Lived>, SearchFault> {
        self.lived_in(0..self.units.len(), explore, (template, schedules), candidates, structure, lives)
    }

    /// As [`Futures::lived`], in some of the futures.
    pub(crate) fn lived_in(
        &self,
        range: Range<usize>,
        explore: &Explore,
        (template, schedules): (&dyn Template, usize),
        candidates: &[Vec<Value>],
        structure: Option<usize>,
        lives: &mut Lives<'_>,
    ) -> Result<Vec<Lived>, SearchFault> {
        let count = range.len();
        let point = |levers: &Vec<Value>, future: usize| Point {
            values: at(explore, levers, &self.units[future], structure),
            block: self.first + future as u64,
        };
        let points: Vec<Point> = candidates
            .iter()
            .flat_map(|levers| range.clone().map(move |future| (levers, future)))
            .map(|(levers, future)| point(levers, future))
            .collect();
        let question = PointQuestion { replications: 1, tenants: explore.tenants, measures: measures(explore) };
        let mut table = PointTable::new(points);
        lives(template, schedules, &mut table, &question)?;
        let mut lived: Vec<Lived> = vec![Vec::new(); candidates.len()];
        for row in table.rows() {
            let schedules = row.outcome.as_ref().map_err(|why| SearchFault::NoStudy(why.clone()))?;
            let candidate = &mut lived[row.point / count.max(1)];
            candidate.resize(schedules.len(), Vec::new());
            for (values, replications) in candidate.iter_mut().zip(schedules) {
                values.extend(replications.first().cloned());
            }
        }
        Ok(lived)
    }
}
