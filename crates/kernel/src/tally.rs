//! Integer accumulators: what a replication of a scenario adds up to, in any grouping, to the same bits.
//!
//! Everything here is a sum of integers, so tallies of parts of the tenants merge in any order and give the tally of the
//! whole. Units and bounds: servers and seconds as 64-bit (9 x 10^18, that is 3 x 10^11 server-years), mail as 128-bit
//! grains (see [`crate::mail::amount`]). Memory is days x classes, whatever the number of servers: a stretch is entered at its
//! two ends only.
//!
//! - [`class`]: the classes a server can be in;
//! - [`stretch`]: the time of a server in one class, by its two ends;
//! - [`series`]: servers and mail by class and day;
//! - [`curve`]: times to remediation, by route and day, and where in their day they lie;
//! - [`histogram`]: mail lost by tenant;
//! - [`wire`]: tallies as bytes.

pub mod class;
pub mod curve;
pub mod fate;
pub mod histogram;
pub mod series;
pub mod stretch;
pub mod wire;

pub use class::{Class, ClassSet};
pub use curve::CurveCounts;
pub use fate::FateCounts;
pub use histogram::LogHistogram;
pub use series::Series;
pub use stretch::Stretch;

use std::collections::BTreeMap;

use crate::mail::amount::NANO;
use crate::mail::{MailAmount, NanoMessages};
use crate::world::PerRoute;

/// Sums for one group of a world under one scenario in one replication.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupTally {
    /// Mail sent by class, in grains; what of it is lost or delayed follows from the class (`measure` of the experiment crate).
    pub mail: Vec<MailAmount>,
    /// Server-seconds by class.
    pub seconds: Vec<i64>,
    /// Servers alive at the horizon by class.
    pub at_horizon: Vec<i64>,
    /// Remediations of servers under enforcement, by route.
    pub remediated: PerRoute<i64>,
    /// Servers remediated before they were ever detected, each once, by the route of their first remediation. A server that
    /// no baseline concerns is never among them.
    pub remediated_before: PerRoute<i64>,
    /// Servers at the start.
    pub servers: i64,
    /// Tenants.
    pub tenants: i64,
    /// Tenants that lost any mail.
    pub tenants_losing: i64,
    /// Mail lost by tenant, in whole messages.
    pub lost_by_tenant: LogHistogram,
    /// How servers and tenants fared against the baseline scenario.
    pub fate: FateCounts,
}

/// One scenario in one replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// By kind of mail (retry schedule), class and day; none in a tally of totals.
    pub series: Vec<Series>,
    /// By group.
    pub groups: Vec<GroupTally>,
    /// Tenants out of budget: change at each day (full days).
    pub out_of_budget: Vec<i64>,
    /// Pause days by the calendar year they were charged to.
    pub pause_days: BTreeMap<i16, i64>,
    /// Times to remediation: first cycles overall, then one curve for each baseline entry; in a tally of totals the first alone.
    pub curves: Vec<CurveCounts>,
}

/// The shape of a tally: how many of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Days of the study.
    pub days: usize,
    /// Classes of the scenario's ladder.
    pub classes: usize,
    /// Kinds of mail.
    pub kinds: usize,
    /// Groups.
    pub groups: usize,
    /// Baseline entries.
    pub entries: usize,
    /// Days of the curves.
    pub curve_days: usize,
}

impl Shape {
    /// About how many bytes a tally of this shape takes.
    pub fn bytes(&self) -> usize {
        let series = self.kinds * self.classes * (self.days + 1) * size_of::<series::DayCell>();
        let curves = (self.entries + 1) * (self.curve_days + 1) * 4 * (size_of::<i64>() + size_of::<curve::Within>());
        series + curves + self.days * size_of::<i64>()
    }
}

impl GroupTally {
    fn new(classes: usize) -> Self {
        GroupTally {
            mail: vec![0; classes],
            seconds: vec![0; classes],
            at_horizon: vec![0; classes],
            remediated: PerRoute::default(),
            remediated_before: PerRoute::default(),
            servers: 0,
            tenants: 0,
            tenants_losing: 0,
            lost_by_tenant: LogHistogram::default(),
            fate: FateCounts::default(),
        }
    }

    /// Counts a tenant that lived: what it lost, and its servers.
    #[inline]
    pub fn count_tenant(&mut self, lost: NanoMessages, servers: usize) {
        if lost == 0 {
            self.count_unharmed(1, servers as i64);
        } else {
            self.count_losing(lost, servers as i64);
        }
    }

    /// Counts tenants that lost nothing, with their servers.
    pub fn count_unharmed(&mut self, tenants: i64, servers: i64) {
        self.tenants += tenants;
        self.servers += servers;
        if tenants > 0 {
            self.lost_by_tenant.add_many(0, tenants as u64);
        }
    }

    fn count_losing(&mut self, lost: NanoMessages, servers: i64) {
        self.tenants += 1;
        self.servers += servers;
        self.tenants_losing += 1;
        // Nearly all losses fit into 64 bits, and a division in 128 bits is slow.
        let whole = match u64::try_from(lost + NANO / 2) {
            Ok(small) => small / NANO as u64,
            Err(_) => u64::try_from((lost + NANO / 2) / NANO).unwrap_or(u64::MAX),
        };
        self.lost_by_tenant.add(whole);
    }

    /// Counts time and grains of mail in a class, of a tally without series.
    #[inline]
    pub(crate) fn stand(&mut self, class: Class, mail: MailAmount, seconds: i64) {
        self.mail[class.index()] += mail;
        self.seconds[class.index()] += seconds;
    }

