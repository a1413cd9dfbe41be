//! How much can be done by an instant, whatever the plan: places in windows, days of crew, cut-overs that the gaps allow.
//!
//! A plan is cut into *cells*: the stretches of days between instants at which a cut-over can happen, and midnights.

use crate::basis::Basis;
use crate::index::{CrewIndex, PerCrew};

/// A stretch of a day in which no cut-over begins to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayPart {
    /// Index of the day.
    pub day: usize,
    /// Cut-overs of the day up to here: stretch 0 ends with the day's first instant.
    pub stretch: usize,
}

/// What can be done before a cell.
#[derive(Clone, Debug, Default)]
pub struct Capacity {
    /// Places in windows by crew.
    pub places: PerCrew<u64>,
    /// Days of work by crew.
    pub days: PerCrew<u64>,
    /// Cut-overs that the gaps allow.
    pub cut_overs: u64,
}

impl Capacity {
    /// Nothing.
    pub fn none(crews: usize) -> Self {
        Capacity { places: vec![0; crews].into(), days: vec![0; crews].into(), cut_overs: 0 }
    }
}

/// The cells of a plan in order of time, and what can be done before each.
#[derive(Clone, Debug)]
pub struct Capacities {
    /// The cells.
    pub cells: Vec<DayPart>,
    /// What can be done before each.
    pub before: Vec<Capacity>,
    /// Index of each day's first cell.
    pub of_day: Vec<usize>,
}

/// When crews have cut-overs and work.
struct Offers {
    /// Index of the day's first instant at which a crew has a cut-over, by crew and day.
    opens: PerCrew<Vec<Option<usize>>>,
    /// Whether some job can keep a crew busy, by crew and day.
    works: PerCrew<Vec<bool>>,
}

impl Offers {
    fn new(basis: &Basis<'_>) -> Self {
        let (crews, days) = (basis.project.crews.len(), basis.project.days());
        let mut offers =
            Offers { opens: vec![vec![None; days]; crews].into(), works: vec![vec![false; days]; crews].into() };
        for (job, instants) in basis.jobs.iter().zip(&basis.instants) {
            for (candidate, &instant) in job.candidates.iter().zip(instants) {
                let open = &mut offers.opens[candidate.crew][candidate.day];
                *open = Some(open.map_or(instant, |other| other.min(instant)));
                candidate.busy.iter().for_each(|&day| offers.works[candidate.crew][day] = true);
            }
        }
        offers
    }

    fn opened(&self, crew: CrewIndex, cell: DayPart) -> bool {
        self.opens[crew][cell.day].is_some_and(|instant| instant < cell.stretch)
    }
}

impl Capacities {
    /// The cells of a project.
    pub fn new(basis: &Basis<'_>) -> Self {
        let offers = Offers::new(basis);
        let crews = basis.project.crews.len();
        let mut found = Capacities { cells: Vec::new(), before: Vec::new(), of_day: Vec::new() };
        let mut sum = Capacity::none(crews);
        let mut last_cut_over = None;
        for day in 0..basis.project.days() {
            found.of_day.push(found.cells.len());
            let morning = sum.clone();
            for stretch in 0..=basis.tariffs.instants(day).len() {
                sum = until(basis, &offers, &morning, DayPart { day, stretch }, last_cut_over);
                found.cells.push(DayPart { day, stretch });
                found.before.push(sum.clone());
            }
            if sum.cut_overs > morning.cut_overs {
                last_cut_over = Some(day);
            }
            // Work of a day without a cut-over counts from the next morning on.
            sum.days = days_with(basis, &offers, &morning.days, day);
        }
        found
    }
}

/// What can be done before a cell, given what could be done by the morning.
fn until(basis: &Basis<'_>, offers: &Offers, morning: &Capacity, cell: DayPart, last: Option<usize>) -> Capacity {
    let crews = &basis.project.crews;
    let index =
        |crew: CrewIndex| morning.places[crew] + u64::from(crews[crew].jobs) * u64::from(offers.opened(crew, cell));
    let worked = days_with(basis, offers, &morning.days, cell.day);
    let any = crews.keys().any(|crew| offers.opened(crew, cell));
    Capacity {
        places: crews.keys().map(index).collect(),
        days: if cell.stretch == 0 { morning.days.clone() } else { worked },
        cut_overs: cut_overs(basis.project.gap_days as usize, morning.cut_overs, any, cell.day, last),
    }
}

fn days_with(basis: &Basis<'_>, offers: &Offers, morning: &PerCrew<u64>, day: usize) -> PerCrew<u64> {
    let worked = |crew: CrewIndex| u64::from(basis.project.crews[crew].jobs) * u64::from(offers.works[crew][day]);
    morning.keys().map(|crew| morning[crew] + worked(crew)).collect()
}

/// Cut-overs that the gaps allow up to a cell: with a gap, as early as each can be, one after the other.
fn cut_overs(gap_days: usize, morning: u64, any: bool, day: usize, last: Option<usize>) -> u64 {
    if gap_days == 0 {
        return u64::MAX;
    }
    let free = last.is_none_or(|last| day - last >= gap_days);
    morning + u64::from(any && free)
}
