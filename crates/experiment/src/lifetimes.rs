//! Times to remediation read from their counts: life tables, and survival curves with bands.
//!
//! Counts are kept by day with the sum, the least and the greatest of the times in it ([`brownout_kernel::tally::curve::Within`]). Up to
//! three times of a day, and any number of equal ones, are given back to the second. More are spread between the extremes as those
//! of a constant hazard with the same mean would lie ([`TruncatedExponential`]), in at most `PARTS` steps. Sums of times, and so
//! means, are exact, and so is every curve at the end of a day; within a day quantiles are right where the hazard is constant, and
//! never off by more than a day's spread.

use std::ops::RangeInclusive;

use brownout_kernel::stats::truncated::TruncatedExponential;
use brownout_kernel::stats::{IntervalType, LifeTable, SurvivalCurve};
use brownout_kernel::tally::CurveCounts;
use brownout_kernel::tally::curve::Within;
use brownout_kernel::time::DAY_SECONDS;
use brownout_kernel::world::{PerRoute, Route};

/// Steps in which the times of a day are spread: of about an hour, if they fill the day.
const PARTS: i64 = 24;

/// A share is passed for sure when this much less is left.
const MARGIN: f64 = 1e-6;

/// What happened at one time, in days.
struct EventTime {
    days: f64,
    events: PerRoute<u64>,
    censored: u64,
}

impl EventTime {
    fn events(&self) -> u64 {
        self.events.iter().fold(0, |sum, &count| sum.saturating_add(count))
    }

    /// Adds what happened later, in the same order.
    fn join(&mut self, later: &EventTime) {
        self.days = later.days;
        self.events = PerRoute::from_fn(|route| self.events[route].saturating_add(later.events[route]));
        self.censored = self.censored.saturating_add(later.censored);
    }
}

/// The life table of a curve, with the routes as causes and times in days; `None` if no server was ever detected.
pub fn life_table(curve: &CurveCounts) -> Option<LifeTable> {
    table_between(0.0..=1.0, curve)
}

/// The life table as far as is needed to read when some shares of the servers are left.
///
/// As long as surely more are left than the greatest of the shares, days are joined up to the next remediation after a censoring: the
/// curve at their end is the same but for rounding, far below what tells times apart. When surely less are left than the least, the
/// rest is censored.
///
/// - `shares`: the least and the greatest that are asked for, 0 to 1; `0.0..=1.0` gives the whole table.
pub fn table_between(shares: RangeInclusive<f64>, curve: &CurveCounts) -> Option<LifeTable> {
    let (least, greatest) = shares.into_inner();
    let sum = |counts: &Vec<i64>| counts.iter().fold(0u64, |sum, &count| sum.saturating_add(of(count)));
    let counts = curve.remediated.iter().chain([&curve.censored]);
    let everyone = counts.map(sum).fold(0, u64::saturating_add);
    // The product of the shares left, well beyond the rounding of any curve.
    let (mut left, mut passed) = (1.0, 0u64);
    let mut rows: Vec<EventTime> = Vec::new();
    let mut times: Vec<(f64, Option<Route>, u64)> = Vec::new();
    let mut is_joined = false;
    for day in 0..curve.days() {
        let row = whole_day(curve, day);
        let (events, first) = (row.events(), rows.len());
        if events == 0 && row.censored == 0 {
            continue;
        }
        // Where both happened it matters who was before.
        if (events == 0 || row.censored == 0) && left * share_after(&row, everyone, passed) > greatest + MARGIN {
            left *= share_after(&row, everyone, passed);
            passed = passed.saturating_add(events).saturating_add(row.censored);
            match rows.last_mut().filter(|last| is_joined && (events == 0 || last.censored == 0)) {
                Some(last) => last.join(&row),
                None => rows.push(row),
            }
            is_joined = true;
            continue;
        }
        is_joined = false;
        times_of_day(curve, day, &mut times, &mut rows);
        for row in &rows[first..] {
            left *= share_after(row, everyone, passed);
            passed = passed.saturating_add(row.events()).saturating_add(row.censored);
        }
        if left < least - MARGIN {
            let rest = everyone.saturating_sub(passed);
            rows.extend((rest > 0).then_some(EventTime {
                days: day as f64 + 1.0,
                events: PerRoute::default(),
                censored: rest,
            }));
            break;
        }
    }
    let rows = rows.iter().map(|row| (row.days, row.events.iter().as_slice(), row.censored));
    LifeTable::from_counts(3, rows).ok().filter(|table| table.n() > 0)
}

/// The share of those at risk that is left after a time.
fn share_after(row: &EventTime, everyone: u64, passed: u64) -> f64 {
    let at_risk = everyone.saturating_sub(passed) as f64;
    1.0 - row.events() as f64 / at_risk.max(1.0)
}

/// All that happened on a day, at its end.
fn whole_day(curve: &CurveCounts, day: usize) -> EventTime {
    let events = PerRoute::from_fn(|route| of(curve.remediated[route][day]));
    EventTime { days: day as f64, events, censored: of(curve.censored[day]) }
}

/// A count, 0 where it is none.
fn of(count: i64) -> u64 {
    count.max(0).unsigned_abs()
}

