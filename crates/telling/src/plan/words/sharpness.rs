//! How sure the figures of chance are, in words: intervals of chances and means, and on how many courses they rest.

use super::super::Story;
use super::{counted, percent};
use brownout_chart::value;
use brownout_planner::chance::growth::LEVEL;
use brownout_planner::chance::outcome::{Lived, LossSummary};

/// Courses that are so few that a mean of which they make up half is called rough.
const FEW: usize = 10;

/// `52 % (49 to 55 %)`: a chance over the simulated courses with its interval.
pub fn chance(lived: &Lived, prob: f64) -> String {
    let whole = percent(prob);
    let Some(found) = lived.interval_of(prob) else { return whole };
    let ends = [found.low, found.high].map(|end| format!("{}", (100.0 * end).round()));
    if ends[0] == ends[1] { whole } else { format!("{whole} ({} to {} %)", ends[0], ends[1]) }
}

/// `1,097 (420 to 1,770)`: a mean with its interval, in messages.
pub fn mean(loss: &LossSummary) -> String {
    let whole = rounded(loss.mean);
    let Some(found) = loss.interval else { return whole };
    let ends = [found.low, found.high].map(rounded);
    if ends[0] == ends[1] { whole } else { format!("{whole} ({} to {})", ends[0], ends[1]) }
}

fn rounded(messages: f64) -> String {
    value(messages.round(), "")
}

/// In how many courses the plan was lived, what its intervals are of, and whether the mean of lost mail rests on few of them.
pub fn sharpness(story: &Story<'_>) -> String {
    let lived = &story.findings.lived;
    let of = counted(lived.replications as usize, "simulated course");
    let level = percent(LEVEL);
    let intervals = format!(
        "Chances and means are over {of}; in brackets their {level} intervals, of the luck of these courses alone, not of what is not \
         known."
    );
    let few = match lived.lost.half {
        half @ 1..FEW if lived.replications as usize > 2 * FEW => format!(
            " The mean of lost mail is rough: {} of {} {} half of it.",
            half,
            lived.replications,
            if half == 1 { "makes up" } else { "make up" }
        ),
        _ => String::new(),
    };
    let limit =
        if lived.is_sharp() { "" } else { " Further courses were not lived, since these are the most that are." };
    format!("{intervals}{few}{limit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_methods::interval::Interval;

    #[test]
    fn means_are_told_with_their_ends_where_these_differ() {
        let loss = |low, high| LossSummary {
            mean: 1097.4,
            p95: 0.0,
            worst: 0.0,
            interval: Some(Interval { value: 1097.4, low, high }),
            half: 1,
        };
        assert_eq!(mean(&loss(419.9, 1770.2)), "1,097 (420 to 1,770)");
        assert_eq!(mean(&loss(1097.3, 1097.4)), "1,097");
        assert_eq!(mean(&LossSummary::certain(5.0)), "5");
    }
}
