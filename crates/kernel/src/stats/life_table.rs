//! The life table: how many were at risk, had an event of each cause, and were censored, at each time.

/// Times to an event as grouped whole counts, the common input of the survival estimates.
///
/// Everyone is at risk from time 0 until their own event or censoring. At equal times events come before censorings:
/// who is censored at `t` still counts as at risk at `t`. Equal times are exactly equal numbers; nothing is rounded
/// together.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeTable {
    cause_count: usize,
    n: u64,
    rows: Vec<LifeRow>,
}

/// What happened at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeRow {
    /// The time, finite and at least 0, in the caller's unit.
    pub time: f64,
    /// Those without event or censoring before this time.
    pub at_risk: u64,
    /// Events at this time by cause; cause 1 comes first.
    pub events: ByCause,
    /// Those censored at this time, after its events.
    pub censored: u64,
}

/// Causes up to which a row needs no memory of its own.
const INLINE: usize = 3;

/// Counts by cause; reads as a slice.
///
/// A table has thousands of rows, nearly always with few causes: these counts lie in the row itself.
#[derive(Clone, Debug)]
pub struct ByCause(Held);

#[derive(Clone, Debug)]
enum Held {
    Few(u8, [u64; INLINE]),
    Many(Box<[u64]>),
}

impl From<&[u64]> for ByCause {
    fn from(counts: &[u64]) -> Self {
        let mut few = [0; INLINE];
        match few.get_mut(..counts.len()) {
            Some(room) => {
                room.copy_from_slice(counts);
                ByCause(Held::Few(counts.len() as u8, few))
            }
            None => ByCause(Held::Many(counts.into())),
        }
    }
}

impl std::ops::Deref for ByCause {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match &self.0 {
            Held::Few(count, few) => &few[..usize::from(*count)],
            Held::Many(many) => many,
        }
    }
}

impl PartialEq for ByCause {
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}

/// The counts under the axis of a survival figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskCounts {
    /// Those whose event or censoring comes at the time asked for, or later.
    pub at_risk: u64,
    /// Events of any cause up to and including that time.
    pub events: u64,
    /// Censorings up to and including that time.
    pub censored: u64,
}

/// Why counts or observations are not a life table.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LifeTableError {
    /// A time is negative, infinite or NaN.
    #[error("time {time} of a life table is not a finite number from 0 up")]
    BadTime {
        /// The time given.
        time: f64,
    },
    /// Times must rise from row to row.
    #[error("time {time} of a life table does not lie after {before}, the time before it")]
    NotRising {
        /// The earlier row's time.
        before: f64,
        /// The time that should have been later.
        time: f64,
    },
    /// A row has another number of causes than the table.
    #[error("the row at time {time} counts {given} causes; expected {expected}")]
    CauseCount {
        /// The row's time.
        time: f64,
        /// Causes in the row.
        given: usize,
        /// Causes of the table.
        expected: usize,
    },
    /// An observation names a cause the table does not have.
    #[error("cause {cause} does not exist; expected 0 (censored) to {cause_count}")]
    UnknownCause {
        /// The cause given.
        cause: usize,
        /// Causes of the table.
        cause_count: usize,
    },
    /// The counts add up to more than 2^64 - 1.
    #[error("the counts of a life table add up to more than 18446744073709551615")]
    TooMany,
}

impl LifeRow {
    /// Events of any cause.
    pub fn events_all(&self) -> u64 {
        self.events.iter().sum()
    }
}

impl LifeTable {
    /// A table from rows (time, events by cause, censored). Rows that count nobody are left out.
    ///
    /// - `cause_count`: length of every row's `events`.
    /// - Times: finite, at least 0, strictly rising.
    ///
    /// # Errors
    /// [`LifeTableError`], for the first row that breaks a rule.
    pub fn from_counts<'a>(
        cause_count: usize,
        rows: impl IntoIterator<Item = (f64, &'a [u64], u64)>,
    ) -> Result<Self, LifeTableError> {
        let rows = rows.into_iter();
        let mut table = LifeTable { cause_count, n: 0, rows: Vec::with_capacity(rows.size_hint().0) };
        let mut before = None;
        for (time, events, censored) in rows {
            table.append(before, time, events, censored)?;
            before = Some(time);
        }
        let mut left = table.n;
        for row in &mut table.rows {
            row.at_risk = left;
            left -= row.events_all() + row.censored;
        }
        Ok(table)
    }

    /// A table from single observations (time, cause) in any order: cause 0 is a censoring, `1..=cause_count` an event.
    ///
    /// # Errors
    /// [`LifeTableError::BadTime`] or [`LifeTableError::UnknownCause`].
    pub fn from_observations(
        cause_count: usize,
        observations: impl IntoIterator<Item = (f64, usize)>,
    ) -> Result<Self, LifeTableError> {
        let mut sorted: Vec<(f64, usize)> = observations.into_iter().collect();
        if let Some(&(_, cause)) = sorted.iter().find(|&&(_, cause)| cause > cause_count) {
            return Err(LifeTableError::UnknownCause { cause, cause_count });
        }
        if let Some(&(time, _)) = sorted.iter().find(|&&(time, _)| !is_time(time)) {
            return Err(LifeTableError::BadTime { time });
        }
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut rows: Vec<(f64, Vec<u64>)> = Vec::new();
        for same_time in sorted.chunk_by(|a, b| a.0 == b.0) {
            let mut counts = vec![0; cause_count + 1];
            same_time.iter().for_each(|&(_, cause)| counts[cause] += 1);
            rows.push((same_time[0].0, counts));
        }
        Self::from_counts(cause_count, rows.iter().map(|(time, counts)| (*time, &counts[1..], counts[0])))
    }

