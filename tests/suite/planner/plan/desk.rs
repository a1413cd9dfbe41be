//! Pauses that begin only while somebody is at the desk: the planner against trying everything.

use brownout::planner::{Desk, PauseTerms, Project};
use brownout::time::Day;
use rayon::prelude::*;

use super::dice::Dice;
use super::fleets::{Size, project};
use super::small::{Case, compared};

const DOZEN: Size = Size { days: (4, 12), servers: (1, 3), crews: (1, 2), left: (1, 6), window_days: 1 };
const LONG: Size = Size { days: (20, 40), servers: (1, 3), crews: (1, 2), left: (1, 2), window_days: 1 };

/// The project of a number with a desk that is closed on some days, and opens at midnight, in the morning or at an odd second.
fn staffed(size: &Size, number: u64) -> Project {
    let project = project(size, number);
    let mut dice = Dice::new(number ^ 0xde5c);
    let begins = dice.pick(&[0, 6 * 3600, 7 * 3600, 54_321, 86_399]);
    let share = dice.pick(&[0, 20, 40, 70]);
    let days = project.as_of.number()..project.horizon.number();
    let closed = days.filter(|_| dice.percent(share)).map(Day::from_number).collect();
    let terms = dice.pick(&[PauseTerms::FREE, project.pause_terms, PauseTerms { least_days: 2, command: 1.0 }]);
    let staffed = project.with(|parts| {
        (parts.may_pause, parts.desk, parts.pause_terms) = (true, Desk { begins, closed }, terms);
        // Pauses must be worth a try.
        parts.servers.iter_mut().for_each(|server| server.volume = server.volume.max(50_000));
    });
    staffed.unwrap()
}

/// Numbers 0..500 and 10,000..10,300. Exact: there is no chance to allow for.
#[test]
fn pauses_begin_only_while_somebody_is_there_and_are_the_best_of_those() {
    let numbers = (0..500).map(|number| (&DOZEN, number)).chain((10_000..10_300).map(|number| (&LONG, number)));
    let numbers: Vec<(&Size, u64)> = numbers.collect();
    let cases: Vec<Case> =
        numbers.into_par_iter().filter_map(|(size, number)| compared(staffed(size, number), number)).collect();
    let count = |what: &str, least: usize, holds: &dyn Fn(&Case) -> bool| {
        let found = cases.iter().filter(|case| holds(case)).count();
        println!("{found} of {} {what}", cases.len());
        assert!(found >= least, "only {found} {what}");
    };
    let paused = |case: &Case| case.everything.best.as_ref().map_or(Vec::new(), |best| best.paused.clone());
    count("paused", 80, &|case| !paused(case).is_empty());
    count("paused from an hour of the day", 40, &|case| !paused(case).is_empty() && case.project.desk.begins > 0);
    count("paused on a day without anybody", 15, &|case| {
        paused(case).iter().any(|&day| !case.project.desk.is_open(case.project.day(day)))
    });
}
