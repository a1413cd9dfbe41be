//! Points that an earlier exploration lived, read from its tables: new questions to old points.
//!
//! A point is known by what its factors say and by the number of a replication, which is an address: it does not matter for which
//! step or in which order it was lived.

use std::collections::BTreeMap;

use super::file::Explore;
use super::points::{Outcome, Point, PointQuestion};
use super::survey::{Aim, SurveyPart};
use super::template::{factors, shown};
use brownout_text::csv_text::plain;

/// Columns of `points.csv` before those of the factors.
const PLACES: usize = 6;
/// Columns of `replications.csv` before those of the measures.
const LIVED: usize = 3;

/// The rows of an earlier exploration.
#[derive(Clone, Debug, Default)]
pub struct Former {
    /// Points that are equal have one number.
    numbers: BTreeMap<String, usize>,
    /// Values by point and replication, then by schedule and measure of that exploration.
    lived: BTreeMap<(usize, u64), Vec<Vec<Option<f64>>>>,
    /// Whether a point was lived at all; of one without a study there are no rows.
    has_study: Vec<bool>,
}

/// Which of the former schedules and measures are asked for, in the order in which they are now.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// By schedule now: which it was.
    pub schedules: Vec<usize>,
    /// By measure now: which it was.
    pub measures: Vec<usize>,
}

impl Former {
    /// Reads the tables `points.csv` and `replications.csv` of an exploration.
    ///
    /// - `schedules`: their names, in the order of that exploration.
    ///
    /// # Errors
    /// In words, with the line, if a table is not as an exploration writes it.
    pub fn read(points: &[u8], replications: &[u8], schedules: &[String]) -> Result<Self, String> {
        let mut former = Former::default();
        let mut known = Vec::new();
        each("points.csv", points, &mut |cells| {
            let structure = structure(cells.get(1)?);
            let key = key(structure, cells.iter().skip(PLACES).map(|cell| plain(cell).to_owned()));
            let next = former.has_study.len();
            let number = *former.numbers.entry(key).or_insert(next);
            if number == next {
                former.has_study.push(false);
            }
            known.push(number);
            (cells.get(0)?.parse() == Ok(known.len() - 1)).then_some(())
        })?;
        each("replications.csv", replications, &mut |cells| {
            let number = *known.get(cells.get(0)?.parse::<usize>().ok()?)?;
            let schedule = schedules.iter().position(|name| name == plain(cells.get(1).unwrap_or_default()))?;
            let replication: u64 = cells.get(2)?.parse().ok()?;
            let value = |cell: &str| if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) };
            let values = cells.iter().skip(LIVED).map(value).collect::<Option<Vec<Option<f64>>>>()?;
            let of_point = former.lived.entry((number, replication));
            of_point.or_insert_with(|| vec![Vec::new(); schedules.len()])[schedule] = values;
            former.has_study[number] = true;
            Some(())
        })?;
        Ok(former)
    }

    /// What a point came to; `None` if it was not lived, or not in all these replications.
    pub fn outcome(
        &self,
        explore: &Explore,
        aim: &Aim,
        point: &Point,
        question: &PointQuestion,
        wanted: &Wanted,
    ) -> Option<Outcome> {
        let cells = factors(explore).into_iter().zip(&point.values).map(|((_, moved), &value)| shown(moved, value));
        let number = *self.numbers.get(&key(structure(&step(explore, aim)), cells))?;
        if !self.has_study[number] {
            return Some(Err("the exploration whose points these are had no study there".to_owned()));
        }
        let each = u64::from(question.replications);
        let numbers = (0..each).map(|at| point.block * each + at);
        let lived = numbers.map(|number_of| self.lived.get(&(number, number_of))).collect::<Option<Vec<_>>>()?;
        let values = |values: &Vec<Option<f64>>| -> Option<Vec<Option<f64>>> {
            wanted.measures.iter().map(|&measure| values.get(measure).copied()).collect()
        };
        let of_schedule = |&schedule: &usize| lived.iter().map(|all| values(all.get(schedule)?)).collect();
        wanted.schedules.iter().map(of_schedule).collect::<Option<Vec<_>>>().map(Ok)
    }

    /// Gives the points of a part the rows they had; how many points have none.
    pub fn fill(&self, explore: &Explore, part: &mut SurveyPart, wanted: &Wanted) -> usize {
        let points = part.table.points().to_vec();
        let mut missing = 0;
        for (at, point) in points.iter().enumerate() {
            match self.outcome(explore, &part.aim, point, &part.question, wanted) {
                Some(outcome) => {
                    // The points of a table are its points.
                    let _ = part.table.take(super::points::PointRow { point: at, outcome });
                }
                None => missing += 1,
            }
        }
        missing
    }
}

/// The name of a part's step in tables.
fn step(explore: &Explore, aim: &Aim) -> String {
    aim.name(explore)
}

/// The structure that a step lives under; none for those that live the study as it is.
fn structure(step: &str) -> &str {
    step.strip_prefix("futures under ").unwrap_or_default()
}

fn key(structure: &str, cells: impl Iterator<Item = String>) -> String {
    let mut key = structure.to_owned();
    for cell in cells {
        key.push('\u{1f}');
        key.push_str(&cell);
    }
    key
}

/// Tells each row of a table; one that is not understood is named by its line.
fn each(name: &str, bytes: &[u8], row: &mut dyn FnMut(&csv::StringRecord) -> Option<()>) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(bytes);
    for (at, record) in reader.records().enumerate() {
        let line = at + 2;
        let record = record.map_err(|error| format!("{name}: row {line}: {error}"))?;
        row(&record).ok_or_else(|| format!("{name}: row {line} is not as `brownout explore` writes it"))?;
    }
    Ok(())
}