    /// Number of causes.
    pub fn cause_count(&self) -> usize {
        self.cause_count
    }

    /// Everyone in the table, events and censorings together.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The rows in rising order of time; none of them counts nobody.
    pub fn rows(&self) -> &[LifeRow] {
        &self.rows
    }

    /// The counts as they stand at `time`, for the table under a survival curve.
    pub fn standing_at(&self, time: f64) -> RiskCounts {
        let at_risk = self.rows.iter().find(|row| row.time >= time).map_or(0, |row| row.at_risk);
        let past = self.rows.iter().take_while(|row| row.time <= time);
        let (events, censored) = past.fold((0, 0), |(e, c), row| (e + row.events_all(), c + row.censored));
        RiskCounts { at_risk, events, censored }
    }

    /// Adds a checked row, leaving who is at risk for later.
    fn append(&mut self, before: Option<f64>, time: f64, events: &[u64], censored: u64) -> Result<(), LifeTableError> {
        if !is_time(time) {
            return Err(LifeTableError::BadTime { time });
        }
        if let Some(before) = before.filter(|&before| before >= time) {
            return Err(LifeTableError::NotRising { before, time });
        }
        if events.len() != self.cause_count {
            return Err(LifeTableError::CauseCount { time, given: events.len(), expected: self.cause_count });
        }
        let n = events.iter().try_fold(self.n, |sum, &count| sum.checked_add(count));
        let n = n.and_then(|sum| sum.checked_add(censored)).ok_or(LifeTableError::TooMany)?;
        if n > self.n {
            self.rows.push(LifeRow { time, at_risk: 0, events: events.into(), censored });
        }
        self.n = n;
        Ok(())
    }
}

fn is_time(time: f64) -> bool {
    time.is_finite() && time >= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::{LUNG, VETERAN_STANDARD, VETERAN_TEST, table};

    #[test]
    fn the_published_sets_are_complete() {
        let events = |table: &LifeTable| table.standing_at(f64::MAX).events;
        assert_eq!((table(LUNG).n(), events(&table(LUNG))), (228, 165));
        let arms = [table(VETERAN_STANDARD), table(VETERAN_TEST)];
        assert_eq!(arms.each_ref().map(|arm| (arm.n(), events(arm))), [(69, 64), (68, 64)]);
    }

    #[test]
    fn observations_and_counts_give_the_same_table() {
        let observed = [(5.0, 1), (2.0, 0), (5.0, 0), (2.0, 2), (5.0, 1)];
        let rows: [(f64, &[u64], u64); 3] = [(2.0, &[0, 1], 1), (3.0, &[0, 0], 0), (5.0, &[2, 0], 1)];
        let table = LifeTable::from_counts(2, rows).unwrap();
        assert_eq!(table, LifeTable::from_observations(2, observed).unwrap());
        assert_eq!(table.rows().iter().map(|row| row.at_risk).collect::<Vec<_>>(), [5, 3]);
    }

    #[test]
    fn a_censoring_still_counts_as_at_risk_at_its_own_time() {
        let table = LifeTable::from_observations(1, [(2.0, 1), (2.0, 0), (5.0, 1)]).unwrap();
        assert_eq!(table.standing_at(2.0), RiskCounts { at_risk: 3, events: 1, censored: 1 });
        assert_eq!(table.standing_at(0.0), RiskCounts { at_risk: 3, events: 0, censored: 0 });
        assert_eq!(table.standing_at(2.1), RiskCounts { at_risk: 1, events: 1, censored: 1 });
        assert_eq!(table.standing_at(9.0), RiskCounts { at_risk: 0, events: 2, censored: 1 });
    }

    #[test]
    fn refuses_times_that_fall_stand_still_or_are_no_times() {
        let rows = |first: f64, second: f64| {
            LifeTable::from_counts(1, [(first, [1].as_slice(), 0), (second, [1].as_slice(), 0)]).unwrap_err()
        };
        assert_eq!(rows(2.0, 2.0), LifeTableError::NotRising { before: 2.0, time: 2.0 });
        assert_eq!(rows(-1.0, 2.0), LifeTableError::BadTime { time: -1.0 });
        assert!(matches!(rows(1.0, f64::NAN), LifeTableError::BadTime { .. }));
        let infinite = LifeTable::from_observations(1, [(f64::INFINITY, 0)]);
        assert_eq!(infinite, Err(LifeTableError::BadTime { time: f64::INFINITY }));
    }

    #[test]
    fn refuses_unknown_causes_and_counts_that_overflow() {
        let unknown = LifeTable::from_observations(2, [(1.0, 3)]);
        assert_eq!(unknown, Err(LifeTableError::UnknownCause { cause: 3, cause_count: 2 }));
        let short = LifeTable::from_counts(2, [(1.0, [1].as_slice(), 0)]);
        assert_eq!(short, Err(LifeTableError::CauseCount { time: 1.0, given: 1, expected: 2 }));
        assert_eq!(LifeTable::from_counts(1, [(1.0, [u64::MAX].as_slice(), 1)]), Err(LifeTableError::TooMany));
    }

    #[test]
    fn an_empty_table_is_a_table_of_nobody() {
        let table = LifeTable::from_observations(1, []).unwrap();
        assert_eq!((table.n(), table.rows().len()), (0, 0));
        assert_eq!(table.standing_at(1.0), RiskCounts { at_risk: 0, events: 0, censored: 0 });
    }
}