    /// Adds another tally of the same shape.
    pub fn merge(&mut self, other: &GroupTally) {
        add(&mut self.mail, &other.mail);
        add(&mut self.seconds, &other.seconds);
        add(&mut self.at_horizon, &other.at_horizon);
        add(self.remediated.iter_mut(), other.remediated.iter());
        add(self.remediated_before.iter_mut(), other.remediated_before.iter());
        self.servers += other.servers;
        self.tenants += other.tenants;
        self.tenants_losing += other.tenants_losing;
        self.lost_by_tenant.merge(&other.lost_by_tenant);
        self.fate.merge(&other.fate);
    }

    fn take_away(&mut self, other: &GroupTally) {
        take_away(&mut self.mail, &other.mail);
        take_away(&mut self.seconds, &other.seconds);
        take_away(&mut self.at_horizon, &other.at_horizon);
        take_away(self.remediated.iter_mut(), other.remediated.iter());
        take_away(self.remediated_before.iter_mut(), other.remediated_before.iter());
        self.servers -= other.servers;
        self.tenants -= other.tenants;
        self.tenants_losing -= other.tenants_losing;
        self.lost_by_tenant.take_away(&other.lost_by_tenant);
        self.fate.take_away(&other.fate);
    }
}

fn add<'a, T: Copy + std::ops::AddAssign + 'a>(
    into: impl IntoIterator<Item = &'a mut T>,
    from: impl IntoIterator<Item = &'a T>,
) {
    for (a, b) in into.into_iter().zip(from) {
        *a += *b;
    }
}

fn take_away<'a, T: Copy + std::ops::SubAssign + 'a>(
    from: impl IntoIterator<Item = &'a mut T>,
    gone: impl IntoIterator<Item = &'a T>,
) {
    for (a, b) in from.into_iter().zip(gone) {
        *a -= *b;
    }
}

impl Tally {
    /// An empty tally.
    pub fn new(shape: Shape) -> Self {
        Tally {
            // Not `vec![series; kinds]`, which makes one even where there is no kind.
            series: (0..shape.kinds).map(|_| Series::new(shape.classes, shape.days)).collect(),
            groups: vec![GroupTally::new(shape.classes); shape.groups],
            out_of_budget: vec![0; shape.days + 1],
            pause_days: BTreeMap::new(),
            curves: (0..shape.entries + 1).map(|_| CurveCounts::new(shape.curve_days)).collect(),
        }
    }

    /// An empty tally without its daily series and the curves of baseline entries, for lives of which only totals are read: it takes
    /// a small part of the memory.
    pub fn of_totals(shape: Shape) -> Self {
        Tally { series: Vec::new(), ..Tally::new(Shape { kinds: 0, entries: 0, ..shape }) }
    }

    /// An empty tally of sums alone, without series and curves: what was merged into it can be [taken away](Self::take_away) again, and
    /// it can [share the lives](Self::share_lives_of) of one that has them.
    pub(crate) fn of_sums(shape: Shape) -> Self {
        Tally { curves: Vec::new(), ..Tally::of_totals(Shape { curve_days: 0, ..shape }) }
    }

    /// The sums of a tally of totals.
    pub fn sums(&self) -> Self {
        let Tally { series: _, groups, out_of_budget, pause_days, curves: _ } = self;
        let (groups, out_of_budget, pause_days) = (groups.clone(), out_of_budget.clone(), pause_days.clone());
        Tally { series: Vec::new(), groups, out_of_budget, pause_days, curves: Vec::new() }
    }

    /// Forgets what depends on how much mail there is, and with it who fared how.
    pub(crate) fn forget_mail(&mut self) {
        for group in &mut self.groups {
            group.mail.fill(0);
            (group.servers, group.tenants, group.tenants_losing) = (0, 0, 0);
            (group.lost_by_tenant, group.fate.tenants) = (LogHistogram::default(), [0; 3]);
        }
    }

    /// Takes sums away that were merged into this tally. Series and curves stay: extremes cannot be taken away.
    pub(crate) fn take_away(&mut self, gone: &Tally) {
        for (a, b) in self.groups.iter_mut().zip(&gone.groups) {
            a.take_away(b);
        }
        take_away(&mut self.out_of_budget, &gone.out_of_budget);
        for (year, days) in &gone.pause_days {
            let left = self.pause_days.entry(*year).or_default();
            *left -= days;
            if *left == 0 {
                self.pause_days.remove(year);
            }
        }
    }

    /// Adds another tally of the same shape.
    pub fn merge(&mut self, other: &Tally) {
        for (a, b) in self.series.iter_mut().zip(&other.series) {
            a.merge(b);
        }
        for (a, b) in self.groups.iter_mut().zip(&other.groups) {
            a.merge(b);
        }
        add(&mut self.out_of_budget, &other.out_of_budget);
        for (&year, &days) in &other.pause_days {
            *self.pause_days.entry(year).or_default() += days;
        }
        for (a, b) in self.curves.iter_mut().zip(&other.curves) {
            a.merge(b);
        }
    }

    /// Takes over what another scenario counted whose tenants live the same lives: everything but what they lose and how
    /// that compares with the baseline scenario.
    pub fn share_lives_of(&mut self, lived: &Tally) {
        let Tally { series, groups, out_of_budget, pause_days, curves } = lived;
        self.series.clone_from(series);
        self.out_of_budget.clone_from(out_of_budget);
        self.pause_days.clone_from(pause_days);
        self.curves.clone_from(curves);
        for (own, lived) in self.groups.iter_mut().zip(groups) {
            let (lost_by_tenant, fate) = (std::mem::take(&mut own.lost_by_tenant), std::mem::take(&mut own.fate));
            *own = GroupTally { tenants_losing: own.tenants_losing, lost_by_tenant, fate, ..lived.clone() };
        }
    }
}
