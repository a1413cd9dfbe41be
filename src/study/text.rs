//! Text pieced together from files, which remembers where every piece came from.

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

#[derive(Clone, Debug)]
struct Piece {
    /// Where the piece starts in the whole text.
    at: usize,
    file: Arc<SourceFile>,
    /// Where it starts in its file, or `None` for text that stands in no file.
    offset: Option<usize>,
}

/// A text put together from pieces of files, so that an error anywhere in it can be shown where the user wrote it.
#[derive(Clone, Debug)]
pub struct Patchwork {
    text: String,
    pieces: Vec<Piece>,
}

impl Patchwork {
    /// Part of a file.
    pub fn part(file: &Arc<SourceFile>, range: Range<usize>) -> Self {
        let piece = Piece { at: 0, file: file.clone(), offset: Some(range.start) };
        Patchwork { text: file.text[range].to_owned(), pieces: vec![piece] }
    }

    /// A whole file.
    pub fn whole(file: &Arc<SourceFile>) -> Self {
        Self::part(file, 0..file.text.len())
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn slice(&self, range: Range<usize>) -> Patchwork {
        let mut pieces = Vec::new();
        for (i, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(i + 1).map_or(self.text.len(), |next| next.at);
            let (from, to) = (piece.at.max(range.start), end.min(range.end));
            if from < to {
                let offset = piece.offset.map(|offset| offset + from - piece.at);
                pieces.push(Piece { at: from - range.start, file: piece.file.clone(), offset });
            }
        }
        Patchwork { text: self.text[range].to_owned(), pieces }
    }

    fn push(&mut self, other: Patchwork) {
        let shift = self.text.len();
        self.pieces.extend(other.pieces.into_iter().map(|piece| Piece { at: piece.at + shift, ..piece }));
        self.text.push_str(&other.text);
    }

    fn push_filler(&mut self, text: &str, like: &Arc<SourceFile>) {
        self.pieces.push(Piece { at: self.text.len(), file: like.clone(), offset: None });
        self.text.push_str(text);
    }

    /// The text with `range` replaced by `before`, part of a file, and `after`.
    pub fn splice(&self, range: Range<usize>, before: &str, new: &Patchwork, after: &str) -> Patchwork {
        let mut out = self.slice(0..range.start);
        let file = new.pieces.first().or(self.pieces.first()).map(|piece| piece.file.clone());
        if let Some(file) = &file {
            out.push_filler(before, file);
            out.push(new.clone());
            out.push_filler(after, file);
        }
        out.push(self.slice(range.end..self.text.len()));
        out
    }

    /// The text with `range` overwritten by blanks, line ends kept, so that every other place stays where it is.
    pub fn blank(&self, range: Range<usize>) -> Patchwork {
        let mut out = self.clone();
        let blanks: String = self.text[range.clone()]
            .chars()
            .flat_map(|c| std::iter::repeat_n(if c == '\n' { '\n' } else { ' ' }, c.len_utf8()))
            .collect();
        out.text.replace_range(range, &blanks);
        out
    }

    /// Where a range of the text stands in its file; the nearest such place for text that stands in none.
    pub fn place(&self, range: Range<usize>) -> Option<Place> {
        let i = self.pieces.iter().rposition(|piece| piece.at <= range.start && piece.offset.is_some())?;
        let piece = &self.pieces[i];
        let end = self.pieces.get(i + 1).map_or(self.text.len(), |next| next.at);
        let offset = piece.offset?;
        let from = offset + range.start.min(end.saturating_sub(1).max(piece.at)) - piece.at;
        let to = offset + range.end.min(end).max(piece.at) - piece.at;
        Some(Place { file: piece.file.clone(), range: from..to.max(from) })
    }

    /// Byte position of a line and column (both from 1, columns in characters).
    pub fn byte_of(&self, line: usize, column: usize) -> usize {
        let start = if line <= 1 {
            0
        } else {
            self.text.match_indices('\n').nth(line - 2).map_or(self.text.len(), |(at, _)| at + 1)
        };
        let rest = &self.text[start..];
        start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
    }
}

/// RON text on one line: comments left out, blanks and line ends outside quotation marks as single blanks.
pub fn one_line(text: &str) -> String {
    let mut words = String::new();
    for (kind, part) in parts(text) {
        match kind {
            Part::Comment => words.push(' '),
            Part::Quoted => words.push_str(part),
            Part::Plain => words.extend(part.chars().map(|c| if c.is_whitespace() { '\u{1}' } else { c })),
        }
    }
    let words: Vec<&str> = words.split('\u{1}').filter(|word| !word.trim().is_empty()).map(str::trim).collect();
    words.join(" ")
}

/// What a part of a RON text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Numbers, names and brackets.
    Plain,
    /// A string, with its quotation marks.
    Quoted,
    /// A comment, up to the end of its line or to its closing sign.
    Comment,
}

