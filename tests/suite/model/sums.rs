//! Whatever the world and the policy, counts add up: servers, days, mail, by class, fate, day and group.

use brownout::experiment::{DailyMeasure, Measure, Replicate, Runner};
use brownout::mail::{MailOutcome, RetrySchedule};
use brownout::policy::{Minutes, WindowLayout};
use brownout::retries;
use proptest::prelude::*;

use crate::generated::{a_study, config};

proptest! {
    #![proptest_config(config(48, 3))]

    /// Model: Numbers.
    #[test]
    fn measures_of_a_replication_add_up_over_fates_days_and_groups(study in a_study(false)) {
        let runner = Runner::new(&study);
        let tallies = runner.replicate(0, &|_| {});
        let found = Replicate::read(&runner.rules()[0], &tallies[0]);
        let of = |group: usize, measure: Measure| {
            let place = Measure::ALL.iter().position(|known| *known == measure).unwrap();
            found.totals[group][place].unwrap()
        };
        let total = |measure| of(0, measure);
        // Amounts are whole grains, rounded once when they become messages: 1e-9 of the whole is far above that.
        let equal = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
        prop_assert!(equal(total(Measure::Lost), total(Measure::LostBlocked) + total(Measure::LostExpired)));
        prop_assert!(total(Measure::Exposure) + total(Measure::Lost) <= total(Measure::Sent) * (1.0 + 1e-9));
        prop_assert!(total(Measure::Delayed) <= total(Measure::Exposure) * (1.0 + 1e-9), "what is delayed is accepted late");
        prop_assert!(total(Measure::StillFullyBlocked) <= total(Measure::StillNonCompliant));
        prop_assert!(equal(total(Measure::PauseDays), found.pause_days.values().sum::<i64>() as f64));
        for measure in [Measure::Sent, Measure::Lost, Measure::Delayed, Measure::Exposure, Measure::NonCompliantServerDays] {
            let groups: f64 = (1..found.totals.len()).map(|group| of(group, measure)).sum();
            prop_assert!(equal(total(measure), groups), "{:?} by group", measure);
        }
        let days = DailyMeasure::all(runner.rules()[0].classes.len());
        for (daily, measure) in [
            (DailyMeasure::Lost, Measure::Lost), (DailyMeasure::LostExpired, Measure::LostExpired),
            (DailyMeasure::Delayed, Measure::Delayed), (DailyMeasure::DelayHours, Measure::DelayHours),
            (DailyMeasure::Exposure, Measure::Exposure), (DailyMeasure::NonCompliant, Measure::NonCompliantServerDays),
        ] {
            let place = days.iter().position(|known| *known == daily).unwrap();
            let sum: f64 = found.daily[place].iter().sum();
            // The shares of each day's mail are rounded down day by day, by less than 1e-13 of a message; the rest are sums of floats.
            prop_assert!((sum - total(measure)).abs() <= 1e-9 + 1e-9 * sum, "{:?} by day: {} of {}", measure, sum, total(measure));
        }
    }

    /// Model: Numbers.
    #[test]
    fn classes_and_curves_of_a_replication_add_up(study in a_study(false)) {
        let runner = Runner::new(&study);
        let tally = &runner.replicate(0, &|_| {})[0];
        let group = &tally.groups[0];
        let rules = &runner.rules()[0];
        let seconds = study.horizon().since(study.start()).seconds();
        let left = group.servers - group.at_horizon.iter().sum::<i64>();
        prop_assert!((0..=group.servers).contains(&left));
        let lived: i64 = group.seconds.iter().sum();
        prop_assert!(lived <= group.servers * seconds && lived >= (group.servers - left) * seconds);
        prop_assert_eq!(left == 0, lived == group.servers * seconds);
        // The days of every class add up to its total, in seconds and in mail.
        for class in 0..rules.classes.len() {
            let days = tally.series.iter().flat_map(|series| series.days_of(&rules.calendar, class));
            let sum = days.fold((0, 0), |sum, day| (sum.0 + day.seconds, sum.1 + day.mail));
            prop_assert_eq!(sum, (group.seconds[class], group.mail[class]), "class {}", class);
        }
        // Every cycle ends in a remediation or at the horizon; first cycles are one a server at most.
        let cycles: i64 = tally.curves[1..].iter().map(|curve| curve.total()).sum();
        let under_enforcement: i64 = group.at_horizon[2..].iter().sum();
        prop_assert_eq!(cycles, group.remediated.iter().sum::<i64>() + under_enforcement);
        prop_assert!(tally.curves[0].total() <= group.servers && tally.curves[0].total() <= cycles);
        prop_assert_eq!(group.lost_by_tenant.counts().iter().map(|c| c.1).sum::<u64>(), group.tenants as u64);
    }
}

proptest! {
    #![proptest_config(config(300, 4))]

    /// Model: Mail.
    #[test]
    fn accepted_delayed_and_lost_parts_are_all_parts(
        t in 0u8..=60, b in 0u8..=60, layout in 0usize..3, schedule in 0usize..3, minutes in 1u32..=1440,
    ) {
        prop_assume!(t + b <= 60);
        let layout = [WindowLayout::Separate, WindowLayout::Adjacent, WindowLayout::Random][layout];
        let schedule = [retries::MAILBOX, retries::EDGE, RetrySchedule::Fixed { minutes }][schedule];
        let outcome = MailOutcome::compute(Minutes::new(t, b).unwrap(), layout, schedule);
        prop_assert_eq!(outcome.at_once + outcome.delayed + outcome.lost_blocked + outcome.lost_expired, outcome.parts);
        prop_assert_eq!(outcome.lost(), outcome.lost_blocked + outcome.lost_expired);
        let accepted = outcome.share(outcome.at_once);
        prop_assert!((accepted - f64::from(60 - t - b) / 60.0).abs() < 1e-12, "{} accepted at once", accepted);
        prop_assert!(b > 0 || outcome.lost_blocked == 0);
        prop_assert!(t > 0 || outcome.delayed + outcome.lost_expired == 0);
        let longest = outcome.delay_quantile_seconds(1.0).unwrap_or(0);
        prop_assert!(outcome.mean_delay_seconds().is_none_or(|mean| mean <= f64::from(longest) && longest < 2 * 86_400));
    }
}
