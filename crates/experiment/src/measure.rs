//! What a tally says, in the units people read.

use std::cell::LazyCell;
use std::ops::RangeInclusive;

use super::lifetimes::table_between;
pub use super::lifetimes::{life_table, survival};
use brownout_kernel::mail::MailAmount;
use brownout_kernel::mail::amount::{messages, share_of};
use brownout_kernel::sim::Rules;
use brownout_kernel::stats::{IntervalType, SurvivalCurve, quantile_of_counts};
use brownout_kernel::tally::{GroupTally, LogHistogram, Tally};
use brownout_kernel::time::DAY_SECONDS;
use brownout_kernel::world::Route;

/// One number that a replication of a scenario comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // described by `about`
pub enum Measure {
    Sent,
    Lost,
    LostBlocked,
    LostExpired,
    Delayed,
    DelayHours,
    Exposure,
    NonCompliantServerDays,
    StillNonCompliant,
    StillFullyBlocked,
    RemediatedPatch,
    RemediatedUpgrade,
    RemediatedLeave,
    RemediatedBefore,
    TenantsLosingShare,
    LostByTenantP50,
    LostByTenantP90,
    LostByTenantP99,
    PauseDays,
    OutOfBudgetDays,
    FirstQuartileDays,
    MedianDays,
    ThirdQuartileDays,
    RestrictedMeanDays,
}

impl Measure {
    /// All measures, in the order of files.
    pub const ALL: [Measure; 24] = [
        Measure::Sent,
        Measure::Lost,
        Measure::LostBlocked,
        Measure::LostExpired,
        Measure::Delayed,
        Measure::DelayHours,
        Measure::Exposure,
        Measure::NonCompliantServerDays,
        Measure::StillNonCompliant,
        Measure::StillFullyBlocked,
        Measure::RemediatedPatch,
        Measure::RemediatedUpgrade,
        Measure::RemediatedLeave,
        Measure::RemediatedBefore,
        Measure::TenantsLosingShare,
        Measure::LostByTenantP50,
        Measure::LostByTenantP90,
        Measure::LostByTenantP99,
        Measure::PauseDays,
        Measure::OutOfBudgetDays,
        Measure::FirstQuartileDays,
        Measure::MedianDays,
        Measure::ThirdQuartileDays,
        Measure::RestrictedMeanDays,
    ];

    /// Key in files, unit and meaning.
    pub fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Measure::Sent => ("sent", "messages", "messages sent to the service"),
            Measure::Lost => ("lost", "messages", "messages lost, to blocking or to expiry"),
            Measure::LostBlocked => ("lost_blocked", "messages", "messages rejected by blocking"),
            Measure::LostExpired => ("lost_expired", "messages", "messages expired in the sender's queue"),
            Measure::Delayed => ("delayed", "messages", "messages accepted, but not at the first attempt"),
            Measure::DelayHours => ("delay_hours", "message-hours", "sum of the delays of delayed messages"),
            Measure::Exposure => ("exposure", "messages", "messages accepted from non-compliant servers"),
            Measure::NonCompliantServerDays => {
                ("non_compliant_server_days", "server-days", "time servers spent in breach of a baseline")
            }
            Measure::StillNonCompliant => ("still_non_compliant", "servers", "non-compliant servers at the horizon"),
            Measure::StillFullyBlocked => {
                ("still_fully_blocked", "servers", "servers blocked all the hour at the horizon")
            }
            Measure::RemediatedPatch => ("remediated_patch", "servers", "remediated under enforcement by patching"),
            Measure::RemediatedUpgrade => {
                ("remediated_upgrade", "servers", "remediated under enforcement by upgrading")
            }
            Measure::RemediatedLeave => ("remediated_leave", "servers", "remediated under enforcement by leaving"),
            Measure::RemediatedBefore => {
                ("remediated_before", "servers", "remediated before their first detection, each once")
            }
            Measure::TenantsLosingShare => ("tenants_losing_share", "share", "share of tenants that lost any mail"),
            Measure::LostByTenantP50 => ("lost_by_tenant_p50", "messages", "median over tenants of messages lost"),
            Measure::LostByTenantP90 => {
                ("lost_by_tenant_p90", "messages", "90th percentile over tenants of messages lost")
            }
            Measure::LostByTenantP99 => {
                ("lost_by_tenant_p99", "messages", "99th percentile over tenants of messages lost")
            }
            Measure::PauseDays => ("pause_days", "days", "pause days granted to tenants"),
            Measure::OutOfBudgetDays => {
                ("out_of_budget_tenant_days", "tenant-days", "days tenants had no pause days left")
            }
            Measure::FirstQuartileDays => {
                ("first_quartile_days", "days", "time after which a quarter of the servers is remediated")
            }
            Measure::ThirdQuartileDays => {
                ("third_quartile_days", "days", "time after which three quarters are remediated")
            }
            Measure::MedianDays => ("median_days", "days", "median time from first detection to remediation"),
            Measure::RestrictedMeanDays => {
                ("restricted_mean_days", "days", "mean time from first detection to remediation, cut at the horizon")
            }
        }
    }

    /// Where it stands among [`Measure::ALL`].
    pub fn index(self) -> usize {
        Measure::ALL.iter().position(|&other| other == self).unwrap_or_else(|| unreachable!("all measures are listed"))
    }

    /// Key in files.
    pub fn key(self) -> &'static str {
        self.about().0
    }

    /// Unit.
    pub fn unit(self) -> &'static str {
        self.about().1
    }
}

