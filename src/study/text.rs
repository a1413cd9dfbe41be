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

#[cfg(test)]
mod tests {
    use super::*;

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
