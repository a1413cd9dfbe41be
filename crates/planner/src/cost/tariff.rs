//! What a day costs a server, for every reading its clock can have.
//!
//! Pause days push a clock back; how far it stands behind its unpaused reading is its *lag*. A tariff holds, for servers of
//! one first detection and for each lag, the points of every day and of every part of a day up to a cut-over. The stage
//! engine ([`Enforcement`]) is walked through each day once; nothing here knows a rule of stages or pauses.
//!
//! Everything is a whole number: thousandths of messages a day, times parts per million of the calendar, times seconds, times
//! parts per billion of points. The sums of a plan stay below 10^37 (see [`POINT`]), a tenth of what fits.

use crate::cost::joining::{Joining, detections};
use crate::index::{GroupIndex, PerGroup};
use crate::project::{Project, Weights};
use brownout_kernel::mail::{Calendar, MailOutcome};
use brownout_kernel::policy::{Enforcement, Minutes, Period, Policy, history, standing};
use brownout_kernel::time::{DAY_SECONDS, SimDuration, SimTime};
use brownout_kernel::watch::Watch;

/// Cost as a whole number: one point is [`POINT`].
pub type Cost = i128;

/// One point: 1000 thousandths of a message, 10^6 parts of a day's level, a day's seconds, 10^9 parts of a weight. Fleets of up
/// to 10^9 messages a day over 1,100 days at weights of up to 100 come to 10^14 points.
pub const POINT: Cost = 1_000 * 1_000_000 * DAY_SECONDS as Cost * 1_000_000_000;

/// A cost in points.
pub fn points(cost: Cost) -> f64 {
    cost as f64 / POINT as f64
}

/// Servers with the same first detection.
#[derive(Clone, Debug)]
pub struct ClockGroup {
    /// First detection; `None` for servers the policy never reaches.
    pub detected: Option<SimTime>,
    rows: Vec<Lag>,
    /// What days can cost; most lags of a day share a few.
    sides: Vec<Side>,
}

/// One lag of a group.
#[derive(Clone, Debug)]
struct Lag {
    lag: SimDuration,
    /// Whether a pause runs on until the desk opens; never where pauses begin at midnight.
    paused: bool,
    /// The first day on which a clock can stand so far behind.
    first: usize,
    /// Each day from then on, unpaused and paused.
    days: Vec<[Way; 2]>,
}

impl Lag {
    fn new(lag: SimDuration, paused: bool) -> Self {
        Lag { lag, paused, first: 0, days: Vec::new() }
    }
}

/// A day at one lag.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Index of what it costs; [`Way::NONE`] where the day cannot be reached or not be paused.
    side: u32,
    /// The row of the next day.
    next: u16,
}

impl Way {
    const NONE: u32 = u32::MAX;
    const BLANK: Way = Way { side: Way::NONE, next: 0 };
}

/// Costs of a day for a server of one thousandth of a message a day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Side {
    cost: Cost,
    /// Cost up to each instant of the day at which some cut-over happens, in the order of [`Tariffs::instants`].
    parts: Box<[Cost]>,
}

/// What a plan's days cost.
#[derive(Clone, Debug)]
pub struct Tariffs {
    /// The groups, by first detection.
    pub groups: PerGroup<ClockGroup>,
    /// Seconds of each day at which cut-overs happen, rising; by index of the day.
    instants: Vec<Vec<i64>>,
    /// Whether detections were joined, and which way.
    joining: Joining,
    /// Whether any detection was joined to another.
    pub joined: bool,
    /// Whether no stage costs less than the one before, and none less than a pause, so that being further behind never costs.
    pub rises: bool,
}

/// What is needed to walk a day.
struct Walker<'a> {
    project: &'a Project,
    calendar: Calendar,
    shares: Vec<Cost>,
    paused_share: Cost,
    paused_until: SimTime,
    instants: &'a [Vec<i64>],
}

