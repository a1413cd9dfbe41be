//! Pauses: whole days, charged to calendar years, never beyond the budget.

use super::granted::{Granted, Pause, PauseRequest};
use crate::limits::{Limits, Refusal};
use crate::time::{SimDuration, SimTime};

/// To which calendar year a pause day is charged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charge {
    /// To the year in which the day begins.
    #[default]
    YearOfDay,
    /// All days of a grant to the year of the grant.
    YearOfGrant,
}

/// The rules of pauses. The defaults are the best reading of the sources (DOMAIN 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PauseRules {
    pub(crate) budget_days: u32,
    pub(crate) freezes: bool,
    pub(crate) freezes_report: bool,
    pub(crate) charge: Charge,
}

impl PauseRules {
    /// Days of a budget: at most a whole year.
    pub const BUDGET_DAYS: Limits<i64> = Limits::new("budget_days", 0, 366, " days");

    /// Days a tenant may spend in one calendar year.
    pub const fn budget_days(&self) -> u32 {
        self.budget_days
    }

    /// Whether the clock stands while paused (the default) or runs on.
    pub const fn freezes(&self) -> bool {
        self.freezes
    }

    /// Whether a pause in the report stage also stops the clock.
    pub const fn freezes_report(&self) -> bool {
        self.freezes_report
    }

    /// To which year a day is charged.
    pub const fn charge(&self) -> Charge {
        self.charge
    }

    /// The rules with another budget.
    ///
    /// # Errors
    /// If it lies outside [`BUDGET_DAYS`](Self::BUDGET_DAYS).
    pub fn with_budget_days(self, days: i64) -> Result<Self, Refusal> {
        Ok(PauseRules { budget_days: Self::BUDGET_DAYS.check(days)? as u32, ..self })
    }

    /// The rules with a clock that stands while paused, or runs on.
    #[must_use]
    pub const fn with_freezes(self, freezes: bool) -> Self {
        PauseRules { freezes, ..self }
    }

    /// The rules with a clock that stands in a pause of the report stage, or runs on.
    #[must_use]
    pub const fn with_freezes_report(self, freezes_report: bool) -> Self {
        PauseRules { freezes_report, ..self }
    }

    /// The rules with days charged to another year.
    #[must_use]
    pub const fn with_charge(self, charge: Charge) -> Self {
        PauseRules { charge, ..self }
    }
}

impl Default for PauseRules {
    fn default() -> Self {
        PauseRules { budget_days: 90, freezes: true, freezes_report: true, charge: Charge::YearOfDay }
    }
}

/// Why a pause is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum PauseError {
    #[error(
        "a pause of {asked} days from {at} needs {needed} pause days of {year}, of which {left} are left; ask for at most \
         {possible} days, or start later"
    )]
    OverBudget { at: SimTime, asked: u32, year: i16, needed: u32, left: u32, possible: u32 },
    #[error("a pause of 0 days does nothing; ask for at least 1 day")]
    NoDays,
}

/// A tenant's pauses: what was granted, and what is left of each year's budget.
#[derive(Debug, Default, PartialEq)]
pub struct PauseBook {
    used: Vec<(i16, u32)>,
    /// What the newest grant charged.
    newest: Vec<(i16, u32)>,
    current: Option<Pause>,
}

impl Clone for PauseBook {
    fn clone(&self) -> Self {
        PauseBook { used: self.used.clone(), newest: self.newest.clone(), current: self.current }
    }

    /// In memory that is there already.
    fn clone_from(&mut self, other: &Self) {
        let PauseBook { used, newest, current } = other;
        self.used.clone_from(used);
        self.newest.clone_from(newest);
        self.current = *current;
    }
}

impl PauseBook {
    /// An empty book.
    pub const fn new() -> Self {
        PauseBook { used: Vec::new(), newest: Vec::new(), current: None }
    }

    /// Forgets everything but keeps its memory.
    pub fn clear(&mut self) {
        self.used.clear();
        self.newest.clear();
        self.current = None;
    }

    /// Turns an empty book to where another stands: days used by year, and the beginning and the end of the newest pause.
    pub(crate) fn stand(&mut self, used: &[(i16, u32)], [from, to]: [SimTime; 2]) {
        self.used.extend_from_slice(used);
        self.current = Some(Pause { from, to });
    }

    /// Notes days already spent in a year before the book was opened.
    pub fn note_used(&mut self, year: i16, days: u32) {
        self.charge(year, days);
    }

