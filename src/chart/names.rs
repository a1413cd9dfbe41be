//! Names beside dots: each where it touches nothing, further off with a leader that crosses no other.

use super::page::{Area, Page, Point, Words};
use super::text;
use super::theme::{INK, Ink, Look};

/// What must not be written over.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub(super) areas: Vec<Area>,
    leaders: Vec<[Point; 2]>,
}

/// A dot with its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    /// A line below the name; may be empty.
    pub(super) note: &'a str,
    pub(super) bold: bool,
    /// Of the name.
    pub(super) ink: Ink,
    /// Of the leader.
    pub(super) line: Ink,
    /// The middle of the dot.
    pub(super) at: Point,
    /// Left and right end of what is drawn at its height.
    pub(super) ends: (f64, f64),
}

/// Where a name may stand, and the leader it needs there.
struct Spot {
    area: Area,
    leader: Option<[Point; 2]>,
}

/// Names as many as have room, dots in order: right, left, above or below, then further off with a leader.
pub(super) fn place(page: &mut Page, dot: &Named<'_>, room: &Area, taken: &mut Taken, look: &Look) {
    let width = text::width(dot.name, look.label, dot.bold).max(text::width(dot.note, look.small, false));
    let height = look.label * 1.1 + if dot.note.is_empty() { 0.0 } else { look.small * 1.25 };
    let spots: Vec<Spot> =
        spots(dot, width, height).into_iter().filter(|spot| taken.leaves(&spot.area, room)).collect();
    let clear = spots.iter().find(|spot| taken.is_clear(spot, dot.at));
    let Some(spot) = clear.or_else(|| spots.first()) else { return };
    if let Some(leader) = spot.leader {
        page.stroke(&leader, dot.line, 1.2);
        taken.leaders.push(leader);
    }
    taken.areas.push(spot.area);
    let words = Words::new(dot.name, (spot.area.left, spot.area.top + look.label * 0.9), look.label, dot.ink);
    page.words(if dot.bold { words.bold() } else { words });
    page.words(Words::new(dot.note, (spot.area.left, spot.area.bottom - look.small * 0.2), look.small, INK));
}

/// The spots in order of preference.
fn spots(dot: &Named<'_>, width: f64, height: f64) -> Vec<Spot> {
    let (x, y) = dot.at;
    let box_at = |left: f64, middle: f64| Area::new(left, middle - height / 2.0, left + width, middle + height / 2.0);
    let (right, left) = (dot.ends.1 + 16.0, dot.ends.0 - 16.0 - width);
    let near = [
        (right, y),
        (left, y),
        (x - width / 2.0, y - height),
        (x - width / 2.0, y + height),
        (x + 12.0, y - height),
        (x + 12.0, y + height),
        (x - 12.0 - width, y - height),
        (x - 12.0 - width, y + height),
    ];
    let near = near.into_iter().map(|(left, middle)| Spot { area: box_at(left, middle), leader: None });
    let steps = (1..=7).flat_map(|n| [-1.0, 1.0].map(|up| (f64::from(n) + 0.6) * up * height * 0.95));
    let across = [30.0, 90.0, 170.0].into_iter().flat_map(|dx| [x + dx, x - dx - width]);
    let far = steps.flat_map(|down| across.clone().map(move |left| (left, down))).map(|(left, down)| {
        let area = box_at(left, y + down);
        let end = if left > x { area.left - 4.0 } else { area.right + 4.0 };
        Spot { area, leader: Some([dot.at, (end, y + down)]) }
    });
    near.chain(far).collect()
}

impl Taken {
    /// These areas and no leaders.
    pub(super) fn of(areas: Vec<Area>) -> Self {
        Taken { areas, leaders: Vec::new() }
    }

    /// Whether a box is inside the room and touches nothing.
    fn leaves(&self, area: &Area, room: &Area) -> bool {
        let inside =
            area.left >= room.left && area.right <= room.right && area.top >= room.top && area.bottom <= room.bottom;
        inside && !self.areas.iter().any(|other| other.overlaps(area))
    }

    /// Whether no leader runs through the box, and its own leader through no other thing than its dot.
    fn is_clear(&self, spot: &Spot, dot: Point) -> bool {
        let through = |[from, to]: [Point; 2], area: &Area| {
            (1..40).map(|n| f64::from(n) / 40.0).any(|share| {
                let at = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
                at.0 > area.left && at.0 < area.right && at.1 > area.top && at.1 < area.bottom
            })
        };
        let own = |area: &Area| dot.0 >= area.left && dot.0 <= area.right && dot.1 >= area.top && dot.1 <= area.bottom;
        let others = || self.areas.iter().filter(|area| !own(area));
        !self.leaders.iter().any(|leader| through(*leader, &spot.area))
            && spot.leader.is_none_or(|leader| {
                !others().any(|area| through(leader, area)) && !self.leaders.iter().any(|other| cross(leader, *other))
            })
    }
}

/// Whether two strokes cross.
fn cross([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_that_cross_are_told_from_those_that_do_not() {
        assert!(cross([(0.0, 0.0), (2.0, 2.0)], [(0.0, 2.0), (2.0, 0.0)]));
        assert!(!cross([(0.0, 0.0), (2.0, 2.0)], [(3.0, 0.0), (3.0, 9.0)]));
    }

    #[test]
    fn names_of_a_crowd_touch_nothing_and_leaders_do_not_cross() {
        let room = Area::new(0.0, 0.0, 900.0, 600.0);
        let dots = [(450.0, 300.0), (462.0, 304.0), (470.0, 298.0), (455.0, 310.0), (480.0, 306.0)];
        let mut taken = Taken::default();
        taken.areas.extend(dots.map(|(x, y)| Area::new(x - 8.0, y - 8.0, x + 8.0, y + 8.0)));
        let mut page = Page::default();
        for at in dots {
            let ends = (at.0 - 8.0, at.0 + 8.0);
            let dot = Named { name: "raise earlier", note: "", bold: true, ink: INK, line: INK, at, ends };
            place(&mut page, &dot, &room, &mut taken, &Look::PAGE);
        }
        let names = &taken.areas[dots.len()..];
        assert_eq!(names.len(), dots.len());
        for (n, name) in names.iter().enumerate() {
            assert!(!taken.areas[..dots.len() + n].iter().any(|other| other.overlaps(name)), "{n}");
        }
        for (n, leader) in taken.leaders.iter().enumerate() {
            assert!(!taken.leaders[..n].iter().any(|other| cross(*leader, *other)), "{n}");
        }
    }
}
