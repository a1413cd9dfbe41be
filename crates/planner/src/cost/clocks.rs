//! How far the clocks of a fleet stand behind.
//!
//! Clocks that always stand equally far behind share a *class*, so a state of all clocks is one row of the [`Tariffs`] for each
//! class. Servers detected before the plan make one class, since every pause stops all of their clocks; each detection ahead
//! makes another.

use crate::cost::tariff::Tariffs;
use crate::index::{GroupIndex, PerGroup};
use crate::project::Project;

/// Most classes; detections ahead that are too many are [joined](crate::cost::joining).
pub const CLASSES_MAX: usize = 16;

/// The row of each class; classes there are not stay at 0.
pub type Rows = [u16; CLASSES_MAX];

/// The classes of a fleet's clocks.
#[derive(Clone, Debug)]
pub struct Clocks {
    /// Class of each group of the tariffs.
    class_of: PerGroup<usize>,
    /// A group of each class.
    speakers: Vec<GroupIndex>,
}

impl Clocks {
    /// The classes of a project: all groups where no pause stops any clock; otherwise the groups detected before the plan
    /// together, unless a pause lets clocks run through the report stage, and every other group alone.
    pub fn new(project: &Project, tariffs: &Tariffs) -> Self {
        let rules = project.policy.pauses();
        let (mut speakers, mut class_of, mut shared) = (Vec::new(), PerGroup::new(), None);
        for (index, group) in tariffs.groups.iter_enumerated() {
            let early = group.detected.is_none_or(|detected| detected <= project.as_of.start());
            let together = !rules.freezes() || rules.freezes_report() && early;
            let class = shared.filter(|_| together).unwrap_or(speakers.len());
            if class == speakers.len() {
                speakers.push(index);
            } else if tariffs.groups[speakers[class]].detected.is_none() {
                // Servers that are never detected have no clock to speak for the others.
                speakers[class] = index;
            }
            if together {
                shared = Some(class);
            }
            class_of.push(class);
        }
        Clocks { class_of, speakers }
    }

    /// The clock of one group, as if it were that of all.
    pub fn alone(&self, group: GroupIndex) -> Self {
        Clocks { class_of: vec![0; self.class_of.len()].into(), speakers: vec![group] }
    }

    /// The row of a group.
    #[inline]
    pub fn row(&self, rows: &Rows, group: GroupIndex) -> usize {
        usize::from(rows[self.class_of[group]])
    }

    /// The rows of the day after; `None` where a pause cannot be.
    #[inline]
    pub fn next(&self, tariffs: &Tariffs, day: usize, rows: &Rows, paused: bool) -> Option<Rows> {
        let mut next = Rows::default();
        for (class, &group) in self.speakers.iter().enumerate() {
            next[class] = tariffs.next_row(group, usize::from(rows[class]), day, paused)? as u16;
        }
        Some(next)
    }

    /// Rows in which every clock stands as far behind as in the one of the two in which it stands farther.
    pub fn behind_both(&self, tariffs: &Tariffs, a: &Rows, b: &Rows) -> Rows {
        let lag = |class: usize, rows: &Rows| tariffs.lag(self.speakers[class], usize::from(rows[class]));
        let mut both = *a;
        (0..self.speakers.len())
            .filter(|&class| lag(class, b) > lag(class, a))
            .for_each(|class| both[class] = b[class]);
        both
    }

    /// Whether every clock of `a` stands at least as far behind as in `b`.
    #[inline]
    pub fn behind(&self, tariffs: &Tariffs, a: &Rows, b: &Rows) -> bool {
        let behind =
            |class: usize| tariffs.is_behind(self.speakers[class], usize::from(a[class]), usize::from(b[class]));
        (0..self.speakers.len()).all(|class| a[class] == b[class] || behind(class))
    }
}
