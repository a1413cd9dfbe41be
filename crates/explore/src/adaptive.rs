//! Steps that decide as they go, after the points of the design are known: searches and selections, one after the other.

use super::file::{Explore, Step};
use super::findings::Findings;
use super::points::{Ask, Template};
use super::search::{self, SearchFault};
use super::select;

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

/// Takes all such steps; what they come to is added to what was found.
///
/// # Errors
/// [`SearchFault::Stopped`]. A step that could not be taken is a note of the findings and no error.
pub fn take(
    explore: &Explore,
    template: &impl Template,
    schedules: usize,
    ask: Ask<'_>,
    found: &mut Findings,
) -> Result<(), SearchFault> {
    for step in &explore.steps {
        let taken = match step {
            Step::Search(asked) => {
                search::searched(explore, asked, template, ask).map(|searched| found.searches.push(searched))
            }
            Step::Select(asked) => {
                let selected = select::selected(explore, asked, template, schedules, ask);
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