/// Cuts a RON text into strings, comments and the rest; the parts joined are the text.
pub fn parts(text: &str) -> Vec<(Part, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let next = ["\"", "//", "/*"].iter().filter_map(|sign| rest.find(sign)).min().unwrap_or(rest.len());
        let (plain, from) = rest.split_at(next);
        if !plain.is_empty() {
            parts.push((Part::Plain, plain));
        }
        let (kind, length) = opening(from);
        if length > 0 {
            parts.push((kind, &from[..length]));
        }
        rest = &from[length..];
    }
    parts
}

/// The string or comment at the beginning of a text, and its length in bytes.
fn opening(text: &str) -> (Part, usize) {
    let ending = |sign: &str| text.get(2..).and_then(|inner| inner.find(sign)).map(|at| at + 2);
    if text.starts_with("//") {
        return (Part::Comment, ending("\n").unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return (Part::Comment, ending("*/").map_or(text.len(), |at| at + 2));
    }
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    (Part::Quoted, end.map_or(text.len(), |(at, _)| at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_joined_are_the_text() {
        let text = "(a: \"x // \\\" y\", // why \"so\"\n b: 2 /* and\n */, c: \"open";
        let found = parts(text);
        assert_eq!(found.iter().map(|part| part.1).collect::<String>(), text);
        let of = |kind| found.iter().filter(|part| part.0 == kind).map(|part| part.1).collect::<Vec<_>>();
        assert_eq!(of(Part::Quoted), ["\"x // \\\" y\"", "\"open"]);
        assert_eq!(of(Part::Comment), ["// why \"so\"", "/* and\n */"]);
    }

    #[test]
    fn values_stand_on_one_line_without_their_comments() {
        assert_eq!(
            one_line("(\n    a: \"two  words\", // why\n    b: [1,\n 2],\n)"),
            "( a: \"two  words\", b: [1, 2], )"
        );
        assert_eq!(one_line("\"2026-12-07\""), "\"2026-12-07\"");
    }

    fn file(path: &str, text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn every_place_of_a_spliced_text_leads_back_to_its_file() {
        let base = file("base.ron", "(a: 1,\n b: 2)");
        let study = file("study.ron", "set: {\"b\": 77}");
        let value = Patchwork::part(&study, 11..13);
        let spliced = Patchwork::whole(&base).splice(11..12, "", &value, "");
        assert_eq!(spliced.text(), "(a: 1,\n b: 77)");
        let place = spliced.place(11..13).unwrap();
        assert_eq!((place.file.path.as_str(), place.line_column(), place.excerpt()), ("study.ron", (1, 12), "77"));
        let place = spliced.place(8..9).unwrap();
        assert_eq!((place.file.path.as_str(), place.line_column(), place.excerpt()), ("base.ron", (2, 2), "b"));
        assert_eq!(spliced.place(13..14).unwrap().excerpt(), ")");
    }

    #[test]
    fn blanks_move_nothing() {
        let base = file("base.ron", "(a: \"ä\",\n b: 2)");
        let blanked = Patchwork::whole(&base).blank(1..9);
        assert_eq!(blanked.text(), "(        \n b: 2)");
        assert_eq!(blanked.byte_of(2, 2), 11);
    }
}