/// A number by day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DailyMeasure {
    /// Messages lost on the day.
    Lost,
    /// Of these, expired.
    LostExpired,
    /// Messages delayed.
    Delayed,
    /// Message-hours of delay.
    DelayHours,
    /// Messages accepted from non-compliant servers.
    Exposure,
    /// Non-compliant servers, mean over the day.
    NonCompliant,
    /// Tenants without pause days.
    OutOfBudget,
    /// Servers in a class, mean over the day; class by its index.
    Class(usize),
}

impl DailyMeasure {
    /// The measures of a scenario with so many classes, compliant servers left out.
    pub fn all(classes: usize) -> Vec<DailyMeasure> {
        use DailyMeasure::{DelayHours, Delayed, Exposure, Lost, LostExpired, NonCompliant, OutOfBudget};
        let mut all = vec![Lost, LostExpired, Delayed, DelayHours, Exposure, NonCompliant, OutOfBudget];
        all.extend((1..classes).map(DailyMeasure::Class));
        all
    }

    /// Key in files: `lost`, ..., `servers_unaware`, `servers_<stage>`, `servers_paused`.
    pub fn key(&self, class_names: &[String]) -> String {
        match self {
            DailyMeasure::Lost => "lost".to_owned(),
            DailyMeasure::LostExpired => "lost_expired".to_owned(),
            DailyMeasure::Delayed => "delayed".to_owned(),
            DailyMeasure::DelayHours => "delay_hours".to_owned(),
            DailyMeasure::Exposure => "exposure".to_owned(),
            DailyMeasure::NonCompliant => "non_compliant".to_owned(),
            DailyMeasure::OutOfBudget => "tenants_out_of_budget".to_owned(),
            DailyMeasure::Class(class) => format!("servers_{}", class_names[*class]),
        }
    }
}

/// One replication of one scenario, read from its tally.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicate {
    /// Values by group (0: all groups together, then each group), in the order of [`Measure::ALL`]; `None` if undefined.
    pub totals: Vec<Vec<Option<f64>>>,
    /// Values by daily measure (the order of [`DailyMeasure::all`]) and day.
    pub daily: Vec<Vec<f64>>,
    /// Pause days by calendar year.
    pub pause_days: std::collections::BTreeMap<i16, i64>,
}

impl Replicate {
    /// Reads a tally.
    pub fn read(rules: &Rules<'_>, tally: &Tally) -> Self {
        let totals = totals(rules, tally);
        Replicate { totals, daily: daily(rules, tally), pause_days: tally.pause_days.clone() }
    }
}

/// Values by group (0: all groups together, then each group), in the order of [`Measure::ALL`]; `None` if undefined.
pub fn totals(rules: &Rules<'_>, tally: &Tally) -> Vec<Vec<Option<f64>>> {
    totals_of(rules, tally, &Measure::ALL)
}