impl Tariffs {
    /// The tariffs of a project whose cut-overs may happen at these instants.
    ///
    /// - `max_lag_days`: most days that further pauses can push a clock back.
    /// - `joining`: where detections that are too many to be told apart are joined.
    /// - `watch`: where it stops the work, the groups that are left cost nothing.
    pub fn new(
        project: &Project,
        cut_overs: impl Iterator<Item = SimTime>,
        max_lag_days: u32,
        joining: Joining,
        watch: &Watch,
    ) -> Self {
        let mut instants = vec![Vec::new(); project.days()];
        for at in cut_overs {
            if let Some(index) = project.index_of(at.day()) {
                instants[index].push(at.second_of_day());
            }
        }
        for day in &mut instants {
            day.sort_unstable();
            day.dedup();
        }
        let (detections, joined) = detections(project, joining);
        let walker = Walker::new(project, &instants);
        let max_lag = SimDuration::from_days(i64::from(max_lag_days));
        let groups = detections.into_iter().map(|detected| walker.group(detected, max_lag, watch)).collect();
        let rises = walker.rises();
        Tariffs { groups, instants, joining, joined, rises }
    }

    /// Index of the group of a first detection: its own, or the one that it is joined to.
    pub fn group_of(&self, detected: Option<SimTime>) -> GroupIndex {
        match self.joining {
            Joining::Earlier => {
                self.groups.raw.partition_point(|group| group.detected <= detected).saturating_sub(1).into()
            }
            Joining::Later => {
                let later = self.groups.raw.partition_point(|group| group.detected < detected);
                later.min(self.groups.len().saturating_sub(1)).into()
            }
        }
    }

    /// What each day costs under given pauses, whole and up to each of its cut-overs, for a detection that need not be a group.
    pub fn along(&self, project: &Project, detected: SimTime, pauses: &[bool]) -> Vec<(Cost, Vec<Cost>)> {
        let walker = Walker::new(project, &self.instants);
        let clock = GroupClock::new(project, detected);
        let mut before = (SimDuration::ZERO, false);
        let day = |(index, &paused): (usize, &bool)| {
            let (cost, parts, behind) = walker.walk(&clock, index, before, paused);
            before = (behind, walker.runs_on(paused));
            (cost, parts)
        };
        pauses.iter().enumerate().map(day).collect()
    }

    /// Seconds of a day at which cut-overs may happen.
    pub fn instants(&self, day: usize) -> &[i64] {
        &self.instants[day]
    }

    /// Cost of a whole day; `None` for a row that cannot be reached on that day.
    #[inline]
    pub fn whole(&self, group: GroupIndex, row: usize, day: usize, paused: bool) -> Option<Cost> {
        self.side(group, row, day, paused).map(|side| side.0.cost)
    }

    /// Cost of a day up to its `instant`-th cut-over.
    #[inline]
    pub fn part(&self, group: GroupIndex, row: usize, day: usize, instant: usize, paused: bool) -> Option<Cost> {
        self.side(group, row, day, paused).map(|side| side.0.parts[instant])
    }

    /// The row of the day after.
    #[inline]
    pub fn next_row(&self, group: GroupIndex, row: usize, day: usize, paused: bool) -> Option<usize> {
        self.side(group, row, day, paused).map(|side| side.1)
    }

    /// How far the clock of a row stands behind its unpaused reading.
    pub fn lag(&self, group: GroupIndex, row: usize) -> SimDuration {
        self.groups[group].rows[row].lag
    }

    /// Whether a clock in one row is never better off than in another: it stands as far behind, and a pause that runs on in the
    /// other runs on here.
    pub fn is_behind(&self, group: GroupIndex, row: usize, other: usize) -> bool {
        let (row, other) = (&self.groups[group].rows[row], &self.groups[group].rows[other]);
        row.lag >= other.lag && (row.paused || !other.paused)
    }

    #[inline]
    fn side(&self, group: GroupIndex, row: usize, day: usize, paused: bool) -> Option<(&Side, usize)> {
        let group = &self.groups[group];
        let row = group.rows.get(row)?;
        let way = row.days.get(day.wrapping_sub(row.first))?[usize::from(paused)];
        (way.side != Way::NONE).then(|| (&group.sides[way.side as usize], usize::from(way.next)))
    }
}