    /// Days used of a year's budget.
    pub fn used(&self, year: i16) -> u32 {
        self.used.iter().find(|entry| entry.0 == year).map_or(0, |entry| entry.1)
    }

    /// Years with any day used, and how many.
    pub fn used_by_year(&self) -> &[(i16, u32)] {
        &self.used
    }

    /// The years the newest grant was charged to in order, each with its days.
    pub fn newest_charges(&self) -> &[(i16, u32)] {
        &self.newest
    }

    /// Days left of a year's budget.
    pub fn left(&self, rules: &PauseRules, year: i16) -> u32 {
        rules.budget_days.saturating_sub(self.used(year))
    }

    /// The newest pause, extensions included.
    pub fn current(&self) -> Option<Pause> {
        self.current
    }

    /// Whether the tenant is paused at `at`.
    #[inline]
    pub fn is_paused(&self, at: SimTime) -> bool {
        self.current.is_some_and(|pause| pause.from <= at && at < pause.to)
    }

    /// Grants exactly `days` from `at`, or from the end of the pause that runs at `at`. Grants are made in order of time.
    ///
    /// # Errors
    /// [`PauseError::OverBudget`] names the first year that cannot pay and the days it has left; nothing is granted then.
    pub fn grant(&mut self, rules: &PauseRules, at: SimTime, days: u32) -> Result<Granted, PauseError> {
        if days == 0 {
            return Err(PauseError::NoDays);
        }
        let mut book = self.clone();
        let Paid { days: possible, short } = book.pay(rules, at, days);
        if let Some((year, needed)) = short {
            let left = self.left(rules, year);
            return Err(PauseError::OverBudget { at, asked: days, year, needed, left, possible });
        }
        *self = book;
        Ok(self.extend(at, days))
    }

    /// Grants requests in order of time, whatever order they stand in.
    ///
    /// # Errors
    /// [`PauseError`] for the first request that the budgets cannot pay; those before it are granted.
    pub fn grant_all(&mut self, rules: &PauseRules, requests: &[PauseRequest]) -> Result<Vec<Granted>, PauseError> {
        let mut requests = requests.to_vec();
        requests.sort();
        requests.into_iter().map(|request| self.grant(rules, request.at, request.days)).collect()
    }

    /// Grants up to `days` from `at`: as many from the first on as the years can pay, `None` if not even one.
    pub fn grant_up_to(&mut self, rules: &PauseRules, at: SimTime, days: u32) -> Option<Granted> {
        let granted = self.pay(rules, at, days).days;
        (granted > 0).then(|| self.extend(at, granted))
    }

    fn start_of_grant(&self, at: SimTime) -> SimTime {
        self.current.filter(|pause| pause.from <= at && at < pause.to).map_or(at, |pause| pause.to)
    }

    /// Charges as many of `days`, from the first on, as the budgets can pay.
    fn pay(&mut self, rules: &PauseRules, at: SimTime, days: u32) -> Paid {
        let from = self.start_of_grant(at);
        let mut paid = 0;
        self.newest.clear();
        while paid < days {
            let (year, needed) = share(rules.charge, at, from + SimDuration::from_days(i64::from(paid)), days - paid);
            let here = needed.min(self.left(rules, year));
            if here > 0 {
                self.charge(year, here);
                self.newest.push((year, here));
            }
            paid += here;
            if here < needed {
                return Paid { days: paid, short: Some((year, needed)) };
            }
        }
        Paid { days: paid, short: None }
    }

    /// Pauses for days that are paid for.
    fn extend(&mut self, at: SimTime, days: u32) -> Granted {
        let from = self.start_of_grant(at);
        let to = from + SimDuration::from_days(i64::from(days));
        let begun = if from == at { from } else { self.current.map_or(from, |pause| pause.from) };
        self.current = Some(Pause { from: begun, to });
        Granted::new(at, from, days)
    }

    fn charge(&mut self, year: i16, days: u32) {
        match self.used.iter_mut().find(|entry| entry.0 == year) {
            Some(entry) => entry.1 += days,
            None => self.used.push((year, days)),
        }
    }
}

/// What budgets could pay of a grant.
struct Paid {
    /// Days, from the first one on.
    days: u32,
    /// The year that could not pay, with the days it was asked for.
    short: Option<(i16, u32)>,
}

