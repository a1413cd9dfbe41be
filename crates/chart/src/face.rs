//! The embedded fonts: which letters they have, and a line of text set with its kerning.
//!
//! Their subsets hold letters and signs that stand side by side and the pairs that are kerned; there is nothing to join or
//! reorder, so setting a line is adding up advances. Who writes what the fonts lack is [`super::letters`].

use std::sync::OnceLock;

use tiny_skia::{Path, PathBuilder};
use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{Face, GlyphId, OutlineBuilder, Tag};

use super::text::{FAMILY, FAMILY_BOLD, REGULAR, SEMI_BOLD};

/// The fonts, lighter first; none that cannot be read.
fn faces() -> &'static [Face<'static>] {
    static FACES: OnceLock<Vec<Face<'static>>> = OnceLock::new();
    FACES.get_or_init(|| [REGULAR, SEMI_BOLD].iter().filter_map(|font| Face::parse(font, 0).ok()).collect())
}

/// Whether both weights have a letter; a space always counts as there.
pub(super) fn has(letter: char) -> bool {
    letter.is_whitespace() || faces().iter().all(|face| face.glyph_index(letter).is_some())
}

/// A line of text in one weight.
pub(super) struct Line {
    face: &'static Face<'static>,
    /// Each glyph and where it begins, in units of the font.
    glyphs: Vec<(GlyphId, i32)>,
    /// Where the next glyph would begin.
    end: i32,
}

impl Line {
    /// The line set in the family of that name; none if there is no such font.
    pub(super) fn set(text: &str, family: &str) -> Option<Self> {
        let face = faces().get([FAMILY, FAMILY_BOLD].iter().position(|known| *known == family)?)?;
        let mut line = Line { face, glyphs: Vec::with_capacity(text.len()), end: 0 };
        for letter in text.chars() {
            let space = || letter.is_whitespace().then(|| face.glyph_index(' ')).flatten();
            let glyph = face.glyph_index(letter).or_else(space).unwrap_or_default();
            let kern = line.glyphs.last().map_or(0, |&(before, _)| kern(face, before, glyph));
            let at = line.end + i32::from(kern);
            line.glyphs.push((glyph, at));
            line.end = at + i32::from(face.glyph_hor_advance(glyph).unwrap_or(0));
        }
        Some(line)
    }

    /// Its width in em.
    pub(super) fn width(&self) -> f64 {
        f64::from(self.end) / f64::from(self.face.units_per_em())
    }

    /// The outlines of its letters, from `start` on the base line to the right, an em as large as told, y downwards; none if
    /// nothing is to be seen.
    pub(super) fn path(&self, start: (f64, f64), em: f64) -> Option<Path> {
        let scale = em / f64::from(self.face.units_per_em());
        let mut outline = Outline { path: PathBuilder::new(), start: (0.0, start.1 as f32), scale: scale as f32 };
        for &(glyph, at) in &self.glyphs {
            outline.start.0 = (start.0 + f64::from(at) * scale) as f32;
            self.face.outline_glyph(glyph, &mut outline);
        }
        outline.path.finish()
    }
}

/// The outline of a glyph at its place.
struct Outline {
    path: PathBuilder,
    start: (f32, f32),
    scale: f32,
}

impl Outline {
    fn point(&self, right: f32, up: f32) -> (f32, f32) {
        (self.start.0 + right * self.scale, self.start.1 - up * self.scale)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.path.move_to(to.0, to.1);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.path.line_to(to.0, to.1);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (by, to) = (self.point(x1, y1), self.point(x, y));
        self.path.quad_to(by.0, by.1, to.0, to.1);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, to) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        self.path.cubic_to(first.0, first.1, second.0, second.1, to.0, to.1);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

/// How much farther apart (nearer, below 0) two glyphs stand than their advances say, in units of the font: of each lookup of the
/// font's kerning, the first table that has the pair.
fn kern(face: &Face<'_>, left: GlyphId, right: GlyphId) -> i16 {
    let Some(gpos) = face.tables().gpos else { return 0 };
    let Some(feature) = gpos.features.find(Tag::from_bytes(b"kern")) else { return 0 };
    let of_lookup = |index| -> Option<i16> {
        let tables = gpos.lookups.get(index)?.subtables.into_iter::<PositioningSubtable<'_>>();
        tables.filter_map(|table| pair(&table, left, right)).next()
    };
    feature.lookup_indices.into_iter().filter_map(of_lookup).sum()
}

/// What a table of pairs says of a pair; none if it does not have it.
fn pair(table: &PositioningSubtable<'_>, left: GlyphId, right: GlyphId) -> Option<i16> {
    let PositioningSubtable::Pair(pairs) = table else { return None };
    let index = pairs.coverage().get(left)?;
    let (first, _) = match pairs {
        PairAdjustment::Format1 { sets, .. } => sets.get(index)?.get(right)?,
        PairAdjustment::Format2 { classes, matrix, .. } => matrix.get((classes.0.get(left), classes.1.get(right)))?,
    };
    Some(first.x_advance)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Advances and pairs as fontTools 4 reads them from the same files, in units of 2,816 an em: the sum of
    /// `font["hmtx"][glyph][0]` and of the pairs' `Value1.XAdvance`.
    #[test]
    fn a_line_is_as_wide_as_its_advances_and_its_pairs() {
        let units = |text, family| Line::set(text, family).map(|line| line.end);
        for (text, regular, semi_bold) in [
            ("", 0, 0),
            ("A", 1904, 2038),
            ("AV", 1904 + 1904 - 192, 2038 + 2038 - 234),
            ("To", 3488 - 224, 3570 - 224),
            ("1,1", 3404 - 120 - 244, 3539 - 112 - 252),
            ("Wave, 22 % P.", 18_540, 18_751),
        ] {
            assert_eq!((units(text, FAMILY), units(text, FAMILY_BOLD)), (Some(regular), Some(semi_bold)), "{text}");
        }
    }

    #[test]
    fn a_space_of_any_kind_takes_the_room_of_a_space_and_draws_nothing() {
        let line = |text| Line::set(text, FAMILY).unwrap();
        assert_eq!(line("a\u{2003}b").width(), line("a b").width());
        assert!(line(" \u{2003}").path((0.0, 0.0), 20.0).is_none());
    }

    #[test]
    fn letters_stand_on_the_base_line_to_the_right_of_the_start() {
        let bounds = Line::set("HH", FAMILY).unwrap().path((100.0, 50.0), 20.0).unwrap().bounds();
        assert!(bounds.left() > 100.0 && bounds.right() < 130.0, "{bounds:?}");
        assert!((bounds.bottom() - 50.0).abs() < 1e-3 && (34.0..37.0).contains(&bounds.top()), "{bounds:?}");
    }
}
