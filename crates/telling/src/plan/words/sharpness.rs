//! How sure the figures of chance are, in words: intervals of chances and means, and on how many courses they rest.

use super::super::Story;
use super::{counted, percent};
use brownout_planner::chance::growth::LEVEL;
use brownout_planner::chance::outcome::{Lived, LossSummary};
use brownout_text::numbers::{Size, grouped, said_amount, value};

/// Courses that are so few that a mean of which they make up half is called rough.
const FEW: usize = 10;
/// Least half-width of a mean that is rounded by: no part of a message is told.
const HALF_MIN: f64 = 10.0;

/// `8,000 replications (1,000 asked for)`: how often the plan was lived.
pub(in crate::plan) fn replications(story: &Story<'_>) -> String {
    replications_of(story.project().replications, story.findings.lived.replications)
}

/// - `asked`: how many were asked for.
pub(in crate::plan) fn replications_of(asked: u32, lived: u32) -> String {
    let of = counted(lived as usize, "replication");
    if lived == asked { of } else { format!("{of} ({} asked for)", grouped(f64::from(asked))) }
}

/// `52 % (49 to 55 %)`: a chance over the simulated courses with its interval.
pub fn chance(lived: &Lived, prob: f64) -> String {
    let whole = percent(prob);
    let Some(found) = lived.interval_of(prob) else { return whole };
    let ends = [found.low, found.high].map(|end| format!("{}", (100.0 * end).round()));
    if ends[0] == ends[1] { whole } else { format!("{whole} ({} to {} %)", ends[0], ends[1]) }
}

/// `1,100 (420 to 1,770)`: a mean with its interval, in messages, both to the second digit of the interval's half-width.
pub fn mean(loss: &LossSummary) -> String {
    let Some(found) = loss.interval else { return value(loss.mean.round(), "") };
    let size = Size::of(found.high);
    // Of millions three places are told at most.
    let half = half_width(loss).map(|half| half.max(size.divisor() / 100.0));
    let say = |messages: f64| format!("{} {}", size.rounded(messages, half).mean, size.word).trim_end().to_owned();
    let [mut whole, low, high] = [loss.mean, found.low, found.high].map(say);
    if loss.mean > 0.0 && loss.mean < 0.5 {
        whole = said_amount(loss.mean, None);
    }
    if low == high { whole } else { format!("{whole} ({low} to {high})") }
}

/// `1,100 messages`: the same mean alone, as a title says it.
pub(in crate::plan) fn mean_alone(loss: &LossSummary) -> String {
    let text = said_amount(loss.mean, half_width(loss));
    format!("{text} message{}", if text.ends_with('1') && loss.mean < 1.5 { "" } else { "s" })
}

/// The half-width of the interval of a mean, which it is rounded by.
pub(in crate::plan) fn half_width(loss: &LossSummary) -> Option<f64> {
    loss.interval.map(|found| ((found.high - found.low) / 2.0).max(HALF_MIN))
}

/// In how many courses the plan was lived, what its intervals are of, and whether the mean of lost mail rests on few of them.
pub fn sharpness(story: &Story<'_>) -> String {
    sharpness_of(&story.findings.lived)
}

/// The same of how a plan ends, of one tenant or several.
pub(in crate::plan) fn sharpness_of(lived: &Lived) -> String {
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
    let limit = if lived.is_sharp() {
        ""
    } else {
        " More courses would sharpen it, but this is the largest number that is lived."
    };
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
        assert_eq!(mean(&loss(419.9, 1770.2)), "1,100 (420 to 1,770)");
        assert_eq!(mean(&loss(1097.3, 1097.4)), "1,097");
        assert_eq!(mean(&LossSummary::certain(5.0)), "5");
        let large = |mean, low, high| LossSummary {
            mean,
            interval: Some(Interval { value: mean, low, high }),
            ..loss(low, high)
        };
        // Rounded to three digits the interval would seem to have one end.
        let many = large(143_412.0, 142_980.0, 143_844.0);
        assert_eq!(super::mean(&many), "143,410 (142,980 to 143,840)");
        assert_eq!(super::mean_alone(&many), "143,400 messages");
        assert_eq!(super::mean(&large(2_143_412.0, 2_042_980.0, 2_243_844.0)), "2.14 M (2.04 M to 2.24 M)");
        assert_eq!(super::mean(&large(1_874_700.0, 1_869_000.0, 1_880_600.0)), "1.875 M (1.869 M to 1.881 M)");
        assert_eq!(super::mean(&large(0.2, 0.0, 0.7)), "under 1 (0 to 1)", "some is not none");
        assert_eq!(super::mean_alone(&large(0.2, 0.0, 0.7)), "under 1 message");
        assert_eq!(super::mean_alone(&large(0.0, 0.0, 0.0)), "0 messages");
        assert_eq!(super::mean_alone(&large(1.2, 0.7, 1.7)), "1 message");
    }
}