impl<'a> Walker<'a> {
    fn new(project: &'a Project, instants: &'a [Vec<i64>]) -> Self {
        let policy = &project.policy;
        let outcome = |minutes: Minutes| MailOutcome::compute(minutes, policy.layout(), project.retry);
        let shares =
            policy.ladder().stages().iter().map(|stage| share(&project.weights, &outcome(stage.minutes()))).collect();
        let paused_share = share(&project.weights, &outcome(Minutes::NONE));
        let calendar = Calendar::new(&project.calendar, project.as_of.start(), project.horizon.start());
        Walker { project, calendar, shares, paused_share, paused_until: paused_until(project), instants }
    }

    fn rises(&self) -> bool {
        let before = std::iter::once(&self.paused_share).chain(&self.shares);
        before.zip(&self.shares).all(|(before, after)| before <= after)
    }

    fn group(&self, detected: Option<SimTime>, max_lag: SimDuration, watch: &Watch) -> ClockGroup {
        let Some(detected) = detected else { return self.free_group() };
        let clock = GroupClock::new(self.project, detected);
        let mut group =
            ClockGroup { detected: Some(detected), rows: vec![Lag::new(SimDuration::ZERO, false)], sides: Vec::new() };
        let mut reached = vec![true];
        // Only what can be reached is walked, day by day.
        for day_index in 0..self.project.days() {
            if watch.is_stopped() {
                return self.free_group();
            }
            let (mut next, fresh) = (Vec::new(), group.sides.len());
            for row in 0..group.rows.len() {
                let ways = match reached.get(row) {
                    Some(true) => self.day(&clock, day_index, &mut group, row, (max_lag, fresh)),
                    _ => [Way::BLANK; 2],
                };
                next.resize(group.rows.len(), false);
                ways.iter().filter(|way| way.side != Way::NONE).for_each(|way| next[usize::from(way.next)] = true);
                let lag = &mut group.rows[row];
                if lag.days.is_empty() {
                    lag.first = day_index;
                }
                lag.days.push(ways);
            }
            reached = next;
        }
        group
    }

    /// The group of servers that nothing ever happens to: one row, one way for every day.
    fn free_group(&self) -> ClockGroup {
        let side = |instants: &Vec<i64>| Side { cost: 0, parts: vec![0; instants.len()].into() };
        let days = (0..self.instants.len()).map(|day| [Way { side: day as u32, next: 0 }; 2]).collect();
        let rows = vec![Lag { days, ..Lag::new(SimDuration::ZERO, false) }];
        ClockGroup { detected: None, rows, sides: self.instants.iter().map(side).collect() }
    }

    /// Both ways of a day; sides from `fresh` on belong to the same day.
    fn day(
        &self,
        clock: &GroupClock,
        day_index: usize,
        group: &mut ClockGroup,
        row: usize,
        (max_lag, fresh): (SimDuration, usize),
    ) -> [Way; 2] {
        let before = (group.rows[row].lag, group.rows[row].paused);
        let mut way = |granted: bool| {
            let (cost, parts, behind) = self.walk(clock, day_index, before, granted);
            let paused = self.runs_on(granted);
            let known = group.rows.iter().position(|row| row.lag == behind && row.paused == paused);
            let next = known.or_else(|| {
                (behind <= max_lag).then(|| group.rows.push(Lag::new(behind, paused)))?;
                Some(group.rows.len() - 1)
            })?;
            let side = Side { cost, parts: parts.into() };
            let known = group.sides[fresh..].iter().position(|other| *other == side);
            let index = known.map_or(group.sides.len(), |known| known + fresh);
            if known.is_none() {
                group.sides.push(side);
            }
            Some(Way { side: index as u32, next: u16::try_from(next).ok()? })
        };
        let run = way(false);
        // A pause that is planned begins after the one that runs.
        let free = self.project.desk.instant(self.project.day(day_index)) >= self.paused_until;
        [run, free.then(|| way(true)).flatten()].map(|way| way.unwrap_or(Way::BLANK))
    }

