//! Pauses asked for, pauses granted, and what a tenant has spent on them.

use super::{PauseBook, PauseError, PauseRules};
use crate::time::{SimDuration, SimTime};

/// A request for a pause of whole days from an instant. Nothing says that a budget can pay for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PauseRequest {
    /// First paused instant.
    pub at: SimTime,
    /// Whole days.
    pub days: u32,
}

/// A stretch of paused time, grants that carry on each other taken together: `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub(crate) from: SimTime,
    pub(crate) to: SimTime,
}

impl Pause {
    /// First paused instant.
    pub const fn from(&self) -> SimTime {
        self.from
    }

    /// First instant after the pause.
    pub const fn to(&self) -> SimTime {
        self.to
    }
}

/// A request that was granted: its days are paid for. Only a [`PauseBook`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Granted {
    at: SimTime,
    from: SimTime,
    days: u32,
}

impl Granted {
    /// Days from an instant, paid for by the book that says so.
    pub(super) const fn new(at: SimTime, from: SimTime, days: u32) -> Self {
        Granted { at, from, days }
    }

    /// The instant for which it was asked.
    pub fn at(&self) -> SimTime {
        self.at
    }

    /// First instant that it pauses: later than [`at`](Self::at) where it carries on a pause that runs.
    pub fn from(&self) -> SimTime {
        self.from
    }

    /// First instant after it.
    pub fn to(&self) -> SimTime {
        self.from + SimDuration::from_days(i64::from(self.days))
    }

    /// Whole days, at least 1.
    pub fn days(&self) -> u32 {
        self.days
    }

    /// What was asked for to get it.
    pub fn request(&self) -> PauseRequest {
        PauseRequest { at: self.at, days: self.days }
    }
}

/// The stretches of time that grants pause, in order, none touching another.
pub fn paused(grants: &[Granted]) -> Vec<Pause> {
    let mut grants = grants.to_vec();
    grants.sort_unstable_by_key(|grant| grant.from);
    let mut stretches: Vec<Pause> = Vec::new();
    for grant in grants {
        match stretches.last_mut() {
            Some(last) if last.to >= grant.from => last.to = last.to.max(grant.to()),
            _ => stretches.push(Pause { from: grant.from, to: grant.to() }),
        }
    }
    stretches
}

/// What a tenant has spent of its budgets: the pauses it was granted, and days of each year besides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spent {
    grants: Vec<Granted>,
    book: PauseBook,
}

impl Spent {
    /// What these pauses and days come to.
    ///
    /// - `used`: days spent besides the pauses: (calendar year, days).
    /// - `had`: the pauses, in any order.
    ///
    /// # Errors
    /// [`PauseError`] for the first pause that the budgets cannot pay.
    pub fn new(rules: &PauseRules, used: &[(i16, u32)], had: &[PauseRequest]) -> Result<Self, PauseError> {
        let mut book = PauseBook::new();
        used.iter().for_each(|&(year, days)| book.note_used(year, days));
        let grants = book.grant_all(rules, had)?;
        Ok(Spent { grants, book })
    }

    /// The pauses, in order of time.
    pub fn grants(&self) -> &[Granted] {
        &self.grants
    }

    /// The tenant's book after them.
    pub fn book(&self) -> &PauseBook {
        &self.book
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    #[test]
    fn grants_that_touch_pause_one_stretch() {
        let wish = |text: &str, days| PauseRequest { at: at(text), days };
        let wishes = [wish("2026-12-01", 4), wish("2026-10-01", 10), wish("2026-10-05", 5), wish("2026-10-16", 1)];
        let mut book = PauseBook::new();
        let grants = book.grant_all(&PauseRules::default(), &wishes).unwrap();
        let stretches = [("2026-10-01", "2026-10-17"), ("2026-12-01", "2026-12-05")];
        assert_eq!(paused(&grants), stretches.map(|(from, to)| Pause { from: at(from), to: at(to) }));
        let days: u32 = grants.iter().map(Granted::days).sum();
        assert_eq!((days, book.used(2026)), (20, 20));
    }
}