/// As [`totals`], of some measures alone: the others are `None`, and cost nothing.
pub fn totals_of(rules: &Rules<'_>, tally: &Tally, wanted: &[Measure]) -> Vec<Vec<Option<f64>>> {
    let mut all = tally.groups.first().cloned().unwrap_or_else(|| unreachable!("a world has at least one group"));
    for group in &tally.groups[1..] {
        all.merge(group);
    }
    let amounts: Vec<_> =
        tally.groups.iter().zip(0..).map(|(group, index)| Amounts::of_group(rules, index, group)).collect();
    let together = amounts.iter().fold(Amounts::default(), |sum, part| sum.plus(part));
    let mut totals = vec![values(rules, &all, &together, Some(tally), wanted)];
    let groups = tally.groups.iter().zip(&amounts);
    totals.extend(groups.map(|(group, amounts)| values(rules, group, amounts, None, wanted)));
    totals
}

/// Mail by fate, in grains, and how long it was delayed in all.
#[derive(Clone, Copy, Debug, Default)]
struct Amounts {
    sent: MailAmount,
    blocked: MailAmount,
    expired: MailAmount,
    delayed: MailAmount,
    /// In grains times minutes.
    delay_minutes: MailAmount,
    exposure: MailAmount,
}

impl Amounts {
    /// The fates of mail sent in one class.
    fn of_class(rules: &Rules<'_>, kind: usize, class: usize, sent: MailAmount) -> Self {
        if sent == 0 {
            return Amounts::default();
        }
        let outcome = &rules.outcomes[kind][class];
        let part = |parts: u64| share_of(sent, parts, outcome.parts);
        let (blocked, expired) = (part(outcome.lost_blocked), part(outcome.lost_expired));
        Amounts {
            sent,
            blocked,
            expired,
            delayed: part(outcome.delayed),
            delay_minutes: share_of(sent, outcome.delay_minutes(), outcome.parts),
            exposure: if rules.classes.is_non_compliant(class) { sent - blocked - expired } else { 0 },
        }
    }

    fn of_group(rules: &Rules<'_>, index: usize, group: &GroupTally) -> Self {
        let classes = group.mail.iter().enumerate();
        classes.fold(Amounts::default(), |sum, (class, &sent)| {
            sum.plus(&Self::of_class(rules, rules.kind_of(index), class, sent))
        })
    }

    fn plus(self, other: &Amounts) -> Self {
        Amounts {
            sent: self.sent + other.sent,
            blocked: self.blocked + other.blocked,
            expired: self.expired + other.expired,
            delayed: self.delayed + other.delayed,
            delay_minutes: self.delay_minutes + other.delay_minutes,
            exposure: self.exposure + other.exposure,
        }
    }

    fn delay_hours(&self) -> f64 {
        messages(self.delay_minutes) / 60.0
    }
}

fn values(
    rules: &Rules<'_>,
    group: &GroupTally,
    mail: &Amounts,
    tally: Option<&Tally>,
    wanted: &[Measure],
) -> Vec<Option<f64>> {
    let non_compliant = |counts: &[i64]| counts[1..].iter().sum::<i64>();
    let blocked_fully = |counts: &[i64]| -> i64 {
        (0..counts.len()).filter(|&class| rules.classes.minutes(class).block() == 60).map(|class| counts[class]).sum()
    };
    let by_tenant = |q| quantile_of_counts(&group.lost_by_tenant.counts(), q).map(|value| value as f64);
    // Times are read off the curve itself, so its band, level 0, is left out.
    let curve = LazyCell::new(|| {
        let table = tally.and_then(|tally| table_between(shares_wanted(wanted), &tally.curves[0]));
        table.map(|table| SurvivalCurve::new(&table, 0.0, IntervalType::Log))
    });
    let horizon_days = rules.horizon.since(rules.start).days_f64();
    let value = |measure| -> Option<f64> {
        Some(match measure {
            Measure::Sent => messages(mail.sent),
            Measure::Lost => messages(mail.blocked + mail.expired),
            Measure::LostBlocked => messages(mail.blocked),
            Measure::LostExpired => messages(mail.expired),
            Measure::Delayed => messages(mail.delayed),
            Measure::DelayHours => mail.delay_hours(),
            Measure::Exposure => messages(mail.exposure),
            Measure::NonCompliantServerDays => non_compliant(&group.seconds) as f64 / DAY_SECONDS as f64,
            Measure::StillNonCompliant => non_compliant(&group.at_horizon) as f64,
            Measure::StillFullyBlocked => blocked_fully(&group.at_horizon) as f64,
            Measure::RemediatedPatch => group.remediated[Route::Patch] as f64,
            Measure::RemediatedUpgrade => group.remediated[Route::Upgrade] as f64,
            Measure::RemediatedLeave => group.remediated[Route::Leave] as f64,
            Measure::RemediatedBefore => group.remediated_before.iter().sum::<i64>() as f64,
            Measure::TenantsLosingShare => share(group.tenants_losing, group.tenants)?,
            Measure::LostByTenantP50 => by_tenant(0.5)?,
            Measure::LostByTenantP90 => by_tenant(0.9)?,
            Measure::LostByTenantP99 => by_tenant(0.99)?,
            Measure::PauseDays => tally?.pause_days.values().sum::<i64>() as f64,
            Measure::OutOfBudgetDays => out_of_budget(tally?).iter().sum::<f64>(),
            Measure::FirstQuartileDays => curve.as_ref()?.quantile(0.25).time?,
            Measure::MedianDays => curve.as_ref()?.median().time?,
            Measure::ThirdQuartileDays => curve.as_ref()?.quantile(0.75).time?,
            Measure::RestrictedMeanDays => curve.as_ref()?.restricted_mean(horizon_days)?.mean,
        })
    };
    Measure::ALL.map(|measure| wanted.contains(&measure).then(|| value(measure)).flatten()).to_vec()
}

