//! The calendar that a new one replaces: what it said, so that what fell away can be called off.
//!
//! Reads only what [`ics`](super::ics) writes; everything else is passed over.

use super::ics::{Calendar, Cancelled};
use brownout_kernel::time::{SimDuration, SimTime};

/// A former calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Former {
    /// Highest sequence number of its events.
    sequence: i64,
    /// Newest stamp of its events.
    stamp: Option<SimTime>,
    events: Vec<FormerEvent>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct FormerEvent {
    uid: String,
    summary: String,
    category: String,
    /// Lines that say when it is, as they stand.
    when: Vec<String>,
    /// When it ends.
    ends: Option<SimTime>,
}

impl Former {
    /// Reads `plan.ics`.
    pub fn read(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace("\n ", "");
        let mut former = Former::default();
        let mut event: Option<FormerEvent> = None;
        let mut in_alarm = false;
        for line in text.lines() {
            let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
            let Some((name, value)) = line.split_once(':') else { continue };
            match (name, value, &mut event) {
                ("BEGIN", "VEVENT", _) => event = Some(FormerEvent::default()),
                ("BEGIN", "VALARM", _) => in_alarm = true,
                ("END", "VALARM", _) => in_alarm = false,
                ("END", "VEVENT", _) => former.events.extend(event.take().filter(|event| !event.uid.is_empty())),
                ("SEQUENCE", number, _) => former.sequence = former.sequence.max(number.parse().unwrap_or(0)),
                ("DTSTAMP", at, _) => former.stamp = former.stamp.max(instant(at)),
                (_, _, Some(event)) if !in_alarm => event.take(name, value, &line),
                _ => {}
            }
        }
        former
    }

    /// What the calendar of several tenants holds of one, as that one's own calendar says it.
    pub fn of_tenant(&self, tenant: &str) -> Self {
        let own = |event: &FormerEvent| {
            let (cancelled, summary) = match event.summary.strip_prefix(CANCELLED) {
                Some(summary) => (CANCELLED, summary),
                None => ("", event.summary.as_str()),
            };
            let summary = summary.strip_prefix(tenant)?.strip_prefix(": ")?;
            Some(FormerEvent { summary: format!("{cancelled}{summary}"), ..event.clone() })
        };
        Former { events: self.events.iter().filter_map(own).collect(), ..*self }
    }

    /// Puts a calendar in the place of this one: it is newer, and what it no longer holds and is not past is cancelled in it.
    pub fn replace_by(&self, calendar: &mut Calendar) {
        let now = calendar.stamp;
        if self.events.is_empty() {
            return;
        }
        calendar.sequence = calendar.sequence.max(self.sequence.saturating_add(1));
        let later = self.stamp.map(|stamp| stamp + SimDuration::from_seconds(1));
        calendar.stamp = later.map_or(calendar.stamp, |later| later.max(calendar.stamp));
        let gone = self.events.iter().filter(|old| calendar.events.iter().all(|event| event.uid != old.uid));
        let ahead = gone.filter(|old| old.ends.is_none_or(|ends| ends > now));
        calendar.cancelled = ahead.map(FormerEvent::cancelled).collect();
    }
}

impl FormerEvent {
    fn take(&mut self, name: &str, value: &str, line: &str) {
        match name {
            "UID" => self.uid = value.to_owned(),
            "SUMMARY" => self.summary = value.to_owned(),
            "CATEGORIES" => self.category = value.to_owned(),
            _ if name.starts_with("DTSTART") => self.when.push(line.to_owned()),
            _ if name.starts_with("DTEND") => {
                self.when.push(line.to_owned());
                self.ends = instant(value);
            }
            _ => {}
        }
    }

    fn cancelled(&self) -> Cancelled {
        let summary = self.summary.strip_prefix(CANCELLED).unwrap_or(&self.summary);
        Cancelled {
            uid: self.uid.clone(),
            when: self.when.clone(),
            summary: format!("{CANCELLED}{summary}"),
            category: self.category.clone(),
        }
    }
}

/// What the name of an event that was called off begins with.
const CANCELLED: &str = "Cancelled: ";

/// `20261224T000000Z` or `20261224`.
fn instant(text: &str) -> Option<SimTime> {
    let part = |range: std::ops::Range<usize>| text.get(range);
    let date = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?);
    match text.len() {
        8 => date.parse().ok(),
        _ => format!("{date}T{}:{}:{}Z", part(9..11)?, part(11..13)?, part(13..15)?).parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ics::{Event, When};
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn calendar(stamp: &str, uids: &[&str]) -> Calendar {
        let event = |uid: &&str| Event {
            uid: format!("{uid}@brownout"),
            when: When::Instants(at("2026-12-14"), at("2026-12-14T00:30:00Z")),
            summary: format!("pause {uid}, long; {}", "ä".repeat(80)),
            description: "two\nlines".into(),
            category: "pause",
            alarm: true,
        };
        let events = uids.iter().map(event).collect();
        Calendar { name: "x".into(), stamp: at(stamp), sequence: 7, events, cancelled: Vec::new() }
    }

    fn text(calendar: &Calendar) -> String {
        String::from_utf8(calendar.bytes()).unwrap()
    }

    #[test]
    fn what_fell_away_is_cancelled_and_everything_grows() {
        let first = text(&calendar("2026-11-26", &["a", "b"]));
        let mut second = calendar("2026-11-26", &["a"]);
        Former::read(&first).replace_by(&mut second);
        assert_eq!((second.sequence, second.stamp), (8, at("2026-11-26T00:00:01Z")));
        assert_eq!(second.cancelled.len(), 1);
        let second = text(&second).replace("\r\n ", "");
        let cancelled = second.split("BEGIN:VEVENT").find(|event| event.contains("b@brownout")).unwrap();
        for part in
            ["STATUS:CANCELLED", "SEQUENCE:8", "DTSTART:20261214T000000Z", "SUMMARY:Cancelled: pause b\\, long\\; "]
        {
            assert!(cancelled.contains(part), "{part}: {cancelled}");
        }
        let mut third = calendar("2026-11-27", &["b"]);
        Former::read(&second).replace_by(&mut third);
        let third = text(&third).replace("\r\n ", "");
        assert_eq!((third.matches("SEQUENCE:9").count(), third.matches("STATUS:CANCELLED").count()), (2, 1));
        assert!(!third.contains("Cancelled: Cancelled"));
    }

    #[test]
    fn what_is_past_happened() {
        let mut later = calendar("2026-12-15", &[]);
        Former::read(&text(&calendar("2026-11-26", &["a"]))).replace_by(&mut later);
        assert_eq!(later.cancelled, []);
    }

    #[test]
    fn what_is_no_calendar_is_nothing() {
        assert_eq!(Former::read("BEGIN:VEVENT\nUID\nnothing\u{1b}[31m"), Former::default());
    }
}
