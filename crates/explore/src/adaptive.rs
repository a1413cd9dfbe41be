//! Steps that decide as they go, after the points of the design are known: searches and selections, one after the other.

use super::book::{Book, Misfit};
use super::file::{Explore, Step};
use super::findings::Findings;
use super::points::{Ended, PointQuestion, PointTable, Template};
use super::search::{self, SearchFault};
use super::select;

/// Lives every point of a table, of studies that a template makes with so many schedules.
pub(super) type Lives<'a> =
    dyn FnMut(&dyn Template, usize, &mut PointTable, &PointQuestion) -> Result<(), SearchFault> + 'a;

/// Whether an exploration has such steps.
pub fn is_asked(explore: &Explore) -> bool {
    explore.steps.iter().any(|step| matches!(step, Step::Search(_) | Step::Select(_)))
}

/// Lives that these steps take at most.
///
/// - `tenants`: tenants lived in a replication of one schedule.
pub fn lives(explore: &Explore, schedules: usize, tenants: u64) -> u64 {
    let of = |step: &Step| match step {
        Step::Search(search) => search::lives(search, schedules),
        Step::Select(selection) => select::lives(selection, schedules),
        _ => 0,
    };
    explore.steps.iter().map(of).sum::<u64>().saturating_mul(tenants)
}

/// Takes all such steps; what they come to is added to what was found, unless they are stopped.
///
/// - `book`: gives the rows of the points that they ask for.
///
/// # Errors
/// What the book meets. A step that could not be taken is a note of the findings and no error.
pub fn take<E: From<Misfit>>(
    explore: &Explore,
    template: &dyn Template,
    schedules: usize,
    book: &mut Book<'_, E>,
    found: &mut Findings,
) -> Result<Ended, E> {
    let mut met = None;
    let mut lives = |template: &dyn Template, schedules, table: &mut PointTable, question: &PointQuestion| {
        let wanted: Vec<usize> = (0..table.points().len()).collect();
        match book.live((template, schedules), table, question, &wanted) {
            Ok(Ended::Complete) => Ok(()),
            Ok(Ended::Stopped) => Err(SearchFault::Stopped),
            Err(error) => {
                met = Some(error);
                Err(SearchFault::Stopped)
            }
        }
    };
    let taken = steps(explore, template, schedules, &mut lives, found);
    match (met, taken) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(Ended::Complete),
        (None, Err(_)) => Ok(Ended::Stopped),
    }
}

/// Takes the steps one after the other.
///
/// # Errors
/// [`SearchFault::Stopped`].
fn steps(
    explore: &Explore,
    template: &dyn Template,
    schedules: usize,
    lives: &mut Lives<'_>,
    found: &mut Findings,
) -> Result<(), SearchFault> {
    for step in &explore.steps {
        let taken = match step {
            Step::Search(asked) => search::searched(explore, asked, (template, schedules), lives)
                .map(|searched| found.searches.push(searched)),
            Step::Select(asked) => {
                let selected = select::selected(explore, asked, (template, schedules), lives);
                selected.map(|selected| found.selections.push(selected))
            }
            _ => Ok(()),
        };
        match taken {
            Ok(()) => {}
            Err(SearchFault::Stopped) => return Err(SearchFault::Stopped),
            Err(fault) => {
                let what = if matches!(step, Step::Search(_)) { "the search" } else { "the selection" };
                found.notes.push(format!("{what} is left out: {fault}"));
            }
        }
    }
    Ok(())
}
