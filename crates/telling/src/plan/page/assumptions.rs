//! What a plan rests on: the facts and assumptions it shares with every study, and its own.

use maud::Markup;

use crate::assumptions::{Assumption, Grounds, STANDING};
use crate::html::provenance::statements;
use crate::html::table::Caption;
use crate::plan::Story;
use crate::plan::words::{self, percent};
use brownout_kernel::draws::Spread;

/// Statements of studies that say nothing about a plan: here the servers are known, and people do what is planned.
const NOT_HERE: [&str; 4] =
    ["Behaviour under enforcement", "Use of pauses", "Who acts when", "Influence between tenants"];

const fn assumed(about: &'static str, says: &'static str) -> Assumption {
    Assumption { about, says, basis: Grounds::Assumed }
}

/// What a plan assumes besides.
const OWN: [Assumption; 5] = [
    assumed(
        "Pauses begin at one time of day",
        "It is midnight UTC, or where the plan tells when somebody is at the desk one of those times. A command that runs later on its \
         day gives a pause that begins and ends later by as much; restrictions due in between \
         are felt.",
    ),
    assumed("Compliance", "A server complies from the instant of its cut-over; when the service notices is not known."),
    assumed(
        "Work",
        "Work takes its drawn time, from server to server independent but for the overrun that all work shares, and cut-overs fail by chance and are tried again in \
         the next opening. The figures are the plan's.",
    ),
    assumed("Order", "A crew that is late keeps to the order of the plan; nobody is moved to help out."),
    assumed("After the plan", "The policy stays as it is to the end; a raised baseline would make dates earlier."),
];

/// The section.
pub(in crate::plan) fn section(story: &Story<'_>) -> Markup {
    let risk = &story.project().risk;
    let note = format!(
        "In this plan jobs are given the {} quantile of their work{}, and a cut-over fails with probability {}; dates are as of {}.",
        percent(risk.plan_quantile),
        overrun(&risk.overrun),
        percent(risk.failure_prob),
        words::date(story.project().as_of),
    );
    let caption = Caption { id: "standing", title: "What this plan rests on", note: &note };
    let shared = STANDING.iter().filter(|statement| !NOT_HERE.contains(&statement.about));
    statements(&caption, OWN.iter().chain(shared))
}

/// How much longer than stated work takes, and whether chance has a part in that.
fn overrun(spread: &Spread) -> String {
    let times = |factor: f64| format!("{factor:.2}").trim_end_matches('0').trim_end_matches('.').to_owned();
    let median = spread.quantile(0.5);
    match (spread, median == 1.0) {
        (Spread::Fixed(_), true) => ", which takes as long as stated".to_owned(),
        (Spread::Fixed(_), false) => format!(", which takes {} times as long as stated", times(median)),
        _ => format!(
            ", which takes {} times as long as stated in the median and {} to {} times in nine of ten futures, the same for all work",
            times(median),
            times(spread.quantile(0.05)),
            times(spread.quantile(0.95))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_exists_and_nothing_is_said_twice() {
        for about in NOT_HERE {
            assert!(STANDING.iter().any(|statement| statement.about == about), "{about}");
        }
        assert!(OWN.iter().all(|own| STANDING.iter().all(|statement| statement.about != own.about)));
    }
}
