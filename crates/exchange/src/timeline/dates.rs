//! A server's dates with what is sure about them: a known first detection gives one timeline, bounds give two.

use super::rules::{self, Applied};
use super::summer::SummerTime;
use super::{Question, Timeline, TimelineError, headlines, now, timeline_under};
use crate::compliance::Detection;
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::{Minutes, PauseRequest, Period};
use brownout_kernel::time::SimTime;

/// The dates of one server, and how sure they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Dates {
    /// The dates by the known, or the earliest possible, first detection: the worst.
    pub timeline: Timeline,
    /// The dates by the latest possible first detection; `None` if it is known.
    pub latest: Option<Timeline>,
    /// The pause that the report's dates suggest.
    pub inferred: Option<Inferred>,
    /// Rules without a source that decide.
    pub rules: Vec<Applied>,
    /// Whether it is not known that the server is in breach at all: the dates hold if it is.
    pub doubted: bool,
}

/// A pause that nobody told of, and what holds if there was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inferred {
    /// Where it was placed.
    pub pause: PauseRequest,
    /// The stage in force now if no pause runs, with its minutes; `None` where the report does not tell.
    pub otherwise: Option<(usize, Minutes)>,
    /// Whether a pause may run at the instant asked for.
    pub may_run: bool,
}

impl Dates {
    /// How sure the dates are as a whole.
    pub fn certainty(&self) -> Certainty {
        let last = self.timeline.periods.last().map(|period| self.certainty_of(period));
        last.unwrap_or_default()
    }

    /// How sure a period of [`Dates::timeline`] is: what ends before the first unsure instant is known.
    pub fn certainty_of(&self, period: &Period) -> Certainty {
        let touched = |from: SimTime| period.to > from;
        let inferred = self.inferred.filter(|inferred| touched(inferred.pause.at)).map(|_| Certainty::Inferred);
        let assumed = self.rules.iter().any(|rule| touched(rule.from)).then_some(Certainty::Assumed);
        let range = self.latest.as_ref().map(|_| Certainty::Range);
        let doubted = self.doubted.then_some(Certainty::Assumed);
        [inferred, assumed, range, doubted].into_iter().flatten().max().unwrap_or_default()
    }

    /// Whether a period is the pause that nobody told of, and not one that was given.
    pub fn is_guess(&self, period: &Period) -> bool {
        // An hour of summer time may lie between the two.
        let near = |at: SimTime| period.from.since(at).seconds().abs() <= 3_600;
        period.paused && self.inferred.is_some_and(|inferred| near(inferred.pause.at))
    }

    /// Whether a pause that nobody told of may run now.
    pub fn may_be_paused(&self) -> bool {
        self.inferred.is_some_and(|inferred| inferred.may_run)
    }

    /// The period that comes next. Where a pause that nobody told of may run, that is the next stage: the end of a pause that
    /// may not be is no date to tell.
    pub fn next(&self) -> Option<&Period> {
        let timeline = &self.timeline;
        match &timeline.now {
            None => timeline.periods.first(),
            Some(now) if self.may_be_paused() => {
                let standing = &now.standing.period;
                timeline.periods.iter().find(|period| period.from > standing.from && period.stage > standing.stage)
            }
            Some(now) => now.next.as_ref(),
        }
    }

    /// How sure an instant at which something begins is.
    pub fn certainty_at(&self, at: SimTime) -> Certainty {
        let period = self.timeline.periods.iter().find(|period| period.from == at);
        period.map_or(Certainty::Known, |period| self.certainty_of(period))
    }
}

/// The dates by a detection, an hour of summer time put back.
///
/// # Errors
/// [`TimelineError`] as for [`timeline`](super::timeline).
pub fn dates(
    question: &Question<'_>,
    detection: Detection,
    summer: Option<&SummerTime>,
) -> Result<Dates, TimelineError> {
    let spent = question.spent()?;
    let of = |detected| {
        let mut found = timeline_under(question, &spent, detected);
        if let Some(summer) = summer {
            summer.put_back(&mut found.periods);
            found.headlines = headlines(&found.periods);
            found.now = now(question.policy, &found.periods, question.at);
        }
        found
    };
    let worst = of(detection.earliest());
    let latest = match detection {
        Detection::Known(_) => None,
        Detection::Between { latest, .. } => Some(of(latest)),
    };
    let rules = rules::applied(question.policy, spent.grants(), &worst.periods);
    Ok(Dates { timeline: worst, latest, inferred: None, rules, doubted: false })
}
