//! A lane for each crew above the rows: its maintenance windows as ticks, its change freezes as blocks.

use super::{Gantt, LANES_MAX, crew_ink};
use crate::dates::Dates;
use crate::page::{Align, Area, Page, Words};
use crate::text;
use crate::theme::{AXIS, FREEZE, INK, Look};

/// Height of a lane.
pub(super) const LANE: f64 = 27.0;

impl Gantt {
    /// The lanes from the top of `lanes` down; names stand between `left` and the plot.
    pub(super) fn paint_crews(&self, page: &mut Page, lanes: Area, left: f64, time: &Dates, look: &Look) {
        for (index, crew) in self.crews.iter().take(LANES_MAX).enumerate() {
            let top = lanes.top + LANE * index as f64;
            let lane = Area { top: top + 3.0, bottom: top + LANE - 4.0, ..lanes };
            let ink = crew_ink(Some(index));
            for &(from, to) in &crew.freezes {
                paint_freeze(page, lane, (time.at_time(from), time.at_time(to)));
            }
            for &at in &crew.windows {
                let x = time.at_time(at);
                page.stroke(&[(x, lane.top + 5.0), (x, lane.bottom)], ink, 2.0);
            }
            for &(from, to) in &crew.freezes {
                name_freeze(page, lane, (time.at_time(from), time.at_time(to)), look);
            }
            page.stroke(&[(lane.left, lane.bottom), (lane.right, lane.bottom)], AXIS, 1.0);
            let name = text::cut(&crew.name, look.small, true, lanes.left - 14.0 - left);
            let at = (lanes.left - 12.0, lane.bottom - 2.0);
            page.words(Words::new(name, at, look.small, ink).bold().align(Align::Right));
        }
    }
}

fn paint_freeze(page: &mut Page, lane: Area, (left, right): (f64, f64)) {
    if right - left >= 1.0 {
        page.rect(Area { left, right, ..lane }, FREEZE);
    }
}

/// The word inside the block, if it fits; single openings inside a freeze must not cross it out.
fn name_freeze(page: &mut Page, lane: Area, (left, right): (f64, f64), look: &Look) {
    let block = Area::new(left, lane.top, right, lane.bottom);
    let half = text::width("freeze", look.small, false) / 2.0 + 4.0;
    if 2.0 * half <= right - left {
        let middle = block.middle().0;
        page.rect(Area { left: middle - half, right: middle + half, ..block }, FREEZE);
        let at = (middle, block.bottom - 3.5);
        page.words(Words::new("freeze", at, look.small, INK).align(Align::Centre));
    }
}