    /// Whether a pause that is granted on a day still runs at the midnight after it.
    fn runs_on(&self, granted: bool) -> bool {
        granted && self.project.desk.begins > 0
    }

    /// Walks the engine through one day: its cost, the cost up to each instant, and the lag at its end.
    ///
    /// - `before`: the lag at its beginning, and whether a planned pause runs on until the desk opens.
    /// - `granted`: whether a planned pause runs from then on.
    fn walk(
        &self,
        clock: &GroupClock,
        index: usize,
        (lag, paused): (SimDuration, bool),
        granted: bool,
    ) -> (Cost, Vec<Cost>, SimDuration) {
        let (ladder, rules) = (self.project.policy.ladder(), self.project.policy.pauses());
        let start = self.project.day(index).start();
        let end = start + SimDuration::DAY;
        let marks: Vec<SimTime> = self.instants[index].iter().map(|&s| start + SimDuration::from_seconds(s)).collect();
        let (mut cost, mut parts) = (0, vec![0; marks.len()]);
        let from = clock.detected.max(start);
        if from >= end {
            return (cost, parts, lag);
        }
        let level = Cost::from(self.calendar.level(index));
        let opens = self.project.desk.instant(self.project.day(index));
        let held = if paused { opens } else { start }.max(self.paused_until).min(end);
        let held = if granted && held >= opens { end } else { held };
        let is_paused = from < held || granted && from >= opens;
        let mut server = Enforcement::begin(ladder, rules, from, is_paused, clock.reading(from) - lag);
        let mut now = from;
        while now < end {
            // The pause of the day before ends, or that of this day begins.
            let change = match server.is_paused() {
                true if now < held => held,
                false if granted && now < opens => opens,
                _ => end,
            };
            let until = server.next_transition(ladder).min(change);
            let rate = level * if server.is_paused() { self.paused_share } else { self.shares[server.stage()] };
            for (part, &mark) in parts.iter_mut().zip(&marks) {
                *part += rate * Cost::from(mark.clamp(now, until).since(now).seconds());
            }
            cost += rate * Cost::from(until.since(now).seconds());
            now = until;
            if now == change && (server.is_paused() || now < end) {
                server.set_paused(ladder, rules, now, !server.is_paused());
            }
            if server.next_transition(ladder) == now {
                server.advance(ladder, rules, now);
            }
        }
        (cost, parts, clock.reading(end) - server.served(end))
    }
}

/// Points of a message in parts per billion.
fn share(weights: &Weights, outcome: &MailOutcome) -> Cost {
    let lost = outcome.share(outcome.lost());
    let points =
        weights.lost * lost + weights.delayed * outcome.share(outcome.delayed) + weights.exposure * (1.0 - lost);
    libm::round(points * 1e9) as Cost
}

/// End of the pause that runs at the first planned day, if one does.
pub(crate) fn paused_until(project: &Project) -> SimTime {
    let book = project.spent.book();
    book.current().filter(|_| book.is_paused(project.as_of.start())).map_or(project.as_of.start(), |pause| pause.to())
}

/// The clock of a group as it runs with the pauses that are already granted.
struct GroupClock<'a> {
    detected: SimTime,
    policy: &'a Policy,
    periods: Vec<Period>,
}

impl<'a> GroupClock<'a> {
    fn new(project: &'a Project, detected: SimTime) -> Self {
        let policy = &project.policy;
        let periods = history(policy, detected, project.spent.grants());
        GroupClock { detected, policy, periods }
    }

    /// The reading at an instant not before first detection.
    fn reading(&self, at: SimTime) -> SimDuration {
        let standing = standing(&self.periods, self.policy.ladder(), self.policy.pauses(), at);
        standing.map_or(SimDuration::ZERO, |standing| standing.served)
    }
}
