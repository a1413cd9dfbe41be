//! How a plan may end: by when the fleet is done, by when work must begin, and what is lost beside the plain strategies.

mod finish;
mod losses;
mod starts;

use super::page::{Area, Page};
use super::spec::Role;
use super::theme::Look;
use brownout_kernel::time::{Day, SimTime};

/// How likely the whole fleet is done by the end of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FinishDay {
    /// The day.
    pub day: Day,
    /// Share of the replications in which the last server is done on it or before, 0 to 1.
    pub share: f64,
}

/// An instant that the fleet had better stay before.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What begins: "blocking".
    pub name: String,
    /// When it begins for the first open server.
    pub at: SimTime,
}

/// The latest safe starts for one danger.
#[derive(Clone, Debug, PartialEq)]
pub struct SafeStart {
    /// The danger: "blocking".
    pub danger: String,
    /// Without further pauses.
    pub alone: SafeDay,
    /// With every pause day left; `None` if no pause can be had.
    pub paused: Option<SafeDay>,
}

/// By when work must begin under some pauses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SafeDay {
    /// The last safe day; `None` if even starting at once is not sure enough.
    pub day: Option<Day>,
    /// Probability of staying clear when work starts at once.
    pub now: f64,
}

/// What a strategy loses.
#[derive(Clone, Debug, PartialEq)]
pub struct LossRow {
    /// Its name; role 0 is the plan.
    pub role: Role,
    /// Mean of the messages lost.
    pub mean: f64,
    /// Half-width of its interval, which it is rounded by; `None` where there is none.
    pub half: Option<f64>,
    /// Mean of the worst twentieth of the replications; `None` where chance has no part.
    pub worst: Option<f64>,
}

/// How a plan may end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanRisk {
    /// First day of the picture.
    pub from: Day,
    /// Last day of the picture.
    pub to: Day,
    /// The days on which a replication ends, rising.
    pub finish: Vec<FinishDay>,
    /// Quantiles of the end with their instants; [`SimTime::NEVER`] if it is not reached.
    pub quantiles: Vec<(f64, SimTime)>,
    /// What begins when, for the first open server.
    pub limits: Vec<Limit>,
    /// By when work must begin.
    pub starts: Vec<SafeStart>,
    /// How sure the starts are, 0 to 1.
    pub level: f64,
    /// The strategies, the plan first.
    pub losses: Vec<LossRow>,
}

impl PlanRisk {
    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let middle = area.left + area.width() * 0.6;
        let left = Area { right: middle - 28.0, ..area };
        let right = Area { left: middle + 28.0, ..area };
        let lanes = starts::height(self, look);
        let top = Area { bottom: area.bottom - lanes, ..left };
        let time = finish::paint(page, self, top, look);
        starts::paint(page, self, Area { top: area.bottom - lanes, ..left }, &time, look);
        losses::paint(page, self, right, look);
    }
}

#[cfg(test)]
mod tests;
