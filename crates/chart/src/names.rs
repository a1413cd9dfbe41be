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
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    area: Area,
    leader: Option<[Point; 2]>,
}

/// Where each of several names stands; none for one that has no room.
///
/// Names are placed one after the other: right, left, above or below of their dots, then further off with a leader. Of a few orders that
/// is taken in which the fewest names are left out or have a leader that runs through something.
pub(super) fn places(dots: &[Named<'_>], room: &Area, taken: &Taken, look: &Look) -> Vec<Option<Spot>> {
    let by = |key: &dyn Fn(&Named<'_>) -> f64| {
        let mut order: Vec<usize> = (0..dots.len()).collect();
        order.sort_by(|&a, &b| key(&dots[a]).total_cmp(&key(&dots[b])));
        order
    };
    let orders = [
        (0..dots.len()).collect(),
        by(&|dot| dot.at.0),
        by(&|dot| -dot.at.0),
        by(&|dot| dot.at.1),
        by(&|dot| -dot.at.1),
    ];
    let tried = orders.map(|order| placed(dots, &order, room, taken.clone(), look));
    let best = tried.into_iter().min_by_key(|(faults, _)| *faults);
    best.map(|(_, spots)| spots).unwrap_or_default()
}

/// The places of names that are placed in this order, and how many of them are at fault.
fn placed(
    dots: &[Named<'_>],
    order: &[usize],
    room: &Area,
    mut taken: Taken,
    look: &Look,
) -> (usize, Vec<Option<Spot>>) {
    let (mut faults, mut places) = (0, vec![None; dots.len()]);
    for &at in order {
        let dot = &dots[at];
        let width = text::width(dot.name, look.label, dot.bold).max(text::width(dot.note, look.small, false));
        let height = look.label * 1.1 + if dot.note.is_empty() { 0.0 } else { look.small * 1.25 };
        let free: Vec<Spot> =
            spots(dot, width, height).into_iter().filter(|spot| taken.leaves(&spot.area, room)).collect();
        let clear = free.iter().find(|spot| taken.is_clear(spot, dot.at));
        // In a crowd without a way out, the leader that runs through least.
        let least = || free.iter().min_by_key(|spot| taken.crossed(spot, dot.at));
        let Some(&spot) = clear.or_else(least) else {
            faults += 10_000;
            continue;
        };
        faults += match clear.map(|spot| spot.leader.is_some()) {
            None => 100 * (1 + taken.crossed(&spot, dot.at)),
            Some(true) => 1,
            Some(false) => 0,
        };
        taken.leaders.extend(spot.leader);
        taken.areas.push(spot.area);
        places[at] = Some(spot);
    }
    (faults, places)
}

/// Writes a name in its place.
pub(super) fn draw(page: &mut Page, dot: &Named<'_>, spot: Spot, look: &Look) {
    if let Some(leader) = spot.leader {
        page.stroke(&leader, dot.line, 1.2);
    }
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
    let steps = (1..=12).flat_map(|n| [-1.0, 1.0].map(|up| (f64::from(n) + 0.6) * up * height * 0.95));
    let across = [30.0, 90.0, 170.0, 280.0].into_iter().flat_map(|dx| [x + dx, x - dx - width]);
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
        self.crossed(spot, dot) == 0
    }

    /// How many leaders run through the box, and through how many things its own leader does besides its dot.
    fn crossed(&self, spot: &Spot, dot: Point) -> usize {
        let through = |[from, to]: [Point; 2], area: &Area| {
            (1..40).map(|n| f64::from(n) / 40.0).any(|share| {
                let at = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
                at.0 > area.left && at.0 < area.right && at.1 > area.top && at.1 < area.bottom
            })
        };
        let own = |area: &Area| dot.0 >= area.left && dot.0 <= area.right && dot.1 >= area.top && dot.1 <= area.bottom;
        let others = || self.areas.iter().filter(|area| !own(area));
        let over = self.leaders.iter().filter(|leader| through(**leader, &spot.area)).count();
        let own = spot.leader.map_or(0, |leader| {
            let things = others().filter(|area| through(leader, area)).count();
            things + self.leaders.iter().filter(|other| cross(leader, **other)).count()
        });
        over + own
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
        let areas: Vec<Area> = dots.map(|(x, y)| Area::new(x - 8.0, y - 8.0, x + 8.0, y + 8.0)).into();
        let named = dots.map(|at| {
            let ends = (at.0 - 8.0, at.0 + 8.0);
            Named { name: "raise earlier", note: "", bold: true, ink: INK, line: INK, at, ends }
        });
        let found = places(&named, &room, &Taken::of(areas.clone()), &Look::PAGE);
        let found: Vec<Spot> = found.into_iter().flatten().collect();
        assert_eq!(found.len(), dots.len());
        for (n, spot) in found.iter().enumerate() {
            let others = found[..n].iter().map(|other| &other.area).chain(&areas);
            assert!(!others.into_iter().any(|other| other.overlaps(&spot.area)), "{n}");
        }
        let leaders: Vec<[Point; 2]> = found.iter().filter_map(|spot| spot.leader).collect();
        for (n, leader) in leaders.iter().enumerate() {
            assert!(!leaders[..n].iter().any(|other| cross(*leader, *other)), "{n}");
        }
    }
}