/// Between which shares of the servers left the curve of times to remediation must be known.
fn shares_wanted(wanted: &[Measure]) -> RangeInclusive<f64> {
    let shares = |measure: &Measure| match measure {
        Measure::FirstQuartileDays => Some((0.75, 0.75)),
        Measure::MedianDays => Some((0.5, 0.5)),
        Measure::ThirdQuartileDays => Some((0.25, 0.25)),
        Measure::RestrictedMeanDays => Some((0.0, 1.0)),
        _ => None,
    };
    let wanted = || wanted.iter().filter_map(shares);
    let least = wanted().map(|shares| shares.0).fold(1.0, f64::min);
    least..=wanted().map(|shares| shares.1).fold(least, f64::max)
}

fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn out_of_budget(tally: &Tally) -> Vec<f64> {
    let changes = &tally.out_of_budget;
    let running = changes[..changes.len() - 1].iter().scan(0, |sum, change| {
        *sum += change;
        Some(*sum as f64)
    });
    running.collect()
}

fn daily(rules: &Rules<'_>, tally: &Tally) -> Vec<Vec<f64>> {
    let days = rules.calendar.days();
    let classes = rules.classes.len();
    let mut mail = vec![Amounts::default(); days];
    let mut seconds = vec![vec![0i64; days]; classes];
    for (kind, series) in tally.series.iter().enumerate() {
        for (class, seconds) in seconds.iter_mut().enumerate() {
            for (day, total) in series.days_of(&rules.calendar, class).enumerate() {
                seconds[day] += total.seconds;
                mail[day] = mail[day].plus(&Amounts::of_class(rules, kind, class, total.mail));
            }
        }
    }
    let servers = |class: usize| seconds[class].iter().map(|&s| s as f64 / DAY_SECONDS as f64).collect();
    let by_day = |value: fn(&Amounts) -> f64| mail.iter().map(value).collect();
    let read = |measure: &DailyMeasure| -> Vec<f64> {
        match *measure {
            DailyMeasure::Lost => by_day(|m| messages(m.blocked + m.expired)),
            DailyMeasure::LostExpired => by_day(|m| messages(m.expired)),
            DailyMeasure::Delayed => by_day(|m| messages(m.delayed)),
            DailyMeasure::DelayHours => by_day(Amounts::delay_hours),
            DailyMeasure::Exposure => by_day(|m| messages(m.exposure)),
            DailyMeasure::NonCompliant => {
                let sum = |day| (1..classes).map(|class| seconds[class][day]).sum::<i64>();
                (0..days).map(|day| sum(day) as f64 / DAY_SECONDS as f64).collect()
            }
            DailyMeasure::OutOfBudget => out_of_budget(tally),
            DailyMeasure::Class(class) => servers(class),
        }
    };
    DailyMeasure::all(classes).iter().map(read).collect()
}

/// The histogram of mail lost by tenant over all groups.
pub fn lost_by_tenant(tally: &Tally) -> LogHistogram {
    let mut all = LogHistogram::default();
    for group in &tally.groups {
        all.merge(&group.lost_by_tenant);
    }
    all
}
