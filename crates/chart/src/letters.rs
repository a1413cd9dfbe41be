//! Letters that the embedded font lacks: where they stand in a picture, a number stands instead, and a key below says so.
//!
//! The font has Latin letters. A name in another script would become a row of equal boxes, and two such names could not be told
//! apart. So before a figure becomes pixels, every run of missing letters is replaced: a server whose whole name is missing is
//! called `server 1`, a scenario `scenario 2`, a run within other letters `[3]`; equal runs get equal numbers. The key gives the
//! code points, and the PNG's metadata carry the true names. SVG and pages keep them: there the reader's own fonts help.
//! Accents that stand as characters of their own are joined with their letter where the font has the pair.

mod figure;

use super::face::has;
use super::page::{Mark, Page};
use super::spec::Figure;

/// Key of the metadata that carry the true names.
const METADATA: &str = "brownout names";
/// Code points of a run that the key gives at most.
const POINTS_MAX: usize = 6;
/// Entries of the key at most; further ones are counted.
const ENTRIES_MAX: usize = 12;

/// Letters with an accent, by accent: the plain letters, and in the same order the joined ones.
const JOINED: [(char, &str, &str); 12] = [
    ('\u{300}', "AEIOUaeiouNn", "ÀÈÌÒÙàèìòùǸǹ"),
    ('\u{301}', "AEIOUYaeiouyCcLlNnRrSsZz", "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹź"),
    ('\u{302}', "AEIOUaeiouCcGgHhJjSsWwYy", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"),
    ('\u{303}', "ANOanoIiUu", "ÃÑÕãñõĨĩŨũ"),
    ('\u{304}', "AEIOUaeiou", "ĀĒĪŌŪāēīōū"),
    ('\u{306}', "AEGIOUaegiou", "ĂĔĞĬŎŬăĕğĭŏŭ"),
    ('\u{307}', "CEGIZcegz", "ĊĖĠİŻċėġż"),
    ('\u{308}', "AEIOUYaeiouy", "ÄËÏÖÜŸäëïöüÿ"),
    ('\u{30a}', "AUau", "ÅŮåů"),
    ('\u{30b}', "OUou", "ŐŰőű"),
    ('\u{30c}', "CDENRSTZcdenrstz", "ČĎĚŇŘŠŤŽčďěňřšťž"),
    ('\u{327}', "CGKLNRSTcgklnrst", "ÇĢĶĻŅŖŞŢçģķļņŗşţ"),
];

/// A letter and an accent as one character.
fn joined(letter: char, accent: char) -> Option<char> {
    let (_, plain, pairs) = JOINED.iter().find(|(known, ..)| *known == accent)?;
    let index = plain.chars().position(|known| known == letter)?;
    pairs.chars().nth(index)
}

/// The text with accents joined to their letters.
fn composed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match out.chars().next_back().and_then(|last| joined(last, c)) {
            Some(pair) => {
                out.pop();
                out.push(pair);
            }
            None => out.push(c),
        }
    }
    out
}

/// Whether a character belongs to the one before: an accent, a joiner, a variation mark.
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x610..=0x61a | 0x64b..=0x65f | 0x1ab0..=0x1aff
        | 0x1dc0..=0x1dff | 0x200c..=0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f)
}

/// Pieces of a text in order, with whether the font can write them. A blank or a sign between two
/// missing letters is missing with them.
fn pieces(text: &str) -> Vec<(bool, String)> {
    let mut clusters: Vec<(bool, String)> = Vec::new();
    for c in text.chars() {
        match clusters.last_mut() {
            Some((can, cluster)) if is_mark(c) => {
                *can &= has(c);
                cluster.push(c);
            }
            _ => clusters.push((has(c), c.to_string())),
        }
    }
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for (index, (can, cluster)) in clusters.iter().enumerate() {
        let sign = cluster.chars().all(|c| !c.is_alphanumeric());
        let within = sign && index > 0 && !clusters[index - 1].0 && clusters.get(index + 1).is_some_and(|next| !next.0);
        let can = *can && !within;
        match pieces.last_mut() {
            Some((last, piece)) if *last == can => piece.push_str(cluster),
            _ => pieces.push((can, cluster.clone())),
        }
    }
    pieces
}

/// Numbers in place of what the font lacks, in the order in which it is met.
#[derive(Debug, Default)]
pub(super) struct Key {
    /// (letters, what stands for them).
    entries: Vec<(String, String)>,
}

impl Key {
    fn entry(&mut self, letters: &str, what: Option<&str>) -> String {
        if let Some((_, short)) = self.entries.iter().find(|(known, _)| known == letters) {
            return short.clone();
        }
        let number = self.entries.len() + 1;
        let short = what.map_or_else(|| format!("[{number}]"), |what| format!("{what} {number}"));
        self.entries.push((letters.to_owned(), short.clone()));
        short
    }

    /// The text as the font can write it.
    pub(super) fn text(&mut self, text: &str) -> String {
        if text.chars().all(has) && !text.chars().any(is_mark) {
            return text.to_owned();
        }
        let replace = |(can, piece): (bool, String)| if can { piece } else { self.entry(&piece, None) };
        pieces(&composed(text)).into_iter().map(replace).collect()
    }