/// The times of a day, rising.
///
/// - `times`: memory that is used again.
fn times_of_day(
    curve: &CurveCounts,
    day: usize,
    times: &mut Vec<(f64, Option<Route>, u64)>,
    rows: &mut Vec<EventTime>,
) {
    times.clear();
    let remediated = Route::ALL.map(|route| (Some(route), &curve.remediated[route], &curve.within[route]));
    for (by, counts, within) in remediated.into_iter().chain([(None, &curve.censored, &curve.censored_within)]) {
        spread(counts[day], &within[day], |seconds, count| times.push((seconds, by, count)));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let before = (day as i64 - 1) * DAY_SECONDS;
    for same in times.chunk_by(|a, b| a.0 == b.0) {
        let days = (before as f64 + same[0].0) / DAY_SECONDS as f64;
        let mut row = EventTime { days, events: PerRoute::default(), censored: 0 };
        for &(_, by, count) in same {
            match by {
                Some(route) => row.events[route] += count,
                None => row.censored += count,
            }
        }
        rows.push(row);
    }
}

/// Tells `put` the times of a day in seconds from its beginning, each with how many there are.
fn spread(count: i64, within: &Within, mut put: impl FnMut(f64, u64)) {
    let (first, last) = (DAY_SECONDS - i64::from(within.lead), i64::from(within.latest));
    if count > 0 && first == last {
        return put(first as f64, count as u64);
    }
    if count > 0 {
        put(first as f64, 1);
    }
    if count > 1 {
        put(last as f64, 1);
    }
    let (between, sum) = (count.saturating_sub(2), i128::from(within.sum) - i128::from(first) - i128::from(last));
    if between < 1 {
        return;
    }
    if between == 1 {
        return put(sum as f64, 1);
    }
    let range = (last - first) as f64;
    let law = TruncatedExponential::with_mean((sum as f64 / between as f64 - first as f64) / range);
    let parts = i128::from(between.min(PARTS));
    let up_to = |part: i128| i128::from(between) * part / parts;
    let counts: Vec<u64> = (0..parts).map(|part| (up_to(part + 1) - up_to(part)) as u64).collect();
    let shares: Vec<f64> = counts.iter().map(|&count| count as f64 / between as f64).collect();
    for (place, count) in law.slices(&shares).into_iter().zip(counts) {
        put(first as f64 + range * place, count);
    }
}

/// The survival curve of the times with the 95 % band of independent servers (Greenwood).
///
/// Servers of a tenant are not independent; [`super::ScenarioResults::survival`] gives the band that knows of it.
pub fn survival(curve: &CurveCounts) -> Option<SurvivalCurve> {
    life_table(curve).map(|table| SurvivalCurve::new(&table, super::results::LEVEL, IntervalType::LogLog))
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_kernel::time::SimTime;
    use brownout_kernel::world::Route;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn counted(times: &[(i64, usize)]) -> CurveCounts {
        let (zero, mut counts) = (SimTime::from_seconds(0), CurveCounts::new(4));
        for &(seconds, kind) in times {
            match Route::ALL.get(kind) {
                Some(&route) => counts.remediate(route, zero, SimTime::from_seconds(seconds)),
                None => counts.censor(zero, SimTime::from_seconds(seconds)),
            }
        }
        counts
    }

    fn exact(times: &[(i64, usize)]) -> LifeTable {
        let cause = |kind: usize| if kind < 3 { kind + 1 } else { 0 };
        let times = times.iter().map(|&(seconds, kind)| (seconds as f64 / DAY_SECONDS as f64, cause(kind)));
        LifeTable::from_observations(3, times).unwrap()
    }

    #[test]
    fn up_to_three_times_of_a_day_come_back_to_the_second() {
        let times =
            [(0, 1), (0, 3), (3_600, 0), (3_600, 1), (5_000, 0), (80_001, 0), (86_400, 3), (86_401, 2), (100_000, 2)];
        assert_eq!(life_table(&counted(&times)).unwrap(), exact(&times));
    }

    #[test]
    fn any_number_of_equal_times_come_back_to_the_second() {
        let times = vec![(3_600, 1); 500];
        assert_eq!(life_table(&counted(&times)).unwrap(), exact(&times));
        assert_eq!(survival(&counted(&times)).unwrap().median().time, Some(1.0 / 24.0));
    }

    #[test]
    fn counts_that_are_no_counts_give_no_table() {
        let mut counts = counted(&[(5, 0)]);
        counts.remediated[Route::Patch][1] = i64::MAX;
        counts.remediated[Route::Upgrade][1] = i64::MAX;
        counts.within[Route::Upgrade][1] = Within { sum: i64::MIN, lead: u32::MAX, latest: u32::MAX };
        assert_eq!(life_table(&counts), None);
        assert_eq!(life_table(&CurveCounts::new(3)), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(9), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn a_table_between_shares_reads_like_the_whole(times in prop::collection::vec((0..9 * DAY_SECONDS, 0..4usize), 1..300)) {
            let counts = counted(&times);
            let read = |table: Option<LifeTable>, q| {
                table.and_then(|table| SurvivalCurve::new(&table, 0.0, IntervalType::Log).quantile(q).time.map(f64::to_bits))
            };
            for (q, least, greatest) in [(0.25, 0.75, 0.75), (0.5, 0.5, 0.5), (0.75, 0.25, 0.25), (0.5, 0.25, 0.75)] {
                prop_assert_eq!(read(table_between(least..=greatest, &counts), q), read(life_table(&counts), q));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(8), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn sums_and_the_ends_of_days_are_exact(times in prop::collection::vec((0..3 * DAY_SECONDS, 0..3usize), 1..200)) {
            let (found, right) = (life_table(&counted(&times)).unwrap(), exact(&times));
            let mean = |table: &LifeTable| SurvivalCurve::new(table, 0.95, IntervalType::Log).restricted_mean(4.0).unwrap().mean;
            prop_assert!((mean(&found) - mean(&right)).abs() < 1e-9, "{} {}", mean(&found), mean(&right));
            for day in 0..4 {
                let at = |table: &LifeTable| (table.standing_at(f64::from(day)).events, table.n());
                prop_assert_eq!(at(&found), at(&right));
            }
        }
    }
}
