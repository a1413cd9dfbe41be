//! What becomes of the mail of a server up to any instant, under given pauses.

use crate::cost::tariff::{Cost, POINT};
use crate::project::Project;
use brownout_kernel::mail::{Calendar, MailOutcome};
use brownout_kernel::policy::{Granted, Minutes, Period, history};
use brownout_kernel::time::{Day, SimDuration, SimTime};

/// Messages by fate, as whole numbers of the unit of [`points`](crate::cost::tariff::points): one message is one point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailFate {
    /// Lost, to blocking or to expiry.
    pub lost: Cost,
    /// Accepted, but not at the first attempt.
    pub delayed: Cost,
    /// Accepted while the server was under enforcement.
    pub exposed: Cost,
}

impl MailFate {
    fn zip(self, other: MailFate, with: impl Fn(Cost, Cost) -> Cost) -> MailFate {
        MailFate {
            lost: with(self.lost, other.lost),
            delayed: with(self.delayed, other.delayed),
            exposed: with(self.exposed, other.exposed),
        }
    }

    /// Both together.
    pub fn plus(self, other: MailFate) -> MailFate {
        self.zip(other, |a, b| a + b)
    }

    /// So many times this.
    pub fn times(self, factor: Cost) -> MailFate {
        self.zip(self, |a, _| a * factor)
    }

    /// Lost messages.
    pub fn lost_messages(&self) -> f64 {
        self.lost as f64 / POINT as f64
    }

    /// Delayed messages.
    pub fn delayed_messages(&self) -> f64 {
        self.delayed as f64 / POINT as f64
    }

    /// Messages accepted under enforcement.
    pub fn exposed_messages(&self) -> f64 {
        self.exposed as f64 / POINT as f64
    }
}

/// The stages of one first detection under given pauses, and what they do to mail from the first planned day on.
#[derive(Clone, Debug)]
pub struct Fortune {
    /// Stages and pauses with their dates, from first detection on.
    pub periods: Vec<Period>,
    /// Ends of stretches with one rate each: first instant, fate up to it and fate a second from it on, of a server with one
    /// thousandth of a message a day.
    marks: Vec<(SimTime, MailFate, MailFate)>,
}

impl Fortune {
    /// The fortune of a server first detected at `detected` if the tenant also pauses as planned.
    pub fn new(project: &Project, detected: SimTime, planned: &[Granted]) -> Self {
        let periods = lived_periods(project, detected, planned);
        let marks = marks(project, &periods);
        Fortune { periods, marks }
    }

    /// The fate of the mail of a server of one thousandth of a message a day, from the first planned day to `at`.
    pub fn until(&self, at: SimTime) -> MailFate {
        let Some(index) = self.marks.partition_point(|mark| mark.0 <= at).checked_sub(1) else {
            return MailFate::default();
        };
        let (from, before, rate) = self.marks[index];
        before.plus(rate.times(Cost::from(at.since(from).seconds())))
    }
}

/// The first instant from `at` on, pauses counted in, at which `hit` holds; `None` if that is never.
pub(crate) fn first_hit(periods: &[Period], at: SimTime, hit: impl Fn(Minutes) -> bool) -> Option<SimTime> {
    periods.iter().find(|period| period.to > at && hit(period.minutes)).map(|period| period.from.max(at))
}

/// The stages of a server first detected at `detected` if the tenant also pauses as planned.
pub(crate) fn lived_periods(project: &Project, detected: SimTime, planned: &[Granted]) -> Vec<Period> {
    let grants: Vec<Granted> = project.spent.grants().iter().chain(planned).copied().collect();
    history(&project.policy, detected, &grants)
}

/// Stretches within one day and one period each, up to the horizon, and a last one without mail.
fn marks(project: &Project, periods: &[Period]) -> Vec<(SimTime, MailFate, MailFate)> {
    let (start, end) = (project.as_of.start(), project.horizon.start());
    let calendar = Calendar::new(&project.calendar, start, end);
    let outcome = |minutes| MailOutcome::compute(minutes, project.policy.layout(), project.retry);
    let mut marks = Vec::new();
    let mut sum = MailFate::default();
    for period in periods {
        let shares = shares(&outcome(period.minutes));
        let (mut now, until) = (period.from.max(start), period.to.min(end));
        while now < until {
            let midnight = Day::from_number(now.day().number() + 1).start();
            let stop = midnight.min(until);
            let level = project.index_of(now.day()).map_or(0, |index| calendar.level(index));
            let rate = shares.times(Cost::from(level));
            marks.push((now, sum, rate));
            sum = sum.plus(rate.times(Cost::from(stop.since(now).seconds())));
            now = stop;
        }
    }
    marks.push((
        end.max(marks.last().map_or(end, |mark| mark.0 + SimDuration::from_seconds(1))),
        sum,
        MailFate::default(),
    ));
    marks
}

/// Shares in parts per billion.
fn shares(outcome: &MailOutcome) -> MailFate {
    let part = |parts: u64| libm::round(outcome.share(parts) * 1e9) as Cost;
    let lost = part(outcome.lost());
    MailFate { lost, delayed: part(outcome.delayed), exposed: 1_000_000_000 - lost }
}