/// The year to which `day` of a grant is charged, and how many of `rest` days from there on.
#[inline(never)] // in a loop the compiler would work out both years first
fn share(charge: Charge, grant: SimTime, day: SimTime, rest: u32) -> (i16, u32) {
    match charge {
        Charge::YearOfDay => {
            let year = day.year();
            let until_new_year = SimTime::year_start(year + 1).since(day).days_ceil();
            (year, rest.min(until_new_year as u32))
        }
        Charge::YearOfGrant => (grant.year(), rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    #[test]
    fn both_budgets_over_new_year_give_180_days() {
        for (start, end) in [("2026-10-03", "2027-04-01"), ("2027-10-03", "2028-03-31")] {
            let mut book = PauseBook::new();
            let pause = book.grant(&PauseRules::default(), at(start), 180).unwrap();
            assert_eq!((pause.from(), pause.to(), pause.days()), (at(start), at(end), 180));
            assert_eq!(book.left(&PauseRules::default(), at(start).year()), 0);
            assert_eq!(book.left(&PauseRules::default(), at(end).year()), 0);
        }
    }

    #[test]
    fn an_overspending_request_names_the_year_and_the_days_left() {
        let rules = PauseRules::default();
        let mut book = PauseBook::new();
        book.note_used(2026, 80);
        let error = book.grant(&rules, at("2026-12-01"), 20).unwrap_err();
        assert!(matches!(error, PauseError::OverBudget { year: 2026, needed: 20, left: 10, possible: 10, .. }));
        assert!(error.to_string().contains("20 pause days of 2026, of which 10 are left"), "{error}");
        assert_eq!(book.used(2026), 80, "nothing was booked");
        let error = PauseBook::new().grant(&rules, at("2026-12-31"), 120).unwrap_err();
        assert!(matches!(error, PauseError::OverBudget { year: 2027, needed: 119, left: 90, possible: 91, .. }));
    }

    #[test]
    fn a_behaviour_takes_what_is_left() {
        let rules = PauseRules::default();
        let mut book = PauseBook::new();
        book.note_used(2026, 70);
        let pause = book.grant_up_to(&rules, at("2026-12-01"), 90).unwrap();
        assert_eq!(book.newest_charges(), [(2026, 20)]);
        assert_eq!(pause.days(), 20, "2026 cannot pay for 21 to 31 December, so 2027 is not reached");
        assert_eq!(book.grant_up_to(&rules, at("2026-12-25"), 5), None);
        assert_eq!(book.used(2027), 0);
    }

    #[test]
    fn a_grant_while_paused_extends_the_pause() {
        let rules = PauseRules::default();
        let mut book = PauseBook::new();
        book.grant(&rules, at("2026-10-01"), 10).unwrap();
        let more = book.grant(&rules, at("2026-10-05"), 5).unwrap();
        assert_eq!((more.at(), more.from(), more.to()), (at("2026-10-05"), at("2026-10-11"), at("2026-10-16")));
        assert_eq!(book.current(), Some(Pause { from: at("2026-10-01"), to: at("2026-10-16") }));
        assert!(book.is_paused(at("2026-10-15T23:59:59Z")) && !book.is_paused(at("2026-10-16")));
        assert_eq!(book.used(2026), 15);
    }

    #[test]
    fn days_can_all_be_charged_to_the_year_of_the_grant() {
        let rules = PauseRules { charge: Charge::YearOfGrant, ..PauseRules::default() };
        let mut book = PauseBook::new();
        book.grant(&rules, at("2026-12-31"), 90).unwrap();
        assert_eq!((book.used(2026), book.used(2027)), (90, 0));
        assert!(book.grant(&rules, at("2026-12-31T12:00:00Z"), 1).is_err());
    }

    #[test]
    fn a_day_that_begins_before_midnight_of_new_year_is_the_old_year_s() {
        let mut book = PauseBook::new();
        book.grant(&PauseRules::default(), at("2026-12-30T23:59:59Z"), 3).unwrap();
        assert_eq!((book.used(2026), book.used(2027)), (2, 1));
        assert_eq!(book.newest_charges(), [(2026, 2), (2027, 1)]);
        book.grant(&PauseRules::default(), at("2027-02-01"), 4).unwrap();
        assert_eq!(book.newest_charges(), [(2027, 4)]);
    }

    #[test]
    fn a_zero_budget_pauses_nothing() {
        let rules = PauseRules { budget_days: 0, ..PauseRules::default() };
        assert!(PauseBook::new().grant(&rules, at("2026-10-01"), 1).is_err());
        assert_eq!(PauseBook::new().grant_up_to(&rules, at("2026-10-01"), 30), None);
    }
}
