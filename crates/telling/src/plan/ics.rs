//! Calendars in the form of RFC 5545, as Outlook imports them.
//!
//! Lines end in CR LF and are folded at 75 octets, text is escaped, instants are UTC. The stamp of an event is given, never the
//! clock's. Written here because the libraries for it stamp the time of day and random numbers where none are given.

use brownout_kernel::time::{Day, SimDuration, SimTime};

/// Longest line in octets, without its end (RFC 5545, 3.1).
const LINE_MAX: usize = 75;

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its name, as calendar programs show it.
    pub name: String,
    /// When what it says was true; the stamp of every event.
    pub stamp: SimTime,
    /// Grows with every new issue of the same calendar, so that its events replace the former ones; at least 0.
    pub sequence: i64,
    /// The events.
    pub events: Vec<Event>,
    /// Events of a former issue that are called off.
    pub cancelled: Vec<Cancelled>,
}

/// An event that is called off, its values in the form of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// The event's.
    pub uid: String,
    /// Lines that say when it was to be.
    pub when: Vec<String>,
    /// What it was, escaped.
    pub summary: String,
    /// Its kind, escaped.
    pub category: String,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The same in every issue of the calendar, and nowhere else.
    pub uid: String,
    /// When it is.
    pub when: When,
    /// What it is, in a line.
    pub summary: String,
    /// What must be known for it; may have several lines.
    pub description: String,
    /// Its kind.
    pub category: &'static str,
    /// Whether people are asked a day before.
    pub alarm: bool,
}

/// When an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// From an instant to another, which must be later.
    Instants(SimTime, SimTime),
    /// Whole days from the first to the last; they keep nobody busy.
    Days(Day, Day),
}

impl Calendar {
    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        line(&mut out, "BEGIN:VCALENDAR");
        line(&mut out, "VERSION:2.0");
        line(&mut out, &format!("PRODID:-//brownout//brownout {}//EN", env!("CARGO_PKG_VERSION")));
        line(&mut out, "CALSCALE:GREGORIAN");
        line(&mut out, "METHOD:PUBLISH");
        line(&mut out, &format!("X-WR-CALNAME:{}", escape(&self.name)));
        self.events.iter().for_each(|event| self.event(&mut out, event));
        self.cancelled.iter().for_each(|event| self.cancel(&mut out, event));
        line(&mut out, "END:VCALENDAR");
        out.into_bytes()
    }

    fn cancel(&self, out: &mut String, event: &Cancelled) {
        self.begin(out, &event.uid);
        line(out, "STATUS:CANCELLED");
        event.when.iter().for_each(|when| line(out, when));
        line(out, "TRANSP:TRANSPARENT");
        line(out, &format!("SUMMARY:{}", event.summary));
        line(out, &format!("CATEGORIES:{}", event.category));
        line(out, "END:VEVENT");
    }

    fn begin(&self, out: &mut String, uid: &str) {
        line(out, "BEGIN:VEVENT");
        line(out, &format!("UID:{uid}"));
        line(out, &format!("DTSTAMP:{}", instant(self.stamp)));
        line(out, &format!("SEQUENCE:{}", self.sequence));
    }

    fn event(&self, out: &mut String, event: &Event) {
        self.begin(out, &escape(&event.uid));
        match event.when {
            When::Instants(from, to) => {
                line(out, &format!("DTSTART:{}", instant(from)));
                line(out, &format!("DTEND:{}", instant(to)));
            }
            When::Days(first, last) => {
                line(out, &format!("DTSTART;VALUE=DATE:{}", date(first)));
                // The end of whole days is the first day after them.
                line(out, &format!("DTEND;VALUE=DATE:{}", date((last.start() + SimDuration::DAY).day())));
                line(out, "TRANSP:TRANSPARENT");
            }
        }
        line(out, &format!("SUMMARY:{}", escape(&event.summary)));
        line(out, &format!("DESCRIPTION:{}", escape(&event.description)));
        line(out, &format!("CATEGORIES:{}", escape(event.category)));
        if event.alarm {
            let words = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D"];
            words.into_iter().for_each(|text| line(out, text));
            line(out, &format!("DESCRIPTION:{}", escape(&event.summary)));
            line(out, "END:VALARM");
        }
        line(out, "END:VEVENT");
    }
}

/// `20261224T000000Z`.
fn instant(at: SimTime) -> String {
    at.to_string().replace(['-', ':'], "")
}

/// `20261224`.
fn date(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// Text as a value: backslash, comma and semicolon escaped, line ends written out, other control characters left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ',' | ';' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Adds a line, folded where it is too long; no character is cut.
fn line(out: &mut String, text: &str) {
    let mut room = LINE_MAX;
    for letter in text.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            // The blank counts.
            room = LINE_MAX - 1;
        }
        room -= letter.len_utf8();
        out.push(letter);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn calendar(summary: &str) -> String {
        let event = Event {
            uid: "1@brownout".into(),
            when: When::Instants(at("2026-12-24T08:00:00Z"), at("2026-12-24T12:00:00Z")),
            summary: summary.into(),
            description: "first line\nsecond; with, signs \\ and \r\u{7} none".into(),
            category: "cut-over",
            alarm: true,
        };
        let days =
            Event { when: When::Days(at("2026-12-31").day(), at("2026-12-31").day()), alarm: false, ..event.clone() };
        let calendar = Calendar {
            name: "x".into(),
            stamp: at("2026-11-21"),
            sequence: 7,
            events: vec![event, days],
            cancelled: vec![],
        };
        String::from_utf8(calendar.bytes()).unwrap()
    }

    #[test]
    fn instants_are_utc_and_days_end_on_the_day_after() {
        let text = calendar("s");
        for line in ["DTSTART:20261224T080000Z", "DTSTAMP:20261121T000000Z", "SEQUENCE:7"] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}");
        }
        assert!(text.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"));
        assert_eq!((text.matches("TRIGGER:-P1D").count(), text.matches("TRANSP:TRANSPARENT").count()), (1, 1));
    }

    #[test]
    fn text_is_escaped() {
        assert!(calendar("s").contains("DESCRIPTION:first line\\nsecond\\; with\\, signs \\\\ and  none\r\n"));
    }

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        let summary = "ä€😀, ".repeat(60);
        let text = calendar(&summary);
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{}", summary.replace(',', "\\,"))));
    }
}
