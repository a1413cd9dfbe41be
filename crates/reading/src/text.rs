//! Files that were read, places in them, and RON text as people see it.

use std::ops::Range;
use std::sync::Arc;

/// A file that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as the user would write it.
    pub path: String,
    /// Content.
    pub text: String,
}

/// Most bytes of a line that are shown before and from a place on.
const BEFORE_MAX: usize = 200;
const AFTER_MAX: usize = 240;

/// A place in a file, 1-based as editors count; columns count characters.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Bytes of the file.
    pub range: Range<usize>,
}

impl Place {
    /// Line and column of the first byte.
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.file.text[..self.range.start.min(self.file.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        (line, column)
    }

    /// The lines of a file, in order.
    pub fn lines(file: &Arc<SourceFile>) -> Vec<Place> {
        let mut start = 0;
        let lines = file.text.split_inclusive('\n').map(|line| {
            let range = start..start + line.trim_end_matches(['\n', '\r']).len();
            start += line.len();
            Place { file: Arc::clone(file), range }
        });
        lines.collect()
    }

    /// The first line of the place, cut to what a person reads: the text from a little before the place on, the place in it,
    /// and the number of the line. Long lines are cut on both sides.
    pub fn line(&self) -> (&str, Range<usize>, usize) {
        let text = self.file.text.as_str();
        let start = self.range.start.min(text.len());
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let mut from = line.max(start.saturating_sub(BEFORE_MAX));
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = line_end.min(start + AFTER_MAX);
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let shown = text[from..to].trim_end_matches('\r');
        let end = self.range.end.clamp(start, to);
        (shown, start - from..(end - from).min(shown.len()).max(start - from), self.line_column().0)
    }

    /// The text of the place.
    pub fn excerpt(&self) -> &str {
        self.file.text.get(self.range.clone()).unwrap_or("")
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.file.path == other.file.path && self.range == other.range
    }
}

/// RON text on one line: comments left out, blanks and line ends outside quotation marks as single blanks.
pub fn one_line(text: &str) -> String {
    let mut words = String::new();
    for (kind, part) in passages(text) {
        match kind {
            PassageKind::Comment => words.push(' '),
            PassageKind::Quoted => words.push_str(part),
            PassageKind::Plain => words.extend(part.chars().map(|c| if c.is_whitespace() { '\u{1}' } else { c })),
        }
    }
    let words: Vec<&str> = words.split('\u{1}').filter(|word| !word.trim().is_empty()).map(str::trim).collect();
    words.join(" ")
}

/// What a passage of a RON text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassageKind {
    /// Numbers, names and brackets.
    Plain,
    /// A string, with its quotation marks.
    Quoted,
    /// A comment, up to the end of its line or to its closing sign.
    Comment,
}

/// Cuts a RON text into strings, comments and the rest; the passages joined are the text.
pub fn passages(text: &str) -> Vec<(PassageKind, &str)> {
    let mut passages = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, from) = rest.split_at(plain_length(rest));
        if !plain.is_empty() {
            passages.push((PassageKind::Plain, plain));
        }
        let (kind, length) = opening(from);
        if length > 0 {
            passages.push((kind, &from[..length]));
        }
        rest = &from[length..];
    }
    passages
}

/// Bytes before the first string or comment; only they are looked at.
fn plain_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let begins = |at: usize| match bytes[at] {
        b'"' => true,
        b'/' => matches!(bytes.get(at + 1), Some(b'/' | b'*')),
        _ => false,
    };
    (0..bytes.len()).find(|&at| begins(at)).unwrap_or(bytes.len())
}

/// The string or comment at the beginning of a text, and its length in bytes.
fn opening(text: &str) -> (PassageKind, usize) {
    let ending = |sign: &str| text.get(2..).and_then(|inner| inner.find(sign)).map(|at| at + 2);
    if text.starts_with("//") {
        return (PassageKind::Comment, ending("\n").unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return (PassageKind::Comment, ending("*/").map_or(text.len(), |at| at + 2));
    }
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    (PassageKind::Quoted, end.map_or(text.len(), |(at, _)| at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_joined_are_the_text() {
        let text = "(a: \"x // \\\" y\", // why \"so\"\n b: 2 /* and\n */, c: \"open";
        let found = passages(text);
        assert_eq!(found.iter().map(|part| part.1).collect::<String>(), text);
        let of = |kind| found.iter().filter(|part| part.0 == kind).map(|part| part.1).collect::<Vec<_>>();
        assert_eq!(of(PassageKind::Quoted), ["\"x // \\\" y\"", "\"open"]);
        assert_eq!(of(PassageKind::Comment), ["// why \"so\"", "/* and\n */"]);
    }

    #[test]
    fn values_stand_on_one_line_without_their_comments() {
        assert_eq!(
            one_line("(\n    a: \"two  words\", // why\n    b: [1,\n 2],\n)"),
            "( a: \"two  words\", b: [1, 2], )"
        );
        assert_eq!(one_line("\"2026-12-07\""), "\"2026-12-07\"");
    }
}