    /// As [`Key::text`], for the name of a thing: a name of which the font has nothing becomes `server 1`.
    pub(super) fn name(&mut self, name: &str, what: &str) -> String {
        match &pieces(&composed(name))[..] {
            [(false, letters)] => self.entry(letters, Some(what)),
            _ => self.text(name),
        }
    }

    /// The note below the picture; none if nothing is missing.
    fn note(&self) -> Option<String> {
        let points = |letters: &str| {
            let shown: Vec<_> = letters.chars().take(POINTS_MAX).map(|c| format!("{:04X}", c as u32)).collect();
            let rest = if letters.chars().count() > POINTS_MAX { " …" } else { "" };
            format!("{}{rest}", shown.join(" "))
        };
        let entries: Vec<_> = self
            .entries
            .iter()
            .take(ENTRIES_MAX)
            .map(|(letters, short)| format!("{short} = {}", points(letters)))
            .collect();
        let more = self.entries.len().saturating_sub(ENTRIES_MAX);
        let more = if more > 0 { format!(", and {more} more in order of appearance") } else { String::new() };
        (!self.entries.is_empty()).then(|| {
            format!(
                "The font of this picture lacks {} letters; numbers stand for them (key in Unicode code points): {}{more}; page, \
                 SVG and tables show the names themselves.",
                scripts(&self.entries),
                entries.join(", ")
            )
        })
    }

    /// The true names for the metadata of the PNG; none if nothing is missing.
    pub(super) fn metadata(&self) -> Option<(String, String)> {
        let lines: Vec<_> = self.entries.iter().map(|(letters, short)| format!("{short} = {letters}")).collect();
        (!lines.is_empty()).then(|| (METADATA.to_owned(), lines.join("\n")))
    }

    /// Replaces what the words on a page still have of missing letters.
    pub(super) fn finish(&mut self, page: &mut Page) {
        for mark in &mut page.marks {
            if let Mark::Words(words) = mark {
                words.text = self.text(&words.text);
            }
        }
    }
}

/// The scripts of the missing letters, in words.
fn scripts(entries: &[(String, String)]) -> String {
    let mut names: Vec<&str> = entries.iter().flat_map(|(letters, _)| letters.chars()).filter_map(script).collect();
    names.sort_unstable();
    names.dedup();
    match names.split_last() {
        None => "some".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The script of a letter, for a note; none for signs.
fn script(c: char) -> Option<&'static str> {
    Some(match c as u32 {
        0x370..=0x3ff | 0x1f00..=0x1fff => "Greek",
        0x400..=0x52f => "Cyrillic",
        0x531..=0x58f => "Armenian",
        0x590..=0x5ff => "Hebrew",
        0x600..=0x77f | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => "Arabic",
        0x900..=0xdff => "Indic",
        0xe00..=0xe7f => "Thai",
        0x10a0..=0x10ff => "Georgian",
        0x1100..=0x11ff | 0xac00..=0xd7af => "Korean",
        0x3040..=0x30ff => "Japanese",
        0x2e80..=0x2fdf | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3134f => "Chinese",
        _ => return None,
    })
}

/// A figure that the font can write, with its key as the first note, and the key.
pub(super) fn writable(figure: &Figure) -> (Figure, Key) {
    let mut key = Key::default();
    let mut figure = figure.clone();
    figure::rewrite(&mut figure, &mut key);
    if let Some(note) = key.note() {
        figure.notes.insert(0, note);
    }
    (figure, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_names_stay_as_they_are() {
        let mut key = Key::default();
        for name in ["mail-süd 01", "Ærø", "“announced ladder” — 22 %", "a\u{a0}b", "±≈−"] {
            assert_eq!(key.text(name), name);
        }
        assert_eq!((key.note(), key.metadata()), (None, None));
    }

    #[test]
    fn missing_letters_become_numbers_and_equal_ones_the_same() {
        let mut key = Key::default();
        assert_eq!(key.name("台北", "server"), "server 1");
        assert_eq!(key.name("خادم البريد", "server"), "server 2");
        assert_eq!(key.name("mail-台南-01", "server"), "mail-[3]-01");
        assert_eq!(key.text("台北 is blocked, mail-台南-01 is not"), "server 1 is blocked, mail-[3]-01 is not");
        let note = key.note().unwrap();
        assert!(note.contains("Arabic and Chinese") && note.contains("server 1 = 53F0 5317"), "{note}");
        assert_eq!(key.metadata().unwrap().1, "server 1 = 台北\nserver 2 = خادم البريد\n[3] = 台南");
    }

    #[test]
    fn an_accent_of_its_own_is_joined_with_its_letter() {
        let mut key = Key::default();
        assert_eq!(key.text("Su\u{308}d, Zu\u{308}rich, C\u{30c}eska\u{301}"), "Süd, Zürich, Česká");
        assert_eq!(key.note(), None);
        // No font of ours has an x with a ring; the pair is one unit and gets one number.
        assert_eq!(key.text("ax\u{30a}b").matches('[').count(), usize::from(!has('\u{30a}')));
    }
}
