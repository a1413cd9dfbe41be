//! The page as data: marks in pixels, drawn in order. Testable without a renderer.

use super::readings::Readings;
use super::spec::Role;
use super::theme::{Ink, WHITE};

/// Width of every figure in pixels.
pub const WIDTH: u32 = 1600;
/// Height of a figure in pixels, unless its body asks for another.
pub const HEIGHT: u32 = 1000;

pub(super) type Point = (f64, f64);

/// A rectangle on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Area { left, top, right: right.max(left + 1.0), bottom: bottom.max(top + 1.0) }
    }

    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn middle(&self) -> Point {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub(super) fn overlaps(&self, other: &Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// The corners, clockwise from the top left.
    pub(super) fn corners(&self) -> Vec<Point> {
        vec![(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]
    }
}

/// Which point of a text its position gives; the height is always the base line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) at: Point,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) align: Align,
    pub(super) ink: Ink,
}

impl Words {
    pub(super) fn new(text: impl Into<String>, at: Point, size: f64, ink: Ink) -> Self {
        Words { text: text.into(), at, size, bold: false, align: Align::Left, ink }
    }

    pub(super) fn bold(mut self) -> Self {
        self.bold = true;
        self
    }

    pub(super) fn align(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    /// The box the text covers.
    pub(super) fn area(&self) -> Area {
        let width = super::text::width(&self.text, self.size, self.bold);
        let left = match self.align {
            Align::Left => self.at.0,
            Align::Centre => self.at.0 - width / 2.0,
            Align::Right => self.at.0 - width,
        };
        Area::new(left, self.at.1 - self.size * 0.78, left + width, self.at.1 + self.size * 0.22)
    }
}

/// Anything that can be on a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Stroke { points: Vec<Point>, ink: Ink, width: f64, alpha: f64 },
    Fill { points: Vec<Point>, ink: Ink, alpha: f64 },
    Dot { centre: Point, radius: f64, ink: Ink },
    Words(Words),
}

/// Whose a mark is, for a page that shows one scenario before the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Owner {
    /// Numbers of the roles; none for what belongs to all.
    pub(super) roles: Vec<usize>,
    /// Whether it is seen only while one of its roles is highlighted.
    pub(super) hidden: bool,
}

/// Marks in the order in which they are drawn. Points that are not finite are left out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Page {
    pub(super) marks: Vec<Mark>,
    /// The owner of each mark, in the same order; a mark without one belongs to all.
    pub(super) owners: Vec<Owner>,
    /// The owner of marks to come.
    owner: Owner,
    /// Height in pixels; the width is always [`WIDTH`].
    pub(super) height: u32,
    /// What a pointer reads off the figure; none where nothing answers to a pointer, as in a PNG.
    pub(super) readings: Option<Readings>,
}

impl Default for Page {
    fn default() -> Self {
        Page { marks: Vec::new(), owners: Vec::new(), owner: Owner::default(), height: HEIGHT, readings: None }
    }
}

/// How far off the page a point may lie: values beyond every scale must not make lines of astronomical length.
const OFF_PAGE: f64 = 200.0;

impl Page {
    /// A page that answers to a pointer.
    pub(super) fn live() -> Self {
        Page { readings: Some(Readings::default()), ..Page::default() }
    }

    /// Draws what belongs to a role.
    pub(super) fn of(&mut self, role: &Role, draw: impl FnOnce(&mut Page)) {
        self.owned(Owner { roles: role.indices().collect(), hidden: false }, draw);
    }

    /// Draws what belongs to a role and is seen only while that is highlighted; nothing where nothing can be.
    pub(super) fn hidden_of(&mut self, role: &Role, draw: impl FnOnce(&mut Page)) {
        if self.readings.is_some() {
            self.owned(Owner { roles: role.indices().collect(), hidden: true }, draw);
        }
    }

    fn owned(&mut self, owner: Owner, draw: impl FnOnce(&mut Page)) {
        let before = std::mem::replace(&mut self.owner, owner);
        draw(self);
        self.owner = before;
    }

    fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
        self.owners.push(self.owner.clone());
    }

    fn finite(&self, points: &[Point]) -> Vec<Point> {
        let near = |value: f64, size: u32| value.clamp(-OFF_PAGE, f64::from(size) + OFF_PAGE);
        let points = points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        points.map(|(x, y)| (near(*x, WIDTH), near(*y, self.height))).collect()
    }

    pub(super) fn stroke(&mut self, points: &[Point], ink: Ink, width: f64) {
        let points = self.finite(points);
        if points.len() > 1 {
            self.push(Mark::Stroke { points, ink, width, alpha: 1.0 });
        }
    }

    /// A stroke through which others are seen.
    pub(super) fn faint(&mut self, points: &[Point], ink: Ink, width: f64, alpha: f64) {
        let points = self.finite(points);
        if points.len() > 1 {
            self.push(Mark::Stroke { points, ink, width, alpha });
        }
    }

    /// A stroke broken into dashes; `pattern` gives dash and gap lengths in turn, none meaning solid.
    pub(super) fn dashed(&mut self, points: &[Point], ink: Ink, width: f64, pattern: &[f64]) {
        if pattern.is_empty() {
            return self.stroke(points, ink, width);
        }
        for piece in dashes(&self.finite(points), pattern) {
            self.stroke(&piece, ink, width);
        }
    }

    pub(super) fn fill(&mut self, points: &[Point], ink: Ink, alpha: f64) {
        let points = self.finite(points);
        if points.len() > 2 {
            self.push(Mark::Fill { points, ink, alpha });
        }
    }

    pub(super) fn rect(&mut self, area: Area, ink: Ink) {
        self.fill(&area.corners(), ink, 1.0);
    }

    pub(super) fn frame(&mut self, area: Area, ink: Ink, width: f64) {
        let mut points = area.corners();
        points.push(points[0]);
        self.stroke(&points, ink, width);
    }

    /// A dot with a white rim, which lifts it off the lines below.
    pub(super) fn dot(&mut self, centre: Point, radius: f64, ink: Ink) {
        if centre.0.is_finite() && centre.1.is_finite() {
            self.push(Mark::Dot { centre, radius: radius + 1.5, ink: WHITE });
            self.push(Mark::Dot { centre, radius, ink });
        }
    }

    pub(super) fn words(&mut self, words: Words) {
        if !words.text.is_empty() {
            self.push(Mark::Words(words));
        }
    }

    /// Slanted lines inside a rectangle.
    pub(super) fn hatch(&mut self, area: Area, gap: f64, ink: Ink, width: f64) {
        let mut shift = gap / 2.0;
        while shift < area.width() + area.height() {
            let start = if shift <= area.height() {
                (area.left, area.top + shift)
            } else {
                (area.left + shift - area.height(), area.bottom)
            };
            let end = if shift <= area.width() {
                (area.left + shift, area.top)
            } else {
                (area.right, area.top + shift - area.width())
            };
            self.stroke(&[start, end], ink, width);
            shift += gap;
        }
    }
}

/// Cuts a line into the visible dashes.
fn dashes(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    let Some(&first) = points.first() else { return Vec::new() };
    let (mut pieces, mut piece, mut turn, mut left) = (Vec::new(), vec![first], 0, pattern[0].max(1.0));
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length <= left {
                left -= length;
                if turn % 2 == 0 {
                    piece.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if turn % 2 == 0 {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            turn += 1;
            left = pattern[turn % pattern.len()].max(1.0);
        }
    }
    pieces.push(piece);
    pieces
}

/// Leaves out points that fall on the same half pixel column, keeping what shows: first, lowest, highest, last.
pub(super) fn thin(points: &[Point]) -> Vec<Point> {
    let column = |point: &Point| (point.0 * 2.0).floor();
    let mut kept = Vec::with_capacity(points.len().min(8_000));
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        if group.len() <= 4 {
            kept.extend_from_slice(group);
            continue;
        }
        let extreme = |sign: f64| {
            (0..group.len()).max_by(|&a, &b| (sign * group[a].1).total_cmp(&(sign * group[b].1))).unwrap_or(0)
        };
        let mut indices = [0, extreme(1.0), extreme(-1.0), group.len() - 1];
        indices.sort_unstable();
        kept.extend(indices.iter().map(|&index| group[index]));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share_of_the_line() {
        let pieces = dashes(&[(0.0, 0.0), (60.0, 0.0), (100.0, 0.0)], &[10.0, 5.0]);
        let inked: f64 = pieces.iter().map(|p| p.last().unwrap().0 - p[0].0).sum();
        assert_eq!(pieces.len(), 7);
        assert!((inked - 70.0).abs() < 1e-9);
        assert!(dashes(&[], &[10.0]).is_empty());
    }

    #[test]
    fn thinning_keeps_the_extremes() {
        let points: Vec<Point> = (0..10_000).map(|i| (f64::from(i) / 1000.0, f64::from((i * 37) % 101))).collect();
        let kept = thin(&points);
        assert!(kept.len() <= 80);
        assert_eq!(kept.iter().map(|p| p.1).fold(0.0, f64::max), 100.0);
        assert_eq!((kept[0], kept[kept.len() - 1]), (points[0], points[9_999]));
    }

    #[test]
    fn points_that_are_not_finite_are_left_out() {
        let mut page = Page::default();
        page.stroke(&[(f64::NAN, 1.0), (1.0, 1.0)], WHITE, 1.0);
        page.dot((f64::INFINITY, 1.0), 3.0, WHITE);
        assert!(page.marks.is_empty());
    }
}
